"""Areas against Geod, and error bars against Monte Carlo."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pyproj
import shapely
from measuring import Result, best

BORDERS = (
    ("amur-left-bank", "1860-12-31"),
    ("uda-reserve", "1860-12-31"),
    ("uda-left-bank", "1860-12-31"),
    ("amazar-west", "1860-12-31"),
    ("sakhalin-north", "1860-12-31"),
    ("ussuri-coast", "1859-12-31"),
    ("ili-returned", "1875-12-31"),
    ("mongolia", "1913-12-31"),
    ("tuva", "1913-12-31"),
    ("manchuria", "1860-12-31"),
)
"""Land and day; its borders are real lines of the built-in dataset, of σ from 0.2 km to 60 km."""

TOO_NARROW = (("khanka-west", "1859-12-31"),)
"""Land no wider than the σ of a stretch of its border: beyond what a formula of first order can say."""

DRAWS = 4000

Line = tuple[np.ndarray[Any, Any], float, float]
"""Coordinates with the land on their left, σ and ℓ in km."""


def areas(polygons: np.ndarray[Any, Any], name: str) -> Iterator[Result]:
    from marchland.measure import polygon_areas_km2

    geod = pyproj.Geod(ellps="WGS84")
    parts = shapely.get_parts(polygons)
    vertices = int(shapely.get_num_coordinates(parts).sum())
    ours, ring = best(lambda: polygon_areas_km2(parts))
    theirs, other = best(lambda: [geod.geometry_area_perimeter(part)[0] / 1e6 for part in parts], times=1)
    off = abs(float(ring.sum()) / sum(map(abs, other)) - 1)
    yield Result(
        "area of every polygon", "`Geod.geometry_area_perimeter`", ours, theirs,
        f"{name}, {vertices:,} vertices; {vertices / ours / 1e6:.1f} M a second; sums {off:.0e} apart, "
        "as its edges are geodesics; it reckons perimeters too",
    )  # fmt: skip


def error_bars() -> Iterator[Result]:
    """σ of the area of some territories, their whole boundary displaced as one random field."""
    import marchland
    from marchland.errorbars import ErrorModel

    ds = marchland.load("russia-china")
    for land, day in (*BORDERS, *TOO_NARROW):
        lines = border(ds, land, day)
        ours, formula = best(lambda lines=lines: from_formula(lines), times=3)
        theirs, drawn = best(lambda lines=lines: monte_carlo(lines), times=1)
        stored = ErrorModel(ds).area_sigma_km2({land: 1.0}, (ds.at(day),)) or 0.0
        yield Result(
            f"error bar of `{land}` on {day}", f"Monte Carlo, {DRAWS:,} drawings", ours, theirs,
            f"σ to {max(sigma for _, sigma, _ in lines):g} km; {formula:,.0f} against {drawn:,.0f} km², "
            f"{formula / drawn - 1:+.1%}; as stored {stored:,.0f}",
        )  # fmt: skip


def border(ds: Any, land: str, day: str) -> list[Line]:
    """The lines around a territory, it on their left, with the σ and ℓ they have on a day."""
    from marchland.errorbars import ErrorModel

    model, snapshot, owner = ErrorModel(ds), ds.at(day), ds.territory_of_face
    lines = []
    for arc in model.arcs_of[land]:
        left, right = (owner.get(face or "") == land for face in (arc.left, arc.right))
        if left != right:
            coords = shapely.get_coordinates(ds.arc_geometries[arc.id])[:: 1 if left else -1]
            lines.append((coords, *model.arc_position(arc, (snapshot,))))
    return lines


def from_formula(lines: list[Line]) -> float:
    from marchland.errorbars import line_gradients, quadratic_form

    sampled = [line_gradients(coords, spacing_km=10.0) for coords, _, _ in lines]
    points = np.concatenate([points for points, _, _ in sampled])
    vectors = np.concatenate(
        [sigma * chord for (_, sigma, _), (_, chord, _) in zip(lines, sampled, strict=True)]
    )
    reach = np.repeat([reach for _, _, reach in lines], [len(points) for points, _, _ in sampled])
    return float(np.sqrt(quadratic_form(points, vectors, correlation_km=reach)))


def monte_carlo(lines: list[Line]) -> float:
    """Displace a border in a plane that keeps areas, and take the area it encloses anew each time.

    Its own code throughout: PROJ's Lambert azimuthal equal-area plane, a Cholesky factor of the correlations
    at steps of 5 km, and the shoelace formula on the whole displaced rings, so nothing is linearised. Where
    lines of different σ or ℓ meet, a straight step joins their displaced ends.
    """
    from marchland.measure import resample_line

    sampled = [resample_line(coords, spacing_km=5.0) for coords, _, _ in lines]
    counts = [len(line) for line in sampled]
    everything = np.concatenate(sampled)
    lon, lat = everything.mean(axis=0)
    plane = pyproj.Proj(proj="laea", lat_0=lat, lon_0=lon, ellps="WGS84", units="km")
    xy = np.column_stack(plane(*everything.T))
    width = np.repeat([sigma for _, sigma, _ in lines], counts)
    root = np.linalg.cholesky(kernel(xy, np.repeat([reach for _, _, reach in lines], counts)))
    starts = np.cumsum([0, *counts[:-1]])
    rings = [
        np.concatenate([np.arange(starts[i], starts[i] + counts[i]) for i in ring])
        for ring in joined(sampled)
    ]
    rng = np.random.default_rng(1860)
    areas = np.zeros(DRAWS)
    for k in range(0, DRAWS, 500):
        x, y = (xy[:, n, None] + width[:, None] * (root @ rng.normal(size=(len(xy), 500))) for n in (0, 1))
        for ring in rings:
            u, v = x[ring], y[ring]
            areas[k : k + 500] += (u * np.roll(v, -1, 0) - np.roll(u, -1, 0) * v).sum(axis=0) / 2
    return float(areas.std())


def kernel(xy: np.ndarray[Any, Any], reach: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Correlations of displacements, after Paciorek and Schervish (2006), from matrices |Σ| as they give it.

    ρ = |Σᵢ|^¼ |Σⱼ|^¼ |(Σᵢ + Σⱼ)/2|^-½ exp(-√Q), Q = (pᵢ - pⱼ)ᵀ ((Σᵢ + Σⱼ)/2)⁻¹ (pᵢ - pⱼ), with Σ = ℓ²I.
    """
    sigma = reach[:, None, None] ** 2 * np.eye(2)
    mean = (sigma[:, None] + sigma[None]) / 2
    step = xy[:, None] - xy[None]
    q = (step * np.linalg.solve(mean, step[..., None])[..., 0]).sum(axis=-1)
    root = np.linalg.det(sigma) ** 0.25
    rho = np.outer(root, root) / np.sqrt(np.linalg.det(mean)) * np.exp(-np.sqrt(q))
    return np.asarray(rho + 1e-8 * np.eye(len(xy)))


def joined(lines: list[np.ndarray[Any, Any]]) -> list[list[int]]:
    """Lines in the order in which they make rings."""
    left = {i: (tuple(line[0].round(6)), tuple(line[-1].round(6))) for i, line in enumerate(lines)}
    rings = []
    while left:
        first = next(iter(left))
        start, end = left.pop(first)
        ring = [first]
        while end != start:
            after = next(i for i, (begin, _) in left.items() if begin == end)
            end = left.pop(after)[1]
            ring.append(after)
        rings.append(ring)
    return rings
