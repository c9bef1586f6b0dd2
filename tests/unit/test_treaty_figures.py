"""Distances and points that the treaties themselves give, against the compiled lines."""

import numpy as np
import pytest
import shapely
from pyproj import Geod

GEOD = Geod(ellps="WGS84")

# Length of each sector walked in 1886, by the South Ussuri protocols, in versts (a verst is 1.0668 km).
SECTORS_1886 = {
    "hunchun-1886/sector-1": 65.5,
    "hunchun-1886/sector-2": 121 + 497 / 500,
    "hunchun-1886/sector-4": 70 + 254 / 500,
    "hunchun-1886/sector-5": 77 + 250 / 500,
    "hunchun-1886/sector-6": 90 + 45 / 500,
}
VERST_KM = 1.0668

# Points of the agreements of 1911, 1991 and 2004 with published coordinates (lon, lat).
POINTS = [
    ("tsitsihar-1911/points-58-61", (117.4716, 49.6264)),
    ("tsitsihar-1911/points-61-63", (117.6338, 49.5647)),
    ("agreement-1991/steppe", (117.0614, 49.6856)),
    ("agreement-1991/steppe", (117.2733, 49.6308)),
    ("supplementary-2004/abagaitu", (117.885, 49.5436)),
    ("supplementary-2004/abagaitu", (117.8912, 49.5945)),
    ("supplementary-2004/heixiazi", (134.7662, 48.364)),
    ("supplementary-2004/heixiazi", (134.766, 48.361)),
]

# Official lengths in km of what is a border today, and the share by which the dataset may differ.
OFFICIAL = {"east": 4195.44, "west": 54.57, "all": 4209.3}


def arcs(built_in, segment):
    return [arc for arc in built_in.arcs if segment in arc.segments]


def length_km(built_in, segment):
    return sum(arc.length_km for arc in arcs(built_in, segment))


def line(built_in, segment):
    return shapely.MultiLineString([built_in.arc_geometries[arc.id] for arc in arcs(built_in, segment)])


@pytest.mark.parametrize("segment", SECTORS_1886)
def test_a_sector_of_1886_has_the_length_that_was_walked(built_in, segment):
    walked = SECTORS_1886[segment] * VERST_KM
    # Two ends, each off by σ, and a line followed more closely than a chain could: a twentieth of its length.
    assert length_km(built_in, segment) == pytest.approx(
        walked, abs=built_in.segments[segment].sigma_km + walked / 20
    )


def test_the_markers_k_m_n_divide_the_line_as_in_1886(built_in):
    ratio = length_km(built_in, "hunchun-1886/sector-6") / length_km(built_in, "hunchun-1886/sector-5")
    assert ratio == pytest.approx(96.1 / 82.7, rel=0.02)


def test_khanka_is_crossed_over_seventy_km(built_in):
    assert length_km(built_in, "peking-1860/khanka") == pytest.approx(70.03, abs=1.5)


@pytest.mark.parametrize(("segment", "point"), POINTS)
def test_a_line_passes_a_published_point_within_its_sigma(built_in, segment, point):
    nearest = shapely.shortest_line(shapely.Point(point), line(built_in, segment)).coords[1]
    away_km = GEOD.inv(*point, *nearest)[2] / 1000
    assert away_km <= built_in.segments[segment].sigma_km


@pytest.mark.parametrize("segment", ["ak-kaba-heads", "alkabek", "mus-tau"])
def test_the_line_of_1883_stays_west_of_the_chord_article_8_names(built_in, segment):
    coords = shapely.get_coordinates(line(built_in, f"st-petersburg-1881/{segment}"))
    chord = np.interp(coords[:, 1], [47.05, 49.17], [85.5, 87.82])
    beyond_km = (coords[:, 0] - chord) * 111.3 * np.cos(np.radians(coords[:, 1]))
    assert beyond_km.max() <= built_in.segments[f"st-petersburg-1881/{segment}"].sigma_km


def test_the_border_of_today_has_its_official_length(built_in):
    frontier = built_in.frontier("2020")
    west = length_km(built_in, "agreement-1991/altai")
    assert frontier.length_km == pytest.approx(OFFICIAL["all"], rel=0.04)
    assert frontier.length_km - west == pytest.approx(OFFICIAL["east"], rel=0.04)
    assert west == pytest.approx(OFFICIAL["west"], rel=0.04)


def test_the_line_of_1727_has_the_length_surveyors_gave(built_in):
    rows = built_in.frontier("1728-07-01").rows
    assert 2900 <= sum(row.length_km for row in rows if row.instrument == "kyakhta-1727") <= 3150


def test_the_line_of_1689_by_its_southern_branch(built_in):
    rows = built_in.frontier("1689-09-07").rows
    southern = [row for row in rows if row.segment != "nerchinsk-1689/uda-river"]
    assert 3500 <= sum(row.length_km for row in southern) <= 4100


def test_passes_lie_in_the_order_the_texts_give(built_in):
    places = built_in.places
    assert places["bogosuk"].lon > 89.4  # east of Durbet-daba on the Chuya road
    assert places["suyok"].lon < 75.4  # west of Turugart
    assert places["amazar-reach"].lon > places["strelka"].lon


# Areas computed independently on the same kinds of sources, with what they were found to be good to (km²).
AREAS = [
    ("left bank of the Amur", ("amur-left-bank", "amazar-west", "zeya-villages"), 583_200, 15_000),
    ("Ussuri to the sea", ("ussuri-coast", "khanka-west"), 310_200, 5_000),
    ("reserved at Nerchinsk", ("uda-reserve",), 63_600, 5_000),
    ("whole basin of the Uda", ("uda-reserve", "uda-left-bank"), 96_700, 6_000),
    ("Ili, occupied", ("ili-returned", "khorgos-strip"), 68_500, 4_000),
    ("Ili, given back", ("ili-returned",), 57_400, 2_500),
    ("west of the Khorgos", ("khorgos-strip",), 12_000, 3_000),
    ("east of Zaysan", ("zaysan-east",), 15_000, 1_500),
    ("kept in 1881", ("khorgos-strip", "zaysan-east"), 27_000, 4_000),
    ("Sixty-Four Villages", ("zeya-villages",), 2_050, 950),
    ("Tuva", ("tuva",), 171_000, 4_000),
    ("handed over in 2008", ("heixiazi-west",), 177, 15),
    ("Abagaitu islet", ("abagaitu-islet",), 40, 6),
    ("Mongolia", ("mongolia", "kobdo"), 1_562_500, 22_500),
    ("Kwantung", ("kwantung",), 3_350, 350),
]


@pytest.mark.parametrize(
    ("territories", "expected", "tolerance"), [row[1:] for row in AREAS], ids=[r[0] for r in AREAS]
)
def test_land_has_the_area_expected(built_in, territories, expected, tolerance):
    area = sum(built_in.territories[name].area_km2 for name in territories)
    assert area == pytest.approx(expected, abs=tolerance)
