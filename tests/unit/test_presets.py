"""Files of boundaries as others publish them, by hand to their columns, and files that mean harm."""

import gzip
import json
import lzma
import os
import zipfile
from collections import Counter
from datetime import date
from pathlib import Path

import geopandas
import numpy as np
import pytest
import shapely

import marchland
from marchland.cli.options import PRESETS as CLI_PRESETS
from marchland.datasets import files
from marchland.datasets.files import read_topology
from marchland.datasets.presets import PRESETS
from marchland.errors import DataError, NotFoundError, OpeningError, UsageError
from marchland.measure import polygon_area_km2

CASES = Path(__file__).parents[1] / "cases" / "versions"
A, B = shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)


def codes(composite):
    return {issue.code for issue in composite.reading_report}


@pytest.mark.parametrize(
    ("case", "preset", "days"),
    [
        ("cshapes.geojson", "cshapes", ("1886-01-01", "2019-12-31")),
        ("ahcb.geojson", "ahcb", ("1783-12-03", "2000-12-31")),
        ("histogis.geojson", "histogis", ("1815-06-08", "1918-11-11")),
        ("ohm.geojson", "ohm", ("1815-01-01", "1866-08-22")),
        ("historical-basemaps", "historical-basemaps", ("1880-12-31", "1914-12-31")),
        ("snapshots", "snapshots", ("1880-12-31", "1914-12-31")),
        ("versions.geojson", "versions", ("1800-01-01", "1850-05-31")),
    ],
)
def test_a_collection_is_known_by_its_columns(case, preset, days):
    ds = marchland.load(CASES / case)
    assert ds.meta.name == (case if preset in {"snapshots", "versions"} else preset)
    assert (str(ds.meta.first_date), str(ds.meta.as_of)) == days
    said = [issue for issue in ds.reading_report if issue.code == "assumption" and issue.id == preset]
    assert len(said) == len(PRESETS[preset].assumptions)
    assert marchland.load(CASES / case, preset).tenures == ds.tenures
    assert all(row.holder is not None for row in ds.at(ds.meta.as_of).rows)


def test_inclusive_ends_of_cshapes():
    ds = marchland.load(CASES / "cshapes.geojson")
    land = ds.locate(1.5, 0.5)
    assert ds.tenure_at(land, date(1959, 1, 2)).holder == "Ada"
    assert ds.tenure_at(land, date(1959, 1, 3)).holder == "Bo"
    assert "CC BY-NC-SA" in ds.meta.licence


def test_dependencies_of_cshapes_are_held_by_their_owner(tmp_path):
    table = json.loads((CASES / "cshapes.geojson").read_text())
    bo = table["features"][2]["properties"]
    bo |= {"status": "colony", "owner": "1"}
    path = tmp_path / "cshapes.geojson"
    path.write_text(json.dumps(table))
    ds = marchland.load(path)
    land = ds.locate(1.5, 0.5)
    assert ds.tenure_at(land, date(1960, 1, 1)).holder == "Ada"
    assert "Bo" in ds.territories[land].names["en"]
    bo["owner"] = "0"  # the League of Nations has no row
    path.write_text(json.dumps(table))
    ds = marchland.load(path)
    assert ds.tenure_at(ds.locate(1.5, 0.5), date(1960, 1, 1)).holder == "Bo"


def test_the_holder_of_historical_basemaps_falls_back_on_the_name():
    ds = marchland.load(CASES / "historical-basemaps")
    assert ds.at(1880).by_territory[ds.locate(0.5, 0.5)].holder == "Ada"
    assert ds.at(1880).by_territory[ds.locate(1.5, 0.5)].holder == "Bo"
    assert "no-holder" in codes(ds)


def test_features_of_ohm_without_a_start_are_listed():
    assert "no-start" in codes(marchland.load(CASES / "ohm.geojson"))


def test_presets_that_do_not_fit(tmp_path):
    with pytest.raises(UsageError, match="no preset 'shapes'"):
        marchland.load(CASES / "ohm.geojson", "shapes")
    with pytest.raises(DataError, match="preset cshapes needs columns country_name, end, gwcode, start"):
        marchland.load(CASES / "ohm.geojson", "cshapes")
    file = tmp_path / "land.geojson"
    file.write_text(geopandas.GeoDataFrame({"x": [1]}, geometry=[A], crs="EPSG:4326").to_json())
    with pytest.raises(DataError, match=r"columns id, x are those of no collection .*; say which are what"):
        marchland.load(file)
    with pytest.raises(UsageError, match="needs no preset"):
        marchland.load(Path(marchland.__file__).parents[2] / "geodata" / "russia-china", "ohm")


