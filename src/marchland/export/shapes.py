"""Geometry made fit for a file: cut at ±180°, wound by the right-hand rule, one type per layer, rounded."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

DECIMALS = 6
"""Decimals of a degree that are written: 0.1 m."""

Position = tuple[float, float]
Ring = list[Position]

_WORLD = 360.0


def fit(geometry: "BaseGeometry | None", kind: str) -> "BaseGeometry | None":
    """Return a geometry as a layer of ``kind`` (a GeoJSON type) is to hold it.

    What lies beyond ±180° is cut there and moved to the other side (RFC 7946, 3.1.9); shells run
    anticlockwise and holes clockwise (3.1.6); Z is dropped. None and empty geometry give None.
    """
    import shapely

    if geometry is None or geometry.is_empty:
        return None
    flat = _cut(shapely.force_2d(geometry))
    if "Polygon" in kind:
        flat = shapely.orient_polygons(flat)
    parts = [part for part in _parts(flat) if part.geom_type in kind and not part.is_empty]
    if not parts:
        return None
    if kind.startswith("Multi"):
        return _collected(parts)
    return parts[0] if len(parts) == 1 else flat


def _parts(geometry: "BaseGeometry") -> list["BaseGeometry"]:
    nested = getattr(geometry, "geoms", None)
    return [geometry] if nested is None else [leaf for part in nested for leaf in _parts(part)]


def _cut(geometry: "BaseGeometry") -> "BaseGeometry":
    """Cut at ±180° what reaches beyond, and move the cut parts into [-180, 180]."""
    import shapely.affinity

    west, _, east, _ = geometry.bounds
    if west >= -180 and east <= 180:
        return geometry
    pieces: list[BaseGeometry] = []
    for turn in (-1, 0, 1):
        left = -180 + turn * _WORLD
        strip = shapely.box(left, -90, left + _WORLD, 90)
        piece = shapely.intersection(geometry, strip)
        moved = shapely.affinity.translate(piece, -turn * _WORLD)
        pieces += [p for p in _parts(moved) if not p.is_empty and _same_dimension(p, geometry)]
    return _collected(pieces)


def _same_dimension(part: "BaseGeometry", whole: "BaseGeometry") -> bool:
    return ("Polygon" in part.geom_type) == ("Polygon" in whole.geom_type)


def _collected(parts: list[Any]) -> "BaseGeometry":
    import shapely

    polygonal = all(part.geom_type == "Polygon" for part in parts)
    return shapely.MultiPolygon(parts) if polygonal else shapely.MultiLineString(parts)


def coordinates(geometry: "BaseGeometry") -> Any:  # noqa: ANN401 - nested arrays of positions
    """Return the GeoJSON ``coordinates`` of a line or polygon, or of several, with 6 decimals.

    Positions that rounding makes equal to the one before are dropped; a ring that keeps fewer than four is
    dropped with its polygon's holes if it is a shell.
    """
    kind = geometry.geom_type
    if kind == "Polygon":
        return polygon_rings(geometry)
    if kind == "MultiPolygon":
        return [rings for part in _parts(geometry) if (rings := polygon_rings(part))]
    if kind == "MultiLineString":
        return [line for part in _parts(geometry) if len(line := rounded(part)) > 1]
    return rounded(geometry)


def polygon_rings(polygon: Any) -> list[Ring]:  # noqa: ANN401 - a shapely Polygon
    """Return the rings of a polygon, the shell first; empty if the shell is too small to be drawn."""
    shell = rounded(polygon.exterior)
    if len(shell) < 4:
        return []
    return [shell, *(ring for hole in polygon.interiors if len(ring := rounded(hole)) >= 4)]


def rounded(line: "BaseGeometry") -> Ring:
    """Return the positions of a line or ring rounded to 6 decimals, none equal to the one before."""
    import shapely

    positions: Ring = []
    for x, y in shapely.get_coordinates(line).tolist():
        position = (round(x, DECIMALS) + 0.0, round(y, DECIMALS) + 0.0)
        if not positions or positions[-1] != position:
            positions.append(position)
    return positions


def bounding_box(geometries: Iterable["BaseGeometry | None"]) -> list[float] | None:
    """Return west, south, east, north in degrees, or None where there is nothing.

    Land on both sides of ±180° that leaves the other half of the globe free gets a box that crosses it, west
    being greater than east (RFC 7946, 5.2).
    """
    import numpy as np
    import shapely

    parts = [part for geometry in geometries if geometry is not None for part in _parts(geometry)]
    if not parts:
        return None
    boxes = shapely.bounds(np.asarray(parts, dtype=object))
    south, north = float(boxes[:, 1].min()), float(boxes[:, 3].max())
    west, east = float(boxes[:, 0].min()), float(boxes[:, 2].max())
    right, left = boxes[boxes[:, 0] >= 0], boxes[boxes[:, 2] <= 0]
    if west == -180 and east == 180 and len(right) + len(left) == len(boxes):
        crossing = float(right[:, 0].min()), float(left[:, 2].max())
        if crossing[0] > crossing[1]:
            west, east = crossing
    return [round(value, DECIMALS) + 0.0 for value in (west, south, east, north)]
