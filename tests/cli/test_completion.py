"""The Tab key: what each shell is told, asked through the script that `marchland completion` prints."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ASK = {
    "bash": """source "$1"; COMP_WORDS=("${@:2}"); COMP_CWORD=$(($# - 2)); _marchland_completion marchland
printf '%s\\n' "${COMPREPLY[@]}" """,
    # zsh completes only while a line is edited; its two ways of offering words are replaced by printing.
    "zsh": """compdef() { : }; compadd() { print -l -- ${(P)@[-1]} }
_describe() { print -l -- ${${(P)3}%%:*} }
source "$1"; words=("${@:2}"); CURRENT=$(($# - 1)); _marchland_completion""",
    "fish": 'source $argv[1]; complete -C "$argv[2..]" | cut -f 1',
}
OPTIONS = {"bash": ["--norc"], "zsh": ["-f"], "fish": ["--no-config"]}


@pytest.fixture(params=sorted(ASK))
def complete(request, run, tmp_path):
    """Return how a shell completes the last of some words."""
    shell = request.param
    program = shutil.which(shell)
    if program is None:
        pytest.skip(f"no {shell} on this machine")
    script = tmp_path / "script"
    script.write_text(run("completion", shell).out)
    bin_folder = Path(sys.executable).parent
    environment = {**os.environ, "PATH": f"{bin_folder}:{os.environ['PATH']}", "HOME": str(tmp_path)}

    def ask(*words: str) -> list[str]:
        name = [] if shell == "fish" else [shell]
        command = [program, *OPTIONS[shell], "-c", ASK[shell], *name, str(script), "marchland", *words]
        done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
        assert (done.returncode, done.stderr) == (0, "")
        return sorted(word for word in done.stdout.splitlines() if word)

    return ask


def test_commands_and_options_are_completed(complete):
    assert complete("ma") == ["map", "matrix"]
    assert complete("compare", "1857", "1859", "--rea") == ["--reading"]
    assert complete("map", "1860", "--lang", "") == ["en", "ru", "zh"]


def test_names_are_completed_from_the_dataset(complete):
    assert complete("treaty", "nerch") == ["nerchinsk-1689"]
    assert complete("where", "vladi") == ["vladivostok"]


def answers(run, monkeypatch, *words):
    """Return what click offers for the last of some words, without a shell."""
    monkeypatch.setenv("_MARCHLAND_COMPLETE", "bash_complete")
    monkeypatch.setenv("COMP_WORDS", " ".join(("marchland", *words)))
    monkeypatch.setenv("COMP_CWORD", str(len(words)))
    result = run()
    assert (result.code, result.err) == (0, "")
    return [line.removeprefix("plain,") for line in result.out.splitlines() if line]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (("map", "aig"), ["aigun-1858"]),
        (("map", "livadia"), []),  # never in force: a name, but no date
        (("treaty", "livadia"), ["livadia-1879"]),
        (("series", "--holder", "ru"), ["russia", "russia+third:japan"]),
        (("series", "--holder", "non"), ["none"]),
        (("compare", "1700", "1859", "--reading", "ud"), ["uda=north"]),
        (("claims", "tarab"), ["tarabarov"]),
        (("map", "aig", "--data", "nowhere"), []),
        (("where", "no-such-place"), []),
    ],
)
def test_what_each_kind_of_name_is_completed_with(run, monkeypatch, words, found):
    assert answers(run, monkeypatch, *words) == found


def test_a_dataset_that_is_not_there_has_no_names(run, monkeypatch, tmp_path):
    assert answers(run, monkeypatch, "frontier", "--data", str(tmp_path), "aig") == []


def test_an_unknown_shell_is_a_wrong_command_line(run):
    result = run("completion", "tcsh")
    assert (result.code, result.out) == (2, "")
    assert "'tcsh' is not one of 'bash', 'zsh', 'fish'" in result.err
