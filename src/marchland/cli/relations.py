"""``marchland relations``."""

import click

from marchland.cli import options
from marchland.cli.names import WHEN


@click.command("relations")
@click.argument("when", required=False, metavar="[WHEN]", type=WHEN)
@options.data_option
@options.lang_option
@options.format_option()
@options.output_option
def command(*, when: str | None, data: str, lang: str, how: str, output: str | None) -> None:
    """List treaties of alliance, trade and border, by date.

    WHEN is a date or a version; without it all are listed. A treaty counts where it may have been in force:
    a date with ? is doubtful. csv and json tell each in full.
    """
    from marchland.registers import relations_answer

    options.check_output(output)
    composite = options.load(data)
    day = None if when is None else composite.resolve_when(when)
    found = [item for item in composite.relations.values() if day is None or item.covers(day)]
    found.sort(key=lambda item: (item.signed, item.id))
    answer = relations_answer(composite, found, when=day, lang=lang, details=how in {"csv", "json"})
    options.reply(answer, how, output)
