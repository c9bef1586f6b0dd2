"""Any path to a composite: a dataset of ours, or boundaries that others made."""

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from marchland.composite import SpaceTimeComposite
from marchland.datasets import cache, package
from marchland.datasets.columns import checked, format_columns, parse_columns
from marchland.datasets.files import ENDINGS, plain_stem, read_table
from marchland.errors import DataError, UsageError
from marchland.meta import DatasetMeta
from marchland.model import NOT_STATED, Issue

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

    from marchland.datasets.presets import Preset
    from marchland.engine import Engine

    How = tuple[dict[str, float], str | None, Engine]

__all__ = ["load"]

Progress = Callable[[str, float], None]

_YEAR = re.compile(r"(?<!\d)(\d{3,4})(?!\d)")


def load(
    name: str | Path = package.BUILT_IN,
    preset: str | None = None,
    *,
    layer: str | None = None,
    columns: Mapping[str, str] | str | None = None,
    sigma_km: float = 0.0,
    sliver_km: float = 0.0,
    crs: str | None = None,
    title: str | None = None,
    credit: str | None = None,
    licence: str | None = None,
    engine: str | None = None,
    workers: int | None = None,
    scheduler: str | None = None,
    progress: Progress | None = None,
) -> SpaceTimeComposite:
    """Load a dataset by name or path, or read boundaries that others made.

    Parameters
    ----------
    name
        A built-in dataset, the folder of a Data Package, a file GDAL reads (also ``.xz``, ``.gz``, ``.zip``,
        and TopoJSON), or a folder of files with a year in their names.
    preset
        What collection it is; by default this is told by its columns. ``reading_report`` of the result
        states what was assumed and repaired.
    layer
        Layer to read, where a file has several.
    columns
        Which columns are what, by role: ``holder``, ``start``, and ``end`` (the first day no longer held) or
        ``last`` (the last day held), also ``unit``; or a text as the option ``--columns`` has it. Without a
        start, the year in a file's name is its date.
    sigma_km, sliver_km, crs, engine, workers, scheduler, progress
        As in :func:`marchland.from_versions`; only for boundaries that others made.
    title, credit, licence
        What the boundaries are, who made them and on which terms, where they do not say so themselves: see
        :meth:`marchland.SpaceTimeComposite.credited`.

    Raises
    ------
    NotFoundError
        A bare name is that of no built-in dataset.
    UsageError
        There is no such preset or CRS, one of these is given for a dataset that needs none, columns make no
        sense, or makers or terms are given for boundaries that state them.
    DataError
        A path leads to no dataset, or a file of it is missing, corrupt, or cannot be read.
    """
    path = Path(name)
    words = {"title": title, "credit": credit, "licence": licence}
    files = _files(path)
    if not files:
        given = {"preset": preset, "layer": layer, "columns": columns, "crs": crs}
        needless = [what for what, value in given.items() if value is not None]
        if needless and package.is_dataset(name):
            msg = f"{name} is a dataset of marchland and needs no {needless[0]}"
            raise UsageError(msg)
        return package.load(name).credited(**words)
    from marchland.engine import Engine

    who = Engine(engine, workers, scheduler)
    content = _digest(files)
    options = {"sigma_km": sigma_km, "sliver_km": sliver_km}
    roles = _roles(columns, preset)
    key = cache.key(content, preset, layer, roles, options, crs, [plain_stem(file) for file in files])
    named, how = (preset, layer, roles), (options, crs, who)
    found = cache.through(key, lambda: _read(files, named, content, how, progress))
    told = format_columns(roles) if roles else None
    said: dict[str, Any] = {"columns": told, "crs": crs, "layer": layer, "preset": preset, **options, **words}
    opened = tuple((what, value) for what, value in sorted(said.items()) if value)
    return replace(found, meta=_named(found.meta, path, layer).credited(**words), opened=opened)


def _roles(columns: Mapping[str, str] | str | None, preset: str | None) -> dict[str, str] | None:
    """Return columns by role.

    Raises :class:`UsageError` for what makes no sense, and beside a preset, which knows its columns.
    """
    if columns is None:
        return None
    if preset is not None:
        msg = f"columns are named and a preset too, {preset}, which knows its own; leave one out"
        raise UsageError(msg)
    return parse_columns(columns) if isinstance(columns, str) else checked(columns)


def _named(meta: DatasetMeta, path: Path, layer: str | None) -> DatasetMeta:
    """Return what boundaries say of themselves, those of no collection under the name of their file."""
    if meta.citation != NOT_STATED:
        return meta
    part = f":{layer}" if layer else ""
    name, title = (
        "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in f"{text}{part}")
        for text in (path.resolve().name, plain_stem(path.resolve()))
    )
    by = f"{name}, author {NOT_STATED}"
    return replace(meta, name=name, title=title, attribution=by, citation=by)


