"""Short stretches of line that the modern border has since replaced.

Each leaves and rejoins the modern border at exact vertices of it. Two were crests, which the
elevation grid gives; one is a river bank that Natural Earth still draws; at Bolshoy Ussuriysky
no open line is good enough, so there the channel is sketched by chords between known places.
"""

from __future__ import annotations

from dataclasses import dataclass

import pyogrio
import shapely
from shapely.geometry.base import BaseGeometry

from .geodesy import Point, area_km2, cut_between, length_km, line_parts, nearest_vertex
from .layers import ELEVATION, NATURAL_EARTH, Feature, rounded
from .packages import Sources

SKETCH = {"source": "own sketch from published coordinates", "licence": "public domain"}


@dataclass(frozen=True)
class Stretch:
    """One replaced stretch: where it leaves and rejoins the border, and what runs between."""

    id: str
    title: str
    border: str
    leaves: Point
    rejoins: Point
    sigma_km: float
    published_km2: str
    countries: tuple[str, str] | None = None
    divide: str | None = None
    middle: tuple[Point, ...] = ()


STRETCHES = (
    Stretch(
        id="heixiazi-channel-pre2008",
        title="Kazakevichev (Fuyuan) channel, the line S of Tarabarov and Bolshoy Ussuriysky until 2008",
        border="cn-ru-east",
        leaves=(134.4087, 48.3882),
        rejoins=(134.724, 48.2747),
        sigma_km=3.0,
        published_km2="171-174 (land)",
        middle=((134.572, 48.364),),
    ),
    Stretch(
        id="abagaitu-south-bank-pre2008",
        title="South bank round the Abagaitu islet, the line until 2008",
        border="cn-ru-east",
        leaves=(117.8847, 49.5435),
        rejoins=(118.046, 49.6106),
        sigma_km=1.0,
        published_km2="about 29 of 58",
        countries=("Russia", "China"),
        middle=((117.8938, 49.5466), (118.0171, 49.5958)),
    ),
    Stretch(
        id="rangkul-pre2011",
        title="Sarykol crest E of Rangkul, the line until 2011",
        border="cn-tj",
        leaves=(74.1208, 38.6412),
        rejoins=(74.7677, 38.1989),
        sigma_km=1.0,
        published_km2="1,158",
        divide="sarykol",
        middle=((74.128, 38.655), (74.805, 38.22)),
    ),
    Stretch(
        id="uzengi-kuush-pre1999",
        title="East of the Uzengi-Kuush, the line until 1999",
        border="cn-kg",
        leaves=(77.81, 41.055),
        rejoins=(78.39, 41.395),
        sigma_km=1.0,
        published_km2="about 950",
        divide="tian-shan",
        middle=((77.84, 41.05), (78.39, 41.385)),
    ),
)


def _natural_earth_border(sources: Sources, countries: tuple[str, str]) -> shapely.LineString:
    frame = pyogrio.read_dataframe(
        sources.natural_earth("cultural", "ne_10m_admin_0_boundary_lines_land"),
        columns=["ADM0_LEFT", "ADM0_RIGHT"],
    )
    chosen = frame[frame.ADM0_LEFT.isin(countries) & frame.ADM0_RIGHT.isin(countries)]
    merged = shapely.line_merge(
        shapely.MultiLineString(line_parts(shapely.union_all(chosen.geometry.values)))
    )
    return max(line_parts(merged), key=lambda part: part.length)


def _middle(
    sources: Sources, stretch: Stretch, divides: dict[str, shapely.LineString]
) -> tuple[list[Point], dict[str, str]]:
    """Find the vertices between the two ends, and where they come from."""
    if stretch.divide:
        line, origin = divides[stretch.divide], ELEVATION
    elif stretch.countries:
        line, origin = _natural_earth_border(sources, stretch.countries), NATURAL_EARTH
    else:
        return list(stretch.middle), SKETCH
    return list(rounded(cut_between(line, stretch.middle[0], stretch.middle[-1])).coords), origin


def _stretch(
    sources: Sources, stretch: Stretch, border: BaseGeometry, divides: dict[str, shapely.LineString]
) -> Feature:
    middle, origin = _middle(sources, stretch, divides)
    ends = [nearest_vertex(border, place)[1] for place in (stretch.leaves, stretch.rejoins)]
    geometry = shapely.LineString([ends[0], *middle, ends[1]])
    modern = cut_between(border, *ends)
    between = shapely.make_valid(shapely.Polygon([*geometry.coords, *modern.coords[::-1]]))
    properties = {
        "title": stretch.title,
        "replaces": stretch.border,
        "length_km": round(length_km(geometry), 1),
        "area_between_km2": round(area_km2(between), 1),
        "published_km2": stretch.published_km2,
        "sigma_km": stretch.sigma_km,
        **origin,
    }
    return Feature(stretch.id, geometry, properties)


def historic(
    sources: Sources, borders: dict[str, BaseGeometry], divides: dict[str, shapely.LineString]
) -> list[Feature]:
    """Build the replaced stretches, ends on vertices of the (already rounded) modern borders."""
    return [_stretch(sources, stretch, borders[stretch.border], divides) for stretch in STRETCHES]
