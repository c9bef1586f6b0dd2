"""An article kit: one map in every form an editor may need, with the words and figures to go with it."""

import os
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from marchland.composite import SpaceTimeComposite
from marchland.model import Basis
from marchland.render.texts import load_texts

if TYPE_CHECKING:
    from marchland.comparison import Comparison
    from marchland.errorbars import ErrorModel
    from marchland.render.kit.extent import Extent
    from marchland.render.kit.plate import Plate
    from marchland.render.kit.prose import Prose
    from marchland.render.light.drawing import LightMap
    from marchland.render.scene import Scene

Day = date
"""The type, where a field is called ``date``."""


@dataclass(frozen=True)
class Article:
    """A date, or (``before`` given) what changed from an earlier date to it.

    ``errors`` say how certain the lines are.
    """

    composite: SpaceTimeComposite
    date: Day
    before: Day | None
    basis: Basis
    lang: str
    errors: "ErrorModel"

    @cached_property
    def comparison(self) -> "Comparison | None":
        """The comparison of the two dates, None for a single one."""
        from marchland.comparison import compare

        if self.before is None:
            return None
        return compare(
            self.composite,
            self.before,
            self.date,
            basis=self.basis,
            sigma_km=self.errors.sigma_km,
            correlation_km=self.errors.correlation_km,
        )

    @cached_property
    def prose(self) -> "Prose":
        """The words of the kit."""
        from marchland.render.kit.prose import Prose

        return Prose(self._scene, self.comparison, self.errors)

    def html(self) -> str:
        """Return the light page, ``map.html`` of the kit."""
        from marchland.render.kit.page import change_page, date_page
        from marchland.render.scene import build_scene

        if self.comparison is not None:
            return change_page(self._scene, self.comparison, self._light.view)
        return date_page(build_scene(self.composite, self.date, basis=self.basis, lang=self.lang))

    def plate(self) -> "Plate":
        """Return the map for print."""
        from marchland.render.kit.pieces import foot_lines, kit_texts
        from marchland.render.kit.plate import Plate

        texts, prose = kit_texts(self._scene), self.prose
        return Plate(
            light=self._light,
            title=prose.title,
            subtitle=prose.subtitle,
            lands_heading=texts("legend_land" if self.comparison is None else "moved_heading"),
            lines_heading=texts("legend_line"),
            bands_words=texts("legend_bands"),
            credits=tuple(foot_lines(self._scene, texts)),
            km=texts("km"),
        )

    def files(self) -> dict[str, bytes]:
        """Return every file of the kit by name; the same question gives the same bytes."""
        from marchland.marks import in_png, mark
        from marchland.render.kit import papers

        plate = self.plate()
        pictures = {f"map.{how}": self._marked(plate, how) for how in ("svg", "pdf", "png")}
        pictures["card.png"] = in_png(plate.card(), mark(papers.record(self), "card.png"))
        words = {"map.html": self.html(), **papers.papers(self)}
        return pictures | {name: papers.encoded(text) for name, text in words.items()}

    def picture(self, how: str = "png") -> bytes:
        """Return the map for print as ``svg``, ``pdf`` or ``png``, the same bytes as that file of the kit.

        Raises
        ------
        UsageError
            It is asked for in another form, or words are Chinese and no font for them is installed.
        """
        from marchland.errors import UsageError

        if how not in {"svg", "pdf", "png"}:
            msg = f"a picture is svg, pdf or png, not {how!r}"
            raise UsageError(msg)
        return self._marked(self.plate(), how)

    def save(self, folder: str | os.PathLike[str], *, force: bool = False) -> Path:
        """Write the kit into a folder, whole or not at all, and return the folder.

        Parameters
        ----------
        folder
            Where; an older kit there is replaced.
        force
            Write into a folder that holds other files too. They stay.

        Raises
        ------
        OutputError
            The folder holds something else, or it cannot be written.
        UsageError
            Words are Chinese and no font for them is installed.
        """
        from marchland.render.kit.folder import check_folder, write_folder

        check_folder(folder, force=force)
        return write_folder(folder, self.files(), force=force)

    def _marked(self, plate: "Plate", how: str) -> bytes:
        """Return a picture with the stamp of the kit in it."""
        from marchland.marks import in_png, in_svg, mark
        from marchland.render.kit import papers

        told = mark(papers.record(self), f"map.{how}")
        if how == "pdf":
            return plate.pdf(told)
        return in_svg(plate.svg(), told) if how == "svg" else in_png(plate.png(), told)

    @cached_property
    def _scene(self) -> "Scene":
        from marchland.render.kit.extent import scene_of

        return scene_of(self.composite, self.date, self._extent, basis=self.basis, lang=self.lang)

    @cached_property
    def _extent(self) -> "Extent":
        from marchland.render.kit.extent import extent_of_change, extent_of_date

        if self.comparison is not None:
            return extent_of_change(self.comparison)
        return extent_of_date(self.composite, self.date, self.basis)

    @cached_property
    def _light(self) -> "LightMap":
        from marchland.render.kit.page import change_map
        from marchland.render.light.drawing import LightMap
        from marchland.render.light.frames import Framer

        if self.comparison is not None:
            return change_map(self._scene, self.comparison, self._extent.view)
        framer = Framer(self._scene)
        return LightMap(framer, (framer.on(self.date, view=self._extent.view),), 0, self._extent.view)


def article(
    composite: SpaceTimeComposite,
    when: date | str | int,
    then: date | str | int | None = None,
    *,
    basis: Basis | str = Basis.DE_JURE,
    lang: str = "en",
    sigma_km: float | None = None,
    correlation_km: float | None = None,
) -> Article:
    """Make the article kit of a date, or of what changed between two.

    Parameters
    ----------
    composite
        The dataset.
    when
        A date, a year (its last day) or the name of a version.
    then
        The later date of a comparison.
    basis
        ``de_jure`` or ``de_facto``.
    lang
        Language of the kit: ``en``, ``ru`` or ``zh``.
    sigma_km, correlation_km
        As in :func:`marchland.compare`: how certain the lines are for which the dataset states nothing.

    Raises
    ------
    DateError, NotFoundError
        As :meth:`~marchland.composite.SpaceTimeComposite.resolve_when`.
    UsageError
        There are no texts in that language, the second date is not after the first, a σ is below zero, or a
        correlation not above it.
    """
    from marchland.errorbars import ErrorModel
    from marchland.errors import UsageError

    load_texts(lang)
    errors = ErrorModel(composite, sigma_km=sigma_km, correlation_km=correlation_km)
    first = composite.resolve_when(when)
    if then is None:
        return Article(composite, first, None, Basis(basis), lang, errors)
    last = composite.resolve_when(then)
    if last <= first:
        msg = f"{last} is not after {first}: give the earlier date first"
        raise UsageError(msg)
    return Article(composite, last, first, Basis(basis), lang, errors)
