"""Lines drawn twice, a rounding apart, leave no faces and no nodes behind."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from marchland.engine import overlay_polygons, tiled
from marchland.engine.crumbs import find_crumbs, find_heirs
from marchland.engine.mesh import PointIndex
from marchland.measure import ring_area_km2

STEPS = np.linspace(0, 2, 21)


def sides(offsets):
    """West and east of a border that each side draws for itself, so many degrees apart between its ends."""
    border = np.column_stack([1 + 0.1 * np.sin(3 * STEPS), STEPS])
    moved = border + np.column_stack([offsets, np.zeros(len(border))]) * (STEPS % 2 > 0)[:, None]
    west = shapely.Polygon([*border, (0, 2), (0, 0)])
    east = shapely.Polygon([*moved, (3, 2), (3, 0)])
    return np.array([west, east], dtype=object)


def in_tiles(folder, polygons):
    tiled.write_parts(folder, polygons)
    tiled.build_tiles(tiled.Run(folder, tiled.Here(), lambda *_: None), 12)
    return tiled.gather(folder)


rounding = st.lists(st.floats(-4e-10, 4e-10), min_size=21, max_size=21)
half_a_millimetre = st.lists(st.floats(-5e-9, 0), min_size=21, max_size=21)


@settings(max_examples=25, deadline=None)
@given(rounding)
def test_vertices_a_rounding_apart_are_one_vertex(offsets):
    found = overlay_polygons(sides(offsets))
    assert sorted(found.members) == [(0,), (1,)]
    assert len(found.arcs) == 3
    assert found.unsettled == 0


@settings(max_examples=15, deadline=None)
@given(rounding)
def test_tiles_join_twins_alike(tmp_path_factory, offsets):
    polygons = sides(offsets)
    whole, found = overlay_polygons(polygons), in_tiles(tmp_path_factory.mktemp("work"), polygons)
    assert found.members == whole.members
    assert len(found.arcs) == len(whole.arcs)
    assert found.areas == pytest.approx(whole.areas, abs=1e-8)  # km², so 0.01 m²


@settings(max_examples=25, deadline=None)
@given(half_a_millimetre)
def test_what_is_thinner_than_a_millimetre_is_part_of_a_neighbour(offsets):
    polygons = sides(offsets)
    found = overlay_polygons(polygons)
    assert sorted(found.members) == [(0,), (1,)]
    assert len(found.arcs) == 3  # no node is left where crumbs were
    assert shapely.is_valid(found.faces).all()
    assert found.areas.sum() == pytest.approx(area(shapely.box(0, 0, 3, 2)), abs=1e-6)


def area(box):
    return ring_area_km2(shapely.get_coordinates(shapely.segmentize(box, 0.1)))


def test_a_strip_of_two_millimetres_stays():
    found = overlay_polygons(np.array([shapely.box(0, 0, 1, 1), shapely.box(1 - 2e-8, 0, 2, 1)]))
    assert sorted(found.members) == [(0,), (0, 1), (1,)]


def test_crumbs_among_crumbs_follow_the_one_that_has_gone():
    # faces 0 and 3 are land; 1 lies beside 0, 2 beside 1 alone, 4 beside nothing
    left, right = np.array([0, 1, 3, 4]), np.array([1, 2, 0, -1])
    lengths = np.array([5.0, 1.0, 9.0, 1.0])
    heirs = find_heirs(np.array([1, 2, 4]), left, right, lengths, 5)
    assert heirs.tolist() == [0, 0, 0, 3, 4]


def test_a_crumb_goes_where_most_of_its_outline_is():
    left, right = np.array([0, 0, 2]), np.array([1, 1, 1])
    heirs = find_heirs(np.array([1]), left, right, np.array([2.0, 2.0, 3.0]), 3)
    assert heirs.tolist() == [0, 0, 2]


def test_a_crumb_is_thin_for_its_outline_not_small():
    left, right = np.array([0, 1]), np.array([-1, -1])
    lengths = np.array([100.0, 0.004])  # km; the second is a square metre
    assert find_crumbs(np.array([1e-5, 1e-6]), left, right, lengths).tolist() == [0]


def test_which_twin_is_kept_does_not_depend_on_the_others():
    rng = np.random.default_rng(5)
    twins = rng.uniform(-90, 90, (50, 2))
    pairs = np.concatenate([twins, twins + rng.uniform(-5e-10, 5e-10, (50, 2))])
    alone, among = PointIndex(pairs), PointIndex(np.concatenate([rng.uniform(-90, 90, (500, 2)), pairs]))
    alone.join_twins()
    among.join_twins()
    assert len(set(alone.index.tolist())) == 50
    assert (alone.points[alone.index] == among.points[among.index[500:]]).all()


def test_twins_as_far_along_the_axis_are_one_whatever_their_order():
    """One and the other are as far along to the last bit, and would stay in the order they came in."""
    pair = np.array([[41.018614, -34.243346], [41.0186139999795, -34.243345999966834]])
    kept = set()
    for seed in range(20):
        others = np.random.default_rng(seed).uniform(-90, 90, (seed * 7, 2))
        index = PointIndex(np.concatenate([others, pair]))
        index.join_twins()
        one, other = index.points[index.index[-2:]].tolist()
        assert one == other
        kept.add(tuple(one))
    assert len(kept) == 1


@pytest.mark.parametrize("times", [2, 5, 12, 40])
def test_a_vertex_drawn_many_times_is_one(times):
    rng = np.random.default_rng(times)
    vertex = np.array([107.636102, 17.447882])
    index = PointIndex(vertex + rng.uniform(-1e-10, 1e-10, (times, 2)))
    index.join_twins()
    assert len(set(index.index.tolist())) == 1


def test_an_index_with_more_points_is_that_of_all_of_them():
    rng = np.random.default_rng(7)
    coords, more = rng.integers(0, 6, (60, 2)) / 7, rng.integers(0, 9, (40, 2)) / 7
    rows = rng.random(60) < 0.5
    index = PointIndex(coords).with_more(rows, more)
    wanted = np.concatenate([coords[rows], more])
    assert (index.points[index.index] == wanted).all()
    assert len(np.unique(index.points, axis=0)) == len(index.points)
    assert (index.find(wanted) == index.index).all()
    assert index.find(np.array([[0.5, 0.5]])).tolist() == [-1]
