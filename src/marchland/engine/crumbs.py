"""Faces thinner than a millimetre become part of a neighbour: pure functions.

They come from rounding where lines nearly meet. How many there are depends on what is noded together, so they
would make two builds of the same polygons differ.
"""

import numpy as np
import shapely
from numpy.typing import NDArray

from marchland.engine.chains import Lines, join_lines, tips
from marchland.engine.mesh import PointIndex
from marchland.partition.coverage import merge_faces

__all__ = ["find_crumbs", "find_heirs", "join_beside", "merge_crumbs", "widths_km"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Geometries = NDArray[np.object_]

_WIDTH_KM = 1e-6
_NO_LINE = 1e-300  # km; a face between seams only is as wide as can be


def widths_km(areas: Floats, left: Ints, right: Ints, lengths: Floats) -> Floats:
    """Return each face's width, km: twice its area, km², over the length of the lines beside it, km."""
    around = np.zeros(len(areas))
    for side in (left, right):
        around += np.bincount(side[side >= 0], lengths[side >= 0], len(areas))
    widths: Floats = 2 * areas / np.where(around > 0, around, _NO_LINE)
    return widths


def find_crumbs(areas: Floats, left: Ints, right: Ints, lengths: Floats) -> Ints:
    """Return the faces that are thinner than a millimetre."""
    crumbs: Ints = np.flatnonzero(widths_km(areas, left, right, lengths) < _WIDTH_KM)
    return crumbs


def find_heirs(crumbs: Ints, left: Ints, right: Ints, lengths: Floats, count: int) -> Ints:
    """Return the face that each face becomes part of: itself; for a crumb that with the longest shared line.

    A crumb among crumbs follows when a neighbour has gone; one that no face is beside stays.

    Parameters
    ----------
    crumbs
        Numbers of the faces that are crumbs.
    left, right
        (n,) face on either side of each line, -1 for none.
    lengths
        (n,) km.
    count
        How many faces there are.
    """
    heirs = np.arange(count)
    waiting = set(crumbs.tolist())
    near = np.flatnonzero(np.isin(left, crumbs) | np.isin(right, crumbs))
    lines = list(zip(left[near].tolist(), right[near].tolist(), lengths[near].tolist(), strict=True))
    while True:
        shared: dict[int, dict[int, float]] = {}
        for one, other, km in lines:
            for crumb, face in ((one, other), (other, one)):
                if crumb in waiting and face >= 0 and face not in waiting:
                    of = shared.setdefault(crumb, {})
                    heir = int(heirs[face])
                    of[heir] = of.get(heir, 0.0) + km
        if not shared:
            return heirs
        for crumb, faces in shared.items():
            heirs[crumb] = max(faces, key=lambda face: (faces[face], face))
        waiting -= shared.keys()


def merge_crumbs(faces: Geometries, heirs: Ints) -> Geometries:
    """Return the faces, each with the crumbs that became part of it; what has another heir stays as it is."""
    gone = np.flatnonzero(heirs != np.arange(len(faces)))
    out = faces.copy()
    for heir in np.unique(heirs[gone]).tolist():
        out[heir] = shapely.orient_polygons(merge_faces(faces[[heir, *gone[heirs[gone] == heir]]].tolist()))
    return out


def join_beside(lines: Lines, gone: Geometries, frame: Floats) -> Lines:
    """Return lines without the ends that only lines gave them which separate nothing.

    Parameters
    ----------
    lines
        Lines between faces.
    gone
        Lines that have the same on both sides.
    frame
        (n, 2, 2) stretches of the frame of a tile; what ends there goes on in another tile.
    """
    ends = tips(gone)
    inner = PointIndex(ends[PointIndex(frame.reshape(-1, 2)).find(ends) < 0])
    near = np.any((inner.find(tips(lines.lines)) >= 0).reshape(2, -1), axis=0)
    if not near.any():
        return lines
    joined = join_lines(lines.take(near), lambda points: inner.find(points) >= 0, kept=True)
    return lines.take(~near).and_then(joined)
