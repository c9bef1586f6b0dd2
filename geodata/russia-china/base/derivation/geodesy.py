"""Lengths, areas and small edits of lines in longitude and latitude."""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np
import shapely
import shapely.ops
from pyproj import Geod
from shapely.geometry.base import BaseGeometry

GEOD = Geod(ellps="WGS84")
KM_PER_DEGREE = 111.2

Point = tuple[float, float]


def length_km(geometry: BaseGeometry) -> float:
    """Ellipsoidal length of a line in kilometres."""
    return GEOD.geometry_length(geometry) / 1000


def area_km2(geometry: BaseGeometry) -> float:
    """Ellipsoidal area of a polygon in square kilometres."""
    return abs(GEOD.geometry_area_perimeter(shapely.orient_polygons(geometry))[0]) / 1e6


def distance_km(a: Point, b: Point) -> float:
    """Ellipsoidal distance of two points in kilometres."""
    return GEOD.inv(a[0], a[1], b[0], b[1])[2] / 1000


def line_parts(geometry: BaseGeometry) -> list[shapely.LineString]:
    """Collect the LineStrings inside any geometry."""
    parts = shapely.get_parts(geometry, return_index=False)
    nested = [
        g
        for part in parts
        for g in (line_parts(part) if part.geom_type.startswith(("Multi", "Geom")) else [part])
    ]
    return [g for g in nested if g.geom_type == "LineString" and not g.is_empty]


def nearest_vertex(line: BaseGeometry, point: Point) -> tuple[int, Point, float]:
    """Index, coordinates and distance (km) of the vertex of `line` nearest to `point`."""
    coords = shapely.get_coordinates(line)
    scale = math.cos(math.radians(point[1]))
    index = int(np.argmin(np.hypot((coords[:, 0] - point[0]) * scale, coords[:, 1] - point[1])))
    vertex = (float(coords[index, 0]), float(coords[index, 1]))
    return index, vertex, distance_km(vertex, point)


def cut_between(line: shapely.LineString, start: Point, end: Point) -> shapely.LineString:
    """Cut `line` between its vertices nearest to two points, and run from the first to the second."""
    first, last = nearest_vertex(line, start)[0], nearest_vertex(line, end)[0]
    coords = shapely.get_coordinates(line)
    if first <= last:
        return shapely.LineString(coords[first : last + 1])
    return shapely.LineString(coords[last : first + 1][::-1])


def ended_on(line: shapely.LineString, border: BaseGeometry, near: Point | None = None) -> shapely.LineString:
    """Let `line` end on an exact vertex of `border`.

    A line that meets the border is cut where it first does so; otherwise its end is carried
    to the border vertex nearest to `near`, or to the end itself.
    """
    target = near or line.coords[-1]
    meetings = shapely.get_coordinates(shapely.intersection(line, border))
    if len(meetings):
        first = min(line.project(shapely.Point(point)) for point in meetings)
        target = line.interpolate(first).coords[0]
        line = shapely.ops.substring(line, 0, first)
    _, vertex, _ = nearest_vertex(border, target)
    coords = list(line.coords)[:-1] if len(meetings) else list(line.coords)
    allowed = shapely.Point(vertex).buffer(1e-9)
    while len(coords) > 1 and not allowed.covers(
        shapely.intersection(shapely.LineString([*coords, vertex]), border)
    ):
        coords.pop()
    return shapely.LineString([*coords, vertex])


def distances_to(geometry: BaseGeometry, points: Iterable[Point]) -> list[float]:
    """Distance in kilometres from each point to a geometry."""
    found = []
    for lon, lat in points:
        # Scale longitudes so that the planar nearest point is the true nearest one.
        scale = np.array([math.cos(math.radians(lat)), 1.0])
        scaled = shapely.transform(geometry, lambda c, s=scale: c * s)
        target = shapely.Point(lon * scale[0], lat)
        near = shapely.shortest_line(target, scaled).coords[-1]
        found.append(distance_km((lon, lat), (near[0] / scale[0], near[1])))
    return found


def sampled(line: BaseGeometry, spacing_km: float) -> list[Point]:
    """Points along a line, `spacing_km` apart."""
    dense = shapely.segmentize(line, spacing_km / KM_PER_DEGREE)
    return [(float(x), float(y)) for x, y in shapely.get_coordinates(dense)]
