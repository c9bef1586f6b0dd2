"""Who held what on a date, where the frontier ran, and that faces and arcs fit together."""

import math
from collections import Counter, defaultdict
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import numpy as np
import pytest
import shapely
from hypothesis import assume, given
from hypothesis import strategies as st

from marchland.composite import MAIN_PARTIES, NO_LINE
from marchland.errors import DateError, NotFoundError
from marchland.measure import line_length_km, polygon_area_km2
from marchland.model import Basis, Stage, Status
from marchland.partition import check_coverage

# --- at and history


@pytest.mark.parametrize(
    ("when", "holder", "status"),
    [
        ("1688", None, "contested"),
        ("1689-09-06", None, "contested"),
        ("1689-09-07", "china", "sovereign"),
        ("1858-05-27", "china", "sovereign"),
        ("1858-05-28", "china+russia", "joint"),
        ("1860-11-13", "china+russia", "joint"),
        ("1860-11-14", "russia", "sovereign"),
        (1860, "russia", "sovereign"),
        ("aigun", "china+russia", "joint"),
    ],
)
def test_a_tenure_holds_from_its_first_day_to_the_day_before_the_next(toy, when, holder, status):
    row = toy.at(when).by_territory["ussuri-coast"]
    assert (row.holder, str(row.status)) == (holder, status)
    assert row.tenure.covers(toy.resolve_when(when))


def test_a_snapshot_has_every_territory_once(toy):
    snapshot = toy.at(1860)
    assert [row.territory for row in snapshot.rows] == list(toy.territories)
    assert (snapshot.date, snapshot.basis) == (date(1860, 12, 31), Basis.DE_JURE)


def test_bases_are_told_apart(small):
    ds = small.composite
    assert ds.at(1795).by_territory["middle"].holder == "china"
    in_fact = ds.at(1795, basis="de_facto").by_territory["middle"]
    assert (in_fact.holder, in_fact.status, in_fact.tenure.basis) == (
        "russia", Status.OCCUPIED, Basis.DE_FACTO
    )  # fmt: skip


def test_an_unknown_basis_is_refused(toy):
    with pytest.raises(ValueError, match="by_force"):
        toy.at(1860, basis="by_force")


def test_change_dates(small):
    ds = small.composite
    by_right = (date(1640, 1, 1), date(1700, 3, 1), date(1800, 6, 1), date(1900, 5, 1))
    assert ds.change_dates() == by_right
    assert ds.change_dates("de_facto") == tuple(sorted((*by_right, date(1790, 2, 1))))


def test_nothing_changes_between_change_dates(built_in):
    def state(day, basis):
        return [(r.territory, r.holder, r.status) for r in built_in.at(day, basis=basis).rows]

    for basis in Basis:
        days = built_in.change_dates(basis)
        assert days[0] == built_in.meta.first_date
        for day, after in pairwise((*days, built_in.meta.as_of + timedelta(days=1))):
            assert state(day, basis) == state(after - timedelta(days=1), basis)
        assert all(state(day - timedelta(days=1), basis) != state(day, basis) for day in days[1:])


def test_history_of_a_place_and_of_its_territory(toy):
    rows = toy.history(place=(136, 46.5), basis="de_jure")
    assert [row.holder for row in rows] == [None, "china", "china+russia", "russia"]
    assert rows == toy.history(territory="ussuri-coast", basis="de_jure")
    both = toy.history(territory="ussuri-coast")
    assert len(both) == 8
    assert [row.start for row in both] == sorted(row.start for row in both)
    assert [row.basis for row in both[:2]] == [Basis.DE_JURE, Basis.DE_FACTO]


def test_history_of_nothing(toy):
    with pytest.raises(TypeError, match="a place or a territory"):
        toy.history()
    with pytest.raises(NotFoundError, match="no territory 'ussuri'") as caught:
        toy.history(territory="ussuri")
    assert "ussuri-coast" in caught.value.suggestions


# --- locate


def test_locate(small):
    ds = small.composite
    assert [ds.locate(110, 54), ds.locate(116, 49.5), ds.locate(106, 46.5), ds.locate(121.1, 50.1)] == [
        "north", "middle", "south", "isle"
    ]  # fmt: skip
    assert ds.locate(120.55, 52.55) == "south"  # by its mask
    assert ds.locate(120.2025, 54.002) == "north"  # the nearest land


def test_a_point_on_a_line_belongs_to_one_of_its_sides(small):
    assert small.composite.locate(102, 50.2) in {"north", "south"}


