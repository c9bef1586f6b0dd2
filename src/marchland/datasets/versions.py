"""A table of dated boundaries to a composite."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

from marchland.composite import SpaceTimeComposite
from marchland.datasets import cache
from marchland.datasets.spans import EndRule, read_end, read_start
from marchland.errors import DataError, DateError, UsageError, list_ids
from marchland.meta import DatasetMeta
from marchland.model import NOT_STATED, Issue

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

    from marchland.datasets.territories import Version
    from marchland.engine import Engine

__all__ = ["Recipe", "build", "from_versions", "read_versions"]

Progress = Callable[[str, float], None]


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a table is read: which column says what, and what the result says of itself.

    ``holds_on`` says that what has no end holds on after the last date of all; a map of a single date does
    not.
    """

    holder: str
    start: str
    end: str | None = None
    end_rule: EndRule = "exclusive"
    unit: str | None = None
    sigma_km: float = 0.0
    sliver_km: float = 0.0
    name: str = "versions"
    title: str = ""
    licence: str = NOT_STATED
    attribution: str = NOT_STATED
    citation: str = NOT_STATED
    holds_on: bool = True

    def __post_init__(self) -> None:
        if self.end_rule not in ("exclusive", "inclusive"):
            msg = f"end_rule {self.end_rule!r} is neither 'exclusive' nor 'inclusive'"
            raise UsageError(msg)
        if not (self.sigma_km >= 0 and self.sliver_km >= 0):
            msg = "sigma_km and sliver_km are distances in km, 0 or more"
            raise UsageError(msg)


def from_versions(
    gdf: "GeoDataFrame",
    *,
    holder: str,
    start: str,
    end: str | None = None,
    end_rule: EndRule = "exclusive",
    unit: str | None = None,
    sigma_km: float = 0.0,
    sliver_km: float = 0.0,
    crs: object = None,
    name: str = "versions",
    engine: str | None = None,
    workers: int | None = None,
    scheduler: str | None = None,
    progress: Progress | None = None,
) -> SpaceTimeComposite:
    """Return the composite of boundaries in versions, one row a polygon and the time it held.

    Parameters
    ----------
    gdf
        Polygons in any CRS; without one, WGS 84 degrees are assumed and it is reported.
    holder, unit
        Columns of who holds the land (empty: nobody) and of the unit it is, which names territories; without
        ``unit`` the holder does.
    start, end
        Columns of the first and of the last day: dates, years, EDTF, or integers such as 17831203. An empty
        end is open, and where there is one the dataset has no last date: what holds on the last date named
        (``meta.as_of``) holds on.
    end_rule
        Whether ``end`` is the first day after (``exclusive``) or the last day held (``inclusive``).
    sigma_km
        Standard deviation of position of all lines, km; 0 states no error.
    sliver_km
        Faces thinner than this are merged into a neighbour, see ``marchland.datasets.slivers``;
        0 merges none.
    crs
        The CRS of a table that does not say.
    name
        What answers call the dataset.
    engine, workers, scheduler
        Who cuts up the plane: ``serial``, ``processes`` or ``dask``, with how many workers, at which
        scheduler's address. None takes several processes for large sets (docs/scale.md), one a processor.
    progress
        Called as the work goes on with what is being done and the share done, 0 to 1.

    Raises
    ------
    DataError
        A column is missing, a date unreadable, a version starts after its end, or a geometry cannot be put
        right without a guess. What was put right is in ``reading_report``.
    UsageError
        An option makes no sense.
    """
    recipe = Recipe(
        holder=holder,
        start=start,
        end=end,
        end_rule=end_rule,
        unit=unit,
        sigma_km=sigma_km,
        sliver_km=sliver_km,
        name=name,
    )
    from marchland.engine import Engine

    who = Engine(engine, workers, scheduler)
    _check_columns(gdf, recipe)
    content = content_hash(gdf, recipe)
    key = cache.key(content, asdict(recipe), str(crs))
    return cache.through(
        key, lambda: build(gdf, recipe, content=content, crs=crs, engine=who, progress=progress)
    )


