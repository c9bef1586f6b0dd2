"""The documents of the repository, and what stands in them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted(
    path.relative_to(ROOT).as_posix()
    for path in (*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "geodata").glob("*.md"))
    if "notebooks" not in path.parts
)
GENERATED = {"docs/cli.md"}
"""Its commands are the examples, which tests/cli/test_examples.py runs."""


@dataclass(frozen=True)
class Block:
    language: str
    text: str
    line: int


def blocks(text: str) -> Iterator[Block]:
    """Return the fenced blocks of a document."""
    pattern = re.compile(r"^```(\S*)[^\n]*\n(.*?)^```$", re.M | re.S)
    for found in pattern.finditer(text):
        yield Block(found[1], found[2], text.count("\n", 0, found.start()) + 1)
