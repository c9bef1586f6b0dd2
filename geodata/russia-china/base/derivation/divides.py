"""Watershed lines between labelled basins.

All basins of a grid are cut from one label grid, so that three divides that meet share
one corner of one cell exactly. Lines are cut at those nodes first and smoothed afterwards.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from .geodesy import Point, distance_km, ended_on, length_km
from .layers import DECIMALS, ELEVATION, Feature
from .terrain import Terrain

CONFIG = Path(__file__).with_name("divides.toml")
SMOOTHING_PASSES = 3
SIMPLIFY_CELLS = 0.15
SEA_OVERSHOOT_DEGREES = 0.15
MAX_JOIN_KM = 15.0

Node = tuple[int, int]


class BasinError(RuntimeError):
    """A basin does not have its published area, so its edge cannot be trusted."""


@dataclass(frozen=True)
class BasinCheck:
    """A computed basin area beside the published one."""

    name: str
    computed_km2: float
    published_km2: float
    tolerance_km2: float


def load_config() -> dict[str, list[dict[str, Any]]]:
    """Read the basins and divides of `divides.toml`."""
    return tomllib.loads(CONFIG.read_text(encoding="utf-8"))


def _seeds(terrain: Terrain, basin: dict[str, Any]) -> list[int]:
    if "pour" in basin:
        return [terrain.main_stem_cell(tuple(basin["pour"]), basin["radius_km"])]
    return terrain.outlets(tuple(basin["outlets"]), basin.get("min_km2", 0.0))


def check_basin(terrain: Terrain, basin: dict[str, Any]) -> BasinCheck | None:
    """Compare the area of a basin with the published figure, if there is one."""
    if "published_km2" not in basin:
        return None
    area = sum(float(terrain.upstream_km2.flat[cell]) for cell in _seeds(terrain, basin))
    check = BasinCheck(basin["name"], round(area), basin["published_km2"], basin["tolerance_km2"])
    if abs(area - check.published_km2) > check.tolerance_km2:
        message = (
            f"basin {check.name}: {area:,.0f} km2 computed, "
            f"{check.published_km2:,} +- {check.tolerance_km2:,} published"
        )
        raise BasinError(message)
    return check


class BasinMap:
    """One grid of basin labels; 0 stands for everything that has no name."""

    def __init__(self, terrain: Terrain, basins: list[dict[str, Any]]) -> None:
        self.terrain = terrain
        self.codes = {basin["name"]: code for code, basin in enumerate(basins, start=1)}
        cells, codes = [], []
        for basin in basins:
            found = _seeds(terrain, basin)
            cells += found
            codes += [self.codes[basin["name"]]] * len(found)
        ids = np.array(codes, dtype=np.uint32)
        self.labels = terrain.flow.basins(idxs=np.array(cells), ids=ids).astype(np.int32)
        # Sea and lakes get a code of their own: a divide never runs along a shore.
        self.labels[terrain.flow.rank.reshape(self.labels.shape) < 0] = -1

    def mask(self, names: list[str], other: list[str]) -> NDArray[np.bool_]:
        """Cells of the named basins; `*` is all land outside the `other` basins."""
        if names == ["*"]:
            return ~np.isin(self.labels, [-1, *(self.codes[name] for name in other)])
        return np.isin(self.labels, [self.codes[name] for name in names])

    def corner(self, node: Node) -> Point:
        """Position of a corner of the grid's cells."""
        lon, lat = self.terrain.transform * (node[1], node[0])
        return float(lon), float(lat)

    def around(self, node: Node) -> set[int]:
        """Labels of the four cells that meet in a corner."""
        row, column = node
        block = self.labels[max(row - 1, 0) : row + 1, max(column - 1, 0) : column + 1]
        return {int(code) for code in block.ravel()}


def _boundary(left: NDArray[np.bool_], right: NDArray[np.bool_]) -> nx.Graph:
    """Graph of the cell edges that have one side in `left` and the other in `right`."""
    graph = nx.Graph()
    upright = (left[:, :-1] & right[:, 1:]) | (right[:, :-1] & left[:, 1:])
    for row, column in np.argwhere(upright):
        graph.add_edge((int(row), int(column) + 1), (int(row) + 1, int(column) + 1))
    level = (left[:-1] & right[1:]) | (right[:-1] & left[1:])
    for row, column in np.argwhere(level):
        graph.add_edge((int(row) + 1, int(column)), (int(row) + 1, int(column) + 1))
    return graph


