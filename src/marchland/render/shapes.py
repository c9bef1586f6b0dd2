"""Geometry of a scene: arcs simplified once and shared, and the rings that faces make of them.

Everything that is drawn is a chain of the same simplified arcs, so neighbours meet exactly, whatever the
tolerance.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from marchland.composite import SpaceTimeComposite
from marchland.faces import Arc, Face
from marchland.render.projection import STEP_DEG, Floats, Ints, Sheet

TOLERANCE_M = 500.0
"""How far a simplified arc may leave the true one: a tenth of a pixel when the window fills a screen."""

SMALL_LAND_KM2 = 6000.0
"""Territories below this keep :data:`FINER` times more of their outline, or their drawn area would be off."""

FINER = 5.0

SMALLEST_ISLAND_KM2 = 10.0
"""Islands below this are left out, unless one is the largest part of its territory."""

Ring = tuple[int, ...]
"""Positions of arcs in order; ``~i`` (negative) is arc ``i`` walked backwards."""


@dataclass(frozen=True)
class Mesh:
    """The arcs that are drawn.

    ``lines`` are simplified, in sheet units; ``sides`` the faces left and right as one walks along (None:
    water or beyond the window), ``kinds`` as in :class:`~marchland.faces.Arc`; ``ends`` number the nodes
    at the start and end of each.
    """

    ids: tuple[str, ...]
    lines: tuple[Ints, ...]
    sides: tuple[tuple[str | None, str | None], ...]
    kinds: tuple[str, ...]
    ends: tuple[tuple[int, int], ...]

    def rings(self, faces: Collection[str]) -> list[Ring]:
        """Return the outline of a set of faces as rings; the even-odd rule fills it and leaves holes out."""
        inside = set(faces)
        directed = []
        for index, (left, right) in enumerate(self.sides):
            if (left in inside) != (right in inside):
                directed.append(index if left in inside else ~index)
        return self._walk(directed, {self._start(way) for way in directed})

    def runs(self, arcs: Iterable[int]) -> list[Ring]:
        """Join arcs, whichever way they point, into the longest runs between nodes where two meet."""
        ways = [way for index in arcs for way in (index, ~index)]
        meetings = Counter(self._start(way) for way in ways)
        return self._walk(ways, {node for node, number in meetings.items() if number == 2})

    def _walk(self, ways: Sequence[int], through: Collection[int]) -> list[Ring]:
        """Follow ways from node to node, first from the nodes no run may pass."""
        leaving: dict[int, list[int]] = {}
        for way in ways:
            leaving.setdefault(self._start(way), []).append(way)
        used: set[int] = set()
        heads = sorted(ways, key=lambda way: self._start(way) in through)
        return [self._follow(head, leaving, used, through) for head in heads if head not in used]

    def _follow(
        self, head: int, leaving: Mapping[int, list[int]], used: set[int], through: Collection[int]
    ) -> Ring:
        run, home = [head], self._start(head)
        used.update((head, ~head))
        while (node := self._end(run[-1])) != home and node in through:
            step = next((way for way in leaving[node] if way not in used), None)
            if step is None:
                break
            used.update((step, ~step))
            run.append(step)
        return tuple(run)

    def _start(self, way: int) -> int:
        return self.ends[way][0] if way >= 0 else self.ends[~way][1]

    def _end(self, way: int) -> int:
        return self.ends[way][1] if way >= 0 else self.ends[~way][0]

    def coordinates(self, run: Sequence[int]) -> Ints:
        """Return the points of a run of arcs, the joints once."""
        parts = [self.lines[i] if i >= 0 else self.lines[~i][::-1] for i in run]
        return np.vstack([parts[0], *(part[1:] for part in parts[1:])])


def build_mesh(composite: SpaceTimeComposite, projection: Sheet, *, tolerance_m: float | None = None) -> Mesh:
    """Project and simplify the composite's arcs together, so that no two come to cross.

    What is small and how far a line may stray (None) are meant for a wide sheet and shrink with the sheet.
    """
    if tolerance_m is None:
        tolerance_m = TOLERANCE_M * projection.fineness
    skipped = _tiny_islands(composite, SMALLEST_ISLAND_KM2 * projection.fineness**2)
    arcs = [a for a in composite.arcs if not {a.left, a.right} & skipped]
    raw = [shapely.get_coordinates(composite.arc_geometries[arc.id]) for arc in arcs]
    nodes: dict[tuple[float, float], int] = {}
    ends = [_ends(line, nodes) for line in raw]
    fine = _beside_small_land(composite, SMALL_LAND_KM2 * projection.fineness**2)
    lines = _simplify_in_two(
        [projection.metres(_densify(line)) for line in raw], [arc.id in fine for arc in arcs], tolerance_m
    )
    return Mesh(
        ids=tuple(arc.id for arc in arcs),
        lines=tuple(projection.quantise(line) for line in lines),
        sides=tuple((arc.left, arc.right) for arc in arcs),
        kinds=tuple(arc.kind for arc in arcs),
        ends=tuple(ends),
    )


def simplify_together(lines: Sequence[Floats], tolerance_m: float) -> list[Floats]:
    """Simplify lines within a tolerance (metres) without letting them touch or cross anew; ends stay.

    A closed line is cut in two at its middle point first, so that it cannot shrink to nothing.
    """
    pieces: list[Floats] = []
    owners: list[int] = []
    for number, line in enumerate(lines):
        closed = len(line) > 3 and bool(np.all(line[0] == line[-1]))
        middle = len(line) // 2
        parts = [line[: middle + 1], line[middle:]] if closed else [line]
        pieces += parts
        owners += [number] * len(parts)
    if not pieces:
        return []
    joined = shapely.MultiLineString([shapely.LineString(piece) for piece in pieces])
    simple = shapely.get_parts(shapely.simplify(joined, tolerance_m, preserve_topology=True))
    result: list[Floats] = [np.empty((0, 2))] * len(lines)
    for owner, part in zip(owners, simple, strict=True):
        points = shapely.get_coordinates(part)
        result[owner] = np.vstack([result[owner], points[1:]]) if len(result[owner]) else points
    return result


def _simplify_in_two(lines: Sequence[Floats], fine: Sequence[bool], tolerance_m: float) -> list[Floats]:
    """Simplify some lines finely and the others around them, so that still none comes to cross another."""
    kept = simplify_together(
        [line for line, is_fine in zip(lines, fine, strict=True) if is_fine], tolerance_m / FINER
    )
    edges = [edge for line in kept for edge in np.stack([line[:-1], line[1:]], axis=1)]
    rest = [line for line, is_fine in zip(lines, fine, strict=True) if not is_fine]
    coarse = iter(simplify_together([*rest, *edges], tolerance_m))  # an edge has nothing to lose
    precise = iter(kept)
    return [next(precise) if is_fine else next(coarse) for is_fine in fine]


def _beside_small_land(composite: SpaceTimeComposite, limit_km2: float) -> set[str]:
    """Return the arcs around territories that are small and have a history to be seen."""
    small = {name for name, territory in composite.territories.items() if territory.area_km2 < limit_km2}
    owner = composite.territory_of_face
    return {
        arc.id
        for arc in composite.arcs
        if any(owner.get(face or "") in small for face in (arc.left, arc.right))
    }


def _densify(lonlat: Floats) -> Floats:
    return np.asarray(shapely.get_coordinates(shapely.segmentize(shapely.LineString(lonlat), STEP_DEG)))


def _ends(line: Floats, nodes: dict[tuple[float, float], int]) -> tuple[int, int]:
    first, last = (nodes.setdefault((float(x), float(y)), len(nodes)) for x, y in (line[0], line[-1]))
    return first, last


def _tiny_islands(composite: SpaceTimeComposite, limit_km2: float) -> set[str | None]:
    """Return the faces too small to draw: surrounded by water and not the largest of their territory."""
    largest: dict[str, Face] = {}
    for face in composite.faces:
        if face.territory and face.area_km2 > getattr(largest.get(face.territory), "area_km2", 0.0):
            largest[face.territory] = face
    kept = {face.id for face in largest.values()}
    landlocked = {face for arc in composite.arcs if not _is_shore(arc) for face in (arc.left, arc.right)}
    return {
        f.id
        for f in composite.faces
        if f.area_km2 < limit_km2 and f.id not in kept and f.id not in landlocked
    }


def _is_shore(arc: Arc) -> bool:
    return arc.left is None or arc.right is None
