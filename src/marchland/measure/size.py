"""Area and length of lon/lat geometry on WGS 84.

Area is the line integral of the zone function (see `ellipsoid.zone_km2_per_radian`) over longitude, by
Gauss-Legendre quadrature along each straight lon/lat edge. Every edge has one term, which changes its sign
and nothing else when the edge is turned round, and terms are added with `math.fsum`, so the result depends
neither on the starting point nor on the order of edges.
"""

import math
from collections.abc import Iterator, Sequence

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from marchland.measure.ellipsoid import radii_km, zone_km2_per_radian

__all__ = [
    "edge_integrals",
    "edge_lengths_km",
    "geometry_length_km",
    "line_area_term_km2",
    "line_length_km",
    "polygon_area_km2",
    "polygon_areas_km2",
    "ring_area_km2",
]

Floats = NDArray[np.float64]

_LONG_DEGREES = 10.0  # span of latitude beyond which four nodes are too few
_CHUNK = 16384
_SHORT_DEGREES = 0.05  # and below which the middle of an edge is enough for its length


def _nodes(count: int) -> list[tuple[float, float]]:
    """Positive Gauss-Legendre nodes on (-1, 1) with half their weights, so that they sum to 1/2."""
    x, w = np.polynomial.legendre.leggauss(count)
    return [(float(a), float(b) / 2) for a, b in zip(x, w, strict=True) if a > 0]


_FEW, _MANY = _nodes(4), _nodes(24)


def edge_integrals(coords: Floats) -> Floats:
    """Area swept between each edge and the equator, signed, km².

    Parameters
    ----------
    coords
        (n, 2) lon/lat in degrees. Edges are straight in lon/lat and are not wrapped at ±180°.

    Returns
    -------
    (n - 1,) positive where an edge in the northern hemisphere runs west, so that the sum over an
    anticlockwise ring is its area. The quadrature is within 0.003 m² per degree of longitude for edges
    spanning up to 10° of latitude (four nodes), and better beyond (24 nodes).
    """
    lon, lat = np.radians(np.asarray(coords, dtype=np.float64)).T
    middle, half, turn = (lat[1:] + lat[:-1]) / 2, (lat[1:] - lat[:-1]) / 2, lon[1:] - lon[:-1]
    mean = _mean_zone(middle, half, _FEW)
    long = np.abs(half) > math.radians(_LONG_DEGREES / 2)
    if long.any():
        mean[long] = _mean_zone(middle[long], half[long], _MANY)
    terms: Floats = -turn * mean
    return terms


def _mean_zone(middle: Floats, half: Floats, nodes: list[tuple[float, float]]) -> Floats:
    total = np.zeros_like(middle)
    for x, weight in nodes:
        # the two nodes first: their sum is the same to the last bit when the edge is turned round
        pair = zone_km2_per_radian(np.sin(middle - x * half)) + zone_km2_per_radian(np.sin(middle + x * half))
        total += weight * pair
    return total


def line_area_term_km2(coords: Floats) -> float:
    """Term that an open line adds to the area of any ring it is part of, km².

    The area of a face is the sum of the terms of its arcs, each taken positive where the face is on its left
    and negative where it is on its right. Turning the line round changes the sign and no bit else.

    Parameters
    ----------
    coords
        (n, 2) lon/lat in degrees.
    """
    return math.fsum(edge_integrals(coords).tolist())


def ring_area_km2(coords: Floats) -> float:
    """Area of a ring on the ellipsoid, km², positive when it runs anticlockwise.

    Parameters
    ----------
    coords
        (n, 2) lon/lat in degrees, closed or not. A ring around a pole has to be drawn along ±180° and the
        pole itself.

    Examples
    --------
    >>> import numpy as np
    >>> round(ring_area_km2(np.array([(0, 0), (1, 0), (1, 1), (0, 1), (0, 0)])), 4)
    12308.4639
    """
    coords = np.asarray(coords, dtype=np.float64)
    if len(coords) and (coords[0] != coords[-1]).any():
        coords = np.concatenate([coords, coords[:1]])
    return line_area_term_km2(coords)


def polygon_area_km2(geom: BaseGeometry) -> float:
    """Area of a polygon, or of all polygons in a collection, km²; holes are left out, lines count nothing.

    Parameters
    ----------
    geom
        Lon/lat in degrees; the direction of rings does not matter.
    """
    return math.fsum(sign * abs(ring_area_km2(coords)) for sign, coords in _rings(geom))


