"""Events, relations, claims and sources: read from their files, checked, and what they hold."""

import csv
import shutil
from datetime import date

import pytest

from marchland.compile.authored import read_authored
from marchland.compile.build import build_dataset
from marchland.compile.registers import date_slips, read_bibliography
from marchland.datasets import load
from marchland.dates import EdtfDate
from marchland.errors import CompileError
from marchland.model import Claim, Event, Instrument, Relation, Source

FIRST = date(1640, 1, 1)
EVENT = {
    "id": "fair-1700",
    "edtf": "1700~",
    "title_en": "Fair at the ford",
    "title_ru": "Ярмарка",
    "title_zh": "",
    "description_en": "Both sides trade.",
    "description_ru": "Обе стороны торгуют.",
    "place": "ford",
    "lon": "112.5",
    "lat": "50.25",
    "accuracy_km": "5",
    "instrument": "first-1700",
    "chapter": "3",
    "confidence": "low",
    "sources": "made_up; survey",
}
RELATION = {
    "id": "pact-1700",
    "title_en": "Pact",
    "title_ru": "",
    "title_zh": "约",
    "kind": "alliance",
    "signed": "1700-03",
    "in_force": "1701?",
    "until": "1709-05-01",
    "parties": "Russia;Qing Empire",
    "instrument": "",
    "note": "Secret.",
    "sources": "made_up",
}
CLAIM = {
    "id": "middle-area",
    "kind": "area_km2",
    "subject_en": "The middle",
    "published": "about 10",
    "low": "9.5",
    "high": "10.5",
    "measure": "territories:middle on=1700-12-31",
    "as_of": "170X",
    "sources": "survey",
    "explanation": "",
}
FILES = {"events.csv": EVENT, "relations.csv": RELATION, "claims.csv": CLAIM}


@pytest.fixture
def root(small_sources, tmp_path):
    copy = shutil.copytree(small_sources, tmp_path / "small")
    instruments = sorted(path.stem for path in (copy / "instruments").glob("*.toml"))
    EVENT["instrument"] = instruments[0]
    with (copy / "sources.bib").open("a", encoding="utf-8") as stream:
        stream.write(
            "\n@misc{survey,\n  title = {A {survey}, of sorts},\n  url = {https://example.org/a}\n}\n"
        )
    return copy


@pytest.fixture
def write(root):
    """Write the three registers, one row each, some cells changed."""

    def writer(name=None, **changes):
        for file, row in FILES.items():
            cells = {**row, **(changes if file == name else {})}
            with (root / file).open("w", encoding="utf-8", newline="") as stream:
                table = csv.DictWriter(stream, list(cells))
                table.writeheader()
                table.writerow(cells)
        return read_authored(root, first_date=FIRST).registers

    return writer


def test_rows_become_the_model(write):
    registers = write()
    assert registers.events == {
        "fair-1700": Event(
            "fair-1700",
            {"en": "Fair at the ford", "ru": "Ярмарка"},
            "1700~",
            {"en": "Both sides trade.", "ru": "Обе стороны торгуют."},
            "ford",
            112.5,
            50.25,
            5.0,
            EVENT["instrument"],
            3,
            "low",
            ("made_up", "survey"),
        )
    }
    assert registers.events["fair-1700"].when == EdtfDate("1700~")
    assert registers.relations == {
        "pact-1700": Relation(
            "pact-1700",
            {"en": "Pact", "zh": "约"},
            "alliance",
            "1700-03",
            "1701?",
            "1709-05-01",
            ("Russia", "Qing Empire"),
            None,
            "Secret.",
            ("made_up",),
        )
    }
    assert registers.claims == {
        "middle-area": Claim(
            "middle-area",
            "area_km2",
            "The middle",
            "about 10",
            9.5,
            10.5,
            "territories:middle on=1700-12-31",
            "170X",
            ("survey",),
        )
    }


def test_a_dataset_may_do_without_them(root):
    registers = read_authored(root, first_date=FIRST).registers
    assert (registers.events, registers.relations, registers.claims) == ({}, {}, {})


