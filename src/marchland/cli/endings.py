"""What is wanted of a file by the ending of its name."""

from collections.abc import Mapping
from pathlib import Path

from marchland.errors import UsageError


def told_by_ending(path: str | None, kinds: Mapping[str, str], *, remedy: str = "") -> str:
    """Return what the ending of a file's name stands for.

    Without a file or an ending it is the first of ``kinds``, which are by ending, with its dot.

    Raises
    ------
    UsageError
        The ending stands for none of them: a file whose name says one thing must not hold another.
    """
    ending = "" if path is None else Path(path).suffix.casefold()
    if not ending:
        return next(iter(kinds.values()))
    if ending not in kinds:
        *others, last = kinds
        names = f"{', '.join(others)} or {last}" if others else last
        msg = f"cannot tell what {Path(path or '').name!r} is to hold: let its name end in {names}{remedy}"
        raise UsageError(msg)
    return kinds[ending]
