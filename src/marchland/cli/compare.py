"""``marchland compare``."""

import click

from marchland.cli import options


@click.command("compare")
@click.argument("first", metavar="A")
@click.argument("last", metavar="B")
@click.option(
    "--totals",
    is_flag=True,
    help="Leave out the ledger: only each holder's area (what csv cannot show beside it).",
)
@options.data_option
@options.basis_option
@options.reading_option
@options.format_option()
@options.output_option
def command(
    *,
    first: str,
    last: str,
    totals: bool,
    data: str,
    basis: str,
    readings: tuple[str, ...],
    how: str,
    output: str | None,
) -> None:
    """Show which land changed hands between two dates.

    A and B are dates or versions. The ledger has the area of every territory whose holder or status differs,
    with sigma_km2 as one standard deviation; the totals have each holder's land on B and its change since A.
    """
    from marchland.comparison import compare
    from marchland.tables import comparison_answer, write

    options.check_output(output)
    composite = options.load(data, readings)
    result = comparison_answer(compare(composite, first, last, basis=basis), totals_only=totals)
    options.answer(write(result, how), output)
    options.tell_of_years(composite, first, last, basis=basis)
