"""GeoJSON (RFC 7946)."""

import json
from typing import TYPE_CHECKING, Any

from marchland.export.layers import Feature, Layer, frontier_layer
from marchland.export.shapes import bounding_box, coordinates, fit

if TYPE_CHECKING:
    from marchland.answers import Frontier


def frontier_geojson(frontier: "Frontier") -> str:
    """Return a frontier as a GeoJSON FeatureCollection (RFC 7946; lon/lat, WGS 84), one feature per segment.

    Properties are the columns of the frontier table; the member ``stamp`` says where it comes from.
    Coordinates have 6 decimals.
    """
    return to_geojson(frontier_layer(frontier))


def to_geojson(layer: Layer) -> str:
    """Return a layer as a FeatureCollection, one feature a line.

    Lon/lat in WGS 84 with 6 decimals and no ``crs`` member; shells anticlockwise; cut at ±180°; ``bbox``
    where there is any geometry. The members ``title`` and ``stamp`` say what it is and where it comes from.
    """
    shapes = [fit(feature.geometry, layer.geometry_type) for feature in layer.features]
    head: dict[str, Any] = {"type": "FeatureCollection", "title": layer.title, "stamp": dict(layer.stamp)}
    box = bounding_box(shapes)
    if box is not None:
        head["bbox"] = box
    features = [
        dumps(_feature(layer, feature, shape)) for feature, shape in zip(layer.features, shapes, strict=True)
    ]
    body = ",\n".join(features)
    return (
        f'{dumps(head)[:-1]},"features":[\n{body}\n]}}\n'
        if features
        else dumps({**head, "features": []}) + "\n"
    )


def _feature(layer: Layer, feature: Feature, shape: Any) -> dict[str, Any]:  # noqa: ANN401 - a geometry
    return {
        "type": "Feature",
        "id": feature.id,
        "properties": layer.properties(feature),
        "geometry": geometry_object(shape),
    }


def geometry_object(shape: Any) -> dict[str, Any] | None:  # noqa: ANN401 - a geometry, or None
    """Return a geometry as a GeoJSON object, None for none."""
    return None if shape is None else {"type": shape.geom_type, "coordinates": coordinates(shape)}


def dumps(value: Any) -> str:  # noqa: ANN401 - any JSON value
    """Return JSON in one line, letters as they are."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
