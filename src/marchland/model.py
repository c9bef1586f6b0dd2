"""The words of the model as plain, frozen values.

A dataset says who held which *territory*, when, on which *basis*, by which *instrument*; and which *segment*
(clause) of an instrument draws each stretch of line. Nothing here computes geometry or reads files.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date as Day  # noqa: N812 - a field of Instrument is called date
from enum import StrEnum

from marchland.dates import EdtfDate

NOT_STATED = "not stated"
"""What stands for author, citation or licence where a file says nothing of them."""


class Basis(StrEnum):
    """In whose sense a holder holds: by right or in fact."""

    DE_JURE = "de_jure"
    DE_FACTO = "de_facto"


class Status(StrEnum):
    """How a territory is held."""

    SOVEREIGN = "sovereign"
    JOINT = "joint"
    UNDELIMITED = "undelimited"
    CONTESTED = "contested"
    LEASED = "leased"
    OCCUPIED = "occupied"
    PROTECTORATE = "protectorate"
    CLAIMED = "claimed"


class Stage(StrEnum):
    """S. B. Jones's stages of boundary-making (*Boundary-Making*, 1945)."""

    ALLOCATED = "allocated"
    DELIMITED = "delimited"
    DEMARCATED = "demarcated"
    ADMINISTERED = "administered"


class Rule(StrEnum):
    """How a clause says its line runs."""

    RIVER = "river"
    WATERSHED = "watershed"
    LINE = "line"
    MARKERS = "markers"
    COAST = "coast"
    SHORE = "shore"
    PARALLEL = "parallel"
    BORDER = "border"


CORRELATION_KM = 40.0
"""Least distance ℓ over which displacements are alike: the reach of a survey sheet or a valley, assumed."""

REACH_PER_SIGMA = 4.0
"""ℓ is at least this many σ.

Whoever lost a line by 60 km lost all of it: were errors of 60 km independent 40 km on, the line drawn would
fold over itself. It is also what a formula of first order needs: along a straight line the second order adds
σ²/(2ℓ²) to the variance, so that at ℓ = 4σ the standard deviation is 1.5 % short.
"""

Names = Mapping[str, str]
"""A name by language code (``en``, ``ru``, ``zh``, and ``pinyin`` where known)."""


def name_in(names: Names, lang: str) -> str:
    """Return the name in ``lang``, or in English, or in any language there is."""
    return names.get(lang) or names.get("en") or next(iter(names.values()))


@dataclass(frozen=True, slots=True)
class Era:
    """A holder's state from a date on (Qing, Republic of China, …)."""

    start: Day
    names: Names


@dataclass(frozen=True, slots=True)
class Holder:
    """One who holds: ``russia``, ``china``, or ``third:NAME``; ``china+russia`` holds jointly.

    ``colour`` is ``#rrggbb``; ``eras`` is its succession of states, oldest first.
    """

    id: str
    names: Names
    colour: str
    eras: tuple[Era, ...] = ()

    def name_on(self, when: Day, lang: str = "en") -> str:
        """Return the name of the state on a date ("Qing Empire" for ``china`` in 1860)."""
        current = [era for era in self.eras if era.start <= when]
        return name_in(current[-1].names if current else self.names, lang)


@dataclass(frozen=True, slots=True)
class Territory:
    """A named set of faces with one history; the atom of every sum.

    ``label`` is (lon, lat) in WGS 84; ``area_km2`` is rounded to 0.01 km² once, so that sums of territories
    are exact.
    """

    id: str
    names: Names
    label: tuple[float, float]
    area_km2: float = 0.0
    note: str = ""


@dataclass(frozen=True, slots=True)
class Tenure:
    """Holder of a territory over ``[start, end)``.

    ``end`` None means it still holds, ``holder`` None that nobody was agreed on.
    """

    territory: str
    holder: str | None
    status: Status
    basis: Basis
    start: Day
    end: Day | None
    instrument: str | None
    article: str | None = None
    certainty: str = "high"
    note: str = ""

    def covers(self, when: Day) -> bool:
        """Whether the half-open interval contains the date."""
        return self.start <= when and (self.end is None or when < self.end)


@dataclass(frozen=True, slots=True)
class Reading:
    """Another answer to a question the texts leave open.

    ``tenures`` are the complete histories, on both bases, of the territories that would have another one.
    """

    question: str
    answer: str
    tenures: tuple[Tenure, ...]


@dataclass(frozen=True, slots=True)
class Article:
    """What one article of an instrument says, in our words."""

    ref: str
    text: str


JULIAN = "_julian"
"""How the key of an instrument's date ends that is Julian."""


@dataclass(frozen=True, slots=True)
class Instrument:
    """A treaty, protocol or act.

    ``date`` is the day its line counts from (None: never in force); ``dates`` keeps every other date, Julian
    ones under keys that end in ``_julian``; ``frontier`` is False for an act between other powers that only
    bounds a territory here.
    """

    id: str
    names: Names
    kind: str
    date: Day | None
    status: str
    signed: str | None = None
    in_force: str | None = None
    until: Day | None = None
    parties: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    dates: Mapping[str, str] = field(default_factory=dict)
    articles: tuple[Article, ...] = ()
    sources: tuple[str, ...] = ()
    note: str = ""
    frontier: bool = True


