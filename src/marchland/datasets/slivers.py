"""Thin faces, where two drawings of one border differ by less than either is worth.

None is merged without being asked for, and whatever is done or refused is written to a ledger.
"""

from collections import defaultdict
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from marchland.engine import Overlay
from marchland.engine.crumbs import widths_km
from marchland.model import Issue, Sliver

__all__ = ["SliverLedger", "merge_slivers", "thin_faces"]

DRIFT = 0.001
"""No polygon may gain or lose more than this share of its area."""

THIN_KM = 0.5
"""Metric width below which a face is most likely two drawings of one line."""

Members = tuple[int, ...]


@dataclass(frozen=True)
class SliverLedger:
    """What became of the thin faces; ``members`` are those of every face afterwards."""

    members: list[Members]
    rows: tuple[Sliver, ...]


def merge_slivers(overlay: Overlay, *, width_km: float, drift: float = DRIFT) -> SliverLedger:
    """Give faces thinner than a width the history of the neighbour they share the longest line with.

    The thinnest first. It is refused where a polygon would come to differ from its area by more than
    ``drift`` or would lose its last face, and where no neighbour is land.

    Parameters
    ----------
    overlay
        The partition; it stays as it is, geometry included.
    width_km
        Metric width, twice the area over the perimeter, below which a face is a sliver; 0 merges none.
    drift
        Largest share of its area that a polygon may gain or lose.
    """
    widths = face_widths_km(overlay)
    thin = [face for face in np.argsort(widths, kind="stable").tolist() if widths[face] < width_km]
    if not thin or width_km <= 0:
        return SliverLedger(overlay.members, ())
    shared = _shared(overlay)
    books = _Books(overlay, drift)
    rows = []
    for face in thin:
        heir = max(shared[face], key=lambda other: (shared[face][other], -other), default=None)
        refused = "it has no neighbour" if heir is None else books.move(face, heir)
        rows.append(
            Sliver(
                face=face_id(face),
                lon=round(float(overlay.inner[face, 0]), 6),
                lat=round(float(overlay.inner[face, 1]), 6),
                area_km2=round(float(overlay.areas[face]), 6),
                width_km=round(float(widths[face]), 6),
                merged_into=None if refused or heir is None else face_id(heir),
                refused=refused,
            )
        )
    return SliverLedger(books.members, tuple(rows))


def thin_faces(overlay: Overlay) -> list[Issue]:
    """Return one issue on the faces thinner than half a kilometre, beside others; none if there are none."""
    widths = face_widths_km(overlay)
    shared = _shared(overlay)
    thin = [face for face in np.flatnonzero(widths < THIN_KM).tolist() if face in shared]
    if not thin:
        return []
    first = min(thin, key=lambda face: (widths[face], face))
    lon, lat = overlay.inner[first].tolist()
    text = (
        f"{len(thin)} faces beside others are less than {THIN_KM} km wide,"
        f" {sum(float(overlay.areas[face]) for face in thin):,.3f} km² in all; the thinnest is"
        f" {float(widths[first]) * 1000:,.1f} m wide at {lon:.3f} {lat:.3f};"
        f" nothing was changed: sliver_km={THIN_KM} would merge them"
    )
    return [Issue("thin-faces", "info", "", text)]


def face_id(face: int) -> str:
    """Return the id of a face by its number."""
    return f"f{face:05d}"


def face_widths_km(overlay: Overlay) -> NDArray[np.float64]:
    """Return twice the area over the perimeter of each face, km."""
    return widths_km(overlay.areas, overlay.left, overlay.right, overlay.lengths)


def _shared(overlay: Overlay) -> dict[int, dict[int, float]]:
    """Return for each face its neighbours and how many km of line it shares with each."""
    out: dict[int, dict[int, float]] = defaultdict(lambda: defaultdict(float))
    both = (overlay.left >= 0) & (overlay.right >= 0)
    columns = (overlay.left[both].tolist(), overlay.right[both].tolist(), overlay.lengths[both].tolist())
    for left, right, km in zip(*columns, strict=True):
        out[left][right] += km
        out[right][left] += km
    return out


class _Books:
    """Area of every polygon, what it has gained so far, and how many faces it has left."""

    def __init__(self, overlay: Overlay, drift: float) -> None:
        self.members = list(overlay.members)
        self.areas = overlay.areas.tolist()
        self.drift = drift
        self.total: dict[int, float] = defaultdict(float)
        self.gained: dict[int, float] = defaultdict(float)
        self.faces: dict[int, int] = defaultdict(int)
        for face, members in enumerate(self.members):
            for one in members:
                self.total[one] += self.areas[face]
                self.faces[one] += 1

    def move(self, face: int, heir: int) -> str:
        """Give a face the members of another; return why not, or nothing."""
        area = self.areas[face]
        before, after = set(self.members[face]), set(self.members[heir])
        lost, won = sorted(before - after), sorted(after - before)
        if any(self.faces[one] == 1 for one in lost):
            return "a version would vanish"
        step = {**dict.fromkeys(lost, -area), **dict.fromkeys(won, area)}
        if any(abs(self.gained[one] + by) > self.drift * self.total[one] for one, by in step.items()):
            return f"a version would change by more than {self.drift:.1%}"
        for one, by in step.items():
            self.gained[one] += by
            self.faces[one] += 1 if by > 0 else -1
        self.members[face] = self.members[heir]
        return ""
