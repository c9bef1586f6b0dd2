"""Areas and lengths against closed forms and PROJ; error bars against simulation."""

import json
import math
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from pyproj import Geod, Transformer

from marchland.errors import UsageError
from marchland.measure import (
    area_sigma_km2,
    authalic_sphere_radius_km,
    displacement_covariance,
    edge_integrals,
    edge_lengths_km,
    equal_area_xy_km,
    geometry_length_km,
    line_area_term_km2,
    line_length_km,
    polygon_area_km2,
    redrawing_noise_km2,
    resample_line,
    ring_area_km2,
    shoelace_gradient,
)

CASES = sorted((Path(__file__).parents[1] / "cases" / "area").glob("*.json"))
SQUARE_METRE = 1e-6
A, F = 6378.137, 1 / 298.257223563
E = math.sqrt(F * (2 - F))
GEOD = Geod(ellps="WGS84")


def zone(lat):
    """Area from the equator to a latitude per degree of longitude, by Snyder (1987), 3-12."""
    s = math.sin(math.radians(lat))
    log = math.log((1 - E * s) / (1 + E * s)) / (2 * E)
    return math.radians(1) * A * A * (1 - E * E) / 2 * (s / (1 - E * E * s * s) - log)


def cell(west, south, width, height):
    east, north = west + width, south + height
    return np.array([(west, south), (east, south), (east, north), (west, north), (west, south)], dtype=float)


def shoelace(rings):
    """Signed areas of (…, n, 2) open rings in a plane."""
    x, y = rings[..., 0], rings[..., 1]
    return (x * np.roll(y, -1, axis=-1) - y * np.roll(x, -1, axis=-1)).sum(axis=-1) / 2


def densify(coords, step):
    """Cut straight lon/lat edges into pieces of at most a step, degrees."""
    pieces = []
    for a, b in pairwise(coords):
        n = max(1, math.ceil(np.abs(b - a).max() / step))
        pieces.append(a + (b - a) * np.arange(n)[:, None] / n)
    return np.concatenate([*pieces, coords[-1:]])


lonlat = arrays(np.float64, (2,), elements=st.floats(-1, 1, width=32)).map(lambda p: p * (60, 60) + (90, 20))
paths = st.lists(lonlat, min_size=2, max_size=12).map(np.array)


