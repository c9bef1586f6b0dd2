"""Lines whose parts meet with the same faces beside them are made one: pure functions."""

from collections.abc import Callable
from collections.abc import Set as AbstractSet
from typing import NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

from marchland.engine.mesh import PointIndex

__all__ = ["Lines", "join_lines", "tips"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Booleans = NDArray[np.bool_]
Geometries = NDArray[np.object_]


class Lines(NamedTuple):
    """Lines with what is known of them; ``left`` and ``right`` are -1 where no polygon lies."""

    lines: Geometries
    left: Ints
    right: Ints
    lengths: Floats
    seams: Booleans

    def take(self, which: Ints | Booleans) -> "Lines":
        """Return some of them, or all in another order."""
        return Lines(
            self.lines[which], self.left[which], self.right[which], self.lengths[which], self.seams[which]
        )

    def and_then(self, others: "Lines") -> "Lines":
        """Return these, then others."""
        return Lines(
            np.concatenate([self.lines, others.lines]),
            np.concatenate([self.left, others.left]),
            np.concatenate([self.right, others.right]),
            np.concatenate([self.lengths, others.lengths]),
            np.concatenate([self.seams, others.seams]),
        )


def tips(lines: Geometries) -> Floats:
    """(2n, 2) first points of lines, then their last points."""
    found: Floats = shapely.get_coordinates([shapely.get_point(lines, 0), shapely.get_point(lines, -1)])
    return found


class _Part(NamedTuple):
    coords: Floats
    left: int
    right: int
    length: float
    seam: bool

    def turned(self) -> "_Part":
        return _Part(self.coords[::-1], self.right, self.left, self.length, self.seam)


def join_lines(parts: Lines, at: Callable[[Floats], Booleans], *, kept: bool = False) -> Lines:
    """Return the lines whose parts meet in certain points with the same faces beside them.

    Parameters
    ----------
    parts
        All lines that end in such points.
    at
        Says of (n, 2) points whether parts are to be joined there.
    kept
        Whether those points stay vertices of the lines, which at cuts they do not.
    """
    rows = _rows(parts)
    ends: dict[tuple[float, float], list[int]] = {}
    both = np.array([row.coords[[0, -1]] for row in rows]).reshape(-1, 2)
    cut = at(both).reshape(-1, 2)
    _settle_tips(rows, both, cut)
    for number, row in enumerate(rows):
        for end in (0, 1):
            if cut[number, end]:
                x, y = row.coords[-end].tolist()
                ends.setdefault((x, y), []).append(2 * number + end)
    nodes = {place for place, found in ends.items() if not _runs_on(rows, found)}
    gone = set() if kept else ends.keys() - nodes
    done: set[int] = set()
    out = []
    starts = [(n, e) for n in range(len(rows)) for e in (0, 1) if _is_end(rows[n], e, ends, nodes)]
    for number, end in [*starts, *((n, 0) for n in range(len(rows)))]:
        if number not in done:
            out.append(_joined(_followed(rows, (number, end), ends, nodes, done), gone))
    return _columns(out)


def _rows(parts: Lines) -> list[_Part]:
    coords, line = shapely.get_coordinates(parts.lines, return_index=True)
    pieces = np.split(coords, np.searchsorted(line, np.arange(1, len(parts.lines))))
    columns = (parts.left, parts.right, parts.lengths, parts.seams)
    values = zip(*(column.tolist() for column in columns), strict=True)
    return [_Part(piece, *row) for piece, row in zip(pieces, values, strict=len(parts.lines) > 0)]


def _settle_tips(rows: list[_Part], both: Floats, cut: Booleans) -> None:
    """Let parts that are to be joined in points a rounding apart end in one point."""
    known = PointIndex(both[cut.ravel()])
    known.join_twins()
    places = np.argwhere(cut).tolist()
    for (number, end), point in zip(places, known.points[known.index], strict=True):
        rows[number].coords[-end] = point


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


def _joined(parts: list[_Part], gone: AbstractSet[tuple[float, float]]) -> _Part:
    first = parts[0]
    coords = np.concatenate([parts[0].coords[:1], *(part.coords[1:] for part in parts)])
    dropped = [(x, y) in gone for x, y in coords.tolist()]
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
