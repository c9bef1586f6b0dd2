"""Each command's answer on a toy dataset whose every number can be checked by hand."""

import json
from types import SimpleNamespace

import pytest

from marchland.cli.options import file_name
from marchland.cli.where import read_point
from marchland.errors import UsageError

STAMP_KEYS = [
    "dataset",
    "version",
    "hash",
    "basis",
    "dates",
    "method",
    "crs",
    "citation",
    "licence",
    "attribution",
    "request",
]

pytestmark = pytest.mark.usefixtures("toy")


def answer_of(result):
    assert (result.code, result.err) == (0, ""), result.err
    return json.loads(result.out)


# --- versions


def test_versions_are_in_the_order_of_signature(run):
    document = answer_of(run("versions", "-f", "json"))
    assert list(document) == ["rows", "stamp"]
    assert document["rows"] == [
        {
            "id": "nerchinsk-1689",
            "title": "Treaty of Nerchinsk",
            "signed": "1689-09-07",
            "in_force": None,
            "date": "1689-09-07",
            "until": "1860-11-14",
            "status": "superseded",
        },
        {
            "id": "peking-1860",
            "title": "Treaty of Peking",
            "signed": "1860-11-14",
            "in_force": "1860-11-14",
            "date": "1860-11-14",
            "until": None,
            "status": "in force",
        },
        {
            "id": "livadia-1879",
            "title": "Treaty of Livadia",
            "signed": "1879-10-02",
            "in_force": None,
            "date": None,
            "until": None,
            "status": "never in force",
        },
    ]
    assert list(document["stamp"]) == STAMP_KEYS
    assert (document["stamp"]["dates"], document["stamp"]["basis"]) == ([], None)


def test_titles_are_in_the_language_asked_for_or_in_english(run):
    rows = answer_of(run("versions", "-f", "json", "--lang", "ru"))["rows"]
    assert [row["title"] for row in rows] == ["Treaty of Nerchinsk", "Пекинский договор", "Treaty of Livadia"]


# --- where


def test_where_tells_every_tenure_on_both_bases(run):
    document = answer_of(run("where", "101.5", "50.5", "-f", "json"))
    assert list(document) == ["place", "lon", "lat", "rows", "stamp"]
    assert (document["place"], document["lon"], document["lat"]) == (None, 101.5, 50.5)
    rows = [row for row in document["rows"] if row["basis"] == "de_jure"]
    assert [(row["holder"], row["status"], row["start"], row["end"]) for row in rows] == [
        ("china", "sovereign", "1640-01-01", "1700-01-01"),
        (None, "undelimited", "1700-01-01", "1860-11-14"),
        ("russia", "sovereign", "1860-11-14", None),
    ]
    in_fact = [row["holder"] for row in document["rows"] if row["basis"] == "de_facto"]
    assert in_fact == ["china", "russia", "russia"]
    assert list(document["rows"][0]) == [
        "territory",
        "holder",
        "status",
        "basis",
        "start",
        "end",
        "instrument",
    ]
    assert document["stamp"]["basis"] is None


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (("--at", "1855"), {"de_jure": None, "de_facto": "russia"}),
        (("--at", "1860-11-13"), {"de_jure": None, "de_facto": "russia"}),
        (("--at", "1860-11-14"), {"de_jure": "russia", "de_facto": "russia"}),
        (("--at", "Beijing"), {"de_jure": "russia", "de_facto": "russia"}),
        (("--at", "1750", "--basis", "de_facto"), {"de_facto": "china"}),
        (("--at", "1750", "--basis", "de_jure"), {"de_jure": None}),
    ],
)
def test_where_on_a_date_and_a_basis(run, options, expected):
    document = answer_of(run("where", "101.5", "50.5", *options, "-f", "json"))
    assert {row["basis"]: row["holder"] for row in document["rows"]} == expected
    assert len(document["rows"]) == len(expected)
    assert len(document["stamp"]["dates"]) == 1


@pytest.mark.parametrize(
    "name", ["Vladivostok", "vladiv", "ВЛАДИВОСТОК", "海参崴", "101.5,50.5", "101.5 50.5"]
)
def test_where_understands_names_in_any_language(run, name):
    document = answer_of(run("where", name, "-f", "json"))
    assert (document["lon"], document["lat"], document["rows"][0]["territory"]) == (101.5, 50.5, "east")


