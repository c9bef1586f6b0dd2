"""Places, events, clauses and sources as a page tells and finds them."""

from typing import Any

from marchland.composite import SpaceTimeComposite
from marchland.dates import EdtfDate, format_date
from marchland.errors import NotFoundError
from marchland.model import Event, Place, Segment, name_in
from marchland.render.labels import SETTLEMENT, ranked_places, stood_from
from marchland.render.scene import Scene
from marchland.render.texts import Texts


class Bibliography:
    """The short form of each source that is cited, once."""

    def __init__(self, composite: SpaceTimeComposite) -> None:
        self._known = composite.bibliography
        self._numbers: dict[str, int] = {}

    def cite(self, keys: tuple[str, ...]) -> list[int]:
        """Return the positions of sources by key; a key the dataset does not describe stands for itself."""
        return [self._numbers.setdefault(key, len(self._numbers)) for key in keys]

    def rows(self) -> list[str]:
        """Return what was cited so far, in the order of the positions."""
        return [self._known[key].title if key in self._known else key for key in self._numbers]


def places(scene: Scene, lands: list[str]) -> list[list[Any]]:
    """Return [name, x, y, rank, is no settlement, since, land, other names] of the places in the window."""
    ranked = ranked_places(scene)
    spots = scene.projection.sheet([(p.lon, p.lat) for p in ranked])
    order = {name: number for number, name in enumerate(lands)}
    return [
        [
            name_in(place.names, scene.texts.lang),
            int(x),
            int(y),
            place.rank,
            int(place.kind != SETTLEMENT),
            stood_from(place),
            _land_of(scene.composite, place, order),
            other_names(place, scene.texts.lang),
        ]
        for place, (x, y) in zip(ranked, spots, strict=True)
    ]


def _land_of(composite: SpaceTimeComposite, place: Place, order: dict[str, int]) -> int:
    try:
        return order[composite.locate(place.lon, place.lat)]
    except NotFoundError:
        return -1


def other_names(place: Place, lang: str) -> str:
    """Return the other names a place may be looked for by, set off by bars."""
    shown = name_in(place.names, lang)
    names = [name for key, name in place.names.items() if key != "pinyin" and name != shown]
    return "|".join(dict.fromkeys((*names, *place.aliases)))


def segment_row(scene: Scene, segment: Segment, instrument: int, cited: Bibliography) -> list[Any]:
    """Return [instrument, article, rule, σ km, from, to, feature, note, sources] of a clause."""
    said, lang = scene.composite.said, scene.texts.lang
    return [
        instrument,
        said(segment.article, lang),
        str(segment.rule),
        segment.sigma_km,
        _place_name(scene, segment.start),
        _place_name(scene, segment.end),
        said(segment.feature, lang),
        said(segment.note, lang),
        cited.cite(segment.sources),
    ]


def _place_name(scene: Scene, key: str) -> str:
    known = scene.composite.places.get(key)
    return name_in(known.names, scene.texts.lang) if known else key


def events(scene: Scene, cited: Bibliography) -> list[list[Any]]:
    """Return [first day, last day, date in words, title, text, x, y, sources] by date, inside the window."""
    west, south, east, north = scene.projection.window
    inside = [e for e in scene.composite.events.values() if west < e.lon < east and south < e.lat < north]
    inside.sort(key=lambda e: (str(e.when.earliest), str(e.when.latest), e.id))
    spots = scene.projection.sheet([(e.lon, e.lat) for e in inside])
    return [
        _event(scene, event, [int(x), int(y)], cited) for event, (x, y) in zip(inside, spots, strict=True)
    ]


def _event(scene: Scene, event: Event, spot: list[int], cited: Bibliography) -> list[Any]:
    when = event.when
    return [
        when.earliest.isoformat() if when.earliest else "",
        when.latest.isoformat() if when.latest else "9999-12-31",
        edtf_words(when, scene.texts),
        name_in(event.names, scene.texts.lang),
        name_in(event.texts, scene.texts.lang),
        *spot,
        cited.cite(event.sources),
    ]


def edtf_words(when: EdtfDate, texts: Texts) -> str:
    """Return an uncertain date in words: a day, a month, a year, a span, with "about" or a question mark."""
    if "/" in when.text:
        start, end = (edtf_words(EdtfDate(part), texts) for part in when.text.split("/"))
        return f"{start} – {end}"
    day = when.earliest
    if day is None:
        return when.text
    said = {
        "day": lambda: format_date(day, lang=texts.lang),
        "month": lambda: texts("month_form", month=texts.words["months_alone"][day.month - 1], y=day.year),
        "year": lambda: texts("year_form", y=day.year),
    }.get(when.precision, lambda: when.text)()
    if when.approximate:
        said = texts("about", date=said)
    return texts("perhaps", date=said) if when.uncertain else said
