"""The small GeoJSON layers: one feature per line, five decimals, stable order."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

DECIMALS = 5
WINDOW = (58.0, 32.0, 147.0, 66.0)

NATURAL_EARTH = {"source": "Natural Earth 1:10m", "licence": "public domain"}
OPENSTREETMAP = {
    "source": "OpenStreetMap contributors, via @osm_borders/maritime_10m 1.1.0",
    "licence": "ODbL-1.0",
}
ELEVATION = {"source": "NOAA ETOPO2v2 and GLOBE elevation, own derivation", "licence": "public domain"}


@dataclass
class Feature:
    """One named geometry of a layer."""

    id: str
    geometry: BaseGeometry
    properties: dict[str, Any] = field(default_factory=dict)


def window() -> shapely.Polygon:
    """Return the extended window that every layer is clipped to."""
    return shapely.box(*WINDOW)


def rounded(geometry: BaseGeometry) -> BaseGeometry:
    """Round coordinates to the precision of the files and drop repeated vertices."""

    def to_grid(coords: Any) -> Any:
        return coords.round(DECIMALS)

    return shapely.remove_repeated_points(shapely.transform(geometry, to_grid))


def _as_line(feature: Feature) -> str:
    record = {
        "type": "Feature",
        "id": feature.id,
        "properties": {"id": feature.id, **feature.properties},
        "geometry": shapely.geometry.mapping(rounded(feature.geometry)),
    }
    return json.dumps(record, ensure_ascii=False, separators=(",", ":"))


def write_layer(path: Path, features: Iterable[Feature]) -> None:
    """Write a FeatureCollection so that a rerun gives the same bytes."""
    ordered = sorted(features, key=lambda feature: feature.id)
    ids = [feature.id for feature in ordered]
    if len(set(ids)) != len(ids):
        message = f"{path.name}: repeated ids {sorted({i for i in ids if ids.count(i) > 1})}"
        raise ValueError(message)
    lines = ",\n".join(_as_line(feature) for feature in ordered)
    text = '{"type":"FeatureCollection","features":[\n' + lines + "\n]}\n"
    scratch = path.with_suffix(".tmp")
    scratch.write_text(text, encoding="utf-8")
    scratch.replace(path)
