"""Everything that marchland raises on purpose.

The tree, each leaf also being the builtin that a caller might already catch::

    MarchlandError
    ├── DateError          (ValueError)   a date that cannot be read or lies outside the dataset
    ├── UsageError         (ValueError)   an argument or option that makes no sense
    ├── NotFoundError      (LookupError)  a name that is no place, version, territory …
    ├── DataError          (ValueError)   a dataset file that is missing or corrupt
    │   └── CompileError                  treaty text that cannot be turned into geometry
    └── OutputError        (OSError)      a result that cannot be written

A message states the fact, the ids concerned (the first five and a count) and the remedy; `list_ids`
writes the middle part.
"""

from collections.abc import Iterable

__all__ = [
    "CompileError",
    "DataError",
    "DateError",
    "MarchlandError",
    "NotFoundError",
    "OpeningError",
    "OutputError",
    "UsageError",
    "list_ids",
]


class MarchlandError(Exception):
    """Base of every error that marchland raises on purpose."""


class DateError(MarchlandError, ValueError):
    """A date is unreadable, or outside the span that the dataset answers for."""


class UsageError(MarchlandError, ValueError):
    """An argument or a combination of options makes no sense."""


class NotFoundError(MarchlandError, LookupError):
    """A name is not in the dataset.

    Parameters
    ----------
    message
        The fact, in one line.
    suggestions
        Names that do exist and may have been meant, the likeliest first.

    Examples
    --------
    >>> NotFoundError("no version 'aihun'", suggestions=["aigun-1858"]).suggestions
    ('aigun-1858',)
    """

    def __init__(self, message: str, *, suggestions: Iterable[str] = ()) -> None:
        super().__init__(message)
        self.suggestions: tuple[str, ...] = tuple(suggestions)


class DataError(MarchlandError, ValueError):
    """A dataset file is missing, corrupt or contradicts another."""


class OpeningError(DataError):
    """Boundaries can be read only if more is said of them: an ``option`` of reading, ``example`` a value."""

    def __init__(self, message: str, *, option: str = "", example: str = "") -> None:
        super().__init__(message)
        self.option = option
        self.example = example


class CompileError(DataError):
    """Treaty clauses cannot be turned into lines, faces or territories."""


class OutputError(MarchlandError, OSError):
    """A result cannot be written where it was asked for."""


def list_ids(ids: Iterable[object], *, limit: int = 5) -> str:
    """Write the first few ids and a count of the rest, for a message.

    Parameters
    ----------
    ids
        Anything with a readable ``str``, in the order wanted.
    limit
        How many are written out.

    Examples
    --------
    >>> list_ids(["a", "b"])
    'a, b'
    >>> list_ids("abcdefgh")
    'a, b, c, d, e and 3 more'
    """
    names = [str(i) for i in ids]
    text = ", ".join(names[:limit])
    return text if len(names) <= limit else f"{text} and {len(names) - limit} more"
