"""Maps of single dates to a composite: each holds until the next one."""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING

from marchland.composite import SpaceTimeComposite
from marchland.datasets import cache
from marchland.datasets.versions import Recipe, build, content_hash
from marchland.dates import parse_when
from marchland.errors import DataError, UsageError, list_ids
from marchland.model import Issue

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

__all__ = ["from_snapshots", "stack"]

START, END = "marchland_start", "marchland_end"


def from_snapshots(
    snapshots: "Mapping[date | str | int, GeoDataFrame]",
    *,
    holder: str,
    unit: str | None = None,
    sigma_km: float = 0.0,
    sliver_km: float = 0.0,
    crs: object = None,
    name: str = "snapshots",
    engine: str | None = None,
    workers: int | None = None,
    scheduler: str | None = None,
    progress: Callable[[str, float], None] | None = None,
) -> SpaceTimeComposite:
    """Return the composite of maps by date, each taken to hold until the next one.

    Parameters
    ----------
    snapshots
        Polygons by date; a year means its last day. Each may be in a CRS of its own.
    holder, unit, sigma_km, sliver_km, crs, name, engine, workers, scheduler, progress
        As in :func:`marchland.from_versions`.

    Raises
    ------
    DataError, UsageError
        As :func:`marchland.from_versions`; also where there is no snapshot, or two are of one day.
    """
    from marchland.engine import Engine

    who = Engine(engine, workers, scheduler)
    frame, issues = stack(snapshots, holder=holder, unit=unit, crs=crs)
    recipe = Recipe(
        holder=holder,
        unit=unit,
        start=START,
        end=END,
        sigma_km=sigma_km,
        sliver_km=sliver_km,
        name=name,
        holds_on=False,
    )
    content = content_hash(frame, recipe)
    key = cache.key(content, asdict(recipe), str(crs), [asdict(issue) for issue in issues])
    return cache.through(
        key, lambda: build(frame, recipe, content=content, issues=issues, engine=who, progress=progress)
    )


def stack(
    snapshots: "Mapping[date | str | int, GeoDataFrame]",
    *,
    holder: str,
    unit: str | None = None,
    crs: object = None,
) -> tuple["GeoDataFrame", tuple[Issue, ...]]:
    """Return one table of all snapshots in WGS 84, dated, and what was assumed for it."""
    import geopandas
    import pandas

    from marchland.datasets.repairs import in_wgs84

    days = _days(snapshots)
    order = sorted(days)
    parts, issues = [], []
    for day, after in pairwise([*order, None]):
        if day is None:
            continue
        frame = snapshots[days[day]]
        columns = list(dict.fromkeys(c for c in (holder, unit) if c is not None))
        missing = [c for c in columns if c not in frame.columns]
        if missing:
            msg = f"no column {list_ids(map(repr, missing))} in {day};"
            msg += f" there are {list_ids(frame.columns, limit=20)}"
            raise DataError(msg)
        frame, found = in_wgs84(frame, crs)
        issues += [Issue(i.code, i.severity, str(day), i.message) for i in found]
        part = pandas.DataFrame({column: frame[column].astype(object) for column in columns})
        part["geometry"] = frame.geometry.to_numpy()
        part.index = pandas.Index([f"{label} of {day}" for label in frame.index])
        parts.append(part.assign(**{START: day.isoformat(), END: after.isoformat() if after else None}))
    text = (
        f"each of {len(order)} snapshots is taken to hold until the next; the data end on the day of the"
        f" last, {order[-1]}"
    )
    issues.append(Issue("assumption", "info", "", text))
    joined = geopandas.GeoDataFrame(pandas.concat(parts), geometry="geometry", crs="OGC:CRS84")
    return joined, tuple(issues)


def _days(snapshots: "Mapping[date | str | int, GeoDataFrame]") -> "dict[date, date | str | int]":
    if not snapshots:
        msg = "there is no snapshot; give at least one, by its date"
        raise UsageError(msg)
    days: dict[date, date | str | int] = {}
    for when in snapshots:
        day = parse_when(when)
        if day in days:
            msg = f"snapshots {days[day]!r} and {when!r} are both of {day}; keep one"
            raise DataError(msg)
        days[day] = when
    return days