class TestArea:
    @pytest.mark.parametrize("size", [1, 5, 10, 30])
    def test_graticule_cells_from_pole_to_pole(self, size):
        for south in range(-90, 91 - size):
            exact = size * (zone(south + size) - zone(south))
            assert ring_area_km2(cell(17, south, size, size)) == pytest.approx(exact, abs=SQUARE_METRE)

    def test_the_whole_ellipsoid(self):
        octants = [cell(w, s, 90, 90) for w in range(-180, 180, 90) for s in (-90, 0)]
        total = math.fsum(ring_area_km2(octant) for octant in octants)
        assert total == pytest.approx(510065621.724089, abs=2e-6)
        assert total == pytest.approx(4 * math.pi * authalic_sphere_radius_km() ** 2, abs=2e-6)

    @pytest.mark.parametrize("path", CASES, ids=lambda p: p.stem)
    def test_case(self, path):
        case = json.loads(path.read_text(encoding="utf-8"))
        assert ring_area_km2(np.array(case["ring"])) == pytest.approx(case["area_km2"], abs=2 * SQUARE_METRE)

    def test_geod_on_ever_shorter_edges_tends_to_it(self):
        ring = np.array([(112, 49), (131, 48), (135, 52), (121, 55), (112, 49)], dtype=float)
        coarse, fine = (
            GEOD.polygon_area_perimeter(*densify(ring, step)[:-1].T)[0] / 1e6 for step in (4e-4, 2e-4)
        )
        ours = ring_area_km2(ring)
        assert abs(fine - ours) < 0.3 * abs(coarse - ours)  # chords: the error falls with the square
        assert fine + (fine - coarse) / 3 == pytest.approx(ours, abs=SQUARE_METRE)

    @settings(deadline=None)
    @given(paths)
    def test_turning_a_line_round_changes_the_sign_and_no_bit(self, line):
        assert line_area_term_km2(line[::-1]) == -line_area_term_km2(line)
        assert np.array_equal(edge_integrals(line[::-1]), -edge_integrals(line)[::-1])

    @settings(deadline=None)
    @given(paths, st.integers(0, 12))
    def test_the_start_of_a_ring_does_not_matter(self, line, shift):
        ring = np.roll(line, shift % len(line), axis=0)
        assert ring_area_km2(ring) == ring_area_km2(line)
        assert ring_area_km2(np.concatenate([ring, ring[:1]])) == ring_area_km2(line)

    @settings(deadline=None)
    @given(paths, st.integers(1, 20))
    def test_cutting_edges_changes_nothing(self, line, pieces):
        cut = densify(line, 130 / pieces)
        assert line_area_term_km2(cut) == pytest.approx(line_area_term_km2(line), abs=SQUARE_METRE)

    @settings(max_examples=60, deadline=None)
    @given(st.floats(35, 60), st.floats(35, 60), st.floats(0.1, 0.9))
    def test_halves_of_a_polygon_add_up(self, west, east, bend):
        outline = shapely.box(70, 34, 140, 63)
        knee = (70 + 70 * bend, 48.5 + bend)
        cut = shapely.LineString([(69, west), knee, (141, east)])
        parts = shapely.get_parts(shapely.polygonize([shapely.union(outline.boundary, cut)]))
        total = math.fsum(polygon_area_km2(p) for p in parts)
        assert len(parts) == 2
        assert total == pytest.approx(polygon_area_km2(outline), abs=SQUARE_METRE)

    def test_polygons_holes_and_collections(self):
        outer, hole = cell(100, 50, 4, 4), cell(101, 51, 1, 1)
        polygon = shapely.Polygon(outer, [hole])
        area = ring_area_km2(outer) - ring_area_km2(hole)
        assert polygon_area_km2(polygon) == pytest.approx(area, abs=1e-9)
        assert polygon_area_km2(polygon.reverse()) == polygon_area_km2(polygon)
        mixed = shapely.GeometryCollection([shapely.MultiPolygon([polygon]), shapely.LineString(outer)])
        assert polygon_area_km2(mixed) == polygon_area_km2(polygon)
        assert polygon_area_km2(shapely.Polygon()) == 0


class TestLength:
    def test_quarter_meridian(self):
        # 10001.965729 km, the WGS 84 meridian quadrant
        assert line_length_km(np.array([(30.0, 0.0), (30.0, 90.0)])) == pytest.approx(10001.965729, abs=1e-6)

    @pytest.mark.parametrize("lat", [-60, 0, 34, 49, 63, 85])
    def test_parallels(self, lat):
        s = math.sin(math.radians(lat))
        exact = A * math.cos(math.radians(lat)) / math.sqrt(1 - E * E * s * s) * math.radians(85)
        line = np.array([(60, lat), (145, lat)], dtype=float)
        assert line_length_km(line) == pytest.approx(exact, rel=1e-12)

    @pytest.mark.parametrize("step", [20.0, 1.0, 0.04, 0.001])
    def test_geod_on_short_edges(self, step):
        line = np.array([(60, 34), (75, 52), (121, 53.3), (135, 48), (142, 63)], dtype=float)
        geodesic = GEOD.line_length(*densify(line, 2e-4).T) / 1000
        assert line_length_km(densify(line, step)) == pytest.approx(geodesic, rel=1e-7)

    @settings(deadline=None)
    @given(paths)
    def test_direction_does_not_matter(self, line):
        assert line_length_km(line[::-1]) == line_length_km(line)
        assert (edge_lengths_km(line) >= 0).all()

    def test_geometries(self):
        ring = cell(100, 50, 1, 1)
        line, polygon = shapely.LineString(ring), shapely.Polygon(ring)
        assert geometry_length_km(line) == geometry_length_km(polygon) == line_length_km(ring)
        many = shapely.GeometryCollection([line, shapely.MultiLineString([line, line]), shapely.Point(1, 1)])
        assert geometry_length_km(many) == pytest.approx(3 * line_length_km(ring), rel=1e-14)
        assert geometry_length_km(shapely.LineString()) == 0