def test_the_command_line_knows_every_preset():
    assert set(CLI_PRESETS) == set(PRESETS)


# --- formats


def frame():
    data = {"holder": ["Ada", "Bo"], "start": ["1800-01-01"] * 2, "end": ["1850-06-01"] * 2}
    return geopandas.GeoDataFrame(data, geometry=[A, B], crs="EPSG:4326")


@pytest.fixture
def plain(tmp_path):
    file = tmp_path / "land.geojson"
    file.write_text(frame().to_json(drop_id=True))
    return file


def held(ds):
    return {row.holder: ds.territories[row.territory].area_km2 for row in ds.at(ds.meta.first_date).rows}


@pytest.mark.parametrize(
    "ending", ["geojson.xz", "geojson.gz", "zip", "gpkg", "fgb", "shp", "shp.zip", "gpkg.zip"]
)
def test_every_format_gives_the_same(plain, tmp_path, ending):
    file = tmp_path / f"packed.{ending}"
    if ending == "geojson.xz":
        file.write_bytes(lzma.compress(plain.read_bytes()))
    elif ending == "geojson.gz":
        file.write_bytes(gzip.compress(plain.read_bytes()))
    elif ending == "zip":
        with zipfile.ZipFile(file, "w") as archive:
            archive.write(plain, "inner/land.geojson")
    elif ending.endswith(".zip"):
        inner = tmp_path / "inner"
        inner.mkdir()
        frame().to_file(inner / f"land.{ending.removesuffix('.zip')}")
        with zipfile.ZipFile(file, "w") as archive:
            for part in inner.iterdir():
                archive.write(part, part.name)
    else:
        frame().to_file(file)
    assert held(marchland.load(file)) == held(marchland.load(plain))


def topology(**more):
    arcs = [[[1, 0], [1, 1]], [[1, 1], [0, 1], [0, 0], [1, 0]], [[1, 0], [2, 0], [2, 1], [1, 1]]]
    properties = {"start": "1800", "end": "1850"}
    geometries = [
        {"type": "Polygon", "arcs": [[0, 1]], "properties": {"holder": "Ada", **properties}},
        {"type": "MultiPolygon", "arcs": [[[2, ~0]]], "properties": {"holder": "Bo", **properties}},
    ]
    objects = {"land": {"type": "GeometryCollection", "geometries": geometries}}
    return {"type": "Topology", "arcs": arcs, "objects": objects, **more}


def test_topojson_shares_its_lines(tmp_path):
    file = tmp_path / "land.topojson"
    file.write_text(json.dumps(topology()))
    ds = marchland.load(file)
    assert held(ds) == {"Ada": round(polygon_area_km2(A), 2), "Bo": round(polygon_area_km2(B), 2)}
    assert "no-crs" in codes(ds)


def test_quantised_topojson():
    arcs = [
        [[10, 0], [0, 10]],
        [[10, 10], [-10, 0], [0, -10], [10, 0]],
        [[10, 0], [10, 0], [0, 10], [-10, 0]],
    ]
    table = read_topology(topology(arcs=arcs, transform={"scale": [0.1, 0.1], "translate": [5, 5]}))
    assert np.allclose(table.total_bounds, [5, 5, 7, 6])


# --- harm


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("land.geojson", b"", "is empty; fetch it again"),
        ("land.geojson", b'{"type": "FeatureCollection", "features": [{"type": "Fea', "cannot read"),
        ("land.geojson", b'{"type": "FeatureCollection", "features": []}', "no features"),
        ("land.geojson.xz", lzma.compress(b"x" * 9999)[:40], "damaged or cut short"),
        ("land.geojson.gz", b"no gzip", "damaged or cut short"),
        ("land.zip", b"PK no zip", "damaged or cut short"),
        ("land.gpkg", b"SQLite format 3\0 or not", "cannot read"),
        ("land.topojson", b'{"type": "Topology", "arcs": [], "objects": {}}', "no TopoJSON topology"),
        ("land.topojson", b'{"type": "Topology"', "cannot read"),
        ("land.csv", b"a,b\n1,2\n", "a table without geometry"),
    ],
)
def test_broken_files_are_told_in_one_line(tmp_path, name, content, message):
    file = tmp_path / name
    file.write_bytes(content)
    with pytest.raises(DataError, match=message) as caught:
        marchland.load(file)
    assert "\n" not in str(caught.value)


def test_topojson_without_the_arcs_it_names(tmp_path):
    file = tmp_path / "land.topojson"
    file.write_text(json.dumps(topology(arcs=[[[1, 0], [1, 1]]])))
    with pytest.raises(DataError, match="no TopoJSON topology: IndexError"):
        marchland.load(file)


