"""How certain the areas and lengths of a composite are.

A line is displaced by a random vector field of standard deviation σ in each component and correlation ρ
between points d apart; σ and ℓ, the distance over which errors are alike, belong to the line. To first order
an area changes by Σ gᵢ·uᵢ, gᵢ the outward normal times its share of the length, and a length by Σ cᵢ·uᵢ, cᵢ
the gradient of the length, which is the unit tangent of the step that arrives less that of the step that
leaves. Both variances are one quadratic form, ::

    Var = Σᵢ Σⱼ σᵢ σⱼ vᵢ·vⱼ ρᵢⱼ                        v = g or c
    ρᵢⱼ = 2ℓᵢℓⱼ/(ℓᵢ² + ℓⱼ²) · exp(-|pᵢ - pⱼ|/√((ℓᵢ² + ℓⱼ²)/2))

taken over every point of every arc at once, so that lines beside each other are never taken as independent.
Points lie on the authalic sphere, in space, and vectors in its tangent planes: nothing is projected, so it
holds for the whole world as well as for a valley. Chords stand for distances, 0.002 % short at 150 km.

ρ is exp(-d/ℓ) along a line of one ℓ; between two it is the kernel of C. J. Paciorek and M. J. Schervish,
"Spatial modelling using a new class of nonstationary covariance functions", Environmetrics 17 (2006)
483-506, doi:10.1002/env.785, for two dimensions, isotropic, and the exponential. It is positive definite in
a plane, whatever ℓ is where.

Both are of first order, which holds while σ is small beside ℓ; `marchland.model.reach_km` keeps it at ℓ/4 or
less. The areas of borders of the built-in dataset are within 4 % of Monte Carlo (docs/bench.md); land no
wider than σ is beyond it.

A length's σ is a lower bound. The line is taken at steps of ℓ/4, so finer bends move with it; and the field
also roughens the line, which only adds length and is of second order. Where a dataset brings its own
covariance of swept areas (`SpaceTimeComposite.covariance`), areas use that.
"""

import math
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from marchland.answers import Snapshot
from marchland.composite import SpaceTimeComposite
from marchland.errors import UsageError
from marchland.faces import Arc
from marchland.model import reach_km

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

Position = tuple[float, float]
"""σ of a line's position (or a weight times it) and ℓ, km."""

__all__ = ["ErrorModel", "quadratic_form"]

_STEPS_PER_CORRELATION = 4
_STEPS_ROUND = 16
_LEAST_KM = 1e-3
_CELL = 6.0  # in ℓ; points two cells apart or nearer are counted, so none within 12 ℓ is missed
_BLOCK = 2048


