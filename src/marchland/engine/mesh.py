"""The linework of many polygons, each edge once, with the polygons it bounds.

Polygons that are versions of each other share nearly all of their linework. A set of polygons is compared
with another one by the XOR of one 64-bit word a polygon: the word of an edge is that of the polygons whose
rings run along it, and a polygon whose rings run along it twice cancels, as it should. The chance that two
different sets agree is 2⁻⁶⁴.
"""

from copy import copy
from typing import NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

from marchland.errors import DataError

__all__ = ["Mesh", "PointIndex", "mesh_of", "polygon_words", "ring_edges", "xor_groups"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Words = NDArray[np.uint64]
Booleans = NDArray[np.bool_]
Geometries = NDArray[np.object_]

TWINS = 1e-9  # degrees, a tenth of a millimetre: vertices as close are one vertex, drawn twice
_SLANT = np.array([1, 0.6180339887498949])


class PointIndex:
    """Distinct points, found by their exact coordinates.

    Points are sorted by a hash of their bits, in a fifth of the time that sorting by coordinates takes.

    Attributes
    ----------
    points
        (n, 2) lon/lat, each once.
    """

    def __init__(self, coords: Floats) -> None:
        hashes = _hashes(coords)
        order = np.argsort(hashes)
        ordered = hashes[order]
        new = np.append(True, ordered[1:] != ordered[:-1])[: len(ordered)]
        self.points = coords[order[new]] + 0.0
        self._hashes = ordered[new]
        self.index = np.empty(len(coords), dtype=np.int64)
        """(m,) which point each of the coordinates given is."""
        self.index[order] = np.cumsum(new) - 1
        if (self.points[self.index] != coords).any():
            msg = "two points have one hash, a chance of one in billions; move a vertex by a millimetre"
            raise DataError(msg)

    def join_twins(self) -> None:
        """Let coordinates that are a rounding apart be one point, the first along a slanting axis.

        Twins are neighbours along an axis that runs through no two points of a grid. Which of them is kept
        depends on them alone, so that it is the same in every tile: not on where they stand among the others,
        as it would if two as far along stayed in their order, or if a product of matrices were rounded by
        blocks.
        """
        along = self.points[:, 0] * _SLANT[0] + self.points[:, 1] * _SLANT[1]
        order = np.lexsort((self.points[:, 0], along))
        ordered = self.points[order]
        first = np.arange(len(order))
        for step in (1, 2):
            twin = np.flatnonzero((np.abs(ordered[step:] - ordered[:-step]) < TWINS).all(axis=1))
            first[twin + step] = np.minimum(first[twin + step], first[twin])
        while (first[first] != first).any():  # a vertex may be drawn any number of times
            first = first[first]
        keeps = np.empty_like(order)
        keeps[order] = order[first]
        self.index = keeps[self.index]

    def with_more(self, rows: Booleans, more: Floats) -> "PointIndex":
        """Return the index of some of these coordinates, then more of them, without sorting anew."""
        found = self.find(more)
        extra = PointIndex(more[found < 0])
        out = copy(self)
        hashes = np.concatenate([self._hashes, extra._hashes])
        order = np.argsort(hashes, kind="stable")  # two sorted runs: merged in one go
        out._hashes, out.points = hashes[order], np.concatenate([self.points, extra.points])[order]
        place = np.empty_like(order)
        place[order] = np.arange(len(order))
        found[found < 0] = len(self.points) + extra.index
        out.index = place[np.concatenate([self.index[rows], found])]
        return out

    def find(self, coords: Floats) -> Ints:
        """Return which point each of the coordinates is, -1 for none."""
        if not len(self.points):
            return np.full(len(coords), -1)
        at = np.minimum(np.searchsorted(self._hashes, _hashes(coords)), len(self.points) - 1)
        return np.where((self.points[at] == coords).all(axis=1), at, -1)


def _hashes(coords: Floats) -> Words:
    bits = np.ascontiguousarray(coords + 0.0).view(np.uint64)  # + 0.0 turns -0.0 into 0.0
    return _mixed(_mixed(bits[:, 0]) + bits[:, 1])


def _mixed(words: Words) -> Words:
    """Spread 64-bit words (the finaliser of SplitMix64, by Steele, Lea and Flood 2014)."""
    words = words + np.uint64(0x9E3779B97F4A7C15)
    words ^= words >> np.uint64(30)
    words *= np.uint64(0xBF58476D1CE4E5B9)
    words ^= words >> np.uint64(27)
    words *= np.uint64(0x94D049BB133111EB)
    words ^= words >> np.uint64(31)
    return words


def polygon_words(numbers: Ints) -> Words:
    """Return the word that stands for each polygon, by its number; it is the same in every process."""
    return _mixed(numbers.astype(np.uint64))


class Mesh(NamedTuple):
    """Undirected edges, each once.

    ``keys`` are sorted, the smaller point's index times the number of points plus the larger's; ``words`` are
    the XOR of the polygons bounded by each edge; ``runs`` are the edges joined into lines, as far as rings
    run along them without a node.
    """

    vertices: PointIndex
    keys: Ints
    words: Words
    runs: Geometries

    def ends(self, which: Ints | NDArray[np.bool_] | slice = slice(None)) -> Floats:
        """Return (n, 2, 2) coordinates of both ends of edges."""
        points = self.vertices.points
        found: Floats = points[np.stack(np.divmod(self.keys[which], max(len(points), 1)), axis=1)]
        return found

    def find(self, ends: tuple[Ints, Ints]) -> Ints:
        """Return which edge runs between each two points, -1 for none."""
        if not len(self.keys):
            return np.full(len(ends[0]), -1)
        wanted = np.minimum(*ends) * len(self.vertices.points) + np.maximum(*ends)
        at = np.minimum(np.searchsorted(self.keys, wanted), len(self.keys) - 1)
        return np.where((self.keys[at] == wanted) & (ends[0] >= 0) & (ends[1] >= 0), at, -1)


class Edges(NamedTuple):
    """Edges in the order they are drawn.

    ``coords`` are all vertices (n, 2), ``vertices`` the same, each once, ``start`` the vertex each edge
    begins at (it ends at the next one), and ``words`` that of its polygon.
    """

    coords: Floats
    vertices: PointIndex
    start: Ints
    words: Words


def ring_edges(polygons: Geometries, words: Words) -> Edges:
    """Return the edges of all rings of polygons, each with the word of its polygon.

    Vertices drawn twice, a rounding apart, are made one here: noding joins such lines too, but which of them
    it keeps depends on whatever else it is given.
    """
    parts, owner = shapely.get_parts(polygons, return_index=True)
    rings, part = shapely.get_rings(parts, return_index=True)
    coords, ring = shapely.get_coordinates(rings, return_index=True)
    vertices = PointIndex(coords)
    vertices.join_twins()
    start = np.flatnonzero((ring[1:] == ring[:-1]) & (vertices.index[1:] != vertices.index[:-1]))
    return Edges(vertices.points[vertices.index], vertices, start, words[owner[part[ring[start]]]])


def mesh_of(edges: Edges) -> Mesh:
    """Take each edge once."""
    index = edges.vertices
    size = len(index.points)
    a, b = index.index[edges.start], index.index[edges.start + 1]
    keys = np.minimum(a, b) * size + np.maximum(a, b)
    order = np.argsort(keys)
    ordered = keys[order]
    first = np.flatnonzero(np.append(True, ordered[1:] != ordered[:-1])[: len(keys)])
    if not len(first):
        return Mesh(index, ordered, edges.words[:0], np.zeros(0, dtype=object))
    once = np.sort(np.minimum.reduceat(order, first))  # where each edge is drawn first
    meets = np.bincount(a[once], minlength=size) + np.bincount(b[once], minlength=size)
    goes_on = (np.diff(edges.start[once]) == 1) & (meets[a[once[1:]]] == 2)
    runs = _runs(edges.coords, edges.start[once], goes_on)
    return Mesh(index, ordered[first], np.bitwise_xor.reduceat(edges.words[order], first), runs)


def _runs(coords: Floats, start: Ints, goes_on: NDArray[np.bool_]) -> Geometries:
    """Lines along edges that follow each other."""
    head = np.append(True, ~goes_on)
    first = np.flatnonzero(head)
    size = np.diff(np.append(first, len(start))) + 1
    before = np.cumsum(size) - size
    vertex = np.repeat(start[first] - before, size) + np.arange(size.sum())
    lines: Geometries = shapely.linestrings(coords[vertex], indices=np.repeat(np.arange(len(first)), size))
    return lines


def xor_groups(group: Ints, words: Words, count: int) -> Words:
    """XOR of the words of each group; groups are sorted and none is empty."""
    if not count:
        return np.zeros(0, dtype=np.uint64)
    out: Words = np.bitwise_xor.reduceat(words, np.searchsorted(group, np.arange(count)))
    return out
