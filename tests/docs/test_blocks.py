"""Every block of code in the documents is run, and what it says of its output is so.

``python`` blocks of a document run one after another, in one namespace. In ``console`` blocks a line that
begins with ``$ `` is run and what follows is its output, ``…`` alone on a line standing for any lines, ``!``
for standard error of a command that fails; without output only the exit code is looked at. Lines of ``sh``
blocks are run likewise. A command other than marchland is only looked at: a target of make has to exist.
"""

import re
import shlex
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from marchland.cli.main import main

from .conftest import DOCUMENTS, GENERATED, ROOT, Block, blocks

EXAMPLES = Path("docs") / "examples"
ELSEWHERE = (
    "pip install ",
    "git clone ",
    "source ",
    "python -m ",
    "man ",
    ".venv/bin/",
    "../oldest/bin/",
    "cd ",
)
NOT_RUN = {"toml", "text", "json", "html", "bibtex", "{toctree}", "{include}", "{eval-rst}"}


@pytest.fixture
def shell(capfdbinary, monkeypatch, tmp_path) -> Callable[[str, str | None], None]:
    """Run a line as a reader would type it, in a folder with boundaries of their own."""
    monkeypatch.chdir(tmp_path)
    shutil.copytree(ROOT / EXAMPLES, EXAMPLES)
    shutil.copy(EXAMPLES / "borders.geojson", "borders.geojson")
    Path("people.csv").write_text("holder,people\nAda,5200000\nBo,4100000\nCyra,3900000\n")
    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.M)

    def call(line: str, expected: str | None) -> None:
        words = shlex.split(line, comments=True)
        if words[0] == "make":
            assert words[1] in targets
        elif words[0] == "marchland":
            capfdbinary.readouterr()
            code = main(words[1:])
            out, err = (text.decode() for text in capfdbinary.readouterr())
            fails = expected is not None and expected.startswith("! ")
            assert (code == 0) != fails, err
            if expected is not None:
                assert_like(expected.removeprefix("! "), err if fails else out)
        else:
            assert line.startswith(ELSEWHERE), f"not a command a test can vouch for: {line}"

    return call


def assert_like(expected: str, given: str) -> None:
    """Compare lines without their indent; ``…`` stands for any lines, or for any text within one."""
    pattern = "\n".join(
        r"(.*\n)*?.*" if line.strip() == "…" else re.escape(line.strip()).replace("…", ".*")
        for line in expected.strip().splitlines()
    )
    text = "\n".join(line.strip() for line in given.strip().splitlines())
    assert re.search(f"^{pattern}$", text.removeprefix("marchland: ")), (
        f"expected\n{expected}\ngiven\n{given}"
    )


def steps(block: Block) -> list[tuple[str, str | None]]:
    """Return the commands of a block, each with the output stated for it or None."""
    if block.language == "sh":
        return [(line, None) for line in block.text.splitlines() if line and not line.startswith("#")]
    parts = re.split(r"^\$ ", block.text, flags=re.M)
    assert not parts[0].strip(), f"output before any command in line {block.line}"
    found = [part.partition("\n") for part in parts[1:]]
    return [(line, rest if rest.strip() else None) for line, _, rest in found]


@pytest.mark.parametrize("document", [name for name in DOCUMENTS if name not in GENERATED])
def test_blocks_run(shell, document):
    names: dict[str, object] = {"__name__": "__main__"}
    for block in blocks((ROOT / document).read_text(encoding="utf-8")):
        if block.language == "python":
            exec(compile("\n" * block.line + block.text, document, "exec"), names)
        elif block.language in {"console", "sh"}:
            for line, expected in steps(block):
                shell(line, expected)
        else:
            assert block.language in NOT_RUN, (
                f"{document}:{block.line}: say what the block is: ```{block.language}"
            )


def test_output_that_differs_is_found():
    assert_like("a\n…\nc  1", "a\nb\nb\nc  1")
    assert_like("no reading …; there are", "marchland: no reading 'x'; there are")
    for expected, given in (("a\nc", "a\nb\nc"), ("c 1", "c 11"), ("…\nd", "a\nb")):
        with pytest.raises(AssertionError):
            assert_like(expected, given)


def test_a_document_is_looked_at():
    assert {"README.md", "docs/method.md", "docs/tutorials/your-own-boundaries.md"} <= set(DOCUMENTS)
