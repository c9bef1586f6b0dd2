"""Writers of answers: aligned for a terminal, CSV, JSON, Markdown.

What is written depends on the answer alone: rows keep their order, numbers their precision, and no clock is
read.
"""

import csv
import io
import json
from collections.abc import Callable, Mapping
from typing import Any

from marchland import marks
from marchland.errors import UsageError
from marchland.layout import columns, harmless
from marchland.model import NOT_STATED
from marchland.tables import Answer, Column, Table, Value, basis_words

SHORT_HASH = len("sha256:") + 12
"""How much of the dataset's hash people are shown; JSON has all of it."""

NOTHING = "–"
"""How a cell without a value looks in tables for people; JSON has null, CSV an empty cell."""


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
    asked = [basis_words(stamp["basis"])] if stamp["basis"] else []
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
