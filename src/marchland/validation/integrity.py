"""Whether a composite is what it says: complete tenures, a valid coverage, arcs that bound their faces."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from marchland.model import Basis, Issue, Tenure
from marchland.validation.overlaps import SLIVER_WIDTH_KM, metric_width_km
from marchland.validation.report import ERROR, INFO, WARNING, Report, gathered, report

if TYPE_CHECKING:
    from marchland.composite import SpaceTimeComposite
    from marchland.faces import Face

AREA_TOLERANCE_KM2 = 1e-3
"""A face may differ so much from the sum over its arcs: coordinates have 6 decimals."""

ROUNDING_KM2 = 0.006
"""A territory's area is rounded once to 0.01 km²."""

DAY = timedelta(days=1)


def validate_composite(composite: "SpaceTimeComposite") -> Report:
    """Return what is wrong with a composite.

    Tenures per territory and basis without gap or overlap from its first date to its last; ids that lead
    nowhere; faces that overlap or are slivers; areas that do not add up; and the attribution test: the line
    integral over the arcs that name a face, positive on its left and negative on its right, is its area.
    What was assumed and repaired as a user's boundaries were read is part of the report.
    """
    issues = [
        *_references(composite),
        *_tenures(composite),
        *_faces(composite),
        *_areas(composite),
        *_attribution(composite),
        *_clauses(composite),
        *composite.reading_report,
    ]
    return report(issues, composite.stamp([composite.meta.first_date, composite.meta.as_of], None))


def _references(composite: "SpaceTimeComposite") -> Iterator[Issue]:
    """Find ids that name nothing."""
    for tenure in composite.tenures:
        if tenure.territory not in composite.territories:
            yield Issue("id-unknown", ERROR, tenure.territory, "a tenure is of a territory that is not there")
        if tenure.instrument and tenure.instrument not in composite.instruments:
            text = f"its tenure from {tenure.start} names no instrument: {tenure.instrument}"
            yield Issue("id-unknown", ERROR, tenure.territory, text)
        for holder in (tenure.holder or "").split("+"):
            if holder and holder not in composite.holders:
                yield Issue("id-unknown", WARNING, holder, "it holds land but is not among the holders")
    yield from _arc_references(composite)


def _arc_references(composite: "SpaceTimeComposite") -> Iterator[Issue]:
    faces = {face.id for face in composite.faces}
    for arc in composite.arcs:
        for side in (arc.left, arc.right):
            if side is not None and side not in faces:
                yield Issue("id-unknown", ERROR, arc.id, f"the arc bounds no face: {side}")
        for segment in arc.segments:
            if segment not in composite.segments:
                yield Issue("id-unknown", ERROR, arc.id, f"the arc is drawn by no segment: {segment}")


# --- time


def _tenures(composite: "SpaceTimeComposite") -> Iterator[Issue]:
    found = {tenure.basis for tenure in composite.tenures}
    for basis in (basis for basis in Basis if basis in found):
        for territory in composite.territories:
            rows = sorted(
                (t for t in composite.tenures if (t.territory, t.basis) == (territory, basis)),
                key=lambda t: t.start,
            )
            if not rows:
                yield Issue("tenure-missing", WARNING, territory, f"it has no tenure, {basis}")
                continue
            yield from _sequence(territory, rows)
            yield from _span(territory, rows, composite.meta.first_date, composite.meta.as_of)


def _sequence(territory: str, rows: list[Tenure]) -> Iterator[Issue]:
    basis = rows[0].basis
    for row in rows:
        if row.end is not None and row.end <= row.start:
            text = f"its tenure from {row.start} to {row.end}, {basis}, held no day"
            yield Issue("date-order", ERROR, territory, text)
    for before, after in pairwise(rows):
        if before.end is None or after.start < before.end:
            text = f"tenures from {before.start} and {after.start}, {basis}, hold at the same time"
            yield Issue("time-overlap", ERROR, territory, text)
        elif before.end < after.start:
            text = f"nothing is said from {before.end} to {after.start - DAY}, {basis}"
            yield Issue("time-gap", WARNING, territory, text)


