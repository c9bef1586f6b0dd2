"""A shaded relief of the whole window, as a picture to lay under a map.

The picture is drawn in the projection of the maps (Albers equal-area conic), a pixel every four
kilometres: grey where there is land, transparent elsewhere. Light falls mostly from the north-west,
and a little from both sides of it so that ridges which run with the light do not vanish.
"""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pyproj
import rasterio.features
import shapely
from affine import Affine
from numpy.typing import NDArray
from PIL import Image
from scipy.ndimage import binary_dilation, gaussian_filter, map_coordinates

from .packages import Sources
from .terrain import etopo

FILE = "relief.webp"

# The frame is the maps' own: marchland.render.projection derives the same from 60-145E, 34-63N.
PROJ = "+proj=aea +lat_1=39 +lat_2=58 +lat_0=48 +lon_0=102 +datum=WGS84 +units=m"
WEST_M, SOUTH_M, EAST_M, NORTH_M = -3_752_000.0, -1_560_000.0, 3_828_000.0, 2_280_000.0
WINDOW = (60.0, 34.0, 145.0, 63.0)
PIXEL_M = 4000.0

# Detail keeps single ridges, form keeps ranges: the eye wants both at once (Patterson's
# "resolution bumping").
DETAIL_PX, FORM_PX, DETAIL_SHARE = 0.8, 5.0, 0.6
EXAGGERATION = 22.0
# Azimuth of the light in degrees and its share.
LIGHTS = ((315.0, 0.62), (275.0, 0.23), (355.0, 0.15))
ALTITUDE = 45.0
# Flat land comes out at this grey, so that plains do not darken the colours above them.
FLAT = 0.86
# The darkest slope, as a share of that.
DEEPEST = 0.15
# Width of the seam between the grids, in pixels.
SEAM_PX = 8.0
QUALITY = 62


def _pixel_lonlat() -> tuple[NDArray, NDArray]:
    """Longitude and latitude of every pixel's centre."""
    columns = round((EAST_M - WEST_M) / PIXEL_M)
    rows = round((NORTH_M - SOUTH_M) / PIXEL_M)
    x = WEST_M + PIXEL_M * (np.arange(columns) + 0.5)
    y = NORTH_M - PIXEL_M * (np.arange(rows) + 0.5)
    to_degrees = pyproj.Transformer.from_crs(PROJ, "OGC:CRS84", always_xy=True)
    lon, lat = to_degrees.transform(*np.meshgrid(x, y))
    return np.asarray(lon), np.asarray(lat)


def _sampled(grid: tuple[NDArray, NDArray, NDArray], lon: NDArray, lat: NDArray) -> NDArray:
    """Heights at the given places by cubic splines; beyond the grid its edge is repeated."""
    lats, lons, heights = grid
    rows = (lat - lats[0]) / (lats[1] - lats[0])
    columns = (lon - lons[0]) / (lons[1] - lons[0])
    # One cell of the coarse grid holds no number, and a spline would carry it everywhere.
    known = np.where(np.isfinite(heights), heights, np.nanmedian(heights))
    return map_coordinates(known, [rows, columns], order=3, mode="nearest")


def _inside(grid: tuple[NDArray, NDArray, NDArray], lon: NDArray, lat: NDArray) -> NDArray:
    """1 inside a grid, 0 outside, with a soft seam that lies inside."""
    lats, lons, _ = grid
    within = (lat >= lats[0]) & (lat <= lats[-1]) & (lon >= lons[0]) & (lon <= lons[-1])
    return np.clip(2 * gaussian_filter(within.astype(float), SEAM_PX) - 1, 0, 1)


def _levelled(elevation: NDArray, lakes: list[shapely.Geometry]) -> NDArray:
    """Heights with lakes level at their shore: the grids give the bed of Baikal, 1,600 m down."""
    level = elevation.copy()
    for lake in lakes:
        inside = _coverage(lake, finer=1) > 0
        shore = binary_dilation(inside, iterations=2) & ~inside
        if inside.any() and shore.any():
            level[inside] = np.percentile(elevation[shore], 10)
    return level


