"""Many polygons to one planar partition on one machine.

Polygons that are versions of each other share nearly all of their linework, so each edge is taken once,
joined into long lines, noded, and only then made into faces. Which polygons a face lies in is asked of one
inner point of each face. The answer is then checked from the other side: across every edge, the polygons that
begin or end must be those whose rings run along it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import STRtree

from marchland.engine.mesh import Mesh, mesh_of, polygon_words, ring_edges, xor_groups
from marchland.errors import DataError, list_ids
from marchland.measure import edge_integrals, edge_lengths_km
from marchland.partition.noding import along
from marchland.partition.weld import edge_lines

__all__ = ["Overlay", "Progress", "node", "overlay_polygons"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Words = NDArray[np.uint64]
Geometries = NDArray[np.object_]

Progress = Callable[[str, float], None]
"""Called with what is being done and how much of the whole is done, 0 to 1."""

_ALONG = 2e-10  # degrees: pieces of a cut edge leave it by rounding only
_NEAR = 1e-8  # degrees, a millimetre: lines as close as this are not told apart


@dataclass(frozen=True, eq=False)
class Overlay:
    """The partition of the plane by many polygons.

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
    tell = progress or (lambda _what, _share: None)
    tell("joining lines", 0.05)
    codes = polygon_words(np.arange(len(polygons)))
    mesh = mesh_of(ring_edges(polygons, codes))
    tell("noding lines", 0.25)
    lines = node(mesh)
    tell("forming faces", 0.55)
    faces, inner = _faces(lines)
    tell("attributing faces", 0.65)
    face, member = _attribute(polygons, inner)
    # the regions that no polygon covers are no faces
    held = np.unique(face)
    faces, inner, face = faces[held], inner[held], np.searchsorted(held, face)
    tell("finding sides", 0.75)
    left, right, coords, arc = _sides(lines, faces)
    real = left != right
    words = np.append(xor_groups(face, codes[member], len(faces)), np.uint64(0))
    tested, unsettled = _self_test(mesh, (coords, arc), words[left] ^ words[right])
    tell("measuring", 0.9)
    areas, lengths, seams = _measures(coords, arc, (left, right), len(faces))
    cuts = np.searchsorted(face, np.arange(len(faces) + 1))
    listed = member.tolist()
    return Overlay(
        faces=faces,
        inner=inner,
        members=[tuple(listed[a:b]) for a, b in zip(cuts[:-1].tolist(), cuts[1:].tolist(), strict=True)],
        areas=areas,
        arcs=lines[real],
        left=left[real],
        right=right[real],
        lengths=lengths[real],
        seams=seams[real],
        tested=tested,
        unsettled=unsettled,
    )


def node(mesh: Mesh) -> Geometries:
    """Return the edges of a mesh as lines that meet in their ends only."""
    merged = shapely.line_merge(shapely.multilinestrings(mesh.runs))
    lines: Geometries = shapely.get_parts(shapely.unary_union(merged))
    return lines


def _faces(lines: Geometries) -> tuple[Geometries, Floats]:
    faces = shapely.orient_polygons(shapely.get_parts(shapely.polygonize(lines)))
    inner = shapely.get_coordinates(shapely.point_on_surface(faces))
    order = np.lexsort((inner[:, 1], inner[:, 0]))
    return faces[order], inner[order]


def _attribute(polygons: Geometries, inner: Floats) -> tuple[Ints, Ints]:
    """Pairs (face, polygon it lies in), sorted."""
    parts, owner = shapely.get_parts(polygons, return_index=True)
    points: Any = shapely.points(inner)
    tree = STRtree(points)
    part, face = tree.query(parts, predicate="contains")
    pairs = np.unique(np.stack([face, owner[part]], axis=1), axis=0)
    return pairs[:, 0], pairs[:, 1]


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


def _self_test(mesh: Mesh, lines: tuple[Floats, Ints], change: Words) -> tuple[int, int]:
    """Check that across each edge those polygons change that are bounded by it.

    Returns how many edges agree, and how many cannot be told, because lines run beside them within a
    millimetre.
    """
    coords, arc = lines
    edge = np.flatnonzero(arc[1:] == arc[:-1])
    words, cut = _edge_words(mesh, coords, edge)
    differs = np.flatnonzero(words != change[arc[edge]])
    ends = np.stack([coords[edge[differs]], coords[edge[differs] + 1]], axis=1)
    wrong = np.unique(arc[edge[differs]][~_near(ends, cut)])
    if len(wrong):
        first = np.searchsorted(arc, wrong)
        where = list_ids(f"{x:.5f} {y:.5f}" for x, y in coords[first].tolist())
        msg = f"{len(wrong)} lines have land attributed wrongly beside them, at {where}; report this as a bug"
        raise DataError(msg)
    return len(edge) - len(differs), len(differs)


def _edge_words(mesh: Mesh, coords: Floats, edge: Ints) -> tuple[Words, Geometries]:
    """XOR of the polygons bounded by each noded edge, and the edges of the input that noding cut up.

    An input edge that came through noding whole is found by its ends, a piece of one that was cut up by lying
    along it.
    """
    point = mesh.vertices.find(coords)
    at = mesh.find((point[edge], point[edge + 1]))
    words = np.where(at >= 0, mesh.words[at], np.uint64(0))
    cut = np.ones(len(mesh.keys), dtype=np.bool_)
    cut[at[at >= 0]] = False
    targets = edge_lines(mesh.ends(cut) @ np.array([1, 1j]))
    if len(targets):
        points = coords @ np.array([1, 1j])
        piece, source = along(np.stack([points[edge], points[edge + 1]], axis=1), targets, _ALONG)
        np.bitwise_xor.at(words, piece, mesh.words[cut][source])
    return words, targets


def _near(ends: Floats, cut: Geometries) -> NDArray[np.bool_]:
    """Whether each edge lies so close to one that was cut up that it may be a piece of it."""
    near = np.zeros(len(ends), dtype=np.bool_)
    if len(ends) and len(cut):
        middle = shapely.points(ends.mean(axis=1))
        near[STRtree(cut).query(middle, predicate="dwithin", distance=_NEAR)[0]] = True
    return near


def _measures(
    coords: Floats, arc: Ints, sides: tuple[Ints, Ints], n_faces: int
) -> tuple[Floats, Floats, NDArray[np.bool_]]:
    """Areas of the faces, lengths of the lines, and which lines are all seam."""
    left, right = sides
    within = arc[1:] == arc[:-1]
    owner = arc[:-1][within]
    terms = _sums(owner, edge_integrals(coords)[within], len(left))
    areas = _sums(left[left >= 0], terms[left >= 0], n_faces)
    areas -= _sums(right[right >= 0], terms[right >= 0], n_faces)
    seam = _on_seam(coords)[within]
    lengths = _sums(owner[~seam], edge_lengths_km(coords)[within][~seam], len(left))
    return areas, lengths, np.bincount(owner[~seam], minlength=len(left)) == 0


def _sums(group: Ints, values: Floats, count: int) -> Floats:
    """Sum of the values of each group, 0 for an empty one."""
    out: Floats = np.bincount(group, values, count).astype(np.float64, copy=False)
    return out


def _on_seam(coords: Floats) -> NDArray[np.bool_]:
    """Whether each edge runs along ±180° or a pole."""
    same = coords[1:] == coords[:-1]
    edge_of_map = np.abs(coords[1:]) == [180, 90]
    along_it: NDArray[np.bool_] = (same & edge_of_map).any(axis=1)
    return along_it