class TestPlane:
    def test_it_is_that_of_proj(self):
        rng = np.random.default_rng(2)
        points = rng.uniform((60, 34), (145, 63), (500, 2))
        proj = Transformer.from_crs(4326, "+proj=laea +lon_0=102 +lat_0=48 +ellps=WGS84", always_xy=True)
        there = np.column_stack(proj.transform(*points.T)) / 1000
        # PROJ also stretches one axis and shrinks the other by 0.1 %, for a true scale at the centre
        assert np.allclose(equal_area_xy_km(points, centre=(102, 48)), there, rtol=0.0015, atol=0.1)

    def test_it_keeps_areas(self):
        ring = densify(cell(110, 45, 10, 10), 0.01)
        xy = equal_area_xy_km(ring, centre=(102, 48))
        assert shapely.Polygon(xy).area == pytest.approx(ring_area_km2(ring), rel=1e-6)


class TestSampling:
    @settings(deadline=None)
    @given(paths, st.floats(20, 500))
    def test_steps_are_even_and_short_enough(self, line, spacing):
        points = resample_line(line, spacing_km=spacing)
        assert np.array_equal(points[[0, -1]], line[[0, -1]])
        assert len(points) == max(1, math.ceil(edge_lengths_km(line).sum() / spacing)) + 1

    def test_gradient_is_the_change_of_the_area(self):
        rng = np.random.default_rng(3)
        ring = rng.uniform(0, 100, (7, 2))
        gradient = shoelace_gradient(np.concatenate([ring, ring[:1]]))
        gradient[0] += gradient[-1]
        step = rng.normal(0, 1e-4, ring.shape)
        area = shoelace(np.stack([ring, ring + step]))
        # on the left of an anticlockwise ring is its inside: moving a vertex there makes it smaller
        assert area[1] - area[0] == pytest.approx(-(gradient[:-1] * step).sum(), abs=1e-5)
        assert gradient[:-1].sum(axis=0) == pytest.approx([0, 0], abs=1e-9)


def simulate(rings_km, sigma_km, correlation_km, draws=4000):
    """Standard deviation of the area of a ring whose vertices move at random, by moving them.

    The arcs of the ring come with a σ each; one field of displacements moves all of them.
    """
    rng = np.random.default_rng(7)
    ring = np.concatenate(rings_km)
    sigma = np.repeat(sigma_km, [len(r) for r in rings_km])[:, None]
    apart = np.hypot(*(ring[:, None] - ring[None]).transpose(2, 0, 1))
    root = np.linalg.cholesky(np.exp(-apart / correlation_km) + 1e-9 * np.eye(len(ring)))
    u, v = ((root @ rng.normal(size=(len(ring), draws))).T for _ in range(2))
    return shoelace(ring + sigma * np.stack([u, v], axis=-1)).std()


def outline(kind):
    """Rings of a few hundred kilometres near the Amur, as three arcs."""
    turn = np.linspace(0, 2 * np.pi, 901)
    radius = {"circle": 1.0 + 0 * turn, "lobes": 1 + 0.3 * np.sin(5 * turn), "strip": 1.0 + 0 * turn}[kind]
    squeeze = 0.12 if kind == "strip" else 1.0
    ring = np.column_stack([128 + 2 * radius * np.cos(turn), 50 + 1.3 * squeeze * radius * np.sin(turn)])
    return [ring[:301], ring[300:601], ring[600:]]


