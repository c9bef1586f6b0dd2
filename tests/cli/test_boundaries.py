"""Boundaries that others made, on the command line."""

import json
import shlex
import shutil
from pathlib import Path

import geopandas
import pyogrio
import pytest
import shapely

CASES = Path(__file__).parents[1] / "cases" / "versions"
BORDERS = Path(__file__).parents[2] / "docs" / "examples" / "borders.geojson"


@pytest.mark.parametrize("preset", [(), ("--preset", "cshapes")])
def test_two_dates_of_a_users_file_are_compared(run, preset):
    result = run(
        "compare", "1959-01-02", "1959-01-03", "--data", str(CASES / "cshapes.geojson"), *preset, "-f", "json"
    )
    assert result.code == 0
    (row,) = json.loads(result.out)["ledger"]
    assert (row["from"], row["to"]) == ("Ada", "Bo")
    assert "cshapes was read with assumption ×3 (see marchland validate --data " in result.err


def test_a_preset_that_does_not_fit_is_bad_data(run):
    result = run("frontier", "1900", "--data", str(CASES / "ohm.geojson"), "--preset", "cshapes")
    assert (result.code, result.out) == (3, "")
    assert "preset cshapes needs columns" in result.err


def test_an_unknown_preset_is_a_wrong_command_line(run):
    result = run("frontier", "1900", "--data", str(CASES / "ohm.geojson"), "--preset", "shapes")
    assert (result.code, result.out) == (2, "")
    assert "'shapes' is not one of" in result.err


def test_the_frontier_of_a_folder_of_snapshots(run):
    result = run("frontier", "1880", "--data", str(CASES / "snapshots"), "-f", "csv")
    assert result.code == 0
    assert "Ada | Bo" in result.out


def test_a_line_of_which_nothing_is_stated_has_no_error(run):
    data = str(CASES / "cshapes.geojson")
    rows = json.loads(run("frontier", "1960", "--data", data, "-f", "json").out)["rows"]
    assert [row["sigma_km"] for row in rows] == [None]
    feature = json.loads(run("export", "1960", "--what", "frontier", "--data", data).out)["features"][0]
    assert feature["properties"]["sigma_km"] is None


def test_who_held_a_point(run):
    result = run("where", "1.5", "0.5", "--data", str(CASES / "cshapes.geojson"), "-f", "csv")
    assert result.code == 0
    assert "Bo" in result.out


@pytest.fixture
def open_ended(tmp_path):
    """Two squares, the eastern of which passed from Ada to Bo in 1850 and is Bo's to this day."""
    path = tmp_path / "two squares.geojson"
    west, east = shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)
    columns = {"holder": ["Ada", "Ada", "Bo"], "start": [1800, 1800, 1850], "end": [None, 1850, None]}
    geopandas.GeoDataFrame(columns, geometry=[west, east, east], crs=4326).to_file(path)
    return path


@pytest.mark.parametrize(
    "words",
    [
        ("map", "1960", "-o", "page.html"),
        ("compare", "1840", "1960"),
        ("matrix", "1840", "1960"),
        ("where", "1.5", "0.5", "--at", "1960"),
        ("frontier", "1960"),
        ("export", "1960"),
        ("article", "1960", "-o", "kit"),
    ],
    ids=lambda words: words[0],
)
def test_any_later_date_is_answered_and_said_to_be_late(run, open_ended, tmp_path, monkeypatch, words):
    monkeypatch.chdir(tmp_path)
    result = run(*words, "--data", str(open_ended))
    assert result.code == 0
    told = "1960-12-31: the data's last date is 1850-01-01, and what has no end there is taken to hold on"
    assert told in result.err


def test_the_table_of_a_late_date_says_so(run, open_ended):
    out = run("compare", "1840", "1960", "--data", str(open_ended)).out
    assert "de jure · 1840-12-31, 1960-12-31 · the data's last date is 1850-01-01\n" in out
    early = run("compare", "1840", "1850-01-01", "--data", str(open_ended))
    assert early.code == 0
    assert "last date" not in early.out + early.err


def test_two_sources_are_told_apart_by_their_files(run, open_ended):
    out = run("sources", str(open_ended), str(CASES / "cshapes.geojson"), "--at", "1890").out
    assert "Where two squares.geojson (a) and cshapes (b) differ" in out
    assert "author and licence: not stated\n" in out


def test_what_was_found_on_reading_is_listed_by_the_command_that_is_told(run, open_ended):
    told = run("frontier", "1850", "--data", str(open_ended)).err
    assert told.startswith("marchland: two squares.geojson was read with assumption (see marchland ")
    words = shlex.split(told.partition("(see marchland ")[2].partition(")\n")[0])
    listed = run(*words)
    assert (listed.code, listed.err) == (0, "")
    assert "two squares.geojson: 0 errors, 0 warnings, 1 note\n" in listed.out


