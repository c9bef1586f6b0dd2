"""A compiled dataset as the text of its files.

GeoJSON that QGIS opens, one JSON store that every question is answered from, and the manifest.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import numpy as np
import shapely

from marchland.compile.assemble import Compiled
from marchland.compile.layers import Layers
from marchland.faces import Arc
from marchland.model import Basis, Tenure, Territory
from marchland.records import encode

COORDINATE_DECIMALS = 6
VERSION_TOLERANCE_DEGREES = 0.01
"""Versions are for looking at, so their lines are thinned to about a kilometre.

``faces.geojson`` has every vertex that was measured.
"""

STORE = "compiled/composite.json"


def territories_with_areas(compiled: Compiled) -> dict[str, Territory]:
    """Return the territories with their areas, rounded once to 0.01 km² so that every later sum is exact."""
    from dataclasses import replace

    sums: dict[str, float] = {}
    for face in compiled.faces:
        if face.territory is not None:
            sums[face.territory] = sums.get(face.territory, 0.0) + face.area_km2
    return {
        key: replace(item, area_km2=round(sums[key], 2))
        for key, item in compiled.authored.territories.items()
    }


def dataset_files(compiled: Compiled, layers: Layers) -> dict[str, str]:
    """Return the text of every compiled file by its path in the dataset."""
    files = {
        STORE: _store(compiled),
        "compiled/faces.geojson": _collection(_face_features(compiled)),
        "compiled/arcs.geojson": _collection(_arc_features(compiled)),
        "compiled/backdrop.geojson": _collection(_backdrop_features(layers)),
    }
    areas, shapes = territories_with_areas(compiled), _territory_shapes(compiled)
    for instrument in compiled.authored.instruments.values():
        if instrument.date is not None:
            features = _version_features(compiled.authored.tenures, instrument.date, areas, shapes)
            files[f"compiled/versions/{instrument.id}.geojson"] = _collection(features)
    return files


def manifest(template: Mapping[str, Any], files: Mapping[str, bytes]) -> str:
    """Return datapackage.json: the template with size and SHA-256 of every resource filled in."""
    record = dict(template)
    resources = []
    for resource in template["resources"]:
        content = files[resource["path"]]
        resources.append(
            {**resource, "bytes": len(content), "hash": f"sha256:{hashlib.sha256(content).hexdigest()}"}
        )
    record["resources"] = resources
    return json.dumps(record, ensure_ascii=False, indent=2) + "\n"


def _store(compiled: Compiled) -> str:
    data = compiled.authored
    parts = {
        "holders": {key: encode(item) for key, item in sorted(data.holders.items())},
        "territories": {key: encode(item) for key, item in sorted(territories_with_areas(compiled).items())},
        "instruments": {key: encode(item) for key, item in sorted(data.instruments.items())},
        "segments": {
            c.segment.id: encode(c.segment) for c in sorted(data.clauses, key=lambda c: c.segment.id)
        },
        "places": {key: encode(item) for key, item in sorted(data.places.items())},
        "tenures": [encode(tenure) for tenure in data.tenures],
        "readings": [encode(reading) for reading in data.readings],
        "wordings": {key: encode(item) for key, item in sorted(data.wordings.items())},
        "events": {key: encode(item) for key, item in data.registers.events.items()},
        "relations": {key: encode(item) for key, item in data.registers.relations.items()},
        "claims": {key: encode(item) for key, item in data.registers.claims.items()},
        "bibliography": {key: encode(item) for key, item in sorted(data.registers.bibliography.items())},
        "faces": [[f.id, f.territory, f.area_km2] for f in compiled.faces],
        "arcs": [
            [a.id, a.left, a.right, a.kind, list(a.segments), a.length_km, a.sigma_km, a.correlation_km]
            for a in compiled.arcs
        ],
        "covariance": [[one, other, value] for (one, other), value in compiled.covariance.items()],
    }
    return "{\n" + ",\n".join(f'"{key}": {_by_line(value)}' for key, value in parts.items()) + "\n}\n"


def _by_line(value: Any) -> str:  # noqa: ANN401 - a JSON array or object
    """Return JSON with one member a line, so that a change of one record is one changed line."""
    if isinstance(value, dict):
        body = ",\n".join(f"{_json(key)}:{_json(item)}" for key, item in value.items())
        return "{\n" + body + "\n}"
    return "[\n" + ",\n".join(_json(item) for item in value) + "\n]"


def _json(value: Any) -> str:  # noqa: ANN401 - any JSON value
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


# --- GeoJSON


def _collection(features: Iterable[dict[str, Any]]) -> str:
    return (
        '{"type":"FeatureCollection","features":[\n' + ",\n".join(_json(item) for item in features) + "\n]}\n"
    )


def _feature(geometry: shapely.Geometry, properties: dict[str, Any]) -> dict[str, Any]:
    shape = json.loads(shapely.to_geojson(geometry), parse_float=_rounded)
    return {"type": "Feature", "properties": properties, "geometry": shape}


def _rounded(digits: str) -> float:
    return round(float(digits), COORDINATE_DECIMALS)


def _face_features(compiled: Compiled) -> Iterable[dict[str, Any]]:
    for face, polygon in zip(compiled.faces, compiled.polygons, strict=True):
        yield _feature(polygon, {"face": face.id, "territory": face.territory, "area_km2": face.area_km2})


def _arc_features(compiled: Compiled) -> Iterable[dict[str, Any]]:
    for arc, line in zip(compiled.arcs, compiled.arc_lines, strict=True):
        yield _feature(shapely.LineString(line), _arc_properties(arc))


def _arc_properties(arc: Arc) -> dict[str, Any]:
    return {
        "arc": arc.id,
        "left": arc.left,
        "right": arc.right,
        "kind": arc.kind,
        "segments": ";".join(arc.segments) or None,
        "length_km": arc.length_km,
        "sigma_km": arc.sigma_km,
        "correlation_km": arc.correlation_km,
    }


def _backdrop_features(layers: Layers) -> Iterable[dict[str, Any]]:
    """Rivers and lakes for drawing, thinned to what a map of the whole window can show."""
    for name, line in sorted(layers.lines.items()):
        if name.startswith("rivers/"):
            yield _feature(shapely.simplify(line, 0.01), _named(name, "river", layers))
    for name, area in sorted(layers.areas.items()):
        if name.startswith("lakes/"):
            yield _feature(shapely.simplify(area, 0.005), _named(name, "lake", layers))


def _named(name: str, kind: str, layers: Layers) -> dict[str, Any]:
    known = layers.properties[name]
    return {"id": name, "kind": kind, **{key: known.get(key) for key in ("name_en", "name_ru", "name_zh")}}


def _territory_shapes(compiled: Compiled) -> dict[str, shapely.Geometry]:
    """Each territory as one geometry, thinned together so that neighbours still meet."""
    parts: dict[str, list[shapely.Polygon]] = {}
    for face, polygon in zip(compiled.faces, compiled.polygons, strict=True):
        if face.territory is not None:
            parts.setdefault(face.territory, []).append(polygon)
    whole = [shapely.coverage_union_all(np.asarray(polygons, dtype=object)) for polygons in parts.values()]
    return dict(zip(parts, shapely.coverage_simplify(whole, VERSION_TOLERANCE_DEGREES), strict=True))


def _version_features(
    tenures: Iterable[Tenure],
    when: date,
    areas: Mapping[str, Territory],
    shapes: Mapping[str, shapely.Geometry],
) -> Iterable[dict[str, Any]]:
    for tenure in tenures:
        if tenure.basis == Basis.DE_JURE and tenure.covers(when):
            yield _feature(shapes[tenure.territory], _holding(tenure, areas[tenure.territory], when))


def _holding(tenure: Tenure, territory: Territory, when: date) -> dict[str, Any]:
    return {
        "territory": territory.id,
        "name": territory.names["en"],
        "date": when.isoformat(),
        "holder": tenure.holder,
        "status": tenure.status.value,
        "instrument": tenure.instrument,
        "article": tenure.article,
        "area_km2": territory.area_km2,
    }
