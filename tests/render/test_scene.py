from dataclasses import replace
from datetime import date

import numpy as np
import pytest
import shapely

from marchland.errors import DataError, DateError, NotFoundError, UsageError
from marchland.model import Basis, Holder, Stage, Status
from marchland.render.fills import Fills
from marchland.render.labels import UNDATED_FROM, place_labels, stood_from
from marchland.render.payload import runs_on
from marchland.render.projection import UNIT_M, Albers
from marchland.render.scene import build_scene
from marchland.render.shapes import simplify_together

KM2_PER_SQUARE_UNIT = (UNIT_M / 1000) ** 2


@pytest.fixture(scope="module")
def scene(composite):
    return build_scene(composite, 1860)


def drawn_area(scene, territory):
    rings = [shapely.Polygon(scene.mesh.coordinates(ring)) for ring in scene.shapes[territory]]
    whole = rings[0]
    for ring in rings[1:]:  # the even-odd rule
        whole = shapely.symmetric_difference(whole, ring)
    return whole.area * KM2_PER_SQUARE_UNIT


def check_areas(scene, least_km2, but=frozenset()):
    ratios = {}
    for name in scene.histories:
        area = scene.composite.territories[name].area_km2
        if area >= least_km2 and name not in but:
            ratios[name] = drawn_area(scene, name) / area
    assert ratios
    assert {n: r for n, r in ratios.items() if not 0.995 < r < 1.005} == {}


def test_drawn_area_is_the_true_area(scene):
    check_areas(scene, 300)


def test_drawn_area_is_the_true_area_in_the_built_in_dataset(built_in):
    check_areas(build_scene(built_in, 1860), 150, but={"cer-main"})  # a strip a kilometre wide


def test_neighbours_share_their_simplified_border(scene):
    polygons = []
    for rings in scene.shapes.values():
        shapes = [shapely.Polygon(scene.mesh.coordinates(ring)) for ring in rings]
        polygons.append(shapely.union_all(shapes) if len(shapes) > 1 else shapes[0])
    flat = [part for polygon in polygons for part in shapely.get_parts(polygon)]
    assert shapely.coverage_is_valid(np.array(flat))


def test_coordinates_are_whole_and_on_the_sheet(scene):
    width, height = scene.projection.size
    for line in scene.mesh.lines:
        assert line.dtype == np.int64
        assert line.min() >= 0
        assert line[:, 0].max() <= width
        assert line[:, 1].max() <= height
        assert len(line) >= 2


def test_projection_is_equal_area_over_the_window():
    projection = Albers((60, 34, 145, 63))
    for lon, lat in [(62, 35), (100, 48), (140, 60)]:
        cell = shapely.segmentize(shapely.box(lon, lat, lon + 1, lat + 1), 0.01)
        metres = projection.metres(shapely.get_coordinates(cell))
        authalic = _cell_km2(lat, lat + 1)
        assert shapely.Polygon(metres).area / 1e6 == pytest.approx(authalic, rel=1e-4)


def _cell_km2(south, north):
    """Area of a cell one degree wide on WGS 84, by the closed form for a zone of the ellipsoid."""
    a, e = 6378.137, 0.0818191908426215

    def zone(lat):
        s = np.sin(np.radians(lat))
        return s / (2 * (1 - (e * s) ** 2)) + np.log((1 + e * s) / (1 - e * s)) / (4 * e)

    return np.radians(1) * a**2 * (1 - e**2) * (zone(north) - zone(south))


def test_simplifying_together_keeps_ends_and_closed_lines():
    angle = np.linspace(0, 2 * np.pi, 200)
    circle = 1000 * np.column_stack([np.cos(angle), 4 + np.sin(angle)])
    circle[-1] = circle[0]
    wave = np.column_stack([np.linspace(0, 9000, 300), 20 * np.sin(np.linspace(0, 60, 300))])
    small, flat = simplify_together([circle, wave], 500)
    assert (small[0] == circle[0]).all()
    assert (small[-1] == circle[-1]).all()
    assert shapely.Polygon(small).area > 0
    assert len(flat) == 2


