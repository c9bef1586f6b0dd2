"""Land on either side of ±180°: a map is cut there, the ground is not.

An edge along ±180° is no line of anybody's and has no length. Where different polygons meet across it, a line
is laid over the stretch that both touch, so that a frontier there counts.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from marchland.datasets.slivers import face_id
from marchland.engine import Overlay
from marchland.faces import Arc
from marchland.measure import line_length_km

__all__ = ["Across", "joined_across"]

Side = list[tuple[float, float, int]]
"""Southern and northern end of an edge along the meridian, and the face beside it."""


@dataclass(frozen=True, slots=True)
class Across:
    """A stretch of the meridian with the face west of it (at 180°) on its left, walked north."""

    west: int
    east: int
    line: shapely.LineString

    def arc(self, key: str, sigma_km: float) -> Arc:
        """Return it as an arc."""
        km = line_length_km(shapely.get_coordinates(self.line))
        return Arc(key, face_id(self.west), face_id(self.east), "line", (), km, sigma_km)


def joined_across(overlay: Overlay, members: Sequence[tuple[int, ...]]) -> list[Across]:
    """Return where faces of different members meet across ±180°, from south to north."""
    west, east = (_along(overlay, meridian) for meridian in (180.0, -180.0))
    found = []
    for south, north, face in west:
        for other_south, other_north, other in east:
            low, high = max(south, other_south), min(north, other_north)
            if low < high and members[face] != members[other]:
                line = shapely.LineString([(180.0, low), (180.0, high)])
                found.append((low, Across(face, other, line)))
    return [item for _, item in sorted(found, key=lambda pair: (pair[0], pair[1].west, pair[1].east))]


def _along(overlay: Overlay, meridian: float) -> Side:
    """Return the edges that lie on a meridian, each with the one face beside it."""
    coords, arc = shapely.get_coordinates(overlay.arcs, return_index=True)
    here = (arc[1:] == arc[:-1]) & (coords[1:, 0] == meridian) & (coords[:-1, 0] == meridian)
    sides: Side = []
    for n in np.flatnonzero(here).tolist():
        face = max(int(overlay.left[arc[n]]), int(overlay.right[arc[n]]))
        ends = (float(coords[n, 1]), float(coords[n + 1, 1]))
        if face >= 0:
            sides.append((min(ends), max(ends), face))
    return sides
