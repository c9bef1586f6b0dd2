"""Who held what on a date, and where the frontier ran."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from marchland.composite import MAIN_PARTIES, NO_LINE
from marchland.errors import DateError, NotFoundError
from marchland.measure import polygon_area_km2
from marchland.model import Basis, Stage, Status

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
    over = with_segment(ds, "survey-1900/survey", until=date(1920, 1, 1))
    assert over.arc_segment(arc, date(1950, 1, 1)).id == "survey-1900/survey"


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


def test_a_dataset_says_what_it_is_in_a_line(toy):
    meta = toy.meta
    what = f"toy {meta.version}: {len(toy.territories)} territories, {meta.first_date} to {meta.as_of}"
    assert repr(toy) == f"<SpaceTimeComposite {what}>"
