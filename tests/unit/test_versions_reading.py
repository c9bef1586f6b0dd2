"""Tables of versions and maps of dates to a composite, and everything that can be wrong with them."""

from datetime import date

import geopandas
import numpy as np
import pytest
import shapely

import marchland
from marchland.datasets import repairs
from marchland.datasets.spans import read_end, read_start
from marchland.errors import DataError, DateError, UsageError
from marchland.measure import polygon_area_km2
from marchland.model import Basis, Status


def table(*rows, crs="EPSG:4326"):
    """Rows of (geometry, who, from, to)."""
    columns = list(zip(*rows, strict=True))
    data = {"who": columns[1], "since": columns[2], "until": columns[3]}
    return geopandas.GeoDataFrame(data, geometry=list(columns[0]), crs=crs)


def read(*rows, crs="EPSG:4326", **options):
    return marchland.from_versions(table(*rows, crs=crs), holder="who", start="since", end="until", **options)


def codes(composite):
    return [issue.code for issue in composite.reading_report]


def issue(composite, code):
    return next(issue for issue in composite.reading_report if issue.code == code)


A, B = shapely.box(0, 0, 2, 1), shapely.box(2, 0, 3, 1)
A_SMALL, B_LARGE = shapely.box(0, 0, 1, 1), shapely.box(1, 0, 3, 1)
MOVED = [
    (A, "Ada", "1800-01-01", "1850-06-01"), (B, "Bo", "1800-01-01", "1850-06-01"),
    (A_SMALL, "Ada", "1850-06-01", None), (B_LARGE, "Bo", "1850-06-01", None),
]  # fmt: skip


def test_a_frontier_that_moved():
    ds = read(*MOVED)
    assert list(ds.territories) == ["ada", "t0002", "bo"]
    assert (ds.meta.first_date, ds.meta.as_of) == (date(1800, 1, 1), date(1850, 6, 1))
    (row,) = marchland.compare(ds, "1850-05-31", "1850-06-01").ledger
    assert (row.territory, row.from_holder, row.to_holder) == ("t0002", "Ada", "Bo")
    assert row.area_km2 == pytest.approx(polygon_area_km2(shapely.box(1, 0, 2, 1)), abs=0.01)
    before, after = ds.frontier("1850-05-31"), ds.frontier("1850-06-01")
    assert [r.segment for r in before.rows] == [r.segment for r in after.rows] == ["Ada | Bo"]
    assert before.rows[0].arcs != after.rows[0].arcs
    assert before.length_km == pytest.approx(110.57, abs=0.01)
    assert codes(ds) == []


def test_every_polygon_is_the_sum_of_its_territories():
    ds = read(*MOVED)
    held = ds.at("1850-05-31").rows
    total = sum(ds.territories[row.territory].area_km2 for row in held if row.holder == "Ada")
    assert total == pytest.approx(polygon_area_km2(A), abs=0.02)


@pytest.mark.parametrize(("rule", "last"), [("exclusive", "1850-05-31"), ("inclusive", "1850-06-01")])
def test_the_end_rule(rule, last):
    ds = read((A, "Ada", "1800-01-01", "1850-06-01"), end_rule=rule)
    assert ds.meta.as_of == date.fromisoformat(last)
    assert ds.at(last).rows[0].holder == "Ada"


def test_an_open_end_holds_on_for_any_later_date():
    ds = read(*MOVED)
    assert ds.meta.open_ended
    assert str(ds.at(1850).date) == "1850-12-31"  # not the day of the last change, as there is no last date
    for when in ("1850-06-01", 1960, date.max):
        assert [row.holder for row in ds.at(when).rows] == ["Ada", "Bo", "Bo"]
    with pytest.raises(DateError, match=r"choose a date from 1800-01-01 on$"):
        ds.at(1799)
    assert "1800-01-01 to 1850-06-01 and on>" in repr(ds)


def test_an_answer_beyond_the_last_date_says_that_date():
    ds = read(*MOVED)
    assert "as_of" not in ds.stamp([date(1850, 6, 1)], None)
    assert marchland.compare(ds, 1849, 1960).stamp["as_of"] == "1850-06-01"


def test_what_ended_among_the_open_ends_is_gone():
    ds = read((A, "Ada", 1800, None), (B, "Bo", 1800, 1900), (B, "Cy", 1810, 1820))
    assert ds.meta.as_of == date(1900, 1, 1)
    assert ds.change_dates()[-1] == date(1900, 1, 1)
    assert {row.holder for row in ds.at("1899-12-31").rows} == {"Ada", "Bo"}
    assert {row.holder for row in ds.at(2000).rows} == {"Ada", None}
    for territory in ds.territories:
        rows = ds.history(territory=territory, basis="de_jure")
        assert rows[-1].end is None
        assert [row.end for row in rows[:-1]] == [row.start for row in rows[1:]]