def content_hash(gdf: "GeoDataFrame", recipe: Recipe) -> str:
    """Return the SHA-256 of the geometries, their CRS and the columns a recipe reads."""
    import shapely

    digest = hashlib.sha256(str(gdf.crs.to_wkt() if gdf.crs is not None else None).encode())
    for blob in shapely.to_wkb(gdf.geometry.to_numpy()):
        digest.update(blob or b"-")
    columns = [c for c in (recipe.holder, recipe.unit, recipe.start, recipe.end) if c is not None]
    rows = [[str(value) for value in gdf[column]] for column in columns]
    digest.update(json.dumps([list(map(str, gdf.index)), *rows]).encode())
    return f"sha256:{digest.hexdigest()}"


def build(
    gdf: "GeoDataFrame",
    recipe: Recipe,
    *,
    content: str,
    issues: tuple[Issue, ...] = (),
    crs: object = None,
    engine: "Engine | None" = None,
    progress: Progress | None = None,
) -> SpaceTimeComposite:
    """Read, repair, cut up and assemble; see :func:`from_versions`. ``issues`` lead the reading report."""
    import numpy as np

    from marchland.datasets import repairs, territories
    from marchland.datasets.slivers import merge_slivers, thin_faces
    from marchland.engine import Engine, overlay

    tell = progress or (lambda _what, _share: None)
    tell("reading", 0.0)
    _check_columns(gdf, recipe)
    report = list(issues)
    frame, found = repairs.in_wgs84(gdf, crs)
    report += found
    rows, versions = _versions(frame, recipe, report)
    polygons, found = repairs.clean(
        np.asarray(frame.geometry.to_numpy(), dtype=object)[rows],
        [version.id for version in versions],
        stated=None if gdf.crs is None else gdf.crs.name,
    )
    report += found
    keep = _kept(polygons, versions, report)
    if not keep:
        lines = [issue.id for issue in report if issue.code == "not-polygon"]
        if lines:
            msg = f"there are no polygons: give areas, not lines or points as in {list_ids(lines)}"
            raise DataError(msg)
        why = f"{report[-1].id} {report[-1].message}".strip() if report else "the table is empty"
        msg = f"no polygon with a date is left; {why}"
        raise DataError(msg)
    polygons, versions = polygons[keep], [versions[i] for i in keep]
    partition = overlay(polygons, engine or Engine(), work=cache.work_folder(), progress=progress)
    tell("assembling", 0.95)
    ledger = merge_slivers(partition, width_km=recipe.sliver_km)
    meta = _meta(recipe, content, versions)
    composite = territories.assemble(versions, partition, ledger, meta, recipe.sigma_km)
    report += territories.temporal_issues(versions) + territories.coverage_issues(composite)
    report += _sliver_issues(composite, partition.unsettled)
    if recipe.sliver_km == 0:
        report += thin_faces(partition)
    tell("assembling", 1.0)
    return replace(composite, reading_report=tuple(report))


def _meta(recipe: Recipe, content: str, versions: list["Version"]) -> DatasetMeta:
    from marchland.datasets.territories import meta_dates

    open_ended = recipe.holds_on and any(version.end is None for version in versions)
    dates = meta_dates(versions, open_ended=open_ended)
    return DatasetMeta(
        name=recipe.name,
        title=recipe.title or recipe.name,
        version=content.removeprefix("sha256:")[:12],
        hash=content,
        first_date=dates[0],
        as_of=dates[1],
        licence=recipe.licence,
        attribution=recipe.attribution,
        citation=recipe.citation,
        open_ended=open_ended,
    )


def _check_columns(gdf: "GeoDataFrame", recipe: Recipe) -> None:
    wanted = [c for c in (recipe.holder, recipe.start, recipe.end, recipe.unit) if c is not None]
    missing = [c for c in wanted if c not in gdf.columns]
    if missing:
        msg = f"no column {list_ids(map(repr, missing))}; there are {list_ids(gdf.columns, limit=20)}"
        raise DataError(msg)
    if not len(gdf):
        msg = "the table has no rows"
        raise DataError(msg)


def read_versions(frame: "GeoDataFrame", recipe: Recipe) -> tuple[list[int], list["Version"], list[Issue]]:
    """Return the rows of a table that hold on at least one day, what their columns say, and what was noticed.

    Raises :class:`DataError` for columns that are missing, and unreadable or reversed dates.
    """
    _check_columns(frame, recipe)
    issues: list[Issue] = []
    return *_versions(frame, recipe, issues), issues


