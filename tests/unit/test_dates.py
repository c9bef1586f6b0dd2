"""Years that mean their last day, half-open intervals, the Julian calendar and EDTF."""

import calendar
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marchland.dates import (
    EdtfDate,
    Interval,
    format_date,
    gregorian_to_julian,
    julian_to_gregorian,
    parse_when,
)
from marchland.errors import DateError, UsageError

days = st.dates()


class TestParseWhen:
    @pytest.mark.parametrize(
        ("text", "day"),
        [
            (1860, date(1860, 12, 31)),
            ("1860", date(1860, 12, 31)),
            (" 1860 ", date(1860, 12, 31)),
            ("1860-11", date(1860, 11, 30)),
            ("1860-02", date(1860, 2, 29)),
            ("1900-02", date(1900, 2, 28)),
            ("1860-12", date(1860, 12, 31)),
            ("1860-11-14", date(1860, 11, 14)),
            ("1860-1-4", date(1860, 1, 4)),
            ("9999", date(9999, 12, 31)),
            ("9999-12", date(9999, 12, 31)),
            (date(1860, 11, 14), date(1860, 11, 14)),
            (datetime(1860, 11, 14, 23, 59), date(1860, 11, 14)),
        ],
    )
    def test_read(self, text, day):
        got = parse_when(text)
        assert got == day
        assert type(got) is date

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "foo",
            "kyakhta-1727",
            "1860-",
            "1860-11-14-1",
            "18600",
            "-1860",
            "1860/1861",
            "14.11.1860",
            "١٨٦٠",
            True,
            None,
            1860.0,
        ],
    )
    def test_unreadable(self, text):
        with pytest.raises(DateError, match=r"cannot read .* as a date; write a year"):
            parse_when(text)

    @pytest.mark.parametrize(
        "text", ["1860-13", "1860-00", "1860-02-30", "1900-02-29", "0", "0-5", "1860-11-0"]
    )
    def test_no_such_day(self, text):
        with pytest.raises(DateError, match=r"there is no day"):
            parse_when(text)

    @settings(deadline=None)
    @given(days)
    def test_iso_and_parts(self, day):
        assert parse_when(day.isoformat()) == day
        assert parse_when(day.isoformat()[:7]).month == day.month
        assert parse_when(day.isoformat()[:7]) + timedelta(1) > day if day.year < 9999 else True
        assert parse_when(day.year) == date(day.year, 12, 31)


class TestJulian:
    @pytest.mark.parametrize(
        ("julian", "gregorian"),
        [
            ((1689, 8, 27), date(1689, 9, 6)),  # Nerchinsk
            ((1727, 10, 21), date(1727, 11, 1)),  # Kyakhta
            ((1858, 5, 16), date(1858, 5, 28)),  # Aigun
            ((1860, 11, 2), date(1860, 11, 14)),  # Peking
            ((1881, 2, 12), date(1881, 2, 24)),  # St Petersburg
            ((1917, 10, 25), date(1917, 11, 7)),
            ((1582, 10, 5), date(1582, 10, 15)),  # the reform
            ((1700, 2, 28), date(1700, 3, 10)),
            ((1700, 2, 29), date(1700, 3, 11)),  # a leap day that only the Julian calendar has
            ((1700, 3, 1), date(1700, 3, 12)),
            ((200, 3, 1), date(200, 3, 1)),  # the two agree in the third century
        ],
    )
    def test_known_pairs(self, julian, gregorian):
        assert julian_to_gregorian(*julian) == gregorian
        assert gregorian_to_julian(gregorian) == julian

    @settings(deadline=None)
    @given(st.dates(min_value=date(1, 1, 3)))
    def test_there_and_back(self, day):
        assert julian_to_gregorian(*gregorian_to_julian(day)) == day

    @settings(deadline=None)
    @given(st.dates(min_value=date(1, 1, 3), max_value=date(9998, 12, 31)))
    def test_the_next_day_is_the_next_day(self, day):
        year, month, dom = gregorian_to_julian(day)
        length = 29 if month == 2 and year % 4 == 0 else calendar.monthrange(2001, month)[1]
        following = (year, month, dom + 1) if dom < length else (year, month + 1, 1)
        following = following if following[1] <= 12 else (year + 1, 1, 1)
        assert gregorian_to_julian(day + timedelta(1)) == following

    @pytest.mark.parametrize(
        "julian",
        [
            (1701, 2, 29),
            (1700, 2, 30),
            (1860, 4, 31),
            (1860, 13, 1),
            (1860, 0, 1),
            (1860, 1, 0),
            (0, 1, 1),
            (9999, 12, 31),
            (99999, 1, 1),
            (-5, 1, 1),
        ],
    )
    def test_no_such_day(self, julian):
        with pytest.raises(DateError, match="no day of the Julian calendar"):
            julian_to_gregorian(*julian)


class TestFormat:
    @pytest.mark.parametrize(
        ("lang", "text"), [("en", "1 May 1858"), ("ru", "1 мая 1858 г."), ("zh", "1858年5月1日")]
    )
    def test_languages(self, lang, text):
        assert format_date(date(1858, 5, 1), lang=lang) == text

    def test_english_is_the_default_and_others_are_refused(self):
        assert format_date(date(1860, 11, 14)) == "14 November 1860"
        with pytest.raises(UsageError, match="'de'; use one of en, ru, zh"):
            format_date(date(1860, 11, 14), lang="de")