@pytest.mark.parametrize("last", ["1900-01-01", "1900"])
def test_closed_ends_end_the_dataset(last):
    ds = read((A, "Ada", 1800, last), (B, "Bo", 1800, 1850))
    assert (ds.meta.open_ended, ds.meta.as_of) == (False, date(1899, 12, 31))
    with pytest.raises(DateError, match="choose a date from 1800-01-01 to 1899-12-31"):
        ds.at("1900-01-01")


def test_both_bases_are_the_same():
    ds = read(*MOVED)
    for basis in Basis:
        assert [row.holder for row in ds.at(1849, basis=basis).rows] == ["Ada", "Ada", "Bo"]


def test_overlaps_are_held_by_several_and_reported():
    ds = read((A, "Ada", 1800, None), (shapely.box(1, 0, 3, 1), "Bo", 1800, None))
    rows = {row.holder: row.status for row in ds.at("1800-01-01").rows}
    assert rows == {"Ada": Status.SOVEREIGN, "Bo": Status.SOVEREIGN, "Ada+Bo": Status.CONTESTED}
    assert "12,308." in issue(ds, "overlap").message.replace("12,309", "12,308")
    assert issue(ds, "overlap").id == "Ada+Bo"


def test_gaps_are_undelimited_and_reported():
    ds = read((A, "Ada", 1800, 1810), (B, "Bo", 1805, None))
    gone = ds.at("1812-01-01") if ds.meta.as_of >= date(1812, 1, 1) else ds.at(ds.meta.as_of)
    first = {row.territory: (row.holder, row.status) for row in ds.at("1800-01-01").rows}
    assert first["bo"] == (None, Status.UNDELIMITED)
    assert first["ada"] == ("Ada", Status.SOVEREIGN)
    assert len(gone.rows) == 2
    assert "counted as undelimited" in issue(ds, "gap").message


def test_tenures_follow_each_other_without_gap_or_overlap():
    ds = read(*MOVED, (shapely.box(1.5, 0.2, 2.5, 0.8), "Cy", "1820-01-01", "1830-01-01"))
    for territory in ds.territories:
        rows = ds.history(territory=territory, basis="de_jure")
        assert rows[0].start == ds.meta.first_date
        assert [row.end for row in rows[:-1]] == [row.start for row in rows[1:]]
        assert rows[-1].end is None or rows[-1].end > ds.meta.as_of


def test_a_holder_is_text_as_given_and_colours_differ():
    ds = read((A, "<b>Ada</b>", 1800, None), (B, 7.0, 1800, None))
    assert set(ds.holders) == {"<b>Ada</b>", "7"}
    assert len({holder.colour for holder in ds.holders.values()}) == 2


def test_sigma_is_on_every_line():
    assert {arc.sigma_km for arc in read(*MOVED, sigma_km=1.5).arcs} == {1.5}


def test_slivers_are_merged_when_asked_and_reported():
    rows = [(A, "Ada", 1800, None), (B, "Bo", 1800, 1850), (shapely.box(2.0001, 0, 3, 1), "Bo", 1850, None)]
    assert len(read(*rows).territories) == 3
    ds = read(*rows, sliver_km=0.05)
    assert len(ds.territories) == 2
    assert "1 slivers of" in issue(ds, "slivers").message
    assert len(ds.slivers) == 1


# --- repairs


def test_no_crs_is_assumed_and_said():
    assert codes(read(*MOVED, crs=None)) == ["no-crs"]


def test_another_crs_is_reprojected_and_said():
    frame = table(*MOVED).to_crs("EPSG:3857")
    ds = marchland.from_versions(frame, holder="who", start="since", end="until")
    assert codes(ds)[0] == "reprojected"
    assert ds.locate(0.5, 0.5) == "ada"


def test_metres_without_a_crs_are_refused():
    frame = table(*MOVED).to_crs("EPSG:3857").set_crs(None, allow_override=True)
    with pytest.raises(DataError, match=r"no degrees in row 0 \(Ada\).*say which CRS"):
        marchland.from_versions(frame, holder="who", start="since", end="until")
    ds = marchland.from_versions(frame, holder="who", start="since", end="until", crs="EPSG:3857")
    assert ds.locate(0.5, 0.5) == "ada"


BOW_TIE = shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])


