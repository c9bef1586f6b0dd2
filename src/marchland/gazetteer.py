"""Places by name: ``Vladivostok``, ``Владивосток`` and ``海参崴`` are one point."""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches

from marchland.errors import NotFoundError, list_ids
from marchland.model import Place
from marchland.versions import fold


def find_place(name: str, places: Mapping[str, Place]) -> Place:
    """Return the place a name means.

    Parameters
    ----------
    name
        An id, alias or name in any language, or the beginning of just one; case, accents, spaces and hyphens
        do not matter.
    places
        The places of a dataset by id.

    Raises
    ------
    NotFoundError
        The name is unknown (with suggestions), or fits several places.
    """
    spellings = {key: {fold(word) for word in _words(place)} - {""} for key, place in places.items()}
    wanted = fold(name)
    hits = [key for key, words in spellings.items() if wanted in words]
    if wanted and not hits:
        hits = [key for key, words in spellings.items() if any(word.startswith(wanted) for word in words)]
    if len(hits) == 1:
        return places[hits[0]]
    if hits:
        msg = f"{name!r} fits {len(hits)} places: {list_ids(sorted(hits))}; give more of the name"
        raise NotFoundError(msg, suggestions=sorted(hits))
    msg = f"no place {name!r} in the dataset; a longitude and a latitude in degrees do as well"
    raise NotFoundError(msg, suggestions=_close(wanted, spellings))


def _words(place: Place) -> Iterable[str]:
    return (place.id, *place.names.values(), *place.aliases)


def _close(wanted: str, spellings: Mapping[str, set[str]]) -> list[str]:
    by_word = {word: key for key, words in spellings.items() for word in sorted(words)}
    close = get_close_matches(wanted, by_word, n=6, cutoff=0.6)
    return list(dict.fromkeys(by_word[word] for word in close))[:3]
