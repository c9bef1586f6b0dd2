"""What the light map can show: the state of a date, or what changed between two."""

import math
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import shapely

from marchland.model import Tenure, name_in
from marchland.render.labels import SETTLEMENT, ranked_places, stood_from
from marchland.render.light.fills import Pair, Passages
from marchland.render.payload import STAGES
from marchland.render.projection import Ints
from marchland.render.scene import Border, Scene
from marchland.render.svg import stage_class
from marchland.render.words import held_as, holder_name

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from marchland.comparison import Comparison

View = tuple[float, float, float, float]
"""Left, top, width and height of what is in sight, in sheet units."""

MOST_PLACES = 40

LARGE = 0.03
"""A holder's name is set large if its land fills more than this part of what is in sight."""

LEAST_ENTRY_KM2 = 5.0
"""Land below this has no entry in the legend of a change unless there is no other; the table has all."""

SEEN = 0.0004
"""Land is in the legend if it fills more than this part of what is in sight: a patch of a few millimetres."""

LIMIT, FORMER = "limit", "former"
SUBTLE = "quiet"
MOVED = "moved"


@dataclass(frozen=True, slots=True)
class Name:
    """A name on the map at a point in sheet units; ``span`` is how wide its land would be as a square."""

    text: str
    kind: str
    x: int
    y: int
    span: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the legend: paint and class of a fill, or (paint empty) the class of a line; its words."""

    paint: str
    tint: str
    words: str


@dataclass(frozen=True, slots=True)
class Frame:
    """One state of the map.

    ``fills`` has paint and class of each drawn territory in the order of ``scene.histories``, ``lines`` the
    class of each run of borders (empty: not drawn), ``names`` what may be set, foremost first.
    """

    day: date
    title: str
    fills: tuple[tuple[str, str], ...]
    lines: tuple[str, ...]
    names: tuple[Name, ...]
    lands: tuple[Entry, ...]
    strokes: tuple[Entry, ...]


@dataclass(frozen=True)
class Framer:
    """Makes the frames of a scene; ``runs`` are its borders grouped by what they carry over time."""

    scene: Scene
    _seen: dict[View, set[str | None]] = field(default_factory=dict, repr=False, compare=False)

    @cached_property
    def runs(self) -> tuple[tuple[Border, ...], ...]:
        """Borders that always look alike, so that each group is one path."""
        groups: dict[object, list[Border]] = {}
        for border in self.scene.borders:
            sides = sorted((border.left or "", border.right or ""))
            groups.setdefault((*sides, border.carriers), []).append(border)
        return tuple(tuple(group) for group in groups.values())

    @cached_property
    def passages(self) -> Passages:
        """The fills of land that changed hands."""
        return Passages(self.scene)

    def on(
        self, day: date, *, view: View | None = None, title: str = "", unnamed: Collection[str] = ()
    ) -> Frame:
        """Return the state of a date.

        ``view`` is what will be in sight (None: the whole sheet); on ``unnamed`` territories no holder's name
        stands, if the holder has others.
        """
        held = self._held(day)
        fills = tuple(self._fill(held[t]) for t in self.scene.histories)
        lines = tuple(self._line(group[0], day, held) for group in self.runs)
        return Frame(
            day=day,
            title=title,
            fills=fills,
            lines=lines,
            names=tuple(self._names(day, held, view, unnamed)),
            lands=tuple(self._land_entries(day, held, view)),
            strokes=tuple(self._line_entries(self._lines_seen(lines, view))),
        )

    def between(
        self,
        comparison: "Comparison",
        *,
        words: Callable[[Pair], str],
        former: str,
        status_only: str,
        view: View | None = None,
        title: str = "",
        unnamed: Collection[str] = (),
    ) -> Frame:
        """Return what changed between two dates: moved land striped, the rest set back, both frontiers.

        Parameters
        ----------
        comparison
            On the scene's composite and basis.
        words
            Gives the legend's words for a pair of holders.
        former, status_only
            Words of the legend for the first date's frontier, and for land that changed in status alone.
        view, title, unnamed
            As :meth:`on`.
        """
        before, after = self._held(comparison.before.date), self._held(comparison.after.date)
        day = comparison.after.date
        moved = {row.territory: (row.from_holder, row.to_holder) for row in comparison.ledger}
        fills = tuple(self._changed(t, after[t], moved) for t in self.scene.histories)
        old = [self._line(group[0], comparison.before.date, before) for group in self.runs]
        new = [self._line(group[0], day, after) for group in self.runs]
        lines = tuple(_both(a, b) for a, b in zip(old, new, strict=True))
        seen = self._lines_seen(lines, view)
        strokes = self._line_entries(seen)
        if f"frontier {FORMER}" in seen:
            strokes.append(Entry("", f"frontier {FORMER}", former))
        return Frame(
            day=day,
            title=title,
            fills=fills,
            lines=lines,
            names=tuple(self._names(day, after, view, unnamed)),
            lands=tuple(self._pair_entries(moved, words, status_only)),
            strokes=tuple(strokes),
        )

    # --- land

    def _held(self, day: date) -> dict[str, Tenure | None]:
        return {t: self.scene.tenure(t, day) for t in self.scene.histories}

    def _fill(self, tenure: Tenure | None) -> tuple[str, str]:
        if tenure is None:
            return ("none", "")
        fill = self.scene.fill(tenure)
        return (fill.paint, fill.tint)

    def _changed(self, territory: str, tenure: Tenure | None, moved: Mapping[str, Pair]) -> tuple[str, str]:
        if territory in moved:
            return (self.passages.of(*moved[territory]).paint, MOVED)
        paint, tint = self._fill(tenure)
        return (paint, f"{tint} {SUBTLE}" if tint else "")

    def _land_entries(self, day: date, held: Mapping[str, Tenure | None], view: View | None) -> list[Entry]:
        seen = self._lands_seen(view)
        used = {self.scene.fill(tenure).key for name, tenure in held.items() if tenure and name in seen}
        fills = [fill for fill in self.scene.fills.in_order() if fill.key in used]
        entries = [Entry(fill.paint, fill.tint, held_as(self.scene, fill, day)) for fill in fills]
        if self.scene.shapes.get(None) and None in seen:
            entries.append(Entry("none", "tint", self.scene.texts("legend_backdrop")))
        return entries

    def _pair_entries(
        self, moved: Mapping[str, Pair], words: Callable[[Pair], str], status_only: str
    ) -> list[Entry]:
        areas: dict[Pair, float] = {}
        for territory, pair in moved.items():
            areas[pair] = areas.get(pair, 0.0) + self.scene.composite.territories[territory].area_km2
        ordered = sorted(areas, key=lambda pair: (pair[0] == pair[1], -areas[pair]))
        ordered = [
            pair for pair in ordered if areas[pair] >= LEAST_ENTRY_KM2 * self.scene.projection.fineness**2
        ] or ordered
        return [
            Entry(self.passages.of(*pair).paint, MOVED, words(pair) if pair[0] != pair[1] else status_only)
            for pair in ordered
        ]

    def _lands_seen(self, view: View | None) -> set[str | None]:
        """Return the territories that fill something of what is in sight, None for the backdrop."""
        if view is None:
            return set(self.scene.shapes)
        if view not in self._seen:
            box = _box(view)
            self._seen[view] = {
                name for name, area in self._areas.items() if (area & box).area > SEEN * box.area
            }
        return self._seen[view]

    @cached_property
    def _areas(self) -> "dict[str | None, BaseGeometry]":
        return {
            name: area_of([self.scene.mesh.coordinates(ring) for ring in rings])
            for name, rings in self.scene.shapes.items()
        }

    # --- lines

    def _lines_seen(self, lines: Sequence[str], view: View | None) -> set[str]:
        """Return the classes of the runs of which something is in sight."""
        if view is None:
            return set(lines)
        box, arcs = _box(view), self.scene.mesh.lines
        return {
            line
            for line, group in zip(lines, self.runs, strict=True)
            if any(shapely.intersects(shapely.LineString(arcs[border.arc]), box) for border in group)
        }

    def _line(self, border: Border, day: date, held: Mapping[str, Tenure | None]) -> str:
        carrier = border.on(day)
        if carrier is not None:
            return f"frontier {stage_class(carrier.stage)}"
        sides = [held[side] if side is not None else None for side in (border.left, border.right)]
        known = [(t.holder, t.status) if t else None for t in sides]
        return LIMIT if known[0] != known[1] else ""

    def _line_entries(self, used: set[str]) -> list[Entry]:
        words = self.scene.texts.words["stage"]
        found = [stage for stage in STAGES if f"frontier {stage_class(stage)}" in used]
        entries = [Entry("", f"frontier {stage_class(s)}", str(words[str(s or "none")])) for s in found]
        if LIMIT in used:
            entries.append(Entry("", LIMIT, self.scene.texts("legend_limit")))
        return entries

    # --- names

    def _names(
        self, day: date, held: Mapping[str, Tenure | None], view: View | None, unnamed: Collection[str]
    ) -> list[Name]:
        wide, high = self.scene.projection.size
        inside = view or (0.0, 0.0, float(wide), float(high))
        found = [
            self._holder_name(h, [t for t in lands if t not in unnamed] or lands, day, view)
            for h, lands in self._single_holders(held)
        ]
        return [name for name in found if name is not None] + self._places(day, inside)

    def _single_holders(self, held: Mapping[str, Tenure | None]) -> list[tuple[str, list[str]]]:
        """Return each single known holder and its lands, the largest of them and of those first."""
        lands: dict[str, list[str]] = {}
        area = {t: self.scene.composite.territories[t].area_km2 for t in held}
        for territory in sorted(held, key=lambda t: -area[t]):
            tenure = held[territory]
            if tenure and tenure.holder in self.scene.composite.holders and "+" not in (tenure.holder or ""):
                lands.setdefault(tenure.holder or "", []).append(territory)
        return sorted(lands.items(), key=lambda item: -sum(area[t] for t in item[1]))

    def _holder_name(self, holder: str, lands: list[str], day: date, view: View | None) -> Name | None:
        if view is None:
            x, y = self.scene.projection.sheet([self.scene.composite.territories[lands[0]].label])[0]
            held = self._area_km2(lands)
            span, share = math.sqrt(held) * 1000 / self.scene.projection.unit_m, held / self._whole_km2
        else:
            spot = self._spot_in_view(lands, view)
            if spot is None:
                return None
            x, y, span, share = spot
        kind = "holder" if share > LARGE else "state"
        return Name(holder_name(self.scene, holder, day), kind, int(x), int(y), int(span))

    def _area_km2(self, lands: Iterable[str]) -> float:
        return sum(self.scene.composite.territories[t].area_km2 for t in lands)

    @cached_property
    def _whole_km2(self) -> float:
        return self._area_km2(self.scene.histories)

    def _spot_in_view(self, lands: Sequence[str], view: View) -> tuple[int, int, float, float] | None:
        """Return middle, span and share of the widest part of lands in sight, None where hardly any is."""
        width, height = view[2:]
        box = _box(view)
        near = [t for t in lands if shapely.intersects(self._areas[t], box)]
        rings = [self.scene.mesh.coordinates(ring) for t in near for ring in self.scene.shapes[t]]
        parts = shapely.get_parts(area_of(rings) & box)
        if not len(parts):
            return None
        largest = parts[int(np.argmax(shapely.area(parts)))]
        if largest.area < 0.01 * width * height:
            return None
        radius = shapely.maximum_inscribed_circle(largest, tolerance=width / 50)
        x, y = shapely.get_coordinates(radius)[0]
        return round(x), round(y), math.sqrt(largest.area), largest.area / (width * height)

    def _places(self, day: date, view: View) -> list[Name]:
        left, top, width, height = view
        known = [p for p in ranked_places(self.scene) if stood_from(p) <= day.year]
        spots = self.scene.projection.sheet([(p.lon, p.lat) for p in known])
        seen = [
            Name(name_in(p.names, self.scene.texts.lang), "place", int(x), int(y))
            for p, (x, y) in zip(known, spots, strict=True)
            if p.kind == SETTLEMENT and left < x < left + width and top < y < top + height
        ]
        return seen[:MOST_PLACES]


def _box(view: View) -> shapely.Polygon:
    left, top, width, height = view
    return shapely.box(left, top, left + width, top + height)


def area_of(rings: Sequence[Ints]) -> "BaseGeometry":
    """Return the area inside rings of a :class:`~marchland.render.shapes.Mesh`, valid whatever they cross.

    Rings around land and rings around holes run opposite ways; the largest is one around land.
    """
    kept = [np.asarray(ring, dtype=np.float64) for ring in rings if len(ring) > 3]
    if not kept:
        return shapely.Polygon()
    signed = np.array([np.sum(r[:-1, 0] * r[1:, 1] - r[1:, 0] * r[:-1, 1]) for r in kept])
    around = np.sign(signed) == np.sign(signed[np.argmax(np.abs(signed))])
    shapes = shapely.make_valid(np.array([shapely.Polygon(ring) for ring in kept]))
    return shapely.difference(shapely.union_all(shapes[around]), shapely.union_all(shapes[~around]))


def _both(old: str, new: str) -> str:
    """Return the class of a run on the map of a change: the new frontier, or where only the old one was."""
    if new.startswith("frontier"):
        return new
    return f"frontier {FORMER}" if old.startswith("frontier") else new
