"""``marchland carry``."""

import click

from marchland.cli import options
from marchland.cli.names import WHEN


@click.command("carry")
@click.argument("numbers", metavar="CSV", type=click.Path(exists=True, dir_okay=False, allow_dash=True))
@click.argument("first", metavar="A", type=WHEN)
@click.argument("last", metavar="B", type=WHEN)
@click.option("--unit", metavar="COLUMN", help="Column with the holders' ids.  [default: the first]")
@options.data_option
@options.basis_option
@options.reading_option
@options.format_option()
@options.output_option
def command(
    *,
    numbers: str,
    first: str,
    last: str,
    unit: str | None,
    data: str,
    basis: str,
    readings: tuple[str, ...],
    how: str,
    output: str | None,
) -> None:
    """Carry numbers of one date's holders to those of another.

    CSV has a row for each holder of A (- reads standard input) and a column for each number: population, tax,
    anything that can be shared out. A number is spread evenly over its holder's land on A and gathered by the
    holders of B; what goes in comes out, but for rounding to 0.001. An empty cell brings nothing.
    """
    from marchland.analyses import carried_answer
    from marchland.carrying import carry, read_numbers

    options.check_output(output)
    with click.open_file(numbers, encoding="utf-8-sig") as stream:
        columns = read_numbers(stream, unit=unit)
    composite = options.load(data, readings)
    found = {name: carry(composite, values, first, last, basis=basis) for name, values in columns.items()}
    options.reply(carried_answer(found), how, output, again=numbers != "-")
    options.tell_of_dates(composite, first, last, basis=basis)
