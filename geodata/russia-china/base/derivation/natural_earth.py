"""Land and lakes from Natural Earth 1:10m."""

from __future__ import annotations

import re
import unicodedata

import pyogrio
import shapely

from .geodesy import Point, area_km2
from .layers import NATURAL_EARTH, Feature, window
from .packages import Sources

MIN_ISLAND_KM2 = 1.0
MIN_LAKE_KM2 = 100.0

LANDMARKS: dict[str, Point] = {
    "eurasia": (104.0, 55.0),
    "sakhalin": (142.8, 50.0),
    "hokkaido": (143.0, 43.4),
    "honshu": (140.0, 37.5),
    "bolshoy-shantar": (137.72, 55.0),
    "feklistov": (136.92, 54.97),
    "kyushu": (131.0, 32.8),
    "shikoku": (133.5, 33.8),
    "jeju": (126.55, 33.38),
    "russky": (131.82, 42.99),
    "iturup": (147.0, 44.6),
}

ZAYSAN_NOTE = "the reservoir behind the Bukhtarma dam (1960s); the natural lake was about 1,810 km2"


def slug(text: str) -> str:
    """ASCII identifier of a name."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


def _place_id(prefix: str, geometry: shapely.Geometry) -> str:
    point = geometry.representative_point()
    return f"{prefix}-{point.x:.2f}e-{point.y:.2f}n"


def _polygons(geometry: shapely.Geometry) -> list[shapely.Polygon]:
    return [g for g in shapely.get_parts(shapely.make_valid(geometry)) if g.geom_type == "Polygon"]


def land(sources: Sources) -> list[Feature]:
    """Land polygons of the window: the mainland and islands of at least one square kilometre."""
    frame = pyogrio.read_dataframe(sources.natural_earth("physical", "ne_10m_land"), columns=[])
    clipped = shapely.intersection(shapely.get_parts(frame.geometry.values), window())
    features = []
    for polygon in (p for geometry in clipped for p in _polygons(geometry)):
        size = area_km2(polygon)
        if size < MIN_ISLAND_KM2:
            continue
        names = [name for name, spot in LANDMARKS.items() if polygon.covers(shapely.Point(spot))]
        identity = names[0] if names else _place_id("island", polygon)
        features.append(Feature(identity, polygon, {"area_km2": round(size, 1), **NATURAL_EARTH}))
    return features


def lakes(sources: Sources) -> list[Feature]:
    """Lakes and reservoirs of at least 100 square kilometres, with trilingual names."""
    columns = ["featurecla", "name_en", "name_ru", "name_zh"]
    frame = pyogrio.read_dataframe(sources.natural_earth("physical", "ne_10m_lakes"), columns=columns)
    frame = frame[frame.intersects(window())].astype(object).where(frame.notna(), None)
    features: dict[str, Feature] = {}
    for row in frame.itertuples():
        size = area_km2(row.geometry)
        if size < MIN_LAKE_KM2:
            continue
        name = slug(row.name_en or "").removeprefix("lake-").removesuffix("-lake")
        identity = name if name and name not in features else _place_id(name or "lake", row.geometry)
        properties = {"name_en": row.name_en, "name_ru": row.name_ru, "name_zh": row.name_zh}
        properties |= {"area_km2": round(size, 1), "reservoir": row.featurecla == "Reservoir"}
        if identity == "zaysan":
            properties["note"] = ZAYSAN_NOTE
        features[identity] = Feature(identity, row.geometry, properties | NATURAL_EARTH)
    return list(features.values())
