"""Crumbs of the partition, where two lines that mean one run a few metres apart at a join.

Given back to their neighbours.

A sliver loses the line it shares most with one neighbour. The clauses on the line that goes pass to the lines
that stay: they were two drawings of the same stretch, and every clause must still run unbroken from end to
end.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

from marchland.errors import CompileError
from marchland.measure import line_area_term_km2, line_length_km
from marchland.partition import Partition, build_partition

SLIVER_KM2 = 0.5
"""Nothing a clause means is this small but islands, which the coast alone bounds."""

_MOST_ROUNDS = 20


class Sliver(NamedTuple):
    """A face that was given to its neighbour: where it lay (lon, lat) and its area in km²."""

    lon: float
    lat: float
    area_km2: float


def face_areas(partition: Partition) -> NDArray[np.float64]:
    """Add up the arcs' area terms around each face, km².

    Whatever faces are summed, the sum is the area of their union.
    """
    terms = [line_area_term_km2(arc) for arc in partition.arcs]
    return np.array([sum(sign * terms[arc] for arc, sign in arcs) for arcs in partition.face_arcs()])


def without_slivers(
    partition: Partition, *, removable: Sequence[bool], grid: float
) -> tuple[Partition, tuple[Sliver, ...]]:
    """Merge slivers into their neighbours until none is left.

    Parameters
    ----------
    removable
        For each input line of the partition, whether its arcs may go (a coast or the window may not).
    grid
        Noding grid in degrees, as the partition was built with.

    Raises
    ------
    CompileError
        Slivers remain after twenty rounds.
    """
    found: list[Sliver] = []
    for _ in range(_MOST_ROUNDS):
        areas = face_areas(partition)
        doomed, heirs = _doomed(partition, areas, removable)
        if not doomed:
            return partition, tuple(found)
        found += [_sliver(partition, face, float(areas[face])) for face in heirs]
        partition = _rebuilt(partition, doomed, grid)
    msg = (
        f"slivers remain near {found[-1].lon:.3f} {found[-1].lat:.3f} after {_MOST_ROUNDS} rounds;"
        " mend the lines that meet there"
    )
    raise CompileError(msg)


def _doomed(
    partition: Partition, areas: NDArray[np.float64], removable: Sequence[bool]
) -> tuple[dict[int, set[int]], list[int]]:
    """Return the arcs to drop, each with the parents it bequeaths by heir arc, and the faces that go.

    One arc a face, no two adjoining.
    """
    doomed: dict[int, set[int]] = {}
    gone: list[int] = []
    touched: set[int] = set()
    around = partition.face_arcs()
    for face in np.argsort(areas, kind="stable").tolist():
        if areas[face] >= SLIVER_KM2:
            break
        arcs = [arc for arc, _ in around[face]]
        options = [
            arc
            for arc in arcs
            if all(removable[p] for p in partition.parents[arc]) and _inner(partition, arc)
        ]
        if not options or touched & set(arcs):
            continue
        loser = max(options, key=lambda arc: (line_length_km(partition.arcs[arc]), -arc))
        doomed[loser] = {arc for arc in arcs if arc != loser}
        touched |= set(arcs)
        gone.append(face)
    return doomed, gone


def _inner(partition: Partition, arc: int) -> bool:
    return bool(partition.left[arc] >= 0 and partition.right[arc] >= 0)


def _sliver(partition: Partition, face: int, area_km2: float) -> Sliver:
    point = shapely.point_on_surface(partition.faces[face])
    return Sliver(round(point.x, 5), round(point.y, 5), area_km2)


def _rebuilt(partition: Partition, doomed: dict[int, set[int]], grid: float) -> Partition:
    """Build the partition again from the arcs that stay, with the parents of those that go passed on."""
    parents = [set(lines) for lines in partition.parents]
    for loser, heirs in doomed.items():
        for heir in heirs:
            parents[heir] |= parents[loser]
    kept = [arc for arc in range(len(partition.arcs)) if arc not in doomed]
    lines, owners = [partition.arcs[arc] for arc in kept], [parents[arc] for arc in kept]
    for dangle in partition.dangles:
        lines.append(dangle.coords)
        owners.append(set(dangle.parents))
    fresh = build_partition([shapely.LineString(line) for line in lines], grid=grid)
    return Partition(
        arcs=fresh.arcs,
        parents=[tuple(sorted({p for line in on for p in owners[line]})) for on in fresh.parents],
        faces=fresh.faces,
        left=fresh.left,
        right=fresh.right,
        dangles=[
            d._replace(parents=tuple(sorted({p for line in d.parents for p in owners[line]})))
            for d in fresh.dangles
        ],
    )
