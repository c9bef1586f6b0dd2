"""Faults put into sound data one at a time: each is told by its code, and nothing else is."""

import json
import lzma
from dataclasses import replace
from datetime import date

import geopandas
import numpy as np
import pytest
import shapely
from shapely.geometry import LineString, MultiPolygon, Polygon, box

import marchland
from marchland.datasets.spans import read_end
from marchland.errors import DataError, DateError, NotFoundError
from marchland.measure import polygon_area_km2
from marchland.model import Basis, Issue
from marchland.validation import Columns, Report, coverage, validate_composite, validate_frame
from marchland.validation.overlaps import SLIVER_WIDTH_KM, metric_width_km
from marchland.validation.temporal import check_dates, read_day

BOW_TIE = Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])
SELF_TOUCH = Polygon([(0, 0), (2, 0), (2, 2), (1, 0), (0, 2)])


def frame(shapes, crs="EPSG:4326", **columns):
    names = columns.pop("holder", [chr(97 + i) for i in range(len(shapes))])
    return geopandas.GeoDataFrame({"holder": names, **columns}, geometry=list(shapes), crs=crs)


def codes(report, *severities):
    return [i.code for i in report.issues if i.severity in (severities or ("error", "warning"))]


def only(report, code):
    (issue,) = [i for i in report.issues if i.code == code]
    return issue


# --- sound data


def test_sound_polygons_have_nothing_but_notes():
    report = validate_frame(frame([box(0, 0, 1, 1), box(1, 0, 2, 1)]))
    assert [i.code for i in report.issues] == ["columns"]
    assert report.is_sound(strict=True)
    assert "2 rows; columns read: holder holder, unit none" in report.issues[0].message


def test_columns_that_are_not_known_are_told():
    unknown = frame([box(0, 0, 1, 1)]).rename(columns={"holder": "x"})
    assert codes(validate_frame(unknown)) == ["columns-unknown"]


def test_pieces_of_one_holder_do_not_overlap_in_time():
    pieces = frame(
        [box(0, 0, 1, 1), box(2, 0, 3, 1)], holder=["a", "a"], start=[1800, 1810], end=[1900, 1900]
    )
    assert codes(validate_frame(pieces)) == []
    assert codes(validate_frame(pieces.assign(unit=["u", "u"]))) == ["time-overlap"]


# --- geometry


@pytest.mark.parametrize(
    ("shape", "code", "severity"),
    [
        (None, "geometry-missing", "error"),
        (Polygon(), "geometry-empty", "error"),
        (LineString([(5, 5), (6, 6)]), "geometry-type", "error"),
        (shapely.Point(5, 5), "geometry-type", "error"),
        (Polygon([(5, 5), (6, 5), (6, 95)]), "coordinate-range", "error"),
        (Polygon([(500, 5), (600, 5), (600, 9)]), "coordinate-range", "error"),
        (box(170, 5, 190, 6), "beyond-180", "warning"),
        (Polygon([(179, 5), (-179, 5), (-179, 6), (179, 6)]), "antimeridian", "warning"),
        (shapely.transform(BOW_TIE, lambda xy: xy + 5), "ring-invalid", "error"),
        (shapely.transform(SELF_TOUCH, lambda xy: xy + 5), "ring-touch", "warning"),
        (Polygon([(5, 5), (6, 5), (6, 5), (6, 6)]), "vertex-twice", "info"),
    ],
)
def test_a_bad_geometry_is_told_by_its_code(shape, code, severity):
    report = validate_frame(frame([box(0, 0, 1, 1), shape]))
    issue = only(report, code)
    assert (issue.severity, issue.id) == (severity, "b")
    assert report.is_sound() == (severity != "error")
    assert codes(report) == ([code] if severity != "info" else [])


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_coordinates_that_are_no_numbers(bad):
    with np.errstate(invalid="ignore"):
        shape = Polygon([(5, 5), (6, bad), (6, 6)])
        report = validate_frame(frame([box(0, 0, 1, 1), shape]))
    assert only(report, "coordinate-nan").id == "b"


def test_repair_of_a_bow_tie_is_told_in_km2():
    issue = only(validate_frame(frame([BOW_TIE])), "ring-invalid")
    area = polygon_area_km2(shapely.make_valid(BOW_TIE))
    assert issue.message.startswith("Self-intersection")
    change = float(issue.message.partition("area by ")[2].split()[0])
    assert change == pytest.approx(area, rel=0.05)


