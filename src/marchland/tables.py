"""Columns and rows of the tables that marchland answers with.

A question becomes an :class:`Answer`: one or more tables, and the stamp that says where the numbers come
from. :mod:`marchland.writers` turns any of them into text.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from marchland.errors import UsageError
from marchland.model import name_in

if TYPE_CHECKING:
    from marchland.answers import Frontier
    from marchland.comparison import Comparison
    from marchland.composite import SpaceTimeComposite
    from marchland.model import Tenure

Value = str | int | float | tuple[str, ...] | None
"""A cell: text, a number, several ids, or nothing known. Dates are ISO text."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name, and for a number the decimals it is rounded to and shown with."""

    name: str
    decimals: int | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under columns.

    ``key`` is the table's name in JSON, ``title`` its heading for people, ``total`` a last row for people
    that is no row of the data.
    """

    key: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Value, ...], ...]
    total: tuple[Value, ...] | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """Everything one question is answered with; ``head`` holds what is said once, before the rows."""

    tables: tuple[Table, ...]
    stamp: Mapping[str, Any]
    head: Mapping[str, Value] = field(default_factory=dict)


LEDGER = (
    Column("territory"),
    Column("from"),
    Column("to"),
    Column("status_from"),
    Column("status_to"),
    Column("area_km2", 2),
    Column("sigma_km2", 2),
    Column("instruments"),
)
PAIRS = (
    Column("from"),
    Column("to"),
    Column("area_km2", 2),
    Column("sigma_km2", 2),
    Column("net_km2", 2),
    Column("net_sigma_km2", 2),
    Column("gross_km2", 2),
    Column("noise_km2", 2),
    Column("change"),
)
HOLDERS = (
    Column("holder"),
    Column("gained_km2", 2),
    Column("lost_km2", 2),
    Column("net_km2", 2),
    Column("sigma_km2", 2),
)
TOTALS = (Column("holder"), Column("area_km2", 2), Column("change_km2", 2))
FRONTIER = (
    Column("segment"),
    Column("instrument"),
    Column("article"),
    Column("rule"),
    Column("stage"),
    Column("length_km", 2),
    Column("sigma_km", 2),
)
TENURES = (
    Column("territory"),
    Column("holder"),
    Column("status"),
    Column("basis"),
    Column("start"),
    Column("end"),
    Column("instrument"),
)
VERSIONS = (
    Column("id"),
    Column("title"),
    Column("signed"),
    Column("in_force"),
    Column("date"),
    Column("until"),
    Column("status"),
)


def table(key: str, title: str, columns: tuple[Column, ...], records: Iterable[Mapping[str, Any]]) -> Table:
    """Return a table of records, its numbers rounded and its dates written as ISO text.

    Parameters
    ----------
    key, title, columns
        As in :class:`Table`.
    records
        One mapping per row with a value for every column; other keys are left out.

    Raises
    ------
    KeyError
        A record lacks a column.
    """
    rows = tuple(tuple(_cell(record[column.name], column) for column in columns) for record in records)
    return Table(key, title, columns, rows)


# --- the tables of each question


def comparison_answer(
    comparison: "Comparison", *, totals_only: bool = False, by: str = "territory"
) -> Answer:
    """Return the ledger of a comparison by territory, by pair of holders and by holder, and the totals.

    ``by`` (``territory``, ``pair`` or ``holder``) says which comes first, and so is what CSV has. Areas are
    in km², σ is one standard deviation. With ``totals_only`` the totals are all there is.
    """
    first, last = comparison.stamp["dates"]
    basis = basis_words(comparison.stamp["basis"])
    totals = table(
        "totals", f"Held on {last}, and the change since {first}", TOTALS, map(_record, comparison.totals)
    )
    if totals_only:
        return Answer((totals,), comparison.stamp)
    ledger = table(
        "ledger", f"What changed from {first} to {last}, {basis}", LEDGER, map(_record, comparison.ledger)
    )
    pairs = table("pairs", "By pair of holders", PAIRS, map(_record, comparison.by_pair))
    holders = table("holders", "Gained and lost", HOLDERS, map(_record, comparison.by_holder))
    parts = {"territory": ledger, "pair": pairs, "holder": holders}
    if by not in parts:
        msg = f"no ledger by {by!r}; choose {', '.join(parts)}"
        raise UsageError(msg)
    rest = (part for part in (ledger, totals, pairs, holders) if part is not parts[by])
    return Answer((parts[by], *rest), comparison.stamp)


def frontier_answer(frontier: "Frontier") -> Answer:
    """Return the frontier of a date, one row per segment; lengths and the σ of position in km."""
    title = f"The frontier on {frontier.date.isoformat()}, {basis_words(frontier.basis)}"
    rows = table("rows", title, FRONTIER, map(_record, frontier.rows))
    stamp = frontier.composite.stamp([frontier.date], frontier.basis)
    total: tuple[Value, ...] = ("total", None, None, None, None, _cell(frontier.length_km, FRONTIER[5]), None)
    return Answer((Table(rows.key, rows.title, rows.columns, rows.rows, total),), stamp)


def tenures_answer(
    tenures: Sequence["Tenure"], stamp: Mapping[str, Any], *, place: str | None, lon: float, lat: float
) -> Answer:
    """Return who held a place, when and by which instrument.

    Parameters
    ----------
    tenures
        The rows, in the order wanted.
    stamp
        As :meth:`SpaceTimeComposite.stamp` gives it.
    place
        Name of the place, or None for a bare coordinate.
    lon, lat
        WGS 84 degrees.
    """
    dates = stamp["dates"]
    where = f"{place} ({lon:g} {lat:g})" if place else f"{lon:g} {lat:g}"
    title = f"{where} on {dates[0]}" if len(dates) == 1 else f"{where}, every tenure"
    rows = table("rows", title, TENURES, map(_record, tenures))
    return Answer((rows,), stamp, {"place": place, "lon": lon, "lat": lat})


def versions_answer(composite: "SpaceTimeComposite", *, lang: str = "en") -> Answer:
    """Return the instruments of a dataset in the order they were signed; ``lang`` is that of their titles."""
    records = [
        {**_record(instrument), "title": name_in(instrument.names, lang)}
        for instrument in composite.instruments.values()
    ]
    records.sort(key=lambda record: (str(record["signed"] or record["date"] or ""), record["id"]))
    rows = table("rows", "Versions of the frontier", VERSIONS, records)
    return Answer((rows,), composite.stamp((), None))


# --- cells


def _record(row: object) -> dict[str, Any]:
    """Return a row of the model, a dataclass, as a mapping."""
    names: Mapping[str, object] = getattr(type(row), "__dataclass_fields__", {})
    return {_COLUMN_OF.get(name, name): getattr(row, name) for name in names}


_COLUMN_OF = {"from_holder": "from", "to_holder": "to"}
"""Fields that cannot have their column's name: it is a keyword of Python, or the pair of one."""


def _cell(value: object, column: Column) -> Value:
    """Round a number, write a date as ISO text, and keep what is absent None."""
    if value is None:
        return None
    if isinstance(value, date):
        return value.isoformat()
    if column.decimals is not None:
        return round(float(value), column.decimals) + 0.0  # type: ignore[arg-type]  # + 0.0 turns -0.0 into 0.0
    if isinstance(value, list | tuple | set | frozenset):
        return tuple(sorted(map(str, value)) if isinstance(value, set | frozenset) else map(str, value))
    return value if isinstance(value, int) else str(value)


def basis_words(basis: object) -> str:
    """Return a basis as people write it: ``de jure``."""
    return str(basis).replace("_", " ")
