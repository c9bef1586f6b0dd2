"""A stamp where nobody sees it: in a picture's metadata, or in a comment of a Markdown table.

What is written is JSON of ASCII characters without angle brackets, ampersands, round brackets or two dashes
in a row: none of the forms it stands in can end within it.
"""

import json
import re
import struct
import zlib
from collections.abc import Mapping
from typing import Any

__all__ = ["in_markdown", "in_png", "in_svg", "mark", "of_markdown", "of_pdf", "of_png", "of_svg"]

_KEYS = ("dataset", "version", "hash", "opened", "files", "request")
_KEYWORD = b"marchland"
_PNG = b"\x89PNG\r\n\x1a\n"
_HEAD = len(_PNG) + 25  # and the header chunk: length, type, 13 bytes, check
_MOST_CHARACTERS = 100_000

_SVG_MARK = re.compile(r'<metadata id="marchland-stamp">([^<]*)</metadata>')
_PDF_MARK = re.compile(rb"/Keywords \(([^()]*)\)")
_MARKDOWN_MARK = re.compile(r"^<!-- marchland (\{[^<>]*\}) -->$", re.MULTILINE)


def mark(stamp: Mapping[str, Any], part: str | None = None) -> str:
    """Return what is needed of a stamp to ask again, as text fit for any of the forms.

    ``part`` is which of several files of one answer this is.
    """
    told = {key: stamp[key] for key in _KEYS if stamp.get(key)}
    if part is not None:
        told["request"] = {**told["request"], "part": part}
    text = json.dumps(told, separators=(",", ":"), sort_keys=True, allow_nan=False)
    for sign in "<>&()":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return text.replace("--", "\\u002d\\u002d")


def in_png(content: bytes, text: str) -> bytes:
    """Return a PNG with a mark as a tEXt chunk behind its header."""
    data = b"tEXt" + _KEYWORD + b"\0" + text.encode("ascii")
    chunk = struct.pack(">I", len(data) - 4) + data + struct.pack(">I", zlib.crc32(data))
    return content[:_HEAD] + chunk + content[_HEAD:]


def in_svg(content: bytes, text: str) -> bytes:
    """Return an SVG with a mark as its first metadata; its root element must have members."""
    at = content.index(b">", content.index(b"<svg")) + 1
    return b"".join(
        [content[:at], f'\n <metadata id="marchland-stamp">{text}</metadata>'.encode(), content[at:]]
    )


def in_markdown(text: str) -> str:
    """Return a mark as a comment, a line of its own."""
    return f"<!-- marchland {text} -->\n"


def of_png(content: bytes) -> Any:  # noqa: ANN401 - parsed JSON
    """Return the stamp of a PNG, None if it has none."""
    at = len(_PNG)
    while at + 8 <= len(content):
        size, kind = struct.unpack(">I4s", content[at : at + 8])
        keyword, _, text = content[at + 8 : at + 8 + size].partition(b"\0")
        if kind == b"tEXt" and keyword == _KEYWORD:
            return _read(text)
        at += 12 + size
    return None


def of_svg(content: bytes) -> Any:  # noqa: ANN401 - parsed JSON
    """Return the stamp of an SVG, None if it has none."""
    found = _SVG_MARK.search(content.decode("utf-8"))
    return _read(found[1]) if found else None


def of_pdf(content: bytes) -> Any:  # noqa: ANN401 - parsed JSON
    """Return the stamp of a PDF, None if it has none."""
    found = _PDF_MARK.search(content)
    return _read(found[1].replace(rb"\\", b"\\")) if found else None


def of_markdown(text: str) -> Any:  # noqa: ANN401 - parsed JSON
    """Return the stamp of a Markdown table, None if it has none."""
    found = _MARKDOWN_MARK.findall(text)
    return _read(found[-1]) if found else None


def _read(text: str | bytes) -> Any:  # noqa: ANN401 - parsed JSON
    return json.loads(text) if len(text) <= _MOST_CHARACTERS else None
