"""What must hold of a compiled dataset before it is written."""

from datetime import date

import numpy as np
import shapely

from marchland.compile.assemble import Compiled
from marchland.composite import MAIN_PARTIES, NO_LINE
from marchland.faces import Arc
from marchland.measure import polygon_area_km2
from marchland.model import Basis, Tenure
from marchland.partition import check_coverage

SMALLEST_FACE_KM2 = 0.01
AREA_TOLERANCE_KM2 = 1e-3


def check_compiled(compiled: Compiled, *, first_date: date, as_of: date) -> list[str]:
    """Return what is wrong, one line each.

    An invalid coverage, a sliver, an area that does not add up, frontier without a clause.
    """
    return [
        *check_coverage(list(compiled.polygons)),
        *_slivers(compiled),
        *_areas(compiled),
        *_orphans(compiled, first_date, as_of),
    ]


def _slivers(compiled: Compiled) -> list[str]:
    return [
        f"{face.id} is a sliver of {face.area_km2:g} km²"
        for face in compiled.faces
        if face.area_km2 < SMALLEST_FACE_KM2
    ]


def _areas(compiled: Compiled) -> list[str]:
    """Compare the faces' sum with the area of their union, measured on its own."""
    union = shapely.coverage_union_all(np.asarray(compiled.polygons, dtype=object))
    difference = sum(face.area_km2 for face in compiled.faces) - polygon_area_km2(union)
    return (
        [f"face areas miss their union by {difference:g} km²"] if abs(difference) > AREA_TOLERANCE_KM2 else []
    )


def _orphans(compiled: Compiled, first_date: date, as_of: date) -> list[str]:
    """Find stretches of Russia-China frontier, at any change date, that no segment draws."""
    owner = {face.id: face.territory for face in compiled.faces}
    loose = [arc for arc in compiled.arcs if not arc.segments and arc.kind != "window"]
    found = []
    for basis in Basis:
        tenures = [t for t in compiled.authored.tenures if t.basis == basis]
        for day in sorted({t.start for t in tenures if first_date <= t.start <= as_of}):
            held = {t.territory: t for t in tenures if t.covers(day)}
            bad = [arc for arc in loose if _is_frontier(arc, owner, held)]
            found += [
                f"{arc.id} ({arc.length_km:.0f} km, {owner[arc.left or '']} |"
                f" {owner[arc.right or '']}) has no segment on {day}"
                for arc in bad
            ]
    return found


def _is_frontier(arc: Arc, owner: dict[str, str | None], held: dict[str, Tenure]) -> bool:
    sides = [held.get(owner.get(face or "") or "") for face in (arc.left, arc.right)]
    parts = [side for side in sides if side is not None and side.status not in NO_LINE]
    if len(parts) != len(sides):
        return False
    holders = [side.holder for side in parts]
    return holders[0] != holders[1] and all(h is None or set(h.split("+")) <= MAIN_PARTIES for h in holders)
