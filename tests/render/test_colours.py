from dataclasses import replace

import shapely

from marchland import from_versions
from marchland.render.colours import PALETTE, coloured, neighbours
from marchland.render.payload import payload
from marchland.render.projection import Albers, EqualEarth, sheet_of
from marchland.render.scene import build_scene


def checkerboard(rows=6, columns=7, *, west=-170.0, step=45.0):
    """Holders on a board, each with the square beside it taken over by another in 1950."""
    import geopandas

    records, shapes = [], []
    for row in range(rows):
        for column in range(columns):
            x, y = west + column * step, -50 + row * 20
            for start, end, shift in (("1900-01-01", "1950-01-01", 0), ("1950-01-01", "2000-01-01", 1)):
                name = f"state {row} {(column + shift) % columns:02d}"
                records.append((name, start, end))
                shapes.append(shapely.box(x, y, x + step, y + 20))
    frame = geopandas.GeoDataFrame(
        records, columns=["holder", "start", "end"], geometry=shapes, crs="EPSG:4326"
    )
    return from_versions(frame, holder="holder", start="start", end="end", end_rule="exclusive")


def test_holders_that_ever_met_get_different_colours():
    board = checkerboard()
    beside, holders = neighbours(board), coloured(board)
    assert len(holders) == 42
    assert all(beside[name] for name in holders)
    for name, others in beside.items():
        assert holders[name].colour in PALETTE
        assert all(holders[name].colour != holders[other].colour for other in others), name
    assert coloured(checkerboard()) == holders


def test_colours_somebody_chose_stay(composite):
    assert coloured(composite) is composite.holders
    assert coloured(replace(composite, parties=None)) != composite.holders


def test_the_world_is_drawn_in_equal_earth_and_without_words_of_a_frontier():
    scene = build_scene(checkerboard(), "1940", parts=("page",))
    assert isinstance(scene.projection, EqualEarth)
    told = payload(scene)
    assert told["projection"]["name"] == "eqearth"
    assert told["words"]["heading"] == "Boundaries on {date}"
    assert "Russia" not in str({k: v for k, v in told["words"].items() if k != "any"})
    assert isinstance(sheet_of((60, 34, 145, 63)), Albers)


def test_area_on_the_sheet_of_the_world_is_true():
    scene = build_scene(checkerboard(), "1940")
    for name, rings in scene.shapes.items():
        drawn = sum(shapely.Polygon(scene.mesh.coordinates(ring)).area for ring in rings) / 100
        assert 0.995 < drawn / scene.composite.territories[name].area_km2 < 1.005
