"""Clauses executed, noded into one partition and named: the heart of the build."""

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from marchland.compile.attribution import BACKDROP, SEA, Attribution, attribute
from marchland.compile.authored import Authored, Clause
from marchland.compile.layers import Layers
from marchland.compile.network import Link, Network, build_network
from marchland.compile.rules import execute
from marchland.compile.slivers import Sliver, face_areas, without_slivers
from marchland.faces import Arc, Face
from marchland.measure import displacement_covariance, line_length_km
from marchland.model import reach_km
from marchland.partition import Dangle, Partition, build_partition

Floats = NDArray[np.float64]

GRID_DEGREES = 1e-6
"""Compiled coordinates keep six decimals (0.1 m).

Far finer than any line, and what the files hold is what was measured.
"""

COAST_SIGMA_KM = 0.7
"""Natural Earth's 1:10 million coast against OpenStreetMap's: median 0.49 km, 95th percentile 1.92 km."""

LEAST_COVARIANCE = 1e-4
"""Covariances below this share of the two variances are left out of the store.

They move no figure in its second decimal.
"""


@dataclass(frozen=True, slots=True)
class Line:
    """A drawn line on its way into the partition.

    ``segment`` is None for coast, window and reference lines.
    """

    kind: str
    coords: Floats
    sigma_km: float
    segment: str | None = None
    stated_correlation_km: float | None = None

    @property
    def correlation_km(self) -> float:
        """Distance over which an error of its position stays alike."""
        return reach_km(self.sigma_km, self.stated_correlation_km)


@dataclass(frozen=True)
class Compiled:
    """The partition of the land with its names.

    ``arcs``/``faces`` are in the order of ``arc_lines``/``polygons``.
    """

    authored: Authored
    faces: tuple[Face, ...]
    polygons: tuple[shapely.Polygon, ...]
    arcs: tuple[Arc, ...]
    arc_lines: tuple[Floats, ...]
    covariance: dict[tuple[str, str], float]
    links: tuple[Link, ...]
    slivers: tuple[Sliver, ...]
    leftovers: tuple[tuple[str, str, float], ...]
    loose_ends: tuple[tuple[str, float], ...]


def assemble(authored: Authored, layers: Layers, window: tuple[float, float, float, float]) -> Compiled:
    """Execute every clause and partition the land inside the window (west, south, east, north in degrees).

    Raises
    ------
    CompileError
        A clause cannot be executed, or a face cannot be named.
    """
    network = build_network(authored.clauses, authored.references, authored.places, layers)
    frame = shapely.box(*window)
    lines = _drawn(authored.clauses, network) + _undrawn(authored, network, layers, frame)
    partition, slivers = without_slivers(
        build_partition([shapely.LineString(line.coords) for line in lines], grid=GRID_DEGREES),
        removable=[line.kind in ("line", "reference") for line in lines],
        grid=GRID_DEGREES,
    )
    areas = face_areas(partition)
    owners = attribute(
        partition,
        areas,
        land=layers.land,
        labels={key: [territory.label] for key, territory in authored.territories.items()}
        | {BACKDROP: list(authored.backdrop.values())},
        masks=authored.masks,
        window=frame,
    )
    return _named(authored, lines, partition, areas, owners, network.links, slivers)


def _drawn(clauses: tuple[Clause, ...], network: Network) -> list[Line]:
    return [
        Line("line", execute(c, network), c.segment.sigma_km, c.segment.id, c.segment.correlation_km)
        for c in clauses
    ]


def _undrawn(authored: Authored, network: Network, layers: Layers, frame: shapely.Polygon) -> list[Line]:
    """Window, borders that are not of this frontier, and coast."""
    lines = [Line("window", shapely.get_coordinates(frame), 0.0)]
    for item in authored.references:
        whole = shapely.get_coordinates(layers.line(item.feature))
        coords = whole if item.start is None else network.onwards(item.feature, item.start)
        lines.append(Line("reference", coords, item.sigma_km))
    rings = shapely.get_rings(shapely.get_parts(np.asarray(layers.land, dtype=object)))
    return lines + [Line("coast", shapely.get_coordinates(ring), COAST_SIGMA_KM) for ring in rings]


