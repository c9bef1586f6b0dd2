"""Cutting the plane into tiles, and lines at the edges of a tile: pure functions.

A tile is a rectangle of longitude and latitude. An edge that crosses a side is split there, at a point
reckoned from the whole edge, the smaller end first: the tiles on both sides of a cut get the same point to
the last bit, whoever reckons it. Cuts lie where no vertex is, so that no line runs along one.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

from marchland.engine.mesh import Edges, PointIndex
from marchland.errors import DataError

__all__ = [
    "MATCHED",
    "WORLD",
    "Tile",
    "clip_edges",
    "far_ends",
    "hilbert_order",
    "on_cut",
    "plan_tiles",
    "settle_ends",
    "split_at",
]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Booleans = NDArray[np.bool_]
Geometries = NDArray[np.object_]

WORLD = (-181.0, -91.0, 181.0, 91.0)
"""Bounds of all tiles together; no coordinate lies as far out."""

MATCHED = 1e-8
"""Degrees, a millimetre: both sides of a longer stretch of a cut must have the same histories.

Shorter ones lie between lines that noding may have made one on either side.
"""

_ROUNDING = 1e-9  # degrees, a tenth of a millimetre
_STEPS = (1 << 16) - 1  # of a Hilbert curve, less one
_ODD = np.sqrt(5) * 1e-7  # degrees; moves a cut off the decimals that vertices are at


class Tile(NamedTuple):
    """A rectangle, ``bounds`` west, south, east, north; ``stops`` are corners of other tiles on its sides."""

    bounds: tuple[float, float, float, float]
    stops: tuple[tuple[float, float], ...] = ()


def plan_tiles(boxes: Floats, weights: Ints, most: int) -> list[Tile]:
    """Halve the world where the work is halved, until no tile has much more work than wanted.

    Parameters
    ----------
    boxes
        (n, 4) bounds of the polygons, or of an even sample of them.
    weights
        (n,) vertices each stands for.
    most
        Vertices of a tile.
    """
    middles = np.column_stack([boxes[:, 0] + boxes[:, 2], boxes[:, 1] + boxes[:, 3]]) / 2
    bounds = _halved(WORLD, middles, weights, most)
    corners = {(x, y) for w, s, e, n in bounds for x in (w, e) for y in (s, n)}
    return [Tile(box, tuple(sorted(c for c in corners if _beside(c, box)))) for box in bounds]


def _halved(
    box: tuple[float, float, float, float], middles: Floats, weights: Ints, most: int
) -> list[tuple[float, float, float, float]]:
    spread = np.ptp(middles, axis=0) if len(middles) else np.zeros(2)
    if weights.sum() <= most or not spread.any():
        return [box]
    axis = int(spread[1] > spread[0])
    order = np.argsort(middles[:, axis], kind="stable")
    so_far = np.cumsum(weights[order])
    at = int(np.searchsorted(so_far, so_far[-1] / 2))
    cut = float(middles[order[at], axis]) + _ODD
    low = middles[:, axis] < cut
    if low.all() or not box[axis] < cut < box[axis + 2]:
        return [box]
    first, second = list(box), list(box)
    first[axis + 2] = second[axis] = cut
    return [
        *_halved((first[0], first[1], first[2], first[3]), middles[low], weights[low], most),
        *_halved((second[0], second[1], second[2], second[3]), middles[~low], weights[~low], most),
    ]


def _beside(corner: tuple[float, float], box: tuple[float, float, float, float]) -> bool:
    """Whether a corner lies on a side of a box, but is none of its own corners."""
    (x, y), (west, south, east, north) = corner, box
    return (x in (west, east) and south < y < north) or (y in (south, north) and west < x < east)


def on_cut(coords: Floats, tiles: Sequence[Tile]) -> Booleans:
    """Whether each point lies on the line of a cut (no vertex of the input does)."""
    bounds = np.array([tile.bounds for tile in tiles])
    out: Booleans = np.isin(coords[:, 0], bounds[:, [0, 2]]) | np.isin(coords[:, 1], bounds[:, [1, 3]])
    return out


# --- lines at the edges of a tile


def clip_edges(edges: Edges, tile: Tile) -> tuple[Edges, Floats]:
    """Return the edges within a tile, those that leave it cut off, and (n, 2, 2) the stretches of its frame.

    The frame is cut wherever an edge crosses it, and at the corners of the tiles beside it.

    Raises :class:`DataError` where a vertex lies on a side.
    """
    low, high = np.array(tile.bounds[:2]), np.array(tile.bounds[2:])
    _refuse_touching(edges.coords, low, high)
    within = np.all((edges.coords > low) & (edges.coords < high), axis=1)
    whole = within[edges.start] & within[edges.start + 1]
    near = _reaches(edges, low, high) & ~whole
    pieces, of = _pieces(edges.coords[edges.start[near]], edges.coords[edges.start[near] + 1], tile.bounds)
    used = np.zeros(len(edges.coords), dtype=np.bool_)
    used[edges.start[whole]] = used[edges.start[whole] + 1] = True
    place = np.cumsum(used) - 1
    kept = place[edges.start[whole]]
    added = used.sum() + 2 * np.arange(len(pieces))
    clipped = Edges(
        np.concatenate([edges.coords[used], pieces.reshape(-1, 2)]),
        edges.vertices.with_more(used, pieces.reshape(-1, 2)),
        np.concatenate([kept, added]),
        np.concatenate([edges.words[whole], edges.words[near][of]]),
    )
    return clipped, _frame(pieces.reshape(-1, 2), tile)


def far_ends(polygons: Geometries, tile: Tile) -> Floats:
    """(n, 2) vertices outside of a tile at which edges end that reach into it."""
    low, high = np.array(tile.bounds[:2]), np.array(tile.bounds[2:])
    rings = shapely.get_rings(shapely.get_parts(polygons))
    coords, ring = shapely.get_coordinates(rings, return_index=True)
    a, b = (coords[:-1], coords[1:]) if len(coords) else (coords, coords)
    reaches = (ring[1:] == ring[:-1]) & ((np.maximum(a, b) > low) & (np.minimum(a, b) < high)).all(axis=1)
    ends = np.concatenate([a[reaches], b[reaches]])
    outside: Floats = ends[~((ends > low) & (ends < high)).all(axis=1)]
    return np.unique(outside, axis=0)


def _refuse_touching(coords: Floats, low: Floats, high: Floats) -> None:
    on_line = ((coords == low) | (coords == high)).any(axis=1)
    on_side = on_line & ((coords >= low) & (coords <= high)).all(axis=1)
    if on_side.any():
        x, y = coords[np.flatnonzero(on_side)[0]].tolist()
        msg = f"the vertex {x!r} {y!r} lies on the edge of a tile; choose the serial engine"
        raise DataError(msg)


def _reaches(edges: Edges, low: Floats, high: Floats) -> Booleans:
    """Whether the box of each edge overlaps the tile."""
    a, b = edges.coords[edges.start], edges.coords[edges.start + 1]
    out: Booleans = np.all((np.maximum(a, b) > low) & (np.minimum(a, b) < high), axis=1)
    return out


def _pieces(a: Floats, b: Floats, bounds: tuple[float, float, float, float]) -> tuple[Floats, Ints]:
    """(n, 2, 2) what of each edge lies within the bounds, and (n,) which edge it is of."""
    flip = (a[:, 0] > b[:, 0]) | ((a[:, 0] == b[:, 0]) & (a[:, 1] > b[:, 1]))
    a, b = np.where(flip[:, None], b, a), np.where(flip[:, None], a, b)
    low, high = np.array(bounds[:2]), np.array(bounds[2:])
    points, valid = [], []
    for end in (a, b):
        points.append(end)
        valid.append(((end > low) & (end < high)).all(axis=1))
    for side, value in enumerate(bounds):
        axis, other = side % 2, 1 - side % 2
        crosses = (a[:, axis] < value) != (b[:, axis] < value)
        with np.errstate(divide="ignore", invalid="ignore"):
            share = (value - a[:, axis]) / (b[:, axis] - a[:, axis])
            point = np.empty_like(a)
            point[:, axis] = value
            point[:, other] = a[:, other] + share * (b[:, other] - a[:, other])
            inside = (point[:, other] > low[other]) & (point[:, other] < high[other])
        points.append(point)
        valid.append(crosses & inside)
    held = np.stack(valid, axis=1)
    two = held.sum(axis=1) == 2
    found = np.stack(points, axis=1)[two][held[two]].reshape(-1, 2, 2)
    return found, np.flatnonzero(two)


def _frame(points: Floats, tile: Tile) -> Floats:
    """(n, 2, 2) ends of the stretches of the frame between points and corners, the smaller end first."""
    west, south, east, north = tile.bounds
    points = np.concatenate([points, np.array(tile.stops).reshape(-1, 2)])
    sides = []
    for axis, value in ((0, west), (0, east), (1, south), (1, north)):
        ends = (south, north) if axis == 0 else (west, east)
        along = np.unique(np.append(points[points[:, axis] == value, 1 - axis], ends))
        fixed = np.full(len(along), value)
        line = np.column_stack([fixed, along] if axis == 0 else [along, fixed])
        sides.append(np.stack([line[:-1], line[1:]], axis=1))
    return np.concatenate(sides)


def settle_ends(lines: Geometries, frame: Floats, tile: Tile) -> Geometries:
    """Return lines whose ends at the frame are its points to the last bit.

    Where lines meet at a sharp angle, noding may move a point by a rounding.
    """
    coords = shapely.get_coordinates(lines)
    sides = np.array(tile.bounds)
    gap = np.abs(coords[:, [0, 1, 0, 1]] - sides).min(axis=1)
    close = np.flatnonzero(gap < _ROUNDING)
    if len(close):
        points = frame.reshape(-1, 2)
        tree = shapely.STRtree(np.asarray(shapely.points(points)))
        found, nearest = tree.query_nearest(shapely.points(coords[close]), max_distance=_ROUNDING)
        coords[close[found]] = points[nearest]
        lines = shapely.set_coordinates(lines.copy(), coords)
    return lines


def split_at(lines: Geometries, frame: Floats) -> Geometries:
    """Return lines cut wherever they have a point of the frame: what was joined there is not one line."""
    coords, line = shapely.get_coordinates(lines, return_index=True)
    first, last = np.diff(line, prepend=-1) != 0, np.diff(line, append=-1) != 0
    cut = ~first & ~last & (PointIndex(frame.reshape(-1, 2)).find(coords) >= 0)
    if not cut.any():
        return lines
    times = 1 + cut
    piece = np.cumsum(np.repeat(first, times) | _seconds(cut)) - 1
    pieces: Any = shapely.linestrings(np.repeat(coords, times, axis=0), indices=piece)
    return np.asarray(pieces, dtype=object)


def _seconds(twice: Booleans) -> Booleans:
    """Which of the rows that are repeated is the second of its two."""
    out: Booleans = np.repeat(twice, 1 + twice)
    out[np.flatnonzero(out)[::2]] = False
    return out


def hilbert_order(points: Floats) -> Ints:
    """Order of points along a Hilbert curve over the world, 2¹⁶ steps a side."""
    low, high = np.array(WORLD[:2]), np.array(WORLD[2:])
    x, y = np.clip((points - low) / (high - low) * _STEPS, 0, _STEPS).astype(np.int64).T
    place = np.zeros(len(points), dtype=np.int64)
    for bit in range(15, -1, -1):
        side = 1 << bit
        right, up = (x & side) > 0, (y & side) > 0
        place += side * side * ((3 * right) ^ up)
        mirror = right & ~up
        x, y = np.where(mirror, _STEPS - x, x), np.where(mirror, _STEPS - y, y)
        x, y = np.where(up, x, y), np.where(up, y, x)
    order: Ints = np.lexsort((points[:, 1], points[:, 0], place))
    return order
