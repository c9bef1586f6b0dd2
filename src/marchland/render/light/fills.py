"""How land that passed from one holder to another is filled: the new colour, striped with the old."""

from dataclasses import dataclass, field

from marchland.render.fills import NOBODY, THIRD
from marchland.render.scene import Scene

CELL = 14
"""Side of the pattern's cell in pixels."""

TURNS = (45, 135, 0, 90, 22, 112)
"""Stripes run another way for each pair of holders, so that colour is not all that tells them."""

Pair = tuple[str | None, str | None]


@dataclass(frozen=True, slots=True)
class Passage:
    """The fill of land that passed from one holder (None: nobody agreed on) to another."""

    key: str
    pair: Pair
    before: tuple[str, ...]
    after: tuple[str, ...]
    turn: int

    @property
    def paint(self) -> str:
        """The value of SVG's ``fill``."""
        return f"url(#{self.key})"

    def marks(self) -> list[tuple[float, float, float, float, str]]:
        """Return x, y, width, height and colour of the rectangles of a cell."""
        ground = self.after or ("#ffffff",)
        if self.pair[0] == self.pair[1]:  # only the status changed: dots on the holder's own colour
            return [(0, 0, CELL, CELL, ground[0]), (3, 3, 4, 4, "#3b3b3b")]
        wide = CELL / len(ground)
        bands = [(n * wide, 0.0, wide, float(CELL), colour) for n, colour in enumerate(ground)]
        stripe = CELL / 4 / max(1, len(self.before))
        lines = self.before or (NOBODY,)
        return bands + [(0.0, 2 + n * stripe, float(CELL), stripe, colour) for n, colour in enumerate(lines)]

    def pattern(self) -> str:
        """Return the SVG ``<pattern>``, in CSS pixels."""
        rects = "".join(
            f'<rect x="{x:g}" y="{y:g}" width="{w:g}" height="{h:g}" fill="{colour}"/>'
            for x, y, w, h, colour in self.marks()
        )
        head = f'<pattern id="{self.key}" patternUnits="userSpaceOnUse" width="{CELL}" height="{CELL}"'
        return f'{head} patternTransform="rotate({self.turn})" data-turn="{self.turn}">{rects}</pattern>'


@dataclass
class Passages:
    """The passages in use, each made the first time it is asked for."""

    scene: Scene
    made: dict[Pair, Passage] = field(default_factory=dict)

    def of(self, before: str | None, after: str | None) -> Passage:
        """Return the fill of land that passed between two holders."""
        pair = (before, after)
        if pair not in self.made:
            number = len(self.made)
            self.made[pair] = Passage(
                f"pass-{number}",
                pair,
                self.scene.fills.colours(before),
                self.scene.fills.colours(after),
                TURNS[number % len(TURNS)],
            )
        return self.made[pair]


def tint_of(holder: str | None) -> str:
    """Return the class of plain land: third parties are set back."""
    return "tint third" if (holder or "").startswith(THIRD) else "tint"
