"""What the wheel carries."""

import io
import json
import os
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def build(folder, mask, **env):
    """Build wheel and sdist and return the bytes of each by its name."""
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-t", "sdist", "-d", str(folder)]
    environment = {**os.environ, **env}
    environment.pop("SOURCE_DATE_EPOCH", None)
    before = os.umask(mask)
    try:
        subprocess.run(command, cwd=ROOT, check=True, capture_output=True, env=environment)
    finally:
        os.umask(before)
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    return build(tmp_path_factory.mktemp("dist"), 0o022, TZ="Asia/Tokyo", PYTHONHASHSEED="1")


@pytest.fixture(scope="module")
def wheel(built):
    (name,) = [name for name in built if name.endswith(".whl")]
    opened = zipfile.ZipFile(io.BytesIO(built[name]))
    opened.filename = name
    return opened


def test_the_wheel_carries_the_dataset_as_it_is(wheel):
    source = ROOT / "geodata" / "russia-china"
    carried = [name for name in wheel.namelist() if name.startswith("marchland/data/russia-china/")]
    assert "marchland/data/russia-china/datapackage.json" in carried
    assert any("/compiled/" in name for name in carried)
    for name in carried:
        assert wheel.read(name) == (source / name.removeprefix("marchland/data/russia-china/")).read_bytes()


def test_the_wheel_carries_no_more_than_it_needs(wheel):
    tops = {name.split("/")[0] for name in wheel.namelist()}
    assert {top.partition("-")[0] for top in tops} == {"marchland"}
    data = [name for name in wheel.namelist() if name.startswith("marchland/data/")]
    assert not [
        name for name in data if name.endswith(".py") or "/base/notes/" in name or "/derivation/" in name
    ]
    assert sum(info.compress_size for info in wheel.infolist()) <= 20_000_000


def test_wheel_and_sdist_are_the_same_bytes_twice(built, tmp_path):
    """In another time zone, locale, hash seed and umask, and at another time."""
    again = build(tmp_path, 0o002, TZ="UTC", LC_ALL="C", PYTHONHASHSEED="2")
    assert sorted(Path(name).suffix for name in built) == [".gz", ".whl"]
    assert again.keys() == built.keys()
    assert [name for name in built if again[name] != built[name]] == []


def test_what_is_inlined_has_its_notice(wheel):
    """Code of others is in a folder of its own, with its licence."""
    assets = [n for n in wheel.namelist() if n.startswith("marchland/render/assets/")]
    foreign = {
        n.split("/")[3] for n in assets if re.search(rb"\(c\)|\xc2\xa9|Copyright", wheel.read(n)[:2000])
    }
    assert foreign == {"leaflet"}
    assert "marchland/render/assets/leaflet/LICENSE" in assets
    (licence,) = [n for n in wheel.namelist() if n.endswith("licenses/LICENSE")]
    assert b"MIT License" in wheel.read(licence)


def test_every_resource_of_the_dataset_has_a_licence(wheel):
    manifest = json.loads(wheel.read("marchland/data/russia-china/datapackage.json"))
    own = {item["path"] for item in manifest["resources"] if item.get("licenses")}
    carried = {
        n.removeprefix("marchland/data/russia-china/") for n in wheel.namelist() if "/russia-china/" in n
    }
    assert carried - own == {"datapackage.json", "base/NOTES.md"}  # what describes, and is MIT


def test_the_wheel_is_typed_and_has_its_command(wheel):
    assert "marchland/py.typed" in wheel.namelist()
    (entry_points,) = [name for name in wheel.namelist() if name.endswith("entry_points.txt")]
    assert "marchland = marchland.cli.main:run" in wheel.read(entry_points).decode()


def test_the_version_is_the_same_everywhere(wheel):
    version = next(
        line for line in (ROOT / "CITATION.cff").read_text().splitlines() if line.startswith("version: ")
    )
    assert f"marchland-{version.removeprefix('version: ')}-py3-none-any.whl" == Path(wheel.filename).name


def test_runtime_needs_are_the_ones_agreed_on():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    names = {need.partition(">")[0] for need in project["dependencies"]}
    assert names == {"click", "folium", "geopandas", "matplotlib", "numpy", "pandas", "pyproj", "shapely"}
    assert {"build", "dask", "dev"} <= set(project["optional-dependencies"])
