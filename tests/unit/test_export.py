"""Every format re-read by GDAL or its own reader: dates, holders, areas and hostile text come back."""

import json
import re
import sys
import xml.etree.ElementTree as ET
from dataclasses import replace
from datetime import date
from itertools import pairwise

import numpy as np
import pyogrio
import pytest
import shapely
from shapely.geometry import box

from marchland import export
from marchland.errors import OutputError, UsageError
from marchland.export.kml import NAMESPACE
from marchland.export.shapes import bounding_box, coordinates, fit
from marchland.export.topojson import Topology
from marchland.measure import polygon_area_km2

HOSTILE = """<b>&amp; "Übung" ]]> </Placemark>'; DROP TABLE x;--\n黑龙江\t🗺"""
DAY = date(1859, 1, 1)
TEXTS = ["geojson", "topojson", "kml", "linked-places"]
READ_BY_GDAL = ["geojson", "gpkg", "topojson", "kml"]


@pytest.fixture(scope="module")
def layer(toy):
    return export.territories_layer(toy.at(DAY))


@pytest.fixture(scope="module")
def hostile(toy):
    """The toy with hostile text in a name and, beside it, what no XML can hold."""
    land = toy.territories["uda"]
    named = replace(land, names={**land.names, "en": HOSTILE, "ru": "a\x00\x1b\ud800b"})
    return replace(toy, territories={**toy.territories, "uda": named})


@pytest.fixture
def read(tmp_path):
    """Write a layer and read it back with GDAL, under the names of its own columns."""

    def call(layer, how):
        path = export.write_layer(layer, tmp_path / f"out{export.FORMATS[how].ending}")
        frame = pyogrio.read_dataframe(path)
        if how == "kml":  # GDAL's own columns of a placemark come first, ours get a 2 where they share a name
            frame = frame.drop(columns=["end"], errors="ignore").rename(
                columns={"end2": "end", "name2": "name"}
            )
        return frame

    return call


def plain(value):
    return None if value is None or value != value or value == "" else value


# --- round trips


@pytest.mark.parametrize("how", READ_BY_GDAL)
def test_holders_dates_and_areas_come_back(layer, read, how):
    frame = read(layer, how).set_index("territory")
    assert len(frame) == len(layer.features)
    for feature in layer.features:
        told = layer.properties(feature)
        row = frame.loc[feature.id]
        for column in ("name", "holder", "holder_name", "status", "basis", "instrument", "article"):
            assert plain(row[column]) == told[column], column
        for column in ("date", "start", "end"):
            assert str(plain(row[column]))[:10] == str(told[column]), column
        assert row["area_km2"] == pytest.approx(told["area_km2"], abs=1e-9)
        assert polygon_area_km2(row.geometry) == pytest.approx(told["area_km2"], rel=2e-6, abs=0.02)


def test_geoparquet_comes_back_with_its_stamp(layer, tmp_path):
    import geopandas
    from pyarrow import parquet

    path = export.write_layer(layer, tmp_path / "land.parquet")
    frame = geopandas.read_parquet(path)
    assert frame.crs == "OGC:CRS84"
    cells = [[plain(row[c.name]) for c in layer.columns] for _, row in frame.iterrows()]
    assert cells == [list(feature.cells) for feature in layer.features]
    assert frame.geometry.tolist() == [fit(f.geometry, "MultiPolygon") for f in layer.features]
    metadata = parquet.read_metadata(path).metadata
    assert json.loads(metadata[b"marchland"]) == dict(layer.stamp)
    geo = json.loads(metadata[b"geo"])
    assert geo["version"] == "1.1.0"
    assert set(geo["columns"]["geometry"]["covering"]["bbox"]) == {"xmin", "ymin", "xmax", "ymax"}
    assert len(geopandas.read_parquet(path, bbox=(134, 47, 135, 48))) < len(frame)


def test_geoparquet_without_pyarrow_names_the_extra(layer, monkeypatch):
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(UsageError, match=r"install marchland\[parquet\]"):
        export.to_geoparquet(layer)


