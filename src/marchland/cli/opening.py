"""How the boundaries of ``--data`` are opened: options that every command which reads them takes."""

import shlex
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import click

from marchland.cli.names import DATASET
from marchland.errors import DataError, OpeningError

Command = TypeVar("Command", bound=Callable[..., Any])

PRESETS = ("cshapes", "historical-basemaps", "ahcb", "histogis", "ohm", "versions", "snapshots")
NAMES = ("preset", "layer", "columns", "crs")
SIDES = ("-a", "-b")
_META = "marchland.opened"

_data_option = click.option(
    "--data",
    metavar="PATH",
    default=DATASET,
    show_default=True,
    help="Name of a built-in dataset, the folder of a Data Package, a file of boundaries, or a folder of"
    " files with years in their names.",
)


def _columns(text: str | None) -> str | None:
    """Return columns as they are always written."""
    from marchland.datasets.columns import format_columns, parse_columns

    return None if text is None else format_columns(parse_columns(text))


_HOW: dict[str, dict[str, Any]] = {
    "preset": {
        "type": click.Choice(PRESETS),
        "help": "Collection that the boundaries of {of} are from; told by their columns where not given.",
    },
    "layer": {"metavar": "NAME", "help": "Layer of {of} to read, where a file has several."},
    "columns": {
        "read": _columns,
        "metavar": "ROLE=COLUMN,…",
        "help": "Which columns of {of} are what: holder, start, end (the first day no longer held) or last"
        " (the last day held), and unit; for example holder=name,start=from,last=to.",
    },
    "crs": {"metavar": "CRS", "help": "CRS of {of}, such as EPSG:32636, where the file states none."},
}


def kept_option(
    group: str,
    name: str,
    read: Callable[[Any], Any] = lambda value: value,
    **how: Any,  # noqa: ANN401 - click's own
) -> Callable[[Command], Command]:
    """Return an option that is no parameter of the command: the context has it by name under ``group``."""

    def keep(ctx: click.Context, _parameter: click.Parameter, value: object) -> None:
        ctx.meta.setdefault(group, {})[name] = read(value)

    return click.option(f"--{name}", expose_value=False, callback=keep, **how)


def _option(name: str, of: str, side: str = "") -> Callable[[Command], Command]:
    how = {**_HOW[name], "help": _HOW[name]["help"].format(of=of)}
    return kept_option(_META, name + side, **how)


def data_option(command: Command) -> Command:
    """Add ``--data`` and how it is opened, which ``options.load`` finds by itself."""
    for name in reversed(NAMES):
        command = _option(name, "--data")(command)
    return _data_option(command)


def side_options(command: Command) -> Command:
    """Add how A and B are opened to a command that has two of what ``--data`` is elsewhere."""
    for side in reversed(SIDES):
        for name in reversed(NAMES[1:]):
            command = _option(name, side[1:].upper(), side)(command)
    return command


def opened(side: str = "") -> dict[str, Any]:
    """Return what was said of how boundaries are opened, by name; ``side`` is ``-a`` or ``-b`` of two."""
    context = click.get_current_context(silent=True)
    said = context.meta.get(_META, {}) if context is not None else {}
    return {name: said[name + side] for name in NAMES if said.get(name + side) is not None}


@contextmanager
def told_by_option(side: str = "") -> Iterator[None]:
    """Tell by which option it is said how boundaries are opened, where that must be."""
    try:
        yield
    except OpeningError as error:
        msg = f"{error}: --{error.option}{side} {shlex.quote(error.example)}"
        raise DataError(msg) from error
