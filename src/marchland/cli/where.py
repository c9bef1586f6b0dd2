"""``marchland where``."""

import math
import re

import click

from marchland.cli import options
from marchland.cli.names import PLACE, WHEN
from marchland.errors import UsageError


@click.command(
    "where", context_settings={"ignore_unknown_options": True}
)  # a negative longitude is no option
@click.argument("place", nargs=-1, required=True, metavar="LON LAT | PLACE", type=PLACE)
@click.option(
    "--at",
    "when",
    metavar="DATE",
    type=WHEN,
    help="Only who held it on a date or version.  [default: every tenure]",
)
@options.data_option
@click.option(
    "--basis",
    type=click.Choice(options.BASES),
    help="Only tenures on this basis.  [default: both]",
)
@options.reading_option
@options.lang_option
@options.format_option()
@options.output_option
def command(
    *,
    place: tuple[str, ...],
    when: str | None,
    data: str,
    basis: str | None,
    readings: tuple[str, ...],
    lang: str,
    how: str,
    output: str | None,
) -> None:
    """Tell who held a place, when, and by which treaty.

    A place is a longitude and a latitude in degrees (131.9 43.1), or a name the dataset knows.
    """
    from marchland.gazetteer import find_place
    from marchland.model import name_in
    from marchland.tables import tenures_answer

    options.check_output(output)
    text = " ".join(place)
    point = read_point(text)
    if point is None and place[0].startswith("-"):
        msg = f"No such option: {place[0]}"
        raise click.UsageError(msg)
    composite = options.load(data, readings)
    name = None
    if point is None:
        found = find_place(text, composite.places)
        name, point = name_in(found.names, lang), (found.lon, found.lat)
    day = None if when is None else composite.resolve_when(when)
    tenures = composite.history(place=point, basis=basis)
    rows = tenures if day is None else [tenure for tenure in tenures if tenure.covers(day)]
    stamp = composite.stamp([] if day is None else [day], basis)
    lon, lat = point
    options.reply(tenures_answer(rows, stamp, place=name, lon=lon, lat=lat), how, output)
    options.tell_of_dates(composite, when or "", basis=basis or options.BASES[0])


def read_point(text: str) -> tuple[float, float] | None:
    """Return longitude and latitude in degrees, or None if the text is not two numbers.

    Raises
    ------
    UsageError
        The numbers are on no globe.

    >>> read_point("131.9, 43.1")
    (131.9, 43.1)
    >>> read_point("Vladivostok") is None
    True
    """
    words = re.split(r"[,\s]+", text.strip())
    try:
        lon, lat = map(float, words)
    except ValueError:
        return None
    if not (math.isfinite(lon) and math.isfinite(lat) and -180 <= lon <= 180 and -90 <= lat <= 90):
        msg = f"{text} is no place on earth: give longitude (-180 to 180) and latitude (-90 to 90) in degrees"
        raise UsageError(msg)
    return lon, lat
