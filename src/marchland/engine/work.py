"""A build in tasks that pass files: what each task reads and writes, and how it is found again.

A work folder holds, one after the other::

    parts/00000.parquet   polygons taken apart, with the number of the one they are of (GeoParquet)
    duplicates.npz        polygons that are the same as another one (only of a build from files)
    plan.npz              the tiles
    merged.npz            is there where crumbs at cuts are merged, as tiles did not fit without
    tiles/00000.npz       the partition within each tile
    groups.npz            which faces at the edges of tiles are one
    joined/00000.npz      those faces made whole; lines.npz the lines across cuts

Each file is written beside its place and renamed, so a file that is there is whole, and a build that was
killed goes on from those. Nothing here needs to know who runs a task: see `pool` and `dask`.
"""

import json
import time
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

from marchland.engine import parquet
from marchland.engine.chains import Lines, join_lines, tips
from marchland.engine.join import group_faces, join_faces
from marchland.engine.local import Piece, cut_up, polygon_areas
from marchland.engine.store import LINES, POLYGONS, pack, read_arrays, unpack, write_arrays
from marchland.engine.tiles import Tile, far_ends, hilbert_order, on_cut, plan_tiles

__all__ = [
    "Report",
    "Task",
    "group",
    "join",
    "lines_across",
    "merge_at_cuts",
    "perform",
    "plan",
    "tile",
    "tile_groups",
    "tiles_of",
]

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Geometries = NDArray[np.object_]

GROUPS_AT_ONCE = 20_000
_SAMPLE = 200_000  # polygons by which the tiles are planned
_BESIDE = 1e-8  # degrees, a millimetre: as far as vertices that are one can be, and those beside them


class Task(NamedTuple):
    """A function by its name, ``module:function``, called with the work folder and a number."""

    function: str
    folder: str
    number: int


class Report(NamedTuple):
    """What a task took; ``peak_mb`` is the most its process has ever held."""

    seconds: float
    cpu_seconds: float
    peak_mb: float


def perform(task: Task) -> Report:
    """Run a task."""
    start, spent = time.perf_counter(), time.process_time()
    module, name = task.function.split(":")
    getattr(import_module(module), name)(Path(task.folder), task.number)
    return Report(time.perf_counter() - start, time.process_time() - spent, peak_mb())


def peak_mb() -> float:
    """Return the most memory this process has held, MB."""
    try:
        status = Path("/proc/self/status").read_text(encoding="ascii")
        return int(status.split("VmHWM:")[1].split()[0]) / 1024
    except (OSError, IndexError):
        import resource

        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def path_of(folder: Path, stage: str, number: int) -> Path:
    """Return the file that a task of a stage writes."""
    names = {
        "plan": "plan.npz",
        "merged": "merged.npz",
        "duplicates": "duplicates.npz",
        "groups": "groups.npz",
        "lines": "lines.npz",
        "parts": f"parts/{number:05d}.parquet",
        "result": f"result/arcs/part-{number:05d}.parquet",
    }
    return folder / names.get(stage, f"{stage}/{number:05d}.npz")


def result_path(folder: Path, what: str, number: int) -> Path:
    """Return the file of the result that a task writes; its folder is made."""
    path = folder / "result" / what / f"part-{number:05d}.parquet"
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


# --- the plan