def reach_km(sigma_km: float, stated_km: float | None = None) -> float:
    """Return the distance ℓ over which displacements of a line are alike, km.

    Parameters
    ----------
    sigma_km
        Standard deviation of the line's position, km.
    stated_km
        ℓ where somebody states it; else it is 40 km or 4 σ, whichever is more.

    Examples
    --------
    >>> reach_km(5.0), reach_km(60.0), reach_km(0.1, 0.5)
    (40.0, 240.0, 0.5)
    """
    return max(CORRELATION_KM, REACH_PER_SIGMA * sigma_km) if stated_km is None else stated_km


@dataclass(frozen=True, slots=True)
class Segment:
    """One clause of an instrument as a line.

    ``sigma_km`` is the standard deviation of the line's position and ``correlation_km`` the distance ℓ over
    which its errors are alike (None: 40 km, or 4 σ where that is more); ``stage`` is None where no text drew
    it (a link or an older line carried on); ``since``/``until`` bound the time it counts.
    """

    id: str
    instrument: str
    article: str
    rule: Rule
    stage: Stage | None
    sigma_km: float
    start: str
    end: str
    feature: str
    since: Day
    until: Day | None
    note: str = ""
    sources: tuple[str, ...] = ()
    correlation_km: float | None = None

    def covers(self, when: Day) -> bool:
        """Whether the segment counts on the date."""
        return self.since <= when and (self.until is None or when < self.until)


@dataclass(frozen=True, slots=True)
class Place:
    """A named point; ``lon``/``lat`` in WGS 84 degrees, ``accuracy_km`` how far off it may be.

    ``rank`` is 1 (a city on any map) to 3; ``since`` the year it was founded, None where it is
    older than the dataset (ranks 1 and 2) or not known (rank 3).
    """

    id: str
    names: Names
    lon: float
    lat: float
    accuracy_km: float
    kind: str = "settlement"
    rank: int = 3
    aliases: tuple[str, ...] = ()
    since: int | None = None


# --- records that explain, and draw no line


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened, dated in EDTF (Gregorian) as closely as it is known.

    ``texts`` tell it by language. ``place`` is the id of a place, None where it has none of its own;
    ``lon``/``lat`` in WGS 84 degrees, ``accuracy_km`` how far off they may be. ``chapter`` numbers those a
    book on the frontier is built upon.
    """

    id: str
    names: Names
    edtf: str
    texts: Names
    place: str | None
    lon: float
    lat: float
    accuracy_km: float
    instrument: str | None = None
    chapter: int | None = None
    confidence: str = "high"
    sources: tuple[str, ...] = ()

    @property
    def when(self) -> EdtfDate:
        """The date with its uncertainty."""
        return EdtfDate(self.edtf)


@dataclass(frozen=True, slots=True)
class Relation:
    """A treaty of alliance, trade or border between the powers, whether or not it drew a line here.

    ``signed``, ``in_force`` and ``until`` are EDTF (Gregorian): ``in_force`` None if it never was, ``until``
    the first day on which it no longer was, None while it is.
    """

    id: str
    names: Names
    kind: str
    signed: str
    in_force: str | None
    until: str | None
    parties: tuple[str, ...] = ()
    instrument: str | None = None
    note: str = ""
    sources: tuple[str, ...] = ()

    def covers(self, when: Day) -> bool:
        """Whether it may have been in force on the date; where only a year is known the whole year counts."""
        start = EdtfDate(self.in_force).earliest if self.in_force else None
        end = EdtfDate(self.until).latest if self.until else None
        return start is not None and start <= when and (end is None or when < end)


@dataclass(frozen=True, slots=True)
class Claim:
    """A published figure, and how the dataset would measure the same.

    ``kind`` is ``area_km2``, ``length_km`` or ``other``; ``low``/``high`` are the range published;
    ``measure`` is a formula as :mod:`marchland.formulas` reads it, empty where nothing in the dataset
    answers; ``explanation`` says why the two differ, where they do.
    """

    id: str
    kind: str
    subject: str
    published: str
    low: float | None
    high: float | None
    measure: str = ""
    as_of: str = ""
    sources: tuple[str, ...] = ()
    explanation: str = ""


@dataclass(frozen=True, slots=True)
class Wording:
    """What an article, a feature or a note says in other languages; ``id`` is what it says in English."""

    id: str
    texts: Names


@dataclass(frozen=True, slots=True)
class Source:
    """What a source key stands for; ``note`` says of what quality it is."""

    key: str
    title: str
    url: str | None = None
    note: str = ""


# --- what reading and checking say of data


@dataclass(frozen=True, slots=True)
class Issue:
    """Something found in data, whether it was put right or only noted.

    ``code`` is a short stable word (``invalid-ring``), ``severity`` ``error``, ``warning`` or ``info``,
    ``id`` what it was found in (empty: the whole), ``message`` the fact and the remedy if there is one.
    """

    code: str
    severity: str
    id: str
    message: str


@dataclass(frozen=True, slots=True)
class Sliver:
    """A thin face of a partition and what became of it.

    ``lon``/``lat`` in WGS 84 degrees lie in it, ``width_km`` is twice its area over its perimeter.
    ``merged_into`` is the face whose history it took, None where it kept its own, ``refused`` says why.
    """

    face: str
    lon: float
    lat: float
    area_km2: float
    width_km: float
    merged_into: str | None
    refused: str = ""
