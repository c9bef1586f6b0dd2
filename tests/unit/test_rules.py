"""What each rule draws, on layers small enough to know the answer."""

from datetime import date

import numpy as np
import pytest
import shapely
from pyproj import Geod
from shapely.geometry import LineString

from marchland.compile.authored import Clause
from marchland.compile.layers import Layers
from marchland.compile.network import build_network
from marchland.compile.rules import DRAWN, FOLLOWED, GEODESIC_STEP_KM, execute
from marchland.errors import CompileError
from marchland.measure import line_length_km, polygon_area_km2
from marchland.model import Place, Rule, Segment

GEOD = Geod(ellps="WGS84")
BENT = [(100, 50), (102, 51), (104, 50)]
LAYERS = Layers(
    {f"{layer}/bent": LineString(BENT) for layer in ("rivers", "borders", "historic", "divides", "admin")},
    {"land/isle": shapely.box(100, 50, 104, 53), "lakes/isle": shapely.box(100, 50, 104, 53)},
    {},
)
FEATURE = {"land": "land/isle", "lakes": "lakes/isle"}
EVERY = ("historic", "borders", "admin", "divides", "rivers", "land", "lakes")


def draw(rule, along=None, *, ends=((100, 50), (104, 50)), **options):
    segment = Segment("t/s", "t", "1", rule, None, 1.0, "a", "b", "x", date(1700, 1, 1), None)
    clause = Clause(segment, "a", "b", along, **options)
    places = {key: Place(key, {"en": key}, lon, lat, 1.0) for key, (lon, lat) in zip("ab", ends, strict=True)}
    return execute(clause, build_network([clause], [], places, LAYERS))


@pytest.mark.parametrize(
    ("rule", "layer"),
    [(rule, layer) for rule, layers in FOLLOWED.items() for layer in layers if layer not in FEATURE],
)
def test_a_rule_follows_its_layers(rule, layer):
    assert [tuple(p) for p in draw(rule, f"{layer}/bent")] == BENT


@pytest.mark.parametrize(("rule", "feature"), [(Rule.COAST, "land/isle"), (Rule.SHORE, "lakes/isle")])
def test_coast_and_shore_follow_the_outline_the_shorter_way(rule, feature):
    line = draw(rule, feature, ends=((100, 51), (102, 50)))
    assert [tuple(p) for p in line] == [(100, 51), (100, 50), (102, 50)]


@pytest.mark.parametrize(
    ("rule", "layer"), [(rule, layer) for rule in Rule for layer in EVERY if layer not in FOLLOWED[rule]]
)
def test_a_rule_refuses_every_other_layer(rule, layer):
    feature = FEATURE.get(layer, f"{layer}/bent")
    with pytest.raises(CompileError, match=f"t/s: a {rule} cannot follow {feature}; use one of"):
        draw(rule, feature)


def test_a_parallel_follows_nothing():
    with pytest.raises(CompileError, match="use one of no layer"):
        draw(Rule.PARALLEL, "borders/bent")


@pytest.mark.parametrize("rule", sorted(set(Rule) - DRAWN))
def test_a_rule_that_needs_a_feature_says_so(rule):
    with pytest.raises(CompileError, match=f"t/s: a {rule} needs a feature to follow"):
        draw(rule)


def test_a_missing_feature_is_named():
    with pytest.raises(CompileError, match="no feature 'rivers/none'"):
        draw(Rule.RIVER, "rivers/none")


@pytest.mark.parametrize("rule", sorted(DRAWN - {Rule.LINE}))
def test_drawn_rules_run_straight_through_their_points(rule):
    line = draw(rule, via=((101, 50.5), (103, 50.25)))
    assert line.tolist() == [[100, 50], [101, 50.5], [103, 50.25], [104, 50]]


def test_a_parallel_keeps_its_latitude():
    assert set(draw(Rule.PARALLEL)[:, 1]) == {50}


@pytest.mark.parametrize(
    "ends", [((100, 50), (104, 50)), ((70, 40), (130, 60)), ((120, 35), (120, 62)), ((100, 50), (100.05, 50))]
)
def test_a_line_is_the_geodesic(ends):
    line = draw(Rule.LINE, ends=ends)
    assert [tuple(line[0]), tuple(line[-1])] == list(ends)
    azimuth, _, total = GEOD.inv(*ends[0], *ends[1])
    steps = np.array(GEOD.inv(*line[:-1].T, *line[1:].T)[2]) / 1000
    assert steps.max() <= GEODESIC_STEP_KM
    assert steps.sum() == pytest.approx(total / 1000, rel=1e-9)
    out = np.array(GEOD.inv(*np.broadcast_to(ends[0], line[1:].shape).T, *line[1:].T)[0])
    assert np.abs((out - azimuth + 180) % 360 - 180).max() < 1e-6


