"""Named rivers as single lines from head to mouth.

Most are chained from the pieces of Natural Earth; streams that it lacks are traced down
the elevation grid. A tributary ends on an exact vertex of the river it joins.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from itertools import combinations, pairwise
from pathlib import Path

import geopandas as gpd
import networkx as nx
import numpy as np
import pyogrio
import shapely
from shapely.geometry.base import BaseGeometry

from .geodesy import Point, cut_between, distance_km, length_km, line_parts, nearest_vertex
from .layers import DECIMALS, ELEVATION, NATURAL_EARTH, Feature, rounded, window
from .packages import Sources
from .terrain import Terrain

CATALOGUE = Path(__file__).with_name("rivers.csv")
BRIDGE_COST = 4.0
MAX_BRIDGE_KM = 60.0
JOIN_KM = 12.0
SEA_OVERSHOOT_DEGREES = 0.05

# Natural Earth starts the Amur at the Argun's end, 5 km above the mouth of the Shilka.
AMUR_HEAD: Point = (121.478, 53.324)
# Down the liman, past the coast on which the polygonised land ends.
AMUR_LIMAN: tuple[Point, ...] = (
    (140.8, 53.09),
    (140.92, 53.05),
    (141.0, 52.99),
    (141.15, 52.93),
    (141.3, 52.98),
)


@dataclass(frozen=True)
class Trace:
    """A stream followed on the grid: up its main stem from a known cell, and down to near its mouth."""

    grid: str
    through: Point
    radius_km: float
    mouth: Point


TRACES = {
    "gorbitsa": Trace("east", (119.02, 53.45), 0.0, (119.22, 53.11)),
    "amazar": Trace("east", (121.98, 53.48), 4.0, (122.05, 53.45)),
    "bureya": Trace("east", (129.82, 49.62), 8.0, (129.55, 49.42)),
    "chikoy": Trace("east", (106.9, 50.4), 12.0, (106.68, 50.9)),
    "abakan": Trace("east", (91.0, 53.4), 15.0, (91.5, 53.72)),
    "khorgos": Trace("west", (80.15, 44.81), 0.0, (80.54, 43.82)),
    "tekes": Trace("west", (81.19, 42.94), 2.0, (81.75, 43.62)),
    "bukhtarma": Trace("west", (84.2, 49.65), 15.0, (83.6, 49.55)),
    "murghab-pamir": Trace("west", (71.8, 38.0), 12.0, (71.45, 37.94)),
    "chu": Trace("west", (74.8, 42.9), 12.0, (69.5, 44.9)),
    "talas": Trace("west", (71.3, 42.8), 25.0, (70.3, 43.9)),
}


def _node_graph(pieces: list[shapely.LineString]) -> nx.Graph:
    """Pieces as edges, with dear bridges over the gaps between loose ends."""
    graph = nx.Graph()
    for piece in line_parts(shapely.node(shapely.MultiLineString(pieces))):
        first, last = piece.coords[0], piece.coords[-1]
        graph.add_edge(first, last, weight=length_km(piece), line=piece)
    loose = [node for node, degree in graph.degree() if degree == 1]
    for a, b in combinations(loose, 2):
        gap = distance_km(a, b)
        if gap < MAX_BRIDGE_KM and not graph.has_edge(a, b):
            graph.add_edge(a, b, weight=BRIDGE_COST * gap, line=shapely.LineString([a, b]))
    return graph


def _chain(pieces: list[shapely.LineString]) -> shapely.LineString:
    """Find the longest run through the pieces of one river."""
    graph = _node_graph(pieces)
    parts = (graph.subgraph(nodes) for nodes in nx.connected_components(graph))
    graph = max(parts, key=lambda part: part.size(weight="weight"))
    spans = dict(nx.all_pairs_dijkstra_path_length(graph))
    start, end = max(combinations(sorted(graph.nodes), 2), key=lambda ends: spans[ends[0]][ends[1]])
    coords: list[Point] = []
    path = nx.dijkstra_path(graph, start, end)
    for a, b in pairwise(path):
        part = list(graph.edges[a, b]["line"].coords)
        coords += part if part[0] == a else part[::-1]
    return shapely.remove_repeated_points(shapely.LineString(coords))


def _natural_earth_lines(
    frame: gpd.GeoDataFrame, rows: list[dict[str, str]]
) -> dict[str, shapely.LineString]:
    lines = {}
    for row in rows:
        if row["method"] == "ne10":
            numbers = {int(number) for number in row["rivernums"].split()}
            pieces = line_parts(shapely.union_all(frame[frame.rivernum.isin(numbers)].geometry.values))
            lines[row["id"]] = _chain(pieces)
    return lines


def _traced(terrain: Terrain, trace: Trace) -> shapely.LineString:
    """Follow a stream from its head to the cell nearest to the given mouth."""
    known = (
        terrain.main_stem_cell(trace.through, trace.radius_km)
        if trace.radius_km
        else terrain.index(trace.through)
    )
    cells = terrain.upstream(known)[:0:-1] + terrain.downstream(known)
    points = [terrain.centre(cell) for cell in cells]
    end = min(range(len(points)), key=lambda i: distance_km(points[i], trace.mouth))
    coords = np.array(points[: end + 1])
    inner = 0.25 * coords[:-2] + 0.5 * coords[1:-1] + 0.25 * coords[2:]
    return shapely.LineString(np.concatenate([coords[:1], inner, coords[-1:]]))


def _downstream(line: shapely.LineString, into: BaseGeometry | None) -> shapely.LineString:
    """Turn a line so that it ends nearest to what it flows into (Natural Earth mixes directions)."""
    if into is None:
        return line
    ends = [shapely.distance(shapely.Point(line.coords[i]), into) for i in (0, -1)]
    return line.reverse() if ends[0] < ends[1] else line


def _settle_amur_head(lines: dict[str, shapely.LineString]) -> None:
    """Let the Amur begin where Shilka and Argun meet."""
    amur = lines["amur"]
    head = nearest_vertex(amur, AMUR_HEAD)[1]
    stub = cut_between(amur, amur.coords[0], head)
    lines["amur"] = cut_between(amur, head, amur.coords[-1])
    lines["argun"] = shapely.LineString([*lines["argun"].coords, *stub.coords[1:]])
    lines["shilka"] = shapely.LineString([*lines["shilka"].coords[:-1], head])


def _join(
    line: shapely.LineString, main: shapely.LineString
) -> tuple[shapely.LineString, shapely.LineString]:
    """End a tributary on a vertex of the main river, which gains that vertex if it lacks one near."""
    mouth = shapely.Point(line.coords[-1])
    position = main.project(mouth)
    point = tuple(float(v) for v in np.round(main.interpolate(position).coords[0], DECIMALS))
    if distance_km(point, line.coords[-1]) > JOIN_KM:
        return line, main
    _, vertex, gap = nearest_vertex(main, point)
    if gap > 0.5:
        coords = sorted([(main.project(shapely.Point(c)), c) for c in main.coords] + [(position, point)])
        main, vertex = shapely.LineString([c for _, c in coords]), point
    if vertex == line.coords[-1]:
        return line, main
    return shapely.LineString([*line.coords, vertex]), main


def _over_coast(line: shapely.LineString, land: BaseGeometry) -> shapely.LineString:
    """Carry a mouth that stops short of the sea over the coast."""
    end = shapely.Point(line.coords[-1])
    coast = shapely.shortest_line(end, land.boundary).coords[-1]
    if not land.covers(end) and shapely.distance(end, land) > SEA_OVERSHOOT_DEGREES:
        return line
    direction = np.array(coast) - np.array(end.coords[0])
    direction = direction if land.covers(end) else -direction
    beyond = np.array(coast) + direction / (np.hypot(*direction) or 1.0) * SEA_OVERSHOOT_DEGREES
    return shapely.LineString([*line.coords, *([coast] if land.covers(end) else []), tuple(beyond)])


def _from_divide(
    line: shapely.LineString, terrain: Terrain, divide: shapely.LineString
) -> shapely.LineString:
    """Extend a river upstream along its main stem to an exact vertex of the divide it rises on."""
    cell = terrain.main_stem_cell(line.coords[0], 4.0)
    head = [terrain.centre(c) for c in terrain.upstream(cell)[1:]]
    _, vertex, _ = nearest_vertex(divide, head[-1] if head else line.coords[0])
    return shapely.LineString([vertex, *head[::-1], *line.coords])


def _mouth_target(
    into: str, lines: dict[str, shapely.LineString], lakes: dict[str, BaseGeometry], coast: BaseGeometry
) -> BaseGeometry | None:
    """Find what the catalogue's `into` column names; `@lon lat` stands for a place on the way out."""
    if into.startswith("@"):
        return shapely.Point([float(part) for part in into[1:].split()])
    return coast if into == "sea" else lines.get(into, lakes.get(into))


