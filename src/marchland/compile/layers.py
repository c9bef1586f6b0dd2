"""The reference geometry that clauses are executed on.

The derived layers in ``base/``, by feature name ``layer/id``.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from marchland.errors import CompileError, list_ids

LINE_LAYERS = ("historic", "borders", "admin", "divides", "rivers")
"""Layers of lines, the most trusted first: a place that lies on several is put on the first."""

AREA_LAYERS = ("land", "lakes")


@dataclass(frozen=True, slots=True)
class Layers:
    """Features by name, with their properties. Lines are in lon/lat, WGS 84."""

    lines: dict[str, shapely.LineString]
    areas: dict[str, BaseGeometry]
    properties: dict[str, dict[str, Any]]

    def line(self, name: str) -> shapely.LineString:
        """Return a line feature, or the outline of an area.

        Raises :class:`CompileError` for an unknown name.
        """
        if name in self.lines:
            return self.lines[name]
        if name in self.areas:
            parts = shapely.get_parts(self.areas[name])
            return shapely.LineString(max(parts, key=lambda part: part.area).exterior)
        same = [key for key in (*self.lines, *self.areas) if key.split("/")[0] == name.split("/")[0]]
        msg = f"the base layers hold no feature {name!r}; there are {list_ids(same)}"
        raise CompileError(msg)

    @property
    def land(self) -> list[BaseGeometry]:
        """Polygons of land, lakes included."""
        return [geom for name, geom in self.areas.items() if name.startswith("land/")]


def read_layers(base: Path) -> Layers:
    """Read every layer in a dataset's ``base`` folder.

    Raises :class:`CompileError` if one is missing or no GeoJSON.
    """
    lines: dict[str, shapely.LineString] = {}
    areas: dict[str, BaseGeometry] = {}
    properties: dict[str, dict[str, Any]] = {}
    for layer in (*LINE_LAYERS, *AREA_LAYERS):
        for feature in _features(base / f"{layer}.geojson"):
            name, geometry = _read(feature, layer)
            properties[name] = feature["properties"]
            if layer in AREA_LAYERS:
                areas[name] = geometry
            else:
                # A border with enclaves comes in parts; the frontier runs on the main one.
                lines[name] = max(shapely.get_parts(geometry), key=lambda part: part.length)
    return Layers(lines, areas, properties)


def _read(feature: Any, layer: str) -> tuple[str, BaseGeometry]:  # noqa: ANN401 - parsed JSON
    """Return a feature's full name and its geometry."""
    try:
        name = f"{layer}/{feature['properties']['id']}"
        geometry: BaseGeometry = shapely.from_geojson(json.dumps(feature["geometry"]))
    except (KeyError, TypeError, ValueError, shapely.errors.ShapelyError) as error:
        msg = f"base/{layer}.geojson holds a malformed feature ({error}); make it again with base/derive.py"
        raise CompileError(msg) from error
    if geometry is None or geometry.is_empty:
        msg = f"{name} has no geometry; make base/{layer}.geojson again with base/derive.py"
        raise CompileError(msg)
    return name, geometry


def _features(path: Path) -> list[Any]:
    try:
        features = json.loads(path.read_text(encoding="utf-8"))["features"]
        return list(features)
    except (OSError, ValueError, KeyError, TypeError) as error:
        msg = f"cannot read base/{path.name}: {error}; make it again with base/derive.py"
        raise CompileError(msg) from error
