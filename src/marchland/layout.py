"""Text in columns for people: how wide it looks, and how it is wrapped to fit a width.

Nothing here knows what a table means; :mod:`marchland.writers` does.
"""

import re
import unicodedata
from collections.abc import Sequence

__all__ = ["columns", "display_width", "harmless", "wrap"]

_STEERING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")

GAP = "  "
NARROWEST = 10
"""No column of text is wrapped to less than this, however narrow the terminal."""


def harmless(text: str) -> str:
    r"""Return a text without what steers a terminal, turns lines round or is no character of XML.

    >>> harmless("Ada\x1b[2J")
    'Ada�[2J'
    """
    return _STEERING.sub("\N{REPLACEMENT CHARACTER}", text)


def display_width(text: str) -> int:
    """Return how many cells of a terminal a text takes: an ideograph two, a combining mark none."""
    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text
    )


def columns(lines: Sequence[Sequence[str]], numeric: Sequence[bool], *, width: int | None = None) -> str:
    """Return lines of cells set in columns, a rule under the first.

    Parameters
    ----------
    lines
        The head and the rows, each with as many cells as there are columns.
    numeric
        Which columns are numbers: they are set to the right and never wrapped.
    width
        Cells a line may take; columns of text are wrapped, the widest first, until the lines fit or each is
        down to ten cells. None leaves every line whole.

    Examples
    --------
    >>> print(columns([["place", "km"], ["Kulja", "7.5"]], [False, True]), end="")
    place   km
    -----  ---
    Kulja  7.5
    """
    widths = [max(display_width(line[i]) for line in lines) for i in range(len(numeric))]
    if width is not None:
        widths = _fitted(widths, numeric, width)
    head, *rows = lines
    rule = ["-" * cells for cells in widths]
    return "".join(_line(row, widths, numeric) for row in (head, rule, *rows))


def wrap(text: str, width: int) -> list[str]:
    """Break a text into pieces no wider than ``width`` cells: at a blank, or after a slash or hyphen.

    A word longer than the width is broken anywhere.

    The pieces joined have every character of the text but the blanks it was broken at.

    Examples
    --------
    >>> wrap("the left bank of the Amur", 11)
    ['the left', 'bank of the', 'Amur']
    >>> wrap("瑷珲条约", 5)
    ['瑷珲', '条约']
    >>> wrap("aigun-1858/kazakevichev-channel", 12)
    ['aigun-1858/', 'kazakevichev', '-channel']
    """
    pieces = []
    while display_width(text) > width:
        end = _cells(text, width)
        blank = text.rfind(" ", 1, end + 1)
        joint = max(text.rfind("/", 1, end), text.rfind("-", 1, end)) + 1
        end = blank if blank > 0 else joint or end
        pieces.append(text[:end].rstrip())
        text = text[end:].lstrip()
    return [*pieces, text] if text or not pieces else pieces


def _cells(text: str, width: int) -> int:
    """Return how many characters fit, at least one."""
    taken = 0
    for count, char in enumerate(text):
        taken += display_width(char)
        if taken > width:
            return max(count, 1)
    return len(text)


def _fitted(widths: list[int], numeric: Sequence[bool], width: int) -> list[int]:
    """Narrow the widest column of text cell by cell until everything fits, or nothing more can give."""
    widths = list(widths)
    while sum(widths) + len(GAP) * (len(widths) - 1) > width:
        text = [i for i, number in enumerate(numeric) if not number and widths[i] > NARROWEST]
        if not text:
            break
        widths[max(text, key=lambda i: widths[i])] -= 1
    return widths


def _line(cells: Sequence[str], widths: Sequence[int], numeric: Sequence[bool]) -> str:
    """Set a row, which takes several lines where a cell is wrapped."""
    blocks = [
        [cell] if number else wrap(cell, width)
        for cell, width, number in zip(cells, widths, numeric, strict=True)
    ]
    depth = max(map(len, blocks))
    lines = zip(*(block + [""] * (depth - len(block)) for block in blocks), strict=True)
    return "".join(GAP.join(_padded(line, widths, numeric)).rstrip() + "\n" for line in lines)


def _padded(line: Sequence[str], widths: Sequence[int], numeric: Sequence[bool]) -> list[str]:
    blanks = [" " * (width - display_width(text)) for text, width in zip(line, widths, strict=True)]
    return [
        blank + text if number else text + blank
        for text, blank, number in zip(line, blanks, numeric, strict=True)
    ]
