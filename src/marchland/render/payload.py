"""A scene as the data the page's script reads: geometry once, and a dated history of what changes."""

from datetime import date
from typing import Any

import numpy as np

from marchland.model import Stage, Tenure, name_in
from marchland.render.fills import Fill
from marchland.render.labels import SETTLEMENT, ranked_places
from marchland.render.projection import UNIT_M, Ints
from marchland.render.scene import Border, Scene
from marchland.render.shapes import Ring
from marchland.render.words import instrument_name

STAGES: tuple[Stage | None, ...] = (
    Stage.DEMARCATED,
    Stage.DELIMITED,
    Stage.ALLOCATED,
    Stage.ADMINISTERED,
    None,
)
"""Stages in the order of the legend; None last."""


def payload(scene: Scene) -> dict[str, Any]:
    """Return the data of a page as plain values for JSON.

    Lines are ``[x, y, dx, dy, dx, dy, …]`` in sheet units.
    """
    fills = scene.fills.in_order()
    lands = [name for name in scene.shapes if name is not None]
    return {
        "lang": scene.texts.lang,
        "words": dict(scene.texts.words),
        "title": scene.composite.meta.title_in(scene.texts.lang),
        "size": list(scene.projection.size),
        "unit": UNIT_M,
        "first": scene.composite.meta.first_date.isoformat(),
        "last": scene.composite.meta.as_of.isoformat(),
        "shown": scene.date.isoformat(),
        "stops": [[day.isoformat(), _names(scene, scene.changed_by(day))] for day in scene.change_dates],
        "force": _force(scene),
        "holders": {key: _eras(scene, key) for key in scene.composite.holders},
        "fills": [
            {"key": f.key, "paint": f.paint, "holder": f.holder, "status": str(f.status), "tint": f.tint}
            for f in fills
        ],
        "areas": _areas(scene, fills),
        "arcs": [_delta(line) for line in scene.mesh.lines],
        "lands": [_land(scene, name, fills) for name in lands],
        "backdrop": [list(ring) for ring in scene.shapes.get(None, [])],
        "coast": [list(run) for run in scene.coast],
        "borders": [_border(scene, border, lands) for border in scene.borders],
        "segments": _segments(scene),
        "rivers": [_delta(line) for water in scene.waters if water.kind == "river" for line in water.lines],
        "lakes": [_delta(line) for water in scene.waters if water.kind == "lake" for line in water.lines],
        "frame": _delta(scene.projection.frame()),
        "graticule": [_meridian(line) for line in scene.projection.graticule()],
        "places": _places(scene),
    }


def _delta(line: Ints) -> list[int]:
    """Return the first point and the steps to the following ones, flat."""
    return [int(v) for v in np.vstack([line[:1], np.diff(line, axis=0)]).ravel()]


def _names(scene: Scene, instruments: tuple[str, ...]) -> list[str]:
    return [instrument_name(scene, i) for i in instruments]


def _force(scene: Scene) -> list[list[str | None]]:
    """Return from which date on which instrument was the latest in force: [from, name, its date]."""
    days = {scene.composite.meta.first_date}
    for item in scene.composite.instruments.values():
        days |= {day for day in (item.date, item.until) if day is not None}
    rows: list[list[str | None]] = []
    for day in sorted(days):
        current = scene.composite.instrument_in_force(day)
        name = name_in(current.names, scene.texts.lang) if current else None
        since = current.date.isoformat() if current and current.date else None
        rows.append([day.isoformat(), name, since])
    return rows


def _eras(scene: Scene, holder: str) -> list[list[str]]:
    """Return the names of a holder by date, oldest first: [from, name]."""
    known = scene.composite.holders[holder]
    starts = sorted({scene.composite.meta.first_date, *(era.start for era in known.eras)})
    return [[day.isoformat(), known.name_on(day, scene.texts.lang)] for day in starts]


def _areas(scene: Scene, fills: list[Fill]) -> list[Any]:
    """Return km² and history of the territories that are summed but too small to be drawn."""
    rest = [t for t in scene.composite.territories if t not in scene.shapes]
    tenures = {t: scene.composite.history(territory=t, basis=scene.basis) for t in rest}
    return [
        [scene.composite.territories[t].area_km2, [_tenure(scene, x, fills) for x in tenures[t]]]
        for t in rest
    ]


def _land(scene: Scene, name: str, fills: list[Fill]) -> dict[str, Any]:
    territory = scene.composite.territories[name]
    return {
        "id": name,
        "name": name_in(territory.names, scene.texts.lang),
        "note": territory.note,
        "area": territory.area_km2,
        "label": [int(v) for v in scene.projection.sheet([territory.label])[0]],
        "rings": [list(ring) for ring in scene.shapes[name]],
        "history": [_tenure(scene, tenure, fills) for tenure in scene.histories[name]],
    }


def _tenure(scene: Scene, tenure: Tenure, fills: list[Fill]) -> list[Any]:
    """Return [from, to, fill, instrument's name, article, certainty, note]."""
    return [
        tenure.start.isoformat(),
        tenure.end.isoformat() if tenure.end else None,
        fills.index(scene.fill(tenure)),
        instrument_name(scene, tenure.instrument) if tenure.instrument else None,
        tenure.article,
        tenure.certainty,
        tenure.note,
    ]


def _border(scene: Scene, border: Border, lands: list[str]) -> list[Any]:
    """Return [arc, left, right, [[from, segment, stage], …]].

    -1 is backdrop as a side, and no frontier as a segment.
    """
    order = {name: number for number, name in enumerate(scene.composite.segments)}
    carried = [
        [c.start.isoformat(), order[c.segment] if c.segment else -1, STAGES.index(c.stage)]
        for number, c in enumerate(border.carriers)
        if number or c.segment
    ]
    left, right = (lands.index(side) if side is not None else -1 for side in (border.left, border.right))
    return [border.arc, left, right, carried]


def _segments(scene: Scene) -> list[list[str]]:
    """Return [instrument's name, article] of every segment."""
    return [[instrument_name(scene, s.instrument), s.article] for s in scene.composite.segments.values()]


def _meridian(line: dict[str, Any]) -> list[Any]:
    return [_delta(line["line"]), line["text"], line["side"]]


def _places(scene: Scene) -> list[list[Any]]:
    ranked = ranked_places(scene)
    spots = scene.projection.sheet([(p.lon, p.lat) for p in ranked])
    return [
        [name_in(p.names, scene.texts.lang), int(x), int(y), p.rank, int(p.kind != SETTLEMENT), p.since or 0]
        for p, (x, y) in zip(ranked, spots, strict=True)
    ]


def runs_on(scene: Scene, day: date) -> dict[Stage | None, list[Ring]]:
    """Return the frontier of a date as runs of arcs, by stage, in the order of :data:`STAGES`."""
    arcs: dict[Stage | None, list[int]] = {stage: [] for stage in STAGES}
    for border in scene.borders:
        carrier = border.on(day)
        if carrier is not None:
            arcs[carrier.stage].append(border.arc)
    return {stage: scene.mesh.runs(members) for stage, members in arcs.items() if members}


def limits_on(scene: Scene, day: date) -> list[int]:
    """Return the arcs that part different holders on a date and are no frontier."""
    found = []
    for border in scene.borders:
        sides = [scene.tenure(t, day) if t is not None else None for t in (border.left, border.right)]
        held = [(t.holder, t.status) if t else None for t in sides]
        if held[0] != held[1] and border.on(day) is None:
            found.append(border.arc)
    return found
