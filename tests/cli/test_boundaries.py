"""Boundaries that others made, on the command line."""

import json
from pathlib import Path

import pytest

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
