"""TopoJSON: a topology in which every stretch of line is stored once, whoever shares it."""

from itertools import pairwise
from typing import Any

from marchland.export.geojson import dumps
from marchland.export.layers import Feature, Layer
from marchland.export.shapes import Position, Ring, bounding_box, coordinates, fit

QUANTUM = 1e-6
"""Degrees between neighbouring quantised positions: as fine as the other formats' 6 decimals."""

Point = tuple[int, int]
Path = tuple[Point, ...]


class Topology:
    """Lines cut where they part from one another, each piece kept once and known by its number.

    Positions are whole quanta. The lines all have to be known before the first is cut: ``add`` first, then
    ``arcs_of``.
    """

    def __init__(self) -> None:
        self._lines: list[tuple[Path, bool]] = []
        self._nodes: set[Point] = set()
        self._numbers: dict[Path, int] = {}
        self.arcs: list[Path] = []

    def add(self, line: Path, *, closed: bool) -> None:
        """Take a line, or a closed ring whose last position repeats the first."""
        self._lines.append((line, closed))

    def find_nodes(self) -> None:
        """Find where to cut: at the ends of lines, and where two lines that met part.

        A position is no node while everything that passes it comes from the same two neighbours.
        """
        neighbours: dict[Point, frozenset[Point]] = {}
        for line, closed in self._lines:
            if not closed:
                self._nodes.update((line[0], line[-1]))
            around = (line[-2], *line) if closed else line
            for before, here, after in zip(around, around[1:], around[2:], strict=False):
                pair = frozenset((before, after))
                if neighbours.setdefault(here, pair) != pair:
                    self._nodes.add(here)

    def arcs_of(self, line: Path, *, closed: bool) -> list[int]:
        """Return the numbers of a line's arcs in order; ``~n`` is arc ``n`` walked backwards."""
        path = self._from_node(line) if closed else line
        cuts = [0, *(i for i in range(1, len(path) - 1) if path[i] in self._nodes), len(path) - 1]
        pieces = [path[a : b + 1] for a, b in pairwise(cuts)]
        return [self._number(piece) for piece in pieces]

    def _from_node(self, ring: Path) -> Path:
        """Let a ring start at a node, or where it has none at its least position, so that copies agree."""
        body = ring[:-1]
        starts = [i for i, point in enumerate(body) if point in self._nodes]
        start = starts[0] if starts else body.index(min(body))
        return (*body[start:], *body[: start + 1])

    def _number(self, piece: Path) -> int:
        if piece in self._numbers:
            return self._numbers[piece]
        back = piece[::-1]
        if back in self._numbers:
            return ~self._numbers[back]
        self._numbers[piece] = len(self.arcs)
        self.arcs.append(piece)
        return self._numbers[piece]


def to_topojson(layer: Layer, *beside: Layer) -> str:
    """Return layers as TopoJSON, quantised to 1e-6 degrees, with an object for each named by its key.

    Rings and lines that share a stretch refer to the same arc, so the properties of a layer of lines (the
    frontier's segment, instrument and article) lie on arcs that bound polygons. Shells run clockwise, as the
    TopoJSON specification advises. The members ``title`` and ``stamp`` are those of the first layer.
    """
    layers = (layer, *beside)
    fitted = [[fit(feature.geometry, one.geometry_type) for feature in one.features] for one in layers]
    box = bounding_box([shape for shapes in fitted for shape in shapes]) or [0.0, 0.0, 0.0, 0.0]
    parts = [
        [_parts(shape, polygonal="Polygon" in one.geometry_type) for shape in shapes]
        for one, shapes in zip(layers, fitted, strict=True)
    ]
    topology = Topology()
    for one, shapes in zip(layers, parts, strict=True):
        for line in (line for groups in shapes for group in groups for line in group):
            topology.add(line, closed="Polygon" in one.geometry_type)
    topology.find_nodes()
    objects = {
        one.key: {
            "type": "GeometryCollection",
            "geometries": [
                _geometry(one, feature, groups, topology)
                for feature, groups in zip(one.features, shapes, strict=True)
            ],
        }
        for one, shapes in zip(layers, parts, strict=True)
    }
    corner = (
        min((x for a in topology.arcs for x, _ in a), default=0),
        min((y for a in topology.arcs for _, y in a), default=0),
    )
    head = {"type": "Topology", "title": layer.title, "stamp": dict(layer.stamp), "bbox": box}
    head["transform"] = {
        "scale": [QUANTUM, QUANTUM],
        "translate": [round(value * QUANTUM, 6) for value in corner],
    }
    head["objects"] = objects
    head["arcs"] = [_delta(arc, corner) for arc in topology.arcs]
    return dumps(head) + "\n"


def _parts(shape: Any, *, polygonal: bool) -> list[list[Path]]:  # noqa: ANN401 - a geometry, or None
    """Return the polygons of a shape as rings, shells clockwise, or its lines, each as a group of one."""
    if shape is None:
        return []
    found = coordinates(shape)
    groups = found if shape.geom_type.startswith("Multi") else [found]
    if polygonal:
        return [[_quantised(ring)[::-1] for ring in rings] for rings in groups]
    return [[_quantised(line)] for line in groups]


def _quantised(line: Ring | list[Position]) -> Path:
    return tuple((round(x / QUANTUM), round(y / QUANTUM)) for x, y in line)


def _geometry(layer: Layer, feature: Feature, groups: list[list[Path]], topology: Topology) -> dict[str, Any]:
    """Return one geometry object with its arcs."""
    common = {"id": feature.id, "properties": layer.properties(feature)}
    if not groups:
        return {"type": None, **common}
    closed = "Polygon" in layer.geometry_type
    arcs: list[Any] = [[topology.arcs_of(line, closed=closed) for line in group] for group in groups]
    if not closed:
        arcs = [group[0] for group in arcs]
    several = layer.geometry_type.startswith("Multi") or len(groups) > 1
    kind = (
        layer.geometry_type
        if layer.geometry_type.startswith("Multi") or not several
        else (f"Multi{layer.geometry_type}")
    )
    return {"type": kind, "arcs": arcs if several else arcs[0], **common}


def _delta(arc: Path, corner: Point) -> list[list[int]]:
    """Return an arc as the specification has it: the first position, then steps, in quanta from a corner."""
    steps, (x, y) = [], corner
    for px, py in arc:
        steps.append([px - x, py - y])
        x, y = px, py
    return steps
