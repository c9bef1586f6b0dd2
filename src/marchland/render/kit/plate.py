"""A plate: the map of a frame as a picture for print, drawn by matplotlib in the scene's Albers projection.

The same bytes every time under one set of versions: no clock, no random ids, no state of matplotlib.
"""

import io
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from marchland.render.figures import RC
from marchland.render.fills import Fill
from marchland.render.kit import ink
from marchland.render.kit.fonts import families
from marchland.render.labels import text_width
from marchland.render.light.drawing import LightMap
from marchland.render.light.fills import Passage
from marchland.render.light.frames import Entry, Frame, Name, area_of
from marchland.render.light.outline import KM
from marchland.render.projection import Albers, Floats
from marchland.render.scene import Scene, window_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from shapely.geometry.base import BaseGeometry

WIDTH_IN = 8.0
EDGE_IN = 0.3
DPI = 300
CARD_PX = (1200, 630)
CARD_DPI = 150

HOLDER_PT, PLACE_PT = 10.5, 6.8
MOST_PLACES = 26


@dataclass(frozen=True)
class Plate:
    """A frame of a light map with the words around it.

    ``credits`` are the small lines at the foot, ``km`` the word for kilometres.
    """

    light: LightMap
    title: str
    subtitle: str
    lands_heading: str
    lines_heading: str
    credits: tuple[str, ...]
    km: str

    @property
    def frame(self) -> Frame:
        """The frame drawn."""
        return self.light.frames[self.light.shown]

    # --- the files

    def svg(self) -> bytes:
        """Return the plate as SVG; letters are letters, their fonts named by family."""
        return self._saved("svg", {"Date": None, "Creator": "marchland", "Title": self.title})

    def pdf(self) -> bytes:
        """Return the plate as PDF."""
        silent = {"CreationDate": None, "ModDate": None, "Producer": "marchland", "Creator": "marchland"}
        return self._saved("pdf", {**silent, "Title": self.title})

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
            return _write(self._figure(), how, DPI, metadata)

    @cached_property
    def _rc(self) -> Any:  # noqa: ANN401 - matplotlib types its keys one by one
        frame = self.frame
        entries = [entry.words for entry in (*frame.lands, *frame.strokes)]
        every = [self.title, self.subtitle, self.lands_heading, *self.credits, *entries]
        words = "".join([*every, *(name.text for name in frame.names)])
        return RC | {"font.family": families(words), "text.hinting": "none", "pdf.fonttype": 3}

    # --- the sheet

    @cached_property
    def box(self) -> tuple[float, float, float, float]:
        """Left, top, width and height of what is in sight, km."""
        left, top, width, height = map(float, self.light.box)
        return left, top, width, height

    def _figure(self) -> "Figure":
        from matplotlib.figure import Figure

        wide = WIDTH_IN - 2 * EDGE_IN
        high = wide * self.box[3] / self.box[2]
        rows = max(math.ceil(len(self.frame.lands) / 2), len(self.frame.strokes))
        legend = 0.24 + 0.17 * rows
        head, foot = 0.62, 0.12 + 0.105 * len(self.credits)
        total = EDGE_IN + head + high + 0.12 + legend + foot + 0.15
        figure = Figure(figsize=(WIDTH_IN, total), facecolor=ink.PAPER)
        y = total - EDGE_IN
        self._words(figure, y - 0.16, self.title, total, size=14, weight="bold")
        self._words(figure, y - 0.42, self.subtitle, total, size=8, color=ink.SOFT)
        bottom = y - head - high
        axes = _axes(figure, (EDGE_IN, bottom, wide, high), total)
        self.draw(axes, wide)
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
        self.draw(axes, wide, figures=False, shape=(high - band) / wide)
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
        needed = text_width(words, size) / 72 * (1.08 if style.get("weight") else 1.0)
        figure.text(
            EDGE_IN / wide, y / total, words, fontsize=min(size, size * room / needed), va="center", **style
        )

    # --- the map

    def draw(self, axes: "Axes", wide_in: float, *, figures: bool = True, shape: float | None = None) -> None:
        """Draw the map on axes that are ``wide_in`` inches wide."""
        left, top, width, height = self.box
        if shape is not None:  # another form of paper: as much more to both sides or above and below
            if height / width < shape:
                more = width * shape - height
                top, height = top - more / 2, height + more
            else:
                more = height / shape - width
                left, width = left - more / 2, width + more
        axes.set_xlim(left, left + width)
        axes.set_ylim(top + height, top)
        pixel = width / (wide_in * 96)
        sight = shapely.box(left, top, left + width, top + height)
        self._ground(axes, sight)
        self._lands(axes, sight, pixel)
        self._water(axes)
        self._bands(axes, sight)
        self._lines(axes)
        taken: list[tuple[float, float, float, float]] = []
        if figures:
            taken.append(self._scale_bar(axes, (left, top, width, height), pixel))
            taken += self._graticule_figures(axes, (left, top, width, height), pixel)
        self._names(axes, (left, top, width, height), pixel, taken)

    def _ground(self, axes: "Axes", sight: "BaseGeometry") -> None:
        frame = shapely.Polygon(self.light.scene.projection.frame() / KM)
        ink.fill_shape(axes, frame & sight, ink.SEA, zorder=1)
        scene, outline = self.light.scene, self.light.outline
        back = scene.shapes.get(None)
        if back:
            shape = area_of([outline.points(ring) for ring in back])
            ink.fill_shape(axes, _clipped(shape, sight), ink.LAND, zorder=2)
        grid = [line["line"] / KM for line in scene.projection.graticule(self._step())]
        ink.draw_lines(axes, grid, zorder=4, color=ink.GRID, linewidth=0.4)
        ink.draw_lines(axes, [scene.projection.frame() / KM], zorder=8, color=ink.SHORE, linewidth=0.6)

    def _step(self) -> int:
        return next(
            step for limit, step in ((600, 1), (1200, 2), (2800, 5), (math.inf, 10)) if self.box[2] < limit
        )

    def _lands(self, axes: "Axes", sight: "BaseGeometry", pixel: float) -> None:
        scene, outline = self.light.scene, self.light.outline
        groups: dict[tuple[str, str], list[str]] = {}
        for territory, look in zip(scene.histories, self.frame.fills, strict=True):
            groups.setdefault(look, []).append(territory)
        for (paint, tint), members in groups.items():
            if not tint:
                continue
            faces = [face.id for face in scene.composite.faces if face.territory in set(members)]
            shape = area_of([outline.points(ring) for ring in scene.mesh.rings(faces)])
            ink.paint(axes, _clipped(shape, sight), self._texture(paint, tint), pixel=pixel, zorder=3)

    def _texture(self, paint: str, tint: str) -> ink.Texture:
        if paint == "none":
            return ink.Texture(ink.LAND, 0, 0, ())
        known: list[Fill | Passage] = [
            *self.light.scene.fills.all(),
            *self.light.framer.passages.made.values(),
        ]
        return ink.texture_of(next(fill for fill in known if fill.paint == paint), tint)

    def _water(self, axes: "Axes") -> None:
        scene, outline = self.light.scene, self.light.outline
        for water in scene.waters:
            lines = [line / KM for line in water.lines]
            if water.kind == "lake":
                for line in lines:
                    if len(line) > 3:
                        ink.fill_shape(axes, shapely.make_valid(shapely.Polygon(line)), ink.SEA, zorder=5)
            ink.draw_lines(axes, lines, zorder=5.2, color=ink.WATER, linewidth=0.45)
        coast = [outline.points(run) / KM for run in scene.coast]
        ink.draw_lines(axes, coast, zorder=5.4, color=ink.SHORE, linewidth=0.55)

    def _bands(self, axes: "Axes", sight: "BaseGeometry") -> None:
        """Lay one and two σ of position to both sides of the frontier."""
        scene, outline = self.light.scene, self.light.outline
        known = scene.composite.segments
        by_sigma: dict[float, list[Floats]] = {}
        for border in scene.borders:
            carrier = border.on(self.frame.day)
            if carrier is not None and carrier.segment is not None and carrier.segment in known:
                line = outline.points((border.arc,)) / KM
                by_sigma.setdefault(known[carrier.segment].sigma_km, []).append(line)
        for times in (2, 1):
            bands = [
                shapely.MultiLineString([line for line in lines if len(line) > 1]).buffer(times * sigma)
                for sigma, lines in sorted(by_sigma.items())
                if times * sigma > self.box[2] / 1500
            ]
            shape = shapely.union_all(bands) & sight if bands else shapely.Polygon()
            ink.fill_shape(axes, shape, ink.INK, zorder=6, alpha=0.09)

    def _lines(self, axes: "Axes") -> None:
        scene, outline = self.light.scene, self.light.outline
        arcs: dict[str, list[int]] = {}
        for group, kind in zip(self.light.framer.runs, self.frame.lines, strict=True):
            if kind:
                arcs.setdefault(kind, []).extend(border.arc for border in group)
        for kind in sorted(arcs, key=lambda kind: kind.startswith("frontier")):
            lines = [outline.points(run) / KM for run in scene.mesh.runs(arcs[kind])]
            ink.draw_frontier(axes, lines, kind, zorder=7)

    # --- names and figures on it

    def _names(
        self,
        axes: "Axes",
        box: tuple[float, float, float, float],
        pixel: float,
        taken: list[tuple[float, float, float, float]],
    ) -> None:
        point = pixel * 96 / 72
        places = 0
        for name in self.frame.names:
            x, y = name.x / KM, name.y / KM
            if name.kind == "place" and places >= MOST_PLACES:
                continue
            for dx, dy, anchor, area in _spots(name, point):
                own = (x + area[0], y + area[1], area[2], area[3])
                if not _inside(own, box) or any(_touch(own, other) for other in taken):
                    continue
                taken.append(own)
                places += name.kind == "place"
                self._name(axes, name, (x, y), (x + dx, y + dy), anchor)
                break

    def _name(
        self, axes: "Axes", name: Name, spot: tuple[float, float], at: tuple[float, float], anchor: str
    ) -> None:
        if name.kind == "place":
            axes.plot(
                *spot,
                "o",
                markersize=2.4,
                color=ink.INK,
                markeredgecolor=ink.PAPER,
                markeredgewidth=0.5,
                zorder=9,
            )
            ink.write_words(
                axes,
                *at,
                name.text,
                halo=1.6,
                zorder=10,
                fontsize=PLACE_PT,
                ha=anchor,
                va="center",
                color=ink.INK,
            )
            return
        ink.write_words(
            axes,
            *at,
            _spaced(name.text),
            halo=2.0,
            zorder=10,
            fontsize=HOLDER_PT,
            ha="center",
            va="center",
            color="#3a3935",
            weight="bold",
        )

    def _scale_bar(
        self, axes: "Axes", box: tuple[float, float, float, float], pixel: float
    ) -> tuple[float, float, float, float]:
        left, top, width, height = box
        length = max(n * 10**e for e in range(4) for n in (1, 2, 5) if n * 10**e <= width / 5)
        x, y = left + 12 * pixel, top + height - 14 * pixel
        half = length / 2
        for n, colour in enumerate((ink.INK, ink.PAPER)):
            ink.fill_shape(
                axes,
                shapely.box(x + n * half, y - 2 * pixel, x + (n + 1) * half, y + 2 * pixel),
                colour,
                zorder=11,
            )
        outline = np.array(
            [
                [x, y - 2 * pixel],
                [x + length, y - 2 * pixel],
                [x + length, y + 2 * pixel],
                [x, y + 2 * pixel],
                [x, y - 2 * pixel],
            ]
        )
        ink.draw_lines(axes, [outline], zorder=11.2, color=ink.INK, linewidth=0.5)
        unit = str(self.km)
        for at, words in ((x, "0"), (x + length, f"{length} {unit}")):
            ink.write_words(
                axes,
                at,
                y - 9 * pixel,
                words,
                halo=1.4,
                zorder=11,
                fontsize=5.8,
                ha="center",
                va="center",
                color=ink.INK,
            )
        return (left, y - 20 * pixel, length + 50 * pixel, 40 * pixel)

    def _graticule_figures(
        self, axes: "Axes", box: tuple[float, float, float, float], pixel: float
    ) -> list[tuple[float, float, float, float]]:
        """Write degrees where meridians cross the top of the map and parallels its right side."""
        left, top, width, height = box
        edges = {
            "below": shapely.LineString([(left, top), (left + width, top)]),
            "left": shapely.LineString([(left + width, top), (left + width, top + height)]),
        }
        taken = []
        for line in self.light.scene.projection.graticule(self._step()):
            for spot in shapely.get_coordinates(shapely.LineString(line["line"] / KM) & edges[line["side"]])[
                :1
            ]:
                above = line["side"] == "below"
                x, y = (spot[0], top + 7 * pixel) if above else (left + width - 4 * pixel, spot[1])
                if (
                    not left + 16 * pixel < x < left + width - 3 * pixel
                    or not top + 6 * pixel < y < top + height - 8 * pixel
                ):
                    continue
                ink.write_words(
                    axes,
                    x,
                    y,
                    str(line["text"]),
                    halo=1.2,
                    zorder=9,
                    fontsize=5.2,
                    color=ink.SOFT,
                    ha="center" if above else "right",
                    va="center",
                )
                taken.append((x - 26 * pixel, y - 6 * pixel, 40 * pixel, 12 * pixel))
        return taken

    # --- beside it

    def _locator(self, figure: "Figure", box: tuple[float, float, float, float], total: float) -> None:
        """Draw where the map lies in the whole window, if it is a part of it."""
        if self.light.view is None:
            return
        scene, outline = self.light.scene, self.light.outline
        frame = shapely.Polygon(_window_on_sheet(scene)).buffer(0)
        left, top, right, bottom = frame.bounds
        wide = 1.25
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
        ink.fill_shape(axes, _clipped(land, frame), "#d3cdbf", zorder=2)
        x, y, w, h = self.box
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
        for x, words in ((0, self.lands_heading), (split, self.lines_heading)):
            axes.text(x, 8, words, fontsize=6.8, weight="bold", color=ink.SOFT, va="center")
        rows = math.ceil(len(self.frame.lands) / 2)
        for n, entry in enumerate(self.frame.lands):
            x, y = (n // rows) * split / 2, 23 + 16.3 * (n % rows)
            self._land_key(axes, x, y, entry, split / 2 - 36)
        for n, entry in enumerate(self.frame.strokes):
            y = 23 + 16.3 * n
            line = np.array([[split, y], [split + 26, y]])
            ink.draw_frontier(axes, [line], entry.tint, zorder=3)
            self._key_words(axes, split + 33, y, entry.words, wide * 96 - split - 33)

    def _land_key(self, axes: "Axes", x: float, y: float, entry: Entry, room: float) -> None:
        box = shapely.box(x, y - 5.5, x + 26, y + 5.5)
        ink.paint(axes, box, self._texture(entry.paint, entry.tint), pixel=1, zorder=3)
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


def _window_on_sheet(scene: Scene) -> Floats:
    """Return the edge of the whole dataset's window on the scene's sheet, km."""
    whole = Albers(window_of(scene.composite))
    return scene.projection.sheet(whole.window_edge()) / KM


def _clipped(shape: "BaseGeometry", sight: "BaseGeometry") -> "BaseGeometry":
    return shapely.intersection(shapely.transform(shape, lambda points: points / KM), sight)


def _spaced(words: str) -> str:
    """Return a holder's name in capitals set wide; letters that have no capitals stay."""
    return "\u2009".join(words.upper())


def _spots(name: Name, point: float) -> list[tuple[float, float, str, tuple[float, float, float, float]]]:
    """Return where a name may stand around its point: shift, anchor and box; ``point`` in km."""
    if name.kind == "holder":
        size = HOLDER_PT * point
        width = text_width(name.text.upper(), size) * 1.45
        shifts: Sequence[tuple[float, float]] = [
            (0, 0),
            (0, -2),
            (0, 2),
            (-4, 0),
            (4, 0),
            (-6, -2),
            (6, -2),
            (-6, 2),
            (6, 2),
        ]
        return [
            (x * size, y * size, "center", (x * size - width / 2, (y - 0.7) * size, width, 1.4 * size))
            for x, y in shifts
        ]
    size = PLACE_PT * point
    width, gap, high = text_width(name.text, size) * 1.05, 0.6 * size, 1.3 * size
    return [
        (gap, 0, "left", (-gap / 2, -high / 2, width + 1.5 * gap, high)),
        (-gap, 0, "right", (-gap - width, -high / 2, width + 1.5 * gap, high)),
        (0, -1.05 * size, "center", (-width / 2, -1.7 * size, width, 1.9 * size)),
        (0, 1.05 * size, "center", (-width / 2, -0.2 * size, width, 1.9 * size)),
    ]


def _inside(own: tuple[float, ...], box: tuple[float, ...]) -> bool:
    return (
        own[0] > box[0]
        and own[1] > box[1]
        and own[0] + own[2] < box[0] + box[2]
        and own[1] + own[3] < box[1] + box[3]
    )


def _touch(a: tuple[float, ...], b: tuple[float, ...]) -> bool:
    return a[0] < b[0] + b[2] and b[0] < a[0] + a[2] and a[1] < b[1] + b[3] and b[1] < a[1] + a[3]
