"""What a map of a date shows, whatever draws it: projected shapes, their dated histories, lines and words."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
import shapely.geometry

from marchland.composite import SpaceTimeComposite
from marchland.model import Basis, Segment, Stage, Tenure
from marchland.render.colours import coloured
from marchland.render.fills import Fill, Fills
from marchland.render.projection import HEMISPHERE_DEG, Bounds, Floats, Ints, Sheet, sheet_of
from marchland.render.shapes import Mesh, Ring, build_mesh
from marchland.render.texts import Texts, load_texts

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

Day = date
"""The type, where a field is called ``date``."""

BACKDROP_TOLERANCE_M = 3500.0
SMALLEST_LAKE_KM2 = 250.0


@dataclass(frozen=True, slots=True)
class Carrier:
    """What runs along an arc from a date on: a segment and its stage, or (segment None) no frontier."""

    start: date
    segment: str | None
    stage: Stage | None


@dataclass(frozen=True, slots=True)
class Border:
    """An arc with land on both sides: the territories (None is backdrop) and what it carried over time."""

    arc: int
    left: str | None
    right: str | None
    carriers: tuple[Carrier, ...]

    def on(self, day: date) -> Carrier | None:
        """Return what the arc carries on a date, None where it is no frontier."""
        past = [c for c in self.carriers if c.start <= day]
        return past[-1] if past and past[-1].segment else None


@dataclass(frozen=True, slots=True)
class Water:
    """A river (open lines) or a lake (rings) of the backdrop, in sheet units."""

    kind: str
    name: str
    lines: tuple[Ints, ...]


@dataclass(frozen=True)
class Scene:
    """Everything on the map of a date, in sheet units (see :class:`~marchland.render.projection.Sheet`).

    ``shapes`` holds the rings of every territory, and under None those of the land that is only backdrop.
    """

    composite: SpaceTimeComposite
    date: Day
    basis: Basis
    texts: Texts
    projection: Sheet
    mesh: Mesh
    shapes: dict[str | None, list[Ring]]
    borders: tuple[Border, ...]
    waters: tuple[Water, ...]
    fills: Fills

    @cached_property
    def change_dates(self) -> tuple[Day, ...]:
        """The dates the time slider stops at."""
        return self.composite.change_dates(self.basis)

    @cached_property
    def histories(self) -> dict[str, tuple[Tenure, ...]]:
        """The tenures of each drawn territory on the scene's basis, oldest first."""
        return {
            t: self.composite.history(territory=t, basis=self.basis) for t in self.shapes if t is not None
        }

    @cached_property
    def coast(self) -> list[Ring]:
        """The shoreline as runs of arcs."""
        return self.mesh.runs(i for i, kind in enumerate(self.mesh.kinds) if kind == "coast")

    def tenure(self, territory: str, day: Day) -> Tenure | None:
        """Return the tenure of a drawn territory on a date."""
        return next((t for t in self.histories[territory] if t.covers(day)), None)

    def fill(self, tenure: Tenure) -> Fill:
        """Return the fill of land under a tenure."""
        return self.fills.of(tenure.holder, tenure.status)

    def areas(self, day: Day) -> dict[str | None, float]:
        """Return km² by holder on a date (joint ones as one), the largest first, None (nobody) last."""
        sums: dict[str | None, float] = {}
        for name, territory in self.composite.territories.items():
            tenure = self.composite.tenure_at(name, day, self.basis)
            if tenure is not None:
                sums[tenure.holder] = sums.get(tenure.holder, 0.0) + territory.area_km2
        return dict(sorted(sums.items(), key=lambda item: (item[0] is None, -item[1], item[0] or "")))

    def changed_by(self, day: Day) -> tuple[str, ...]:
        """Return the instruments by which land changed hands on a date, in the order of their dates."""
        found = {
            t.instrument
            for history in self.histories.values()
            for t in history
            if t.start == day and t.instrument
        }
        if day == self.composite.meta.first_date:
            return ()
        known = self.composite.instruments
        return tuple(
            sorted(found, key=lambda i: (known[i].date or Day.min, i) if i in known else (Day.max, i))
        )


def build_scene(
    composite: SpaceTimeComposite,
    when: date | str | int,
    *,
    basis: Basis | str = Basis.DE_JURE,
    lang: str = "en",
    parts: tuple[str, ...] = (),
    window: Bounds | None = None,
) -> Scene:
    """Make the scene of a date.

    Parameters
    ----------
    composite
        The dataset.
    when
        A date, a year (its last day) or the name of a version.
    basis
        In whose sense a holder holds.
    lang
        Language of every word on the map: ``en``, ``ru`` or ``zh``.
    parts
        Which further texts it needs, as :func:`~marchland.render.texts.load_texts` names them.
    window
        West, south, east and north of what the projection is fitted to, degrees; None takes in everything.

    Raises
    ------
    DateError, NotFoundError
        As :meth:`~marchland.composite.SpaceTimeComposite.resolve_when`.
    UsageError
        There are no texts in that language.
    """
    day, texts = composite.resolve_when(when), load_texts(lang, *parts)
    if not composite.instruments:
        texts = texts.without_treaties()
    if composite.parties is None:
        texts = texts.of_any_land()
    projection = sheet_of(window or window_of(composite))
    mesh = build_mesh(composite, projection)
    scene = Scene(
        composite=composite,
        date=day,
        basis=Basis(basis),
        texts=texts,
        projection=projection,
        mesh=mesh,
        shapes=_shapes(composite, mesh),
        borders=_borders(composite, mesh, Basis(basis), day),
        waters=_waters(composite, projection, texts.lang),
        fills=Fills(coloured(composite)),
    )
    for history in scene.histories.values():
        for tenure in history:
            scene.fill(tenure)
    return scene


