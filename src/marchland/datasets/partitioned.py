"""Boundaries in a folder of GeoParquet files to their partition in one, without ever holding all of them.

The folder that is written has ``faces`` and ``arcs`` (see :mod:`marchland.engine.result`), ``versions``,
which says of each number who held that polygon from when to when, ``issues.jsonl``, a line for each thing
that was put right, assumed or left out, and ``build.json``, from what it was made.
"""

import hashlib
import json
import shutil
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from marchland import __version__
from marchland.datasets.findings import SAID, find_duplicates, note, row_keys, write_issues
from marchland.datasets.repairs import clean, in_wgs84
from marchland.datasets.versions import Recipe, read_versions
from marchland.engine import Engine, parquet, work
from marchland.engine.result import result_tasks
from marchland.engine.store import write_arrays
from marchland.engine.tiled import MOST, Run, Stage, build_tiles, runner
from marchland.errors import DataError, OutputError, UsageError
from marchland.files import write_atomic

__all__ = ["Built", "build_folder", "prepare"]

Progress = Callable[[str, float], None]

_HOW = "how.json"


@dataclass(frozen=True)
class Built:
    """What became of a build: where it is, how much there is of it, and what each stage took."""

    folder: Path
    versions: int
    faces: int
    issues: int
    stages: tuple[Stage, ...]


def build_folder(
    source: Path,
    target: Path,
    recipe: Recipe,
    engine: Engine,
    *,
    most: int = MOST,
    progress: Progress | None = None,
    talk: Callable[[str], None] | None = None,
) -> Built:
    """Cut up the boundaries in a folder of GeoParquet files and write the partition as another one.

    Parameters
    ----------
    source
        GeoParquet files, or one such file, with the columns that the recipe names; rows near each other on
        the ground are best near each other in the files.
    target
        Folder to write; it must not be there. It takes its name only when it is whole. Until then work is
        kept beside it in ``.NAME.work-…``, and a build that was killed goes on from there.
    recipe
        Which column says what. Slivers are not merged, and positions have no error.
    engine
        Who does the work; serially one tile is done after the other.
    most
        Vertices of a tile: a task takes some 600 bytes for each.
    progress
        Called as the work goes on.
    talk
        Called with what is worth a line of its own: where Dask shows its work.

    Raises
    ------
    DataError
        There is no such file, a column is missing, or what a file holds cannot be put right.
    OutputError
        The target is there already, or its folder is not.
    UsageError
        The engine is not installed, its scheduler does not answer, or the recipe asks for what is not done.
    """
    if recipe.sliver_km or recipe.sigma_km:
        msg = "a build of files merges no slivers and states no errors; use from_versions, which does"
        raise UsageError(msg)
    files = _files(source)
    if target.exists() or not target.parent.is_dir():
        what = "is there already; name another" if target.exists() else "has no folder to be in; create it"
        msg = f"{target} {what}"
        raise OutputError(msg)
    how = {"files": [str(file) for file in files], "recipe": asdict(recipe), "most": most}
    content = _content(files, how)
    folder = target.resolve().parent / f".{target.name}.work-{content[:16]}"
    (folder / "keys").mkdir(parents=True, exist_ok=True)
    rows = np.cumsum([0, *(parquet.count_rows(file) for file in files)]).tolist()
    write_atomic(folder / _HOW, json.dumps({**how, "first": rows}))
    with runner(engine.name or "processes", engine.hands, engine.scheduler) as hands:
        if talk and hands.dashboard:
            talk(f"Dask shows its work at {hands.dashboard}")
        run = Run(folder, hands, progress or (lambda _what, _share: None))
        run.stage("prepare", range(len(files)), (0.0, 0.25), "marchland.datasets.partitioned:prepare")
        find_duplicates(folder, len(files))
        build_tiles(run, most, (0.25, 0.9))
        run.stage("write_tile", range(result_tasks(folder)), (0.9, 1.0), "marchland.engine.result:write_tile")
    issues = write_issues(folder, files, rows)
    versions, faces = _described(folder, recipe, content)
    (folder / "result").replace(target)
    shutil.rmtree(folder)
    return Built(target, versions, faces, issues, tuple(run.stages))


def _files(source: Path) -> list[Path]:
    found = [source] if source.is_file() else sorted(source.glob("*.parquet"))
    if not found:
        msg = f"{source} holds no .parquet files; write the boundaries as GeoParquet, with GeoPandas or GDAL"
        raise DataError(msg)
    return [file.resolve() for file in found]


def _content(files: list[Path], how: dict[str, Any]) -> str:
    digest = hashlib.sha256(
        json.dumps([how, __version__, shapely.geos_version_string], sort_keys=True).encode()
    )
    for file in files:
        with file.open("rb") as stream:
            digest.update(hashlib.file_digest(stream, "sha256").digest())
    return digest.hexdigest()


def prepare(folder: Path, number: int) -> None:
    """Read a file, put its polygons right, and write them as parts of the build, and what its rows say."""
    import geopandas

    how = json.loads((folder / _HOW).read_text(encoding="utf-8"))
    recipe, files = Recipe(**how["recipe"]), [Path(name) for name in how["files"]]
    frame, issues = in_wgs84(geopandas.read_parquet(files[number]))
    rows, versions, found = read_versions(frame, recipe)
    polygons, repairs = clean(
        np.asarray(frame.geometry.to_numpy(), dtype=object)[rows], [v.id for v in versions]
    )
    note(folder, number, [*issues, *found, *repairs])
    kept = [i for i, polygon in enumerate(polygons) if polygon is not None]
    polygons, versions = polygons[kept], [versions[i] for i in kept]
    numbers = how["first"][number] + np.asarray(rows, dtype=np.int64)[kept]
    columns = {
        "number": numbers,
        **{name: [getattr(version, name) for version in versions] for name in SAID},
    }
    keys = {"number": numbers, "key": row_keys(versions, polygons)}
    write_arrays(work.path_of(folder, "keys", number), keys)
    parquet.write_plain(work.result_path(folder, "versions", number), columns)
    parquet.write_parts(work.path_of(folder, "parts", number), polygons, numbers)


def _described(folder: Path, recipe: Recipe, content: str) -> tuple[int, int]:
    """Write what was made from what, and return how many versions and faces there are."""
    found = work.tile_groups(folder)
    faces = found.shut + found.groups
    versions = sum(parquet.count_rows(file) for file in sorted((folder / "result/versions").iterdir()))
    about = {
        "hash": f"sha256:{content}",
        "recipe": asdict(recipe),
        "crs": "OGC:CRS84",
        "versions": versions,
        "faces": faces,
    }
    write_atomic(folder / "result" / "build.json", json.dumps(about, indent=2, ensure_ascii=False) + "\n")
    return versions, faces
