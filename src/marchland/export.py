"""Answers as geometry files."""

import json
from typing import TYPE_CHECKING

from marchland.tables import FRONTIER, table

if TYPE_CHECKING:
    from marchland.answers import Frontier

DECIMALS = 6
"""Decimals of a degree that are written: 0.1 m."""


def frontier_geojson(frontier: "Frontier") -> str:
    """Return a frontier as a GeoJSON FeatureCollection (RFC 7946; lon/lat, WGS 84), one feature per segment.

    Properties are the columns of the frontier table; the member ``stamp`` says where it comes from.
    Coordinates have 6 decimals.
    """
    rows = table(
        "rows", "", FRONTIER, [{name: getattr(row, name) for name in _NAMES} for row in frontier.rows]
    ).rows
    features = [
        {
            "type": "Feature",
            "id": row.segment,
            "properties": dict(zip(_NAMES, cells, strict=True)),
            "geometry": _lines(frontier, row.arcs),
        }
        for row, cells in zip(frontier.rows, rows, strict=True)
    ]
    stamp = frontier.composite.stamp([frontier.date], frontier.basis)
    collection = {"type": "FeatureCollection", "stamp": stamp, "features": features}
    return json.dumps(collection, ensure_ascii=False, allow_nan=False, separators=(",", ":")) + "\n"


_NAMES = [column.name for column in FRONTIER]


def _lines(frontier: "Frontier", arcs: tuple[str, ...]) -> dict[str, object]:
    """Return the arcs of a row, joined end to end where they meet."""
    import shapely

    geometries = frontier.composite.arc_geometries
    merged = shapely.line_merge(shapely.MultiLineString([geometries[arc] for arc in arcs]))
    parts = shapely.get_parts(merged)
    coordinates = [
        [[round(x, DECIMALS), round(y, DECIMALS)] for x, y in shapely.get_coordinates(part)] for part in parts
    ]
    return {"type": "MultiLineString", "coordinates": coordinates}
