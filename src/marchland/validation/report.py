"""The answer to "is this sound?"."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from marchland.errors import list_ids
from marchland.model import Issue

if TYPE_CHECKING:
    from pandas import DataFrame

ERROR, WARNING, INFO = SEVERITIES = ("error", "warning", "info")
"""Cannot be right; may be right but should be looked at; worth knowing."""


@dataclass(frozen=True, slots=True)
class Report:
    """Issues, the gravest first, then by code and id.

    ``stamp`` says what was looked at; ``strict`` counts warnings as errors.
    """

    issues: tuple[Issue, ...]
    stamp: Mapping[str, Any] = field(default_factory=dict)

    def of(self, *severities: str) -> tuple[Issue, ...]:
        """Return the issues of some severities."""
        return tuple(issue for issue in self.issues if issue.severity in severities)

    @property
    def errors(self) -> tuple[Issue, ...]:
        """What cannot be right."""
        return self.of(ERROR)

    def is_sound(self, *, strict: bool = False) -> bool:
        """Whether there is no error, nor (``strict``) any warning."""
        return not self.of(*((ERROR, WARNING) if strict else (ERROR,)))

    def to_frame(self) -> "DataFrame":
        """Return the columns ``severity, code, id, message``."""
        from pandas import DataFrame

        rows = [(issue.severity, issue.code, issue.id, issue.message) for issue in self.issues]
        return DataFrame(rows, columns=["severity", "code", "id", "message"])


def report(issues: Iterable[Issue], stamp: Mapping[str, Any]) -> Report:
    """Return a report of issues in their order, each once."""
    unique = dict.fromkeys(issues)
    order = {severity: i for i, severity in enumerate(SEVERITIES)}
    ranked = sorted(unique, key=lambda issue: (order[issue.severity], issue.code, issue.id, issue.message))
    return Report(tuple(ranked), stamp)


def gathered(code: str, severity: str, ids: Iterable[str], message: str) -> list[Issue]:
    """Return one issue for several rows with the same fault, none for no rows.

    ``{n}`` in the message is how many, ``{ids}`` the first five and a count of the rest.
    """
    found = list(ids)
    text = message.format(n=len(found), ids=list_ids(found))
    return [Issue(code, severity, found[0] if len(found) == 1 else "", text)] if found else []
