"""Named nodes on the reference geometry, and the stretches between them."""

from datetime import date
from itertools import pairwise

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import LineString

from marchland.compile.authored import Clause, Reference
from marchland.compile.layers import Layers
from marchland.compile.network import REPORT_LINK_KM, build_network
from marchland.errors import CompileError
from marchland.measure import line_length_km
from marchland.model import Place, Rule, Segment

KM_LAT = 1 / 111.2  # about a kilometre of latitude, degrees


def layers(*, areas=None, **lines):
    """``borders__survey=[(lon, lat), …]`` is the feature ``borders/survey``."""
    named = {key.replace("__", "/"): LineString(coords) for key, coords in lines.items()}
    return Layers(named, areas or {}, {})


def clause(along, start, end, rule=Rule.BORDER, via=()):
    segment = Segment(
        f"t/{start}-{end}", "t", "1", rule, None, 1.0, start, end, "x", date(1700, 1, 1), None
    )  # fmt: skip
    return Clause(segment, start, end, along, via)


def places(**points):
    """``fork=(lon, lat, accuracy_km)``."""
    return {key: Place(key, {"en": key}, lon, lat, accuracy) for key, (lon, lat, accuracy) in points.items()}


STRAIGHT = [(100, 50), (102, 50), (104, 50)]


def test_a_place_is_put_on_the_nearest_point_of_its_feature():
    net = build_network(
        [clause("rivers/a", "x", "y", Rule.RIVER)],
        [],
        places(x=(101, 50 + KM_LAT, 3), y=(103, 50 - KM_LAT, 3)),
        layers(rivers__a=STRAIGHT),
    )
    assert net.nodes == {"x": (101, 50), "y": (103, 50)}
    assert net.between("rivers/a", "x", "y").tolist() == [[101, 50], [102, 50], [103, 50]]
    assert net.between("rivers/a", "y", "x").tolist() == [[103, 50], [102, 50], [101, 50]]
    assert net.links == ()


@pytest.mark.parametrize(
    ("features", "row"),
    [
        (("historic", "borders"), 50.0),
        (("borders", "admin"), 50.0),
        (("admin", "divides"), 50.0),
        (("divides", "rivers"), 50.0),
    ],
)
def test_the_most_trusted_feature_takes_the_node(features, row):
    trusted, other = features
    drawn = layers(
        **{f"{trusted}__z": STRAIGHT, f"{other}__a": [(100, 50 + KM_LAT / 2), (104, 50 + KM_LAT / 2)]}
    )
    clauses = [clause(f"{other}/a", "x", "y"), clause(f"{trusted}/z", "x", "y")]
    net = build_network(clauses, [], places(x=(101, 50.003, 2), y=(103, 50.003, 2)), drawn)
    assert net.nodes["x"] == (101, row)
    along = net.between(f"{other}/a", "x", "y")
    assert along[0].tolist() == [101, 50]
    assert along[1].tolist() == pytest.approx([101, 50 + KM_LAT / 2])
    assert along[-1].tolist() == [103, 50]


def test_the_end_of_a_line_is_preferred_within_the_accuracy():
    drawn = layers(rivers__a=STRAIGHT)
    near = places(x=(100.03, 50, 5), y=(103, 50, 5))
    assert build_network([clause("rivers/a", "x", "y")], [], near, drawn).nodes["x"] == (100, 50)
    far = places(x=(100.03, 50, 1), y=(103, 50, 5))
    assert build_network([clause("rivers/a", "x", "y")], [], far, drawn).nodes["x"] == (100.03, 50)


def test_a_place_off_its_feature_is_refused_with_the_distance():
    with pytest.raises(CompileError, match=r"x lies 11\.1 km from rivers/a, more than its accuracy of 5 km"):
        build_network(
            [clause("rivers/a", "x", "y")],
            [],
            places(x=(101, 50.1, 5), y=(103, 50, 5)),
            layers(rivers__a=STRAIGHT),
        )


def test_two_features_that_do_not_meet_are_refused():
    drawn = layers(borders__b=STRAIGHT, rivers__a=[(101, 50.2), (101, 51)])
    known = places(x=(101, 50.1, 12), y=(103, 50, 5), z=(101, 51, 1))
    with pytest.raises(CompileError, match=r"x is 22\.2 km from rivers/a, .* two features"):
        build_network([clause("borders/b", "x", "y"), clause("rivers/a", "x", "z")], [], known, drawn)


def test_vertices_are_inserted_once_and_shared_by_all_clauses():
    known = places(a=(100.5, 50, 1), b=(101.5, 50, 1), c=(103.5, 50, 1))
    clauses = [clause("rivers/a", "a", "b"), clause("rivers/a", "b", "c"), clause("rivers/a", "a", "c")]
    net = build_network(clauses, [], known, layers(rivers__a=STRAIGHT))
    line = net.features["rivers/a"].tolist()
    assert line == [[100, 50], [100.5, 50], [101.5, 50], [102, 50], [103.5, 50], [104, 50]]
    whole = net.between("rivers/a", "a", "c").tolist()
    halves = net.between("rivers/a", "a", "b").tolist() + net.between("rivers/a", "b", "c").tolist()[1:]
    assert whole == halves


