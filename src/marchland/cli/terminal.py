"""What differs when a person is looking: the width of tables, colour, and how far the work has come."""

import os
import shutil
import sys
import time
from typing import TextIO

import click

BAR = 24
"""Cells of a progress bar."""


def table_width(path: str | None) -> int | None:
    """Return the cells a line of a table may take, or None where nobody's terminal shows it.

    Parameters
    ----------
    path
        The file the table goes to; None is standard output.
    """
    if path is not None or not sys.stdout.isatty():
        return None
    return shutil.get_terminal_size().columns


def coloured(stream: TextIO) -> bool:
    """Say whether a stream shows colour: a terminal that is not dumb, and NO_COLOR is not set.

    See https://no-color.org: any value but the empty one counts.
    """
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def signed(message: str, colour: str) -> str:
    """Return a message for standard error with the name of the program, in colour where that shows."""
    name = "marchland:"
    return f"{click.style(name, fg=colour, bold=True) if coloured(sys.stderr) else name} {message}"


class Progress:
    """Says on a terminal what is being done and how far it is, once it has taken a second."""

    def __init__(self) -> None:
        self._since = time.monotonic()
        self._shown = False

    def __call__(self, what: str, share: float) -> None:
        """Show a step and the share of the whole that is done; 1 wipes the line."""
        if not sys.stderr.isatty() or (time.monotonic() - self._since < 1 and not self._shown):
            return
        self._shown = share < 1
        width = shutil.get_terminal_size().columns - 1
        line = f"marchland: {bar(share)} {what}"[:width] if self._shown else ""
        click.echo(f"\r{line.ljust(width)}" + ("" if self._shown else "\r"), nl=False, err=True)


def bar(share: float) -> str:
    """Return a bar for a share between 0 and 1, and the share in words.

    >>> bar(0.25)
    '[######------------------]  25%'
    """
    full = round(BAR * min(max(share, 0.0), 1.0))
    return f"[{'#' * full}{'-' * (BAR - full)}] {share:4.0%}"