@pytest.mark.parametrize(("lon", "found"), [(99.9, "north"), (99.86, "north"), (99.84, None)])
def test_a_harbour_counts_as_the_land_beside_it(small, lon, found):
    if found:
        assert small.composite.locate(lon, 54) == found
    else:
        with pytest.raises(NotFoundError, match=r"99\.84 54 lies at sea or outside"):
            small.composite.locate(lon, 54)


@pytest.mark.parametrize("point", [(142, 44), (10, 10), (49.5, 117.4), (500, 95)])
def test_the_sea_and_what_lies_outside(toy, point):
    with pytest.raises(NotFoundError, match="lies at sea or outside"):
        toy.locate(*point)


def test_backdrop_is_no_territory(small, built_in):
    with pytest.raises(NotFoundError, match="whose history this dataset does not hold"):
        small.composite.locate(100.5, 44.5)
    with pytest.raises(NotFoundError, match="whose history this dataset does not hold"):
        built_in.locate(127, 37.5)  # Korea


@given(st.floats(100, 120), st.floats(44, 56))
def test_every_point_of_the_land_is_somewhere(small, lon, lat):
    outer = 46.2 - (lon - 99.9) * 0.2 / 1.1 if lon < 101 else 46 - (lon - 101) * 1.75
    assume(abs(lat - outer) > 1e-4)
    if lat < outer:
        with pytest.raises(NotFoundError, match="does not hold"):
            small.composite.locate(lon, lat)
    else:
        assert small.composite.locate(lon, lat) in {"north", "middle", "south"}


def test_every_label_lies_in_its_territory(built_in):
    for territory in built_in.territories.values():
        assert built_in.locate(*territory.label) == territory.id


# --- the frontier


def test_the_frontier_of_a_date_is_carried_by_the_clauses_in_force(small):
    ds = small.composite
    rows = {row.segment: row for row in ds.frontier(1750).rows}
    assert set(rows) == {"first-1700/west", "first-1700/bend", "first-1700/ridge"}
    assert rows["first-1700/ridge"].stage == Stage.ALLOCATED
    assert rows["first-1700/ridge"].sigma_km == 5
    assert {row.segment for row in ds.frontier(1950).rows} == {
        "first-1700/west", "survey-1900/survey", "second-1800/lower"
    }  # fmt: skip


def test_the_newest_clause_in_force_carries_an_arc_else_the_newest_past_else_the_first_to_come(small):
    ds = small.composite
    arc = next(a for a in ds.arcs if set(a.segments) == {"first-1700/bend", "survey-1900/survey"})
    carried = [ds.arc_segment(arc, date(year, 1, 1)).id for year in (1650, 1750, 1950)]
    assert carried == ["first-1700/bend", "first-1700/bend", "survey-1900/survey"]
    ridge = next(a for a in ds.arcs if a.segments == ("first-1700/ridge",))
    assert ds.arc_segment(ridge, date(1950, 1, 1)).id == "first-1700/ridge"
    coast = next(a for a in ds.arcs if a.kind == "coast")
    assert ds.arc_segment(coast, date(1950, 1, 1)) is None
    both = with_segment(ds, "first-1700/bend", until=None)
    assert both.arc_segment(arc, date(1950, 1, 1)).id == "survey-1900/survey"


def with_segment(ds, key, **changes):
    return replace(ds, segments={**ds.segments, key: replace(ds.segments[key], **changes)})


def test_a_segment_counts_up_to_the_day_before_its_end(small):
    ridge = small.composite.segments["first-1700/ridge"]
    days = [date(1700, 2, 28), date(1700, 3, 1), date(1800, 5, 31), date(1800, 6, 1)]
    assert [ridge.covers(day) for day in days] == [False, True, True, False]
    assert small.composite.segments["second-1800/lower"].covers(date(2000, 1, 1))


def test_a_stretch_that_no_clause_draws_any_more_is_carried_on_without_a_stage(small):
    ds = with_segment(small.composite, "survey-1900/survey", since=date(1950, 1, 1))
    rows = {row.segment: row for row in ds.frontier(1920).rows}
    assert rows["first-1700/bend"].stage is None
    assert rows["first-1700/bend"].sigma_km == 4
    assert rows["first-1700/west"].stage == Stage.DELIMITED


def test_an_older_line_carried_on_has_no_stage(built_in):
    for day in built_in.change_dates():
        for row in built_in.frontier(day).rows:
            segment = built_in.segments[row.segment]
            assert row.stage == (segment.stage if segment.covers(day) else None)