def test_a_name_of_two_words_needs_no_quotes(run):
    assert answer_of(run("where", "Upper", "Udinsk", "-f", "json"))["place"] == "Verkhne-Udinsk"


@pytest.mark.parametrize(("lang", "name"), [("en", "Vladivostok"), ("ru", "Владивосток"), ("zh", "海参崴")])
def test_where_names_the_place_in_the_language_asked_for(run, lang, name):
    result = run("where", "vladivostok", "--lang", lang)
    assert result.out.startswith(f"{name} (101.5 50.5), every tenure\n")


@pytest.mark.parametrize(
    ("args", "code", "message"),
    [
        (("Wladiwostok",), 4, "no place 'Wladiwostok'"),
        (("Wladiwostok",), 4, "did you mean vladivostok?"),
        (("v",), 4, "'v' fits 2 places: verkhne, vladivostok"),
        (("!",), 4, "no place '!'"),
        (("10", "20"), 4, "10 20 lies at sea or outside"),
        (("-10.5", "-20"), 4, "-10.5 -20 lies at sea or outside"),
        (("131.9", "243.1"), 2, "no place on earth"),
        (("nan", "50"), 2, "no place on earth"),
        (("-181", "50"), 2, "no place on earth"),
        (("101.5", "50.5", "--at", "1639"), 2, "1639-12-31 is outside toy"),
        (("101.5", "50.5", "--at", "foo"), 4, "no date or version 'foo'"),
        (("101.5", "50.5", "--at", "Livadia"), 2, "never in force"),
    ],
)
def test_where_refuses(run, args, code, message):
    result = run("where", *args)
    assert (result.code, result.out) == (code, "")
    assert message in result.err
    assert result.err.count("\n") == 1


def test_points_are_read():
    assert read_point(" 131.9,43.1 ") == (131.9, 43.1)
    assert read_point("-1e1 -5") == (-10.0, -5.0)
    assert read_point("131.9") is None
    assert read_point("1 2 3") is None
    with pytest.raises(UsageError):
        read_point("0 inf")


# --- frontier


def test_the_frontier_is_its_segments(run):
    document = answer_of(run("frontier", "1690", "-f", "json"))
    assert list(document) == ["rows", "stamp"]
    assert document["rows"] == [
        {
            "segment": "nerchinsk-1",
            "instrument": "nerchinsk-1689",
            "article": "1",
            "rule": "river",
            "stage": "allocated",
            "length_km": 111.25,
            "sigma_km": 2.5,
        }
    ]
    assert document["stamp"]["dates"] == ["1690-12-31"]
    assert list(document["stamp"]) == STAMP_KEYS


def test_the_frontier_has_a_total_for_people(run):
    result = run("frontier", "1690")
    assert result.out.startswith("The frontier on 1690-12-31, de jure\n")
    assert "\ntotal " in result.out
    assert "total" not in run("frontier", "1690", "-f", "csv").out


def test_the_frontier_as_geojson(run):
    collection = answer_of(run("frontier", "1690", "-f", "geojson"))
    (feature,) = collection["features"]
    assert collection["type"] == "FeatureCollection"
    assert collection["stamp"]["dataset"] == "toy"
    assert feature["properties"]["length_km"] == 111.25
    assert feature["geometry"] == {
        "type": "MultiLineString",
        "coordinates": [[[101, 50], [101, 50.5], [101, 51]]],
    }


def test_there_is_no_frontier_where_one_power_holds_both_sides(run):
    assert answer_of(run("frontier", "1861", "-f", "json"))["rows"] == []
    assert answer_of(run("frontier", "1861", "-f", "geojson"))["features"] == []
    assert "(no rows)" in run("frontier", "1861").out


# --- compare