class ErrorModel:
    """Standard deviations of areas and lengths of one composite.

    Parameters
    ----------
    composite
        Whose arcs are in doubt.
    sigma_km
        Standard deviation of position, km, of every arc for which the dataset states none.
    correlation_km
        Distance ℓ, km, of every arc for which the dataset states none; without it see `reach_km`.

    Raises
    ------
    UsageError
        A σ below zero, or ℓ not above it.
    """

    def __init__(
        self,
        composite: SpaceTimeComposite,
        *,
        sigma_km: float | None = None,
        correlation_km: float | None = None,
    ) -> None:
        if sigma_km is not None and not 0 <= sigma_km < math.inf:
            msg = f"sigma must be a number of km, zero or more, not {sigma_km}"
            raise UsageError(msg)
        if correlation_km is not None and not 0 < correlation_km < math.inf:
            msg = f"the correlation must be a number of km above zero, not {correlation_km}"
            raise UsageError(msg)
        self.composite = composite
        self.sigma_km = sigma_km
        self.correlation_km = correlation_km
        self._sampled: dict[tuple[str, float], tuple[Floats, Floats, Floats]] = {}
        self._known: dict[tuple[int, frozenset[tuple[str, Position]]], float] = {}

    @cached_property
    def stated(self) -> bool:
        """Whether anything says how certain a line is; if nothing does, every σ is None."""
        return self.sigma_km is not None or any(
            arc.segments or arc.sigma_km > 0 for arc in self.composite.arcs
        )

    @cached_property
    def arcs_of(self) -> dict[str, tuple[Arc, ...]]:
        """The arcs beside each territory."""
        found: dict[str, dict[str, Arc]] = {}
        owner = self.composite.territory_of_face
        for arc in self.composite.arcs:
            for face in (arc.left, arc.right):
                territory = owner.get(face or "")
                if territory is not None:
                    found.setdefault(territory, {})[arc.id] = arc
        return {territory: tuple(arcs.values()) for territory, arcs in found.items()}

    def arc_sigma_km(self, arc: Arc, snapshots: Iterable[Snapshot]) -> float:
        """Return the σ of an arc's position, km: the vaguest of the clauses that drew it on the dates."""
        return self.arc_position(arc, snapshots)[0]

    def arc_position(self, arc: Arc, snapshots: Iterable[Snapshot]) -> Position:
        """Return σ and ℓ of an arc, km: of the vaguest of the clauses that drew it on the dates.

        A clause counts only where the arc parts two holders on that date, so that one nobody applies any more
        lends no doubt.
        """
        drawn = [
            self.composite.arc_segment(arc, snapshot.date)
            for snapshot in snapshots
            if arc.segments and len(set(self.sides(arc, snapshot))) > 1
        ]
        found = [self._reaching(s.sigma_km, s.correlation_km) for s in drawn if s is not None]
        if found:
            return max(found)
        if arc.kind == "window":  # the edge of the map is where it was put
            return 0.0, reach_km(0.0, arc.correlation_km)
        own = arc.sigma_km if arc.sigma_km > 0 else self.sigma_km or 0.0
        return self._reaching(own, arc.correlation_km)

    def _reaching(self, sigma_km: float, stated: float | None) -> Position:
        return sigma_km, reach_km(sigma_km, self.correlation_km if stated is None else stated)

    def sides(self, arc: Arc, snapshot: Snapshot) -> tuple[str | None, str | None]:
        """Return the holders left and right of an arc, ``""`` where there is no land of the dataset."""
        owner, held = self.composite.territory_of_face, snapshot.by_territory
        left, right = (held.get(owner.get(face or "") or "") for face in (arc.left, arc.right))
        return (left.holder if left else "", right.holder if right else "")

    def area_sigma_km2(self, share: Mapping[str, float], snapshots: Iterable[Snapshot]) -> float | None:
        """Return σ, km², of a signed sum of the areas of territories, or None where nothing states any.

        Parameters
        ----------
        share
            1 for a territory that is added, -1 for one that is taken away. What both sides of an arc have in
            common cancels, so a gain beside a gain has no error on the line between them.
        snapshots
            The dates whose clauses count.
        """
        if not self.stated:
            return None
        dates, owner = tuple(snapshots), self.composite.territory_of_face
        weights: dict[str, Position] = {}
        for arc in {arc.id: arc for territory in share for arc in self.arcs_of.get(territory, ())}.values():
            left, right = (share.get(owner.get(face or "") or "", 0.0) for face in (arc.left, arc.right))
            if left != right:
                sigma, reach = self.arc_position(arc, dates)
                weights[arc.id] = ((left - right) * sigma, reach)
        if self.composite.covariance:
            return self._stored(weights)
        return self._computed(weights, part=1)

    def length_sigma_km(self, arcs: Iterable[Arc], snapshot: Snapshot) -> float | None:
        """Return a lower bound of the σ of the joint length of arcs, km, or None where nothing states any."""
        if not self.stated:
            return None
        return self._computed({arc.id: self.arc_position(arc, (snapshot,)) for arc in arcs}, part=2)

    def _stored(self, positions: Mapping[str, Position]) -> float:
        weights = {self._arcs[arc].stretch(reach): weight for arc, (weight, reach) in positions.items()}
        variance = 0.0
        for (one, other), value in self.composite.covariance.items():
            if one in weights and other in weights:
                variance += weights[one] * weights[other] * value * (1 if one == other else 2)
        return math.sqrt(max(variance, 0.0))

    @cached_property
    def _arcs(self) -> dict[str, Arc]:
        return {arc.id: arc for arc in self.composite.arcs}

    def _computed(self, positions: Mapping[str, Position], *, part: int) -> float:
        import numpy as np

        key = (part, frozenset(positions.items()))
        if key not in self._known:
            used = [(arc, weight, ell) for arc, (weight, ell) in sorted(positions.items()) if weight]
            value = 0.0
            if used:
                drawn = [self._points(arc, ell) for arc, _, ell in used]
                points = np.concatenate([found[0] for found in drawn])
                vectors = np.concatenate(
                    [weight * found[part] for found, (_, weight, _) in zip(drawn, used, strict=True)]
                )
                reach = np.repeat([ell for _, _, ell in used], [len(found[0]) for found in drawn])
                value = quadratic_form(points, vectors, correlation_km=reach)
            self._known[key] = math.sqrt(max(value, 0.0))
        return self._known[key]

    def _points(self, arc: str, reach: float) -> "tuple[Floats, Floats, Floats]":
        """Points of an arc in space, and the gradients of swept area and of length there."""
        if (arc, reach) not in self._sampled:
            import shapely

            coords = shapely.get_coordinates(self.composite.arc_geometries[arc])
            spacing = reach / _STEPS_PER_CORRELATION
            if (coords[0] == coords[-1]).all():  # an islet is no point, however far its errors reach
                spacing = min(spacing, max(self._arcs[arc].length_km, _LEAST_KM) / _STEPS_ROUND)
            self._sampled[arc, reach] = line_gradients(coords, spacing_km=spacing)
        return self._sampled[arc, reach]


