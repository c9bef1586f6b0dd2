"""Boundaries that others made, on the command line."""

import json
from pathlib import Path

import geopandas
import pytest
import shapely

CASES = Path(__file__).parents[1] / "cases" / "versions"


@pytest.mark.parametrize("preset", [(), ("--preset", "cshapes")])
def test_two_dates_of_a_users_file_are_compared(run, preset):
    result = run(
        "compare", "1959-01-02", "1959-01-03", "--data", str(CASES / "cshapes.geojson"), *preset, "-f", "json"
    )
    assert result.code == 0
    (row,) = json.loads(result.out)["ledger"]
    assert (row["from"], row["to"]) == ("Ada", "Bo")
    assert "cshapes was read with 3 assumption" in result.err


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


def test_who_held_a_point(run):
    result = run("where", "1.5", "0.5", "--data", str(CASES / "cshapes.geojson"), "-f", "csv")
    assert result.code == 0
    assert "Bo" in result.out


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
    assert "holds several layers: old, new; name one with --layer" in result.err
    result = run(*words, "--data", str(layered), "--layer", "newer")
    assert (result.code, result.out) == (3, "")
    assert "holds no layer 'newer': there are old, new, towns" in result.err


def test_a_named_layer_is_read_and_asked_for_again(run, layered, tmp_path):
    where = ("--data", str(layered))
    path = tmp_path / "series.json"
    assert run("series", *where, "--layer", "new", "-f", "json", "-o", str(path)).code == 0
    assert json.loads(path.read_bytes())["stamp"]["opened"] == {"layer": "new"}
    assert run("reproduce", str(path), *where).code == 0


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
