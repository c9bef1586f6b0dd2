"""The WGS 84 ellipsoid in closed form: zones, radii of curvature, and an equal-area plane.

Formulas: J. P. Snyder, Map Projections – A Working Manual (USGS Professional Paper 1395, 1987), equations
3-11 to 3-13 (authalic latitude), 4-18 and 4-20 (radii), 24-2 to 24-4 (Lambert azimuthal equal-area).
"""

import math

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "ECCENTRICITY_SQUARED",
    "SEMI_MAJOR_KM",
    "authalic_sphere_radius_km",
    "equal_area_xy_km",
    "radii_km",
    "zone_km2_per_radian",
]

Floats = NDArray[np.float64]

SEMI_MAJOR_KM = 6378.137
_FLATTENING = 1 / 298.257223563
ECCENTRICITY_SQUARED = _FLATTENING * (2 - _FLATTENING)

# s/(1 - e²s²) + atanh(es)/e as a series in (es)², s = sin φ: coefficient (2k+2)/(2k+1). The tenth term is
# below 1e-19 of the first, and a polynomial is several times faster than the logarithm.
_ZONE_SERIES = tuple((2 * k + 2) / (2 * k + 1) for k in range(9, -1, -1))


def zone_km2_per_radian(sin_lat: Floats) -> Floats:
    """Area between the equator and a latitude, per radian of longitude, in km²; odd in its argument.

    Parameters
    ----------
    sin_lat
        Sine of the geodetic latitude, any shape.
    """
    u = ECCENTRICITY_SQUARED * sin_lat * sin_lat
    total = np.full_like(u, _ZONE_SERIES[0])
    for coefficient in _ZONE_SERIES[1:]:
        total *= u
        total += coefficient
    half_semi_minor_squared = SEMI_MAJOR_KM**2 * (1 - ECCENTRICITY_SQUARED) / 2
    total *= sin_lat
    total *= half_semi_minor_squared
    return total


def authalic_sphere_radius_km() -> float:
    """Radius of the sphere with the surface of the ellipsoid, km.

    Examples
    --------
    >>> round(authalic_sphere_radius_km(), 6)
    6371.007181
    """
    return math.sqrt(float(zone_km2_per_radian(np.ones(1))[0]))


def radii_km(sin_lat: Floats) -> tuple[Floats, Floats]:
    """Radii of curvature along the meridian and across it (prime vertical), km."""
    w = 1 - ECCENTRICITY_SQUARED * sin_lat * sin_lat
    across = SEMI_MAJOR_KM / np.sqrt(w)
    return across * (1 - ECCENTRICITY_SQUARED) / w, across


def equal_area_xy_km(lonlat: Floats, *, centre: tuple[float, float]) -> Floats:
    """Project to a plane that keeps areas (Lambert azimuthal on the authalic sphere).

    Parameters
    ----------
    lonlat
        (n, 2) degrees.
    centre
        Longitude and latitude of the point without distortion, degrees. Distances are true to 1.5 % within
        2,200 km of it.

    Returns
    -------
    (n, 2) x to the east and y to the north, km.
    """
    radius = authalic_sphere_radius_km()
    sin_b, sin_b0 = (
        np.clip(zone_km2_per_radian(np.sin(np.radians(np.asarray(lat, dtype=np.float64)))) / radius**2, -1, 1)
        for lat in (lonlat[:, 1], centre[1])
    )
    cos_b, cos_b0 = np.sqrt(1 - sin_b**2), np.sqrt(1 - sin_b0**2)
    turn = np.radians(lonlat[:, 0] - centre[0])
    scale = radius * np.sqrt(2 / (1 + sin_b0 * sin_b + cos_b0 * cos_b * np.cos(turn)))
    x = scale * cos_b * np.sin(turn)
    y = scale * (cos_b0 * sin_b - sin_b0 * cos_b * np.cos(turn))
    return np.column_stack([x, y])
