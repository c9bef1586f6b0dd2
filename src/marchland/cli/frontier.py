"""``marchland frontier``."""

from dataclasses import replace

import click

from marchland.cli import options
from marchland.cli.names import WHEN


@click.command("frontier")
@click.argument("when", type=WHEN)
@options.data_option
@options.basis_option
@options.reading_option
@options.format_option("geojson")
@options.output_option
def command(
    *, when: str, data: str, basis: str, readings: tuple[str, ...], how: str, output: str | None
) -> None:
    """List the clauses that carry the frontier on a date.

    WHEN is a date or a version. sigma_km is one standard deviation of the line's position; a stage is absent
    where a treaty left a gap and an older line is carried on.
    """
    options.check_output(output)
    composite = options.load(data, readings)
    frontier = composite.frontier(when, basis=basis)
    if how == "geojson":
        from marchland.export import frontier_layer, to_geojson

        layer = frontier_layer(frontier)
        layer = replace(layer, stamp={**layer.stamp, "request": options.asked()})
        options.answer(to_geojson(layer), output)
    else:
        from marchland.tables import frontier_answer

        options.reply(frontier_answer(frontier), how, output)
    options.tell_of_dates(composite, when, basis=basis)
