"""The relief lies where it should, and says so when it cannot."""

from dataclasses import replace
from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from marchland.errors import DataError
from marchland.pictures import Picture
from marchland.render.projection import UNIT_M
from marchland.render.relief import relief_of
from marchland.render.scene import build_scene

TIAN_SHAN, TARIM, SEA_OF_JAPAN = (80.0, 42.2), (82.0, 39.3), (134.0, 40.5)


@pytest.fixture(scope="module")
def scene(built_in):
    return build_scene(built_in, 1860)


@pytest.fixture(scope="module")
def relief(scene):
    return relief_of(scene)


def pixels(relief, scene, lonlat):
    """Rows and columns of the picture at places, by way of the sheet."""
    x, y, width, height = relief.box
    rows, columns = relief.shadow.shape
    at = scene.projection.sheet(lonlat)
    return (at[:, 1] - y) * rows // height, (at[:, 0] - x) * columns // width


def around(relief, scene, lonlat, reach=25):
    (row,), (column,) = pixels(relief, scene, [lonlat])
    return relief.shadow[row - reach : row + reach, column - reach : column + reach]


def test_it_is_small_and_square_on_the_ground(relief):
    assert len(relief.content) <= 200_000
    rows, columns = relief.shadow.shape
    west, south, east, north = relief.bounds
    assert (east - west) / columns == (north - south) / rows
    assert relief.box[2:] == ((east - west) / UNIT_M, (north - south) / UNIT_M)
    assert relief.data_uri.startswith("data:image/webp;base64,UklGR")


def test_mountains_are_rough_plains_are_even_and_light(relief, scene):
    assert around(relief, scene, TIAN_SHAN).std() > 4 * around(relief, scene, TARIM).std()
    assert around(relief, scene, TARIM).mean() < 0.2


def test_the_sea_is_left_alone(relief, scene):
    assert around(relief, scene, SEA_OF_JAPAN).max() == 0


def test_its_coast_is_the_coast_of_the_map(relief, scene):
    image = Image.open(BytesIO(relief.content)).convert("LA")
    alpha = np.asarray(image.getchannel("A"))
    shores = [a.id for a in scene.composite.arcs if a.kind == "coast"]
    points = np.vstack([np.asarray(scene.composite.arc_geometries[a].coords)[::20] for a in shores])
    west, south, east, north = scene.projection.window
    inside = (points[:, 0] > west + 1) & (points[:, 0] < east - 1)
    points = points[inside & (points[:, 1] > south + 1) & (points[:, 1] < north - 1)]
    rows, columns = pixels(relief, scene, points)

    def on_edge(down, right):
        near = [
            alpha[r - 1 : r + 2, c - 1 : c + 2] for r, c in zip(rows + down, columns + right, strict=True)
        ]
        return np.mean([part.min() < 128 < part.max() for part in near])

    assert len(points) > 300
    assert on_edge(0, 0) > 0.85  # the rest are islets and inlets narrower than a pixel
    assert max(on_edge(*moved) for moved in ((3, 0), (-3, 0), (0, 3), (0, -3))) < 0.65


def test_light_from_the_north_west(relief, scene):
    """The south-east side of the Greater Khingan falls to the plain: it lies in shadow."""
    slope, plain = around(relief, scene, (121.9, 47.0), 6), around(relief, scene, (124.5, 46.5), 6)
    assert slope.mean() > plain.mean() + 0.03


def test_a_dataset_without_relief_has_none(composite):
    assert relief_of(build_scene(composite, 1860)) is None


def test_a_relief_of_another_projection_is_refused(composite):
    other = Picture(b"", "image/webp", "+proj=merc", (0.0, 0.0, 1.0, 1.0))
    scene = build_scene(replace(composite, load_relief=lambda: other), 1860)
    with pytest.raises(DataError, match=r"drawn in \+proj=merc, the map in \+proj=aea .*; make base/relief"):
        relief_of(scene)