def test_compare_has_a_ledger_and_totals(run):
    document = answer_of(run("compare", "1699-01-01", "1859", "-f", "json"))
    assert list(document) == ["ledger", "totals", "pairs", "holders", "stamp"]
    (row,) = document["ledger"]
    assert list(row) == [
        "territory",
        "from",
        "to",
        "status_from",
        "status_to",
        "area_km2",
        "sigma_km2",
        "instruments",
    ]
    assert (row["territory"], row["from"], row["to"], row["area_km2"]) == ("east", "china", None, 7900.25)
    assert (row["status_from"], row["status_to"]) == ("sovereign", "undelimited")
    assert row["sigma_km2"] > 0
    totals = {row["holder"]: (row["area_km2"], row["change_km2"]) for row in document["totals"]}
    assert totals["russia"] == (7900.5, 0)
    assert totals["china"] == (0, -7900.25)
    assert totals[None] == (7900.25, 7900.25)
    assert document["stamp"]["dates"] == ["1699-01-01", "1859-12-31"]


def test_compare_takes_versions_and_says_what_a_year_hides(run):
    result = run("compare", "nerchinsk", "1860", "-f", "csv")
    assert result.code == 0
    assert result.out.splitlines()[1].startswith("east,china,russia,sovereign,sovereign,7900.25,")
    assert result.err == "marchland: 1860 is read as 1860-12-31; land changed hands that year on 1860-11-14\n"


def test_totals_alone_for_csv(run):
    result = run("compare", "1690", "1750", "--totals", "-f", "csv")
    assert result.out.splitlines()[0] == "holder,area_km2,change_km2"
    assert "russia,7900.50,0.00" in result.out.splitlines()


def test_nothing_changed(run):
    document = answer_of(run("compare", "1750", "1751", "-f", "json"))
    assert document["ledger"] == []
    assert all(row["change_km2"] == 0 for row in document["totals"])


@pytest.mark.parametrize(
    "command", [("compare", "1690", "1750"), ("frontier", "1690"), ("versions",), ("where", "101.5", "50.5")]
)
@pytest.mark.parametrize("how", ["table", "csv", "json", "md"])
def test_an_answer_in_a_file_is_the_answer_on_standard_output(run, tmp_path, command, how):
    path = tmp_path / "answer"
    printed = run(*command, "-f", how)
    filed = run(*command, "-f", how, "-o", str(path))
    assert printed.code == filed.code == 0
    assert filed.out == f"{path}\n"
    assert path.read_text(encoding="utf-8") == printed.out


@pytest.mark.parametrize(
    ("command", "name", "how"),
    [
        (("compare", "1690", "1750"), "answer.csv", "csv"),
        (("compare", "1690", "1750"), "answer.JSON", "json"),
        (("versions",), "answer.md", "md"),
        (("versions",), "answer.txt", "table"),
        (("frontier", "1690"), "answer.geojson", "geojson"),
    ],
)
def test_the_ending_of_a_file_says_the_form_of_the_answer(run, tmp_path, command, name, how):
    path = tmp_path / name
    for words in ((*command, "-o", str(path)), (command[0], "-o", str(path), *command[1:])):
        assert run(*words).code == 0
        assert path.read_text(encoding="utf-8") == run(*command, "-f", how).out


def test_a_form_that_is_said_comes_before_the_ending(run, tmp_path):
    path = tmp_path / "rows.csv"
    assert run("versions", "-f", "json", "-o", str(path)).code == 0
    assert path.read_text(encoding="utf-8") == run("versions", "-f", "json").out


@pytest.mark.parametrize(
    ("command", "name"),
    [
        (("compare", "1690", "1750"), "answer.html"),
        (("versions",), "answer.geojson"),
        (("map", "1690"), "1690.csv"),
        (("story",), "story.pdf"),
    ],
)
def test_an_ending_that_stands_for_nothing_made_here_is_refused(run, tmp_path, command, name):
    result = run(*command, "-o", str(tmp_path / name))
    assert (result.code, result.out) == (2, "")
    assert f"cannot tell what '{name}' is to hold: let its name end in ." in result.err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "command",
    [("compare", "1690", "1750"), ("frontier", "1690"), ("versions",), ("map", "1690"), ("where", "v")],
)
def test_an_output_that_cannot_be_written_is_refused_first(run, tmp_path, command):
    result = run(*command, "-o", str(tmp_path / "no" / "x"))
    assert (result.code, result.out) == (2, "")
    assert result.err.endswith("no does not exist; create it first\n")


# --- map


