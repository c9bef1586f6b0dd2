"""The command ``marchland``: its sub-commands, and what every error becomes.

Exit codes: 0 answered, 1 findings (``build --check``, ``--exit-code``, ``reproduce``), 2 the question or the
output file makes no sense, 3 the dataset is missing or corrupt, 4 a name or a place is not in it, 130
interrupted.
"""

import errno
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from difflib import get_close_matches
from importlib import import_module

import click

from marchland import __version__
from marchland.cli.completion import VARIABLE
from marchland.cli.examples import epilog
from marchland.cli.terminal import signed
from marchland.errors import DataError, MarchlandError, NotFoundError
from marchland.layout import harmless

COMMANDS = (
    "versions",
    "map",
    "article",
    "story",
    "compare",
    "series",
    "matrix",
    "sources",
    "carry",
    "where",
    "frontier",
    "export",
    "treaty",
    "events",
    "relations",
    "claims",
    "validate",
    "reproduce",
    "build",
    "completion",
)

OK, FINDINGS, USAGE, BAD_DATA, NOT_FOUND, INTERRUPTED = 0, 1, 2, 3, 4, 130


class Commands(click.Group):
    """Commands that are imported when they are asked for; each lives in the module of its name."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Return the commands in the order of the help."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Return a command, or None if there is none of that name."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f"marchland.cli.{cmd_name}").command
        command.epilog = epilog(cmd_name)
        command.short_help = (command.help or "").partition("\n\n")[0]  # or click cuts it off
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command that the first word names; a word that names none is told with its like."""
        if args[0] not in COMMANDS:
            close = get_close_matches(args[0], COMMANDS, n=2)
            hint = f"; did you mean {' or '.join(close)}?" if close else ""
            ctx.fail(f"No such command {args[0]!r}{hint}")
        return super().resolve_command(ctx, args)


@click.group(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    no_args_is_help=False,
)
@click.version_option(__version__, message="marchland %(version)s")
def marchland() -> None:
    """Answer who held what along the frontier of Russia and China, what changed, and how much.

    A date is a year (which means its last day), a month, a day such as 1860-11-14, or the name of a version
    such as aigun-1858; `marchland versions` lists them. Answers go to standard output, everything else to
    standard error.
    """


def main(args: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code.

    Parameters
    ----------
    args
        The words after ``marchland``; None takes them from the process.
    """
    try:
        code = (
            _complete() if VARIABLE in os.environ else _invoke(list(sys.argv[1:] if args is None else args))
        )
        sys.stdout.flush()
    except MarchlandError as error:
        return _complain(_message(error), _exit_code(error))
    except click.ClickException as error:
        return _complain(_usage_message(error), USAGE)
    except (KeyboardInterrupt, click.Abort):
        return _complain("interrupted", INTERRUPTED)
    except BrokenPipeError:
        _forget_stdout()  # whoever read has read enough
        return OK
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        _forget_stdout()
        return _complain("cannot write to standard output: no space left on device", USAGE)
    return code


def run() -> None:
    """Run the command line as a process: what the console script calls."""
    sys.exit(main())


def _invoke(args: list[str]) -> int:
    """Run a command, which returns whether there were findings.

    click's own ``main`` is passed by because it answers a closed pipe with a failure.
    """
    try:
        with marchland.make_context("marchland", args) as context:
            result = marchland.invoke(context)
    except click.exceptions.Exit as leaving:  # --help and --version
        return leaving.exit_code
    return FINDINGS if result else OK


def _complete() -> int:
    """Answer a shell that asks how a command line may go on."""
    from click.shell_completion import shell_complete

    return shell_complete(marchland, {}, "marchland", VARIABLE, os.environ[VARIABLE])


def _exit_code(error: MarchlandError) -> int:
    if isinstance(error, DataError):
        return BAD_DATA
    return NOT_FOUND if isinstance(error, NotFoundError) else USAGE


def _message(error: MarchlandError) -> str:
    text = str(error)
    if (
        isinstance(error, NotFoundError)
        and error.suggestions
        and not any(word in text for word in error.suggestions)
    ):
        text += f"; did you mean {' or '.join(error.suggestions[:3])}?"
    return text


def _usage_message(error: click.ClickException) -> str:
    context = getattr(error, "ctx", None)
    path = context.command_path if context else "marchland"
    return f"{error.format_message().rstrip('.')} (see {path} --help)"


def _complain(message: str, code: int) -> int:
    """Say what is wrong in one line; a standard error that is closed too must not hide the exit code."""
    with suppress(OSError):
        click.echo(signed(harmless(" ".join(message.split())), "red"), err=True)
    return code


def _forget_stdout() -> None:
    """Send what is still buffered nowhere, or the interpreter trips over it once more at exit."""
    with open(os.devnull, "wb") as nowhere:  # noqa: PTH123 - os.devnull is no path to work on
        os.dup2(nowhere.fileno(), sys.stdout.fileno())