def test_geopackage_carries_the_stamp(layer, tmp_path):
    path = export.write_layer(layer, tmp_path / "land.gpkg")
    info = pyogrio.read_info(path, layer="territories")
    assert info["crs"] == "EPSG:4326"
    assert info["geometry_type"] == "MultiPolygon"
    metadata = info["layer_metadata"]
    assert (metadata["dataset"], metadata["version"], metadata["hash"]) == ("toy", "0.0", "0123456789abcdef")
    assert metadata["licence"] == "MIT"
    assert "OpenStreetMap" in metadata["DESCRIPTION"]


@pytest.mark.parametrize("how", READ_BY_GDAL)
def test_hostile_text_comes_back_as_it_was(hostile, read, how):
    frame = read(export.territories_layer(hostile.at(DAY)), how).set_index("territory")
    found = frame.loc["uda", "name"]
    assert (found if how != "kml" else found.strip()) == HOSTILE


@pytest.mark.parametrize("how", sorted(export.FORMATS))
def test_what_no_file_can_hold_is_replaced(hostile, how):
    layer = export.territories_layer(hostile.at(DAY), lang="ru")
    content = export.render(layer, how)
    data = content.encode() if isinstance(content, str) else content
    assert "a\ufffd\ufffd?b".encode() in data or how == "parquet"
    assert b"a\x00\x1b" not in data


@pytest.mark.parametrize("how", sorted(export.FORMATS))
def test_the_same_layer_gives_the_same_bytes(toy, how):
    one = export.render(export.territories_layer(toy.at(DAY)), how)
    other = export.render(export.territories_layer(toy.at(DAY)), how)
    assert one == other


def test_geopackages_change_no_setting_of_gdal(layer):
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": "1999-01-01T00:00:00.000Z"})
    try:
        export.to_geopackage(layer)
        assert pyogrio.get_gdal_config_option("OGR_CURRENT_DATE") == "1999-01-01T00:00:00.000Z"
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": None})


@pytest.mark.parametrize("how", READ_BY_GDAL)
def test_an_empty_layer_is_a_file_too(toy, read, how):
    layer = export.frontier_layer(toy.frontier(1650))
    assert layer.features == ()
    assert len(read(layer, how)) == 0


@pytest.mark.parametrize("how", READ_BY_GDAL)
def test_the_frontier_comes_back(toy, read, how):
    frontier = toy.frontier(1861)
    frame = read(export.frontier_layer(frontier), how).set_index("segment")
    assert frame["length_km"].to_dict() == {row.segment: row.length_km for row in frontier.rows}
    assert set(frame.geom_type) <= {"LineString", "MultiLineString"}


@pytest.mark.parametrize("how", READ_BY_GDAL)
def test_faces_come_back(toy, read, how):
    frame = read(export.faces_layer(toy.at(DAY)), how).set_index("face")
    areas = {face.id: face.area_km2 for face in toy.faces}
    assert {key: polygon_area_km2(shape) for key, shape in frame.geometry.items()} == pytest.approx(
        areas, rel=2e-5
    )
    owners = {face.id: face.territory for face in toy.faces}
    assert {key: plain(value) for key, value in frame["territory"].items()} == owners


# --- layers


def test_tenures_are_all_there_or_those_of_a_date(toy):
    layer = export.tenures_layer(toy)
    rows = [layer.properties(feature) for feature in layer.features]
    ili = [(r["holder"], r["status"], r["start"], r["end"]) for r in rows if r["territory"] == "ili"]
    assert ili == [
        ("china", "sovereign", "1640-01-01", "1881-08-19"),
        ("russia", "leased", "1881-08-19", "1991-12-26"),
        ("third:kazakhs", "sovereign", "1991-12-26", None),
    ]
    assert len({feature.id for feature in layer.features}) == len(rows)
    then = export.tenures_layer(toy, when=DAY)
    assert {f.id.partition("/")[0] for f in then.features} == set(toy.territories)


