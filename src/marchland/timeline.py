"""Who held each territory on each of many dates, as one array: where questions about many dates start.

Areas are whole hundredths of a km², as territories have them, so that any sum is exact.
"""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from marchland.composite import SpaceTimeComposite
from marchland.errors import DateError
from marchland.model import Basis

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["Timeline", "timeline"]


@dataclass(frozen=True, eq=False)
class Timeline:
    """Holders by date and territory.

    Attributes
    ----------
    dates, territories, holders
        What the rows, the columns and the numbers of ``held`` stand for. The first holder is None, land that
        nobody was agreed on or that the dataset says nothing of; the others follow in order of their ids.
    held
        (dates, territories) positions in ``holders``.
    areas
        (territories,) hundredths of a km².
    """

    dates: tuple[date, ...]
    territories: tuple[str, ...]
    holders: tuple[str | None, ...]
    held: "NDArray[np.int32]"
    areas: "NDArray[np.int64]"

    def row(self, when: date) -> int:
        """Return the row that holds on a date: that of the last date not after it.

        Raises :class:`~marchland.errors.DateError` before the first.
        """
        row = bisect_right(self.dates, when) - 1
        if row < 0:
            msg = f"{when} is before {self.dates[0] if self.dates else 'any date'}, the first of the timeline"
            raise DateError(msg)
        return row

    def between(self, first: date, last: date) -> dict[tuple[str | None, str | None], float]:
        """Return the land of each holder of one date by its holder on another, km², also what stayed.

        The cheapest table of two dates there is: one count over an array. For statuses, errors and
        instruments see :func:`marchland.comparison.compare`.
        """
        import numpy as np

        size = len(self.holders)
        pair = self.held[self.row(first)].astype(np.int64) * size + self.held[self.row(last)]
        sums = np.bincount(pair, weights=self.areas)
        used = np.flatnonzero(sums).tolist()
        return {(self.holders[k // size], self.holders[k % size]): float(sums[k]) / 100 for k in used}


def timeline(
    composite: SpaceTimeComposite, *, basis: Basis | str = Basis.DE_JURE, dates: Iterable[date] | None = None
) -> Timeline:
    """Return the holders of all territories on dates, by default on every date on which something changes.

    Raises
    ------
    DateError
        A date is outside the dataset.
    """
    import numpy as np

    chosen = composite.change_dates(basis) if dates is None else tuple(sorted(set(dates)))
    for day in chosen:
        composite.check_date(day)
    territories = tuple(composite.territories)
    tenures = [tenure for tenure in composite.tenures if tenure.basis == Basis(basis)]
    holders: tuple[str | None, ...] = (None, *sorted({t.holder for t in tenures if t.holder is not None}))
    number = {holder: n for n, holder in enumerate(holders)}
    column = {territory: n for n, territory in enumerate(territories)}
    ordinals = np.array([day.toordinal() for day in chosen], dtype=np.int64)
    held = np.zeros((len(chosen), len(territories)), dtype=np.int32)
    bounds = [(t.start.toordinal(), (t.end or date.max).toordinal()) for t in tenures]
    rows = np.searchsorted(ordinals, np.array(bounds, dtype=np.int64).reshape(-1, 2), side="left")
    for tenure, (first, last) in zip(tenures, rows.tolist(), strict=True):
        held[first:last, column[tenure.territory]] = number[tenure.holder]
    areas = np.array([round(t.area_km2 * 100) for t in composite.territories.values()], dtype=np.int64)
    return Timeline(chosen, territories, holders, held, areas)
