"""The history itself: areas that changed hands, versions that must exist, places whose holder is known."""

import csv
from datetime import date
from pathlib import Path

import pytest

from marchland.comparison import compare
from marchland.errors import NotFoundError
from marchland.model import Basis, Status

POINTS = Path(__file__).parents[1] / "cases" / "points" / "russia-china.csv"


def ledger(ds, start, end):
    return {row.territory: row for row in compare(ds, start, end).ledger}


def area(rows, before, after):
    """Land that went from one holder to another, km²."""
    return sum(r.area_km2 for r in rows.values() if (r.from_holder, r.to_holder) == (before, after))


def change(ds, start, end):
    return {row.holder: row.change_km2 for row in compare(ds, start, end).totals}


# --- areas


def test_1858_the_left_bank_of_the_amur(built_in):
    rows = ledger(built_in, 1857, 1859)
    assert 560_000 <= area(rows, "china", "russia") <= 610_000
    assert rows["amur-left-bank"].area_km2 > 0.9 * area(rows, "china", "russia")
    assert 58_000 <= area(rows, None, "russia") <= 105_000
    assert rows["uda-reserve"].status_from == Status.UNDELIMITED
    joint = rows["ussuri-coast"]
    assert (joint.from_holder, joint.to_holder, joint.status_to) == ("china", "china+russia", Status.JOINT)
    assert {name for row in rows.values() for name in row.instruments} == {"aigun-1858"}


def test_1860_from_the_ussuri_to_the_sea(built_in):
    rows = ledger(built_in, 1859, 1861)
    assert 300_000 <= area(rows, "china+russia", "russia") <= 320_000
    assert all((r.from_holder, r.to_holder) == ("china+russia", "russia") for r in rows.values())
    assert all(r.instruments == ("peking-1860",) for r in rows.values())
    assert change(built_in, 1859, 1861)["china"] == 0


def test_1881_west_of_the_khorgos_and_east_of_zaysan(built_in):
    rows = ledger(built_in, 1880, 1884)
    assert set(rows) == {"khorgos-strip", "zaysan-east"}
    assert 9_000 <= rows["khorgos-strip"].area_km2 <= 15_000
    assert 13_000 <= rows["zaysan-east"].area_km2 <= 17_000
    assert all((r.from_holder, r.to_holder) == ("china", "russia") for r in rows.values())
    assert all(r.instruments == ("st-petersburg-1881",) for r in rows.values())


def test_1991_the_central_asian_sections_leave_the_frontier(built_in):
    eve, after = built_in.frontier("1991-12-25"), built_in.frontier("1991-12-27")
    assert after.length_km < 0.6 * eve.length_km
    gone = {row.segment for row in eve.rows} - {row.segment for row in after.rows}
    assert {"st-petersburg-1881/alkabek", "st-petersburg-1881/kakshaal"} <= gone
    assert any(segment.startswith("pamirs-1895/sarykol") for segment in gone)
    # what is left of the west lies between Mongolia and Kazakhstan
    west = [row for row in after.rows if row.instrument in {"st-petersburg-1881", "pamirs-1895"}]
    assert [row.segment for row in west] == ["st-petersburg-1881/kuytun"]
    assert 40 < sum(row.length_km for row in west) < 70
    rows = ledger(built_in, "1991-12-25", "1991-12-27")
    heirs = {row.to_holder for row in rows.values()}
    assert heirs == {"third:kazakhstan", "third:kyrgyzstan", "third:tajikistan"}
    assert change(built_in, "1991-12-25", "1991-12-27")["china"] == 0


def test_2008_the_islands_at_khabarovsk(built_in):
    rows = ledger(built_in, "2008-10-13", "2008-10-15")
    assert set(rows) == {"heixiazi-west"}
    assert 160 <= area(rows, "russia", "china") <= 195
    assert change(built_in, "2008-10-13", "2008-10-15")["china"] == rows["heixiazi-west"].area_km2


@pytest.mark.parametrize(
    ("when", "least", "most"),
    [
        ("nerchinsk-1689", 2_000, 4_500),
        ("kyakhta-1727", 4_500, 7_500),
        ("1900", 10_000, 12_000),
        ("2010", 3_900, 4_500),
    ],
)
def test_the_frontier_is_about_as_long_as_it_was(built_in, when, least, most):
    assert least < built_in.frontier(when).length_km < most


# --- versions

VERSIONS = {
    "nerchinsk-1689": "1689-09-07",
    "kyakhta-1727": "1727-08-31",
    "dzungaria-1755": "1757-12-31",
    "aigun-1858": "1858-05-28",
    "peking-1860": "1860-11-14",
    "tarbagatai-1864": "1864-10-07",
    "ili-occupation-1871": "1871-07-04",
    "st-petersburg-1881": "1881-08-19",
    "hunchun-1886": "1886-07-04",
    "pamirs-1895": "1895-03-11",
    "liaodong-1898": "1898-03-27",
    "tsitsihar-1911": "1911-12-20",
    "agreement-1991": "1992-03-16",
    "ussr-dissolution-1991": "1991-12-26",
    "supplementary-2004": "2008-10-14",
}


