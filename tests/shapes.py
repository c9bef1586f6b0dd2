"""Polygons to draw from: boxes whose edges run along each other, and discs that cross them.

Loaded by path (`runpy`): the tests are no package.
"""

import shapely
from hypothesis import strategies as st

boxes = st.builds(
    lambda x, y, w, h: shapely.box(x / 7, y / 7, (x + w) / 7, (y + h) / 7),
    st.integers(-40, 40), st.integers(-40, 40), st.integers(1, 30), st.integers(1, 30),
)  # fmt: skip
discs = st.builds(
    lambda x, y, r: shapely.Point(x / 3, y / 3).buffer(r / 5), st.integers(-20, 20), st.integers(-20, 20),
    st.integers(1, 20),
)  # fmt: skip
