"""Published figures beside what the dataset gives for the same."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches

from marchland.answers import FrontierRow, Snapshot
from marchland.comparison import area_sigma, compare
from marchland.composite import SpaceTimeComposite
from marchland.errors import NotFoundError
from marchland.formulas import Formula, parse_formula
from marchland.model import Basis, Claim

AGREES, EXPLAINED, DIFFERS, NOT_COMPUTED = "agrees", "differs: explained", "differs", "not computed"
"""The verdicts."""

TOLERANCE_SIGMAS = 2.0
"""A figure agrees if the published range lies within so many standard deviations of it."""

LENGTH_ERROR = 0.02
"""Standard deviation of a measured length, as a share of it.

The borders of today come out 1 to 2 per cent off their official lengths, root mean square 1.7 per cent:
how many bends of a river or a crest are followed is a matter of the survey.
"""


@dataclass(frozen=True, slots=True)
class Figure:
    """What the dataset gives: a value and one standard deviation of it, None where none is known."""

    value: float
    sigma: float | None


@dataclass(frozen=True, slots=True)
class Finding:
    """A claim, the dataset's figure (None where it has none) and the verdict."""

    claim: Claim
    figure: Figure | None
    verdict: str


def check_claims(composite: SpaceTimeComposite, *ids: str) -> tuple[Finding, ...]:
    """Return a finding for each claim of the dataset, or for those named, in the order of its file.

    Raises
    ------
    NotFoundError
        The dataset holds no claim of that id.
    """
    for name in ids:
        if name not in composite.claims:
            msg = f"no claim {name!r} in the dataset (see 'marchland claims')"
            raise NotFoundError(msg, suggestions=get_close_matches(name, composite.claims, n=3, cutoff=0.5))
    claims = [claim for key, claim in composite.claims.items() if not ids or key in ids]
    return tuple(_finding(composite, claim) for claim in claims)


def measure(composite: SpaceTimeComposite, formula: str) -> Figure:
    """Return what a formula (:mod:`marchland.formulas`) gives: km², km, or per cent for a share.

    The σ of an area is that of the lines around it; that of a length is :data:`LENGTH_ERROR` of it, joined
    with the doubt about where each clause begins and ends.

    Raises
    ------
    ValueError
        It is no formula.
    DateError, KeyError
        It asks for a date the dataset does not answer for, or for something it does not hold.
    """
    parsed = parse_formula(formula)
    return _QUESTIONS[parsed.question](composite, parsed)


def _finding(composite: SpaceTimeComposite, claim: Claim) -> Finding:
    if not claim.measure:
        return Finding(claim, None, NOT_COMPUTED)
    figure = measure(composite, claim.measure)
    if _agrees(claim, figure):
        return Finding(claim, figure, AGREES)
    return Finding(claim, figure, EXPLAINED if claim.explanation else DIFFERS)


def _agrees(claim: Claim, figure: Figure) -> bool:
    reach = TOLERANCE_SIGMAS * (figure.sigma or 0.0)
    low = -math.inf if claim.low is None else claim.low
    high = math.inf if claim.high is None else claim.high
    return low - reach <= figure.value <= high + reach


# --- areas


def _territories(composite: SpaceTimeComposite, formula: Formula) -> Figure:
    return _area(composite, set(formula.terms), _snapshot(composite, formula))


def _compare(composite: SpaceTimeComposite, formula: Formula) -> Figure:
    first, last = formula.days
    found = compare(composite, first, last, basis=_basis(formula))
    giver, taker = formula.options.get("from"), formula.options.get("to")
    moved = {
        row.territory
        for row in found.ledger
        if giver in {None, row.from_holder} and taker in {None, row.to_holder}
    }
    return _area(composite, moved, found.before, found.after)


def _share(composite: SpaceTimeComposite, formula: Formula) -> Figure:
    part, whole = (
        sum(composite.territories[name].area_km2 for name in term.split("+")) for term in formula.terms
    )
    return Figure(100.0 * part / whole, None)


def _area(composite: SpaceTimeComposite, territories: set[str], *snapshots: Snapshot) -> Figure:
    value = sum(composite.territories[name].area_km2 for name in territories)
    return Figure(value, area_sigma(composite, territories, snapshots))


# --- lengths


def _frontier(composite: SpaceTimeComposite, formula: Formula) -> Figure:
    (day,) = formula.days
    rows = [row for row in composite.frontier(day, basis=_basis(formula)).rows if _wanted(row, formula)]
    ends = sum(2.0 * (row.sigma_km or 0.0) ** 2 for row in rows)
    return _length(sum(row.length_km for row in rows), ends)


def _wanted(row: FrontierRow, formula: Formula) -> bool:
    instruments, segments = formula.instruments, formula.listed("segments")
    return (
        (not instruments or row.instrument in instruments)
        and (not segments or row.segment in segments)
        and row.segment not in formula.listed("except")
    )


def _border(composite: SpaceTimeComposite, formula: Formula) -> Figure:
    held = _snapshot(composite, formula).by_territory
    owner = composite.territory_of_face
    length = 0.0
    for arc in composite.arcs:
        sides = [held.get(owner.get(face or "") or "") for face in (arc.left, arc.right)]
        if {side.holder if side else None for side in sides} == set(formula.terms):
            length += arc.length_km
    return _length(length)


def _distance(composite: SpaceTimeComposite, formula: Formula) -> Figure:
    import numpy as np

    from marchland.measure import line_length_km

    ends = [composite.places[name] for name in formula.terms]
    length = line_length_km(np.array([(place.lon, place.lat) for place in ends]))
    return Figure(float(length), math.hypot(*(place.accuracy_km for place in ends)))


def _length(length_km: float, variance_km2: float = 0.0) -> Figure:
    return Figure(length_km, math.sqrt((LENGTH_ERROR * length_km) ** 2 + variance_km2))


# --- what a formula asks


_QUESTIONS: dict[str, Callable[[SpaceTimeComposite, Formula], Figure]] = {
    "territories": _territories,
    "compare": _compare,
    "share": _share,
    "frontier": _frontier,
    "border": _border,
    "distance": _distance,
}


def _basis(formula: Formula) -> Basis:
    return Basis(formula.options.get("basis", Basis.DE_JURE))


def _snapshot(composite: SpaceTimeComposite, formula: Formula) -> Snapshot:
    """Return the snapshot of the date a formula is put ``on``, or of the dataset's last."""
    day: date = next(iter(formula.days), composite.meta.as_of)
    return composite.at(day, basis=_basis(formula))
