"""Many polygons to one partition, its self-test, and its thin faces."""

import runpy
from pathlib import Path

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from marchland.datasets.slivers import face_widths_km, merge_slivers
from marchland.engine import local, overlay_polygons
from marchland.errors import DataError
from marchland.measure import line_length_km, polygon_area_km2


def overlay(*polygons):
    return overlay_polygons(np.array(polygons, dtype=object))


def sums(found, count):
    out = np.zeros(count)
    for face, members in enumerate(found.members):
        out[list(members)] += found.areas[face]
    return out


SHAPES = runpy.run_path(str(Path(__file__).parents[1] / "shapes.py"))
boxes, discs = SHAPES["boxes"], SHAPES["discs"]


@settings(max_examples=60, deadline=None)
@given(st.lists(boxes | discs, min_size=1, max_size=8))
def test_faces_add_up_to_every_polygon_and_are_disjoint(polygons):
    found = overlay(*polygons)
    wanted = [polygon_area_km2(polygon) for polygon in polygons]
    assert sums(found, len(polygons)) == pytest.approx(wanted, abs=1e-4)
    whole = shapely.union_all(polygons)
    assert found.areas.sum() == pytest.approx(polygon_area_km2(whole), abs=1e-3)
    assert all(found.members)


@settings(max_examples=40, deadline=None)
@given(st.lists(boxes, min_size=2, max_size=6))
def test_the_sides_of_an_arc_are_the_faces_beside_it(polygons):
    found = overlay(*polygons)
    assert (found.left != found.right).all()
    for arc, left, right in zip(found.arcs, found.left, found.right, strict=True):
        (x0, y0), (x1, y1) = shapely.get_coordinates(arc)[:2]
        ahead = np.array([x1 - x0, y1 - y0])
        normal = np.array([-ahead[1], ahead[0]]) / np.hypot(*ahead) * 1e-6
        middle = np.array([(x0 + x1) / 2, (y0 + y1) / 2])
        for side, point in ((left, middle + normal), (right, middle - normal)):
            within = [i for i, polygon in enumerate(polygons) if polygon.contains(shapely.Point(point))]
            assert tuple(within) == (found.members[side] if side >= 0 else ())


def test_a_shared_line_drawn_with_other_vertices_is_one_line():
    west = shapely.Polygon([(0, 0), (1, 0), (1, 2), (0, 2)])
    east = shapely.Polygon([(1, 0), (2, 0), (2, 2), (1, 2), (1, 1.5), (1, 1)])
    found = overlay(west, east)
    assert sorted(found.members) == [(0,), (1,)]
    between = (found.left >= 0) & (found.right >= 0)
    border = line_length_km(np.array([(1.0, 0.0), (1.0, 2.0)]))
    assert found.lengths[between].sum() == pytest.approx(border)
    assert found.tested > 0
    assert found.unsettled == 0


def test_land_inside_a_hole_is_no_face_and_an_island_in_it_is():
    ring = shapely.box(0, 0, 9, 9).difference(shapely.box(3, 3, 6, 6))
    assert overlay(ring).members == [(0,)]
    assert sorted(overlay(ring, shapely.box(4, 4, 5, 5)).members) == [(0,), (1,)]


def test_seams_of_the_map_have_no_length():
    cap = shapely.box(-180, -90, 180, -60)
    found = overlay(cap)
    north = line_length_km(np.array([(-180.0, -60.0), (180.0, -60.0)]))
    assert found.lengths.sum() == pytest.approx(north)
    strip = overlay(shapely.box(170, 0, 180, 10), shapely.box(-180, 0, -170, 10))
    sides = line_length_km(np.array([(180.0, 0.0), (170, 0), (170, 10), (180, 10)]))
    assert strip.lengths.sum() == pytest.approx(2 * sides)


def test_the_same_polygons_give_the_same_bits():
    polygons = [shapely.Point(i / 3, i / 5).buffer(1) for i in range(6)]
    one, two = overlay(*polygons), overlay(*polygons)
    assert one.members == two.members
    assert one.areas.tobytes() == two.areas.tobytes()
    assert [a.wkb for a in one.arcs] == [a.wkb for a in two.arcs]


def test_a_face_given_to_the_wrong_polygons_is_noticed(monkeypatch):
    right = local._attribute

    def wrong(polygons, numbers, inner):
        pairs = right(polygons, numbers, inner)
        pairs[:, 1] = np.where(pairs[:, 0] == 1, 1 - pairs[:, 1], pairs[:, 1])
        return pairs

    monkeypatch.setattr(local, "_attribute", wrong)
    with pytest.raises(DataError, match="land attributed wrongly"):
        overlay(shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1), shapely.box(2, 0, 3, 1))


def test_progress_goes_from_start_to_end():
    steps = []
    overlay_polygons(np.array([shapely.box(0, 0, 1, 1)]), progress=lambda _what, share: steps.append(share))
    assert steps == sorted(steps)
    assert len(steps) >= 5


# --- slivers


WEST, EAST = shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)
EAST_REDRAWN = shapely.box(1.0001, 0, 2, 1)  # 11 m off


def test_nothing_is_merged_unasked():
    found = overlay(WEST, EAST, EAST_REDRAWN)
    ledger = merge_slivers(found, width_km=0)
    assert (ledger.members, ledger.rows) == (found.members, ())


def test_a_sliver_takes_the_history_of_its_neighbour_and_is_in_the_ledger():
    found = overlay(WEST, EAST, EAST_REDRAWN)
    ledger = merge_slivers(found, width_km=0.05)
    assert sorted(set(ledger.members)) == [(0,), (1, 2)]
    (row,) = ledger.rows
    assert row.merged_into is not None
    assert row.refused == ""
    assert row.area_km2 == pytest.approx(min(found.areas), abs=1e-6)
    assert row.width_km == pytest.approx(0.0111, abs=2e-4)
    assert 1 < row.lon < 1.0001


def test_a_sliver_is_refused_where_a_version_would_drift():
    found = overlay(WEST, EAST, EAST_REDRAWN)
    ledger = merge_slivers(found, width_km=0.05, drift=1e-6)
    assert ledger.members == found.members
    assert "change by more than" in ledger.rows[0].refused


def test_a_sliver_is_refused_where_a_version_would_vanish():
    strip = shapely.box(1, 0, 1.0001, 1)
    found = overlay(WEST, strip, EAST_REDRAWN)
    ledger = merge_slivers(found, width_km=0.05)
    assert ledger.members == found.members
    assert ledger.rows[0].refused == "a version would vanish"


def test_an_island_of_any_width_has_no_neighbour_to_go_to():
    found = overlay(WEST, shapely.box(5, 0, 5.0001, 1))
    (row,) = merge_slivers(found, width_km=0.05).rows
    assert row.refused == "it has no neighbour"


def test_the_width_of_a_long_strip_is_its_width():
    found = overlay(shapely.box(0, 0, 10, 0.01))
    assert face_widths_km(found) == pytest.approx([1.1], abs=0.01)
