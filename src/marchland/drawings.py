"""Whether two sources differ by more than two drawings of one line would.

Two drawings of a line, independent and normal with σ₁ and σ₂, are apart by a distance of standard deviation
σ = √(σ₁² + σ₂²) at each point, σ√(2/π) on average without regard to the side. A piece of land between them is
as wide, on average, as twice its area over its perimeter. Pieces wider than 2σ are no redrawing (5 in 100
would be so wide), pieces narrower than σ√(2/π) are no evidence of anything else, and between the two nothing
can be said.
"""

import math
from collections.abc import Sequence
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, Any

from marchland.answers import Snapshot
from marchland.errorbars import ErrorModel

if TYPE_CHECKING:
    from shapely import STRtree

__all__ = ["Doubt", "Verdict"]

TOUCHING_DEGREES = 1e-6
"""Lines this near the edge of a piece lie on it: overlays move vertices by less."""


class Verdict(StrEnum):
    """What a difference is evidence of."""

    REAL = "real"
    REDRAWN = "redrawn"
    UNCLEAR = "unclear"


class Doubt:
    """The lines of two sources on one date, and how certain they are.

    Parameters
    ----------
    snapshots
        The sources on the date.
    sigma_km
        Standard deviation of position of the lines for which their dataset states none, km.

    Raises
    ------
    UsageError
        A σ below zero.
    """

    def __init__(self, snapshots: tuple[Snapshot, Snapshot], *, sigma_km: float | None = None) -> None:
        self._snapshots = snapshots
        self._errors = tuple(ErrorModel(one.composite, sigma_km=sigma_km) for one in snapshots)

    def verdict(self, pieces: Sequence[Any]) -> Verdict:
        """Return what pieces of land (polygons, WGS 84) under different holders are evidence of, together.

        One that is real makes all of it real. Where one source draws no line at a piece, it was not drawn
        twice; where a line is of unknown σ, nothing can be said.
        """
        found = {self._one(piece) for piece in pieces}
        order = (Verdict.REAL, Verdict.UNCLEAR, Verdict.REDRAWN)
        return next(verdict for verdict in order if verdict in found)

    def _one(self, piece: Any) -> Verdict:  # noqa: ANN401 - shapely.Polygon
        from marchland.measure import geometry_length_km, polygon_area_km2

        spreads = [self._vaguest(which, piece) for which in (0, 1)]
        if math.inf in spreads:
            return Verdict.UNCLEAR
        known = [spread for spread in spreads if spread is not None]
        around = geometry_length_km(piece)
        width = 2 * polygon_area_km2(piece) / around if around else 0.0
        sigma = math.hypot(*known)
        if width > 2 * sigma or len(known) < len(spreads):
            return Verdict.REAL
        return Verdict.REDRAWN if width <= sigma * math.sqrt(2 / math.pi) else Verdict.UNCLEAR

    def _vaguest(self, which: int, piece: Any) -> float | None:  # noqa: ANN401 - shapely.Polygon
        """Return the largest σ of a source's lines at a piece: infinite if not stated, None without any."""
        if not self._errors[which].stated:
            return math.inf
        tree, sigmas = self._lines[which]
        near = tree.query(piece, predicate="dwithin", distance=TOUCHING_DEGREES).tolist()
        return max((sigmas[n] for n in near), default=None)

    @cached_property
    def _lines(self) -> "tuple[tuple[STRtree, list[float]], ...]":
        """The lines of each source that part a holder from other land on the date, and their σ."""
        import shapely

        out = []
        for snapshot, errors in zip(self._snapshots, self._errors, strict=True):
            arcs = [
                arc
                for arc in snapshot.composite.arcs
                if arc.kind not in ("coast", "window") and len(set(errors.sides(arc, snapshot))) > 1
            ]
            lines = snapshot.composite.arc_geometries
            tree = shapely.STRtree([lines[arc.id] for arc in arcs])
            out.append((tree, [errors.arc_sigma_km(arc, (snapshot,)) for arc in arcs]))
        return tuple(out)
