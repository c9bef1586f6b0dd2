"""``marchland compare``."""

import click

from marchland.cli import options
from marchland.cli.names import WHEN


@click.command("compare")
@click.argument("first", metavar="A", type=WHEN)
@click.argument("last", metavar="B", type=WHEN)
@click.option(
    "--totals",
    is_flag=True,
    help="Leave out the ledger: only each holder's area (what csv cannot show beside it).",
)
@click.option(
    "--by",
    type=click.Choice(("territory", "pair", "holder")),
    default="territory",
    show_default=True,
    help="Put this ledger first; csv has only the first.",
)
@click.option("--exit-code", "findings", is_flag=True, help="Leave with 1 if anything changed.")
@options.sigma_option
@options.correlation_option
@options.data_option
@options.engine_options
@options.basis_option
@options.reading_option
@options.format_option()
@options.output_option
def command(
    *,
    first: str,
    last: str,
    totals: bool,
    by: str,
    findings: bool,
    sigma: float | None,
    correlation: float | None,
    data: str,
    basis: str,
    readings: tuple[str, ...],
    how: str,
    output: str | None,
) -> bool:
    """Show which land changed hands between two dates.

    A and B are dates or versions. The ledger has the area of every territory whose holder or status differs,
    with sigma_km2 as one standard deviation; the totals have each holder's land on B and its change since A.

    The ledger by pair says of each pair of holders whether the change is real, or no more than two drawings
    of the same line would differ by (redrawn; noise_km2 is that measure); net_km2 is one way less the other,
    gross_km2 the sum of both.
    """
    from marchland.comparison import compare
    from marchland.tables import comparison_answer

    options.check_output(output)
    composite = options.load(data, readings)
    found = compare(composite, first, last, basis=basis, sigma_km=sigma, correlation_km=correlation)
    options.reply(comparison_answer(found, totals_only=totals, by=by), how, output)
    options.tell_of_dates(composite, first, last, basis=basis)
    return findings and bool(found.ledger)
