"""Two sources on one date: where they disagree, over how much land, and what only one covers."""

import json
import os
import runpy
from datetime import date
from pathlib import Path

import pytest
import shapely

import marchland
from marchland.analyses import sources_answer
from marchland.errors import DateError, NotFoundError, UsageError
from marchland.measure import polygon_area_km2
from marchland.sources import compare_sources, parse_match
from marchland.writers import write

squares = runpy.run_path(str(Path(__file__).parents[1] / "squares.py"))["squares"]
DATA = os.environ.get("MARCHLAND_DATA")


def still(polygons, name):
    return squares({key: (p, [("1900-01-01", key.split("-")[0])]) for key, p in polygons.items()}, name=name)


@pytest.fixture(scope="module")
def left():
    """West and east meet at 102° E; nobody agreed on the north."""
    land = {
        "west": (shapely.box(100, 50, 102, 52), [("1900-01-01", "west"), ("1960-01-01", "east")]),
        "east": (shapely.box(102, 50, 104, 52), [("1900-01-01", "east")]),
        "north": (shapely.box(100, 52, 104, 53), [("1900-01-01", None)]),
    }
    return squares(land, name="left")


@pytest.fixture(scope="module")
def right():
    """They meet half a degree farther east, and it goes on beyond where the first ends."""
    return still(
        {
            "1": shapely.box(99, 50, 102.5, 53),
            "2": shapely.box(102.5, 50, 106, 51),
            "3": shapely.box(102.5, 51, 106, 53),
        },
        "right",
    )


MATCH = (("west", "1"), ("east", "2"), ("east", "3"))


def test_the_land_between_the_two_lines_is_the_disagreement(left, right):
    found = compare_sources(left, right, 1950, match=MATCH)
    areas = {(row.holder_a, row.holder_b): row for row in found.rows}
    assert {pair for pair, row in areas.items() if row.agree} == {("west", "1"), ("east", "2"), ("east", "3")}
    gap = areas["east", "1"]
    assert gap.area_km2 == pytest.approx(polygon_area_km2(shapely.box(102, 50, 102.5, 52)), abs=1e-6)
    assert (gap.pieces, gap.largest_km2) == (1, pytest.approx(gap.area_km2))
    assert shapely.box(102, 50, 102.5, 52).contains(shapely.Point(gap.lon, gap.lat))
    undelimited = areas[None, "1"].area_km2 + areas[None, "3"].area_km2
    assert undelimited == pytest.approx(polygon_area_km2(shapely.box(100, 52, 104, 53)), abs=1e-6)
    assert found.disagreement_km2 == pytest.approx(gap.area_km2 + undelimited)
    assert (found.a.name, found.b.name, found.a.date) == ("left", "right", date(1950, 12, 31))


def test_land_of_one_source_only_is_no_disagreement_and_areas_sum(left, right):
    found = compare_sources(left, right, 1950, match=MATCH)
    whole = polygon_area_km2(shapely.box(100, 50, 104, 53))
    assert found.area_a_km2 == pytest.approx(whole, abs=1e-6)
    assert found.common_km2 == pytest.approx(whole, abs=1e-6)
    assert found.only_a_km2 == found.only_b_km2 == 0
    hole = still({"1": shapely.box(100, 50, 103, 52)}, "less")
    less = compare_sources(left, hole, 1950, match=(("west", "1"),))
    assert (less.only_a_km2, less.only_b_km2) == (0, 0)  # what is beyond its bounding box is not compared
    notched = still(
        {"1": shapely.Polygon([(100, 50), (104, 50), (104, 53), (103, 51), (100, 53)])}, "notched"
    )
    back = compare_sources(left, notched, 1950)
    assert back.only_a_km2 == pytest.approx(whole - back.common_km2)
    assert back.only_a_km2 > 1000
    turned = compare_sources(notched, left, 1950)
    assert turned.only_b_km2 == pytest.approx(back.only_a_km2)
    assert turned.disagreement_km2 == pytest.approx(back.disagreement_km2)


def test_the_largest_difference_comes_first_and_agreement_last(left, right):
    rows = compare_sources(left, right, 1950, match=MATCH).rows
    assert [row.agree for row in rows] == sorted(row.agree for row in rows)
    for agree in (False, True):
        areas = [row.area_km2 for row in rows if row.agree is agree]
        assert areas == sorted(areas, reverse=True)


def test_a_source_agrees_with_itself(left, built_in):
    for ds, when in ((left, 1950), (built_in, 1860)):
        found = compare_sources(ds, ds, when)
        assert found.disagreement_km2 == 0
        assert found.only_a_km2 == found.only_b_km2 == 0
        held = sum(ds.territories[row.territory].area_km2 for row in ds.at(when).rows)
        assert found.common_km2 == pytest.approx(held, abs=0.01 * len(ds.territories) + 1)


def test_a_later_date_is_another_question(left, right):
    early, late = (compare_sources(left, right, when, match=MATCH) for when in (1950, 1970))
    assert late.disagreement_km2 - early.disagreement_km2 == pytest.approx(
        polygon_area_km2(shapely.box(100, 50, 102, 52))
    )


