"""What a composite answers: who held what on a date, and the frontier of a date."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

from marchland.display import Shown
from marchland.model import Basis, Rule, Segment, Stage, Status, Tenure

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

    from marchland.composite import SpaceTimeComposite
    from marchland.faces import Arc


@dataclass(frozen=True, slots=True)
class Holding:
    """A territory and its tenure on a date."""

    territory: str
    holder: str | None
    status: Status
    tenure: Tenure


@dataclass(frozen=True, slots=True)
class FrontierRow:
    """The stretch of frontier one segment carries on a date.

    ``sigma_km`` is of position, None where nothing states it; ``stage`` is None where an older line is
    carried on.
    """

    segment: str
    instrument: str
    article: str
    rule: Rule
    stage: Stage | None
    length_km: float
    sigma_km: float | None
    arcs: tuple[str, ...]


@dataclass(frozen=True)
class Snapshot(Shown):
    """Territories with their holders on one date, on one basis."""

    composite: "SpaceTimeComposite"
    date: date
    basis: Basis
    rows: tuple[Holding, ...]

    @property
    def summary(self) -> str:
        """One line of text."""
        basis = str(self.basis).replace("_", " ")
        return f"{self.composite.meta.title}, {self.date}, {basis}: {len(self.rows)} territories"

    @cached_property
    def by_territory(self) -> dict[str, Holding]:
        """The rows by territory id."""
        return {row.territory: row for row in self.rows}

    def to_frame(self) -> "GeoDataFrame":
        """Return one row per territory, its geometry in EPSG:4326.

        Columns ``territory, holder, status, area_km2, start, end, instrument, geometry``.
        """
        import geopandas

        from marchland.partition import merge_faces

        parts: dict[str, list[Any]] = {}
        for face in self.composite.faces:
            if face.territory is not None:
                parts.setdefault(face.territory, []).append(self.composite.face_geometries[face.id])
        records = [
            {
                "territory": row.territory,
                "holder": row.holder,
                "status": str(row.status),
                "area_km2": self.composite.territories[row.territory].area_km2,
                "start": row.tenure.start.isoformat(),
                "end": row.tenure.end.isoformat() if row.tenure.end else None,
                "instrument": row.tenure.instrument,
                "geometry": merge_faces(parts[row.territory]),
            }
            for row in self.rows
            if row.territory in parts
        ]
        return geopandas.GeoDataFrame(records, geometry="geometry", crs="EPSG:4326")


@dataclass(frozen=True)
class Frontier:
    """The frontier of a date as rows of segments."""

    composite: "SpaceTimeComposite"
    date: date
    basis: Basis
    rows: tuple[FrontierRow, ...]

    @property
    def length_km(self) -> float:
        """Sum of the rows' lengths in km."""
        return round(sum(row.length_km for row in self.rows), 2)

    def to_frame(self) -> "GeoDataFrame":
        """Return one row per segment, its geometry in EPSG:4326.

        Columns ``segment, instrument, article, rule, stage, length_km, sigma_km, geometry``.
        """
        import geopandas
        import shapely

        lines = self.composite.arc_geometries
        records = [
            {
                "segment": row.segment,
                "instrument": row.instrument,
                "article": row.article,
                "rule": str(row.rule),
                "stage": str(row.stage) if row.stage else None,
                "length_km": row.length_km,
                "sigma_km": row.sigma_km,
                "geometry": shapely.line_merge(shapely.MultiLineString([lines[arc] for arc in row.arcs])),
            }
            for row in self.rows
        ]
        return geopandas.GeoDataFrame(records, geometry="geometry", crs="EPSG:4326")


def holders_beside(arc: "Arc", snapshot: Snapshot) -> str:
    """Return the holders on the two sides of an arc as ``A | B``."""
    owner = snapshot.composite.territory_of_face
    held = [snapshot.by_territory[owner[face] or ""].holder for face in (arc.left, arc.right) if face]
    return " | ".join(sorted((holder or "–" for holder in held), key=lambda name: (name == "–", name)))


def pair_row(pair: str, arcs: "list[Arc]") -> FrontierRow:
    """Return the frontier of two holders where no clause draws it."""
    return FrontierRow(
        segment=pair,
        instrument="",
        article="",
        rule=Rule.BORDER,
        stage=None,
        length_km=round(sum(arc.length_km for arc in arcs), 2),
        sigma_km=max(arc.sigma_km for arc in arcs) or None,
        arcs=tuple(arc.id for arc in arcs),
    )


def segment_row(segment: Segment, arcs: "list[Arc]", when: date) -> FrontierRow:
    """Return the stretch of frontier that a segment carries on a date."""
    return FrontierRow(
        segment=segment.id,
        instrument=segment.instrument,
        article=segment.article,
        rule=segment.rule,
        stage=segment.stage if segment.covers(when) else None,
        length_km=round(sum(arc.length_km for arc in arcs), 2),
        sigma_km=segment.sigma_km,
        arcs=tuple(arc.id for arc in arcs),
    )
