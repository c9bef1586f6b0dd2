"""A partition built in tiles, written as folders of GeoParquet, one file a tile.

``faces`` has for each face its number, the numbers of the polygons it lies in, its area in km², a point
inside and its polygon; ``arcs`` for each line its number, the faces on either side (-1: none), its length in
km and whether it is nothing but a seam of the map. Rows lie along a Hilbert curve within a file. Polygons
that ``duplicates.npz`` lists are left out of faces; each is the same as another one.
"""

from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from marchland.engine import parquet, work
from marchland.engine.store import LINES, POLYGONS, read_arrays, unpack
from marchland.engine.tiles import hilbert_order

__all__ = ["result_tasks", "write_tile"]

Ints = NDArray[np.int64]


def result_tasks(folder: Path) -> int:
    """Return how many files of faces, and of arcs, a result has: one a tile, and one for the cuts."""
    return len(work.tiles_of(folder)) + 1


def write_tile(folder: Path, number: int) -> None:
    """Write what lies within a tile; the last number stands for what lies across cuts."""
    found = work.tile_groups(folder)
    first = int(found.counts[:number, 2].sum())
    if number == len(found.counts):
        _write_across(folder, found, first)
        return
    with read_arrays(work.path_of(folder, "tiles", number)) as arrays:
        shut, _, whole, _ = arrays["counts"].tolist()
        ids = found.faces(number)
        pairs = arrays["pairs"][arrays["pairs"][:, 0] < shut]
        faces = {"face": ids[:shut], "area_km2": arrays["areas"][:shut], "inner": arrays["inner"][:shut]}
        _write_faces(folder, number, unpack("shut", arrays, POLYGONS), faces, pairs)
        lines = {name: arrays[name][:whole] for name in ("left", "right", "lengths", "seams")}
        lines = {**lines, "left": ids[lines["left"]], "right": ids[lines["right"]]}
        _write_lines(folder, number, unpack("line", arrays, LINES), lines, first)


def _write_across(folder: Path, found: work.TileGroups, first: int) -> None:
    number, before = len(found.counts), found.shut
    columns: dict[str, list[Any]] = {"polygons": [], "areas": [], "inner": [], "pairs": []}
    for batch in range(work.batches(found)):
        with read_arrays(work.path_of(folder, "joined", batch)) as arrays:
            columns["polygons"].append(unpack("shut", arrays, POLYGONS))
            columns["pairs"].append(arrays["pairs"] + [sum(map(len, columns["areas"])), 0])
            columns["areas"].append(arrays["areas"])
            columns["inner"].append(arrays["inner"])
    if columns["areas"]:
        joined = {name: np.concatenate(parts) for name, parts in columns.items()}
        ids = before + np.arange(len(joined["areas"]))
        faces = {"face": ids, "area_km2": joined["areas"], "inner": joined["inner"]}
        _write_faces(folder, number, joined["polygons"], faces, joined["pairs"])
    with read_arrays(work.path_of(folder, "lines", 0)) as arrays:
        lines = {name: arrays[name] for name in ("left", "right", "lengths", "seams")}
        _write_lines(folder, number, unpack("line", arrays, LINES), lines, first)


def _write_faces(folder: Path, number: int, polygons: Any, columns: dict[str, Any], pairs: Ints) -> None:  # noqa: ANN401
    with read_arrays(work.path_of(folder, "duplicates", 0)) as arrays:
        pairs = pairs[~np.isin(pairs[:, 1], arrays["number"])]
    order = hilbert_order(columns["inner"])
    members = np.split(pairs[:, 1], np.searchsorted(pairs[:, 0], np.arange(1, len(polygons))))
    table = {
        "face": columns["face"][order],
        "members": [members[row] for row in order.tolist()],
        "area_km2": columns["area_km2"][order],
        "lon": columns["inner"][order, 0],
        "lat": columns["inner"][order, 1],
    }
    parquet.write_table(work.result_path(folder, "faces", number), polygons[order], table)


def _write_lines(folder: Path, number: int, lines: Any, columns: dict[str, Any], first: int) -> None:  # noqa: ANN401
    bounds = shapely.bounds(lines).reshape(-1, 4)
    order = hilbert_order((bounds[:, :2] + bounds[:, 2:]) / 2)
    table = {
        "arc": first + np.arange(len(order)),
        "left": columns["left"][order],
        "right": columns["right"][order],
        "length_km": columns["lengths"][order],
        "seam": columns["seams"][order],
    }
    parquet.write_table(work.result_path(folder, "arcs", number), lines[order], table)
