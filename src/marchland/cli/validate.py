"""``marchland validate``."""

import click

from marchland.cli import options


@click.command("validate")
@click.argument("path", required=False, metavar="[PATH]")
@click.option("--strict", is_flag=True, help="Fail on warnings too, not only on errors.")
@click.option("--holder", metavar="COLUMN", help="Column of who holds.  [default: the usual names]")
@click.option(
    "--unit",
    metavar="COLUMN",
    help="Column of what has one history, whose versions may not overlap.  [default: the usual names]",
)
@click.option("--start", metavar="COLUMN", help="Column of the first day.  [default: the usual names]")
@click.option("--end", metavar="COLUMN", help="Column of the end.  [default: the usual names]")
@click.option(
    "--end-rule",
    type=click.Choice(("inclusive", "exclusive")),
    help="Whether the end is the last day held or the first no longer held.  [default: inferred]",
)
@options.data_option
@options.format_option()
@options.output_option
def command(
    *,
    path: str | None,
    strict: bool,
    holder: str | None,
    unit: str | None,
    start: str | None,
    end: str | None,
    end_rule: str | None,
    data: str,
    how: str,
    output: str | None,
) -> int:
    """Check boundaries: their geometry, how they fit together, and their dates.

    PATH is a file that GDAL reads (also .xz or .zip), or the folder of a dataset; without it --data is
    checked. Nothing is mended. The exit code is 1 when there are errors (with --strict, warnings), 0 when
    there are only notes.
    """
    from marchland.registers import issues_answer
    from marchland.tables import write
    from marchland.validation import validate

    options.check_output(output)
    found = validate(
        path if path is not None else data, holder=holder, unit=unit, start=start, end=end, end_rule=end_rule
    )
    options.answer(write(issues_answer(found), how), output)
    return 0 if found.is_sound(strict=strict) else 1
