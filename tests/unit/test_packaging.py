"""What the wheel carries."""

import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (path,) = folder.glob("*.whl")
    return zipfile.ZipFile(path)


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
