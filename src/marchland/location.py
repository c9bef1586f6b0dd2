"""Which face lies at a point, or nearest to it."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import shapely

from marchland.measure import line_length_km

if TYPE_CHECKING:
    from shapely.geometry import Polygon

NEAREST_LAND_KM = 10.0
"""A point at sea is read as the land beside it up to this distance.

Harbours lie within the coast's own error.
"""

_KM_PER_DEGREE = 111.0


class FaceIndex:
    """Faces by where they lie. ``faces`` are polygons by id, lon/lat in WGS 84."""

    def __init__(self, faces: "Mapping[str, Polygon]") -> None:
        self._ids = list(faces)
        self._faces = list(faces.values())
        self._tree = shapely.STRtree(self._faces)

    def at(self, lon: float, lat: float) -> list[str]:
        """Return the ids of the faces that hold a point, or lie within 10 km of it (the nearest first)."""
        hits = sorted(self._tree.query(shapely.Point(lon, lat), predicate="intersects").tolist())
        return [self._ids[i] for i in hits or self._near(lon, lat)]

    def _near(self, lon: float, lat: float) -> list[int]:
        reach = NEAREST_LAND_KM / _KM_PER_DEGREE
        east = reach / max(np.cos(np.radians(lat)), 0.01)
        stretch = np.array([reach / east, 1.0])
        point = shapely.Point(lon * stretch[0], lat)
        near = []
        for face in self._tree.query(shapely.box(lon - east, lat - reach, lon + east, lat + reach)).tolist():
            flat = shapely.transform(self._faces[face], lambda xy: xy * stretch)
            link = shapely.get_coordinates(shapely.shortest_line(point, flat)) / stretch
            distance = line_length_km(link)
            if distance <= NEAREST_LAND_KM:
                near.append((distance, face))
        return [face for _, face in sorted(near)]