def test_many_rows_with_one_fault_are_one_issue_with_a_count():
    issue = only(validate_frame(frame([Polygon()] * 7)), "geometry-empty")
    assert issue.id == ""
    assert issue.message == "7 geometries are empty: a, b, c, d, e and 2 more"


def test_crs_missing_and_crs_other():
    assert codes(validate_frame(frame([box(0, 0, 1, 1)], crs=None))) == ["crs-missing"]
    turned = frame([box(0, 0, 1, 1)]).to_crs("EPSG:3857")
    assert codes(validate_frame(turned), "info") == ["columns", "crs-other"]
    metres = frame([box(500_000, 0, 600_000, 1000)])
    assert codes(validate_frame(metres)) == ["coordinate-range"]


def test_no_rows_and_no_such_column():
    assert "no-rows" in codes(validate_frame(frame([])))
    with pytest.raises(DataError, match="no column 'country'; there are holder"):
        validate_frame(frame([box(0, 0, 1, 1)]), columns=Columns(holder="country"))


# --- coverage


def test_overlaps_are_measured():
    report = validate_frame(frame([box(0, 0, 2, 1), box(1, 0, 3, 1)]))
    issue = only(report, "overlap")
    assert issue.id == "a | b"
    assert f"{polygon_area_km2(box(1, 0, 2, 1)):.6g} km²" in issue.message


def test_a_strip_is_a_sliver_by_its_metric_width():
    strip = box(1, 0, 1.001, 1)
    assert metric_width_km(strip) == pytest.approx(0.111, abs=0.001)
    assert codes(validate_frame(frame([box(0, 0, 1.001, 1), box(1, 0, 2, 1)]))) == ["overlap-sliver"]
    around = MultiPolygon([box(-1, -1, 0, 2), box(0, -1, 2, 0), box(0, 1, 2, 2), box(1.001, 0, 2, 1)])
    report = validate_frame(frame([box(0, 0, 1, 1), *around.geoms]))
    assert codes(report) == ["gap-sliver"]


def ring_with_a_hole(hole):
    return Polygon([(0, 0), (9, 0), (9, 9), (0, 9)], [hole.exterior.coords])


def test_gaps_are_looked_for_on_every_date(monkeypatch):
    """The hole is there for one version of nine, in the middle; with less to spend the dates are told."""
    days = [f"19{n}0-01-01" for n in range(1, 10)]
    shapes = [box(0, 0, 9, 9)] * 9
    shapes[5] = ring_with_a_hole(box(3, 3, 4, 4))
    states = frame(shapes, holder=["a"] * 9, start=days, end=[*days[1:], "2000-01-01"])
    columns = Columns("holder", start="start", end="end", end_rule="exclusive")
    report = validate_frame(states, columns=columns)
    assert only(report, "gap").message.endswith("on 1960-01-01: a lake, or undelimited land")
    monkeypatch.setattr(coverage, "GAP_VERTICES", 15)
    report = validate_frame(states, columns=columns)
    assert "gap" not in [issue.code for issue in report.issues]
    assert "on 2 of 9 dates" in only(report, "gaps-sampled").message


def test_an_enclosed_gap_is_a_note():
    ring = box(0, 0, 3, 3).difference(box(1, 1, 2, 2))
    issue = only(validate_frame(frame([ring])), "gap")
    assert issue.severity == "info"
    assert f"{polygon_area_km2(box(1, 1, 2, 2)):.6g} km²" in issue.message
    assert codes(validate_frame(frame([ring, box(1, 1, 2, 2)]))) == []


def test_the_same_land_and_holder_twice():
    report = validate_frame(frame([box(0, 0, 1, 1)] * 2, holder=["a", "a"]))
    assert codes(report) == ["version-twice"]


def test_rows_of_different_times_do_not_overlap():
    dated = frame([box(0, 0, 2, 1), box(1, 0, 3, 1)], start=["1900", "1950"], end=["1950-01-01", None])
    assert codes(validate_frame(dated)) == []
    dated["end"] = ["1950-01-02", None]
    assert codes(validate_frame(dated)) == ["overlap"]


# --- dates


