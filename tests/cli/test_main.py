"""The frame of every command: help, exit codes, one line per error, standard output and its end."""

import importlib.util
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import click
import pytest

import marchland
from marchland.cli import main as cli
from marchland.errors import (
    CompileError,
    DataError,
    DateError,
    MarchlandError,
    NotFoundError,
    OutputError,
    UsageError,
)

HEAVY = {"folium", "geopandas", "matplotlib", "numpy", "pandas", "pyproj", "shapely"}
WITHOUT_DATA = {"sources", "completion"}
DOCS = Path(__file__).parents[2] / "docs"


def test_version(run):
    assert run("--version") == (result := run("--version"))
    assert (result.code, result.out, result.err) == (0, f"marchland {marchland.__version__}\n", "")


def test_help_names_every_command(run):
    result = run("-h")
    assert result.code == 0
    for name in cli.COMMANDS:
        assert f"\n  {name} " in result.out
    assert "...\n" not in result.out.partition("Commands:")[2], "a short help is cut off"


@pytest.mark.parametrize("name", cli.COMMANDS)
def test_each_command_has_help_for_itself_and_each_option(run, name):
    result = run(name, "--help")
    assert (result.code, result.err) == (0, "")
    command = cli.marchland.get_command(click.Context(cli.marchland), name)
    assert command.name == name
    assert command.help.split("\n")[0].endswith(".")
    options = [p for p in command.params if isinstance(p, click.Option)]
    if name not in WITHOUT_DATA:
        assert {"--data"} <= {flag for option in options for flag in option.opts}
    assert all(option.help and option.help[0].isupper() for option in options)


def test_the_reference_is_up_to_date():
    spec = importlib.util.spec_from_file_location("write_cli", DOCS / "write_cli.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert module.out_of_date() == [], "run make docs"


def test_every_manual_page_is_sound():
    """groff says nothing about any of them, with all of its warnings on."""
    groff = shutil.which("groff")
    if groff is None:
        pytest.skip("no groff")
    pages = sorted((DOCS / "man").glob("*.1"))
    assert len(pages) == len(cli.COMMANDS) + 1
    done = subprocess.run(
        [groff, "-man", "-Tutf8", "-Kutf8", "-ww", "-z", *pages], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.parametrize(
    ("word", "meant"), [("comapre", "compare"), ("front", "frontier"), ("treatys", "treaty")]
)
def test_a_mistyped_command_is_answered_with_its_like(run, word, meant):
    result = run(word, "1860")
    assert (result.code, result.out) == (2, "")
    assert f"No such command '{word}'; did you mean {meant}" in result.err


@pytest.mark.parametrize(
    ("args", "message"),
    [
        ((), "Missing command (see marchland --help)"),
        (("fly",), "No such command 'fly'"),
        (("compare", "1857"), "Missing argument 'B' (see marchland compare --help)"),
        (("map",), "Missing argument 'WHEN'"),
        (("where",), "Missing argument"),
        (("where", "--near", "5"), "No such option: --near (see marchland where --help)"),
        (("map", "1860", "--lang", "de"), "'de' is not one of 'en', 'ru', 'zh'"),
        (("frontier", "1860", "--basis", "de-jure"), "'de-jure' is not one of 'de_jure', 'de_facto'"),
        (("versions", "-f", "geojson"), "'geojson' is not one of 'table', 'csv', 'json', 'md'"),
        (("versions", "--frmat", "json"), "No such option"),
    ],
)
def test_a_wrong_command_line_is_one_line_and_code_2(run, args, message):
    result = run(*args)
    assert (result.code, result.out) == (2, "")
    assert message in result.err
    assert result.err.startswith("marchland: ")
    assert result.err.count("\n") == 1


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (DateError("a fact\nin two lines"), 2),
        (UsageError("a fact\nin two lines"), 2),
        (OutputError("a fact\nin two lines"), 2),
        (MarchlandError("a fact\nin two lines"), 2),
        (DataError("a fact\nin two lines"), 3),
        (CompileError("a fact\nin two lines"), 3),
        (NotFoundError("a fact\nin two lines"), 4),
    ],
)
def test_every_error_has_its_code_and_one_line(run, monkeypatch, error, code):
    def fail(_data):
        raise error

    monkeypatch.setattr("marchland.cli.options.load", fail)
    result = run("versions")
    assert (result.code, result.out, result.err) == (code, "", "marchland: a fact in two lines\n")


def test_suggestions_are_added_unless_the_message_has_them(run, monkeypatch):
    def fail(_data):
        raise error

    monkeypatch.setattr("marchland.cli.options.load", fail)
    error = NotFoundError("no place 'x'", suggestions=["y", "z"])
    assert run("versions").err == "marchland: no place 'x'; did you mean y or z?\n"
    error = NotFoundError("no place 'x', but y", suggestions=["y"])
    assert run("versions").err == "marchland: no place 'x', but y\n"


def test_a_mistake_of_ours_is_not_hidden(run, monkeypatch):
    monkeypatch.setattr("marchland.cli.options.load", lambda _data: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        run("versions")


def test_an_interrupt_is_quiet(run, monkeypatch):
    def interrupt(_data):
        raise KeyboardInterrupt

    monkeypatch.setattr("marchland.cli.options.load", interrupt)
    result = run("versions")
    assert (result.code, result.err) == (130, "marchland: interrupted\n")


def test_a_reader_who_leaves_early_is_no_error(spawn):
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "wb") as closed:
        done = spawn("--help", stdout=closed, stderr=subprocess.PIPE)
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full")
def test_a_full_disk_behind_standard_output_is_one_line(spawn):
    with open("/dev/full", "wb") as full:  # noqa: PTH123
        done = spawn("--help", stdout=full, stderr=subprocess.PIPE)
    assert done.returncode == 2
    assert done.stderr == b"marchland: cannot write to standard output: no space left on device\n"


def test_the_version_is_told_without_loading_anything():
    code = f"""
import sys
from marchland.cli.main import main
main(['--version'])
print(sorted({HEAVY} & set(sys.modules)))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[1:] == ["[]"]


def test_importing_the_package_is_cheap_and_its_face_is_small():
    code = """
import json, sys
import marchland
print(json.dumps(sorted(m for m in sys.modules if m.startswith(('marchland', 'numpy')))))
"""
    modules = json.loads(subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout)
    assert modules == ["marchland", "marchland.display", "marchland.errors"]
    assert len(marchland.__all__) <= 20
    assert set(marchland.__all__) <= set(dir(marchland))


@pytest.mark.parametrize("name", marchland.__all__)
def test_every_exported_name_is_there(name):
    assert getattr(marchland, name) is not None


def test_another_name_is_not_there():
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        marchland.nonsense  # noqa: B018
