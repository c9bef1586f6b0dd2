"""Files rerun from their stamps: the same to the last byte, or told what differs."""

import json
import shutil
from pathlib import Path

import pytest

CASES = Path(__file__).parents[1] / "cases" / "versions"

TABLES = [
    ("versions", "-f", "json"),
    ("compare", "1857", "1861", "--by", "pair", "--sigma", "2", "-f", "json"),
    ("matrix", "1650", "1861", "-f", "json"),
    ("series", "--holder", "russia", "-f", "json"),
    ("where", "Vladivostok", "--at", "1861", "-f", "json"),
    ("frontier", "1650", "-f", "json"),
    ("frontier", "1650", "-f", "geojson"),
    ("treaty", "peking-1860", "-f", "json"),
    ("claims", "-f", "json"),
    ("export", "1850", "--basis", "de_facto"),
    ("export", "1861", "-f", "topojson"),
    ("export", "--what", "tenures", "-f", "linked-places"),
]


@pytest.fixture
def made(run, tmp_path):
    """Ask something with the answer in a file, and return the file."""

    def make(*words, name="answer.json"):
        path = tmp_path / name
        result = run(*words, "-o", str(path))
        assert result.code == 0, result.err
        return path

    return make


@pytest.mark.usefixtures("toy")
@pytest.mark.parametrize("words", TABLES, ids=" ".join)
def test_an_answer_is_the_same(run, made, words):
    path = made(*words)
    result = run("reproduce", str(path), "--data", "toy")
    assert result.code == 0, result.out + result.err
    assert "is the same to the last byte: marchland " + words[0] in result.out


@pytest.mark.usefixtures("toy")
@pytest.mark.parametrize("ending", ["geojson", "topojson", "kml", "jsonld", "gpkg", "parquet"])
def test_an_export_of_any_format_is_the_same(run, made, ending):
    path = made("export", "1861", name=f"land.{ending}")
    result = run("reproduce", str(path), "--data", "toy")
    assert result.code == 0, result.out + result.err


def test_a_page_is_the_same_and_a_change_is_told(run, made):
    path = made("map", "1727", "--reading", "uda=north", "--lang", "zh", name="page.html")
    result = run("reproduce", str(path))
    assert (result.code, result.err) == (0, "")
    assert "--reading uda=north 1727-12-31" in result.out
    path.write_text(path.read_text("utf-8").replace("</body>", "<p>more</p></body>"), "utf-8")
    result = run("reproduce", str(path))
    assert result.code == 1
    assert "bytes:" in result.out
    assert "they part at byte" in result.out


def test_a_story_is_the_same(run, made):
    path = made("story", "--no-relief", "--lang", "ru", name="story.html")
    result = run("reproduce", str(path))
    assert (result.code, result.err) == (0, "")


def test_a_kit_is_the_same(run, made):
    words = ("article", "1860", "--sigma", "2", "--correlation", "50")
    result = run("reproduce", str(made(*words, name="kit")))
    assert (result.code, result.err) == (0, "")


@pytest.mark.usefixtures("toy")
def test_a_kit_is_compared_file_by_file(run, made, tmp_path):
    kit = made("article", "1860", name="kit")
    whole = (kit / "caption.txt").read_bytes()
    (kit / "caption.txt").write_bytes(b"forged")
    (kit / "alt.txt").unlink()
    (kit / "note.txt").write_text("mine")
    result = run("reproduce", str(kit), "--data", "toy", "-o", str(tmp_path / "again"))
    assert result.code == 1
    assert "caption.txt: bytes: 6 in the file" in result.out
    assert "alt.txt: missing from the folder" in result.out
    assert "note.txt: not made by the rerun" in result.out
    assert (tmp_path / "again" / "caption.txt").read_bytes() == whole


