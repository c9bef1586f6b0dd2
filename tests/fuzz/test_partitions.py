"""Whatever boundaries are brought: areas add up, comparisons compose, answers are those of the polygons."""

import runpy
from collections import Counter
from contextlib import nullcontext
from pathlib import Path
from unittest.mock import patch

import pytest
import shapely
from hypothesis import given

import marchland
from marchland.comparison import Comparison
from marchland.engine import tiled
from marchland.measure import polygon_area_km2
from marchland.model import Basis

MADE = runpy.run_path(str(Path(__file__).parent / "partitions.py"))
dated_rows, redrawn_rows, table = MADE["dated_rows"], MADE["redrawn_rows"], MADE["table"]

NEAR_KM2 = 1e-4
"""Rings cut by others have vertices rounded to a float: 10⁻¹³ degrees on edges of a few degrees."""


def read(rows, **how):
    return marchland.from_versions(table(rows), holder="holder", start="start", end="end", unit="unit", **how)


def held_at(rows, day, point):
    """Return who holds a point, found by looking at every polygon."""
    holders = {row.holder for row in rows if row.covers(day) and row.shape.contains(point)} - {None}
    return "+".join(sorted(holders)) or None


@given(dated_rows())
def test_faces_add_up_to_every_polygon(drawn):
    rows, _ = drawn
    composite = read(rows)
    faces = composite.face_geometries
    areas = {face.id: face.area_km2 for face in composite.faces}
    for row in rows:
        within = [key for key, face in faces.items() if row.shape.contains(face.representative_point())]
        assert sum(areas[key] for key in within) == pytest.approx(polygon_area_km2(row.shape), abs=NEAR_KM2)
    whole = shapely.union_all([row.shape for row in rows])
    assert sum(areas.values()) == pytest.approx(polygon_area_km2(whole), abs=NEAR_KM2)
    assert sum(t.area_km2 for t in composite.territories.values()) == pytest.approx(
        sum(areas.values()), abs=0.005 * len(composite.territories) + NEAR_KM2
    )


@given(dated_rows(dates=2))
def test_the_map_of_a_day_is_what_the_polygons_say(drawn):
    rows, days = drawn
    composite = read(rows)
    for day in days:
        snapshot = composite.at(day)
        for face in composite.faces:
            point = composite.face_geometries[face.id].representative_point()
            expected = held_at(rows, day, point)
            assert snapshot.by_territory[face.territory].holder == expected
            now = [t for t in composite.history((point.x, point.y), basis="de_jure") if t.covers(day)]
            assert [t.holder for t in now] == [expected]


@given(dated_rows(dates=3))
def test_tenures_follow_each_other_without_gap_or_overlap(drawn):
    composite = read(drawn[0])
    for territory in composite.territories:
        for basis in Basis:
            tenures = composite.history(territory=territory, basis=basis)
            assert tenures[0].start == composite.meta.first_date
            assert [t.end for t in tenures[:-1]] == [t.start for t in tenures[1:]]
            assert tenures[-1].end is None or tenures[-1].end > composite.meta.as_of


@given(dated_rows(dates=2))
def test_a_comparison_is_its_inverse_the_other_way_round(drawn):
    rows, (one, two) = drawn
    composite = read(rows)
    there, back = marchland.compare(composite, one, two), marchland.compare(composite, two, one)
    assert ~there == back
    assert ~~there == there
    assert Counter(there.ledger) == Counter(~row for row in back.ledger)
    assert not marchland.compare(composite, one, one).ledger


@given(dated_rows(dates=3))
def test_comparisons_add_up_over_a_day_between(drawn):
    rows, (one, two, three) = drawn
    composite = read(rows)
    first, second, both = (
        _change(marchland.compare(composite, *pair)) for pair in ((one, two), (two, three), (one, three))
    )
    assert {k: v for k, v in (first + second).items() if v} == {k: v for k, v in both.items() if v}