def test_holders_have_their_names_of_the_day(toy):
    def told(day, lang):
        layer = export.territories_layer(toy.at(day), lang=lang)
        return {f.id: layer.properties(f)["holder_name"] for f in layer.features}

    holders = toy.holders
    assert told(DAY, "en")["manchuria"] == holders["china"].name_on(DAY, "en")
    joint = f"{holders['china'].name_on(DAY, 'ru')} + {holders['russia'].name_on(DAY, 'ru')}"
    assert told(DAY, "ru")["ussuri-coast"] == joint
    assert told(DAY, "en")["sakhalin"] is None


def test_users_boundaries_are_exported_too(tmp_path):
    """Lines of theirs have no clauses; a land of several faces that meet in a point is one feature."""
    import geopandas

    import marchland

    shapes = [box(0, 0, 1, 1), box(1, 0, 2, 1), shapely.union_all([box(0, 0, 1, 1), box(1, 1, 2, 2)])]
    rows = {"holder": ["a", "b", "c"], "start": ["1900", "1900", "1950"], "end": ["1950", None, None]}
    table = json.loads(geopandas.GeoDataFrame(rows, geometry=shapes, crs=4326).to_json())
    path = tmp_path / "lands.geojson"
    path.write_text(json.dumps({"name": "lands", **table}))
    ds = marchland.load(path)
    frontier = export.frontier_layer(ds.frontier("1940-01-01"))
    between = next(f for f in frontier.features if f.id == "a | b")
    assert frontier.properties(between)["instrument"] is None
    land = export.territories_layer(ds.at("1950-01-01"))
    assert {feature.holder for feature in land.features} >= {"b", "c"}
    total = sum(polygon_area_km2(f.geometry) for f in land.features if f.holder == "c")
    assert total == pytest.approx(polygon_area_km2(shapes[2]), rel=1e-9)
    for how in export.FORMATS:
        assert export.render(land, how)


# --- GeoJSON


def test_geojson_is_rfc_7946(layer):
    document = json.loads(export.to_geojson(layer))
    assert (document["type"], document["stamp"]) == ("FeatureCollection", dict(layer.stamp))
    assert "crs" not in document
    every = [shapely.from_geojson(json.dumps(f["geometry"])) for f in document["features"]]
    assert document["bbox"] == [round(v, 6) for v in shapely.total_bounds(np.array(every))]
    for shape in every:
        for part in shapely.get_parts(shape):
            assert shapely.is_ccw(part.exterior)
            assert not any(shapely.is_ccw(ring) for ring in part.interiors)
    assert len({f["id"] for f in document["features"]}) == len(every)


def test_what_reaches_beyond_180_is_cut_and_its_box_crosses():
    shape = box(170, 60, 190, 70)
    cut = fit(shape, "MultiPolygon")
    assert cut.bounds == (-180, 60, 180, 70)
    assert sorted(part.bounds for part in cut.geoms) == [(-180, 60, -170, 70), (170, 60, 180, 70)]
    assert polygon_area_km2(cut) == pytest.approx(polygon_area_km2(shape), rel=1e-12)
    assert bounding_box([cut]) == [170, 60, -170, 70]
    line = fit(shapely.LineString([(-170, 0), (-190, 10)]), "MultiLineString")
    assert sorted(part.bounds for part in line.geoms) == [(-180, 0, -170, 5), (170, 5, 180, 10)]


def test_a_box_round_the_world_does_not_cross():
    land = [box(-180, 60, -170, 70), box(-20, 0, 20, 10), box(170, 60, 180, 70)]
    assert bounding_box(land) == [-180, 0, 180, 70]
    assert bounding_box([None]) is None


