"""Many polygons to one planar partition: everywhere, or in one tile.

Polygons that are versions of each other share nearly all of their linework, so each edge is taken once,
joined into long lines, noded, and only then made into faces. Which polygons a face lies in is asked of one
inner point of each face. The answer is then checked from the other side: across every edge, the polygons that
begin or end must be those whose rings run along it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import STRtree

from marchland.engine.chains import Lines
from marchland.engine.crumbs import find_crumbs, find_heirs, join_beside, merge_crumbs
from marchland.engine.mesh import Mesh, mesh_of, polygon_words, ring_edges, xor_groups
from marchland.engine.selftest import self_test
from marchland.engine.tiles import MATCHED, Tile, clip_edges, settle_ends, split_at
from marchland.measure import edge_integrals, edge_lengths_km

__all__ = [
    "Overlay",
    "Piece",
    "Progress",
    "cut_up",
    "node",
    "overlay_of",
    "overlay_polygons",
    "polygon_areas",
]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Words = NDArray[np.uint64]
Booleans = NDArray[np.bool_]
Geometries = NDArray[np.object_]

_UNIT = 2.0**24

Progress = Callable[[str, float], None]
"""Called with what is being done and how much of the whole is done, 0 to 1."""


@dataclass(frozen=True, eq=False)
class Overlay:
    """The partition of the plane by many polygons.

    What is thinner than a millimetre is part of the face with which it shares the longest line (`crumbs`).

    Attributes
    ----------
    faces
        Polygons, lon/lat, in order of an inner point.
    inner
        (n_faces, 2) a point inside each.
    members
        For each face the positions in the input of the polygons it lies in, ascending.
    areas
        (n_faces,) km², sums of the terms of the arcs, so that they add up.
    arcs
        Lines between nodes, lon/lat.
    left, right
        (n_arcs,) face on either side, -1 where no polygon lies.
    lengths
        (n_arcs,) km. Edges along ±180° and at the poles are seams of the map and have none.
    seams
        (n_arcs,) whether nothing but seams.
    tested, unsettled
        On how many edges the self-test found what it should, and on how many it cannot tell.
    """

    faces: Geometries
    inner: Floats
    members: list[tuple[int, ...]]
    areas: Floats
    arcs: Geometries
    left: Ints
    right: Ints
    lengths: Floats
    seams: NDArray[np.bool_]
    tested: int
    unsettled: int


class Piece(NamedTuple):
    """The faces and lines within a tile, or everywhere.

    Faces are in order of an inner point, lines by their bounds. ``pairs`` are (face, polygon it lies in),
    sorted; ``words`` stand for the set of polygons of each face. ``cuts`` (k, 4) are the ends of the
    stretches of the tile's frame that have a face beside them, the smaller end first, and ``beside`` (k,)
    that face.
    """

    faces: Geometries
    inner: Floats
    areas: Floats
    words: Words
    pairs: Ints
    arcs: Geometries
    left: Ints
    right: Ints
    lengths: Floats
    seams: Booleans
    cuts: Floats
    beside: Ints
    tested: int
    unsettled: int


def overlay_polygons(polygons: Geometries, *, progress: Progress | None = None) -> Overlay:
    """Cut the plane into faces that lie wholly inside or wholly outside of each polygon.

    Parameters
    ----------
    polygons
        Valid polygons or multipolygons, lon/lat in degrees, cut at ±180°.
    progress
        Called as the work goes on.

    Raises
    ------
    DataError
        The self-test found a face attributed to the wrong polygons: report it as a bug, with the data.
    """
    return overlay_of(cut_up(polygons, np.arange(len(polygons)), progress=progress))


def overlay_of(piece: Piece) -> Overlay:
    """Return a whole piece as the partition it is."""
    cuts = np.searchsorted(piece.pairs[:, 0], np.arange(len(piece.faces) + 1)).tolist()
    listed = piece.pairs[:, 1].tolist()
    return Overlay(
        faces=piece.faces,
        inner=piece.inner,
        members=[tuple(listed[a:b]) for a, b in pairwise(cuts)],
        areas=piece.areas,
        arcs=piece.arcs,
        left=piece.left,
        right=piece.right,
        lengths=piece.lengths,
        seams=piece.seams,
        tested=piece.tested,
        unsettled=piece.unsettled,
    )


def cut_up(
    polygons: Geometries,
    numbers: Ints,
    *,
    tile: Tile | None = None,
    merge_at_cut: bool = False,
    progress: Progress | None = None,
) -> Piece:
    """Return the partition by polygons, within a tile or everywhere.

    Parameters
    ----------
    polygons
        As for :func:`overlay_polygons`; for a tile, all that reach into it, or parts of them.
    numbers
        (n,) the number of each; parts of one polygon have one number.
    merge_at_cut
        Whether crumbs that the frame of the tile goes through become part of a neighbour, too. They stay by
        default, as they may be wider beyond it.
    """
    tell = progress or (lambda _what, _share: None)
    tell("joining lines", 0.05)
    edges = ring_edges(polygons, polygon_words(numbers))
    frame = np.zeros((0, 2, 2))
    if tile is not None:
        edges, frame = clip_edges(edges, tile)
    mesh = mesh_of(edges)
    tell("noding lines", 0.25)
    lines = _noded(mesh, frame, tile)
    framed = np.arange(len(lines)) >= len(lines) - len(frame)
    tell("forming faces", 0.55)
    faces, inner = _faces(lines)
    tell("attributing faces", 0.65)
    pairs = _attribute(polygons, numbers, inner)
    # the regions that no polygon covers are no faces
    held = np.unique(pairs[:, 0])
    faces, inner = faces[held], inner[held]
    pairs[:, 0] = np.searchsorted(held, pairs[:, 0])
    words = np.append(xor_groups(pairs[:, 0], polygon_words(pairs[:, 1]), len(faces)), np.uint64(0))
    tell("finding sides", 0.75)
    left, right, coords, arc = _sides(lines, faces)
    tell("measuring", 0.85)
    terms, lengths, seams = _measures(coords, arc, len(lines))
    crumbs = find_crumbs(_areas(terms, left, right, len(faces)), left, right, lengths)
    if not merge_at_cut:
        wide = np.ptp(frame, axis=1).max(axis=1, initial=0) > MATCHED
        crumbs = np.setdiff1d(crumbs, np.maximum(left, right)[framed][wide])
    tell("checking", 0.9)
    skip = framed | np.isin(left, crumbs) | np.isin(right, crumbs)
    tested, unsettled = self_test(mesh, (coords, arc), words[left] ^ words[right], skip)
    heirs = find_heirs(crumbs, left, right, lengths, len(faces))
    faces, pairs = merge_crumbs(faces, heirs), pairs[heirs[pairs[:, 0]] == pairs[:, 0]]
    kept = np.unique(heirs)
    place = np.append(np.searchsorted(kept, heirs), -1)
    left, right, pairs[:, 0] = place[left], place[right], place[pairs[:, 0]]
    beside = np.maximum(left, right)[framed]
    real = (left != right) & ~framed
    found = Lines(lines[real], left[real], right[real], lengths[real], seams[real])
    found = join_beside(found, lines[(left == right) & ~framed], frame)
    found = found.take(np.lexsort(shapely.bounds(found.lines).T[::-1]))
    return Piece(
        faces[kept], inner[kept], _areas(terms, left, right, len(kept)), words[kept],
        pairs, *found,
        frame.reshape(-1, 4)[beside >= 0], beside[beside >= 0], tested, unsettled,
    )  # fmt: skip


def _noded(mesh: Mesh, frame: Floats, tile: Tile | None) -> Geometries:
    """Return the lines of a mesh, and at last those of the frame of its tile."""
    lines = node(mesh)
    if tile is None:
        return lines
    lines = split_at(settle_ends(lines, frame, tile), frame)
    return np.concatenate([lines, shapely.linestrings(frame)])


def node(mesh: Mesh) -> Geometries:
    """Return the edges of a mesh as lines that meet in their ends only.

    Rings begin anywhere; lines that meet there and nowhere else are made one.
    """
    runs: Any = shapely.multilinestrings(mesh.runs)
    noded: Any = shapely.unary_union(shapely.line_merge(runs))
    lines: Geometries = shapely.get_parts(shapely.line_merge(noded))
    return lines


def _faces(lines: Geometries) -> tuple[Geometries, Floats]:
    faces = shapely.orient_polygons(shapely.get_parts(shapely.polygonize(lines)))
    inner = shapely.get_coordinates(shapely.point_on_surface(faces))
    order = np.lexsort((inner[:, 1], inner[:, 0]))
    return faces[order], inner[order]


def _attribute(polygons: Geometries, numbers: Ints, inner: Floats) -> Ints:
    """Pairs (face, number of a polygon it lies in), sorted."""
    parts, owner = shapely.get_parts(polygons, return_index=True)
    points: Any = shapely.points(inner)
    part, face = STRtree(points).query(parts, predicate="contains")
    pairs: Ints = np.unique(np.stack([face, numbers[owner[part]]], axis=1), axis=0)
    return pairs


def _sides(lines: Geometries, faces: Geometries) -> tuple[Ints, Ints, Floats, Ints]:
    """Face on the left and right of each line, with the lines' coordinates and whose they are.

    Rings keep their face on the left and carry the very coordinates of the lines: a lookup, no geometry.
    """
    coords, arc = shapely.get_coordinates(lines, return_index=True)
    start = np.searchsorted(arc, np.arange(len(lines)))
    points = coords @ np.array([1, 1j])
    rings, owner = shapely.get_rings(faces, return_index=True)
    ring_coords, ring = shapely.get_coordinates(rings, return_index=True)
    around = ring_coords @ np.array([1, 1j])
    known = np.unique(points[np.concatenate([start, start + 1])]) if len(start) else points
    place = np.minimum(np.searchsorted(known, around), max(len(known) - 1, 0))
    hit = known[place] == around if len(known) else np.zeros(0, dtype=np.bool_)
    edge = np.flatnonzero((ring[1:] == ring[:-1]) & hit[1:] & hit[:-1])
    key = place[edge] * len(known) + place[edge + 1]
    order = np.argsort(key)
    key, face = np.append(key[order], -1), np.append(owner[ring[edge]][order], -1)
    a, b = np.searchsorted(known, points[start]), np.searchsorted(known, points[start + 1])

    def look_up(one: Ints, other: Ints) -> Ints:
        wanted = one * len(known) + other
        at = np.searchsorted(key[:-1], wanted)
        return np.where(key[at] == wanted, face[at], -1)

    return look_up(a, b), look_up(b, a), coords, arc


def _measures(coords: Floats, arc: Ints, count: int) -> tuple[Floats, Floats, NDArray[np.bool_]]:
    """Area terms and lengths of the lines, and which are all seam."""
    within = arc[1:] == arc[:-1]
    owner = arc[:-1][within]
    terms = _sums(owner, edge_integrals(coords)[within], count)
    seam = _on_seam(coords)[within]
    lengths = _sums(owner[~seam], edge_lengths_km(coords)[within][~seam], count)
    return terms, lengths, np.bincount(owner[~seam], minlength=count) == 0


def _areas(terms: Floats, left: Ints, right: Ints, count: int) -> Floats:
    """(count,) km² of the faces beside lines with these terms."""
    areas = _sums(left[left >= 0], terms[left >= 0], count)
    areas -= _sums(right[right >= 0], terms[right >= 0], count)
    return areas


def polygon_areas(polygons: Geometries) -> Floats:
    """(n,) km² of polygons whose exteriors run anticlockwise and holes clockwise."""
    rings, owner = shapely.get_rings(polygons, return_index=True)
    coords, ring = shapely.get_coordinates(rings, return_index=True)
    within = ring[1:] == ring[:-1]
    return _sums(owner[ring[:-1][within]], edge_integrals(coords)[within], len(polygons))


def _sums(group: Ints, values: Floats, count: int) -> Floats:
    """Sum of the values of each group, 0 for an empty one, whatever their order.

    Whole multiples of 2⁻²⁴ are summed exactly, what is left of each value to 2⁻⁵³ of that.
    """
    whole = np.rint(values * _UNIT)
    rest = values * _UNIT - whole
    out: Floats = (np.bincount(group, whole, count) + np.bincount(group, rest, count)) / _UNIT
    return out


def _on_seam(coords: Floats) -> NDArray[np.bool_]:
    """Whether each edge runs along ±180° or a pole."""
    same = coords[1:] == coords[:-1]
    edge_of_map = np.abs(coords[1:]) == [180, 90]
    along_it: NDArray[np.bool_] = (same & edge_of_map).any(axis=1)
    return along_it