class _Sum(Counter):
    """A counter that keeps what is below zero."""

    def __add__(self, other):
        return _Sum({key: self[key] + other[key] for key in {*self, *other}})


def _change(comparison: Comparison) -> _Sum:
    """Return the change of each holder's area in whole hundredths of a km²."""
    assert sum(round(row.change_km2 * 100) for row in comparison.totals) == 0
    by_holder = {row.holder: round(row.net_km2 * 100) for row in comparison.by_holder}
    found = _Sum({row.holder: round(row.change_km2 * 100) for row in comparison.totals})
    assert {k: v for k, v in by_holder.items() if v} == {k: v for k, v in found.items() if v}
    return found


@given(dated_rows())
def test_the_order_of_rows_does_not_matter(drawn):
    rows, (day,) = drawn
    one, other = read(rows), read(rows[::-1])

    def told(composite):
        areas = _Sum()
        for row in composite.at(day).rows:
            areas[row.holder] += composite.territories[row.territory].area_km2
        return areas

    assert told(one) == pytest.approx(told(other), abs=0.01 * len(one.territories))


def in_tiles(rows, most):
    """Read rows by the engine that works in tiles, small ones, its tasks run here one after another."""
    with (
        patch.object(tiled.build_tiles, "__defaults__", (most, (0.05, 0.9))),
        patch.object(tiled, "runner", lambda *_: nullcontext(tiled.Here())),
    ):
        return read(rows, engine="processes", workers=2)


def lands(composite):
    """Return what each land is, whatever its id: its tenures, how many faces it has, and its area, km²."""
    faces = Counter(face.territory for face in composite.faces)
    found = [
        ([(t.holder, t.status, t.start, t.end) for t in composite.history(territory=key)], faces[key], land)
        for key, land in composite.territories.items()
    ]
    found.sort(key=lambda item: (str(item[0]), item[2].area_km2))
    return [item[:2] for item in found], [item[2].area_km2 for item in found]


@pytest.mark.parametrize("most", [8, 40])
@given(drawn=redrawn_rows(0.0, 1e-10, 5e-10))
def test_tiles_and_the_whole_give_the_same(most, drawn):
    """Also where vertices are drawn several times, up to a rounding apart."""
    pytest.importorskip("pyarrow")
    whole, tiles = read(drawn, engine="serial"), in_tiles(drawn, most)
    (said, areas), (told, measured) = lands(whole), lands(tiles)
    assert told == said
    assert measured == pytest.approx(areas, abs=0.011)  # rounded to 0.01
    # sorted: inner points one above the other differ by a rounding, and faces are in their order
    one, other = (sorted(face.area_km2 for face in ds.faces) for ds in (tiles, whole))
    assert one == pytest.approx(other, abs=1e-8)
    one, other = (_change(marchland.compare(ds, ds.meta.first_date, ds.meta.as_of)) for ds in (whole, tiles))
    assert one == pytest.approx(other, abs=1.1 * len(areas))  # hundredths


def by_history(composite):
    """Return the area, km², of all faces that have one history, by that history."""
    found = Counter()
    for face in composite.faces:
        held = composite.history(territory=face.territory)
        found[str([(t.holder, t.status, t.start, t.end) for t in held])] += face.area_km2
    return found


@pytest.mark.parametrize("most", [8, 40])
@given(drawn=redrawn_rows(5e-9, 2e-8))
def test_tiles_and_the_whole_differ_by_no_more_than_millimetres(most, drawn):
    """Of so thin a sliver, the part in one tile may go to another neighbour than that in the next."""
    pytest.importorskip("pyarrow")
    one, other = (by_history(ds) for ds in (read(drawn, engine="serial"), in_tiles(drawn, most)))
    outline_km = sum(shapely.length(row.shape) for row in drawn) * 111.4
    width_km = 4 * 2e-8 * 111.4
    for history in {*one, *other}:
        assert one[history] == pytest.approx(other[history], abs=outline_km * width_km)