def _nearest_node(basins: BasinMap, nodes: list[Node], point: Point, triple: list[str] | None) -> Node:
    if triple:
        wanted = {basins.codes.get(name, 0) for name in triple}
        nodes = [node for node in nodes if wanted <= basins.around(node)]
        if not nodes:
            message = f"basins {', '.join(triple)} do not meet in a point"
            raise BasinError(message)
    return min(nodes, key=lambda node: distance_km(basins.corner(node), point))


def _smooth(coords: NDArray[np.float64]) -> NDArray[np.float64]:
    """Round off the steps of the grid by about one cell, keeping both ends."""
    for _ in range(SMOOTHING_PASSES):
        inner = 0.25 * coords[:-2] + 0.5 * coords[1:-1] + 0.25 * coords[2:]
        coords = np.concatenate([coords[:1], inner, coords[-1:]])
    return coords


def _trace(basins: BasinMap, divide: dict[str, Any]) -> shapely.LineString:
    left, right = divide["sides"]
    others = (left if right == ["*"] else right) + divide.get("avoid", [])
    graph = _boundary(basins.mask(left, right), basins.mask(right, others))
    whole = max(nx.connected_components(graph), key=len)
    nodes = sorted(whole)
    stops = [
        _nearest_node(basins, nodes, divide[stop], divide.get(f"triple_{stop}"))
        for stop in ("start", "via", "end")
        if stop in divide
    ]
    coords: list[Point] = []
    # Each leg is smoothed by itself, so that its ends stay exact corners of the grid.
    for first, last in pairwise(stops):
        path = nx.shortest_path(graph.subgraph(whole), first, last)
        smooth = shapely.LineString(_smooth(np.array([basins.corner(node) for node in path])))
        coords += shapely.simplify(smooth, SIMPLIFY_CELLS * basins.terrain.step).coords
    return shapely.remove_repeated_points(shapely.LineString(coords))


def _joined(
    line: shapely.LineString, divide: dict[str, Any], lines: dict[str, BaseGeometry]
) -> shapely.LineString:
    """Carry ends that belong on a modern border to an exact vertex of it."""
    for key in ("start", "end"):
        border = divide.get(f"{key}_on")
        if border is None:
            continue
        toward_end = line if key == "end" else line.reverse()
        joined = ended_on(toward_end, lines[border], tuple(divide[key]))
        gap = distance_km(joined.coords[-1], joined.coords[-2])
        if gap > MAX_JOIN_KM:
            message = f"{divide['id']}: its {key} lies {gap:.1f} km from {border}"
            raise BasinError(message)
        line = joined if key == "end" else joined.reverse()
    return line


def _into_the_sea(line: shapely.LineString, land: BaseGeometry) -> shapely.LineString:
    """Carry the last end straight over the nearest coast."""
    end = shapely.Point(line.coords[-1])
    coast = shapely.shortest_line(end, land.boundary).coords[-1]
    step = np.array(coast) - np.array(end.coords[0])
    if not land.covers(end):
        step = -step
    reach = float(np.hypot(*step)) or 1.0
    beyond = np.array(coast) + step / reach * SEA_OVERSHOOT_DEGREES
    middle = [] if not land.covers(end) else [coast]
    return shapely.LineString([*line.coords, *middle, tuple(beyond)])


def divides(
    terrains: dict[str, Terrain], borders: dict[str, BaseGeometry], land: BaseGeometry
) -> tuple[list[Feature], list[BasinCheck]]:
    """Every divide of the configuration, and the basin areas that vouch for them."""
    config = load_config()
    checks = [check_basin(terrains[basin["grid"]], basin) for basin in config["basin"]]
    maps = {
        name: BasinMap(terrain, [b for b in config["basin"] if b["grid"] == name and not b.get("check_only")])
        for name, terrain in terrains.items()
    }
    features = []
    for divide in config["divide"]:
        line = _joined(_trace(maps[divide["grid"]], divide), divide, borders)
        if divide.get("end_at_sea"):
            line = _into_the_sea(line, land)
        properties = {
            "title": divide["title"],
            "between": [" + ".join(side) for side in divide["sides"]],
            "sigma_km": divide["sigma_km"],
            "length_km": round(length_km(line), 1),
            "vertices": len(line.coords),
            "method": f"watershed on the {'2 arcmin' if divide['grid'] == 'east' else '30 arcsec'} grid",
            **ELEVATION,
        }
        features.append(
            Feature(divide["id"], shapely.set_precision(line, 10**-DECIMALS, mode="pointwise"), properties)
        )
    return features, [check for check in checks if check]
