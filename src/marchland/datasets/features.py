"""GeoJSON resources of a dataset as shapes: refused where they are not what its store speaks of."""

from typing import Any

from marchland.errors import list_ids

__all__ = ["drawn", "shapes"]

_DRAWN = {"river": ("LineString", "MultiLineString"), "lake": ("Polygon", "MultiPolygon")}


def shapes(content: Any, key: str, kind: str, ids: set[str]) -> dict[str, Any]:  # noqa: ANN401 - parsed JSON
    """Return the geometries (lon/lat) of a FeatureCollection by the property ``key``.

    Raises :class:`ValueError` where one of ``ids`` is missing, a geometry is of another ``kind`` or empty, or
    coordinates are no degrees.
    """
    import shapely

    found = dict(_read(content, key))
    wrong = [name for name, item in found.items() if item.geom_type != kind or item.is_empty]
    missing = sorted(ids - set(found)) or wrong
    if missing:
        msg = f"there is no {kind} of {list_ids(missing)}"
        raise ValueError(msg)
    shapely.prepare(list(found.values()))
    return found


def drawn(content: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - parsed JSON
    """Return the features of a FeatureCollection of rivers and lakes; raises :class:`ValueError` as above."""
    for kind, shape in _read(content, "kind"):
        if shape.geom_type not in _DRAWN.get(kind, ()):
            msg = f"{kind!r:.40} is drawn as a {shape.geom_type}"
            raise ValueError(msg)
    features: list[dict[str, Any]] = content["features"]
    return features


def _read(content: Any, key: str) -> list[tuple[str, Any]]:  # noqa: ANN401 - parsed JSON
    """Return the features' property ``key`` and their geometries."""
    import numpy as np
    import shapely
    from shapely.geometry import shape

    try:
        with np.errstate(invalid="ignore"):  # NaN is told below, and not beside the answer
            found = [(str(item["properties"][key]), shape(item["geometry"])) for item in content["features"]]
        coords = shapely.get_coordinates([item for _, item in found])
    except (KeyError, TypeError, AttributeError, IndexError, shapely.errors.ShapelyError) as error:
        msg = f"{type(error).__name__} {error}"
        raise ValueError(msg) from error
    if not (np.abs(coords) <= (360, 90)).all():  # NaN is not either
        msg = "coordinates are no degrees"
        raise ValueError(msg)
    return found
