"""The few words in which a claim says how it is measured."""

from datetime import date

import pytest

from marchland.formulas import OPTIONS, Formula, parse_formula


@pytest.mark.parametrize(
    ("text", "formula"),
    [
        ("territories:uda", Formula("territories", ("uda",))),
        ("territories:a+b-c on=1700-01-01", Formula("territories", ("a", "b-c"), {"on": "1700-01-01"})),
        (
            "compare:1858-05-27..1858-05-28 from=china to=russia basis=de_facto",
            Formula(
                "compare",
                ("1858-05-27", "1858-05-28"),
                {"from": "china", "to": "russia", "basis": "de_facto"},
            ),
        ),
        ("frontier:1900-12-31", Formula("frontier", ("1900-12-31",))),
        ("border:china,third:kazakhstan", Formula("border", ("china", "third:kazakhstan"))),
        ("distance:here,there", Formula("distance", ("here", "there"))),
        ("share:a/a+b", Formula("share", ("a", "a+b"))),
    ],
)
def test_every_question(text, formula):
    assert parse_formula(text) == formula


def test_what_a_formula_names():
    formula = parse_formula("frontier:1886-12-31 instruments=hunchun-1886 segments=a/1,a/2 except=a/3")
    assert formula.instruments == ("hunchun-1886",)
    assert formula.segments == ("a/1", "a/2", "a/3")
    assert (formula.listed("segments"), formula.listed("except")) == (("a/1", "a/2"), ("a/3",))
    assert formula.days == (date(1886, 12, 31),)
    assert (formula.territories, formula.places, formula.holders) == ((), (), ())
    share = parse_formula("share:a/a+b on=1882-03-22")
    assert (share.territories, share.days) == (("a", "b"), (date(1882, 3, 22),))
    assert parse_formula("border:china,russia").holders == ("china", "russia")
    assert parse_formula("compare:1700-01-01..1800-01-01 from=china to=russia").holders == ("china", "russia")
    assert parse_formula("distance:here,there").places == ("here", "there")


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "no measure ''"),
        ("area:uda", "no measure 'area'; there are territories, compare"),
        ("territories", "cannot read the subject"),
        ("territories:a++b", "cannot read the subject"),
        ("compare:1858-05-27", "cannot read the subject"),
        ("compare:1858..1860", "1858"),
        ("frontier:1858-02-30", "day"),
        ("frontier:1858-05-28,1860-11-14", "cannot read the subject"),
        ("border:china", "cannot read the subject"),
        ("distance:a,b,c", "cannot read the subject"),
        ("frontier:1858-05-28 to=russia", "frontier takes no option 'to=russia'; it takes basis, except"),
        ("frontier:1858-05-28 basis=", "takes no option 'basis='"),
        ("frontier:1858-05-28 basis=by_right", "by_right"),
        ("distance:a,b on=1858-05-28", "it takes none"),
        ("territories:a on=1858", "1858"),
    ],
)
def test_what_is_no_formula_says_why(text, complaint):
    with pytest.raises(ValueError, match=complaint):
        parse_formula(text)


def test_the_docstring_tells_every_question():
    import marchland.formulas

    told = {
        line.split(":")[0].strip("` ") for line in marchland.formulas.__doc__.splitlines() if "``" in line
    }
    assert set(OPTIONS) <= told