def test_they_come_through_the_build(write, root):
    registers = write()
    build_dataset(root)
    composite = load(root)
    assert composite.events == registers.events
    assert composite.relations == registers.relations
    assert composite.claims == registers.claims
    assert composite.bibliography["survey"] == Source(
        "survey", "A {survey}, of sorts", "https://example.org/a"
    )


@pytest.mark.parametrize(
    ("name", "changes", "complaint"),
    [
        ("events.csv", {"edtf": "1700-13"}, "events.csv, fair-1700: there is no day"),
        ("events.csv", {"edtf": "about 1700"}, "events.csv, fair-1700: cannot read 'about 1700'"),
        ("events.csv", {"title_en": ""}, "events.csv, fair-1700: it has no English title"),
        ("events.csv", {"lon": ""}, "events.csv, fair-1700: could not convert"),
        ("events.csv", {"chapter": "third"}, "events.csv, fair-1700: invalid literal"),
        ("events.csv", {"place": "fort"}, "events happen at places that places.csv does not hold: fort"),
        ("events.csv", {"instrument": "x-1"}, "events name instruments that instruments/ does not hold: x-1"),
        (
            "events.csv",
            {"sources": "made_up;hearsay"},
            "records cite sources that sources.bib does not hold: hearsay",
        ),
        ("relations.csv", {"signed": ""}, "relations.csv, pact-1700: cannot read ''"),
        ("relations.csv", {"until": "1700-02-01"}, "1700-02-01 lies before 1701"),
        ("relations.csv", {"in_force": "1699"}, "1699 lies before 1700-03"),
        (
            "relations.csv",
            {"instrument": "x-1"},
            "relations name instruments that instruments/ does not hold",
        ),
        ("relations.csv", {"sources": "hearsay"}, "sources.bib does not hold: hearsay"),
        ("claims.csv", {"kind": "volume"}, "claims.csv, middle-area: no kind 'volume'"),
        ("claims.csv", {"low": "11"}, "the range starts at 11 above its end 10.5"),
        ("claims.csv", {"measure": "area:middle"}, "claims.csv, middle-area: no measure 'area'"),
        ("claims.csv", {"measure": "territories:west"}, "claims measure territories that territories.csv"),
        ("claims.csv", {"measure": "distance:ford,fort"}, "claims measure between places that places.csv"),
        ("claims.csv", {"measure": "border:russia,elves"}, "holders that holders.csv does not hold: elves"),
        (
            "claims.csv",
            {"measure": "frontier:1700-12-31 segments=x/1"},
            "segments that instruments/ does not",
        ),
        ("claims.csv", {"measure": "frontier:1700-12-31 instruments=x"}, "claims name instruments that"),
        ("claims.csv", {"as_of": "long ago"}, "claims.csv, middle-area: cannot read 'long ago'"),
        ("claims.csv", {"sources": "hearsay"}, "sources.bib does not hold: hearsay"),
    ],
)
def test_a_slip_is_told_with_its_file_and_id(write, name, changes, complaint):
    with pytest.raises(CompileError) as caught:
        write(name, **changes)
    assert complaint in str(caught.value)


@pytest.mark.parametrize(
    ("old", "new"),
    [("@misc{survey,", "@misc{made_up,"), ("  title = {A {survey}, of sorts},\n", "")],
    ids=["twice", "untitled"],
)
def test_a_broken_bibliography(root, old, new):
    path = root / "sources.bib"
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    with pytest.raises(
        CompileError, match=r"sources\.bib (uses a key twice: made_up|has entries without a title: survey)"
    ):
        read_bibliography(path)


def test_no_bibliography(root):
    (root / "sources.bib").unlink()
    with pytest.raises(CompileError, match=r"cannot read sources\.bib"):
        read_authored(root, first_date=FIRST)


