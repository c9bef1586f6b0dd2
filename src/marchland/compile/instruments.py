"""The authored instruments: one TOML file each, clause by clause."""

import tomllib
from collections import Counter
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from marchland.compile.tables import made
from marchland.errors import CompileError, list_ids
from marchland.model import Article, Instrument, Rule, Segment, Stage, reach_km

INSTRUMENT_KEYS = frozenset(
    {
        "id",
        "kind",
        "status",
        "date",
        "until",
        "frontier",
        "aliases",
        "parties",
        "sources",
        "note",
        "names",
        "dates",
        "articles",
        "segments",
    }
)
SEGMENT_KEYS = frozenset(
    {
        "id",
        "article",
        "rule",
        "feature",
        "along",
        "from",
        "to",
        "from_on",
        "to_on",
        "via",
        "since",
        "until",
        "stage",
        "sigma_km",
        "correlation_km",
        "overshoot_km",
        "buffer_km",
        "sources",
        "note",
    }
)


@dataclass(frozen=True, slots=True)
class Clause:
    """A segment together with what its rule needs to be executed.

    ``start``/``end`` are place ids; ``along`` names a feature of the base layers (``layer/id``), None where
    the line runs through ``via`` (lon, lat in degrees) alone; ``start_on``/``end_on`` put an end on
    a feature that the line itself does not follow. ``overshoot_km`` carries both ends on as the line runs,
    past a coast; ``buffer_km`` takes the outline of a strip that far to either side instead of the line.
    """

    segment: Segment
    start: str
    end: str
    along: str | None
    via: tuple[tuple[float, float], ...] = ()
    overshoot_km: float = 0.0
    buffer_km: float = 0.0
    start_on: str | None = None
    end_on: str | None = None

    @property
    def anchors(self) -> tuple[tuple[str, str], ...]:
        """(feature, place) for every feature that an end lies on."""
        ends = (
            (self.along, self.start),
            (self.along, self.end),
            (self.start_on, self.start),
            (self.end_on, self.end),
        )
        return tuple((feature, place) for feature, place in ends if feature is not None)


def read_instruments(folder: Path) -> tuple[dict[str, Instrument], tuple[Clause, ...]]:
    """Read every instrument of a folder, in order of file names.

    Raises
    ------
    CompileError
        A file cannot be read or is malformed; the message names it, and the clause.
    """
    instruments: dict[str, Instrument] = {}
    clauses: list[Clause] = []
    for path in sorted(folder.glob("*.toml")):
        where = f"instruments/{path.name}"
        try:
            record = tomllib.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            msg = f"cannot read {where}: {error}"
            raise CompileError(msg) from error
        instrument = made(_instrument, record, where)
        if instrument.id != path.stem:
            msg = f"{where} has the id {instrument.id!r}; file and id must agree"
            raise CompileError(msg)
        instruments[instrument.id] = instrument
        clauses += _clauses(record.get("segments", []), instrument)
    return instruments, tuple(clauses)


def _clauses(items: list[dict[str, Any]], instrument: Instrument) -> list[Clause]:
    clauses = [
        made(lambda item: _clause(item, instrument), item, f"{instrument.id}/{item.get('id')}")
        for item in items
    ]
    twice = [key for key, count in Counter(c.segment.id for c in clauses).items() if count > 1]
    if twice:
        msg = f"{instrument.id} uses a segment id twice: {list_ids(twice)}; give each its own"
        raise CompileError(msg)
    return clauses


def _known(record: dict[str, Any], keys: frozenset[str]) -> None:
    """Refuse a misspelt key, which would otherwise change history without a word."""
    unknown = sorted(set(record) - keys)
    if unknown:
        msg = f"it has an unknown key {unknown[0]!r}; there are {', '.join(sorted(keys))}"
        raise ValueError(msg)


def _day(record: dict[str, Any], key: str) -> date | None:
    value = record.get(key)
    if value is not None and not isinstance(value, date):
        msg = f"{key} is {value!r}; write a date without quotes, as in 1858-05-28"
        raise TypeError(msg)
    return value


def _instrument(record: dict[str, Any]) -> Instrument:
    _known(record, INSTRUMENT_KEYS)
    dates = {key: str(value) for key, value in record["dates"].items()}
    if "en" not in record["names"]:
        msg = "it has no English name"
        raise ValueError(msg)
    return Instrument(
        id=record["id"],
        names=record["names"],
        kind=record["kind"],
        date=_day(record, "date"),
        status=record["status"],
        signed=dates.get("signed"),
        in_force=dates.get("in_force"),
        until=_day(record, "until"),
        parties=tuple(record["parties"]),
        aliases=tuple(record.get("aliases", [])),
        dates=dates,
        articles=tuple(Article(item["ref"], item["text"]) for item in record["articles"]),
        sources=tuple(record["sources"]),
        note=record.get("note", ""),
        frontier=record.get("frontier", True),
    )


def _clause(item: dict[str, Any], instrument: Instrument) -> Clause:
    _known(item, SEGMENT_KEYS)
    if "along" in item and set(item) & {"via", "overshoot_km", "buffer_km"}:
        msg = "what runs along a feature takes no via, overshoot_km or buffer_km of its own"
        raise ValueError(msg)
    since = _day(item, "since") or instrument.date
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
        until=_day(item, "until") or instrument.until,
        note=item.get("note", ""),
        sources=tuple(item["sources"]),
        correlation_km=reach_km(float(item["sigma_km"]), item.get("correlation_km")),
    )
    return Clause(
        segment=segment,
        start=item["from"],
        end=item["to"],
        along=item.get("along"),
        via=tuple((float(lon), float(lat)) for lon, lat in item.get("via", [])),
        start_on=item.get("from_on"),
        end_on=item.get("to_on"),
        overshoot_km=float(item.get("overshoot_km", 0.0)),
        buffer_km=float(item.get("buffer_km", 0.0)),
    )
