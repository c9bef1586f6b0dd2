"""Shared land borders from OpenStreetMap country polygons.

Neighbouring polygons of the source share their vertices exactly, so a border is simply
the run of vertices that both countries own. No overlay, hence no slivers and exact tripoints.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import combinations, pairwise

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from .geodesy import distance_km, length_km, line_parts
from .layers import OPENSTREETMAP, Feature, window
from .packages import Sources

# Ids name the pair of ISO codes in alphabetical order; a pair may have more than one section.
COUNTRIES = ("AF", "CN", "IN", "IR", "KG", "KP", "KR", "KZ", "MN", "PK", "RU", "TJ", "TM", "UZ")
SIMPLIFY_DEGREES = 0.0002
SEA_MARGIN_DEGREES = 0.05
SIGMA_KM = 0.1
MIN_SECTION_KM = 0.5
MAX_GAP_KM = 12.0
TRIPOINT_KM = 1.0
CN_RU_DIVISION_LON = 100.0

Vertex = tuple[float, float]


def _rings(geometry: dict) -> Iterator[list[Vertex]]:
    for part in geometry["geometries"]:
        polygons = part["coordinates"] if part["type"] == "MultiPolygon" else [part["coordinates"]]
        for polygon in polygons:
            for ring in polygon:
                yield [(lon, lat) for lon, lat in ring]


def _country_rings(sources: Sources) -> dict[str, list[list[Vertex]]]:
    collection = json.loads(sources.osm_borders.read_text(encoding="utf-8"))
    by_code = {feature["properties"].get("isoA2"): feature["geometry"] for feature in collection["features"]}
    return {country: list(_rings(by_code[country])) for country in COUNTRIES}


def _shared_runs(
    rings: list[list[Vertex]], neighbour: set[Vertex], others: set[Vertex]
) -> Iterator[tuple[Vertex, Vertex]]:
    """Edges of `rings` that lie on the neighbour, and the short runs between two such vertices.

    In a few places one of two neighbours carries a vertex that the other lacks; there the
    border follows the first of the pair. A run that touches a third country is not a gap.
    """
    for ring in rings:
        on_border = [index for index, vertex in enumerate(ring) if vertex in neighbour]
        for first, last in pairwise(on_border):
            run = ring[first : last + 1]
            gap = last - first > 1
            if gap and (length_km(shapely.LineString(run)) > MAX_GAP_KM or not others.isdisjoint(run[1:-1])):
                continue
            yield from pairwise(run)


def _shared_lines(sources: Sources) -> dict[tuple[str, str], BaseGeometry]:
    rings = _country_rings(sources)
    vertices = {country: {vertex for ring in found for vertex in ring} for country, found in rings.items()}
    lines = {}
    for pair in combinations(COUNTRIES, 2):
        others = set().union(*(found for country, found in vertices.items() if country not in pair))
        runs = _shared_runs(rings[pair[0]], vertices[pair[1]], others)
        edges = {(min(edge), max(edge)) for edge in runs}
        if edges:
            lines[pair] = shapely.line_merge(shapely.multilinestrings(np.array(sorted(edges))))
    return lines


def _join_tripoints(lines: dict[str, BaseGeometry]) -> dict[str, BaseGeometry]:
    """Give the ends of different borders that lie within a kilometre one common vertex."""
    ends = sorted(
        {
            end
            for line in lines.values()
            for part in line_parts(line)
            for end in (part.coords[0], part.coords[-1])
        }
    )
    home: dict[Vertex, Vertex] = {}
    for end in ends:
        near = (kept for kept in home.values() if distance_km(kept, end) < TRIPOINT_KM)
        home[end] = next(near, end)

    def moved(part: shapely.LineString) -> shapely.LineString:
        coords = list(part.coords)
        return shapely.LineString([home[coords[0]], *coords[1:-1], home[coords[-1]]])

    return {
        name: shapely.MultiLineString([moved(part) for part in line_parts(line)])
        for name, line in lines.items()
    }


def _on_land(line: BaseGeometry, land_and_margin: BaseGeometry) -> BaseGeometry:
    """Cut off the territorial sea and what lies outside the window."""
    kept = [
        p for p in line_parts(shapely.intersection(line, land_and_margin)) if length_km(p) > MIN_SECTION_KM
    ]
    return shapely.line_merge(shapely.MultiLineString(kept))


def _oriented(line: shapely.LineString) -> shapely.LineString:
    """West to east by the ends of the line."""
    return line if line.coords[0][0] <= line.coords[-1][0] else line.reverse()


def _sections(pair: tuple[str, str], line: BaseGeometry) -> dict[str, BaseGeometry]:
    name = "-".join(pair).lower()
    parts = [_oriented(part) for part in line_parts(line)]
    if not parts:
        return {}
    if name == "cn-ru":
        east = [p for p in parts if p.coords[0][0] > CN_RU_DIVISION_LON]
        west = [p for p in parts if p.coords[0][0] < CN_RU_DIVISION_LON]
        return {"cn-ru-east": shapely.MultiLineString(east), "cn-ru-west": shapely.MultiLineString(west)}
    return {name: shapely.MultiLineString(sorted(parts, key=lambda part: (-part.length, part.coords[0])))}


def _single(line: BaseGeometry) -> BaseGeometry:
    parts = line_parts(line)
    return parts[0] if len(parts) == 1 else line


def borders(sources: Sources, land: BaseGeometry) -> list[Feature]:
    """Every land border of the window, one feature per pair of countries (two for China and Russia)."""
    margin = shapely.intersection(land.buffer(SEA_MARGIN_DEGREES), window())
    sections: dict[str, BaseGeometry] = {}
    for pair, line in _shared_lines(sources).items():
        sections |= _sections(pair, _on_land(line, margin))
    features = []
    for identity, section in _join_tripoints(sections).items():
        simple = shapely.simplify(section, SIMPLIFY_DEGREES, preserve_topology=True)
        properties = {
            "countries": identity.upper().split("-")[:2],
            "length_km": round(length_km(section), 1),
            "sigma_km": SIGMA_KM,
            "note": "as administered",
            **OPENSTREETMAP,
        }
        features.append(Feature(identity, _single(simple), properties))
    return features
