"""Dates as history has them: a year that means its last day, half-open intervals, Julian days, EDTF.

All dates are Gregorian, also before 1582 (the proleptic calendar of `datetime.date`), years 1 to 9999.
"""

import calendar
import re
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from marchland.errors import DateError, UsageError

__all__ = [
    "EdtfDate",
    "Interval",
    "format_date",
    "gregorian_to_julian",
    "julian_to_gregorian",
    "parse_when",
]

_WHEN = re.compile(r"([0-9]{1,4})(?:-([0-9]{1,2})(?:-([0-9]{1,2}))?)?")
_HOW = "write a year (1860), a month (1860-11) or a day (1860-11-14)"

LANGUAGES = ("en", "ru", "zh")
"""Languages of names, texts and dates; the first is the usual one, and stands in where a name is missing."""

_MONTHS = {
    "en": "January February March April May June July August September October November December",
    "ru": "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
}
_PATTERNS = {"en": "{d} {name} {y}", "ru": "{d} {name} {y} г.", "zh": "{y}年{m}月{d}日"}

# Julian day number of the day before date.min, the zero of date.toordinal()
_ORDINAL_ZERO = 1721425


def parse_when(text: str | int | date) -> date:
    """Read a day; a year or a month means its last day.

    Parameters
    ----------
    text
        ``1860``, ``"1860"``, ``"1860-11"``, ``"1860-11-14"`` or a date; the time of a datetime is dropped.

    Raises
    ------
    DateError
        The text is none of these, or there is no such day between the years 1 and 9999.

    Examples
    --------
    >>> parse_when(1860), parse_when("1860-11")
    (datetime.date(1860, 12, 31), datetime.date(1860, 11, 30))
    """
    if isinstance(text, date):
        return text.date() if isinstance(text, datetime) else text
    match = None if isinstance(text, bool) else _WHEN.fullmatch(str(text).strip())
    if match is None:
        message = f"cannot read {text!r} as a date; {_HOW}"
        raise DateError(message)
    year, month, day = (int(part) if part else None for part in match.groups())
    return _last_day(int(year or 0), month, day, text)


def _first_day(year: int, month: int | None, day: int | None, text: object) -> date:
    try:
        return date(year, 1 if month is None else month, 1 if day is None else day)
    except ValueError:
        message = f"there is no day {text!r} in the Gregorian calendar of the years 1 to 9999; {_HOW}"
        raise DateError(message) from None


def _last_day(year: int, month: int | None, day: int | None, text: object) -> date:
    first = _first_day(year, 12 if month is None else month, day, text)
    return first if day is not None else first.replace(day=calendar.monthrange(first.year, first.month)[1])


def julian_to_gregorian(year: int, month: int, day: int) -> date:
    """Turn a day of the Julian calendar (the one of Russian documents until 1918) into the Gregorian.

    Raises
    ------
    DateError
        There is no such day in the Julian calendar, or it falls outside the years 1 to 9999.

    Examples
    --------
    The Treaty of Peking was signed on 2 November 1860, Old Style.

    >>> julian_to_gregorian(1860, 11, 2)
    datetime.date(1860, 11, 14)
    """
    ordinal = _julian_day(year, month, day) - _ORDINAL_ZERO
    in_range = 1 <= ordinal <= date.max.toordinal()
    result = date.fromordinal(ordinal) if in_range else date.min
    # a month or day that does not exist comes back as another one
    if not in_range or gregorian_to_julian(result) != (year, month, day):
        message = f"{year}-{month}-{day} is no day of the Julian calendar within the years 1 to 9999"
        raise DateError(message)
    return result


def _julian_day(year: int, month: int, day: int) -> int:
    """Julian day number, counting years from March so that the leap day comes last."""
    before_march = (14 - month) // 12
    years, months = year + 4800 - before_march, month + 12 * before_march - 3
    return day + (153 * months + 2) // 5 + 365 * years + years // 4 - 32083


