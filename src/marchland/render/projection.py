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
import shapely
from numpy.typing import NDArray

if TYPE_CHECKING:
    from pyproj import Transformer

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bounds = tuple[float, float, float, float]

UNIT_M = 100.0
"""Metres in one unit of a wide sheet's whole-number coordinates; a small sheet has finer ones."""

LEAST_UNITS = 5000
"""A window is at least so many units wide or high: about five for each pixel of a screen."""

BEND_UNITS = 2.0
"""How far a meridian, a parallel or the window's edge may be drawn from where it runs, in units."""

MARGIN_M = 260_000.0
"""Paper around a wide window, for the figures of the graticule."""

MARGIN = 0.07
"""Paper around a window that is not wide, as a share of its longer side."""

SMALL_DEG = 2.0
"""A window lower than this has standard parallels in tenths of a degree."""

NEAR_EQUATOR_DEG = 0.2
"""Nearer to the equator a cone would be as good as a cylinder, and cannot be computed."""

HEMISPHERE_DEG = 180.0

STEP_DEG = 0.25
"""Straight lines in degrees are cut this fine before they are bent by the projection."""


@dataclass(frozen=True)
class Sheet:
    """An equal-area projection on WGS 84, and the sheet of paper it is drawn on.

    ``window`` is (west, south, east, north) in degrees; east is beyond 180 where it crosses that meridian.
    Sheet coordinates are whole numbers of ``unit_m`` metres, x to the right and y **down** from the sheet's
    upper left corner, as SVG wants them.
    """

    window: Bounds

    name = ""
    """PROJ's name of the projection."""

    @cached_property
    def angles(self) -> dict[str, float]:
        """The projection's parameters in degrees, whole ones unless the window is small."""
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
    def span_m(self) -> float:
        """The longer side of the window, metres."""
        return float(np.ptp(self.frame_metres, axis=0).max())

    @cached_property
    def unit_m(self) -> float:
        """Metres in one unit: :data:`UNIT_M`, on a small window 1, 2 or 5 times a smaller power of ten."""
        steps = (n * 10.0**e for e in (2, 1, 0, -1, -2) for n in (5, 2, 1) if n * 10**e <= UNIT_M)
        return next((step for step in steps if self.span_m >= LEAST_UNITS * step), 0.01)

    @property
    def fineness(self) -> float:
        """What lengths meant for a wide sheet are multiplied by on this one, 1 or less."""
        return self.unit_m / UNIT_M

    @property
    def margin_m(self) -> float:
        """Paper around the window, metres."""
        return min(MARGIN_M, MARGIN * self.span_m)

    @cached_property
    def corner(self) -> tuple[float, float]:
        """Left and upper edge of the sheet in metres."""
        x, y = self.frame_metres.T
        return float(np.floor(x.min() - self.margin_m)), float(np.ceil(y.max() + self.margin_m))

    @cached_property
    def size(self) -> tuple[int, int]:
        """Width and height of the sheet in units."""
        x, y = self.frame_metres.T
        left, top = self.corner
        more, unit = self.margin_m, self.unit_m
        return round((x.max() + more - left) / unit), round((top - y.min() + more) / unit)

    def _units(self, metres: Floats) -> Ints:
        left, top = self.corner
        return np.rint(np.column_stack([metres[:, 0] - left, top - metres[:, 1]]) / self.unit_m).astype(
            np.int64
        )

    def quantise(self, metres: Floats) -> Ints:
        """Return whole sheet units for (n, 2) metres, repeated points dropped; at least two points stay."""
        units = self._units(metres)
        moved = np.ones(len(units), dtype=bool)
        moved[1:] = np.any(np.diff(units, axis=0) != 0, axis=1)
        return units[moved] if moved.sum() > 1 else units[[0, -1]]

    def sheet(self, lonlat: Iterable[Sequence[float]]) -> Ints:
        """Return whole sheet units for a sequence of (lon, lat), one for each."""
        return self._units(self.metres(np.asarray(list(lonlat), dtype=np.float64).reshape(-1, 2)))

    def frame(self) -> Ints:
        """Return the window's edge as a closed ring on the sheet, bent as far as can be seen."""
        return self._bent(self.window_edge())

    def _bent(self, lonlat: Floats) -> Ints:
        """Return a line on the sheet without the points that a straight stretch does not need."""
        line = shapely.simplify(shapely.LineString(self.metres(lonlat)), BEND_UNITS * self.unit_m)
        return self.quantise(np.asarray(shapely.get_coordinates(line)))

    def graticule(self, step: float = 0) -> list[dict[str, Any]]:
        """Return meridians and parallels every ``step`` degrees; 0 chooses by how much is to be seen.

        Each has its ``line`` on the sheet, its ``text``, and the ``side`` of the line's start that stands on.
        """
        west, south, east, north = self.window
        step = step or _step(max(east - west, north - south))
        lines = []
        for lon in _multiples(west, east, step):
            line = self._bent(np.column_stack([np.full(60, lon), np.linspace(south, north, 60)]))
            lines.append({"line": line, "text": _meridian(lon), "side": "below"})
        for lat in _multiples(south, north, step):
            line = self._bent(np.column_stack([np.linspace(west, east, 120), np.full(120, lat)]))
            lines.append({"line": line, "text": f"{abs(lat):g}°{'N' if lat >= 0 else 'S'}", "side": "left"})
        return lines


