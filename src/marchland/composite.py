"""The space-time composite: faces that are never split, arcs that carry their clauses, and dated tenures.

Every answer is asked of it. A map of a date is a recolouring of the faces, a comparison a filter and a sum;
no polygon is ever overlaid on another.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from marchland.answers import Frontier, Holding, Snapshot, holders_beside, pair_row, segment_row
from marchland.errors import DateError, NotFoundError, UsageError
from marchland.faces import Arc, Face
from marchland.meta import DatasetMeta
from marchland.model import (
    Basis,
    Claim,
    Event,
    Holder,
    Instrument,
    Issue,
    Place,
    Reading,
    Relation,
    Segment,
    Sliver,
    Source,
    Status,
    Tenure,
    Territory,
    Wording,
)

if TYPE_CHECKING:
    from shapely.geometry import LineString, Polygon

    from marchland.location import FaceIndex
    from marchland.pictures import Picture

MAIN_PARTIES = frozenset({"russia", "china"})
"""The two powers whose common frontier is followed where a dataset names no others."""

NO_LINE = frozenset({Status.CONTESTED, Status.CLAIMED})
"""Land held so has no agreed edge: an arc beside it is no frontier."""


@dataclass(frozen=True)
class SpaceTimeComposite:
    """Faces, arcs, tenures, and the records that explain them.

    ``covariance`` maps a pair of arcs (`Arc.stretch`, in order) to the covariance of the areas they sweep, in
    km² per km of σ on each: the variance of the area of a set of faces is Σ sᵢ sⱼ σᵢ σⱼ C[i, j] over its
    boundary arcs, s = ±1. ``load_faces``/``load_arcs``/``load_backdrop`` fetch geometries (lon/lat, WGS 84)
    only when one is asked for, ``load_relief`` the picture of its land forms if there is one. ``readings``
    are the other answers to what the texts leave open, ``chosen`` those in use, each as ``question=answer``.
    ``events``, ``relations`` and ``claims`` are in the order of their files, ``bibliography`` has the sources
    by key, ``wordings`` what articles, features and notes say in other languages, by their English.

    ``parties`` are the holders whose common frontier :meth:`frontier` follows; None follows every line
    between different holders, as the boundaries a user brings have no main parties. ``opened`` are
    the options given as such boundaries were read, ``reading_report`` tells what was assumed and repaired,
    ``slivers`` what became of their thin faces.
    """

    meta: DatasetMeta
    holders: Mapping[str, Holder]
    territories: Mapping[str, Territory]
    instruments: Mapping[str, Instrument]
    segments: Mapping[str, Segment]
    places: Mapping[str, Place]
    tenures: tuple[Tenure, ...]
    faces: tuple[Face, ...]
    arcs: tuple[Arc, ...]
    covariance: Mapping[tuple[str, str], float]
    load_faces: Callable[[], "dict[str, Polygon]"] = field(repr=False)
    load_arcs: Callable[[], "dict[str, LineString]"] = field(repr=False)
    load_backdrop: Callable[[], list[dict[str, Any]]] = field(repr=False)
    readings: tuple[Reading, ...] = ()
    chosen: tuple[str, ...] = ()
    opened: tuple[tuple[str, str | float], ...] = ()
    events: Mapping[str, Event] = field(default_factory=dict)
    relations: Mapping[str, Relation] = field(default_factory=dict)
    claims: Mapping[str, Claim] = field(default_factory=dict)
    bibliography: Mapping[str, Source] = field(default_factory=dict)
    wordings: Mapping[str, Wording] = field(default_factory=dict)
    parties: frozenset[str] | None = MAIN_PARTIES
    reading_report: tuple[Issue, ...] = ()
    slivers: tuple[Sliver, ...] = ()
    load_relief: "Callable[[], Picture | None] | None" = field(default=None, repr=False)

    def __repr__(self) -> str:
        """Say in a line which dataset it is; all it holds would fill a book."""
        meta = self.meta
        read = f", {', '.join(self.chosen)}" if self.chosen else ""
        return (
            f"<SpaceTimeComposite {meta.name} {meta.version}: {len(self.territories)} territories,"
            f" {meta.first_date} to {meta.as_of}{' and on' if meta.open_ended else ''}{read}>"
        )

    # --- geometry, fetched on first use

    @cached_property
    def face_geometries(self) -> "dict[str, Polygon]":
        """Polygon of each face id, lon/lat in WGS 84."""
        return self.load_faces()

    @cached_property
    def arc_geometries(self) -> "dict[str, LineString]":
        """Line of each arc id, lon/lat in WGS 84."""
        return self.load_arcs()

    @cached_property
    def backdrop(self) -> list[dict[str, Any]]:
        """GeoJSON features of rivers and lakes (``properties.kind`` is ``river`` or ``lake``).

        For drawing only.
        """
        return self.load_backdrop()

    @cached_property
    def relief(self) -> "Picture | None":
        """The shaded relief of the dataset's window, None where it has none; for drawing only."""
        return self.load_relief() if self.load_relief else None

    # --- indexes

    @cached_property
    def _tenures_by_key(self) -> dict[tuple[str, Basis], list[Tenure]]:
        table: dict[tuple[str, Basis], list[Tenure]] = {}
        for tenure in sorted(self.tenures, key=lambda t: t.start):
            table.setdefault((tenure.territory, tenure.basis), []).append(tenure)
        return table

    @cached_property
    def bases_differ(self) -> bool:
        """Whether any land was ever held otherwise in fact than by right."""
        held: dict[Basis, set[tuple[object, ...]]] = {basis: set() for basis in Basis}
        for tenure in self.tenures:
            held[tenure.basis].add((tenure.territory, tenure.holder, tenure.status, tenure.start, tenure.end))
        return held[Basis.DE_JURE] != held[Basis.DE_FACTO]

    @cached_property
    def territory_of_face(self) -> dict[str, str | None]:
        """Territory id of each face id (None for backdrop)."""
        return {face.id: face.territory for face in self.faces}

    # --- readings

    def read(self, *choices: str) -> "SpaceTimeComposite":
        """Return the composite with other readings chosen, each as ``question=answer`` (``uda=north``).

        Raises :class:`~marchland.errors.NotFoundError` for a reading the dataset does not hold, and
        :class:`~marchland.errors.UsageError` for two answers to one question.
        """
        known = {f"{reading.question}={reading.answer}": reading for reading in self.readings}
        unknown = [choice for choice in choices if choice not in known]
        if unknown:
            msg = f"no reading {unknown[0]!r}; there are {', '.join(sorted(known)) or 'none'}"
            raise NotFoundError(msg, suggestions=_close(unknown[0], known))
        wanted = [known[choice] for choice in dict.fromkeys((*self.chosen, *choices))]
        land = [
            territory for reading in wanted for territory in sorted({t.territory for t in reading.tenures})
        ]
        if len(set(land)) < len(land):
            msg = f"{', '.join(choices)} read the same land in different ways; choose one"
            raise UsageError(msg)
        other = tuple(tenure for reading in wanted for tenure in reading.tenures)
        tenures = (*(t for t in self.tenures if t.territory not in land), *other)
        return replace(self, tenures=tenures, chosen=tuple(sorted({*self.chosen, *choices})))

    def said(self, text: str, lang: str) -> str:
        """Return what an article, a feature or a note says in a language; English where no other is known."""
        return self.wordings[text].texts.get(lang, text) if text in self.wordings else text

    def credited(self, **words: str | None) -> "SpaceTimeComposite":
        """Return the same with ``title``, ``credit`` and ``licence``: see :meth:`DatasetMeta.credited`."""
        return replace(self, meta=self.meta.credited(**words))

    # --- dates

    def check_date(self, when: date) -> date:
        """Return ``when``, or raise :class:`DateError` if the dataset does not answer for it."""
        meta = self.meta
        if when < meta.first_date or (when > meta.as_of and not meta.open_ended):
            until = "on" if meta.open_ended else f"to {meta.as_of}"
            span = f"a date from {meta.first_date} {until}"
            only = f"{meta.as_of}, the only date it has"
            msg = f"{when} is outside {meta.name}: choose {only if meta.first_date == meta.as_of else span}"
            raise DateError(msg)
        return when

    def change_dates(self, basis: Basis | str = Basis.DE_JURE) -> tuple[date, ...]:
        """Return every date on which a territory changes holder or status on the basis, oldest first.

        The dataset's first date leads.
        """
        changes = {self.meta.first_date}
        for (_, kind), tenures in self._tenures_by_key.items():
            if kind == Basis(basis):
                changes.update(
                    after.start
                    for before, after in pairwise(tenures)
                    if (before.holder, before.status) != (after.holder, after.status)
                )
        return tuple(sorted(day for day in changes if self.meta.first_date <= day <= self.meta.as_of))

    # --- who held what

    def tenure_at(self, territory: str, when: date, basis: Basis | str = Basis.DE_JURE) -> Tenure | None:
        """Return the tenure of a territory on a date and basis, or None outside the dataset's dates."""
        tenures = self._tenures_by_key.get((territory, Basis(basis)), [])
        return next((tenure for tenure in tenures if tenure.covers(when)), None)

    def at(self, when: date | str | int, *, basis: Basis | str = Basis.DE_JURE) -> Snapshot:
        """Return who held each territory on a date (a year means its last day; a version's name its date).

        Raises :class:`~marchland.errors.DateError` outside the dataset's dates and
        :class:`~marchland.errors.NotFoundError` for an unknown name.
        """
        day = self.resolve_when(when)
        rows = []
        for territory in self.territories:
            tenure = self.tenure_at(territory, day, basis)
            if tenure is not None:
                rows.append(Holding(territory, tenure.holder, tenure.status, tenure))
        return Snapshot(self, day, Basis(basis), tuple(rows))

    def history(
        self,
        place: tuple[float, float] | None = None,
        *,
        territory: str | None = None,
        basis: Basis | str | None = None,
    ) -> tuple[Tenure, ...]:
        """Return the tenures of the land at ``place`` (lon, lat) or of a territory, oldest first.

        On one basis or (None) on both.

        Raises :class:`~marchland.errors.NotFoundError` where the dataset holds no land, and for an unknown
        territory.
        """
        if territory is None:
            if place is None:
                msg = "history needs a place or a territory"
                raise TypeError(msg)
            territory = self.locate(*place)
        if territory not in self.territories:
            msg = f"no territory {territory!r}"
            raise NotFoundError(msg, suggestions=_close(str(territory), self.territories))
        rows = [
            t for t in self.tenures if t.territory == territory and (basis is None or t.basis == Basis(basis))
        ]
        return tuple(sorted(rows, key=lambda t: (t.start, t.basis != Basis.DE_JURE)))

    def locate(self, lon: float, lat: float) -> str:
        """Return the territory at a point in WGS 84 degrees.

        A point within 10 km of land counts as that land.

        Raises :class:`~marchland.errors.NotFoundError` at sea, outside the window, and on land the dataset
        keeps no history of.
        """
        found = [self.territory_of_face[face] for face in self._face_index.at(lon, lat)]
        named = [t for t in found if t is not None]
        if named:
            return named[0]
        what = (
            "lies on land whose history this dataset does not hold"
            if found
            else "lies at sea or outside the dataset's window"
        )
        msg = f"{lon:g} {lat:g} {what}; coordinates are longitude latitude in degrees"
        raise NotFoundError(msg)

    @cached_property
    def _face_index(self) -> "FaceIndex":
        from marchland.location import FaceIndex

        return FaceIndex(self.face_geometries)

    # --- the frontier

    def arc_segment(self, arc: Arc, when: date) -> Segment | None:
        """Return the segment that carries an arc on a date.

        The newest in force, else the newest older one, else the oldest to come.
        """
        candidates = [self.segments[s] for s in arc.segments]
        active = [s for s in candidates if s.covers(when)]
        if active:
            return max(active, key=lambda s: (s.since, s.id))
        past = [s for s in candidates if s.since <= when]
        if past:
            return max(past, key=lambda s: (s.since, s.id))
        return min(candidates, key=lambda s: (s.since, s.id), default=None)

    def frontier_arcs(self, when: date, basis: Basis | str = Basis.DE_JURE) -> list[Arc]:
        """Return the arcs on which the parties, their joint or their undelimited land meet on a date.

        Land that is ``contested`` or ``claimed`` has no agreed edge, so an arc beside it is no frontier; nor
        was there one anywhere before the first instrument. Where the dataset names no parties, every arc
        between land of different holders (None is one) counts.
        """
        if self.parties is not None and self.instrument_in_force(when) is None:
            return []
        held = {h.territory: h for h in self.at(when, basis=basis).rows}
        return [arc for arc in self.arcs if self._divides(arc, held)]

    def _divides(self, arc: Arc, held: Mapping[str, Holding]) -> bool:
        if arc.left is None or arc.right is None:
            return False
        left, right = (held.get(self.territory_of_face[face] or "") for face in (arc.left, arc.right))
        if left is None or right is None or left.holder == right.holder:
            return False
        return self.parties is None or all(
            side.status not in NO_LINE
            and (side.holder is None or set(side.holder.split("+")) <= self.parties)
            for side in (left, right)
        )

    def frontier(self, when: date | str | int, *, basis: Basis | str = Basis.DE_JURE) -> Frontier:
        """Return the frontier of a date, one row per segment in the order of the instruments' dates.

        Where the dataset names no parties and has no segments, one row per pair of holders by name, as
        ``A | B``, with undelimited land as ``–``.

        Raises as :meth:`at`.
        """
        day = self.resolve_when(when)
        grouped: dict[str, list[Arc]] = {}
        pairs: dict[str, list[Arc]] = {}
        snapshot = self.at(day, basis=basis) if self.parties is None else None
        for arc in self.frontier_arcs(day, basis):
            segment = self.arc_segment(arc, day)
            if segment is not None:
                grouped.setdefault(segment.id, []).append(arc)
            elif snapshot is not None:
                pairs.setdefault(holders_beside(arc, snapshot), []).append(arc)
        rows = [segment_row(self.segments[key], arcs, day) for key, arcs in grouped.items()]
        rows.sort(key=lambda r: (self.segments[r.segment].since, r.segment))
        rows += [pair_row(pair, pairs[pair]) for pair in sorted(pairs)]
        return Frontier(self, day, Basis(basis), tuple(rows))

    # --- names

    def resolve_when(self, when: date | str | int) -> date:
        """Return the date meant by a date, a year (its last day) or a version's name.

        The ``as_of`` year means that day, unless the dataset is open-ended.

        Raises :class:`DateError` and :class:`NotFoundError` (with suggestions), also for an instrument never
        in force.
        """
        from marchland.versions import resolve_when

        last = None if self.meta.open_ended else self.meta.as_of
        return self.check_date(resolve_when(when, self.instruments, last))

    def instrument_in_force(self, when: date) -> Instrument | None:
        """Return the newest instrument whose line counted on the date, or None before the first."""
        past = [
            i
            for i in self.instruments.values()
            if i.frontier and i.date is not None and i.date <= when and (i.until is None or when < i.until)
        ]
        return max(past, key=lambda i: (i.date or date.min, i.id), default=None)

    def stamp(self, dates: Iterable[date], basis: Basis | str | None) -> dict[str, Any]:
        """Return where an answer comes from: dataset, hash, basis, exact dates, method, CRS, licence.

        ``as_of`` is among it where a date is later than that.
        """
        days = list(dates)
        chosen: dict[str, Any] = {"readings": list(self.chosen)} if self.chosen else {}
        if self.opened:
            chosen["opened"] = dict(self.opened)
        if any(day > self.meta.as_of for day in days):
            chosen["as_of"] = self.meta.as_of.isoformat()
        return {
            "dataset": self.meta.name,
            "version": self.meta.version,
            "hash": self.meta.hash,
            "basis": str(basis) if basis is not None else None,
            "dates": [day.isoformat() for day in days],
            "method": "ellipsoidal area by authalic line integral; sigma by correlated arc displacement",
            "crs": "OGC:CRS84",
            "citation": self.meta.citation,
            "licence": self.meta.licence,
            "attribution": self.meta.attribution,
            **chosen,
        }


def _close(word: str, names: Iterable[str]) -> tuple[str, ...]:
    from difflib import get_close_matches

    return tuple(get_close_matches(word, list(names), n=3, cutoff=0.5))