def _files(path: Path) -> list[Path]:
    """Return the files of boundaries a path means, none where it is a dataset of ours or nothing."""
    if path.is_file():
        return [] if path.name == package.MANIFEST else [path]
    if path.suffix.casefold() == ".gdb" or not path.is_dir() or (path / package.MANIFEST).is_file():
        return [path] if path.is_dir() and path.suffix.casefold() == ".gdb" else []
    found = [file for file in sorted(path.iterdir()) if file.is_file() and file.suffix.casefold() in ENDINGS]
    dated = [file for file in found if _YEAR.search(plain_stem(file))]
    if len(found) > 1 and len(dated) < len(found):
        others = [file.name for file in found if file not in dated]
        msg = f"{path} holds several files, and {others[0]} has no year in its name; give one file"
        raise DataError(msg)
    return found


def _digest(files: list[Path]) -> str:
    digest = hashlib.sha256()
    for file in files:
        folder = sorted(p for p in file.rglob("*") if p.is_file()) if file.is_dir() else [file]
        beside = sorted(file.parent.glob(f"{file.stem}.*")) if file.suffix.casefold() == ".shp" else []
        for part in dict.fromkeys([*folder, *beside]):
            digest.update(part.name.encode())
            try:
                with part.open("rb") as stream:
                    digest.update(hashlib.file_digest(stream, "sha256").digest())
            except OSError as error:
                msg = f"cannot read {part}: {error.strerror}"
                raise DataError(msg) from error
    return f"sha256:{digest.hexdigest()}"


def _read(
    files: list[Path],
    named: tuple[str | None, str | None, dict[str, str] | None],
    content: str,
    how: "How",
    progress: Progress | None,
) -> SpaceTimeComposite:
    from marchland.datasets.presets import of_columns, recognise

    preset_name, layer, columns = named
    tables: list[tuple[Path, GeoDataFrame]] = []
    issues: list[Issue] = []
    for number, file in enumerate(files):
        if progress:
            progress(f"reading {file.name}", 0.04 * number / len(files))
        table, found = read_table(file, layer)
        tables.append((file, table))
        issues += [replace(issue, id=f"{file.name}: {issue.id}") for issue in found]
    year = all(_YEAR.search(plain_stem(file)) for file in files)
    first = tables[0][1]
    names = [str(name) for name in first.columns if name != first.geometry.name]
    preset = of_columns(columns, names) if columns else recognise(names, preset_name, snapshot=year)
    if not preset.dated and not year:
        msg = f"{files[0].name} has no year in its name, and no column is named as the start; name one"
        raise DataError(msg)
    if preset.dated and len(files) > 1:
        msg = f"{len(files)} files of {preset.name}, which has dates of its own; give one file"
        raise DataError(msg)
    if preset.dated:
        return _build_dated(tables[0][1], preset, content, issues, how, progress)
    return _build_snapshots(tables, preset, content, issues, how, progress)


def _build_dated(
    table: "GeoDataFrame",
    preset: "Preset",
    content: str,
    issues: list[Issue],
    how: "How",
    progress: Progress | None,
) -> SpaceTimeComposite:
    from marchland.datasets.presets import prepared
    from marchland.datasets.versions import build

    options, crs, engine = how
    frame, recipe, found = prepared(table, preset)
    recipe = replace(recipe, **options)  # type: ignore[arg-type] # only the numbers of a recipe
    return build(
        frame, recipe, content=content, issues=(*issues, *found), crs=crs, engine=engine, progress=progress
    )


def _build_snapshots(
    tables: "list[tuple[Path, GeoDataFrame]]",
    preset: "Preset",
    content: str,
    issues: list[Issue],
    how: "How",
    progress: Progress | None,
) -> SpaceTimeComposite:
    from marchland.datasets.presets import prepared
    from marchland.datasets.snapshots import END, START, stack
    from marchland.datasets.versions import build

    options, crs, engine = how
    snapshots: dict[date | str | int, GeoDataFrame] = {}
    recipe = preset.recipe
    assumed: list[Issue] = []
    for file, table in tables:
        match = _YEAR.search(plain_stem(file))
        year = match.group(1).zfill(4) if match else ""
        if year in snapshots:
            msg = f"two files are of {year}, {file.name} the second; keep one"
            raise DataError(msg)
        snapshots[year], recipe, assumed = prepared(table, preset)
    frame, found = stack(snapshots, holder=recipe.holder, unit=recipe.unit, crs=crs)
    numbers: dict[str, Any] = {**options}
    recipe = replace(recipe, start=START, end=END, holds_on=False, **numbers)
    told = (*issues, *assumed, *found)
    return build(frame, recipe, content=content, issues=told, engine=engine, progress=progress)
