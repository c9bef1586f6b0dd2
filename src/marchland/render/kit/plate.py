"""A plate: the map of a frame as a picture for print, drawn by matplotlib in the scene's Albers projection.

The same bytes every time under one set of versions: no clock, no random ids, no state of matplotlib.
"""

import io
import math
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from marchland.render.figures import RC, clean_text
from marchland.render.kit import ink
from marchland.render.kit.fonts import families
from marchland.render.kit.sheet import BAND_ALPHA, MapSheet, clipped, window_on_sheet
from marchland.render.labels import text_width
from marchland.render.light.drawing import LightMap
from marchland.render.light.frames import Entry, Frame, area_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WIDTH_IN = 8.0
EDGE_IN = 0.3
DPI = 300
CARD_PX = (1200, 630)
CARD_DPI = 150

ONE_COLUMN = 4
LOCATOR_IN = 1.25


@dataclass(frozen=True)
class Plate:
    """A frame of a light map with the words around it.

    ``bands_words`` tell in the legend what the bands about the frontier are, ``credits`` are the small lines
    at the foot, ``km`` is the word for kilometres.
    """

    light: LightMap
    title: str
    subtitle: str
    lands_heading: str
    lines_heading: str
    bands_words: str
    credits: tuple[str, ...]
    km: str

    @cached_property
    def sheet(self) -> MapSheet:
        """The map itself."""
        return MapSheet(self.light, self.km)

    @property
    def frame(self) -> Frame:
        """The frame drawn."""
        return self.light.frames[self.light.shown]

    # --- the files

    def svg(self) -> bytes:
        """Return the plate as SVG; letters are letters, their fonts named by family."""
        return self._saved("svg", {"Date": None, "Creator": "marchland", "Title": self.title})

    def pdf(self, keywords: str = "") -> bytes:
        """Return the plate as PDF; ``keywords`` are put among what it says of itself."""
        silent = {"CreationDate": None, "ModDate": None, "Producer": "marchland", "Creator": "marchland"}
        return self._saved("pdf", {**silent, "Title": self.title, "Keywords": keywords or None})

    def png(self) -> bytes:
        """Return the plate as PNG, 2,400 pixels wide."""
        return self._saved("png", {"Software": None, "Title": None})

    def card(self) -> bytes:
        """Return a picture of 1200 by 630 pixels for social networks: the map and its title."""
        from matplotlib import rc_context

        with rc_context(self._rc):
            figure = self._card_figure()
            return _write(figure, "png", CARD_DPI, {"Software": None})

    def _saved(self, how: str, metadata: dict[str, Any]) -> bytes:
        from matplotlib import rc_context

        with rc_context(self._rc):
            return _write(self._figure, how, DPI, metadata)

    @cached_property
    def _rc(self) -> Any:  # noqa: ANN401 - matplotlib types its keys one by one
        frame = self.frame
        entries = [entry.words for entry in (*frame.lands, *frame.strokes)]
        every = [self.title, self.subtitle, self.lands_heading, self.bands_words, *self.credits, *entries]
        words = "".join([*every, *(name.text for name in frame.names)])
        return RC | {"font.family": families(words), "text.hinting": "none", "pdf.fonttype": 3}

    # --- the sheet

    @cached_property
    def _figure(self) -> "Figure":
        from matplotlib.figure import Figure

        wide = WIDTH_IN - 2 * EDGE_IN
        high = wide * self.sheet.box[3] / self.sheet.box[2]
        rows = max(self._land_rows(), len(self.frame.strokes) + bool(self.sheet.bands))
        legend = 0.24 + 0.17 * rows
        head, foot = 0.62, 0.12 + 0.105 * len(self.credits)
        total = EDGE_IN + head + high + 0.12 + legend + foot + 0.15
        figure = Figure(figsize=(WIDTH_IN, total), facecolor=ink.PAPER)
        y = total - EDGE_IN
        self._words(figure, y - 0.16, self.title, total, size=14, weight="bold")
        self._words(figure, y - 0.42, self.subtitle, total, size=8, color=ink.SOFT)
        bottom = y - head - high
        axes = _axes(figure, (EDGE_IN, bottom, wide, high), total)
        inset = LOCATOR_IN * self.sheet.box[2] / wide
        corner = (
            self.sheet.box[0] + self.sheet.box[2] - 1.1 * inset,
            self.sheet.box[1] + self.sheet.box[3] - inset,
        )
        reserved = [(*corner, 1.1 * inset, inset)] if self.light.view is not None else []
        self.sheet.draw(axes, wide, reserved=reserved)
        self._locator(figure, (EDGE_IN, bottom, wide, high), total)
        key = _axes(figure, (EDGE_IN, bottom - 0.12 - legend, wide, legend), total)
        self._legend(key, wide, legend)
        for n, line in enumerate(self.credits):
            self._words(figure, foot + 0.02 - 0.105 * n, line, total, size=5.5, color=ink.SOFT)
        return figure

    def _card_figure(self) -> "Figure":
        from matplotlib.figure import Figure

        wide, high = (side / CARD_DPI for side in CARD_PX)
        figure = Figure(figsize=(wide, high), facecolor=ink.PAPER)
        band = 0.62
        axes = _axes(figure, (0, 0, wide, high - band), high)
        self.sheet.draw(axes, wide, figures=False, shape=(high - band) / wide)
        self._words(figure, high - 0.24, self.title, high, size=15, weight="bold")
        self._words(figure, high - 0.47, self.subtitle, high, size=8, color=ink.SOFT)
        return figure

    def _words(
        self,
        figure: "Figure",
        y: float,
        words: str,
        total: float,
        **style: Any,  # noqa: ANN401 - matplotlib's own
    ) -> None:
        if not words:
            return
        wide = figure.get_figwidth()
        room = wide - 2 * EDGE_IN
        size = style.pop("size")
        needed = text_width(words, size) / 72 * (1.25 if style.get("weight") else 1.0)
        figure.text(
            EDGE_IN / wide, y / total, words, fontsize=min(size, size * room / needed), va="center", **style
        )

    # --- beside it

    def _locator(self, figure: "Figure", box: tuple[float, float, float, float], total: float) -> None:
        """Draw where the map lies in the whole window, if it is a part of it."""
        if self.light.view is None:
            return
        scene, outline = self.light.scene, self.light.outline
        frame = shapely.Polygon(window_on_sheet(scene)).buffer(0)
        left, top, right, bottom = frame.bounds
        wide = LOCATOR_IN
        high = wide * (bottom - top) / (right - left)
        axes = _axes(figure, (box[0] + box[2] - wide - 0.06, box[1] + 0.06, wide, high), total)
        axes.set_xlim(left - 60, right + 60)
        axes.set_ylim(bottom + 60, top - 60)
        axes.set_facecolor(ink.PAPER)
        axes.patch.set_visible(True)
        ink.fill_shape(axes, frame, ink.SEA, zorder=1)
        land = area_of(
            [outline.points(ring) for ring in scene.mesh.rings([f.id for f in scene.composite.faces])]
        )
        ink.fill_shape(axes, clipped(land, frame), "#d3cdbf", zorder=2)
        x, y, w, h = self.sheet.box
        sight = np.array([[x, y], [x + w, y], [x + w, y + h], [x, y + h], [x, y]])
        ink.draw_lines(axes, [sight], zorder=4, color=ink.FORMER, linewidth=1.0)
        for side in axes.spines.values():
            side.set_visible(True)
            side.set_linewidth(0.5)

    def _legend(self, axes: "Axes", wide: float, high: float) -> None:
        axes.set_xlim(0, wide * 96)
        axes.set_ylim(high * 96, 0)
        for side in axes.spines.values():
            side.set_visible(False)
        split = wide * 96 * 0.66
        lines = bool(self.frame.strokes or self.sheet.bands)
        for x, words in ((0, self.lands_heading), (split, self.lines_heading if lines else "")):
            axes.text(x, 8, words, fontsize=6.8, weight="bold", color=ink.SOFT, va="center")
        rows = self._land_rows()
        room = split if rows == len(self.frame.lands) else split / 2
        for n, entry in enumerate(self.frame.lands):
            self._land_key(axes, (n // rows) * room, 23 + 16.3 * (n % rows), entry, room - 45)
        for n, entry in enumerate(self.frame.strokes):
            y = 23 + 16.3 * n
            line = np.array([[split, y], [split + 26, y]])
            ink.draw_frontier(axes, [line], entry.tint, zorder=3)
            self._key_words(axes, split + 33, y, entry.words, wide * 96 - split - 33)
        if self.sheet.bands:
            y = 23 + 16.3 * len(self.frame.strokes)
            for half in (5.5, 2.75)[-len(self.sheet.bands) :]:
                box = shapely.box(split, y - half, split + 26, y + half)
                ink.fill_shape(axes, box, ink.INK, zorder=3, alpha=BAND_ALPHA)
            self._key_words(axes, split + 33, y, self.bands_words, wide * 96 - split - 33)

    def _land_rows(self) -> int:
        """Return the rows of the legend's lands: one column for a few, so that long words have room."""
        number = len(self.frame.lands)
        return max(1, number if number <= ONE_COLUMN else math.ceil(number / 2))

    def _land_key(self, axes: "Axes", x: float, y: float, entry: Entry, room: float) -> None:
        box = shapely.box(x, y - 5.5, x + 26, y + 5.5)
        ink.paint(axes, box, self.sheet.texture(entry.paint, entry.tint), pixel=1, zorder=3)
        ink.draw_lines(axes, [shapely.get_coordinates(box)], zorder=4, color=ink.LIMIT, linewidth=0.5)
        self._key_words(axes, x + 33, y, entry.words, room)

    def _key_words(self, axes: "Axes", x: float, y: float, words: str, room: float) -> None:
        size = 6.6
        if not words:
            return
        needed = text_width(words, size) * 96 / 72
        axes.text(x, y, words, fontsize=size * min(1.0, room / needed), va="center", color=ink.INK)


def _write(figure: "Figure", how: str, dpi: int, metadata: dict[str, Any]) -> bytes:
    stream = io.BytesIO()
    clean_text(figure)
    figure.savefig(stream, format=how, dpi=dpi, metadata=metadata)
    return stream.getvalue()


def _axes(figure: "Figure", inches: tuple[float, float, float, float], total: float) -> "Axes":
    """Return bare axes at left, bottom, width and height in inches of a figure ``total`` inches high."""
    left, bottom, width, height = inches
    wide = figure.get_figwidth()
    axes = figure.add_axes((left / wide, bottom / total, width / wide, height / total))
    axes.set_xticks([])
    axes.set_yticks([])
    axes.patch.set_visible(False)
    for side in axes.spines.values():
        side.set_linewidth(0.6)
        side.set_color(ink.SHORE)
    return axes
