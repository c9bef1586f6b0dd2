"""An instrument as a record: both calendars, its line as compiled, the land it moved."""

import runpy
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from marchland.errors import NotFoundError
from marchland.model import Basis, Source, Status, Tenure
from marchland.treaties import Dating, Moved, MovedTotal, datings, old_style, treaty_record

_SQUARES = runpy.run_path(str(Path(__file__).parents[1] / "cli" / "conftest.py"))["toy_composite"]
SIGMA_KM2 = 7.91  # 2.5 km on both arcs: 2.5 √(4 + 4 + 2)


@pytest.fixture(scope="module")
def squares():
    return _SQUARES()


@pytest.mark.parametrize(
    ("edtf", "julian"),
    [
        ("1689-09-07", "1689-08-28"),
        ("1728-06-25", "1728-06-14"),
        ("1860-11-14", "1860-11-02"),
        ("1900-03-13", "1900-02-29"),  # the day the two calendars moved to thirteen days apart
        ("1900-03-14", "1900-03-01"),
        ("1911-12-20", "1911-12-07"),
        ("1918-02-13", "1918-01-31"),
        ("1918-02-14", None),
        ("1945-08-14", None),
        ("1860-11", None),
        ("1860-11-14/1861-01-01", None),
    ],
)
def test_the_julian_day(edtf, julian):
    assert old_style(edtf) == julian


def test_dates_are_in_order_with_the_julian_day_beside_them():
    found = datings(
        {
            "exchanged": "1881-08-19",
            "signed": "1881-02-24",
            "signed_julian": "1881-02-12",
            "handover": "1882-03-22",
            "demarcated": "1882/1884",
        }
    )
    assert found == (
        Dating("signed", "1881-02-24", "1881-02-12"),
        Dating("exchanged", "1881-08-19", "1881-08-07"),
        Dating("demarcated", "1882/1884", None),
        Dating("handover", "1882-03-22", "1882-03-10"),
    )


def test_the_day_a_text_gives_goes_before_the_reckoned_one():
    found = datings({"signed": "1689-09-07", "signed_julian": "1689-08-27"})
    assert found == (Dating("signed", "1689-09-07", "1689-08-27"),)


def test_the_line_as_compiled(squares):
    (segment,) = treaty_record(squares, "nerchinsk").segments
    assert (segment.segment, segment.length_km, segment.sigma_km) == ("nerchinsk-1", 111.25, 2.5)
    assert treaty_record(squares, "peking").segments == ()


def test_the_land_it_moved_is_told_once_if_both_bases_agree(squares):
    record = treaty_record(squares, "Пекинский договор")
    (right,) = record.moved  # in fact it was Russian before, and is now so in the same way
    assert right == Moved(
        "east",
        Basis.DE_JURE,
        date(1860, 11, 14),
        None,
        "russia",
        Status.UNDELIMITED,
        Status.SOVEREIGN,
        7_900.25,
        SIGMA_KM2,
        "high",
    )
    assert record.totals == (
        MovedTotal(date(1860, 11, 14), Basis.DE_JURE, None, "russia", Status.SOVEREIGN, 7_900.25, SIGMA_KM2),
    )


def test_a_change_both_bases_share_is_told_by_right(squares):
    start = date(1900, 1, 1)
    both = [Tenure("west", "china", Status.SOVEREIGN, basis, start, None, "peking-1860") for basis in Basis]
    kept = [replace(t, end=start) if t.territory == "west" else t for t in squares.tenures]
    record = treaty_record(replace(squares, tenures=(*kept, *both)), "peking-1860")
    assert [(m.territory, m.basis) for m in record.moved if m.territory == "west"] == [
        ("west", Basis.DE_JURE)
    ]


def test_a_tenure_confirmed_moves_nothing(squares):
    start = date(1900, 1, 1)
    kept = [replace(t, end=start) if t.territory == "west" else t for t in squares.tenures]
    again = [Tenure("west", "russia", Status.SOVEREIGN, basis, start, None, "peking-1860") for basis in Basis]
    record = treaty_record(replace(squares, tenures=(*kept, *again)), "peking-1860")
    assert {item.territory for item in record.moved} == {"east"}


def test_what_was_never_in_force_moved_nothing(squares):
    record = treaty_record(squares, "livadia")
    assert (record.dates, record.segments, record.moved, record.totals) == ((), (), (), ())


def test_sources_resolve_or_stand_as_their_key(squares):
    instrument = replace(squares.instruments["peking-1860"], sources=("known", "unknown"))
    composite = replace(
        squares,
        instruments={"peking-1860": instrument},
        bibliography={"known": Source("known", "A book", "https://example.org/")},
    )
    assert treaty_record(composite, "peking").sources == (
        Source("known", "A book", "https://example.org/"),
        Source("unknown", "unknown"),
    )


def test_an_unknown_name(squares):
    with pytest.raises(NotFoundError):
        treaty_record(squares, "Westphalia")


# --- the whole frontier


def test_every_instrument_has_a_record(built_in):
    for name in built_in.instruments:
        record = treaty_record(built_in, name)
        assert all(source.title != source.key for source in record.sources), name
        assert all(moved.area_km2 > 0 and moved.sigma_km2 >= 0 for moved in record.moved), name


@pytest.mark.parametrize("name", ["kyakhta-1727", "hunchun-1886", "peking-1860", "st-petersburg-1881"])
def test_every_clause_drew_a_line(built_in, name):
    assert all(segment.length_km > 0 for segment in treaty_record(built_in, name).segments)


def test_aigun_moved_the_left_bank(built_in):
    totals = {(t.from_holder, t.to_holder): t for t in treaty_record(built_in, "aigun-1858").totals}
    gained = totals["china", "russia"]
    assert gained.area_km2 == pytest.approx(583_200, abs=15_000)
    assert gained.date == date(1858, 5, 28)
    assert 1_000 < gained.sigma_km2 < 10_000
    assert totals["china", "china+russia"].area_km2 == pytest.approx(310_200, abs=5_000)


def test_st_petersburg_is_dated_in_both_calendars(built_in):
    dates = {d.event: (d.date, d.julian) for d in treaty_record(built_in, "St Petersburg").dates}
    assert dates["signed"] == ("1881-02-24", "1881-02-12")
    assert dates["exchanged"] == ("1881-08-19", "1881-08-07")
    assert dates["ili_handover"] == ("1882-03-22", "1882-03-10")


def test_livadia_is_kept_and_moved_nothing(built_in):
    record = treaty_record(built_in, "livadia-1879")
    assert record.instrument.date is None
    assert (record.segments, record.moved) == ((), ())
    assert record.dates == (Dating("signed", "1879-10-02", "1879-09-20"),)
