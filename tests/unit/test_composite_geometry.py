"""Faces tile the land, arcs are their edges, and every clause runs unbroken along them."""

import math
from collections import Counter, defaultdict

import numpy as np
import pytest
import shapely

from marchland.measure import line_length_km, polygon_area_km2
from marchland.partition import check_coverage


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
