"""Elevation grids, drainage directions and basins.

Two grids are used. The eastern one has 2' cells (ETOPO2, filled with 5' data where that ends)
and covers Siberia, Mongolia and Manchuria; the western one has the 30" cells of GLOBE and
covers Central Asia up to 50 degrees north.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import netCDF4
import numpy as np
import pyflwdir
import pyogrio
import rasterio.features
import shapely
from affine import Affine
from numpy.typing import NDArray
from scipy.interpolate import RegularGridInterpolator

from .geodesy import Point, distance_km
from .packages import Sources

# Lowering known rivers keeps valleys that are narrower than a cell from being dammed by
# their own gorges: without it the Olekma drains to the Amur.
BURN_M = 500.0
NODATA = -9999.0

# Closed basins end in these lakes; the points stand for lakes that the lake layer lacks.
CLOSED_LAKES = (
    "balkhash", "alakol", "sasykkol", "ebinur", "issyk-kul", "uvs", "khyargas-nuur", "khar", "airag",
    "khar-us", "qinghai", "north-aral-sea", "south-aral-sea", "chany", "tengiz", "dalai-nur", "ayakum",
)  # fmt: skip
CLOSED_POINTS: tuple[Point, ...] = ((87.3, 47.25), (73.45, 39.03), (90.5, 40.2), (115.75, 50.08))
SINK_RADIUS_DEGREES = 0.08

# Valleys that the grids dam and that 500 m do not open, or that the river lines lack. Each is
# drawn only through the barrier: the Dzhana to its own mouth N of the Uda; a stream of the
# Lena side N out of the Stanovoy, whose two sills differ by 4 m; the Us and the Yenisei
# through the gorge of the W Sayan.
EXTRA_BURN_M = 2000.0
EXTRA_STREAMS: tuple[tuple[Point, ...], ...] = (
    ((134.92, 54.88), (135.1, 54.9), (135.4, 54.92)),
    ((125.92, 55.93), (125.8, 55.95), (125.78, 56.02), (125.7, 56.05), (125.62, 56.12), (125.48, 56.23)),
    ((93.12, 52.32), (93.0, 52.25), (92.7, 52.2), (92.37, 52.2)),
    ((92.22, 51.75), (92.12, 51.86), (91.98, 51.96), (92.37, 52.2), (92.47, 52.33), (92.46, 52.38),
     (92.3, 52.5), (92.18, 52.61), (91.88, 52.6), (91.72, 52.64), (91.44, 52.66), (91.33, 52.78)),
)  # fmt: skip


@dataclass(frozen=True)
class Terrain:
    """A grid of elevations with the directions in which its water flows."""

    elevation: NDArray[np.float32]
    transform: Affine
    flow: pyflwdir.FlwdirRaster

    @property
    def step(self) -> float:
        """Cell size in degrees."""
        return self.transform.a

    @cached_property
    def upstream_km2(self) -> NDArray[np.float32]:
        """Area drained through each cell."""
        return self.flow.upstream_area(unit="km2")

    @cached_property
    def _main_tributary(self) -> NDArray[np.int64]:
        """For each cell the neighbour that brings it most water, -1 at a head."""
        return np.asarray(self.flow.main_upstream(uparea=self.upstream_km2)).ravel()

    def index(self, point: Point) -> int:
        """Flat index of the cell that holds a point."""
        column, row = ~self.transform * point
        return int(row) * self.elevation.shape[1] + int(column)

    def centre(self, index: int) -> Point:
        """Centre of a cell."""
        row, column = divmod(int(index), self.elevation.shape[1])
        return self.transform * (column + 0.5, row + 0.5)

    def main_stem_cell(self, point: Point, radius_km: float) -> int:
        """Find the cell near `point` that drains the largest area."""
        reach = int(np.ceil(radius_km / (111.0 * self.step * np.cos(np.radians(point[1]))))) + 1
        row, column = divmod(self.index(point), self.elevation.shape[1])
        rows, columns = np.mgrid[row - reach : row + reach + 1, column - reach : column + reach + 1]
        cells = (rows * self.elevation.shape[1] + columns).ravel()
        near = [int(cell) for cell in cells if distance_km(self.centre(int(cell)), point) <= radius_km]
        return max(near, key=lambda cell: float(self.upstream_km2.flat[cell]))

    def downstream(self, index: int) -> list[int]:
        """Follow the water from a cell to its sink."""
        path = [index]
        while (following := int(self.flow.idxs_ds[path[-1]])) != path[-1]:
            path.append(following)
        return path

    def upstream(self, index: int) -> list[int]:
        """Climb the main stem from a cell to its head."""
        path = [index]
        while (preceding := int(self._main_tributary[path[-1]])) >= 0:
            path.append(preceding)
        return path

    def outlets(self, box: tuple[float, float, float, float], min_km2: float = 0.0) -> list[int]:
        """Terminal cells inside a box that drain at least the given area."""
        west, south, east, north = box
        found = []
        for index in self.flow.idxs_pit:
            lon, lat = self.centre(index)
            if west <= lon <= east and south <= lat <= north and self.upstream_km2.flat[index] >= min_km2:
                found.append(int(index))
        return found


def _rasterize(
    shapes: Iterable[shapely.Geometry], size: tuple[int, int], transform: Affine, *, touched: bool
) -> NDArray[np.bool_]:
    mask = rasterio.features.rasterize(
        ((shape, 1) for shape in shapes),
        out_shape=size,
        transform=transform,
        all_touched=touched,
        dtype="uint8",
    )
    return mask.astype(bool)


def _land_mask(sources: Sources, size: tuple[int, int], transform: Affine) -> NDArray[np.bool_]:
    land = pyogrio.read_dataframe(sources.natural_earth("physical", "ne_10m_land"), columns=[])
    return _rasterize(shapely.get_parts(land.geometry.values), size, transform, touched=False)


def _terrain(
    sources: Sources, elevation: NDArray, transform: Affine, lakes: dict[str, shapely.Geometry]
) -> Terrain:
    size = elevation.shape
    rivers = pyogrio.read_dataframe(sources.magics("ne_10m_rivers_lake_centerlines"), columns=[])
    sinks = [lakes[name] for name in CLOSED_LAKES] + [
        shapely.Point(p).buffer(SINK_RADIUS_DEGREES) for p in CLOSED_POINTS
    ]
    bed = elevation.astype(np.float32).copy()
    extra = [shapely.LineString(points) for points in EXTRA_STREAMS]
    for streams, depth in ((rivers.geometry.values, BURN_M), (extra, EXTRA_BURN_M)):
        bed[_rasterize(streams, size, transform, touched=True)] -= depth
    bed[~_land_mask(sources, size, transform) | _rasterize(sinks, size, transform, touched=True)] = NODATA
    flow = pyflwdir.from_dem(bed, nodata=NODATA, transform=transform, latlon=True, outlets="edge")
    return Terrain(elevation.astype(np.float32), transform, flow)


def etopo(sources: Sources, name: str) -> tuple[NDArray, NDArray, NDArray]:
    """Latitudes (ascending), longitudes and heights of one ETOPO grid."""
    with netCDF4.Dataset(sources.etopo(name)) as grid:
        lat, lon, height = (np.asarray(grid[key][:], float) for key in ("Latitude", "Longitude", "topo"))
    order = np.argsort(lat)
    return lat[order], lon, height[order]


def eastern_terrain(sources: Sources, lakes: dict[str, shapely.Geometry]) -> Terrain:
    """Build the 2' grid over 60-150E, 36-75N."""
    step, west, north = 1 / 30, 60.0, 75.0
    transform = Affine(step, 0, west, 0, -step, north)
    lon = west + step * (np.arange(2700) + 0.5)
    lat = north - step * (np.arange(1170) + 0.5)
    coarse_lat, coarse_lon, coarse = etopo(sources, "topo_asia")
    fine_lat, fine_lon, fine = etopo(sources, "topo_china")
    cells = np.stack(np.meshgrid(lat, lon, indexing="ij"), axis=-1)
    elevation = RegularGridInterpolator((coarse_lat, coarse_lon), coarse)(cells)
    # The fine grid shares our cell centres, so its cells are copied, not interpolated.
    rows = np.round((lat - fine_lat[0]) / step).astype(int)
    columns = np.round((lon - fine_lon[0]) / step).astype(int)
    has_row, has_column = rows < len(fine_lat), (columns >= 0) & (columns < len(fine_lon))
    elevation[np.ix_(has_row, has_column)] = fine[np.ix_(rows[has_row], columns[has_column])]
    return _terrain(sources, elevation, transform, lakes)


def western_terrain(sources: Sources, lakes: dict[str, shapely.Geometry]) -> Terrain:
    """Build the 30-second grid over 66-90E, 36-50N."""
    step, west, south = 1 / 120, 66.0, 36.0
    with np.load(sources.globe) as archive:
        tile = archive["arr_0"]
    elevation = tile[: round((50 - south) / step), round(west / step) :].astype(np.float32)
    transform = Affine(step, 0, west, 0, -step, 50.0)
    return _terrain(sources, elevation, transform, lakes)
