"""How certain an area is when the lines around it are only known to a few kilometres.

A line drawn with position error σ is displaced by a random vector field whose components have variance σ² and
correlation ρ(d) = exp(-d/ℓ) between points d apart (`marchland.model.reach_km` has ℓ). The area on one side
then changes by the sum of g·u over its vertices, g the gradient of the shoelace formula and u the
displacement, and so ::

    Var A = Σ_a Σ_b s_a s_b σ_a σ_b G[a, b]        G[a, b] = Σ_{i in a} Σ_{j in b} g_i · g_j ρ(|p_i - p_j|)

with s = 1 for lines with the area on their left, -1 on their right. G depends on geometry alone, so it is
computed once and serves any set of faces. To take errors as independent (ℓ = 0) is always too small and
depends on how densely a line happens to be drawn.
"""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from marchland.errors import UsageError
from marchland.measure.ellipsoid import equal_area_xy_km
from marchland.measure.size import edge_lengths_km

__all__ = [
    "area_sigma_km2",
    "displacement_covariance",
    "redrawing_noise_km2",
    "resample_line",
    "shoelace_gradient",
]

Floats = NDArray[np.float64]

_STEPS_PER_CORRELATION = 4  # sampling error of the variance along a straight line: 1/(12·16), half a per cent
_NEGLIGIBLE = 40.0  # exp(-40) is below the last bit
_BLOCK = 2048


def shoelace_gradient(xy: Floats) -> Floats:
    """Gradient of the area to the right of an open line with respect to its vertices.

    Parameters
    ----------
    xy
        (n, 2) in a plane, any unit.

    Returns
    -------
    (n, 2) for each vertex the normal to the left of the line times its share of the length (half of each
    adjoining edge), in the same unit. Its sum is the normal of the chord.
    """
    dx, dy = np.diff(xy, axis=0).T
    half = np.column_stack([-dy, dx]) / 2
    out = np.zeros_like(xy, dtype=np.float64)
    out[:-1] += half
    out[1:] += half
    return out


def resample_line(coords: Floats, *, spacing_km: float) -> Floats:
    """Points along a line at equal steps no longer than a spacing, both ends included.

    Parameters
    ----------
    coords
        (n, 2) lon/lat in degrees.
    spacing_km
        Longest step along the line, km.

    Returns
    -------
    (m, 2) lon/lat in degrees, m ≥ 2.
    """
    coords = np.asarray(coords, dtype=np.float64)
    run = np.concatenate([[0.0], np.cumsum(edge_lengths_km(coords))])
    steps = max(1, math.ceil(run[-1] / spacing_km))
    at = np.linspace(0.0, run[-1], steps + 1)
    return np.column_stack([np.interp(at, run, coords[:, axis]) for axis in (0, 1)])


def displacement_covariance(
    lines: Sequence[Floats], *, correlation_km: float | Sequence[float], spacing_km: float = 5.0
) -> Floats:
    """Covariance of the areas swept by lines that are displaced at random, per unit of σ².

    Parameters
    ----------
    lines
        (n_i, 2) lon/lat in degrees each. All should lie within a few thousand kilometres, as distances are
        taken in one plane that keeps areas.
    correlation_km
        Distance ℓ over which displacements are alike, km: one for all lines or one each. Between lines of
        different ℓ the correlation is that of Paciorek and Schervish (2006, doi:10.1002/env.785) for two
        dimensions, 2ℓₐℓᵦ/(ℓₐ² + ℓᵦ²) · exp(-d/√((ℓₐ² + ℓᵦ²)/2)), which keeps the whole positive
        semi-definite.
    spacing_km
        Lines are resampled at equal steps no longer than this, nor than a quarter of their ℓ.

    Returns
    -------
    (n, n) symmetric, positive semi-definite, km²; the variance of the area swept by line a is
    ``sigma_km² * out[a, a]`` km⁴. Use `area_sigma_km2` for a set of lines.

    Raises
    ------
    UsageError
        The correlation or the spacing is not positive.
    """
    given = np.atleast_1d(np.asarray(correlation_km, dtype=np.float64))
    if not (np.all(given > 0) and spacing_km > 0):
        message = f"correlation ({correlation_km} km) and spacing ({spacing_km} km) must be positive"
        raise UsageError(message)
    if not lines:
        return np.zeros((0, 0))
    reach = np.broadcast_to(given, len(lines))
    steps = np.minimum(spacing_km, reach / _STEPS_PER_CORRELATION).tolist()
    sampled = [resample_line(line, spacing_km=step) for line, step in zip(lines, steps, strict=True)]
    everything = np.concatenate(sampled)
    low, high = everything.min(axis=0), everything.max(axis=0)
    centre = (float(low[0] + high[0]) / 2, float(low[1] + high[1]) / 2)
    planes = [equal_area_xy_km(line, centre=centre) for line in sampled]
    return _covariance(planes, reach)


