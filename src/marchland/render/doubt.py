"""What a page needs to give a ledger its error bars: lines with their σ over time, and their covariance.

The page adds up the same quadratic form as :class:`marchland.errorbars.ErrorModel` does, over every arc of
the dataset and not only those it draws, so its figures are those of ``marchland compare``.
"""

from datetime import date
from typing import Any

from marchland.composite import SpaceTimeComposite
from marchland.faces import Arc
from marchland.model import reach_km
from marchland.render.scene import Scene, line_dates


def errors(scene: Scene, lands: list[str]) -> dict[str, Any] | None:
    """Return the error model of a dataset that has a stored covariance, else None.

    ``arcs`` are [left land, right land, own position, [[from, position of the clause], …]], -1 for no land.
    A position is σ in km, ℓ in km and the number of the arc with that ℓ in the covariance, which is ``rows``,
    ``columns`` and ``values``, km² per km of σ on each. Only arcs between different land count.
    """
    composite = scene.composite
    if not composite.covariance:
        return None
    order = {name: number for number, name in enumerate(lands)}
    used = [arc for arc in composite.arcs if len(set(_sides(composite, arc, order))) > 1]
    days, stretches = line_dates(composite), dict[str, int]()
    arcs = [_arc(composite, arc, order, days, stretches) for arc in used]
    cells = [
        (stretches[one], stretches[other], value)
        for (one, other), value in composite.covariance.items()
        if one in stretches and other in stretches
    ]
    return {
        "arcs": arcs,
        "rows": [row for row, _, _ in cells],
        "columns": [column for _, column, _ in cells],
        "values": [value for _, _, value in cells],
    }


def _arc(
    composite: SpaceTimeComposite,
    arc: Arc,
    order: dict[str, int],
    days: list[date],
    stretches: dict[str, int],
) -> list[Any]:
    def position(sigma_km: float, correlation_km: float | None) -> list[float]:
        reach = reach_km(sigma_km, correlation_km)
        return [sigma_km, reach, stretches.setdefault(arc.stretch(reach), len(stretches))]

    rows: list[list[Any]] = []
    for day in days if arc.segments else ():
        segment = composite.arc_segment(arc, day)
        if segment is not None:
            found = position(segment.sigma_km, segment.correlation_km)
            if not rows or rows[-1][1:] != found:
                rows.append([day.isoformat(), *found])
    return [*_sides(composite, arc, order), position(arc.sigma_km, arc.correlation_km), rows]


def _sides(composite: SpaceTimeComposite, arc: Arc, order: dict[str, int]) -> list[int]:
    owner = composite.territory_of_face
    return [order.get(owner.get(face or "") or "", -1) for face in (arc.left, arc.right)]
