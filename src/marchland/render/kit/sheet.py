"""The map on a plate: land, water, uncertainty, lines and names on matplotlib's axes."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from marchland.render.fills import Fill
from marchland.render.kit import ink
from marchland.render.kit.extent import on_paper
from marchland.render.labels import text_width
from marchland.render.light.drawing import LightMap
from marchland.render.light.fills import Passage
from marchland.render.light.frames import Frame, Name, area_of
from marchland.render.light.outline import KM, SIDES
from marchland.render.projection import Albers, Floats
from marchland.render.scene import Scene, window_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from shapely.geometry.base import BaseGeometry

HOLDER_PT, STATE_PT, PLACE_PT = 10.5, 7.2, 6.8
MOST_PLACES = 26
BROAD = 0.24
"""A holder's name wider than this part of the map is set in two lines."""

STEPS = (
    (2, 0.01),
    (10, 0.02),
    (30, 0.05),
    (60, 0.1),
    (150, 0.2),
    (600, 1),
    (1200, 2),
    (2800, 5),
    (math.inf, 10),
)
"""Up to which width, km, the graticule has which step, degrees."""

Box = tuple[float, float, float, float]
"""Left, top, width and height, km."""

MOST_ASIDE, MOST_WIDE = 0.4, 3.0
"""A name may be moved, and be wide, by so much of the span of its land: further off it would name another."""

BAND_ALPHA = 0.09
"""How dark one band of doubt is; one lies on the other."""