def test_there_is_no_frontier_beside_contested_land_nor_before_the_first_instrument(toy, small):
    assert toy.frontier("1689-09-06").rows == ()
    assert "argun" in {row.segment for row in toy.frontier("1689-09-07").rows}
    assert small.composite.frontier("1700-02-28").rows == ()
    assert small.composite.frontier("1700-03-01").rows


def test_the_frontier_moves_with_the_land(toy):
    before, after = ({row.segment for row in toy.frontier(day).rows} for day in ("1858-05-27", "1858-05-28"))
    assert "stanovoy" in before - after
    assert "upper-amur" in after - before
    # joint land has an edge on both sides
    assert {"lower-amur", "ussuri"} <= after


def test_lengths_add_up(built_in):
    arcs = {arc.id: arc for arc in built_in.arcs}
    for day in built_in.change_dates():
        frontier = built_in.frontier(day)
        for row in frontier.rows:
            assert row.length_km == round(sum(arcs[a].length_km for a in row.arcs), 2)
        assert len({a for row in frontier.rows for a in row.arcs}) == sum(len(r.arcs) for r in frontier.rows)
        assert frontier.length_km == pytest.approx(sum(row.length_km for row in frontier.rows), abs=0.005)


def _main(holder):
    return holder is None or set(holder.split("+")) <= MAIN_PARTIES


@pytest.mark.parametrize("basis", Basis)
def test_every_stretch_of_frontier_at_every_change_date_has_a_segment(built_in, basis):
    """Found here from the faces' own edges, not from what the composite takes for frontier."""
    owner = built_in.territory_of_face
    for day in built_in.change_dates(basis):
        if built_in.instrument_in_force(day) is None:
            continue
        held = built_in.at(day, basis=basis).by_territory
        told = {a for row in built_in.frontier(day, basis=basis).rows for a in row.arcs}
        for arc in built_in.arcs:
            sides = [held.get(owner.get(face or "") or "") for face in (arc.left, arc.right)]
            if None in sides or any(side.status in NO_LINE or not _main(side.holder) for side in sides):
                assert arc.id not in told
            elif sides[0].holder != sides[1].holder:
                assert arc.id in told, (day, arc)
                assert built_in.arc_segment(arc, day) is not None
            else:
                assert arc.id not in told


# --- geometry


@pytest.fixture(params=["toy", "small", "built_in"])
def any_composite(request):
    found = request.getfixturevalue(request.param)
    return getattr(found, "composite", found)


def test_faces_tile_the_land(any_composite):
    faces = list(any_composite.face_geometries.values())
    assert all(face.is_valid and not face.is_empty for face in faces)
    assert shapely.coverage_is_valid(faces)
    assert check_coverage(faces) == []


def test_areas_are_those_of_the_polygons_and_add_up(small, built_in):
    for ds in (small.composite, built_in):
        shapes = ds.face_geometries
        assert list(shapes) == [face.id for face in ds.faces]
        for face in ds.faces:
            assert face.area_km2 == pytest.approx(polygon_area_km2(shapes[face.id]), abs=1e-3)
        union = shapely.coverage_union_all(np.asarray(list(shapes.values()), dtype=object))
        assert math.fsum(f.area_km2 for f in ds.faces) == pytest.approx(polygon_area_km2(union), abs=1e-3)
        for territory in ds.territories.values():
            own = math.fsum(face.area_km2 for face in ds.faces if face.territory == territory.id)
            assert territory.area_km2 == pytest.approx(own, abs=0.0051)
            assert territory.area_km2 == round(territory.area_km2, 2)


def test_the_small_land_is_as_large_as_a_hand_can_work_out(small):
    total = sum(face.area_km2 for face in small.composite.faces)
    boxes = [
        (100, 44, 120, 56),
        (121, 50, 121.3, 50.2),
        (120.2, 54, 120.205, 54.004),
        (120.5, 52.5, 120.6, 52.6),
    ]
    assert total == pytest.approx(math.fsum(_cell_km2(*box) for box in boxes), abs=1e-4)


def _cell_km2(west, south, east, north):
    """Closed form of a cell of the graticule on WGS 84."""
    a, f = 6378.137, 1 / 298.257223563
    e = math.sqrt(f * (2 - f))
    b2 = (a * (1 - f)) ** 2

    def zone(lat):
        s = math.sin(math.radians(lat))
        return s / (1 - (e * s) ** 2) + math.atanh(e * s) / e

    return b2 / 2 * math.radians(east - west) * (zone(north) - zone(south))


