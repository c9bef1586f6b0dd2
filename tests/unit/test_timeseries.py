"""Series: area of every holder and length of the frontier at every change date."""

import runpy
from pathlib import Path

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from marchland.analyses import matrix_answer, series_answer
from marchland.comparison import area_sigma, compare
from marchland.errors import DateError, NotFoundError, UsageError
from marchland.render.figures import series_figure
from marchland.timeline import timeline
from marchland.timeseries import changed_hundredths, matrix, series
from marchland.writers import write

squares = runpy.run_path(str(Path(__file__).parents[1] / "squares.py"))["squares"]


@pytest.fixture(scope="module")
def three():
    """North passes to south in 1950 and back in 1970; an island is nobody's until 1960."""
    return squares(
        {
            "north": (
                shapely.box(10, 50, 12, 51),
                [("1900-01-01", "north"), ("1950-06-01", "south"), ("1970-01-01", "north")],
            ),
            "south": (shapely.box(10, 49, 12, 50), [("1900-01-01", "south")]),
            "isle": (shapely.box(20, 49, 21, 50), [("1900-01-01", None), ("1960-01-01", "south")]),
        }
    )


def test_areas_at_every_change(three):
    found = series(three)
    north, south, isle = (three.territories[key].area_km2 for key in ("north", "south", "isle"))
    assert [day.isoformat() for day in found.dates] == [
        "1900-01-01",
        "1950-06-01",
        "1960-01-01",
        "1970-01-01",
    ]
    rows = {(row.date.isoformat(), row.holder): row.area_km2 for row in found.areas}
    assert rows == {
        ("1900-01-01", "north"): north,
        ("1900-01-01", "south"): south,
        ("1900-01-01", None): isle,
        ("1950-06-01", "north"): 0,  # it ends here, and that is said once
        ("1950-06-01", "south"): round(north + south, 2),
        ("1950-06-01", None): isle,
        ("1960-01-01", "south"): round(north + south + isle, 2),
        ("1960-01-01", None): 0,
        ("1970-01-01", "north"): north,
        ("1970-01-01", "south"): round(south + isle, 2),
    }
    assert found.frontier == "all"
    parallel = [row.length_km for row in found.lengths]
    assert parallel == [pytest.approx(143.4, abs=0.1), 0, 0, pytest.approx(143.4, abs=0.1)]
    assert {row.sigma_km2 for row in found.areas} == {row.sigma_km for row in found.lengths} == {None}


def test_sigma_where_the_data_state_none(three):
    found = series(three, sigma_km=2.0)
    assert all(row.sigma_km2 > 0 for row in found.areas if row.area_km2)
    assert all(row.sigma_km2 == 0 for row in found.areas if not row.area_km2)
    assert [row.sigma_km > 0 for row in found.lengths] == [True, False, False, True]
    double = series(three, sigma_km=4.0)
    assert double.areas[0].sigma_km2 == pytest.approx(2 * found.areas[0].sigma_km2, abs=0.011)


def test_the_built_in_dataset_agrees_with_its_snapshots(built_in):
    found = series(built_in, basis="de_facto")
    assert found.dates == built_in.change_dates("de_facto")
    assert found.frontier == "china-russia"
    for day, length in ((row.date, row.length_km) for row in found.lengths):
        assert length == built_in.frontier(day, basis="de_facto").length_km
        totals = {row.holder: row.area_km2 for row in compare(built_in, day, day, basis="de_facto").totals}
        assert {r.holder: r.area_km2 for r in found.areas if r.date == day and r.area_km2} == totals
    row = next(r for r in found.areas if r.holder == "russia")
    snapshot = built_in.at(row.date, basis="de_facto")
    land = {h.territory for h in snapshot.rows if h.holder == "russia"}
    assert row.sigma_km2 == pytest.approx(area_sigma(built_in, land, (snapshot,)), abs=0.006)


def test_the_frontier_is_better_known_after_each_survey(built_in):
    sigma = {row.date.year: row.sigma_km for row in series(built_in).lengths}
    assert sigma[1858] > sigma[1881] > sigma[1991] > sigma[2008] > 0


def test_a_frame_and_a_stamp(three):
    found = series(three)
    assert list(found.to_frame().columns) == ["date", "holder", "area_km2", "sigma_km2"]
    assert len(found.to_frame()) == len(found.areas)
    assert found.stamp["dates"] == [day.isoformat() for day in found.dates]


