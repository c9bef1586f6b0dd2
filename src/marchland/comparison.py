"""Two dates compared: which land changed hands, from whom to whom, how much and how certainly.

Nothing is overlaid. The ledger is a filter on the territories whose holder or status differs, its areas are
sums of areas known since the build, and its errors a quadratic form over the arcs around the land that
changed.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

from marchland.answers import Holding, Snapshot
from marchland.composite import Arc, SpaceTimeComposite
from marchland.model import Basis, Status

if TYPE_CHECKING:
    from pandas import DataFrame


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """A territory whose holder or status changed. ``sigma_km2`` is one standard deviation of its area."""

    territory: str
    from_holder: str | None
    to_holder: str | None
    status_from: Status
    status_to: Status
    area_km2: float
    sigma_km2: float
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


@dataclass(frozen=True)
class Comparison:
    """Two snapshots and what lies between them; ``~c`` is the way back, and ``~~c == c``."""

    before: Snapshot
    after: Snapshot
    ledger: tuple[LedgerRow, ...]

    @cached_property
    def totals(self) -> tuple[TotalRow, ...]:
        """Area and change per holder, holders in order of their ids, undelimited land last."""
        old, new = _areas(self.before), _areas(self.after)
        holders = sorted(old.keys() | new.keys(), key=lambda holder: (holder is None, holder or ""))
        return tuple(
            TotalRow(holder, new.get(holder, 0) / 100, (new.get(holder, 0) - old.get(holder, 0)) / 100)
            for holder in holders
        )

    @property
    def stamp(self) -> dict[str, Any]:
        """What the answer carries with it."""
        return self.before.composite.stamp([self.before.date, self.after.date], self.before.basis)

    def to_frame(self) -> "DataFrame":
        """Return the ledger as columns ``territory, from, to, status_from, status_to, area_km2.

        Sigma_km2, instruments``.
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
        return Comparison(self.after, self.before, tuple(~row for row in self.ledger))


def compare(
    composite: SpaceTimeComposite,
    start: date | str | int,
    end: date | str | int,
    *,
    basis: Basis | str = Basis.DE_JURE,
) -> Comparison:
    """Compare two dates, years or versions on one basis.

    Raises
    ------
    DateError, NotFoundError
        As :meth:`SpaceTimeComposite.at`.
    """
    before, after = composite.at(start, basis=basis), composite.at(end, basis=basis)
    return Comparison(before, after, tuple(_ledger(before, after)))


def _ledger(before: Snapshot, after: Snapshot) -> Iterable[LedgerRow]:
    composite = before.composite
    for old in before.rows:
        new = after.by_territory[old.territory]
        if (old.holder, old.status) == (new.holder, new.status):
            continue
        yield LedgerRow(
            territory=old.territory,
            from_holder=old.holder,
            to_holder=new.holder,
            status_from=old.status,
            status_to=new.status,
            area_km2=composite.territories[old.territory].area_km2,
            sigma_km2=round(area_sigma(composite, {old.territory}, (before, after)), 2),
            instruments=_instruments(composite, new, (before.date, after.date)),
        )


def _instruments(composite: SpaceTimeComposite, new: Holding, dates: tuple[date, date]) -> tuple[str, ...]:
    """Return the instruments by which the land changed hands between the dates, oldest first."""
    first, last = sorted(dates)
    basis = new.tenure.basis
    steps = [
        tenure.instrument
        for tenure in composite.history(territory=new.territory, basis=basis)
        if first < tenure.start <= last and tenure.instrument is not None
    ]
    return tuple(dict.fromkeys(steps))


def _areas(snapshot: Snapshot) -> dict[str | None, int]:
    """Return the area of each holder in whole hundredths of a km².

    So that rows sum to totals to the last printed digit.
    """
    sums: dict[str | None, int] = {}
    for row in snapshot.rows:
        area = round(snapshot.composite.territories[row.territory].area_km2 * 100)
        sums[row.holder] = sums.get(row.holder, 0) + area
    return sums


# --- errors


def area_sigma(composite: SpaceTimeComposite, territories: set[str], snapshots: Iterable[Snapshot]) -> float:
    """Return one standard deviation, km², of the joint area of territories.

    Each arc around them counts with the σ of the segment that drew it on one of the dates (the vaguer, where
    both did), so that a clause nobody applies any more lends no doubt. σ² = Σ sᵢ sⱼ σᵢ σⱼ Cᵢⱼ with C from
    :func:`marchland.measure.displacement_covariance`.
    """
    weights = dict(_boundary(composite, territories, tuple(snapshots)))
    variance = 0.0
    for (one, other), value in composite.covariance.items():
        if one in weights and other in weights:
            variance += weights[one] * weights[other] * value * (1 if one == other else 2)
    return math.sqrt(max(variance, 0.0))


def _boundary(
    composite: SpaceTimeComposite, territories: set[str], snapshots: tuple[Snapshot, ...]
) -> Iterable[tuple[str, float]]:
    owner = composite.territory_of_face
    for arc in composite.arcs:
        inside = [owner.get(face or "") in territories for face in (arc.left, arc.right)]
        if inside[0] != inside[1]:
            yield arc.id, (1.0 if inside[0] else -1.0) * _arc_sigma(composite, arc, snapshots)


def _arc_sigma(composite: SpaceTimeComposite, arc: Arc, snapshots: tuple[Snapshot, ...]) -> float:
    drawn = [
        composite.arc_segment(arc, snapshot.date)
        for snapshot in snapshots
        if _parts_holders(composite, arc, snapshot)
    ]
    return max((segment.sigma_km for segment in drawn if segment is not None), default=arc.sigma_km)


def _parts_holders(composite: SpaceTimeComposite, arc: Arc, snapshot: Snapshot) -> bool:
    sides = [
        snapshot.by_territory.get(composite.territory_of_face.get(face or "") or "")
        for face in (arc.left, arc.right)
    ]
    return len({side.holder if side else "" for side in sides}) > 1