@pytest.mark.parametrize(
    ("value", "first", "last"),
    [
        ("1860-11-14", date(1860, 11, 14), date(1860, 11, 14)),
        (1860, date(1860, 1, 1), date(1860, 12, 31)),
        (18601114, date(1860, 11, 14), date(1860, 11, 14)),
        (1860.0, date(1860, 1, 1), date(1860, 12, 31)),
        ("1860-02", date(1860, 2, 1), date(1860, 2, 29)),
        ("1860/11/14", date(1860, 11, 14), date(1860, 11, 14)),
        ("1860-11-14T00:00:00", date(1860, 11, 14), date(1860, 11, 14)),
        (np.datetime64("NaT", "D"), None, None),
        (float("nan"), None, None),
        ("", None, None),
        (date(1860, 11, 14), date(1860, 11, 14), date(1860, 11, 14)),
    ],
)
def test_dates_are_read_in_the_forms_files_have(value, first, last):
    assert (read_day(value, last=False), read_day(value, last=True)) == (first, last)


@pytest.mark.parametrize("value", ["1861-02-29", "1860-13-01", "14.11.1860", "soon", 18601314])
def test_impossible_days_are_refused(value):
    with pytest.raises(DateError):
        read_day(value, last=False)


def lint(*rows, **options):
    issues, _ = check_dates([(f"r{i}", *row) for i, row in enumerate(rows)], **options)
    return {issue.code: issue for issue in issues}


def test_an_impossible_day_is_an_error_with_its_value():
    issue = lint(("u", "1861-02-29", None))["date-unreadable"]
    assert (issue.severity, issue.id) == ("error", "r0")
    assert "start is '1861-02-29'" in issue.message


def test_an_end_before_the_start_and_a_missing_start():
    found = lint(("u", "1900-05-01", "1900-04-30"), ("v", None, "1901-01-02"))
    assert found["date-order"].severity == found["date-missing"].severity == "error"
    assert (found["date-order"].id, found["date-missing"].id) == ("r0", "r1")


def test_no_day_at_all_depends_on_the_end_rule():
    row = ("u", "1900-05-01", "1900-05-01")
    assert "date-zero" in lint(row, end_rule="exclusive")
    assert "date-zero" not in lint(row, end_rule="inclusive")


def test_a_year_as_end_means_either_rule_and_tells_none():
    shared = [("u", 1900, 1910), ("u", 1910, 1920)]
    assert lint(*shared)["end-rule"].message.startswith("ends look exclusive: 0 successions start on the day")
    assert "0 ends are 31 December" in lint(*shared)["end-rule"].message
    assert set(lint(*shared)) == {"end-rule"}
    apart = [("u", 1900, 1909), ("u", 1910, 1919)]
    assert lint(*apart)["end-rule"].message.startswith("ends look inclusive: 1 succession")
    assert set(lint(*apart)) == {"end-rule"}


@pytest.mark.parametrize("value", ["..", "present", " NULL ", "9999.0", "1850.0", "1800/1810", "1850/06/30"])
def test_what_is_read_as_an_end_is_none_that_cannot_be_read(value):
    assert "date-unreadable" not in lint(("u", "1800", value))
    assert read_end(value, "exclusive") is None or value.startswith("18")


def test_the_end_rule_is_inferred_from_successions():
    inclusive = [("u", "1900-01-01", "1909-12-31"), ("u", "1910-01-01", "1919-12-31")]
    exclusive = [("u", "1900-01-01", "1910-01-01"), ("u", "1910-01-01", "1920-01-01")]
    assert lint(*inclusive)["end-rule"].message.startswith("ends look inclusive: 1 succession")
    assert lint(*exclusive)["end-rule"].message.startswith("ends look exclusive: 0 succession")
    assert set(lint(*inclusive)) == set(lint(*exclusive)) == {"end-rule"}
    assert "end-rule-doubt" in lint(*inclusive, end_rule="exclusive")
    other = [("v", start, end) for _, start, end in exclusive]
    assert "end-rule-mixed" in lint(*inclusive, *other)


def test_gaps_and_overlaps_of_one_unit():
    gap = lint(("u", "1900-02-01", "1910-02-01"), ("u", "1910-02-05", None), end_rule="exclusive")
    assert gap["time-gap"].message.endswith("4 days have no version")
    over = lint(("u", "1900-02-01", "1910-02-01"), ("u", "1910-01-30", None), end_rule="exclusive")
    assert over["time-overlap"].id == "u"
    opened = lint(("u", "1900-02-01", None), ("u", "1910-01-30", None))
    assert "(to open)" in opened["time-overlap"].message
    assert not lint(("u", "1900-02-01", None), ("v", "1910-01-30", None))