def _covariance(planes: list[Floats], reach: Floats) -> Floats:
    gradients = [shoelace_gradient(xy) for xy in planes]
    boxes = np.array([[*xy.min(axis=0), *xy.max(axis=0)] for xy in planes])
    gap = np.maximum(boxes[:, None, :2] - boxes[None, :, 2:], 0)
    gap = np.maximum(gap, np.swapaxes(gap, 0, 1))
    squares = np.add.outer(reach**2, reach**2)
    joint, weight = np.sqrt(squares / 2), 2 * np.outer(reach, reach) / squares
    near = np.hypot(gap[..., 0], gap[..., 1]) < _NEGLIGIBLE * joint
    out = np.zeros((len(planes), len(planes)))
    for a, b in np.argwhere(np.triu(near)).tolist():
        swept = _quadratic((planes[a], gradients[a]), (planes[b], gradients[b]), float(joint[a, b]))
        out[a, b] = out[b, a] = weight[a, b] * swept
    return out


def _quadratic(a: tuple[Floats, Floats], b: tuple[Floats, Floats], correlation_km: float) -> float:
    (p, g), (q, h) = a, b
    total = 0.0
    for i in range(0, len(p), _BLOCK):
        for j in range(0, len(q), _BLOCK):
            pi, qj = p[i : i + _BLOCK], q[j : j + _BLOCK]
            rho = np.hypot(pi[:, None, 0] - qj[None, :, 0], pi[:, None, 1] - qj[None, :, 1])
            rho /= -correlation_km
            np.exp(rho, out=rho)
            total += float(np.sum(g[i : i + _BLOCK] * (rho @ h[j : j + _BLOCK])))
    return total


def area_sigma_km2(covariance: Floats, signs: Floats, sigma_km: Floats) -> float:
    """Compute the standard deviation of the area of a set of faces, km².

    Parameters
    ----------
    covariance
        (n, n) from `displacement_covariance`, km².
    signs
        (n,) 1 for lines with the set on their left, -1 on their right, 0 for those within or outside it.
    sigma_km
        (n,) standard deviation of each line's position, km.
    """
    weight = np.asarray(signs, dtype=np.float64) * np.asarray(sigma_km, dtype=np.float64)
    return math.sqrt(max(0.0, float(weight @ covariance @ weight)))


def redrawing_noise_km2(length_km: float, sigma_km: float) -> float:
    """Area expected between two independent drawings of one line, both sides counted, km².

    The mean distance between the drawings is 2σ/√π. A change of no more than this is no evidence that the
    line moved.

    Parameters
    ----------
    length_km
        Length of the line, km.
    sigma_km
        Standard deviation of the position of each drawing, km.

    Examples
    --------
    >>> round(redrawing_noise_km2(1000, 2.0))
    2257
    """
    return 2 * sigma_km * length_km / math.sqrt(math.pi)