def line_gradients(coords: "Floats", *, spacing_km: float) -> "tuple[Floats, Floats, Floats]":
    """Return points along a line, and how its swept area and its length answer to moving each of them.

    Parameters
    ----------
    coords
        (n, 2) lon/lat in degrees, WGS 84.
    spacing_km
        Longest step between the points.

    Returns
    -------
    Three (m, 3) arrays: places on the authalic sphere in km; the normal to the left times half of each
    adjoining step, in km; and the unit tangent of the step that arrives less that of the step that leaves.
    """
    import numpy as np

    from marchland.measure import authalic_sphere_radius_km, resample_line
    from marchland.measure.ellipsoid import zone_km2_per_radian

    radius = authalic_sphere_radius_km()
    lon, lat = np.radians(resample_line(coords, spacing_km=spacing_km)).T
    sin_b = np.clip(zone_km2_per_radian(np.sin(lat)) / radius**2, -1, 1)
    cos_b = np.sqrt(1 - sin_b**2)
    up = np.column_stack([cos_b * np.cos(lon), cos_b * np.sin(lon), sin_b])
    points = radius * up
    steps = np.diff(points, axis=0)
    lengths = np.linalg.norm(steps, axis=1, keepdims=True)
    tangents = np.divide(steps, lengths, out=np.zeros_like(steps), where=lengths > 0)
    chord, bend = np.zeros_like(points), np.zeros_like(points)
    chord[:-1] += steps / 2
    chord[1:] += steps / 2
    bend[:-1] -= tangents
    bend[1:] += tangents
    return points, np.cross(up, chord), bend


def quadratic_form(points: "Floats", vectors: "Floats", *, correlation_km: "float | Floats") -> float:
    """Return Σᵢ Σⱼ vᵢ·vⱼ ρᵢⱼ, ρ as in the module's formula.

    Parameters
    ----------
    points, vectors
        (n, 3), km.
    correlation_km
        ℓ of all points or (n,) of each. Pairs more than 12 of the longest ℓ apart, whose correlation is
        below 1e-5, are left out.
    """
    import numpy as np

    reach = np.broadcast_to(np.asarray(correlation_km, dtype=np.float64), len(points))
    if len(points) <= _BLOCK:
        return _block((points, vectors, reach), (points, vectors, reach))
    cells, member = np.unique(
        np.floor(points / (_CELL * reach.max())).astype(np.int64), axis=0, return_inverse=True
    )
    order = np.argsort(member.ravel(), kind="stable")
    edges = np.searchsorted(member.ravel()[order], np.arange(len(cells) + 1))
    points, vectors, reach = points[order], vectors[order], reach[order]
    total = []
    for one, (start, stop) in enumerate(zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True)):
        near = np.flatnonzero((np.abs(cells[one:] - cells[one]) <= 2).all(axis=1)) + one
        rows = np.concatenate([np.arange(edges[k], edges[k + 1]) for k in near[1:]] or [np.arange(0)])
        own = points[start:stop], vectors[start:stop], reach[start:stop]
        total.append(_block(own, own))
        if len(rows):
            total.append(2 * _block(own, (points[rows], vectors[rows], reach[rows])))
    return math.fsum(total)


def _block(one: "tuple[Floats, Floats, Floats]", other: "tuple[Floats, Floats, Floats]") -> float:
    import numpy as np

    (p, v, ell), (q, w, far) = one, other
    same = bool((ell == ell[0]).all() and (far == ell[0]).all())
    total = 0.0
    for i in range(0, len(p), _BLOCK):
        a, reach = p[i : i + _BLOCK], ell[i : i + _BLOCK]
        squares = (a * a).sum(axis=1)[:, None] + (q * q).sum(axis=1) - 2 * (a @ q.T)
        mean = reach[:1, None] ** 2 if same else np.add.outer(reach**2, far**2) / 2
        rho = np.exp(-np.sqrt(np.maximum(squares, 0) / mean))
        if not same:
            rho *= np.outer(reach, far) / mean
        total += float(np.sum(v[i : i + _BLOCK] * (rho @ w)))
    return total
