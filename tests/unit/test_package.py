"""Loading a dataset folder, whole or broken."""

import csv
import hashlib
import json
import shutil
from datetime import date
from pathlib import Path

import pytest

import marchland
from marchland.datasets.package import find_dataset
from marchland.errors import DataError, MarchlandError, NotFoundError
from marchland.pictures import Picture

REMEDY = "run 'marchland build' or install it again"
GEOMETRY = {
    "faces.geojson": "face_geometries",
    "arcs.geojson": "arc_geometries",
    "backdrop.geojson": "backdrop",
}


def test_by_path(small):
    for given in (small.root, str(small.root)):
        assert marchland.load(given).meta.name == "small"


def test_by_name():
    ds = marchland.load("russia-china")
    assert ds.meta.name == "russia-china"
    assert ds.meta.hash == marchland.load().meta.hash


def test_by_a_relative_path(small, monkeypatch):
    monkeypatch.chdir(small.root.parent)
    assert marchland.load("small").meta.name == "small"
    monkeypatch.chdir(small.root)
    assert marchland.load(".").meta.name == "small"


def test_what_it_says_of_itself(small):
    meta = small.composite.meta
    assert (meta.title, meta.version, meta.licence) == ("A made-up island", "1.0.0", "CC0-1.0")
    assert (meta.first_date, meta.as_of) == (date(1640, 1, 1), date(2000, 6, 30))
    assert meta.hash.startswith("sha256:")


def test_the_hash_follows_the_sources(small, small_copy):
    assert marchland.load(small_copy).meta.hash == small.composite.meta.hash
    manifest = json.loads((small_copy / "datapackage.json").read_text())
    manifest["resources"][0]["hash"] = "sha256:0"
    (small_copy / "datapackage.json").write_text(json.dumps(manifest))
    assert marchland.load(small_copy).meta.hash != small.composite.meta.hash


