"""``marchland build``."""

from pathlib import Path

import click

from marchland.cli import options
from marchland.errors import UsageError


@click.command("build")
@click.option("--check", is_flag=True, help="Write nothing; fail if sources and compiled files disagree.")
@options.dataset_option
def command(*, check: bool, data: str) -> bool:
    """Compile the clauses of a dataset into faces and arcs.

    With --check the exit code is 1 when anything compiled differs from what the sources say; each difference
    is a line of output.
    """
    try:
        from marchland.compile.build import build_dataset
    except ModuleNotFoundError as error:
        msg = f"compiling needs {error.name}, which is not installed; install marchland[build]"
        raise UsageError(msg) from error

    report = build_dataset(_folder(data), check=check, progress=options.Progress())
    for message in report.messages:
        options.talk(message)
    options.answer("".join(f"{line}\n" for line in report.drift), None)
    return bool(report.drift)


def _folder(data: str) -> Path:
    """Return the folder of a dataset given by name or path."""
    from marchland.datasets.package import find_dataset

    return Path(find_dataset(data))
