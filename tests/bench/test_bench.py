"""What the bench asserts without a clock: the formula against its Monte Carlo, and rows that can be read."""

import importlib
import sys
from pathlib import Path

import numpy as np
import pytest

from marchland.errorbars import ErrorModel, quadratic_form


@pytest.fixture(scope="module")
def bench():
    """The modules of the bench, which are scripts beside each other and no package."""
    sys.path.insert(0, str(Path(__file__).parent))
    try:
        yield importlib.import_module("measures"), importlib.import_module("measuring")
    finally:
        sys.path.remove(str(Path(__file__).parent))


@pytest.fixture(scope="module")
def composite():
    import marchland

    return marchland.load("russia-china")


@pytest.mark.parametrize(
    "land",
    [
        "amur-left-bank", "uda-reserve", "uda-left-bank", "amazar-west", "sakhalin-north",
        "ussuri-coast", "ili-returned", "mongolia", "tuva",
    ],
)  # fmt: skip
def test_an_error_bar_is_within_a_twentieth_of_monte_carlo(bench, composite, land):
    measures, _ = bench
    day = dict(measures.BORDERS)[land]
    lines = measures.border(composite, land, day)
    drawn = measures.monte_carlo(lines)
    assert measures.from_formula(lines) == pytest.approx(drawn, rel=0.05)
    stored = ErrorModel(composite).area_sigma_km2({land: 1.0}, (composite.at(day),))
    assert stored == pytest.approx(drawn, rel=0.05)


def test_the_kernel_of_the_monte_carlo_is_that_of_the_formula(bench):
    """Written once from ℓ and once from matrices; no sum of displacements has a variance below 0."""
    measures, _ = bench
    rng = np.random.default_rng(4)
    xy, reach = rng.uniform(0, 600, (300, 2)), rng.choice([0.5, 40.0, 100.0, 240.0], 300)
    theirs = measures.kernel(xy, reach) - 1e-8 * np.eye(300)
    points = np.column_stack([xy, np.zeros(300)])
    for i, j in rng.integers(0, 300, (50, 2)).tolist():
        pick = np.zeros((300, 3))
        pick[[i, j], 0] = 1.0
        ours = quadratic_form(points, pick, correlation_km=reach)
        assert ours == pytest.approx(2 + 2 * theirs[i, j] if i != j else 1.0, rel=1e-4)
    assert np.linalg.eigvalsh(theirs).min() > -1e-9


def test_a_row_has_as_many_cells_as_the_header(bench):
    _, measuring = bench
    row = measuring.Result("a", "b", 0.001, 2.5, "c").row()
    assert row == "| a | 1.00 ms | b | 2.50 s | 2,500 × | c |"
    assert row.count("|") == measuring.HEADER.splitlines()[0].count("|")
