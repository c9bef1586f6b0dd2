"""What each rule of a clause does on the ground.

A clause that names a feature follows it between its two nodes. One that names none is drawn through its own
points: ``line`` as geodesics, ``parallel`` at one latitude, ``markers`` and the rest as straight edges in
longitude and latitude.
"""

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Geod

from marchland.compile.authored import Clause
from marchland.compile.network import Network
from marchland.errors import CompileError
from marchland.model import Rule

Floats = NDArray[np.float64]

FOLLOWED = {
    Rule.RIVER: ("rivers", "borders", "historic"),
    Rule.WATERSHED: ("divides", "borders", "admin", "historic"),
    Rule.LINE: ("borders", "historic"),
    Rule.MARKERS: ("borders", "admin", "historic"),
    Rule.COAST: ("land",),
    Rule.SHORE: ("lakes",),
    Rule.BORDER: ("borders", "admin", "historic"),
    Rule.PARALLEL: (),
}
"""Layers that a rule may be executed on.

Borders serve nearly all: where a treaty line survives, the modern survey of it is the best there is.
"""

DRAWN = frozenset({Rule.LINE, Rule.MARKERS, Rule.PARALLEL, Rule.SHORE, Rule.WATERSHED})
"""Rules that may be drawn through points where no feature can be followed.

The clause's σ and note then say how far to trust it.
"""

GEODESIC_STEP_KM = 10.0
KM_PER_DEGREE = 111.2
_GEOD = Geod(ellps="WGS84")


def execute(clause: Clause, network: Network) -> Floats:
    """Return (n, 2) lon/lat (WGS 84, degrees) of the line a clause describes.

    From its first place to its second.

    Raises
    ------
    CompileError
        The rule cannot be executed on the feature named, or needs one and names none.
    """
    rule = clause.segment.rule
    if clause.along is not None:
        layer = clause.along.split("/")[0]
        if layer not in FOLLOWED[rule]:
            msg = (
                f"{clause.segment.id}: a {rule} cannot follow {clause.along}; use one of"
                f" {', '.join(FOLLOWED[rule]) or 'no layer'}"
            )
            raise CompileError(msg)
        return network.between(clause.along, clause.start, clause.end)
    if rule not in DRAWN:
        msg = f"{clause.segment.id}: a {rule} needs a feature to follow; name one with 'along'"
        raise CompileError(msg)
    points = np.array([network.nodes[clause.start], *clause.via, network.nodes[clause.end]])
    if clause.overshoot_km:
        points = _overshoot(points, clause.overshoot_km, geodesic=rule == Rule.LINE)
    line = _geodesic(points) if rule == Rule.LINE else points
    return _around(line, clause.buffer_km) if clause.buffer_km else line


def _geodesic(points: Floats) -> Floats:
    """Put points on the geodesics between the given ones, at most 10 km apart."""
    out: list[tuple[float, float]] = []
    for (lon0, lat0), (lon1, lat1) in zip(points[:-1].tolist(), points[1:].tolist(), strict=True):
        steps = int(_GEOD.line_length([lon0, lon1], [lat0, lat1]) / 1000 // GEODESIC_STEP_KM)
        out += [(lon0, lat0), *(_GEOD.npts(lon0, lat0, lon1, lat1, steps) if steps else [])]
    return np.array([*out, tuple(points[-1].tolist())])


def _overshoot(points: Floats, distance_km: float, *, geodesic: bool) -> Floats:
    """Carry both ends on as the line runs: as a geodesic, or straight in longitude and latitude."""
    first = _beyond(points[1], points[0], distance_km, geodesic=geodesic)
    last = _beyond(points[-2], points[-1], distance_km, geodesic=geodesic)
    return np.vstack([first, points, last])


def _beyond(before: Floats, end: Floats, distance_km: float, *, geodesic: bool) -> Floats:
    _, back, length_m = _GEOD.inv(before[0], before[1], end[0], end[1])
    if not geodesic:
        return np.asarray(end + (end - before) * (distance_km * 1000 / length_m))
    lon, lat, _ = _GEOD.fwd(end[0], end[1], back + 180.0, distance_km * 1000)
    return np.array([lon, lat])


def _around(line: Floats, distance_km: float) -> Floats:
    """Return the outline of a strip that reaches so far to either side of a line, its ends cut square."""
    stretch = np.array([np.cos(np.radians(line[:, 1].mean())), 1.0])
    width = distance_km / KM_PER_DEGREE
    strip = shapely.buffer(shapely.LineString(line * stretch), width, cap_style="flat", join_style="mitre")
    return np.asarray(shapely.get_coordinates(strip) / stretch)
