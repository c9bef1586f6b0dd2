"""``marchland story``."""

import click

from marchland.cli import options
from marchland.cli.endings import told_by_ending


@click.command("story")
@options.data_option
@options.credit_options
@options.reading_option
@options.lang_option
@click.option(
    "--relief/--no-relief",
    default=True,
    show_default=True,
    help="Show the land forms, where the dataset has them (about 170 KB of the page).",
)
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    help="File to write.  [default: story.html, in maps_out if there is such a folder]",
)
def command(*, data: str, readings: tuple[str, ...], lang: str, relief: bool, output: str | None) -> None:
    """Tell how the frontier came about, on one web page.

    A map follows the text through the six treaties and what lies between them; every figure is computed as
    the page is made. Of any other dataset the dates on which its land changed hands are told. The path of
    the page is printed; it is one file and needs no network.
    """
    unusual = [lang] if lang != options.LANGUAGES[0] else []
    name = options.file_name("story", *unusual, *readings, ending="html")
    path = output or str(options.default_folder() / name)
    told_by_ending(path, {".html": "html", ".htm": "html"})
    options.check_output(path)
    composite = options.load(data, readings)

    from marchland.render.story import story

    story(composite, lang=lang, relief=relief).save(path)
    options.answer(f"{path}\n", None)
