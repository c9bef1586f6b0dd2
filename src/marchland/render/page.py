"""An interactive page of the frontier on a date."""

import os
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

from marchland.composite import SpaceTimeComposite
from marchland.files import write_atomic
from marchland.model import Basis
from marchland.render.scene import Scene, build_scene


@dataclass(frozen=True)
class Page:
    """One self-contained HTML page: no network, no frameworks, the same bytes every time."""

    scene: Scene
    relief: bool = False

    @property
    def date(self) -> date:
        """The date the page opens on."""
        return self.scene.date

    def html(self) -> str:
        """Return the page as HTML."""
        return self._html

    @cached_property
    def _html(self) -> str:
        from marchland.render.document import write_document

        return write_document(self.scene, relief=self.relief)

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the page, whole or not at all, and return its path.

        Raises
        ------
        OutputError
            The file cannot be written.
        """
        return write_atomic(path, self.html())


def page(
    composite: SpaceTimeComposite,
    when: date | str | int,
    *,
    basis: Basis | str = Basis.DE_JURE,
    lang: str = "en",
    relief: bool = False,
) -> Page:
    """Make the page of a date.

    Parameters
    ----------
    composite
        The dataset.
    when
        A date, a year (its last day) or the name of a version; the page's slider reaches every date of
        change.
    basis
        ``de_jure`` or ``de_facto``.
    lang
        Language of the page: ``en``, ``ru`` or ``zh``.
    relief
        Carry the dataset's shaded relief (some 160 KB), as a layer that is off until switched on.

    Raises
    ------
    DateError, NotFoundError
        As :meth:`~marchland.composite.SpaceTimeComposite.resolve_when`.
    UsageError
        There are no texts in that language.
    """
    return Page(build_scene(composite, when, basis=basis, lang=lang, parts=("page",)), relief=relief)
