"""Boundaries of any size on the command line."""

from pathlib import Path

import geopandas
import pytest
import shapely

CASES = Path(__file__).parents[1] / "cases" / "versions"


@pytest.fixture
def source(tmp_path):
    (tmp_path / "in").mkdir()
    shapes = [shapely.box(0, 0, 1, 1), shapely.box(0.5, 0, 2, 1)]
    rows = {"who": ["Ada", "Bo"], "since": ["1800", "1810"], "until": ["1850", "1860"]}
    geopandas.GeoDataFrame(rows, geometry=shapes, crs=4326).to_parquet(tmp_path / "in" / "a.parquet")
    return tmp_path / "in"


COLUMNS = ("--holder", "who", "--start", "since", "--end", "until", "--end-rule", "inclusive")


def test_boundaries_are_cut_up_into_a_folder(run, source, tmp_path):
    target = tmp_path / "out"
    asked = ("build", "--data", str(source), "-o", str(target), *COLUMNS, "--engine", "serial")
    result = run(*asked)
    assert (result.code, result.out) == (0, f"{target}\n")
    assert "2 versions cut into 3 faces" in result.err
    assert "tile: 1 tasks," in result.err
    assert len(geopandas.read_parquet(target / "faces")) == 3
    again = run(*asked)
    assert again.code == 2
    assert "is there already; name another" in again.err


def test_columns_go_with_a_target(run):
    result = run("build", "--holder", "who")
    assert result.code == 2
    assert "columns go with -o" in result.err


def test_an_engine_goes_with_any_question(run, monkeypatch):
    monkeypatch.setenv("MARCHLAND_CACHE", "off")
    asked = ("series", "--data", str(CASES / "cshapes.geojson"), "-f", "csv")
    assert run(*asked, "--engine", "processes", "--workers", "1").out == run(*asked).out
    result = run(*asked, "--scheduler", "tcp://127.0.0.1:1")
    assert result.code == 2
    assert "goes with the engine dask" in result.err
