"""Numbers carried from one date's holders to another's: exact shares, and nothing lost."""

import math
import runpy
import sys
from pathlib import Path

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from marchland.carrying import area_weights, carry, carry_frame, read_numbers
from marchland.errors import DataError, NotFoundError, UsageError

squares = runpy.run_path(str(Path(__file__).parents[1] / "squares.py"))["squares"]


@pytest.fixture(scope="module")
def split():
    """One is divided among two and nobody in 1950; other stays as it is."""
    return squares(
        {
            "a": (shapely.box(0, 0, 1, 1), [("1900-01-01", "one"), ("1950-01-01", "two")]),
            "b": (shapely.box(1, 0, 3, 1), [("1900-01-01", "one"), ("1950-01-01", "three")]),
            "c": (shapely.box(3, 0, 4, 1), [("1900-01-01", "one"), ("1950-01-01", None)]),
            "d": (shapely.box(4, 0, 5, 1), [("1900-01-01", "other")]),
        }
    )


def test_shares_are_areas(split):
    found = carry(split, {"one": 400.0, "other": 7.0}, 1949, 1951)
    assert list(found.values) == ["other", "three", "two", None]
    assert found.values == pytest.approx({"two": 100, "three": 200, None: 100, "other": 7})
    assert [(w.source, w.target) for w in found.weights] == [
        ("one", "three"), ("one", "two"), ("one", None), ("other", "other")
    ]  # fmt: skip
    assert found.stamp["dates"] == ["1949-12-31", "1951-12-31"]
    assert found.to_frame().set_index("unit")["value"].sum() == pytest.approx(407)


def test_back_again_is_a_spread_and_not_the_way_undone(split):
    back = carry(split, {"two": 90.0, "three": 20.0}, 1951, 1949)
    assert back.values == pytest.approx({"one": 110.0})
    assert carry(split, {"one": 5.0}, 1949, 1949).values == {"one": 5.0}
    assert carry(split, {}, 1949, 1951).values == {}


@given(st.data())
def test_nothing_is_lost_on_any_dates_of_the_built_in_dataset(built_in, data):
    days = st.dates(built_in.meta.first_date, built_in.meta.as_of)
    start, end, basis = data.draw(days), data.draw(days), data.draw(st.sampled_from(["de_jure", "de_facto"]))
    weights = area_weights(built_in, start, end, basis=basis)
    units = sorted({weight.source for weight in weights if weight.source})
    values = {unit: data.draw(st.floats(-1e9, 1e9)) for unit in units}
    for unit in units:
        assert math.fsum(w.share for w in weights if w.source == unit) == pytest.approx(1, abs=1e-12)
    out = math.fsum(carry(built_in, values, start, end, basis=basis).values.values())
    assert out == pytest.approx(math.fsum(values.values()), abs=1e-6)
    area = sum(round(t.area_km2 * 100) for t in built_in.territories.values())
    assert sum(round(w.area_km2 * 100) for w in weights) == area


def test_what_cannot_be_carried(split):
    with pytest.raises(NotFoundError, match="no land on 1949-12-31 to spread a number over: two"):
        carry(split, {"two": 1.0}, 1949, 1951)
    with pytest.raises(UsageError, match="one"):
        carry(split, {"one": math.nan}, 1949, 1951)


# --- units of any shape


@pytest.fixture
def counties():
    import geopandas

    frame = geopandas.GeoDataFrame(
        {"people": [300.0, 60.0]}, geometry=[shapely.box(0, 0, 3, 1), shapely.box(3, 0, 4, 1)], crs=4326
    )
    targets = geopandas.GeoDataFrame(
        {"name": ["w", "e"]}, geometry=[shapely.box(0, 0, 1, 1), shapely.box(1, 0, 4, 1)], crs=4326
    )
    return frame, targets


def test_tobler_agrees_and_keeps_the_sum(counties):
    pytest.importorskip("tobler")
    found = carry_frame(*counties, extensive=["people"])
    assert found["people"].tolist() == pytest.approx([100, 260], rel=1e-6)
    assert found["people"].sum() == pytest.approx(360, rel=1e-6)  # edges are straight in the plane there
    assert found.crs == counties[1].crs


def test_without_tobler_the_remedy_is_named(counties, monkeypatch):
    monkeypatch.setitem(sys.modules, "tobler", None)
    monkeypatch.setitem(sys.modules, "tobler.area_weighted", None)
    with pytest.raises(UsageError, match=r"install marchland\[tobler\]"):
        carry_frame(*counties, extensive=["people"])


def test_frames_that_make_no_sense(counties):
    source, target = counties
    with pytest.raises(UsageError, match="no columns tax"):
        carry_frame(source, target, extensive=["tax"])
    with pytest.raises(UsageError, match="no CRS"):
        carry_frame(source.set_crs(None, allow_override=True), target, extensive=["people"])


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ([], "no column ''; there are none"),
        (["holder"], "no column of numbers beside it"),
        (["holder,people", "one,1", "one,2"], "twice or empty: 'one'"),
        (["holder,people", ",1"], "twice or empty: ''"),
        (["holder,people", 'one,"1,000"'], r"column 'people': '1,000' \(one\); write 1234.5"),
        (["holder,people", '"one,1'], "no CSV in UTF-8"),
    ],
)
def test_numbers_that_cannot_be_read_are_told(lines, message):
    with pytest.raises(DataError, match=message):
        read_numbers(lines)


def test_the_column_of_units_can_be_any():
    lines = ["people,who,tax", "10,one,1", "20,other,"]
    assert read_numbers(lines, unit="who") == {"people": {"one": 10, "other": 20}, "tax": {"one": 1}}
    with pytest.raises(DataError, match="no column 'whom'; there are 'people', 'who', 'tax'"):
        read_numbers(lines, unit="whom")