def test_no_face_is_a_sliver_but_for_islands(any_composite):
    kinds = defaultdict(set)
    for arc in any_composite.arcs:
        for face in (arc.left, arc.right):
            kinds[face].add(arc.kind)
    small = [face for face in any_composite.faces if face.area_km2 < 0.01]
    assert [face.id for face in small if kinds[face.id] != {"coast"}] == []


def test_an_islet_of_the_coast_survives(small):
    ds = small.composite
    rock = next(face for face in ds.faces if face.area_km2 < 0.5)
    assert rock.area_km2 == pytest.approx(_cell_km2(120.2, 54, 120.205, 54.004), abs=1e-6)
    assert [arc.kind for arc in ds.arcs if rock.id in (arc.left, arc.right)] == ["coast"]


def test_left_and_right_of_every_arc(any_composite):
    """A step to either side of the middle of the longest edge lands in the face that is named."""
    ds = any_composite
    ids, tree = list(ds.face_geometries), shapely.STRtree(list(ds.face_geometries.values()))
    for arc in ds.arcs:
        xy = np.asarray(ds.arc_geometries[arc.id].coords)
        steps = np.diff(xy, axis=0)
        size = np.hypot(*steps.T)
        i = int(size.argmax())
        normal = np.array([-steps[i, 1], steps[i, 0]]) / size[i] * min(1e-7, size[i] / 1000)
        middle = (xy[i] + xy[i + 1]) / 2
        for face, point in ((arc.left, middle + normal), (arc.right, middle - normal)):
            hits = [ids[n] for n in tree.query(shapely.Point(point), predicate="within")]
            assert hits == ([face] if face else []), arc.id


def test_arcs_are_the_boundary_of_their_faces(any_composite):
    ds = any_composite
    lines = ds.arc_geometries
    around = defaultdict(float)
    for arc in ds.arcs:
        length = lines[arc.id].length
        for face in (arc.left, arc.right):
            if face is not None:
                around[face] += length
    for face in ds.faces:
        assert around[face.id] == pytest.approx(ds.face_geometries[face.id].length, rel=1e-9)


def test_lengths_are_those_of_the_lines(small, built_in):
    for ds in (small.composite, built_in):
        for arc in ds.arcs:
            line = np.asarray(ds.arc_geometries[arc.id].coords)
            assert arc.length_km == pytest.approx(line_length_km(line), abs=1e-5)


# --- chains


def chain(ds, segment):
    """Nodes of the arcs that carry a segment, with how many of them meet there, and the connected parts."""
    meets, beside = Counter(), defaultdict(set)
    for arc in ds.arcs:
        if segment in arc.segments:
            a, b = (ds.arc_geometries[arc.id].coords[i] for i in (0, -1))
            meets.update((a, b))
            beside[a].add(b)
            beside[b].add(a)
    parts, seen = [], set()
    for node in beside:
        if node not in seen:
            part, todo = {node}, [node]
            while todo:
                fresh = beside[todo.pop()] - part
                part |= fresh
                todo += fresh
            seen |= part
            parts.append(part)
    return meets, parts


@pytest.fixture(scope="module")
def shore_nodes(built_in):
    ends = set()
    for arc in built_in.arcs:
        if arc.kind in {"coast", "window"}:
            coords = built_in.arc_geometries[arc.id].coords
            ends |= {coords[0], coords[-1]}
    return ends


def km(place, node):
    return line_length_km(np.array([(place.lon, place.lat), node]))


def test_every_clause_runs_unbroken_between_its_places(built_in, shore_nodes):
    """One unbranched line from place to place; it may only stop, and go on, where it crosses the coast."""
    wrong = []
    for segment in built_in.segments.values():
        meets, parts = chain(built_in, segment.id)
        ends = [node for node, count in meets.items() if count == 1]
        places = [built_in.places[name] for name in (segment.start, segment.end)]
        if meets and set(meets.values()) == {2} and _encloses(built_in, segment.id, places):
            continue  # the outline of a strip along its line
        if not ends or max(meets.values()) > 2 or len(ends) != 2 * len(parts):
            wrong.append(f"{segment.id} branches, closes or has no arc")
            continue
        free = [node for node in ends if node not in shore_nodes]
        stray = [node for node in free if min(km(p, node) - p.accuracy_km for p in places) > 0.001]
        if stray or (len(parts) > 1 and len(free) > 2):
            wrong.append(f"{segment.id} stops at {stray or free}")
        if not shore_nodes & set(ends):
            far = [p.id for p in places if min(km(p, node) for node in ends) > p.accuracy_km + 0.001]
            wrong += [f"{segment.id} does not reach {place}" for place in far]
    assert wrong == []


