"""The partition closes, is exact, knows its sides and its parents, and does not depend on chance."""

import math

import numpy as np
import pytest
import shapely
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from shapely import LineString, Point, Polygon, STRtree
from shapely.ops import substring

from marchland.errors import DataError
from marchland.measure import line_area_term_km2, polygon_area_km2
from marchland.partition import GRID, build_partition, check_coverage, node_lines, small_faces

BOX = [(100, 40), (110, 40), (110, 50), (100, 50), (100, 40)]
NEAR = 20 * GRID

whole = st.tuples(st.integers(100, 110), st.integers(40, 50))
free = st.tuples(st.floats(100, 110, width=32), st.floats(40, 50, width=32))
# Whole-number corners overlap, touch and cross in one point far more often than chance would have it.
lines_in_box = st.lists(
    st.one_of(st.lists(whole, min_size=2, max_size=6), st.lists(free, min_size=2, max_size=6)),
    min_size=1,
    max_size=8,
).map(lambda many: [LineString(BOX), *(LineString(line) for line in many)])


def face_at(faces, x, y):
    hits = STRtree(faces).query(Point(x, y), predicate="within")
    return int(hits[0]) if len(hits) else -1


def sides_by_geometry(partition, arc, offset=1e-9):
    """Faces a little to the left and to the right of the middle of the longest edge of an arc."""
    xy = partition.arcs[arc]
    steps = np.diff(xy, axis=0)
    length = np.hypot(*steps.T)
    i = int(length.argmax())
    middle, along = (xy[i] + xy[i + 1]) / 2, steps[i] / length[i]
    normal = np.array([-along[1], along[0]]) * min(offset, length[i] / 100)
    return face_at(partition.faces, *(middle + normal)), face_at(partition.faces, *(middle - normal))


def traced(partition):
    return [*zip(partition.arcs, partition.parents, strict=True), *partition.dangles]


def same(a, b):
    return (
        len(a.arcs) == len(b.arcs)
        and all(np.array_equal(x, y) for x, y in zip(a.arcs, b.arcs, strict=True))
        and [f.wkb for f in a.faces] == [f.wkb for f in b.faces]
        and np.array_equal(a.left, b.left)
        and np.array_equal(a.right, b.right)
    )


class TestAnyLines:
    @settings(max_examples=150, deadline=None)
    @given(lines_in_box)
    def test_faces_tile_the_box(self, lines):
        part = build_partition(lines)
        assert check_coverage(part.faces) == []
        assert all(f.is_valid and f.exterior.is_ccw for f in part.faces)
        areas = [polygon_area_km2(f) for f in part.faces]
        assert math.fsum(areas) == pytest.approx(polygon_area_km2(Polygon(BOX)), abs=1e-6)

    @settings(max_examples=150, deadline=None)
    @given(lines_in_box)
    def test_area_of_a_face_is_the_sum_of_its_arcs(self, lines):
        part = build_partition(lines)
        terms = [line_area_term_km2(a) for a in part.arcs]
        for face, arcs in zip(part.faces, part.face_arcs(), strict=True):
            assert math.fsum(s * terms[a] for a, s in arcs) == pytest.approx(polygon_area_km2(face), abs=1e-7)

    @settings(max_examples=150, deadline=None)
    @given(lines_in_box)
    def test_left_and_right_are_what_lies_there(self, lines):
        part = build_partition(lines)
        for arc, (left, right) in enumerate(zip(part.left, part.right, strict=True)):
            # beside a face thinner than the offset the probe would land behind it
            if all(i < 0 or -part.faces[i].buffer(-1e-7).area < 0 for i in (left, right)):
                assert sides_by_geometry(part, arc) == (left, right)

    @settings(max_examples=150, deadline=None)
    @given(lines_in_box)
    def test_parents_are_all_the_lines_on_an_arc_and_no_other(self, lines):
        part = build_partition(lines)
        for xy, parents in traced(part):
            steps = np.hypot(*np.diff(xy, axis=0).T)
            i = int(steps.argmax())
            assume(steps[i] > 1e-6)
            probes = [Point(xy[i] + t * (xy[i + 1] - xy[i])) for t in (0.25, 0.5, 0.75)]
            on = tuple(n for n, line in enumerate(lines) if max(map(line.distance, probes)) < NEAR)
            assert parents == on

    @settings(max_examples=100, deadline=None)
    @given(lines_in_box)
    def test_every_line_is_there_in_full(self, lines):
        length = [0.0] * len(lines)
        for xy, parents in traced(build_partition(lines)):
            for parent in parents:
                length[parent] += float(np.hypot(*np.diff(xy, axis=0).T).sum())
        for line, got in zip(lines, length, strict=True):
            assert got == pytest.approx(shapely.unary_union(line).length, abs=1e-7)

    @settings(max_examples=100, deadline=None)
    @given(lines_in_box, st.randoms(use_true_random=False))
    def test_order_and_direction_of_the_input_do_not_matter(self, lines, random):
        part = build_partition(lines)
        assert same(part, build_partition(lines))
        order = list(range(len(lines)))
        random.shuffle(order)
        other = build_partition([lines[i].reverse() if i % 2 else lines[i] for i in order])
        assert same(part, other)
        assert part.parents == [tuple(sorted(order[i] for i in p)) for p in other.parents]

    @settings(max_examples=100, deadline=None)
    @given(lines_in_box)
    def test_partition_of_its_own_arcs_is_itself(self, lines):
        part = build_partition(lines)
        again = build_partition([LineString(a) for a in part.arcs])
        assert [f.wkb for f in again.faces] == [f.wkb for f in part.faces]
        assert again.dangles == []

    @settings(max_examples=100, deadline=None)
    @given(lines_in_box)
    def test_coordinates_have_ten_decimals(self, lines):
        for xy in build_partition(lines).arcs:
            assert np.array_equal(np.array([[float(f"{v:.10f}") for v in p] for p in xy]), xy)


