"""Lines cut at every crossing and merged where they overlap, remembering whose they were."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import LineString, STRtree

from marchland.errors import DataError, list_ids
from marchland.partition.weld import edge_lines, lonlat, weld

__all__ = ["GRID", "Mesh", "Parents", "along", "node"]

GRID = 1e-10
"""Spacing of the noding grid, degrees."""

_WELD = 10  # in spacings of the grid: what lies this close is meant to touch

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Points = NDArray[np.complex128]
Parents = tuple[int, ...]


class Mesh(NamedTuple):
    """Noded edges: unique sorted points, (m, 2) sorted edges u < v, and the parents of each."""

    points: Points
    edges: Ints
    label: Ints  # position in `labels`
    labels: list[Parents]
    linework: list[LineString]


def _on_grid(coords: Floats, grid: float) -> Floats:
    scale = round(1 / grid)  # to divide by a whole number gives the double nearest to the decimal
    return np.round(coords * scale) / scale + 0.0  # + 0.0 turns -0.0 into 0.0


def _pairs(geometries: Sequence[LineString], grid: float) -> tuple[Points, Points, Ints]:
    """Both ends of every edge on the grid, and the line each came from; edges of no length are left out."""
    coords, line = shapely.get_coordinates(np.asarray(geometries, dtype=object), return_index=True)
    coords = _on_grid(coords, grid)
    points = coords[:, 0] + 1j * coords[:, 1]
    keep = (line[1:] == line[:-1]) & (points[1:] != points[:-1])
    return points[:-1][keep], points[1:][keep], line[:-1][keep].astype(np.int64)


def _check(lines: Sequence[LineString]) -> None:
    other = [i for i, line in enumerate(lines) if not isinstance(line, LineString)]  # also rings
    if other:
        message = f"not plain lines: {list_ids(other)}; take geometries apart with shapely.get_parts"
        raise DataError(message)
    coords, line = shapely.get_coordinates(np.asarray(lines, dtype=object), return_index=True)
    bad = np.unique(line[~np.isfinite(coords).all(axis=1)])
    if bad.size:
        message = f"lines with coordinates that are not finite: {list_ids(bad)}; mend or drop them"
        raise DataError(message)


def node(lines: Sequence[LineString], grid: float) -> Mesh:
    """Node lines against each other; see `marchland.partition.node_lines`."""
    _check(lines)
    start, end, line = weld(*_pairs(lines, grid), tolerance=_WELD * grid)
    linework = _linework(start, end, grid)
    cut_start, cut_end, _ = _pairs(linework, grid)
    points, index = np.unique(np.concatenate([start, end, cut_start, cut_end]), return_inverse=True)
    n, m = len(start), len(cut_start)
    size = max(len(points), 1)
    old_key, old = np.unique(_undirected(index[:n], index[n : 2 * n], size), return_inverse=True)
    new_key = np.unique(_undirected(index[2 * n : 2 * n + m], index[2 * n + m :], size))
    old_edges, edges = (np.stack(np.divmod(k, size), axis=1) for k in (old_key, new_key))
    owner = _trace(points, (old_key, old_edges, np.stack([old, line], axis=1)), (new_key, edges), grid)
    label, labels = _group(owner, len(edges))
    return Mesh(points, edges, label, labels, linework)


def _linework(start: Points, end: Points, grid: float) -> list[LineString]:
    """Noded strings of all edges; edges drawn several times once, and joined first, to spare the union."""
    flip = (start.real > end.real) | ((start.real == end.real) & (start.imag > end.imag))
    once = np.unique(np.stack([np.where(flip, end, start), np.where(flip, start, end)], axis=1), axis=0)
    if not len(once):
        return []
    edges = edge_lines(once)
    noded = shapely.unary_union(shapely.line_merge(shapely.multilinestrings(edges)), grid_size=grid)
    parts = shapely.get_parts(noded)
    return list(shapely.transform(parts[~shapely.is_empty(parts)], lambda coords: _on_grid(coords, grid)))


def _undirected(a: Ints, b: Ints, size: int) -> Ints:
    return np.minimum(a, b) * size + np.maximum(a, b)


def _trace(points: Points, old: tuple[Ints, Ints, Ints], new: tuple[Ints, Ints], grid: float) -> Ints:
    """Pairs (noded edge, parent): which input lines each noded edge lies on.

    An input edge that came through noding whole is found by its ends. Of one that was cut up, every noded
    edge is a piece that lies along it, also a piece that some other line had whole.
    """
    old_key, old_edges, old_owner = old
    new_key, edges = new
    at = np.searchsorted(new_key, old_key)
    whole = np.append(new_key, -1)[at] == old_key
    chosen = whole[old_owner[:, 0]]
    direct = np.stack([at[old_owner[chosen, 0]], old_owner[chosen, 1]], axis=1)
    cut = np.flatnonzero(~whole)
    if not len(cut):
        return np.unique(direct, axis=0)
    cut_lines = edge_lines(points[old_edges[cut]])
    piece, source = along(points[edges], cut_lines, 2 * grid)
    spread = old_owner[~chosen]
    spread = spread[np.argsort(spread[:, 0], kind="stable")]
    first = np.searchsorted(spread[:, 0], cut[source], side="left")
    count = np.searchsorted(spread[:, 0], cut[source], side="right") - first
    rows = np.repeat(first - np.cumsum(count) + count, count) + np.arange(count.sum())
    pieces = np.stack([np.repeat(piece, count), spread[rows, 1]], axis=1)
    return np.unique(np.concatenate([direct, pieces]), axis=0)


def along(ends: Points, targets: NDArray[np.object_], tolerance: float) -> tuple[Ints, Ints]:
    """Pairs (edge, target) where the whole edge is within a tolerance of the target."""
    tree = STRtree(targets)
    middle = shapely.points(lonlat(ends.mean(axis=1)))
    edge, target = tree.query(middle, predicate="dwithin", distance=tolerance)
    for side in (0, 1):
        tips = shapely.points(lonlat(ends[edge, side]))
        close = shapely.distance(tips, targets[target]) <= tolerance
        edge, target = edge[close], target[close]
    return edge, target


def _group(owner: Ints, n_edges: int) -> tuple[Ints, list[Parents]]:
    """Give a number to each distinct set of parents; ``owner`` is sorted by edge, then parent."""
    cuts = np.searchsorted(owner[:, 0], np.arange(n_edges + 1))
    parent = owner[:, 1].tolist()
    if n_edges and np.diff(cuts).min() < 1:
        message = f"{int((np.diff(cuts) < 1).sum())} noded edges lie on no input line; report this as a bug"
        raise DataError(message)
    known: dict[Parents, int] = {}
    label = np.empty(n_edges, dtype=np.int64)
    for i in range(n_edges):
        label[i] = known.setdefault(tuple(parent[cuts[i] : cuts[i + 1]]), len(known))
    return label, list(known)
