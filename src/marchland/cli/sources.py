"""``marchland sources``."""

import click

from marchland.cli import options


@click.command("sources")
@click.argument("first", metavar="A")
@click.argument("second", metavar="B")
@click.option("--at", "when", metavar="DATE", required=True, help="Date, year, or version of A.")
@click.option(
    "--match",
    "matches",
    metavar="A=B",
    multiple=True,
    help="Count holder A of the first as holder B of the second; may be given several times.",
)
@click.option("--all", "everything", is_flag=True, help="Show the land on which they agree too.")
@click.option("--exit-code", "findings", is_flag=True, help="Leave with 1 if they differ anywhere.")
@options.side_options
@options.sigma_option
@options.engine_options
@options.basis_option
@options.format_option()
@options.output_option
def command(
    *,
    first: str,
    second: str,
    when: str,
    matches: tuple[str, ...],
    everything: bool,
    findings: bool,
    sigma: float | None,
    basis: str,
    how: str,
    output: str | None,
) -> bool:
    """Show where two datasets disagree about a date.

    A and B are datasets as --data takes them elsewhere. For each pair of holders there is the area that one
    has by A and the other by B, the number of pieces of at least 1 km², and a point inside the largest. Land
    that only one of them covers is told apart, and is no disagreement.

    The verdict says whether the pieces are wider than two drawings of one line would leave between them
    (real), narrower (redrawn), or cannot be told (unclear, also where a dataset states no sigma and --sigma
    gives none).
    """
    from marchland.analyses import sources_answer
    from marchland.sources import compare_sources, parse_match

    options.check_output(output)
    pairs = parse_match(matches)
    a, b = options.load(first, side="-a"), options.load(second, side="-b")
    found = compare_sources(a, b, when, basis=basis, match=pairs, sigma_km=sigma)
    options.reply(sources_answer(found, everything=everything), how, output)
    options.tell_of_dates(a, when, basis=basis)
    return findings and any(not row.agree for row in found.rows)