def window_of(composite: SpaceTimeComposite) -> tuple[float, float, float, float]:
    """Return west, south, east, north of everything drawn, in degrees.

    Where land lies on both sides of ±180° and leaves more than half of the globe free, east is beyond 180.
    """
    lines = np.array(list(composite.arc_geometries.values()), dtype=object)
    west, south, east, north = map(float, shapely.total_bounds(lines))
    if east - west > HEMISPHERE_DEG:
        sides = shapely.bounds(lines)
        order = np.argsort(sides[:, 0], kind="stable")
        reached = np.maximum.accumulate(sides[order, 2])[:-1]
        free = sides[order, 0][1:] - reached
        widest = int(np.argmax(free)) if len(free) else 0
        if len(free) and free[widest] > HEMISPHERE_DEG:
            return float(sides[order, 0][widest + 1]), south, float(reached[widest]) + 360.0, north
    return west, south, east, north


def _shapes(composite: SpaceTimeComposite, mesh: Mesh) -> dict[str | None, list[Ring]]:
    drawn = {face for sides in mesh.sides for face in sides}
    members: dict[str | None, list[str]] = {}
    for face in composite.faces:
        if face.id in drawn:
            members.setdefault(face.territory, []).append(face.id)
    return {territory: mesh.rings(faces) for territory, faces in members.items()}


def _borders(composite: SpaceTimeComposite, mesh: Mesh, basis: Basis, shown: date) -> tuple[Border, ...]:
    territory = composite.territory_of_face
    sides = [tuple(territory[f] if f else None for f in pair) for pair in mesh.sides]
    inner = [i for i, (a, b) in enumerate(mesh.sides) if a and b and sides[i][0] != sides[i][1]]
    carried: dict[str, list[Carrier]] = {mesh.ids[i]: [] for i in inner}
    for day in sorted({*line_dates(composite, basis), shown}):
        on_line = {arc.id: composite.arc_segment(arc, day) for arc in composite.frontier_arcs(day, basis)}
        for name, carriers in carried.items():
            carrier = _carrier(day, on_line.get(name))
            if not carriers or (carriers[-1].segment, carriers[-1].stage) != (carrier.segment, carrier.stage):
                carriers.append(carrier)
    return tuple(Border(i, sides[i][0], sides[i][1], tuple(carried[mesh.ids[i]])) for i in inner)


def _carrier(day: date, segment: Segment | None) -> Carrier:
    if segment is None:
        return Carrier(day, None, None)
    return Carrier(day, segment.id, segment.stage if segment.covers(day) else None)


def line_dates(composite: SpaceTimeComposite, *bases: Basis) -> list[date]:
    """Return every date on which what carries the frontier may change; on bases, also who holds the land."""
    days = {composite.meta.first_date}
    for basis in bases:
        days |= {*composite.change_dates(basis)}
    for segment in composite.segments.values():
        days |= {day for day in (segment.since, segment.until) if day is not None}
    return sorted(day for day in days if composite.meta.first_date <= day <= composite.meta.as_of)


def _waters(composite: SpaceTimeComposite, projection: Sheet, lang: str) -> tuple[Water, ...]:
    found = []
    for feature in composite.backdrop:
        inside = shapely.clip_by_rect(shapely.geometry.shape(feature["geometry"]), *projection.window)
        lines = tuple(_water_lines(inside, projection))
        if lines:
            found.append(
                Water(str(feature["properties"]["kind"]), _feature_name(feature["properties"], lang), lines)
            )
    return tuple(found)


def _feature_name(properties: dict[str, Any], lang: str) -> str:
    return str(properties.get(f"name_{lang}") or properties.get("name_en") or properties.get("name") or "")


def _water_lines(geometry: "BaseGeometry", projection: Sheet) -> list[Ints]:
    lines = []
    for part in shapely.get_parts(geometry):
        is_area = part.geom_type == "Polygon"
        metres = projection.metres(
            np.asarray(shapely.get_coordinates(part.exterior if is_area else part)[:, :2])
        )
        if is_area and shapely.Polygon(metres).area < SMALLEST_LAKE_KM2 * 1e6:
            continue
        lines.append(projection.quantise(_simplified(metres, ring=is_area)))
    return lines


def _simplified(metres: Floats, *, ring: bool) -> Floats:
    line = shapely.LinearRing(metres) if ring else shapely.LineString(metres)
    return np.asarray(
        shapely.get_coordinates(shapely.simplify(line, BACKDROP_TOLERANCE_M, preserve_topology=ring))
    )
