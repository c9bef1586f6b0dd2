"""From authored files to a loaded composite: bytes, drift, and nothing half-written."""

import json
import shutil
from pathlib import Path

import pytest

import marchland
from marchland.compile.build import build_dataset
from marchland.errors import CompileError, OutputError
from marchland.files import write_atomic


def content(root):
    return {p.relative_to(root).as_posix(): p.read_bytes() for p in sorted(root.rglob("*")) if p.is_file()}


@pytest.fixture
def sources(small_sources, tmp_path):
    return shutil.copytree(small_sources, tmp_path / "small")


def edit(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_a_build_writes_the_compiled_files_and_the_manifest(small, small_sources):
    new = set(content(small.root)) - set(content(small_sources))
    assert new == {
        "compiled/composite.json",
        "compiled/faces.geojson",
        "compiled/arcs.geojson",
        "compiled/backdrop.geojson",
        "compiled/versions/first-1700.geojson",
        "compiled/versions/second-1800.geojson",
        "compiled/versions/survey-1900.geojson",
    }


def test_a_build_leaves_the_sources_alone(small, small_sources):
    after = content(small.root)
    changed = [name for name, data in content(small_sources).items() if after[name] != data]
    assert changed == ["datapackage.json"]


def test_what_it_says(small):
    said = "\n".join(small.report.messages)
    assert "4 instruments, 5 segments, 4 territories" in said
    assert "segments with ends that part nothing: first-1700/ridge" in said
    assert "1 faces without a label" in said
    assert "joined over more than" not in said
    assert small.report.drift == []


def test_a_long_link_is_told(sources):
    edit(sources / "base" / "divides.geojson", "[110.01, 50]", "[110.025, 50]")
    assert any(
        "joined over more than 1.5 km: fork to divides/ridge (1.8 km)" in line
        for line in build_dataset(sources).messages
    )


def test_bytes_do_not_depend_on_chance(small, sources):
    build_dataset(sources)
    assert content(sources) == content(small.root)
    build_dataset(sources)
    assert content(sources) == content(small.root)


def test_versions_say_who_held_what(small):
    for name, holder in (("first-1700", "china"), ("second-1800", "russia")):
        path = small.root / "compiled" / "versions" / f"{name}.geojson"
        told = json.loads(path.read_text())["features"]
        features = {f["properties"]["territory"]: f for f in told}
        assert sorted(features) == ["isle", "middle", "north", "south"]
        assert len(told) == 4  # by right alone
        assert features["middle"]["properties"]["holder"] == holder
        assert features["middle"]["properties"]["area_km2"] == small.composite.territories["middle"].area_km2
        assert features["middle"]["geometry"]["type"] in {"Polygon", "MultiPolygon"}


def test_the_composite_answers(small):
    ds = small.composite
    assert ds.at(1750).by_territory["middle"].holder == "china"
    assert ds.at(1795, basis="de_facto").by_territory["middle"].holder == "russia"
    assert [row.segment for row in ds.frontier(1850).rows] == [
        "first-1700/bend",
        "first-1700/west",
        "second-1800/lower",
    ]
    assert marchland.compare(ds, 1799, 1801).ledger[0].territory == "middle"


def test_a_clause_along_the_coast_is_carried_by_coast(sources):
    """The coast stays coast, with its own doubt where it is the smaller one."""
    edit(
        sources / "places.csv",
        "ford,",
        "isle-west,node,,W,,,,121,50.1,1,,made_up,\nisle-east,node,,E,,,,121.3,50.1,1,,made_up,\nford,",
    )
    path = sources / "instruments" / "second-1800.toml"
    text = path.read_text(encoding="utf-8")
    clause = text[text.index("[[segments]]") :]
    for old, new in {
        '"lower"': '"isle"',
        '"river"': '"coast"',
        "rivers/great": "land/isle",
        '"fork"': '"isle-west"',
        '"river-mouth"': '"isle-east"',
    }.items():
        clause = clause.replace(old, new)
    path.write_text(text + "\n" + clause, encoding="utf-8")
    build_dataset(sources)
    ds = marchland.load(sources)
    isle = next(face.id for face in ds.faces if face.territory == "isle")
    around = [arc for arc in ds.arcs if isle in (arc.left, arc.right)]
    assert [arc.kind for arc in around] == ["coast", "coast"]
    assert sorted(arc.segments for arc in around) == [(), ("second-1800/isle",)]
    assert [arc.sigma_km for arc in around] == [0.7, 0.7]


def test_a_line_drawn_twice_is_as_certain_as_the_better_drawing(small):
    both = [arc for arc in small.composite.arcs if "survey-1900/survey" in arc.segments]
    assert {arc.sigma_km for arc in both} == {0.1}
    assert all("first-1700/bend" in arc.segments for arc in both)


# --- drift


def test_no_drift_after_a_build(small_copy):
    assert build_dataset(small_copy, check=True).drift == []


def test_a_check_writes_nothing(small_copy):
    edit(small_copy / "territories.csv", "North", "Far North")
    before = content(small_copy)
    assert build_dataset(small_copy, check=True).drift
    assert content(small_copy) == before


def test_an_edited_source_is_drift(small_copy):
    edit(small_copy / "territories.csv", "isle,Isle", "isle,The Isle")
    drift = build_dataset(small_copy, check=True).drift
    assert "compiled/composite.json: differs from its sources" in drift
    assert "datapackage.json: differs from its sources" in drift
    assert "compiled/faces.geojson: differs from its sources" not in drift


def test_an_edited_source_that_changes_no_answer_is_drift_of_the_manifest(small_copy):
    edit(small_copy / "reference.csv", "parts the south", "parts all the south")
    assert build_dataset(small_copy, check=True).drift == ["datapackage.json: differs from its sources"]


@pytest.mark.parametrize("name", ["composite.json", "faces.geojson", "versions/first-1700.geojson"])
def test_an_edited_compiled_file_is_drift(small_copy, name):
    path = small_copy / "compiled" / name
    path.write_bytes(path.read_bytes() + b" ")
    assert build_dataset(small_copy, check=True).drift == [f"compiled/{name}: differs from its sources"]


def test_a_missing_compiled_file_is_drift(small_copy):
    (small_copy / "compiled" / "arcs.geojson").unlink()
    assert build_dataset(small_copy, check=True).drift == ["compiled/arcs.geojson: missing"]


def test_a_stale_file_is_drift_and_goes_with_the_next_build(small_copy):
    stale = small_copy / "compiled" / "versions" / "old-1600.geojson"
    stale.write_text("{}")
    assert build_dataset(small_copy, check=True).drift == [
        "compiled/versions/old-1600.geojson: no source makes it"
    ]
    build_dataset(small_copy)
    assert not stale.exists()
    assert build_dataset(small_copy, check=True).drift == []


def test_all_drift_is_told_at_once(small_copy):
    (small_copy / "compiled" / "notes.txt").write_text("by hand")
    (small_copy / "compiled" / "arcs.geojson").unlink()
    edit(small_copy / "territories.csv", "isle,Isle", "isle,The Isle")
    drift = build_dataset(small_copy, check=True).drift
    assert {line.split(": ", 1)[1] for line in drift} == {
        "missing", "differs from its sources", "no source makes it"
    }  # fmt: skip


def test_an_edited_manifest_is_drift(small_copy):
    edit(small_copy / "datapackage.json", '"bytes": ', '"bytes": 1')
    assert build_dataset(small_copy, check=True).drift == ["datapackage.json: differs from its sources"]


# --- what cannot be built


@pytest.mark.parametrize(
    ("name", "old", "new", "message"),
    [
        ("places.csv", ",110,50,2,", ",x,50,2,", r"places\.csv, fork"),
        ("instruments/first-1700.toml", "[names]", "[names", r"instruments/first-1700\.toml"),
        ("tenures.csv", "1700-03-01,1800-06-01,china", "1700-03-01,1800-05-01,china", "middle: gap"),
        ("places.csv", ",110,50,2,", ",110,50.9,2,", r"fork lies 99.8 km from borders/survey"),
        ("territories.csv", ",116,49.5,", ",125,49.5,", "the label of middle at 125 49.5"),
        ("territories.csv", ",116,49.5,", ",108,46,", "are one face"),
        ("instruments/second-1800.toml", "rivers/great", "rivers/small", "no feature 'rivers/small'"),
        (
            "instruments/second-1800.toml",
            '"river"',
            '"watershed"',
            "second-1800/lower: a watershed cannot follow",
        ),
        ("backdrop.csv", "outland,100.5,44.5,\n", "", "no label claims, beside south"),
        ("datapackage.json", '"name"', "name", r"cannot read datapackage\.json"),
        ("datapackage.json", "holders.csv", "owners.csv", r"lists owners\.csv, which cannot be read"),
    ],
)
def test_bad_sources_are_refused_and_nothing_is_written(small_copy, name, old, new, message):
    edit(small_copy / name, old, new)
    before = content(small_copy)
    with pytest.raises(CompileError, match=message):
        build_dataset(small_copy)
    assert content(small_copy) == before


def test_a_line_no_clause_draws_is_refused(small_copy):
    path = small_copy / "instruments" / "second-1800.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text[: text.index("[[segments]]")], encoding="utf-8")
    edit(small_copy / "reference.csv", "outland,", "outland,\nrivers/great,2,,fork")
    with pytest.raises(
        CompileError, match=r"wrong in 5 places: a\d+ \(907 km, middle \| south\) has no segment on"
    ):
        build_dataset(small_copy)


@pytest.mark.parametrize(
    "text", ["[]", "{}", '{"resources": []}', '{"temporal": {"start": "x", "as_of": "y"}, "resources": []}']
)
def test_a_manifest_that_is_none_is_refused(small_copy, text):
    (small_copy / "datapackage.json").write_text(text)
    with pytest.raises(CompileError, match=r"datapackage\.json"):
        build_dataset(small_copy)


def test_a_folder_without_a_manifest_is_refused(tmp_path):
    with pytest.raises(CompileError, match=r"cannot read datapackage\.json"):
        build_dataset(tmp_path)


@pytest.mark.parametrize("failing", range(8))
def test_a_write_that_fails_leaves_every_file_whole_and_the_manifest_old(small_copy, monkeypatch, failing):
    """Whichever file cannot be written, a file is old or new, and loading tells a mixture."""
    edit(small_copy / "territories.csv", "isle,Isle", "isle,The Isle")
    edit(small_copy / "base" / "land.geojson", "[100, 56]", "[100.5, 56]")
    old = content(small_copy)
    new_root = Path(shutil.copytree(small_copy, small_copy.with_name("new")))
    build_dataset(new_root)
    new = content(new_root)
    done = []

    def write(path, text):
        if len(done) == failing:
            msg = f"cannot write {path}: no space left on device"
            raise OutputError(msg)
        done.append(path)
        return write_atomic(path, text)

    monkeypatch.setattr("marchland.compile.build.write_atomic", write)
    with pytest.raises(OutputError, match="no space left"):
        build_dataset(small_copy)
    now = content(small_copy)
    assert set(now) == set(old)
    assert all(data in (old[name], new[name]) for name, data in now.items())
    assert now["datapackage.json"] == old["datapackage.json"]


def test_a_folder_that_cannot_be_written_to(sources, monkeypatch):
    def refuse(*_args, **_options):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "mkdir", refuse)
    with pytest.raises(OutputError, match="Permission denied"):
        build_dataset(sources)
