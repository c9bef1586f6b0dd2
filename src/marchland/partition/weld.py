"""Edges whose ends nearly touch something are made to touch it.

A point found by interpolation lies off its line by a few units in the last place. Left alone, a line that
ends there stops short of the other one, and two copies of a stretch, one with the point and one without,
run beside each other instead of being one.
"""

from itertools import pairwise

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import STRtree

__all__ = ["edge_lines", "lonlat", "weld"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Points = NDArray[np.complex128]


def lonlat(points: Points) -> Floats:
    """(n, 2) longitude and latitude of points held as complex numbers."""
    return np.column_stack([points.real, points.imag])


def edge_lines(ends: Points) -> NDArray[np.object_]:
    """(n,) lines of two points each, from (n, 2) ends."""
    lines: NDArray[np.object_] = np.empty(len(ends), dtype=object)
    lines[:] = shapely.linestrings(lonlat(ends.ravel()).reshape(-1, 2, 2))
    return lines


def weld(start: Points, end: Points, line: Ints, *, tolerance: float) -> tuple[Points, Points, Ints]:
    """Merge points closer than a tolerance and cut edges at points that lie on them.

    Parameters
    ----------
    start, end
        (n,) ends of the edges, degrees as complex numbers.
    line
        (n,) the line each belongs to.
    tolerance
        Degrees; points move and edges bend by no more.

    Returns
    -------
    The edges after that, those of no length left out.
    """
    points, index = np.unique(np.concatenate([start, end]), return_inverse=True)
    index = _merge_close(points, tolerance)[index]
    a, b = index[: len(start)], index[len(start) :]
    a, b, line = _cut_at_points(points, (a, b, line), tolerance)
    keep = a != b
    return points[a[keep]], points[b[keep]], line[keep]


def _merge_close(points: Points, tolerance: float) -> Ints:
    """For each of the sorted points the first one of its cluster."""
    first = np.arange(len(points))
    for step in range(1, len(points)):
        near = points.real[step:] - points.real[:-step] <= tolerance
        if not near.any():
            break
        later = np.flatnonzero(near) + step
        later = later[np.abs(points[later] - points[later - step]) <= tolerance]
        np.minimum.at(first, later, first[later - step])
    return first


def _cut_at_points(
    points: Points, edges: tuple[Ints, Ints, Ints], tolerance: float
) -> tuple[Ints, Ints, Ints]:
    a, b, line = edges
    used = np.unique(np.concatenate([a, b]))
    undirected = np.unique(np.sort(np.stack([a, b], axis=1), axis=1), axis=0)
    tree = STRtree(edge_lines(points[undirected]))
    at, edge = tree.query(shapely.points(lonlat(points[used])), predicate="dwithin", distance=tolerance)
    u, v = undirected[edge].T
    within = (used[at] != u) & (used[at] != v)
    cuts: dict[tuple[int, int], list[int]] = {}
    for lo, hi, point in np.stack([u, v, used[at]], axis=1)[within].tolist():
        cuts.setdefault((lo, hi), []).append(point)
    if not cuts:
        return edges
    out: list[tuple[int, int, int]] = []
    for p, q, owner in np.stack([a, b, line], axis=1).tolist():
        stops = cuts.get((min(p, q), max(p, q)), [])
        stops = [p, *sorted(stops, key=lambda s: abs(points[s] - points[p])), q]
        out.extend((s, t, owner) for s, t in pairwise(stops))
    first, second, owners = np.array(out, dtype=np.int64).T
    return first, second, owners
