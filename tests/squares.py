"""Composites made of a few polygons whose every number a test can work out.

Loaded by path (`runpy`) or by the fixtures that wrap it: the tests are no package.
"""

from collections.abc import Iterable, Mapping
from datetime import date

import numpy as np
import shapely

from marchland.composite import SpaceTimeComposite
from marchland.faces import Arc, Face
from marchland.measure import line_length_km, polygon_area_km2
from marchland.meta import DatasetMeta
from marchland.model import Basis, Holder, Status, Tenure, Territory
from marchland.partition import build_partition

FIRST, AS_OF = date(1900, 1, 1), date(2000, 12, 31)

Story = Iterable[tuple[str, str | None]]
"""When (ISO) and who from then on; the first is the dataset's first day."""


def squares(
    lands: Mapping[str, tuple[shapely.Polygon, Story]], *, sigma_km: float = 0.0, name: str = "squares"
) -> SpaceTimeComposite:
    """Return a composite of polygons that do not overlap; each is a territory with its story of holders."""
    polygons = {key: polygon for key, (polygon, _) in lands.items()}
    rings = [
        shapely.LineString(shapely.get_coordinates(ring))
        for polygon in polygons.values()
        for ring in (polygon.exterior, *polygon.interiors)
    ]
    partition = build_partition(rings)
    owner = {}
    for number, face in enumerate(partition.faces):
        point = face.representative_point()
        owner[number] = next((key for key, polygon in polygons.items() if polygon.contains(point)), None)
    faces = {f"f{n}": face for n, face in enumerate(partition.faces)}
    areas = {key: polygon_area_km2(face) for key, face in faces.items()}
    arcs = {f"a{n}": shapely.LineString(arc) for n, arc in enumerate(partition.arcs)}
    return SpaceTimeComposite(
        meta=DatasetMeta(
            name, name, "1.0", "sha256:0123456789abcdef", FIRST, AS_OF, "CC0-1.0", "nobody", "-"
        ),
        holders={
            holder: Holder(holder, {"en": holder.title()}, "#117733")
            for holder in sorted({who for _, story in lands.values() for _, who in story if who})
        },
        territories={
            key: Territory(
                key,
                {"en": key},
                (0.0, 0.0),
                round(sum(areas[f"f{n}"] for n, of in owner.items() if of == key), 2),
            )
            for key in polygons
        },
        instruments={},
        segments={},
        places={},
        tenures=tuple(tenure for key, (_, story) in lands.items() for tenure in _tenures(key, story)),
        faces=tuple(Face(f"f{n}", owner[n], areas[f"f{n}"]) for n in range(len(faces))),
        arcs=tuple(
            Arc(
                f"a{n}",
                f"f{left}" if left >= 0 else None,
                f"f{right}" if right >= 0 else None,
                "line" if min(left, right) >= 0 else "coast",
                (),
                line_length_km(np.asarray(partition.arcs[n])),
                sigma_km,
            )
            for n, (left, right) in enumerate(
                zip(partition.left.tolist(), partition.right.tolist(), strict=True)
            )
        ),
        covariance={},
        load_faces=lambda: faces,
        load_arcs=lambda: arcs,
        load_backdrop=list,
        parties=None,
    )


def _tenures(territory: str, story: Story) -> Iterable[Tenure]:
    steps = [(date.fromisoformat(day), who) for day, who in story]
    ends = [*(day for day, _ in steps[1:]), None]
    for (start, who), end in zip(steps, ends, strict=True):
        status = Status.SOVEREIGN if who else Status.UNDELIMITED
        for basis in Basis:
            yield Tenure(territory, who, status, basis, start, end, None)
