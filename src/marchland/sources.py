"""Two datasets on one date: where they disagree, over how much land, and what only one of them covers.

The lines of both are noded together once into a partition, so every face of it lies wholly in one holder's
land by either source; its area is that of the ellipsoid, and areas add up. What a source does not speak of
(sea, backdrop, beyond its window) is no disagreement but land only the other covers.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from marchland.answers import Snapshot
from marchland.composite import SpaceTimeComposite
from marchland.drawings import Doubt, Verdict
from marchland.errors import NotFoundError, UsageError
from marchland.model import Basis

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Objects = NDArray[np.object_]

__all__ = ["Agreement", "Disagreement", "Side", "compare_sources", "parse_match"]

SMALLEST_PIECE_KM2 = 1.0
"""Pieces below this are counted in areas, but not among the pieces of a row."""


@dataclass(frozen=True, slots=True)
class Side:
    """One source as it was asked: its name, and the exact date."""

    name: str
    date: date


@dataclass(frozen=True, slots=True)
class Agreement:
    """Land with one holder by the first source and one by the second.

    ``agree`` says whether they count as the same. ``pieces`` is the number of connected pieces of at least
    1 km²; ``lon``/``lat`` (WGS 84) is a point inside the largest, whose area is ``largest_km2``. ``verdict``
    says whether the difference is more than two drawings of one line would show (`marchland.drawings`);
    None where they agree.
    """

    holder_a: str | None
    holder_b: str | None
    agree: bool
    area_km2: float
    pieces: int
    largest_km2: float
    lon: float
    lat: float
    verdict: Verdict | None = None


@dataclass(frozen=True)
class Disagreement:
    """Two sources on one date, the largest differences first, then what they agree on.

    Only what lies in both bounding boxes is compared: ``area_a_km2`` and ``area_b_km2`` are all that each
    covers there, ``only_a_km2`` and ``only_b_km2`` what the other does not.
    """

    a: Side
    b: Side
    rows: tuple[Agreement, ...]
    only_a_km2: float
    only_b_km2: float
    stamp: Mapping[str, Any]

    @property
    def common_km2(self) -> float:
        """Land both cover, km²."""
        return math.fsum(row.area_km2 for row in self.rows)

    @property
    def disagreement_km2(self) -> float:
        """Land both cover under different holders, km²."""
        return math.fsum(row.area_km2 for row in self.rows if not row.agree)

    @property
    def area_a_km2(self) -> float:
        """Land the first covers, km²."""
        return self.common_km2 + self.only_a_km2

    @property
    def area_b_km2(self) -> float:
        """Land the second covers, km²."""
        return self.common_km2 + self.only_b_km2


def parse_match(words: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """Read ``a=b`` pairs: holder ``a`` of the first source is holder ``b`` of the second.

    Raises
    ------
    UsageError
        A word without ``=`` or with nothing on one side.

    Examples
    --------
    >>> parse_match(["russia=365", "third:japan=740"])
    (('russia', '365'), ('third:japan', '740'))
    """
    pairs = []
    for word in words:
        first, _, second = word.partition("=")
        if not (first.strip() and second.strip()):
            msg = f"{word!r} matches nothing; write HOLDER_OF_A=HOLDER_OF_B, for example russia=365"
            raise UsageError(msg)
        pairs.append((first.strip(), second.strip()))
    return tuple(pairs)


def compare_sources(
    a: SpaceTimeComposite,
    b: SpaceTimeComposite,
    when: date | str | int,
    *,
    basis: Basis | str = Basis.DE_JURE,
    match: Iterable[tuple[str, str]] = (),
    sigma_km: float | None = None,
) -> Disagreement:
    """Compare two datasets on one date.

    Parameters
    ----------
    a, b
        The sources. A year or a version's name is read as the first reads it.
    when
        Date, year or version.
    basis
        In whose sense a holder holds, in both.
    match
        Pairs of holder ids, one of each source, that count as the same; several of one may go with one of
        the other. Ids that are equal count as the same without saying so, and of holders together
        (``china+russia``) each is matched. Undelimited land agrees with undelimited land.
    sigma_km
        Standard deviation of position, km, of the lines for which their dataset states none.

    Raises
    ------
    DateError, NotFoundError
        The date is outside one of the datasets, or a holder to be matched is not in them.
    """
    day = a.resolve_when(when)
    first, second = a.at(day, basis=basis), b.at(day, basis=basis)
    pairs = tuple(match)
    _check_match(a, b, pairs)
    sides = (_land(first), _land(second))
    near = tuple(_within_reach(sides[n], sides[1 - n]) for n in (0, 1))
    faces, holders = _overlay(near)
    doubt = Doubt((first, second), sigma_km=sigma_km)
    rows, only = _tally(faces, holders, pairs, doubt)
    stamp = dict(a.stamp([day], basis))
    other = b.stamp([day], basis)
    stamp["against"] = {key: other[key] for key in ("dataset", "version", "hash", "citation", "licence")}
    stamp["match"] = [f"{one}={two}" for one, two in pairs]
    return Disagreement(Side(a.meta.name, day), Side(b.meta.name, day), rows, *only, stamp)


def _check_match(a: SpaceTimeComposite, b: SpaceTimeComposite, pairs: Iterable[tuple[str, str]]) -> None:
    for one, two in pairs:
        for composite, holder in ((a, one), (b, two)):
            known = {part for tenure in composite.tenures for part in (tenure.holder or "").split("+")}
            if holder not in known:
                from difflib import get_close_matches

                msg = f"{composite.meta.name} has no holder {holder!r}"
                raise NotFoundError(msg, suggestions=get_close_matches(holder, known, n=3, cutoff=0.4))


# --- the overlay


def _land(snapshot: Snapshot) -> "tuple[list[str | None], Objects]":
    """Return one geometry per holder, and whose it is."""
    import numpy as np

    from marchland.partition import merge_faces

    composite = snapshot.composite
    parts: dict[str | None, list[Any]] = {}
    for face in composite.faces:
        row = snapshot.by_territory.get(face.territory or "")
        if row is not None:
            parts.setdefault(row.holder, []).append(composite.face_geometries[face.id])
    holders = sorted(parts, key=lambda holder: (holder is None, holder or ""))
    merged = [merge_faces(parts[holder]) for holder in holders]
    return holders, np.array(merged, dtype=object)


def _within_reach(
    side: "tuple[list[str | None], Objects]", other: "tuple[list[str | None], Objects]"
) -> "tuple[list[str | None], Objects]":
    """Return the pieces of one source cut at the other's bounding box: nothing beyond can be compared."""
    import numpy as np
    import shapely

    pieces, owner = shapely.get_parts(side[1], return_index=True)
    window = shapely.box(*shapely.total_bounds(other[1]))
    across = ~shapely.covers(window, pieces)
    pieces[across] = shapely.intersection(pieces[across], window)
    pieces, of_piece = shapely.get_parts(pieces, return_index=True)
    land = (shapely.get_dimensions(pieces) == 2) & ~shapely.is_empty(pieces)  # no touch along the window
    kept: Objects = np.asarray(pieces[land], dtype=object)
    return [side[0][owner[n]] for n in of_piece[land].tolist()], kept


