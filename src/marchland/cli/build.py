"""``marchland build``."""

import sys
from pathlib import Path

import click

from marchland.cli import options
from marchland.errors import UsageError


@click.command("build")
@click.option("--check", is_flag=True, help="Write nothing; fail if sources and compiled files disagree.")
@options.dataset_option
@click.option(
    "-o",
    "--output",
    metavar="FOLDER",
    help="Cut up boundaries instead: --data is a folder of GeoParquet files, or one file, of any size.",
)
@click.option("--holder", metavar="COLUMN", help="Column of who holds.  [default: holder]")
@click.option("--unit", metavar="COLUMN", help="Column of the unit.")
@click.option("--start", metavar="COLUMN", help="Column of the first day.  [default: start]")
@click.option("--end", metavar="COLUMN", help="Column of the end.  [default: end]")
@click.option("--end-rule", type=click.Choice(("inclusive", "exclusive")), help="What an end means.")
@options.engine_options
def command(*, check: bool, data: str, output: str | None, **columns: str | None) -> bool:
    """Compile the clauses of a dataset into faces and arcs, or cut up boundaries of any size.

    With --check the exit code is 1 when anything compiled differs from what the sources say; each difference
    is a line of output.

    With -o, boundaries with dates are cut into faces and written as a folder of GeoParquet files. Nothing
    needs all of them at once, and a build that was stopped goes on where it was when it is run again. What
    each stage took is told at the end; stages run in several processes unless --engine says otherwise.
    """
    given = {name: value for name, value in columns.items() if value is not None}
    if output is not None and not check:
        _cut_up(Path(data), Path(output), given)
        return False
    if given or output is not None:
        msg = "columns go with -o, and -o does not go with --check"
        raise UsageError(msg)
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


def _cut_up(source: Path, target: Path, columns: dict[str, str]) -> None:
    """Cut up boundaries, and say what each stage took."""
    from marchland.datasets.partitioned import build_folder
    from marchland.datasets.versions import Recipe
    from marchland.engine import Engine

    chosen = options.engine_chosen()
    engine = Engine(chosen.get("engine"), chosen.get("workers"), chosen.get("scheduler"))
    recipe = Recipe(**{"holder": "holder", "start": "start", "end": "end", **columns})  # type: ignore[arg-type]
    talk = options.talk if sys.stderr.isatty() else None
    built = build_folder(source, target, recipe, engine, progress=options.Progress(), talk=talk)
    for stage in built.stages:
        found = f", {stage.found} found done" if stage.found else ""
        options.talk(
            f"{stage.name}: {stage.tasks} tasks{found}, {stage.seconds:.1f} s on the clock,"
            f" {stage.cpu_seconds:.1f} s of processors, at most {stage.peak_mb:,.0f} MB in one process"
        )
    options.talk(f"{built.versions:,} versions cut into {built.faces:,} faces")
    if built.issues:
        options.talk(f"{built.issues:,} things put right or left out, in {target / 'issues.jsonl'}")
    options.answer(f"{target}\n", None)


def _folder(data: str) -> Path:
    """Return the folder of a dataset given by name or path."""
    from marchland.datasets.package import find_dataset

    return Path(find_dataset(data))
