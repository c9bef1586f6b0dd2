"""Collections of boundaries known by their columns, and what is assumed of each.

Where that is from, as read in 2026:

* ``cshapes``: the R package cshapes 2.0, whose ``cshp`` keeps what starts on or before a date and ends on or
  after it, and its ChangeLog (columns status and owner added in 2.0).
* ``ahcb``: the READ ME files in the state archives of digital.newberry.org/ahcb (ID, NAME, START_N and END_N
  as YYYYMMDD, licence); ID_NUM, STATE_TERR and FULL_NAME, and ends that count as held, in published scripts
  that read US_HistCounties. Not confirmed: a statement of the library's own that END_N is a day held, and the
  version of the licence, which an announcement of 2010 gives as 2.5.
* ``histogis``: github.com/acdh-oeaw/histogis-data, its LICENSE and files (Anhalt-Dessau to 1853-05-22,
  Anhalt-Dessau-Köthen from 1853-05-23: an end is a day held).
* ``ohm``: wiki.openstreetmap.org, OpenHistoricalMap/Tags (end_date is when a feature went out of existence)
  and OHM Contributors (CC0 unless an object is tagged otherwise); codeforsanjose/OSM-SouthBay issue 53 (an
  end is the next start); OpenHistoricalMap/issues 1270 (the map shows what ends in a year to its end).
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from marchland.datasets.columns import format_columns, guess
from marchland.datasets.versions import Recipe
from marchland.errors import DataError, OpeningError, UsageError, list_ids
from marchland.model import Issue

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

__all__ = ["PRESETS", "Preset", "of_columns", "prepared", "recognise"]

HOLDER = "marchland_holder"


@dataclass(frozen=True, slots=True)
class Preset:
    """How a collection is read.

    ``columns`` are those it is known by (any spelling of case counts), ``assumptions`` is what the reading
    report says of it. ``first`` are columns of which the first that is filled names the holder. ``dated``
    says that rows carry dates of their own; else a file is a snapshot and its name has the year. ``undated``
    says what becomes of rows without a start: ``refuse`` or ``drop``. ``owner`` are the column that has the
    code of who owns a dependency and the column of codes: land is then held by its owner.
    """

    name: str
    columns: frozenset[str]
    recipe: Recipe
    assumptions: tuple[str, ...]
    first: tuple[str, ...] = ()
    dated: bool = True
    undated: str = "refuse"
    owner: tuple[str, str] | None = None


def _preset(  # one field a line reads best as keywords
    name: str,
    columns: str,
    recipe: Recipe,
    *assumptions: str,
    first: tuple[str, ...] = (),
    dated: bool = True,
    undated: str = "refuse",
    owner: tuple[str, str] | None = None,
) -> Preset:
    return Preset(name, frozenset(columns.split()), recipe, assumptions, first, dated, undated, owner)


_ALL = (
    _preset(
        "cshapes",
        "gwcode country_name start end",
        Recipe(
            holder=HOLDER,
            unit="country_name",
            start="start",
            end="end",
            end_rule="inclusive",
            name="cshapes",
            title="CShapes 2.0",
            licence="CC BY-NC-SA 4.0",
            attribution="CShapes 2.0, ETH Zürich, International Conflict Research",
            citation=(
                "Schvitz, G., Girardin, L., Rüegger, S., Weidmann, N. B., Cederman, L.-E. and Gleditsch,"
                " K. S. (2022). Mapping the International System, 1886–2019: The CShapes 2.0 Dataset."
                " Journal of Conflict Resolution 66(1), 144–161"
            ),
        ),
        "holder is country_name, or for dependencies the state whose gwcode the column owner has;"
        " territories keep their country_name, and whoever owns what is no state here holds in its own name",
        "end is the last day held; the last end of all, 2019-12-31 as published, is where the data stop",
        "coordinates are WGS 84 degrees",
        first=("country_name",),
        owner=("owner", "gwcode"),
    ),
    _preset(
        "historical-basemaps",
        "NAME SUBJECTO PARTOF BORDERPRECISION",
        Recipe(
            holder=HOLDER,
            unit="NAME",
            start="",
            name="historical-basemaps",
            title="Historical basemaps",
            licence="GPL-3.0",
            attribution="Historical basemaps, A. Ourednik",
            citation="Ourednik, A. Historical basemaps. github.com/aourednik/historical-basemaps",
        ),
        "holder is SUBJECTO, or NAME where it is empty; rows with neither are held by nobody",
        "the year in a file's name is its date; BORDERPRECISION and PARTOF are not read",
        first=("SUBJECTO", "NAME"),
        dated=False,
    ),
    _preset(
        "ahcb",
        "ID_NUM NAME STATE_TERR START_N END_N",
        Recipe(
            holder=HOLDER,
            unit=HOLDER,
            start="START_N",
            end="END_N",
            end_rule="inclusive",
            name="ahcb",
            title="Atlas of Historical County Boundaries",
            licence="CC BY-NC-SA",
            attribution="Atlas of Historical County Boundaries, The Newberry Library",
            citation="Long, J. H. (ed.). Atlas of Historical County Boundaries, Newberry Library, Chicago",
        ),
        "holder is the county by its ID (FULL_NAME or NAME where there is none)",
        "START_N and END_N are days as YYYYMMDD; END_N is taken as the last day held",
        first=("ID", "FULL_NAME", "NAME"),
    ),
    _preset(
        "histogis",
        "name start_date end_date administrative_unit",
        Recipe(
            holder="name",
            unit="name",
            start="start_date",
            end="end_date",
            end_rule="inclusive",
            name="histogis",
            title="HistoGIS",
            licence="CC BY 4.0",
            attribution="HistoGIS, Austrian Academy of Sciences",
            citation=(
                "HistoGIS. Austrian Centre for Digital Humanities, Austrian Academy of Sciences."
                " doi:10.5281/zenodo.2615387"
            ),
        ),
        "holder is name; end_date is the last day held",
        "units of several administrative levels overlap, and are then counted as held by several",
    ),
    _preset(
        "ohm",
        "name start_date admin_level",
        Recipe(
            holder="name",
            unit="name",
            start="start_date",
            end="end_date",
            end_rule="exclusive",
            name="ohm",
            title="OpenHistoricalMap extract",
            licence="CC0 1.0, unless tagged otherwise",
            attribution="OpenHistoricalMap contributors",
            citation="OpenHistoricalMap contributors. openhistoricalmap.org",
        ),
        "holder is name; end_date is the first day after, as neighbours in time share it",
        "a year or month stands for its first day, also as an end (OpenHistoricalMap itself shows such a"
        " feature to the end of the year); features without start_date are left out",
        undated="drop",
    ),
    _preset(
        "versions",
        "holder start end",
        Recipe(holder="holder", start="start", end="end", end_rule="exclusive", name="versions"),
        "columns holder, start and end are what they are called; end is the first day after, an empty one is"
        " open",
    ),
    _preset(
        "snapshots",
        "",
        Recipe(holder=HOLDER, start="", name="snapshots"),
        "the year in a file's name is its date",
        "holder is the first that is filled of holder, name, NAME, country, COUNTRY, country_name",
        first=("holder", "name", "NAME", "country", "COUNTRY", "country_name"),
        dated=False,
    ),
)
PRESETS = {preset.name: preset for preset in _ALL}
"""By name, those with more to be known by first."""


def of_columns(columns: dict[str, str], names: list[str]) -> Preset:
    """Return the reading of a table whose columns a user has named by role.

    Raises
    ------
    DataError
        A column is not among the ``names`` of the table's.
    """
    missing = [column for column in columns.values() if column not in names]
    if missing:
        msg = f"no column {list_ids(map(repr, missing))}; there are {list_ids(names, limit=20)}"
        raise DataError(msg)
    last = columns.get("last")
    recipe = Recipe(
        holder=columns["holder"],
        unit=columns.get("unit"),
        start=columns.get("start", ""),
        end=columns.get("end", last),
        end_rule="inclusive" if last else "exclusive",
        name="columns",
    )
    what = f"columns are read as {format_columns(columns)}"
    if "start" not in columns:
        return _preset("columns", "", recipe, what, "the year in a file's name is its date", dated=False)
    ends = "the last day held" if last else "the first day after" if recipe.end else "not given"
    return _preset("columns", "", recipe, f"{what}; an end is {ends}, an empty one is open")


def recognise(columns: list[str], name: str | None = None, *, snapshot: bool = False) -> Preset:
    """Return the preset of a name, or the one whose columns are all there.

    ``snapshot`` says that a date can be had from the name of the file.

    Raises
    ------
    UsageError
        There is no preset of that name.
    DataError
        Columns of the named preset are missing, or no preset fits.
    """
    if name is not None:
        preset = PRESETS.get(name)
        if preset is None:
            msg = f"no preset {name!r}; there are {list_ids(PRESETS, limit=10)}"
            raise UsageError(msg)
        missing = [column for column in _lacking(preset, columns) if column not in _optional(preset)]
        if missing:
            msg = f"preset {name} needs columns {list_ids(missing)}; there are {list_ids(columns, limit=20)}"
            raise DataError(msg)
        return preset
    fits = [p for p in _ALL if not _lacking(p, columns) and (p.dated or snapshot)]
    if not fits:
        msg = (
            f"columns {list_ids(columns, limit=12)} are those of no collection that is known"
            f" ({list_ids(PRESETS, limit=10)}); say which are what (end is the first day no longer held, last"
            " the last day held; a map of one date has its year in the file's name and needs neither)"
        )
        example = {"holder": "…", "start": "…"} | guess(columns)
        raise OpeningError(msg, option="columns", example=format_columns(example))
    return fits[0]


def _lacking(preset: Preset, columns: Iterable[str]) -> list[str]:
    """Return the columns of a preset that a table lacks; a user's own may be in capitals."""
    there = {column.casefold() for column in columns} if preset.name == "versions" else set(columns)
    return sorted(preset.columns - there)


