"""Ledgers by pair and by holder: sums, correlated errors, and a redrawn line told from a real change."""

import math
import runpy
from pathlib import Path

import numpy as np
import pytest
import shapely

from marchland.comparison import Change, compare
from marchland.errorbars import ErrorModel, line_gradients, quadratic_form
from marchland.errors import UsageError
from marchland.measure import displacement_covariance, redrawing_noise_km2, shoelace_gradient

squares = runpy.run_path(str(Path(__file__).parents[1] / "squares.py"))["squares"]


def strip(width, *, sigma_km=0.0, story=(("1900-01-01", "west"), ("1950-01-01", "east"))):
    """Two holders and a strip between them, ``width`` degrees wide and 4° (445 km) long."""
    return squares(
        {
            "a": (shapely.box(100, 48, 102, 52), [("1900-01-01", "west")]),
            "strip": (shapely.box(102, 48, 102 + width, 52), story),
            "b": (shapely.box(102 + width, 48, 104, 52), [("1900-01-01", "east")]),
        },
        sigma_km=sigma_km,
    )


@pytest.mark.parametrize(("width", "change"), [(0.01, Change.REDRAWN), (0.2, Change.REAL)])
def test_a_strip_within_the_noise_is_a_line_redrawn(width, change):
    ds = strip(width, sigma_km=1.0)
    (row,) = compare(ds, 1949, 1951).by_pair
    area, length = ds.territories["strip"].area_km2, 445.0
    assert (row.from_holder, row.to_holder, row.area_km2, row.gross_km2) == ("west", "east", area, area)
    assert row.noise_km2 == pytest.approx(redrawing_noise_km2(length, 1.0), rel=0.01)
    assert row.change is change
    assert compare(ds, 1949, 1951).change is change
    assert compare(ds, 1950, 1951).change is Change.UNCHANGED


def test_two_drawings_of_one_line_differ_by_the_noise_on_average():
    """The measure is the mean over drawings: two random lines, independent of each other."""
    rng = np.random.default_rng(7)
    points = np.arange(0, 2000, 5.0)
    rho = np.exp(-np.abs(points[:, None] - points) / 40)
    root = np.linalg.cholesky(rho + 1e-9 * np.eye(len(points)))
    gaps = np.abs(2.0 * root @ rng.normal(size=(len(points), 400)) - 2.0 * root @ rng.normal(size=(400, 400)))
    assert gaps.mean() * 2000 == pytest.approx(redrawing_noise_km2(2000, 2.0), rel=0.03)


def test_without_any_sigma_nothing_can_be_told_apart():
    found = compare(strip(0.01), 1949, 1951)
    (pair,), (row,) = found.by_pair, found.ledger
    assert (row.sigma_km2, pair.sigma_km2, pair.noise_km2, pair.change, found.change) == (None,) * 5
    assert {holder.sigma_km2 for holder in found.by_holder} == {None}


def test_sigma_is_taken_where_the_data_state_none_and_only_there():
    asked = compare(strip(0.01), 1949, 1951, sigma_km=1.0)
    stated = compare(strip(0.01, sigma_km=1.0), 1949, 1951, sigma_km=50.0)
    assert asked.by_pair == stated.by_pair
    assert asked.ledger[0].sigma_km2 > 0
    assert compare(strip(0.01), 1949, 1951, sigma_km=0.0).ledger[0].sigma_km2 == 0


def test_land_that_only_one_date_has_a_line_around_is_no_redrawing():
    """A holder that vanishes left no second line to compare the first with, however thin it was."""
    ds = strip(0.001, sigma_km=5.0, story=[("1900-01-01", "middle"), ("1950-01-01", "east")])
    (row,) = compare(ds, 1949, 1951).by_pair
    assert (row.noise_km2, row.change) == (None, Change.REAL)


