"""What is exported, before any format: features under columns, with the stamp of the dataset."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from marchland.model import Basis, Tenure, name_in
from marchland.tables import FRONTIER, Column, Value, table

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from marchland.answers import Frontier, Snapshot
    from marchland.composite import SpaceTimeComposite

TERRITORIES = (
    Column("territory"),
    Column("name"),
    Column("holder"),
    Column("holder_name"),
    Column("status"),
    Column("basis"),
    Column("date"),
    Column("start"),
    Column("end"),
    Column("instrument"),
    Column("article"),
    Column("certainty"),
    Column("area_km2", 2),
)
"""One row per territory on a date; ``end`` is the first day on which the tenure no longer holds."""

TENURES = tuple(column for column in TERRITORIES if column.name != "date")
FACES = (
    Column("face"),
    Column("territory"),
    Column("holder"),
    Column("status"),
    Column("basis"),
    Column("date"),
    Column("area_km2", 6),
)

_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
"""Characters that XML 1.0 cannot hold and that cut text short elsewhere."""


@dataclass(frozen=True, slots=True)
class Feature:
    """A row with its geometry (lon/lat, WGS 84; None where there is none).

    ``cells`` follow the layer's columns. ``names`` are by language; ``start`` and ``end`` bound the time of
    what is told as ``[start, end)``, None where unknown or still so; ``holder`` is an id, None for nobody.
    """

    id: str
    cells: tuple[Value, ...]
    geometry: "BaseGeometry | None"
    names: Mapping[str, str] = field(default_factory=dict)
    start: str | None = None
    end: str | None = None
    holder: str | None = None


@dataclass(frozen=True, slots=True)
class Layer:
    """Features under columns.

    ``key`` names the layer in a file, ``title`` is for people, ``geometry_type`` is that of GeoJSON which
    every feature can be written as, ``colours`` are ``#rrggbb`` by holder.
    """

    key: str
    title: str
    columns: tuple[Column, ...]
    features: tuple[Feature, ...]
    geometry_type: str
    stamp: Mapping[str, Any]
    colours: Mapping[str, str] = field(default_factory=dict)
    holder_names: Mapping[str, str] = field(default_factory=dict)

    def properties(self, feature: Feature) -> dict[str, Value]:
        """Return the cells of a feature by column."""
        return {column.name: cell for column, cell in zip(self.columns, feature.cells, strict=True)}


def territories_layer(snapshot: "Snapshot", *, lang: str = "en") -> Layer:
    """Return who held each territory on a date: one feature per territory, areas in km².

    Parameters
    ----------
    snapshot
        As :meth:`SpaceTimeComposite.at` gives it.
    lang
        Language of ``name`` and ``holder_name``.
    """
    composite = snapshot.composite
    day = snapshot.date
    rows = [(row.tenure, day) for row in snapshot.rows]
    title = f"{composite.meta.title}, {day.isoformat()}, {str(snapshot.basis).replace('_', ' ')}"
    return _land_layer(composite, "territories", title, TERRITORIES, rows, ([day], snapshot.basis), lang)


def tenures_layer(
    composite: "SpaceTimeComposite",
    *,
    basis: Basis | str = Basis.DE_JURE,
    when: date | None = None,
    lang: str = "en",
) -> Layer:
    """Return every tenure on a basis, or those of a date, each with the geometry of its territory.

    This is the dataset as versioned boundaries: holder, ``start`` and ``end``, the end exclusive.
    """
    tenures = [t for t in composite.tenures if t.basis == Basis(basis) and (when is None or t.covers(when))]
    tenures.sort(key=lambda t: (t.territory, t.start))
    rows = [(tenure, when or tenure.start) for tenure in tenures]
    days = [when] if when else [composite.meta.first_date, composite.meta.as_of]
    title = f"{composite.meta.title}, tenures {str(basis).replace('_', ' ')}"
    return _land_layer(composite, "tenures", title, TENURES, rows, (days, Basis(basis)), lang)


def _land_layer(
    composite: "SpaceTimeComposite",
    key: str,
    title: str,
    columns: tuple[Column, ...],
    rows: list[tuple[Tenure, date]],
    stamped: tuple[list[date], Basis],
    lang: str,
) -> Layer:
    shapes = territory_shapes(composite)
    features = []
    for tenure, day in rows:
        cells = _cells(columns, _tenure_record(composite, tenure, day, lang))
        ident = tenure.territory if key == "territories" else f"{tenure.territory}/{tenure.start.isoformat()}"
        features.append(
            Feature(
                id=_clean(ident),
                cells=cells,
                geometry=shapes.get(tenure.territory),
                names=_names(composite.territories[tenure.territory].names),
                start=tenure.start.isoformat(),
                end=tenure.end.isoformat() if tenure.end else None,
                holder=_clean(tenure.holder) if tenure.holder else None,
            )
        )
    stamp = composite.stamp(*stamped)
    return Layer(key, title, columns, tuple(features), "MultiPolygon", stamp, *_holders(composite, lang))


def faces_layer(snapshot: "Snapshot") -> Layer:
    """Return the cells of the partition with the holder of each on a date; backdrop has no territory."""
    composite = snapshot.composite
    common = {"basis": str(snapshot.basis), "date": snapshot.date}
    features = []
    for face in composite.faces:
        row = snapshot.by_territory.get(face.territory or "")
        record = {
            "face": face.id,
            "territory": face.territory,
            "holder": row.holder if row else None,
            "status": row.status if row else None,
            "area_km2": face.area_km2,
            **common,
        }
        shape = composite.face_geometries.get(face.id)
        day = snapshot.date.isoformat()
        features.append(
            Feature(
                _clean(face.id), _cells(FACES, record), shape, start=day, holder=row.holder if row else None
            )
        )
    stamp = composite.stamp([snapshot.date], snapshot.basis)
    title = f"{composite.meta.title}, faces on {snapshot.date.isoformat()}"
    return Layer("faces", title, FACES, tuple(features), "Polygon", stamp, *_holders(composite, "en"))


def frontier_layer(frontier: "Frontier") -> Layer:
    """Return the frontier of a date, one feature per segment, its arcs joined end to end; lengths in km."""
    import shapely

    composite, lines = frontier.composite, frontier.composite.arc_geometries
    features = []
    for row in frontier.rows:
        record = {column.name: getattr(row, column.name) for column in FRONTIER}
        segment = composite.segments.get(row.segment)  # lines of a user's boundaries have no clauses
        day = frontier.date.isoformat()
        features.append(
            Feature(
                id=_clean(row.segment),
                cells=_cells(FRONTIER, record),
                geometry=shapely.line_merge(shapely.MultiLineString([lines[arc] for arc in row.arcs])),
                names={"en": _clean(row.segment)},
                start=segment.since.isoformat() if segment else day,
                end=segment.until.isoformat() if segment and segment.until else None,
            )
        )
    stamp = composite.stamp([frontier.date], frontier.basis)
    title = f"{composite.meta.title}, the frontier on {frontier.date.isoformat()}"
    return Layer("frontier", title, FRONTIER, tuple(features), "MultiLineString", stamp)


def territory_shapes(composite: "SpaceTimeComposite") -> dict[str, "BaseGeometry"]:
    """Return each territory as one (multi)polygon, lon/lat in WGS 84, its faces' vertices kept."""
    from marchland.partition import merge_faces

    parts: dict[str, list[BaseGeometry]] = {}
    for face in composite.faces:
        if face.territory is not None and face.id in composite.face_geometries:
            parts.setdefault(face.territory, []).append(composite.face_geometries[face.id])
    return {key: merge_faces(faces) for key, faces in parts.items()}


