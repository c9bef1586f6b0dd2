"""Faults of dates: unreadable, impossible, placeholders, the end rule, gaps and overlaps of a unit."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import pairwise

from marchland.datasets.spans import OPEN
from marchland.dates import EdtfDate
from marchland.errors import DateError
from marchland.model import Issue
from marchland.validation.report import ERROR, INFO, WARNING, gathered

PLACEHOLDERS = frozenset(
    {date(1, 1, 1), date(1000, 1, 1), date(1800, 1, 1), date(1900, 1, 1), date(1970, 1, 1)}
    | {date(9999, 12, 31), date(2999, 12, 31), date(2100, 12, 31), date(2099, 12, 31), date(9999, 1, 1)}
)
"""Days that files write where nothing is known or nothing ended."""

ALWAYS = frozenset(day for day in PLACEHOLDERS if day.year in {1, 2999, 9999})
"""Those of them that are never meant; the rest are suspect where many rows share them."""

CLUSTER = 5
"""So many rows on one placeholder day, and a tenth of all, are no coincidence."""

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Span:
    """The dates of a row as read; ``end`` None is open. ``unit`` is what has a history of its own.

    ``end`` is the last day that the end may mean, ``earliest`` the first: of a year they are a year apart.
    """

    id: str
    unit: str
    start: date | None
    end: date | None
    earliest: date | None = None


def read_day(value: object, *, last: bool) -> date | None:
    """Read what a file has for a date: a day, a year or month (its first day, or ``last``), EDTF, or nothing.

    Raises
    ------
    DateError
        It is none of these.
    """
    if value is None or value != value or str(value).strip().casefold() in OPEN:
        return None
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    text = re.sub(r"^(\d+)\.0+$", r"\1", str(value).strip())
    text = text[:10] if text[10:11] in {"T", " "} else text
    text = re.sub(r"^(\d{4})/(\d\d)/(\d\d)$", r"\1-\2-\3", text)
    if len(text) == 8 and text.isdigit():  # as atlases of counties write days in integers
        text = f"{text[:4]}-{text[4:6]}-{text[6:]}"
    parsed = EdtfDate(text.zfill(4) if text.isdigit() else text)
    return parsed.latest if last else parsed.earliest


def check_dates(
    rows: Iterable[tuple[str, str, object, object]], *, end_rule: str | None = None
) -> tuple[list[Issue], list[Span]]:
    """Return the issues of dates, and the dates read.

    Parameters
    ----------
    rows
        Id, unit, start and end of each row as the file has them.
    end_rule
        ``inclusive`` (the end is the last day held) or ``exclusive`` (the first no longer held); None infers
        it from how versions of a unit follow one another.
    """
    issues, spans = [], []
    for ident, unit, start, end in rows:
        found, span = _read(ident, unit, start, end)
        issues += found
        if span is not None:
            spans.append(span)
    issues += _missing(spans)
    issues += _placeholders(spans)
    rule, told = _end_rule(spans, end_rule)
    issues += told
    if rule == "exclusive":  # a year or month ends before its first day
        spans = [replace(span, end=span.earliest) for span in spans]
    issues += _lengths(spans, rule)
    issues += _sequences(spans, rule)
    return issues, spans


def _read(ident: str, unit: str, start: object, end: object) -> tuple[list[Issue], Span | None]:
    days: list[date | None] = []
    for name, value, last in (("start", start, False), ("end", end, True), ("end", end, False)):
        try:
            days.append(read_day(value, last=last))
        except DateError as error:
            return [Issue("date-unreadable", ERROR, ident, f"{name} is {value!r}: {error}")], None
    return [], Span(ident, unit, *days)


def _missing(spans: Sequence[Span]) -> list[Issue]:
    ids = [span.id for span in spans if span.start is None]
    return gathered("date-missing", ERROR, ids, "{n} rows have no start: {ids}")


def _placeholders(spans: Sequence[Span]) -> list[Issue]:
    issues = []
    for name, pick in (("start", 0), ("end", 1)):
        days = Counter(day for span in spans if (day := (span.start, span.end)[pick]) in PLACEHOLDERS)
        for day, count in sorted(days.items()):
            if day in ALWAYS or count >= max(CLUSTER, len(spans) / 10):
                ids = [span.id for span in spans if (span.start, span.end)[pick] == day]
                text = f"{{n}} rows have {day} as {name}, by its looks a placeholder: {{ids}}"
                issues += gathered("date-placeholder", WARNING, ids, text)
    return issues


def _end_rule(spans: Sequence[Span], given: str | None) -> tuple[str, list[Issue]]:
    """Say whether ends are the last day held or the first no longer held, by how versions succeed."""
    pairs = [pair for pair in _successions(spans) if pair[0].end is not None]
    exclusive = sum(1 for before, after in pairs if after.start == before.earliest)
    inclusive = sum(1 for before, after in pairs if after.start == _day_after(before.end))
    days = [span.end for span in spans if span.end and span.end == span.earliest]  # no years, no months
    eves = sum(1 for day in days if (day.month, day.day) == (12, 31))
    new_years = sum(1 for day in days if (day.month, day.day) == (1, 1))
    inferred = "inclusive" if (inclusive, eves) > (exclusive, new_years) else "exclusive"
    counts = (
        f"{inclusive} successions start on the day after the end, {exclusive} on the day itself;"
        f" {eves} ends are 31 December, {new_years} 1 January"
    )
    issues = []
    if inclusive or exclusive or eves or new_years:
        issues.append(Issue("end-rule", INFO, "", f"ends look {given or inferred}: {counts}"))
    if min(inclusive, exclusive) > 0.05 * (inclusive + exclusive):
        issues.append(Issue("end-rule-mixed", WARNING, "", f"ends follow two rules: {counts}"))
    if given and given != inferred and inclusive + exclusive > 0:
        issues.append(Issue("end-rule-doubt", WARNING, "", f"ends are read as {given}, but: {counts}"))
    return given or inferred, issues


def _day_after(day: date | None) -> date | None:
    return None if day is None or day == date.max else day + DAY


def _successions(spans: Sequence[Span]) -> Iterable[tuple[Span, Span]]:
    """Return pairs of rows of one unit, each followed by the next to start."""
    units: dict[str, list[Span]] = {}
    for span in spans:
        if span.start is not None:
            units.setdefault(span.unit, []).append(span)
    for rows in units.values():
        yield from pairwise(sorted(rows, key=lambda s: (s.start or date.min, s.end or date.max, s.id)))


def _lengths(spans: Sequence[Span], rule: str) -> list[Issue]:
    both = [(s.id, s.start, s.end) for s in spans if s.start is not None and s.end is not None]
    turned = [ident for ident, start, end in both if end < start]
    nothing = [ident for ident, start, end in both if end == start and rule == "exclusive"]
    return [
        *gathered("date-order", ERROR, turned, "{n} rows end before they start: {ids}"),
        *gathered(
            "date-zero", WARNING, nothing, "{n} rows end on the day they start and held nothing: {ids}"
        ),
    ]


def _sequences(spans: Sequence[Span], rule: str) -> list[Issue]:
    """Find days between two versions of a unit that neither has, and days that both have."""
    issues = []
    for before, after in _successions(spans):
        if after.start is None or (before.end or date.max) < (before.start or date.min):
            continue
        if before.end is None or before.end == date.max:
            free = None
        else:
            free = before.end + DAY if rule == "inclusive" else before.end
        label = f"{before.unit}: {before.id}" if before.id != before.unit else before.unit
        if free is None or after.start < free:
            until = before.end or "open"
            text = f"{label} (to {until}) and {after.id} (from {after.start}) hold at the same time"
            issues.append(Issue("time-overlap", WARNING, before.unit, text))
        elif after.start > free:
            days = (after.start - free).days
            text = f"{label} ends {before.end}, {after.id} starts {after.start}: {days} days have no version"
            issues.append(Issue("time-gap", INFO if days > 366 else WARNING, before.unit, text))
    return issues
