"""The scene's lines at the detail of a small picture, as SVG path data in kilometres.

Lines around small land keep more of their detail, so that no land is drawn more than half a per cent too
large or too small; all land uses the same lines, so neighbours still meet.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely
from numpy.typing import NDArray

from marchland.render.projection import UNIT_M, Floats, Ints
from marchland.render.scene import Scene
from marchland.render.shapes import Ring, simplify_together

KM = round(1000 / UNIT_M)
"""Sheet units in a kilometre, the unit of the light map."""

TOLERANCE_KM = 1.5
"""How far a line may leave the mesh's: a quarter of a pixel where the built-in sheet is 1,200 pixels wide."""

CLOSE = 2500
"""A close-up is drawn with a tolerance of this part of its width."""

HIDDEN_TOLERANCE_KM = 20.0
"""Lines out of sight only close the shapes that are in sight."""

SIDES = 0.25
"""Lines beside what is in sight count as seen so far, in widths: a wider picture shows them too."""

FINE_TOLERANCE_KM = 0.3
FINE_KM2 = 20_000.0
"""Land smaller than this is drawn with the fine tolerance, on a grid of 100 m instead of one kilometre."""

EXACT_KM2 = 5_000.0
"""Land smaller than this is drawn as the mesh has it."""


@dataclass(frozen=True)
class Outline:
    """A scene's arcs in sheet units, simplified for a small picture."""

    scene: Scene
    view: tuple[float, float, float, float] | None = None

    @property
    def tolerance_km(self) -> float:
        """How far lines in sight may leave the mesh's, by the width of what is in sight."""
        return TOLERANCE_KM if self.view is None else min(TOLERANCE_KM, self.view[2] / KM / CLOSE)

    @cached_property
    def lines(self) -> tuple[Ints, ...]:
        """The arcs in the order of the mesh."""
        smallest = self._smallest_beside()
        hidden = self._out_of_sight()
        seen = [i for i in range(len(smallest)) if not hidden[i]]
        coarse, fine = self.tolerance_km, min(FINE_TOLERANCE_KM, self.tolerance_km)
        result: list[Ints] = [np.empty((0, 2), dtype=np.int64)] * len(smallest)
        for tolerance, chosen in (
            (HIDDEN_TOLERANCE_KM, np.flatnonzero(hidden).tolist()),
            (coarse, [i for i in seen if smallest[i] >= FINE_KM2]),
            (fine, [i for i in seen if EXACT_KM2 <= smallest[i] < FINE_KM2]),
            (0.0, [i for i in seen if smallest[i] < EXACT_KM2]),
        ):
            for i, line in zip(chosen, self._simplified(chosen, tolerance), strict=True):
                result[i] = _gridded(line, KM if tolerance >= TOLERANCE_KM else 1)
        return tuple(result)

    def _simplified(self, chosen: Sequence[int], tolerance_km: float) -> list[Floats]:
        lines = [self.scene.mesh.lines[i].astype(np.float64) for i in chosen]
        return simplify_together(lines, tolerance_km * KM) if tolerance_km else lines

    def _out_of_sight(self) -> NDArray[np.bool_]:
        """Return which arcs lie wholly out of sight."""
        lines = [shapely.LineString(line) for line in self.scene.mesh.lines]
        if self.view is None:
            return np.zeros(len(lines), dtype=bool)
        left, top, width, height = self.view
        more = SIDES * width
        box = shapely.box(left - more, top, left + width + more, top + height)
        return np.asarray(~shapely.intersects(np.array(lines), box), dtype=bool)

    def _smallest_beside(self) -> list[float]:
        """Return the area of the smallest territory beside each arc, km²; backdrop may be coarse."""
        composite = self.scene.composite
        wide = self.scene.projection.fineness**-2  # as if the sheet were a wide one
        whole = {name: territory.area_km2 * wide for name, territory in composite.territories.items()}
        area = {f.id: whole[f.territory] if f.territory else FINE_KM2 for f in composite.faces}
        return [min(area[face] for face in pair if face) for pair in self.scene.mesh.sides]

    def area_km2(self, rings: Iterable[Ring]) -> float:
        """Return the area that rings enclose as drawn."""
        total = 0.0
        for ring in rings:
            x, y = self.points(ring).T / KM
            total += float(np.sum(x[:-1] * y[1:] - x[1:] * y[:-1])) / 2
        return abs(total)

    def points(self, run: Ring) -> Ints:
        """Return the points of a run of arcs, the joints once."""
        parts = [self.lines[i] if i >= 0 else self.lines[~i][::-1] for i in run]
        return np.vstack([parts[0], *(part[1:] for part in parts[1:])])

    def path(self, runs: Iterable[Ring], *, closed: bool = False) -> str:
        """Return path data of runs of arcs."""
        return "".join(line_path(self.points(run)) + ("z" if closed else "") for run in runs)

    def water(self, kind: str) -> str:
        """Return path data of the rivers or the lakes."""
        lines = [
            line.astype(np.float64)
            for water in self.scene.waters
            if water.kind == kind
            for line in water.lines
        ]
        end = "z" if kind == "lake" else ""
        simple = simplify_together(lines, TOLERANCE_KM * KM * 1.3)
        return "".join(line_path(_gridded(line, KM)) + end for line in simple)


def line_path(points: Ints) -> str:
    """Return path data of one line given in sheet units: its first point, then steps, in kilometres.

    >>> line_path(np.array([[10, 10], [25, 10], [25, 9]]))
    'M1 1l1.5 0 0-.1'
    """
    steps = np.diff(points, axis=0)
    steps = steps[np.any(steps != 0, axis=1)]
    start = f"M{_short(points[0, 0])}{_joined(points[0, 1])}"
    if not len(steps):
        return start
    first, *rest = steps.ravel().tolist()
    return f"{start}l{_short(first)}{''.join(map(_joined, rest))}"


def _gridded(line: Floats | Ints, grid: int) -> Ints:
    """Round the inner points of a line to a grid in sheet units; its ends stay where other lines meet it."""
    units = np.rint(line).astype(np.int64)
    units[1:-1] = np.rint(np.asarray(line)[1:-1] / grid).astype(np.int64) * grid
    return units


def _short(value: int) -> str:
    """Write tenths as a decimal, shortly: -3 is ``-.3``."""
    whole, part = divmod(abs(int(value)), KM)
    sign = "-" if value < 0 else ""
    return f"{sign}{whole}" if not part else f"{sign}{whole or ''}.{part}"


def _joined(value: int) -> str:
    """Write a number that follows another: a minus needs no blank before it."""
    text = _short(value)
    return text if text.startswith("-") else f" {text}"
