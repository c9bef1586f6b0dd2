"""Files rerun from their stamps: the same to the last byte, or told what differs."""

import json
import shutil
from pathlib import Path

import pytest

from marchland.stamps import read_stamp

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
    ("compare", "1857", "1861", "--by", "pair", "-f", "md"),
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


def test_a_page_and_a_picture_are_the_same_whatever_they_are_called(run, made, tmp_path):
    made("map", "1727", name="page.html").rename(tmp_path / "page.bak")
    made("map", "1727", name="land.svg").rename(tmp_path / "land-2.svg")
    for name in ("page.bak", "land-2.svg"):
        result = run("reproduce", str(tmp_path / name))
        assert (result.code, result.err) == (0, "")


def test_a_story_is_the_same(run, made):
    path = made("story", "--no-relief", "--lang", "ru", name="story.html")
    result = run("reproduce", str(path))
    assert (result.code, result.err) == (0, "")


def test_a_kit_is_the_same(run, made, tmp_path):
    kit = made("article", "1860", "--sigma", "2", "--correlation", "50", name="kit")
    result = run("reproduce", str(kit))
    assert (result.code, result.err) == (0, "")
    alone = tmp_path / "picture.pdf"  # a picture has left its folder, and has another name
    shutil.copy(kit / "map.pdf", alone)
    assert run("reproduce", str(alone)).code == 0
    for name in ("map.svg", "map.png", "card.png"):
        assert read_stamp(kit / name)["request"]["part"] == name


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
        (("compare", "1857", "1861", "-f", "table"), "c.txt"),
        (("compare", "1857", "1861", "-f", "table"), "c.json"),
    ],
)
def test_a_file_without_a_request_is_bad_data(run, made, words, name):
    result = run("reproduce", str(made(*words, name=name)), "--data", "toy")
    assert (result.code, result.out) == (3, "")
    assert "has no stamp that says what was asked" in result.err


def test_what_compares_or_checks_files_is_told_where_they_are(run, made, tmp_path):
    first, second = tmp_path / "a.geojson", tmp_path / "b.geojson"
    first.write_bytes((CASES / "versions.geojson").read_bytes())
    second.write_bytes((CASES / "versions.geojson").read_bytes())
    whole = made("sources", str(first), str(second), "--at", "1840", "--all", "-f", "json")
    stamp = json.loads(whole.read_bytes())["stamp"]
    assert stamp["request"]["files"] == ["a.geojson", "b.geojson"]
    assert str(tmp_path) not in json.dumps(stamp)
    moved = tmp_path / "elsewhere"
    moved.mkdir()
    first, second = first.rename(moved / "a.geojson"), second.rename(moved / "b.geojson")
    result = run("reproduce", str(whole))
    assert (result.code, result.out) == (3, "")
    assert "made of a.geojson, b.geojson: say with --input where that is now" in result.err
    words = ("reproduce", str(whole), "--input", str(first), "--input")
    assert run(*words, str(second)).code == 0
    assert "no such file" in run(*words, str(moved / "c.geojson")).err
    second.write_text(second.read_text("utf-8").replace('"Ada"', '"Eva"'), "utf-8")
    result = run(*words, str(second))
    assert result.code == 1
    assert "second dataset's hash: " in result.out


@pytest.mark.parametrize("how", ["json", "md"])
def test_a_check_of_a_file_is_the_same(run, made, tmp_path, how):
    path = made("validate", str(CASES / "versions.geojson"), "--holder", "holder", "-f", how, name=f"x.{how}")
    words = ("reproduce", str(path), "--input")
    assert run(*words, str(CASES / "versions.geojson")).code == 0
    other = tmp_path / "versions.geojson"
    other.write_text((CASES / "versions.geojson").read_text("utf-8") + " ", "utf-8")
    result = run(*words, str(other))
    assert result.code == 1
    assert "dataset's hash: " in result.out


@pytest.mark.usefixtures("toy")
@pytest.mark.parametrize("how", ["json", "md"])
def test_carried_numbers_are_the_same(run, made, tmp_path, how):
    numbers = tmp_path / "people.csv"
    numbers.write_text("holder,people\nrussia,1000\n")
    path = made("carry", str(numbers), "1857", "1861", "-f", how, name=f"carried.{how}")
    words = ("reproduce", str(path), "--data", "toy")
    assert run(*words, "--input", str(numbers)).code == 0
    assert "say with --input where that is now" in run(*words).err
    assert "made of fewer files" in run(*words, "--input", str(numbers), "--input", str(numbers)).err
    numbers.write_text("holder,people\nrussia,1001\n")
    assert run(*words, "--input", str(numbers)).code == 1


@pytest.mark.usefixtures("toy")
@pytest.mark.parametrize("ending", ["svg", "png"])
def test_a_chart_is_the_same(run, tmp_path, ending):
    chart = tmp_path / f"areas.{ending}"
    words = ("series", "--holder", "russia", "--lang", "ru", "--chart", str(chart), "-f", "csv")
    assert run(*words, "-o", str(tmp_path / "areas.csv")).code == 0
    result = run("reproduce", str(chart), "--data", "toy")
    assert result.code == 0, result.out + result.err
    assert "marchland series " in result.out
    content = chart.read_bytes()
    chart.write_bytes(content[:-20] + bytes([content[-20] ^ 1]) + content[-19:])
    assert run("reproduce", str(chart), "--data", "toy").code == 1


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
        ["validate", "{}"],
        ["carry", "/etc/passwd", "1857", "1861"],
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


@pytest.mark.usefixtures("toy")
@pytest.mark.parametrize(
    "request_",
    [
        {"arguments": ["versions"], "part": "chart"},
        {"arguments": ["article", "1860"], "part": "../x"},
        {"arguments": ["validate"], "files": ["/etc/passwd"]},
        {"arguments": ["versions"], "files": ["a"]},
        {"arguments": ["series"], "part": ["chart"]},
        {"arguments": ["carry", "1857", "1861"], "files": {"a": 1}},
    ],
    ids=str,
)
def test_a_forged_stamp_names_no_file_and_no_part_that_is_not_made(run, tmp_path, request_):
    path = tmp_path / "forged.json"
    path.write_text(json.dumps({"stamp": {"dataset": "toy", "request": request_}}))
    result = run("reproduce", str(path), "--data", "toy")
    assert (result.code, result.out) == (3, "")
    assert [p.name for p in tmp_path.iterdir()] == ["forged.json"]
