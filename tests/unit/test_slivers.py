"""Two drawings of one stretch become one line, and each clause still runs unbroken."""

import numpy as np
import pytest
from shapely.geometry import LineString, Polygon

from marchland.compile.slivers import SLIVER_KM2, face_areas, without_slivers
from marchland.errors import CompileError
from marchland.measure import polygon_area_km2
from marchland.partition import build_partition, check_coverage

GRID = 1e-6
COAST = [(100, 50), (104, 50), (104, 52), (100, 52), (100, 50)]
ISLET = [(105, 51), (105.005, 51), (105.005, 51.003), (105, 51.003), (105, 51)]
FIRST = [(99.5, 51), (101, 51), (102, 51), (102.1, 51), (103, 51), (104.5, 51)]
SECOND = [(101, 51), (102, 51), (102.05, 51.001), (102.1, 51), (103, 51)]


def cleaned(*lines, removable=None):
    shapes = [LineString(line) for line in lines]
    part = build_partition(shapes, grid=GRID)
    kept = [n > 0 for n in range(len(lines))] if removable is None else removable
    return part, *without_slivers(part, removable=kept, grid=GRID)


def carried(part, parent):
    """All arcs and dangles of a parent as one line, from its first to its last point."""
    pieces = [a for a, on in zip(part.arcs, part.parents, strict=True) if parent in on]
    pieces += [d.coords for d in part.dangles if parent in d.parents]
    after = {}
    for piece in pieces:
        for a, b in ((piece[0], piece[-1]), (piece[-1], piece[0])):
            after.setdefault(tuple(a), []).append(tuple(b))
    ends = [point for point, others in after.items() if len(others) == 1]
    assert all(len(others) <= 2 for others in after.values())
    at, seen = min(ends), {min(ends)}
    while step := [other for other in after[at] if other not in seen]:
        at = step[0]
        seen.add(at)
    assert seen == set(after), "in pieces"
    return min(ends), max(ends)


def test_a_sliver_between_two_drawings_goes_and_both_stay_unbroken():
    before, part, slivers = cleaned(COAST, FIRST, SECOND)
    assert len(before.faces) == 3
    assert len(part.faces) == 2
    assert len(slivers) == 1
    assert (slivers[0].lon, slivers[0].lat) == pytest.approx((102.05, 51.0005), abs=0.01)
    assert slivers[0].area_km2 == pytest.approx(min(face_areas(before)))
    assert carried(part, 1) == ((99.5, 51), (104.5, 51))
    assert carried(part, 2) == ((101, 51), (103, 51))
    assert check_coverage(part.faces) == []


def test_the_longer_drawing_of_the_sliver_is_dropped():
    _, part, _ = cleaned(COAST, FIRST, SECOND)
    assert (102.05, 51.001) not in {tuple(p) for arc in part.arcs for p in arc.tolist()}


def test_areas_add_up_before_and_after():
    before, part, _ = cleaned(COAST, FIRST, SECOND)
    whole = polygon_area_km2(Polygon(COAST))
    assert face_areas(before).sum() == pytest.approx(whole, abs=1e-6)
    assert face_areas(part).sum() == pytest.approx(whole, abs=1e-6)
    assert face_areas(part) == pytest.approx([polygon_area_km2(f) for f in part.faces], abs=1e-6)


def test_islands_of_the_coast_are_kept():
    before, part, slivers = cleaned(COAST, ISLET, removable=[False, False])
    assert face_areas(before).min() < SLIVER_KM2
    assert slivers == ()
    assert part is before


def test_a_crumb_on_the_coast_loses_its_line_not_the_coast():
    crumb = [(100.0, 51.002), (100.004, 51.0), (100.0, 50.998)]
    _, part, slivers = cleaned(COAST, crumb)
    assert len(slivers) == 1
    assert [polygon_area_km2(f) for f in part.faces] == pytest.approx([polygon_area_km2(Polygon(COAST))])


def test_a_crumb_outside_the_coast_is_kept():
    """Its line has nothing beyond it to be given to."""
    before, part, slivers = cleaned(COAST, [(104, 51), (104.004, 51.001), (104, 51.002)])
    assert face_areas(before).min() < SLIVER_KM2
    assert slivers == ()
    assert len(part.faces) == 2


def test_a_face_above_the_limit_is_no_sliver():
    bay = [(101, 51), (102, 51), (102.05, 51.02), (102.1, 51), (103, 51)]
    before, part, slivers = cleaned(COAST, FIRST, bay)
    assert slivers == ()
    assert len(part.faces) == len(before.faces) == 3


def test_a_chain_of_crumbs_is_cleared_whole():
    zigzag = [(101, 51), *((101 + n / 10, 51 + (-1) ** n * 0.0005) for n in range(1, 16)), (103, 51)]
    before, part, slivers = cleaned(COAST, FIRST, zigzag)
    assert len(before.faces) > 10
    assert len(slivers) == len(before.faces) - len(part.faces)
    assert carried(part, 1) == ((99.5, 51), (104.5, 51))
    assert carried(part, 2) == ((101, 51), (103, 51))
    assert face_areas(part).min() >= SLIVER_KM2


def test_three_drawings_keep_three_clauses():
    third = [(101, 51), (102, 51), (102.05, 50.999), (102.1, 51), (103, 51)]
    _, part, slivers = cleaned(COAST, FIRST, SECOND, third)
    assert len(slivers) == 2
    assert carried(part, 2) == carried(part, 3) == ((101, 51), (103, 51))


def test_a_lone_partition_is_untouched():
    before, part, slivers = cleaned(COAST, FIRST)
    assert part is before
    assert slivers == ()


def test_rounds_without_end_are_refused(monkeypatch):
    monkeypatch.setattr("marchland.compile.slivers._MOST_ROUNDS", 1)
    third = [(101, 51), (102, 51), (102.05, 50.999), (102.1, 51), (103, 51)]
    with pytest.raises(CompileError, match=r"slivers remain near 102\.0\d+ 5\d\.\d+ after 1 rounds"):
        cleaned(COAST, FIRST, SECOND, third)


def test_the_result_does_not_depend_on_chance():
    runs = [cleaned(COAST, FIRST, SECOND)[1] for _ in range(2)]
    assert all(np.array_equal(a, b) for a, b in zip(runs[0].arcs, runs[1].arcs, strict=True))
    assert runs[0].parents == runs[1].parents
