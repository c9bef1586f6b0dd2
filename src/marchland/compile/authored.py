"""The authored files of a dataset, read into the model and held against one another."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from marchland.compile import tables
from marchland.compile.completion import complete_tenures, read_otherwise
from marchland.compile.instruments import Clause, read_instruments
from marchland.compile.registers import Registers, cited, dangling, date_slips, read_registers
from marchland.compile.tables import Box, Row, read_rows, read_table
from marchland.compile.wordings import check_wordings, read_wordings
from marchland.errors import CompileError, list_ids
from marchland.model import Holder, Instrument, Place, Reading, Tenure, Territory, Wording

__all__ = ["Authored", "Clause", "Reference", "read_authored"]


@dataclass(frozen=True, slots=True)
class Reference:
    """A feature that bounds territories but is drawn by no clause of this frontier.

    It counts whole, or onwards from the place ``start`` on it.
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
    masks: dict[str, Box]
    places: dict[str, Place]
    instruments: dict[str, Instrument]
    clauses: tuple[Clause, ...]
    tenures: tuple[Tenure, ...]
    references: tuple[Reference, ...]
    backdrop: dict[str, tuple[float, float]]
    readings: tuple[Reading, ...] = ()
    wordings: dict[str, Wording] = field(default_factory=dict)
    registers: Registers = field(default_factory=Registers)


def read_authored(root: Path, *, first_date: date) -> Authored:
    """Read a dataset folder's authored files.

    Raises
    ------
    CompileError
        A file is missing or malformed, an id is used twice, or a reference points nowhere; the message names
        file and id.
    """
    instruments, clauses = read_instruments(root / "instruments")
    masks = read_table(root, "territories.csv", tables.mask)
    authored = Authored(
        holders=tables.holders(root),
        territories=read_table(root, "territories.csv", tables.territory),
        masks={key: box for key, box in masks.items() if box is not None},
        places=read_table(root, "places.csv", tables.place),
        instruments=instruments,
        clauses=clauses,
        tenures=complete_tenures(tables.tenures(root), first_date=first_date),
        readings=_readings(root, first_date),
        wordings=read_wordings(root),
        references=tuple(_references(root)),
        backdrop=read_table(root, "backdrop.csv", tables.point),
        registers=read_registers(root),
    )
    _check_references(authored)
    _check_registers(authored)
    check_wordings(
        authored.wordings,
        segments=(clause.segment for clause in authored.clauses),
        tenures=[*authored.tenures, *(t for reading in authored.readings for t in reading.tenures)],
        territories=authored.territories.values(),
    )
    return authored


def _references(root: Path) -> Iterable[Reference]:
    def make(row: Row) -> Reference:
        return Reference(row["feature"], float(row["sigma_km"]), row["start"] or None)

    for row in read_rows(root, "reference.csv"):
        yield tables.made(make, row, f"reference.csv, {row.get('feature')}")


def _readings(root: Path, first_date: date) -> tuple[Reading, ...]:
    patches: dict[tuple[str, str], list[Tenure]] = {}
    for question, answer, tenure in tables.readings(root):
        patches.setdefault((question, answer), []).append(tenure)
    authored = tables.tenures(root)
    return tuple(
        Reading(question, answer, read_otherwise(authored, rows, first_date=first_date))
        for (question, answer), rows in sorted(patches.items())
    )


def _check_references(data: Authored) -> None:
    ends = [end for clause in data.clauses for end in (clause.start, clause.end)]
    ends += [item.start for item in data.references if item.start]
    _must_exist("places.csv", ends, data.places, "segments end at places")
    tenures = [*data.tenures, *(t for reading in data.readings for t in reading.tenures)]
    owners = (t.territory for t in tenures)
    _must_exist("territories.csv", owners, data.territories, "tenures are of territories")
    _must_exist("holders.csv", (t.holder for t in tenures if t.holder), data.holders, "tenures name holders")
    used = (t.instrument for t in tenures if t.instrument)
    _must_exist("instruments/", used, data.instruments, "tenures name instruments")
    without = [key for key in data.territories if key not in {t.territory for t in data.tenures}]
    if without:
        msg = f"territories without a tenure: {list_ids(without)}; add rows to tenures.csv"
        raise CompileError(msg)


def _check_registers(data: Authored) -> None:
    segments = [clause.segment for clause in data.clauses]
    missing = dangling(
        data.registers,
        instruments=data.instruments,
        places=data.places,
        territories=data.territories,
        segments=[segment.id for segment in segments],
        holders=data.holders,
    )
    for home, why, ids in missing:
        _must_exist(home, ids, (), why)
    keys = {key for segment in segments for key in segment.sources}
    keys |= {key for instrument in data.instruments.values() for key in instrument.sources}
    bibliography = data.registers.bibliography
    _must_exist("sources.bib", keys | cited(data.registers), bibliography, "records cite sources")
    slips = date_slips(data.instruments.values())
    if slips:
        msg = (
            f"instruments with dates that cannot be: {list_ids(slips)}; write EDTF, Julian days as YYYY-MM-DD"
        )
        raise CompileError(msg)


def _must_exist(home: str, wanted: Iterable[str], known: Iterable[str], why: str) -> None:
    missing = sorted(set(wanted) - set(known))
    if missing:
        msg = f"{why} that {home} does not hold: {list_ids(missing)}; add them or mend the spelling"
        raise CompileError(msg)
