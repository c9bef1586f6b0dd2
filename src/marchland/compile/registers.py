"""The authored registers: events, treaties between the powers, published figures, and the bibliography."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from pathlib import Path

from marchland.compile.tables import Row, read_rows, read_table
from marchland.dates import LANGUAGES, EdtfDate, julian_to_gregorian
from marchland.errors import CompileError, DateError, list_ids
from marchland.formulas import parse_formula
from marchland.model import JULIAN, Claim, Event, Instrument, Names, Relation, Source

CLAIM_KINDS = frozenset({"area_km2", "length_km", "other"})
MEASURED = ("places", "territories", "holders", "instruments", "segments")
"""What a formula may name."""

_ENTRY = re.compile(r"@\w+\{(?P<key>[^,\s]+),\n(?P<body>.*?)\n\}", re.DOTALL)
_FIELD = re.compile(r"^\s*(?P<name>\w+) = \{(?P<value>.*)\},?$")


@dataclass(frozen=True, slots=True)
class Registers:
    """What explains the dataset and draws nothing; ``cited`` are the source keys of places.csv."""

    events: dict[str, Event] = field(default_factory=dict)
    relations: dict[str, Relation] = field(default_factory=dict)
    claims: dict[str, Claim] = field(default_factory=dict)
    bibliography: dict[str, Source] = field(default_factory=dict)
    cited: frozenset[str] = frozenset()


def read_registers(root: Path) -> Registers:
    """Read the registers of a dataset folder.

    A dataset may do without events, relations and claims, but not without the bibliography.

    Raises
    ------
    CompileError
        A file is malformed, an id is used twice, or a date or a formula cannot be read; the message names
        file and id.
    """

    def table(name: str) -> bool:
        return (root / name).is_file()

    return Registers(
        events=read_table(root, "events.csv", event) if table("events.csv") else {},
        relations=read_table(root, "relations.csv", relation) if table("relations.csv") else {},
        claims=read_table(root, "claims.csv", claim) if table("claims.csv") else {},
        bibliography=read_bibliography(root / "sources.bib"),
        cited=frozenset(row["source"] for row in read_rows(root, "places.csv") if row.get("source")),
    )


# --- rows


def event(row: Row) -> Event:
    """Return a row of events.csv."""
    return Event(
        id=row["id"],
        names=_titles(row),
        edtf=_edtf(row["edtf"]),
        texts=_told(row, "description"),
        place=row["place"] or None,
        lon=float(row["lon"]),
        lat=float(row["lat"]),
        accuracy_km=float(row["accuracy_km"]),
        instrument=row["instrument"] or None,
        chapter=int(row["chapter"]) if row["chapter"] else None,
        confidence=row["confidence"],
        sources=_listed(row["sources"]),
    )


def relation(row: Row) -> Relation:
    """Return a row of relations.csv."""
    _in_order(row["signed"], row["in_force"], row["until"])
    return Relation(
        id=row["id"],
        names=_titles(row),
        kind=row["kind"],
        signed=_edtf(row["signed"]),
        in_force=_edtf(row["in_force"]) if row["in_force"] else None,
        until=_edtf(row["until"]) if row["until"] else None,
        parties=_listed(row["parties"]),
        instrument=row["instrument"] or None,
        note=row["note"],
        sources=_listed(row["sources"]),
    )


def claim(row: Row) -> Claim:
    """Return a row of claims.csv; its formula must be one."""
    if row["kind"] not in CLAIM_KINDS:
        msg = f"no kind {row['kind']!r}; there are {', '.join(sorted(CLAIM_KINDS))}"
        raise ValueError(msg)
    low, high = (float(row[bound]) if row[bound] else None for bound in ("low", "high"))
    if low is not None and high is not None and low > high:
        msg = f"the range starts at {low:g} above its end {high:g}"
        raise ValueError(msg)
    if row["measure"]:
        parse_formula(row["measure"])
    return Claim(
        id=row["id"],
        kind=row["kind"],
        subject=row["subject_en"],
        published=row["published"],
        low=low,
        high=high,
        measure=row["measure"],
        as_of=_edtf(row["as_of"]) if row["as_of"] else "",
        sources=_listed(row["sources"]),
        explanation=row["explanation"],
    )


def _titles(row: Row) -> Names:
    return _told(row, "title")


def _told(row: Row, what: str) -> Names:
    """Return what the columns ``WHAT_en``, ``WHAT_ru`` and so on say, by language."""
    found = {lang: row[f"{what}_{lang}"] for lang in LANGUAGES if row.get(f"{what}_{lang}")}
    if "en" not in found:
        msg = f"it has no English {what}"
        raise ValueError(msg)
    return found


def _edtf(text: str) -> str:
    """Return a date as it is written, once it is known to be one."""
    return EdtfDate(text).text


def _in_order(*texts: str) -> None:
    """Refuse dates of which one certainly lies before the one it should follow; empty ones are passed by."""
    known = [EdtfDate(text) for text in texts if text]
    for earlier, later in pairwise(known):
        if later.is_before(earlier):
            msg = f"{later} lies before {earlier}; signed, in force and until must follow one another"
            raise ValueError(msg)


def _listed(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.split(";") if word.strip())


# --- the bibliography


def read_bibliography(path: Path) -> dict[str, Source]:
    """Read a BibTeX file of one field a line, each value in braces.

    Raises
    ------
    CompileError
        The file cannot be read, a key is used twice, or an entry has no title.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        msg = f"cannot read {path.name}: {getattr(error, 'strerror', None) or error}"
        raise CompileError(msg) from error
    entries = [(found["key"], _fields(found["body"])) for found in _ENTRY.finditer(text)]
    twice = [key for key, count in Counter(key for key, _ in entries).items() if count > 1]
    if twice:
        msg = f"{path.name} uses a key twice: {list_ids(twice)}; give each entry its own"
        raise CompileError(msg)
    untitled = [key for key, fields in entries if not fields.get("title")]
    if untitled:
        msg = (
            f"{path.name} has entries without a title: {list_ids(untitled)}; write title = {{…}} on one line"
        )
        raise CompileError(msg)
    return {
        key: Source(key, fields["title"], fields.get("url"), fields.get("note", ""))
        for key, fields in entries
    }


