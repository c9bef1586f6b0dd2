"""``marchland matrix``."""

import click

from marchland.cli import options
from marchland.cli.names import WHEN


@click.command("matrix")
@click.argument("dates", metavar="[DATE]...", nargs=-1, type=WHEN)
@options.data_option
@options.engine_options
@options.basis_option
@options.reading_option
@options.format_option()
@options.output_option
def command(
    *,
    dates: tuple[str, ...],
    data: str,
    basis: str,
    readings: tuple[str, ...],
    how: str,
    output: str | None,
) -> None:
    """Show how much land changed hands between any two dates.

    For every pair of the dates or versions given, or of all dates on which something changed: the land whose
    holder is another on one than on the other, km². A change of status alone counts nothing.
    """
    from marchland.analyses import matrix_answer
    from marchland.timeseries import matrix

    options.check_output(output)
    composite = options.load(data, readings)
    found = matrix(composite, basis=basis, dates=dates or None)
    options.reply(matrix_answer(found), how, output)
    options.tell_of_dates(composite, *dates, basis=basis)