def test_shells_and_holes_wind_by_the_right_hand_rule_and_z_is_dropped():
    clockwise = [(0, 0, 5), (0, 3, 5), (3, 3, 5), (3, 0, 5)]
    hole = [(1, 1, 5), (2, 1, 5), (2, 2, 5), (1, 2, 5)]
    shell, inner = coordinates(fit(shapely.Polygon(clockwise, [hole]), "Polygon"))
    assert shapely.is_ccw(shapely.LinearRing(shell))
    assert not shapely.is_ccw(shapely.LinearRing(inner))
    assert all(len(position) == 2 for position in shell + inner)


def test_what_rounding_makes_of_nothing_is_left_out():
    speck = box(0, 0, 1e-7, 1e-7)
    pair = fit(shapely.MultiPolygon([speck, box(1, 1, 2, 2)]), "MultiPolygon")
    assert len(coordinates(pair)) == 1
    assert fit(shapely.Polygon(), "MultiPolygon") is None
    assert fit(shapely.Point(1, 1), "MultiPolygon") is None


# --- TopoJSON


def decoded(document):
    """Read a topology by its specification."""
    (sx, sy), (tx, ty) = document["transform"]["scale"], document["transform"]["translate"]
    arcs = []
    for arc in document["arcs"]:
        steps = np.cumsum(np.array(arc), axis=0)
        arcs.append([(round(x * sx + tx, 6), round(y * sy + ty, 6)) for x, y in steps.tolist()])
    return arcs


def ring_of(numbers, arcs):
    pieces = [arcs[n] if n >= 0 else arcs[~n][::-1] for n in numbers]
    for one, other in pairwise(pieces):
        assert one[-1] == other[0]
    return [pieces[0][0], *(position for piece in pieces for position in piece[1:])]


def test_topojson_stores_every_stretch_of_line_once(layer):
    document = json.loads(export.to_topojson(layer))
    arcs = decoded(document)
    edges = [frozenset(pair) for arc in arcs for pair in pairwise(arc)]
    assert len(edges) == len(set(edges))
    geometries = document["objects"]["territories"]["geometries"]
    numbers = [n for g in geometries for rings in g["arcs"] for ring in rings for n in ring]
    used = [n if n >= 0 else ~n for n in numbers]
    assert set(used) == set(range(len(arcs)))
    assert max(used.count(n) for n in set(used)) == 2
    shared = [n for n in set(used) if used.count(n) == 2]
    assert len(shared) > 10
    for n in shared:
        assert {n, ~n} <= set(numbers), "two neighbours walk an arc in opposite directions"


def test_topojson_has_the_same_land_as_geojson(layer):
    document = json.loads(export.to_topojson(layer))
    arcs = decoded(document)
    plain = {f["id"]: f for f in json.loads(export.to_geojson(layer))["features"]}
    for geometry in document["objects"]["territories"]["geometries"]:
        parts = [[ring_of(ring, arcs) for ring in rings] for rings in geometry["arcs"]]
        shape = shapely.MultiPolygon([shapely.Polygon(p[0], p[1:]) for p in parts])
        other = shapely.from_geojson(json.dumps(plain[geometry["id"]]["geometry"]))
        assert shapely.equals_exact(shapely.normalize(shape), shapely.normalize(other), 1e-9)
        assert geometry["properties"] == plain[geometry["id"]]["properties"]


def test_an_island_and_the_lake_it_lies_in_share_one_arc():
    lake = ((0, 0), (0, 1), (1, 1), (1, 0), (0, 0))
    island = ((1, 1), (1, 0), (0, 0), (0, 1), (1, 1))
    topology = Topology()
    for ring in (lake, island[::-1]):
        topology.add(ring, closed=True)
    topology.find_nodes()
    assert topology.arcs_of(lake, closed=True) == [0]
    assert topology.arcs_of(island[::-1], closed=True) == [-1]
    assert len(topology.arcs) == 1


# --- KML and Linked Places


def kml(layer):
    root = ET.fromstring(export.to_kml(layer))
    space = {"k": NAMESPACE}
    return root, {p.find("k:name", space).text: p for p in root.iterfind(".//k:Placemark", space)}, space


