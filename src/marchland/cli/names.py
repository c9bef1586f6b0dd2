"""Arguments that name something in the dataset: the shell completes them from it.

They are plain text to the commands; what a name means is for the dataset to say.
"""

from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.shell_completion import CompletionItem

if TYPE_CHECKING:
    from marchland.composite import SpaceTimeComposite

DATASET = "russia-china"

Names = Iterable[tuple[str, str]]
"""Words and what they mean."""


class Name(click.types.StringParamType):
    """Text that names something in the dataset.

    Parameters
    ----------
    what
        What it names, for click.
    known
        Returns the names a dataset has.
    """

    def __init__(self, what: str, known: "Callable[[SpaceTimeComposite], Names]") -> None:
        self.name = what
        self._known = known

    def shell_complete(
        self,
        ctx: click.Context,
        param: click.Parameter,  # noqa: ARG002 - click's signature
        incomplete: str,
    ) -> list[CompletionItem]:
        """Return the names that begin as the word does; none if the dataset cannot be read at once."""
        with suppress(Exception):  # whatever is wrong is for the command to say, not for the Tab key
            composite = _dataset(str(ctx.params.get("data") or DATASET))
            found = sorted(set(self._known(composite))) if composite else []
            return [CompletionItem(word, help=text) for word, text in found if word.startswith(incomplete)]
        return []


def _dataset(data: str) -> "SpaceTimeComposite | None":
    """Load a dataset that is compiled already; boundaries of other makes might take minutes to read."""
    from marchland.datasets import load

    ready = data == DATASET or (Path(data) / "datapackage.json").is_file()
    return load(data) if ready else None


def _versions(composite: "SpaceTimeComposite") -> Names:
    return ((item.id, item.names.get("en", item.id)) for item in composite.instruments.values())


def _dates(composite: "SpaceTimeComposite") -> Names:
    return ((item.id, item.date.isoformat()) for item in composite.instruments.values() if item.date)


def _places(composite: "SpaceTimeComposite") -> Names:
    return ((place.id, place.names.get("en", place.id)) for place in composite.places.values())


def _holders(composite: "SpaceTimeComposite") -> Names:
    return ((tenure.holder or "none", "holder") for tenure in composite.tenures)


def _claims(composite: "SpaceTimeComposite") -> Names:
    return ((claim.id, claim.subject) for claim in composite.claims.values())


def _readings(composite: "SpaceTimeComposite") -> Names:
    return (
        (f"{one.question}={one.answer}", "a doubtful clause read otherwise") for one in composite.readings
    )


WHEN = Name("date", _dates)
INSTRUMENT = Name("version", _versions)
PLACE = Name("place", _places)
HOLDER = Name("holder", _holders)
CLAIM = Name("claim", _claims)
READING = Name("reading", _readings)