def _named(
    authored: Authored,
    lines: list[Line],
    partition: Partition,
    areas: Floats,
    owners: Attribution,
    links: tuple[Link, ...],
    slivers: tuple[Sliver, ...],
) -> Compiled:
    on_land = [i for i, owner in enumerate(owners.owner) if owner != SEA]
    face_ids = {i: f"f{n:04d}" for n, i in enumerate(on_land)}
    faces = tuple(
        Face(face_ids[i], None if owners.owner[i] == BACKDROP else owners.owner[i], round(float(areas[i]), 6))
        for i in on_land
    )
    kept = [
        a
        for a in range(len(partition.arcs))
        if {int(partition.left[a]), int(partition.right[a])} & set(on_land)
    ]
    arcs = tuple(_arc(n, a, partition, lines, face_ids) for n, a in enumerate(kept))
    arc_lines = tuple(partition.arcs[a] for a in kept)
    reach = {line.segment: line.correlation_km for line in lines if line.segment is not None}
    return Compiled(
        authored=authored,
        faces=faces,
        polygons=tuple(partition.faces[i] for i in on_land),
        arcs=arcs,
        arc_lines=arc_lines,
        covariance=_covariance(arcs, arc_lines, reach, {face.id: face.territory for face in faces}),
        links=links,
        slivers=slivers,
        leftovers=tuple((face_ids[face], owner, area) for face, owner, area in owners.leftovers),
        loose_ends=_loose_ends(partition.dangles, lines),
    )


def _arc(number: int, index: int, partition: Partition, lines: list[Line], face_ids: dict[int, str]) -> Arc:
    parents = [lines[p] for p in partition.parents[index]]
    best = min(parents, key=lambda line: (line.sigma_km, line.correlation_km))
    kinds = {line.kind for line in parents}
    kind = next(name for name in ("coast", "line", "reference", "window") if name in kinds)
    return Arc(
        id=f"a{number:04d}",
        left=face_ids.get(int(partition.left[index])),
        right=face_ids.get(int(partition.right[index])),
        kind=kind,
        segments=tuple(sorted({line.segment for line in parents if line.segment is not None})),
        length_km=round(line_length_km(partition.arcs[index]), 6),
        sigma_km=best.sigma_km,
        correlation_km=best.correlation_km,
    )


def _covariance(
    arcs: tuple[Arc, ...], lines: tuple[Floats, ...], reach: dict[str, float], owner: dict[str, str | None]
) -> dict[tuple[str, str], float]:
    """Covariance of the arcs that part a territory from something else; the others bound no sum.

    An arc counts once for each distance of correlation that its own line and its clauses state; only one of
    them is in use at a time, so they have no covariance with each other.
    """
    used = [
        (i, ell)
        for i, arc in enumerate(arcs)
        if arc.kind != "window" and owner.get(arc.left or "") != owner.get(arc.right or "")
        for ell in sorted({reach_km(arc.sigma_km, arc.correlation_km), *(reach[s] for s in arc.segments)})
    ]
    number = np.array([i for i, _ in used])
    keys = [arcs[i].stretch(ell) for i, ell in used]
    matrix = displacement_covariance([lines[i] for i, _ in used], correlation_km=[ell for _, ell in used])
    scale = np.sqrt(np.diag(matrix))
    matters = np.abs(matrix) > LEAST_COVARIANCE * np.outer(scale, scale)
    matters &= (number[:, None] != number) | np.eye(len(used), dtype=bool)
    rows, columns = np.nonzero(np.triu(matters))
    return {
        (keys[i], keys[j]): round(float(matrix[i, j]), 4)
        for i, j in zip(rows.tolist(), columns.tolist(), strict=True)
    }


def _loose_ends(dangles: list[Dangle], lines: list[Line]) -> tuple[tuple[str, float], ...]:
    """Length in km of each segment that parts nothing: out at sea, beyond the window, or short of a node."""
    loose: dict[str, float] = {}
    for dangle in dangles:
        for parent in dangle.parents:
            segment = lines[parent].segment
            if segment is not None:
                loose[segment] = loose.get(segment, 0.0) + line_length_km(dangle.coords)
    return tuple((segment, round(length, 1)) for segment, length in sorted(loose.items()))
