"""Geometry of users' boundaries made fit for a partition; every repair is an :class:`Issue`.

What cannot be put right without a guess is collected and raised once, with the rows it is found in.
"""

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import affinity

from marchland.errors import DataError, OpeningError, UsageError, list_ids
from marchland.model import Issue

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

__all__ = ["MOST_VERTICES", "clean", "in_stated_crs", "in_wgs84"]

Geometries = NDArray[np.object_]

MOST_VERTICES = 40_000_000
"""More are refused: where none is shared, a vertex takes up to 300 bytes (docs/bench.md), 12 GB in all."""

_POLYGONS = (3, 6)  # type ids of shapely
_FARTHEST = 540.0


def in_wgs84(frame: "GeoDataFrame", crs: object = None) -> tuple["GeoDataFrame", list[Issue]]:
    """Return the frame in longitude and latitude (WGS 84), and what was assumed or done for it.

    ``crs`` is what the frame is in where it does not say so itself.

    Raises :class:`UsageError` for what is no CRS.
    """
    issues: list[Issue] = []
    if frame.crs is None:
        if crs is None:
            issues.append(
                Issue("no-crs", "warning", "", "no CRS given; coordinates are read as WGS 84 degrees")
            )
        frame = in_stated_crs(frame, crs or "OGC:CRS84")
    elif crs is not None:
        text = f"the CRS stated, {frame.crs.name}, is used; {crs} is not"
        issues.append(Issue("crs-stated", "info", "", text))
    if frame.crs.to_epsg() != 4326 and str(frame.crs) != "OGC:CRS84" and not _is_crs84(frame.crs):
        issues.append(Issue("reprojected", "info", "", f"reprojected from {frame.crs.name} to WGS 84"))
        frame = frame.to_crs("OGC:CRS84")
    return frame, issues


def in_stated_crs(frame: "GeoDataFrame", crs: object) -> "GeoDataFrame":
    """Return the frame with a CRS where it states none.

    Raises :class:`UsageError` for what is no CRS.
    """
    from pyproj.exceptions import CRSError

    try:
        return frame if frame.crs is not None else frame.set_crs(crs)
    except CRSError as error:
        msg = f"no CRS {str(crs)!r} is known; give a code such as EPSG:32636, or WKT"
        raise UsageError(msg) from error


def _is_crs84(crs: Any) -> bool:  # noqa: ANN401 - pyproj.CRS
    return bool(crs.to_authority() == ("OGC", "CRS84"))


def clean(
    geometries: Geometries, ids: list[str], *, stated: str | None = None
) -> tuple[Geometries, list[Issue]]:
    """Return valid multipolygons within ±180° and ±90°, None where nothing is left, and all repairs.

    Parameters
    ----------
    geometries
        (n,) any geometry, lon/lat in degrees.
    ids
        What each is called in an issue.
    stated
        Name of the CRS that they came with, for an error.

    Raises
    ------
    OpeningError
        Coordinates that are no degrees, and no CRS was stated.
    DataError
        Coordinates that are not finite or no degrees, rings round a pole, or too many vertices.
    """
    issues: list[Issue] = []
    _refuse(geometries, ids, stated)
    out = shapely.force_2d(geometries)
    out = _only_polygons(out, ids, issues)
    out = _within_the_map(out, ids, issues)
    out = _valid(out, ids, issues)
    gone = [i for i in range(len(out)) if out[i] is None or out[i].is_empty]
    for i in gone:
        out[i] = None
        issues.append(Issue("no-area", "warning", ids[i], "has no area and is left out"))
    return out, issues


def _refuse(geometries: Geometries, ids: list[str], stated: str | None) -> None:
    total = int(shapely.get_num_coordinates(geometries).sum())
    if total > MOST_VERTICES:
        msg = (
            f"{total:,} vertices are more than {MOST_VERTICES:,}, for which one process may need 12 GB; cut"
            " them up from files with 'marchland build --data FOLDER -o FOLDER', simplify them, or take fewer"
        )
        raise DataError(msg)
    coords, row = shapely.get_coordinates(geometries, return_index=True)
    problems = []
    strange = np.unique(row[~np.isfinite(coords).all(axis=1)])
    if len(strange):
        problems.append(f"coordinates that are not finite in {list_ids(ids[i] for i in strange)}; mend them")
    with np.errstate(invalid="ignore"):
        far = np.unique(row[(np.abs(coords[:, 0]) > _FARTHEST) | (np.abs(coords[:, 1]) > 90 + 1e-6)])
    if len(far):
        told = f"coordinates that are no degrees in {list_ids(ids[i] for i in far)}; put longitude first"
        other = f"mend the CRS the file states, {stated}" if stated else "say which CRS they are in"
        problems.append(f"{told}, or {other}")
    if len(far) and not stated:
        raise OpeningError("; ".join(problems), option="crs", example="EPSG:…")
    if problems:
        raise DataError("; ".join(problems))


