"""Partition and questions: against what an analyst would write with shapely, geopandas and topojson."""

import warnings
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from measuring import Result, apart, best


def read(path: str) -> Any:
    """CShapes as a frame of valid polygons, as the other tools need them."""
    from marchland.datasets.files import read_table

    frame, _ = read_table(Path(path))
    frame = frame.set_crs(4326) if frame.crs is None else frame
    frame.geometry = shapely.make_valid(frame.geometry.to_numpy())
    return frame


def build(frame: Any) -> Any:
    from marchland.datasets.versions import from_versions

    return from_versions(
        frame, holder="country_name", start="start", end="end", end_rule="inclusive", unit="gwcode"
    )


def union_boundaries(frame: Any) -> Any:
    return shapely.polygonize(
        shapely.get_parts(shapely.union_all(shapely.boundary(frame.geometry.to_numpy())))
    )


def faces_of(frame: Any) -> Any:
    """What `union_boundaries` gives, in our way: faces without attribution, areas or checks."""
    from marchland.engine.local import node
    from marchland.engine.mesh import mesh_of, polygon_words, ring_edges

    polygons = frame.geometry.to_numpy()
    return shapely.polygonize(node(mesh_of(ring_edges(polygons, polygon_words(np.arange(len(polygons)))))))


def topology(frame: Any) -> Any:
    import topojson

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return topojson.Topology(frame[["country_name", "geometry"]], prequantize=False)


def measure(path: str, *, slow: bool) -> Iterator[Result]:
    frame = read(path)
    vertices = int(shapely.get_num_coordinates(frame.geometry.to_numpy()).sum())
    if slow:
        ours, ours_mb = apart(build, read, path)
        theirs, theirs_mb = apart(union_boundaries, read, path)
        size = f"{len(frame)} polygons, {vertices:,} vertices"
        note = f"{size}; peak {ours_mb:,.0f} MB against {theirs_mb:,.0f} MB"
        yield Result("build the composite", "`union_all(boundaries)`, `polygonize`", ours, theirs, note)
        bare, bare_mb = apart(faces_of, read, path)
        note = f"peak {bare_mb:,.0f} MB against {theirs_mb:,.0f} MB"
        yield Result("linework to faces, nothing else", "the same", bare, theirs, note)
        theirs, theirs_mb = apart(topology, read, path)
        note = f"peak {ours_mb:,.0f} MB against {theirs_mb:,.0f} MB; without its faces"
        yield Result("build the composite", "`topojson.Topology`", ours, theirs, note)
    yield from questions(frame)


def made(size: float) -> Any:
    import generated

    return generated.counties(size)


def build_made(frame: Any) -> Any:
    from marchland.datasets.versions import from_versions

    return from_versions(frame, holder="holder", start="start", end="end", unit="unit")


def measure_made() -> Iterator[Result]:
    """The made-up counties, as many as those of the United States."""
    frame = made(1)
    vertices = int(shapely.get_num_coordinates(frame.geometry.to_numpy()).sum())
    ours, ours_mb = apart(build_made, made, 1)
    theirs, theirs_mb = apart(union_boundaries, made, 1)
    note = f"{len(frame):,} made-up counties, {vertices:,} vertices"
    note += f"; peak {ours_mb:,.0f} MB against {theirs_mb:,.0f} MB"
    yield Result("build the composite", "`union_all(boundaries)`, `polygonize`", ours, theirs, note)


def on(frame: Any, day: str) -> Any:
    return frame[(frame["start"].astype(str) <= day) & (frame["end"].astype(str) >= day)]


def questions(frame: Any) -> Iterator[Result]:
    from marchland.comparison import compare
    from marchland.timeline import timeline
    from marchland.timeseries import changed_hundredths, matrix

    ds = build(frame)
    days = ("1914-01-01", "1920-01-01")
    old, new = (on(frame, day).reset_index(drop=True) for day in days)
    line = timeline(ds)
    first, found = best(lambda: line.between(*map(date.fromisoformat, days)), times=20)
    names = (old["country_name"].to_numpy(), new["country_name"].to_numpy())

    def tuned() -> dict[tuple[str, str], float]:
        shapes = (old.geometry.to_numpy(), new.geometry.to_numpy())
        a, b = shapely.STRtree(shapes[0]).query(shapes[1], predicate="intersects")[::-1]
        shapely.prepare(shapes[0])
        whole = shapely.covers(shapes[0][a], shapes[1][b])
        pieces = np.where(whole, shapes[1][b], None)
        pieces[~whole] = shapely.intersection(shapes[0][a[~whole]], shapes[1][b[~whole]])
        sums: dict[tuple[str, str], float] = {}
        for i, j, piece in zip(a.tolist(), b.tolist(), pieces, strict=True):
            key = (names[0][i], names[1][j])
            sums[key] = sums.get(key, 0.0) + float(shapely.area(piece))
        return sums

    second, pairs = best(tuned, times=1)
    spurious = sum(pair not in found for pair, area in pairs.items() if area > 0)
    yield Result(
        "table of two dates, who held what by whom", "`STRtree` and `shapely.intersection`", first, second,
        f"{len(found)} pairs; the other has {spurious} that are none",
    )  # fmt: skip
    import geopandas

    def overlay() -> Any:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return geopandas.overlay(
                old[["country_name", "geometry"]], new[["country_name", "geometry"]], how="union"
            )

    second, _ = best(overlay, times=1)
    yield Result("table of two dates, who held what by whom", '`overlay(how="union")`', first, second)
    third, ledger = best(lambda: compare(ds, *days).ledger, times=5)
    crimea = compare(ds, "2014-03-17", "2014-03-18").ledger
    yield Result(
        "`compare`: ledger with statuses", '`overlay(how="union")`', third, second,
        f"{len(ledger)} rows; Crimea {sum(row.area_km2 for row in crimea):,.0f} km² in {len(crimea)} row",
    )  # fmt: skip
    fourth, whole = best(lambda: matrix(ds))
    yield Result(
        "`matrix`: every pair of dates", "aim: 5 s", fourth, 5.0,
        f"{len(whole.dates)} dates, {len(line.territories)} territories",
    )  # fmt: skip
    rng = np.random.default_rng(0)
    held, areas = rng.integers(0, 200, (366, 2000), dtype=np.int32), rng.integers(1, 10**8, 2000)
    fifth, _ = best(lambda: changed_hundredths(held, areas), times=1)
    yield Result("`matrix`, 366 dates × 2,000 faces, no two alike", "aim: 5 s", fifth, 5.0)
