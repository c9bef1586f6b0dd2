"""Area and length on the WGS 84 ellipsoid, and their errors.

Edges are straight in longitude and latitude, which is how every face and arc here is stored; only then do
the areas of faces add up to the area of their union. Lines meant as geodesics are densified beforehand.
"""

from marchland.measure.ellipsoid import authalic_sphere_radius_km, equal_area_xy_km
from marchland.measure.size import (
    edge_integrals,
    edge_lengths_km,
    geometry_length_km,
    line_area_term_km2,
    line_length_km,
    polygon_area_km2,
    polygon_areas_km2,
    ring_area_km2,
)
from marchland.measure.uncertainty import (
    area_sigma_km2,
    displacement_covariance,
    redrawing_noise_km2,
    resample_line,
    shoelace_gradient,
)

__all__ = [
    "area_sigma_km2",
    "authalic_sphere_radius_km",
    "displacement_covariance",
    "edge_integrals",
    "edge_lengths_km",
    "equal_area_xy_km",
    "geometry_length_km",
    "line_area_term_km2",
    "line_length_km",
    "polygon_area_km2",
    "polygon_areas_km2",
    "redrawing_noise_km2",
    "resample_line",
    "ring_area_km2",
    "shoelace_gradient",
]