def _elevation(sources: Sources, lon: NDArray, lat: NDArray) -> NDArray:
    """Heights of land in metres; the sea is level."""
    fine, coarse = etopo(sources, "topo_china"), etopo(sources, "topo_asia")
    share = _inside(fine, lon, lat)
    return np.maximum(share * _sampled(fine, lon, lat) + (1 - share) * _sampled(coarse, lon, lat), 0.0)


def _shade(elevation: NDArray) -> NDArray:
    """Brightness 0-1 of a lit surface, level ground at `FLAT`."""
    detail, form = (gaussian_filter(elevation, size) for size in (DETAIL_PX, FORM_PX))
    surface = DETAIL_SHARE * detail + (1 - DETAIL_SHARE) * form
    fall, rise = np.gradient(surface * EXAGGERATION, PIXEL_M)
    steepness = np.hypot(rise, fall)
    total = np.zeros_like(surface)
    for azimuth, share in LIGHTS:
        towards = np.radians(azimuth)
        lit = -(rise * np.sin(towards) - fall * np.cos(towards)) / np.tan(np.radians(ALTITUDE))
        total += share * (1 + lit) / np.hypot(1.0, steepness)
    # A level surface has total 1; sunlit slopes reach sqrt 2.
    dark, bright = np.minimum(total, 1.0), np.maximum(total - 1.0, 0.0)
    return FLAT * (DEEPEST + (1 - DEEPEST) * np.clip(dark, 0, 1)) + (1 - FLAT) * np.clip(bright / 0.35, 0, 1)


def _coverage(area: shapely.Geometry, finer: int = 4) -> NDArray:
    """Share of every pixel that an area (WGS84) covers, 0-1, counted on `finer` times `finer` points."""
    columns = round((EAST_M - WEST_M) / PIXEL_M) * finer
    rows = round((NORTH_M - SOUTH_M) / PIXEL_M) * finer
    to_metres = pyproj.Transformer.from_crs("OGC:CRS84", PROJ, always_xy=True)
    clipped = shapely.segmentize(shapely.intersection(area, shapely.box(*WINDOW)), 0.25)
    sheet = shapely.transform(clipped, lambda c: np.column_stack(to_metres.transform(c[:, 0], c[:, 1])))
    mask = np.zeros((rows, columns))
    if not sheet.is_empty:
        step = PIXEL_M / finer
        grid = Affine(step, 0, WEST_M, 0, -step, NORTH_M)
        mask = rasterio.features.rasterize([(sheet, 1)], out_shape=(rows, columns), transform=grid)
    return mask.reshape(rows // finer, finer, columns // finer, finer).mean(axis=(1, 3))


def picture(sources: Sources, land: shapely.Geometry, lakes: list[shapely.Geometry]) -> Image.Image:
    """Draw the relief of the window over the given land, with level lakes (both WGS84)."""
    elevation = _levelled(_elevation(sources, *_pixel_lonlat()), lakes)
    grey, alpha = (np.rint(255 * part).astype(np.uint8) for part in (_shade(elevation), _coverage(land)))
    return Image.merge("LA", [Image.fromarray(grey), Image.fromarray(alpha)])


def write_relief(path: Path, sources: Sources, land: shapely.Geometry, lakes: list[shapely.Geometry]) -> None:
    """Write the relief as WebP; a rerun with the same libraries gives the same bytes."""
    stream = io.BytesIO()
    image = picture(sources, land, lakes).convert("RGBA")
    image.save(stream, "WEBP", quality=QUALITY, method=6, alpha_quality=70)
    scratch = path.with_suffix(".tmp")
    scratch.write_bytes(stream.getvalue())
    scratch.replace(path)
