"""How a plate is inked: land, textures, lines and letters on matplotlib's axes, in kilometres of the sheet.

Textures are cut from the very marks of the page's patterns, as shapes: they look alike in SVG, PDF and PNG.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from shapely import affinity

from marchland.render.colours import blend
from marchland.render.fills import Fill, Mark, _marks
from marchland.render.light.fills import CELL, Passage
from marchland.render.projection import Floats

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from shapely.geometry.base import BaseGeometry

PAPER, LAND, SEA = "#ffffff", "#f6f3ec", "#edf1f3"
SHORE, WATER, GRID = "#74828c", "#8ea6b5", "#c3ccd2"
INK, LIMIT, FORMER, SOFT, CAPITALS = "#17171a", "#857f75", "#9c2f2f", "#55544f", "#3a3935"
STRENGTH, THIRD, QUIET, MOVED = 0.78, 0.5, 0.42, 0.95

STYLES: dict[str, Any] = {
    "stage-demarcated": {"linewidth": 1.5},
    "stage-delimited": {"linewidth": 1.5, "dashes": (6, 1.6)},
    "stage-allocated": {"linewidth": 1.5, "dashes": (2.6, 2.0)},
    "stage-administered": {"linewidth": 1.7, "dashes": (0.8, 1.5)},
    "stage-none": {"linewidth": 1.2, "dashes": (0.9, 2.6)},
    "former": {"linewidth": 1.3, "dashes": (1.2, 1.6), "color": FORMER},
    "limit": {"linewidth": 0.7, "color": LIMIT},
}
"""Line styles by class: width in points, dashes in widths."""


@dataclass(frozen=True, slots=True)
class Texture:
    """What land is filled with: a ground colour and marks in CSS pixels, and how strong both are."""

    ground: str
    size: float
    turn: float
    marks: tuple[Mark, ...]


def texture_of(fill: Fill | Passage, tint: str) -> Texture:
    """Return the texture of a fill in a class (``tint``, ``tint third``, ``tint quiet``, ``moved``)."""
    words = tint.split()
    strength = MOVED if "moved" in words else STRENGTH
    if "quiet" in words:
        strength = QUIET
    elif "third" in words:
        strength = STRENGTH * THIRD / 0.78
    if isinstance(fill, Passage):
        size, turn, marks = CELL, fill.turn, fill.marks()
    elif fill.patterned:
        size, turn, marks = _marks(fill.status, fill.colours)
    else:
        return Texture(blend(fill.colours[0], strength, LAND), 0, 0, ())
    mixed = tuple((x, y, w, h, blend(colour, strength, LAND)) for x, y, w, h, colour in marks)
    full = [m for m in mixed if m[2] >= size and m[3] >= size]
    return Texture(full[-1][4] if full else LAND, size, turn, tuple(m for m in mixed if m not in full))


def paint(axes: "Axes", shape: "BaseGeometry", texture: Texture, *, pixel: float, zorder: float) -> None:
    """Fill a shape; ``pixel`` is the length of a CSS pixel in the axes' unit."""
    if shape.is_empty:
        return
    fill_shape(axes, shape, texture.ground, zorder=zorder)
    for colour in dict.fromkeys(mark[4] for mark in texture.marks):
        marks = [mark for mark in texture.marks if mark[4] == colour]
        tiles = _tiles(shape, texture, marks, pixel)
        cut = shapely.intersection(shapely.union_all(tiles), shape) if len(tiles) else None
        if cut is not None and not cut.is_empty:
            fill_shape(axes, cut, colour, zorder=zorder + 0.1)


def _tiles(
    shape: "BaseGeometry", texture: Texture, marks: Sequence[Mark], pixel: float
) -> "list[BaseGeometry]":
    """Return the marks repeated over the bounds of a shape; bars that fill a cell's height become stripes."""
    left, top, right, bottom = shape.bounds
    middle = ((left + right) / 2, (top + bottom) / 2)
    reach = np.hypot(right - left, bottom - top) / 2
    size = texture.size * pixel
    steps = int(reach // size) + 1
    found: list[BaseGeometry] = []
    for x, y, width, height, _ in marks:
        along = range(-steps, steps + 1)
        columns = [(0.0, 2 * reach + size)] if height >= texture.size else None
        rows = [(0.0, 2 * reach + size)] if width >= texture.size else None
        xs = [(i * size + x * pixel, width * pixel) for i in along]
        ys = [(i * size + y * pixel, height * pixel) for i in along]
        spans_x = [(-reach - size / 2, rows[0][1])] if rows else xs
        spans_y = [(-reach - size / 2, columns[0][1])] if columns else ys
        found += [shapely.box(a, b, a + w, b + h) for a, w in spans_x for b, h in spans_y]
    turned = [affinity.rotate(tile, texture.turn, origin=(0, 0)) for tile in found]
    moved = [affinity.translate(tile, *middle) for tile in turned]
    return [tile for tile in moved if shapely.intersects(tile, shape)]


def fill_shape(
    axes: "Axes", shape: "BaseGeometry", colour: str, *, zorder: float, alpha: float = 1.0
) -> None:
    """Fill polygons, holes left out."""
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    rings: list[Floats] = []
    for part in shapely.get_parts(shape):
        if part.geom_type == "Polygon" and not part.is_empty:
            part = shapely.geometry.polygon.orient(part)
            rings += [shapely.get_coordinates(ring) for ring in (part.exterior, *part.interiors)]
    if not rings:
        return
    path = Path.make_compound_path(*(Path(ring, closed=True) for ring in rings))
    patch = PathPatch(path, facecolor=colour, edgecolor="none", linewidth=0, zorder=zorder, alpha=alpha)
    axes.add_artist(patch)  # add_patch would look for the bounds of every shape, and the axes have theirs


def draw_lines(
    axes: "Axes",
    lines: Iterable[Floats],
    *,
    zorder: float,
    dashes: tuple[float, float] | None = None,
    **style: Any,  # noqa: ANN401 - matplotlib's own
) -> None:
    """Draw lines in one style; dashes run on through each of them."""
    from matplotlib.collections import LineCollection

    drawn = [line for line in lines if len(line) > 1]
    if not drawn:
        return
    if dashes:
        style["linestyles"] = [(0, dashes)]
    axes.add_collection(
        LineCollection(drawn, capstyle="butt", joinstyle="round", zorder=zorder, **style), autolim=False
    )


def draw_frontier(axes: "Axes", lines: Sequence[Floats], kind: str, *, zorder: float) -> None:
    """Draw a line of the frontier, with a pale casing, or another limit."""
    style = {"color": INK, **STYLES[kind.split()[-1]]}
    if kind.startswith("frontier"):
        draw_lines(axes, lines, zorder=zorder, color=PAPER, linewidth=style["linewidth"] + 1.8, alpha=0.85)
    draw_lines(axes, lines, zorder=zorder + 0.1, **style)


def write_words(
    axes: "Axes",
    x: float,
    y: float,
    words: str,
    *,
    halo: float,
    zorder: float,
    **style: Any,  # noqa: ANN401 - matplotlib's own
) -> None:
    """Set words with a halo: the halo as a shape, the words themselves as letters that can be copied."""
    from matplotlib.patheffects import Stroke

    options = {"clip_on": True, **style}
    under = axes.text(x, y, words, zorder=zorder, **{**options, "color": PAPER, "alpha": 0.9})
    under.set_path_effects([Stroke(linewidth=halo, foreground=PAPER)])
    axes.text(x, y, words, zorder=zorder + 0.1, **options)
