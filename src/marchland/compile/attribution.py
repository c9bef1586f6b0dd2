"""Which territory each face of the partition belongs to.

A face belongs to the territory whose label point it holds, else to the one whose mask holds it. What is left
over is told apart by where it lies: a sliver or river island goes to the neighbour with which it shares most
line, an island of the sea to the nearest land.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import shapely
from numpy.typing import NDArray

from marchland.errors import CompileError, list_ids
from marchland.measure import line_length_km
from marchland.partition import Partition

SEA = "sea"
BACKDROP = "backdrop"
LARGEST_LEFTOVER_KM2 = 400.0
"""A piece of mainland larger than this that no label claims is a mistake in the linework, not a sliver."""


@dataclass
class Attribution:
    """Owner of every face: a territory id, ``backdrop`` or ``sea``.

    ``leftovers`` are (face, owner, km²) that no label or mask claimed.
    """

    owner: list[str | None]
    leftovers: list[tuple[int, str, float]] = field(default_factory=list)


def attribute(
    partition: Partition,
    areas_km2: NDArray[np.float64],
    *,
    land: Sequence[shapely.Geometry],
    labels: Mapping[str, Sequence[tuple[float, float]]],
    masks: Mapping[str, tuple[float, float, float, float]],
    window: shapely.Polygon,
) -> Attribution:
    """Give every face its owner.

    Raises
    ------
    CompileError
        A label lies at sea, two labels of different territories share a face, or mainland is left over.
    """
    inner = shapely.point_on_surface(np.asarray(partition.faces, dtype=object))
    result = Attribution([None] * len(partition.faces))
    _mark_sea(result, inner, land, window)
    _by_label(result, partition, labels)
    _by_mask(result, inner, masks)
    _by_neighbour(result, partition, areas_km2)
    _by_nearness(result, partition, areas_km2)
    return result


def _mark_sea(
    result: Attribution, inner: NDArray[np.object_], land: Sequence[shapely.Geometry], window: shapely.Polygon
) -> None:
    on_land = np.zeros(len(inner), dtype=bool)
    on_land[shapely.STRtree(inner).query(np.asarray(land, dtype=object), predicate="contains")[1]] = True
    on_land &= shapely.contains(window, inner)
    for face in np.flatnonzero(~on_land):
        result.owner[face] = SEA


def _by_label(
    result: Attribution, partition: Partition, labels: Mapping[str, Sequence[tuple[float, float]]]
) -> None:
    tree = shapely.STRtree(partition.faces)
    for name, points in labels.items():
        for lon, lat in points:
            hits = tree.query(shapely.Point(lon, lat), predicate="within")
            if len(hits) != 1 or result.owner[hits[0]] == SEA:
                msg = f"the label of {name} at {lon:g} {lat:g} lies in no land of the window; move it"
                raise CompileError(msg)
            before = result.owner[hits[0]]
            if before not in (None, name):
                msg = (
                    f"{before} and {name} are one face: no line parts their labels; draw one or drop"
                    " a territory"
                )
                raise CompileError(msg)
            result.owner[hits[0]] = name


def _by_mask(
    result: Attribution, inner: NDArray[np.object_], masks: Mapping[str, tuple[float, float, float, float]]
) -> None:
    for name, box in masks.items():
        for face in np.flatnonzero(shapely.contains(shapely.box(*box), inner)):
            if result.owner[face] is None:
                result.owner[face] = name


def _by_neighbour(result: Attribution, partition: Partition, areas_km2: NDArray[np.float64]) -> None:
    """Give what touches owned land to the neighbour with the longest shared line, working inwards."""
    shared: dict[int, dict[int, float]] = {}
    for arc, left, right in zip(
        partition.arcs, partition.left.tolist(), partition.right.tolist(), strict=True
    ):
        if left >= 0 and right >= 0:
            length = line_length_km(arc)
            for one, other in ((left, right), (right, left)):
                beside = shared.setdefault(one, {})
                beside[other] = beside.get(other, 0.0) + length
    waiting = [face for face, owner in enumerate(result.owner) if owner is None]
    while waiting:
        found = {face: best for face in waiting if (best := _best(result, shared.get(face, {}))) is not None}
        if not found:
            break
        for face, owner in found.items():
            _leave(result, face, owner, float(areas_km2[face]))
        waiting = [face for face in waiting if face not in found]
    large = [f"{name} ({area:.0f} km²)" for _, name, area in result.leftovers if area > LARGEST_LEFTOVER_KM2]
    if large:
        msg = (
            f"land that no label claims, beside {list_ids(large)}; give it a territory or mend the"
            " line that cuts it off"
        )
        raise CompileError(msg)


def _best(result: Attribution, beside: Mapping[int, float]) -> str | None:
    lengths: dict[str, float] = {}
    for face, length in beside.items():
        owner = result.owner[face]
        if owner not in (None, SEA):
            lengths[str(owner)] = lengths.get(str(owner), 0.0) + length
    return max(lengths, key=lambda name: (lengths[name], name), default=None)


def _by_nearness(result: Attribution, partition: Partition, areas_km2: NDArray[np.float64]) -> None:
    owned = [face for face, owner in enumerate(result.owner) if owner not in (None, SEA)]
    tree = shapely.STRtree([partition.faces[face] for face in owned])
    for face in [face for face, owner in enumerate(result.owner) if owner is None]:
        nearest = owned[int(tree.nearest(partition.faces[face]))]
        _leave(result, face, str(result.owner[nearest]), float(areas_km2[face]))


def _leave(result: Attribution, face: int, owner: str, area_km2: float) -> None:
    result.owner[face] = owner
    result.leftovers.append((face, owner, area_km2))
