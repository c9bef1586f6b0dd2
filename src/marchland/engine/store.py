"""Arrays and geometries in files that are whole or not there."""

import io
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from marchland.files import write_atomic

__all__ = ["Arrays", "Geometries", "is_whole", "pack", "read_arrays", "unpack", "write_arrays"]

Geometries = NDArray[np.object_]
Arrays = dict[str, NDArray[Any]]

LINES, POLYGONS = shapely.GeometryType.LINESTRING, shapely.GeometryType.POLYGON


def pack(name: str, geometries: Geometries, kind: shapely.GeometryType) -> Arrays:
    """Return geometries of one kind as arrays: coordinates and offsets."""
    if not len(geometries):
        return {f"{name}_coords": np.zeros((0, 2))}
    found, coords, offsets = shapely.to_ragged_array(geometries)
    if found != kind:
        msg = f"{found.name} where {kind.name} belongs"
        raise TypeError(msg)
    return {f"{name}_coords": coords, **{f"{name}_offsets_{k}": rows for k, rows in enumerate(offsets)}}


def unpack(name: str, arrays: Any, kind: shapely.GeometryType) -> Geometries:  # noqa: ANN401 - a mapping
    """Return the geometries that :func:`pack` took apart."""
    if not len(arrays[f"{name}_coords"]):
        return np.zeros(0, dtype=object)
    levels = 2 if kind == POLYGONS else 1
    offsets = tuple(arrays[f"{name}_offsets_{k}"] for k in range(levels))
    out: Geometries = shapely.from_ragged_array(kind, arrays[f"{name}_coords"], offsets)
    return out


def write_arrays(path: Path, arrays: Arrays) -> None:
    """Write arrays to a file, all of it or nothing."""
    stream = io.BytesIO()
    np.savez(stream, **arrays)  # type: ignore[arg-type] # its stubs take any array for a flag
    write_atomic(path, stream.getvalue())


def read_arrays(path: Path) -> Any:  # noqa: ANN401 - numpy's reader of one array at a time
    """Return a mapping that reads an array of the file when it is asked for."""
    return np.load(path, allow_pickle=False)


def is_whole(path: Path) -> bool:
    """Whether a file is there and its checksums are right; Parquet has a mark at its end."""
    try:
        if path.suffix == ".parquet":
            with path.open("rb") as stream:
                return stream.seek(-4, 2) > 0 and stream.read() == b"PAR1"
        with zipfile.ZipFile(path) as archive:
            return archive.testzip() is None
    except (OSError, zipfile.BadZipFile):
        return False
