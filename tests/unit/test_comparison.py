"""Two dates compared: there and back, in steps, to the last digit, and how certainly."""

import math
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from marchland.comparison import area_sigma, compare
from marchland.errorbars import ErrorModel
from marchland.errors import DateError, NotFoundError
from marchland.measure import displacement_covariance
from marchland.model import Basis, Status


@pytest.fixture(scope="module")
def days(built_in):
    """Any day, most often one on which something changes or the day before."""
    marks = sorted({d for basis in Basis for d in built_in.change_dates(basis)})
    eves = [d - timedelta(days=1) for d in marks[1:]]
    anywhere = st.dates(built_in.meta.first_date, built_in.meta.as_of)
    return st.one_of(st.sampled_from(marks + eves), anywhere)


bases = st.sampled_from(list(Basis))


def changes(comparison):
    """Change by holder in hundredths of a km², holders without any left out."""
    found = {row.holder: round(row.change_km2 * 100) for row in comparison.totals}
    return {holder: change for holder, change in found.items() if change}


# --- on the small island


def test_the_ledger_is_the_land_that_changed(small):
    found = compare(small.composite, 1799, 1801)
    (row,) = found.ledger
    assert (row.territory, row.from_holder, row.to_holder) == ("middle", "china", "russia")
    assert (row.status_from, row.status_to) == (Status.SOVEREIGN, Status.SOVEREIGN)
    assert row.area_km2 == small.composite.territories["middle"].area_km2
    assert row.instruments == ("second-1800",)
    assert (found.before.date, found.after.date) == (date(1799, 12, 31), date(1801, 12, 31))


def test_totals_are_at_the_second_date_in_order_of_holders(small):
    found = compare(small.composite, 1650, 1950)
    areas = {key: t.area_km2 for key, t in small.composite.territories.items()}
    assert [row.holder for row in found.totals] == ["china", "russia", "third:isle", None]
    rows = {row.holder: (row.area_km2, row.change_km2) for row in found.totals}
    assert rows["russia"] == (round(areas["north"] + areas["middle"], 2), areas["middle"])
    assert rows["china"] == (areas["south"], -areas["isle"])
    assert rows["third:isle"] == (areas["isle"], areas["isle"])
    assert rows[None] == (0, -areas["middle"])


def test_a_change_of_status_alone_is_a_change(small):
    (row,) = compare(small.composite, "1800-05-31", "1800-06-01", basis="de_facto").ledger
    assert (row.from_holder, row.to_holder) == ("russia", "russia")
    assert (row.status_from, row.status_to) == (Status.OCCUPIED, Status.SOVEREIGN)
    found = compare(small.composite, "1800-05-31", "1800-06-01", basis="de_facto")
    assert changes(found) == {}


def test_instruments_are_those_of_all_steps_oldest_first(small):
    def by(start, end):
        rows = {row.territory: row for row in compare(small.composite, start, end).ledger}
        return rows["middle"].instruments

    assert by(1650, 1950) == by(1950, 1650) == ("first-1700", "second-1800")
    assert by(1650, 1750) == ("first-1700",)
    assert by(1750, 1850) == by("1700-03-01", "1800-06-01") == ("second-1800",)


def test_land_that_came_back_is_in_no_ledger(toy):
    assert "steppe" not in {row.territory for row in compare(toy, 1800, 2000).ledger}


def test_versions_and_bad_dates(small):
    assert compare(small.composite, "first", "second-1800").ledger[0].territory == "middle"
    with pytest.raises(NotFoundError):
        compare(small.composite, "first", "fourth")
    with pytest.raises(DateError):
        compare(small.composite, "1639", "1700")


def test_the_stamp_has_both_dates_and_the_basis(small):
    stamp = compare(small.composite, 1801, 1799, basis="de_facto").stamp
    assert (stamp["dates"], stamp["basis"]) == (["1801-12-31", "1799-12-31"], "de_facto")


def test_a_frame(small):
    frame = compare(small.composite, 1650, 1950).to_frame()
    assert list(frame.columns) == [
        "territory", "from", "to", "status_from", "status_to", "area_km2", "sigma_km2", "instruments"
    ]  # fmt: skip
    assert frame.set_index("territory").loc["middle", "instruments"] == "first-1700, second-1800"
    assert compare(small.composite, 1801, 1802).to_frame().empty


# --- any dates of the built-in dataset


@pytest.fixture(scope="module")
def for_any(days):
    """Run a check on hypothesis's choice of dates and basis."""

    def run(check, *, dates=2):
        @given(st.tuples(*[days] * dates), bases)
        def wrapped(chosen, basis):
            check(chosen, basis)

        wrapped()

    return run


def test_there_and_back(built_in, for_any):
    def check(chosen, basis):
        there, back = compare(built_in, *chosen, basis=basis), compare(built_in, *chosen[::-1], basis=basis)
        assert ~there == back
        assert ~~there == there
        assert changes(back) == {holder: -change for holder, change in changes(there).items()}
        assert [r.area_km2 for r in there.ledger] == [r.area_km2 for r in back.ledger]

    for_any(check)


