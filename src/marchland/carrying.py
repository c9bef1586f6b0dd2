"""Numbers of one date's units carried to another date's: population, tax, anything that can be shared out.

A unit's number is spread evenly over its land and gathered again by the units of the other date. Nothing is
overlaid, since every territory lies wholly in one unit on either date: the weights are exact areas, and what
goes in comes out to the last bits. Spreading evenly is an assumption, and the only one.

Units of any shape that are in no composite can be carried by `carry_frame`, which hands them to tobler.
"""

import csv
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from marchland.composite import SpaceTimeComposite
from marchland.errors import DataError, NotFoundError, UsageError, list_ids
from marchland.model import Basis

if TYPE_CHECKING:
    from geopandas import GeoDataFrame
    from pandas import DataFrame

__all__ = ["Carried", "Weight", "area_weights", "carry", "carry_frame", "read_numbers"]

EQUAL_AREA = 8857
"""EPSG code of Equal Earth (Greenwich), in which `carry_frame` measures areas the world over."""


@dataclass(frozen=True, slots=True)
class Weight:
    """Land that was one unit's on the first date and another's on the second; ``share`` is of the first's."""

    source: str | None
    target: str | None
    area_km2: float
    share: float


@dataclass(frozen=True)
class Carried:
    """Numbers by unit of the second date.

    ``values`` has every unit that received some, None standing for land nobody was agreed on; ``weights`` is
    how. The sum of ``values`` is the sum of what was carried.
    """

    composite: SpaceTimeComposite
    dates: tuple[date, date]
    basis: Basis
    values: Mapping[str | None, float]
    weights: tuple[Weight, ...]

    @property
    def stamp(self) -> dict[str, Any]:
        """What the answer carries with it."""
        return self.composite.stamp(self.dates, self.basis)

    def to_frame(self) -> "DataFrame":
        """Return columns ``unit, value``, one row per unit of the second date."""
        from pandas import DataFrame

        return DataFrame(list(self.values.items()), columns=["unit", "value"])


def area_weights(
    composite: SpaceTimeComposite,
    start: date | str | int,
    end: date | str | int,
    *,
    basis: Basis | str = Basis.DE_JURE,
) -> tuple[Weight, ...]:
    """Return how the land of each holder of one date is divided among the holders of another.

    Returns
    -------
    In order of the holders' ids, undelimited land last. The shares of one source sum to 1.

    Raises
    ------
    DateError, NotFoundError
        As :meth:`SpaceTimeComposite.at`.
    """
    before, after = (composite.at(when, basis=basis).by_territory for when in (start, end))
    parts: dict[tuple[str | None, str | None], int] = {}
    whole: dict[str | None, int] = {}
    for key, territory in composite.territories.items():
        pair = tuple(rows[key].holder if key in rows else None for rows in (before, after))
        area = round(territory.area_km2 * 100)
        parts[pair[0], pair[1]] = parts.get((pair[0], pair[1]), 0) + area
        whole[pair[0]] = whole.get(pair[0], 0) + area
    order = sorted(parts, key=lambda pair: [(unit is None, unit or "") for unit in pair])
    return tuple(
        Weight(source, target, parts[source, target] / 100, parts[source, target] / whole[source])
        for source, target in order
        if parts[source, target]
    )


def carry(
    composite: SpaceTimeComposite,
    values: Mapping[str, float],
    start: date | str | int,
    end: date | str | int,
    *,
    basis: Basis | str = Basis.DE_JURE,
) -> Carried:
    """Carry extensive numbers from the holders of one date to those of another, by area.

    Parameters
    ----------
    composite
        The dataset; its holders are the units.
    values
        A number by unit of the first date. A unit may be left out: its land brings nothing.
    start, end
        The dates; the second may be the earlier.
    basis
        In whose sense a holder holds.

    Raises
    ------
    UsageError
        A number that is not finite.
    NotFoundError
        A unit that has no land on the first date, so that its number could go nowhere.
    DateError
        A date outside the dataset.
    """
    bad = [unit for unit, value in values.items() if not math.isfinite(value)]
    if bad:
        msg = f"not numbers that can be shared out: {list_ids(bad)}; leave these units out"
        raise UsageError(msg)
    weights = area_weights(composite, start, end, basis=basis)
    sources = {weight.source for weight in weights}
    lost = [unit for unit in values if unit not in sources]
    if lost:
        day = composite.resolve_when(start)
        msg = f"no land on {day} to spread a number over: {list_ids(lost)}"
        raise NotFoundError(msg, suggestions=sorted(source for source in sources if source))
    shares: dict[str | None, list[float]] = {}
    for weight in weights:
        if weight.source in values:
            shares.setdefault(weight.target, []).append(values[weight.source or ""] * weight.share)
    sums = {target: math.fsum(parts) for target, parts in sorted(shares.items(), key=_last)}
    dates = (composite.resolve_when(start), composite.resolve_when(end))
    return Carried(composite, dates, Basis(basis), sums, weights)


