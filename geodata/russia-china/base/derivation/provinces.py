"""Limits of provinces from Natural Earth, each a single line joined to the borders it ends on."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import geopandas as gpd
import networkx as nx
import pyogrio
import shapely

from .geodesy import Point, ended_on, length_km, line_parts
from .layers import NATURAL_EARTH, Feature, rounded
from .packages import Sources

SIGMA_KM = 2.0


@dataclass(frozen=True)
class Limit:
    """One side of a province: against which neighbours it runs, and the borders its two ends are put on."""

    id: str
    title: str
    province: str
    neighbours: frozenset[str]
    ends_on: tuple[str | None, str | None]


# A None end is shared with another limit and left where it is. The first end is the western one.
LIMITS = (
    Limit(
        "tuva-north",
        "North limit of Tuva",
        "Tuva",
        frozenset({"Krasnoyarsk", "Irkutsk", "Buryat"}),
        (None, "mn-ru"),
    ),
    Limit("tuva-west", "West limit of Tuva", "Tuva", frozenset({"Khakass", "Gorno-Altay"}), ("mn-ru", None)),
    Limit(
        "xinjiang-east",
        "East limit of Xinjiang, against Tibet, Qinghai and Gansu",
        "Xinjiang",
        frozenset({"Xizang", "Qinghai", "Gansu"}),
        ("cn-in", "cn-mn"),
    ),
    Limit(
        "gbao-west",
        "West limit of Gorno-Badakhshan",
        "Gorno-Badakhshan",
        frozenset({"Tadzhikistan Territories", "Khatlon"}),
        ("af-tj", "kg-tj"),
    ),
)


def provincial_limits(sources: Sources, borders: dict[str, shapely.Geometry]) -> list[Feature]:
    """Every limit of LIMITS, west to east, with its ends on vertices of the borders."""
    frame = pyogrio.read_dataframe(
        sources.magics("ne_10m_admin_1_states_provinces_lines"),
        encoding="latin1",
        columns=["name_l", "name_r"],
    )
    return [_feature(limit, _between(_eastward(_longest(frame, limit)), limit, borders)) for limit in LIMITS]


def _longest(frame: gpd.GeoDataFrame, limit: Limit) -> shapely.LineString:
    """Find the longest chain of limits between the province and its neighbours."""
    sides = frame[["name_l", "name_r"]]
    chosen = frame[(sides == limit.province).any(axis=1) & sides.isin(limit.neighbours).any(axis=1)]
    graph = nx.Graph()
    for part in line_parts(
        shapely.node(shapely.MultiLineString(line_parts(shapely.union_all(chosen.geometry.values))))
    ):
        first, last = part.coords[0], part.coords[-1]
        graph.add_edge(first, last, weight=length_km(part), line=part)
    ends = [node for node, degree in graph.degree() if degree == 1]
    paths = (nx.dijkstra_path(graph, a, b) for a in ends for b in ends if a < b and nx.has_path(graph, a, b))
    best = max(paths, key=lambda path: nx.path_weight(graph, path, "weight"))
    coords: list[Point] = []
    for a, b in pairwise(best):
        part = list(graph.edges[a, b]["line"].coords)
        coords += part if part[0] == a else part[::-1]
    return shapely.LineString(coords)


def _eastward(line: shapely.LineString) -> shapely.LineString:
    return line if line.coords[0][0] < line.coords[-1][0] else line.reverse()


def _between(
    line: shapely.LineString, limit: Limit, borders: dict[str, shapely.Geometry]
) -> shapely.LineString:
    """Carry the ends to vertices of the borders they meet, without crossing those."""
    first, last = limit.ends_on
    if first is not None:
        line = ended_on(line.reverse(), rounded(borders[first])).reverse()
    if last is not None:
        line = ended_on(line, rounded(borders[last]))
    return line


def _feature(limit: Limit, line: shapely.LineString) -> Feature:
    properties = {
        "title": limit.title,
        "sigma_km": SIGMA_KM,
        "length_km": round(length_km(line), 1),
        **NATURAL_EARTH,
    }
    return Feature(limit.id, line, properties)