def test_steps_add_up(built_in, for_any):
    def check(chosen, basis):
        a, b, c = chosen
        first, second = (changes(compare(built_in, *pair, basis=basis)) for pair in ((a, b), (b, c)))
        whole = changes(compare(built_in, a, c, basis=basis))
        for holder in first.keys() | second.keys() | whole.keys():
            assert first.get(holder, 0) + second.get(holder, 0) == whole.get(holder, 0)

    for_any(check, dates=3)


def test_the_ledger_sums_to_the_totals_to_the_last_digit(built_in, for_any):
    def check(chosen, basis):
        found = compare(built_in, *chosen, basis=basis)
        moved = {}
        for row in found.ledger:
            area = round(row.area_km2 * 100)
            assert row.area_km2 == area / 100
            moved[row.to_holder] = moved.get(row.to_holder, 0) + area
            moved[row.from_holder] = moved.get(row.from_holder, 0) - area
        assert {holder: change for holder, change in moved.items() if change} == changes(found)
        whole = sum(round(t.area_km2 * 100) for t in built_in.territories.values())
        assert sum(round(row.area_km2 * 100) for row in found.totals) == whole
        assert all(row.area_km2 == round(row.area_km2, 2) for row in found.totals)

    for_any(check)


def test_every_row_has_an_error(built_in, for_any):
    def check(chosen, basis):
        for row in compare(built_in, *chosen, basis=basis).ledger:
            assert row.sigma_km2 > 0
            assert math.isfinite(row.sigma_km2)

    for_any(check)


def test_one_day_is_no_change(built_in, for_any):
    def check(chosen, basis):
        found = compare(built_in, chosen[0], chosen[0], basis=basis)
        assert found.ledger == ()
        assert changes(found) == {}

    for_any(check, dates=1)


# --- errors


def brute_force(ds, territories, sigma_of, matrix):
    """√(wᵀ C w), w = ±σ on the boundary of the territories, from the faces beside each arc."""
    owner = {face.id: face.territory for face in ds.faces}
    weights = np.zeros(len(ds.arcs))
    for n, arc in enumerate(ds.arcs):
        left, right = (owner.get(face) in territories for face in (arc.left, arc.right))
        weights[n] = (int(left) - int(right)) * sigma_of(arc)
    return math.sqrt(weights @ matrix @ weights)


def stored_covariance(ds):
    at = {arc.id: n for n, arc in enumerate(ds.arcs)}
    matrix = np.zeros((len(at), len(at)))
    for (one, other), value in ds.covariance.items():
        matrix[at[one], at[other]] = matrix[at[other], at[one]] = value
    return matrix


SIGMAS = {"first-1700/ridge": 5.0, "second-1800/lower": 3.0}


def small_sigma(arc):
    """Middle's edges: the ridge, drawn before; the lower river, drawn after; the coast."""
    return next((SIGMAS[s] for s in arc.segments if s in SIGMAS), 0.7)


def test_sigma_is_the_quadratic_form(small):
    ds = small.composite
    (row,) = compare(ds, 1799, 1801).ledger
    assert row.sigma_km2 == pytest.approx(
        brute_force(ds, {"middle"}, small_sigma, stored_covariance(ds)), abs=0.0051
    )


def test_the_stored_covariance_is_that_of_the_arcs(small):
    ds = small.composite
    lines = [np.asarray(ds.arc_geometries[arc.id].coords) for arc in ds.arcs]
    matrix = displacement_covariance(lines, correlation_km=40.0)
    owner = ds.territory_of_face
    used = {
        arc.id
        for arc in ds.arcs
        if arc.kind != "window" and owner.get(arc.left or "") != owner.get(arc.right or "")
    }
    scale = np.sqrt(np.diag(matrix))
    for i, one in enumerate(ds.arcs):
        for j, other in enumerate(ds.arcs[i:], start=i):
            stored = ds.covariance.get((one.id, other.id), 0.0)
            if {one.id, other.id} <= used:
                assert stored == pytest.approx(matrix[i, j], abs=1e-4 * scale[i] * scale[j] + 1e-4)
            else:
                assert stored == 0
    (row,) = compare(ds, 1799, 1801).ledger
    assert row.sigma_km2 == pytest.approx(brute_force(ds, {"middle"}, small_sigma, matrix), rel=0.002)


