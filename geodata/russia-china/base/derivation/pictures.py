"""Check pictures: every divide over a hillshade, with check points and today's borders."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import matplotlib as mpl
import numpy as np
import shapely
from matplotlib.axes import Axes
from matplotlib.colors import LightSource
from matplotlib.figure import Figure
from numpy.typing import NDArray
from PIL import Image
from shapely.geometry.base import BaseGeometry

from .divides import load_config
from .geodesy import distances_to, line_parts
from .layers import Feature
from .terrain import Terrain

WIDTH_INCHES = 8.0
DPI = 90
GREYS = 10
COLOURS = 40
VERTICAL_EXAGGERATION = 0.0006
FRAME = {"divide": "#d7191c", "border": "#1a1a1a", "river": "#2b6cb0", "limit": "#7b3294"}


@dataclass(frozen=True)
class Sheet:
    """One picture: a window on one grid and the divides it is about."""

    name: str
    grid: str
    box: tuple[float, float, float, float]
    divides: tuple[str, ...]


SHEETS = (
    Sheet("stanovoy", "east", (118.0, 52.6, 132.2, 57.0), ("chernaya-east", "stanovoy")),
    Sheet("uda", "east", (129.3, 51.8, 142.5, 56.6), ("uda-south", "uda-north")),
    Sheet("sayan", "east", (88.4, 49.6, 99.9, 54.2), ("sayan", "us-north")),
    Sheet("altai", "west", (83.4, 47.6, 88.2, 49.95), ("altai", "bukhtarma-south")),
    Sheet("tarbagatai", "west", (79.2, 44.4, 86.2, 47.6), ("tarbagatai", "dzungarian-alatau")),
    Sheet("ili", "west", (78.8, 42.0, 85.6, 45.3), ("ili-north", "ili-south")),
    Sheet("tian-shan", "west", (74.0, 39.8, 81.0, 42.6), ("tian-shan",)),
    Sheet("sarykol", "west", (73.0, 36.9, 75.8, 39.2), ("sarykol",)),
)


def _crop(terrain: Terrain, box: tuple[float, float, float, float]) -> NDArray[np.float64]:
    west, south, east, north = box
    left, top = (round(v) for v in ~terrain.transform * (west, north))
    right, bottom = (round(v) for v in ~terrain.transform * (east, south))
    return terrain.elevation[max(top, 0) : bottom, left:right].astype(float)


def _draw_relief(axes: Axes, terrain: Terrain, box: tuple[float, float, float, float]) -> None:
    west, south, east, north = box
    heights = np.maximum(_crop(terrain, box), 0)
    shade = LightSource(315, 40).hillshade(
        heights, vert_exag=VERTICAL_EXAGGERATION / terrain.step, dx=1, dy=1
    )
    # Few, pale greys: small files, and the palette keeps room for the colours of the lines.
    greys = mpl.colormaps["gray"].resampled(256)(np.linspace(0.45, 1.0, GREYS))
    relief = mpl.colors.ListedColormap(greys)
    axes.imshow(
        shade, cmap=relief, vmin=0, vmax=1, extent=(west, east, south, north), interpolation="nearest"
    )
    axes.set_aspect(1 / np.cos(np.radians((south + north) / 2)))
    axes.set_xlim(west, east)
    axes.set_ylim(south, north)


def _draw_lines(
    axes: Axes, geometry: BaseGeometry, box: tuple[float, float, float, float], **style: object
) -> None:
    for part in line_parts(shapely.intersection(geometry, shapely.box(*box))):
        axes.plot(*part.xy, **style)


def _draw_divide(axes: Axes, feature: Feature, check: list[list[float]]) -> str:
    axes.plot(*feature.geometry.xy, color=FRAME["divide"], lw=1.4, zorder=5)
    ends = np.array([feature.geometry.coords[0], feature.geometry.coords[-1]])
    axes.plot(ends[:, 0], ends[:, 1], "s", color=FRAME["divide"], ms=5, mec="white", zorder=7)
    if not check:
        return feature.id
    distances = distances_to(feature.geometry, [tuple(point) for point in check])
    axes.plot(*np.array(check).T, "o", color="gold", mec="black", ms=4.5, zorder=6)
    return f"{feature.id}: check points median {median(distances):.1f} km, max {max(distances):.1f} km"


def _sheet_figure(sheet: Sheet, terrain: Terrain, layers: dict[str, list[Feature]]) -> Figure:
    west, south, east, north = sheet.box
    height = WIDTH_INCHES * (north - south) / (east - west) / np.cos(np.radians((south + north) / 2))
    figure = Figure(figsize=(WIDTH_INCHES, height + 0.6), dpi=DPI, layout="constrained")
    axes = figure.add_subplot()
    _draw_relief(axes, terrain, sheet.box)
    styles = (
        ("land", FRAME["river"], 0.8),
        ("rivers", FRAME["river"], 0.7),
        ("borders", FRAME["border"], 1.0),
    )
    styles += (("admin", FRAME["limit"], 1.0), ("historic", FRAME["limit"], 1.0))
    for name, colour, width in styles:
        for feature in layers[name]:
            geometry = feature.geometry.boundary if name == "land" else feature.geometry
            _draw_lines(axes, geometry, sheet.box, color=colour, lw=width)
    checks = {divide["id"]: divide.get("check", []) for divide in load_config()["divide"]}
    shown = [feature for feature in layers["divides"] if feature.id in sheet.divides]
    axes.set_title(
        "\n".join(_draw_divide(axes, feature, checks[feature.id]) for feature in shown),
        fontsize=9,
        loc="left",
    )
    axes.tick_params(labelsize=7)
    return figure


def draw_divides(folder: Path, grids: dict[str, Terrain], layers: dict[str, list[Feature]]) -> None:
    """Write one picture per sheet, reduced to a small palette."""
    folder.mkdir(exist_ok=True)
    mpl.rcParams["font.family"] = "DejaVu Sans"
    for sheet in SHEETS:
        buffer = io.BytesIO()
        _sheet_figure(sheet, grids[sheet.grid], layers).savefig(buffer, format="png")
        # The octree keeps rare, saturated colours that a median cut would merge into greys.
        picture = (
            Image.open(buffer)
            .convert("RGB")
            .quantize(COLOURS, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
        )
        picture.save(folder / f"divides-{sheet.name}.png", optimize=True)
