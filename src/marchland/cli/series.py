"""``marchland series``."""

from pathlib import Path

import click

from marchland.cli import options
from marchland.cli.names import HOLDER
from marchland.errors import UsageError


@click.command("series")
@click.option(
    "--holder",
    "holders",
    metavar="ID",
    type=HOLDER,
    multiple=True,
    help="Only this holder (none: land nobody was agreed on); may be given several times.",
)
@click.option("--lengths", is_flag=True, help="Put the lengths first; csv has only the first table.")
@click.option(
    "--chart", metavar="FILE", help="Draw it too, into a file that ends in .svg or .png, and say so."
)
@options.sigma_option
@options.correlation_option
@options.data_option
@options.engine_options
@options.basis_option
@options.reading_option
@options.lang_option
@options.format_option()
@options.output_option
def command(
    *,
    holders: tuple[str, ...],
    lengths: bool,
    chart: str | None,
    sigma: float | None,
    correlation: float | None,
    data: str,
    basis: str,
    readings: tuple[str, ...],
    lang: str,
    how: str,
    output: str | None,
) -> None:
    """Show each holder's land and the frontier's length through time.

    A row holds from its date until the next. sigma_km2 is one standard deviation of the area, sigma_km of the
    length, which is a lower bound: bends too small for the drawing are not in it.
    """
    from marchland.analyses import series_answer
    from marchland.files import write_atomic
    from marchland.timeseries import series

    options.check_output(output)
    options.check_output(chart)
    if chart is not None and Path(chart).suffix.casefold() not in {".svg", ".png"}:
        msg = f"a chart is .svg or .png, not {chart}"
        raise UsageError(msg)
    composite = options.load(data, readings)
    found = series(
        composite, basis=basis, sigma_km=sigma, correlation_km=correlation, progress=options.Progress()
    )
    answer = series_answer(found, holders=holders, lengths_first=lengths)
    if chart is not None:
        from marchland.marks import in_png, in_svg, mark
        from marchland.render.figures import series_figure

        kind = Path(chart).suffix[1:].casefold()
        image = series_figure(found, holders=holders, lang=lang, how=kind)
        told = mark({**found.stamp, "request": options.asked(how=options.FORMATS[0], lengths=False)}, "chart")
        image = (in_svg if kind == "svg" else in_png)(image, told)
        options.talk(f"chart in {write_atomic(chart, image)}")
    options.reply(answer, how, output)
