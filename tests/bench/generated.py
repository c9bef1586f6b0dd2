"""Made-up counties of any number: a lattice of cells whose borders are wiggly and now and then redrawn.

Every number is a function of the seed and of what it is for, so that any part of the lattice can be made by
itself and fits its neighbours to the bit. Size 1 is like the historical counties of the United States: about
17,000 versions, here of 2,900 units, with 1.4 million vertices.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

CELL = 0.25  # degrees
SIDE = 54  # cells along a side of the size 1
STEPS = 21  # edges of a border between two corners
WAVES = 8
REDRAWN = (0.3, 0.62, 0.88)  # shares of borders redrawn at most 0, 1 and 2 times; the rest are thrice
FIRST, LAST = 1800, 2000
SEED = 17


def side_of(size: float) -> int:
    """Cells along a side of the square that is ``size`` times the size 1."""
    return round(SIDE * size**0.5)


def uniform(*what: Any) -> Floats:
    """Numbers from 0 to 1 for what they are for (SplitMix64)."""
    word = np.full(1, SEED, dtype=np.uint64)  # arrays wrap round silently, numbers do not
    for part in what:
        word = np.asarray(part).astype(np.uint64) + word * np.uint64(0x9E3779B97F4A7C15) + np.uint64(1)
        word = (word ^ (word >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        word = (word ^ (word >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        word = word ^ (word >> np.uint64(31))
    out: Floats = (word >> np.uint64(11)).astype(np.float64) / 2**53
    return out


def corners(i: Ints, j: Ints, side: int) -> Floats:
    """Where the lattice point (i, j) is, lon/lat."""
    jitter = 0.15 * (np.stack([uniform(1, i, j), uniform(2, i, j)], axis=-1) - 0.5)
    return (np.stack([i, j], axis=-1) - side / 2 + jitter) * CELL


def borders(i: Ints, j: Ints, up: int, drawing: Ints, side: int) -> Floats:
    """(n, STEPS + 1, 2) vertices of one drawing of the border from corner (i, j) to the right or up."""
    a, b = corners(i, j, side), corners(i + (1 - up), j + up, side)
    t = np.linspace(0, 1, STEPS + 1)
    m = np.arange(1, WAVES + 1)
    size = 0.18 / m**1.6 * (2 * uniform(3, i[:, None], j[:, None], up, m) - 1) / np.pi
    wiggle = size @ np.sin(np.pi * m[:, None] * t)
    third = np.clip(3 * t - 1, 0, 1)
    for number in (1, 2, 3):
        swings = np.where(uniform(4, i, j, up, number) < 0.25, 2, 1)[:, None]  # twice: crosses the old line
        sign = np.where(uniform(5, i, j, up, number) < 0.5, -1, 1)[:, None]
        warped = third ** (1 + 0.15 * number)  # so that no three drawings cross in one point
        bend = sign * 0.03 * number * np.sin(np.pi * swings * warped)
        wiggle = np.where((drawing == number)[:, None], wiggle + bend, wiggle)
    along = b - a
    normal = np.stack([-along[:, 1], along[:, 0]], axis=-1)
    points = a[:, None] + t[:, None] * along[:, None] + wiggle[..., None] * normal[:, None]
    points[:, 0], points[:, -1] = a, b
    return np.round(points, 7)


def years(i: Ints, j: Ints, up: int) -> Ints:
    """(n, 3) years in which a border is redrawn, ascending; LAST + 1 for never."""
    times = np.searchsorted(REDRAWN, uniform(6, i, j, up))
    found = (
        FIRST + 1 + (uniform(7, i[:, None], j[:, None], up, np.arange(3)) * (LAST - FIRST - 1)).astype(int)
    )
    found = np.where(np.arange(3) < times[:, None], found, LAST + 1)
    return np.sort(found, axis=1)


def block(columns: range, rows: range, side: int) -> Any:
    """All versions of the cells in some columns and rows: unit, holder, start, end (exclusive), geometry."""
    import geopandas

    i, j = (grid.ravel() for grid in np.meshgrid(np.array(columns), np.array(rows), indexing="ij"))
    sides = ((i, j, 0), (i + 1, j, 1), (i, j + 1, 0), (i, j, 1))  # round the cell, the last two backwards
    changes = np.concatenate([years(*border) for border in sides], axis=1)
    starts = np.sort(np.concatenate([np.full((len(i), 1), FIRST), changes], axis=1), axis=1)
    new = np.append(np.full((len(i), 1), True), np.diff(starts, axis=1) > 0, axis=1) & (starts <= LAST)
    cell, at = np.nonzero(new)
    start = starts[cell, at]
    end = np.append(np.where(cell[1:] == cell[:-1], start[1:], LAST), LAST)
    lines = []
    for number, (ci, cj, up) in enumerate(sides):
        drawing = (years(ci, cj, up)[cell] <= start[:, None]).sum(axis=1)
        line = borders(ci[cell], cj[cell], up, drawing, side)
        lines.append(line[:, :-1] if number < 2 else line[:, :0:-1])
    rings = np.concatenate([*lines, lines[0][:, :1]], axis=1)
    size = rings.shape[1]
    polygons = shapely.polygons(
        shapely.linearrings(rings.reshape(-1, 2), indices=np.repeat(np.arange(len(rings)), size))
    )
    unit = [f"c{a}-{b}" for a, b in zip(i[cell].tolist(), j[cell].tolist(), strict=True)]
    holder = [f"s{a // 9}-{b // 9}" for a, b in zip(i[cell].tolist(), j[cell].tolist(), strict=True)]
    table = {"unit": unit, "holder": holder, "start": start, "end": end}
    return geopandas.GeoDataFrame(table, geometry=polygons, crs="OGC:CRS84")


def counties(size: float = 1) -> Any:
    """All versions of a size in one frame."""
    side = side_of(size)
    return block(range(side), range(side), side)


def blocks(size: float, most: int = 27) -> Iterator[Any]:
    """The versions of a size, a square of at most ``most`` cells a side at a time."""
    side = side_of(size)
    for left in range(0, side, most):
        for low in range(0, side, most):
            yield block(range(left, min(left + most, side)), range(low, min(low + most, side)), side)


def write(folder: Path, size: float) -> None:
    """Write a size as a folder of GeoParquet files."""
    folder.mkdir(parents=True, exist_ok=True)
    for number, frame in enumerate(blocks(size)):
        frame.to_parquet(folder / f"part-{number:05d}.parquet", write_covering_bbox=True)
