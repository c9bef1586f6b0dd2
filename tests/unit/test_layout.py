"""Text in columns: nothing is lost by wrapping, and lines fit where they can."""

from hypothesis import given
from hypothesis import strategies as st

from marchland.layout import NARROWEST, columns, display_width, wrap

texts = st.text(st.characters(codec="utf-8", categories=["L", "N", "P"]), min_size=1, max_size=30)
words = st.lists(texts, max_size=6).map(" ".join)


@given(text=words, width=st.integers(2, 40))
def test_wrapping_keeps_every_letter_and_fits(text, width):
    pieces = wrap(text, width)
    assert "".join(pieces).replace(" ", "") == text.replace(" ", "")
    assert all(display_width(piece) <= width for piece in pieces)
    assert len(pieces) >= 1


def test_a_break_falls_on_a_blank():
    assert wrap("from the Argun to the sea", 14) == ["from the Argun", "to the sea"]
    assert wrap("a b", 1) == ["a", "b"]
    assert wrap("", 5) == [""]


@given(
    rows=st.lists(st.tuples(words, words, st.integers(0, 99999)), min_size=1, max_size=5),
    width=st.integers(1, 90),
)
def test_lines_fit_or_every_column_of_text_is_at_its_narrowest(rows, width):
    lines = [["one", "two", "km"], *([a, b, str(c)] for a, b, c in rows)]
    text = columns(lines, [False, False, True], width=width)
    longest = max(display_width(line) for line in text.splitlines())
    assert longest <= max(width, NARROWEST * 2 + 5 + 4)


def test_numbers_stay_whole_and_to_the_right():
    lines = [["title", "area_km2"], ["the left bank of the Amur, from the Argun to the sea", "569,342.25"]]
    assert columns(lines, [False, True], width=30) == (
        "title                 area_km2\n"
        "------------------  ----------\n"
        "the left bank of    569,342.25\n"
        "the Amur, from the\n"
        "Argun to the sea\n"
    )


def test_without_a_width_a_line_stays_whole():
    lines = [["title"], ["x" * 300]]
    assert columns(lines, [False]).splitlines()[2] == "x" * 300
