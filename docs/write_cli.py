"""Write docs/cli.md from the commands themselves; with --check, only say whether it is up to date.

Run it by `make docs`. The text is made of the commands' own parts and not of click's help pages, whose layout
differs between versions of click.
"""

import inspect
import sys
from pathlib import Path

import click

from marchland.cli import main as cli

PAGE = Path(__file__).with_name("cli.md")

OPENING = """\
# Command line

<!-- Written by `make docs` from the commands themselves; do not edit. -->
"""

CLOSING = """\
## Exit codes

| code | meaning |
| ---: | --- |
| 0 | answered |
| 1 | findings: `validate` found errors, `build --check` a difference, or `--exit-code` found one |
| 2 | the question makes no sense, a date is unreadable or outside the dataset, or the output is unwritable |
| 3 | a file of the dataset is missing or corrupt |
| 4 | a name that is no date, version or place, or a point where the dataset holds no land |
| 130 | interrupted |

An error is one line on standard error, and no file is left half-written.

## JSON

Each answer is one object: its rows, and a `stamp` with the dataset, its version and hash, basis,
exact dates, method, CRS, citation, licence and attribution. What is absent is `null`; dates are
ISO 8601, Gregorian; areas are in km², lengths in km.

| command | object |
| --- | --- |
| `versions` | `rows`: `id, title, signed, in_force, date, until, status`; `stamp` |
| `where` | `place, lon, lat`; `rows`: `territory, holder, status, basis, start, end, instrument`; `stamp` |
| `compare` | `ledger`: `territory, from, to, status_from, status_to, area_km2, sigma_km2, instruments`; \
`totals`: `holder, area_km2, change_km2`; `pairs`: `from, to, area_km2, sigma_km2, net_km2, \
net_sigma_km2, gross_km2, noise_km2, change`; `holders`: `holder, gained_km2, lost_km2, net_km2, \
sigma_km2`; `stamp` |
| `series` | `areas`: `date, holder, area_km2, sigma_km2`; `frontier`: `date, length_km, sigma_km`; `stamp` |
| `matrix` | `rows`: `date` and a column a date, km²; `stamp` |
| `sources` | `common_km2, disagreement_km2`; `rows`: `holder_a, holder_b, agree, area_km2, pieces, \
largest_km2, lon, lat`; `sources`: `source, date, area_km2, only_km2`; `stamp` with `against` and `match` |
| `frontier` | `rows`: `segment, instrument, article, rule, stage, length_km, sigma_km`; `stamp` |
| `treaty` | `id, title, kind, status, date, until, parties, aliases, note`; `dates`: `event, date, julian`; \
`segments`: `segment, article, rule, stage, from, to, since, until, length_km, sigma_km`; `moved`: \
`territory, basis, date, from, to, status_from, status_to, area_km2, sigma_km2, certainty`; `totals`: \
`date, basis, from, to, status_to, area_km2, sigma_km2`; `articles`: `article, text`; `sources`: \
`key, title, url`; `stamp` |
| `events` | `rows`: `date, julian, chapter, title, place, instrument, id, text, lon, lat, confidence, \
sources`; `stamp` |
| `relations` | `rows`: `signed, julian, in_force, until, kind, title, parties, instrument, id, note, \
sources`; `stamp` |
| `claims` | `rows`: `id, kind, subject, published, low, high, dataset, sigma, verdict, as_of, measure, \
sources, explanation`; `stamp` |
| `validate` | `errors, warnings, notes` (how many); `rows`: `severity, code, id, message`; `stamp` |

`holder`, `from` and `to` are ids joined by `+` where several hold together (`china+russia`), `third:NAME` for
others, and `null` where nobody was agreed on. `end` and `until` are the first day on
which it no longer held; `null` means it still does.
`sigma_km2` is one standard deviation of the area, `sigma_km` of the line's position, `sigma` of the figure
beside it.

Dates of events and relations are EDTF: `1714~` is about 1714, `1859-04-24?` doubtful, `1755/1759` from
one to the other; `julian` is the same day by the calendar Russia had until 1918.
"""


def reference() -> str:
    """Return the whole page as Markdown."""
    group = cli.marchland
    context = click.Context(group, info_name="marchland")
    parts = [OPENING, f"{_paragraphs(group)}\n"]
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        parts.append(_section(command, click.Context(command, info_name=name, parent=context)))
    return "\n".join([*parts, CLOSING])


def _section(command: click.Command, context: click.Context) -> str:
    words = [p.metavar or str(p.name).upper() for p in command.params if isinstance(p, click.Argument)]
    usage = " ".join([context.command_path, *words, "[OPTIONS]"])
    rows = [_row(p) for p in command.params if isinstance(p, click.Option)]
    table = "| option | meaning | default |\n| --- | --- | --- |\n" + "\n".join(rows)
    return f"## {context.command_path}\n\n```\n{usage}\n```\n\n{_paragraphs(command)}\n\n{table}\n"


def _row(option: click.Option) -> str:
    flags = ", ".join(f"`{flag}`" for flag in option.opts)
    text, _, stated = (option.help or "").partition("  [default: ")
    default = stated.removesuffix("]") or (f"`{option.default}`" if option.show_default else "")
    return f"| {flags}{_value(option)} | {text} | {default} |"


def _value(option: click.Option) -> str:
    """Return what an option takes: nothing, one of several words, or a metavar."""
    if option.is_flag:
        return ""
    if isinstance(option.type, click.Choice):
        return " " + ", ".join(f"`{choice}`" for choice in option.type.choices)
    return f" {option.metavar}"


def _paragraphs(command: click.Command) -> str:
    blocks = inspect.cleandoc(command.help or "").split("\n\n")
    return "\n\n".join(" ".join(block.split()) for block in blocks)


if __name__ == "__main__":
    page = reference()
    if sys.argv[1:] == ["--check"]:
        sys.exit(
            0 if PAGE.read_text(encoding="utf-8") == page else f"{PAGE.name} is out of date: run make docs"
        )
    PAGE.write_text(page, encoding="utf-8")
    print(PAGE)
