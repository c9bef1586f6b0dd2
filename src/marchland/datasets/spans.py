"""The first day of a version and the first day it no longer holds, from whatever a column has for them."""

import math
import re
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any, Literal

from marchland.dates import EdtfDate
from marchland.errors import DateError

__all__ = ["OPEN", "EndRule", "first_day", "read_end", "read_start"]

EndRule = Literal["exclusive", "inclusive"]

OPEN = frozenset({"", "..", "present", "today", "now", "nan", "nat", "none", "null", "<na>"})
"""What stands for an end that is still to come, in small letters."""

_FAR = 9000  # a year beyond this stands for "still"


def read_start(value: object) -> date | None:
    """Return the first day a date can mean; None where there is none.

    Raises :class:`DateError` for what is no date.

    >>> read_start("1860"), read_start(17831203)
    (datetime.date(1860, 1, 1), datetime.date(1783, 12, 3))
    """
    return first_day(value)


def read_end(value: object, rule: EndRule) -> date | None:
    """Return the first day after, where ``rule`` says whether the value is the last day or the one after.

    An inclusive year or month ends with its last day, an exclusive one before its first. None means the end
    is open.

    >>> read_end("1959-01-02", "inclusive"), read_end("1959", "inclusive"), read_end("1959", "exclusive")
    (datetime.date(1959, 1, 3), datetime.date(1960, 1, 1), datetime.date(1959, 1, 1))
    """
    if rule == "exclusive":
        return first_day(value)
    found = _read(value)
    if found is None:
        return None
    last = found if isinstance(found, date) else _known(found.latest, value)
    return None if last.year > _FAR else last + timedelta(days=1)


def first_day(value: object) -> date | None:
    """Return the earliest day of a date, an integer such as 17831203 or 1860, or an EDTF text."""
    found = _read(value)
    if found is None or isinstance(found, date):
        return found
    return _known(found.earliest, value)


def _known(day: date | None, value: object) -> date:
    if day is None:
        msg = f"{value!r} is no known day"
        raise DateError(msg)
    return day


def _read(value: Any) -> date | EdtfDate | None:  # noqa: ANN401 - a cell of any table
    if value is None or (isinstance(value, float) and math.isnan(value)) or str(value) in {"NaT", "<NA>"}:
        return None
    if isinstance(value, datetime):
        value = value.date()
    if isinstance(value, date):
        return None if value.year > _FAR else value
    return _read_text(str(value).strip())


@lru_cache(maxsize=1 << 16)  # a table has few dates, each many times
def _read_text(text: str) -> date | EdtfDate | None:
    if text.casefold() in OPEN:
        return None
    text = re.sub(r"\.0+$", "", text)
    text = re.sub(r"^(\d{1,4})/(\d{1,2})/(\d{1,2})", r"\1-\2-\3", text)
    text = re.sub(r"[T ]\d\d:\d\d.*$", "", text)
    text = re.sub(r"^(\d{4})(\d\d)(\d\d)$", r"\1-\2-\3", text)
    text = re.sub(r"^(\d{1,3})(?=$|-)", lambda m: m.group().zfill(4), text)
    text = re.sub(r"-(\d)(?=$|-)", r"-0\1", text)
    text = re.sub(r"-00(-00)?$", "", text)
    found = EdtfDate(text)
    return None if found.earliest is not None and found.earliest.year > _FAR else found