def _fields(body: str) -> dict[str, str]:
    found = (_FIELD.match(line) for line in body.splitlines())
    return {item["name"]: item["value"] for item in found if item is not None}


# --- what points where


def dangling(
    registers: Registers,
    *,
    instruments: Iterable[str],
    places: Iterable[str],
    territories: Iterable[str],
    segments: Iterable[str],
    holders: Iterable[str],
) -> list[tuple[str, str, list[str]]]:
    """Return what the registers name and the dataset does not hold: (where it should be, why, ids)."""
    claims = [parse_formula(item.measure) for item in registers.claims.values() if item.measure]
    events, relations = registers.events.values(), registers.relations.values()
    measured = {name: [word for item in claims for word in getattr(item, name)] for name in MEASURED}
    named: list[tuple[str, str, Iterable[str], Iterable[str | None]]] = [
        ("places.csv", "events happen at places", places, [e.place for e in events]),
        ("instruments/", "events name instruments", instruments, [e.instrument for e in events]),
        ("instruments/", "relations name instruments", instruments, [r.instrument for r in relations]),
        ("places.csv", "claims measure between places", places, measured["places"]),
        ("territories.csv", "claims measure territories", territories, measured["territories"]),
        ("holders.csv", "claims name holders", holders, measured["holders"]),
        ("instruments/", "claims name instruments", instruments, measured["instruments"]),
        ("instruments/", "claims name segments", segments, measured["segments"]),
    ]
    found = [(home, why, sorted({w for w in wanted if w} - set(known))) for home, why, known, wanted in named]
    return [item for item in found if item[2]]


def date_slips(instruments: Iterable[Instrument]) -> list[str]:
    """Return what is wrong with the dates of instruments, one line each.

    Each must be EDTF, and a Julian one the same day as its Gregorian twin, give or take the one day by which
    the copies of a treaty may differ.
    """
    return [
        f"{instrument.id}, {key}: {slip}"
        for instrument in instruments
        for key, text in instrument.dates.items()
        for slip in _slips(key, text, instrument.dates)
    ]


def _slips(key: str, text: str, dates: Mapping[str, str]) -> Iterable[str]:
    try:
        if not key.endswith(JULIAN):
            EdtfDate(text)
            return
        day = julian_to_gregorian(*(int(part) for part in text.split("-")))
        twin = dates.get(key.removesuffix(JULIAN), day.isoformat())
        apart = abs(day.toordinal() - date.fromisoformat(twin).toordinal())
    except (DateError, TypeError, ValueError) as error:
        yield str(error)
        return
    if apart > 1:
        yield f"{text} Julian is {day}, not {twin}"


def cited(registers: Registers) -> set[str]:
    """Return every source key the registers and places.csv cite."""
    records: list[Event | Relation | Claim] = [*registers.events.values(), *registers.relations.values()]
    records += registers.claims.values()
    return {key for record in records for key in record.sources} | registers.cited