def test_kml_spans_end_on_the_last_day(toy):
    root, marks, space = kml(export.territories_layer(toy.at(DAY)))
    land = toy.territories["ussuri-coast"].names["en"]
    span = marks[land].find("k:TimeSpan", space)
    assert [child.text for child in span] == ["1858-05-28", "1860-11-13"]
    data = {d.get("name"): d.text for d in marks[land].iterfind(".//k:SimpleData", space)}
    assert (data["start"], data["end"]) == ("1858-05-28", "1860-11-14")
    still = marks[toy.territories["siberia"].names["en"]].find("k:TimeSpan", space)
    assert [child.tag for child in still] == [f"{{{NAMESPACE}}}begin"]
    stamp = {d.get("name"): d[0].text for d in root.iterfind("k:Document/k:ExtendedData/k:Data", space)}
    assert (stamp["dataset"], stamp["licence"], stamp["dates"]) == ("toy", "MIT", "1859-01-01")


def test_kml_elements_are_in_the_order_of_its_schema(layer):
    root, marks, space = kml(layer)
    styles = {style.get("id") for style in root.iterfind(".//k:Style", space)}
    order = ["name", "TimeSpan", "styleUrl", "ExtendedData", "MultiGeometry"]
    for mark in marks.values():
        assert [child.tag.partition("}")[2] for child in mark] == order
        assert mark.find("k:styleUrl", space).text.removeprefix("#") in styles
    assert all(re.fullmatch(r"[A-Za-z_][\w.-]*", name) for name in styles)
    red = root.find(".//k:Style[@id='holder-russia']/k:LineStyle/k:color", space).text
    assert red == "ffeecc88", "#88ccee as aabbggrr"


def test_linked_places_date_name_and_relate(toy):
    document = json.loads(export.to_linked_places(export.territories_layer(toy.at(DAY))))
    assert document["type"] == "FeatureCollection"
    assert document["@context"].endswith(".jsonld")
    assert document["stamp"]["hash"] == "0123456789abcdef"
    place = next(f for f in document["features"] if f["@id"].endswith(":ussuri-coast"))
    assert place["when"] == {
        "timespans": [{"start": {"in": "1858-05-28"}, "end": {"in": "1860-11-13"}}],
        "edtf": "1858-05-28/1860-11-13",
    }
    assert {n["lang"] for n in place["names"]} == {"en", "ru", "zh"}
    assert [r["label"] for r in place["relations"]] == ["China", "Russia"]
    assert place["geometry"]["type"] == "MultiPolygon"
    still = next(f for f in document["features"] if f["@id"].endswith(":siberia"))
    assert still["when"]["edtf"] == "1640-01-01/.."
    nobody = next(f for f in document["features"] if f["@id"].endswith(":sakhalin"))
    assert "relations" not in nobody


# --- files


def test_a_format_is_told_by_the_ending_or_refused(layer, tmp_path):
    assert export.format_for("a.b/X.GPKG") == "gpkg"
    assert export.format_for("land.json") == "geojson"
    with pytest.raises(UsageError, match="cannot tell a format"):
        export.write_layer(layer, tmp_path / "land.shp")
    with pytest.raises(UsageError, match="no format 'shp'"):
        export.render(layer, "shp")
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_cannot_be_written_is_told(layer, tmp_path):
    with pytest.raises(OutputError, match="does not exist"):
        export.write_layer(layer, tmp_path / "no" / "land.gpkg")


def test_a_writer_that_fails_leaves_the_old_file(layer, tmp_path, monkeypatch):
    path = tmp_path / "land.gpkg"
    path.write_text("old")
    monkeypatch.setattr("pyogrio.write_dataframe", lambda *_a, **_k: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        export.write_layer(layer, path)
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_frames_hold_text_and_numbers(layer):
    frame = export.to_frame(layer)
    assert frame.crs == "EPSG:4326"
    assert frame["area_km2"].dtype == "float64"
    assert frame.set_index("id").loc["siberia", "end"] is None