@pytest.mark.parametrize("territory", ["ussuri-coast", "amur-left-bank", "heixiazi-west", "uda-reserve"])
def test_sigma_of_the_built_in_dataset_is_the_quadratic_form(built_in, territory):
    snapshots = (built_in.at(1857), built_in.at(1859))

    def sigma_of(arc):
        owner = built_in.territory_of_face
        drawn = []
        for snapshot in snapshots:
            sides = [snapshot.by_territory.get(owner.get(face or "") or "") for face in (arc.left, arc.right)]
            if len({side.holder if side else "none" for side in sides}) == 2:
                segment = built_in.arc_segment(arc, snapshot.date)
                drawn += [segment.sigma_km] if segment else []
        return max(drawn, default=arc.sigma_km)

    matrix = np.zeros((len(built_in.arcs), len(built_in.arcs)))
    errors = ErrorModel(built_in)
    keys = [arc.stretch(errors.arc_position(arc, snapshots)[1]) for arc in built_in.arcs]
    for i, one in enumerate(keys):
        for j, other in enumerate(keys[i:], start=i):
            matrix[i, j] = matrix[j, i] = built_in.covariance.get((one, other), 0.0)
    wanted = brute_force(built_in, {territory}, sigma_of, matrix)
    assert area_sigma(built_in, {territory}, snapshots) == pytest.approx(wanted, rel=1e-9)


def test_a_vague_line_errs_alike_over_a_longer_way(built_in):
    """The open edge of 1858 is known to 60 km and the line of 1860 that lies there to a few."""
    errors = ErrorModel(built_in)
    (arc,) = [
        arc
        for arc in built_in.arcs
        if {"aigun-1858/south-edge", "hunchun-1886/sector-1"} <= set(arc.segments)
    ]
    assert errors.arc_position(arc, (built_in.at(1859),)) == (60.0, 240.0)
    assert errors.arc_position(arc, (built_in.at(1861),)) == (5.0, 40.0)
    assert arc.stretch(240.0) == f"{arc.id}@240"
    assert arc.stretch(40.0) == arc.id
    assert built_in.covariance[f"{arc.id}@240", f"{arc.id}@240"] > built_in.covariance[arc.id, arc.id]
    assert (arc.id, f"{arc.id}@240") not in built_in.covariance
    assert built_in.segments["damansky-1969/west-bank"].correlation_km == 0.5


def test_a_line_inside_the_set_adds_no_error(small):
    ds = small.composite
    snapshots = (ds.at(1799), ds.at(1801))
    matrix = stored_covariance(ds)

    def sigma_of(arc):
        return {"borders": 0.2}.get(arc.kind, 0.2 if arc.kind == "reference" else small_sigma(arc))

    # the whole mainland and its islands: coast and the outland alone are left
    everything = set(ds.territories)
    assert area_sigma(ds, everything, snapshots) == pytest.approx(
        brute_force(ds, everything, sigma_of, matrix), rel=1e-9
    )
    assert area_sigma(ds, {"middle"}, snapshots) > area_sigma(ds, everything, snapshots)


def test_a_line_that_moves_with_more_doubt_gives_more_doubt(small):
    ds = small.composite
    vague = replace(
        ds,
        segments={
            **ds.segments, "second-1800/lower": replace(ds.segments["second-1800/lower"], sigma_km=30.0)
        },
    )  # fmt: skip
    assert compare(vague, 1799, 1801).ledger[0].sigma_km2 > 5 * compare(ds, 1799, 1801).ledger[0].sigma_km2


def test_a_clause_nobody_applies_any_more_lends_no_doubt(small):
    """The bend of 1700 was surveyed in 1900: afterwards the north is as certain as the survey."""
    ds = small.composite
    before = area_sigma(ds, {"south"}, (ds.at(1850),))
    after = area_sigma(ds, {"south"}, (ds.at(1950),))
    assert after < before


def test_a_clause_counts_only_while_it_parts_holders(small):
    """From 1800 on the ridge lies within Russia, so what its clause says of it no longer matters."""
    ds = small.composite
    ridge = replace(ds.segments["first-1700/ridge"], sigma_km=50.0)
    vague = replace(ds, segments={**ds.segments, ridge.id: ridge})

    def sigma(composite, year):
        return area_sigma(composite, {"middle"}, (composite.at(year),))

    assert sigma(vague, 1850) == sigma(ds, 1850)
    assert sigma(vague, 1750) > 5 * sigma(ds, 1750)


def test_of_two_clauses_that_drew_a_line_the_vaguer_counts(small):
    """In 1850 the bend of 1700 (4 km), in 1950 the survey (0.1 km): a comparison is as vague as the first."""
    ds = small.composite
    once, twice = ((ds.at(1850),), (ds.at(1850), ds.at(1950)))
    assert area_sigma(ds, {"south"}, twice) == area_sigma(ds, {"south"}, once)


def test_neighbouring_arcs_count_together(small):
    """Leaving the pairs out would say less: errors along a line are alike."""
    ds = small.composite
    alone = replace(ds, covariance={pair: v for pair, v in ds.covariance.items() if pair[0] == pair[1]})
    snapshots = (ds.at(1850),)
    assert area_sigma(alone, {"north"}, snapshots) < 0.999 * area_sigma(ds, {"north"}, snapshots)