class Albers(Sheet):
    """Albers's equal-area conic projection, for a window in middle latitudes."""

    name = "aea"

    @cached_property
    def angles(self) -> dict[str, float]:
        """The two standard parallels, the parallel and the meridian of origin."""
        west, south, east, north = self.window
        sixth = (north - south) / 6
        found = {
            "lat_1": south + sixth,
            "lat_2": north - sixth,
            "lat_0": (south + north) / 2,
            "lon_0": (west + east) / 2,
        }
        digits = None if north - south >= SMALL_DEG else 1
        return {key: round(angle, digits) for key, angle in found.items()}


class EqualEarth(Sheet):
    """Equal Earth, for the world (Šavrič, Patterson and Jenny, 2018): no shape is torn or much stretched."""

    name = "eqearth"

    @cached_property
    def angles(self) -> dict[str, float]:
        """The meridian in the middle."""
        return {"lon_0": round((self.window[0] + self.window[2]) / 2)}


def sheet_of(window: Bounds) -> Sheet:
    """Return the sheet for a window: a cone, unless it spans more than a hemisphere or the equator.

    A cone touched on both sides of the equator would have parallels of opposite bend.
    """
    west, south, east, north = window
    equator = south < NEAR_EQUATOR_DEG and north > -NEAR_EQUATOR_DEG
    return EqualEarth(window) if east - west > HEMISPHERE_DEG or equator else Albers(window)


def _step(span: float) -> float:
    """Return the degrees between the lines of a graticule for a window of a span in degrees."""
    if span > HEMISPHERE_DEG:
        return 30.0
    steps = (10.0, 5.0, 2.0, 1.0, 0.5, 0.2, 0.1, 0.05, 0.02)
    return next((step for step in steps if span >= 2.5 * step), 0.01)


def _multiples(low: float, high: float, step: float) -> list[float]:
    """Return the multiples of a step above ``low`` and below ``high``."""
    first, end = int(np.floor(low / step) + 1), int(np.ceil(high / step))
    return [round(number * step, 6) for number in range(first, end)]


def _meridian(lon: float) -> str:
    """Return the name of a meridian given up to 360° east.

    >>> _meridian(181.5), _meridian(-12.0), _meridian(180.0)
    ('178.5°W', '12°W', '180°')
    """
    turned = round(lon - 360, 6) if lon > HEMISPHERE_DEG else lon
    side = "" if abs(turned) == HEMISPHERE_DEG else "E" if turned >= 0 else "W"
    return f"{abs(turned):g}°{side}"


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
