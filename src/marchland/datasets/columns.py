"""What the columns of a table are: named by the user, or guessed by their names to be proposed."""

import csv
import io
from collections.abc import Iterable, Mapping

from marchland.errors import UsageError

__all__ = ["ENDS", "HOLDERS", "STARTS", "UNITS", "checked", "format_columns", "guess", "parse_columns"]

ROLES = ("holder", "unit", "start", "end", "last")
"""Who holds, what has one history, the first day, the first day no longer held, the last day held."""

HOLDERS = (
    "holder", "country_name", "cntry_name", "name", "owner", "subjecto", "abbrevn", "country",
    "state", "sovereign", "polity", "держава", "государство", "страна", "владелец", "название",
    "имя", "国家", "国名", "所属", "政权", "名称", "國家", "國名", "所屬", "政權", "名稱",
)  # fmt: skip
UNITS = ("unit", "gwcode", "id_num", "id", "code", "territory", "face")
STARTS = (
    "start", "start_date", "gwsdate", "from", "valid_from", "begin", "since", "year_start",
    "start_year", "startyear", "from_year", "начало", "дата_начала", "год_начала", "с", "от", "开始",
    "起始", "开始日期", "开始年", "起", "開始", "開始日期",
)  # fmt: skip
ENDS = (
    "end", "end_date", "gwedate", "to", "valid_to", "until", "year_end", "end_year", "endyear",
    "to_year", "конец", "окончание", "дата_конца", "год_конца", "по", "до", "结束", "终止", "结束日期",
    "结束年", "止", "結束", "終止",
)  # fmt: skip
"""Names of columns looked for, whatever their case, where none is given; the first that is there counts."""


def parse_columns(text: str) -> dict[str, str]:
    """Return columns by role, as ``--columns`` has them: a line of CSV with ``role=column`` in its cells.

    Raises
    ------
    UsageError
        It cannot be read so, or :func:`checked` refuses it.

    Examples
    --------
    >>> parse_columns('holder=name,start=from,"last=to, at last"')
    {'holder': 'name', 'start': 'from', 'last': 'to, at last'}
    """
    try:
        cells = [cell.partition("=") for row in csv.reader([text], strict=True) for cell in row]
    except csv.Error as error:
        msg = f"cannot read the columns {text!r}: {error}"
        raise UsageError(msg) from error
    roles = [role.strip() for role, _, _ in cells]
    twice = sorted({role for role in roles if roles.count(role) > 1})
    if twice:
        msg = f"columns {text!r} name the {twice[0]} twice; name it once"
        raise UsageError(msg)
    return checked({role.strip(): column for role, _, column in cells})


def checked(columns: Mapping[str, str]) -> dict[str, str]:
    """Return columns by role in the order of the roles.

    Raises
    ------
    UsageError
        A role is none, a column has no name, there is no holder, or both ``end`` and ``last``.
    """
    strange = [role for role in columns if role not in ROLES or not columns[role]]
    if strange:
        how = (
            "write role=column; roles are holder, unit, start, end (the first day after), last (the day held)"
        )
        msg = f"columns: {strange[0]!r} is no role with a column; {how}"
        raise UsageError(msg)
    if "holder" not in columns or {"end", "last"} <= set(columns):
        what = "end and last are one thing, choose" if "holder" in columns else "say which one is the holder"
        msg = f"columns {format_columns(columns)!r}: {what}"
        raise UsageError(msg)
    return {role: columns[role] for role in ROLES if role in columns}


def format_columns(columns: Mapping[str, str]) -> str:
    """Return columns by role as :func:`parse_columns` reads them."""
    stream = io.StringIO(newline="")
    csv.writer(stream, lineterminator="").writerow(f"{role}={columns[role]}" for role in columns)
    return stream.getvalue()


def guess(names: Iterable[str]) -> dict[str, str]:
    """Return which columns are what by the looks of their names; what is not known is left out."""
    by_lower = {name.casefold(): name for name in reversed(list(names))}
    usual = {"holder": HOLDERS, "start": STARTS, "end": ENDS}
    found = {role: [by_lower[name] for name in known if name in by_lower] for role, known in usual.items()}
    return {role: columns[0] for role, columns in found.items() if columns}