@pytest.mark.parametrize(
    ("dates", "slips"),
    [
        ({"signed": "1860-11-14", "signed_julian": "1860-11-02"}, []),
        ({"signed": "1689-09-07", "signed_julian": "1689-08-27"}, []),  # the copies differ by a day
        ({"signed": "1860-11-14", "signed_julian": "1860-11-04"}, ["1860-11-04 Julian is 1860-11-16"]),
        ({"signed": "1860-11-14", "signed_julian": "1860-02-30"}, ["1860-2-30 is no day"]),
        ({"signed": "1860-11-14", "signed_julian": "1860"}, ["missing 2 required"]),
        ({"signed": "14 November 1860"}, ["cannot read '14 November 1860'"]),
        ({"marked": "1869/1870", "marked_julian": "1869-08-01"}, ["1869/1870"]),
        ({"only_julian": "1900-02-29"}, []),  # a leap day that the Gregorian calendar has not
    ],
)
def test_dates_of_instruments(dates, slips):
    instrument = Instrument("x-1", {"en": "X"}, "treaty", None, "in force", dates=dates)
    found = date_slips([instrument])
    assert len(found) == len(slips)
    assert all(slip in line and line.startswith("x-1, ") for slip, line in zip(slips, found, strict=True))


@pytest.mark.parametrize(
    ("day", "covered"),
    [
        (date(1700, 12, 31), False),
        (date(1701, 1, 1), True),  # in force some day of 1701: it may have been so from the first
        (date(1709, 4, 30), True),
        (date(1709, 5, 1), False),
    ],
)
def test_when_a_relation_is_in_force(write, day, covered):
    assert write().relations["pact-1700"].covers(day) is covered


def test_what_never_came_into_force_covers_nothing():
    unborn = Relation("x", {"en": "X"}, "border", "1879-10-02", None, None)
    assert not unborn.covers(date(1880, 1, 1))
    lasting = Relation("y", {"en": "Y"}, "border", "1860-11-14", "1860-11-14", None)
    assert lasting.covers(date(2020, 1, 1))


# --- what the built-in dataset holds


def test_every_event_is_there(built_in):
    assert len(built_in.events) >= 55
    chapters = [e for e in built_in.events.values() if e.chapter is not None]
    chapters.sort(key=lambda event: event.chapter)
    assert [event.chapter for event in chapters] == list(range(1, 13))
    starts = [event.when.earliest for event in chapters]
    assert starts == sorted(starts)
    assert chapters[1].id == chapters[1].instrument == "nerchinsk-1689"
    assert all(
        set(event.names) == {"en", "ru", "zh"} == set(event.texts) for event in built_in.events.values()
    )


def test_the_day_of_an_event_is_that_of_its_instrument(built_in):
    for key in ("nerchinsk-1689", "aigun-1858", "peking-1860", "liaodong-1898"):
        assert built_in.events[key].when.may_be(built_in.instruments[key].date)
    assert built_in.events["st-petersburg-1881"].edtf == built_in.instruments["st-petersburg-1881"].signed


def test_relations_are_those_of_their_date(built_in):
    assert len(built_in.relations) >= 40

    def in_force(day):
        return {key for key, relation in built_in.relations.items() if relation.covers(day)}

    assert in_force(date(1700, 1, 1)) == {"nerchinsk-1689"}
    assert {"alliance-1950"} == {key for key in in_force(date(1960, 1, 1)) if key.startswith("alliance")}
    assert "livadia-1879" not in set().union(*(in_force(date(year, 7, 1)) for year in range(1879, 1890)))
    assert {"eastern-section-1991", "good-neighbours-2001"} <= in_force(date(2010, 1, 1))
    assert "eastern-section-1991" not in in_force(date(1992, 3, 15))


def test_the_gazetteer_names_places_in_three_languages(built_in):
    named = [place for place in built_in.places.values() if place.kind != "node"]
    assert len(named) >= 300
    assert sum({"en", "ru", "zh", "pinyin"} <= set(place.names) for place in named) >= 300
    silent = [
        place.id for place in built_in.places.values() if "zh" in place.names and "pinyin" not in place.names
    ]
    assert silent == []
    assert all(place.accuracy_km > 0 for place in built_in.places.values())


def test_a_name_means_one_place(built_in):
    from marchland.versions import fold

    spellings: dict[str, set[str]] = {}
    for place in built_in.places.values():
        for word in (place.id, *place.names.values(), *place.aliases):
            spellings.setdefault(fold(word), set()).add(place.id)
    assert {word: ids for word, ids in spellings.items() if len(ids) > 1} == {}
