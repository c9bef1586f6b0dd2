"""Columns, rows and writers of every table that marchland prints.

A question becomes an :class:`Answer` (one or more tables, and the stamp that says where the numbers come
from); each writer turns any answer into text. What is written depends on the answer alone: rows keep their
order, numbers their precision, and no clock is read.
"""

import csv
import io
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from marchland import marks
from marchland.errors import UsageError
from marchland.layout import columns, harmless
from marchland.model import NOT_STATED, name_in

if TYPE_CHECKING:
    from marchland.answers import Frontier
    from marchland.comparison import Comparison
    from marchland.composite import SpaceTimeComposite
    from marchland.model import Tenure

Value = str | int | float | tuple[str, ...] | None
"""A cell: text, a number, several ids, or nothing known. Dates are ISO text."""

SHORT_HASH = len("sha256:") + 12
"""How much of the dataset's hash people are shown; JSON has all of it."""

NOTHING = "–"
"""How a cell without a value looks in tables for people; JSON has null, CSV an empty cell."""


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
    basis = _words(comparison.stamp["basis"])
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
    title = f"The frontier on {frontier.date.isoformat()}, {_words(frontier.basis)}"
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


# --- writers


def write(answer: Answer, how: str, *, width: int | None = None) -> str:
    """Return an answer as text that ends in a line break.

    Parameters
    ----------
    answer
        What to write.
    how
        ``table`` (aligned, for a terminal), ``csv`` (the first table, bare), ``json`` (one object with the
        stamp) or ``md``.
    width
        Cells of the terminal that a ``table`` is wrapped to; None leaves lines whole. Nothing else heeds it.

    Raises
    ------
    UsageError
        No such format.
    """
    writer = WRITERS.get(how)
    if writer is None:
        msg = f"no format {how!r}; choose {', '.join(WRITERS)}"
        raise UsageError(msg)
    return to_text(answer, width=width) if writer is to_text else writer(answer)


def to_json(answer: Answer) -> str:
    """Return one JSON object: what is said once, each table as an array of objects, and the stamp."""
    document: dict[str, Any] = dict(answer.head)
    for part in answer.tables:
        names = [column.name for column in part.columns]
        document[part.key] = [dict(zip(names, row, strict=True)) for row in part.rows]
    document["stamp"] = dict(answer.stamp)
    return json.dumps(document, ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def to_csv(answer: Answer) -> str:
    """Return the first table as RFC 4180 rows under one header, with LF line ends.

    Several ids in a cell are joined by ``;``.
    """
    part = answer.tables[0]
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow([column.name for column in part.columns])
    for row in part.rows:
        writer.writerow([_plain(value, column) for value, column in zip(row, part.columns, strict=True)])
    return stream.getvalue()


def to_text(answer: Answer, *, width: int | None = None) -> str:
    """Return each table aligned under its title, wrapped to a width if one is given, and the stamp."""
    blocks = [f"{part.title}\n\n{_aligned(part, width)}" for part in answer.tables]
    return harmless("\n".join([*blocks, "\n".join(stamp_lines(answer.stamp)) + "\n"]))


def to_markdown(answer: Answer) -> str:
    """Return each table as a Markdown (GFM) table under its title in bold, and the stamp at the end.

    Where the stamp has the request, a comment that is not shown says how to ask again.
    """
    blocks = [f"**{_escape(part.title)}**\n\n{_pipes(part)}" for part in answer.tables]
    stamp = "  \n".join(_escape(line) for line in stamp_lines(answer.stamp))
    again = [marks.in_markdown(marks.mark(answer.stamp))] if "request" in answer.stamp else []
    return harmless("\n".join([*blocks, stamp + "\n", *again]))


WRITERS: dict[str, Callable[[Answer], str]] = {
    "table": to_text,
    "csv": to_csv,
    "json": to_json,
    "md": to_markdown,
}


def stamp_lines(stamp: Mapping[str, Any]) -> list[str]:
    """Return a stamp in four lines for people: dataset, question, method, and rights."""
    asked = [_words(stamp["basis"])] if stamp["basis"] else []
    asked += [", ".join(stamp["dates"])] if stamp["dates"] else []
    asked += [f"the data's last date is {stamp['as_of']}"] if "as_of" in stamp else []
    lines = [
        " ".join(filter(None, (stamp["dataset"], stamp["version"], f"({stamp['hash'][:SHORT_HASH]})"))),
        " · ".join(asked),
        f"{stamp['method']} · {stamp['crs']}",
        rights(stamp),
    ]
    return [line for line in lines if line]


def rights(stamp: Mapping[str, Any]) -> str:
    """Return citation, licence and attribution in one line for people, each once.

    Boundaries that say nothing of their author are cited by the name of their file.

    Examples
    --------
    >>> rights({"citation": "not stated", "licence": "not stated", "attribution": "not stated"})
    'author and licence: not stated'
    """
    citation, licence, attribution = (str(stamp[key]) for key in ("citation", "licence", "attribution"))
    if all(NOT_STATED in told for told in (citation, licence, attribution)):
        return f"author and licence: {NOT_STATED}"
    licence = f"licence {NOT_STATED}" if licence == NOT_STATED else licence
    return " · ".join(dict.fromkeys((citation, licence, attribution)))


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


def _plain(value: Value, column: Column) -> str:
    if value is None:
        return ""
    if isinstance(value, tuple):
        return ";".join(value)
    return str(value) if column.decimals is None else f"{value:.{column.decimals}f}"


def _shown(value: Value, column: Column) -> str:
    """Write a cell for people: thousands set off, several ids with a blank after the comma."""
    if value is None or value == ():
        return NOTHING
    if isinstance(value, tuple):
        return ", ".join(value)
    text = str(value) if column.decimals is None else f"{value:,.{column.decimals}f}"
    return harmless(" ".join(text.split()))  # a line break inside a name would break the table


def _body(part: Table) -> list[list[str]]:
    rows = [*part.rows, part.total] if part.total else list(part.rows)
    return [[_shown(v, c) for v, c in zip(row, part.columns, strict=True)] for row in rows]


def _aligned(part: Table, width: int | None) -> str:
    """Set a table in columns, numbers to the right."""
    if not part.rows:
        return "(no rows)\n"
    lines = [[column.name for column in part.columns], *_body(part)]
    return columns(lines, [column.decimals is not None for column in part.columns], width=width)


def _pipes(part: Table) -> str:
    rule = ["---:" if column.decimals is not None else "---" for column in part.columns]
    lines = [
        [column.name for column in part.columns],
        rule,
        *([_escape(c) for c in row] for row in _body(part)),
    ]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _escape(text: str) -> str:
    """Keep Markdown and HTML in a name from being read as such."""
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace("\\", "\\\\")
    for mark in "|*`[]_":
        text = text.replace(mark, "\\" + mark)
    return text


def _words(basis: object) -> str:
    return str(basis).replace("_", " ")
