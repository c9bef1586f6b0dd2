"""Two dates compared: which land changed hands, from whom to whom, how much and how certainly.

Nothing is overlaid. The ledger is a filter on the territories whose holder or status differs, its areas are
sums of areas known since the build, and its errors a quadratic form over the arcs around the land that
changed.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, Any

from marchland.answers import Snapshot
from marchland.composite import SpaceTimeComposite
from marchland.display import Shown
from marchland.errorbars import ErrorModel
from marchland.model import Basis, Status

if TYPE_CHECKING:
    from pandas import DataFrame


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """A territory whose holder or status changed.

    ``sigma_km2`` is one standard deviation of its area, None where the dataset states no error of any line.
    """

    territory: str
    from_holder: str | None
    to_holder: str | None
    status_from: Status
    status_to: Status
    area_km2: float
    sigma_km2: float | None
    instruments: tuple[str, ...]

    def __invert__(self) -> "LedgerRow":
        """Return the row of the reverse comparison."""
        return replace(
            self,
            from_holder=self.to_holder,
            to_holder=self.from_holder,
            status_from=self.status_to,
            status_to=self.status_from,
        )


@dataclass(frozen=True, slots=True)
class TotalRow:
    """A holder's area on the second date and its change since the first, in km².

    ``holder`` None is land nobody was agreed on.
    """

    holder: str | None
    area_km2: float
    change_km2: float


class Change(StrEnum):
    """What a comparison is evidence of."""

    UNCHANGED = "unchanged"
    REAL = "real"
    REDRAWN = "redrawn"


@dataclass(frozen=True, slots=True)
class PairRow:
    """All land that passed from one holder to another, and what passed the other way.

    ``net_km2`` is ``area_km2`` less the way back, ``gross_km2`` the sum of both; the σ are one standard
    deviation of the area and of the net. ``noise_km2`` is the gross that two drawings of the same line would
    differ by, None where there are no two lines to compare or no σ; a gross above it is ``real``, no more
    than it ``redrawn``. ``change`` is None where the dataset states no error of any line.
    """

    from_holder: str | None
    to_holder: str | None
    area_km2: float
    sigma_km2: float | None
    net_km2: float
    net_sigma_km2: float | None
    gross_km2: float
    noise_km2: float | None
    change: Change | None


@dataclass(frozen=True, slots=True)
class HolderRow:
    """A holder's gain, loss and net change, km²; ``sigma_km2`` is one standard deviation of the net."""

    holder: str | None
    gained_km2: float
    lost_km2: float
    net_km2: float
    sigma_km2: float | None


@dataclass(frozen=True)
class Comparison(Shown):
    """Two snapshots and what lies between them; ``~c`` is the way back, and ``~~c == c``."""

    before: Snapshot
    after: Snapshot
    ledger: tuple[LedgerRow, ...]
    errors: ErrorModel = field(compare=False, repr=False)

    @property
    def summary(self) -> str:
        """One line of text."""
        basis = str(self.before.basis).replace("_", " ")
        dates = f"{self.before.date} to {self.after.date}"
        return f"{self.before.composite.meta.title}, {dates}, {basis}: {len(self.ledger)} territories changed"

    @cached_property
    def totals(self) -> tuple[TotalRow, ...]:
        """Area and change per holder, holders in order of their ids, undelimited land last."""
        old, new = _areas(self.before), _areas(self.after)
        holders = sorted(old.keys() | new.keys(), key=lambda holder: (holder is None, holder or ""))
        return tuple(
            TotalRow(holder, new.get(holder, 0) / 100, (new.get(holder, 0) - old.get(holder, 0)) / 100)
            for holder in holders
        )

    @cached_property
    def by_pair(self) -> tuple[PairRow, ...]:
        """Land by the pair of holders it passed between; a change of status alone is in none."""
        return tuple(_pair_rows(self))

    @cached_property
    def by_holder(self) -> tuple[HolderRow, ...]:
        """Gain, loss and net change of each holder that had any, in order of their ids, undelimited last.

        The σ of a net change is that of everything gained less everything lost at once, so that what two
        territories have in common counts once, or not at all.
        """
        return tuple(_holder_rows(self))

    @property
    def change(self) -> Change | None:
        """What all of it is evidence of: real if any pair of holders is.

        None where nothing says how certain the lines are.
        """
        if not self.ledger:
            return Change.UNCHANGED
        found = {row.change for row in self.by_pair}
        if not found or Change.REAL in found:
            return Change.REAL  # no pair at all: only the status of land changed, and no line can say that
        return Change.REDRAWN if None not in found else None

    @property
    def stamp(self) -> dict[str, Any]:
        """What the answer carries with it."""
        return self.before.composite.stamp([self.before.date, self.after.date], self.before.basis)

    def to_frame(self) -> "DataFrame":
        """Return the ledger, a row a territory.

        Columns ``territory, from, to, status_from, status_to, area_km2, sigma_km2, instruments``.
        """
        from pandas import DataFrame

        columns = [
            "territory",
            "from",
            "to",
            "status_from",
            "status_to",
            "area_km2",
            "sigma_km2",
            "instruments",
        ]
        records = [
            (
                row.territory,
                row.from_holder,
                row.to_holder,
                str(row.status_from),
                str(row.status_to),
                row.area_km2,
                row.sigma_km2,
                ", ".join(row.instruments),
            )
            for row in self.ledger
        ]
        return DataFrame(records, columns=columns)

    def __invert__(self) -> "Comparison":
        """Return the comparison from the second date to the first."""
        return Comparison(self.after, self.before, tuple(~row for row in self.ledger), self.errors)


