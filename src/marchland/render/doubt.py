"""What a page needs to give a ledger its error bars: lines with their σ over time, and their covariance.

The page adds up the same quadratic form as :class:`marchland.errorbars.ErrorModel` does, over every arc of
the dataset and not only those it draws, so its figures are those of ``marchland compare``.
"""

from datetime import date
from typing import Any

from marchland.composite import Arc, SpaceTimeComposite
from marchland.render.scene import Scene, line_dates


def errors(scene: Scene, lands: list[str]) -> dict[str, Any] | None:
    """Return the error model of a dataset that has a stored covariance, else None.

    ``arcs`` are [left land, right land, own σ in km, [[from, σ of the clause], …]], -1 for no land;
    ``covariance`` is flat: arc, arc, km² per km of σ on each. Only arcs between different land count.
    """
    composite = scene.composite
    if not composite.covariance:
        return None
    order = {name: number for number, name in enumerate(lands)}
    used = [arc for arc in composite.arcs if len(set(_sides(composite, arc, order))) > 1]
    position = {arc.id: number for number, arc in enumerate(used)}
    days = line_dates(composite)
    return {
        "arcs": [
            [*_sides(composite, arc, order), arc.sigma_km, _clause_sigmas(composite, arc, days)]
            for arc in used
        ],
        "covariance": [
            number
            for (one, other), value in composite.covariance.items()
            if one in position and other in position
            for number in (position[one], position[other], value)
        ],
    }


def _sides(composite: SpaceTimeComposite, arc: Arc, order: dict[str, int]) -> list[int]:
    owner = composite.territory_of_face
    return [order.get(owner.get(face or "") or "", -1) for face in (arc.left, arc.right)]


def _clause_sigmas(composite: SpaceTimeComposite, arc: Arc, days: list[date]) -> list[list[Any]]:
    rows: list[list[Any]] = []
    for day in days if arc.segments else ():
        segment = composite.arc_segment(arc, day)
        if segment is not None and (not rows or rows[-1][1] != segment.sigma_km):
            rows.append([day.isoformat(), segment.sigma_km])
    return rows