def _encloses(ds, segment, places):
    """Whether the arcs of a segment are the outline of one strip that holds both its places."""
    lines = [ds.arc_geometries[arc.id] for arc in ds.arcs if segment in arc.segments]
    shapes = list(shapely.polygonize(lines).geoms)
    reach = max(place.accuracy_km for place in places) / 100
    return len(shapes) == 1 and all(
        shapes[0].distance(shapely.Point(place.lon, place.lat)) <= reach for place in places
    )


def test_the_small_clauses_run_unbroken(small):
    ends = {
        "first-1700/west": {(100, 50.009756), (104, 50.4)},
        "first-1700/bend": {(104, 50.4), (110, 50)},
        "first-1700/ridge": {(110, 50), (120, 51.509804)},
        "second-1800/lower": {(110, 50), (120, 46.508197)},
        "survey-1900/survey": {(104, 50.4), (110, 50)},
    }
    assert set(small.composite.segments) == set(ends)
    for segment, wanted in ends.items():
        meets, parts = chain(small.composite, segment)
        assert len(parts) == 1
        found = sorted(node for node, count in meets.items() if count == 1)
        assert np.allclose(found, sorted(wanted), atol=2e-6)


def test_clauses_of_an_instrument_that_share_a_place_share_a_node(built_in):
    """Where one clause ends and the next of the same instrument begins, the compiled lines meet exactly."""
    ends = {key: {n for n, c in chain(built_in, key)[0].items() if c == 1} for key in built_in.segments}
    apart = []
    by_instrument = defaultdict(list)
    for segment in built_in.segments.values():
        by_instrument[segment.instrument].append(segment)
    for own in by_instrument.values():
        for i, one in enumerate(own):
            for other in own[i + 1 :]:
                shared = {one.start, one.end} & {other.start, other.end}
                if shared and not _touch(built_in, one.id, other.id, ends):
                    apart.append((one.id, other.id, sorted(shared)))
    assert apart == []


def _touch(ds, one, other, ends):
    nodes = {key: set(chain(ds, key)[0]) for key in (one, other)}
    return bool(ends[one] & nodes[other] or ends[other] & nodes[one])


# --- dates, names and the stamp


def test_the_instrument_in_force(toy):
    assert toy.instrument_in_force(date(1689, 9, 6)) is None
    assert toy.instrument_in_force(date(1689, 9, 7)).id == "nerchinsk-1689"
    assert toy.instrument_in_force(date(1860, 11, 13)).id == "aigun-1858"


def test_an_act_of_others_is_never_the_instrument_in_force(built_in):
    others = {i.id for i in built_in.instruments.values() if not i.frontier}
    assert "portsmouth-1905" in others
    day = built_in.meta.first_date
    while day <= built_in.meta.as_of:
        found = built_in.instrument_in_force(day)
        assert found is None or (found.id not in others and found.date <= day)
        day += timedelta(days=200)


def test_dates_out_of_range(toy):
    for when in ("1639", "1639-12-31", "2026-11-01", date(2030, 1, 1)):
        with pytest.raises(DateError, match="is outside toy: choose a date from 1640-01-01 to 2026-10-31"):
            toy.at(when)
    assert toy.at(2026).date == toy.meta.as_of


def test_the_stamp(small):
    stamp = small.composite.stamp([date(1860, 1, 2)], Basis.DE_FACTO)
    assert stamp["dates"] == ["1860-01-02"]
    assert (stamp["dataset"], stamp["basis"], stamp["crs"]) == ("small", "de_facto", "OGC:CRS84")
    assert stamp["hash"] == small.composite.meta.hash


def test_frames(small):
    ds = small.composite
    frame = ds.at(1850).to_frame()
    assert list(frame["territory"]) == list(ds.territories)
    assert frame.crs.to_epsg() == 4326
    south = frame.set_index("territory").loc["south"]
    assert south.geometry.geom_type == "MultiPolygon"
    assert polygon_area_km2(south.geometry) == pytest.approx(south["area_km2"], abs=0.01)
    lines = ds.frontier(1850).to_frame()
    assert lines["length_km"].sum() == pytest.approx(ds.frontier(1850).length_km, abs=0.01)
    assert set(lines.geometry.geom_type) == {"LineString"}