def compare(
    composite: SpaceTimeComposite,
    start: date | str | int,
    end: date | str | int,
    *,
    basis: Basis | str = Basis.DE_JURE,
    sigma_km: float | None = None,
    correlation_km: float | None = None,
) -> Comparison:
    """Compare two dates, years or versions on one basis.

    Parameters
    ----------
    composite
        The dataset.
    start, end
        The dates; the first may be the later.
    basis
        In whose sense a holder holds.
    sigma_km
        Standard deviation of position of the lines for which the dataset states none, km.
    correlation_km
        Distance over which displacements are alike, km, of the lines for which the dataset states none;
        see `marchland.model.reach_km`.

    Raises
    ------
    DateError, NotFoundError
        As :meth:`SpaceTimeComposite.at`.
    UsageError
        A σ below zero, or a correlation not above it.
    """
    errors = ErrorModel(composite, sigma_km=sigma_km, correlation_km=correlation_km)
    before, after = composite.at(start, basis=basis), composite.at(end, basis=basis)
    return Comparison(before, after, tuple(_ledger(before, after, errors)), errors)


def _ledger(before: Snapshot, after: Snapshot, errors: ErrorModel) -> Iterable[LedgerRow]:
    composite = before.composite
    instruments = _instruments(before, after)
    for territory in composite.territories:
        old, new = _held(before, territory), _held(after, territory)
        if old == new:
            continue
        sigma = errors.area_sigma_km2({territory: 1.0}, (before, after))
        yield LedgerRow(
            territory=territory,
            from_holder=old[0],
            to_holder=new[0],
            status_from=old[1],
            status_to=new[1],
            area_km2=composite.territories[territory].area_km2,
            sigma_km2=_rounded(sigma),
            instruments=tuple(dict.fromkeys(instruments.get(territory, ()))),
        )


def _held(snapshot: Snapshot, territory: str) -> tuple[str | None, Status]:
    """Return holder and status; land without a tenure on the date is nobody's and undelimited."""
    row = snapshot.by_territory.get(territory)
    return (row.holder, row.status) if row else (None, Status.UNDELIMITED)


def _rounded(sigma: float | None) -> float | None:
    return None if sigma is None else round(sigma, 2)


def _instruments(before: Snapshot, after: Snapshot) -> dict[str, list[str]]:
    """Return the instruments by which each territory changed hands between the dates, oldest first."""
    first, last = sorted((before.date, after.date))
    steps = [
        tenure
        for tenure in before.composite.tenures
        if tenure.basis == before.basis and first < tenure.start <= last and tenure.instrument is not None
    ]
    found: dict[str, list[str]] = {}
    for tenure in sorted(steps, key=lambda tenure: tenure.start):
        found.setdefault(tenure.territory, []).append(tenure.instrument or "")
    return found


def _areas(snapshot: Snapshot) -> dict[str | None, int]:
    """Return the area of each holder in whole hundredths of a km².

    So that rows sum to totals to the last printed digit.
    """
    sums: dict[str | None, int] = {}
    for row in snapshot.rows:
        area = _hundredths(snapshot.composite, row.territory)
        sums[row.holder] = sums.get(row.holder, 0) + area
    return sums


def _hundredths(composite: SpaceTimeComposite, territory: str) -> int:
    return round(composite.territories[territory].area_km2 * 100)


# --- by holder and by pair of holders


