"""Polygons that hold the same land at the same time, looked for here or in several processes."""

import json
import tempfile
from collections.abc import Callable
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from marchland.model import Issue
from marchland.validation.report import WARNING
from marchland.validation.temporal import Span

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from marchland.engine import Engine

__all__ = ["NOTHING_KM2", "SLIVER_WIDTH_KM", "Rows", "find_overlaps", "metric_width_km", "overlaps_task"]

Progress = Callable[[str, float], None]

SLIVER_WIDTH_KM = 0.5
"""Metric width 2A/P below which an overlap or a gap is two drawings of one line."""

NOTHING_KM2 = 1e-4
"""An overlap below 100 m² is rounding."""

_ROWS = "rows.json"
_AT_ONCE = 2000  # pairs that are intersected between two reports of progress


class Rows(NamedTuple):
    """What is said of each polygon; a span of None, or one without dates, is always."""

    ids: tuple[str, ...]
    spans: tuple[Span | None, ...]
    holders: tuple[str, ...]


def find_overlaps(
    shapes: "NDArray[Any]", rows: Rows, engine: "Engine | None", progress: Progress
) -> list[Issue]:
    """Return an issue for each pair of rows that share land and days, in the order of the rows.

    Parameters
    ----------
    shapes
        Valid polygons in lon/lat degrees.
    rows
        What is said of each.
    engine
        Who looks; None looks here.
    progress
        Called with what is being done and the share of it that is done, 0 to 1.
    """
    import numpy as np
    import shapely

    name = engine.chosen(int(shapely.get_num_coordinates(shapes).sum())) if engine else "serial"
    numbers = np.arange(len(shapes))
    if engine is None or name == "serial":
        return [issue for *_, issue in _overlaps(shapes, numbers, numbers, rows, progress)]
    from marchland.datasets.cache import work_folder
    from marchland.engine.store import read_arrays
    from marchland.engine.tiled import Run, runner
    from marchland.engine.work import path_of

    place = work_folder()  # which the workers of a cluster see, too
    if place is not None:
        place.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory(prefix="overlaps-", dir=place) as home,
        runner(name, engine.hands, engine.scheduler) as hands,
    ):
        folder = Path(home)
        parts = _write(folder, shapes, rows)
        task = f"{__name__}:{overlaps_task.__name__}"
        Run(folder, hands, progress).stage("overlaps", range(parts), (0.0, 1.0), task)
        found: list[tuple[int, int, dict[str, str]]] = []
        for number in range(parts):
            with read_arrays(path_of(folder, "overlaps", number)) as arrays:
                found += json.loads(arrays["found"].tobytes())
    return [Issue(**issue) for _, _, issue in sorted(found, key=lambda row: row[:2])]


def _write(folder: Path, shapes: "NDArray[Any]", rows: Rows) -> int:
    """Write polygons in files, near ones together, and what is said of them; return how many files."""
    import numpy as np
    import shapely

    from marchland.engine import parquet
    from marchland.engine.tiles import hilbert_order

    bounds = shapely.bounds(shapes)
    order = hilbert_order((bounds[:, :2] + bounds[:, 2:]) / 2)
    file = np.cumsum(shapely.get_num_coordinates(shapes)[order]) // parquet.FILE_VERTICES
    files = np.unique(file).tolist()
    for part, name in enumerate(files):
        mine = order[file == name]
        columns = {"number": mine, "vertices": shapely.get_num_coordinates(shapes[mine])}
        parquet.write_table(folder / f"{part:05d}.parquet", shapes[mine], columns)
    spans = [span and (span.id, span.unit, *map(_text, (span.start, span.end))) for span in rows.spans]
    text = json.dumps({"ids": rows.ids, "spans": spans, "holders": rows.holders})
    (folder / _ROWS).write_text(text, encoding="utf-8")
    return len(files)