def test_placeholders():
    assert lint(("u", "0001-01-01", None))["date-placeholder"].severity == "warning"
    assert "date-placeholder" in lint(("u", "1950-03-01", "9999-12-31"))
    assert "date-placeholder" not in lint(("u", "1900-01-01", None))
    cluster = [(f"u{i}", "1900-01-01", None) for i in range(5)]
    assert "5 rows have 1900-01-01 as start" in lint(*cluster)["date-placeholder"].message


# --- composites


@pytest.fixture(scope="module")
def sound(built_in):
    return validate_composite(built_in)


def test_the_built_in_dataset_has_no_error(sound):
    assert codes(sound) == []
    assert sound.stamp["dataset"] == "russia-china"


def test_the_made_up_island_has_no_error(small):
    assert validate_composite(small.composite).errors == ()


def swap(rows, position, **changes):
    return (*rows[:position], replace(rows[position], **changes), *rows[position + 1 :])


def test_a_wrong_side_of_an_arc_fails_the_attribution_test(built_in):
    number = next(i for i, a in enumerate(built_in.arcs) if a.kind == "line" and a.left and a.right)
    arc = built_in.arcs[number]
    turned = replace(built_in, arcs=swap(built_in.arcs, number, left=arc.right, right=arc.left))
    found = [i for i in validate_composite(turned).errors if i.code == "attribution"]
    assert {i.id for i in found} == {arc.left, arc.right}


def test_an_area_that_is_not_that_of_the_geometry(built_in):
    face = next(f for f in built_in.faces if f.territory)
    wrong = replace(
        built_in, faces=swap(built_in.faces, built_in.faces.index(face), area_km2=face.area_km2 + 1)
    )
    found = [i for i in validate_composite(wrong).errors if i.code == "area"]
    assert {i.id for i in found} == {face.id, face.territory}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"end": date(1700, 1, 1)}, "time-gap"),
        ({"end": date(2000, 1, 1)}, "time-overlap"),
        ({"end": None}, "time-overlap"),
        ({"end": date(1640, 1, 1)}, "date-order"),
        ({"territory": "atlantis"}, "id-unknown"),
        ({"instrument": "nothing-1700"}, "id-unknown"),
        ({"holder": "third:nobody"}, "id-unknown"),
    ],
)
def test_a_broken_tenure_is_told(built_in, sound, change, code):
    number = next(
        i
        for i, t in enumerate(built_in.tenures)
        if t.start == date(1640, 1, 1)
        and t.end
        and t.basis == Basis.DE_JURE
        and date(1700, 1, 1) < t.end
        and t.end < date(2000, 1, 1)
    )
    wrong = replace(built_in, tenures=swap(built_in.tenures, number, **change))
    assert code in set(codes(validate_composite(wrong))) - set(codes(sound))


def test_a_territory_without_tenures(built_in):
    land = next(iter(built_in.territories))
    rest = tuple(t for t in built_in.tenures if t.territory != land)
    report = validate_composite(replace(built_in, tenures=rest))
    assert {i.id for i in report.issues if i.code == "tenure-missing"} == {land}


def test_thin_faces_are_one_note_with_their_area(built_in, sound):
    thin = [
        face
        for face in built_in.faces
        if metric_width_km(built_in.face_geometries[face.id]) < SLIVER_WIDTH_KM
    ]
    issue = only(sound, "sliver")
    assert issue.message.startswith(f"{len(thin)} faces of {sum(f.area_km2 for f in thin):.4g} km²")


def test_faces_that_overlap_and_faces_without_geometry(built_in):
    shapes = dict(built_in.face_geometries)
    first, gone = list(shapes)[:2]
    shapes[first] = shapes[first].buffer(0.1)
    del shapes[gone]
    report = validate_composite(replace(built_in, load_faces=lambda: shapes))
    assert first in {i.id for i in report.errors if i.code == "coverage"}
    assert gone in {i.id for i in report.errors if i.code == "geometry-missing"}


def test_frontier_without_a_clause(built_in):
    arc = built_in.frontier_arcs(date(1861, 1, 1))[0]
    number = built_in.arcs.index(arc)
    report = validate_composite(replace(built_in, arcs=swap(built_in.arcs, number, segments=())))
    assert {i.id for i in report.issues if i.code == "clause-missing"} == {arc.id}


# --- files and reports


