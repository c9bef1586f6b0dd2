"""Strategies for boundaries in versions: shared edges bent at random, tenures at random, overlaps and gaps.

Loaded by path (`runpy`): the tests are no package.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise

import geopandas
import numpy as np
import shapely
from hypothesis import strategies as st

FIRST = date(1800, 1, 1)
HOLDERS = ("Ada", "Bo", "Cy", "Дом", "龙", "<i>\"&' ]]>", None)

ROUNDING = 1e-9
"""Degrees within which vertices are one."""

ROUND = 6
"""Decimals of a degree in the corners: as many as the text formats write."""


@dataclass(frozen=True)
class Row:
    """A polygon, who holds it (None: nobody), which unit it is, and ``[start, end)``, None while it lasts."""

    shape: shapely.Polygon
    holder: str | None
    unit: str
    start: date
    end: date | None

    def covers(self, day: date) -> bool:
        return self.start <= day and (self.end is None or day < self.end)


def table(rows):
    """Return rows as a user would bring them."""
    data = {
        "holder": [row.holder for row in rows],
        "unit": [row.unit for row in rows],
        "start": [row.start.isoformat() for row in rows],
        "end": [row.end.isoformat() if row.end else None for row in rows],
    }
    return geopandas.GeoDataFrame(data, geometry=[row.shape for row in rows], crs="OGC:CRS84")


def mesh(columns, rows, rng, *, bend):
    """Return cells of a grid whose corners are moved and whose shared edges are bent, both at random.

    A corner moves by less than a third of a cell and an edge's middle by less than an eighth, so that cells
    stay simple and neighbours share every vertex.
    """
    x0, y0, step = rng.uniform(-170, 160), rng.uniform(-70, 60), rng.uniform(0.2, 2)
    corner = np.stack(np.meshgrid(np.arange(columns + 1), np.arange(rows + 1), indexing="ij"), axis=2)
    corner = corner + rng.uniform(-0.3, 0.3, corner.shape) * bend
    middles = {}

    def edge(a, b):
        key = (min(a, b), max(a, b))
        if key not in middles:
            shift = rng.uniform(-0.12, 0.12, 2) * bend
            middles[key] = (corner[key[0]] + corner[key[1]]) / 2 + shift
        return [corner[a], middles[key]]

    cells = []
    for i in range(columns):
        for j in range(rows):
            around = [(i, j), (i + 1, j), (i + 1, j + 1), (i, j + 1), (i, j)]
            ring = [point for a, b in pairwise(around) for point in edge(a, b)]
            placed = np.round(np.array(ring) * step + (x0, y0), ROUND)
            cells.append(shapely.Polygon(placed))
    return cells


@st.composite
def cells(draw):
    seed = draw(st.integers(0, 2**32 - 1))
    size = draw(st.integers(1, 4)), draw(st.integers(1, 3))
    return mesh(*size, np.random.default_rng(seed), bend=draw(st.sampled_from([0.0, 1.0])))


days = st.integers(0, 40_000).map(lambda n: FIRST + timedelta(days=n))


@st.composite
def story(draw, shape, unit):
    """Rows of one cell that follow each other, with gaps in time; none at all is a gap in space."""
    stops = sorted(draw(st.lists(days, max_size=5, unique=True)))
    rows = []
    for number, start in enumerate(stops):
        last = number + 1 == len(stops)
        end = None if last and draw(st.booleans()) else stops[number + 1] if not last else None
        if draw(st.integers(0, 5)):
            rows.append(Row(shape, draw(st.sampled_from(HOLDERS)), unit, start, end))
    return rows


@st.composite
def rows(draw, *, overlaps=True):
    """Rows of a mesh of cells, some of them missing at times, with polygons laid over them at random."""
    mosaic = draw(cells())
    found = [row for n, cell in enumerate(mosaic) for row in draw(story(cell, f"cell {n}"))]
    if overlaps:
        west, south, east, north = shapely.total_bounds(mosaic)
        for number in range(draw(st.integers(0, 2))):
            corner = [draw(st.integers(0, 999)) / 1000 for _ in range(4)]
            x = np.round(west + (east - west) * np.array([corner[0], corner[0] + 0.1 + corner[1]]), ROUND)
            y = np.round(south + (north - south) * np.array([corner[2], corner[2] + 0.1 + corner[3]]), ROUND)
            patch = shapely.box(x[0], y[0], x[1], y[1])
            found += draw(story(patch, f"patch {number}"))
    if not found:
        found = [Row(mosaic[0], "Ada", "cell 0", FIRST, None)]
    return found


@st.composite
def redrawn_rows(draw, *reaches):
    """Rows of which each is drawn anew: half of its vertices moved by up to so many degrees each way."""
    reach = draw(st.sampled_from(reaches))
    # a corner laid on an edge and moved by a rounding is no vertex drawn twice: it makes a sliver
    found = draw(rows(overlaps=reach == 0 or reach > ROUNDING))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))

    def moved(points):
        steps = rng.uniform(-reach, reach, points.shape)
        steps[-1] = steps[0]  # a ring ends where it begins
        return points + steps * (rng.random((len(points), 1)) < 0.5)[[*range(len(points) - 1), 0]]

    return [replace(row, shape=shapely.transform(row.shape, moved)) for row in found]


def ends(found):
    """Return the first and the last day rows speak of, as a dataset of them has it."""
    known = [row.start for row in found] + [row.end - timedelta(days=1) for row in found if row.end]
    return min(row.start for row in found), max(known)


@st.composite
def dated_rows(draw, *, dates=1, overlaps=True):
    """Rows, and days on which they can be asked: any day, and often one on which something changes."""
    found = draw(rows(overlaps=overlaps))
    first, last = ends(found)
    stops = [day for row in found for day in (row.start, row.end) if day and first <= day <= last]
    anywhere = st.integers(0, (last - first).days).map(lambda n: first + timedelta(days=n))
    return found, [draw(anywhere | st.sampled_from(stops)) for _ in range(dates)]
