"""Every example that help, reference and manual pages show does what it says, on the built-in dataset."""

import re
import shlex
import shutil
from pathlib import Path

import pytest

from marchland.cli.examples import EXAMPLES
from marchland.cli.main import COMMANDS

BORDERS = Path(__file__).parents[2] / "docs" / "examples" / "borders.geojson"
RUN_ELSEWHERE = {"build --check"}
"""It takes its time, and tests/cli/test_dataset.py runs the same."""
LINES = [
    (what, words) for examples in EXAMPLES.values() for what, words in examples if words not in RUN_ELSEWHERE
]


def test_every_command_has_examples_of_its_own():
    assert set(EXAMPLES) == set(COMMANDS), "add examples of a new command to marchland/cli/examples.py"
    for name, examples in EXAMPLES.items():
        assert examples
        assert all(words.split()[0] == name for _, words in examples)


@pytest.mark.parametrize(("what", "words"), LINES, ids=[words for _, words in LINES])
def test_an_example_runs(run, monkeypatch, tmp_path, what, words):
    assert re.fullmatch(r"\S.*[\w?]", what), "a remark is words without a full stop"
    monkeypatch.chdir(tmp_path)
    shutil.copy(BORDERS, "borders.geojson")
    Path("people.csv").write_text("holder,people\nAda,1000\n", encoding="utf-8")
    if "1860.html" in words and words.startswith("reproduce"):
        assert run("map", "1860", "-o", "1860.html").code == 0
    elif words.startswith("reproduce"):
        own = ("--data", "borders.geojson", "-f", "json", "-o", "compare.json")
        assert run("compare", "1955", "1960", *own).code == 0
    args = shlex.split(re.split(r" [>&|]", words)[0])
    result = run(*args)
    assert (result.code, result.out != "") == (0, True), result.err
    if "-o" in args:
        path = Path(args[args.index("-o") + 1])
        assert result.out == f"{path}\n"
        assert path.stat().st_size > 0


@pytest.mark.parametrize("name", COMMANDS)
def test_help_ends_with_the_examples(run, name):
    result = run(name, "--help")
    tail = result.out.partition("Examples:\n")[2].splitlines()
    assert tail == [
        line for what, words in EXAMPLES[name] for line in (f"    # {what}", f"    marchland {words}")
    ]
