"""``marchland events``."""

from datetime import date
from typing import TYPE_CHECKING

import click

from marchland.cli import options
from marchland.cli.names import WHEN
from marchland.errors import DateError, UsageError

if TYPE_CHECKING:
    from marchland.composite import SpaceTimeComposite


@click.command("events")
@click.argument("first", metavar="[A", required=False, type=WHEN)
@click.argument("last", metavar="B]", required=False, type=WHEN)
@click.option("--chapters", is_flag=True, help="Only the events a book on the frontier has its chapters of.")
@options.data_option
@options.lang_option
@options.format_option()
@options.output_option
def command(
    *,
    first: str | None,
    last: str | None,
    chapters: bool,
    data: str,
    lang: str,
    how: str,
    output: str | None,
) -> None:
    """List what happened, from A to B or in the year, month or day A.

    A and B are dates or versions; here a year means all of its days. Dates are EDTF (1714~ is about 1714,
    1755/1759 from one to the other), Gregorian, with the Julian day beside them up to 1918. csv and json tell
    each event in full.
    """
    from marchland.registers import events_answer

    options.check_output(output)
    composite = options.load(data)
    start, end = span(composite, first, last)
    found = [
        event
        for event in composite.events.values()
        if (event.when.latest or date.max) >= start
        and (event.when.earliest or date.min) <= end
        and (event.chapter is not None or not chapters)
    ]
    found.sort(key=lambda event: (event.when.earliest or date.min, event.when.latest or date.max, event.id))
    answer = events_answer(composite, found, lang=lang, details=how in {"csv", "json"})
    options.reply(answer, how, output)


def span(composite: "SpaceTimeComposite", first: str | None, last: str | None) -> tuple[date, date]:
    """Return the first and last day asked for; without ``first`` all there are.

    Raises
    ------
    DateError, NotFoundError
        A word is no date and no version.
    UsageError
        The end lies before the start.
    """
    if first is None:
        return date.min, date.max
    start, end = _days(composite, first)[0], _days(composite, last or first)[1]
    if end < start:
        msg = f"{last} lies before {first}; give the earlier date first"
        raise UsageError(msg)
    return start, end


def _days(composite: "SpaceTimeComposite", word: str) -> tuple[date, date]:
    """Return the first and last day of a date, a year or a version's day, in the dataset's span or not."""
    from marchland.dates import EdtfDate

    try:
        when = EdtfDate(word.strip())
    except DateError:
        day = composite.resolve_when(word)
        return day, day
    return when.earliest or date.min, when.latest or date.max