@pytest.fixture
def layered(tmp_path):
    """A GeoPackage with two layers of areas and one of points."""
    path = tmp_path / "several.gpkg"
    frame = geopandas.read_file(CASES / "cshapes.geojson")
    frame.to_file(path, layer="old", driver="GPKG")
    frame.to_file(path, layer="new", driver="GPKG")
    towns = geopandas.GeoDataFrame({"name": ["A"]}, geometry=[shapely.Point(1, 1)], crs=4326)
    towns.to_file(path, layer="towns", driver="GPKG")
    return path


@pytest.mark.parametrize("words", [("series",), ("map", "1960"), ("validate",)], ids=" ".join)
def test_of_several_layers_one_must_be_named(run, layered, words):
    result = run(*words, "--data", str(layered))
    assert (result.code, result.out) == (3, "")
    assert "several.gpkg holds several layers: old, new; name one of them: --layer old\n" in result.err
    result = run(*words, "--data", str(layered), "--layer", "newer")
    assert (result.code, result.out) == (3, "")
    assert "holds no layer 'newer': there are old, new, towns" in result.err


def test_a_named_layer_is_read_and_asked_for_again(run, layered, tmp_path):
    where = ("--data", str(layered))
    path = tmp_path / "series.json"
    assert run("series", *where, "--layer", "new", "-f", "json", "-o", str(path)).code == 0
    assert json.loads(path.read_bytes())["stamp"]["opened"] == {"layer": "new"}
    assert run("reproduce", str(path), *where).code == 0


def test_what_was_found_in_a_layer_is_listed_by_the_command_that_is_told(run, layered):
    told = run("frontier", "1960", "--data", str(layered), "--layer", "new").err
    words = shlex.split(told.partition("(see marchland ")[2].partition(")\n")[0])
    assert words[-2:] == ["--layer", "new"]
    assert run(*words).out.startswith("cshapes: 0 errors")


@pytest.fixture
def renamed(tmp_path, open_ended):
    """The two squares under columns that are those of no collection."""
    path = tmp_path / "страны.geojson"
    frame = geopandas.read_file(open_ended)
    frame.rename(columns={"holder": "страна", "start": "начало", "end": "конец"}).to_file(path)
    return path


def test_a_proposal_for_columns_can_be_taken(run, renamed):
    words = ("compare", "1840", "1960", "--data", str(renamed))
    refused = run(*words)
    assert (refused.code, refused.out) == (3, "")
    proposed = shlex.split(refused.err.rpartition(": ")[2])
    assert proposed == ["--columns", "holder=страна,start=начало,end=конец"]
    result = run(*words, *proposed)
    assert (result.code, result.err.count("--columns")) == (0, 1)
    assert "Ada   Bo" in result.out
    assert run("validate", str(renamed), *proposed).code == 0
    told = run("sources", str(renamed), str(renamed), "--at", "1850", "--columns-a", proposed[1]).err
    assert "--columns-b 'holder=страна,start=начало,end=конец'\n" in told


@pytest.mark.parametrize("words", [("frontier", "1850", "-f", "json"), ("map", "1850"), ("export", "1850")])
def test_columns_are_asked_for_again(run, renamed, tmp_path, words):
    path = tmp_path / "answer"
    columns = ("--columns", "holder=страна, start=начало,end=конец")
    assert run(*words, "--data", str(renamed), *columns, "-o", str(path)).code == 0
    result = run("reproduce", str(path), "--data", str(renamed))
    assert result.code == 0, result.out + result.err


def test_columns_of_two_sources_are_asked_for_again(run, renamed, open_ended, tmp_path):
    path, files = tmp_path / "answer.json", (str(renamed), str(open_ended))
    columns = ("--columns-a", "holder=страна,start=начало,end=конец")
    assert run("sources", *files, "--at", "1850", *columns, "-f", "json", "-o", str(path)).code == 0
    result = run("reproduce", str(path), "--input", files[0], "--input", files[1])
    assert result.code == 0, result.out + result.err
    path = tmp_path / "check.json"
    run("validate", files[0], "--columns", columns[1], "-f", "json", "-o", str(path))
    result = run("reproduce", str(path), "--input", files[0])
    assert result.code == 0, result.out + result.err


@pytest.mark.parametrize(
    ("columns", "code", "why"),
    [
        ("holder=страна,start=год", 3, "no column 'год'; there are страна, начало, конец"),
        ("страна", 2, "'страна' is no role with a column"),
    ],
)
def test_columns_that_make_no_sense_are_refused(run, renamed, columns, code, why):
    for words in (("series", "--data", str(renamed)), ("validate", str(renamed))):
        result = run(*words, "--columns", columns)
        assert (result.code, result.out) == (code, "")
        assert why in result.err


LAYERED = {"gpkg": "GPKG", "sqlite": "SQLite", "kml": "LIBKML", "gdb": "OpenFileGDB", "zip": "OpenFileGDB"}


