"""The map of one date as a plain SVG: what is seen where no script runs, and what a printer gets."""

from html import escape

import numpy as np

from marchland.model import Stage
from marchland.render.labels import place_labels
from marchland.render.payload import limits_on, runs_on
from marchland.render.projection import UNIT_M, Floats, Ints
from marchland.render.scene import Scene
from marchland.render.shapes import Ring, simplify_together

WIDTH = 1200
"""Width of the picture in its own pixels."""

TOLERANCE_M = 6000.0
"""Coarser than the page's own map: it is drawn once, at one size."""

LABEL_SIZE = 15.0
PLACES = 14


def static_svg(scene: Scene) -> str:
    """Return the scene's date as an ``<svg>`` element; :func:`pattern_defs` has to stand on the same page."""
    return Picture(scene).svg()


def pattern_defs(scene: Scene) -> str:
    """Return a hidden ``<svg>`` with the patterns of all fills in use."""
    patterns = "".join(fill.pattern() for fill in scene.fills.all())
    head = '<svg class="defs" width="0" height="0" aria-hidden="true" focusable="false">'
    return f"{head}<defs>{patterns}</defs></svg>"


class Picture:
    """A scene simplified for one size."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.scale = WIDTH / scene.projection.size[0]
        self.height = scene.projection.size[1] * self.scale
        tolerance = TOLERANCE_M / UNIT_M  # of the sheet, whatever it shows
        self.lines = [
            line * self.scale
            for line in simplify_together([a.astype(np.float64) for a in scene.mesh.lines], tolerance)
        ]

    def svg(self) -> str:
        """Return the element."""
        scene = self.scene
        label = escape(scene.texts("static_label", date=scene.texts.date(scene.date)))
        parts = [self._ground(), self._lands(), self._water(), self._lines(), self._labels()]
        box = f"0 0 {WIDTH} {self.height:.0f}"
        head = f'<svg class="map static" viewBox="{box}" role="img" aria-label="{label}">'
        return f"{head}{''.join(parts)}</svg>"

    def _ground(self) -> str:
        frame: Floats = self.scene.projection.frame() * np.float64(self.scale)
        grid = "".join(_path([line["line"] * self.scale]) for line in self.scene.projection.graticule())
        return f'<path class="sea" d="{_path([frame])}Z"/><path class="graticule" d="{grid}"/>'

    def _lands(self) -> str:
        scene = self.scene
        backdrop = self._rings(scene.mesh.rings(self._faces({None})))
        groups: dict[tuple[str, str], set[str | None]] = {}
        for territory in scene.histories:
            tenure = scene.tenure(territory, scene.date)
            if tenure is not None:
                fill = scene.fill(tenure)
                groups.setdefault((fill.tint, fill.paint), set()).add(territory)
        drawn = {key: self._rings(scene.mesh.rings(self._faces(t))) for key, t in groups.items()}
        fills = "".join(
            f'<path class="{tint}" fill="{paint}" d="{d}"/>' for (tint, paint), d in drawn.items()
        )
        return f'<path class="backdrop" d="{backdrop}"/><g class="lands">{fills}</g>'

    def _water(self) -> str:
        tolerance = TOLERANCE_M / UNIT_M  # of the sheet, whatever it shows
        lines: dict[str, list[Floats]] = {"river": [], "lake": []}
        for water in self.scene.waters:
            lines[water.kind] += simplify_together(
                [line.astype(np.float64) for line in water.lines], tolerance
            )
        coast = "".join(_path([self._points(run)]) for run in self.scene.coast)
        return (
            f'<path class="river" d="{_path([x * self.scale for x in lines["river"]])}"/>'
            f'<path class="lake" d="{_path([x * self.scale for x in lines["lake"]])}"/>'
            f'<path class="coast" d="{coast}"/>'
        )

    def _lines(self) -> str:
        limits = _path(
            [self._points(run) for run in self.scene.mesh.runs(limits_on(self.scene, self.scene.date))]
        )
        parts = [f'<path class="limit" d="{limits}"/>']
        runs = {
            stage: _path([self._points(run) for run in found])
            for stage, found in runs_on(self.scene, self.scene.date).items()
        }
        parts += [f'<path class="casing" d="{d}"/>' for d in runs.values()]
        parts += [f'<path class="frontier {stage_class(stage)}" d="{d}"/>' for stage, d in runs.items()]
        return "".join(parts)

    def _labels(self) -> str:
        drawn = []
        for label in place_labels(self.scene, self.scale, size=LABEL_SIZE, limit=PLACES):
            at = f'x="{label.x:.0f}" y="{label.y:.0f}" text-anchor="{label.anchor}"'
            drawn.append(f'<text class="{label.kind}" {at}>{escape(label.text)}</text>')
        return f'<g class="labels">{"".join(drawn)}</g>'

    def _faces(self, territories: set[str | None]) -> list[str]:
        return [face.id for face in self.scene.composite.faces if face.territory in territories]

    def _rings(self, rings: list[Ring]) -> str:
        return "".join(f"{_path([self._points(ring)])}Z" for ring in rings)

    def _points(self, run: Ring) -> Floats:
        parts = [self.lines[i] if i >= 0 else self.lines[~i][::-1] for i in run]
        return np.asarray(np.vstack([parts[0], *(part[1:] for part in parts[1:])]), dtype=np.float64)


def stage_class(stage: Stage | None) -> str:
    """Return the CSS class of a stage."""
    return f"stage-{stage or 'none'}"


def _path(lines: list[Floats]) -> str:
    """Return SVG path data: each line's first point, then steps in tenths of a pixel."""
    return "".join(_one(np.rint(np.asarray(line) * 10).astype(np.int64)) for line in lines if len(line))


def _one(points: Ints) -> str:
    steps = np.diff(points, axis=0)
    steps = steps[np.any(steps != 0, axis=1)]
    start = f"M{_tenth(points[0, 0])} {_tenth(points[0, 1])}"
    return start + ("l" + " ".join(f"{_tenth(x)} {_tenth(y)}" for x, y in steps) if len(steps) else "")


def _tenth(value: int) -> str:
    """Write a number of tenths as a decimal, shortly: -3 is ``-.3``."""
    whole, part = divmod(abs(int(value)), 10)
    sign = "-" if value < 0 else ""
    if not part:
        return f"{sign}{whole}"
    return f"{sign}{whole or ''}.{part}"
