"""Colours for many holders: those that ever met along a line get different ones, as far as there are any.

A dataset that names the parties of its frontier has colours somebody chose. Boundaries a user brings have as
many holders as the world has states; no palette has that many colours that can be told apart, so they are
shared out by colouring the graph of who was whose neighbour, the same way every time.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

from marchland.composite import SpaceTimeComposite
from marchland.model import Holder, Tenure

PALETTE = (
    "#88ccee",
    "#ddcc77",
    "#cc6677",
    "#44aa99",
    "#aa4499",
    "#999933",
    "#117733",
    "#6699cc",
    "#882255",
    "#ee99aa",
    "#332288",
)
"""Paul Tol's muted scheme, which the colour-blind can tell apart, and two tints; the lightest first."""


def coloured(composite: SpaceTimeComposite) -> Mapping[str, Holder]:
    """Return the holders, with colours shared out anew where the dataset names no parties."""
    if composite.parties is not None:
        return composite.holders
    beside = neighbours(composite)
    chosen: dict[str, str] = {}
    used: Counter[str] = Counter()
    for holder in sorted(composite.holders, key=lambda name: (-len(beside.get(name, ())), name)):
        taken = Counter(chosen[other] for other in beside.get(holder, ()) if other in chosen)
        best = min(PALETTE, key=lambda colour: (taken[colour], used[colour], PALETTE.index(colour)))
        chosen[holder] = best
        used[best] += 1
    return {name: replace(holder, colour=chosen[name]) for name, holder in composite.holders.items()}


def neighbours(composite: SpaceTimeComposite) -> dict[str, set[str]]:
    """Return for each holder those it shared a line with at any time, on either basis."""
    held: dict[str, list[Tenure]] = {}
    for tenure in composite.tenures:
        held.setdefault(tenure.territory, []).append(tenure)
    owner = composite.territory_of_face
    pairs = {
        tuple(sorted((str(owner.get(arc.left)), str(owner.get(arc.right)))))
        for arc in composite.arcs
        if arc.left and arc.right
    }
    found: dict[str, set[str]] = {}
    for one, other in sorted(pairs):
        for a in held.get(one, ()):
            for b in held.get(other, ()):
                if one != other and _meet(a, b):
                    _link(found, a.holder or "", b.holder or "")
    return found


def _meet(a: Tenure, b: Tenure) -> bool:
    """Whether two tenures were ever in force on one day."""
    return (a.end is None or b.start < a.end) and (b.end is None or a.start < b.end) and a.basis == b.basis


def _link(found: dict[str, set[str]], one: str, other: str) -> None:
    for a in one.split("+"):
        for b in other.split("+"):
            if a and b and a != b:
                found.setdefault(a, set()).add(b)
                found.setdefault(b, set()).add(a)


def blend(colour: str, strength: float, ground: str) -> str:
    """Return a colour laid on a ground with a strength from 0 to 1, as one flat colour.

    >>> blend("#000000", 0.5, "#ffffff")
    '#808080'
    """
    pairs = zip(_channels(colour), _channels(ground), strict=True)
    return "#" + "".join(f"{round(strength * a + (1 - strength) * b):02x}" for a, b in pairs)


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
