"""What differs when a person is looking: a real terminal is opened for the command to write to."""

import os
import pty
import struct
import subprocess
import sys
from fcntl import ioctl
from termios import TIOCSWINSZ

import pytest

from marchland.cli.terminal import Progress, bar
from marchland.layout import display_width

RED = "\x1b[31m"


def on_a_terminal(*args: str, wide: int = 80, **variables: str) -> str:
    """Run the command line on a terminal so many cells wide, and return all that it shows."""
    ours, theirs = pty.openpty()
    ioctl(theirs, TIOCSWINSZ, struct.pack("HHHH", 24, wide, 0, 0))
    keep = {k: v for k, v in os.environ.items() if k not in {"NO_COLOR", "COLUMNS", "LINES", "TERM"}}
    process = subprocess.Popen(
        [sys.executable, "-m", "marchland", *args],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env={**keep, "TERM": "xterm", **variables},
    )
    os.close(theirs)
    shown = b""
    while True:
        try:
            shown += (read := os.read(ours, 65536))
        except OSError:  # Linux: the other end is closed
            break
        if not read:
            break
    process.wait()
    os.close(ours)
    return shown.decode().replace("\r\n", "\n")


def tables(text: str) -> list[str]:
    """Return the lines of tables: those from a rule to the next blank line."""
    found, inside = [], False
    for line in text.splitlines():
        inside = bool(line) and (inside or set(line) == {"-", " "})
        found += [line] if inside else []
    return found


@pytest.mark.parametrize("wide", [120, 160])
def test_tables_are_wrapped_to_the_terminal(run, wide):
    shown = on_a_terminal("treaty", "aigun-1858", wide=wide)
    piped = run("treaty", "aigun-1858").out
    lines = tables(shown)
    prose = [line for line in lines if not any(c.isdigit() for c in line)]
    assert prose
    assert max(map(display_width, prose)) <= wide < max(map(display_width, tables(piped)))
    assert "".join(shown.split()) != "".join(
        piped.split()
    )  # wrapped within rows, or this test proves nothing
    assert sorted(c for c in shown if c.isalpha()) == sorted(c for c in piped if c.isalpha())


def test_piped_tables_are_not_wrapped(run, monkeypatch):
    monkeypatch.setenv("COLUMNS", "20")
    narrow = run("versions").out
    monkeypatch.setenv("COLUMNS", "200")
    assert run("versions").out == narrow


def test_other_formats_are_the_same_on_a_terminal(run):
    assert on_a_terminal("versions", "-f", "csv", wide=40) == run("versions", "-f", "csv").out


@pytest.mark.parametrize(
    ("variables", "coloured"),
    [({}, True), ({"NO_COLOR": "1"}, False), ({"NO_COLOR": ""}, True), ({"TERM": "dumb"}, False)],
)
def test_the_name_before_an_error_is_coloured_where_that_is_wanted(variables, coloured):
    shown = on_a_terminal("map", "kyatka", **variables)
    assert "no date or version 'kyatka'" in shown
    assert (RED in shown) == coloured
    assert ("\x1b" in shown) == coloured


def test_a_bar_is_full_at_the_end_and_never_more():
    assert bar(0) == f"[{'-' * 24}]   0%"
    assert bar(1) == f"[{'#' * 24}] 100%"
    assert bar(1.5).count("#") == 24


class Terminal:
    def __init__(self):
        self.text = ""

    def isatty(self):
        return True

    def write(self, text):
        self.text += text

    def flush(self):
        pass


def test_progress_is_shown_after_a_second_and_wiped_at_the_end(monkeypatch):
    clock = iter([0.0, 0.5, 1.5, 2.0])
    monkeypatch.setattr("time.monotonic", lambda: next(clock))
    monkeypatch.setattr("sys.stderr", stderr := Terminal())
    progress = Progress()
    progress("noding", 0.1)
    assert stderr.text == ""
    progress("noding", 0.5)
    assert stderr.text.startswith(f"\rmarchland: {bar(0.5)} noding")
    progress("done", 1.0)
    assert stderr.text.split("\r")[-2].strip() == ""


def test_progress_is_silent_where_nobody_looks(monkeypatch, capfd):
    monkeypatch.setattr("time.monotonic", iter([0.0, 9.0, 10.0]).__next__)
    progress = Progress()
    progress("noding", 0.5)
    assert capfd.readouterr() == ("", "")
