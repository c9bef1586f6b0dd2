"""Many dates at once: every holder's area and the frontier's length at each change, and all pairs of dates.

Both start from one array of holders by date and territory; nothing is asked of the composite date by date but
its clauses, where the errors need them.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

from marchland.answers import Snapshot
from marchland.composite import SpaceTimeComposite
from marchland.display import Shown
from marchland.errorbars import ErrorModel
from marchland.model import Basis
from marchland.timeline import Timeline, timeline

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from pandas import DataFrame

__all__ = ["AreaRow", "LengthRow", "Matrix", "Series", "matrix", "series"]


@dataclass(frozen=True, slots=True)
class AreaRow:
    """A holder's land from a date on until the next. ``sigma_km2`` is None where no line states an error."""

    date: date
    holder: str | None
    area_km2: float
    sigma_km2: float | None


@dataclass(frozen=True, slots=True)
class LengthRow:
    """The length of the frontier from a date on; ``sigma_km`` is a lower bound (`marchland.errorbars`)."""

    date: date
    length_km: float
    sigma_km: float | None


@dataclass(frozen=True)
class Series(Shown):
    """Area per holder and length of the frontier at every date on which something changed, oldest first.

    ``frontier`` says which lines count, as :meth:`SpaceTimeComposite.frontier` does: those between the
    parties the dataset names (``china-russia``), or ``all`` between land of two holders, none being one.
    """

    composite: SpaceTimeComposite
    basis: Basis
    areas: tuple[AreaRow, ...]
    lengths: tuple[LengthRow, ...]
    frontier: str

    @property
    def summary(self) -> str:
        """One line of text."""
        basis = str(self.basis).replace("_", " ")
        return f"{self.composite.meta.title}, {basis}: {len(self.lengths)} dates of change"

    @property
    def dates(self) -> tuple[date, ...]:
        """The dates, oldest first."""
        return tuple(row.date for row in self.lengths)

    @property
    def stamp(self) -> dict[str, Any]:
        """What the answer carries with it."""
        return self.composite.stamp(self.dates, self.basis)

    def to_frame(self) -> "DataFrame":
        """Return columns ``date, holder, area_km2, sigma_km2``, one row per holder and date."""
        from pandas import DataFrame

        records = [(row.date.isoformat(), row.holder, row.area_km2, row.sigma_km2) for row in self.areas]
        return DataFrame(records, columns=["date", "holder", "area_km2", "sigma_km2"])


def series(
    composite: SpaceTimeComposite,
    *,
    basis: Basis | str = Basis.DE_JURE,
    sigma_km: float | None = None,
    correlation_km: float | None = None,
    progress: Callable[[str, float], None] | None = None,
) -> Series:
    """Return area per holder and length of the frontier at every change date on one basis.

    Parameters
    ----------
    composite
        The dataset.
    basis
        In whose sense a holder holds.
    sigma_km
        Standard deviation of position of the lines for which the dataset states none, km.
    correlation_km
        Distance over which displacements are alike, km, of the lines for which the dataset states none;
        see `marchland.model.reach_km`.
    progress
        Called after each date with what is being done and the share done, 0 to 1.

    Returns
    -------
    A holder has a row on every date from its first land to the date it has none left, which has area 0.

    Raises
    ------
    UsageError
        A σ below zero, or a correlation not above it.
    """
    errors = ErrorModel(composite, sigma_km=sigma_km, correlation_km=correlation_km)
    line = timeline(composite, basis=basis)
    areas: list[AreaRow] = []
    lengths: list[LengthRow] = []
    seen: set[int] = set()
    known: dict[frozenset[str], float | None] = {}
    for row, day in enumerate(line.dates):
        snapshot = composite.at(day, basis=basis)
        areas += _areas(line, row, (errors, known), snapshot, seen)
        frontier = composite.frontier(day, basis=basis)
        chosen = {arc for stretch in frontier.rows for arc in stretch.arcs}
        arcs = [arc for arc in composite.arcs if arc.id in chosen]
        sigma = _rounded(errors.length_sigma_km(arcs, snapshot))
        lengths.append(LengthRow(day, frontier.length_km + 0.0, sigma))
        if composite.segments:
            known.clear()  # other clauses may draw the same lines on the next date
        if progress is not None:
            progress("areas and lengths", (row + 1) / len(line.dates))
    kind = "all" if composite.parties is None else "-".join(sorted(composite.parties))
    return Series(composite, Basis(basis), tuple(areas), tuple(lengths), kind)


