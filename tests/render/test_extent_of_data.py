"""Users' data of any size fill the map: a town, land across ±180°, the world."""

import geopandas
import numpy as np
import pytest
import shapely
from shapely.geometry import box

import marchland as ml
from marchland.render.article import article
from marchland.render.page import page
from marchland.render.payload import payload
from marchland.render.projection import Albers, EqualEarth, sheet_of
from marchland.render.scene import build_scene, window_of


def dataset(*rows):
    """Read rows of holder, first day, end and geometry as anybody's boundaries."""
    columns = dict(zip(("holder", "start", "end", "geometry"), zip(*rows, strict=True), strict=True))
    return ml.from_versions(
        geopandas.GeoDataFrame(columns, crs="OGC:CRS84"),
        holder="holder",
        start="start",
        end="end",
        sigma_km=0.05,
    )


@pytest.fixture(scope="module")
def town():
    return dataset(
        ("Altburg", "1850-01-01", "1920-01-01", box(24.0, 47.0, 24.2, 47.3)),
        ("Neustadt", "1850-01-01", "1880-01-01", box(24.2, 47.0, 24.5, 47.3)),
        ("Neustadt", "1880-01-01", "1920-01-01", box(24.3, 47.0, 24.5, 47.3)),
        ("Dorf", "1880-01-01", "1920-01-01", box(24.2, 47.0, 24.3, 47.3)),
    )


@pytest.fixture(scope="module")
def across():
    return dataset(
        ("West", "1850-01-01", "1900-01-01", box(178, -18, 180, -16)),
        ("East", "1850-01-01", "1875-01-01", box(-180, -18, -178.5, -16)),
        ("Third", "1875-01-01", "1900-01-01", box(-180, -18, -178.5, -16)),
    )


def drawn_share(scene):
    """Return which part of the sheet's width and height the land takes."""
    points = np.vstack(scene.mesh.lines)
    return np.ptp(points, axis=0) / scene.projection.size


def test_a_town_fills_its_sheet(town):
    scene = build_scene(town, 1890)
    assert np.all(drawn_share(scene) > 0.8)
    assert scene.projection.unit_m == 5.0
    assert payload(scene)["unit"] == 5.0


def test_small_land_is_drawn_as_large_as_it_is(town):
    scene = build_scene(town, 1890)
    for name, territory in town.territories.items():
        rings = [scene.mesh.coordinates(ring) for ring in scene.shapes[name]]
        area = sum(shapely.Polygon(ring).area for ring in rings) * (scene.projection.unit_m / 1000) ** 2
        assert area == pytest.approx(territory.area_km2, rel=0.005)


def test_a_small_map_has_lines_of_degrees_to_tell_its_place_by(town):
    grid = build_scene(town, 1890).projection.graticule()
    assert [line["text"] for line in grid] == ["24.2°E", "24.4°E", "47.2°N"]


def test_the_scale_bar_of_a_small_kit_is_a_small_one(town):
    svg = article(town, 1860, 1890).files()["map.svg"].decode()
    assert ">5 km</text>" in svg


def test_land_across_the_date_line_is_drawn_together(across):
    assert window_of(across) == (178.0, -18.0, 181.5, -16.0)
    scene = build_scene(across, 1890)
    assert isinstance(scene.projection, Albers)
    assert np.all(drawn_share(scene) > 0.7)
    assert [line["text"] for line in scene.projection.graticule(1)] == ["179°E", "180°", "179°W", "17°S"]
    assert set(article(across, 1860, 1890).files()) >= {"map.svg", "map.png", "map.html"}


def test_land_all_around_the_world_keeps_the_whole_window():
    world = dataset(
        ("A", "1850-01-01", "1900-01-01", box(-180, -50, -60, 60)),
        ("C", "1850-01-01", "1900-01-01", box(-60, -50, 60, 60)),
        ("B", "1850-01-01", "1900-01-01", box(60, -50, 180, 60)),
    )
    assert window_of(world) == (-180.0, -50.0, 180.0, 60.0)
    assert isinstance(build_scene(world, 1860).projection, EqualEarth)
    assert "<h1" in page(world, 1860).html()


@pytest.mark.parametrize("window", [(10.0, 0.01, 10.4, 0.3), (10.0, -0.3, 10.4, 0.1), (10.0, 3.1, 10.1, 3.2)])
def test_a_sheet_near_the_equator_can_be_computed(window):
    sheet = sheet_of(window)
    assert np.all(np.isfinite(sheet.frame_metres))
    assert 5000 <= max(sheet.size) <= 20_000