def test_net_and_gross_and_the_way_back():
    ds = squares(
        {
            "a": (shapely.box(100, 48, 101, 50), [("1900-01-01", "west"), ("1950-01-01", "east")]),
            "b": (shapely.box(101, 48, 103, 50), [("1900-01-01", "east"), ("1950-01-01", "west")]),
            "c": (shapely.box(103, 48, 104, 50), [("1900-01-01", None), ("1950-01-01", "west")]),
        },
        sigma_km=1.0,
    )
    found = compare(ds, 1949, 1951)
    a, b, c = (ds.territories[key].area_km2 for key in "abc")
    rows = {(row.from_holder, row.to_holder): row for row in found.by_pair}
    assert list(rows) == [("east", "west"), ("west", "east"), (None, "west")]
    assert rows["west", "east"].net_km2 == round(a - b, 2) == -rows["east", "west"].net_km2
    assert rows["west", "east"].gross_km2 == round(a + b, 2) == rows["east", "west"].gross_km2
    holders = {row.holder: (row.gained_km2, row.lost_km2, row.net_km2) for row in found.by_holder}
    assert holders["west"] == (round(b + c, 2), a, round(b + c - a, 2))
    assert holders["east"] == (a, b, round(a - b, 2))
    assert holders[None] == (0, c, -c)
    assert ~~found == found
    back = {(row.from_holder, row.to_holder): row for row in (~found).by_pair}
    assert back["east", "west"].area_km2 == rows["west", "east"].area_km2
    assert [row.net_km2 for row in (~found).by_holder] == [-row.net_km2 for row in found.by_holder]


def test_the_line_between_two_gains_has_no_error_and_between_gain_and_loss_counts_twice():
    def sigma(second):
        ds = squares(
            {
                "a": (shapely.box(100, 48, 101, 50), [("1900-01-01", "west"), ("1950-01-01", "east")]),
                "b": (shapely.box(101, 48, 102, 50), [("1900-01-01", second[0]), ("1950-01-01", second[1])]),
            },
            sigma_km=1.0,
        )
        found = compare(ds, 1949, 1951, correlation_km=0.4)
        return {row.holder: row.sigma_km2 for row in found.by_holder}["east"]

    one = sigma(("other", "other"))
    both, apart = sigma(("west", "east")), sigma(("east", "west"))
    outer, shared = 2 * (222.4 + 72.7), 222.4  # km, about; with ℓ → 0 variance goes with length
    assert (both / one) ** 2 == pytest.approx((2 * 222.4 + 4 * 72.7) / outer, rel=0.03)
    assert (apart / one) ** 2 == pytest.approx((2 * 222.4 + 4 * 72.7 + 4 * shared) / outer, rel=0.03)


def test_pairs_and_holders_sum_to_the_ledger(built_in):
    for dates in ((1689, 1860), (1857, 1859), (1990, 2010)):
        found = compare(built_in, *dates)
        changes = {row.holder: row.change_km2 for row in found.totals if row.change_km2}
        assert {row.holder: row.net_km2 for row in found.by_holder if row.net_km2} == changes
        moved = [row.area_km2 for row in found.ledger if row.from_holder != row.to_holder]
        assert sum(row.area_km2 for row in found.by_pair) == pytest.approx(sum(moved), abs=0.005)


def test_a_status_alone_is_in_no_pair(small):
    found = compare(small.composite, "1800-05-31", "1800-06-01", basis="de_facto")
    assert (found.by_pair, found.by_holder, found.change) == ((), (), Change.REAL)


# --- the error model


@pytest.mark.parametrize("wrong", [{"sigma_km": -1.0}, {"sigma_km": math.nan}, {"correlation_km": 0.0}])
def test_errors_that_make_no_sense_are_refused(toy, wrong):
    with pytest.raises(UsageError):
        compare(toy, 1857, 1859, **wrong)


