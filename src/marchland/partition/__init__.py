"""Linework to a planar partition: noded arcs, faces, and which face lies on either side of each arc.

Lines go in as drawn, overlapping and crossing as they like; each is known afterwards by its position in the
input (its *parent* number). Coordinates are longitude and latitude in degrees (WGS 84), edges are straight
in them, and nothing here wraps at ±180°: cut the lines there first.

Noding snaps to a fixed grid of `GRID` degrees. That is 0.01 mm, far below any meaning, and it is what makes
the partition close: a line that ends on another one, at a point found by interpolation, lies beside it by a
few units in the last place, and without the grid would leave a gap there. Coordinates that come out have at
most ten decimals, so a text file holds them to the last bit.
"""

from marchland.partition.build import Dangle, Partition, build_partition, node_lines
from marchland.partition.coverage import SmallFace, check_coverage, merge_faces, small_faces
from marchland.partition.noding import GRID

__all__ = [
    "GRID",
    "Dangle",
    "Partition",
    "SmallFace",
    "build_partition",
    "check_coverage",
    "merge_faces",
    "node_lines",
    "small_faces",
]
