"""How polygons of one time fit together: overlaps, slivers, and gaps that they enclose."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from marchland.model import Issue
from marchland.validation.overlaps import NOTHING_KM2, SLIVER_WIDTH_KM, Rows, find_overlaps, metric_width_km
from marchland.validation.report import INFO, WARNING
from marchland.validation.temporal import Span

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from marchland.engine import Engine

Progress = Callable[[str, float], None]

GAP_VERTICES = 2_000_000
"""Gaps are looked for on every date on which something starts, while the polygons that hold on them have no
more vertices than this together (a few seconds); else on as many dates as that allows, spread evenly."""


def check_coverage_of(
    shapes: "NDArray[Any]",
    ids: Sequence[str],
    spans: Sequence[Span | None],
    holders: Sequence[str],
    *,
    engine: "Engine | None" = None,
    progress: Progress | None = None,
) -> list[Issue]:
    """Return overlaps of rows that hold at the same time, and gaps enclosed on some dates.

    Parameters
    ----------
    shapes
        Valid polygons in lon/lat degrees.
    ids, spans, holders
        Of each row; a span of None, or one without dates, is always.
    engine
        Who looks for overlaps; gaps are looked for here.
    progress
        Called with what is being done and the share of it that is done, 0 to 1.
    """
    tell = progress or (lambda _what, _share: None)
    overlaps = find_overlaps(shapes, Rows(tuple(ids), tuple(spans), tuple(holders)), engine, tell)
    found = [*overlaps, *_gaps(shapes, spans, tell)]
    tell("gaps", 1.0)
    return found


def _gaps(shapes: "NDArray[Any]", spans: Sequence[Span | None], tell: Progress) -> Iterator[Issue]:
    """Find holes in the union of what holds on a date; told for the first date that has them."""
    import shapely

    from marchland.measure import polygon_area_km2

    seen: set[str] = set()
    days, skipped = _days(shapes, spans)
    if skipped:
        text = (
            f"enclosed gaps were looked for on {len(days)} of {len(days) + skipped} dates on which something"
            f" starts, spread evenly from {days[0]} to {days[-1]}: all would take a union of everything each"
        )
        yield Issue("gaps-sampled", INFO, "", text)
    for number, day in enumerate(days):
        tell("gaps", number / len(days))
        alive = [i for i, span in enumerate(spans) if _alive(span, day)]
        union = shapely.union_all(shapes[alive])
        for part in shapely.get_parts(union):
            for ring in getattr(part, "interiors", ()):
                hole = shapely.Polygon(ring)
                area = polygon_area_km2(hole)
                point = hole.point_on_surface()
                ident = f"{point.x:.3f} {point.y:.3f}"
                if area <= NOTHING_KM2 or ident in seen:
                    continue
                seen.add(ident)
                yield _gap(ident, area, metric_width_km(hole), day)


def _gap(ident: str, area: float, width: float, day: date | None) -> Issue:
    when = f" on {day}" if day else ""
    text = f"{area:.6g} km² around {ident}, {width:.3g} km wide, are enclosed and held by nobody{when}"
    if width < SLIVER_WIDTH_KM:
        return Issue("gap-sliver", WARNING, ident, f"{text}: two drawings of one line")
    return Issue("gap", INFO, ident, f"{text}: a lake, or undelimited land")


def _days(shapes: "NDArray[Any]", spans: Sequence[Span | None]) -> tuple[list[date | None], int]:
    """Return dates on which something starts, all or as many as are affordable, and how many are left out."""
    import shapely

    starts = sorted({span.start for span in spans if span is not None and span.start is not None})
    if not starts:
        return [None], 0
    sizes = shapely.get_num_coordinates(shapes).tolist()
    total = sum(
        sum(size for size, span in zip(sizes, spans, strict=True) if _alive(span, day)) for day in starts
    )
    most = max(2, GAP_VERTICES * len(starts) // max(total, 1))
    if most >= len(starts):
        return list(starts), 0
    last = len(starts) - 1
    days: list[date | None] = [starts[round(i * last / (most - 1))] for i in range(most)]
    return days, len(starts) - len(days)


def _alive(span: Span | None, day: date | None) -> bool:
    return (
        span is None
        or day is None
        or ((span.start or date.min) <= day and (span.end is None or day < span.end))
    )