def test_files_are_read_packed_or_not(tmp_path):
    content = frame([BOW_TIE]).to_json().encode()
    for name, data in (("a.geojson", content), ("a.geojson.xz", lzma.compress(content))):
        (tmp_path / name).write_bytes(data)
        report = marchland.validate(tmp_path / name)
        assert codes(report) == ["ring-invalid"]
        assert report.stamp["dataset"] == name
        assert report.stamp["hash"].startswith("sha256:")


def test_an_impossible_day_in_a_file_is_the_fault_of_one_row(tmp_path):
    path = tmp_path / "days.geojson"
    dated = frame([box(0, 0, 1, 1), box(1, 0, 2, 1)], start=["1861-02-29", "1861-03-01"], end=[None, None])
    path.write_text(dated.to_json(drop_id=True))
    report = marchland.validate(path)
    assert codes(report) == ["date-unreadable"]
    assert only(report, "date-unreadable").id == "a"


def test_a_collection_is_known_by_its_columns(tmp_path):
    path = tmp_path / "states.geojson"
    columns = {"gwcode": [2, 2], "country_name": ["A", "A"], "start": ["1886-01-01", "1890-01-01"]}
    states = frame([box(0, 0, 1, 1)] * 2, end=["1889-12-31", "1899-12-31"], **columns)
    path.write_text(states.drop(columns="holder").to_json())
    report = marchland.validate(path)
    assert codes(report) == []
    assert "unit country_name" in only(report, "columns").message
    assert any(i.code == "assumption" and i.id == "cshapes" for i in report.issues)
    assert codes(marchland.validate(path, end_rule="exclusive")) == ["end-rule-doubt", "time-gap"]


def test_a_folder_of_snapshots_is_read_and_its_composite_looked_at(tmp_path):
    for year, east in ((1900, 2), (1910, 3)):
        land = frame([box(0, 0, 1, 1), box(1, 0, east, 1)])
        text = json.dumps({"name": "layer", **json.loads(land.to_json())})
        (tmp_path / f"world_{year}.geojson").write_text(text)
    report = marchland.validate(tmp_path)
    assert report.errors == ()
    assert any(i.code == "assumption" for i in report.issues)


def test_a_truncated_file_and_a_missing_one(tmp_path):
    path = tmp_path / "cut.geojson"
    path.write_text(frame([BOW_TIE]).to_json()[:100])
    with pytest.raises(DataError, match="cannot read"):
        marchland.validate(path)
    with pytest.raises(NotFoundError, match="no file, folder or dataset 'atlantis'"):
        marchland.validate("atlantis")
    with pytest.raises(DataError):
        marchland.validate(tmp_path / "none.gpkg")
    table = tmp_path / "t.csv"
    table.write_text("a,b\n1,2\n")
    with pytest.raises(DataError, match="table without geometry"):
        marchland.validate(table)


def test_a_dataset_is_validated_by_name_folder_or_value(small, built_in):
    assert marchland.validate("russia-china") == marchland.validate(built_in)
    assert marchland.validate(small.root).stamp["dataset"] == small.composite.meta.name


def test_the_gravest_comes_first_and_strict_counts_warnings():
    issues = (Issue("b", "warning", "", ""), Issue("a", "info", "", ""))
    report = Report(issues)
    assert report.is_sound()
    assert not report.is_sound(strict=True)
    assert report.to_frame().to_dict("list") == {
        "severity": ["warning", "info"],
        "code": ["b", "a"],
        "id": ["", ""],
        "message": ["", ""],
    }
    mixed = validate_frame(frame([Polygon(), box(170, 5, 190, 6)]))
    ranks = ["error", "warning", "info"]
    order = [ranks.index(i.severity) for i in mixed.issues]
    assert order == sorted(order)
    assert json.dumps([i.code for i in mixed.issues])


def test_processes_find_the_same_overlaps(monkeypatch):
    monkeypatch.setattr("marchland.engine.parquet.FILE_VERTICES", 60)
    shapes = [box(x, 0, x + 1.5, 1) for x in range(12)] + [
        box(3, 0, 4.5, 1),
        MultiPolygon([box(3, 0, 4.5, 1), box(40, 0, 41, 1)]),
    ]
    table = frame(shapes, holder=["a"] * 14)
    one = marchland.validate(table)
    other = marchland.validate(table, engine="processes", workers=2)
    assert other.issues == one.issues
    assert codes(one).count("overlap") > 12
    assert codes(one).count("version-twice") == 1
