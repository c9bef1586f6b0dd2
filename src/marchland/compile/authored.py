"""The authored files of a dataset, read into the model and checked.

Instruments as TOML, everything that is a table as CSV.
"""

import csv
import tomllib
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from marchland.compile.completion import complete_tenures
from marchland.errors import CompileError, list_ids
from marchland.model import (
    Article,
    Basis,
    Era,
    Holder,
    Instrument,
    Place,
    Rule,
    Segment,
    Stage,
    Status,
    Tenure,
    Territory,
)

LANGUAGES = ("en", "ru", "zh", "pinyin")
Row = dict[str, str]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Clause:
    """A segment together with what its rule needs to be executed.

    ``start``/``end`` are place ids; ``along`` names a feature of the base layers (``layer/id``), None where
    the line runs through ``via`` (lon, lat in degrees) alone; ``overshoot_km`` carries both ends on in their
    own direction, past a coast.
    """

    segment: Segment
    start: str
    end: str
    along: str | None
    via: tuple[tuple[float, float], ...] = ()
    overshoot_km: float = 0.0


@dataclass(frozen=True, slots=True)
class Reference:
    """A feature that bounds territories but is drawn by no clause of this frontier.

    Whole or onwards from a place on it.
    """

    feature: str
    sigma_km: float
    start: str | None = None


@dataclass(frozen=True, slots=True)
class Authored:
    """Everything a historian wrote.

    ``masks`` are boxes (west, south, east, north) by territory; ``backdrop`` are label points (lon, lat).
    """

    holders: dict[str, Holder]
    territories: dict[str, Territory]
    masks: dict[str, tuple[float, float, float, float]]
    places: dict[str, Place]
    instruments: dict[str, Instrument]
    clauses: tuple[Clause, ...]
    tenures: tuple[Tenure, ...]
    references: tuple[Reference, ...]
    backdrop: dict[str, tuple[float, float]]


def read_authored(root: Path, *, first_date: date) -> Authored:
    """Read a dataset folder's authored files.

    Raises
    ------
    CompileError
        A file is missing or malformed, an id is used twice, or a reference points nowhere; the message names
        file and id.
    """
    places = _table(root, "places.csv", _place)
    clauses: list[Clause] = []
    instruments: dict[str, Instrument] = {}
    for path in sorted((root / "instruments").glob("*.toml")):
        instrument, own = _read_instrument(path)
        instruments[instrument.id] = instrument
        clauses += own
    territories = _rows(root, "territories.csv")
    authored = Authored(
        holders=_holders(root),
        territories=_table(root, "territories.csv", _territory),
        masks={row["id"]: _box(row["mask"]) for row in territories if row["mask"]},
        places=places,
        instruments=instruments,
        clauses=tuple(clauses),
        tenures=complete_tenures([_tenure(row) for row in _rows(root, "tenures.csv")], first_date=first_date),
        references=tuple(
            Reference(row["feature"], float(row["sigma_km"]), row["start"] or None)
            for row in _rows(root, "reference.csv")
        ),
        backdrop={row["id"]: (float(row["lon"]), float(row["lat"])) for row in _rows(root, "backdrop.csv")},
    )
    _check_references(authored)
    return authored


# --- tables


def _rows(root: Path, name: str) -> list[Row]:
    path = root / name
    try:
        with path.open(encoding="utf-8", newline="") as stream:
            return list(csv.DictReader(stream))
    except OSError as error:
        msg = f"cannot read {name}: {error.strerror}"
        raise CompileError(msg) from error


def _table(root: Path, name: str, make: Callable[[Row], T]) -> dict[str, T]:
    rows = _rows(root, name)
    twice = [key for key, count in Counter(row["id"] for row in rows).items() if count > 1]
    if twice:
        msg = f"{name} uses an id twice: {list_ids(twice)}; give each row its own"
        raise CompileError(msg)
    return {row["id"]: _made(make, row, f"{name}, {row['id']}") for row in rows}


def _made(make: Callable[[Any], T], source: Any, where: str) -> T:  # noqa: ANN401 - a CSV row or a TOML table
    try:
        return make(source)
    except KeyError as error:
        msg = f"{where}: {error.args[0]!r} is missing"
        raise CompileError(msg) from error
    except (ValueError, TypeError) as error:
        msg = f"{where}: {error}"
        raise CompileError(msg) from error


def _names(row: Row) -> dict[str, str]:
    return {lang: row[f"name_{lang}"] for lang in LANGUAGES if row.get(f"name_{lang}")}


