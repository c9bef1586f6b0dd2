"""How the work of a partition is run over many polygons: here, in several processes, or on a cluster."""

from marchland.engine.choice import overlay
from marchland.engine.local import Overlay, Progress, overlay_polygons
from marchland.engine.who import Engine

__all__ = ["Engine", "Overlay", "Progress", "overlay", "overlay_polygons"]
