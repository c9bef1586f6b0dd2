"""A stamp in a picture or a Markdown table: read back as it was, whatever it says, and the file is whole."""

import io
import xml.etree.ElementTree as ET
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marchland import marks

HOSTILE = "-->--!><script>]]>)(\\(&quot;\n</metadata>{x}\u2028\ud800\x00%%EOF endobj"
STAMP = {"dataset": HOSTILE, "version": "1", "hash": "sha256:0", "opened": {"sigma_km": -1e-05},
         "request": {"program": "marchland", "arguments": ["map", "--lang", HOSTILE]}}  # fmt: skip
SVG = b'<?xml version="1.0"?><!DOCTYPE svg><svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0"/></svg>'


def with_part(part):
    return {**STAMP, "request": {**STAMP["request"], "part": part}}


def drawn(how, keywords=None):
    from matplotlib.figure import Figure

    stream = io.BytesIO()
    Figure(figsize=(0.1, 0.1)).savefig(
        stream, format=how, metadata={"Keywords": keywords} if keywords else None
    )
    return stream.getvalue()


def test_a_png_is_read_back_and_whole():
    from matplotlib.image import imread

    before = drawn("png")
    after = marks.in_png(before, marks.mark(STAMP, "map.png"))
    assert marks.of_png(after) == with_part("map.png")
    assert (imread(io.BytesIO(after)) == imread(io.BytesIO(before))).all()
    at = after.index(b"tEXtmarchland")
    size = int.from_bytes(after[at - 4 : at])
    assert int.from_bytes(after[at + 4 + size : at + 8 + size]) == zlib.crc32(after[at : at + 4 + size])
    assert marks.of_png(before) is None
    assert marks.of_png(after[:at]) is None


def test_an_svg_is_read_back_and_one_document():
    after = marks.in_svg(SVG, marks.mark(STAMP, "map.svg"))
    assert marks.of_svg(after) == with_part("map.svg")
    assert [one.tag.rpartition("}")[2] for one in ET.fromstring(after)] == ["metadata", "path"]
    assert marks.of_svg(SVG) is None


def test_a_pdf_is_read_back():
    assert marks.of_pdf(drawn("pdf", marks.mark(STAMP, "map.pdf"))) == with_part("map.pdf")
    assert marks.of_pdf(drawn("pdf")) is None


def test_a_markdown_table_is_read_back_and_the_last_comment_counts():
    text = "| a |\n" + marks.in_markdown(marks.mark({**STAMP, "version": "0"}))
    text += marks.in_markdown(marks.mark(STAMP))
    assert marks.of_markdown(text) == STAMP
    assert text.count("-->") == 2
    assert marks.of_markdown("| a |\n") is None


@given(st.text())
def test_no_form_ends_within_a_mark(text):
    told = marks.mark({"dataset": text, "request": {"arguments": [text]}})
    assert told.isascii()
    assert not any(sign in told for sign in ("<", ">", "&", "(", ")", "--", "\n"))
    assert marks.of_markdown(marks.in_markdown(told))["request"]["arguments"] == [text]


@pytest.mark.parametrize("content", [b"", b"\x89PNG\r\n\x1a\n", b"\x89PNG\r\n\x1a\n\xff\xff\xff\xfftEXt"])
def test_a_png_cut_short_has_none(content):
    assert marks.of_png(content) is None
