"""What was asked, as a stamp carries it: the arguments that decide the bytes of an answer."""

from collections.abc import Iterable
from typing import Any

from marchland import __version__

__all__ = ["request"]


def request(command: str, words: Iterable[str] = (), **options: object) -> dict[str, Any]:
    """Return the program and the arguments that ask the same again, in one order whatever the asker's.

    Parameters
    ----------
    command
        Name of the command.
    words
        Its words that are no options, in their order.
    options
        Values by the option's name (``_`` for ``-``), written in the order of the names: True is a flag,
        None and False are left out, a list is the option several times. What decides no byte (where the
        answer is written, who does the work) and the dataset, which the stamp names by its hash, are not
        among them.

    Examples
    --------
    >>> request("map", ["1860-11-14"], lang="en", basis="de_jure", relief=False)["arguments"]
    ['map', '--basis', 'de_jure', '--lang', 'en', '1860-11-14']
    """
    arguments = [command]
    for name in sorted(options):
        arguments += _option(f"--{name.replace('_', '-')}", options[name])
    plain = list(words)
    if any(word.startswith("-") for word in plain):
        arguments.append("--")
    return {"program": f"marchland {__version__}", "arguments": [*arguments, *plain]}


def _option(flag: str, value: object) -> list[str]:
    if value is None or value is False:
        return []
    if value is True:
        return [flag]
    if isinstance(value, list | tuple):
        return [word for one in value for word in (flag, str(one))]
    return [flag, str(value)]