class TestShapes:
    def test_two_squares(self):
        left = LineString([(0, 0), (1, 0), (1, 1), (0, 1), (0, 0)])
        right = LineString([(1, 0), (2, 0), (2, 1), (1, 1), (1, 0)])
        part = build_partition([left, right])
        shared = part.parents.index((0, 1))
        assert part.arcs[shared].tolist() == [[1, 0], [1, 1]]
        assert (part.left[shared], part.right[shared]) == (0, 1)
        assert sorted(part.parents) == [(0,), (0, 1), (1,)]
        assert part.boundary(np.array([True, True])).tolist().count(0) == 1
        assert part.boundary(np.array([True, False]))[shared] == 1
        assert part.boundary(np.array([False, True]))[shared] == -1

    def test_island_and_its_lake(self):
        rings = [Point(0, 0).buffer(r).exterior for r in (3, 2, 1)]
        part = build_partition(rings)
        assert [len(f.interiors) for f in part.faces].count(1) == 2
        assert sum(f.area for f in part.faces) == pytest.approx(Polygon(rings[0]).area, abs=1e-9)
        assert all(shapely.LinearRing(a).is_ccw for a in part.arcs)
        assert sorted(p[0] for p in part.parents) == [0, 1, 2]

    def test_ring_crossing_itself(self):
        part = build_partition([LineString([(0, 0), (2, 2), (2, 0), (0, 2), (0, 0)])])
        assert len(part.faces) == 2
        assert len(part.arcs) == 2

    def test_dangles_are_returned_and_leave_no_node(self):
        spur, bridge = LineString([(1, 0), (1, -1)]), LineString([(0.2, 0.5), (0.8, 0.5)])
        part = build_partition([LineString([(0, 0), (2, 0), (2, 2), (0, 2), (0, 0)]), spur, bridge])
        assert len(part.arcs) == 1
        assert [d.parents for d in part.dangles] == [(2,), (1,)]

    def test_arc_splits_where_parents_change(self):
        ring = LineString([(0, 0), (4, 0), (4, 4), (0, 4), (0, 0)])
        part = build_partition([ring, LineString([(1, 0), (3, 0)])])
        assert len(part.faces) == 1
        assert sorted(part.parents) == [(0,), (0, 1)]
        assert part.arcs[part.parents.index((0, 1))].tolist() == [[1, 0], [3, 0]]

    def test_no_faces_and_empty_lines(self):
        assert build_partition([]).faces == []
        part = build_partition([LineString(), LineString([(0, 0), (1, 1)])])
        assert (part.faces, part.arcs) == ([], [])
        assert part.dangles[0].parents == (1,)

    def test_node_lines_cuts_a_cross_into_four(self):
        edges, parents = node_lines([LineString([(0, 1), (2, 1)]), LineString([(1, 0), (1, 2)])])
        assert [e.length for e in edges] == [1, 1, 1, 1]
        assert sorted(parents) == [(0,), (0,), (1,), (1,)]


def wandering(rng, start, end, n=400):
    t = np.linspace(0, 1, n)[:, None]
    walk = np.cumsum(rng.normal(0, 0.02, (n, 2)), axis=0)
    return LineString(np.array(start) + t * (np.array(end) - np.array(start)) + walk - t * walk[-1])