@pytest.mark.parametrize("name", ["nowhere", "", "russia-chine"])
def test_an_unknown_name(name, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(MarchlandError) as caught:
        find_dataset(name)
    if name:
        assert isinstance(caught.value, NotFoundError)
        assert caught.value.suggestions == ("russia-china",)


def test_a_path_that_does_not_exist(tmp_path):
    with pytest.raises(DataError, match="does not exist; give the folder of a dataset"):
        marchland.load(tmp_path / "nothing")


def test_a_folder_that_is_no_dataset(tmp_path):
    with pytest.raises(DataError, match=r"holds no datapackage\.json; give the folder"):
        marchland.load(tmp_path)


def test_a_file_for_a_folder(small):
    with pytest.raises(DataError, match="give the folder of a dataset"):
        marchland.load(small.root / "datapackage.json")


# --- broken files


def test_a_corrupt_byte_in_the_store(small_copy):
    path = small_copy / "compiled" / "composite.json"
    data = path.read_bytes()
    path.write_bytes(data.replace(b"317171", b"317172", 1))
    assert path.read_bytes() != data
    with pytest.raises(DataError, match=f"composite.json is not the file its manifest describes; {REMEDY}"):
        marchland.load(small_copy)


@pytest.mark.parametrize("name", GEOMETRY)
def test_a_corrupt_byte_in_the_geometry_is_told_when_it_is_asked_for(small_copy, name):
    path = small_copy / "compiled" / name
    path.write_bytes(path.read_bytes()[:-3] + b"1]}")
    ds = marchland.load(small_copy)
    with pytest.raises(DataError, match=f"{name} is not the file its manifest describes; {REMEDY}"):
        getattr(ds, GEOMETRY[name])


@pytest.mark.parametrize("name", GEOMETRY)
def test_missing_geometry_is_told_when_it_is_asked_for(small_copy, name):
    (small_copy / "compiled" / name).unlink()
    ds = marchland.load(small_copy)
    assert ds.at(1850).rows
    with pytest.raises(DataError, match=f"{name}: No such file or directory; {REMEDY}"):
        getattr(ds, GEOMETRY[name])


def test_a_missing_store(small_copy):
    (small_copy / "compiled" / "composite.json").unlink()
    with pytest.raises(DataError, match=f"composite.json: No such file or directory; {REMEDY}"):
        marchland.load(small_copy)


def test_a_truncated_store(small_copy):
    path = small_copy / "compiled" / "composite.json"
    path.write_bytes(path.read_bytes()[:1000])
    with pytest.raises(DataError, match=REMEDY):
        marchland.load(small_copy)


MANIFESTS = {
    "empty": "",
    "no JSON": "{",
    "a list": "[]",
    "a number": "7",
    "no resources": '{"name": "small"}',
    "resources without hash": '{"name": "small", "resources": [{"path": "x"}]}',
    "resources of text": '{"name": "small", "resources": "all"}',
    "resources null": '{"name": "small", "resources": null}',
}


@pytest.mark.parametrize("case", MANIFESTS)
def test_a_bad_manifest(small_copy, case):
    (small_copy / "datapackage.json").write_text(MANIFESTS[case])
    with pytest.raises(DataError, match=f"datapackage.json.*{REMEDY}"):
        marchland.load(small_copy)


@pytest.mark.parametrize(
    "key", ["name", "title", "version", "temporal", "licenses", "attribution", "citation", "resources"]
)
def test_a_manifest_that_lacks_a_key(small_copy, key):
    path = small_copy / "datapackage.json"
    manifest = json.loads(path.read_text())
    del manifest[key]
    path.write_text(json.dumps(manifest))
    with pytest.raises(DataError, match=rf"datapackage\.json.*{key if key != 'resources' else ''}"):
        marchland.load(small_copy)


def test_a_manifest_in_another_encoding(small_copy):
    (small_copy / "datapackage.json").write_bytes(b'{"name": "\xff"}')
    with pytest.raises(DataError, match=REMEDY):
        marchland.load(small_copy)


def test_a_wrong_hash(small_copy):
    path = small_copy / "datapackage.json"
    manifest = json.loads(path.read_text())
    for resource in manifest["resources"]:
        if resource["path"].endswith("composite.json"):
            resource["hash"] = "sha256:" + "0" * 64
    path.write_text(json.dumps(manifest))
    with pytest.raises(DataError, match=f"is not the file its manifest describes; {REMEDY}"):
        marchland.load(small_copy)


def test_a_resource_the_manifest_does_not_list(small_copy):
    path = small_copy / "datapackage.json"
    manifest = json.loads(path.read_text())
    manifest["resources"] = [r for r in manifest["resources"] if "composite" not in r["path"]]
    path.write_text(json.dumps(manifest))
    with pytest.raises(DataError, match=REMEDY):
        marchland.load(small_copy)


def _reseal(root, change):
    """Change the store and the hash that the manifest gives it."""
    from hashlib import sha256

    store = root / "compiled" / "composite.json"
    record = json.loads(store.read_text(encoding="utf-8"))
    change(record)
    store.write_text(json.dumps(record), encoding="utf-8")
    manifest = json.loads((root / "datapackage.json").read_text())
    for resource in manifest["resources"]:
        if resource["path"] == "compiled/composite.json":
            resource["hash"] = f"sha256:{sha256(store.read_bytes()).hexdigest()}"
    (root / "datapackage.json").write_text(json.dumps(manifest))


STORES = {
    "no arcs": lambda record: record.pop("arcs"),
    "a field of the future": lambda record: record["tenures"][0].update(colour="red"),
    "a day that is none": lambda record: record["tenures"][0].update(start="1700-02-30"),
    "a status that is none": lambda record: record["tenures"][0].update(status="sold"),
    "a short row": lambda record: record["arcs"].append(["a9999"]),
    "a list for an object": lambda record: record.update(places=[]),
    "no start": lambda record: record["tenures"][0].pop("start"),
}


@pytest.mark.parametrize("case", STORES)
def test_a_store_of_another_version(small_copy, case):
    _reseal(small_copy, STORES[case])
    with pytest.raises(DataError, match=f"not a store of this version of marchland .*{REMEDY}"):
        marchland.load(small_copy)


def test_a_resealed_store_loads(small_copy):
    _reseal(small_copy, lambda record: record["places"].clear())
    assert marchland.load(small_copy).places == {}


def test_loading_reads_no_geometry(small_copy):
    shutil.rmtree(small_copy / "compiled" / "versions")
    for name in GEOMETRY:
        Path(small_copy / "compiled" / name).unlink()
    ds = marchland.load(small_copy)
    assert marchland.compare(ds, 1799, 1801).ledger
    assert ds.frontier(1850).rows


RELIEF = {"name": "base-relief", "path": "base/relief.webp", "mediatype": "image/webp"}
FRAME = {"crs": "+proj=longlat", "bbox": [0, 1, 2, 3]}


@pytest.fixture
def with_relief(small_copy):
    """Make a copy of the dataset with a relief of these properties; return its folder."""

    def make(content=b"picture", **properties):
        (small_copy / "base/relief.webp").write_bytes(content)
        manifest = json.loads((small_copy / "datapackage.json").read_text())
        digest = f"sha256:{hashlib.sha256(b'picture').hexdigest()}"
        manifest["resources"].append({**RELIEF, "hash": digest, **properties})
        (small_copy / "datapackage.json").write_text(json.dumps(manifest))
        return marchland.load(small_copy)

    return make


def test_a_relief(with_relief, small):
    assert with_relief(spatial=FRAME).relief == Picture(
        b"picture", "image/webp", "+proj=longlat", (0.0, 1.0, 2.0, 3.0)
    )
    assert small.composite.relief is None


def test_a_relief_that_was_exchanged(with_relief):
    with pytest.raises(DataError, match=REMEDY):
        _ = with_relief(b"another", spatial=FRAME).relief


@pytest.mark.parametrize("spatial", [{}, {"crs": "x", "bbox": [1, 2]}, {"crs": "x", "bbox": "none"}])
def test_a_relief_that_lies_nowhere(with_relief, spatial):
    with pytest.raises(DataError, match="does not say where base-relief lies"):
        _ = with_relief(spatial=spatial).relief


def test_the_manifest_says_what_is_in_every_table():
    """Column by column, and of a type that each cell can be read as."""
    home = find_dataset("russia-china")
    readers = {"integer": int, "number": float, "date": date.fromisoformat, "string": str}
    resources = json.loads((home / "datapackage.json").read_text("utf-8"))["resources"]
    tables = [item for item in resources if item["path"].endswith(".csv")]
    assert len(tables) > 5
    for item in tables:
        fields = {field["name"]: field["type"] for field in item["schema"]["fields"]}
        with (home / item["path"]).open(encoding="utf-8", newline="") as stream:
            rows = csv.DictReader(stream)
            assert list(fields) == rows.fieldnames, item["path"]
            for row in rows:
                for name, cell in row.items():
                    assert cell == "" or readers[fields[name]](cell) is not None
