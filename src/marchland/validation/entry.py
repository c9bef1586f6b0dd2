"""One verb for whatever is to be looked at."""

import hashlib
import io
import lzma
from pathlib import Path
from typing import TYPE_CHECKING, Any

from marchland.composite import SpaceTimeComposite
from marchland.errors import DataError, NotFoundError
from marchland.validation.frame import Columns, file_stamp, validate_frame
from marchland.validation.integrity import validate_composite
from marchland.validation.report import Report

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

MANIFEST = "datapackage.json"


def validate(
    subject: "SpaceTimeComposite | GeoDataFrame | str | Path",
    *,
    holder: str | None = None,
    unit: str | None = None,
    start: str | None = None,
    end: str | None = None,
    end_rule: str | None = None,
) -> Report:
    """Return what is wrong, doubtful or worth knowing in a composite, a table of polygons, or a file.

    Parameters
    ----------
    subject
        A composite; a GeoDataFrame; or a path: the folder of a dataset, or a file that GDAL reads, also
        packed as ``.xz`` or ``.zip``. A bare name is that of a built-in dataset where no such file exists.
    holder, unit, start, end, end_rule
        Columns of a table, as :class:`Columns` has them; a composite needs none.

    Raises
    ------
    DataError
        The file cannot be read at all, or lacks a column that was named.
    NotFoundError
        There is neither such a file nor such a dataset.
    """
    if isinstance(subject, SpaceTimeComposite):
        return validate_composite(subject)
    columns = Columns(holder, unit, start, end, end_rule)
    if not isinstance(subject, str | Path):
        return validate_frame(subject, columns=columns)
    path = Path(subject)
    if (path / MANIFEST).is_file() or not path.exists():
        from marchland.datasets import load

        try:
            return validate_composite(load(subject))
        except NotFoundError as error:
            msg = f"no file and no dataset {str(subject)!r}"
            raise NotFoundError(msg, suggestions=error.suggestions) from error
    frame, content = read_table(path)
    digest = f"sha256:{hashlib.sha256(content).hexdigest()}"
    return validate_frame(frame, columns=columns, stamp=file_stamp(path.name, digest))


def read_table(path: Path) -> "tuple[GeoDataFrame, bytes]":
    """Read a file of polygons as it is, and its bytes.

    Raises
    ------
    DataError
        It cannot be read, or has no geometry.
    """
    import geopandas

    try:
        content = path.read_bytes() if path.is_file() else b""
        source: Any = path
        if path.suffix == ".xz":
            source = io.BytesIO(lzma.decompress(content))
        if path.suffix in {".parquet", ".geoparquet"}:
            frame = geopandas.read_parquet(path)
        else:
            frame = geopandas.read_file(source)
    except Exception as error:
        msg = f"cannot read {path}: {error}"
        raise DataError(msg) from error
    if not isinstance(frame, geopandas.GeoDataFrame):
        msg = f"{path} has no geometry; give a file of polygons"
        raise DataError(msg)
    return frame, content