def test_holders_are_chosen_by_name(three):
    found = series(three)
    text = write(series_answer(found, holders=("none",)), "csv")
    assert [line.split(",")[1] for line in text.splitlines()[1:]] == ["", "", ""]
    assert write(series_answer(found, lengths_first=True), "csv").startswith("date,length_km,sigma_km\n")
    with pytest.raises(NotFoundError) as caught:
        series_answer(found, holders=("nort",))
    assert "north" in caught.value.suggestions


# --- the chart


def test_a_chart_is_the_same_to_the_last_byte(built_in, three):
    found = series(built_in)
    first = series_figure(found)
    assert first == series_figure(found)
    assert b"<svg" in first
    for word in (b"Russia", b"China", b"thousand km", b"Frontier, km"):
        assert word in first
    assert b"<dc:date>" not in first
    png = series_figure(found, how="png")
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    assert png == series_figure(found, how="png")
    assert b"North" in series_figure(series(three))  # no bands where nothing states a sigma


def test_a_chart_in_other_words_and_of_chosen_holders(built_in):
    found = series(built_in)
    image = series_figure(found, holders=("russia", "none"), lang="ru")
    assert "Площадь".encode() in image
    assert "Россия".encode() in image
    assert "Китай".encode() not in image
    with pytest.raises(UsageError):
        series_figure(found, how="pdf")


# --- all pairs of dates


def test_matrix_is_what_comparisons_say(built_in):
    found = matrix(built_in)
    assert found.dates == built_in.change_dates()
    for i in (0, 3, 11, 20):
        for j in (0, 7, 12, 27):
            ledger = compare(built_in, found.dates[i], found.dates[j]).ledger
            moved = sum(row.area_km2 for row in ledger if row.from_holder != row.to_holder)
            assert found.changed_km2[i, j] == pytest.approx(moved, abs=0.001)


def test_matrix_of_chosen_dates(three):
    found = matrix(three, dates=["1955", 1900, "1980-01-01", 1955])
    assert found.labels == ("1900-12-31", "1955-12-31", "1980-01-01")
    north, isle = (three.territories[key].area_km2 for key in ("north", "isle"))
    both = pytest.approx(north + isle)
    assert found.changed_km2.tolist() == [[0, north, isle], [north, 0, both], [isle, both, 0]]
    assert list(found.to_frame().columns) == list(found.labels)
    assert write(matrix_answer(found), "csv").splitlines()[0] == "date,1900-12-31,1955-12-31,1980-01-01"
    with pytest.raises(DateError):
        matrix(three, dates=[1850])


@given(
    st.integers(1, 8).flatmap(
        lambda n: st.tuples(
            st.lists(st.lists(st.integers(0, 3), min_size=n, max_size=n), min_size=1, max_size=8),
            st.lists(st.integers(0, 10**12), min_size=n, max_size=n),
        )
    )
)
def test_matrix_by_brute_force(case):
    held, areas = np.array(case[0], dtype=np.int32), np.array(case[1], dtype=np.int64)
    wanted = [[sum(areas[a != b]) for b in held] for a in held]
    assert changed_hundredths(held, areas).tolist() == wanted


def test_timeline_is_the_snapshots(built_in):
    line = timeline(built_in, basis="de_facto")
    for row, day in enumerate(line.dates):
        held = {h.territory: h.holder for h in built_in.at(day, basis="de_facto").rows}
        assert {t: line.holders[line.held[row, n]] for n, t in enumerate(line.territories)} == held
    with pytest.raises(DateError):
        timeline(built_in, dates=[built_in.meta.as_of.replace(year=2300)])


def test_land_without_a_tenure_is_nobodys():
    ds = squares({"late": (shapely.box(0, 0, 1, 1), [("1950-01-01", "one")])})
    area = ds.territories["late"].area_km2
    (row,) = compare(ds, 1949, 1951).ledger
    assert (row.from_holder, row.to_holder, str(row.status_from)) == (None, "one", "undelimited")
    assert matrix(ds, dates=[1949, 1951]).changed_km2[0, 1] == area


def test_between_is_the_comparison_with_what_stayed(built_in):
    line = timeline(built_in)
    before, after = built_in.resolve_when(1857), built_in.resolve_when(1859)
    table = line.between(before, after)
    moved = {pair: area for pair, area in table.items() if pair[0] != pair[1]}
    found = compare(built_in, before, after)
    assert moved == {(row.from_holder, row.to_holder): row.area_km2 for row in found.by_pair}
    whole = sum(t.area_km2 for t in built_in.territories.values())
    assert sum(table.values()) == pytest.approx(whole, abs=0.01)
    assert line.between(before, before).keys() == {(h, h) for h, _ in line.between(before, before)}
    with pytest.raises(DateError):
        line.between(before.replace(year=1500), after)
