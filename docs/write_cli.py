"""Write docs/cli.md and the manual pages from the commands themselves.

Run it by `make docs`; with --check it only says what is out of date. The text is made of the commands' own
parts and not of click's help pages, whose layout differs between versions of click.
"""

import inspect
import sys
from pathlib import Path

import click

from marchland import __version__
from marchland.cli import main as cli
from marchland.cli.examples import EXAMPLES

PAGE = Path(__file__).with_name("cli.md")
MANUAL = Path(__file__).with_name("man")

OPENING = """\
# Command line

<!-- Written by `make docs` from the commands themselves; do not edit. -->
"""

CLOSING = """\
## Exit codes

| code | meaning |
| ---: | --- |
| 0 | answered |
| 1 | findings: `validate` found errors, `build --check` or `reproduce` a difference, `--exit-code` any |
| 2 | the question makes no sense, a date is unreadable or outside the dataset, or the output is unwritable |
| 3 | a file of the dataset is missing or corrupt |
| 4 | a name that is no date, version or place, or a point where the dataset holds no land |
| 130 | interrupted |

An error is one line on standard error, and no file is left half-written.

## On a terminal

Tables are wrapped to the width of the terminal; piped or written to a file they are whole. What takes more
than a second shows a bar on standard error. `NO_COLOR` set to anything switches colour off.

`marchland completion SHELL` prints the script that lets the Tab key complete commands, options, and the names
of versions, places, holders, readings and claims:

| shell | once |
| --- | --- |
| bash | `marchland completion bash > ~/.local/share/bash-completion/completions/marchland` |
| zsh | `marchland completion zsh > "${fpath[1]}/_marchland"` |
| fish | `marchland completion fish > ~/.config/fish/completions/marchland.fish` |

`man marchland` and `man marchland-map` (and so on) work wherever pip's `share/man` is on the manual's path,
as it is in a virtual environment that is active.

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
| `carry` | `rows`: `unit` and a column a number; `weights`: `source, target, area_km2, share`; `stamp` |
| `sources` | `common_km2, disagreement_km2`; `rows`: `holder_a, holder_b, agree, verdict, area_km2, pieces, \
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


ENVIRONMENT = (
    ("MARCHLAND_CACHE", "Set to off: what is made of users' boundaries is not kept for the next time."),
    ("NO_COLOR", "Set to anything: no colour on standard error."),
)


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
    if not rows:
        table = ""
    examples = "\n".join(f"# {what}\nmarchland {words}" for what, words in EXAMPLES[str(command.name)])
    return (
        f"## {context.command_path}\n\n```\n{usage}\n```\n\n{_paragraphs(command)}\n\n"
        f"```sh\n{examples}\n```\n\n{table}\n"
    )


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


# --- manual pages (man-pages(7); \\- and \\& keep groff from reading text as its own)


def manual() -> dict[str, str]:
    """Return the manual pages by file name: the program's and one for each command."""
    group = cli.marchland
    context = click.Context(group, info_name="marchland")
    commands = {name: group.get_command(context, name) for name in group.list_commands(context)}
    pages = {"marchland.1": _program_page(group, commands)}
    for name, command in commands.items():
        assert command is not None
        pages[f"marchland-{name}.1"] = _command_page(command, f"marchland-{name}")
    return pages


def _program_page(group: click.Group, commands: dict[str, click.Command | None]) -> str:
    items = [(f"marchland-{name}(1)", _first_line(command)) for name, command in commands.items() if command]
    rows = [
        line.strip("| ").split(" | ", 1)
        for line in CLOSING.partition("## JSON")[0].splitlines()
        if line.strip("| ")[:1].isdigit()
    ]
    return "\n".join(
        [
            _head("marchland", _first_line(group)),
            ".SH SYNOPSIS\n.B marchland\n\\fICOMMAND\\fR [\\fIARGUMENTS\\fR] [\\fIOPTIONS\\fR]",
            ".SH DESCRIPTION\n" + "\n.PP\n".join(map(_roff, _blocks(group)[1:])),
            ".SH COMMANDS\n" + "\n".join(f".TP\n.B {_roff(name)}\n{_roff(text)}" for name, text in items),
            ".SH EXIT STATUS\n" + "\n".join(f".TP\n.B {code}\n{_roff(text)}" for code, text in rows),
            ".SH ENVIRONMENT\n" + "\n".join(f".TP\n.B {name}\n{_roff(text)}" for name, text in ENVIRONMENT),
            "",
        ]
    )


