"""Edges joined into chains, in canonical order and direction."""

from collections import defaultdict
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = ["Chain", "walk"]

Ints = NDArray[np.int64]
Points = NDArray[np.complex128]


class Chain(NamedTuple):
    """Vertices in order, and one edge of the chain to look things up by."""

    vertices: list[int]
    edge: int  # any edge of the chain
    forward: bool  # that edge is run from its smaller point to its larger one


def walk(edges: Ints, label: Ints, points: Points, *, keep: NDArray[np.bool_] | None = None) -> list[Chain]:
    """Join edges into chains that end where other than two meet or the label changes, in canonical order."""
    chosen = np.arange(len(edges)) if keep is None else np.flatnonzero(keep)
    ends, labels = edges.tolist(), label.tolist()
    around: dict[int, list[int]] = defaultdict(list)
    for e in chosen.tolist():
        for vertex in ends[e]:
            around[vertex].append(e)
    nodes = {v for v, es in around.items() if len(es) != 2 or labels[es[0]] != labels[es[1]]}
    seen: set[int] = set()
    chains = []
    # open chains from their smaller node first; what remains are rings without a node
    starts = [(v, e) for v in sorted(nodes) for e in around[v]] + [(ends[e][0], e) for e in chosen.tolist()]
    for vertex, edge in starts:
        if edge not in seen:
            chains.append(_directed(_follow(vertex, edge, around, ends, nodes, seen), edge, ends, points))
    return sorted(chains, key=lambda c: (c.vertices[0], c.vertices[-1], c.vertices[1]))


def _follow(
    start: int,
    edge: int,
    around: dict[int, list[int]],
    ends: list[list[int]],
    nodes: set[int],
    seen: set[int],
) -> list[int]:
    vertices = [start]
    while True:
        seen.add(edge)
        u, v = ends[edge]
        vertex = v if vertices[-1] == u else u
        vertices.append(vertex)
        if vertex in nodes or vertex == start:
            return vertices
        a, b = around[vertex]
        edge = b if a == edge else a


def _directed(vertices: list[int], edge: int, ends: list[list[int]], points: Points) -> Chain:
    """Turn a closed chain anticlockwise; an open one already starts at its smaller node."""
    forward = vertices[0] == ends[edge][0]  # `edge` is the first one of the chain
    if vertices[0] == vertices[-1]:
        local = points[vertices] - points[vertices[0]]
        if (local[:-1].real * local[1:].imag - local[:-1].imag * local[1:].real).sum() < 0:
            return Chain(vertices[::-1], edge, not forward)
    return Chain(vertices, edge, forward)
