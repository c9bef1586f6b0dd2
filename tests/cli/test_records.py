"""``treaty``, ``events``, ``relations`` and ``claims`` on the toy dataset, and what they refuse."""

import json
from dataclasses import replace

import pytest

from marchland.model import Article, Claim, Event, Place, Relation, Source


def event(key, edtf, title, **more):
    given = {
        "texts": {"en": f"{title}."},
        "place": None,
        "lon": 101.5,
        "lat": 50.5,
        "accuracy_km": 1.0,
        **more,
    }
    return Event(key, {"en": title, "ru": f"{title} по-русски"}, edtf, **given)


EVENTS = (
    event("treaty-1689", "1689-09-07", "Treaty", instrument="nerchinsk-1689", chapter=1, sources=("a", "b")),
    event("early-1582", "1582", "Early"),
    event("war-1868", "1868-04/1868-07", "War", place="vladivostok", chapter=2),
    event("late-2022", "2022-02-24", "Late", chapter=3),
    event("about-1714", "1714~", "About"),
)
RELATIONS = (
    Relation(
        "pact",
        {"en": "Pact"},
        "alliance",
        "1896-06-03",
        "1896-09-08",
        "1911-09-08?",
        ("Russia", "Qing"),
        note="Secret.",
    ),
    Relation(
        "old",
        {"en": "Old treaty"},
        "border",
        "1689-09-07",
        "1689-09-07",
        "1858-05-28",
        instrument="nerchinsk-1689",
    ),
    Relation("unborn", {"en": "Never"}, "border", "1879-10-02", None, None),
)
BOTH = "territories:east+west"
CLAIMS = (
    Claim("east", "area_km2", "The east", "7,900 km²", 7_900, 7_900, "territories:east on=1690-01-01"),
    Claim("all", "area_km2", "Both", "10,000 km²", 10_000, 10_000, BOTH, "1900", ("a",), "It is old."),
    Claim("road", "length_km", "The road", "12.5 km", 12.5, 12.5, explanation="No road is drawn."),
)


@pytest.fixture
def records(toy, monkeypatch):
    """The toy dataset with a few records."""
    instruments = dict(toy.instruments)
    instruments["nerchinsk-1689"] = replace(
        instruments["nerchinsk-1689"],
        names={"en": "Treaty of Nerchinsk", "zh": "尼布楚条约", "pinyin": "Níbùchǔ tiáoyuē"},
        parties=("Russia", "Qing"),
        dates={"signed": "1689-09-07", "signed_julian": "1689-08-27", "marked": "1690~"},
        articles=(Article("1", "Along the river."),),
        sources=("a",),
        note="The first.",
    )
    composite = replace(
        toy,
        instruments=instruments,
        places={**toy.places, "spot": Place("spot", {"en": "Spot"}, 1, 2, 3)},
        events={item.id: item for item in EVENTS},
        relations={item.id: item for item in RELATIONS},
        claims={item.id: item for item in CLAIMS},
        bibliography={"a": Source("a", "A book", "https://example.org/")},
    )
    monkeypatch.setattr("marchland.cli.options.load", lambda *_: composite)
    return composite


pytestmark = pytest.mark.usefixtures("records")


def answer_of(result):
    assert (result.code, result.err) == (0, ""), result.err
    return json.loads(result.out)


# --- treaty


def test_a_treaty_in_full(run):
    document = answer_of(run("treaty", "nerchinsk", "-f", "json"))
    assert list(document) == [
        "id", "title", "kind", "status", "date", "until", "parties", "aliases", "note",
        "dates", "segments", "moved", "totals", "articles", "sources", "stamp",
    ]  # fmt: skip
    assert document["title"] == "Treaty of Nerchinsk"
    assert document["parties"] == ["Russia", "Qing"]
    assert document["dates"] == [
        {"event": "signed", "date": "1689-09-07", "julian": "1689-08-27"},
        {"event": "marked", "date": "1690~", "julian": None},
    ]
    assert document["segments"] == [
        {
            "segment": "nerchinsk-1",
            "article": "1",
            "rule": "river",
            "stage": "allocated",
            "from": "south",
            "to": "north",
            "since": "1689-09-07",
            "until": None,
            "length_km": 111.25,
            "sigma_km": 2.5,
        }
    ]
    assert document["moved"][0]["territory"] == "east"
    assert document["moved"][0]["status_from"] is None  # nothing is known before the first day
    assert document["articles"] == [{"article": "1", "text": "Along the river."}]
    assert document["sources"] == [{"key": "a", "title": "A book", "url": "https://example.org/"}]
    assert document["stamp"]["dates"] == ["1689-09-07"]


def test_a_treaty_to_read(run):
    out = run("treaty", "尼布楚", "--lang", "zh").out
    lines = out.splitlines()
    assert lines[:3] == [
        "尼布楚条约 · Treaty of Nerchinsk · Níbùchǔ tiáoyuē",
        "treaty, superseded: Russia; Qing",
        "The first.",
    ]
    for heading in ("Its line", "Land it moved", "Land it moved, summed", "Its articles", "Sources"):
        assert heading in lines
    assert "1689-08-27" in out


def test_csv_has_the_line(run):
    result = run("treaty", "nerchinsk-1689", "-f", "csv")
    assert result.out.splitlines()[0] == "segment,article,rule,stage,from,to,since,until,length_km,sigma_km"
    assert result.out.splitlines()[1] == "nerchinsk-1,1,river,allocated,south,north,1689-09-07,,111.25,2.50"


def test_a_treaty_never_in_force(run):
    document = answer_of(run("treaty", "livadia", "-f", "json"))
    assert (document["date"], document["stamp"]["dates"]) == (None, [])
    assert (document["segments"], document["moved"]) == ([], [])
    assert "(no rows)" in run("treaty", "livadia").out


