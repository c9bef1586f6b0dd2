"""The relief of a dataset's window as a picture that fits a scene's sheet."""

import io
from base64 import b64encode
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from marchland.errors import DataError
from marchland.render.projection import Floats
from marchland.render.scene import Scene


@dataclass(frozen=True)
class Relief:
    """A grey picture of the land forms, transparent over the sea, and where it lies on the sheet.

    ``box`` is x, y, width and height in sheet units, as SVG's ``<image>`` wants them; ``bounds`` west,
    south, east and north in metres of the scene's projection, as matplotlib's ``extent`` is made of. Level
    land is a light grey: multiply the picture with the colours under it.
    """

    content: bytes
    mediatype: str
    box: tuple[int, int, int, int]
    bounds: tuple[float, float, float, float]

    @cached_property
    def data_uri(self) -> str:
        """The picture as a ``data:`` address."""
        return f"data:{self.mediatype};base64,{b64encode(self.content).decode()}"

    @cached_property
    def shadow(self) -> Floats:
        """How much light each pixel takes away, 0 to 1, rows from the north; 0 over the sea.

        For renderers that know no blending, as matplotlib: drawn black with this opacity it multiplies.
        """
        from PIL import Image

        with Image.open(io.BytesIO(self.content)) as image:
            grey, alpha = (np.asarray(band, dtype=np.float64) / 255 for band in image.convert("LA").split())
        return np.asarray((1 - grey) * alpha, dtype=np.float64)


def relief_of(scene: Scene) -> Relief | None:
    """Return the relief of a scene's dataset, None where it has none.

    Raises
    ------
    DataError
        The picture is missing, corrupt, or drawn in another projection than the scene.
    """
    picture = scene.composite.relief
    if picture is None:
        return None
    if picture.crs != scene.projection.proj:
        msg = (
            f"the relief of {scene.composite.meta.name} is drawn in {picture.crs}, the map in"
            f" {scene.projection.proj}; make base/relief.webp again with base/derive.py"
        )
        raise DataError(msg)
    left, top = scene.projection.corner
    west, south, east, north = picture.bounds
    unit = scene.projection.unit_m
    x, y = (west - left) / unit, (top - north) / unit
    size = (round((east - west) / unit), round((north - south) / unit))
    return Relief(picture.content, picture.mediatype, (round(x), round(y), *size), picture.bounds)