def gregorian_to_julian(day: date) -> tuple[int, int, int]:
    """Turn a Gregorian day into year, month and day of the Julian calendar.

    The year is 0 (1 BC) for the first two days of the year 1.

    Examples
    --------
    >>> gregorian_to_julian(date(1689, 9, 7))
    (1689, 8, 28)
    """
    count = day.toordinal() + _ORDINAL_ZERO + 32082
    years = (4 * count + 3) // 1461
    rest = count - 1461 * years // 4
    months = (5 * rest + 2) // 153
    late = months // 10  # January and February belong to the next year
    return years - 4800 + late, months + 3 - 12 * late, rest - (153 * months + 2) // 5 + 1


def format_date(day: date, *, lang: str = "en") -> str:
    """Write a day out in words.

    Parameters
    ----------
    day
        A Gregorian day.
    lang
        ``en``, ``ru`` or ``zh``.

    Raises
    ------
    UsageError
        The language is another one.

    Examples
    --------
    >>> [format_date(date(1860, 11, 14), lang=lang) for lang in ("en", "ru", "zh")]
    ['14 November 1860', '14 ноября 1860 г.', '1860年11月14日']
    """
    if lang not in _PATTERNS:
        message = f"no dates in the language {lang!r}; use one of {', '.join(_PATTERNS)}"
        raise UsageError(message)
    name = _MONTHS[lang].split()[day.month - 1] if lang in _MONTHS else ""
    return _PATTERNS[lang].format(y=day.year, m=day.month, d=day.day, name=name)


@dataclass(frozen=True, order=False)
class Interval:
    """Days from ``start`` up to, not including, ``end``; without an end it lasts.

    Raises
    ------
    DateError
        The end is not after the start.

    Examples
    --------
    >>> amur = Interval(date(1858, 5, 28), date(1860, 11, 14))
    >>> date(1858, 5, 28) in amur, date(1860, 11, 14) in amur
    (True, False)
    """

    start: date
    end: date | None = None

    def __post_init__(self) -> None:
        if self.end is not None and self.end <= self.start:
            message = f"an interval from {self.start} has to end later than {self.end}"
            raise DateError(message)

    def __contains__(self, day: date) -> bool:
        return self.start <= day and (self.end is None or day < self.end)

    def __str__(self) -> str:
        """Write start and end (the first day after), the latter ``..`` when there is none."""
        return f"{self.start}/{self.end or '..'}"

    def overlaps(self, other: "Interval") -> bool:
        """Tell whether the two have a day in common."""
        return (other.end is None or self.start < other.end) and (self.end is None or other.start < self.end)

    def meets(self, other: "Interval") -> bool:
        """Tell whether the other begins on the day this one ends, with no day between or in common."""
        return self.end == other.start


# Digits that are not known are X, and only at the end: 186X, 18XX, 1860-XX.
_EDTF = re.compile(
    r"""
    (?P<span> [0-9]{3}X | [0-9]{2}XX )
    | (?P<year> [0-9]{4} )
      (?: -XX (?:-XX)? | - (?P<month> [0-9]{2} ) (?: -XX | - (?P<day> [0-9]{2} ) )? )?
    """,
    re.VERBOSE,
)
_EDTF_HOW = "write 1860-11-14, 1860-11, 1860, 186X, 18XX or XXXX, with ? or ~ where uncertain, or start/end"


