"""What is told at each stop: words with computed figures, what changed, what else happened, and a frame."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

import numpy as np
import shapely

from marchland.comparison import Comparison, compare
from marchland.errorbars import ErrorModel
from marchland.model import Basis, Event, Source, name_in
from marchland.render.kit import numbers
from marchland.render.light.frames import Entry, Frame, Framer, Name, View
from marchland.render.projection import UNIT_M, Ints
from marchland.render.scene import Scene
from marchland.render.story import figures
from marchland.render.story.plan import Plan, Stop
from marchland.render.words import held_as, holder_name
from marchland.treaties import datings

MOST_FACTS = 6
MOST_SOURCES = 4
MARGIN = 0.12
"""Paper around what changed, as a share of its longer side."""

LEAST_VIEW_M = 240_000.0
NAMED_KM2 = 50_000.0
"""Smaller land held in fact does not carry its holder's name."""

UNBROKEN = "\u00a0"
"""Keeps a figure on one line."""

WEAK = ("own", "calc")
"""Sources that say how a thing is known and not where it is written: told at the end only."""


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that happened by then: its date and name, and where (sheet units), if on the map.

    ``main`` is what the chapter tells of.
    """

    when: str
    what: str
    spot: tuple[int, int] | None
    main: bool


@dataclass(frozen=True, slots=True)
class Chapter:
    """One stop as it is told. ``facts`` are (what, how much); ``seen`` says what the map shows."""

    stop: Stop
    label: str
    kicker: str
    title: str
    dateline: str
    paragraphs: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]
    happenings: tuple[Happening, ...]
    sources: tuple[Source, ...]
    seen: str
    frame: Frame
    view: View


@dataclass(frozen=True)
class Teller:
    """Tells the stops of a plan over a scene."""

    scene: Scene
    plan: Plan

    @cached_property
    def framer(self) -> Framer:
        """What draws the frames."""
        return Framer(self.scene)

    @cached_property
    def errors(self) -> ErrorModel:
        """What tells how certain an area is."""
        return ErrorModel(self.scene.composite)

    def chapters(self) -> tuple[Chapter, ...]:
        """Return every stop as a chapter, in order."""
        found = []
        treaties = 0
        for number, stop in enumerate(self.plan.stops):
            treaties += stop.treaty
            found.append(self._chapter(stop, self._since(number), treaties))
        return tuple(found)

    def _since(self, number: int) -> date:
        return self.plan.stops[number - 1].day if number else date.min

    def _chapter(self, stop: Stop, since: date, treaties: int) -> Chapter:
        texts, composite = self.scene.texts, self.scene.composite
        comparison = compare(composite, stop.before, stop.day) if stop.before else None
        told = texts.words["story_chapters"].get(stop.id) if self.plan.told else None
        view = self._view(stop, comparison)
        values = self._values(stop)
        return Chapter(
            stop=stop,
            label=self._label(stop),
            kicker=texts("story_treaty", number="ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩ"[treaties - 1]) if stop.treaty else "",
            title=told["title"] if told else texts.date(stop.day),
            dateline=self._dateline(stop) if told else "",
            paragraphs=tuple(text.format_map(values) for text in told["text"]) if told else (),
            facts=tuple(self._facts(stop, comparison)),
            happenings=tuple(self._happenings(stop, since)),
            sources=tuple(self._sources(stop)),
            seen=texts("story_seen_fact" if stop.in_fact else "story_seen", date=texts.date(stop.day)),
            frame=self._frame(stop, comparison, view),
            view=view,
        )

    # --- words and figures

    def _label(self, stop: Stop) -> str:
        if not self.plan.told:
            return stop.day.isoformat()
        return stop.id.rpartition("-")[2]

    def _dateline(self, stop: Stop) -> str:
        texts, composite = self.scene.texts, self.scene.composite
        if stop.event is not None:
            edtf = composite.events[stop.event].edtf
        else:
            edtf = (composite.instruments[stop.instrument or ""].date or stop.day).isoformat()
        shown = figures.when(texts, edtf)
        dated = (
            datings(composite.instruments[stop.instrument].dates) if stop.treaty and stop.instrument else ()
        )
        julian = next((dating.julian for dating in dated if dating.date == edtf), None)
        return texts("story_old_style", date=shown, julian=figures.when(texts, julian)) if julian else shown

    def _values(self, stop: Stop) -> dict[str, str]:
        texts, composite = self.scene.texts, self.scene.composite
        values = {"length": figures.length(texts, composite.frontier(stop.day).length_km)}
        if stop.before:
            values["length_before"] = figures.length(texts, composite.frontier(stop.before).length_km)
        for name, lands in stop.sums.items():
            values[name] = self._area(stop, lands)
        for name, key in stop.claims.items():
            values[name] = figures.published(texts, composite.claims[key])
        return {name: value.replace(" ", UNBROKEN) for name, value in values.items()}

    def _area(self, stop: Stop, lands: Sequence[str]) -> str:
        composite = self.scene.composite
        days = [day for day in (stop.before, stop.day) if day is not None]
        area = sum(round(composite.territories[land].area_km2 * 100) for land in lands) / 100
        sigma = self.errors.area_sigma_km2(dict.fromkeys(lands, 1.0), [composite.at(day) for day in days])
        return numbers.area(self.scene.texts, area, sigma)

    def _facts(self, stop: Stop, comparison: Comparison | None) -> Iterable[tuple[str, str]]:
        texts, composite = self.scene.texts, self.scene.composite
        rows = sorted(comparison.by_pair, key=lambda row: -row.area_km2) if comparison else []
        for row in rows[:MOST_FACTS]:
            pair = texts("pair", **self._pair(stop, (row.from_holder, row.to_holder)))
            yield pair, numbers.area(texts, row.area_km2, row.sigma_km2)
        if len(rows) > MOST_FACTS:
            yield texts("story_more", number=len(rows) - MOST_FACTS), ""
        yield from self._facts_in_fact(stop)
        kilometres = composite.frontier(stop.day).length_km
        if kilometres:
            yield (
                texts("story_length" if self.plan.told else "story_length_any"),
                figures.length(texts, kilometres),
            )

    def _facts_in_fact(self, stop: Stop) -> Iterable[tuple[str, str]]:
        groups: dict[str, list[str]] = {}
        for land, words in self._held_in_fact(stop):
            groups.setdefault(words, []).append(land)
        for words, lands in groups.items():
            yield self.scene.texts("story_in_fact", holder=words), self._area(stop, lands)

    def _held_in_fact(self, stop: Stop) -> Iterable[tuple[str, str]]:
        """Return each territory that was held otherwise in fact than by right, and the words for how."""
        composite = self.scene.composite
        for land in stop.in_fact:
            right, fact = (composite.tenure_at(land, stop.day, basis) for basis in Basis)
            if fact is not None and (
                right is None or (right.holder, right.status) != (fact.holder, fact.status)
            ):
                yield land, held_as(self.scene, self.scene.fill(fact), stop.day)

    def _pair(self, stop: Stop, pair: tuple[str | None, str | None]) -> dict[str, str]:
        days = (stop.before or stop.day, stop.day)
        old, new = (holder_name(self.scene, h, d) for h, d in zip(pair, days, strict=True))
        return {"before": old, "after": new}

    def _happenings(self, stop: Stop, since: date) -> Iterable[Happening]:
        main = [e for e in self.scene.composite.events.values() if e.id == stop.event]
        others = [e for e in self.scene.composite.events.values() if e not in main and _began(e)]
        between = sorted((e for e in others if since < (_began(e) or date.max) <= stop.day), key=_order)
        told = {s.event for s in self.plan.stops} if self.plan.told else set()
        for event in (*main, *(e for e in between if e.id not in told)):
            what = name_in(event.names, self.scene.texts.lang)
            yield Happening(
                figures.when(self.scene.texts, event.edtf), what, self._spot(event), event in main
            )

    def _spot(self, event: Event) -> tuple[int, int] | None:
        west, south, east, north = self.scene.projection.window
        if not (west < event.lon < east and south < event.lat < north):
            return None
        x, y = self.scene.projection.sheet([(event.lon, event.lat)])[0]
        return int(x), int(y)

    def _sources(self, stop: Stop) -> Iterable[Source]:
        composite = self.scene.composite
        keys: dict[str, None] = {}
        if stop.instrument:
            keys |= dict.fromkeys(composite.instruments[stop.instrument].sources)
        if stop.event:
            keys |= dict.fromkeys(composite.events[stop.event].sources)
        for key in keys:
            yield composite.bibliography.get(key, Source(key, key))

    # --- the map

    def _frame(self, stop: Stop, comparison: Comparison | None, view: View) -> Frame:
        texts = self.scene.texts
        if comparison is None or not comparison.ledger:
            return self._with_facts(stop, self.framer.on(stop.day, view=view, unnamed=stop.in_fact))
        frame = self.framer.between(
            comparison,
            words=lambda pair: texts("pair", **self._pair(stop, pair)),
            former=texts("former"),
            status_only=texts("status_changed"),
            view=view,
            unnamed=stop.in_fact,
        )
        return self._with_facts(stop, self._with_status(stop, comparison, frame))

    def _with_status(self, stop: Stop, comparison: Comparison, frame: Frame) -> Frame:
        """Paint land that changed in status alone as it is held now: the status is what there is to see."""
        alone = [row.territory for row in comparison.ledger if row.from_holder == row.to_holder]
        if not alone:
            return frame
        fills, names = list(frame.fills), list(self.scene.histories)
        lands = [entry for entry in frame.lands if entry.words != self.scene.texts("status_changed")]
        for land in alone:
            tenure = self.scene.tenure(land, stop.day) if land in names else None
            if tenure is not None:
                fill = self.scene.fill(tenure)
                fills[names.index(land)] = (fill.paint, fill.tint)
                lands.append(Entry(fill.paint, fill.tint, held_as(self.scene, fill, stop.day)))
        return replace(frame, fills=tuple(fills), lands=tuple(dict.fromkeys(lands)))

    def _with_facts(self, stop: Stop, frame: Frame) -> Frame:
        """Paint and name the territories that were held otherwise in fact so."""
        fills, lands, names = list(frame.fills), list(frame.lands), list(frame.names)
        order = list(self.scene.histories)
        for land, words in self._held_in_fact(stop):
            tenure = self.scene.composite.tenure_at(land, stop.day, Basis.DE_FACTO)
            if tenure is None or land not in order:
                continue
            fill = self.scene.fill(tenure)
            fills[order.index(land)] = (fill.paint, f"{fill.tint} fact")
            entry = Entry(fill.paint, fill.tint, words)
            if entry not in lands:
                lands.insert(len(lands) - 1, entry)
            name = self._holder_at(land, tenure.holder, stop.day)
            wide = self.scene.composite.territories[land].area_km2 >= NAMED_KM2
            if wide and name.text not in [other.text for other in names]:
                names.insert(0, name)
        return replace(frame, fills=tuple(fills), lands=tuple(lands), names=tuple(names))

    def _holder_at(self, land: str, holder: str | None, day: date) -> Name:
        x, y = self.scene.projection.sheet([self.scene.composite.territories[land].label])[0]
        return Name(holder_name(self.scene, holder, day), "holder", int(x), int(y))

    def _view(self, stop: Stop, comparison: Comparison | None) -> View:
        if stop.view is not None:
            west, south, east, north = stop.view
            along, up = np.linspace(west, east, 40), np.linspace(south, north, 20)
            edge = [(x, y) for x in along for y in (south, north)] + [
                (x, y) for y in up for x in (west, east)
            ]
            return _box(self.scene.projection.sheet(edge), 0.0)
        moved = {row.territory for row in comparison.ledger} if comparison else set()
        points = [
            self.scene.mesh.coordinates(ring)
            for land in moved & self.scene.shapes.keys()
            for ring in self.scene.shapes[land]
        ]
        if not points:
            wide, high = self.scene.projection.size
            return (0.0, 0.0, float(wide), float(high))
        return _box(np.vstack(points), MARGIN)


def _box(points: Ints, margin: float) -> View:
    left, top, right, bottom = (float(v) for v in shapely.total_bounds(shapely.points(points)))
    longer = max(right - left, bottom - top)
    paper = margin * longer + max(0.0, (LEAST_VIEW_M / UNIT_M - longer) / 2)
    return left - paper, top - paper, right - left + 2 * paper, bottom - top + 2 * paper


def _began(event: Event) -> date | None:
    return event.when.earliest


def _order(event: Event) -> tuple[date, str]:
    return _began(event) or date.max, event.id
