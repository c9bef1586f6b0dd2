"""The cases of GeographicLib's own planimeter test, to a square metre.

Source: GeographicLib, ``python/test/test_geodesic.py``, class PlanimeterTest (C. F. F. Karney), whose areas
are stated in m² to the digit; its edges are geodesics. Ours are straight in longitude and latitude, so the
edges are densified until what is left of the difference, which falls with the square of the step, is below
a tenth of a square metre.
"""

import numpy as np
import pyproj
import pytest

from marchland.measure import ring_area_km2

GEOD = pyproj.Geod(ellps="WGS84")
STEPS = 400_000

CASES = {
    "round the north pole": ([(89, 0), (89, 90), (89, 180), (89, 270)], 24952305678.0),
    "round the south pole": ([(-89, 0), (-89, 90), (-89, 180), (-89, 270)], -24952305678.0),
    "a diamond on the equator": ([(0, -1), (-1, 0), (0, 1), (1, 0)], 24619419146.0),
    "an octant": ([(90, 0), (0, 0), (0, 90)], 63758202715511.0),
    "round the pole in three": ([(89, 0.1), (89, 90.1), (89, -179.9)], 12476152838.5),
    "there and back": ([(9, 0), (9, 180), (9, 0)], 0.0),
}


def densified(corners):
    """The ring in unwrapped longitude, closed along the pole where it goes round it."""
    parts = []
    for (lat, lon), (to_lat, to_lon) in zip(corners, [*corners[1:], corners[0]], strict=True):
        if 90 in (lat, to_lat):  # a meridian, whatever longitude the pole is given
            meridian = to_lon if lat == 90 else lon
            parts.append(np.array([(meridian, lat), (meridian, to_lat)], dtype=float))
            continue
        between = GEOD.npts(lon, lat, to_lon, to_lat, STEPS)
        parts.append(np.array([(lon, lat), *between, (to_lon, to_lat)], dtype=float))
    ring = np.concatenate(parts)
    ring[:, 0] = np.degrees(np.unwrap(np.radians(ring[:, 0])))
    if abs(ring[-1, 0] - ring[0, 0]) > 300:
        pole = np.copysign(90.0, ring[0, 1])
        ring = np.concatenate([ring, [(ring[-1, 0], pole), (ring[0, 0], pole)]])
    return ring


@pytest.mark.parametrize("name", CASES)
def test_areas_to_a_square_metre(name):
    corners, stated = CASES[name]
    assert ring_area_km2(densified(corners)) * 1e6 == pytest.approx(stated, abs=1.0)


@pytest.mark.parametrize("name", [name for name in CASES if name != "there and back"])
def test_the_stated_areas_are_those_of_the_library_itself(name):
    corners, stated = CASES[name]
    lats, lons = zip(*corners, strict=True)
    assert GEOD.polygon_area_perimeter(lons, lats)[0] == pytest.approx(stated, abs=1.0)
