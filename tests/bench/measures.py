"""Areas against Geod, and error bars against Monte Carlo."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pyproj
import shapely
from measuring import Result, best

BORDERS = ("amur-left-bank", "uda-reserve", "uda-left-bank", "amazar-west", "sakhalin-north")
"""Land whose borders are real lines of the built-in dataset: rivers, divides, coast, a parallel."""

TOO_VAGUE = ("ussuri-coast", "mongolia")
"""Land with a stretch of border whose σ (60 km) is beyond what a formula of first order can say."""

DRAWS = 4000
CORRELATION_KM = 40.0


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
    """σ of the area of five territories, their whole boundary displaced as one random field."""
    import marchland
    from marchland.errorbars import ErrorModel

    ds = marchland.load("russia-china")
    snapshot = ds.at("1860-12-31")
    for land in (*BORDERS, *TOO_VAGUE):
        model = ErrorModel(ds)
        arcs = [
            (arc, 1.0 if ds.territory_of_face.get(arc.left or "") == land else -1.0)
            for arc in model.arcs_of[land]
            if ds.territory_of_face.get(arc.left or "") != ds.territory_of_face.get(arc.right or "")
        ]
        lines = [shapely.get_coordinates(ds.arc_geometries[arc.id])[:: int(sign)] for arc, sign in arcs]
        sigma = [model.arc_sigma_km(arc, (snapshot,)) for arc, _ in arcs]
        ours, formula = best(lambda lines=lines, sigma=sigma: from_formula(lines, sigma), times=3)
        theirs, drawn = best(lambda lines=lines, sigma=sigma: monte_carlo(lines, sigma), times=1)
        stored = model.area_sigma_km2({land: 1.0}, (snapshot,)) or 0.0
        off = formula / drawn - 1
        yield Result(
            f"error bar of `{land}`", f"Monte Carlo, {DRAWS:,} drawings", ours, theirs,
            f"{formula:,.0f} against {drawn:,.0f} km², {off:+.1%}; as stored {stored:,.0f}",
        )  # fmt: skip


def from_formula(lines: list[np.ndarray[Any, Any]], sigma: list[float]) -> float:
    from marchland.errorbars import line_gradients, quadratic_form

    sampled = [line_gradients(line, spacing_km=CORRELATION_KM / 4) for line in lines]
    points = np.concatenate([points for points, _, _ in sampled])
    vectors = np.concatenate([s * chord for s, (_, chord, _) in zip(sigma, sampled, strict=True)])
    return float(np.sqrt(quadratic_form(points, vectors, correlation_km=CORRELATION_KM)))


def monte_carlo(lines: list[np.ndarray[Any, Any]], sigma: list[float]) -> float:
    """Displace the lines in a plane that keeps areas, and take the area they sweep anew each time.

    Its own code throughout: PROJ's Lambert azimuthal equal-area plane, a Cholesky factor of the correlations
    at steps of 5 km, and the shoelace formula on the rings between each line and its displaced self, so
    nothing is linearised. Where lines of different σ meet, both ends move along one ray: no area is lost.
    """
    from marchland.measure import resample_line

    sampled = [resample_line(line, spacing_km=5.0) for line in lines]
    everything = np.concatenate(sampled)
    lon, lat = everything.mean(axis=0)
    plane = pyproj.Proj(proj="laea", lat_0=lat, lon_0=lon, ellps="WGS84", units="km")
    xy = np.column_stack(plane(*everything.T))
    gap = np.hypot(xy[:, None, 0] - xy[None, :, 0], xy[:, None, 1] - xy[None, :, 1])
    root = np.linalg.cholesky(np.exp(-gap / CORRELATION_KM) + 1e-8 * np.eye(len(xy)))
    width = np.repeat(sigma, [len(line) for line in sampled])
    ends = np.cumsum([len(line) for line in sampled])
    rng = np.random.default_rng(1860)
    areas = np.zeros(DRAWS)
    for k in range(0, DRAWS, 500):
        x, y = (xy[:, n, None] + width[:, None] * (root @ rng.normal(size=(len(xy), 500))) for n in (0, 1))
        for start, stop in zip([0, *ends[:-1].tolist()], ends.tolist(), strict=True):
            still = np.broadcast_to(xy[start:stop, :, None], (stop - start, 2, 500))
            u, v = (
                np.concatenate([still[::-1, n], moved[start:stop], still[-1:, n]])
                for n, moved in enumerate((x, y))
            )
            areas[k : k + 500] += (u[:-1] * v[1:] - u[1:] * v[:-1]).sum(axis=0) / 2
    return float(areas.std())
