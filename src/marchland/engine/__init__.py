"""How the work of a partition is run over many polygons."""

from marchland.engine.local import Overlay, Progress, overlay_polygons

__all__ = ["Overlay", "Progress", "overlay_polygons"]