@pytest.fixture(params=LAYERED)
def two_layers(request, tmp_path):
    """A file with two layers of areas, as each driver writes it; a geodatabase also in an archive."""
    if LAYERED[request.param] not in pyogrio.list_drivers(write=True):
        pytest.skip(f"this GDAL writes no {request.param}")
    path = tmp_path / f"two.{request.param}".replace("zip", "gdb")
    for layer, bo in (("old", "Bo"), ("new", "Cy")):
        columns = {"holder": ["Ada", bo], "start": ["1800-01-01"] * 2, "end": ["1900-01-01"] * 2}
        squares = [shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)]
        frame = geopandas.GeoDataFrame(columns, geometry=squares, crs=4326)
        frame.to_file(path, layer=layer, driver=LAYERED[request.param], mode="w" if bo == "Bo" else "a")
    if request.param == "zip":
        shutil.make_archive(str(tmp_path / "two"), "zip", tmp_path, "two.gdb")
        path = tmp_path / "two.zip"
    return path


def test_layers_of_every_kind_of_file_are_read_by_name(run, two_layers):
    data = ("--data", str(two_layers))
    for words in (("frontier", "1850", *data), ("validate", *data), ("validate", str(two_layers))):
        result = run(*words)
        assert (result.code, result.out) == (3, "")
        assert "holds several layers: " in result.err
        assert "; name one of them: --layer " in result.err
        assert run(*words, "--layer", "new").code == 0
    assert "Ada | Cy" in run("frontier", "1850", *data, "--layer", "new", "-f", "csv").out


def test_sources_name_a_layer_of_each(run, layered):
    path = str(layered)
    asked = ("sources", path, path, "--at", "1959-01-03")
    assert "name one of them: --layer-a old\n" in run(*asked).err
    assert "name one of them: --layer-b old\n" in run(*asked, "--layer-a", "old").err
    result = run(*asked, "--layer-a", "old", "--layer-b", "new", "-f", "json")
    assert (result.code, json.loads(result.out)["disagreement_km2"]) == (0, 0.0)


def test_a_file_is_validated_by_layer(run, layered):
    assert "holds several layers" in run("validate", str(layered)).err
    assert run("validate", str(layered), "--layer", "old").code in {0, 1}
    assert "towns" not in run("validate", str(layered), "--layer", "old").err


def test_the_only_layer_of_areas_is_read_unasked(run, tmp_path):
    path = tmp_path / "land.gpkg"
    towns = geopandas.GeoDataFrame({"name": ["A"]}, geometry=[shapely.Point(1, 1)], crs=4326)
    towns.to_file(path, layer="towns", driver="GPKG")
    geopandas.read_file(CASES / "cshapes.geojson").to_file(path, layer="land", driver="GPKG")
    result = run("validate", "--data", str(path), "-f", "json")
    assert "land is read, the only one with areas" in result.out


def test_a_dataset_of_ours_has_no_layer(run):
    dataset = Path(__file__).parents[2] / "geodata" / "russia-china"
    result = run("versions", "--data", str(dataset), "--layer", "arcs")
    assert (result.code, result.out) == (2, "")
    assert "needs no layer" in result.err


def test_an_article_names_the_makers_of_boundaries(run, tmp_path):
    target = tmp_path / "kit"
    words = ("--title", "The isles", "--credit", "Jane Doe <i>", "--licence", "CC-BY-4.0")
    assert run("article", "1870", "1921", "--data", str(BORDERS), *words, "-o", str(target)).code == 0
    caption = (target / "caption.txt").read_text(encoding="utf-8")
    assert "Jane Doe <i>" in caption
    assert "CC-BY-4.0" in caption
    assert "The isles" in caption
    assert "not stated" not in caption
    assert "Jane Doe <i>" not in (target / "map.html").read_text(encoding="utf-8")
    stamp = json.loads((target / "stamp.json").read_text(encoding="utf-8"))
    assert stamp["opened"] == {"title": "The isles", "credit": "Jane Doe <i>", "licence": "CC-BY-4.0"}
    done = run("reproduce", str(target), "--data", str(BORDERS))
    assert done.code == 0, done.err


def test_stated_makers_cannot_be_replaced(run, tmp_path):
    for word, what in (("--credit", "makers"), ("--licence", "licence")):
        result = run("map", "1860", word, "me", "-o", str(tmp_path / "map.html"))
        assert (result.code, result.out) == (2, "")
        assert f"russia-china states its {what}" in result.err


@pytest.mark.parametrize(("lang", "words"), [("en", "author not stated"), ("ru", "автор не указан")])
def test_a_caption_says_what_is_not_known_once(run, tmp_path, lang, words):
    target = tmp_path / "kit"
    assert run("article", "1870", "--data", str(BORDERS), "--lang", lang, "-o", str(target)).code == 0
    caption = (target / "caption.txt").read_text(encoding="utf-8")
    digest = json.loads((target / "stamp.json").read_text(encoding="utf-8"))["hash"].removeprefix("sha256:")
    assert caption.count(words) == 1
    assert caption.count(digest[:12]) == 1
    assert "de jure" not in caption
    assert "де-юре" not in caption
