"""Faces and lines that the cuts between tiles went through are made whole again: pure functions.

No polygon begins or ends at a cut, so the faces on both sides of a stretch of it have one history and are one
face. Nothing of the cuts stays: where a line crossed one, the vertex put there goes, and the edge that was
split is the edge that was drawn.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

from marchland.engine.tiles import Tile, on_cut
from marchland.errors import DataError
from marchland.partition.coverage import merge_faces

__all__ = ["Lines", "group_faces", "join_faces", "join_lines"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Words = NDArray[np.uint64]
Geometries = NDArray[np.object_]

_CORNERS = 3
_ROUNDING = 1e-8  # degrees, a millimetre: stretches between lines that noding may have made one


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
    DataError
        The two sides of a stretch have other histories, or one side is missing.
    """
    stretches, which = np.unique(cuts, axis=0, return_inverse=True)
    order = np.argsort(which.ravel(), kind="stable")
    first = np.searchsorted(which.ravel()[order], np.arange(len(stretches)))
    twice = np.bincount(which.ravel(), minlength=len(stretches)) == 2
    one, other = order[first], order[np.minimum(first + 1, len(order) - 1)]
    fits = twice & (words[one] == words[other])
    long = (stretches[:, 2:] - stretches[:, :2]).max(axis=1, initial=0) > _ROUNDING
    if (long & ~fits).any():
        x, y = stretches[np.argmax(long & ~fits), :2].tolist()
        msg = f"two tiles do not fit at {x:.5f} {y:.5f}; report this as a bug, or choose the serial engine"
        raise DataError(msg)
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


class Lines(NamedTuple):
    """Lines with what is known of them; ``left`` and ``right`` are -1 where no polygon lies."""

    lines: Geometries
    left: Ints
    right: Ints
    lengths: Floats
    seams: NDArray[np.bool_]


class _Part(NamedTuple):
    coords: Floats
    left: int
    right: int
    length: float
    seam: bool

    def turned(self) -> "_Part":
        return _Part(self.coords[::-1], self.right, self.left, self.length, self.seam)


def join_lines(parts: Lines, tiles: Sequence[Tile]) -> Lines:
    """Return the lines whose parts meet at cuts."""
    rows = _rows(parts)
    ends: dict[tuple[float, float], list[int]] = {}
    tips = np.array([row.coords[[0, -1]] for row in rows]).reshape(-1, 2)
    cut = on_cut(tips, tiles).reshape(-1, 2)
    for number, row in enumerate(rows):
        for end in (0, 1):
            if cut[number, end]:
                x, y = row.coords[-end].tolist()
                ends.setdefault((x, y), []).append(2 * number + end)
    nodes = {place for place, found in ends.items() if not _runs_on(rows, found)}
    done: set[int] = set()
    out = []
    starts = [(n, e) for n in range(len(rows)) for e in (0, 1) if _is_end(rows[n], e, ends, nodes)]
    for number, end in [*starts, *((n, 0) for n in range(len(rows)))]:
        if number not in done:
            out.append(_joined(_followed(rows, (number, end), ends, nodes, done), nodes, ends))
    return _columns(out)


def _rows(parts: Lines) -> list[_Part]:
    coords, line = shapely.get_coordinates(parts.lines, return_index=True)
    pieces = np.split(coords, np.searchsorted(line, np.arange(1, len(parts.lines))))
    columns = (parts.left, parts.right, parts.lengths, parts.seams)
    values = zip(*(column.tolist() for column in columns), strict=True)
    return [_Part(piece, *row) for piece, row in zip(pieces, values, strict=len(parts.lines) > 0)]


def _runs_on(rows: list[_Part], ends: list[int]) -> bool:
    """Whether two parts that end in a point are one line: the same faces lie beside them."""
    if len(ends) != 2:
        return False
    (one, last), (other, first) = (divmod(end, 2) for end in ends)
    here = rows[one] if last else rows[one].turned()
    there = rows[other].turned() if first else rows[other]
    return (here.left, here.right) == (there.left, there.right)


def _is_end(
    row: _Part, end: int, ends: dict[tuple[float, float], list[int]], nodes: set[tuple[float, float]]
) -> bool:
    x, y = row.coords[-end].tolist()
    return (x, y) not in ends or (x, y) in nodes


def _followed(
    rows: list[_Part],
    start: tuple[int, int],
    ends: dict[tuple[float, float], list[int]],
    nodes: set[tuple[float, float]],
    done: set[int],
) -> list[_Part]:
    """Return the parts of a line from one of its ends on, each turned to run on from the one before."""
    number, end = start
    found = []
    while number not in done:
        done.add(number)
        part = rows[number] if end == 0 else rows[number].turned()
        found.append(part)
        x, y = part.coords[-1].tolist()
        if (x, y) not in ends or (x, y) in nodes:
            break
        here = 2 * number + 1 - end
        one, other = ends[x, y]
        number, end = divmod(other if one == here else one, 2)
    return found


def _joined(
    parts: list[_Part], nodes: set[tuple[float, float]], ends: dict[tuple[float, float], list[int]]
) -> _Part:
    first = parts[0]
    coords = np.concatenate([parts[0].coords[:1], *(part.coords[1:] for part in parts)])
    dropped = [(x, y) in ends and (x, y) not in nodes for x, y in coords.tolist()]
    closed = (coords[0] == coords[-1]).all()
    coords = coords[~np.array(dropped)]
    if closed and dropped[0]:
        coords = np.concatenate([coords, coords[:1]])
    length = sum(part.length for part in parts)
    return _Part(coords, first.left, first.right, length, all(part.seam for part in parts))


def _columns(parts: list[_Part]) -> Lines:
    lines = np.empty(len(parts), dtype=object)
    lines[:] = [shapely.LineString(part.coords) for part in parts]
    return Lines(
        lines,
        np.array([part.left for part in parts], dtype=np.int64),
        np.array([part.right for part in parts], dtype=np.int64),
        np.array([part.length for part in parts], dtype=np.float64),
        np.array([part.seam for part in parts], dtype=np.bool_),
    )