def test_gradients_in_space_are_those_of_the_plane():
    """Swept area: against the covariance that the dataset is compiled with, on a crooked line."""
    rng = np.random.default_rng(1)
    line = np.column_stack([np.linspace(110, 118, 60), 50 + np.cumsum(rng.normal(0, 0.1, 60))])
    points, chord, _ = line_gradients(line, spacing_km=5.0)
    ours = quadratic_form(points, chord, correlation_km=40.0)
    theirs = float(displacement_covariance([line], correlation_km=40.0, spacing_km=5.0)[0, 0])
    assert ours == pytest.approx(theirs, rel=0.005)
    assert shoelace_gradient(line)[0, 1] * chord[0, 2] > 0  # both to the left


def test_far_points_are_counted_by_cells_and_all_at_once_alike():
    rng = np.random.default_rng(2)
    line = np.column_stack([np.linspace(20, 150, 3000), 55 + np.cumsum(rng.normal(0, 0.02, 3000))])
    points, chord, bend = line_gradients(line, spacing_km=2.0)
    assert len(points) > 3000
    distance = np.linalg.norm(points[:, None] - points, axis=2)
    for reach in (np.full(len(points), 40.0), np.resize([10.0, 40.0, 60.0], len(points))):
        mean = (reach[:, None] ** 2 + reach**2) / 2
        rho = np.outer(reach, reach) / mean * np.exp(-distance / np.sqrt(mean))
        for vectors in (chord, bend):
            brute = np.sum((vectors @ vectors.T) * rho)
            assert quadratic_form(points, vectors, correlation_km=reach) == pytest.approx(brute, rel=1e-4)


@pytest.mark.parametrize("ends", [(40.0, 40.0), (240.0, 40.0)])
def test_the_sigma_of_a_length_is_that_of_displaced_lines(ends):
    """Monte Carlo: the points of a bent line moved at random, its length taken anew each time."""
    rng = np.random.default_rng(3)
    bend = np.column_stack([100 + np.linspace(0, 6, 80), 50 + 1.5 * np.sin(np.linspace(0, 9, 80))])
    points, _, gradient = line_gradients(bend, spacing_km=10.0)
    reach = np.repeat(ends, [len(points) // 2, len(points) - len(points) // 2])
    mean = (reach[:, None] ** 2 + reach**2) / 2
    rho = np.outer(reach, reach) / mean
    rho *= np.exp(-np.linalg.norm(points[:, None] - points, axis=2) / np.sqrt(mean))
    root = np.linalg.cholesky(rho + 1e-9 * np.eye(len(points)))
    moves = 0.05 * np.einsum("ij,jkn->ikn", root, rng.normal(size=(len(points), 3, 4000)))
    lengths = np.linalg.norm(np.diff(points[:, :, None] + moves, axis=0), axis=1).sum(axis=0)
    ours = 0.05 * math.sqrt(quadratic_form(points, gradient, correlation_km=reach))
    assert ours == pytest.approx(lengths.std(), rel=0.05)


def test_the_length_of_a_straight_line_is_as_uncertain_as_its_ends():
    """Var = 2σ²(1 - exp(-L/ℓ)), along the line; nothing between the ends matters."""
    line = np.array([(100.0, 50.0), (100.0, 51.0)])
    points, _, gradient = line_gradients(line, spacing_km=10.0)
    length = np.linalg.norm(points[0] - points[-1])
    assert quadratic_form(points, gradient, correlation_km=40.0) == pytest.approx(
        2 * (1 - math.exp(-length / 40)), rel=0.01
    )


def test_a_whole_ring_moved_as_one_keeps_its_area():
    """With ℓ far beyond its size a square goes where it is taken; σ of its area is next to nothing."""
    ds = strip(0.2, sigma_km=1.0)
    stiff, loose = (
        ErrorModel(ds, correlation_km=reach).area_sigma_km2({"strip": 1.0}, (ds.at(1951),))
        for reach in (1e5, 40.0)
    )
    assert stiff < 0.1 * loose
