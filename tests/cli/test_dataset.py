"""The command line on the built-in dataset: contract, golden examples, time, and broken files."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from marchland import __version__

GOLDEN = Path(__file__).parent / "golden"
DATASET = Path(__file__).parents[2] / "geodata" / "russia-china"

EXAMPLES = {
    "versions.json": ("versions", "-f", "json"),
    "versions.txt": ("versions",),
    "where.json": ("where", "131.9", "43.1", "-f", "json"),
    "where-at.json": ("where", "131.9", "43.1", "--at", "1859", "-f", "json"),
    "where-place.txt": ("where", "Vladivostok"),
    "compare.json": ("compare", "1857", "1859", "-f", "json"),
    "compare.csv": ("compare", "1857", "1859", "-f", "csv"),
    "compare.md": ("compare", "1857", "1859", "-f", "md"),
    "compare.txt": ("compare", "1857", "1859"),
    "frontier.json": ("frontier", "1860", "-f", "json"),
    "frontier.txt": ("frontier", "kyakhta-1727"),
    "treaty.json": ("treaty", "aigun-1858", "-f", "json"),
    "treaty.txt": ("treaty", "livadia"),
    "events.csv": ("events", "--chapters", "-f", "csv"),
    "events.txt": ("events", "1850", "1900", "--lang", "zh"),
    "relations.txt": ("relations", "1900"),
    "claims.csv": ("claims", "-f", "csv"),
    "claims.txt": ("claims", "book-length-1900", "peking-ussuri"),
}


@pytest.mark.parametrize("name", EXAMPLES)
def test_examples(run, golden, name):
    result = run(*EXAMPLES[name])
    assert result.code == 0, result.err
    program = re.compile(rf'("program": ?)"marchland {re.escape(__version__)}"')
    assert len(program.findall(result.out)) == (1 if name.endswith((".json", ".md")) else 0)
    # a release changes this and nothing else
    golden(GOLDEN / name, program.sub(r'\1"marchland VERSION"', result.out))


def test_every_example_belongs_to_a_test():
    assert {path.name for path in GOLDEN.iterdir()} == set(EXAMPLES)


STAMP = {
    "dataset": str,
    "version": str,
    "hash": str,
    "basis": str | None,
    "dates": list,
    "method": str,
    "crs": str,
    "citation": str,
    "licence": str,
    "attribution": str,
}
LEDGER = {
    "territory": str,
    "from": str | None,
    "to": str | None,
    "status_from": str | None,
    "status_to": str | None,
    "area_km2": float,
    "sigma_km2": float,
    "instruments": list,
}
TOTALS = {"holder": str | None, "area_km2": float, "change_km2": float}
PAIRS = {
    "from": str | None,
    "to": str | None,
    "area_km2": float,
    "sigma_km2": float,
    "net_km2": float,
    "net_sigma_km2": float,
    "gross_km2": float,
    "noise_km2": float | None,
    "change": str,
}
HOLDERS = {
    "holder": str | None,
    "gained_km2": float,
    "lost_km2": float,
    "net_km2": float,
    "sigma_km2": float,
}
COMPARISON = {"ledger": LEDGER, "totals": TOTALS, "pairs": PAIRS, "holders": HOLDERS}
AREAS = {"date": str, "holder": str | None, "area_km2": float, "sigma_km2": float}
LENGTHS = {"date": str, "length_km": float, "sigma_km": float}
TENURES = {
    "territory": str,
    "holder": str | None,
    "status": str,
    "basis": str,
    "start": str,
    "end": str | None,
    "instrument": str | None,
}
FRONTIER = {
    "segment": str,
    "instrument": str,
    "article": str | None,
    "rule": str,
    "stage": str | None,
    "length_km": float,
    "sigma_km": float,
}
VERSIONS = {
    "id": str,
    "title": str,
    "signed": str | None,
    "in_force": str | None,
    "date": str | None,
    "until": str | None,
    "status": str,
}
CONTRACT = [
    (("versions",), {"rows": VERSIONS}),
    (("where", "131.9", "43.1"), {"place": None, "lon": None, "lat": None, "rows": TENURES}),
    (("where", "131.9", "43.1", "--at", "1859"), {"place": None, "lon": None, "lat": None, "rows": TENURES}),
    (("compare", "1689", "1860"), COMPARISON),
    (("compare", "1913", "1950", "--basis", "de_facto"), COMPARISON),
    (("series",), {"areas": AREAS, "frontier": LENGTHS}),
    (("matrix", "1689", "1860"), {"rows": {"date": str, "1689-12-31": float, "1860-12-31": float}}),
    (("frontier", "1727"), {"rows": FRONTIER}),
    (("frontier", "2010"), {"rows": FRONTIER}),
]


@pytest.mark.parametrize(("args", "parts"), CONTRACT, ids=lambda value: " ".join(value))
def test_json_keeps_its_contract(run, args, parts):
    result = run(*args, "-f", "json")
    assert result.code == 0, result.err
    document = json.loads(result.out)
    assert list(document) == [*parts, "stamp"]
    assert {name: isinstance(document["stamp"][name], kind) for name, kind in STAMP.items()} == dict.fromkeys(
        STAMP, True
    )
    for key, columns in parts.items():
        for row in document[key] if columns else ():
            assert list(row) == list(columns)
            assert [name for name, kind in columns.items() if not isinstance(row[name], kind)] == []


@pytest.mark.parametrize(
    ("first", "last"), [("1689", "1860"), ("1857", "1859"), ("1880", "1884"), ("1640", "2020")]
)
def test_the_ledger_sums_to_the_totals_to_the_last_digit(run, first, last):
    document = json.loads(run("compare", first, last, "-f", "json").out)
    change = {row["holder"]: 0 for row in document["totals"]}
    for row in document["ledger"]:
        if row["from"] != row["to"]:  # the status alone may change
            change[row["to"]] = change.get(row["to"], 0) + _hundredths(row["area_km2"])
            change[row["from"]] = change.get(row["from"], 0) - _hundredths(row["area_km2"])
    assert change == {row["holder"]: _hundredths(row["change_km2"]) for row in document["totals"]}


def _hundredths(number):
    """Return a printed number as whole hundredths, from its digits."""
    sign, whole, part = re.fullmatch(r"(-?)(\d+)\.(\d{1,2})", repr(float(number))).groups()
    return int(f"{sign}{whole}{part:0<2}")


@pytest.mark.parametrize(
    ("args", "code"),
    [
        (("map", "foo"), 4),
        (("map", "1639"), 2),
        (("map", "2999"), 2),
        (("map", "livadia-1879"), 2),
        (("compare", "1860", "1860-02-30"), 2),
        (("where", "Atlantis"), 4),
        (("where", "-30", "0"), 4),
        (("frontier", "1860", "--data", "/nowhere"), 3),
        (("versions", "--data", "/nowhere"), 3),
        (("map", "1860", "-o", "/nowhere/a.html"), 2),
        (("map", "1860", "-o", "/"), 2),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else str(value),
)
def test_bad_input_is_one_line_and_a_code(run, tmp_path, monkeypatch, args, code):
    monkeypatch.chdir(tmp_path)
    result = run(*args)
    assert (result.code, result.out) == (code, ""), result.err
    assert result.err.startswith("marchland: ")
    assert result.err.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def copy(tmp_path):
    """A copy of the dataset as it is installed, to be harmed."""
    folder = tmp_path / "copy"
    shutil.copytree(DATASET, folder, ignore=shutil.ignore_patterns("base", "versions"))
    return folder


READS = [
    ("datapackage.json", ("versions",)),
    ("compiled/composite.json", ("compare", "1857", "1859")),
    ("compiled/faces.geojson", ("where", "131.9", "43.1")),
    ("compiled/arcs.geojson", ("frontier", "1860", "-f", "geojson")),
    ("compiled/arcs.geojson", ("map", "1860", "-o", "map.html")),
    ("compiled/backdrop.geojson", ("map", "1860", "-o", "map.html")),
]


@pytest.mark.parametrize("harm", ["missing", "truncated", "garbled", "changed"])
@pytest.mark.parametrize(
    ("name", "args"), READS, ids=lambda value: value if isinstance(value, str) else value[0]
)
def test_a_harmed_file_is_named_in_one_line(run, copy, monkeypatch, harm, name, args):
    monkeypatch.chdir(copy.parent)
    if harm == "changed" and name == "datapackage.json":
        pytest.skip("the manifest is what the others are held against")
    _harm(copy / name, harm)
    result = run(*args, "--data", str(copy))
    assert (result.code, result.out) == (3, ""), result.err
    assert result.err.startswith("marchland: ")
    assert result.err.count("\n") == 1
    assert name.rpartition("/")[2] in result.err
    assert [path.name for path in copy.parent.iterdir()] == ["copy"]


def test_a_whole_copy_answers_as_the_built_in_dataset_does(run, copy):
    args = ("compare", "1689", "1860", "-f", "json")
    assert run(*args, "--data", str(copy)) == run(*args)


def _harm(path, how):
    if how == "missing":
        path.unlink()
    elif how == "truncated":
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    elif how == "garbled":
        path.write_bytes(b"\xff\xfe{" + path.read_bytes()[::-1])
    else:  # still JSON, but not what the manifest says
        path.write_bytes(path.read_bytes() + b" ")


# What makes a command slow is what it imports: these stay out, whatever the machine's speed.
@pytest.mark.parametrize(
    ("args", "unwanted"),
    [
        (("compare", "1689", "1860"), "numpy pandas geopandas shapely pyproj folium matplotlib"),
        (("where", "Vladivostok"), "pandas geopandas folium matplotlib"),
        (("map", "1860"), "geopandas matplotlib.pyplot"),
    ],
    ids=["compare", "where", "map"],
)
def test_a_command_imports_only_what_it_needs(tmp_path, args, unwanted):
    code = (
        "import sys; from marchland.cli.main import main; "
        f"main({list(args)!r}); print(sorted(set({unwanted.split()!r}) & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=tmp_path
    )
    assert done.stderr.splitlines()[-1] == "[]"


def test_map_is_written_whole_and_named(spawn, tmp_path):
    done = spawn("map", "kyakhta-1727", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, b"kyakhta-1727.html\n"), done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["kyakhta-1727.html"]
    text = (tmp_path / "kyakhta-1727.html").read_text(encoding="utf-8")
    assert text.lstrip().lower().startswith("<!doctype html>")
    assert text.rstrip().lower().endswith("</html>")


def test_the_compiled_files_are_what_the_sources_say(run):
    result = run("build", "--check")
    assert (result.code, result.out) == (0, ""), result.err


def test_topojson_has_the_clauses_on_the_arcs_of_the_land(run):
    found = json.loads(run("export", "1860", "-f", "topojson").out)
    land, lines = (found["objects"][key]["geometries"] for key in ("territories", "frontier"))
    tumen = next(item for item in lines if item["id"] == "peking-1860/tumen-divide")
    assert tumen["properties"]["instrument"] == "peking-1860"

    def arcs(item):
        return {n if n >= 0 else ~n for n in arcs_in(item["arcs"])}

    def arcs_in(nested):
        for part in nested:
            yield from [part] if isinstance(part, int) else arcs_in(part)

    bounding = set().union(*(arcs(item) for item in land))
    assert {item["id"] for item in lines if arcs(item) - bounding} == set()
