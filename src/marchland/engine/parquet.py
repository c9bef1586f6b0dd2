"""Polygons in folders of GeoParquet files, read no further than they are asked for.

Each file has the bounds of every row in a column ``bbox``, as GeoParquet 1.1 has it, and its rows lie in
order along a Hilbert curve in small groups: whoever asks for a tile reads the groups that reach into it.
"""

import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from marchland.engine.tiles import hilbert_order
from marchland.errors import UsageError
from marchland.files import write_atomic

__all__ = [
    "count_rows",
    "drop_rows",
    "read_boxes",
    "read_polygons",
    "write_parts",
    "write_plain",
    "write_table",
]

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Geometries = NDArray[np.object_]
Bounds = tuple[float, float, float, float]

FILE_VERTICES = 200_000
"""About how many vertices are put in one file."""

_ROWS = 1000  # of a row group
_TYPES = {1: "LineString", 3: "Polygon", 6: "MultiPolygon"}
_SIDES = ("xmin", "ymin", "xmax", "ymax")


def _arrow() -> tuple[Any, Any, Any]:
    try:
        import pyarrow
        from pyarrow import dataset, parquet
    except ModuleNotFoundError as error:
        msg = (
            "building in several processes needs pyarrow, which is not installed; install marchland[parquet]"
        )
        raise UsageError(msg) from error
    return pyarrow, parquet, dataset


def write_table(path: Path, geometries: Geometries, columns: dict[str, Any]) -> None:
    """Write geometries (lon/lat, WGS 84) with columns as one GeoParquet file, all of it or nothing."""
    arrow, parquet, _ = _arrow()
    bounds = shapely.bounds(geometries).reshape(-1, 4)
    box = arrow.StructArray.from_arrays([arrow.array(side) for side in bounds.T], names=list(_SIDES))
    names = sorted({_TYPES[one] for one in shapely.get_type_id(geometries).tolist()})
    geo = {
        "version": "1.1.0",
        "primary_column": "geometry",
        "columns": {
            "geometry": {
                "encoding": "WKB",
                "geometry_types": names,
                "covering": {"bbox": {side: ["bbox", side] for side in _SIDES}},
            }
        },
    }
    table = arrow.table(
        {**columns, "geometry": arrow.array(shapely.to_wkb(geometries).tolist(), arrow.binary()), "bbox": box}
    ).replace_schema_metadata({"geo": json.dumps(geo)})
    stream = io.BytesIO()
    parquet.write_table(table, stream, row_group_size=_ROWS, compression="zstd")
    write_atomic(path, stream.getvalue())


def write_parts(path: Path, polygons: Geometries, numbers: Ints) -> None:
    """Write polygons with their numbers, each polygon of a multipolygon a row, near ones together."""
    parts, of = shapely.get_parts(polygons, return_index=True)
    boxes = shapely.bounds(parts).reshape(-1, 4)
    order = hilbert_order((boxes[:, :2] + boxes[:, 2:]) / 2)
    vertices = shapely.get_num_coordinates(parts)[order]
    write_table(path, parts[order], {"number": numbers[of[order]], "vertices": vertices})


def write_plain(path: Path, columns: Any) -> None:  # noqa: ANN401 - a table of pyarrow, or its columns
    """Write columns without geometry as one Parquet file, all of it or nothing."""
    arrow, parquet, _ = _arrow()
    stream = io.BytesIO()
    parquet.write_table(arrow.table(columns), stream, compression="zstd")
    write_atomic(path, stream.getvalue())


def drop_rows(path: Path, column: str, values: Ints) -> None:
    """Write a file without geometry anew without the rows that have one of some values in a column."""
    _, parquet, _ = _arrow()
    table = parquet.read_table(path)
    write_plain(path, table.filter(~np.isin(table.column(column).to_numpy(), values)))


def count_rows(path: Path) -> int:
    """Return the rows of a Parquet file."""
    _, parquet, _ = _arrow()
    return int(parquet.read_metadata(path).num_rows)


def read_numbers(path: Path) -> Ints:
    """Return the numbers of the polygons in a file."""
    _, parquet, _ = _arrow()
    numbers: Ints = parquet.read_table(path, columns=["number"]).column("number").to_numpy()
    return numbers


def read_boxes(folder: Path) -> tuple[Floats, Floats, Ints]:
    """Return (m, 4) bounds of the files of a folder of parts, (n, 4) of its polygons, (n,) their vertices."""
    _, parquet, _ = _arrow()
    boxes, vertices = [], []
    for file in sorted(folder.glob("*.parquet")):
        table = parquet.read_table(file, columns=["bbox", "vertices"])
        box = table.column("bbox").combine_chunks()
        boxes.append(np.column_stack([box.field(side).to_numpy(zero_copy_only=False) for side in _SIDES]))
        vertices.append(table.column("vertices").to_numpy())
    files = [np.append(box[:, :2].min(axis=0), box[:, 2:].max(axis=0)) for box in boxes]
    return np.array(files), np.concatenate(boxes), np.concatenate(vertices)


def read_polygons(
    folder: Path, bounds: Bounds, files: Floats, *, beyond: Bounds | None = None
) -> tuple[Geometries, Ints]:
    """Return the polygons of a folder of parts that reach into some bounds, and their numbers.

    ``files`` are the bounds of its files, as :func:`read_boxes` gives them; what reaches into the bounds
    ``beyond`` is left out.
    """
    _, _, dataset = _arrow()
    west, south, east, north = bounds
    reach = (files < [east, north, np.inf, np.inf]) & (files > [-np.inf, -np.inf, west, south])
    near = np.all(reach, axis=1).tolist()
    paths = [path for path, wanted in zip(sorted(folder.glob("*.parquet")), near, strict=True) if wanted]
    if not paths:
        return np.zeros(0, dtype=object), np.zeros(0, dtype=np.int64)
    wanted = _reaches(dataset, bounds)
    if beyond is not None:
        wanted &= ~_reaches(dataset, beyond)
    table = dataset.dataset(paths, format="parquet").to_table(columns=["number", "geometry"], filter=wanted)
    polygons = shapely.from_wkb(table.column("geometry").to_numpy())
    return np.asarray(polygons, dtype=object), table.column("number").to_numpy()


def _reaches(dataset: Any, bounds: Bounds) -> Any:  # noqa: ANN401 - pyarrow's module, and its expression
    """Rows whose polygon reaches into some bounds."""
    west, south, east, north = bounds
    return (
        (dataset.field("bbox", "xmin") < east)
        & (dataset.field("bbox", "xmax") > west)
        & (dataset.field("bbox", "ymin") < north)
        & (dataset.field("bbox", "ymax") > south)
    )
