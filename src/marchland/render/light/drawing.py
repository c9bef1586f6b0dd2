"""The light map as an SVG element, and as the data its script steps it with."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from html import escape
from typing import Any

import numpy as np

from marchland.render.labels import text_width
from marchland.render.light.fills import tint_of
from marchland.render.light.frames import Entry, Frame, Framer, Name, View
from marchland.render.light.outline import KM, Outline, line_path
from marchland.render.scene import Scene

__all__ = ["PIXELS", "Entry", "Frame", "Framer", "LightMap", "stroke", "swatch", "tint_of"]

PIXELS = 1000
"""Width the map is meant for: the script sets letters and patterns for the width it finds."""

MARGIN_KM = 40

OWN = "m-"
"""The map's copies of the patterns, which grow and shrink with it, are named so."""

HOLDER_SIZE, STATE_SIZE, PLACE_SIZE = 17.0, 12.0, 12.5
MOST_STILL = 18
"""Names set where no script runs."""


@dataclass(frozen=True)
class LightMap:
    """A map of several frames, of which one is shown first.

    ``view`` is what is in sight at first, None the whole sheet.
    """

    framer: Framer
    frames: tuple[Frame, ...]
    shown: int
    view: View | None = None

    @property
    def scene(self) -> Scene:
        """What is drawn."""
        return self.framer.scene

    @cached_property
    def outline(self) -> Outline:
        """The lines of the drawing."""
        return Outline(self.scene, self.view)

    @cached_property
    def box(self) -> tuple[int, int, int, int]:
        """The part of the sheet in sight at first, km."""
        left, top, width, height = self.view or self._whole()
        return round(left / KM), round(top / KM), round(width / KM), round(height / KM)

    def _whole(self) -> View:
        """Return the window with a narrow margin, without the sheet's room for the figures of a graticule."""
        x, y = self.scene.projection.frame().T
        edge = MARGIN_KM * KM
        return (x.min() - edge, y.min() - edge, np.ptp(x) + 2 * edge, np.ptp(y) + 2 * edge)

    @property
    def scale(self) -> float:
        """Kilometres in one pixel at the width the map is meant for."""
        return self.box[2] / PIXELS

    # --- the elements

    def pattern_defs(self) -> str:
        """Return a hidden ``<svg>`` with the patterns at the size the legend's marks have."""
        head = '<svg class="defs" width="0" height="0" aria-hidden="true" focusable="false">'
        return f"{head}<defs>{self._patterns()}</defs></svg>"

    def svg(self, label: str) -> str:
        """Return the ``<svg>`` element of the frame shown; ``label`` says what is to be seen."""
        frame = self.frames[self.shown]
        box = " ".join(map(str, self.box))
        head = f'<svg class="light" id="map" viewBox="{box}" role="img" aria-label="{escape(label)}">'
        parts = [self._defs(), self._ground(), self._lands(frame), self._water(), self._lines(frame)]
        return f"{head}{''.join(parts)}{self._names(frame)}</svg>"

    def _defs(self) -> str:
        patterns = self._patterns().replace(
            'patternTransform="', f'patternTransform="scale({self.scale:.4g}) '
        )
        patterns = patterns.replace('<pattern id="', f'<pattern id="{OWN}')
        runs = [
            f'<path id="run-{n}" d="{self.outline.path(self.scene.mesh.runs([b.arc for b in group]))}"/>'
            for n, group in enumerate(self.framer.runs)
        ]
        return f'<defs><g id="patterns">{patterns}</g>{"".join(runs)}</defs>'

    def _patterns(self) -> str:
        fills = [fill.pattern() for fill in self.scene.fills.all()]
        return "".join([*fills, *(passage.pattern() for passage in self.framer.passages.made.values())])

    def _ground(self) -> str:
        projection = self.scene.projection
        grid = "".join(line_path(line["line"]) for line in projection.graticule())
        return (
            f'<path class="sea" d="{line_path(projection.frame())}z"/>'
            f'<path class="backdrop" d="{self.outline.path(self.scene.shapes.get(None, ()), closed=True)}"/>'
            f'<path class="graticule" d="{grid}"/>'
        )

    def _lands(self, frame: Frame) -> str:
        paths = [
            f'<path class="{tint}" fill="{_own(paint)}" '
            f'd="{self.outline.path(self.scene.shapes[name], closed=True)}"/>'
            for name, (paint, tint) in zip(self.scene.histories, frame.fills, strict=True)
        ]
        return f'<g class="lands" id="lands">{"".join(paths)}</g>'

    def _water(self) -> str:
        coast = self.outline.path(self.scene.coast)
        return (
            f'<path class="river" d="{self.outline.water("river")}"/>'
            f'<path class="lake" d="{self.outline.water("lake")}"/><path class="coast" d="{coast}"/>'
        )

    def _lines(self, frame: Frame) -> str:
        casings = "".join(
            f'<use href="#run-{n}" class="{"casing" if line.startswith("frontier") else ""}"/>'
            for n, line in enumerate(frame.lines)
        )
        lines = "".join(f'<use href="#run-{n}" class="{line}"/>' for n, line in enumerate(frame.lines))
        return f'<g id="casings">{casings}</g><g id="lines">{lines}</g>'

    def _names(self, frame: Frame) -> str:
        radius = f"{2 * self.scale:.3g}"
        drawn = "".join(
            (
                f'<circle class="dot" cx="{name.x / KM:.0f}" cy="{name.y / KM:.0f}" r="{radius}"/>'
                if name.kind == "place"
                else ""
            )
            + f'<text class="{name.kind}" x="{x:.0f}" y="{y:.0f}" text-anchor="{anchor}">{escape(name.text)}'
            "</text>"
            for name, x, y, anchor in still_names(frame.names, self.box, self.scale)
        )
        size = f"{self.scale:.4g}px"
        return f'<g class="names" id="names" font-size="{size}">{drawn}</g>'

    # --- the data

    def data(self) -> dict[str, Any]:
        """Return what the script needs: histories over the frames, as ``[[frame, value], …]``.

        ``fills`` and ``classes`` are what those values number; ``names`` are ``[text, kind, x, y, frames]``
        with the frames they belong to as ``[[frame, rank or -1], …]``.
        """
        fills = _numbered([pair for frame in self.frames for pair in frame.fills])
        classes = _numbered([line for frame in self.frames for line in frame.lines])
        lands = range(len(self.scene.histories))
        runs = range(len(self.framer.runs))
        return {
            "box": list(self.box),
            "sheet": [round(side / KM) for side in self.scene.projection.size],
            "shown": self.shown,
            "fills": [[_own(paint), tint] for paint, tint in fills],
            "classes": list(classes),
            "lands": [_history([fills[frame.fills[i]] for frame in self.frames]) for i in lands],
            "runs": [_history([classes[frame.lines[i]] for frame in self.frames]) for i in runs],
            "names": self._name_table(),
            "legend": {
                key: self._legend([getattr(frame, key) for frame in self.frames])
                for key in ("lands", "strokes")
            },
        }

    def _name_table(self) -> list[list[Any]]:
        every = _numbered([name for frame in self.frames for name in frame.names])
        ranks = [{name: rank for rank, name in enumerate(frame.names)} for frame in self.frames]
        return [
            [n.text, n.kind, round(n.x / KM), round(n.y / KM), _history([rank.get(n, -1) for rank in ranks])]
            for n in every
        ]

    def _legend(self, entries: Sequence[Sequence[Entry]]) -> list[Any]:
        """Return every entry ever used as [paint, class, words], and the history of those in use."""
        every = _numbered([entry for frame in entries for entry in frame])
        used = _history([[every[entry] for entry in frame] for frame in entries])
        return [[[e.paint, e.tint, e.words] for e in every], used]


