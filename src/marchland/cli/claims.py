"""``marchland claims``."""

import click

from marchland.cli import options
from marchland.cli.names import CLAIM


@click.command("claims")
@click.argument("ids", metavar="[ID]...", nargs=-1, type=CLAIM)
@options.data_option
@options.reading_option
@options.format_option()
@options.output_option
def command(
    *, ids: tuple[str, ...], data: str, readings: tuple[str, ...], how: str, output: str | None
) -> None:
    """Set published areas and lengths beside what the dataset gives.

    dataset and sigma are the dataset's figure and one standard deviation of it, in km², km, or what the claim
    says. A figure agrees if the range published for it lies within two of these; else it differs, and the
    explanation says why (in csv and json, and wherever an ID is given).
    """
    from marchland.claims import check_claims
    from marchland.registers import claims_answer

    options.check_output(output)
    composite = options.load(data, readings)
    details = how in {"csv", "json"}
    answer = claims_answer(
        composite, check_claims(composite, *ids), details=details, explain=bool(ids) and not details
    )
    options.reply(answer, how, output)
