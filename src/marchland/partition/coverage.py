"""Whether faces fit together, and which of them are too small to mean anything."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import Polygon, STRtree
from shapely.geometry.base import BaseGeometry

__all__ = ["SmallFace", "check_coverage", "merge_faces", "small_faces"]

_KM_PER_DEGREE = 111.195  # mean radius; only for the width of slivers, never for an answer

Floats = NDArray[np.float64]


class SmallFace(NamedTuple):
    """A face below a limit: its index, its area in km² and its metric width ``2A/P`` in km."""

    face: int
    area_km2: float
    width_km: float


def merge_faces(faces: Sequence[BaseGeometry]) -> BaseGeometry:
    """Join faces of one partition along their shared arcs, all vertices kept.

    GEOS takes some faces that touch in a node alone for overlapping; those are joined the slow way.
    """
    try:
        merged: BaseGeometry = shapely.coverage_union_all(list(faces))
    except shapely.errors.GEOSException:
        merged = shapely.union_all(list(faces))
    return merged


def check_coverage(faces: Sequence[Polygon]) -> list[str]:
    """Say where faces overlap or their shared edges do not match, one line per face; empty when valid.

    This is `shapely.coverage_is_valid`, whose complaints are looked at once more: where a hole touches its
    shell in a node that a third face also has, GEOS 3.14 takes an edge of that one to be inside.

    Parameters
    ----------
    faces
        Polygons in one plane.
    """
    broken = [f"face {i}: {shapely.is_valid_reason(f)}" for i, f in enumerate(faces) if not f.is_valid]
    if broken or not faces or shapely.coverage_is_valid(list(faces)):
        return broken
    tree, messages = STRtree(list(faces)), []
    for i, bad in enumerate(shapely.coverage_invalid_edges(list(faces))):
        near = [] if bad is None or bad.is_empty else tree.query(bad, predicate="intersects").tolist()
        if any(_conflicts(bad, faces[j]) for j in near if j != i):
            x, y = shapely.get_coordinates(bad)[0]
            messages.append(
                f"face {i}: {bad.length:.3g}° of boundary matches no neighbour, from {x:.6f} {y:.6f}"
            )
    return messages


def _conflicts(edges: BaseGeometry, face: Polygon) -> bool:
    """Whether edges said not to match a face run inside it or along its boundary."""
    matrix = shapely.relate(edges, face)
    return bool(matrix[0] != "F" or matrix[1] == "1")


def small_faces(
    faces: Sequence[Polygon], areas_km2: Sequence[float] | Floats, limit_km2: float
) -> list[SmallFace]:
    """Faces smaller than a limit, the thinnest first.

    Parameters
    ----------
    faces
        Polygons in degrees.
    areas_km2
        Area of each.
    limit_km2
        Faces with a smaller area are listed.
    """
    found = []
    for i, (face, area) in enumerate(zip(faces, areas_km2, strict=True)):
        if area < limit_km2:
            found.append(SmallFace(i, float(area), 2 * float(area) / _perimeter_km(face)))
    return sorted(found, key=lambda f: (f.width_km, f.face))


def _perimeter_km(face: Polygon) -> float:
    total = 0.0
    for ring in (face.exterior, *face.interiors):
        xy = shapely.get_coordinates(ring)
        dx, dy = np.diff(xy, axis=0).T
        total += float(np.hypot(dx * np.cos(np.radians(xy[:-1, 1] + dy / 2)), dy).sum())
    return total * _KM_PER_DEGREE