def _command_page(command: click.Command, name: str) -> str:
    words = [p.metavar or str(p.name).upper() for p in command.params if isinstance(p, click.Argument)]
    usage = " ".join(f"\\fI{_roff(word)}\\fR" for word in words)
    options = [_item(p) for p in command.params if isinstance(p, click.Option)]
    examples = [
        f".PP\n{_roff(what[:1].upper() + what[1:])}:\n.PP\n.RS 4\n.nf\nmarchland {_roff(words)}\n.fi\n.RE"
        for what, words in EXAMPLES[str(command.name)]
    ]
    parts = [
        _head(name, _first_line(command)),
        f".SH SYNOPSIS\n.B marchland {command.name}\n{usage} [\\fIOPTIONS\\fR]",
        ".SH DESCRIPTION\n" + "\n.PP\n".join(map(_roff, _blocks(command))),
        *([".SH OPTIONS\n" + "\n".join(options)] if options else []),
        ".SH EXAMPLES\n" + "\n".join(examples),
        ".SH SEE ALSO\n.BR marchland (1)",
        "",
    ]
    return "\n".join(parts)


def _head(name: str, line: str) -> str:
    title = f'.TH {name.upper()} 1 "" "marchland {__version__}" "marchland manual"'
    return f'.\\" Written by make docs; do not edit.\n{title}\n.SH NAME\n{name} \\- {_roff(line.rstrip("."))}'


def _item(option: click.Option) -> str:
    flags = ", ".join(f"\\fB{_roff(flag)}\\fR" for flag in option.opts)
    value = _value(option).replace("`", "").strip()
    text, _, stated = (option.help or "").partition("  [default: ")
    default = stated.removesuffix("]") or (str(option.default) if option.show_default else "")
    more = f" Default: {default}." if default else ""
    taken = f" \\fI{_roff(value)}\\fR" if value else ""
    return f".TP\n{flags}{taken}\n{_roff(text + more)}"


def _first_line(command: click.Command) -> str:
    return _blocks(command)[0]


def _blocks(command: click.Command) -> list[str]:
    return _paragraphs(command).split("\n\n")


def _roff(text: str) -> str:
    """Return text that groff prints as it stands."""
    text = text.replace("\\", "\\e").replace("-", "\\-").replace("'", "\\(aq").replace("`", "\\(ga")
    return f"\\&{text}" if text.startswith(".") else text


def files() -> dict[Path, str]:
    """Return every file that is written, with its text."""
    return {PAGE: reference(), **{MANUAL / name: text for name, text in manual().items()}}


def out_of_date() -> list[str]:
    """Return the files that differ from what the commands say, and manual pages of commands that are gone."""
    wanted = files()
    old = [
        path.name
        for path, text in wanted.items()
        if not path.is_file() or path.read_text(encoding="utf-8") != text
    ]
    return old + [path.name for path in sorted(MANUAL.glob("*")) if path not in wanted]


def write() -> None:
    """Write every file, and remove manual pages of commands that are gone."""
    wanted = files()
    MANUAL.mkdir(exist_ok=True)
    for path in set(MANUAL.glob("*")) - set(wanted):
        path.unlink()
    for path, text in wanted.items():
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    if sys.argv[1:] == ["--check"]:
        stale = out_of_date()
        sys.exit(f"{', '.join(stale)}: out of date: run make docs" if stale else 0)
    write()
    print(PAGE)
