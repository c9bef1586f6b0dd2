"""Areas enclosed by the derived lines, as a check on all of them together.

Lines and coast are noded and polygonised; a label point picks the face.
"""

from __future__ import annotations

from dataclasses import dataclass

import shapely

from .geodesy import Point, area_km2
from .layers import Feature, rounded


@dataclass(frozen=True)
class Enclosed:
    """A face of the linework, its area and the expected one."""

    what: str
    computed_km2: float
    expected_km2: float
    tolerance_km2: float

    @property
    def within(self) -> bool:
        """Whether the area agrees with the expected one."""
        return abs(self.computed_km2 - self.expected_km2) <= self.tolerance_km2

    @property
    def expected(self) -> str:
        """The expected area with its tolerance."""
        return f"{self.expected_km2:,.0f} ± {self.tolerance_km2:,.0f}"


@dataclass(frozen=True)
class _Case:
    what: str
    lines: tuple[str, ...]
    inside: tuple[Point, ...]
    expected_km2: float
    tolerance_km2: float


_LEFT_BANK = (
    "borders/cn-ru-east",
    "rivers/amur",
    "rivers/shilka",
    "rivers/gorbitsa",
    "rivers/argun",
    "divides/chernaya-east",
)
_LEFT_BANK += ("divides/stanovoy", "divides/uda-south", "divides/uda-north", "rivers/uda")
_CASES = (
    _Case("left bank of the Amur", _LEFT_BANK, ((128.0, 53.0),), 583200, 15000),
    _Case("Uda reserve, S of the river Uda", _LEFT_BANK, ((134.0, 54.2),), 63600, 5000),
    _Case("Uda reserve, whole basin", _LEFT_BANK, ((134.0, 54.2), (132.5, 55.2)), 96700, 6000),
)


def _face_area(layers: dict[str, list[Feature]], case: _Case) -> float:
    found = {f"{name}/{f.id}": rounded(f.geometry) for name, features in layers.items() for f in features}
    land = found["land/eurasia"]
    network = shapely.union_all([land.boundary, *(found[line] for line in case.lines)])
    faces = shapely.get_parts(shapely.polygonize([network]))
    points = [shapely.Point(point) for point in case.inside]
    chosen = [face for face in faces if any(face.covers(point) for point in points)]
    return area_km2(shapely.union_all(chosen))


def enclosed_areas(layers: dict[str, list[Feature]]) -> list[Enclosed]:
    """Measure the areas that published or earlier computed figures exist for."""
    return [
        Enclosed(case.what, _face_area(layers, case), case.expected_km2, case.tolerance_km2)
        for case in _CASES
    ]
