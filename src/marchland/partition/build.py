"""The partition itself: arcs, faces, and the face on either side of each arc."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import LineString, Polygon

from marchland.errors import DataError
from marchland.partition.chains import walk
from marchland.partition.noding import GRID, Mesh, Parents, node
from marchland.partition.weld import lonlat

__all__ = ["Dangle", "Partition", "build_partition", "node_lines"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class Dangle(NamedTuple):
    """A stretch of line with the same face (or the outside) on both sides.

    ``coords`` is (n, 2) lon/lat in degrees; ``parents`` are positions in the input, ascending.
    """

    coords: Floats
    parents: Parents


@dataclass(frozen=True, eq=False)
class Partition:
    """A planar partition in canonical order.

    Attributes
    ----------
    arcs
        (n, 2) arrays of lon/lat in degrees. An arc runs between two nodes; a node is where other than two
        edges meet, or where the parents change. An open arc starts at its smaller end (by longitude, then
        latitude), a closed one runs anticlockwise. Ordered by first, last and second point.
    parents
        For each arc, the positions in the input of all lines that lie on it, ascending.
    faces
        Valid polygons, exterior anticlockwise, ordered by their representative point.
    left, right
        For each arc, the index of the face on that side, -1 for the outside. Never equal.
    dangles
        What was left out of ``arcs`` since it parts no two faces.
    """

    arcs: list[Floats]
    parents: list[Parents]
    faces: list[Polygon]
    left: Ints
    right: Ints
    dangles: list[Dangle]

    def boundary(self, members: NDArray[np.bool_]) -> Ints:
        """Sign of each arc in the boundary of a set of faces.

        Parameters
        ----------
        members
            (n_faces,) True for the faces in the set.

        Returns
        -------
        (n_arcs,) 1 where only the left face is in the set (so the arc runs anticlockwise around it), -1
        where only the right one is, 0 elsewhere.
        """
        inside = np.append(members.astype(np.int64), 0)  # index -1 is the outside
        signs: Ints = inside[self.left] - inside[self.right]
        return signs

    def face_arcs(self) -> list[list[tuple[int, int]]]:
        """For each face its arcs as (arc index, sign), 1 where the face is on the left."""
        out: list[list[tuple[int, int]]] = [[] for _ in self.faces]
        for arc, (left, right) in enumerate(zip(self.left.tolist(), self.right.tolist(), strict=True)):
            if left >= 0:
                out[left].append((arc, 1))
            if right >= 0:
                out[right].append((arc, -1))
        return out


def node_lines(lines: Sequence[LineString], *, grid: float = GRID) -> tuple[list[LineString], list[Parents]]:
    """Node lines against each other and merge what overlaps.

    Parameters
    ----------
    lines
        Lines in degrees; empty ones are allowed and keep their number.
    grid
        Spacing of the noding grid in degrees.

    Returns
    -------
    Edges that touch each other at their ends only, in canonical order and direction (as the arcs of
    `Partition`), and for each the ascending positions of all input lines that lie on it.

    Raises
    ------
    DataError
        A geometry is no plain line, or a coordinate is not finite.
    """
    mesh = node(lines, grid)
    chains = walk(mesh.edges, mesh.label, mesh.points)
    edges = [LineString(lonlat(mesh.points[c.vertices])) for c in chains]
    return edges, [mesh.labels[mesh.label[c.edge]] for c in chains]


def build_partition(lines: Sequence[LineString], *, grid: float = GRID) -> Partition:
    """Node lines, form the faces and find the face on either side of every arc.

    The same lines give the same partition to the last bit; in another order they give the same geometry
    with the parents renumbered.

    Parameters
    ----------
    lines
        Lines in degrees; empty ones are allowed and keep their number.
    grid
        Spacing of the noding grid in degrees.

    Raises
    ------
    DataError
        A geometry is no plain line, or a coordinate is not finite.
    """
    mesh = node(lines, grid)
    faces = _faces(mesh.linework)
    left, right = _sides(mesh, faces)
    parting = left != right
    chains, spare = (walk(mesh.edges, mesh.label, mesh.points, keep=keep) for keep in (parting, ~parting))
    on_arc = np.array([c.edge for c in chains], dtype=np.int64)
    forward = np.array([c.forward for c in chains], dtype=np.bool_)
    return Partition(
        arcs=[lonlat(mesh.points[c.vertices]) for c in chains],
        parents=[mesh.labels[i] for i in mesh.label[on_arc]],
        faces=faces,
        left=np.where(forward, left[on_arc], right[on_arc]),
        right=np.where(forward, right[on_arc], left[on_arc]),
        dangles=[Dangle(lonlat(mesh.points[c.vertices]), mesh.labels[mesh.label[c.edge]]) for c in spare],
    )


def _faces(linework: list[LineString]) -> list[Polygon]:
    faces = shapely.get_parts(shapely.polygonize(linework))
    faces = shapely.orient_polygons(shapely.normalize(faces))
    inner = shapely.get_coordinates(shapely.point_on_surface(faces))
    return list(faces[np.lexsort((inner[:, 1], inner[:, 0]))])


def _sides(mesh: Mesh, faces: list[Polygon]) -> tuple[Ints, Ints]:
    """Face on the left and on the right of every edge run from its smaller to its larger point.

    Rings keep their face on the left, and carry the very coordinates of the edges, so this is a lookup and
    not a geometric test.
    """
    rings, owner = shapely.get_rings(np.asarray(faces, dtype=object), return_index=True)
    coords, ring = shapely.get_coordinates(rings, return_index=True)
    vertex = np.searchsorted(mesh.points, coords[:, 0] + 1j * coords[:, 1])
    inner = ring[1:] == ring[:-1]
    key = vertex[:-1][inner] * len(mesh.points) + vertex[1:][inner]
    face = owner[ring[:-1][inner]]
    order = np.argsort(key)
    key, face = key[order], face[order]
    u, v = mesh.edges.T

    def look_up(a: Ints, b: Ints) -> Ints:
        wanted = a * len(mesh.points) + b
        at = np.searchsorted(key, wanted)
        hit = np.append(key, -1)[at] == wanted
        return np.where(hit, np.append(face, -1)[at], -1)

    left, right = look_up(u, v), look_up(v, u)
    if int((left >= 0).sum() + (right >= 0).sum()) != len(key):
        message = "faces have edges that are not in the linework; report this as a bug"
        raise DataError(message)
    return left, right
