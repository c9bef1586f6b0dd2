import csv
import io
import json
from dataclasses import dataclass
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marchland.errors import UsageError
from marchland.tables import Answer, Column, Table, table
from marchland.writers import stamp_lines, to_csv, to_json, to_markdown, to_text, write

STAMP = {
    "dataset": "toy",
    "version": "1.0",
    "hash": "abc",
    "basis": "de_jure",
    "dates": ["1857-12-31", "1859-12-31"],
    "method": "by hand",
    "crs": "OGC:CRS84",
    "citation": "Anon.",
    "licence": "CC0-1.0",
    "attribution": "nobody",
}
COLUMNS = (Column("territory"), Column("from"), Column("since"), Column("area_km2", 2), Column("instruments"))


@dataclass(frozen=True, slots=True)
class Row:
    territory: str
    from_: str | None
    since: date | None
    area_km2: float | None
    instruments: tuple[str, ...] | None


def record(row):
    return {name.rstrip("_"): getattr(row, name) for name in row.__slots__}


def answer(*rows, **head):
    return Answer((table("rows", "Land", COLUMNS, map(record, rows)),), STAMP, head)


AMUR = Row("amur", "china", date(1858, 5, 28), 605_123.456, ("aigun-1858", "peking-1860"))
SEA = Row("море", None, None, -0.001, ())


def test_json_has_the_head_then_the_rows_then_the_stamp():
    document = json.loads(to_json(answer(AMUR, SEA, place="X", lon=1.5)))
    assert list(document) == ["place", "lon", "rows", "stamp"]
    assert document["rows"] == [
        {
            "territory": "amur",
            "from": "china",
            "since": "1858-05-28",
            "area_km2": 605123.46,
            "instruments": ["aigun-1858", "peking-1860"],
        },
        {"territory": "море", "from": None, "since": None, "area_km2": 0.0, "instruments": []},
    ]
    assert document["stamp"] == STAMP


def test_json_writes_letters_as_letters_and_no_negative_zero():
    text = to_json(answer(SEA))
    assert "море" in text
    assert "-0" not in text.replace("-0.001", "-0")
    assert text.endswith("}\n")


def test_json_refuses_what_json_has_no_word_for():
    with pytest.raises(ValueError, match="JSON compliant"):
        to_json(answer(Row("a", None, None, float("nan"), None)))


def test_csv_has_one_header_fixed_decimals_and_empty_cells():
    assert to_csv(answer(AMUR, SEA)) == (
        "territory,from,since,area_km2,instruments\namur,china,1858-05-28,605123.46,aigun-1858;peking-1860\nморе,,,0.00,\n"
    )


CELLS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\x00"))


@given(st.lists(st.tuples(CELLS, CELLS), max_size=4))
def test_csv_reads_back_what_was_written(pairs):
    part = table("rows", "", (Column("a"), Column("b")), [{"a": a, "b": b} for a, b in pairs])
    read = list(csv.reader(io.StringIO(to_csv(Answer((part,), STAMP)), newline="")))
    assert [tuple(row) for row in read[1:]] == pairs


def test_text_aligns_numbers_right_and_counts_ideographs_as_two():
    part = Table(
        "rows", "T", (Column("name"), Column("km", 1)), (("黑龙江", 1234.5), ("Amur", 7.0)), ("total", 1241.5)
    )
    assert to_text(Answer((part,), STAMP)).splitlines()[:6] == [
        "T",
        "",
        "name         km",
        "------  -------",
        "黑龙江  1,234.5",
        "Amur        7.0",
    ]


def test_the_total_is_for_people_only():
    part = Table("rows", "T", (Column("name"), Column("km", 1)), (("Amur", 7.0),), ("total", 7.0))
    shown = Answer((part,), STAMP)
    assert "total" in to_text(shown)
    assert "total" in to_markdown(shown)
    assert "total" not in to_csv(shown)
    assert "total" not in to_json(shown)


def test_text_without_rows_says_so():
    assert "(no rows)" in to_text(answer())


def test_text_and_markdown_end_with_the_stamp():
    for text in (to_text(answer(AMUR)), to_markdown(answer(AMUR))):
        for word in ("toy 1.0 (abc)", "de jure · 1857-12-31, 1859-12-31", "OGC:CRS84", "CC0-1.0"):
            assert word in text.replace("\\", "")


def test_a_stamp_without_basis_or_dates_has_no_empty_line():
    assert all(stamp_lines({**STAMP, "basis": None, "dates": []}))


def test_markdown_does_not_let_a_name_become_markup():
    text = to_markdown(answer(Row("<b>a|b*c_d`[x](y)\nz", None, None, 1.0, None)))
    line = next(line for line in text.splitlines() if "km2" not in line and line.startswith("| &lt;b"))
    assert line == "| &lt;b>a\\|b\\*c\\_d\\`\\[x\\](y) z | – | – | 1.00 | – |"


def test_several_tables_in_one_answer():
    parts = (
        table("ledger", "L", (Column("a"),), [{"a": 1}]),
        table("totals", "T", (Column("b"),), [{"b": 2}]),
    )
    both = Answer(parts, STAMP)
    assert list(json.loads(to_json(both))) == ["ledger", "totals", "stamp"]
    assert to_csv(both) == "a\n1\n"
    assert to_text(both).index("L\n") < to_text(both).index("T\n")


def test_a_record_without_a_column_is_refused():
    with pytest.raises(KeyError, match="area_km2"):
        table("rows", "", (Column("area_km2", 2),), [{"area": 1}])


def test_a_set_is_written_in_order():
    part = table("rows", "", (Column("ids"),), [{"ids": {"b", "a", "c"}}])
    assert part.rows == ((("a", "b", "c"),),)


@pytest.mark.parametrize("how", ["table", "csv", "json", "md"])
def test_every_format_is_text_that_ends_once(how):
    text = write(answer(AMUR, SEA), how)
    assert text == write(answer(AMUR, SEA), how)
    assert text.endswith("\n")
    assert not text.endswith("\n\n")
    assert "\r" not in text


def test_an_unknown_format_is_refused():
    with pytest.raises(UsageError, match="no format 'xml'; choose table, csv, json, md"):
        write(answer(), "xml")