@dataclass(frozen=True)
class MapSheet:
    """Draws the shown frame of a light map; ``km`` is the word for kilometres."""

    light: LightMap
    km: str

    @property
    def frame(self) -> Frame:
        """The frame drawn."""
        return self.light.frames[self.light.shown]

    @property
    def box(self) -> Box:
        """What is in sight."""
        left, top, width, height = map(float, self.light.box)
        return left, top, width, height

    @cached_property
    def bands(self) -> "tuple[BaseGeometry, ...]":
        """Two and one σ of position to both sides of the frontier, where that can be seen on the map."""
        scene, outline = self.light.scene, self.light.outline
        known, fine = scene.composite.segments, scene.projection.fineness
        left, top, width, height = self.box
        sight = shapely.box(left, top, left + width, top + height)
        by_sigma: dict[float, list[Floats]] = {}
        for border in scene.borders:
            carrier = border.on(self.frame.day)
            if carrier is not None and carrier.segment is not None and carrier.segment in known:
                line = outline.points((border.arc,)) / KM
                by_sigma.setdefault(known[carrier.segment].sigma_km, []).append(line)
        found = []
        for times in (2, 1):
            parts = [
                shapely.MultiLineString([line for line in lines if len(line) > 1]).buffer(
                    times * sigma / fine
                )
                for sigma, lines in sorted(by_sigma.items())
                if times * sigma / fine > width / 1500
            ]
            found.append(shapely.union_all(parts))
        return tuple(band for band in found if band.intersects(sight))

    def draw(
        self,
        axes: "Axes",
        wide_in: float,
        *,
        figures: bool = True,
        shape: float | None = None,
        reserved: Sequence[Box] = (),
    ) -> None:
        """Draw the map.

        Parameters
        ----------
        axes, wide_in
            Where, and how many inches wide that is.
        figures
            Whether to add a scale bar and the degrees of the graticule.
        shape
            Height by width of the axes, None for that of what is in sight.
        reserved
            Boxes, km, that no name may touch.
        """
        left, top, width, height = self.box if shape is None else self._reshaped(shape)
        axes.set_xlim(left, left + width)
        axes.set_ylim(top + height, top)
        pixel = width / (wide_in * 96)
        sight = shapely.box(left, top, left + width, top + height)
        self._ground(axes, sight)
        self._lands(axes, sight, pixel)
        self._water(axes)
        for band in self.bands:
            ink.fill_shape(axes, band & sight, ink.INK, zorder=6, alpha=BAND_ALPHA)
        self._lines(axes)
        taken = list(reserved)
        if figures:
            taken.append(self._scale_bar(axes, (left, top, width, height), pixel))
            taken += self._graticule_figures(axes, (left, top, width, height), pixel)
        self._names(axes, (left, top, width, height), pixel, taken)

    def _reshaped(self, shape: float) -> Box:
        """Return a box of another form: wider, or where that would be too wide, lower."""
        left, top, width, height = self.box
        wide = min(height / shape, width * (1 + SIDES))
        high = wide * shape
        box = (left - (wide - width) / 2, top + (height - high) / 2, wide, high)
        frame = shapely.Polygon(window_on_sheet(self.light.scene))
        west, north, east, south = on_paper(box, ((wide - width) / 2, 0.0), frame)
        return west, north, east - west, south - north

    def _ground(self, axes: "Axes", sight: "BaseGeometry") -> None:
        frame = shapely.Polygon(self.light.scene.projection.frame() / KM)
        ink.fill_shape(axes, frame & sight, ink.SEA, zorder=1)
        scene, outline = self.light.scene, self.light.outline
        back = scene.shapes.get(None)
        if back:
            shape = area_of([outline.points(ring) for ring in back])
            ink.fill_shape(axes, clipped(shape, sight), ink.LAND, zorder=2)
        grid = [line["line"] / KM for line in scene.projection.graticule(self._step())]
        ink.draw_lines(axes, grid, zorder=4, color=ink.GRID, linewidth=0.4)
        ink.draw_lines(axes, [scene.projection.frame() / KM], zorder=8, color=ink.SHORE, linewidth=0.6)

    def _step(self) -> float:
        wide_km = self.box[2] * self.light.scene.projection.fineness
        return next(step for limit, step in STEPS if wide_km < limit)

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
            ink.paint(axes, clipped(shape, sight), self.texture(paint, tint), pixel=pixel, zorder=3)

    def texture(self, paint: str, tint: str) -> ink.Texture:
        """Return what a fill of the frame or its legend looks like in print."""
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
        box: Box,
        pixel: float,
        taken: list[Box],
    ) -> None:
        point = pixel * 96 / 72
        places = 0
        for name in self.frame.names:
            x, y = name.x / KM, name.y / KM
            if name.kind == "place" and places >= MOST_PLACES:
                continue
            for dx, dy, anchor, area, words in _spots(name, point, box[2]):
                own = (x + area[0], y + area[1], area[2], area[3])
                if not _inside(own, box) or any(_touch(own, other) for other in taken):
                    continue
                taken.append(own)
                places += name.kind == "place"
                write = {"place": _write_place, "state": _write_state}.get(name.kind, _write_holder)
                write(axes, words, (x, y), (x + dx, y + dy), anchor)
                break

    def _scale_bar(self, axes: "Axes", box: Box, pixel: float) -> Box:
        left, top, width, height = box
        fine = self.light.scene.projection.fineness
        sizes = (float(f"{n}e{e}") for e in range(-5, 4) for n in (1, 2, 5))
        length_km = max((size for size in sizes if size <= width * fine / 5), default=1e-5)
        length = length_km / fine
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
        for at, words in ((x, "0"), (x + length, f"{length_km:g} {unit}")):
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

    def _graticule_figures(self, axes: "Axes", box: Box, pixel: float) -> list[Box]:
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


def window_on_sheet(scene: Scene) -> Floats:
    """Return the edge of the whole dataset's window on the scene's sheet, km."""
    whole = Albers(window_of(scene.composite))
    return scene.projection.sheet(whole.window_edge()) / KM


def clipped(shape: "BaseGeometry", sight: "BaseGeometry") -> "BaseGeometry":
    """Return the part of a shape in sheet units that is in sight, km."""
    return shapely.intersection(shapely.transform(shape, lambda points: points / KM), sight)


def _spaced(words: str) -> str:
    """Return a holder's name in capitals set wide; letters that have no capitals stay."""
    return "\u2009".join(words.upper())