def plan(folder: Path, most: int) -> None:
    """Plan the tiles by the polygons in ``parts``."""
    files, boxes, vertices = parquet.read_boxes(folder / "parts")
    step = max(len(boxes) // _SAMPLE, 1)
    tiles = plan_tiles(boxes[::step], vertices[::step] * step, most)
    bounds = np.array([one.bounds for one in tiles])
    text = json.dumps([one.stops for one in tiles])
    write_arrays(
        path_of(folder, "plan", 0),
        {"bounds": bounds, "stops": np.frombuffer(text.encode(), dtype=np.uint8), "files": files},
    )


def tiles_of(folder: Path) -> list[Tile]:
    """Return the tiles of a plan."""
    with read_arrays(path_of(folder, "plan", 0)) as arrays:
        stops = json.loads(arrays["stops"].tobytes())
        return [
            Tile((w, s, e, n), tuple((x, y) for x, y in corners))
            for (w, s, e, n), corners in zip(arrays["bounds"].tolist(), stops, strict=True)
        ]


# --- a tile


def merge_at_cuts(folder: Path) -> bool:
    """Have the tiles made anew in the other way; return whether there is one left.

    At first a tile looks beyond its cuts for vertices drawn twice, and leaves crumbs there as they are. Where
    lines meet a cut at a very small angle, one tile may have a crumb that noding closed in the other. Then
    tiles that look at nothing but what is theirs, and leave no crumbs, often fit. The finished tiles go
    before the word is written: whoever is killed in between begins with tiles of one kind.
    """
    word = path_of(folder, "merged", 0)
    if word.exists():
        return False
    for path in (folder / "tiles").iterdir():
        path.unlink()
    write_arrays(word, {})
    return True


def tile(folder: Path, number: int) -> None:
    """Cut up what lies in a tile. Faces at its edges come last, the others in order along a Hilbert curve."""
    tiles = tiles_of(folder)
    with read_arrays(path_of(folder, "plan", 0)) as arrays:
        files = arrays["files"]
    merge, own = path_of(folder, "merged", 0).exists(), tiles[number]
    if merge:
        polygons, numbers = parquet.read_polygons(folder / "parts", own.bounds, files)
    else:
        polygons, numbers = _reaching(folder / "parts", own, files)
    piece = cut_up(polygons, numbers, tile=own, merge_at_cut=merge)
    write_arrays(path_of(folder, "tiles", number), _tile_arrays(piece, tiles))


def _reaching(parts: Path, one: Tile, files: Floats) -> tuple[Geometries, Ints]:
    """Return the polygons that reach into a tile or to the far ends of edges that do, and their numbers.

    Which of the vertices that are a rounding apart is kept depends on all of them. An edge that crosses a cut
    has an end that only other polygons may have beside them: both tiles must move it alike.
    """
    own = _widened(one.bounds)
    polygons, numbers = parquet.read_polygons(parts, own, files)
    ends = far_ends(polygons, one)
    if not len(ends):
        return polygons, numbers
    wide = _widened((*ends.min(axis=0).tolist(), *ends.max(axis=0).tolist()))
    others, of = parquet.read_polygons(parts, wide, files, beyond=own)
    boxes: Any = shapely.box(*(shapely.bounds(others).reshape(-1, 4) + _BESIDE * np.array([-1, -1, 1, 1])).T)
    near = np.unique(shapely.STRtree(boxes).query(shapely.points(ends), predicate="intersects")[1])
    return np.concatenate([polygons, others[near]]), np.concatenate([numbers, of[near]])


def _widened(bounds: tuple[float, ...]) -> tuple[float, float, float, float]:
    west, south, east, north = bounds
    return west - _BESIDE, south - _BESIDE, east + _BESIDE, north + _BESIDE


def _tile_arrays(piece: Piece, tiles: list[Tile]) -> dict[str, Any]:
    at_edge = np.unique(piece.beside)
    shut = np.setdiff1d(np.arange(len(piece.faces)), at_edge)
    order = np.concatenate([shut[hilbert_order(piece.inner[shut])], at_edge])
    place = np.empty(len(order) + 1, dtype=np.int64)
    place[order], place[-1] = np.arange(len(order)), -1
    pairs = np.column_stack([place[piece.pairs[:, 0]], piece.pairs[:, 1]])
    pairs = pairs[np.lexsort(pairs.T[::-1])]
    crosses = on_cut(tips(piece.arcs), tiles).reshape(2, -1).any(axis=0)
    lines = np.concatenate([np.flatnonzero(~crosses), np.flatnonzero(crosses)])
    return {
        **pack("shut", piece.faces[order[: len(shut)]], POLYGONS),
        **pack("edge", piece.faces[at_edge], POLYGONS),
        "counts": np.array([len(shut), len(at_edge), int((~crosses).sum()), int(crosses.sum())]),
        "inner": piece.inner[order],
        "areas": piece.areas[order],
        "words": piece.words[order],
        "pairs": pairs,
        **pack("line", piece.arcs[~crosses], LINES),
        **pack("crossing", piece.arcs[crosses], LINES),
        "left": place[piece.left[lines]],
        "right": place[piece.right[lines]],
        "lengths": piece.lengths[lines],
        "seams": piece.seams[lines],
        "cuts": piece.cuts,
        "beside": place[piece.beside],
        "tested": np.array([piece.tested, piece.unsettled]),
    }


# --- across the cuts


def group(folder: Path, _number: int) -> None:
    """Find which faces at the edges of tiles are one, from both sides of every stretch of cut."""
    cuts, face, words = [], [], []
    counts: list[list[int]] = []
    for number in range(len(tiles_of(folder))):
        with read_arrays(path_of(folder, "tiles", number)) as arrays:
            row = arrays["counts"][:3].tolist()
            before = sum(at_edge for _, at_edge, _ in counts)
            cuts.append(arrays["cuts"])
            face.append(arrays["beside"] - row[0] + before)
            words.append(arrays["words"][arrays["beside"]])
            counts.append(row)
    table = np.array(counts, dtype=np.int64)
    found = group_faces(
        np.concatenate(cuts), np.concatenate(face), np.concatenate(words), int(table[:, 1].sum())
    )
    write_arrays(path_of(folder, "groups", 0), {"counts": table, "group": found})


class TileGroups(NamedTuple):
    """How the faces of all tiles are counted together: first those within tiles, then the groups.

    ``counts`` (n, 3) are the faces within each tile and at its edges, and the lines within; ``group`` the
    group of each face at an edge, tile by tile.
    """

    counts: Ints
    group: Ints

    @property
    def shut(self) -> int:
        """How many faces lie within tiles."""
        return int(self.counts[:, 0].sum())

    @property
    def groups(self) -> int:
        """How many faces are made of those at edges."""
        return int(self.group.max(initial=-1)) + 1

    def faces(self, number: int) -> Ints:
        """Return the number among all of each face of a tile, and at last -1, for what is none."""
        before, (shut, at_edge, _) = self.counts[:number].sum(axis=0), self.counts[number]
        joined = self.group[before[1] : before[1] + at_edge] + self.shut
        return np.concatenate([before[0] + np.arange(shut), joined, [-1]])


def tile_groups(folder: Path) -> TileGroups:
    """Return what :func:`group` found."""
    with read_arrays(path_of(folder, "groups", 0)) as arrays:
        return TileGroups(arrays["counts"], arrays["group"])


def batches(found: TileGroups) -> int:
    """Return how many tasks make faces whole."""
    return -(-found.groups // GROUPS_AT_ONCE)


def join(folder: Path, number: int) -> None:
    """Make the faces whole of which the cuts made several, so many groups at a time."""
    found, tiles = tile_groups(folder), tiles_of(folder)
    low, high = number * GROUPS_AT_ONCE, (number + 1) * GROUPS_AT_ONCE
    first = np.append(0, np.cumsum(found.counts[:, 1]))
    faces, groups, pairs = [], [], {}
    for one in range(len(tiles)):
        of = found.group[first[one] : first[one + 1]]
        mine = np.flatnonzero((of >= low) & (of < high))
        if len(mine):
            with read_arrays(path_of(folder, "tiles", one)) as arrays:
                faces.append(unpack("edge", arrays, POLYGONS)[mine])
                pairs.update(_members(arrays["pairs"], found.counts[one, 0] + mine, of[mine] - low))
            groups.append(of[mine] - low)
    group = np.concatenate(groups)
    order = np.argsort(group, kind="stable")
    joined = join_faces(np.concatenate(faces)[order], group[order], tiles)
    write_arrays(
        path_of(folder, "joined", number),
        {
            **pack("shut", joined, POLYGONS),
            "inner": shapely.get_coordinates(shapely.point_on_surface(joined)),
            "areas": polygon_areas(joined),
            "pairs": np.concatenate([pairs[key] for key in range(len(joined))]),
        },
    )


def _members(pairs: Ints, faces: Ints, groups: Ints) -> dict[int, Ints]:
    """Return the pairs of some faces of a tile by the group they belong to."""
    begin, end = (np.searchsorted(pairs[:, 0], faces, side=side) for side in ("left", "right"))
    rows = zip(groups.tolist(), begin.tolist(), end.tolist(), strict=True)
    return {g: np.column_stack([np.full(b - a, g), pairs[a:b, 1]]) for g, a, b in rows}


def lines_across(folder: Path, _number: int) -> None:
    """Make the lines whole that cross cuts."""
    found, tiles = tile_groups(folder), tiles_of(folder)
    parts = []
    for number in range(len(tiles)):
        with read_arrays(path_of(folder, "tiles", number)) as arrays:
            start, ids = int(arrays["counts"][2]), found.faces(number)
            columns = (ids[arrays[side][start:]] for side in ("left", "right"))
            rows = (
                unpack("crossing", arrays, LINES),
                *columns,
                arrays["lengths"][start:],
                arrays["seams"][start:],
            )
            parts.append(Lines(*rows))
    all_parts = Lines(*(np.concatenate(column) for column in zip(*parts, strict=True)))
    joined = join_lines(all_parts, partial(on_cut, tiles=tiles))
    write_arrays(
        path_of(folder, "lines", 0),
        {
            **pack("line", joined.lines, LINES),
            "left": joined.left,
            "right": joined.right,
            "lengths": joined.lengths,
            "seams": joined.seams,
        },
    )