def _only_polygons(geometries: Geometries, ids: list[str], issues: list[Issue]) -> Geometries:
    kinds = shapely.get_type_id(geometries)
    out = geometries.copy()
    for i in np.flatnonzero(~np.isin(kinds, _POLYGONS)).tolist():
        geometry = geometries[i]
        if geometry is None or geometry.is_empty:
            out[i] = None
            continue
        parts = [p for p in _flat(geometry) if p.geom_type == "Polygon"]
        out[i] = shapely.multipolygons(parts) if parts else None
        what = "only its polygons are read" if parts else "it bounds no land"
        issues.append(Issue("not-polygon", "warning", ids[i], f"is a {geometry.geom_type}; {what}"))
    return out


def _flat(geometry: Any) -> list[Any]:  # noqa: ANN401 - any geometry
    return [q for p in geometry.geoms for q in _flat(p)] if hasattr(geometry, "geoms") else [geometry]


# --- ±180°


def _within_the_map(geometries: Geometries, ids: list[str], issues: list[Issue]) -> Geometries:
    out = geometries.copy()
    round_pole = []
    for i in _wide(geometries):
        polygons = shapely.get_parts(geometries[i])
        wide = set(_wide(polygons))
        parts = [_unwrapped(p) if k in wide else (p, False) for k, p in enumerate(polygons)]
        if any(part is None for part in parts):
            round_pole.append(ids[i])
        elif any(changed for _, changed in parts):  # type: ignore[misc] # None is excluded above
            whole = shapely.multipolygons([polygon for polygon, _ in parts])  # type: ignore[misc]
            if not whole.is_valid:
                text = f"{shapely.is_valid_reason(whole)}; mended by make_valid"
                issues.append(Issue("invalid-ring", "warning", ids[i], text))
            out[i] = _cut(whole)
            issues.append(Issue("antimeridian", "info", ids[i], "crosses ±180° and is cut there"))
    if round_pole:
        msg = f"rings round a pole in {list_ids(round_pole)}; draw them along ±180° and the pole"
        raise DataError(msg)
    return out


def _wide(geometries: Geometries) -> list[int]:
    """Return the positions of those that reach beyond ±180° or jump by more than that along an edge."""
    coords, row = shapely.get_coordinates(geometries, return_index=True)
    beyond = row[np.abs(coords[:, 0]) > 180]
    with np.errstate(invalid="ignore"):
        jumps = row[1:][(row[1:] == row[:-1]) & (np.abs(np.diff(coords[:, 0])) > 180)]
    wide: list[int] = np.union1d(beyond, jumps).tolist()
    return wide


def _unwrapped(polygon: Any) -> tuple[Any, bool] | None:  # noqa: ANN401 - shapely.Polygon
    """Return a polygon without jumps across ±180° and whether it reaches beyond; None round a pole."""
    rings = []
    for ring in (polygon.exterior, *polygon.interiors):
        coords = shapely.get_coordinates(ring)
        step = np.diff(coords[:, 0])
        seam = (np.abs(coords[1:, 1]) == 90) & (np.abs(coords[:-1, 1]) == 90)
        turns = np.where((np.abs(step) > 180) & ~seam & (np.abs(step) != 360), -360 * np.sign(step), 0.0)
        if turns.sum() != 0:
            return None
        coords[1:, 0] += np.cumsum(turns)
        rings.append(coords)
    middle = rings[0][:, 0].mean()
    for hole in rings[1:]:
        hole[:, 0] -= 360 * np.round((hole[:, 0].mean() - middle) / 360)
    beyond = any(bool((np.abs(ring[:, 0]) > 180).any()) for ring in rings)
    return shapely.Polygon(rings[0], rings[1:]), beyond


def _cut(geometry: Any) -> Any:  # noqa: ANN401 - geometry
    whole: Any = shapely.make_valid(geometry, method="structure", keep_collapsed=False)
    pieces = []
    for turn in (-360, 0, 360):
        piece = shapely.intersection(whole, shapely.box(turn - 180, -90, turn + 180, 90))
        moved = affinity.translate(piece, -turn)
        pieces += [part for part in _flat(moved) if part.geom_type == "Polygon" and not part.is_empty]
    return shapely.union_all(pieces)


# --- invalid rings


def _valid(geometries: Geometries, ids: list[str], issues: list[Issue]) -> Geometries:
    out = geometries.copy()
    for i in np.flatnonzero(~shapely.is_valid(geometries) & ~shapely.is_missing(geometries)).tolist():
        why = shapely.is_valid_reason(geometries[i])
        mended = shapely.make_valid(geometries[i], method="structure", keep_collapsed=False)
        parts = [p for p in _flat(mended) if p.geom_type == "Polygon" and not p.is_empty]
        out[i] = shapely.multipolygons(parts) if parts else None
        issues.append(Issue("invalid-ring", "warning", ids[i], f"{why}; mended by make_valid"))
    return out
