"""Each complaint about a compiled dataset can be provoked, and a sound one has none."""

from dataclasses import replace
from datetime import date

import pytest
import shapely

from marchland.compile.build import compile_dataset, read_template
from marchland.compile.checks import check_compiled
from marchland.model import Basis, Status

SPAN = {"first_date": date(1640, 1, 1), "as_of": date(2000, 6, 30)}


@pytest.fixture(scope="module")
def compiled(small_sources):
    return compile_dataset(small_sources, read_template(small_sources))[2]


def complaints(compiled):
    return check_compiled(compiled, **SPAN)


def with_tenures(compiled, change):
    tenures = tuple(change(t) for t in compiled.authored.tenures)
    return replace(compiled, authored=replace(compiled.authored, tenures=tenures))


def test_a_sound_dataset_has_none(compiled):
    assert complaints(compiled) == []


def test_faces_that_overlap(compiled):
    moved = [
        shapely.transform(p, lambda xy: xy + 0.01) if n == 3 else p for n, p in enumerate(compiled.polygons)
    ]
    found = complaints(replace(compiled, polygons=tuple(moved)))
    assert any("boundary matches no neighbour" in line for line in found)


def test_a_sliver(compiled):
    small = min(compiled.faces, key=lambda face: face.area_km2)
    faces = tuple(replace(face, area_km2=0.0099) if face == small else face for face in compiled.faces)
    assert f"{small.id} is a sliver of 0.0099 km²" in complaints(replace(compiled, faces=faces))
    whole = tuple(replace(face, area_km2=0.01) if face == small else face for face in compiled.faces)
    assert not any("sliver" in line for line in complaints(replace(compiled, faces=whole)))


@pytest.mark.parametrize(("off", "told"), [(0.002, 1), (-0.002, 1), (0.0005, 0)])
def test_areas_that_miss_their_union(compiled, off, told):
    first = replace(compiled.faces[0], area_km2=compiled.faces[0].area_km2 + off)
    found = complaints(replace(compiled, faces=(first, *compiled.faces[1:])))
    assert [line.split(" by ")[0] for line in found] == ["face areas miss their union"] * told


def test_frontier_without_a_clause(compiled):
    arcs = tuple(
        replace(arc, segments=()) if arc.segments == ("second-1800/lower",) else arc for arc in compiled.arcs
    )
    found = complaints(replace(compiled, arcs=arcs))
    # by right from 1800 on; in fact already while the land was occupied, and both the days that followed
    assert [line[-10:] for line in found] == [
        "1800-06-01", "1900-05-01", "1790-02-01", "1800-06-01", "1900-05-01"
    ]  # fmt: skip
    assert all("(907 km, middle | south) has no segment on" in line for line in found)


def test_land_nobody_was_agreed_on_has_a_frontier(compiled):
    loose = replace(
        compiled,
        arcs=tuple(replace(arc, segments=()) if arc.kind == "line" else arc for arc in compiled.arcs),
    )
    undelimited = with_tenures(
        loose,
        lambda t: replace(t, status=Status.UNDELIMITED) if t.status == Status.CONTESTED else t,
    )
    parts = "middle | south"
    before = [line for line in complaints(loose) if parts in line and "1640" in line]
    after = [line for line in complaints(undelimited) if parts in line and "1640" in line]
    assert (len(before), len(after)) == (0, 2)


@pytest.mark.parametrize(
    ("change", "frontier"),
    [
        ({"holder": "third:isle"}, False),
        ({"status": Status.CLAIMED}, False),
        ({"status": Status.CONTESTED}, False),
        ({"holder": "china"}, False),
        ({"holder": "china+russia", "status": Status.JOINT}, True),
        ({"holder": None, "status": Status.UNDELIMITED}, True),
        ({"holder": "russia+third:isle", "status": Status.JOINT}, False),
        ({}, True),
    ],
)
def test_what_counts_as_frontier(compiled, change, frontier):
    arcs = tuple(
        replace(arc, segments=()) if arc.segments == ("second-1800/lower",) else arc for arc in compiled.arcs
    )
    changed = with_tenures(
        replace(compiled, arcs=arcs),
        lambda t: replace(t, **change) if t.territory == "middle" and t.start == date(1800, 6, 1) else t,
    )
    found = [line for line in complaints(changed) if line.endswith("1800-06-01")]
    assert len(found) == (2 if frontier else 0)


def test_dates_beyond_the_dataset_are_not_asked_for(compiled):
    arcs = tuple(replace(arc, segments=()) for arc in compiled.arcs)
    found = check_compiled(
        replace(compiled, arcs=arcs), first_date=SPAN["first_date"], as_of=date(1899, 1, 1)
    )
    assert found
    assert not any("1900" in line[-10:] for line in found)
    assert {t.basis for t in compiled.authored.tenures} == set(Basis)