class TestErrorBars:
    @pytest.mark.parametrize("kind", ["circle", "lobes", "strip"])
    @pytest.mark.parametrize(("sigma", "correlation"), [((1, 1, 1), 20), ((2, 0.5, 1), 40), ((1, 3, 0), 80)])
    def test_as_simulated(self, kind, sigma, correlation):
        arcs = outline(kind)
        covariance = displacement_covariance(arcs, correlation_km=correlation)
        ours = area_sigma_km2(covariance, np.ones(3), np.array(sigma))
        proj = Transformer.from_crs(4326, "+proj=laea +lon_0=128 +lat_0=50 +ellps=WGS84", always_xy=True)
        # σ is joined at the ends of arcs in the simulation: a vertex belongs to one of them
        fine = [resample_line(a, spacing_km=1.5)[:-1] for a in arcs]
        rings = [np.column_stack(proj.transform(*r.T)) / 1000 for r in fine]
        assert ours == pytest.approx(simulate(rings, sigma, correlation), rel=0.05)

    def test_fully_correlated_line_moves_as_one(self):
        line = np.array([(110, 50), (112, 50.5), (114, 50)], dtype=float)
        chord = equal_area_xy_km(line, centre=(112, 50.25))
        squared = ((chord[-1] - chord[0]) ** 2).sum()
        covariance = displacement_covariance([line], correlation_km=1e9)
        assert covariance[0, 0] == pytest.approx(squared, rel=1e-4)

    def test_long_straight_line_has_two_correlation_lengths(self):
        # ∫∫ exp(-|s-t|/ℓ) ds dt = 2ℓL - 2ℓ²(1 - exp(-L/ℓ))
        line = np.array([(110, 45), (110, 55)], dtype=float)
        length, ell = line_length_km(line), 25.0
        exact = 2 * ell * length - 2 * ell**2 * (1 - math.exp(-length / ell))
        covariance = displacement_covariance([line], correlation_km=ell)
        assert covariance[0, 0] == pytest.approx(exact, rel=0.01)

    def test_drawing_a_line_finer_changes_little(self):
        arcs = outline("lobes")
        coarse, fine = (displacement_covariance(arcs, correlation_km=60, spacing_km=s) for s in (8.0, 2.0))
        assert np.allclose(coarse, fine, rtol=0.02, atol=0.02 * fine.max())

    def test_symmetric_positive_and_nothing_far_away(self):
        arcs = [*outline("lobes"), np.array([(70, 40), (72, 41)], dtype=float)]
        covariance = displacement_covariance(arcs, correlation_km=30)
        assert np.array_equal(covariance, covariance.T)
        assert np.linalg.eigvalsh(covariance).min() > 0
        assert (covariance[3, :3] == 0).all()

    def test_a_line_cut_in_two_is_as_certain_as_whole(self):
        line = densify(np.array([(110, 45), (114, 47), (112, 50)], dtype=float), 0.01)
        (whole,) = displacement_covariance([line], correlation_km=30)[0]
        parts = displacement_covariance([line[:300], line[299:]], correlation_km=30)
        assert parts.sum() == pytest.approx(whole, rel=0.01)

    def test_opposite_sides_cancel(self):
        arc = outline("circle")[0]
        covariance = displacement_covariance([arc, arc[::-1]], correlation_km=30)
        assert area_sigma_km2(covariance, np.array([1, 1]), np.array([2, 2])) == pytest.approx(0, abs=1e-3)
        one = area_sigma_km2(covariance, np.array([1, 0]), np.array([2, 2]))
        assert area_sigma_km2(covariance, np.array([1, -1]), np.array([2, 2])) == pytest.approx(2 * one)

    def test_nothing_and_nonsense(self):
        assert displacement_covariance([], correlation_km=10).shape == (0, 0)
        with pytest.raises(UsageError, match="must be positive"):
            displacement_covariance([], correlation_km=0)

    def test_two_drawings_of_one_line(self):
        rng = np.random.default_rng(4)
        apart = np.abs(rng.normal(0, 1.5, 400_000) - rng.normal(0, 1.5, 400_000))
        assert redrawing_noise_km2(800, 1.5) == pytest.approx(800 * apart.mean(), rel=0.01)