def _text(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def overlaps_task(folder: Path, number: int) -> None:
    """Look for overlaps of the polygons in one file with those after them in the order of the rows."""
    import numpy as np

    from marchland.engine import parquet
    from marchland.engine.store import write_arrays
    from marchland.engine.work import path_of

    said = json.loads((folder / _ROWS).read_text(encoding="utf-8"))
    spans = tuple(span and Span(*span[:2], *map(_day, span[2:])) for span in said["spans"])
    rows = Rows(tuple(said["ids"]), spans, tuple(said["holders"]))
    files, _, _ = parquet.read_boxes(folder)
    west, south, east, north = files[number].tolist()
    edge = 1e-9  # neighbours that only touch the bounds are read too
    near = (west - edge, south - edge, east + edge, north + edge)
    shapes, numbers = parquet.read_polygons(folder, near, files)
    own = parquet.read_numbers(folder / f"{number:05d}.parquet")
    found = _overlaps(shapes, numbers, own, rows, lambda _what, _share: None)
    text = json.dumps([(i, j, asdict(issue)) for i, j, issue in found])
    write_arrays(path_of(folder, "overlaps", number), {"found": np.frombuffer(text.encode(), dtype=np.uint8)})


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _overlaps(
    shapes: "NDArray[Any]",
    numbers: "NDArray[Any]",
    own: "NDArray[Any]",
    rows: Rows,
    tell: Progress,
) -> list[tuple[int, int, Issue]]:
    """Overlaps of the polygons numbered ``own`` with those of higher ``numbers``, sorted."""
    import numpy as np
    import shapely

    order = np.argsort(numbers)
    shapes, numbers = shapes[order], numbers[order]
    mine = np.flatnonzero(np.isin(numbers, own))
    one, other = shapely.STRtree(shapes).query(shapes[mine], predicate="intersects")
    pairs = np.column_stack([mine[one], other])
    pairs = pairs[pairs[:, 0] < pairs[:, 1]]
    pairs = pairs[np.lexsort(pairs.T[::-1])]
    same_time = [_together(rows.spans[i], rows.spans[j]) for i, j in numbers[pairs].tolist()]
    pairs = pairs[np.array(same_time, dtype=np.bool_)]
    found = []
    for first in range(0, len(pairs), _AT_ONCE):
        tell("overlaps", first / len(pairs))
        some = pairs[first : first + _AT_ONCE]
        shared = shapely.intersection(shapes[some[:, 0]], shapes[some[:, 1]])
        for row in np.flatnonzero(shapely.area(shared) > 0).tolist():
            i, j = some[row].tolist()
            issue = _issue(shared[row], (shapes[i], shapes[j]), (int(numbers[i]), int(numbers[j])), rows)
            if issue is not None:
                found.append((int(numbers[i]), int(numbers[j]), issue))
    return found


def _issue(shared: Any, both: tuple[Any, Any], pair: tuple[int, int], rows: Rows) -> Issue | None:  # noqa: ANN401
    """Say what two rows share, None for nothing."""
    import shapely

    from marchland.measure import polygon_area_km2

    area = polygon_area_km2(shared)
    if area <= NOTHING_KM2:
        return None
    one, other = (rows.ids[number] for number in pair)
    width = metric_width_km(shared)
    text = f"{one} and {other} share {area:.6g} km², {width:.3g} km wide"
    if shapely.equals(*both) and rows.holders[pair[0]] == rows.holders[pair[1]]:
        return Issue("version-twice", WARNING, f"{one} | {other}", f"{text}: the same land and holder twice")
    if width < SLIVER_WIDTH_KM:
        return Issue("overlap-sliver", WARNING, f"{one} | {other}", f"{text}: two drawings of one line")
    return Issue("overlap", WARNING, f"{one} | {other}", f"{text}: read as held by both")


def _together(one: Span | None, other: Span | None) -> bool:
    """Whether two rows hold on one day; an end and a start on the same day do not count."""
    if one is None or other is None:
        return True
    starts = max(one.start or date.min, other.start or date.min)
    ends = min(one.end or date.max, other.end or date.max)
    return starts < ends


def metric_width_km(shape: Any) -> float:  # noqa: ANN401 - a geometry
    """Return twice the area over the perimeter in km: the width of a strip, half the radius of a disc."""
    import shapely

    from marchland.measure import geometry_length_km, polygon_area_km2

    land = [part for part in shapely.get_parts(shape) if part.geom_type == "Polygon"]
    around = sum(geometry_length_km(part) for part in land)
    return 2 * sum(polygon_area_km2(part) for part in land) / around if around else 0.0
