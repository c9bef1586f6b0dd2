"""Faces that the cuts between tiles went through are made whole again: pure functions.

No polygon begins or ends at a cut, so the faces on both sides of a stretch of it have one history and are one
face. Nothing of the cuts stays: where a line crossed one, the vertex put there goes, and the edge that was
split is the edge that was drawn (see `chains` for the lines).
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from marchland.engine.tiles import MATCHED, Tile, on_cut
from marchland.errors import DataError
from marchland.partition.coverage import merge_faces

__all__ = ["MisfitError", "group_faces", "join_faces"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Words = NDArray[np.uint64]
Geometries = NDArray[np.object_]

_CORNERS = 3


class MisfitError(DataError):
    """Two tiles do not fit along a cut."""


def group_faces(cuts: Floats, face: Ints, words: Words, count: int) -> Ints:
    """Return for each face the number of the group of faces that are one.

    Parameters
    ----------
    cuts
        (n, 4) stretches of cuts with land beside them, each twice, once from either side.
    face
        (n,) the face beside each, 0 to ``count`` - 1.
    words
        (n,) what stands for that face's polygons.

    Raises
    ------
    MisfitError
        The two sides of a stretch have other histories, or one side is missing.
    """
    stretches, which = np.unique(cuts, axis=0, return_inverse=True)
    order = np.argsort(which.ravel(), kind="stable")
    first = np.searchsorted(which.ravel()[order], np.arange(len(stretches)))
    twice = np.bincount(which.ravel(), minlength=len(stretches)) == 2
    one, other = order[first], order[np.minimum(first + 1, len(order) - 1)]
    fits = twice & (words[one] == words[other])
    long = (stretches[:, 2:] - stretches[:, :2]).max(axis=1, initial=0) > MATCHED
    if (long & ~fits).any():
        x, y = stretches[np.argmax(long & ~fits), :2].tolist()
        msg = f"two tiles do not fit at {x:.5f} {y:.5f}; report this as a bug, or choose the serial engine"
        raise MisfitError(msg)
    one, other = one[fits], other[fits]
    parent = list(range(count))

    def root(node: int) -> int:
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    for a, b in zip(face[one].tolist(), face[other].tolist(), strict=True):
        a, b = root(a), root(b)
        parent[max(a, b)] = min(a, b)
    roots = np.array([root(node) for node in range(count)], dtype=np.int64)
    groups: Ints = np.unique(roots, return_inverse=True)[1]
    return groups


def join_faces(faces: Geometries, group: Ints, tiles: Sequence[Tile]) -> Geometries:
    """Return one polygon for each group of faces; ``group`` (n,) is sorted and has every number from 0 on."""
    cuts = np.searchsorted(group, np.unique(group)[1:])
    joined = np.array([merge_faces(pieces.tolist()) for pieces in np.split(faces, cuts)], dtype=object)
    return shapely.orient_polygons(_without_cuts(joined, tiles))


def _without_cuts(polygons: Geometries, tiles: Sequence[Tile]) -> Geometries:
    """Polygons without the vertices that lie on cuts."""
    rings, owner = shapely.get_rings(polygons, return_index=True)
    coords, ring = shapely.get_coordinates(rings, return_index=True)
    open_ = np.diff(ring, append=-1) == 0  # rings are closed again at the first vertex that stays
    stays = ~on_cut(coords, tiles) & open_
    crumbs = np.flatnonzero(np.bincount(ring[stays], minlength=len(rings)) < _CORNERS)
    stays |= open_ & np.isin(ring, crumbs)
    closed: Any = shapely.linearrings(coords[stays], indices=ring[stays])
    whole: Any = shapely.polygons(closed, indices=owner)
    return np.asarray(whole, dtype=object)
