"""A table of dated polygons, as users have them, looked at before anything is made of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from marchland.datasets.columns import ENDS, HOLDERS, STARTS, UNITS
from marchland.datasets.presets import HOLDER
from marchland.errors import DataError
from marchland.model import NOT_STATED, Issue
from marchland.validation.coverage import Progress, check_coverage_of
from marchland.validation.geometry import check_geometries
from marchland.validation.report import ERROR, INFO, WARNING, Report, gathered, report
from marchland.validation.temporal import Span, check_dates

if TYPE_CHECKING:
    from geopandas import GeoDataFrame, GeoSeries

    from marchland.engine import Engine


@dataclass(frozen=True, slots=True)
class Columns:
    """Which columns say who held what and when; None is looked for among the usual names.

    ``unit`` is what has one history (its versions must not overlap in time); ``end_rule`` is ``inclusive``,
    ``exclusive`` or None (inferred).
    """

    holder: str | None = None
    unit: str | None = None
    start: str | None = None
    end: str | None = None
    end_rule: str | None = None


def validate_frame(
    frame: "GeoDataFrame",
    *,
    columns: Columns | None = None,
    stamp: Mapping[str, Any] | None = None,
    engine: "Engine | None" = None,
    progress: Progress | None = None,
) -> Report:
    """Return what is wrong with a GeoDataFrame of polygons, dated or not.

    Parameters
    ----------
    frame
        Any CRS; without one it is taken as lon/lat in WGS 84, and an issue says so.
    columns
        Which columns to read.
    stamp
        What the report carries; None makes one that names no file.
    engine
        Who looks for overlaps; None looks here.
    progress
        Called with what is being done and the share of it that is done, 0 to 1.

    Raises
    ------
    DataError
        A column that was named is not there.
    """
    import numpy as np

    found = _columns(frame, columns or Columns())
    issues = _told(frame, found)
    flat, crs = _lonlat(frame.geometry)
    issues += crs
    ids = _ids(frame, found)
    shapes = np.asarray(flat.array, dtype=object)
    geometry, good = check_geometries(shapes, ids)
    issues += geometry
    dated, spans = _dates(frame, found, ids)
    issues += dated
    holders = _texts(frame, found.holder) or [""] * len(ids)
    if found.holder:
        nobody = [ident for ident, holder in zip(ids, holders, strict=True) if not holder]
        issues += gathered("holder-missing", INFO, nobody, "{n} rows have no holder: {ids}")
    rows = good.nonzero()[0].tolist()
    if rows:
        issues += check_coverage_of(
            _valid(shapes[good]),
            [ids[i] for i in rows],
            [spans[i] for i in rows],
            [holders[i] for i in rows],
            engine=engine,
            progress=progress,
        )
    elif not len(frame):
        issues.append(Issue("no-rows", ERROR, "", "there is nothing in it: no rows"))
    return report(issues, stamp if stamp is not None else file_stamp("GeoDataFrame", ""))


def file_stamp(name: str, digest: str) -> dict[str, Any]:
    """Return the stamp of a file that says nothing of its rights; ``digest`` is of its bytes."""
    return {
        "dataset": name,
        "version": "",
        "hash": digest,
        "basis": None,
        "dates": [],
        "method": "geometry, coverage and dates checked; ellipsoidal areas",
        "crs": "OGC:CRS84",
        "citation": NOT_STATED,
        "licence": NOT_STATED,
        "attribution": NOT_STATED,
    }


# --- columns


def _columns(frame: "GeoDataFrame", given: Columns) -> Columns:
    there = [str(name) for name in frame.columns if name != frame.geometry.name]
    wanted = [name for name in (given.holder, given.unit, given.start, given.end) if name]
    absent = [name for name in wanted if name not in there]
    if absent:
        msg = f"no column {absent[0]!r}; there are {', '.join(there) or 'none'}"
        raise DataError(msg)
    by_lower = {name.casefold(): name for name in reversed(there)}

    def first(choice: str | None, names: Sequence[str]) -> str | None:
        return choice or next((by_lower[name] for name in names if name in by_lower), None)

    return Columns(
        first(given.holder, HOLDERS),
        first(given.unit, UNITS),
        first(given.start, STARTS),
        first(given.end, ENDS),
        given.end_rule,
    )


def _told(frame: "GeoDataFrame", found: Columns) -> list[Issue]:
    """Say what was taken for what."""
    names = {role: getattr(found, role) or "none" for role in ("holder", "unit", "start", "end")}
    words = [f"{role} {'as assumed' if name == HOLDER else name}" for role, name in names.items()]
    issues = [Issue("columns", INFO, "", f"{len(frame)} rows; columns read: {', '.join(words)}")]
    if found == Columns(unit=found.unit, end_rule=found.end_rule):
        text = "no column is known as holder, start or end: geometry alone is checked; name them"
        issues.append(Issue("columns-unknown", WARNING, "", text))
    if (found.start is None) != (found.end is None):
        lacking = "start" if found.start is None else "end"
        issues.append(Issue("column-missing", WARNING, "", f"there is no column for the {lacking}; name it"))
    return issues


def _texts(frame: "GeoDataFrame", column: str | None) -> list[str] | None:
    if column is None:
        return None
    values = frame[column]
    return ["" if absent else _text(value) for value, absent in zip(values, values.isna(), strict=True)]


def _text(value: object) -> str:
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value).strip()


def _ids(frame: "GeoDataFrame", found: Columns) -> list[str]:
    """Return a name for each row: its unit or holder, and its number where that is not enough."""
    texts = _texts(frame, found.unit) or _texts(frame, found.holder) or [""] * len(frame)
    doubled = {text for text in texts if texts.count(text) > 1} if len(texts) < 20_000 else set(texts)
    return [
        text if text and text not in doubled else f"{text} (row {i})" if text else f"row {i}"
        for i, text in enumerate(texts, start=1)
    ]


# --- what is checked


def _lonlat(shapes: "GeoSeries") -> "tuple[GeoSeries, list[Issue]]":
    if shapes.crs is None:
        text = "no CRS is given; coordinates are taken as longitude and latitude in WGS 84"
        return shapes, [Issue("crs-missing", WARNING, "", text)]
    if shapes.crs.to_epsg() == 4326 or shapes.crs.to_string() == "OGC:CRS84":
        return shapes, []
    text = f"coordinates in {shapes.crs.to_string()[:60]} were turned into longitude and latitude in WGS 84"
    return shapes.to_crs("OGC:CRS84"), [Issue("crs-other", INFO, "", text)]


def _dates(
    frame: "GeoDataFrame", found: Columns, ids: Sequence[str]
) -> tuple[list[Issue], list[Span | None]]:
    """Return the issues of the dates and the span of each row, None where it has none that can be read."""
    if found.start is None and found.end is None:
        return [], [None] * len(ids)
    units = _texts(frame, found.unit) or _texts(frame, found.holder) or list(ids)
    starts = frame[found.start].tolist() if found.start else [None] * len(ids)
    ends = frame[found.end].tolist() if found.end else [None] * len(ids)
    issues, spans = check_dates(zip(ids, units, starts, ends, strict=True), end_rule=found.end_rule)
    if found.start is None:
        issues = [issue for issue in issues if issue.code != "date-missing"]
    if found.unit is None:  # a holder may have several pieces of land at once
        issues = [issue for issue in issues if issue.code != "time-overlap"]
    by_id = {span.id: span for span in spans}
    return issues, [by_id.get(ident) for ident in ids]


def _valid(shapes: Any) -> Any:  # noqa: ANN401 - arrays of geometries
    """Return the polygons with rings that cross themselves repaired, for measuring only."""
    import shapely

    repaired = shapes.copy()
    bad = ~shapely.is_valid(repaired)
    if bad.any():
        repaired[bad] = shapely.make_valid(repaired[bad], method="structure", keep_collapsed=False)
    return repaired
