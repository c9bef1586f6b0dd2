"""A partition built in tiles by several workers, through files.

The stages follow each other: polygons to parts, a plan, the tiles, the cuts between them, the faces and
lines across cuts. Within a stage the tasks know nothing of each other. What a stage has written stays until
the whole is done, so a build that was killed goes on where it was.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import shapely
from numpy.typing import NDArray

from marchland.engine import parquet, work
from marchland.engine.join import MisfitError
from marchland.engine.local import Overlay, Piece, overlay_of
from marchland.engine.store import LINES, POLYGONS, is_whole, read_arrays, unpack
from marchland.errors import UsageError

__all__ = ["MOST", "Run", "Stage", "build_tiles", "gather", "runner", "write_parts"]

Geometries = NDArray[np.object_]
Progress = Callable[[str, float], None]

MOST = 500_000
"""Vertices of a tile: a task then takes about 300 MB, and there are enough of them to share out."""

_PART_VERTICES = 1_000_000


class Runner(Protocol):
    """Whoever runs tasks; ``dashboard`` is a page that shows how, if there is one."""

    workers: int
    dashboard: str

    def run(self, tasks: Sequence[work.Task]) -> Iterator[work.Report]:
        """Run tasks, each report as it comes."""


class Here:
    """Tasks run one after another in this process."""

    workers = 1
    dashboard = ""

    def run(self, tasks: Sequence[work.Task]) -> Iterator[work.Report]:
        """Run tasks, each report as it comes."""
        for task in tasks:
            yield work.perform(task)


def runner(engine: str, workers: int, scheduler: str | None = None) -> AbstractContextManager[Runner]:
    """Return what runs tasks.

    Raises :class:`UsageError` for an engine that there is not, or that is not installed.
    """
    if engine == "serial":
        return nullcontext(Here())
    if engine == "processes":
        from marchland.engine.pool import Pool

        return Pool(workers)
    if engine == "dask":
        from marchland.engine.dask import Cluster

        return Cluster(workers, scheduler)
    msg = f"no engine {engine!r}"
    raise UsageError(msg)


@dataclass
class Stage:
    """What a stage took: tasks run and those found done, seconds on the clock and of processors, peak MB."""

    name: str
    tasks: int = 0
    found: int = 0
    seconds: float = 0.0
    cpu_seconds: float = 0.0
    peak_mb: float = 0.0


@dataclass
class Run:
    """A build under way in a folder."""

    folder: Path
    runner: Runner
    progress: Progress
    stages: list[Stage] = field(default_factory=list)

    def stage(self, name: str, numbers: range, share: tuple[float, float], function: str = "") -> None:
        """Run a stage's tasks that are not done yet, and say how far it is, from a share to a share."""
        function = function or f"marchland.engine.work:{name}"
        paths = [work.path_of(self.folder, _FOLDERS.get(name, name), number) for number in numbers]
        for path in paths[:1]:
            path.parent.mkdir(parents=True, exist_ok=True)
        todo = [n for n, path in zip(numbers, paths, strict=True) if not is_whole(path)]
        stage = Stage(name, tasks=len(todo), found=len(paths) - len(todo))
        self.stages.append(stage)
        start = time.perf_counter()
        tasks = [work.Task(function, str(self.folder), number) for number in todo]
        done = stage.found
        self.progress(_WORDS.get(name, name), share[0])
        hands = self.runner if len(tasks) > 1 else Here()  # one task is sooner done than handed on
        for report in hands.run(tasks):
            done += 1
            stage.cpu_seconds += report.cpu_seconds
            stage.peak_mb = max(stage.peak_mb, report.peak_mb)
            part = share[0] + (share[1] - share[0]) * done / len(paths)
            self.progress(f"{_WORDS.get(name, name)}, {done} of {len(paths)}", part)
        stage.seconds = time.perf_counter() - start


_FOLDERS = {
    "prepare": "parts",
    "tile": "tiles",
    "group": "groups",
    "join": "joined",
    "lines_across": "lines",
    "write_tile": "result",
}
_WORDS = {
    "prepare": "reading polygons",
    "write_tile": "writing faces",
    "tile": "cutting up tiles",
    "group": "matching tiles",
    "join": "joining faces",
    "lines_across": "joining lines",
}


def write_parts(folder: Path, polygons: Geometries) -> None:
    """Write polygons as the parts of a build, some files of them."""
    numbers = np.arange(len(polygons))
    file = np.cumsum(shapely.get_num_coordinates(polygons)) // _PART_VERTICES
    (folder / "parts").mkdir(parents=True, exist_ok=True)
    for one in np.unique(file).tolist():
        parquet.write_parts(
            folder / "parts" / f"{one:05d}.parquet", polygons[file == one], numbers[file == one]
        )