@dataclass(frozen=True, eq=False, repr=False)
class EdtfDate:
    """A date with its uncertainty, in the part of EDTF (ISO 8601-2) that histories need.

    Parameters
    ----------
    text
        A day, month or year; ``186X`` and ``18XX`` for a decade and a century; ``1860-XX`` where a month,
        ``1860-11-XX`` where a day existed but is not known; ``XXXX`` for a date wholly unknown; ``?`` after
        it for uncertain, ``~`` for approximate, ``%`` for both; or two of these as ``start/end``, either of
        them ``..`` (open) or empty (unknown).

    Raises
    ------
    DateError
        The text is not of that form, names no day, or ends before it starts. Also on ``==`` between two
        wholly unknown dates: whether they are equal is not known.

    Examples
    --------
    >>> d = EdtfDate("1860-11~")
    >>> d.earliest, d.latest, d.precision, d.approximate
    (datetime.date(1860, 11, 1), datetime.date(1860, 11, 30), 'month', True)
    >>> eval(repr(d)) == d
    True
    """

    text: str

    def __post_init__(self) -> None:
        _ = self._parts  # so that a bad text fails here and not later

    @property
    def earliest(self) -> date | None:
        """First day that it can mean; None when unknown or open."""
        return self._parts[0]

    @property
    def latest(self) -> date | None:
        """Last day that it can mean; None when unknown or open."""
        return self._parts[1]

    @property
    def precision(self) -> str:
        """``day``, ``month``, ``year``, ``decade``, ``century``, ``interval`` or ``unknown``."""
        return self._parts[2]

    @property
    def uncertain(self) -> bool:
        """Whether the source is doubtful (``?`` or ``%``)."""
        return any(mark in self.text for mark in "?%")

    @property
    def approximate(self) -> bool:
        """Whether the date is an estimate (``~`` or ``%``)."""
        return any(mark in self.text for mark in "~%")

    @property
    def is_known(self) -> bool:
        """Whether anything at all is known of it."""
        return self.earliest is not None or self.latest is not None

    def may_be(self, day: date) -> bool:
        """Tell whether a day is among those that it can mean."""
        return (self.earliest is None or self.earliest <= day) and (self.latest is None or day <= self.latest)

    def is_before(self, other: "EdtfDate") -> bool:
        """Tell whether it is certainly before another; False also when that cannot be told."""
        return self.latest is not None and other.earliest is not None and self.latest < other.earliest

    @cached_property
    def _parts(self) -> tuple[date | None, date | None, str]:
        if "/" not in self.text:
            return _edtf_span(self.text, self.text)
        start, end = self.text.split("/", 1)
        earliest = None if start in {"", ".."} else _edtf_span(start, self.text)[0]
        latest = None if end in {"", ".."} else _edtf_span(end, self.text)[1]
        if earliest and latest and latest < earliest:
            message = f"{self.text!r} ends before it starts; swap its two halves"
            raise DateError(message)
        return earliest, latest, "interval" if earliest or latest else "unknown"

    def _key(self) -> tuple[date | None, date | None, str, bool, bool]:
        return (*self._parts, self.uncertain, self.approximate)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, EdtfDate):
            return NotImplemented
        if not (self.is_known or other.is_known):
            message = "whether two unknown dates are equal is not known; compare their text instead"
            raise DateError(message)
        return self._key() == other._key()

    def __hash__(self) -> int:
        return hash(self._key())

    def __repr__(self) -> str:
        return f"EdtfDate({self.text!r})"

    def __str__(self) -> str:
        return self.text


def _edtf_span(text: str, whole: str) -> tuple[date | None, date | None, str]:
    """First day, last day and precision of one EDTF date; ``whole`` is what the message shows."""
    bare = text[:-1] if text[-1:] in {"?", "~", "%"} else text
    if bare == "XXXX":
        return None, None, "unknown"
    match = _EDTF.fullmatch(bare)
    if match is None:
        message = f"cannot read {whole!r} as an EDTF date; {_EDTF_HOW}"
        raise DateError(message)
    year = match["span"] or match["year"]
    month, day = (int(part) if part else None for part in match.group("month", "day"))
    # the decade of the years 0 to 9 starts in the year 1
    first_year = max(1, int(year.replace("X", "0"))) if "X" in year else int(year)
    earliest = _first_day(first_year, month, day, whole)
    latest = _last_day(int(year.replace("X", "9")), month, day, whole)
    return earliest, latest, _precision(year, month, day)


def _precision(year: str, month: int | None, day: int | None) -> str:
    if "X" in year:
        return "century" if year.endswith("XX") else "decade"
    return "year" if month is None else "month" if day is None else "day"
