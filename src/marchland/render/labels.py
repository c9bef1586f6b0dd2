"""Which names stand on the map, in which order, and where they fit without touching."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from marchland.model import Place, name_in
from marchland.render.scene import Scene

SETTLEMENT = "settlement"
NAMELESS = frozenset({"node", "confluence"})
"""Kinds of places that only the compiler needs: their names describe, they are not read on a map."""


SMALL_TOWN = 3
"""Rank of a place that is none of the well-known cities."""

UNDATED_FROM = 1950
"""From this year on small towns are shown of which the dataset does not say when they were founded."""


@dataclass(frozen=True, slots=True)
class Label:
    """A text and the box it fills: left, top, width, height, in the units it was measured in."""

    text: str
    kind: str
    x: float
    y: float
    anchor: str
    box: tuple[float, float, float, float]


def ranked_places(scene: Scene) -> list[Place]:
    """Return the places inside the window that have a name for the map, the most prominent first."""
    west, south, east, north = scene.projection.window
    inside = [p for p in scene.composite.places.values() if west < p.lon < east and south < p.lat < north]
    return sorted((p for p in inside if p.kind not in NAMELESS), key=lambda p: (p.kind != SETTLEMENT, p.rank))


def stood_from(place: Place) -> int:
    """Return the year from which a place is shown: cities without one are older than every map, towns not."""
    if place.since is not None:
        return place.since
    return UNDATED_FROM if place.kind == SETTLEMENT and place.rank >= SMALL_TOWN else 0


def holder_spots(scene: Scene) -> list[tuple[str, tuple[float, float]]]:
    """Return each single holder's name on the scene's date and where its largest territory's label stands."""
    best: dict[str, tuple[float, str]] = {}
    for name in scene.histories:
        tenure, territory = scene.tenure(name, scene.date), scene.composite.territories[name]
        if tenure and tenure.holder and tenure.holder in scene.composite.holders:
            best[tenure.holder] = max(best.get(tenure.holder, (0.0, name)), (territory.area_km2, name))
    holders = scene.composite.holders
    ordered = sorted(best.items(), key=lambda item: -item[1][0])
    return [
        (holders[h].name_on(scene.date, scene.texts.lang), scene.composite.territories[t].label)
        for h, (_, t) in ordered
    ]


def text_width(text: str, size: float) -> float:
    """Estimate the width of a text set in ``size``: letters over half a square, East Asian ones a square."""
    return size * sum(1.0 if ord(char) > 0x2E80 else 0.56 for char in text)


def place_labels(scene: Scene, scale: float, *, size: float, limit: int) -> list[Label]:
    """Place the holders' and the foremost places' names, skipping what does not fit.

    ``scale`` is in pixels per sheet unit, ``size`` the height of the letters in pixels.
    """
    placed: list[Label] = []
    for text, spot in holder_spots(scene):
        x, y = scene.projection.sheet([spot])[0] * scale
        width = text_width(text, size * 1.45)
        _try(
            placed,
            [
                Label(
                    text, "holder", x, y + size * 0.45, "middle", (x - width / 2, y - size, width, size * 1.9)
                )
            ],
        )
    founded = [p for p in ranked_places(scene) if stood_from(p) <= scene.date.year]
    for place in founded[:limit]:
        x, y = scene.projection.sheet([(place.lon, place.lat)])[0] * scale
        _try(placed, _beside(name_in(place.names, scene.texts.lang), x, y, size))
    return placed


def _beside(text: str, x: float, y: float, size: float) -> list[Label]:
    """Return the label of a dot at right, left, above and below it."""
    width, gap = text_width(text, size), size * 0.55
    spots = [("start", gap, 0.36), ("end", -gap, 0.36), ("middle", 0.0, -0.6), ("middle", 0.0, 1.3)]
    return [
        Label(text, "place", x + dx, y + dy * size, anchor, _box(x + dx, y + dy * size, anchor, width, size))
        for anchor, dx, dy in spots
    ]


def _box(x: float, y: float, anchor: str, width: float, size: float) -> tuple[float, float, float, float]:
    left = {"start": x, "end": x - width, "middle": x - width / 2}[anchor]
    return left, y - size * 0.85, width, size * 1.15


def _try(placed: list[Label], candidates: Sequence[Label]) -> None:
    fits = next((c for c in candidates if not _hits(c.box, (p.box for p in placed))), None)
    if fits is not None:
        placed.append(fits)


def _hits(
    box: tuple[float, float, float, float], others: Iterable[tuple[float, float, float, float]]
) -> bool:
    x, y, w, h = box
    return any(x < ox + ow and ox < x + w and y < oy + oh and oy < y + h for ox, oy, ow, oh in others)
