"""series, matrix, sources, and what compare learnt: on the toy of two squares."""

import json

import pytest

from marchland.cli import options

pytestmark = pytest.mark.usefixtures("toy")


def test_exit_code_says_whether_anything_changed(run):
    assert run("compare", "1750", "1751", "--exit-code").code == 0
    assert run("compare", "1750", "1861", "--exit-code").code == 1
    assert run("compare", "1750", "1861").code == 0


@pytest.mark.parametrize(
    ("by", "header", "row"),
    [
        ("territory", "territory,from,to,", "east,china,,"),
        ("pair", "from,to,area_km2,", "china,,7900.25,"),
        ("holder", "holder,gained_km2,", "china,0.00,7900.25,-7900.25,"),
    ],
)
def test_csv_is_the_ledger_asked_for(run, by, header, row):
    lines = run("compare", "1699-01-01", "1750", "--by", by, "-f", "csv").out.splitlines()
    assert lines[0].startswith(header)
    assert lines[1].startswith(row)


def test_compare_says_by_pair_what_it_is_evidence_of(run):
    document = json.loads(run("compare", "1699-01-01", "1750", "-f", "json").out)
    (pair,) = document["pairs"]
    assert (pair["from"], pair["to"], pair["net_km2"], pair["change"]) == ("china", None, 7900.25, "real")
    assert [row["holder"] for row in document["holders"]] == ["china", None]


def test_sigma_has_to_make_sense(run):
    for wrong in ("-1", "nan", "inf"):
        result = run("compare", "1750", "1861", "--sigma", wrong)
        assert (result.code, result.out) == (2, "")
        assert "sigma must be a number of km" in result.err
    assert run("series", "--correlation", "0").code == 2
    assert run("series", "--sigma", "much").code == 2


def test_series(run):
    document = json.loads(run("series", "-f", "json").out)
    areas = [(row["date"], row["holder"], row["area_km2"]) for row in document["areas"]]
    assert areas == [
        ("1640-01-01", "china", 7900.25),
        ("1640-01-01", "russia", 7900.5),
        ("1700-01-01", "china", 0),
        ("1700-01-01", "russia", 7900.5),
        ("1700-01-01", None, 7900.25),
        ("1860-11-14", "russia", 15800.75),
        ("1860-11-14", None, 0),
    ]
    lengths = {row["date"]: row["length_km"] for row in document["frontier"]}
    assert lengths == {"1640-01-01": 0, "1700-01-01": 111.25, "1860-11-14": 0}
    assert document["stamp"]["dates"] == list(lengths)


def test_series_of_one_holder_and_lengths(run):
    out = run("series", "--holder", "china", "-f", "csv").out
    assert [line.split(",")[1] for line in out.splitlines()[1:]] == ["china", "china"]
    assert run("series", "--lengths", "-f", "csv").out.startswith("date,length_km,sigma_km\n")
    result = run("series", "--holder", "chna")
    assert (result.code, result.out) == (4, "")
    assert "china" in result.err


def test_series_draws_a_chart_beside_the_answer(run, tmp_path):
    path = tmp_path / "chart.svg"
    result = run("series", "--chart", str(path), "-f", "csv")
    assert result.code == 0
    assert result.err == f"marchland: chart in {path}\n"
    assert result.out.startswith("date,holder,area_km2,sigma_km2\n")
    first = path.read_bytes()
    assert first.startswith(b"<?xml")
    run("series", "--chart", str(path))
    assert path.read_bytes() == first


def test_a_chart_that_cannot_be_drawn_is_told_before_the_work(run, tmp_path):
    for name in ("chart.pdf", "chart"):
        result = run("series", "--chart", str(tmp_path / name))
        assert (result.code, result.out) == (2, "")
        assert "a chart is .svg or .png" in result.err
    assert run("series", "--chart", str(tmp_path / "no" / "chart.svg")).code == 2
    assert not list(tmp_path.iterdir())


def test_matrix(run):
    lines = run("matrix", "-f", "csv").out.splitlines()
    assert lines == [
        "date,1640-01-01,1700-01-01,1860-11-14",
        "1640-01-01,0.00,7900.25,7900.25",
        "1700-01-01,7900.25,0.00,7900.25",
        "1860-11-14,7900.25,7900.25,0.00",
    ]
    assert run("matrix", "1750", "Beijing", "-f", "csv").out.splitlines()[1] == "1750-12-31,0.00,7900.25"
    assert run("matrix", "1500").code == 2
    assert run("matrix", "nowhere").code == 4


def test_sources_of_one_and_the_same_differ_nowhere(run):
    result = run("sources", "toy", "toy", "--at", "1750", "--exit-code", "-f", "json")
    document = json.loads(result.out)
    assert (result.code, document["rows"], document["disagreement_km2"]) == (0, [], 0)
    everything = json.loads(run("sources", "toy", "toy", "--at", "1750", "--all", "-f", "json").out)
    assert {(row["holder_a"], row["agree"]) for row in everything["rows"]} == {
        ("russia", "yes"),
        (None, "yes"),
    }


def test_sources_that_differ(run, toy, monkeypatch):
    renamed = {"toy": toy, "later": toy.read()}
    monkeypatch.setattr(options, "load", lambda data, **_: renamed[data])
    later = renamed["later"]
    object.__setattr__(later, "tenures", tuple(t for t in later.tenures if t.territory == "west"))
    result = run("sources", "toy", "later", "--at", "1640-01-01", "-f", "json")
    document = json.loads(result.out)
    first, second = document["sources"]
    assert (first["only_km2"], second["only_km2"]) == (0, 0)  # beyond the other's bounding box
    assert document["common_km2"] == pytest.approx(first["area_km2"], abs=0.01)


def test_sources_wants_a_date_and_pairs(run):
    assert "Missing option '--at'" in run("sources", "toy", "toy").err
    result = run("sources", "toy", "toy", "--at", "1750", "--match", "russia")
    assert (result.code, result.out) == (2, "")
    assert "matches nothing" in result.err
    assert run("sources", "toy", "toy", "--at", "1750", "--match", "russia=365").code == 4