def _areas(
    line: Timeline,
    row: int,
    doubt: tuple[ErrorModel, dict[frozenset[str], float | None]],
    snapshot: Snapshot,
    seen: set[int],
) -> Iterable[AreaRow]:
    import numpy as np

    errors, known = doubt
    sums = np.zeros(len(line.holders), dtype=np.int64)
    np.add.at(sums, line.held[row], line.areas)
    present = set(np.unique(line.held[row]).tolist())
    gone = {number for number in seen if number not in present}
    seen |= present
    seen -= gone
    for number in sorted(present | gone, key=lambda n: (n == 0, n)):
        land = [line.territories[t] for t in np.flatnonzero(line.held[row] == number).tolist()]
        key = frozenset(land)
        if key not in known:
            known[key] = _rounded(errors.area_sigma_km2(dict.fromkeys(land, 1.0), (snapshot,)))
        yield AreaRow(snapshot.date, line.holders[number], int(sums[number]) / 100, known[key])


def _rounded(sigma: float | None) -> float | None:
    return None if sigma is None else round(sigma, 2)


# --- all pairs of dates


@dataclass(frozen=True, eq=False)
class Matrix:
    """How much land has another holder on one date than on another, for every pair of dates.

    ``changed_km2`` is (n, n), symmetric, 0 on the diagonal: the area of the ledger of the two dates, less
    what changed its status only.
    """

    composite: SpaceTimeComposite
    basis: Basis
    dates: tuple[date, ...]
    changed_km2: "NDArray[np.float64]"

    @property
    def stamp(self) -> dict[str, Any]:
        """What the answer carries with it."""
        return self.composite.stamp(self.dates, self.basis)

    @cached_property
    def labels(self) -> tuple[str, ...]:
        """The dates as ISO text."""
        return tuple(day.isoformat() for day in self.dates)

    def to_frame(self) -> "DataFrame":
        """Return the areas, km², dates in ISO text as index and columns."""
        from pandas import DataFrame

        return DataFrame(self.changed_km2, index=list(self.labels), columns=list(self.labels))


def matrix(
    composite: SpaceTimeComposite,
    *,
    basis: Basis | str = Basis.DE_JURE,
    dates: Iterable[date | str | int] | None = None,
) -> Matrix:
    """Return the area that changed its holder between every two dates.

    Parameters
    ----------
    composite
        The dataset.
    basis
        In whose sense a holder holds.
    dates
        Dates, years or versions; None takes every date on which something changes. They come out in order,
        each once.

    Raises
    ------
    DateError, NotFoundError
        As :meth:`SpaceTimeComposite.at`.
    """
    chosen = None if dates is None else [composite.resolve_when(when) for when in dates]
    line = timeline(composite, basis=basis, dates=chosen)
    return Matrix(composite, Basis(basis), line.dates, changed_hundredths(line.held, line.areas) / 100)


def changed_hundredths(held: "NDArray[np.int32]", areas: "NDArray[np.int64]") -> "NDArray[np.int64]":
    """Return the summed area of the columns in which two rows differ, for every two rows.

    Parameters
    ----------
    held
        (n, m) anything that can be told apart.
    areas
        (m,) whole numbers whose sum is below 2⁵³, so that floating point adds them without error.

    Returns
    -------
    (n, n) symmetric. Columns with one history are added up beforehand, and rows alike are compared once.
    """
    import numpy as np

    held, row = np.unique(held, axis=0, return_inverse=True)
    stories, column = np.unique(held.T, axis=0, return_inverse=True)
    weight = np.bincount(column.ravel(), weights=areas, minlength=len(stories)) if len(areas) else areas * 1.0
    histories = np.ascontiguousarray(stories.T)
    out = np.zeros((len(held), len(held)), dtype=np.int64)
    for i in range(len(histories)):
        differs = histories[i:] != histories[i]
        out[i, i:] = np.einsum("ij,j->i", differs, weight)  # no BLAS: its threads only wait for each other
    out = np.maximum(out, out.T)
    again: NDArray[np.int64] = out[np.ix_(row.ravel(), row.ravel())]
    return again
