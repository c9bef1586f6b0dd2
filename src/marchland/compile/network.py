"""Named nodes on the reference geometry, and the stretches of line between them.

Clauses share their ends by name. Each named place is first put on the most trusted feature that a clause runs
along there; every other feature is then cut at the point nearest to it and joined to it by a straight link.
No coordinates are ever matched by closeness.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from marchland.compile.authored import Clause, Reference
from marchland.compile.layers import LINE_LAYERS, Layers
from marchland.errors import CompileError
from marchland.measure import line_length_km
from marchland.model import Place

Floats = NDArray[np.float64]
Point = tuple[float, float]

REPORT_LINK_KM = 1.5
"""Links longer than this are told: above the spacing of the vertices of the best layers."""


@dataclass(frozen=True, slots=True)
class Link:
    """A straight join between a node and the feature that was cut for it."""

    place: str
    feature: str
    length_km: float


@dataclass(frozen=True)
class Network:
    """Nodes with exact positions, and features that carry a vertex at each of them."""

    nodes: dict[str, Point]
    features: dict[str, Floats]
    cuts: dict[tuple[str, str], int]
    links: tuple[Link, ...]

    def between(self, feature: str, start: str, end: str) -> Floats:
        """Return (n, 2) lon/lat along a feature from one node to another, links included.

        A ring is followed the shorter way.
        """
        line = self.features[feature]
        i, j = self.cuts[feature, start], self.cuts[feature, end]
        if i == j:
            msg = f"{start} and {end} fall on the same point of {feature}; one of the two places is wrong"
            raise CompileError(msg)
        stretch = _stretch(line, i, j)
        return _without_repeats(np.vstack([[self.nodes[start]], stretch, [self.nodes[end]]]))

    def onwards(self, feature: str, start: str) -> Floats:
        """Return (n, 2) lon/lat along a feature from a node to the feature's own end."""
        stretch = self.features[feature][self.cuts[feature, start] :]
        return _without_repeats(np.vstack([[self.nodes[start]], stretch]))


def build_network(
    clauses: Iterable[Clause], references: Iterable[Reference], places: Mapping[str, Place], layers: Layers
) -> Network:
    """Put every end of a clause, and the starts of references, on the reference geometry.

    Raises
    ------
    CompileError
        A place lies further from a feature than its stated accuracy, or a feature is unknown.
    """
    clauses = tuple(clauses)
    wanted = _places_by_feature(clauses, references)
    anchors = _anchors(wanted, places, layers)
    nodes = {name: _point_at(layers.line(feature), along) for name, (feature, along) in anchors.items()}
    for clause in clauses:
        for end in (clause.start, clause.end):
            nodes.setdefault(end, (places[end].lon, places[end].lat))
    features: dict[str, Floats] = {}
    cuts: dict[tuple[str, str], int] = {}
    links: list[Link] = []
    for feature, names in sorted(wanted.items()):
        line = layers.line(feature)
        positions = {
            name: anchors[name][1]
            if anchors[name][0] == feature
            else _nearest(line, nodes[name], places[name].accuracy_km)
            for name in names
        }
        features[feature], indices = _with_vertices(line, positions)
        for name in names:
            cuts[feature, name] = indices[name]
            links += _link(
                name, feature, nodes[name], features[feature][indices[name]], places[name].accuracy_km
            )
    return Network(nodes, features, cuts, tuple(links))


def _places_by_feature(clauses: Iterable[Clause], references: Iterable[Reference]) -> dict[str, list[str]]:
    wanted: dict[str, set[str]] = {}
    for clause in clauses:
        for feature, name in clause.anchors:
            wanted.setdefault(feature, set()).add(name)
    for item in references:
        if item.start is not None:
            wanted.setdefault(item.feature, set()).add(item.start)
    return {feature: sorted(names) for feature, names in wanted.items()}