def test_frontier_by_stage(scene, composite):
    runs = runs_on(scene, scene.date)
    assert set(runs) == {Stage.DEMARCATED, Stage.DELIMITED, None}
    drawn = {scene.mesh.ids[i if i >= 0 else ~i] for found in runs.values() for run in found for i in run}
    rows = composite.frontier(1860).rows
    assert drawn == {arc for row in rows for arc in row.arcs}
    by_segment = {
        border.on(scene.date).segment: border.on(scene.date).stage
        for border in scene.borders
        if border.on(scene.date)
    }
    assert by_segment == {row.segment: row.stage for row in rows}


def test_frontier_changes_with_the_segment_even_between_dates_of_change(composite):
    scene = build_scene(composite, "1884-06-03")
    pamir = [b for b in scene.borders if b.on(date(1884, 6, 3)) and b.on(date(1884, 6, 3)).segment == "pamir"]
    assert pamir
    assert date(1884, 6, 3) not in scene.change_dates
    for border in pamir:
        assert border.on(date(1884, 6, 3)).start <= date(1884, 6, 3)


def test_areas_sum_to_the_territories(scene, composite):
    areas = scene.areas(scene.date)
    assert sum(areas.values()) == pytest.approx(
        sum(t.area_km2 for t in composite.territories.values()), abs=0.001
    )
    assert list(areas)[-1] is None
    assert next(iter(areas)) == "russia"


def test_what_changed_a_date(scene):
    assert scene.changed_by(date(1860, 11, 14)) == ("peking-1860",)
    assert scene.changed_by(scene.composite.meta.first_date) == ()
    assert scene.changed_by(date(1757, 1, 1)) == ()


def test_fills_tell_every_status_apart():
    holder = Holder("a", {"en": "A"}, "#cc6677")
    fills = Fills({"a": holder, "b": Holder("b", {"en": "B"}, "#ddcc77")})
    made = [fills.of("a", status) for status in Status] + [
        fills.of("a+b", Status.JOINT),
        fills.of(None, Status.UNDELIMITED),
    ]
    assert made[0].paint == "#cc6677"
    patterns = [fill.pattern().replace(fill.key, "") for fill in made[1:]]
    assert len(set(patterns)) == len(patterns)
    assert "#cc6677" in made[-2].pattern()
    assert "#ddcc77" in made[-2].pattern()
    assert fills.of("a", Status.SOVEREIGN) is made[0]


@pytest.mark.parametrize("colour", ["red", "#CC6677", "#cc667", "#cc6677;}", "url(x)", "#cc6677\n", ""])
def test_a_colour_that_is_none_is_refused(colour):
    with pytest.raises(DataError, match="colour"):
        Fills({"a": Holder("a", {"en": "A"}, colour)}).of("a", Status.SOVEREIGN)


def test_bad_questions(composite):
    with pytest.raises(DateError):
        build_scene(composite, 1600)
    with pytest.raises(NotFoundError):
        build_scene(composite, "foo")
    with pytest.raises(UsageError, match="en, ru, zh"):
        build_scene(composite, 1860, lang="fr")
    assert build_scene(composite, "aigun-1858", basis="de_facto").basis is Basis.DE_FACTO


def test_a_dataset_without_instruments_is_not_said_to_lack_them(composite):
    bare = replace(composite, instruments={})
    texts = build_scene(bare, "1860").texts
    assert texts("none_in_force") == ""
    assert texts("other_change") == "land changed hands"


def test_no_town_is_shown_before_it_was_founded(built_in):
    early = {label.text for label in place_labels(build_scene(built_in, 1700), 0.1, size=12, limit=999)}
    late = {label.text for label in place_labels(build_scene(built_in, 2000), 0.1, size=12, limit=999)}
    assert {"Beijing", "Nerchinsk", "Tomsk"} <= early
    assert {"Vladivostok", "Harbin"} <= late - early


def test_a_city_without_a_year_is_older_than_the_maps_a_small_town_is_not(built_in):
    places = [p for p in built_in.places.values() if p.kind == "settlement" and p.since is None]
    assert {stood_from(p) for p in places if p.rank < 3} == {0}
    assert {stood_from(p) for p in places if p.rank == 3} == {UNDATED_FROM}
    assert stood_from(built_in.places["chuguchak"]) == 1766
