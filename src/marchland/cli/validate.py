"""``marchland validate``."""

from dataclasses import replace

import click

from marchland.cli import options
from marchland.cli.opening import opened, told_by_option


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
@options.engine_options
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
) -> bool:
    """Check the geometry of boundaries, their fit and their dates.

    PATH is a file that GDAL reads (also .xz or .zip), looked at as it is, or the folder of a dataset. Without
    it, --data is checked as it is read: what was assumed and repaired, that tenures are complete, and that
    arcs bound the faces they name. The exit code is 1 when there are errors (with --strict, warnings), 0 when
    there are only notes.
    """
    from marchland.registers import issues_answer
    from marchland.validation import validate, validate_composite

    options.check_output(output)
    if path is None:
        found = validate_composite(options.load(data, tell=False))
    else:
        named = {"holder": holder, "unit": unit, "start": start, "end": end, "end_rule": end_rule}
        words = {**named, **opened(), **options.engine_chosen()}
        with told_by_option():
            found = validate(path, **words, progress=options.Progress())
        if opened():
            found = replace(found, stamp={**found.stamp, "opened": opened()})
    options.reply(issues_answer(found), how, output)
    return not found.is_sound(strict=strict)
