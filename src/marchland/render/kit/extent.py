"""What part of the world a still map shows: the land that changed, or the frontier, with room around it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import shapely

from marchland.composite import SpaceTimeComposite
from marchland.model import Basis
from marchland.render.light.frames import View
from marchland.render.light.outline import SIDES
from marchland.render.projection import Albers, Bounds, Floats
from marchland.render.scene import Scene, build_scene, window_of
from marchland.render.shapes import TOLERANCE_M, build_mesh

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from marchland.comparison import Comparison

ASPECT = 1.6
"""Width by height of a map in the kit."""

MARGIN = 0.22
"""Room on each side, in widths of what matters."""

LEAST_M = 220_000.0
"""A map is at least this wide, so that a reader sees where he is."""

DETAIL = 4000
"""A close-up shows details down to this part of its width."""

RIVERS_M = 700_000.0
"""Rivers are drawn on maps wider than this."""

WHOLE = 0.8
"""From this share of the whole window on, the whole is shown."""


@dataclass(frozen=True, slots=True)
class Extent:
    """The window a projection is fitted to, degrees, and what is in sight of its sheet (None: all)."""

    window: Bounds
    view: View | None


def extent_of_date(composite: SpaceTimeComposite, day: date, basis: Basis) -> Extent:
    """Return the extent of a date's frontier; of the whole dataset where there is none."""
    arcs = [arc.id for arc in composite.frontier_arcs(day, basis)]
    return _around(composite, arcs) if arcs and composite.parties else Extent(window_of(composite), None)


def extent_of_change(comparison: "Comparison") -> Extent:
    """Return the extent of the land that changed; where none did, that of the second date's frontier."""
    composite = comparison.before.composite
    moved = {row.territory for row in comparison.ledger}
    owner = composite.territory_of_face
    arcs = [
        arc.id
        for arc in composite.arcs
        if any(face is not None and owner[face] in moved for face in (arc.left, arc.right))
    ]
    if not arcs:
        return extent_of_date(composite, comparison.after.date, comparison.after.basis)
    return _around(composite, arcs)


def _around(composite: SpaceTimeComposite, arcs: Sequence[str]) -> Extent:
    """Return the extent of arcs: a projection is fitted to a first guess, then to what it shows."""
    whole = window_of(composite)
    points = _vertices(composite.arc_geometries[arc] for arc in arcs)
    window = _bounds(points, pad=3.0, within=whole)
    for _ in range(3):
        albers = Albers(window)
        box = _rectangle(albers.metres(points), _paper(albers, whole))
        window = _bounds(_unprojected(albers, _wider(box)), pad=1.0, within=whole)
    albers = Albers(window)
    box = _rectangle(albers.metres(points), _paper(albers, whole))
    if (box[2] - box[0]) > WHOLE * np.ptp(Albers(whole).frame_metres[:, 0]):
        return Extent(whole, None)
    return Extent(window, _view(albers, box))


def _paper(albers: Albers, whole: Bounds) -> shapely.Polygon:
    """Return the dataset's whole window in a projection: beyond it nothing is known."""
    return shapely.Polygon(albers.metres(Albers(whole).window_edge()))


def _wider(box: Bounds) -> Bounds:
    """Return a box with room for a wider picture."""
    more = SIDES * (box[2] - box[0])
    return box[0] - more, box[1], box[2] + more, box[3]


def _vertices(lines: Iterable[shapely.LineString]) -> Floats:
    return np.vstack([shapely.get_coordinates(line) for line in lines])


def _bounds(points: Floats, *, pad: float, within: Bounds) -> Bounds:
    west, south = points.min(axis=0) - pad
    east, north = points.max(axis=0) + pad
    return (
        max(within[0], float(west)),
        max(within[1], float(south)),
        min(within[2], float(east)),
        min(within[3], float(north)),
    )


def _rectangle(metres: Floats, paper: shapely.Polygon) -> Bounds:
    """Return left, bottom, right, top around points, with margin, in the kit's shape, on paper if it can."""
    low, high = metres.min(axis=0), metres.max(axis=0)
    size, across = high - low, paper.bounds[2] - paper.bounds[0]
    width = max(size[0] * (1 + 2 * MARGIN), size[1] * ASPECT * (1 + MARGIN), min(LEAST_M, across))
    middle = (low + high) / 2
    box = (middle[0] - width / 2, middle[1] - width / ASPECT / 2, width, width / ASPECT)
    return on_paper(box, ((width - size[0]) / 2, (width / ASPECT - size[1]) / 2), paper)


def on_paper(
    box: tuple[float, float, float, float], slack: tuple[float, float], paper: "BaseGeometry"
) -> Bounds:
    """Move a box (left, bottom, width, height) within a slack to where most of it is on paper.

    Returns left, bottom, right, top. Nearly all of the slack may be used: a margin of a tenth of it stays.
    """
    left, bottom, width, height = box
    best, most = (0.0, 0.0), -1.0
    for part_x in np.linspace(-0.9, 0.9, 13):
        for part_y in np.linspace(-0.9, 0.9, 13):
            x, y = left + part_x * slack[0], bottom + part_y * slack[1]
            covered = shapely.box(x, y, x + width, y + height).intersection(paper).area / (width * height)
            gain = covered - 0.05 * float(np.hypot(part_x, part_y))
            if gain > most + 1e-9:
                best, most = (x, y), gain
    return float(best[0]), float(best[1]), float(best[0] + width), float(best[1] + height)


def _unprojected(albers: Albers, box: Bounds) -> Floats:
    """Return points along a rectangle's edge in degrees."""
    from pyproj import Transformer

    left, bottom, right, top = box
    x, y = np.linspace(left, right, 40), np.linspace(bottom, top, 40)
    ring = np.vstack(
        [np.column_stack([x, np.full(40, edge)]) for edge in (bottom, top)]
        + [np.column_stack([np.full(40, edge), y]) for edge in (left, right)]
    )
    back = Transformer.from_crs(albers.proj, "OGC:CRS84", always_xy=True)
    return np.column_stack(back.transform(ring[:, 0], ring[:, 1]))


def _view(albers: Albers, box: Bounds) -> View:
    left, top = albers.corner
    unit = albers.unit_m
    return (
        (box[0] - left) / unit,
        (top - box[3]) / unit,
        (box[2] - box[0]) / unit,
        (box[3] - box[1]) / unit,
    )


def scene_of(
    composite: SpaceTimeComposite, day: date, extent: Extent, *, basis: Basis | str, lang: str
) -> Scene:
    """Return the scene of a date on the sheet of an extent, a close-up with as much detail as it can show."""
    scene = build_scene(composite, day, basis=basis, lang=lang, window=extent.window)
    if extent.view is None:
        return scene
    width_m = extent.view[2] * scene.projection.unit_m
    tolerance = min(TOLERANCE_M, max(scene.projection.unit_m / 2, width_m / DETAIL))
    mesh = build_mesh(composite, scene.projection, tolerance_m=tolerance)
    # Rivers come from a map of the world: close up they would run beside the frontier that follows them.
    waters = tuple(w for w in scene.waters if w.kind != "river" or width_m > RIVERS_M)
    return replace(scene, mesh=mesh, waters=waters)