@pytest.mark.parametrize("version", VERSIONS)
def test_a_version_counts_from_its_day_and_draws_a_line(built_in, version):
    day = date.fromisoformat(VERSIONS[version])
    assert built_in.resolve_when(version) == day
    instrument = built_in.instruments[version]
    assert {"en", "ru", "zh"} <= set(instrument.names)
    assert instrument.articles
    assert instrument.sources
    draws = [s for s in built_in.segments.values() if s.instrument == version]
    moves = [t for t in built_in.tenures if t.instrument == version]
    assert draws or moves
    assert all(s.sigma_km > 0 and s.sources for s in draws)
    assert not draws or any(s.since == day for s in draws)


def test_every_tenure_has_an_instrument_or_says_that_it_has_none(built_in):
    silent = [(t.territory, str(t.start)) for t in built_in.tenures if t.instrument is None and not t.note]
    assert silent == []


def test_a_tenure_by_an_instrument_starts_no_earlier_than_its_first_day(built_in):
    early = [
        (t.territory, str(t.start), t.instrument)
        for t in built_in.tenures
        if t.instrument and t.start < _first_day(built_in, t.instrument)
    ]
    assert early == []


def _first_day(ds, key):
    """Return the day an instrument counts from, or the first of its stages where one came earlier."""
    item = ds.instruments[key]
    return min([item.date, *(date.fromisoformat(day) for day in item.dates.values() if len(day) == 10)])


# --- points

HELD_IN_FACT = {
    "russia_occupied": ("russia", Status.OCCUPIED),
    "russia_lease": ("russia", Status.LEASED),
    "russia_protectorate": ("russia", Status.PROTECTORATE),
    "joint_base": ("china+russia", Status.LEASED),
}
HELD_BY_RIGHT = {
    "joint": ("china+russia", Status.JOINT),
    "undelimited": (None, Status.UNDELIMITED),
    "russia_japan_joint": ("russia+third:japan", Status.JOINT),
}
NOT_SCORED = {"divided", "not_on_line"}


def _points():
    with POINTS.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def holds(ds, row):
    """Whether the dataset answers as the row says."""
    day = date.fromisoformat(row["date"])
    try:
        territory = ds.locate(float(row["lon"]), float(row["lat"]))
    except NotFoundError:
        return False
    right, fact = (ds.tenure_at(territory, day, basis) for basis in Basis)
    by_right, in_fact = (right.holder, right.status), (fact.holder, fact.status)
    wanted = row["holder"]
    if wanted in HELD_IN_FACT:
        return in_fact == HELD_IN_FACT[wanted]
    if wanted in HELD_BY_RIGHT:
        return by_right == HELD_BY_RIGHT[wanted]
    if wanted == "disputed":
        claims = (Status.CONTESTED, Status.CLAIMED)
        return any(h in {None, "russia", "china"} and s in claims for h, s in (by_right, in_fact))
    if row["basis"] == "de_facto":
        return by_right != (wanted, Status.SOVEREIGN) and fact.holder == wanted
    return by_right == (wanted, Status.SOVEREIGN)


@pytest.fixture(scope="module")
def scored(built_in):
    return [(row, holds(built_in, row)) for row in _points() if row["holder"] not in NOT_SCORED]


def told(rows):
    return [f"{r['id']} {r['place']} {r['date']}: {r['holder']} ({r['confidence']})" for r in rows]


def test_the_points_are_those_that_were_taken_over():
    rows = _points()
    assert len(rows) == 364
    assert len({row["id"] for row in rows}) == len(rows)
    assert {row["confidence"] for row in rows} == {"high", "medium"}
    assert {row["basis"] for row in rows} == {"", "de_facto"}
    ours = ("russia", "china")
    assert {row["id"] for row in rows if row["basis"] and row["holder"] in ours} == {
        "t150",  # the island taken in 1969
        "t151",
        "t342",  # Verny, a fort before the treaty
        "t433",  # the post on the Murghab
    }
    scored = [row for row in rows if row["confidence"] == "high" and row["holder"] == "china"]
    assert len(scored) == 106


def test_every_point_without_a_stated_miss_holds(scored):
    assert told(row for row, good in scored if not good and not row["miss"]) == []


def test_no_stated_miss_has_started_to_hold(scored):
    assert told(row for row, good in scored if good and row["miss"]) == []


def test_nine_in_ten_of_the_certain_points_hold(scored):
    """At least 92 % of the ``high`` rows of Russia, China, their joint and their undelimited land."""
    ours = [
        good
        for row, good in scored
        if row["confidence"] == "high" and row["holder"] in {"russia", "china", "joint", "undelimited"}
    ]
    assert len(ours) == 204
    assert sum(ours) / len(ours) >= 0.92


def test_no_point_is_without_an_answer(built_in):
    for row in _points():
        territory = built_in.locate(float(row["lon"]), float(row["lat"]))
        for basis in Basis:
            tenure = built_in.tenure_at(territory, date.fromisoformat(row["date"]), basis)
            assert tenure.holder or tenure.status in {Status.CONTESTED, Status.UNDELIMITED}