def _tenure_record(
    composite: "SpaceTimeComposite", tenure: Tenure, day: date, lang: str
) -> dict[str, object]:
    territory = composite.territories[tenure.territory]
    return {
        "territory": tenure.territory,
        "name": name_in(territory.names, lang),
        "holder": tenure.holder,
        "holder_name": _holder_name(composite, tenure.holder, day, lang),
        "status": tenure.status,
        "basis": tenure.basis,
        "date": day,
        "start": tenure.start,
        "end": tenure.end,
        "instrument": tenure.instrument,
        "article": tenure.article,
        "certainty": tenure.certainty,
        "area_km2": territory.area_km2,
    }


def _holder_name(composite: "SpaceTimeComposite", holder: str | None, day: date, lang: str) -> str | None:
    if holder is None:
        return None
    known = composite.holders
    return " + ".join(known[one].name_on(day, lang) if one in known else one for one in holder.split("+"))


def _holders(composite: "SpaceTimeComposite", lang: str) -> tuple[dict[str, str], dict[str, str]]:
    holders = composite.holders.values()
    colours = {_clean(holder.id): holder.colour for holder in holders}
    return colours, {_clean(holder.id): _clean(name_in(holder.names, lang)) for holder in holders}


def _cells(columns: tuple[Column, ...], record: Mapping[str, object]) -> tuple[Value, ...]:
    (row,) = table("", "", columns, [record]).rows
    return tuple((_clean(cell) or None) if isinstance(cell, str) else cell for cell in row)


def _names(names: Mapping[str, str]) -> dict[str, str]:
    return {lang: _clean(name) for lang, name in names.items()}


def _clean(text: str) -> str:
    """Replace what no format can hold: control characters and halves of surrogate pairs."""
    return _FORBIDDEN.sub("\ufffd", text.encode("utf-8", "replace").decode("utf-8"))
