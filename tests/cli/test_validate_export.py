"""``marchland validate`` and ``marchland export``: what they print, write and return."""

import json

import pyogrio
import pytest

SQUARES = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "properties": {"holder": name, "start": "1900-01-01", "end": end},
            "geometry": {
                "type": "Polygon",
                "coordinates": [[[x, 0], [x + 1, 0], [x + 1, 1], [x, 1], [x, 0]]],
            },
        }
        for name, x, end in (("a|<b>", 0, None), ("c", 1, "1899-01-01"))
    ],
}


@pytest.fixture
def squares(tmp_path):
    path = tmp_path / "squares.geojson"
    path.write_text(json.dumps(SQUARES))
    return str(path)


# --- validate


def test_errors_are_exit_code_1_and_json_counts_them(run, squares):
    result = run("validate", squares, "-f", "json")
    assert (result.code, result.err) == (1, "")
    document = json.loads(result.out)
    assert (document["errors"], document["warnings"]) == (1, 0)
    assert document["rows"][0]["code"] == "date-order"
    assert document["rows"][0]["id"] == "c"
    assert document["stamp"]["dataset"] == "squares.geojson"


@pytest.mark.parametrize("how", ["table", "csv", "md"])
def test_other_forms(run, squares, how):
    result = run("validate", squares, "-f", how)
    assert result.code == 1
    assert "date-order" in result.out
    assert how != "md" or "<b>" not in result.out


def test_notes_are_exit_code_0_and_strict_counts_warnings(run, tmp_path):
    twice = {**SQUARES, "features": [SQUARES["features"][0]] * 2}
    path = tmp_path / "twice.geojson"
    path.write_text(json.dumps(twice))
    assert run("validate", str(path)).code == 0
    assert run("validate", str(path), "--strict").code == 1


def test_validate_takes_columns_and_refuses_others(run, squares):
    assert run("validate", squares, "--start", "holder").code == 1
    result = run("validate", squares, "--holder", "country")
    assert result.code == 3
    assert "no column 'country'; there are holder, start, end" in result.err
    assert run("validate", "atlantis").code == 4


def test_a_file_is_checked_as_it_is_and_data_as_it_is_read(run, tmp_path):
    path = tmp_path / "squares.geojson"
    sound = [{**f, "properties": {**f["properties"], "end": None}} for f in SQUARES["features"]]
    path.write_text(json.dumps({"name": "squares", **SQUARES, "features": sound}))
    raw = json.loads(run("validate", str(path), "-f", "json").out)
    read = json.loads(run("validate", "--data", str(path), "-f", "json").out)
    assert (raw["errors"], read["errors"]) == (0, 0)
    assert "columns" in {row["code"] for row in raw["rows"]}
    assert "columns" not in {row["code"] for row in read["rows"]}
    assert raw["stamp"]["citation"] == "not stated"


def test_a_preset_that_does_not_fit_is_told(run, squares):
    result = run("validate", squares, "--preset", "cshapes")
    assert result.code == 3
    assert "preset cshapes needs columns" in result.err


def test_the_report_goes_to_a_file(run, squares, tmp_path):
    path = tmp_path / "report.csv"
    result = run("validate", squares, "-f", "csv", "-o", str(path))
    assert (result.code, result.out) == (1, f"{path}\n")
    assert path.read_text().startswith("severity,code,id,message\n")


def test_the_built_in_dataset_is_sound(run):
    result = run("validate")
    assert result.code == 0
    assert result.out.startswith("russia-china: 0 errors, 0 warnings, ")


# --- export


@pytest.mark.usefixtures("toy")
def test_export_writes_geojson_to_standard_output(run):
    result = run("export", "1861")
    assert result.code == 0
    document = json.loads(result.out)
    held = {f["id"]: (f["properties"]["holder"], f["properties"]["start"]) for f in document["features"]}
    assert held == {"east": ("russia", "1860-11-14"), "west": ("russia", "1640-01-01")}
    assert document["stamp"]["dates"] == ["1861-12-31"]


@pytest.mark.usefixtures("toy")
@pytest.mark.parametrize("ending", ["geojson", "gpkg", "topojson", "kml"])
def test_the_ending_chooses_the_format(run, tmp_path, ending):
    path = tmp_path / f"land.{ending}"
    result = run("export", "1850-06-01", "--basis", "de_facto", "-o", str(path))
    assert (result.code, result.out, result.err) == (0, f"{path}\n", "")
    layer = {"layer": "territories"} if ending == "topojson" else {}  # the frontier lies beside it there
    frame = pyogrio.read_dataframe(path, **layer).set_index("territory")
    assert frame["status"].to_dict() == {"east": "occupied", "west": "sovereign"}


@pytest.mark.usefixtures("toy")
def test_tenures_need_no_date(run):
    document = json.loads(run("export", "--what", "tenures").out)
    east = [f["properties"] for f in document["features"] if f["properties"]["territory"] == "east"]
    assert [(p["holder"], p["start"], p["end"]) for p in east] == [
        ("china", "1640-01-01", "1700-01-01"),
        (None, "1700-01-01", "1860-11-14"),
        ("russia", "1860-11-14", None),
    ]


@pytest.mark.usefixtures("toy")
@pytest.mark.parametrize("what", ["territories", "frontier", "faces", "tenures"])
@pytest.mark.parametrize("how", ["geojson", "gpkg", "parquet", "topojson", "kml", "linked-places"])
def test_every_layer_in_every_format(run, tmp_path, what, how):
    path = tmp_path / "out"
    result = run("export", "1690", "--what", what, "-f", how, "-o", str(path))
    assert (result.code, result.out) == (0, f"{path}\n")
    assert path.stat().st_size > 100
    assert [p.name for p in tmp_path.iterdir()] == ["out"]


@pytest.mark.usefixtures("toy")
@pytest.mark.parametrize(
    ("args", "message"),
    [
        (("export",), "say of which date"),
        (("export", "1690", "-f", "gpkg"), "gpkg is no text; name a file with -o"),
        (("export", "1690", "-o", "land.shp"), "cannot tell a format from the name 'land.shp'"),
        (("export", "1690", "-o", "no/land.kml"), "the folder no does not exist"),
        (("export", "1200"), "outside toy"),
    ],
)
def test_an_export_that_makes_no_sense_is_code_2(run, args, message):
    result = run(*args)
    assert (result.code, result.out) == (2, "")
    assert message in result.err
