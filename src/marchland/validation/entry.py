"""One verb for whatever is to be looked at."""

import hashlib
import re
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

from marchland.composite import SpaceTimeComposite
from marchland.datasets.columns import checked, parse_columns
from marchland.errors import DataError, NotFoundError
from marchland.model import Issue
from marchland.validation.coverage import Progress
from marchland.validation.frame import Columns, file_stamp, validate_frame
from marchland.validation.integrity import validate_composite
from marchland.validation.report import Report, report

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

_JSON = frozenset({".geojson", ".json"})
_BY_GDAL = _JSON | frozenset({".gpkg", ".fgb", ".shp", ".csv", ".sqlite"})
"""Endings of files that GDAL reads with dates left as text."""


def validate(
    subject: "SpaceTimeComposite | GeoDataFrame | str | Path",
    *,
    holder: str | None = None,
    unit: str | None = None,
    start: str | None = None,
    end: str | None = None,
    end_rule: str | None = None,
    preset: str | None = None,
    layer: str | None = None,
    columns: Mapping[str, str] | str | None = None,
    crs: str | None = None,
    engine: str | None = None,
    workers: int | None = None,
    scheduler: str | None = None,
    progress: Progress | None = None,
) -> Report:
    """Return what is wrong, doubtful or worth knowing in a composite, a table of polygons, or a file.

    Parameters
    ----------
    subject
        A composite; a GeoDataFrame; or a path: the folder of a dataset or of files by year, or a file that
        GDAL reads, also packed as ``.xz``, ``.gz`` or ``.zip``. A bare name is that of a built-in dataset
        where there is no such file.
    holder, unit, start, end, end_rule
        Columns of a table, as :class:`Columns` has them; a composite needs none, nor does a collection that
        is known by its columns (CShapes and others), where none is given.
    preset
        Collection that a file is from; None tells it by the columns.
    layer
        Layer of a file to look at, where it has several.
    columns
        Columns of a file by role, as :func:`marchland.load` takes them.
    crs
        CRS of a file that states none.
    engine, workers, scheduler
        Who looks for overlaps, or builds what has to be built: as :func:`marchland.from_versions` has them.
    progress
        Called with what is being done and the share of it that is done, 0 to 1.

    Raises
    ------
    DataError
        The file cannot be read at all, or lacks a column that was named.
    UsageError
        There is no such preset, engine or CRS, an engine is not installed, or columns make no sense.
    NotFoundError
        There is neither such a file nor such a dataset.
    """
    if isinstance(subject, SpaceTimeComposite):
        return validate_composite(subject)
    from marchland.engine import Engine

    who = Engine(engine, workers, scheduler)
    wanted = _by_role(columns) if columns is not None else Columns(holder, unit, start, end, end_rule)
    if not isinstance(subject, str | Path):
        return validate_frame(subject, columns=wanted, engine=who, progress=progress)
    path = Path(subject)
    if path.is_dir() or not path.exists():
        from marchland.datasets import load

        try:
            built = load(
                subject,
                preset,
                layer=layer,
                columns=columns,
                crs=crs,
                engine=engine,
                workers=workers,
                scheduler=scheduler,
                progress=progress,
            )
            return validate_composite(built)
        except NotFoundError as error:
            msg = f"no file, folder or dataset {str(subject)!r}"
            close = get_close_matches(str(subject), error.suggestions)
            raise NotFoundError(msg, suggestions=close) from error
    frame, issues = _table(path, layer)
    if crs is not None:
        from marchland.datasets.repairs import in_stated_crs

        frame = in_stated_crs(frame, crs)
    if wanted == Columns() or preset is not None:
        frame, wanted, assumed = _known(frame, path.name, preset)
        issues += assumed
    found = validate_frame(frame, columns=wanted, engine=who, progress=progress)
    stamp = file_stamp(path.name, f"sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}")
    return report((*found.issues, *issues), stamp)


def _by_role(columns: Mapping[str, str] | str) -> Columns:
    roles = parse_columns(columns) if isinstance(columns, str) else checked(columns)
    rule = "inclusive" if "last" in roles else "exclusive" if "end" in roles else None
    return Columns(
        roles["holder"], roles.get("unit"), roles.get("start"), roles.get("end", roles.get("last")), rule
    )


def _table(path: Path, layer: str | None) -> "tuple[GeoDataFrame, list[Issue]]":
    """Read a file of polygons as it is: dates stay text, so that an impossible day is one row's fault.

    Raises
    ------
    DataError
        It cannot be read, or has no geometry.
    """
    from marchland.datasets.files import Pick, read_table, with_geometry
    from marchland.datasets.kinds import refuse_stranger

    if path.suffix.lower() not in _BY_GDAL or b'"Topology"' in _head(path)[:4096]:
        return read_table(path, layer)
    import pyogrio

    refuse_stranger(_head(path), path.suffix.lower(), path)
    there = path.resolve()  # or GDAL would take a name with a colon for one of its own
    pick = Pick(layer)
    try:
        chosen = pick.of_gdal(pyogrio.list_layers(there), path)
        options = {"DATE_AS_STRING": "YES"} if path.suffix.lower() in _JSON else {}
        frame = pyogrio.read_dataframe(there, layer=chosen, datetime_as_string=True, **options)
    except DataError:
        raise
    except Exception as error:
        msg = f"cannot read {path}: {' '.join(str(error).split())}"
        raise DataError(msg) from error
    return with_geometry(frame, path), pick.issues


def _head(path: Path) -> bytes:
    from marchland.datasets.kinds import HEAD

    try:
        with path.open("rb") as stream:
            return stream.read(HEAD)
    except OSError as error:
        msg = f"cannot read {path}: {error.strerror}"
        raise DataError(msg) from error


def _known(
    frame: "GeoDataFrame", name: str, preset_name: str | None
) -> "tuple[GeoDataFrame, Columns, list[Issue]]":
    """Return the columns of a collection known by them, and what is assumed of it."""
    from marchland.datasets.presets import prepared, recognise

    try:
        preset = recognise(
            list(map(str, frame.columns)), preset_name, snapshot=bool(re.search(r"\d{3,4}", name))
        )
        frame, recipe, issues = prepared(frame, preset)
    except DataError:
        if preset_name is not None:
            raise
        return frame, Columns(), []  # no collection that is known: the usual names are looked for
    rule = recipe.end_rule if recipe.end else None
    return frame, Columns(recipe.holder, recipe.unit, recipe.start or None, recipe.end, rule), issues