def test_bombs_are_refused(tmp_path, monkeypatch):
    bomb = tmp_path / "bomb.zip"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("land.geojson", b" " * 5_000_000)
    monkeypatch.setattr(files, "_MOST_RATIO", 100)
    with pytest.raises(DataError, match="unpacks to 5,000,000 bytes"):
        marchland.load(bomb)
    packed = tmp_path / "bomb.geojson.xz"
    packed.write_bytes(lzma.compress(b" " * 5_000_000))
    monkeypatch.setattr(files, "MOST_BYTES", 1_000_000)
    with pytest.raises(DataError, match="unpacks to more than 1,000,000 bytes"):
        marchland.load(packed)


def test_an_archive_without_boundaries(tmp_path):
    file = tmp_path / "land.zip"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("readme.txt", "nothing")
    with pytest.raises(DataError, match=r"no file of boundaries; there are readme\.txt"):
        marchland.load(file)


def test_folders_that_make_no_sense(tmp_path, plain):
    with pytest.raises(NotFoundError):
        marchland.load("nowhere")
    (tmp_path / "empty").mkdir()
    with pytest.raises(DataError, match="holds no datapackage"):
        marchland.load(tmp_path / "empty")
    (tmp_path / "world_1880.geojson").write_bytes(plain.read_bytes())
    with pytest.raises(DataError, match=r"land\.geojson has no year in its name"):
        marchland.load(tmp_path)


# --- the collections themselves, where they are at hand

DATA = Path(os.environ["MARCHLAND_DATA"]) if os.environ.get("MARCHLAND_DATA") else None
needs_data = pytest.mark.skipif(DATA is None, reason="set MARCHLAND_DATA to a folder with the collections")


@needs_data
def test_cshapes():
    path = DATA / "cshapes_2_gw.topojson.xz"
    ds = marchland.load(path)
    (crimea,) = marchland.compare(ds, "2014-03-17", "2014-03-18").ledger
    assert crimea.area_km2 == pytest.approx(25_800, abs=100)
    table, _ = files.read_table(path)
    faces = geopandas.GeoSeries(ds.face_geometries)
    assert len(table) == 710
    points = shapely.STRtree(faces.representative_point().to_numpy())
    areas = np.array([{face.id: face.area_km2 for face in ds.faces}[key] for key in faces.index])
    shapes = np.array([shapely.make_valid(shape) for shape in table.geometry], dtype=object)
    row, face = points.query(shapes, predicate="contains")
    sums = np.bincount(row, areas[face], len(table))
    wanted = [polygon_area_km2(shape) for shape in table.geometry]
    assert np.abs(sums - wanted).max() < 1e-3


@needs_data
def test_historical_basemaps():
    ds = marchland.load(DATA / "historical-basemaps")
    assert ds.meta.first_date == date(1700, 12, 31)
    assert {"overlap", "gap", "invalid-ring", "no-holder"} <= codes(ds)


@needs_data
def test_the_ledger_of_historical_basemaps_adds_up():
    """1880 to 1914: what each holder gained and lost is the difference of what it had, to the last digit."""
    ds = marchland.load(DATA / "historical-basemaps")
    found = marchland.compare(ds, 1880, 1914)
    gained, lost = Counter(), Counter()
    for row in found.ledger:
        if row.from_holder != row.to_holder:
            gained[row.to_holder] += round(row.area_km2 * 100)
            lost[row.from_holder] += round(row.area_km2 * 100)
    had, has = (
        {row.holder: round(row.area_km2 * 100) for row in marchland.compare(ds, day, day).totals}
        for day in (1880, 1914)
    )
    holders = had.keys() | has.keys()
    assert len(holders) > 100
    for holder in holders:
        assert gained[holder] - lost[holder] == has.get(holder, 0) - had.get(holder, 0), holder
    assert sum(had.values()) == sum(has.values())
    contested = {row.holder for row in ds.at(1914).rows if row.status == "contested"}
    told = {issue.id for issue in ds.reading_report if issue.code == "overlap"}
    assert contested
    assert contested <= told


@needs_data
def test_every_repair_of_historical_basemaps_is_listed():
    ds = marchland.load(DATA / "historical-basemaps")
    broken = 0
    for path in sorted((DATA / "historical-basemaps").iterdir()):
        table, _ = files.read_table(path)
        shapes = table.geometry.to_numpy()
        land = shapely.get_dimensions(shapes) == 2
        broken += int((~shapely.is_valid(shapes) & land).sum())
    assert broken
    assert sum(issue.code == "invalid-ring" for issue in ds.reading_report) == broken


# --- columns that a user names


