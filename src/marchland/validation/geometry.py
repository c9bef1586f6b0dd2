"""Faults of single geometries: empty, unreadable coordinates, wrong type, invalid rings."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from marchland.model import Issue
from marchland.validation.report import ERROR, INFO, WARNING, gathered

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_POLYGONS = (3, 6)
"""Shapely's type ids of Polygon and MultiPolygon."""

JUMP_DEGREES = 180.0
"""An edge longer than this in longitude was meant to go the other way round, across ±180°."""


_FAULTS = {
    "nan": ("coordinate-nan", ERROR, "{n} geometries have NaN or infinite coordinates: {ids}"),
    "range": (
        "coordinate-range",
        ERROR,
        "{n} geometries leave the globe (longitude ±180°, latitude ±90°); the CRS may be wrong: {ids}",
    ),
    "turned": ("beyond-180", WARNING, "{n} geometries reach beyond ±180° uncut: {ids}"),
    "jump": (
        "antimeridian",
        WARNING,
        "{n} geometries have an edge over 180° of longitude; cut them at ±180°: {ids}",
    ),
}
"""Code, severity and message of each fault of coordinates."""


def check_geometries(shapes: "NDArray[Any]", ids: Sequence[str]) -> "tuple[list[Issue], NDArray[np.bool_]]":
    """Return the issues of polygons in lon/lat degrees, and which of them are fit for further checks."""
    import numpy as np
    import shapely

    missing = shapely.is_missing(shapes)
    empty = shapely.is_empty(shapes) & ~missing
    issues = gathered("geometry-missing", ERROR, _named(ids, missing), "{n} rows have no geometry: {ids}")
    issues += gathered("geometry-empty", ERROR, _named(ids, empty), "{n} geometries are empty: {ids}")
    present = ~(missing | empty)
    kinds = shapely.get_type_id(shapes)
    other = present & ~np.isin(kinds, _POLYGONS)
    if other.any():
        types = ", ".join(sorted({shape.geom_type for shape in shapes[other]}))
        text = f"{{n}} geometries are no polygons but {types}, which bound no land: {{ids}}"
        issues += gathered("geometry-type", ERROR, _named(ids, other), text)
    usable = present & ~other
    found, good = _coordinates(shapes, ids, usable)
    issues += found
    issues += _rings(shapes, ids, good)
    return issues, good


def _named(ids: Sequence[str], which: "NDArray[np.bool_]") -> list[str]:
    return [ids[i] for i in which.nonzero()[0].tolist()]


def _coordinates(
    shapes: "NDArray[Any]", ids: Sequence[str], usable: "NDArray[np.bool_]"
) -> "tuple[list[Issue], NDArray[np.bool_]]":
    """Find coordinates that are no numbers or on no globe, vertices said twice, edges that leap ±180°."""
    import numpy as np
    import shapely

    rows = usable.nonzero()[0]
    faults: dict[str, list[int]] = {key: [] for key in _FAULTS}
    twice: dict[int, int] = {}
    for row in rows.tolist():
        xy = shapely.get_coordinates(shapes[row])
        if not np.isfinite(xy).all():
            faults["nan"].append(row)
            continue
        (west, south), (east, north) = xy.min(axis=0).tolist(), xy.max(axis=0).tolist()
        if south < -90 or north > 90 or west < -360 or east > 360:
            faults["range"].append(row)
            continue
        if west < -180 or east > 180:
            faults["turned"].append(row)
        steps = [np.diff(ring, axis=0) for ring in _ring_arrays(shapes[row])]
        if any((np.abs(step[:, 0]) > JUMP_DEGREES).any() for step in steps):
            faults["jump"].append(row)
        repeats = sum(int((step == 0).all(axis=1).sum()) for step in steps)
        if repeats:
            twice[row] = repeats
    good = usable.copy()
    good[faults["nan"] + faults["range"]] = False
    issues = []
    for key, found in faults.items():
        issues += gathered(*_FAULTS[key][:2], [ids[i] for i in found], _FAULTS[key][2])
    if twice:
        text = f"{{n}} geometries repeat a vertex, {sum(twice.values())} times in all: {{ids}}"
        issues += gathered("vertex-twice", INFO, [ids[i] for i in twice], text)
    return issues, good


def _ring_arrays(shape: Any) -> "Iterator[NDArray[np.float64]]":  # noqa: ANN401 - a geometry
    import shapely

    for ring in shapely.get_rings(shape):
        yield shapely.get_coordinates(ring)


def _rings(shapes: "NDArray[Any]", ids: Sequence[str], good: "NDArray[np.bool_]") -> list[Issue]:
    """Tell rings that only touch themselves, which repair leaves as they are, from those that cross."""
    import shapely

    from marchland.measure import polygon_area_km2

    issues = []
    bad = good.nonzero()[0][~shapely.is_valid(shapes[good])]
    for row in bad.tolist():
        reason = shapely.is_valid_reason(shapes[row])
        before, after = polygon_area_km2(shapes[row]), polygon_area_km2(shapely.make_valid(shapes[row]))
        touches = reason.startswith("Ring Self-intersection")
        issues.append(
            Issue(
                "ring-touch" if touches else "ring-invalid",
                WARNING if touches else ERROR,
                ids[row],
                f"{reason}; repair changes its area by {after - before:+.4g} km² from {before:.6g}",
            )
        )
    return issues