def _feature(row: dict[str, str], line: BaseGeometry) -> Feature:
    origin = NATURAL_EARTH if row["method"] == "ne10" else ELEVATION
    names = {key: row[key] for key in ("name_en", "name_ru", "name_zh")}
    properties = names | {
        "method": row["method"],
        "sigma_km": float(row["sigma_km"]),
        "length_km": round(length_km(line)),
    }
    return Feature(row["id"], line, properties | origin)


def rivers(
    sources: Sources,
    terrains: dict[str, Terrain],
    lakes: dict[str, BaseGeometry],
    land: BaseGeometry,
    divides: dict[str, shapely.LineString],
) -> list[Feature]:
    """Build the rivers of the catalogue, oriented downstream and joined at confluences."""
    rows = list(csv.DictReader(CATALOGUE.read_text(encoding="utf-8").splitlines()))
    frame = pyogrio.read_dataframe(sources.magics("ne_10m_rivers_lake_centerlines"), columns=["rivernum"])
    lines = _natural_earth_lines(frame[frame.intersects(window())], rows)
    lines |= {name: _traced(terrains[trace.grid], trace) for name, trace in TRACES.items()}
    for row in rows:
        target = _mouth_target(row["into"], lines, lakes, land.boundary)
        if row["method"] == "ne10":
            lines[row["id"]] = _downstream(lines[row["id"]], target)
    _settle_amur_head(lines)
    lines = {name: rounded(line) for name, line in lines.items()}
    lines["uda"] = _from_divide(lines["uda"], terrains["east"], divides["uda-south"])
    lines["gorbitsa"] = shapely.LineString(
        [divides["chernaya-east"].coords[0], *lines["gorbitsa"].coords[1:]]
    )
    for row in rows:
        if row["into"] == "sea":
            lines[row["id"]] = _over_coast(lines[row["id"]], land)
        elif row["into"] in lines:
            lines[row["id"]], lines[row["into"]] = _join(lines[row["id"]], lines[row["into"]])
    lines["amur"] = shapely.LineString([*lines["amur"].coords[:-1], *AMUR_LIMAN])
    return [_feature(row, shapely.intersection(lines[row["id"]], window())) for row in rows]
