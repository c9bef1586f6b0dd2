"""``marchland completion``."""

import click
from click.shell_completion import get_completion_class

from marchland.cli import options
from marchland.errors import UsageError

SHELLS = ("bash", "zsh", "fish")
VARIABLE = "_MARCHLAND_COMPLETE"
"""Set by the shell when it asks for completions; ``marchland.cli.main`` answers."""


@click.command("completion")
@click.argument("shell", type=click.Choice(SHELLS), metavar="SHELL")
def command(*, shell: str) -> None:
    """Print the script that completes command lines in a shell.

    SHELL is bash, zsh or fish. Put the script where the shell looks for completions, and start a new shell.
    Versions, places, holders, readings and claims are completed from the dataset of --data, if that is a
    compiled one.
    """
    completer = get_completion_class(shell)
    if completer is None:
        msg = f"this version of click completes nothing in {shell}"
        raise UsageError(msg)
    root = click.get_current_context().find_root()
    options.answer(completer(root.command, {}, "marchland", VARIABLE).source(), None)
