"""Words on the map, by language; every language has the same keys."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from marchland.dates import LANGUAGES as LANGUAGES
from marchland.dates import format_date
from marchland.errors import UsageError


@dataclass(frozen=True)
class Texts:
    """The words of one language.

    ``words`` is the file ``texts/LANG.json``, ``of_any`` those that stand instead of others of them where a
    dataset is not of one frontier.
    """

    lang: str
    words: Mapping[str, Any]
    of_any: Mapping[str, Any] = field(default_factory=dict)

    def __call__(self, key: str, **values: object) -> str:
        """Return a text with its blanks filled in."""
        return str(self.words[key]).format(**values)

    def without_treaties(self) -> "Texts":
        """Return the texts for a dataset that knows of no instruments, and need not say so at every date."""
        return replace(self, words={**self.words, "none_in_force": "", "other_change": self("bare_change")})

    def of_any_land(self) -> "Texts":
        """Return the texts for a dataset that is not of one frontier."""
        return replace(self, words={**self.words, **self.of_any})

    def date(self, day: date) -> str:
        """Return a date as the language writes it."""
        return format_date(day, lang=self.lang)

    def status(self, status: str) -> str:
        """Return the name of a status."""
        return str(self.words["status"][status])

    def number(self, value: float) -> str:
        """Return a whole number with thousands parted as the language parts them."""
        return f"{value:,.0f}".replace(",", self.words["thousands"])


@cache
def load_texts(lang: str, *parts: str) -> Texts:
    """Return the texts of a language: those every picture needs, and those of further parts.

    A part is a folder of ``texts`` with a file for each language; a key stands in one file only, but for
    ``any``, which has words of :attr:`Texts.of_any`.

    Raises
    ------
    UsageError
        The language is not one of :data:`LANGUAGES`.
    """
    if lang not in LANGUAGES:
        msg = f"no texts in language {lang!r}: choose {', '.join(LANGUAGES)}"
        raise UsageError(msg)
    home = files("marchland.render").joinpath("texts")
    words: dict[str, Any] = {}
    of_any: dict[str, Any] = {}
    for folder in (home, *(home.joinpath(part) for part in parts)):
        found = json.loads(folder.joinpath(f"{lang}.json").read_text("utf-8"))
        of_any |= found.pop("any", {})
        words |= found
    return Texts(lang, words, of_any)