def test_a_long_line_leaves_the_parallel_as_a_geodesic_does():
    line = draw(Rule.LINE, ends=((90, 55), (130, 55)))
    middle = GEOD.npts(90, 55, 130, 55, 1)[0]
    assert line[:, 1].max() == pytest.approx(middle[1], abs=1e-4)
    assert line[:, 1].max() > 56


def test_a_line_through_points_bends_at_each():
    line = draw(Rule.LINE, via=((102, 52),))
    assert (102, 52) in {tuple(p) for p in line.tolist()}
    half = GEOD.inv(100, 50, 102, 52)[2] + GEOD.inv(102, 52, 104, 50)[2]
    assert line_length_km(line) == pytest.approx(half / 1000, rel=1e-5)


def ends_and_beyond(rule, **options):
    """(outer, end, next inner) at both ends of a line with 50 km of overshoot."""
    plain, line = draw(rule, **options), draw(rule, overshoot_km=50, **options)
    points = [tuple(p) for p in line.tolist()]
    assert [points.index(tuple(plain[0])), points.index(tuple(plain[-1]))] != [0, len(points) - 1]
    return [(line[0], plain[0], plain[1]), (line[-1], plain[-1], plain[-2])]


@pytest.mark.parametrize("rule", [Rule.LINE, Rule.PARALLEL, Rule.MARKERS])
def test_overshoot_reaches_as_far_as_asked(rule):
    for outer, end, _ in ends_and_beyond(rule):
        assert GEOD.inv(*end, *outer)[2] == pytest.approx(50_000, rel=0.01)


def test_a_geodesic_overshoots_as_the_same_geodesic():
    for outer, end, inner in ends_and_beyond(Rule.LINE, ends=((90, 50), (110, 55))):
        on, back = GEOD.inv(*end, *outer)[0], GEOD.inv(*end, *inner)[0]
        assert (on - back) % 360 == pytest.approx(180, abs=1e-6)


def test_a_parallel_overshoots_along_its_latitude():
    for outer, end, _ in ends_and_beyond(Rule.PARALLEL):
        assert outer[1] == pytest.approx(end[1], abs=1e-9)


def test_markers_overshoot_straight_on():
    for outer, end, inner in ends_and_beyond(Rule.MARKERS, ends=((100, 50), (103, 53))):
        (dx, dy), (ex, ey) = outer - end, end - inner
        assert dx * ey - dy * ex == pytest.approx(0, abs=1e-9)
        assert dx * ex + dy * ey > 0


@pytest.mark.parametrize("ends", [((100, 50), (104, 50)), ((100, 50), (100, 53)), ((100, 50), (103, 52))])
@pytest.mark.parametrize("rule", [Rule.LINE, Rule.MARKERS])
def test_a_strip_reaches_as_far_to_either_side(rule, ends):
    outline = draw(rule, ends=ends, buffer_km=15)
    assert tuple(outline[0]) == tuple(outline[-1])
    strip = shapely.Polygon(outline)
    assert strip.is_valid
    length = line_length_km(draw(rule, ends=ends))
    assert polygon_area_km2(strip) == pytest.approx(2 * 15 * length, rel=0.02)
    assert strip.buffer(1e-9).covers(LineString(draw(rule, ends=ends)))


def test_the_ends_of_drawn_points_may_lie_on_a_feature():
    segment = Segment("t/s", "t", "1", Rule.MARKERS, None, 1.0, "a", "b", "x", date(1700, 1, 1), None)
    clause = Clause(segment, "a", "b", None, start_on="rivers/bent", end_on="borders/bent")
    places = {"a": Place("a", {"en": "a"}, 101, 50.51, 5), "b": Place("b", {"en": "b"}, 103, 50.49, 5)}
    line = execute(clause, build_network([clause], [], places, LAYERS))
    assert len(line) == 2
    bent = LineString(BENT)
    for point, place in zip(line, places.values(), strict=True):
        assert bent.distance(shapely.Point(point)) < 1e-9
        assert tuple(point) != (place.lon, place.lat)