def _versions(
    frame: "GeoDataFrame", recipe: Recipe, report: list[Issue]
) -> tuple[list[int], list["Version"]]:
    """Return the rows that hold on at least one day and what their columns say.

    Raises :class:`DataError` naming all rows with unreadable or reversed dates.
    """
    from marchland.datasets.territories import Version

    columns = {
        field: list(frame[column]) if column else [None] * len(frame)
        for field, column in (
            ("holder", recipe.holder),
            ("unit", recipe.unit or recipe.holder),
            ("start", recipe.start),
            ("end", recipe.end),
        )
    }
    rows, versions, problems = [], [], _Problems()
    for row, label in enumerate(frame.index):
        holder, unit = _text(columns["holder"][row]), _text(columns["unit"][row])
        key = f"row {label}" + (f" ({unit or holder})" if unit or holder else "")
        value = columns["start"][row]
        try:
            start = read_start(value)
            value = columns["end"][row]
            end = read_end(value, recipe.end_rule)
        except DateError:
            problems.add(_UNREAD, f"{key}: {value!r}")
            continue
        if start is None:
            problems.add("no start date", key)
        elif end is not None and end < start:
            problems.add("a start after the end", key)
        elif end == start:
            text = f"starts and ends on {start} and holds on no day; left out"
            report.append(Issue("no-day", "warning", key, text))
        else:
            rows.append(row)
            versions.append(Version(key, holder, unit, start, end))
    problems.check()
    _report_nobody(versions, report)
    return rows, versions


_UNREAD = "dates that cannot be read"
_HOW = "dates are 1860-11-14, 1860-11, 1860 or EDTF, in the years 1 to 9999"


class _Problems:
    """What is wrong with the rows, told at once."""

    def __init__(self) -> None:
        self.found: dict[str, list[str]] = {}

    def add(self, what: str, key: str) -> None:
        self.found.setdefault(what, []).append(key)

    def check(self) -> None:
        if self.found:
            texts = [f"{what} in {list_ids(keys)}" for what, keys in list(self.found.items())[:5]]
            more = len(self.found) - len(texts)
            told = [*texts, *([f"and {more} more kinds"] if more > 0 else []), "mend these rows"]
            raise DataError("; ".join([*told, _HOW] if _UNREAD in self.found else told))


def _text(value: object) -> str | None:
    """Return a cell as text: a whole number without its decimals, None where it is empty."""
    if value is None or value != value:
        return None
    text = str(int(value)) if isinstance(value, float) and value.is_integer() else str(value).strip()
    return text if text and text not in {"<NA>", "NaT"} else None


def _report_nobody(versions: list["Version"], report: list[Issue]) -> None:
    nobody = [version.id for version in versions if version.holder is None]
    if nobody:
        text = f"no holder in {list_ids(nobody)}; counted as undelimited"
        report.append(Issue("no-holder", "warning", "", text))


def _kept(polygons: Any, versions: list["Version"], report: list[Issue]) -> list[int]:  # noqa: ANN401 - array
    """Return the positions of what is no duplicate and has a geometry."""
    seen: dict[tuple[object, ...], list[int]] = {}
    keep = []
    for i, version in enumerate(versions):
        if polygons[i] is None:
            continue
        alike = seen.setdefault((version.holder, version.unit, version.start, version.end), [])
        same = next((j for j in alike if _drawn_alike(polygons[i], polygons[j])), None)
        if same is not None:
            text = f"is the same as {versions[same].id}; left out"
            report.append(Issue("duplicate", "warning", version.id, text))
            continue
        alike.append(i)
        keep.append(i)
    return keep


def _drawn_alike(one: Any, other: Any) -> bool:  # noqa: ANN401 - geometries
    """Whether two polygons have the same vertices, wherever their rings begin."""
    return bool(one.bounds == other.bounds and one.normalize() == other.normalize())


def _sliver_issues(composite: SpaceTimeComposite, unsettled: int) -> list[Issue]:
    issues = []
    merged = [row for row in composite.slivers if row.merged_into is not None]
    if composite.slivers:
        area = sum(row.area_km2 for row in merged)
        text = (
            f"{len(merged)} slivers of {area:,.3f} km² merged into neighbours,"
            f" {len(composite.slivers) - len(merged)} left; all are listed in slivers"
        )
        issues.append(Issue("slivers", "info", "", text))
    if unsettled:
        text = f"{unsettled} edges lie within a millimetre of others; the self-test cannot tell them apart"
        issues.append(Issue("near-edges", "info", "", text))
    return issues