def still_names(
    names: Sequence[Name], sight: tuple[float, float, float, float], scale: float
) -> list[tuple[Name, float, float, str]]:
    """Return the names that fit at ``scale`` km a pixel, with their place in km and anchor.

    ``sight`` is left, top, width and height of what is in sight, km.
    """
    boxes: list[tuple[float, float, float, float]] = []
    placed = []
    for name in names:
        x, y = name.x / KM, name.y / KM
        for dx, dy, anchor, box in _spots(name, scale):
            left, top, width, height = x + box[0], y + box[1], box[2], box[3]
            within = left > sight[0] and left + width < sight[0] + sight[2]
            if within and all(
                left >= o[0] + o[2] or o[0] >= left + width or top >= o[1] + o[3] or o[1] >= top + height
                for o in boxes
            ):
                boxes.append((left, top, width, height))
                placed.append((name, x + dx, y + dy, anchor))
                break
        if len(placed) == MOST_STILL:
            break
    return placed


def _spots(name: Name, scale: float) -> list[tuple[float, float, str, tuple[float, float, float, float]]]:
    """Return where a name may stand around its point: shift, anchor and box, km."""
    if name.kind in ("holder", "state"):
        large = name.kind == "holder"
        size = (HOLDER_SIZE if large else STATE_SIZE) * scale
        width = text_width(name.text.upper(), size * 1.35) if large else text_width(name.text, size * 1.1)
        return [(0, 0.35 * size, "middle", (-width / 2, -0.7 * size, width, 1.4 * size))]
    size = PLACE_SIZE * scale
    width, gap, high = text_width(name.text, size), 0.5 * size, 1.2 * size
    return [
        (gap, 0.36 * size, "start", (gap, -high / 2, width, high)),
        (-gap, 0.36 * size, "end", (-gap - width, -high / 2, width, high)),
        (0, -0.6 * size, "middle", (-width / 2, -1.6 * size, width, high)),
        (0, 1.3 * size, "middle", (-width / 2, 0.4 * size, width, high)),
    ]


def swatch(entry: Entry) -> str:
    """Return the mark of a fill for a legend."""
    return (
        '<svg class="swatch" viewBox="0 0 34 18" aria-hidden="true"><rect class="ground" width="34" '
        f'height="18"/><rect class="{entry.tint}" width="34" height="18" fill="{entry.paint}"/>'
        '<rect class="edge" x=".5" y=".5" width="33" height="17"/></svg>'
    )


def stroke(entry: Entry) -> str:
    """Return the mark of a line for a legend."""
    casing = '<path class="casing" d="M0 9h34"/>' if entry.tint.startswith("frontier") else ""
    return (
        f'<svg class="swatch" viewBox="0 0 34 18" aria-hidden="true">{casing}'
        f'<path class="{entry.tint}" d="M0 9h34"/></svg>'
    )


def _own(paint: str) -> str:
    return paint.replace("url(#", f"url(#{OWN}")


def _numbered(values: Sequence[Any]) -> dict[Any, int]:
    return {value: number for number, value in enumerate(dict.fromkeys(values))}


def _history(values: Sequence[Any]) -> list[list[Any]]:
    """Return [[position, value], …] of a sequence, only where the value is another than before."""
    return [[n, value] for n, value in enumerate(values) if n == 0 or value != values[n - 1]]