def read_numbers(lines: Iterable[str], *, unit: str | None = None) -> dict[str, dict[str, float]]:
    """Read a table of numbers by unit from lines of CSV.

    Parameters
    ----------
    lines
        The first has the names of the columns.
    unit
        Column with the units' ids; without it the first.

    Returns
    -------
    For each other column, in their order, its numbers by unit; empty cells are left out.

    Raises
    ------
    DataError
        There is no such column, no column of numbers, a unit is there twice or has no id, or a cell is no
        number.

    Examples
    --------
    >>> read_numbers(["holder,people,tax", "russia,10,2.5", "china,20,"])
    {'people': {'russia': 10.0, 'china': 20.0}, 'tax': {'russia': 2.5}}
    """
    try:
        table = csv.DictReader(lines, strict=True)
        names = list(table.fieldnames or [])
        rows = list(table)
    except (csv.Error, UnicodeDecodeError) as error:
        msg = f"the numbers are no CSV in UTF-8: {error}"
        raise DataError(msg) from error
    key = unit or next(iter(names), "")
    if key not in names or len(names) < 2:
        what = "no column of numbers beside it" if key in names else f"no column {key!r}"
        msg = f"the numbers have {what}; there are {list_ids(map(repr, names)) or 'none'}"
        raise DataError(msg)
    ids = [(row[key] or "").strip() for row in rows]
    twice = sorted({one for one in ids if ids.count(one) > 1 or not one})
    if twice:
        msg = f"one row for each unit, please; these are there twice or empty: {list_ids(map(repr, twice))}"
        raise DataError(msg)
    return {name: _column(name, ids, rows) for name in names if name != key}


def _column(name: str, ids: list[str], rows: list[dict[str, str | Any]]) -> dict[str, float]:
    out, wrong = {}, []
    for one, row in zip(ids, rows, strict=True):
        text = (row[name] or "").strip()
        try:
            if text:
                out[one] = float(text)
        except ValueError:
            wrong.append(f"{text!r} ({one})")
    if wrong:
        msg = f"not a number in column {name!r}: {list_ids(wrong)}; write 1234.5, without thousands"
        raise DataError(msg)
    return out


def _last(item: tuple[str | None, Any]) -> tuple[bool, str]:
    return item[0] is None, item[0] or ""


def carry_frame(
    source: "GeoDataFrame", target: "GeoDataFrame", *, extensive: Sequence[str] | Iterable[str]
) -> "GeoDataFrame":
    """Carry extensive columns between units of any shape, by tobler's areal interpolation.

    Parameters
    ----------
    source, target
        Units with a CRS; areas are measured in Equal Earth. Land of the source beyond every target takes its
        part of the number with it. The sum is kept where the targets cover the sources, to about 1e-7: edges
        are straight in the plane, so ones with other vertices on the same line lie a little beside it.
    extensive
        Columns of ``source`` to carry.

    Returns
    -------
    The targets with these columns, in their own CRS.

    Raises
    ------
    UsageError
        tobler is not installed, a frame has no CRS, or a column is missing.
    """
    columns = list(extensive)
    missing = [column for column in columns if column not in source.columns]
    if missing or source.crs is None or target.crs is None:
        what = f"no columns {list_ids(missing)}" if missing else "a frame has no CRS; set one with set_crs"
        raise UsageError(what)
    try:
        from tobler.area_weighted import area_interpolate
    except ModuleNotFoundError as error:
        msg = f"carrying between shapes needs {error.name}, which is not installed; install marchland[tobler]"
        raise UsageError(msg) from error
    found = area_interpolate(
        source.to_crs(EQUAL_AREA),
        target.to_crs(EQUAL_AREA),
        extensive_variables=columns,
        allocate_total=False,
    )
    return target[[target.geometry.name]].assign(**{column: found[column].to_numpy() for column in columns})
