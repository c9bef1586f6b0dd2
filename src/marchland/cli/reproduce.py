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
    "sources",
    "carry",
    "validate",
)
"""The commands whose answers follow from what they read and what was asked, and that write nothing else."""

PAGES = ("map", "story")
"""Those whose answers are pages, unless the file's ending says otherwise."""

CHART = "chart"
"""The part of ``series`` that is a picture."""

OPENED = ("preset", "layer", "columns", "crs", "title", "credit", "licence")
"""How boundaries were opened, as far as the commands can be told."""


@click.command("reproduce")
@click.argument("path", metavar="FILE", type=click.Path(path_type=Path))
@click.option(
    "--data",
    metavar="PATH",
    help="Where the dataset or the boundaries are now.  [default: the built-in dataset of the stamp's name]",
)
@click.option(
    "--input",
    "inputs",
    metavar="PATH",
    multiple=True,
    help="Where a file is now that the command was given: A and B of sources, the CSV of carry, the file of"
    " validate; several in their order.",
)
@options.engine_options
@click.option("-o", "--output", metavar="PATH", help="Keep the rerun: a file, or a folder for an article's.")
def command(*, path: Path, data: str | None, inputs: tuple[str, ...], output: str | None) -> bool:
    """Rerun what made a file, and say whether it is the same to the last byte.

    FILE is a page of map or story, a picture of map, an article's folder or a picture of it, the chart of
    series, an answer with -f json or md, or an export: its stamp says what was asked. The exit code is 0 if
    it is the same, 1 if not, and then it is told whether the dataset, the program, or which row of a table
    differs; 3 if it has no such stamp. A csv has none, as it is rows and nothing else: keep the answer with
    -f json beside it.
    """
    from marchland.stamps import contents, differences, read_stamp

    if output is not None and not path.is_dir():
        options.check_output(output)
    stamp = read_stamp(path)
    words = _line(path, stamp, data, inputs)
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder) / (path.resolve().name or "again")
        new = _made(words, made, stamp["request"].get("part"))
        now = read_stamp(made)
        told = differences(contents(path), new, (stamp, now))
    asked = shlex.join(["marchland", *stamp["request"]["arguments"]])
    verdict = "differs from its rerun" if told else "is the same to the last byte"
    if output is not None:
        _keep(new, output)
    lines = [f"{path} {verdict}: {asked}", *(f"  {line}" for line in told)]
    options.answer("".join(f"{_printable(line)}\n" for line in lines), None)
    return bool(told)


def _made(words: list[str], made: Path, part: str | None) -> dict[str, bytes]:
    """Run a command line and return what it made, or the part of that which is wanted; it is at ``made``."""
    from marchland.stamps import contents

    if part is None:
        # what is wanted must not hang on how the file is called now
        new = made.with_name("again.html") if words[0] in PAGES else made
        _run([*words[:1], "--output", str(new), *words[1:]])
        new.replace(made)
    elif part == CHART:
        table = made.with_name(f"{made.name}.json")
        _run([*words[:1], "--chart", str(made), "--output", str(table), *words[1:]])
    else:
        kit = made.with_name(f"{made.name}.kit")
        _run([*words[:1], "--output", str(kit), *words[1:]])
        made.write_bytes(contents(kit)[part])
    return contents(made)


def _line(path: Path, stamp: Mapping[str, Any], data: str | None, inputs: tuple[str, ...]) -> list[str]:
    """Return the command line that makes a file again; one that marchland does not write is refused.

    Raises
    ------
    DataError
        The stamp asks for anything but an answer, or for a dataset that has to be named.
    """
    asked, files = stamp["request"]["arguments"], stamp["request"].get("files", [])
    opened = stamp.get("opened") or {}
    strange = [name for name in opened if name not in OPENED] if isinstance(opened, dict) else ["opened"]
    if strange:
        names = _printable(", ".join(strange))
        msg = f"{path} was made of boundaries read with {names}, which no command takes: rerun it in Python"
        raise DataError(msg)
    told = _printable(shlex.join([*asked[:1], *map(str, files), *asked[1:]]))[:200]
    strange_request = f"the stamp of {path} asks for what marchland does not write into one: {told}"
    if asked[0] not in COMMANDS or not _is_part(asked[0], stamp["request"].get("part")):
        raise DataError(strange_request)
    found = _found(path, asked[0], files, inputs)
    of_files = asked[0] == "sources" or (asked[0] == "validate" and bool(found))
    if not of_files and data is None and stamp.get("dataset") != options.DATASET:
        msg = f"{path} was made of {_printable(str(stamp.get('dataset')))}: say with --data where that is now"
        raise DataError(msg)
    if _canonical([asked[0], *found, *asked[1:]]) != asked:
        raise DataError(strange_request)
    given = {name: opened[name] for name in OPENED if name in opened} | options.engine_chosen()
    taken = {name for parameter in _command(asked[0]).params for name in parameter.opts}
    pairs = [(f"--{name}", str(value)) for name, value in given.items() if value and f"--{name}" in taken]
    if not of_files:
        pairs.append(("--data", data or options.DATASET))
    return [asked[0], *(word for pair in pairs for word in pair), *found, *asked[1:]]


def _is_part(name: str, part: object) -> bool:
    """Whether a command makes such a part: the whole, the chart of series, a picture of an article."""
    parts = {"series": (CHART,), "article": ("map.svg", "map.pdf", "map.png", "card.png")}
    return part is None or part in parts.get(name, ())


def _found(path: Path, name: str, files: object, inputs: tuple[str, ...]) -> list[str]:
    """Return where the files of a command are now. The built-in dataset is found by its name."""
    most = len(options.FILES.get(name, ()))
    names = list(map(str, files)) if isinstance(files, list) else []
    given = iter(inputs)
    found = [
        None if one == options.DATASET and len(inputs) < len(names) else next(given, "") for one in names
    ]
    missing = [_printable(one) for one, now in zip(names, found, strict=True) if now == ""]
    if missing or next(given, None) is not None or len(names) > most:
        what = f"of {', '.join(missing)}: say with --input where that is now" if missing else "of fewer files"
        msg = f"{path} was made {what}"
        raise DataError(msg)
    for one in filter(None, found):
        if not Path(one).exists():
            msg = f"cannot read {one}: no such file or folder"
            raise DataError(msg)
    return [options.DATASET if one is None else str(Path(one).absolute()) for one in found]


def _command(name: str) -> click.Command:
    found: click.Command = import_module(f"marchland.cli.{name}").command
    return found


def _canonical(asked: list[str]) -> list[str] | None:
    """Return how a command line would be written into a stamp, None if it is none.

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