def build_tiles(run: Run, most: int = MOST, shares: tuple[float, float] = (0.05, 0.9)) -> None:
    """Build the partition of the parts in a run's folder, up to the faces and lines across cuts."""
    low, span = shares[0], shares[1] - shares[0]
    if not is_whole(work.path_of(run.folder, "plan", 0)):
        run.progress("planning tiles", low)
        work.plan(run.folder, most)
    tiles, middle = range(len(work.tiles_of(run.folder))), low + 0.8 * span
    run.stage("tile", tiles, (low, middle))
    try:
        run.stage("group", range(1), (middle, low + 0.85 * span))
    except MisfitError:
        if not work.merge_at_cuts(run.folder):
            raise
        run.stage("tile", tiles, (low, middle))
        run.stage("group", range(1), (middle, low + 0.85 * span))
    run.stage(
        "join", range(work.batches(work.tile_groups(run.folder))), (low + 0.85 * span, low + 0.95 * span)
    )
    run.stage("lines_across", range(1), (low + 0.95 * span, shares[1]))


def gather(folder: Path) -> Overlay:
    """Return the whole partition that was built in a folder."""
    found = work.tile_groups(folder)
    columns: dict[str, list[Any]] = {name: [] for name in Piece._fields}
    for number in range(len(found.counts)):
        with read_arrays(work.path_of(folder, "tiles", number)) as arrays:
            _add_tile(columns, arrays, found.faces(number))
    before = found.shut
    for number in range(work.batches(found)):
        with read_arrays(work.path_of(folder, "joined", number)) as arrays:
            columns["faces"].append(unpack("shut", arrays, POLYGONS))
            columns["inner"].append(arrays["inner"])
            columns["areas"].append(arrays["areas"])
            columns["pairs"].append(arrays["pairs"] + [before, 0])
            before += len(arrays["areas"])
    with read_arrays(work.path_of(folder, "lines", 0)) as arrays:
        columns["arcs"].append(unpack("line", arrays, LINES))
        for name in ("left", "right", "lengths", "seams"):
            columns[name].append(arrays[name])
    return overlay_of(_in_order(columns))


def _add_tile(columns: dict[str, list[Any]], arrays: Any, ids: NDArray[np.int64]) -> None:  # noqa: ANN401
    """Add what lies within a tile; ``ids`` are the numbers of its faces among all."""
    shut, _, whole, _ = arrays["counts"].tolist()
    pairs = arrays["pairs"][arrays["pairs"][:, 0] < shut]
    columns["faces"].append(unpack("shut", arrays, POLYGONS))
    columns["inner"].append(arrays["inner"][:shut])
    columns["areas"].append(arrays["areas"][:shut])
    columns["pairs"].append(np.column_stack([ids[pairs[:, 0]], pairs[:, 1]]))
    columns["arcs"].append(unpack("line", arrays, LINES))
    for name in ("left", "right"):
        columns[name].append(ids[arrays[name][:whole]])
    for name in ("lengths", "seams"):
        columns[name].append(arrays[name][:whole])
    columns["tested"].append(arrays["tested"])


def _in_order(columns: dict[str, list[Any]]) -> Piece:
    """Return the columns joined, in the order that :func:`marchland.engine.local.cut_up` gives."""
    joined = {name: np.concatenate(parts) for name, parts in columns.items() if parts}
    order = np.lexsort(joined["inner"].T[::-1])
    place = np.empty(len(order) + 1, dtype=np.int64)
    place[order], place[-1] = np.arange(len(order)), -1
    pairs = np.column_stack([place[joined["pairs"][:, 0]], joined["pairs"][:, 1]])
    lines = np.lexsort(shapely.bounds(joined["arcs"]).T[::-1])
    tested, unsettled = np.sum(columns["tested"], axis=0).tolist()
    return Piece(
        faces=joined["faces"][order],
        inner=joined["inner"][order],
        areas=joined["areas"][order],
        words=np.zeros(0, dtype=np.uint64),
        pairs=pairs[np.lexsort(pairs.T[::-1])],
        arcs=joined["arcs"][lines],
        left=place[joined["left"][lines]],
        right=place[joined["right"][lines]],
        lengths=joined["lengths"][lines],
        seams=joined["seams"][lines],
        cuts=np.zeros((0, 4)),
        beside=np.zeros(0, dtype=np.int64),
        tested=tested,
        unsettled=unsettled,
    )
