"""Write borders.geojson: three made-up countries on an island, for the examples in the documents.

In 1871 Bo takes the Arvale from Ada, in 1920 Ada takes the Cape from Cyra, and in 1959 the river between Ada
and Bo is surveyed anew: nobody gains by that, but the line lies elsewhere.
"""

import json
from pathlib import Path

import numpy as np
from shapely import LineString, Point, Polygon, get_coordinates, union_all
from shapely.ops import polygonize

OUT = Path(__file__).with_name("borders.geojson")
RANDOM = np.random.default_rng(1871)
SPANS = (("1815-06-09", "1871-05-10"), ("1871-05-10", "1920-01-10"), ("1920-01-10", "1959-01-03"),
         ("1959-01-03", "2020-01-01"))  # fmt: skip
"""From the first day to the first day no longer held."""


def rough(points: list[tuple[float, float]], sway: float, depth: int = 5) -> np.ndarray:
    """Break each edge in the middle, again and again, and move the break sideways at random."""
    line = np.array(points, dtype=float)
    for _ in range(depth):
        middle, along = (line[1:] + line[:-1]) / 2, line[1:] - line[:-1]
        middle += np.stack([-along[:, 1], along[:, 0]], 1) * RANDOM.normal(0, sway, (len(along), 1))
        line = np.insert(line, range(1, len(line)), middle, axis=0)
    return line.round(4)


def lands(*lines: np.ndarray) -> list[Polygon]:
    """Return the pieces that lines cut the island into."""
    pieces = polygonize(union_all([COAST, *map(LineString, lines)]))
    return [piece for piece in pieces if ISLAND.contains(piece.representative_point())]


def holder(land: Polygon, span: int) -> str:
    """Tell whose a piece is in a span by a point inside it."""
    spot = land.representative_point()
    if land.contains(ARVALE) or spot.equals(ARVALE):
        return "Ada" if span == 0 else "Bo"
    if land.contains(CAPE):
        return "Cyra" if span < 2 else "Ada"
    if land.contains(SOUTH):
        return "Cyra"
    return "Ada" if land.contains(WEST) else "Bo"


ring = [(3, 48), (5, 50.8), (8.2, 51.6), (11.5, 50.6), (13.4, 47.8), (11.6, 44.6), (7.6, 43.6), (4.2, 45)]
COAST = LineString(rough([*ring, ring[0]], 0.12))
ISLAND = Polygon(COAST).buffer(0)
WEST, SOUTH, ARVALE, CAPE = Point(4.6, 48.4), Point(9.5, 44.8), Point(7.3, 49.4), Point(4.6, 45.9)
FORK = (7.6, 46.8)
river = rough([(8.4, 53), (8.5, 50.6), (7.9, 48.4), FORK], 0.14)
between = (river[:, 1] < 48.4) | (river[:, 1] > 50.6)  # where the river still parts Ada and Bo
survey = river.copy()
survey[1:-1, 0] += (np.sin(np.arange(len(river)) / 3) * 0.03 * between)[1:-1].round(4)
frontier = rough([(1.5, 46.9), (5, 46.6), FORK, (10.5, 46.7), (15, 46.2)], 0.1)
arvale = rough([(8.5, 50.6), (6.7, 50), (6.6, 48.9), (7.9, 48.4)], 0.1, 4)
cape = rough([(5, 46.6), (5.4, 45.4), (4.6, 43.4)], 0.1, 4)

features = []
for number, (start, end) in enumerate(SPANS):
    pieces = lands(survey if number == 3 else river, frontier, arvale, cape)
    for name in ("Ada", "Bo", "Cyra"):
        whole = union_all([piece for piece in pieces if holder(piece, number) == name])
        parts = [whole] if whole.geom_type == "Polygon" else list(whole.geoms)
        coordinates = [[get_coordinates(r).tolist() for r in (p.exterior, *p.interiors)] for p in parts]
        features.append(
            {
                "type": "Feature",
                "properties": {"holder": name, "start": start, "end": end},
                "geometry": {"type": "MultiPolygon", "coordinates": coordinates},
            }
        )
lines = ",\n".join(json.dumps(feature) for feature in features)
OUT.write_text(f'{{"type": "FeatureCollection", "features": [\n{lines}\n]}}\n', encoding="utf-8")
