"""Who held what, on both bases and on every reading, as rows that are written once and pointed to.

A page can then be asked for another basis or another reading of a doubtful clause: the land, the frontier and
the ledger follow from the same rows.
"""

from datetime import date
from typing import Any

from marchland.model import Basis, Tenure
from marchland.render.scene import Scene

BASES = (Basis.DE_JURE, Basis.DE_FACTO)
"""The order in which a page keeps the bases."""


class Histories:
    """Every tenure a page may have to show, each distinct row once.

    Parameters
    ----------
    scene
        The scene; the fills of all its tenures are made, so that a page has them whatever it is asked.
    instruments
        Position of each instrument in the page's own list.
    """

    def __init__(self, scene: Scene, instruments: dict[str, int]) -> None:
        self.scene = scene
        composite = scene.composite
        self.rows: list[list[Any]] = []
        self._instruments = instruments
        self._known: dict[tuple[Any, ...], int] = {}
        self._tenures = {
            name: [composite.history(territory=name, basis=basis) for basis in BASES]
            for name in composite.territories
        }
        self._readings = [r for r in composite.readings if f"{r.question}={r.answer}" not in composite.chosen]
        for tenures in self._tenures.values():
            for tenure in (*tenures[0], *tenures[1]):
                scene.fill(tenure)
        for reading in self._readings:
            for tenure in reading.tenures:
                scene.fill(tenure)
        self.fills = scene.fills.in_order()
        self._fill = {fill.key: number for number, fill in enumerate(self.fills)}

    def of(self, territory: str) -> list[list[int]]:
        """Return the rows of a territory, oldest first, on each basis of :data:`BASES`."""
        return [[self._row(tenure) for tenure in tenures] for tenures in self._tenures[territory]]

    def readings(self, lands: list[str]) -> list[dict[str, Any]]:
        """Return the readings that are not yet chosen: ``key``, ``question``, and the rows of each land."""
        return [
            {
                "key": f"{reading.question}={reading.answer}",
                "question": reading.question,
                "lands": [
                    [lands.index(name), *self._read(reading.tenures, name)]
                    for name in sorted({t.territory for t in reading.tenures})
                ],
            }
            for reading in self._readings
        ]

    def _read(self, tenures: tuple[Tenure, ...], territory: str) -> list[list[int]]:
        own = sorted((t for t in tenures if t.territory == territory), key=lambda t: t.start)
        return [[self._row(t) for t in own if t.basis == basis] for basis in BASES]

    def _row(self, tenure: Tenure) -> int:
        """Return the position of the row [from, to, fill, instrument, article, certainty, note]."""
        said, lang = self.scene.composite.said, self.scene.texts.lang
        row = [
            tenure.start.isoformat(),
            tenure.end.isoformat() if tenure.end else None,
            self._fill[self.scene.fill(tenure).key],
            self._instruments.get(tenure.instrument, tenure.instrument) if tenure.instrument else None,
            said(tenure.article, lang) if tenure.article else None,
            tenure.certainty,
            said(tenure.note, lang),
        ]
        key = tuple(row)
        if key not in self._known:
            self._known[key] = len(self.rows)
            self.rows.append(row)
        return self._known[key]


def instrument_order(scene: Scene) -> list[str]:
    """Return the ids of all instruments in the order of their dates, those never in force first."""
    known = scene.composite.instruments
    named = {t.instrument for t in scene.composite.tenures if t.instrument} | set(known)
    named |= {t.instrument for r in scene.composite.readings for t in r.tenures if t.instrument}
    named |= {segment.instrument for segment in scene.composite.segments.values()}

    def key(name: str) -> tuple[date, str]:
        return ((known[name].date or date.min) if name in known else date.max, name)

    return sorted(named, key=key)