def _holder_rows(comparison: Comparison) -> Iterable[HolderRow]:
    composite = comparison.before.composite
    gained: dict[str | None, list[str]] = {}
    lost: dict[str | None, list[str]] = {}
    for row in comparison.ledger:
        if row.from_holder != row.to_holder:
            gained.setdefault(row.to_holder, []).append(row.territory)
            lost.setdefault(row.from_holder, []).append(row.territory)
    for holder in sorted(gained.keys() | lost.keys(), key=_undelimited_last):
        plus, minus = (
            sum(_hundredths(composite, territory) for territory in side.get(holder, ()))
            for side in (gained, lost)
        )
        share = dict.fromkeys(gained.get(holder, ()), 1.0) | dict.fromkeys(lost.get(holder, ()), -1.0)
        sigma = comparison.errors.area_sigma_km2(share, (comparison.before, comparison.after))
        yield HolderRow(holder, plus / 100, minus / 100, (plus - minus) / 100, _rounded(sigma))


def _pair_rows(comparison: Comparison) -> Iterable[PairRow]:
    composite, errors = comparison.before.composite, comparison.errors
    dates = (comparison.before, comparison.after)
    moved: dict[tuple[str | None, str | None], list[str]] = {}
    for row in comparison.ledger:
        if row.from_holder != row.to_holder:
            moved.setdefault((row.from_holder, row.to_holder), []).append(row.territory)
    for pair in sorted(moved, key=lambda pair: [_undelimited_last(holder) for holder in pair]):
        there, back = moved[pair], moved.get((pair[1], pair[0]), [])
        out, home = (sum(_hundredths(composite, t) for t in side) for side in (there, back))
        noise = redrawing_noise(errors, dates, {*there, *back}, pair)
        gross = (out + home) / 100
        yield PairRow(
            from_holder=pair[0],
            to_holder=pair[1],
            area_km2=out / 100,
            sigma_km2=_rounded(errors.area_sigma_km2(dict.fromkeys(there, 1.0), dates)),
            net_km2=(out - home) / 100,
            net_sigma_km2=_rounded(
                errors.area_sigma_km2(dict.fromkeys(there, 1.0) | dict.fromkeys(back, -1.0), dates)
            ),
            gross_km2=gross,
            noise_km2=_rounded(noise),
            change=_verdict(gross, noise) if errors.stated else None,
        )


def _verdict(gross_km2: float, noise_km2: float | None) -> Change:
    return Change.REDRAWN if noise_km2 is not None and gross_km2 <= noise_km2 else Change.REAL


def _undelimited_last(holder: str | None) -> tuple[bool, str]:
    return holder is None, holder or ""


def redrawing_noise(
    errors: ErrorModel,
    dates: tuple[Snapshot, Snapshot],
    moved: set[str],
    pair: tuple[str | None, str | None],
) -> float | None:
    """Return the area two drawings of one line would differ by, km², where the moved land lies between two.

    The lines are the stretches around the moved land on which the two holders meet, on either date. Drawn
    independently with σ₁ and σ₂, they are √(2(σ₁² + σ₂²)/π) apart on average, which is 2σ/√π where both are
    alike (`marchland.measure.redrawing_noise_km2`); σ² is averaged along each, and the length is the mean of
    both. None where the holders do not meet on one of the dates, as then no line was drawn twice, and where
    nothing states a σ.
    """
    if not errors.stated:
        return None
    arcs = {arc.id: arc for territory in moved for arc in errors.arcs_of.get(territory, ())}
    drawn = []
    for snapshot in dates:
        line = [arc for arc in arcs.values() if set(errors.sides(arc, snapshot)) == set(pair)]
        length = sum(arc.length_km for arc in line)
        if not length:
            return None
        squares = sum(arc.length_km * errors.arc_sigma_km(arc, (snapshot,)) ** 2 for arc in line)
        drawn.append((length, squares / length))
    spread = math.sqrt(2 * (drawn[0][1] + drawn[1][1]) / math.pi)
    return spread * (drawn[0][0] + drawn[1][0]) / 2


# --- errors


def area_sigma(
    composite: SpaceTimeComposite,
    territories: set[str],
    snapshots: Iterable[Snapshot],
    errors: ErrorModel | None = None,
) -> float:
    """Return one standard deviation, km², of the joint area of territories.

    Each arc around them counts with the σ of the segment that drew it on one of the dates (the vaguer, where
    both did), so that a clause nobody applies any more lends no doubt; see :mod:`marchland.errorbars`. It is
    0 where the dataset and ``errors``, which may stand in for it, state no error of any line.
    """
    share = dict.fromkeys(sorted(territories), 1.0)
    return (errors or ErrorModel(composite)).area_sigma_km2(share, snapshots) or 0.0
