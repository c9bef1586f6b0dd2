"""What the commands share: their options, how they read a date, and how they answer."""

import re
import shlex
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from marchland.cli.endings import told_by_ending
from marchland.cli.names import DATASET as DATASET
from marchland.cli.names import READING
from marchland.cli.opening import NAMES, SIDES, kept_option, opened, told_by_option
from marchland.cli.opening import PRESETS as PRESETS
from marchland.cli.opening import data_option as data_option
from marchland.cli.opening import side_options as side_options
from marchland.cli.terminal import Progress as Progress
from marchland.cli.terminal import signed, table_width
from marchland.dates import LANGUAGES as LANGUAGES
from marchland.files import check_writable, write_atomic
from marchland.layout import harmless
from marchland.request import request

if TYPE_CHECKING:
    from marchland.composite import SpaceTimeComposite
    from marchland.tables import Answer

Command = TypeVar("Command", bound=Callable[..., Any])

BASES = ("de_jure", "de_facto")
FORMATS = ("table", "csv", "json", "md")
_ENDINGS = {".txt": "table", ".csv": "csv", ".json": "json", ".md": "md"}

_CREDIT = "marchland.credit"

FILES = {"sources": ("first", "second"), "carry": ("numbers",), "validate": ("path",)}
"""Arguments that name what a command reads beside ``--data``, by the command; they come first."""

NOT_ASKED = frozenset({"data", "output", "force", "findings", "chart"})
"""Parameters that change no byte of an answer, or name files: no part of a request."""
_ENGINE = "marchland.engine"

dataset_option = click.option(
    "--data",
    metavar="PATH",
    default=DATASET,
    show_default=True,
    help="Name of a built-in dataset, or the folder of a Data Package.",
)
ENGINES = ("serial", "processes", "dask")


_engine_options = (
    kept_option(
        _ENGINE,
        "engine",
        type=click.Choice(ENGINES),
        help="Who cuts up boundaries: this process, several, or a Dask cluster.  [default: by their size]",
    ),
    kept_option(
        _ENGINE,
        "workers",
        metavar="N",
        type=click.IntRange(min=1),
        help="How many workers.  [default: one a processor]",
    ),
    kept_option(
        _ENGINE,
        "scheduler",
        metavar="ADDRESS",
        help="Scheduler of a Dask cluster, such as tcp://10.0.0.1:8786.  [default: one on this machine]",
    ),
)


def engine_chosen() -> dict[str, Any]:
    """Return what ``--engine``, ``--workers`` and ``--scheduler`` were given as, by name."""
    context = click.get_current_context(silent=True)
    return dict(context.meta.get(_ENGINE, {})) if context is not None else {}


def engine_options(command: Command) -> Command:
    """Add who does the work where boundaries are cut up; :func:`load` finds it by itself."""
    for option in reversed(_engine_options):
        command = option(command)
    return command


def credit_options(command: Command) -> Command:
    """Add what a page says of boundaries that do not state it; :func:`load` finds it by itself."""
    for option in (
        kept_option(
            _CREDIT, "licence", metavar="TEXT", help="Terms of boundaries of your own, for example CC-BY-4.0."
        ),
        kept_option(_CREDIT, "credit", metavar="TEXT", help="Who made boundaries of your own."),
        kept_option(
            _CREDIT,
            "title",
            metavar="TEXT",
            help="Title of boundaries of your own.  [default: name of the file]",
        ),
    ):
        command = option(command)
    return command


basis_option = click.option(
    "--basis",
    type=click.Choice(BASES),
    default=BASES[0],
    show_default=True,
    help="Count who held land by right or in fact.",
)
reading_option = click.option(
    "--reading",
    "readings",
    metavar="QUESTION=ANSWER",
    type=READING,
    multiple=True,
    help="Read a doubtful clause otherwise, for example uda=north; may be given several times.",
)
lang_option = click.option(
    "--lang",
    type=click.Choice(LANGUAGES),
    default=LANGUAGES[0],
    show_default=True,
    help="Language of names and texts.",
)
sigma_option = click.option(
    "--sigma",
    metavar="KM",
    type=float,
    help="Standard deviation of position of the lines for which the dataset states none.",
)
correlation_option = click.option(
    "--correlation",
    metavar="KM",
    type=float,
    help="Distance over which displacements are alike, of lines for which the dataset states none:"
    " 40, or four times their sigma where that is more.",
)
output_option = click.option(
    "-o",
    "--output",
    metavar="FILE",
    is_eager=True,  # its ending may say the format
    help="Write to a file (all of it or nothing) and print its path instead.",
)


def format_option(*more: str) -> Callable[[Command], Command]:
    """Return the option ``-f``; ``more`` names formats beside the four of every table.

    Without it the ending of the file says the format.
    """
    endings = _ENDINGS | {f".{name}": name for name in more}

    def told(ctx: click.Context, _parameter: click.Parameter, value: str | None) -> str:
        return value or told_by_ending(ctx.params.get("output"), endings, remedy=", or say its form with -f")

    return click.option(
        "-f",
        "--format",
        "how",
        type=click.Choice((*FORMATS, *more)),
        callback=told,
        help="Form of the answer; json and md say how to ask again, csv has only rows."
        "  [default: what FILE ends in, else table]",
    )


