"""One instrument as a record: its days in both calendars, its clauses as lines, the land it moved."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from marchland.comparison import area_sigma
from marchland.composite import SpaceTimeComposite
from marchland.dates import EdtfDate, gregorian_to_julian
from marchland.model import JULIAN, Basis, Instrument, Rule, Source, Stage, Status, Tenure

NEW_STYLE = date(1918, 2, 14)
"""The first day on which Russia wrote Gregorian dates; older days are told in both calendars."""


@dataclass(frozen=True, slots=True)
class Dating:
    """A day in the life of an instrument: EDTF, and the Julian day beside it where one was used."""

    event: str
    date: str
    julian: str | None


@dataclass(frozen=True, slots=True)
class Drawn:
    """A segment of an instrument and the length, km, that was compiled of it."""

    segment: str
    article: str
    rule: Rule
    stage: Stage | None
    start: str
    end: str
    feature: str
    since: date
    until: date | None
    length_km: float
    sigma_km: float


@dataclass(frozen=True, slots=True)
class Moved:
    """A territory that an instrument gave another holder or status; ``sigma_km2`` is that of its area."""

    territory: str
    basis: Basis
    date: date
    from_holder: str | None
    to_holder: str | None
    status_from: Status | None
    status_to: Status
    area_km2: float
    sigma_km2: float
    certainty: str


@dataclass(frozen=True, slots=True)
class MovedTotal:
    """Land that moved together: same day, basis, holders and status; ``sigma_km2`` is that of the sum."""

    date: date
    basis: Basis
    from_holder: str | None
    to_holder: str | None
    status_to: Status
    area_km2: float
    sigma_km2: float


@dataclass(frozen=True, slots=True)
class TreatyRecord:
    """Everything the dataset knows of an instrument."""

    composite: SpaceTimeComposite
    instrument: Instrument
    dates: tuple[Dating, ...]
    segments: tuple[Drawn, ...]
    moved: tuple[Moved, ...]
    totals: tuple[MovedTotal, ...]
    sources: tuple[Source, ...]


def treaty_record(composite: SpaceTimeComposite, name: str) -> TreatyRecord:
    """Return the record of an instrument by its id, alias, name, or the beginning of just one.

    Raises
    ------
    NotFoundError
        The name is unknown or fits several instruments.
    """
    from marchland.versions import find_instrument

    instrument = find_instrument(name, composite.instruments)
    changes = _changes(composite, instrument.id)
    return TreatyRecord(
        composite,
        instrument,
        datings(instrument.dates),
        tuple(_drawn(composite, instrument.id)),
        tuple(_moved(composite, before, after) for before, after in changes),
        tuple(_totals(composite, changes)),
        tuple(composite.bibliography.get(key, Source(key, key)) for key in instrument.sources),
    )


def datings(dates: Mapping[str, str]) -> tuple[Dating, ...]:
    """Return an instrument's dates in order of time, each with its Julian day.

    The day a text itself gives goes before the one that is reckoned.

    >>> datings({"signed": "1860-11-14"})
    (Dating(event='signed', date='1860-11-14', julian='1860-11-02'),)
    """
    found = [
        Dating(key, text, dates.get(key + JULIAN) or old_style(text))
        for key, text in dates.items()
        if not key.endswith(JULIAN)
    ]
    return tuple(sorted(found, key=lambda dating: EdtfDate(dating.date).earliest or date.min))


def old_style(edtf: str) -> str | None:
    """Return the Julian day of a date known to the day and older than Russia's change of calendar.

    >>> old_style("1860-11-14"), old_style("1860"), old_style("1945-08-14")
    ('1860-11-02', None, None)
    """
    when = EdtfDate(edtf)
    if when.precision != "day" or when.earliest is None or when.earliest >= NEW_STYLE:
        return None
    year, month, day = gregorian_to_julian(when.earliest)
    return f"{year:04d}-{month:02d}-{day:02d}"


def _drawn(composite: SpaceTimeComposite, instrument: str) -> Iterable[Drawn]:
    lengths: dict[str, float] = {}
    for arc in composite.arcs:
        for segment in arc.segments:
            lengths[segment] = lengths.get(segment, 0.0) + arc.length_km
    for item in composite.segments.values():
        if item.instrument == instrument:
            yield Drawn(
                segment=item.id,
                article=item.article,
                rule=item.rule,
                stage=item.stage,
                start=item.start,
                end=item.end,
                feature=item.feature,
                since=item.since,
                until=item.until,
                length_km=round(lengths.get(item.id, 0.0), 2),
                sigma_km=item.sigma_km,
            )


# --- the land it moved


def _changes(composite: SpaceTimeComposite, instrument: str) -> list[tuple[Tenure | None, Tenure]]:
    """Return (before, after) for every tenure that names the instrument and changed something.

    A change in fact that is also one by right is told once, by right.
    """
    found = []
    told = set()
    for basis in Basis:
        for after in sorted(composite.tenures, key=lambda t: (t.start, t.territory)):
            if after.instrument != instrument or after.basis != basis:
                continue
            before = _before(composite, after)
            if before is not None and (before.holder, before.status) == (after.holder, after.status):
                continue
            what = (after.territory, after.start, after.holder, after.status)
            if what not in told:
                told.add(what)
                found.append((before, after))
    return found


def _before(composite: SpaceTimeComposite, after: Tenure) -> Tenure | None:
    ends = (
        t for t in composite.history(territory=after.territory, basis=after.basis) if t.end == after.start
    )
    return next(ends, None)


def _moved(composite: SpaceTimeComposite, before: Tenure | None, after: Tenure) -> Moved:
    return Moved(
        territory=after.territory,
        basis=after.basis,
        date=after.start,
        from_holder=before.holder if before else None,
        to_holder=after.holder,
        status_from=before.status if before else None,
        status_to=after.status,
        area_km2=composite.territories[after.territory].area_km2,
        sigma_km2=_sigma(composite, {after.territory}, before, after),
        certainty=after.certainty,
    )


def _totals(
    composite: SpaceTimeComposite, changes: list[tuple[Tenure | None, Tenure]]
) -> Iterable[MovedTotal]:
    groups: dict[tuple[object, ...], list[tuple[Tenure | None, Tenure]]] = {}
    for before, after in changes:
        key = (after.start, after.basis, before.holder if before else None, after.holder, after.status)
        groups.setdefault(key, []).append((before, after))
    for group in groups.values():
        before, after = group[0]
        land = {item.territory for _, item in group}
        cents = sum(round(composite.territories[name].area_km2 * 100) for name in land)
        yield MovedTotal(
            date=after.start,
            basis=after.basis,
            from_holder=before.holder if before else None,
            to_holder=after.holder,
            status_to=after.status,
            area_km2=cents / 100,
            sigma_km2=_sigma(composite, land, before, after),
        )


def _sigma(composite: SpaceTimeComposite, land: set[str], before: Tenure | None, after: Tenure) -> float:
    """Return the σ of an area by the lines in force on the day before a change and on its day."""
    days = [after.start] if before is None else [date.fromordinal(after.start.toordinal() - 1), after.start]
    snapshots = [composite.at(day, basis=after.basis) for day in days]
    return round(area_sigma(composite, land, snapshots), 2)
