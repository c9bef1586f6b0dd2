"""Whatever is read from others ends in an answer or in one of the project's own errors.

`cases/TARGET/` holds inputs that found something, or that reach deep, kept by `run.py`.
"""

import runpy
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

HERE = Path(__file__).parent
FUZZED = runpy.run_path(str(HERE / "targets.py"))
TARGETS = FUZZED["TARGETS"]
KEPT = sorted(p for p in (HERE / "cases").rglob("*") if p.is_file())


@pytest.mark.parametrize("case", KEPT, ids=lambda p: f"{p.parent.name}-{p.name}")
def test_kept_inputs(case):
    TARGETS[case.parent.name](case.read_bytes())


def test_every_kept_input_has_its_target():
    assert {p.parent.name for p in KEPT} <= set(TARGETS)
    assert KEPT


def test_what_is_changed_can_be_read_unchanged():
    """Else every change would be refused for the same reason, and none of them tried."""
    composite = FUZZED["small_composite"]()
    assert (composite.meta.name, len(composite.change_dates()) > 1) == ("small", True)
    FUZZED["ask"](composite)
    assert FUZZED["spliced"](b"abcdef", b"") == b"abcdef"
    assert FUZZED["spliced"](b"abcdef", b"\x80\x00\x02X") == b"abcXf"


texts = st.text(max_size=40).map(lambda text: text.encode("utf-8", "surrogatepass"))
numbers = st.from_regex(rb"[0-9X]{1,5}([-/.][0-9X]{1,3}){0,3}[?~%]?", fullmatch=True)


@pytest.mark.parametrize("name", sorted(TARGETS))
@settings(max_examples=15)
@given(data=st.binary(max_size=200) | texts | numbers)
def test_random_inputs(name, data):
    TARGETS[name](data)
