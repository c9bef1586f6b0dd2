"""``marchland export``."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from marchland.cli import options
from marchland.cli.names import WHEN
from marchland.errors import UsageError

if TYPE_CHECKING:
    from marchland.composite import SpaceTimeComposite
    from marchland.export import Layer

FORMATS = ("geojson", "gpkg", "parquet", "topojson", "kml", "linked-places")
LAYERS = ("territories", "frontier", "faces", "tenures")


@click.command("export")
@click.argument("when", required=False, metavar="[WHEN]", type=WHEN)
@click.option(
    "--what",
    type=click.Choice(LAYERS),
    default=LAYERS[0],
    show_default=True,
    help="Territories with their holders, the frontier by clauses, the cells of the partition, or tenures.",
)
@click.option(
    "-f",
    "--format",
    "how",
    type=click.Choice(FORMATS),
    help="Form of the file.  [default: what FILE ends in, else geojson]",
)
@options.data_option
@options.basis_option
@options.reading_option
@options.lang_option
@options.output_option
def command(
    *,
    when: str | None,
    what: str,
    how: str | None,
    data: str,
    basis: str,
    readings: tuple[str, ...],
    lang: str,
    output: str | None,
) -> None:
    """Export the map of a date as a geometry file.

    WHEN is a date or a version; with --what tenures it may be left out, and every tenure there ever was is
    exported with its start and end. Coordinates are longitude and latitude in WGS 84; end is the first day
    that no longer counts. GeoPackage and GeoParquet need -o. TopoJSON of territories has the frontier beside
    them, its clauses on the arcs that bound them.
    """
    how = how or _format(output)
    if when is None and what != "tenures":
        msg = f"say of which date: marchland export WHEN --what {what}"
        raise UsageError(msg)
    if output is None and how in {"gpkg", "parquet"}:
        msg = f"{how} is no text; name a file with -o"
        raise UsageError(msg)
    options.check_output(output)
    composite = options.load(data, readings)

    from marchland.export import render
    from marchland.files import write_atomic

    layer = _layer(composite, what, when, basis=basis, lang=lang)
    layer = replace(layer, stamp={**layer.stamp, "request": options.asked(how=how)})
    lines = how == "topojson" and what == "territories"
    beside = _layer(composite, "frontier", when, basis=basis, lang=lang) if lines else None
    content = render(layer, how, beside=beside)
    if isinstance(content, str):
        options.answer(content, output)
    elif output is not None:
        options.answer(f"{write_atomic(output, content)}\n", None)
    options.tell_of_dates(composite, when or "", basis=basis)


def _format(output: str | None) -> str:
    """Return the format that the file's ending stands for; GeoJSON on standard output."""
    if output is None or not Path(output).suffix:
        return FORMATS[0]
    from marchland.export import format_for

    return format_for(output)


def _layer(composite: "SpaceTimeComposite", what: str, when: str | None, *, basis: str, lang: str) -> "Layer":
    from marchland import export

    if what == "tenures":
        day = None if when is None else composite.resolve_when(when)
        return export.tenures_layer(composite, basis=basis, when=day, lang=lang)
    if what == "frontier":
        return export.frontier_layer(composite.frontier(when or "", basis=basis))
    snapshot = composite.at(when or "", basis=basis)
    if what == "faces":
        return export.faces_layer(snapshot)
    return export.territories_layer(snapshot, lang=lang)
