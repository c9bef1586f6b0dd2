"""A scene as the data the page's script reads: geometry once, and a dated history of what changes."""

from datetime import date
from typing import Any

import numpy as np

from marchland.composite import NO_LINE
from marchland.faces import Arc
from marchland.model import Segment, Stage, name_in
from marchland.render.doubt import errors
from marchland.render.fills import NOBODY
from marchland.render.gazette import Bibliography, events, places, segment_row
from marchland.render.histories import BASES, Histories, instrument_order
from marchland.render.projection import Ints
from marchland.render.relief import Relief
from marchland.render.scene import Border, Scene, line_dates
from marchland.render.shapes import Ring
from marchland.render.words import instrument_name
from marchland.request import request

STAGES: tuple[Stage | None, ...] = (
    Stage.DEMARCATED,
    Stage.DELIMITED,
    Stage.ALLOCATED,
    Stage.ADMINISTERED,
    None,
)
"""Stages in the order of the legend; None last."""


def payload(scene: Scene, *, relief: Relief | None = None) -> dict[str, Any]:
    """Return the data of a page as plain values for JSON.

    Lines are ``[x, y, dx, dy, dx, dy, …]`` in sheet units; areas are whole hundredths of a km².
    """
    meta, instruments = scene.composite.meta, instrument_order(scene)
    number = {name: position for position, name in enumerate(instruments)}
    cited, histories = Bibliography(scene.composite), Histories(scene, number)
    lands = list(scene.composite.territories)
    parties = scene.composite.parties
    return {
        "lang": scene.texts.lang,
        "words": dict(scene.texts.words),
        "title": meta.title_in(scene.texts.lang),
        "rights": [meta.attribution, meta.citation, meta.licence],
        "dataset": [meta.name, meta.version, meta.hash],
        "size": list(scene.projection.size),
        "unit": scene.projection.unit_m,
        "projection": scene.projection.parameters,
        "stamp": scene.composite.stamp([scene.date], scene.basis)
        | {"request": _request(scene, relief=relief is not None)},
        "first": meta.first_date.isoformat(),
        "last": meta.as_of.isoformat(),
        "shown": scene.date.isoformat(),
        "basis": BASES.index(scene.basis),
        "bases_differ": scene.composite.bases_differ,
        "chosen": list(scene.composite.chosen),
        "parties": sorted(parties) if parties is not None else None,
        "no_line": sorted(str(status) for status in NO_LINE),
        "nobody": NOBODY,
        "force": _force(scene),
        "holders": {key: _eras(scene, key) for key in scene.composite.holders},
        "fills": [
            {
                "key": f.key,
                "paint": f.paint,
                "holder": f.holder,
                "status": str(f.status),
                "tint": f.tint,
                "colours": list(f.colours),
            }
            for f in histories.fills
        ],
        "arcs": [_delta(line) for line in scene.mesh.lines],
        "lands": [_land(scene, name, histories) for name in lands],
        "readings": histories.readings(lands),
        "tenures": histories.rows,
        "backdrop": [list(ring) for ring in scene.shapes.get(None, [])],
        "coast": [list(run) for run in scene.coast],
        "borders": _borders(scene, lands),
        "segments": [
            segment_row(scene, segment, number[segment.instrument], cited)
            for segment in _drawn_segments(scene)
        ],
        "instruments": [_instrument(scene, name, cited) for name in instruments],
        "errors": errors(scene, lands),
        "rivers": [_delta(line) for water in scene.waters if water.kind == "river" for line in water.lines],
        "lakes": [_delta(line) for water in scene.waters if water.kind == "lake" for line in water.lines],
        "frame": _delta(scene.projection.frame()),
        "graticule": [_meridian(line) for line in scene.projection.graticule()],
        "places": places(scene, lands),
        "events": events(scene, cited),
        "sources": cited.rows(),
        "relief": {"box": list(relief.box), "image": relief.data_uri} if relief else None,
    }


def _request(scene: Scene, *, relief: bool) -> dict[str, Any]:
    words, composite = [scene.date.isoformat()], scene.composite
    return request(
        "map",
        words,
        basis=str(scene.basis),
        lang=scene.texts.lang,
        reading=composite.chosen,
        relief=relief,
    )


def _delta(line: Ints) -> list[int]:
    """Return the first point and the steps to the following ones, flat."""
    return [int(v) for v in np.vstack([line[:1], np.diff(line, axis=0)]).ravel()]


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


def _land(scene: Scene, name: str, histories: Histories) -> dict[str, Any]:
    """Return a territory; one too small to be drawn has no rings."""
    territory = scene.composite.territories[name]
    return {
        "id": name,
        "name": name_in(territory.names, scene.texts.lang),
        "note": scene.composite.said(territory.note, scene.texts.lang),
        "area": round(territory.area_km2 * 100),
        "label": [int(v) for v in scene.projection.sheet([territory.label])[0]],
        "rings": [list(ring) for ring in scene.shapes.get(name, [])],
        "history": histories.of(name),
    }


def _instrument(scene: Scene, name: str, cited: Bibliography) -> list[Any]:
    """Return [id, name, the day it counts from, sources]."""
    known = scene.composite.instruments.get(name)
    day = known.date.isoformat() if known and known.date else None
    return [name, instrument_name(scene, name), day, cited.cite(known.sources) if known else []]


def _borders(scene: Scene, lands: list[str]) -> list[list[Any]]:
    """Return [arc, left, right, km, [[from, segment, stage], …]] of every arc with land on both sides.

    -1 is backdrop as a side. The clauses are those that would carry the arc; whether it is frontier follows
    from who holds the two sides.
    """
    by_id = {arc.id: arc for arc in scene.composite.arcs}
    days, order = line_dates(scene.composite), {name: number for number, name in enumerate(lands)}
    clauses = {segment.id: number for number, segment in enumerate(_drawn_segments(scene))}
    rows = []
    for border in scene.borders:
        arc = by_id[scene.mesh.ids[border.arc]]
        sides = [order.get(side or "", -1) for side in (border.left, border.right)]
        rows.append([border.arc, *sides, arc.length_km, _carriers(scene, arc, days, clauses)])
    return rows


def _drawn_segments(scene: Scene) -> list[Segment]:
    """Return the clauses that lie on a drawn arc, in the order of the dataset."""
    by_id = {arc.id: arc for arc in scene.composite.arcs}
    drawn = {name for border in scene.borders for name in by_id[scene.mesh.ids[border.arc]].segments}
    return [segment for name, segment in scene.composite.segments.items() if name in drawn]


def _carriers(scene: Scene, arc: Arc, days: list[date], order: dict[str, int]) -> list[list[Any]]:
    rows: list[list[Any]] = []
    for day in days if arc.segments else ():
        segment = scene.composite.arc_segment(arc, day)
        if segment is not None:
            stage = segment.stage if segment.covers(day) else None
            row = [order[segment.id], STAGES.index(stage)]
            if not rows or rows[-1][1:] != row:
                rows.append([day.isoformat(), *row])
    return rows


def _meridian(line: dict[str, Any]) -> list[Any]:
    return [_delta(line["line"]), line["text"], line["side"]]


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
    return [border.arc for border in scene.borders if _is_limit(scene, border, day)]


def _is_limit(scene: Scene, border: Border, day: date) -> bool:
    sides = [scene.tenure(t, day) if t is not None else None for t in (border.left, border.right)]
    held = [(t.holder, t.status) if t else None for t in sides]
    return held[0] != held[1] and border.on(day) is None
