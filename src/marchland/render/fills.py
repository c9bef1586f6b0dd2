"""How land is filled: a plain colour for a sovereign, a pattern for anything less clear.

Every combination of holder and status has one fill; its pattern can be told from the others without colour.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from marchland.errors import DataError
from marchland.model import Holder, Status

_COLOUR = re.compile(r"#[0-9a-f]{6}", re.ASCII)
NOBODY = "#8a8a84"
"""Ink of the hatching of land no agreement gave to anyone, and of a holder the dataset does not describe."""

THIRD = "third:"
"""How the ids of third parties begin."""

_LEGEND = (
    Status.SOVEREIGN,
    Status.JOINT,
    Status.PROTECTORATE,
    Status.LEASED,
    Status.OCCUPIED,
    Status.CLAIMED,
    Status.CONTESTED,
    Status.UNDELIMITED,
)

_PAPER = '<rect class="paper" width="{s}" height="{s}"/>'
_RECT = '<rect x="{x:g}" y="{y:g}" width="{w:g}" height="{h:g}" fill="{fill}"/>'


@dataclass(frozen=True, slots=True)
class Fill:
    """The fill of land held by ``holder`` (None: nobody) with a status.

    ``key`` is unique and safe as an XML id; ``paint`` goes into ``fill=``.
    """

    key: str
    holder: str | None
    status: Status
    colours: tuple[str, ...]

    @property
    def patterned(self) -> bool:
        """Whether the fill is a pattern."""
        return self.status != Status.SOVEREIGN or len(self.colours) != 1

    @property
    def paint(self) -> str:
        """The value of SVG's ``fill``."""
        return f"url(#{self.key})" if self.patterned else self.colours[0]

    @property
    def tint(self) -> str:
        """The CSS class of the fill: third parties are set back behind the two powers the frontier parts."""
        return "tint third" if (self.holder or "").startswith(THIRD) else "tint"

    def pattern(self) -> str:
        """Return the SVG ``<pattern>`` of the fill, in CSS pixels, or nothing for a plain colour."""
        if not self.patterned:
            return ""
        size, turn, marks = _marks(self.status, self.colours)
        body = _PAPER.format(s=size) + "".join(
            _RECT.format(x=x, y=y, w=w, h=h, fill=fill) for x, y, w, h, fill in marks
        )
        head = f'<pattern id="{self.key}" patternUnits="userSpaceOnUse" width="{size}" height="{size}"'
        return f'{head} patternTransform="rotate({turn})" data-turn="{turn}">{body}</pattern>'


Mark = tuple[float, float, float, float, str]
"""x, y, width, height and colour of a rectangle."""


def _marks(status: Status, colours: tuple[str, ...]) -> tuple[int, int, list[Mark]]:
    """Return the size of a pattern's cell, its turn in degrees and its rectangles."""
    ink = colours[0] if colours else NOBODY
    if len(colours) > 1:
        width = 5
        return (
            width * len(colours),
            45,
            [(i * width, 0, width, width * len(colours), c) for i, c in enumerate(colours)],
        )
    ground: list[Mark] = [(0, 0, 9, 9, ink)] if colours else []
    drawn: dict[Status, tuple[int, int, list[Mark]]] = {
        Status.UNDELIMITED: (7, 45, [(0, 0, 1.6, 7, ink)]),
        Status.CONTESTED: (8, 45, [(0, 0, 1.5, 8, ink), (0, 0, 8, 1.5, ink)]),
        Status.CLAIMED: (7, 45, [(0, 0, 3, 7, ink)]),
        Status.OCCUPIED: (6, 0, [*ground, (1, 1, 2, 2, "#3b3b3b")]),
        Status.LEASED: (7, 0, [*ground, (0, 0, 1.4, 7, "#3b3b3b")]),
        Status.PROTECTORATE: (7, 0, [*ground, (0, 0, 7, 2.4, "#ffffff")]),
    }
    return drawn.get(status, (7, 135, [(0, 0, 3, 7, ink)]))


class Fills:
    """The fills in use, each made the first time it is asked for."""

    def __init__(self, holders: Mapping[str, Holder]) -> None:
        self._holders = holders
        self._made: dict[tuple[str | None, Status], Fill] = {}

    def of(self, holder: str | None, status: Status) -> Fill:
        """Return the fill of a holder and status."""
        pair = (holder, status)
        if pair not in self._made:
            self._made[pair] = Fill(f"fill-{len(self._made)}", holder, status, self.colours(holder))
        return self._made[pair]

    def colours(self, holder: str | None) -> tuple[str, ...]:
        """Return the colours of a holder: one of each who hold jointly, none where nobody does."""
        return tuple(self._colour(part) for part in (holder.split("+") if holder else ()))

    def all(self) -> list[Fill]:
        """Return every fill asked for so far, in that order."""
        return list(self._made.values())

    def in_order(self) -> list[Fill]:
        """Return every fill asked for so far as a legend lists them: the clear cases first."""
        rank = {status: number for number, status in enumerate(_LEGEND)}
        return sorted(self.all(), key=lambda fill: rank.get(fill.status, len(rank)))

    def _colour(self, holder: str) -> str:
        if holder not in self._holders:
            return NOBODY
        colour = self._holders[holder].colour
        if not _COLOUR.fullmatch(colour):
            msg = f"holder {holder!r} has colour {colour!r}: write # and six small hexadecimal digits"
            raise DataError(msg)
        return colour