def _optional(preset: Preset) -> set[str]:
    return {"admin_level"} if preset.name == "ohm" else set()


def prepared(frame: "GeoDataFrame", preset: Preset) -> tuple["GeoDataFrame", Recipe, list[Issue]]:
    """Return a table with the columns its recipe needs, the recipe, and what was assumed or left out."""
    issues = [Issue("assumption", "info", preset.name, text) for text in preset.assumptions]
    recipe = preset.recipe
    if preset.name == "versions":
        plain = {name: str(name).casefold() for name in frame.columns if name not in preset.columns}
        taken = preset.columns & set(frame.columns)
        frame = frame.rename(columns={k: v for k, v in plain.items() if v in preset.columns - taken})
    if preset.first:
        known = [column for column in preset.first if column in frame.columns]
        if not known:
            msg = f"no column {list_ids(preset.first)}; there are {list_ids(frame.columns, limit=20)}"
            raise DataError(msg)
        holder = frame[known[0]].astype(object)
        for column in known[1:]:
            holder = holder.where(holder.notna() & (holder.astype(str).str.strip() != ""), frame[column])
        frame = frame.assign(**{HOLDER: holder})
    if preset.owner is not None and preset.owner[0] in frame.columns:
        frame = frame.assign(**{HOLDER: _owners(frame, preset.owner)})
    if recipe.end is not None and recipe.end not in frame.columns and preset.name == "ohm":
        recipe = replace(recipe, end=None)
    if preset.undated == "drop":
        empty = frame[recipe.start].isna() | (frame[recipe.start].astype(str).str.strip() == "")
        issues += [
            Issue("no-start", "warning", f"row {label}", f"has no {recipe.start} and is left out")
            for label in frame.index[empty]
        ]
        frame = frame[~empty]
    return frame, recipe, issues


def _owners(frame: "GeoDataFrame", columns: tuple[str, str]) -> list[object]:
    """Return who holds each row: the holder whose code is the row's owner, else the row's own."""
    owner, code = (frame[column].astype(str).str.removesuffix(".0") for column in columns)
    names = dict(zip(code, frame[HOLDER], strict=True))
    return [names.get(key, own) for key, own in zip(owner, frame[HOLDER], strict=True)]