def _rings(geom: BaseGeometry) -> Iterator[tuple[int, Floats]]:
    for part in shapely.get_parts(geom):
        if isinstance(part, shapely.Polygon):
            yield 1, shapely.get_coordinates(part.exterior)
            for hole in part.interiors:
                yield -1, shapely.get_coordinates(hole)
        elif hasattr(part, "geoms"):  # a collection in a collection
            yield from _rings(part)


def polygon_areas_km2(geoms: Sequence[BaseGeometry] | NDArray[np.object_]) -> Floats:
    """Area of each of many polygons, km², as `polygon_area_km2` but all edges at once.

    Parameters
    ----------
    geoms
        Polygons and multipolygons, lon/lat in degrees; others and None count 0.

    Returns
    -------
    (n,) within the last few bits of `polygon_area_km2`, since terms are added in pairs and not exactly.
    """
    parts, of_geom = shapely.get_parts(np.asarray(geoms, dtype=object), return_index=True)
    flat = np.isin(shapely.get_type_id(parts), (3,))
    parts, of_geom = parts[flat], of_geom[flat]
    rings, of_part = shapely.get_rings(parts, return_index=True)
    coords, of_ring = shapely.get_coordinates(rings, return_index=True)
    if not len(coords):
        return np.zeros(len(geoms))
    terms = np.zeros(len(coords))
    for start in range(0, len(coords) - 1, _CHUNK):  # small enough to stay in a processor's cache
        stop = min(start + _CHUNK, len(coords) - 1)
        terms[start:stop] = edge_integrals(coords[start : stop + 1])
    last = np.flatnonzero(np.diff(of_ring, append=-1))
    terms[last] = 0.0  # the edge from one ring to the next is none
    first = np.concatenate([[0], last[:-1] + 1])
    areas = np.abs(np.add.reduceat(terms, first))
    outer = np.diff(of_part, prepend=-1) > 0
    out = np.zeros(len(geoms))
    np.add.at(out, of_geom[of_part], np.where(outer, areas, -areas))
    return out


def edge_lengths_km(coords: Floats) -> Floats:
    """Length of each straight lon/lat edge on the ellipsoid, km.

    Parameters
    ----------
    coords
        (n, 2) lon/lat in degrees, not wrapped at ±180°.

    Returns
    -------
    (n - 1,) from the radii of curvature at the middle of the edge, for edges spanning over 0.05° of latitude
    as the mean over nodes along it. This is the length of the edge as drawn, which for long edges is more
    than the geodesic between its ends.
    """
    lon, lat = np.radians(np.asarray(coords, dtype=np.float64)).T
    middle, half, turn = (lat[1:] + lat[:-1]) / 2, (lat[1:] - lat[:-1]) / 2, lon[1:] - lon[:-1]
    length = _metric(middle, half, turn)
    span = np.abs(half) * 2
    for over, nodes in ((_SHORT_DEGREES, _FEW), (_LONG_DEGREES, _MANY)):
        which = span > math.radians(over)
        if which.any():
            m, h, t = middle[which], half[which], turn[which]
            total = np.zeros_like(m)
            for x, weight in nodes:
                total += weight * (_metric(m - x * h, h, t) + _metric(m + x * h, h, t))
            length[which] = total
    return length


def _metric(lat: Floats, half: Floats, turn: Floats) -> Floats:
    along, across = radii_km(np.sin(lat))
    return np.hypot(across * np.cos(lat) * turn, along * half * 2)


def line_length_km(coords: Floats) -> float:
    """Length of a line on the ellipsoid, km, as the sum of `edge_lengths_km`; direction does not matter.

    Parameters
    ----------
    coords
        (n, 2) lon/lat in degrees.
    """
    return math.fsum(edge_lengths_km(coords).tolist())


def geometry_length_km(geom: BaseGeometry) -> float:
    """Length of all lines, and of the rings of all polygons, in a geometry, km; points count nothing.

    Parameters
    ----------
    geom
        Lon/lat in degrees.
    """
    total = []
    for part in shapely.get_parts(geom):
        if hasattr(part, "geoms"):
            total.append(geometry_length_km(part))
        elif isinstance(part, shapely.Polygon):
            total.extend(line_length_km(c) for _, c in _rings(part))
        elif not isinstance(part, shapely.Point):
            total.append(line_length_km(shapely.get_coordinates(part)))
    return math.fsum(total)
