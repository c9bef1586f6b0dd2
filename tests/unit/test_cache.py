"""Composites kept on disk: instant the second time, and never a reason to fail."""

import os

import geopandas
import numpy as np
import pytest
import shapely

import marchland
from marchland.datasets import cache, versions


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.delenv("MARCHLAND_CACHE", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path / "marchland"


@pytest.fixture
def builds(monkeypatch):
    """Count how often a composite is built."""
    made = []
    build = versions.build
    monkeypatch.setattr(versions, "build", lambda *a, **k: made.append(1) or build(*a, **k))
    return made


def read(*, right="Bo", **options):
    shapes = [shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1), shapely.Point(0.5, 0.5).buffer(0.1)]
    data = {
        "who": ["Ada", right, "<i>Cy</i>"],
        "since": ["1800", "1810", "1820"],
        "until": [None, None, "1830"],
    }
    frame = geopandas.GeoDataFrame(data, geometry=shapes)
    return marchland.from_versions(frame, holder="who", start="since", end="until", **options)


@pytest.mark.usefixtures("home")
def test_what_is_kept_is_what_was_made(builds):
    made, kept = read(sigma_km=2.0, sliver_km=50.0), read(sigma_km=2.0, sliver_km=50.0)
    assert builds == [1]
    for field in ("meta", "holders", "territories", "tenures", "faces", "arcs", "reading_report", "slivers"):
        assert getattr(kept, field) == getattr(made, field)
        assert getattr(kept, field)
    assert kept.parties is None
    for what in ("face_geometries", "arc_geometries"):
        one, two = getattr(made, what), getattr(kept, what)
        assert list(one) == list(two)
        assert all(shapely.equals_exact(one[key], two[key]) for key in one)
    assert made.at(1825).to_frame().equals(kept.at(1825).to_frame())


def test_other_data_or_parameters_are_built_anew(home, builds):
    read()
    read(right="Di")
    read(sigma_km=1)
    read(end_rule="inclusive")
    assert len(builds) == 4
    assert len(list(home.iterdir())) == 4


@pytest.mark.parametrize("damage", ["empty", "cut", "noise", "flip"])
def test_a_damaged_file_is_made_again(home, builds, damage):
    made = read()
    (file,) = home.iterdir()
    content = file.read_bytes()
    half = len(content) // 2
    file.write_bytes(
        {
            "empty": b"",
            "cut": content[:half],
            "noise": np.random.default_rng(1).bytes(len(content)),
            "flip": content[:half] + bytes([content[half] ^ 255]) + content[half + 1 :],
        }[damage]
    )
    assert read().tenures == made.tenures
    assert len(builds) == 2
    assert file.read_bytes() == content


def test_a_store_of_another_shape_is_made_again(home, builds):
    read()
    (file,) = home.iterdir()
    np.savez(file, store=np.frombuffer(b"{}", dtype=np.uint8))
    read()
    assert len(builds) == 2


def test_an_interrupted_build_leaves_nothing(home, monkeypatch):
    def interrupt(*_arguments, **_options):
        raise KeyboardInterrupt

    monkeypatch.setattr(versions, "build", interrupt)
    with pytest.raises(KeyboardInterrupt):
        read()
    assert not home.exists()


def test_no_cache_where_it_cannot_be_written(tmp_path, builds, monkeypatch):
    monkeypatch.delenv("MARCHLAND_CACHE", raising=False)
    (tmp_path / "file").write_text("not a folder")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    assert read().tenures == read().tenures
    assert len(builds) == 2


def test_it_can_be_switched_off(home, monkeypatch):
    monkeypatch.setenv("MARCHLAND_CACHE", "off")
    read()
    assert cache.folder() is None
    assert not home.exists()


def test_the_home_folder_is_the_default(tmp_path, monkeypatch):
    monkeypatch.delenv("MARCHLAND_CACHE", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", "relative")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert cache.folder() == tmp_path / ".cache" / "marchland"


def test_the_oldest_files_go_when_there_are_too_many(home, monkeypatch):
    monkeypatch.setattr(cache, "_MOST_FILES", 2)
    for sigma in (1, 2, 3, 4):
        read(sigma_km=sigma)
    assert len(list(home.iterdir())) == 2


def test_what_a_killed_write_left_is_removed_when_it_is_old(home):
    read()
    old, new = (home / f".{word}.npz.{word}.tmp" for word in ("old", "new"))
    for file in (old, new):
        file.write_bytes(b"half")
    os.utime(old, (0, 0))
    read(sigma_km=1)
    assert not old.exists()
    assert new.exists()