@pytest.fixture
def drawn(monkeypatch):
    """Stand in for the renderer; the calls it got."""
    calls = []

    def page(composite, day, *, basis, lang, relief):
        assert not relief
        calls.append((composite.meta.name, day.isoformat(), basis, lang))
        return SimpleNamespace(save=lambda path: calls.append(str(path)))

    monkeypatch.setattr("marchland.render.page.page", page, raising=False)
    return calls


def test_map_goes_into_maps_out_where_there_is_one(run, drawn, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert run("map", "1700").out == "1700.html\n"
    (tmp_path / "maps_out").mkdir()
    assert (
        run("map", "Beijing", "--basis", "de_facto", "--lang", "zh").out
        == "maps_out/beijing-de_facto-zh.html\n"
    )
    assert drawn == [
        ("toy", "1700-12-31", "de_jure", "en"),
        "1700.html",
        ("toy", "1860-11-14", "de_facto", "zh"),
        "maps_out/beijing-de_facto-zh.html",
    ]


def test_map_of_what_is_no_date_draws_nothing(run, drawn, tmp_path):
    path = tmp_path / "a.html"
    for when, code in (("foo", 4), ("1639", 2), ("2021", 2), ("1860-13", 2)):
        assert run("map", when, "-o", str(path)).code == code
    assert drawn == []
    assert not path.exists()


@pytest.mark.parametrize("how", ["svg", "png", "pdf"])
def test_a_map_whose_name_is_a_picture_s_is_that_of_the_article(run, tmp_path, how):
    picture, kit = tmp_path / f"land.{how}", tmp_path / "kit"
    result = run("map", "1700", "-o", str(picture))
    assert (result.code, result.out) == (0, f"{picture}\n")
    assert run("article", "1700", "-o", str(kit)).code == 0
    assert picture.read_bytes() == (kit / f"map.{how}").read_bytes()


def test_a_picture_has_no_layer_to_switch_on(run, tmp_path):
    result = run("map", "1700", "--relief", "-o", str(tmp_path / "land.png"))
    assert (result.code, result.out) == (2, "")
    assert "--relief is a layer of the page" in result.err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("words", "name"),
    [
        (("1860",), "1860.html"),
        (("1860-11-14",), "1860-11-14.html"),
        (("../../etc/passwd",), "etc-passwd.html"),
        (("Айгунский договор",), "айгунский-договор.html"),
        (("???",), "map.html"),
        (("x" * 300,), "x" * 80 + ".html"),
    ],
)
def test_file_names_are_plain(words, name):
    assert file_name(*words, ending="html") == name


# --- story


def test_story_is_written_where_maps_are(run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    answer = run("story", "--lang", "ru", "--no-relief")
    assert (answer.code, answer.out) == (0, "story-ru.html\n")
    assert '<html lang="ru">' in (tmp_path / "story-ru.html").read_text("utf-8")


def test_story_without_a_folder_is_refused_before_it_is_told(run, tmp_path):
    answer = run("story", "-o", str(tmp_path / "none" / "story.html"))
    assert answer.code == 2
    assert answer.out == ""


# --- build


@pytest.fixture
def builder(monkeypatch, tmp_path):
    """Stand in for the compiler; what it is to report, and the calls it got."""
    report = SimpleNamespace(messages=["12 faces"], drift=[], calls=[])

    def build_dataset(path, *, check, progress):
        progress("compiling", 0.5)
        report.calls.append((path, check))
        return report

    monkeypatch.setattr("marchland.compile.build.build_dataset", build_dataset, raising=False)
    monkeypatch.setattr("marchland.datasets.package.find_dataset", lambda _name: tmp_path, raising=False)
    return report


def test_build_talks_on_standard_error(run, builder, tmp_path):
    result = run("build")
    assert (result.code, result.out, result.err) == (0, "", "marchland: 12 faces\n")
    assert builder.calls == [(tmp_path, False)]


def test_build_check_fails_on_drift(run, builder):
    builder.drift = ["faces.geojson differs", "arcs.json differs"]
    result = run("build", "--check")
    assert (result.code, result.out) == (1, "faces.geojson differs\narcs.json differs\n")
    assert builder.calls[0][1] is True
