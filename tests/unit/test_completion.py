"""Tenures made complete: every day once on each basis."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marchland.compile.completion import complete_tenures, read_otherwise
from marchland.errors import CompileError
from marchland.model import Basis, Status, Tenure

FIRST = date(1640, 1, 1)


def tenure(start, end, holder, basis="de_jure", status="sovereign", land="ili"):
    return Tenure(
        land,
        holder,
        Status(status),
        Basis(basis),
        date.fromisoformat(start),
        date.fromisoformat(end) if end else None,
        None,
    )


def rows(tenures, basis):
    return [(str(t.start), str(t.end) if t.end else None, t.holder) for t in tenures if t.basis == basis]


def complete(*tenures):
    return complete_tenures(tenures, first_date=FIRST)


CHAIN = (tenure("1640-01-01", "1757-12-31", "third:dzungar"), tenure("1757-12-31", None, "china"))


def test_facts_are_right_where_nothing_else_is_told():
    done = complete(*CHAIN)
    assert rows(done, "de_facto") == rows(done, "de_jure") == rows(CHAIN, "de_jure")


def test_a_fact_is_put_in_where_it_stands():
    done = complete(*CHAIN, tenure("1871-07-04", "1882-03-22", "russia", "de_facto", "occupied"))
    assert rows(done, "de_jure") == rows(CHAIN, "de_jure")
    assert rows(done, "de_facto") == [
        ("1640-01-01", "1757-12-31", "third:dzungar"),
        ("1757-12-31", "1871-07-04", "china"),
        ("1871-07-04", "1882-03-22", "russia"),
        ("1882-03-22", None, "china"),
    ]


def test_a_fact_across_a_change_of_right_hides_it():
    done = complete(*CHAIN, tenure("1700-01-01", "1800-01-01", "russia", "de_facto"))
    assert rows(done, "de_facto") == [
        ("1640-01-01", "1700-01-01", "third:dzungar"),
        ("1700-01-01", "1800-01-01", "russia"),
        ("1800-01-01", None, "china"),
    ]


def test_a_fact_over_all_time_leaves_nothing_to_fill():
    done = complete(*CHAIN, tenure("1640-01-01", None, "russia", "de_facto"))
    assert rows(done, "de_facto") == [("1640-01-01", None, "russia")]


def test_a_fact_that_became_right_is_told_once():
    done = complete(*CHAIN, tenure("1755-01-01", "1757-12-31", "china", "de_facto"))
    assert rows(done, "de_facto") == [
        ("1640-01-01", "1755-01-01", "third:dzungar"),
        ("1755-01-01", None, "china"),
    ]


def test_neighbours_that_differ_in_status_stay_two():
    done = complete(*CHAIN, tenure("1755-01-01", "1757-12-31", "china", "de_facto", "occupied"))
    assert len(rows(done, "de_facto")) == 3


def test_authored_order_does_not_matter():
    fact = tenure("1871-07-04", "1882-03-22", "russia", "de_facto")
    assert complete(fact, *reversed(CHAIN)) == complete(*CHAIN, fact)


def test_each_territory_by_itself():
    other = replace(tenure("1640-01-01", None, "russia"), territory="altai")
    done = complete(*CHAIN, other)
    assert [t.territory for t in done] == ["altai", "altai", "ili", "ili", "ili", "ili"]


@pytest.mark.parametrize(
    ("tenures", "message"),
    [
        ([tenure("1641-01-01", None, "china")], "ili: the first de jure tenure must start on 1640-01-01"),
        ([tenure("1640-01-01", None, "china", "de_facto")], "the first de jure tenure must start"),
        (
            [tenure("1640-01-01", "1700-01-01", "china"), tenure("1700-01-02", None, "russia")],
            "ili: gap between the de jure tenures from 1640-01-01 and from 1700-01-02",
        ),
        (
            [tenure("1640-01-01", "1700-01-02", "china"), tenure("1700-01-01", None, "russia")],
            "ili: overlap between the de jure tenures from 1640-01-01 and from 1700-01-01",
        ),
        (
            [tenure("1640-01-01", None, "china"), tenure("1700-01-01", None, "russia")],
            "ili: overlap",
        ),
        ([tenure("1640-01-01", "1700-01-01", "china")], "ili: nobody holds it from 1700-01-01 on"),
        (
            [
                *CHAIN,
                tenure("1700-01-01", "1720-01-02", "a", "de_facto"),
                tenure("1720-01-01", "1730-01-01", "b", "de_facto"),
            ],
            "ili: the de facto tenures from 1700-01-01 and from 1720-01-01 overlap",
        ),
        (
            [
                *CHAIN,
                tenure("1700-01-01", None, "a", "de_facto"),
                tenure("1720-01-01", None, "b", "de_facto"),
            ],
            "overlap",
        ),
    ],
)
def test_gaps_and_overlaps_are_refused(tenures, message):
    with pytest.raises(CompileError, match=message):
        complete(*tenures)


# --- other readings


def test_a_reading_replaces_what_it_covers():
    fact = tenure("1871-07-04", "1882-03-22", "russia", "de_facto", "occupied")
    other = replace(tenure("1640-01-01", None, "russia"), territory="altai")
    patch = tenure("1700-01-01", "1800-01-01", None, status="contested")
    read = read_otherwise((*CHAIN, fact, other), [patch], first_date=FIRST)
    assert {t.territory for t in read} == {"ili"}
    assert rows(read, "de_jure") == [
        ("1640-01-01", "1700-01-01", "third:dzungar"),
        ("1700-01-01", "1800-01-01", None),
        ("1800-01-01", None, "china"),
    ]
    assert rows(read, "de_facto")[-3:] == [
        ("1800-01-01", "1871-07-04", "china"),
        ("1871-07-04", "1882-03-22", "russia"),
        ("1882-03-22", None, "china"),
    ]


def test_a_patch_in_fact_alone():
    read = read_otherwise(CHAIN, [tenure("1700-01-01", "1720-01-01", "russia", "de_facto")], first_date=FIRST)
    assert rows(read, "de_jure") == rows(CHAIN, "de_jure")
    assert ("1700-01-01", "1720-01-01", "russia") in rows(read, "de_facto")


# --- any chain

_days = st.lists(st.integers(1, 2000), unique=True, max_size=6).map(sorted)
_holder = st.sampled_from(["russia", "china", None])


@st.composite
def chains(draw):
    cuts = [0, *draw(_days), None]
    right = [_span(a, b, draw(_holder), Basis.DE_JURE) for a, b in pairwise(cuts)]
    marks = draw(st.lists(st.integers(0, 2000), unique=True, max_size=8).map(sorted))
    facts = [
        _span(a, b, draw(_holder), Basis.DE_FACTO) for a, b in zip(marks[::2], marks[1::2], strict=False)
    ]
    return right, facts


def _span(a, b, holder, basis):
    day = [FIRST + timedelta(days=n) if n is not None else None for n in (a, b)]
    status = Status.SOVEREIGN if holder else Status.UNDELIMITED
    return Tenure("ili", holder, status, basis, day[0], day[1], None)


@given(chains())
def test_every_day_is_covered_once_on_each_basis_and_facts_win(chain):
    right, facts = chain
    done = complete_tenures([*right, *facts], first_date=FIRST)
    for basis in Basis:
        own = [t for t in done if t.basis == basis]
        assert own[0].start == FIRST
        assert own[-1].end is None
        assert all(a.end == b.start for a, b in pairwise(own))
        assert all(t.end is None or t.start < t.end for t in own)
    in_fact = [t for t in done if t.basis == Basis.DE_FACTO]
    assert all((a.holder, a.status) != (b.holder, b.status) for a, b in pairwise(in_fact)) or all(
        # neighbours by right that say the same are joined in fact as well
        a.holder != b.holder
        for a, b in pairwise(in_fact)
    )
    for day in {FIRST + timedelta(days=n) for n in (0, 1, 500, 1999, 2500)} | {t.start for t in facts}:
        said = [t for t in facts if t.covers(day)] or [t for t in right if t.covers(day)]
        assert [t.holder for t in in_fact if t.covers(day)] == [said[0].holder]