class TestInterpolatedEnds:
    """A clause names a point on a border: the point is found by interpolation and lies beside it."""

    @pytest.mark.parametrize("seed", range(20))
    def test_stretch_of_a_border_is_that_border(self, seed):
        rng = np.random.default_rng(seed)
        border = wandering(rng, (100, 45), (110, 45))
        a, b = sorted(rng.uniform(0, border.length, 2))
        part = build_partition([LineString(BOX), border, substring(border, a, b), substring(border, 0, b)])
        length = dict.fromkeys((1, 2, 3), 0.0)
        for xy, parents in traced(part):
            assert 1 in parents or parents == (0,)
            for p in set(parents) - {0}:
                length[p] += float(np.hypot(*np.diff(xy, axis=0).T).sum())
        assert length[2] == pytest.approx(b - a, abs=1e-7)
        assert length[3] == pytest.approx(b, abs=1e-7)

    @pytest.mark.parametrize("seed", range(20))
    def test_line_from_border_to_border_closes_a_face(self, seed):
        rng = np.random.default_rng(seed)
        south, north = wandering(rng, (100, 42), (110, 42)), wandering(rng, (100, 48), (110, 48))
        ends = [line.interpolate(rng.uniform(0.3, 0.7), normalized=True) for line in (south, north)]
        closed = build_partition([LineString(BOX), south, north, LineString(ends)])
        without = build_partition([LineString(BOX), south, north])
        # the connecting line may cross the wandering ones again; it divides the middle in any case
        assert len(closed.faces) > len(without.faces)
        assert not any(d.parents == (3,) for d in closed.dangles)


class TestRefused:
    def test_multilinestring(self):
        with pytest.raises(DataError, match="not plain lines: 1;"):
            build_partition([LineString(BOX), shapely.MultiLineString([BOX, BOX])])

    def test_not_finite(self):
        with pytest.raises(DataError, match="not finite: 0;"):
            build_partition([LineString([(0, 0), (math.inf, 1)])])


class TestChecks:
    def test_overlap_is_named(self):
        messages = check_coverage(
            [shapely.box(0, 0, 2, 2), shapely.box(1, 0, 3, 2), shapely.box(9, 9, 10, 10)]
        )
        assert [m.split(":")[0] for m in messages] == ["face 0", "face 1"]

    def test_corner_that_meets_no_vertex_is_named(self):
        messages = check_coverage([shapely.box(0, 0, 2, 2), shapely.box(2, 0, 3, 1), shapely.box(2, 1, 3, 2)])
        assert "face 0: 2° of boundary" in messages[0]

    def test_same_face_twice(self):
        assert len(check_coverage([shapely.box(0, 0, 2, 2), shapely.box(0, 0, 2, 2)])) == 2

    def test_hole_that_touches_its_shell_in_a_node_is_no_conflict(self):
        spike = LineString([(101, 40), (101, 41), (102, 41), (101, 40), (100, 41)])
        part = build_partition([LineString(BOX), spike])
        assert len(part.faces) == 3
        assert check_coverage(part.faces) == []

    def test_invalid_face_is_named(self):
        assert "Self-intersection" in check_coverage([Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])])[0]

    def test_nothing_is_valid(self):
        assert check_coverage([]) == []

    def test_small_faces_thinnest_first(self):
        square, strip = shapely.box(0, 0, 0.001, 0.001), shapely.box(0, 1, 0.1, 1.00001)
        faces = [square, strip, shapely.box(5, 5, 6, 6)]
        found = small_faces(faces, [polygon_area_km2(f) for f in faces], 1.0)
        assert [f.face for f in found] == [1, 0]
        # a strip is as wide as it is high: 1e-5 degrees; a square's 2A/P is half its side
        assert found[0].width_km == pytest.approx(0.00111, rel=0.02)
        assert found[1].width_km == pytest.approx(0.0556, rel=0.02)


def test_sixty_thousand_vertices():
    rng = np.random.default_rng(1)
    corners = [(rng.uniform((60, 34), (145, 63)), rng.uniform((60, 34), (145, 63))) for _ in range(60)]
    lines = [wandering(rng, a, b, n=1000) for a, b in corners]
    lines += [substring(line, 0.2, 0.7, normalized=True) for line in lines[::3]]
    part = build_partition(lines)
    assert check_coverage(part.faces) == []
    for arc in rng.choice(len(part.arcs), 500, replace=False):
        if min(part.faces[i].area for i in (part.left[arc], part.right[arc]) if i >= 0) > 1e-6:
            assert sides_by_geometry(part, arc) == (part.left[arc], part.right[arc])