@pytest.mark.usefixtures("toy")
def test_the_first_row_that_differs_is_told_and_the_rerun_kept(run, made, tmp_path):
    path = made("compare", "1857", "1861", "-f", "json")
    whole = path.read_bytes()
    document = json.loads(whole)
    document["ledger"][0]["area_km2"] = 1.5
    path.write_text(json.dumps(document, ensure_ascii=False, indent=2) + "\n")
    again = tmp_path / "again.json"
    result = run("reproduce", str(path), "--data", "toy", "-o", str(again))
    assert result.code == 1
    assert "ledger, row 1: area_km2 1.5 in the file, 7900.25 now" in result.out
    assert again.read_bytes() == whole


@pytest.mark.usefixtures("toy")
def test_another_dataset_and_another_program_are_told(run, made):
    path = made("compare", "1857", "1861", "-f", "json")
    document = json.loads(path.read_bytes())
    document["stamp"]["hash"] = "ffff0000"
    document["stamp"]["request"]["program"] = "marchland 0.0.1"
    path.write_text(json.dumps(document, ensure_ascii=False, indent=2) + "\n")
    result = run("reproduce", str(path), "--data", "toy")
    assert result.code == 1
    assert "dataset's hash: ffff0000 in the file, 0123abcd now" in result.out
    assert "program: marchland 0.0.1 in the file" in result.out


def test_boundaries_of_ones_own_are_found_where_they_are_now(run, made, tmp_path):
    first = tmp_path / "here.geojson"
    shutil.copy(CASES / "cshapes.geojson", first)
    words = ("compare", "1959-01-02", "1959-01-03", "--preset", "cshapes", "-f", "json")
    path = made(*words, "--data", str(first))
    assert json.loads(path.read_bytes())["stamp"]["opened"] == {"preset": "cshapes"}
    result = run("reproduce", str(path))
    assert result.code == 3
    assert "say with --data where that is now" in result.err
    assert run("reproduce", str(path), "--data", str(first)).code == 0
    first.write_text(first.read_text("utf-8").replace('"Ada"', '"Eva"'), "utf-8")
    result = run("reproduce", str(path), "--data", str(first))
    assert result.code == 1
    assert "dataset's hash: " in result.out
    assert 'from "Ada" in the file, "Eva" now' in result.out


@pytest.mark.usefixtures("toy")
@pytest.mark.parametrize(
    ("words", "name"),
    [
        (("compare", "1857", "1861", "-f", "csv"), "c.csv"),
        (("compare", "1857", "1861", "-f", "md"), "c.md"),
        (("compare", "1857", "1861", "-f", "table"), "c.json"),
    ],
)
def test_a_file_without_a_request_is_bad_data(run, made, words, name):
    result = run("reproduce", str(made(*words, name=name)), "--data", "toy")
    assert (result.code, result.out) == (3, "")
    assert "has no stamp that says what was asked" in result.err


@pytest.mark.usefixtures("toy")
def test_no_file_is_bad_data(run, tmp_path):
    result = run("reproduce", str(tmp_path / "none.json"))
    assert (result.code, result.out) == (3, "")
    assert "no such file" in result.err


@pytest.mark.usefixtures("toy")
@pytest.mark.parametrize(
    "arguments",
    [
        ["build", "."],
        ["map", "1860", "--output", "{}"],
        ["series", "--chart", "{}", "--format", "json"],
        ["compare", "--data", "{}", "1857", "1861"],
        ["compare", "--scheduler", "tcp://example.org:1", "1857", "1861"],
        ["compare", "--help"],
        ["no-command"],
        ["versions", "\x1b[2J"],
    ],
    ids=" ".join,
)
def test_a_forged_stamp_can_ask_for_nothing_but_an_answer(run, tmp_path, arguments):
    target = tmp_path / "written.svg"
    words = [word.replace("{}", str(target)) for word in arguments]
    path = tmp_path / "forged.json"
    path.write_text(json.dumps({"stamp": {"dataset": "toy", "request": {"arguments": words}}}))
    result = run("reproduce", str(path), "--data", "toy")
    assert (result.code, result.out) == (3, "")
    assert "asks for what marchland does not write" in result.err
    assert "\x1b" not in result.err
    assert not target.exists()
