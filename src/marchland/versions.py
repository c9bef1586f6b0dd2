"""Dates by name: ``aigun-1858``, ``Aihun``, ``nerch`` stand for the day that line counts from."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date
from difflib import get_close_matches

from marchland.dates import parse_when
from marchland.errors import DateError, NotFoundError
from marchland.model import Instrument

_LOOKS_LIKE_DATE = re.compile(r"^[+-]?\d[\d./\-]*$")


def resolve_when(when: date | str | int, instruments: Mapping[str, Instrument], as_of: date | None) -> date:
    """Return the date meant by a date, a year or a version's name.

    A year means its last day, the ``as_of`` year that day (None: there is no such year). A name may be an
    instrument's id, alias or name in any language, or a unique prefix of one of these; case, accents, spaces
    and hyphens do not matter.

    Raises
    ------
    DateError
        The text is no readable date, or names an instrument that was never in force.
    NotFoundError
        The name is unknown or fits several instruments.
    """
    if isinstance(when, str) and not _LOOKS_LIKE_DATE.match(when.strip()):
        return _version_date(find_instrument(when, instruments))
    day = parse_when(when)
    year_only = isinstance(when, int) or (isinstance(when, str) and re.fullmatch(r"\d{4}", when.strip()))
    return as_of if year_only and as_of is not None and day.year == as_of.year else day


def find_instrument(name: str, instruments: Mapping[str, Instrument]) -> Instrument:
    """Return the instrument a name means; raises :class:`NotFoundError` with suggestions."""
    spellings = {key: {fold(word) for word in _words(item)} for key, item in instruments.items()}
    wanted = fold(name)
    exact = [key for key, words in spellings.items() if wanted in words]
    hits = exact or [
        key for key, words in spellings.items() if wanted and any(word.startswith(wanted) for word in words)
    ]
    if len(hits) == 1:
        return instruments[hits[0]]
    if hits:
        msg = f"{name!r} fits {len(hits)} versions: {', '.join(sorted(hits)[:5])}; give more of the name"
        raise NotFoundError(msg, suggestions=tuple(sorted(hits)[:5]))
    close = _suggest(wanted, spellings)
    hint = f"; did you mean {' or '.join(close)}?" if close else ""
    msg = f"no date or version {name!r}{hint} (see 'marchland versions')"
    raise NotFoundError(msg, suggestions=close)


def fold(text: str) -> str:
    """Return a spelling without case, accents, spaces or punctuation, for comparing names."""
    decomposed = unicodedata.normalize("NFKD", text).casefold()
    return "".join(char for char in decomposed if char.isalnum())


def _words(instrument: Instrument) -> Iterable[str]:
    year = re.search(r"\d{4}$", instrument.id)
    stem = instrument.id.removesuffix(f"-{year.group()}") if year else instrument.id
    names = [*instrument.names.values(), *instrument.aliases, stem]
    yield instrument.id
    for name in names:
        for form in (name, f"treaty of {name}", f"{name} treaty"):
            yield form
            if year:
                yield f"{form} {year.group()}"


def _version_date(instrument: Instrument) -> date:
    if instrument.date is None:
        msg = (
            f"{instrument.id} was never in force ({instrument.note or instrument.status}); give a"
            " date, for example the day it was signed"
        )
        raise DateError(msg)
    return instrument.date


def _suggest(wanted: str, spellings: Mapping[str, set[str]]) -> tuple[str, ...]:
    by_word = {word: key for key, words in spellings.items() for word in words}
    close = get_close_matches(wanted, by_word, n=6, cutoff=0.6)
    return tuple(dict.fromkeys(by_word[word] for word in close))[:3]