def _overlay(
    sides: "tuple[tuple[list[str | None], Objects], ...]",
) -> "tuple[list[Any], list[tuple[Any, Any]]]":
    """Node both together; return the faces and each one's holder by either (``""`` where it has no land)."""
    import numpy as np
    import shapely

    from marchland.partition import build_partition

    lines = [
        shapely.LineString(shapely.get_coordinates(ring))
        for _, pieces in sides
        for ring in shapely.get_rings(pieces)
    ]
    faces = build_partition(lines).faces
    inside = shapely.point_on_surface(np.array(faces, dtype=object))
    found: list[list[Any]] = []
    for holders, pieces in sides:
        own: list[Any] = [""] * len(faces)
        point, piece = shapely.STRtree(pieces).query(inside, predicate="intersects")
        for face, hit in zip(point.tolist(), piece.tolist(), strict=True):
            own[face] = holders[hit]
        found.append(own)
    return faces, list(zip(*found, strict=True))


# --- the rows


def _tally(
    faces: list[Any], holders: list[tuple[Any, Any]], pairs: tuple[tuple[str, str], ...], doubt: Doubt
) -> tuple[tuple[Agreement, ...], tuple[float, float]]:
    from marchland.measure import polygon_area_km2

    areas = [polygon_area_km2(face) for face in faces]
    groups: dict[tuple[str | None, str | None], list[int]] = {}
    only: dict[int, list[float]] = {0: [], 1: []}
    for face, (one, two) in enumerate(holders):
        if one != "" and two != "":
            groups.setdefault((one, two), []).append(face)
        elif one != "" or two != "":
            only[0 if two == "" else 1].append(areas[face])
    rows = [_row(pair, members, (faces, areas), pairs, doubt) for pair, members in groups.items()]
    rows.sort(key=lambda row: (row.agree, -row.area_km2, row.holder_a or "", row.holder_b or ""))
    return tuple(rows), (math.fsum(only[0]), math.fsum(only[1]))


def _row(
    pair: tuple[str | None, str | None],
    members: list[int],
    measured: tuple[list[Any], list[float]],
    match: tuple[tuple[str, str], ...],
    doubt: Doubt,
) -> Agreement:
    import shapely

    from marchland.measure import polygon_area_km2
    from marchland.partition import merge_faces

    faces, areas = measured
    pieces = shapely.get_parts(merge_faces([faces[n] for n in members]))
    sizes = [polygon_area_km2(piece) for piece in pieces]
    largest = max(range(len(sizes)), key=lambda n: sizes[n])
    point = shapely.point_on_surface(pieces[largest])
    agree = _same(pair, match)
    counted = [piece for piece, size in zip(pieces, sizes, strict=True) if size >= SMALLEST_PIECE_KM2]
    return Agreement(
        holder_a=pair[0],
        holder_b=pair[1],
        agree=agree,
        area_km2=math.fsum(areas[n] for n in members),
        pieces=sum(size >= SMALLEST_PIECE_KM2 for size in sizes),
        largest_km2=sizes[largest],
        lon=float(point.x),
        lat=float(point.y),
        verdict=None if agree else doubt.verdict(counted or [pieces[largest]]),
    )


def _same(pair: tuple[str | None, str | None], match: tuple[tuple[str, str], ...]) -> bool:
    """Whether each who holds by one source holds by the other too, under its own or a matched name."""
    if None in pair:
        return pair[0] == pair[1]
    ours, theirs = (set((holder or "").split("+")) for holder in pair)
    names: dict[str, set[str]] = {}
    for one, two in match:
        names.setdefault(one, set()).add(two)
    reached = [names.get(holder, {holder}) for holder in ours]
    return all(any(two in some for some in reached) for two in theirs) and all(
        some & theirs for some in reached
    )
