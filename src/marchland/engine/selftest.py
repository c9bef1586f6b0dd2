"""The attribution of faces checked from the other side: by the edges between them."""

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import STRtree

from marchland.engine.mesh import Mesh
from marchland.errors import DataError, list_ids
from marchland.partition.noding import along
from marchland.partition.weld import edge_lines

__all__ = ["self_test"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Words = NDArray[np.uint64]

_ALONG = 2e-10  # degrees: pieces of a cut edge leave it by rounding only
_NEAR = 1e-8  # degrees, a millimetre: lines as close as this are not told apart


def self_test(
    mesh: Mesh, lines: tuple[Floats, Ints], change: Words, skip: NDArray[np.bool_]
) -> tuple[int, int]:
    """Check that across each edge those polygons change that are bounded by it.

    Parameters
    ----------
    mesh
        The edges before noding.
    lines
        Coordinates of the noded lines, and which line each is of.
    change
        For each line the XOR of the words of the faces beside it.
    skip
        Lines that are left out: the frame of a tile, and what lies beside crumbs.

    Returns
    -------
    How many edges agree, and how many cannot be told, because lines run beside them within a millimetre.

    Raises
    ------
    DataError
        An edge does not agree.
    """
    coords, arc = lines
    edge = np.flatnonzero(arc[1:] == arc[:-1])
    edge = edge[~skip[arc[edge]]]
    words, at = _edge_words(mesh, coords, edge)
    differs = np.flatnonzero(words != change[arc[edge]])
    middles = (coords[edge[differs]] + coords[edge[differs] + 1]) / 2
    wrong = np.unique(arc[edge[differs]][~_near(mesh, middles, at[differs])])
    if len(wrong):
        first = np.searchsorted(arc, wrong)
        where = list_ids(f"{x:.5f} {y:.5f}" for x, y in coords[first].tolist())
        msg = f"{len(wrong)} lines have land attributed wrongly beside them, at {where}; report this as a bug"
        raise DataError(msg)
    return len(edge) - len(differs), len(differs)


def _edge_words(mesh: Mesh, coords: Floats, edge: Ints) -> tuple[Words, Ints]:
    """XOR of the polygons bounded by each noded edge, and which edge of the mesh it is, -1 for none.

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
    return words, at


def _near(mesh: Mesh, middles: Floats, own: Ints) -> NDArray[np.bool_]:
    """Whether another edge of the mesh runs beside the middle of each noded edge."""
    near = np.zeros(len(middles), dtype=np.bool_)
    if len(middles):
        tree = STRtree(edge_lines(mesh.ends() @ np.array([1, 1j])))
        found, beside = tree.query(shapely.points(middles), predicate="dwithin", distance=_NEAR)
        near[found[beside != own[found]]] = True
    return near
