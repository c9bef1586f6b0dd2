from dataclasses import replace

import shapely

from marchland import compare, from_versions, series
from marchland.render.colours import PALETTE, coloured, neighbours
from marchland.render.figures import _letters, series_figure
from marchland.render.light.fills import Passages
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
    assert "Russia" not in str(told["words"])
    assert isinstance(sheet_of((60, 34, 145, 63)), Albers)


def test_area_on_the_sheet_of_the_world_is_true():
    scene = build_scene(checkerboard(), "1940")
    for name, rings in scene.shapes.items():
        drawn = sum(shapely.Polygon(scene.mesh.coordinates(ring)).area for ring in rings) / 100
        assert 0.995 < drawn / scene.composite.territories[name].area_km2 < 1.005


def test_land_that_moved_and_lines_of_a_chart_have_the_colours_of_the_map():
    """On the board every holder's colour is chosen anew, other than the one it was read with."""
    board = checkerboard()
    chosen = coloured(board)
    (row, *_) = compare(board, "1940", "1960").by_pair
    passage = Passages(build_scene(board, "1960")).of(row.from_holder, row.to_holder)
    assert passage.before == (chosen[row.from_holder].colour,)
    assert passage.after == (chosen[row.to_holder].colour,)
    chart = series_figure(series(board), holders=(row.to_holder,)).decode()
    assert chosen[row.to_holder].colour in chart
    assert board.holders[row.to_holder].colour not in chart


def test_letters_in_a_colour_of_the_palette_can_be_read_on_white():
    """WCAG 2.2, 1.4.3: a contrast of 4.5 to 1."""
    for colour in PALETTE:
        assert contrast(_letters(colour), "#ffffff") >= 4.5


def contrast(one, other):
    """Return the contrast of two colours as WCAG 2.2 defines it."""

    def luminance(colour):
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        linear = [v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in parts]
        return sum(weight * v for weight, v in zip((0.2126, 0.7152, 0.0722), linear, strict=True))

    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)
