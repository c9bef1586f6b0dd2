"""Where a story stops: the shipped plan for the built-in dataset, or the dates of change of any other."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from importlib.resources import files

from marchland.composite import SpaceTimeComposite
from marchland.errors import UsageError
from marchland.render.projection import Bounds

MOST = 60
"""Stops that a story without a plan may have: more is a table, not a story."""


@dataclass(frozen=True, slots=True)
class Stop:
    """A place in the story.

    ``day`` is the date on the map, ``before`` the one it is compared with (None: nothing is compared),
    ``view`` west, south, east and north in degrees of what should be in sight (None: what changed, or
    everything). ``in_fact`` are territories painted as they were held in fact. ``sums`` names territories
    whose area the words mention, ``claims`` published figures.
    """

    id: str
    day: date
    before: date | None = None
    view: Bounds | None = None
    instrument: str | None = None
    event: str | None = None
    treaty: bool = False
    in_fact: tuple[str, ...] = ()
    sums: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    claims: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Plan:
    """The stops in order of time; ``told`` is whether each has words of its own."""

    stops: tuple[Stop, ...]
    told: bool


def plan_of(composite: SpaceTimeComposite) -> Plan:
    """Return the shipped plan where the dataset has all it speaks of, else one stop for each date of change.

    Raises
    ------
    UsageError
        Land never changes hands, or on more than :data:`MOST` dates.
    """
    shipped = shipped_stops()
    if all(_fits(stop, composite) for stop in shipped):
        return Plan(shipped, told=True)
    return Plan(_change_stops(composite), told=False)


@cache
def shipped_stops() -> tuple[Stop, ...]:
    """Return the stops of ``assets/story/plan.toml``."""
    source = files("marchland.render").joinpath("assets", "story", "plan.toml").read_text("utf-8")
    return tuple(_stop(record) for record in tomllib.loads(source)["stop"])


def _stop(record: Mapping[str, object]) -> Stop:
    values = {key: tuple(value) if isinstance(value, list) else value for key, value in record.items()}
    return Stop(**values)  # type: ignore[arg-type]


def _fits(stop: Stop, composite: SpaceTimeComposite) -> bool:
    lands = {*stop.in_fact, *(name for names in stop.sums.values() for name in names)}
    days = [day for day in (stop.before, stop.day) if day is not None]
    return (
        (stop.instrument is None or stop.instrument in composite.instruments)
        and (stop.event is None or stop.event in composite.events)
        and lands <= composite.territories.keys()
        and set(stop.claims.values()) <= composite.claims.keys()
        and all(composite.meta.first_date <= day <= composite.meta.as_of for day in days)
    )


def _change_stops(composite: SpaceTimeComposite) -> tuple[Stop, ...]:
    days = [day for day in composite.change_dates() if day != composite.meta.first_date]
    if not days:
        msg = f"land of {composite.meta.name} never changes hands: there is no story to tell"
        raise UsageError(msg)
    if len(days) > MOST:
        msg = (
            f"land of {composite.meta.name} changes hands on {len(days)} dates, and a story without a plan"
            f" holds {MOST}; draw a page instead (marchland map), or give fewer boundaries"
        )
        raise UsageError(msg)
    return tuple(Stop(f"d-{day.isoformat()}", day, before=day - timedelta(days=1)) for day in days)