def _anchors(
    wanted: Mapping[str, list[str]], places: Mapping[str, Place], layers: Layers
) -> dict[str, tuple[str, float]]:
    """Put each place on the first feature, in order of trust, that a clause follows there.

    (feature, distance along it in degrees).
    """
    anchors: dict[str, tuple[str, float]] = {}
    for feature in sorted(wanted, key=_trust):
        line = layers.line(feature)
        for name in wanted[feature]:
            if name in anchors:
                continue
            place = places[name]
            along = _nearest(line, (place.lon, place.lat), place.accuracy_km)
            moved = line_length_km(np.array([(place.lon, place.lat), _point_at(line, along)]))
            if moved > place.accuracy_km:
                msg = (
                    f"{name} lies {moved:.1f} km from {feature}, more than its accuracy of"
                    f" {place.accuracy_km:g} km;"
                    " correct the place or the feature it is put on"
                )
                raise CompileError(msg)
            anchors[name] = (feature, along)
    return anchors


def _point_at(line: shapely.LineString, along: float) -> Point:
    point = line.interpolate(along)
    return point.x, point.y


def _trust(feature: str) -> tuple[int, str]:
    layer = feature.split("/")[0]
    return (LINE_LAYERS.index(layer) if layer in LINE_LAYERS else len(LINE_LAYERS), feature)


def _nearest(line: shapely.LineString, point: Point, accuracy_km: float) -> float:
    """Return the distance along the line (degrees) that a place means.

    One of its ends if that is close enough, else the nearest point.
    """
    ends = [(line.coords[0], 0.0), (line.coords[-1], line.length)]
    if not line.is_closed:
        gaps = [(line_length_km(np.array([point, end[:2]])), along) for end, along in ends]
        gap, along = min(gaps)
        if gap <= accuracy_km:
            return along
    return float(line.project(shapely.Point(point)))


def _with_vertices(line: shapely.LineString, positions: Mapping[str, float]) -> tuple[Floats, dict[str, int]]:
    """Insert a vertex at each position; return the coordinates and the index of each."""
    coords = np.asarray(line.coords)[:, :2]
    along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(coords, axis=0).T))])
    where = np.array(sorted({_snap(value, along) for value in positions.values()} - set(along.tolist())))
    if len(where):
        points = np.array([line.interpolate(value).coords[0][:2] for value in where])
        spots = np.searchsorted(along, where)
        coords = np.insert(coords, spots, points, axis=0)
        along = np.insert(along, spots, where)
    index = {name: int(np.argmin(np.abs(along - _snap(value, along)))) for name, value in positions.items()}
    return coords, index


def _snap(value: float, along: Floats) -> float:
    """Use a vertex that is there already where it is within a millimetre or so."""
    nearest = float(along[np.argmin(np.abs(along - value))])
    return nearest if abs(nearest - value) < 1e-8 else value


def _stretch(line: Floats, i: int, j: int) -> Floats:
    forward = line[i : j + 1] if i < j else line[j : i + 1][::-1]
    if not np.array_equal(line[0], line[-1]):
        return forward
    low, high = min(i, j), max(i, j)
    around = np.vstack([line[high:-1], line[: low + 1]])
    around = around[::-1] if i < j else around
    return forward if line_length_km(forward) <= line_length_km(around) else around


def _link(name: str, feature: str, node: Point, cut: Floats, accuracy_km: float) -> list[Link]:
    length = line_length_km(np.array([node, cut]))
    if length > accuracy_km:
        msg = (
            f"{name} is {length:.1f} km from {feature}, more than its accuracy of {accuracy_km:g} km;"
            " two features that should meet there do not"
        )
        raise CompileError(msg)
    return [Link(name, feature, length)] if length > REPORT_LINK_KM else []


def _without_repeats(coords: Floats) -> Floats:
    keep = np.concatenate([[True], np.any(np.diff(coords, axis=0) != 0, axis=1)])
    return np.asarray(coords[keep])