def test_a_bow_tie_is_mended_and_listed():
    ds = read((BOW_TIE, "Ada", 1800, None))
    assert issue(ds, "invalid-ring").id == "row 0 (Ada)"
    assert "Self-intersection" in issue(ds, "invalid-ring").message
    assert sum(face.area_km2 for face in ds.faces) > 0


@pytest.mark.parametrize(
    ("geometry", "code"),
    [
        (None, "no-area"),
        (shapely.Polygon(), "no-area"),
        (shapely.LineString([(0, 0), (1, 1)]), "not-polygon"),
        (shapely.Point(0, 0), "not-polygon"),
        (shapely.Polygon([(0, 0), (1, 1), (2, 2)]), "invalid-ring"),
    ],
)
def test_what_bounds_no_land_is_left_out_and_listed(geometry, code):
    ds = read((geometry, "Ada", 1800, None), (B, "Bo", 1800, None))
    assert issue(ds, code).id == "row 0 (Ada)"
    assert "no-area" in codes(ds)
    assert list(ds.territories) == ["bo"]


def test_polygons_of_a_collection_are_read():
    mixed = shapely.GeometryCollection([A, shapely.Point(9, 9)])
    ds = read((mixed, "Ada", 1800, None))
    assert "only its polygons" in issue(ds, "not-polygon").message
    assert ds.locate(1, 0.5) == "ada"


def test_a_table_without_land_is_refused():
    with pytest.raises(DataError, match="no polygon with a date is left"):
        read((shapely.Polygon(), "Ada", 1800, None))


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_coordinates_that_are_not_finite_are_refused(bad):
    with np.errstate(invalid="ignore"):
        broken = shapely.Polygon([(0, 0), (1, 0), (1, bad), (0, 1)])
    with pytest.raises(DataError, match=r"not finite in row 1 \(Bo\)"):
        read((A, "Ada", 1800, None), (broken, "Bo", 1800, None))


@pytest.mark.parametrize(
    "ring",
    [
        [(170, 0), (190, 0), (190, 10), (170, 10)],
        [(170, 0), (-170, 0), (-170, 10), (170, 10)],
        [(-190, 0), (-170, 0), (-170, 10), (-190, 10)],
    ],
)
def test_land_across_the_antimeridian_is_cut_and_listed(ring):
    ds = read((shapely.Polygon(ring), "Ada", 1800, None))
    assert codes(ds) == ["antimeridian"]
    assert {ds.locate(175, 5), ds.locate(-175, 5)} == {"ada"}
    twenty = polygon_area_km2(shapely.box(0, 0, 20, 10))
    assert sum(face.area_km2 for face in ds.faces) == pytest.approx(twenty, abs=1e-3)
    seamless = sum(arc.length_km for arc in ds.arcs)
    assert seamless == pytest.approx(
        sum(arc.length_km for arc in read((shapely.box(0, 0, 20, 10), "A", 1, None)).arcs)
    )


def test_a_ring_round_the_pole_is_refused():
    ring = shapely.Polygon([(0, 70), (100, 70), (-160, 70), (-60, 70)])
    with pytest.raises(DataError, match="rings round a pole in row 0"):
        read((ring, "Ada", 1800, None))


def test_antarctica_drawn_along_the_seam_stays():
    ds = read((shapely.box(-180, -90, 180, -60), "Ada", 1800, None))
    assert codes(ds) == []


def test_too_many_vertices_are_refused_before_any_work(monkeypatch):
    monkeypatch.setattr(repairs, "MOST_VERTICES", 4_000)
    ring = shapely.Point(0, 0).buffer(1, quad_segs=1000)
    with pytest.raises(DataError, match=r"4,001 vertices are more than 4,000, .* 'marchland build"):
        read((ring, "Ada", 1800, None))


def test_duplicates_are_left_out_and_listed():
    ds = read((A, "Ada", 1800, None), (shapely.Polygon(A.exterior.coords[::-1]), "Ada", 1800, None))
    assert issue(ds, "duplicate").message == "is the same as row 0 (Ada); left out"


def test_a_version_of_no_day_is_left_out_and_listed():
    ds = read((A, "Ada", 1800, None), (B, "Bo", "1800-01-01", "1800-01-01"))
    assert issue(ds, "no-day").id == "row 1 (Bo)"


def test_all_bad_dates_are_told_at_once():
    with pytest.raises(DataError) as caught:
        read(
            (A, "Ada", "1850-01-01", "1840-01-01"), (B, "Bo", None, None), (B, "Cy", "soon", None),
            (A, "Di", "1900-01-01", "1800"),
        )  # fmt: skip
    text = str(caught.value)
    assert "a start after the end in row 0 (Ada), row 3 (Di)" in text
    assert "no start date in row 1 (Bo)" in text
    assert "'soon'" in text


