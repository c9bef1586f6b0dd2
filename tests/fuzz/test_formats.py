"""Whatever boundaries are brought: written in any format and read again, they are the same boundaries."""

import json
import runpy
from pathlib import Path

import pytest
import shapely
from hypothesis import given, settings

import marchland
from marchland import export
from marchland.datasets.files import read_table
from marchland.export.shapes import fit
from marchland.measure import polygon_area_km2
from marchland.model import Basis

MADE = runpy.run_path(str(Path(__file__).parent / "partitions.py"))
dated_rows, table = MADE["dated_rows"], MADE["table"]
COLUMNS = ("territory", "name", "holder", "holder_name", "status", "basis", "start", "end", "area_km2")
MICRO = 1.0000001e-6
"""Degrees by which a vertex that noding made may move when it is written with six decimals."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("formats")


def read(rows):
    return marchland.from_versions(table(rows), holder="holder", start="start", end="end", unit="unit")


def read_again(layer, how, folder):
    """Return a written layer as GDAL reads it, under its own columns."""
    ending = {"linked-places": ".geojson"}.get(how, export.FORMATS[how].ending)
    path = export.write_layer(layer, folder / f"land{ending}", how=how)
    frame, _ = read_table(path)
    if how == "kml":  # GDAL's own columns of a placemark come first, ours get a 2 where they share a name
        frame = frame.drop(columns=["name", "end"], errors="ignore")
        frame = frame.rename(columns={"name2": "name", "end2": "end"})
    if how == "linked-places":
        assert json.loads(path.read_text(encoding="utf-8"))["stamp"] == dict(layer.stamp)
    return frame


def plain(value, column):
    """Return a cell as text, a day without its time; a blank one is none."""
    if value is None or value != value or value == "":
        return None
    return str(value)[:10] if column in {"start", "end"} else str(value)


@pytest.mark.parametrize("how", sorted(export.FORMATS))
@settings(max_examples=10)
@given(dated_rows())
def test_what_was_written_is_read(folder, how, drawn):
    composite = read(drawn[0])
    layer = export.tenures_layer(composite)
    frame = read_again(layer, how, folder)
    assert len(frame) == len(layer.features)
    for feature, row in zip(layer.features, frame.to_dict("records"), strict=True):
        told = layer.properties(feature)
        for column in COLUMNS[:-1]:
            assert plain(row.get(column), column) == plain(told[column], column), column
        assert float(row["area_km2"]) == told["area_km2"]
        wanted = fit(feature.geometry, layer.geometry_type)
        assert shapely.equals_exact(row["geometry"], wanted, tolerance=MICRO, normalize=True)
        if how in {"gpkg", "parquet"}:
            assert shapely.equals_exact(row["geometry"], wanted)


@pytest.mark.parametrize("how", sorted(set(export.FORMATS) - {"kml"}))
@settings(max_examples=10)
@given(dated_rows(overlaps=False))
def test_what_was_written_is_a_dataset_again_with_the_same_answers(folder, how, drawn):
    """Corners have six decimals and nothing is cut, so that not a metre may be lost."""
    rows, (day,) = drawn
    composite = read(rows)
    frame = read_again(export.tenures_layer(composite), how, folder)
    again = marchland.from_versions(frame, holder="holder", start="start", end="end", unit="territory")
    day = min(day, again.meta.as_of)  # a table has no last day of its own: it ends with its last change
    for basis in Basis:
        one, other = (_held(ds, day, basis) for ds in (composite, again))
        assert one == pytest.approx(other, abs=0.005 * (len(one) + 1))


def _held(composite, day, basis):
    out = {}
    for row in composite.at(day, basis=basis).rows:
        if row.holder is not None:
            out[row.holder] = out.get(row.holder, 0) + composite.territories[row.territory].area_km2
    return out


@pytest.mark.parametrize("how", sorted(export.FORMATS))
@settings(max_examples=5)
@given(dated_rows())
def test_faces_and_maps_are_written_in_every_format(folder, how, drawn):
    rows, (day,) = drawn
    snapshot = read(rows).at(day)
    for layer in (export.faces_layer(snapshot), export.territories_layer(snapshot)):
        frame = read_again(layer, how, folder)
        areas = [polygon_area_km2(shape) for shape in frame.geometry]
        assert areas == pytest.approx([layer.properties(f)["area_km2"] for f in layer.features], abs=0.2)