def _place(row: Row) -> Place:
    names = _names(row) | ({"pinyin": row["pinyin"]} if row["pinyin"] else {})
    return Place(
        id=row["id"],
        names=names,
        lon=float(row["lon"]),
        lat=float(row["lat"]),
        accuracy_km=float(row["accuracy_km"]),
        kind=row["kind"],
        rank=int(row["rank"] or 3),
        aliases=tuple(word.strip() for word in row["aliases"].split(";") if word.strip()),
    )


def _territory(row: Row) -> Territory:
    return Territory(row["id"], _names(row), (float(row["lon"]), float(row["lat"])), note=row["note"])


def _box(text: str) -> tuple[float, float, float, float]:
    west, south, east, north = (float(part) for part in text.split())
    return west, south, east, north


def _holders(root: Path) -> dict[str, Holder]:
    eras: dict[str, list[Era]] = {}
    for row in _rows(root, "eras.csv"):
        eras.setdefault(row["holder"], []).append(Era(date.fromisoformat(row["start"]), _names(row)))

    def make(row: Row) -> Holder:
        own = sorted(eras.get(row["id"], []), key=lambda era: era.start)
        return Holder(row["id"], _names(row), row["colour"], tuple(own))

    return _table(root, "holders.csv", make)


def _tenure(row: Row) -> Tenure:
    def make(row: Row) -> Tenure:
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

    return _made(make, row, f"tenures.csv, {row.get('territory')} from {row.get('start')}")


# --- instruments


def _read_instrument(path: Path) -> tuple[Instrument, list[Clause]]:
    try:
        record = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        msg = f"cannot read instruments/{path.name}: {error}"
        raise CompileError(msg) from error
    instrument = _made(_instrument, record, f"instruments/{path.name}")
    if instrument.id != path.stem:
        msg = f"instruments/{path.name} has the id {instrument.id!r}; file and id must agree"
        raise CompileError(msg)
    clauses = [
        _made(lambda item: _clause(item, instrument), item, f"{instrument.id}/{item.get('id')}")
        for item in record.get("segments", [])
    ]
    return instrument, clauses


def _instrument(record: dict[str, Any]) -> Instrument:
    dates = {key: str(value) for key, value in record["dates"].items()}
    return Instrument(
        id=record["id"],
        names=record["names"],
        kind=record["kind"],
        date=record.get("date"),
        status=record["status"],
        signed=dates.get("signed"),
        in_force=dates.get("in_force"),
        until=record.get("until"),
        parties=tuple(record["parties"]),
        aliases=tuple(record.get("aliases", [])),
        dates=dates,
        articles=tuple(Article(item["ref"], item["text"]) for item in record["articles"]),
        sources=tuple(record["sources"]),
        note=record.get("note", ""),
        frontier=record.get("frontier", True),
    )


def _clause(item: dict[str, Any], instrument: Instrument) -> Clause:
    since = item.get("since", instrument.date)
    if since is None:
        msg = "an instrument never in force draws no line"
        raise ValueError(msg)
    segment = Segment(
        id=f"{instrument.id}/{item['id']}",
        instrument=instrument.id,
        article=item["article"],
        rule=Rule(item["rule"]),
        stage=Stage(item["stage"]) if "stage" in item else None,
        sigma_km=float(item["sigma_km"]),
        start=item["from"],
        end=item["to"],
        feature=item["feature"],
        since=since,
        until=item.get("until", instrument.until),
        note=item.get("note", ""),
        sources=tuple(item["sources"]),
    )
    via = tuple((float(lon), float(lat)) for lon, lat in item.get("via", []))
    return Clause(
        segment, item["from"], item["to"], item.get("along"), via, float(item.get("overshoot_km", 0.0))
    )


# --- what points where


def _check_references(data: Authored) -> None:
    ends = [end for clause in data.clauses for end in (clause.start, clause.end)]
    ends += [item.start for item in data.references if item.start]
    _must_exist("places.csv", ends, data.places, "segments end at places")
    _must_exist(
        "territories.csv", (t.territory for t in data.tenures), data.territories, "tenures are of territories"
    )
    _must_exist(
        "holders.csv", (t.holder for t in data.tenures if t.holder), data.holders, "tenures name holders"
    )
    used = (t.instrument for t in data.tenures if t.instrument)
    _must_exist("instruments/", used, data.instruments, "tenures name instruments")
    without = [key for key in data.territories if key not in {t.territory for t in data.tenures}]
    if without:
        msg = f"territories without a tenure: {list_ids(without)}; add rows to tenures.csv"
        raise CompileError(msg)


def _must_exist(home: str, wanted: Iterable[str], known: Iterable[str], why: str) -> None:
    missing = sorted(set(wanted) - set(known))
    if missing:
        msg = f"{why} that {home} does not hold: {list_ids(missing)}; add them or mend the spelling"
        raise CompileError(msg)
