"""Polygons held in memory to a partition, by whichever engine."""

import hashlib
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import shapely

from marchland import __version__
from marchland.engine.local import Overlay, Progress, overlay_polygons
from marchland.engine.store import Geometries
from marchland.engine.who import Engine

__all__ = ["overlay"]


def overlay(
    polygons: Geometries,
    engine: Engine,
    *,
    work: Path | None = None,
    progress: Progress | None = None,
) -> Overlay:
    """Cut the plane up as :func:`marchland.engine.overlay_polygons` does, by an engine.

    Parameters
    ----------
    polygons
        Valid polygons or multipolygons, lon/lat in degrees, cut at ±180°.
    engine
        Who does it; serially it is not cut into tiles.
    work
        Folder in which there is one for the files that tasks pass, named by a hash of the polygons: a build
        that was killed goes on with what is there. It is removed at the end. None takes a temporary one.
    progress
        Called as the work goes on.

    Raises
    ------
    DataError
        As :func:`marchland.engine.overlay_polygons`; or a task failed.
    UsageError
        The engine is not installed, or its scheduler does not answer.
    """
    name = engine.chosen(int(shapely.get_num_coordinates(polygons).sum()))
    if name == "serial":
        return overlay_polygons(polygons, progress=progress)
    from marchland.engine import tiled

    tell = progress or (lambda _what, _share: None)
    with _folder(work and work / _digest(polygons)) as folder:
        tell("writing polygons", 0.05)
        tiled.write_parts(folder, polygons)
        with tiled.runner(name, engine.hands, engine.scheduler) as runner:
            tiled.build_tiles(tiled.Run(folder, runner, tell))
        return tiled.gather(folder)


def _digest(polygons: Geometries) -> str:
    digest = hashlib.sha256(f"{__version__} {shapely.geos_version_string}".encode())
    for array in (shapely.get_coordinates(polygons), shapely.get_num_coordinates(polygons)):
        digest.update(np.ascontiguousarray(array).tobytes())
    return digest.hexdigest()


@contextmanager
def _folder(work: Path | None) -> Iterator[Path]:
    """Give a folder for the files of a build; one that was named stays when the build fails."""
    if work is None:
        with tempfile.TemporaryDirectory(prefix="marchland-") as name:
            yield Path(name)
        return
    work.mkdir(parents=True, exist_ok=True)
    yield work
    shutil.rmtree(work)
