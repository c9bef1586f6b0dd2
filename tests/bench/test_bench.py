"""What the bench asserts without a clock: the formula against its Monte Carlo, and rows that can be read."""

import importlib
import sys
from pathlib import Path

import pytest
import shapely

from marchland.errorbars import ErrorModel


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
    "land", ["amur-left-bank", "uda-reserve", "uda-left-bank", "amazar-west", "sakhalin-north"]
)
def test_an_error_bar_is_within_a_twentieth_of_monte_carlo(bench, composite, land):
    measures, _ = bench
    assert land in measures.BORDERS
    model, snapshot = ErrorModel(composite), composite.at("1860-12-31")
    owner = composite.territory_of_face
    lines, sigma = [], []
    for arc in model.arcs_of[land]:
        left, right = (owner.get(face or "") == land for face in (arc.left, arc.right))
        if left != right:
            lines.append(shapely.get_coordinates(composite.arc_geometries[arc.id])[:: 1 if left else -1])
            sigma.append(model.arc_sigma_km(arc, (snapshot,)))
    drawn = measures.monte_carlo(lines, sigma)
    assert measures.from_formula(lines, sigma) == pytest.approx(drawn, rel=0.05)
    assert model.area_sigma_km2({land: 1.0}, (snapshot,)) == pytest.approx(drawn, rel=0.05)


def test_a_row_has_as_many_cells_as_the_header(bench):
    _, measuring = bench
    row = measuring.Result("a", "b", 0.001, 2.5, "c").row()
    assert row == "| a | 1.00 ms | b | 2.50 s | 2,500 × | c |"
    assert row.count("|") == measuring.HEADER.splitlines()[0].count("|")
