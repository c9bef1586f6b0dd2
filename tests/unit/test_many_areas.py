"""Areas of many polygons at once are those of each alone."""

import numpy as np
import pytest
import shapely

from marchland.measure import polygon_area_km2, polygon_areas_km2


def test_of_every_face(built_in):
    faces = list(built_in.face_geometries.values())
    ours = polygon_areas_km2(faces)
    assert ours == pytest.approx([polygon_area_km2(face) for face in faces], rel=1e-12, abs=1e-9)


def test_holes_parts_and_other_things():
    ring = shapely.Polygon(shapely.box(0, 0, 9, 9).exterior, [shapely.box(1, 1, 2, 2).exterior])
    several = shapely.MultiPolygon([shapely.box(10, 0, 11, 1), shapely.box(20, 0, 21, 1).reverse()])
    geoms = [ring, None, shapely.Point(1, 1), several, shapely.Polygon(), ring.reverse()]
    found = polygon_areas_km2(geoms)
    assert found == pytest.approx(
        [polygon_area_km2(g) if g is not None else 0 for g in geoms], rel=1e-12, abs=1e-9
    )
    assert found[0] == found[5] > 0
    assert polygon_areas_km2([]).shape == (0,)
    assert polygon_areas_km2([None]).tolist() == [0]


def test_a_ring_longer_than_a_chunk():
    turn = np.linspace(0, 2 * np.pi, 40_001)
    disc = shapely.Polygon(np.column_stack([10 * np.cos(turn), 10 * np.sin(turn)]))
    small = shapely.box(30, 0, 31, 1)
    assert polygon_areas_km2([small, disc, small]) == pytest.approx(
        [polygon_area_km2(small), polygon_area_km2(disc), polygon_area_km2(small)], rel=1e-12
    )
