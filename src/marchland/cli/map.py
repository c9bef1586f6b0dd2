"""``marchland map``."""

import click

from marchland.cli import options
from marchland.cli.names import WHEN


@click.command("map")
@click.argument("when", type=WHEN)
@options.data_option
@options.credit_options
@options.basis_option
@options.reading_option
@options.lang_option
@click.option(
    "--relief", is_flag=True, help="Carry the shaded relief too, as a layer to switch on (160 KB more)."
)
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    help="File to write.  [default: WHEN.html, in maps_out if there is such a folder]",
)
def command(
    *,
    when: str,
    data: str,
    basis: str,
    readings: tuple[str, ...],
    lang: str,
    relief: bool,
    output: str | None,
) -> None:
    """Draw the frontier of a date as a web page.

    WHEN is a date or a version. The path of the page is printed. It is one file, needs no network, and has a
    slider over every date on which land changed hands.
    """
    path = output or str(options.default_folder() / _file_name(when, basis, lang, readings))
    options.check_output(path)
    composite = options.load(data, readings)
    day = composite.resolve_when(when)  # a wrong date is told before the renderer is imported

    from marchland.render.page import page

    page(composite, day, basis=basis, lang=lang, relief=relief).save(path)
    options.answer(f"{path}\n", None)
    options.tell_of_dates(composite, when, basis=basis)


def _file_name(when: str, basis: str, lang: str, readings: tuple[str, ...]) -> str:
    """Name the file for the question; basis, language and readings only where they are not the usual ones."""
    unusual = [
        word for word, usual in ((basis, options.BASES[0]), (lang, options.LANGUAGES[0])) if word != usual
    ]
    return options.file_name(when, *unusual, *readings, ending="html")