def _span(territory: str, rows: list[Tenure], first: date, last: date) -> Iterator[Issue]:
    basis = rows[0].basis
    if rows[0].start > first:
        text = f"nothing is said before {rows[0].start}, {basis}; the dataset starts {first}"
        yield Issue("tenure-late", INFO, territory, text)
    end = max((row.end or date.max) for row in rows)
    if end <= last:
        text = f"nothing is said from {end} on, {basis}; the dataset goes to {last}"
        yield Issue("tenure-early-end", INFO, territory, text)


# --- space


def _faces(composite: "SpaceTimeComposite") -> Iterator[Issue]:
    from marchland.partition import check_coverage

    shapes = composite.face_geometries
    ids = [face.id for face in composite.faces if face.id in shapes]
    thin: list[Face] = []
    for face in composite.faces:
        if face.id not in shapes:
            yield Issue("geometry-missing", ERROR, face.id, "the face has no geometry")
        elif metric_width_km(shapes[face.id]) < SLIVER_WIDTH_KM:
            thin.append(face)
    text = (
        f"{{n}} faces of {sum(face.area_km2 for face in thin):.4g} km² in all are thinner than"
        f" {SLIVER_WIDTH_KM} km, slivers or small islands: {{ids}}"
    )
    yield from gathered("sliver", INFO, [face.id for face in thin], text)
    for message in check_coverage([shapes[ident] for ident in ids]):
        number, _, rest = message.removeprefix("face ").partition(":")
        yield Issue("coverage", ERROR, ids[int(number)], rest.strip())


def _areas(composite: "SpaceTimeComposite") -> Iterator[Issue]:
    """Compare areas that are written down with those of the geometry, and of the faces' sum."""
    from marchland.measure import polygon_area_km2

    sums: dict[str, float] = {}
    for face in composite.faces:
        if face.territory is not None:
            sums[face.territory] = sums.get(face.territory, 0.0) + face.area_km2
        shape = composite.face_geometries.get(face.id)
        difference = polygon_area_km2(shape) - face.area_km2 if shape is not None else 0.0
        if abs(difference) > ROUNDING_KM2:
            text = f"the face is {difference:+.6g} km² from the {face.area_km2:.6g} it is said to have"
            yield Issue("area", ERROR, face.id, text)
    for key, territory in composite.territories.items():
        if abs(sums.get(key, 0.0) - territory.area_km2) > ROUNDING_KM2:
            text = f"its faces sum to {sums.get(key, 0.0):.2f} km², not {territory.area_km2:.2f}"
            yield Issue("area", ERROR, key, text)


def _attribution(composite: "SpaceTimeComposite") -> Iterator[Issue]:
    """Integrate round every face by the arcs that name it; a wrong side or a missing arc shows."""
    import shapely

    from marchland.measure import line_area_term_km2, polygon_area_km2

    sums = {face.id: 0.0 for face in composite.faces}
    lines = composite.arc_geometries
    for arc in composite.arcs:
        if arc.id not in lines:
            yield Issue("geometry-missing", ERROR, arc.id, "the arc has no geometry")
            continue
        term = line_area_term_km2(shapely.get_coordinates(lines[arc.id]))
        for side, sign in ((arc.left, 1), (arc.right, -1)):
            if side in sums:
                sums[side] += sign * term
    for face, shape in composite.face_geometries.items():
        difference = sums.get(face, 0.0) - polygon_area_km2(shape)
        if abs(difference) > AREA_TOLERANCE_KM2:
            text = f"the arcs that name the face enclose {difference:+.6g} km² more than it has"
            yield Issue("attribution", ERROR, face, text)


def _clauses(composite: "SpaceTimeComposite") -> Iterator[Issue]:
    """Find frontier on any change date that no clause draws, where the dataset has clauses at all."""
    if not composite.segments:
        return
    for basis in Basis:
        loose: dict[str, date] = {}
        for day in composite.change_dates(basis):
            for arc in composite.frontier_arcs(day, basis):
                if not arc.segments:
                    loose.setdefault(arc.id, day)
        for ident, day in loose.items():
            text = f"it is frontier on {day}, {basis}, and no clause draws it"
            yield Issue("clause-missing", WARNING, ident, text)