class TestInterval:
    amur = Interval(date(1858, 5, 28), date(1860, 11, 14))

    def test_half_open(self):
        assert date(1858, 5, 27) not in self.amur
        assert date(1858, 5, 28) in self.amur
        assert date(1860, 11, 13) in self.amur
        assert date(1860, 11, 14) not in self.amur

    def test_open_end(self):
        lasting = Interval(date(1860, 11, 14))
        assert date.max in lasting
        assert str(lasting) == "1860-11-14/.."
        assert self.amur.meets(lasting)
        assert not lasting.meets(self.amur)
        assert not lasting.meets(Interval(date(1900, 1, 1)))
        assert not self.amur.overlaps(lasting)

    @pytest.mark.parametrize("end", [date(1860, 11, 14), date(1860, 11, 13)])
    def test_has_to_end_after_it_starts(self, end):
        with pytest.raises(DateError, match="has to end later"):
            Interval(date(1860, 11, 14), end)

    @settings(deadline=None)
    @given(st.lists(st.dates(date(1850, 1, 1), date(1850, 2, 1)), min_size=4, max_size=4), st.booleans())
    def test_overlap_is_a_common_day(self, four, lasting):
        a, b, c, d = four
        if a >= b or c >= d:
            return
        first, second = Interval(a, b), Interval(c, None if lasting else d)
        common = any(
            date(1850, 1, 1) + timedelta(n) in first and date(1850, 1, 1) + timedelta(n) in second
            for n in range(40)
        )
        assert first.overlaps(second) == second.overlaps(first) == common
        assert not (first.meets(second) and common)


class TestEdtf:
    @pytest.mark.parametrize(
        ("text", "earliest", "latest", "precision"),
        [
            ("1860-11-14", date(1860, 11, 14), date(1860, 11, 14), "day"),
            ("1860-02", date(1860, 2, 1), date(1860, 2, 29), "month"),
            ("1860-02-XX", date(1860, 2, 1), date(1860, 2, 29), "month"),
            ("1860", date(1860, 1, 1), date(1860, 12, 31), "year"),
            ("1860-XX", date(1860, 1, 1), date(1860, 12, 31), "year"),
            ("1860-XX-XX", date(1860, 1, 1), date(1860, 12, 31), "year"),
            ("186X", date(1860, 1, 1), date(1869, 12, 31), "decade"),
            ("18XX", date(1800, 1, 1), date(1899, 12, 31), "century"),
            ("000X", date(1, 1, 1), date(9, 12, 31), "decade"),
            ("XXXX", None, None, "unknown"),
            ("1689/1727-11", date(1689, 1, 1), date(1727, 11, 30), "interval"),
            ("1689?/1727~", date(1689, 1, 1), date(1727, 12, 31), "interval"),
            ("1860/..", date(1860, 1, 1), None, "interval"),
            ("../1860", None, date(1860, 12, 31), "interval"),
            ("/1860", None, date(1860, 12, 31), "interval"),
            ("../..", None, None, "unknown"),
        ],
    )
    def test_span(self, text, earliest, latest, precision):
        d = EdtfDate(text)
        assert (d.earliest, d.latest, d.precision) == (earliest, latest, precision)
        assert str(d) == text
        assert d.is_known == (precision != "unknown")

    @pytest.mark.parametrize(
        ("mark", "uncertain", "approximate"),
        [("", False, False), ("?", True, False), ("~", False, True), ("%", True, True)],
    )
    def test_marks(self, mark, uncertain, approximate):
        d = EdtfDate("1860" + mark)
        assert (d.uncertain, d.approximate) == (uncertain, approximate)
        assert d.latest == date(1860, 12, 31)
        assert (d == EdtfDate("1860")) == (mark == "")

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "foo",
            "186",
            "1X60",
            "186X-05",
            "1860-1X",
            "1860-XX-05",
            "1860-11-14??",
            "1860/1861/1862",
            "18600",
            "1XXX",
        ],
    )
    def test_unreadable(self, text):
        with pytest.raises(DateError, match="cannot read"):
            EdtfDate(text)

    @pytest.mark.parametrize(
        ("text", "why"),
        [
            ("1860-13", "no day"),
            ("1900-02-29", "no day"),
            ("0000", "no day"),
            ("1861/1860", "before it starts"),
        ],
    )
    def test_impossible(self, text, why):
        with pytest.raises(DateError, match=why):
            EdtfDate(text)

    @settings(deadline=None)
    @given(days, st.sampled_from([4, 7, 10]), st.sampled_from(["", "?", "~", "%"]))
    def test_repr_makes_an_equal(self, day, cut, mark):
        d = EdtfDate(day.isoformat()[:cut] + mark)
        again = eval(repr(d))
        assert again == d
        assert hash(again) == hash(d)
        assert d.may_be(day)

    def test_two_unknown_dates_are_not_compared(self):
        with pytest.raises(DateError, match="is not known"):
            assert EdtfDate("XXXX") == EdtfDate("../..")
        assert EdtfDate("XXXX") != EdtfDate("1860")
        assert EdtfDate("XXXX") != "XXXX"

    def test_spelling_does_not_matter(self):
        assert EdtfDate("1860-XX") == EdtfDate("1860")
        assert len({EdtfDate("1860-XX"), EdtfDate("1860"), EdtfDate("1860?")}) == 2

    def test_before_only_when_certain(self):
        assert EdtfDate("1858").is_before(EdtfDate("1860"))
        assert not EdtfDate("186X").is_before(EdtfDate("1865"))
        assert not EdtfDate("1858").is_before(EdtfDate("XXXX"))
        assert not EdtfDate("1858/..").is_before(EdtfDate("1860"))
        assert EdtfDate("XXXX").may_be(date(1860, 1, 1))
        assert not EdtfDate("1858/..").may_be(date(1857, 12, 31))
