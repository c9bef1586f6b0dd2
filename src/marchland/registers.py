"""Tables of the records: treaties, events, relations of the powers, published figures."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from marchland.model import name_in
from marchland.tables import Answer, Column, Table, Value, table
from marchland.treaties import old_style

if TYPE_CHECKING:
    from marchland.claims import Finding
    from marchland.composite import SpaceTimeComposite
    from marchland.model import Event, Relation
    from marchland.treaties import TreatyRecord
    from marchland.validation import Report

DATES = (Column("event"), Column("date"), Column("julian"))
ARTICLES = (Column("article"), Column("text"))
SEGMENTS = (
    Column("segment"),
    Column("article"),
    Column("rule"),
    Column("stage"),
    Column("from"),
    Column("to"),
    Column("since"),
    Column("until"),
    Column("length_km", 2),
    Column("sigma_km", 2),
)
MOVED = (
    Column("territory"),
    Column("basis"),
    Column("date"),
    Column("from"),
    Column("to"),
    Column("status_from"),
    Column("status_to"),
    Column("area_km2", 2),
    Column("sigma_km2", 2),
    Column("certainty"),
)
TOTALS = (
    Column("date"),
    Column("basis"),
    Column("from"),
    Column("to"),
    Column("status_to"),
    Column("area_km2", 2),
    Column("sigma_km2", 2),
)
SOURCES = (Column("key"), Column("title"), Column("url"))
EVENTS = (
    Column("date"),
    Column("julian"),
    Column("chapter"),
    Column("title"),
    Column("place"),
    Column("instrument"),
    Column("id"),
)
EVENT_DETAILS = (Column("text"), Column("lon", 3), Column("lat", 3), Column("confidence"), Column("sources"))
RELATIONS = (
    Column("signed"),
    Column("julian"),
    Column("in_force"),
    Column("until"),
    Column("kind"),
    Column("title"),
    Column("parties"),
    Column("instrument"),
    Column("id"),
)
RELATION_DETAILS = (Column("note"), Column("sources"))
CLAIMS = (
    Column("id"),
    Column("published"),
    Column("dataset", 1),
    Column("sigma", 1),
    Column("verdict"),
)
CLAIM_DETAILS = (
    Column("id"),
    Column("kind"),
    Column("subject"),
    Column("published"),
    Column("low", 2),
    Column("high", 2),
    Column("dataset", 2),
    Column("sigma", 2),
    Column("verdict"),
    Column("as_of"),
    Column("measure"),
    Column("sources"),
    Column("explanation"),
)
ISSUES = (Column("severity"), Column("code"), Column("id"), Column("message"))
EXPLANATIONS = (Column("id"), Column("subject"), Column("explanation"))


def treaty_answer(record: "TreatyRecord", *, lang: str = "en") -> Answer:
    """Return the record of an instrument.

    Its days, articles, segments (lengths and the σ of position in km), the land it moved (km², territory by
    territory and summed) and its sources.

    Parameters
    ----------
    record
        As :func:`marchland.treaties.treaty_record` gives it.
    lang
        Language of its title.
    """
    instrument = record.instrument
    others = [name for key, name in instrument.names.items() if name != name_in(instrument.names, lang)]
    heading = [
        " · ".join([name_in(instrument.names, lang), *others]),
        f"{instrument.kind}, {instrument.status}: {'; '.join(instrument.parties)}",
        instrument.note,
    ]
    total: tuple[Value, ...] = (
        *("total", *(None,) * 7),
        round(sum(segment.length_km for segment in record.segments), 2),
        None,
    )
    segments = table("segments", "Its line", SEGMENTS, map(_segment, record.segments))
    tables = (
        table("dates", "\n".join(line for line in heading if line), DATES, map(_fields, record.dates)),
        Table(
            segments.key, segments.title, segments.columns, segments.rows, total if segments.rows else None
        ),
        table("moved", "Land it moved", MOVED, map(_fields, record.moved)),
        table("totals", "Land it moved, summed", TOTALS, map(_fields, record.totals)),
        table(
            "articles",
            "Its articles",
            ARTICLES,
            ({"article": a.ref, "text": a.text} for a in instrument.articles),
        ),
        table("sources", "Sources", SOURCES, map(_fields, record.sources)),
    )
    head: dict[str, Value] = {
        "id": instrument.id,
        "title": name_in(instrument.names, lang),
        "kind": instrument.kind,
        "status": instrument.status,
        "date": instrument.date.isoformat() if instrument.date else None,
        "until": instrument.until.isoformat() if instrument.until else None,
        "parties": instrument.parties,
        "aliases": instrument.aliases,
        "note": instrument.note or None,
    }
    days = [instrument.date] if instrument.date else []
    return Answer(tables, record.composite.stamp(days, None), head)


def events_answer(
    composite: "SpaceTimeComposite", events: Sequence["Event"], *, lang: str = "en", details: bool = False
) -> Answer:
    """Return events in the order given: dates in EDTF, beside them the Julian day while Russia used it.

    ``details`` adds what happened, where (WGS 84 degrees) and the sources; ``lang`` is that of titles and
    places.
    """

    def records() -> Iterable[dict[str, Any]]:
        for event in events:
            place = composite.places[event.place] if event.place else None
            yield {
                **_fields(event),
                "date": event.edtf,
                "julian": old_style(event.edtf),
                "title": name_in(event.names, lang),
                "text": name_in(event.texts, lang),
                "place": name_in(place.names, lang) if place else None,
            }

    columns = (*EVENTS, *EVENT_DETAILS) if details else EVENTS
    return Answer((table("rows", "Events", columns, records()),), composite.stamp((), None))


def relations_answer(
    composite: "SpaceTimeComposite",
    relations: Sequence["Relation"],
    *,
    when: date | None = None,
    lang: str = "en",
    details: bool = False,
) -> Answer:
    """Return treaties between the powers in the order given.

    Parameters
    ----------
    composite, relations
        The dataset and the rows of it that are wanted.
    when
        The date they are in force on, None if that was not asked.
    lang
        Language of the titles.
    details
        Add the note and the sources.
    """

    def records() -> Iterable[dict[str, Any]]:
        for relation in relations:
            title = name_in(relation.names, lang)
            yield {**_fields(relation), "julian": old_style(relation.signed), "title": title}

    columns = (*RELATIONS, *RELATION_DETAILS) if details else RELATIONS
    title = f"Treaties in force on {when.isoformat()}" if when else "Treaties between the powers"
    rows = table("rows", title, columns, records())
    return Answer((rows,), composite.stamp([when] if when else [], None))


def claims_answer(
    composite: "SpaceTimeComposite",
    findings: Sequence["Finding"],
    *,
    details: bool = False,
    explain: bool = False,
) -> Answer:
    """Return published figures beside the dataset's: km², km, or what the claim says; σ is one deviation.

    ``details`` adds subject, range, formula, sources and explanation to the rows; ``explain`` has the
    explanations in a table of their own.
    """
    columns = CLAIM_DETAILS if details else CLAIMS
    title = "Published figures, and what the dataset gives"
    tables = [table("rows", title, columns, map(_finding, findings))]
    if explain:
        rows = (_finding(finding) for finding in findings if finding.claim.explanation)
        tables.append(table("explanations", "Why", EXPLANATIONS, rows))
    return Answer(tuple(tables), composite.stamp((), None))


def issues_answer(report: "Report") -> Answer:
    """Return what a validation found, the gravest first, and how many of each severity."""
    counts: dict[str, Value] = {f"{name}s": len(report.of(name)) for name in ("error", "warning")}
    counts["notes"] = len(report.of("info"))
    told = ", ".join(f"{count} {name if count != 1 else name[:-1]}" for name, count in counts.items())
    rows = table("rows", f"{report.stamp['dataset']}: {told}", ISSUES, map(_fields, report.issues))
    return Answer((rows,), report.stamp, counts)


# --- rows


def _fields(row: object) -> dict[str, Any]:
    """Return a record as a mapping, holders under the names their columns have."""
    names: Mapping[str, object] = getattr(type(row), "__dataclass_fields__", {})
    found = {_COLUMN_OF.get(name, name): getattr(row, name) for name in names}
    return {name: None if value in {"", ()} else value for name, value in found.items() if _plain(value)}


_COLUMN_OF = {"from_holder": "from", "to_holder": "to"}


def _plain(value: object) -> bool:
    return not isinstance(value, Mapping)


def _segment(row: object) -> dict[str, Any]:
    found = _fields(row)
    return {**found, "from": found["start"], "to": found["end"]}


def _finding(finding: "Finding") -> dict[str, Any]:
    figure = finding.figure
    return {
        **_fields(finding.claim),
        "dataset": figure.value if figure else None,
        "sigma": figure.sigma if figure else None,
        "verdict": finding.verdict,
    }
