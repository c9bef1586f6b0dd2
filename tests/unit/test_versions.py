"""A version by any of its names, and what is refused."""

from datetime import date

import pytest

from marchland.errors import DateError, NotFoundError
from marchland.model import Instrument
from marchland.versions import find_instrument, fold, resolve_when

AS_OF = date(2020, 6, 30)


def _instrument(key, day, *, names, aliases=(), status="in force", note=""):
    return Instrument(
        key, names, "treaty", date.fromisoformat(day) if day else None, status, aliases=aliases, note=note
    )


KNOWN = {
    item.id: item
    for item in (
        _instrument(
            "aigun-1858",
            "1858-05-28",
            names={"en": "Treaty of Aigun", "ru": "Айгунский договор", "zh": "瑷珲条约", "pinyin": "Àihún"},
            aliases=("Aihun",),
        ),
        _instrument("peking-1860", "1860-11-14", names={"en": "Treaty of Peking"}, aliases=("Beijing",)),
        _instrument("ili-occupation-1871", "1871-07-04", names={"en": "Occupation of Kulja"}),
        _instrument("livadia-1879", None, names={"en": "Livadia"}, status="never in force", note="refused"),
        _instrument(
            "st-petersburg-1881", "1881-08-19", names={"en": "St Petersburg"}, aliases=("Ili treaty",)
        ),
        _instrument("agreement-1991", "1992-03-16", names={"zh": "中苏国界东段协定"}),
        _instrument("supplementary-2004", "2008-10-14", names={"en": "Supplementary agreement"}),
    )
}


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("aigun-1858", "aigun-1858"),
        ("AIGUN 1858", "aigun-1858"),
        ("aigun", "aigun-1858"),
        ("aig", "aigun-1858"),
        ("Aihun", "aigun-1858"),
        ("Aihun 1858", "aigun-1858"),
        ("aihún", "aigun-1858"),
        ("АЙГУНСКИЙ ДОГОВОР", "aigun-1858"),
        ("Айгун", "aigun-1858"),
        ("瑷珲", "aigun-1858"),
        ("Treaty of P", "peking-1860"),
        ("Ili Treaty", "st-petersburg-1881"),
        ("St. Petersburg", "st-petersburg-1881"),
        ("ili-o", "ili-occupation-1871"),
    ],
)
def test_names_people_use(name, key):
    assert find_instrument(name, KNOWN).id == key
    if KNOWN[key].date:
        assert resolve_when(name, KNOWN, AS_OF) == KNOWN[key].date


@pytest.mark.parametrize(
    ("name", "fits"),
    [("ili", {"ili-occupation-1871", "st-petersburg-1881"}), ("a", {"aigun-1858", "agreement-1991"})],
)
def test_an_ambiguous_prefix_names_what_it_fits(name, fits):
    with pytest.raises(NotFoundError, match="fits 2 versions") as caught:
        find_instrument(name, KNOWN)
    assert set(caught.value.suggestions) == fits


def test_an_exact_name_wins_over_a_prefix():
    both = {**KNOWN, "aigun-bank-1900": _instrument("aigun-bank-1900", "1900-01-01", names={"en": "Bank"})}
    assert find_instrument("aigun", both).id == "aigun-1858"


def test_never_in_force_is_refused_with_a_hint():
    assert find_instrument("livadia", KNOWN).id == "livadia-1879"
    with pytest.raises(DateError, match=r"livadia-1879 was never in force \(refused\); give a date"):
        resolve_when("livadia", KNOWN, AS_OF)


@pytest.mark.parametrize(("typo", "first"), [("aiguun", "aigun-1858"), ("pekin-1680", "peking-1860")])
def test_a_typo_is_answered_with_suggestions(typo, first):
    with pytest.raises(NotFoundError, match=f"did you mean {first}") as caught:
        resolve_when(typo, KNOWN, AS_OF)
    assert caught.value.suggestions[0] == first


@pytest.mark.parametrize("name", ["foo", "", "  ", "---", "...", "旅順"])
def test_an_unknown_name_has_no_suggestion(name):
    with pytest.raises(NotFoundError, match="no date or version") as caught:
        resolve_when(name, KNOWN, AS_OF)
    assert caught.value.suggestions == ()


@pytest.mark.parametrize(
    ("when", "day"),
    [
        ("1860", date(1860, 12, 31)),
        (1860, date(1860, 12, 31)),
        (" 1860 ", date(1860, 12, 31)),
        ("1860-02", date(1860, 2, 29)),
        ("1860-11-14", date(1860, 11, 14)),
        (date(1860, 11, 14), date(1860, 11, 14)),
        ("2004", date(2004, 12, 31)),
        ("2020", AS_OF),
        (2020, AS_OF),
        ("2020-12-31", date(2020, 12, 31)),
        (date(2020, 12, 31), date(2020, 12, 31)),
        ("2019", date(2019, 12, 31)),
    ],
)
def test_a_year_is_its_last_day_and_the_last_year_the_last_day_known(when, day):
    assert resolve_when(when, KNOWN, AS_OF) == day


@pytest.mark.parametrize("text", ["1860-02-30", "1860/11/14", "-1860", "99999"])
def test_what_looks_like_a_date_is_never_sought_as_a_name(text):
    with pytest.raises(DateError):
        resolve_when(text, KNOWN, AS_OF)


def test_folding_ignores_case_accents_and_punctuation():
    assert fold("Àihún Tiáoyuē (1858)") == fold("aihun-tiaoyue 1858") == "aihuntiaoyue1858"


# --- the built-in dataset


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("nerch", "1689-09-07"),
        ("Nipchu", "1689-09-07"),
        ("Нерчинский договор", "1689-09-07"),
        ("尼布楚条约", "1689-09-07"),
        ("Kiakhta", "1727-08-31"),
        ("Bura", "1727-08-31"),
        ("Aihun", "1858-05-28"),
        ("瑷珲条约", "1858-05-28"),
        ("Beijing", "1860-11-14"),
        ("Пекинский договор", "1860-11-14"),
        ("Chuguchak", "1864-10-07"),
        ("Ili treaty", "1881-08-19"),
        ("Saint Petersburg", "1881-08-19"),
        ("2008 handover", "2008-10-14"),
    ],
)
def test_spellings_of_the_built_in_versions(built_in, name, day):
    assert built_in.resolve_when(name) == date.fromisoformat(day)


def test_every_id_and_alias_of_a_built_in_version_means_it(built_in):
    for item in built_in.instruments.values():
        for word in (item.id, *item.aliases, *(f"{alias} {item.id[-4:]}" for alias in item.aliases)):
            assert find_instrument(word, built_in.instruments).id == item.id


def test_livadia_was_never_in_force(built_in):
    with pytest.raises(DateError, match=r"never in force .*st-petersburg-1881"):
        built_in.resolve_when("Livadia")


@pytest.mark.parametrize("when", ["1639", "1639-12-31", 1639, "2027", "2026-11-23"])
def test_dates_out_of_range_are_refused_with_the_range(built_in, when):
    with pytest.raises(DateError, match=f"from 1640-01-01 to {built_in.meta.as_of}"):
        built_in.at(when)


def test_the_range_is_closed(built_in):
    assert built_in.at("1640-01-01").date == date(1640, 1, 1)
    assert built_in.at(built_in.meta.as_of).date == built_in.at(built_in.meta.as_of.year).date
