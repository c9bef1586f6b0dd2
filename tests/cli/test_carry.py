"""Numbers on the command line: a table in, a table out, and the sum stays."""

import json
from pathlib import Path

import pytest

CSHAPES = str(Path(__file__).parents[1] / "cases" / "versions" / "cshapes.geojson")


@pytest.fixture
def people(tmp_path):
    path = tmp_path / "people.csv"
    path.write_text("\ufeffholder,people,tax\nAda,1000,\n", encoding="utf-8")
    return str(path)


def test_numbers_follow_the_land(run, people):
    """Ada holds two squares in 1955; one of them, half of the land, is Bo's from 1959."""
    document = json.loads(run("carry", people, "1955", "1960", "--data", CSHAPES, "-f", "json").out)
    assert [row["unit"] for row in document["rows"]] == ["Ada", "Bo"]
    assert sum(row["people"] for row in document["rows"]) == 1000
    assert document["rows"][0]["people"] == pytest.approx(500, abs=0.01)
    assert {row["tax"] for row in document["rows"]} == {None}
    assert sum(row["share"] for row in document["weights"]) == pytest.approx(1, abs=1e-6)
    assert document["stamp"]["dates"] == ["1955-12-31", "1960-12-31"]


def test_as_a_table_and_as_csv(run, people):
    table = run("carry", people, "1955", "1960", "--data", CSHAPES).out
    assert "From the holders of 1955-12-31 to those of 1960-12-31, by area" in table
    assert "all   1,000.000" in table
    rows = run("carry", people, "1955", "1960", "--data", CSHAPES, "-f", "csv").out.splitlines()
    assert rows[0] == "unit,people,tax"
    assert rows[1].startswith("Ada,500.")


@pytest.mark.parametrize(
    ("text", "code", "message"),
    [
        ("holder,people\nZed,1\n", 4, "no land on 1955-12-31 to spread a number over: Zed"),
        ("holder,people\nAda,many\n", 3, "not a number in column 'people': 'many' (Ada)"),
        ("holder,people\nAda,inf\n", 2, "not numbers that can be shared out: Ada"),
    ],
)
def test_what_cannot_be_carried_is_told(run, tmp_path, text, code, message):
    path = tmp_path / "people.csv"
    path.write_text(text, encoding="utf-8")
    result = run("carry", str(path), "1955", "1960", "--data", CSHAPES)
    assert (result.code, result.out) == (code, "")
    assert message in result.err