def named(tmp_path, file="land.geojson", **columns):
    """Write two squares that passed from Ada to Bo under columns of any names, and return the file."""
    path = tmp_path / file
    frame = geopandas.GeoDataFrame(columns, geometry=[A, A], crs="EPSG:4326")
    path.write_text(frame.to_json(drop_id=True), "utf-8")
    return path


def test_columns_are_read_as_they_are_named(tmp_path):
    path = named(tmp_path, имя=["Ада", "Бо"], с=[1800, 1851], по=[1850, None])
    with pytest.raises(OpeningError, match="columns имя, с, по are those of no collection") as caught:
        marchland.load(path)
    assert (caught.value.option, caught.value.example) == ("columns", "holder=имя,start=с,end=по")
    ds = marchland.load(path, columns={"holder": "имя", "start": "с", "last": "по"})
    assert [row.holder for row in ds.at("1850-12-31").rows] == ["Ада"]
    assert dict(ds.opened)["columns"] == "holder=имя,start=с,last=по"
    ds = marchland.load(path, columns="holder=имя,start=с,end=по")
    assert [row.holder for row in ds.at("1850-12-31").rows] == [None]
    assert "an end is the first day after" in ds.reading_report[0].message
    with pytest.raises(DataError, match="no column 'кто'; there are имя, с, по"):
        marchland.load(path, columns={"holder": "кто", "start": "с"})
    with pytest.raises(UsageError, match="columns are named and a preset too"):
        marchland.load(path, "versions", columns="holder=имя")
    with pytest.raises(UsageError, match="russia-china is a dataset of marchland and needs no columns"):
        marchland.load("russia-china", columns="holder=имя")


def test_columns_without_a_start_are_of_the_year_in_the_name(tmp_path):
    ds = marchland.load(named(tmp_path, "land_1880.geojson", кто=["Ада", "Ада"]), columns="holder=кто")
    assert (str(ds.meta.as_of), ds.meta.open_ended, list(ds.holders)) == ("1880-12-31", False, ["Ада"])
    with pytest.raises(DataError, match="has no year in its name, and no column is named as the start"):
        marchland.load(named(tmp_path, кто=["Ада", "Ада"]), columns="holder=кто")


def test_usual_columns_may_be_in_capitals(tmp_path):
    ds = marchland.load(named(tmp_path, Holder=["Ada", "Bo"], START=[1800, 1850], END=[1850, None]))
    assert [row.holder for row in ds.at(1850).rows] == ["Bo"]


@pytest.mark.parametrize("column", ["WKT", "wkt", "geometry", "the_geom"])
def test_a_table_of_text_has_its_polygons_as_wkt(tmp_path, column):
    path = tmp_path / "land.csv"
    path.write_text(f'holder,start,end,{column}\nAda,1800,1850.0,"{A.wkt}"\nBo,1850,,"{A.wkt}"\n', "utf-8")
    ds = marchland.load(path)
    assert [row.holder for row in ds.at(1850).rows] == ["Bo"]
    assert marchland.validate(path).is_sound()
    path.write_text(path.read_text("utf-8").replace("POLYGON", "PLYGON"), "utf-8")
    if column.lower() != "wkt":  # that one is read by GDAL, which passes over it
        with pytest.raises(DataError, match=f"what the column {column} has is no WKT"):
            marchland.load(path)


def test_a_crs_is_for_files_that_state_none(tmp_path):
    frame = geopandas.GeoDataFrame(
        {"holder": ["Ada"], "start": [1800], "end": [None]}, geometry=[A], crs=4326
    )
    path = tmp_path / "land.shp"
    frame.to_crs(3857).to_file(path)
    stated = marchland.load(path, crs="EPSG:32636")
    assert "WGS 84 / Pseudo-Mercator, is used; EPSG:32636 is not" in message(stated, "crs-stated")
    path.with_suffix(".prj").unlink()
    with pytest.raises(OpeningError, match="say which CRS they are in") as caught:
        marchland.load(path)
    assert caught.value.option == "crs"
    assert marchland.load(path, crs="EPSG:3857").locate(0.5, 0.5) == "ada"
    assert marchland.validate(path, crs="EPSG:3857").is_sound(strict=True)
    with pytest.raises(UsageError, match="no CRS 'mercator' is known; give a code"):
        marchland.load(path, crs="mercator")


def test_lines_and_points_are_told(tmp_path):
    frame = geopandas.GeoDataFrame({"holder": ["Ada"], "start": [1800], "end": [None]}, geometry=[A.boundary])
    path = tmp_path / "lines.geojson"
    path.write_text(frame.to_json(), "utf-8")
    with pytest.raises(
        DataError, match=r"there are no polygons: give areas, not lines or points as in row 1"
    ):
        marchland.load(path)


def message(composite, code):
    return next(issue.message for issue in composite.reading_report if issue.code == code)
