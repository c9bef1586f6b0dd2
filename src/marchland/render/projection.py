"""The map's projection: Albers equal-area conic, fitted to the land that is drawn; Equal Earth for the world.

Area is what the map is about, so equal area is not negotiable; a conic suits a window that is wide and lies
in middle latitudes. The standard parallels stand one sixth from the top and bottom of the window (Snyder,
*Map Projections: A Working Manual*, 1987, p. 99), the central meridian in its middle, all to the whole
degree. For the built-in dataset (60-145°E, 34-63°N): parallels 39° and 58°N, meridian 102°E.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from pyproj import Transformer

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bounds = tuple[float, float, float, float]

UNIT_M = 100.0
"""Metres in one unit of a scene's whole-number coordinates."""

MARGIN_M = 260_000.0
"""Paper around the window, for the figures of the graticule."""

HEMISPHERE_DEG = 180.0

STEP_DEG = 0.25
"""Straight lines in degrees are cut this fine before they are bent by the projection."""


@dataclass(frozen=True)
class Sheet:
    """An equal-area projection on WGS 84, and the sheet of paper it is drawn on.

    ``window`` is (west, south, east, north) in degrees. Sheet coordinates are whole numbers of :data:`UNIT_M`
    metres, x to the right and y **down** from the sheet's upper left corner, as SVG wants them.
    """

    window: Bounds

    name = ""
    """PROJ's name of the projection."""

    @cached_property
    def angles(self) -> dict[str, int]:
        """The projection's parameters in whole degrees."""
        raise NotImplementedError

    @cached_property
    def proj(self) -> str:
        """The PROJ string."""
        angles = " ".join(f"+{key}={value}" for key, value in self.angles.items())
        return f"+proj={self.name} {angles} +datum=WGS84 +units=m"

    @property
    def parameters(self) -> dict[str, Any]:
        """What a script needs to find its way back from the sheet to longitude and latitude."""
        left, top = self.corner
        return {"name": self.name, **self.angles, "left": left, "top": top}

    @cached_property
    def _transformer(self) -> "Transformer":
        from pyproj import Transformer

        return Transformer.from_crs("OGC:CRS84", self.proj, always_xy=True)

    def metres(self, lonlat: Floats) -> Floats:
        """Project (n, 2) longitude/latitude in degrees to (n, 2) metres, y up."""
        x, y = self._transformer.transform(lonlat[:, 0], lonlat[:, 1])
        return np.column_stack([x, y])

    @cached_property
    def frame_metres(self) -> Floats:
        """The window's edge as a closed ring in metres."""
        return self.metres(self.window_edge())

    def window_edge(self) -> Floats:
        """Return the window's edge as a closed ring in degrees, with points between the corners."""
        return _box(self.window)

    @cached_property
    def corner(self) -> tuple[float, float]:
        """Left and upper edge of the sheet in metres."""
        x, y = self.frame_metres.T
        return float(np.floor(x.min() - MARGIN_M)), float(np.ceil(y.max() + MARGIN_M))

    @cached_property
    def size(self) -> tuple[int, int]:
        """Width and height of the sheet in units."""
        x, y = self.frame_metres.T
        left, top = self.corner
        return round((x.max() + MARGIN_M - left) / UNIT_M), round((top - y.min() + MARGIN_M) / UNIT_M)

    def quantise(self, metres: Floats) -> Ints:
        """Return whole sheet units for (n, 2) metres, repeated points dropped; at least two points stay."""
        left, top = self.corner
        units = np.rint(np.column_stack([metres[:, 0] - left, top - metres[:, 1]]) / UNIT_M).astype(np.int64)
        moved = np.ones(len(units), dtype=bool)
        moved[1:] = np.any(np.diff(units, axis=0) != 0, axis=1)
        return units[moved] if moved.sum() > 1 else units[[0, -1]]

    def sheet(self, lonlat: Iterable[Sequence[float]]) -> Ints:
        """Return whole sheet units for a sequence of (lon, lat), one for each."""
        left, top = self.corner
        metres = self.metres(np.asarray(list(lonlat), dtype=np.float64).reshape(-1, 2))
        return np.rint(np.column_stack([metres[:, 0] - left, top - metres[:, 1]]) / UNIT_M).astype(np.int64)

    def frame(self) -> Ints:
        """Return the window's edge as a closed ring on the sheet."""
        return self.quantise(self.frame_metres)

    def graticule(self, step: int = 0) -> list[dict[str, Any]]:
        """Return meridians and parallels every ``step`` degrees: 30 over more than a hemisphere, else 10.

        Each has its ``line`` on the sheet, its ``text``, and the ``side`` of the line's start that stands on.
        """
        west, south, east, north = self.window
        step = step or (30 if east - west > HEMISPHERE_DEG else 10)
        lines = []
        for lon in range(_first(west, step), int(np.ceil(east)), step):
            line = self.quantise(
                self.metres(np.column_stack([np.full(60, lon), np.linspace(south, north, 60)]))
            )
            lines.append(
                {
                    "line": line,
                    "text": f"{lon}°E" if lon >= 0 else f"{-lon}°W",
                    "side": "below",
                }
            )
        for lat in range(_first(south, step), int(np.ceil(north)), step):
            line = self.quantise(
                self.metres(np.column_stack([np.linspace(west, east, 120), np.full(120, lat)]))
            )
            lines.append({"line": line, "text": f"{lat}°N" if lat >= 0 else f"{-lat}°S", "side": "left"})
        return lines


class Albers(Sheet):
    """Albers's equal-area conic projection, for a window in middle latitudes."""

    name = "aea"

    @cached_property
    def angles(self) -> dict[str, int]:
        """The two standard parallels, the parallel and the meridian of origin."""
        west, south, east, north = self.window
        sixth = (north - south) / 6
        lat_1, lat_2 = round(south + sixth), round(north - sixth)
        lat_0, lon_0 = round((south + north) / 2), round((west + east) / 2)
        return {"lat_1": lat_1, "lat_2": lat_2, "lat_0": lat_0, "lon_0": lon_0}


class EqualEarth(Sheet):
    """Equal Earth, for the world (Šavrič, Patterson and Jenny, 2018): no shape is torn or much stretched."""

    name = "eqearth"

    @cached_property
    def angles(self) -> dict[str, int]:
        """The meridian in the middle."""
        return {"lon_0": round((self.window[0] + self.window[2]) / 2)}


def sheet_of(window: Bounds) -> Sheet:
    """Return the sheet for a window: a cone, unless it spans more than a hemisphere or the equator.

    A cone touched on both sides of the equator would have parallels of opposite bend.
    """
    west, south, east, north = window
    return EqualEarth(window) if east - west > HEMISPHERE_DEG or south < 0 < north else Albers(window)


def _first(start: float, step: int) -> int:
    """Return the first multiple of ``step`` above ``start``."""
    return int(np.floor(start / step) + 1) * step


def _box(window: Bounds) -> Floats:
    west, south, east, north = window
    along, up = np.linspace(west, east, 120), np.linspace(south, north, 60)
    sides = [
        np.column_stack([along, np.full(120, south)]),
        np.column_stack([np.full(60, east), up]),
        np.column_stack([along[::-1], np.full(120, north)]),
        np.column_stack([np.full(60, west), up[::-1]]),
    ]
    return np.vstack(sides)