def load(
    data: str,
    readings: tuple[str, ...] = (),
    *,
    tell: bool = True,
    side: str = "",
) -> "SpaceTimeComposite":
    """Load what ``--data`` and the options beside it name, its doubtful clauses read as ``--reading`` says.

    How much was assumed and repaired on reading is told in a line on standard error, unless the answer lists
    it (``tell`` is false). ``side`` is ``-a`` or ``-b`` where a command has two of them.
    """
    from marchland.datasets import load as load_dataset

    context = click.get_current_context(silent=True)
    credit = context.meta.get(_CREDIT, {}) if context is not None else {}
    words = {**opened(side), **engine_chosen(), **credit}
    with told_by_option(side):
        composite: SpaceTimeComposite = load_dataset(data, **words, progress=Progress())
    if tell:
        tell_of_reading(composite, data)
    return composite.read(*readings) if readings else composite


def tell_of_reading(composite: "SpaceTimeComposite", data: str) -> None:
    """Say on standard error how many things were assumed and found as boundaries were read."""
    counts = Counter(issue.code for issue in composite.reading_report)
    if counts:
        found = ", ".join(code if n == 1 else f"{code} ×{n}" for code, n in sorted(counts.items()))
        said = [(name, str(value)) for name, value in composite.opened if name in NAMES]
        how = [word for name, value in said for word in (f"--{name}", value)]
        where = shlex.join(["marchland", "validate", "--data", data, *how])
        talk(f"{composite.meta.name} was read with {found} (see {where})")


def tell_of_dates(composite: "SpaceTimeComposite", *whens: str, basis: str) -> None:
    """Say on standard error how each year was read, where land changed hands within it, and what is late.

    Called after the answer: a question that fails is told in one line. An empty word asks for no date.
    """
    days = {when: composite.resolve_when(when) for when in whens if when}
    meta = composite.meta
    late = [day.isoformat() for day in dict.fromkeys(days.values()) if day > meta.as_of]
    if late:
        told = f"the data's last date is {meta.as_of}, and what has no end there is taken to hold on"
        talk(f"{', '.join(late)}: {told}")
    for when, day in days.items():
        if not re.fullmatch(r"\s*\d{4}\s*", when):
            continue
        changes = [
            d for d in composite.change_dates(basis) if d.year == day.year and d != composite.meta.first_date
        ]
        if changes:
            told = ", ".join(d.isoformat() for d in changes)
            talk(f"{when.strip()} is read as {day.isoformat()}; land changed hands that year on {told}")


def check_output(path: str | None) -> None:
    """Refuse an output file that cannot be written before the work is done. None is standard output."""
    if path is not None:
        check_writable(path)


def asked(**settled: object) -> dict[str, Any]:
    """Return the request of the running command: what decides the bytes of its answer, and nothing else.

    ``settled`` are parameters that were not given but follow from others, by their name in the command. Files
    are named beside the arguments, without their folders: where they lie is no part of what was asked.
    """
    context = click.get_current_context()
    words: list[str] = []
    files: list[str] = []
    options: dict[str, object] = {}
    for parameter in context.command.params:
        name = parameter.name or ""
        if name in NOT_ASKED or not parameter.expose_value:
            continue
        value: Any = settled.get(name, context.params.get(name))
        if name in FILES.get(context.command.name or "", ()):
            files += [Path(value).name] if value else []
        elif isinstance(parameter, click.Argument):
            words += [value] if isinstance(value, str) else list(value or ())
        else:
            options[_long(parameter.opts)] = value
            if parameter.secondary_opts:
                options[_long(parameter.secondary_opts)] = not value
    for side in SIDES:
        options |= {f"{name}{side}": value for name, value in opened(side).items()}
    found = request(context.command.name or "", words, **options)
    return {**found, "files": files} if files else found


def _long(names: list[str]) -> str:
    return next(name for name in names if name.startswith("--"))[2:].replace("-", "_")


def reply(answered: "Answer", how: str, path: str | None, *, again: bool = True) -> None:
    """Write the answer to a question in the format asked for; tables fit the terminal that shows them.

    The stamp carries the request, unless what was read is gone (``again`` is false).
    """
    from marchland.writers import write

    if again and how in {"json", "md"}:
        answered = replace(answered, stamp={**answered.stamp, "request": asked()})
    answer(write(answered, how, width=table_width(path)), path)


def answer(text: str, path: str | None) -> None:
    """Write an answer to standard output, or to a file whose path is then printed.

    Bytes are written as they are, so that the answer is the same whatever the terminal's encoding and line
    ends.
    """
    if path is not None:
        text = f"{write_atomic(path, text)}\n"
    sys.stdout.buffer.write(text.encode("utf-8", errors="surrogateescape"))
    sys.stdout.buffer.flush()


def talk(message: str) -> None:
    """Say something beside the answer, on standard error."""
    click.echo(signed(harmless(message), "cyan"), file=sys.stderr)


def file_name(*words: str, ending: str) -> str:
    """Return a plain file name made of a user's words: no folder, no blank, no surprise.

    >>> file_name("Ili treaty", ending="html")
    'ili-treaty.html'
    >>> file_name("../1860", "de_facto", ending="html")
    '1860-de_facto.html'
    """
    parts = [re.sub(r"[^\w.]+", "-", word.casefold()).strip("-.") for word in words]
    return f"{'-'.join(part for part in parts if part)[:80] or 'map'}.{ending}"


def default_folder() -> Path:
    """Return ``maps_out`` where there is one, else the current folder."""
    folder = Path("maps_out")
    return folder if folder.is_dir() else Path()
