"""``marchland article``."""

import click

from marchland.cli import options
from marchland.cli.names import WHEN


@click.command("article")
@click.argument("when", type=WHEN)
@click.argument("then", type=WHEN, required=False)
@options.sigma_option
@options.correlation_option
@options.data_option
@options.credit_options
@options.basis_option
@options.reading_option
@options.lang_option
@click.option(
    "-o",
    "--output",
    metavar="DIR",
    help="Folder to write.  [default: article-WHEN, in maps_out if there is such a folder]",
)
@click.option("--force", is_flag=True, help="Write into a folder that holds other files too; they stay.")
def command(
    *,
    when: str,
    then: str | None,
    sigma: float | None,
    correlation: float | None,
    data: str,
    basis: str,
    readings: tuple[str, ...],
    lang: str,
    output: str | None,
    force: bool,
) -> None:
    """Make a folder with a map and its words for an article.

    WHEN is a date or a version; with THEN, a later one, the map shows what changed between them. The folder
    has a light page to embed, the map as SVG, PNG and PDF, a picture for social networks, caption,
    alternative text, a paragraph with the figures and their error bars, the data, and notes for editors. Its
    path is printed.
    """
    from marchland.render.kit.folder import check_folder

    path = output or str(options.default_folder() / _folder_name(when, then, basis, lang, readings))
    check_folder(path, force=force)
    composite = options.load(data, readings)
    for asked in (when, then):
        if asked is not None:
            composite.resolve_when(asked)  # a wrong date is told before the renderer is imported

    from marchland.render.article import article

    made = article(composite, when, then, basis=basis, lang=lang, sigma_km=sigma, correlation_km=correlation)
    made.save(path, force=force)
    options.answer(f"{path}\n", None)
    options.tell_of_dates(composite, *(word for word in (when, then) if word), basis=basis)


def _folder_name(when: str, then: str | None, basis: str, lang: str, readings: tuple[str, ...]) -> str:
    """Name the folder for the question; basis, language and readings only where they are unusual."""
    usual = (options.BASES[0], options.LANGUAGES[0])
    unusual = [word for word, plain in zip((basis, lang), usual, strict=True) if word != plain]
    words = ["article", when, *([then] if then else []), *unusual, *readings]
    return options.file_name(*words, ending="kit").removesuffix(".kit")
