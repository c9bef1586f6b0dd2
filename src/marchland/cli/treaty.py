"""``marchland treaty``."""

from dataclasses import replace

import click

from marchland.cli import options
from marchland.cli.names import INSTRUMENT


@click.command("treaty")
@click.argument("name", metavar="ID", type=INSTRUMENT)
@options.data_option
@options.reading_option
@options.lang_option
@options.format_option()
@options.output_option
def command(
    *, name: str, data: str, readings: tuple[str, ...], lang: str, how: str, output: str | None
) -> None:
    """Tell a treaty or act: its days, line, land, articles, sources.

    ID is a version as `marchland versions` lists them, or its name in any language. Days are Gregorian with
    the Julian day beside them up to 1918; lengths are those of the lines as compiled, areas those of the land
    that changed holder or status by it. csv has the line only.
    """
    from marchland.registers import treaty_answer
    from marchland.treaties import treaty_record

    options.check_output(output)
    composite = options.load(data, readings)
    answer = treaty_answer(treaty_record(composite, name), lang=lang)
    if how == "csv":
        answer = replace(answer, tables=tuple(part for part in answer.tables if part.key == "segments"))
    options.reply(answer, how, output)
