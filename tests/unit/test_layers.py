"""Reference geometry read from a dataset's base folder."""

import json
import shutil

import pytest
import shapely

from marchland.compile.layers import AREA_LAYERS, LINE_LAYERS, read_layers
from marchland.errors import CompileError


@pytest.fixture
def base(small_sources, tmp_path):
    return shutil.copytree(small_sources / "base", tmp_path / "base")


def test_every_feature_by_layer_and_id(base):
    layers = read_layers(base)
    assert set(layers.lines) == {"rivers/great", "divides/ridge", "borders/survey", "borders/outer"}
    assert set(layers.areas) == {"land/mainland", "land/isle", "land/rock", "land/skerry", "lakes/round"}
    assert layers.line("rivers/great").coords[0] == (99.9, 50)
    assert layers.properties["rivers/great"]["name_en"] == "Great River"


def test_land_is_land_alone(base):
    layers = read_layers(base)
    assert sorted(round(part.area, 6) for part in layers.land) == [0.00002, 0.01, 0.06, 240]


def test_an_area_followed_is_the_outline_of_its_largest_part(base):
    many = shapely.MultiPolygon([shapely.box(0, 0, 1, 1), shapely.box(5, 5, 8, 8)])
    feature = {"properties": {"id": "two"}, "geometry": json.loads(shapely.to_geojson(many))}
    (base / "land.geojson").write_text(json.dumps({"features": [feature]}))
    line = read_layers(base).line("land/two")
    assert line.is_closed
    assert line.bounds == (5, 5, 8, 8)


def test_a_line_in_parts_is_its_longest(base):
    parts = shapely.MultiLineString([[(0, 0), (1, 0)], [(2, 0), (9, 0)], [(10, 0), (11, 0)]])
    feature = {"properties": {"id": "enclaves"}, "geometry": json.loads(shapely.to_geojson(parts))}
    (base / "borders.geojson").write_text(json.dumps({"features": [feature]}))
    assert list(read_layers(base).line("borders/enclaves").coords) == [(2, 0), (9, 0)]


def test_an_unknown_feature_is_answered_with_its_layer(base):
    with pytest.raises(CompileError, match=r"no feature 'rivers/small'; there are rivers/great$"):
        read_layers(base).line("rivers/small")


@pytest.mark.parametrize("layer", [*LINE_LAYERS, *AREA_LAYERS])
def test_a_missing_layer_is_named(base, layer):
    (base / f"{layer}.geojson").unlink()
    with pytest.raises(CompileError, match=rf"cannot read base/{layer}\.geojson: .*derive\.py"):
        read_layers(base)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"type": "Feature"}'])
def test_what_is_no_feature_collection_is_named(base, text):
    (base / "divides.geojson").write_text(text)
    with pytest.raises(CompileError, match=r"cannot read base/divides\.geojson"):
        read_layers(base)


@pytest.mark.parametrize(
    "feature",
    [
        {"geometry": {"type": "LineString", "coordinates": [[0, 0], [1, 1]]}},
        {"properties": {}, "geometry": {"type": "LineString", "coordinates": [[0, 0], [1, 1]]}},
        {"properties": {"id": "x"}, "geometry": {"type": "LineString", "coordinates": "no"}},
        {"properties": {"id": "x"}, "geometry": None},
    ],
)
def test_a_malformed_feature_is_named(base, feature):
    (base / "divides.geojson").write_text(json.dumps({"features": [feature]}))
    with pytest.raises(CompileError, match=r"base/divides\.geojson"):
        read_layers(base)
