"""``marchland map``."""

import click

from marchland.cli import options
from marchland.cli.endings import told_by_ending
from marchland.cli.names import WHEN
from marchland.errors import UsageError
from marchland.files import write_atomic

_KINDS = {".html": "html", ".htm": "html", ".svg": "svg", ".png": "png", ".pdf": "pdf"}


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
    help="File to write: a page, or a picture if it ends in .svg, .png or .pdf.  [default: WHEN.html, in"
    " maps_out if there is such a folder]",
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
    """Draw the frontier of a date as a web page, or as a picture.

    WHEN is a date or a version. The page is one file, needs no network, and has a slider over every date on
    which land changed hands. A picture has the legend and the sources in it; it is the one of the article's
    folder. The path is printed.
    """
    path = output or str(options.default_folder() / _file_name(when, basis, lang, readings))
    kind = told_by_ending(path, _KINDS)
    if relief and kind != "html":
        msg = f"--relief is a layer of the page; {path} is a picture"
        raise UsageError(msg)
    options.check_output(path)
    composite = options.load(data, readings)
    day = composite.resolve_when(when)  # a wrong date is told before the renderer is imported

    if kind == "html":
        from marchland.render.page import page

        page(composite, day, basis=basis, lang=lang, relief=relief).save(path)
    else:
        from marchland.render.article import article

        write_atomic(path, article(composite, day, basis=basis, lang=lang).picture(kind))
    options.answer(f"{path}\n", None)
    options.tell_of_dates(composite, when, basis=basis)


def _file_name(when: str, basis: str, lang: str, readings: tuple[str, ...]) -> str:
    """Name the file for the question; basis, language and readings only where they are not the usual ones."""
    unusual = [
        word for word, usual in ((basis, options.BASES[0]), (lang, options.LANGUAGES[0])) if word != usual
    ]
    return options.file_name(when, *unusual, *readings, ending="html")