def test_a_vertex_that_is_there_is_used():
    known = places(a=(102, 50, 1), b=(103, 50, 1))
    net = build_network([clause("rivers/a", "a", "b")], [], known, layers(rivers__a=STRAIGHT))
    assert len(net.features["rivers/a"]) == 4


def test_two_places_on_one_point_are_refused():
    known = places(a=(100, 50, 5), b=(100.001, 50, 5))
    net = build_network([clause("rivers/a", "a", "b")], [], known, layers(rivers__a=STRAIGHT))
    with pytest.raises(CompileError, match="a and b fall on the same point of rivers/a"):
        net.between("rivers/a", "a", "b")


SQUARE = {"lakes/l": shapely.box(100, 50, 104, 52)}


@pytest.mark.parametrize(
    ("start", "end", "corners"),
    [
        ("south", "west", [(101, 50), (100, 50), (100, 51)]),
        ("west", "south", [(100, 51), (100, 50), (101, 50)]),
        ("west", "north", [(100, 51), (100, 52), (101, 52)]),
        ("north", "west", [(101, 52), (100, 52), (100, 51)]),
        ("south", "north", [(101, 50), (100, 50), (100, 52), (101, 52)]),
        ("north", "south", [(101, 52), (100, 52), (100, 50), (101, 50)]),
        ("south-east", "east", [(103, 50), (104, 50), (104, 51)]),  # over the ring's first vertex
        ("east", "south-east", [(104, 51), (104, 50), (103, 50)]),
    ],
)
def test_a_ring_is_followed_the_shorter_way(start, end, corners):
    points = {"south": (101, 50), "west": (100, 51), "north": (101, 52), "east": (104, 51)}
    known = places(**{key: (*point, 1) for key, point in {**points, "south-east": (103, 50)}.items()})
    clauses = [clause("lakes/l", a, b, Rule.SHORE) for a, b in pairwise(known)]
    net = build_network(clauses, [], known, layers(areas=SQUARE))
    line = net.between("lakes/l", start, end)
    assert set(corners) <= {tuple(p) for p in line.tolist()}
    assert line_length_km(line) == pytest.approx(line_length_km(np.array(corners, dtype=float)))
    assert tuple(line[0]) == corners[0]
    assert tuple(line[-1]) == corners[-1]


@pytest.mark.parametrize(("gap_km", "told"), [(REPORT_LINK_KM - 0.3, 0), (REPORT_LINK_KM + 0.3, 1)])
def test_long_links_are_reported(gap_km, told):
    drawn = layers(borders__b=STRAIGHT, rivers__a=[(101, 50 + gap_km * KM_LAT), (101, 51)])
    known = places(x=(101, 50, 5), y=(103, 50, 5), z=(101, 51, 1))
    net = build_network([clause("borders/b", "x", "y"), clause("rivers/a", "x", "z")], [], known, drawn)
    assert [(link.place, link.feature) for link in net.links] == [("x", "rivers/a")] * told
    assert all(link.length_km == pytest.approx(gap_km, rel=0.01) for link in net.links)
    assert net.between("rivers/a", "x", "z")[0].tolist() == [101, 50]


def test_a_clause_of_points_starts_at_its_places():
    known = places(x=(101, 50.5, 1), y=(103, 50.5, 1))
    net = build_network([clause(None, "x", "y", Rule.LINE)], [], known, layers())
    assert net.nodes == {"x": (101, 50.5), "y": (103, 50.5)}


def test_onwards_runs_to_the_end_of_the_feature():
    known = places(x=(101, 50, 1))
    net = build_network([], [Reference("rivers/a", 1.0, "x")], known, layers(rivers__a=STRAIGHT))
    assert net.onwards("rivers/a", "x").tolist() == [[101, 50], [102, 50], [104, 50]]


def test_a_reference_followed_whole_needs_no_node():
    net = build_network([], [Reference("rivers/a", 1.0)], {}, layers(rivers__a=STRAIGHT))
    assert net.features == {}


def test_an_unknown_feature_is_refused():
    known = places(x=(101, 50, 1), y=(103, 50, 1))
    with pytest.raises(CompileError, match="no feature 'rivers/b'"):
        build_network([clause("rivers/b", "x", "y")], [], known, layers(rivers__a=STRAIGHT))


_lons = st.lists(st.integers(1, 399), min_size=2, max_size=6, unique=True)


@given(_lons)
def test_stretches_between_any_nodes_add_up_to_the_line(hundredths):
    known = places(**{f"p{n}": (100 + n / 100, 50, 0.5) for n in hundredths})
    ordered = [f"p{n}" for n in sorted(hundredths)]
    clauses = [clause("rivers/a", a, b) for a, b in pairwise(ordered)]
    net = build_network(clauses, [], known, layers(rivers__a=STRAIGHT))
    line = net.features["rivers/a"]
    assert np.all(np.diff(line[:, 0]) > 0)
    parts = [line_length_km(net.between("rivers/a", c.start, c.end)) for c in clauses]
    whole = line_length_km(net.between("rivers/a", ordered[0], ordered[-1]))
    assert sum(parts) == pytest.approx(whole, rel=1e-12)
