"""Print what builds of growing size take, and whether every engine gives the same.

``--sizes 1 10 100`` are multiples of the historical counties of the United States (`generated`); ``--data``
is CShapes 2.0; ``--kill`` ends builds and workers in the middle and runs them again.
"""

import argparse
import hashlib
import math
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

import boundaries
import generated
import numpy as np
import shapely

from marchland.datasets.partitioned import build_folder
from marchland.datasets.versions import Recipe
from marchland.engine import Engine, overlay, overlay_polygons, tiled

RECIPE = Recipe(holder="holder", unit="unit", start="start", end="end")
KILLED = ((0.1, "reading polygons"), (0.5, "cutting up tiles"), (0.92, "writing faces"))


def same(polygons: Any, name: str, most: int) -> None:
    """Compare the engines with the partition made at once: histories, and areas of each history."""
    tiled.build_tiles.__defaults__ = (most, (0.05, 0.9))
    whole = histories(overlay_polygons(polygons))
    for engine in ("processes", "dask"):
        found = histories(overlay(polygons, Engine(engine, 2)))
        apart = (
            max(abs(found[key] - whole[key]) for key in whole) * 1e6 if found.keys() == whole.keys() else -1
        )
        print(
            f"{name}, {engine}: {len(whole)} histories, {'the same' if apart >= 0 else 'others'};"
            f" areas at most {apart:.4f} m² apart",
            flush=True,
        )


def histories(found: Any) -> dict[tuple[int, ...], float]:
    """Area of each set of polygons that some face lies in, km²."""
    areas: dict[tuple[int, ...], list[float]] = {}
    for members, area in zip(found.members, found.areas.tolist(), strict=True):
        areas.setdefault(members, []).append(area)
    return {members: math.fsum(several) for members, several in areas.items()}


def measure(source: Path, size: float, engine: str, workers: int) -> None:
    """Build one size and print what each stage took."""
    target = source.parent / "out"
    shutil.rmtree(target, ignore_errors=True)
    start = time.perf_counter()
    built = build_folder(source, target, RECIPE, Engine(engine, workers))
    wall = time.perf_counter() - start
    cpu = sum(stage.cpu_seconds for stage in built.stages)
    print(f"size {size:g}, {engine}, {workers} workers: {wall:.1f} s, {cpu:.1f} s of processors,", end=" ")
    print(f"{built.versions:,} versions, {built.faces:,} faces, load {os.getloadavg()[0]:.1f}")
    for stage in built.stages:
        print(
            f"    {stage.name:14} {stage.tasks:5} tasks {stage.seconds:8.2f} s {stage.cpu_seconds:8.2f} s of"
            f" processors, at most {stage.peak_mb:4.0f} MB",
            flush=True,
        )


def kill(source: Path) -> None:
    """End a build, and then workers, with SIGKILL; the run after it must give the same bytes."""
    wanted = None
    for share, what in ((0.0, ""), *KILLED):
        target = source.parent / "killed"
        shutil.rmtree(target, ignore_errors=True)
        if share:
            command = [sys.executable, __file__, "--build", str(source), str(target), "--until", str(share)]
            with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
                assert process.stdout is not None
                process.stdout.readline()
                process.send_signal(signal.SIGKILL)
            assert not target.exists()
        stages = build_folder(source, target, RECIPE, Engine("processes", 2)).stages
        digest = content(target)
        wanted = wanted or digest
        found = sum(stage.found for stage in stages)
        print(
            f"killed in {what or 'no stage'}: {found} tasks found done, the same: {digest == wanted}",
            flush=True,
        )
    shutil.rmtree(target)
    left = [2]

    def shoot(_what: str, share: float) -> None:
        if left[0] and share > 0.3:
            left[0] -= 1
            children = Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
            os.kill(int(children[0]), signal.SIGKILL)

    build_folder(source, target, RECIPE, Engine("processes", 2), progress=shoot)
    print(f"workers killed: {2 - left[0]}, the same: {content(target) == wanted}", flush=True)


def content(folder: Path) -> str:
    digest = hashlib.sha256()
    for file in sorted(folder.rglob("*.*")):
        digest.update(file.relative_to(folder).as_posix().encode() + file.read_bytes())
    return digest.hexdigest()


def build_until(source: str, target: str, until: float) -> None:
    """Build up to a share, say so, and wait to be killed."""

    def wait(_what: str, share: float) -> None:
        if share >= until:
            print("there", flush=True)
            time.sleep(60)

    build_folder(Path(source), Path(target), RECIPE, Engine("processes", 2), progress=wait)


def main() -> None:
    parser = argparse.ArgumentParser(description="Build growing sets with every engine.")
    parser.add_argument("--sizes", type=float, nargs="*", default=[])
    parser.add_argument("--workers", type=int, nargs="*", default=[1, 2])
    parser.add_argument("--engine", default="processes")
    parser.add_argument("--data", help="CShapes 2.0, as TopoJSON (also .xz)")
    parser.add_argument("--same", action="store_true", help="compare the engines with each other")
    parser.add_argument("--kill", action="store_true", help="end builds in the middle and go on")
    parser.add_argument("--build", nargs=2, help=argparse.SUPPRESS)
    parser.add_argument("--until", type=float, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.build:
        build_until(*options.build, options.until)
        return
    if options.same:
        same(np.asarray(generated.counties(1).geometry.to_numpy(), dtype=object), "made-up counties", 300_000)
    if options.same and options.data:
        polygons = boundaries.read(options.data).geometry.to_numpy()
        areal = shapely.get_type_id(polygons) != 7
        same(np.asarray(polygons[areal], dtype=object), "CShapes", 400_000)
    with tempfile.TemporaryDirectory(prefix="marchland-bench-") as folder:
        for size in options.sizes:
            source = Path(folder) / f"{size:g}" / "in"
            generated.write(source, size)
            for workers in options.workers:
                measure(source, size, options.engine, workers)
            shutil.rmtree(source.parent)
        if options.kill:
            generated.write(Path(folder) / "in", 1)
            kill(Path(folder) / "in")


if __name__ == "__main__":
    main()
