"""The story's map: the light map with its relief and events, and a small still of every chapter.

Land stands once in the page, among the definitions; the map and the stills only refer to it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Any

from marchland.render.light.drawing import OWN, LightMap, still_names
from marchland.render.light.frames import Frame, View
from marchland.render.light.outline import KM
from marchland.render.relief import Relief
from marchland.render.story.chapters import Chapter

STILL = (640, 400)
"""Width and height of a still in its own pixels."""

SAME_KM = 40
"""Marks closer than this would hide each other."""

MARK_PX, PIN_PX = 8.5, 17.0
"""Radius of a mark, and how high its middle stands above the point."""


@dataclass(frozen=True)
class StoryMap(LightMap):
    """A light map whose first frame is the opening and whose others are the chapters'."""

    chapters: tuple[Chapter, ...] = ()
    relief: Relief | None = field(default=None, repr=False)

    def svg(self, label: str) -> str:
        """Return the ``<svg>`` element of the opening."""
        whole = super().svg(label)
        marked = whole.replace('<g id="casings"', f'{self._relief()}<g id="casings"', 1)
        return marked.removesuffix("</svg>") + '<g id="marks"></g></svg>'

    def _relief(self) -> str:
        if self.relief is None:
            return ""
        x, y, width, height = (side / KM for side in self.relief.box)
        return (
            f'<image class="relief" x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" '
            f'preserveAspectRatio="none" href="{self.relief.data_uri}"/>'
        )

    def _defs(self) -> str:
        lands = "".join(
            f'<path id="land-{n}" d="{self.outline.path(self.scene.shapes[name], closed=True)}"/>'
            for n, name in enumerate(self.scene.histories)
        )
        return super()._defs().replace("</defs>", f"{lands}{self._still_ground()}</defs>")

    def _still_ground(self) -> str:
        """Return what lies under and over the land of every still."""
        return f'<g id="under">{super()._ground()}</g><g id="over">{super()._water()}</g>'

    def _ground(self) -> str:
        return '<use href="#under"/>'

    def _water(self) -> str:
        return '<use href="#over"/>'

    def _lands(self, frame: Frame) -> str:
        uses = [
            f'<use href="#land-{n}" class="{tint}" fill="{paint.replace("url(#", f"url(#{OWN}")}"/>'
            for n, (paint, tint) in enumerate(frame.fills)
        ]
        return f'<g class="lands" id="lands">{"".join(uses)}</g>'

    # --- the stills

    def still(self, number: int, label: str) -> str:
        """Return the still of a chapter: what the map shows there, for where no script runs and for print."""
        chapter = self.chapters[number]
        left, top, width, height = fitted(chapter.view, STILL[0] / STILL[1])
        scale = width / STILL[0] / KM
        own = f"s{number}-"
        fills = chapter.frame.fills
        used = dict.fromkeys(paint for paint, _ in fills if paint.startswith("url("))
        box = f"{left / KM:.0f} {top / KM:.0f} {width / KM:.0f} {height / KM:.0f}"
        lands = "".join(
            f'<use href="#land-{n}" class="{tint}" fill="{paint.replace("url(#", f"url(#{own}")}"/>'
            for n, (paint, tint) in enumerate(fills)
            if paint != "none"
        )
        lines = [(n, line) for n, line in enumerate(chapter.frame.lines) if line]
        casings = "".join(f'<use href="#run-{n}" class="casing"/>' for n, c in lines if c.startswith("front"))
        drawn = "".join(f'<use href="#run-{n}" class="{line}"/>' for n, line in lines)
        return (
            f'<svg class="light still" viewBox="{box}" role="img" aria-label="{escape(label)}">'
            f"<defs>{''.join(self._scaled(paint, own, scale) for paint in used)}</defs>"
            f'<use href="#under"/><g class="lands">{lands}</g><use href="#over"/>'
            f'<g class="casings">{casings}</g><g class="lines">{drawn}</g>{self._marks(chapter, scale)}'
            f"{self._still_names(chapter, (left, top, width, height), scale)}</svg>"
        )

    def _scaled(self, paint: str, own: str, scale: float) -> str:
        """Return a pattern at the still's own scale, its marks borrowed from the legend's."""
        key = paint.removeprefix("url(#").removesuffix(")")
        fills = {fill.key: fill.pattern() for fill in self.scene.fills.all()}
        passages = {passage.key: passage.pattern() for passage in self.framer.passages.made.values()}
        body = (fills | passages)[key]
        turn = body.partition('data-turn="')[2].partition('"')[0]
        return (
            f'<pattern id="{own}{key}" href="#{key}" patternTransform="scale({scale:.4g}) rotate({turn})"/>'
        )

    def _marks(self, chapter: Chapter, scale: float) -> str:
        rise, size = PIN_PX * scale, 11 * scale
        dots = "".join(
            f'<path d="M{x} {y}l{aside * rise:.1f} {-rise:.1f}"/>'
            f'<circle class="{"main" if first else "other"}" cx="{x + aside * rise:.1f}" '
            f'cy="{y - rise:.1f}" r="{MARK_PX * scale:.3g}"/>'
            f'<text x="{x + aside * rise:.1f}" y="{y - rise + 0.36 * size:.1f}" '
            f'font-size="{size:.3g}">{number}</text>'
            for number, x, y, first, aside in reversed(marks(chapter))
        )
        return f'<g class="marks">{dots}</g>'

    def _still_names(self, chapter: Chapter, view: View, scale: float) -> str:
        left, top, width, height = view
        seen = [n for n in chapter.frame.names if left < n.x < left + width and top < n.y < top + height]
        kept = still_names(seen, (left / KM, top / KM, width / KM, height / KM), scale)
        drawn = "".join(
            f'<circle class="dot" cx="{name.x / KM:g}" cy="{name.y / KM:g}" r="{2 * scale:.3g}"/>'
            for name, *_ in kept
            if name.kind == "place"
        ) + "".join(
            f'<text class="{name.kind}" x="{x:.0f}" y="{y:.0f}" text-anchor="{anchor}">{escape(name.text)}'
            "</text>"
            for name, x, y, anchor in kept
        )
        return f'<g class="names" font-size="{scale:.4g}px">{drawn}</g>'

    # --- the data

    def story_data(self, labels: Sequence[str]) -> dict[str, Any]:
        """Return what the script needs: the map's data, and each chapter's id, view, marks and words."""
        views = [list(self.box)] + [[round(side / KM, 1) for side in c.view] for c in self.chapters]
        return self.data() | {
            "ids": ["", *(chapter.stop.id for chapter in self.chapters)],
            "views": views,
            "marks": [[], *(marks(chapter) for chapter in self.chapters)],
            "labels": list(labels),
            "days": ["", *(self.scene.texts.date(chapter.stop.day) for chapter in self.chapters)],
        }


Mark = tuple[int, int, int, int, int]


def marks(chapter: Chapter) -> list[Mark]:
    """Return number, x and y (km), whether it is the main one, and how far aside, of what is on the map.

    Of several at one place the second stands one step to the right, and so on.
    """
    found: list[Mark] = []
    for number, happening in enumerate(chapter.happenings, start=1):
        if happening.spot is not None:
            x, y = (round(side / KM) for side in happening.spot)
            aside = sum(abs(m[1] - x) + abs(m[2] - y) < SAME_KM for m in found)
            found.append((number, x, y, int(happening.main), aside))
    return found


def fitted(view: View, aspect: float) -> View:
    """Return a view grown about its middle to a ratio of width to height."""
    left, top, width, height = view
    wide, high = max(width, height * aspect), max(height, width / aspect)
    return left - (wide - width) / 2, top - (high - height) / 2, wide, high
