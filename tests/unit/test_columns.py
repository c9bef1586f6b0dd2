"""Columns named by their role, and what their names look like."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marchland.datasets.columns import ROLES, checked, format_columns, guess, parse_columns
from marchland.errors import UsageError

NAMES = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1)


@given(st.dictionaries(st.sampled_from([role for role in ROLES if role != "last"]), NAMES), NAMES)
def test_what_is_written_is_read(columns, holder):
    columns = checked({**columns, "holder": holder})
    assert parse_columns(format_columns(columns)) == columns


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "columns '': say which one is the holder"),
        ("name,from,to", "'name' is no role with a column; write role=column"),
        ("holder=", "'holder' is no role with a column"),
        ("holder=a,ruler=b", "'ruler' is no role"),
        ("holder=a,holder=b", "name the holder twice"),
        ("start=a", "columns 'start=a': say which one is the holder"),
        ("holder=a,end=b,last=c", "end and last are one thing, choose"),
        ('holder=a,"start=b', "cannot read the columns"),
    ],
)
def test_what_makes_no_sense_is_refused(text, why):
    with pytest.raises(UsageError) as caught:
        parse_columns(text)
    assert why in str(caught.value)


@pytest.mark.parametrize(
    "names",
    [
        ("name", "from", "to"),
        ("Country", "YEAR_START", "YEAR_END"),
        ("Государство", "начало", "конец"),
        ("название", "с", "по"),
        ("名称", "开始", "结束"),
        ("國家", "開始", "結束"),
    ],
    ids=" ".join,
)
def test_usual_names_are_proposed(names):
    found = guess(["id", *names, "note"])
    assert found == dict(zip(("holder", "start", "end"), names, strict=True))
    assert guess(["x", "y"]) == {}