def _spots(name: Name, point: float, wide: float) -> Iterator[tuple[float, float, str, Box, str]]:
    """Return where a name may stand around its point: shift, anchor, box, and the words as they are broken.

    ``point`` is a typographic point and ``wide`` the width of the map, both in km.
    """
    if name.kind != "place":
        state, span = name.kind == "state", name.span / KM or math.inf
        size = (STATE_PT if state else HOLDER_PT) * point
        for spot in _state_spots(name.text, size) if state else _holder_spots(name.text, size, wide):
            if max(map(abs, spot[:2])) <= MOST_ASIDE * span and spot[3][2] <= MOST_WIDE * span:
                yield spot
        return
    size = PLACE_PT * point
    width, gap, high = text_width(name.text, size) * 1.05, 0.6 * size, 1.3 * size
    yield gap, 0, "left", (-gap / 2, -high / 2, width + 1.5 * gap, high), name.text
    yield -gap, 0, "right", (-gap - width, -high / 2, width + 1.5 * gap, high), name.text
    yield 0, -1.05 * size, "center", (-width / 2, -1.7 * size, width, 1.9 * size), name.text
    yield 0, 1.05 * size, "center", (-width / 2, -0.2 * size, width, 1.9 * size), name.text


def _state_spots(words: str, size: float) -> Iterator[tuple[float, float, str, Box, str]]:
    width, high = text_width(words, size) * 1.1, 1.4 * size
    for shift in (0.0, -1.5 * size, 1.5 * size):
        yield 0, shift, "center", (-width / 2, shift - high / 2, width, high), words


def _holder_spots(words: str, size: float, wide: float) -> Iterator[tuple[float, float, str, Box, str]]:
    def needed(lines: Sequence[str]) -> float:
        return max(text_width(line.upper(), size) * 1.45 for line in lines)

    lines = [words]
    if needed(lines) > BROAD * wide and " " in words:
        breaks = [n for n, char in enumerate(words) if char == " "]
        middle = min(breaks, key=lambda n: abs(n - len(words) / 2))
        lines = [words[:middle], words[middle + 1 :]]
    width, high = needed(lines), 1.4 * size * len(lines)
    for x, y in ((0, 0), (0, -2), (0, 2), (-4, 0), (4, 0), (-6, -2), (6, -2), (-6, 2), (6, 2)):
        box = (x * size - width / 2, y * size - high / 2, width, high)
        yield x * size, y * size, "center", box, "\n".join(map(_spaced, lines))


def _inside(own: tuple[float, ...], box: tuple[float, ...]) -> bool:
    return (
        own[0] > box[0]
        and own[1] > box[1]
        and own[0] + own[2] < box[0] + box[2]
        and own[1] + own[3] < box[1] + box[3]
    )


def _touch(a: tuple[float, ...], b: tuple[float, ...]) -> bool:
    return a[0] < b[0] + b[2] and b[0] < a[0] + a[2] and a[1] < b[1] + b[3] and b[1] < a[1] + a[3]


def _write_place(
    axes: "Axes", words: str, spot: tuple[float, float], at: tuple[float, float], anchor: str
) -> None:
    dot: dict[str, Any] = {"markersize": 2.4, "markeredgewidth": 0.5, "color": ink.INK}
    axes.plot(*spot, "o", markeredgecolor=ink.PAPER, zorder=9, **dot)
    ink.write_words(
        axes, *at, words, halo=1.6, zorder=10, fontsize=PLACE_PT, ha=anchor, va="center", color=ink.INK
    )


def _write_holder(
    axes: "Axes", words: str, _spot: tuple[float, float], at: tuple[float, float], anchor: str
) -> None:
    style: dict[str, Any] = {"ha": anchor, "va": "center", "weight": "bold", "linespacing": 1.35}
    ink.write_words(axes, *at, words, halo=2.0, zorder=10, fontsize=HOLDER_PT, color=ink.CAPITALS, **style)


def _write_state(
    axes: "Axes", words: str, _spot: tuple[float, float], at: tuple[float, float], anchor: str
) -> None:
    style: dict[str, Any] = {"ha": anchor, "va": "center", "weight": "bold"}
    ink.write_words(axes, *at, words, halo=1.6, zorder=10, fontsize=STATE_PT, color=ink.CAPITALS, **style)