def test_missing_columns_are_named():
    with pytest.raises(DataError, match=r"no column 'ruler', 'when'; there are who, since, until, geometry"):
        marchland.from_versions(table(*MOVED), holder="ruler", start="when")


def test_nobody_is_undelimited():
    ds = read((A, None, 1800, None), (B, "Bo", 1800, None))
    assert "row 0" in issue(ds, "no-holder").message
    assert {row.holder for row in ds.at("1800-01-01").rows} == {None, "Bo"}


@pytest.mark.parametrize("options", [{"end_rule": "half"}, {"sigma_km": -1}, {"sliver_km": float("nan")}])
def test_options_without_sense_are_refused(options):
    with pytest.raises(UsageError):
        read(*MOVED, **options)


# --- dates


@pytest.mark.parametrize(
    ("value", "start", "inclusive", "exclusive"),
    [
        ("1860-11-14", "1860-11-14", "1860-11-15", "1860-11-14"),
        ("1860-11", "1860-11-01", "1860-12-01", "1860-11-01"),
        (1860, "1860-01-01", "1861-01-01", "1860-01-01"),
        (1860.0, "1860-01-01", "1861-01-01", "1860-01-01"),
        (18601114, "1860-11-14", "1860-11-15", "1860-11-14"),
        ("1860/11/14", "1860-11-14", "1860-11-15", "1860-11-14"),
        ("1860-11-14T00:00:00", "1860-11-14", "1860-11-15", "1860-11-14"),
        ("186X", "1860-01-01", "1870-01-01", "1860-01-01"),
        (np.datetime64("1860-11-14"), "1860-11-14", "1860-11-15", "1860-11-14"),
        (18600000, "1860-01-01", "1861-01-01", "1860-01-01"),
    ],
)
def test_dates_are_read(value, start, inclusive, exclusive):
    found = (read_start(value), read_end(value, "inclusive"), read_end(value, "exclusive"))
    assert tuple(map(str, found)) == (start, inclusive, exclusive)


@pytest.mark.parametrize(
    "value", [None, float("nan"), "", "present", "..", "9999-12-31", 99991231, "/9999", "1800/9999"]
)
def test_open_ends(value):
    assert read_end(value, "inclusive") is None


@pytest.mark.parametrize("value", ["1860-13-01", "1860-02-30", "long ago", 186011141])
def test_dates_that_are_none(value):
    with pytest.raises(DateError):
        read_start(value)


# --- snapshots


def maps():
    return {
        1800: geopandas.GeoDataFrame({"who": ["Ada", "Bo"]}, geometry=[A, B], crs="EPSG:4326"),
        1850: geopandas.GeoDataFrame({"who": ["Ada", "Bo"]}, geometry=[A_SMALL, B_LARGE], crs="EPSG:4326"),
    }


def test_a_snapshot_holds_until_the_next():
    ds = marchland.from_snapshots(maps(), holder="who")
    assert (ds.meta.first_date, ds.meta.as_of) == (date(1800, 12, 31), date(1850, 12, 31))
    assert ds.change_dates() == (date(1800, 12, 31), date(1850, 12, 31))
    assert [row.holder for row in ds.at("1850-12-30").rows] == ["Ada", "Ada", "Bo"]
    assert [row.holder for row in ds.at(1850).rows] == ["Ada", "Bo", "Bo"]
    assert codes(ds) == ["assumption"]
    with pytest.raises(DateError, match="to 1850-12-31"):
        ds.at(1851)  # a map of one date says nothing of later ones


def test_snapshots_may_differ_in_crs():
    given = maps()
    given[1850] = given[1850].to_crs("EPSG:3857")
    ds = marchland.from_snapshots(given, holder="who")
    assert issue(ds, "reprojected").id == "1850-12-31"
    assert ds.at(1850).by_territory[ds.locate(1.5, 0.5)].holder == "Bo"


def test_snapshots_that_make_no_sense():
    with pytest.raises(UsageError, match="no snapshot"):
        marchland.from_snapshots({}, holder="who")
    with pytest.raises(DataError, match="both of 1800-12-31"):
        marchland.from_snapshots({1800: maps()[1800], "1800-12-31": maps()[1800]}, holder="who")
    with pytest.raises(DataError, match="no column 'ruler' in 1800-12-31"):
        marchland.from_snapshots(maps(), holder="ruler")
