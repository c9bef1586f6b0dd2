"""``marchland versions``."""

import click

from marchland.cli import options


@click.command("versions")
@options.data_option
@options.lang_option
@options.format_option()
@options.output_option
def command(*, data: str, lang: str, how: str, output: str | None) -> None:
    """List the treaties and acts whose names may stand for a date."""
    from marchland.tables import versions_answer

    options.check_output(output)
    composite = options.load(data)
    options.reply(versions_answer(composite, lang=lang), how, output)
