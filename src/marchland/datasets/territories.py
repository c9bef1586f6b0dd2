"""Versions of boundaries to a composite: territories are the faces that one set of versions covers."""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import numpy as np
import shapely

from marchland.composite import SpaceTimeComposite
from marchland.datasets.antimeridian import Across, joined_across
from marchland.datasets.slivers import SliverLedger, face_id
from marchland.engine import Overlay
from marchland.faces import Arc, Face
from marchland.meta import DatasetMeta
from marchland.model import Basis, Holder, Issue, Status, Tenure, Territory

__all__ = ["Version", "assemble"]

# Okabe and Ito's colours, told apart also by the colour-blind, then lighter and darker ones of them.
_COLOURS = (
    "#0072b2", "#e69f00", "#009e73", "#cc79a7", "#d55e00", "#56b4e9", "#f0e442", "#999999",
    "#004c77", "#9a6a00", "#00694d", "#88516f", "#8e3f00", "#a9d8f3", "#b8ad1f", "#5c5c5c",
)  # fmt: skip

Members = tuple[int, ...]
Span = tuple[date, date | None, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Version:
    """A polygon's holder (None: nobody) and unit over ``[start, end)``, end None where it is open."""

    id: str
    holder: str | None
    unit: str | None
    start: date
    end: date | None


def assemble(
    versions: list[Version], overlay: Overlay, ledger: SliverLedger, meta: DatasetMeta, sigma_km: float
) -> SpaceTimeComposite:
    """Return the composite of a partition by versions.

    Tenures hold on both bases, as the data know no difference. Land that several versions of different
    holders cover at once is ``contested`` among them, land that none covers on a date undelimited. Arcs bear
    ``sigma_km``; no segment drew them.
    """
    groups: dict[Members, list[int]] = defaultdict(list)
    for face, members in enumerate(ledger.members):
        groups[members].append(face)
    across = joined_across(overlay, ledger.members)
    lines = [*overlay.arcs.tolist(), *(item.line for item in across)]
    order = sorted(groups)
    ids = dict(zip(order, _names(order, versions), strict=True))
    tenures: list[Tenure] = []
    territories = {}
    for members in order:
        territories[ids[members]] = _territory(ids[members], members, groups[members], versions, overlay)
        tenures += _tenures(ids[members], [versions[i] for i in members], meta)
    holders = sorted({v.holder for v in versions if v.holder is not None})
    return SpaceTimeComposite(
        meta=meta,
        holders={
            name: Holder(name, {"en": name}, _COLOURS[i % len(_COLOURS)]) for i, name in enumerate(holders)
        },
        territories=territories,
        instruments={},
        segments={},
        places={},
        tenures=tuple(tenures),
        faces=tuple(
            Face(face_id(i), ids[members], float(overlay.areas[i]))
            for i, members in enumerate(ledger.members)
        ),
        arcs=_arcs(overlay, sigma_km, across),
        covariance={},
        load_faces=lambda: _keyed((face_id(i) for i in range(len(overlay.faces))), overlay.faces),
        load_arcs=lambda: _keyed((_arc_id(i) for i in range(len(lines))), np.array(lines, dtype=object)),
        load_backdrop=list,
        parties=None,
        slivers=ledger.rows,
    )


def _keyed(ids: Iterable[str], geometries: Any) -> dict[str, Any]:  # noqa: ANN401 - array of geometries
    shapely.prepare(geometries)
    return dict(zip(ids, geometries.tolist(), strict=True))


def _arc_id(arc: int) -> str:
    return f"a{arc:06d}"


def _arcs(overlay: Overlay, sigma_km: float, across: list[Across]) -> tuple[Arc, ...]:
    columns = (overlay.left, overlay.right, overlay.lengths, overlay.seams)
    rows = zip(*(column.tolist() for column in columns), strict=True)
    drawn = [
        Arc(
            _arc_id(i),
            face_id(left) if left >= 0 else None,
            face_id(right) if right >= 0 else None,
            "window" if seam else "line" if left >= 0 and right >= 0 else "coast",
            (),
            km,
            sigma_km,
        )
        for i, (left, right, km, seam) in enumerate(rows)
    ]
    return (*drawn, *(item.arc(_arc_id(len(drawn) + n), sigma_km) for n, item in enumerate(across)))


# --- territories


def _names(order: list[Members], versions: list[Version]) -> list[str]:
    """Return for each territory its unit's name, where no other one is of that unit alone, else a number."""
    units = [_units(members, versions) for members in order]
    slugs = [_slug(found[0]) if len(found) == 1 else "" for found in units]
    often = Counter(slugs)
    return [
        slug if slug and often[slug] == 1 and not re.fullmatch(r"t\d+", slug) else f"t{number:04d}"
        for number, slug in enumerate(slugs, 1)
    ]


def _units(members: Members, versions: list[Version]) -> list[str]:
    found = (versions[i].unit or versions[i].holder for i in members)
    return list(dict.fromkeys(name for name in found if name))


def _slug(name: str) -> str:
    plain = unicodedata.normalize("NFKC", name).casefold()
    return re.sub(r"[^\w]+", "-", plain).strip("-_")


def _territory(
    key: str, members: Members, faces: list[int], versions: list[Version], overlay: Overlay
) -> Territory:
    units = _units(members, versions)
    largest = max(faces, key=lambda face: (overlay.areas[face], -face))
    lon, lat = overlay.inner[largest].tolist()
    return Territory(
        id=key,
        names={"en": " / ".join(units) or key},
        label=(round(lon, 6), round(lat, 6)),
        area_km2=round(sum(float(overlay.areas[face]) for face in faces), 2),
    )


# --- tenures


def _tenures(territory: str, versions: list[Version], meta: DatasetMeta) -> list[Tenure]:
    out = []
    spans = _spans(versions, meta)
    for basis in Basis:
        for start, end, holders in spans:
            status = (
                Status.UNDELIMITED
                if not holders
                else Status.SOVEREIGN
                if len(holders) == 1
                else Status.CONTESTED
            )
            holder = "+".join(holders) or None
            out.append(Tenure(territory, holder, status, basis, start, end, None))
    return out


def _spans(versions: list[Version], meta: DatasetMeta) -> list[Span]:
    """Return who holds from when to when, without a gap from the first date to the last."""
    days = sorted({meta.first_date, *(v.start for v in versions), *(v.end for v in versions if v.end)})
    spans: list[Span] = []
    ends: list[date | None] = [*days[1:], None]
    for start, end in zip(days, ends, strict=True):
        if start > meta.as_of:
            break
        holders = tuple(
            sorted(
                {
                    v.holder
                    for v in versions
                    if v.holder is not None and v.start <= start and (v.end is None or start < v.end)
                }
            )
        )
        if spans and spans[-1][2] == holders:
            spans[-1] = (spans[-1][0], end, holders)
        else:
            spans.append((start, end, holders))
    return spans


# --- what is worth saying of it


def coverage_issues(composite: SpaceTimeComposite) -> list[Issue]:
    """Return where several hold at once, by set of holders, and how much land nobody holds at most."""
    together: dict[str, list[Tenure]] = defaultdict(list)
    for tenure in composite.tenures:
        if tenure.basis == Basis.DE_JURE and tenure.status == Status.CONTESTED:
            together[str(tenure.holder)].append(tenure)
    issues = []
    for holder in sorted(together):
        land = sorted({tenure.territory for tenure in together[holder]})
        area = sum(composite.territories[key].area_km2 for key in land)
        since = min(tenure.start for tenure in together[holder])
        issues.append(
            Issue(
                "overlap",
                "warning",
                holder,
                f"cover {area:,.2f} km² together, in {len(land)} territories,"
                f" from {since} on; counted as contested",
            )
        )
    return issues + _gap_issue(composite)


def _gap_issue(composite: SpaceTimeComposite) -> list[Issue]:
    change: Counter[date] = Counter()
    for tenure in composite.tenures:
        if tenure.basis == Basis.DE_JURE and tenure.holder is None:
            area = round(composite.territories[tenure.territory].area_km2 * 100)
            change[tenure.start] += area
            change[tenure.end or date.max] -= area
    total, worst = 0, (0, composite.meta.first_date)
    for day in sorted(change):
        total += change[day]
        if day <= composite.meta.as_of:
            worst = max(worst, (total, day), key=lambda pair: pair[0])
    if not worst[0]:
        return []
    text = (
        f"up to {worst[0] / 100:,.2f} km² (on {worst[1]}) are covered by no version; counted as undelimited"
    )
    return [Issue("gap", "info", "", text)]


def meta_dates(versions: list[Version], *, open_ended: bool) -> tuple[date, date]:
    """Return the first day of any version and the last day the data speak of.

    Where they are open-ended, that is the day of the last change: what holds then holds on. Else it is the
    last day before an end.
    """
    after = timedelta(days=0 if open_ended else 1)
    known = [v.start for v in versions] + [v.end - after for v in versions if v.end is not None]
    return min(v.start for v in versions), max(known)


def temporal_issues(versions: list[Version]) -> list[Issue]:
    """Return the gaps and overlaps in time between versions of one unit, one issue a unit."""
    by_unit: dict[str, list[Version]] = defaultdict(list)
    for version in versions:
        if version.unit is not None:
            by_unit[version.unit].append(version)
    issues = []
    for unit in sorted(by_unit):
        rows = sorted(by_unit[unit], key=lambda v: (v.start, v.end or date.max))
        gaps = [a.end for a, b in pairwise(rows) if a.end is not None and a.end < b.start]
        if gaps:
            text = f"has no version from {gaps[0]} on" + (
                f", and {len(gaps) - 1} more gaps" if gaps[1:] else ""
            )
            issues.append(Issue("time-gap", "info", unit, text))
    return issues