def test_an_unknown_treaty(run):
    result = run("treaty", "westphalia")
    assert (result.code, result.out) == (4, "")
    assert result.err.startswith("marchland: no date or version 'westphalia'")


# --- events


def ids(result):
    return [row["id"] for row in answer_of(result)["rows"]]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ((), ["early-1582", "treaty-1689", "about-1714", "war-1868", "late-2022"]),
        (("--chapters",), ["treaty-1689", "war-1868", "late-2022"]),
        (("1868",), ["war-1868"]),
        (("1868-05",), ["war-1868"]),
        (("1868-08",), []),
        (("1689-09-07",), ["treaty-1689"]),
        (("1689-09-08", "1713"), []),
        (("1582", "1714"), ["early-1582", "treaty-1689", "about-1714"]),
        (("nerchinsk", "1868"), ["treaty-1689", "about-1714", "war-1868"]),
        (("1868", "2100", "--chapters"), ["war-1868", "late-2022"]),
        (("18XX",), ["war-1868"]),
        (("1700/1720",), ["about-1714"]),
    ],
)
def test_events_between_two_dates(run, words, found):
    assert ids(run("events", *words, "-f", "json")) == found


def test_an_event_in_full(run):
    row = answer_of(run("events", "1689", "-f", "json"))["rows"][0]
    assert row == {
        "date": "1689-09-07",
        "julian": "1689-08-28",
        "chapter": 1,
        "title": "Treaty",
        "place": None,
        "instrument": "nerchinsk-1689",
        "id": "treaty-1689",
        "text": "Treaty.",
        "lon": 101.5,
        "lat": 50.5,
        "confidence": "high",
        "sources": ["a", "b"],
    }


def test_events_in_another_language(run):
    out = run("events", "1868", "--lang", "ru").out
    assert "War по-русски" in out
    assert "Владивосток" in out


@pytest.mark.parametrize(
    ("words", "code", "complaint"),
    [
        (("1714", "1689"), 2, "1689 lies before 1714"),
        (("1689-13",), 2, "1689-13"),
        (("nowhere",), 4, "no date or version 'nowhere'"),
        (("1600", "1700", "1800"), 2, "unexpected extra argument"),
    ],
)
def test_events_refuse(run, words, code, complaint):
    result = run("events", *words)
    assert (result.code, result.out) == (code, "")
    assert complaint in result.err


# --- relations


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ((), ["old", "unborn", "pact"]),
        (("1900",), ["pact"]),
        (("1896-09-07",), []),
        (("1896-09-08",), ["pact"]),
        (("1911-09-07",), ["pact"]),
        (("1911-09-08",), []),
        (("nerchinsk-1689",), ["old"]),
        (("1858-05-28",), []),
    ],
)
def test_relations_of_a_date(run, words, found):
    assert ids(run("relations", *words, "-f", "json")) == found


def test_a_relation_in_full(run):
    document = answer_of(run("relations", "1900-01-01", "-f", "json"))
    assert document["stamp"]["dates"] == ["1900-01-01"]
    assert document["rows"] == [
        {
            "signed": "1896-06-03",
            "julian": "1896-05-22",
            "in_force": "1896-09-08",
            "until": "1911-09-08?",
            "kind": "alliance",
            "title": "Pact",
            "parties": ["Russia", "Qing"],
            "instrument": None,
            "id": "pact",
            "note": "Secret.",
            "sources": None,
        }
    ]
    assert "note" not in run("relations", "1900").out


def test_relations_refuse_a_date_outside_the_dataset(run):
    assert run("relations", "1500").code == 2


# --- claims


def test_claims_with_their_verdicts(run):
    rows = answer_of(run("claims", "-f", "json"))["rows"]
    assert [(row["id"], row["verdict"]) for row in rows] == [
        ("east", "agrees"),
        ("all", "differs: explained"),
        ("road", "not computed"),
    ]
    assert (rows[0]["dataset"], rows[0]["sigma"]) == (7_900.25, 7.91)
    assert (rows[2]["dataset"], rows[2]["sigma"]) == (None, None)
    assert rows[1] == {
        "id": "all",
        "kind": "area_km2",
        "subject": "Both",
        "published": "10,000 km²",
        "low": 10_000.0,
        "high": 10_000.0,
        "dataset": 15_800.75,
        "sigma": 0.0,
        "verdict": "differs: explained",
        "as_of": "1900",
        "measure": "territories:east+west",
        "sources": ["a"],
        "explanation": "It is old.",
    }


def test_a_claim_by_name_is_explained(run):
    out = run("claims", "all").out
    assert "It is old." in out
    assert "Why" in out
    assert "It is old." not in run("claims").out
    assert run("claims", "all", "-f", "csv").out.count("It is old.") == 1


def test_an_unknown_claim(run):
    result = run("claims", "eest")
    assert (result.code, result.out) == (4, "")
    assert result.err == (
        "marchland: no claim 'eest' in the dataset (see 'marchland claims'); did you mean east?\n"
    )


@pytest.mark.parametrize("command", ["treaty nerchinsk", "events", "relations", "claims"])
@pytest.mark.parametrize("how", ["table", "csv", "json", "md"])
def test_every_form(run, tmp_path, command, how):
    result = run(*command.split(), "-f", how)
    assert (result.code, result.err) == (0, "")
    assert result.out.endswith("\n")
    target = tmp_path / "answer"
    saved = run(*command.split(), "-f", how, "-o", str(target))
    assert saved.out == f"{target}\n"
    assert target.read_text(encoding="utf-8") == result.out
