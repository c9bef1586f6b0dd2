"""How the work of a partition is run over many polygons."""

from marchland.engine.local import Overlay, overlay_polygons
from marchland.engine.slivers import SliverLedger, merge_slivers

__all__ = ["Overlay", "SliverLedger", "merge_slivers", "overlay_polygons"]
