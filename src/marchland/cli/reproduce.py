"""``marchland reproduce``."""

import io
import shlex
import sys
import tempfile
from collections.abc import Mapping
from contextlib import redirect_stdout
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from marchland.cli import options
from marchland.errors import DataError, MarchlandError
from marchland.files import write_atomic

COMMANDS = (
    "versions",
    "map",
    "article",
    "story",
    "compare",
    "series",
    "matrix",
    "where",
    "frontier",
    "export",
    "treaty",
    "events",
    "relations",
    "claims",
)
"""The commands whose answers follow from one dataset and what was asked, and that write nothing else."""

OPENED = ("preset", "layer", "columns", "crs", "title", "credit", "licence")
"""How boundaries were opened, as far as the commands can be told."""


@click.command("reproduce")
@click.argument("path", metavar="FILE", type=click.Path(path_type=Path))
@click.option(
    "--data",
    metavar="PATH",
    help="Where the dataset or the boundaries are now.  [default: the built-in dataset of the stamp's name]",
)
@options.engine_options
@click.option("-o", "--output", metavar="PATH", help="Keep the rerun: a file, or a folder for an article's.")
def command(*, path: Path, data: str | None, output: str | None) -> bool:
    """Rerun what made a file, and say whether it is the same to the last byte.

    FILE is a page of map or story, an article's folder, an answer with -f json, or an export: its stamp says
    what was asked. The exit code is 0 if it is the same, 1 if not, and then it is told whether the dataset,
    the program, or which row of a table differs; 3 if it has no such stamp (csv and pictures have none).
    """
    from marchland.stamps import contents, differences, read_stamp

    if output is not None and not path.is_dir():
        options.check_output(output)
    stamp = read_stamp(path)
    words = _line(path, stamp, data)
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder) / (path.resolve().name or "again")
        _run([*words[:1], "--output", str(made), *words[1:]])
        new, now = contents(made), read_stamp(made)
        told = differences(contents(path), new, (stamp, now))
    asked = shlex.join(["marchland", *stamp["request"]["arguments"]])
    verdict = "differs from its rerun" if told else "is the same to the last byte"
    if output is not None:
        _keep(new, output)
    lines = [f"{path} {verdict}: {asked}", *(f"  {line}" for line in told)]
    options.answer("".join(f"{_printable(line)}\n" for line in lines), None)
    return bool(told)


def _line(path: Path, stamp: Mapping[str, Any], data: str | None) -> list[str]:
    """Return the command line that makes a file again; one that marchland does not write is refused.

    Raises
    ------
    DataError
        The stamp asks for anything but an answer, or for a dataset that has to be named.
    """
    asked = stamp["request"]["arguments"]
    opened = stamp.get("opened") or {}
    strange = [name for name in opened if name not in OPENED] if isinstance(opened, dict) else ["opened"]
    if strange:
        names = _printable(", ".join(strange))
        msg = f"{path} was made of boundaries read with {names}, which no command takes: rerun it in Python"
        raise DataError(msg)
    if data is None and stamp.get("dataset") != options.DATASET:
        msg = f"{path} was made of {_printable(str(stamp.get('dataset')))}: say with --data where that is now"
        raise DataError(msg)
    if asked[0] not in COMMANDS or _canonical(asked) != asked:
        line = _printable(shlex.join(asked))[:200]
        msg = f"the stamp of {path} asks for what marchland does not write into one: {line}"
        raise DataError(msg)
    given = {name: opened[name] for name in OPENED if name in opened} | options.engine_chosen()
    taken = {name for parameter in _command(asked[0]).params for name in parameter.opts}
    pairs = [(f"--{name}", str(value)) for name, value in given.items() if value and f"--{name}" in taken]
    pairs.append(("--data", data or options.DATASET))
    return [asked[0], *(word for pair in pairs for word in pair), *asked[1:]]


def _command(name: str) -> click.Command:
    found: click.Command = import_module(f"marchland.cli.{name}").command
    return found


def _canonical(asked: list[str]) -> list[str] | None:
    """Return how the arguments would be written into a stamp, None if they are no command line.

    An option that names a file is not written, so that arguments with one are not what comes back.
    """
    try:
        with redirect_stdout(io.StringIO()), _command(asked[0]).make_context(asked[0], list(asked[1:])):
            found: list[str] = options.asked()["arguments"]
            return found
    except (click.ClickException, click.exceptions.Exit, MarchlandError):
        return None


def _run(words: list[str]) -> None:
    """Run a command; what it says on standard output, the path of its answer, is not passed on."""
    with (
        redirect_stdout(io.TextIOWrapper(io.BytesIO(), "utf-8")),
        _command(words[0]).make_context(words[0], words[1:]) as context,
    ):
        context.command.invoke(context)


def _printable(text: str) -> str:
    """Return a text of a stranger's file with what would steer a terminal taken out."""
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text)


def _keep(made: Mapping[str, bytes], output: str) -> None:
    """Write the rerun, and say where."""
    if set(made) == {""}:
        write_atomic(output, made[""])
    else:
        from marchland.render.kit.folder import write_folder

        write_folder(output, made)
    click.echo(f"rerun in {output}", file=sys.stderr)
