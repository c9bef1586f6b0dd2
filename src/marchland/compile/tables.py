"""The authored tables: CSV rows made into the model, every slip told by file and id."""

import csv
import re
from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from marchland.dates import LANGUAGES
from marchland.errors import CompileError, list_ids
from marchland.model import Basis, Era, Holder, Names, Place, Status, Tenure, Territory

Box = tuple[float, float, float, float]
Row = dict[str, str]
T = TypeVar("T")

_COLOUR = re.compile(r"#[0-9a-f]{6}")


def read_rows(root: Path, name: str) -> list[Row]:
    """Return the rows of a table; raises :class:`CompileError` if it cannot be read."""
    try:
        with (root / name).open(encoding="utf-8", newline="") as stream:
            rows = list(csv.DictReader(stream))
    except (OSError, ValueError, csv.Error) as error:
        msg = f"cannot read {name}: {getattr(error, 'strerror', None) or error}"
        raise CompileError(msg) from error
    for row in rows:
        if None in row or None in row.values():
            first = next(iter(row.values()))
            msg = f"{name}, {first}: more or fewer cells than the header has; quote cells that hold commas"
            raise CompileError(msg)
    return rows


def read_table(root: Path, name: str, make: Callable[[Row], T], *, key: str = "id") -> dict[str, T]:
    """Return what ``make`` makes of each row, by its id.

    Raises
    ------
    CompileError
        The table cannot be read, an id is used twice, or a row is malformed.
    """
    rows = read_rows(root, name)
    if rows and key not in rows[0]:
        msg = f"{name} has no column {key!r}; its header names the columns"
        raise CompileError(msg)
    twice = [found for found, count in Counter(row[key] for row in rows).items() if count > 1]
    if twice:
        msg = f"{name} uses an id twice: {list_ids(twice)}; give each row its own"
        raise CompileError(msg)
    return {row[key]: made(make, row, f"{name}, {row[key]}") for row in rows}


def made(make: Callable[[Any], T], source: Any, where: str) -> T:  # noqa: ANN401 - a CSV row or a TOML table
    """Return ``make(source)``, with any slip in the source told as a :class:`CompileError` at ``where``."""
    try:
        return make(source)
    except KeyError as error:
        msg = f"{where}: {error.args[0]!r} is missing"
        raise CompileError(msg) from error
    except (ValueError, TypeError, AttributeError) as error:
        msg = f"{where}: {error}"
        raise CompileError(msg) from error


def names(row: Row) -> Names:
    """Return the names of a row by language; the English one must be there."""
    found = {lang: row[f"name_{lang}"] for lang in LANGUAGES if row.get(f"name_{lang}")}
    if "en" not in found:
        msg = "it has no English name"
        raise ValueError(msg)
    return found


def place(row: Row) -> Place:
    """Return a row of places.csv."""
    pinyin = {"pinyin": row["pinyin"]} if row["pinyin"] else {}
    return Place(
        id=row["id"],
        names={**names(row), **pinyin},
        lon=float(row["lon"]),
        lat=float(row["lat"]),
        accuracy_km=float(row["accuracy_km"]),
        kind=row["kind"],
        rank=int(row["rank"] or 3),
        aliases=tuple(word.strip() for word in row["aliases"].split(";") if word.strip()),
        since=int(row["since"]) if row.get("since") else None,
    )


def territory(row: Row) -> Territory:
    """Return a row of territories.csv, its area not measured yet."""
    return Territory(row["id"], names(row), point(row), note=row["note"])


def mask(row: Row) -> Box | None:
    """Return the mask of a row of territories.csv: west, south, east, north, or None."""
    if not row["mask"]:
        return None
    west, south, east, north = (float(part) for part in row["mask"].split())
    if not (west < east and south < north):
        msg = f"the mask {row['mask']!r} must be west, south, east and north"
        raise ValueError(msg)
    return west, south, east, north


def point(row: Row) -> tuple[float, float]:
    """Return a row's (lon, lat)."""
    return float(row["lon"]), float(row["lat"])


def holders(root: Path) -> dict[str, Holder]:
    """Read holders.csv with the eras of eras.csv."""
    eras: dict[str, list[Era]] = {}
    for row in read_rows(root, "eras.csv"):
        holder, era = made(
            lambda row: (row["holder"], Era(date.fromisoformat(row["start"]), names(row))),
            row,
            f"eras.csv, {row.get('holder')}",
        )
        eras.setdefault(holder, []).append(era)

    def make(row: Row) -> Holder:
        if not _COLOUR.fullmatch(row["colour"]):
            msg = f"the colour {row['colour']!r} is not #rrggbb in lower case"
            raise ValueError(msg)
        own = sorted(eras.pop(row["id"], []), key=lambda era: era.start)
        return Holder(row["id"], names(row), row["colour"], tuple(own))

    found = read_table(root, "holders.csv", make)
    if eras:
        msg = (
            f"eras.csv names holders that holders.csv does not hold: {list_ids(eras)}; add them or"
            " mend the spelling"
        )
        raise CompileError(msg)
    return found


def tenure(row: Row) -> Tenure:
    """Return a row of tenures.csv."""
    return Tenure(
        territory=row["territory"],
        holder=row["holder"] or None,
        status=Status(row["status"]),
        basis=Basis(row["basis"]),
        start=date.fromisoformat(row["start"]),
        end=date.fromisoformat(row["end"]) if row["end"] else None,
        instrument=row["instrument"] or None,
        article=row["article"] or None,
        certainty=row["certainty"],
        note=row["note"],
    )


def readings(root: Path) -> list[tuple[str, str, Tenure]]:
    """Read readings.csv: (question, answer, the tenure that holds if it is answered so).

    A dataset whose sources leave nothing open has no such file.
    """
    if not (root / "readings.csv").exists():
        return []
    return [
        made(
            lambda row: (row["question"], row["answer"], tenure(row)),
            row,
            f"readings.csv, {row.get('question')}={row.get('answer')}",
        )
        for row in read_rows(root, "readings.csv")
    ]


def tenures(root: Path) -> list[Tenure]:
    """Read tenures.csv."""
    return [
        made(tenure, row, f"tenures.csv, {row.get('territory')} from {row.get('start')}")
        for row in read_rows(root, "tenures.csv")
    ]
