"""Whose each face is: by label, by mask, by neighbour, by nearness; and what cannot be told."""

import pytest
import shapely
from shapely.geometry import LineString

from marchland.compile.attribution import BACKDROP, SEA, attribute
from marchland.compile.slivers import face_areas
from marchland.errors import CompileError
from marchland.partition import build_partition

WINDOW = shapely.box(90, 40, 120, 60)
MAINLAND = shapely.box(100, 50, 104, 52)


def solve(*, islands=(), lines=(), labels=None, masks=None, window=WINDOW):
    """Attribute the faces of the mainland, islands and lines; owners by the point that is asked for."""
    land = [MAINLAND, *islands]
    rings = [LineString(part.exterior.coords) for part in (window, *land)]
    part = build_partition([*rings, *(LineString(line) for line in lines)])
    result = attribute(
        part,
        face_areas(part),
        land=land,
        labels=labels or {"a": [(101, 51)]},
        masks=masks or {},
        window=window,
    )
    tree = shapely.STRtree(part.faces)

    def owner(lon, lat):
        return result.owner[int(tree.query(shapely.Point(lon, lat), predicate="within")[0])]

    return owner, result


MIDDLE = [(102, 49), (102, 53)]
TWO = {"west": [(101, 51)], "east": [(103, 51)]}


def test_a_label_names_its_face_and_the_rest_is_sea():
    owner, result = solve(lines=[MIDDLE], labels=TWO)
    assert [owner(101.9, 50.1), owner(102.1, 50.1), owner(95, 45)] == ["west", "east", SEA]
    assert result.leftovers == []


def test_land_beyond_the_window_is_no_land():
    owner, _ = solve(window=shapely.box(90, 40, 103, 60), lines=[[(103, 40), (103, 60)]])
    assert owner(102, 51) == "a"
    assert owner(103.5, 51) == SEA


def test_several_labels_may_name_one_owner():
    labels = {"west": [(101, 51)], BACKDROP: [(103, 51), (105.5, 51)]}
    owner, _ = solve(lines=[MIDDLE], islands=[shapely.box(105, 50.5, 106, 51.5)], labels=labels)
    assert [owner(103, 51.9), owner(105.1, 51)] == [BACKDROP, BACKDROP]


def test_a_mask_claims_what_no_label_does():
    islands = [shapely.box(105, 50.5, 106, 51.5), shapely.box(98, 50.5, 99, 51.5)]
    masks = {"west": (104.5, 50, 106.5, 52)}
    owner, result = solve(islands=islands, lines=[MIDDLE], labels=TWO, masks=masks)
    assert owner(105.5, 51) == "west"
    assert owner(98.5, 51) == "west"  # the nearest land
    assert [name for _, name, _ in result.leftovers] == ["west"]


def test_a_label_wins_over_a_mask():
    owner, _ = solve(lines=[MIDDLE], labels=TWO, masks={"west": (100, 50, 104, 52)})
    assert owner(103, 51) == "east"


def test_a_mask_claims_by_the_point_inside_the_face_not_by_touching():
    owner, _ = solve(
        lines=[MIDDLE],
        labels={"west": [(101, 51)]},
        masks={"west": (103.9, 50, 104, 52), "x": (102, 50, 104, 52)},
    )
    assert owner(103, 51) == "x"


def test_a_crumb_goes_to_the_neighbour_with_most_shared_line():
    # a triangle on the middle line: 0.1° of it against the west, its two longer sides against the east
    crumb = [(102, 51.0), (102.03, 51.05), (102, 51.1)]
    owner, result = solve(lines=[MIDDLE, crumb], labels=TWO)
    assert owner(102.01, 51.05) == "east"
    assert len(result.leftovers) == 1
    assert result.leftovers[0][2] == pytest.approx(11.6, rel=0.02)


def test_lines_shared_with_one_owner_add_up():
    # two faces of the west on either side of a bar across the crumb outweigh the one side of the east
    crumb = [(102, 51.0), (101.97, 51.05), (102, 51.1)]
    bar = [(100, 51.05), (101.97, 51.05)]
    labels = {"west": [(101, 50.5), (101, 51.5)], "east": [(103, 51)]}
    owner, _ = solve(lines=[MIDDLE, crumb, bar], labels=labels)
    assert owner(101.99, 51.05) == "west"


def test_crumbs_are_cleared_inwards():
    ring = [(102.2, 50.9), (102.4, 50.9), (102.4, 51.1), (102.2, 51.1), (102.2, 50.9)]
    inner = [(102.25, 50.95), (102.35, 50.95), (102.35, 51.05), (102.25, 51.05), (102.25, 50.95)]
    owner, result = solve(lines=[ring, inner])
    assert [owner(102.22, 51), owner(102.3, 51)] == ["a", "a"]
    assert len(result.leftovers) == 2


def test_an_island_goes_to_the_nearest_land():
    islands = [shapely.box(104.1, 51, 104.2, 51.1), shapely.box(99.8, 51, 99.9, 51.1)]
    owner, result = solve(islands=islands, lines=[MIDDLE], labels=TWO)
    assert [owner(104.15, 51.05), owner(99.85, 51.05)] == ["east", "west"]
    assert sorted(name for _, name, _ in result.leftovers) == ["east", "west"]


def test_the_sea_is_nobodys_neighbour():
    owner, _ = solve(islands=[shapely.box(104.1, 51, 104.2, 51.1)])
    assert owner(104.15, 51.05) == "a"


# --- what cannot be told


@pytest.mark.parametrize("point", [(95, 45), (130, 50), (102, 51)])
def test_a_label_at_sea_outside_or_on_a_line_is_refused(point):
    with pytest.raises(CompileError, match=rf"the label of a at {point[0]} {point[1]} lies in no land"):
        solve(lines=[MIDDLE], labels={"a": [point]})


def test_two_labels_in_one_face_are_refused():
    with pytest.raises(CompileError, match="west and east are one face: no line parts their labels"):
        solve(labels=TWO)


def test_a_line_that_stops_short_parts_nothing():
    with pytest.raises(CompileError, match="are one face"):
        solve(lines=[[(102, 49), (102, 51.9)]], labels=TWO)


def test_a_piece_of_mainland_without_a_label_is_refused():
    with pytest.raises(CompileError, match=r"no label claims, beside west \(\d+ km²\); give it a territory"):
        solve(lines=[MIDDLE], labels={"west": [(101, 51)]})