def test_holders_together_are_matched_one_by_one(left):
    joint = squares({"a": (shapely.box(100, 50, 102, 52), [("1900-01-01", "x+y")])}, name="joint")
    other = squares({"a": (shapely.box(100, 50, 102, 52), [("1900-01-01", "y+z")])}, name="other")
    assert compare_sources(joint, other, 1950).disagreement_km2 > 0
    assert compare_sources(joint, other, 1950, match=(("x", "z"),)).disagreement_km2 == 0
    assert compare_sources(joint, joint, 1950, match=(("x", "y"),)).disagreement_km2 > 0
    assert compare_sources(left, other, 1950, match=(("west", "z"),)).disagreement_km2 > 0


def test_what_cannot_be_asked(left, right):
    with pytest.raises(DateError):
        compare_sources(left, right, 1850)
    with pytest.raises(NotFoundError, match="right has no holder 'west'"):
        compare_sources(left, right, 1950, match=(("west", "west"),))
    for wrong in ("west", "=1", "west= "):
        with pytest.raises(UsageError, match="matches nothing"):
            parse_match([wrong])


def test_sources_far_apart_have_nothing_in_common(left):
    far = still({"1": shapely.box(10, 10, 11, 11)}, "far")
    found = compare_sources(left, far, 1950)
    assert (found.rows, found.common_km2, found.only_a_km2) == ((), 0, 0)


def test_the_table_and_json(left, right):
    found = compare_sources(left, right, 1950, match=MATCH)
    document = json.loads(write(sources_answer(found), "json"))
    assert list(document) == ["common_km2", "disagreement_km2", "rows", "sources", "stamp"]
    assert {row["agree"] for row in document["rows"]} == {"no"}
    assert sum(row["area_km2"] for row in document["rows"]) == pytest.approx(
        document["disagreement_km2"], abs=0.02
    )
    assert document["stamp"]["against"]["dataset"] == "right"
    assert document["stamp"]["match"] == ["west=1", "east=2", "east=3"]
    everything = json.loads(write(sources_answer(found, everything=True), "json"))
    assert {row["agree"] for row in everything["rows"]} == {"yes", "no"}
    assert "differ" in write(sources_answer(found), "table")


def strip_of(width, sigma):
    """West and east of a line that the second source draws ``width`` degrees farther east."""
    lines = (102.0, 102.0 + width)
    return [
        squares(
            {
                "west": (shapely.box(100, 48, line, 52), [("1900-01-01", "west")]),
                "east": (shapely.box(line, 48, 104, 52), [("1900-01-01", "east")]),
            },
            sigma_km=sigma,
            name=name,
        )
        for line, name in zip(lines, ("one", "two"), strict=True)
    ]


@pytest.mark.parametrize(
    ("width", "sigma", "asked", "verdict"),
    [
        (0.01, 1.0, None, "redrawn"),  # 0.7 km between lines known to 1 km each
        (0.025, 1.0, None, "unclear"),  # 1.8 km: more than the mean of 1.1 km, less than 2.8 km
        (0.2, 1.0, None, "real"),
        (0.2, 0.0, None, "unclear"),  # nobody says how certain the lines are
        (0.2, 0.0, 1.0, "real"),
        (0.2, 0.0, 20.0, "redrawn"),
    ],
)
def test_a_difference_is_real_redrawn_or_unclear(width, sigma, asked, verdict):
    one, two = strip_of(width, sigma)
    found = compare_sources(one, two, 1950, sigma_km=asked)
    (row,) = [row for row in found.rows if not row.agree]
    assert (row.holder_a, row.holder_b, row.verdict) == ("east", "west", verdict)
    assert {row.verdict for row in found.rows if row.agree} == {None}


def test_what_only_one_source_parts_was_not_drawn_twice():
    one, _ = strip_of(0.01, 1.0)
    whole = squares({"west": (shapely.box(100, 48, 104, 52), [("1900-01-01", "west")])}, sigma_km=1.0)
    (row,) = [row for row in compare_sources(one, whole, 1950).rows if not row.agree]
    assert (row.holder_a, row.verdict) == ("east", "real")


# --- the built-in dataset against CShapes, where that is at hand


@pytest.fixture(scope="module")
def cshapes():
    if not DATA:
        pytest.skip("set MARCHLAND_DATA to the folder that has cshapes_2_gw.topojson.xz")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MARCHLAND_CACHE", "off")
        return marchland.load(Path(DATA) / "cshapes_2_gw.topojson.xz")


def test_the_built_in_1914_against_cshapes(built_in, cshapes):
    """CShapes has Tuva with Russia and Tibet apart; this dataset has both with China by right in 1914."""
    match = (("russia", "Russia (Soviet Union)"), ("china", "China"))
    found = compare_sources(built_in, cshapes, "1914-12-31", match=match)
    rows = {(row.holder_a, row.holder_b): row for row in found.rows}
    tuva = rows["china", "Russia (Soviet Union)"]
    assert tuva.largest_km2 == pytest.approx(170_500, rel=0.02)  # the republic of today
    assert (94 < tuva.lon < 95, 51 < tuva.lat < 53) == (True, True)
    assert rows["china", "Tibet"].area_km2 > 500_000
    assert rows["russia", "China"].largest_km2 < 1000  # the frontier itself: drawn twice, never far apart
    assert rows["russia", "Russia (Soviet Union)"].agree
    assert found.disagreement_km2 < 0.1 * found.common_km2
