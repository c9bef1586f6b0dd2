"""The words of an article kit: what the map shows, in sentences an editor can print, all figures computed.

Names come from data and cannot be declined: the Russian sentences need no case but the nominative and no
verb that agrees with a name. English ones give an article to names of kinds of states ("the Qing Empire").
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

from marchland.comparison import Change, area_sigma
from marchland.model import Status
from marchland.render.credits import basis_line
from marchland.render.kit import numbers
from marchland.render.kit.pieces import foot_lines, kit_texts
from marchland.render.payload import STAGES
from marchland.render.scene import Scene
from marchland.render.texts import Texts
from marchland.render.words import holder_name, in_force, instrument_name, year_note
from marchland.treaties import old_style

if TYPE_CHECKING:
    from marchland.comparison import Comparison, PairRow
    from marchland.errorbars import ErrorModel
    from marchland.model import Source

QUALITY = ("primary", "scholarly", "data", "encyclopedia", "", "popular", "no source")
"""How the notes of sources begin, the best first; a note that begins otherwise counts as none."""

_ADDRESS = re.compile(r"https?://[^\s<>\"]+")

_STATES = "Empire|Republic|Union|Federation|Kingdom|Khanate|Emirate|Sultanate|States"
_DEFINITE = re.compile(rf"(?!the )(.* )?({_STATES})( of .*)?$", re.IGNORECASE)
"""English names that take an article inside a sentence."""

_NUMBER = re.compile(r"[0-9]+|[IVXL]+(?![a-z])")
"""What an article is called by, before what else is said of the clause."""

SHOWN_PAIRS = 6
"""Pairs of holders told in the paragraph, the largest first; all of them are in the table."""


@dataclass(frozen=True)
class Prose:
    """The words of a kit; ``errors`` None are those the dataset states."""

    scene: Scene
    comparison: "Comparison | None"
    errors: "ErrorModel | None" = None

    @cached_property
    def texts(self) -> Texts:
        """The scene's words and the kit's."""
        return kit_texts(self.scene)

    @cached_property
    def title(self) -> str:
        """The heading."""
        if self.comparison is None:
            return self.texts("heading", date=self.texts.date(self.scene.date))
        return self.texts("change_heading", **self.dates)

    @cached_property
    def dates(self) -> dict[str, str]:
        """Both dates of the comparison in words; none without one."""
        if self.comparison is None:
            return {}
        both = (self.comparison.before.date, self.comparison.after.date)
        return {key: self.texts.date(day) for key, day in zip(("before", "after"), both, strict=True)}

    @cached_property
    def subtitle(self) -> str:
        """One line under the heading of the plate."""
        if self.comparison is None:
            return in_force(self.scene, self.scene.date)
        return self._total() if self.comparison.ledger else self.texts("nothing_moved")

    @cached_property
    def caption(self) -> str:
        """The caption with source and citation, one paragraph."""
        key = "kit_caption" if self.comparison is None else "kit_change_caption"
        title = self.scene.composite.meta.title_in(self.texts.lang)
        days = self.dates or {"date": self.texts.date(self.scene.date)}
        return self._joined([self.texts(key, title=title, **days), *foot_lines(self.scene, self.texts)])

    @cached_property
    def alt(self) -> str:
        """What the picture shows, for those who cannot see it."""
        texts = self.texts
        if self.comparison is None:
            names = self._list(self._holders())
            said = [texts("alt_date", date=texts.date(self.scene.date)), texts("alt_holders", holders=names)]
            return self._joined([*said, self._length(self.scene.date)])
        if not self.comparison.ledger:
            return self._joined([texts("alt_change", **self.dates), texts("nothing_moved")])
        return self._joined([texts("alt_change", **self.dates), self._pairs(), texts("alt_lines")])

    @cached_property
    def sentences(self) -> list[str]:
        """The paragraph, sentence by sentence."""
        told = [line for line in (self._of_date() if self.comparison is None else self._of_change()) if line]
        return [*told, self.texts("sigma_note")] if any("±" in line for line in told) else told

    @cached_property
    def sources(self) -> list[tuple[str, str]]:
        """Titles and addresses ("" for none) of the sources of the instruments concerned, treaties first.

        Those of which the dataset thinks little are left out of an instrument that has better ones.
        """
        known = self.scene.composite.bibliography
        found: dict[str, int] = {}
        for name in self._instruments():
            instrument = self.scene.composite.instruments.get(name)
            ranks = {key: _rank(known.get(key)) for key in (instrument.sources if instrument else ())}
            weak = QUALITY.index("popular")
            good = {key: rank for key, rank in ranks.items() if rank < weak}
            found |= good or ranks
        return [_cited(key, known.get(key)) for key in sorted(found, key=lambda key: found[key])]

    # --- a date

    def _of_date(self) -> list[str]:
        day, texts = self.scene.date, self.texts
        force = in_force(self.scene, day)
        return [
            self._length(day),
            self._stages(day),
            self._stop(force),
            self._unclear(day),
            year_note(self.scene, day),
            basis_line(self.scene, texts),
        ]

    def _length(self, day: date) -> str:
        composite, texts = self.scene.composite, self.texts
        length = composite.frontier(day, basis=self.scene.basis).length_km
        if not length:
            return texts("no_line", date=texts.date(day))
        return texts("frontier_length", date=texts.date(day), length=self._km(length))

    def _km(self, length: float) -> str:
        """Write a length: to ten kilometres above a thousand, as no line is known better along its bends."""
        whole = round(length, -1 if length >= 1000 else 0)
        return self.texts("length", value=numbers.number(self.texts, whole))

    def _stages(self, day: date) -> str:
        sums: dict[str, float] = {}
        for row in self.scene.composite.frontier(day, basis=self.scene.basis).rows:
            sums[str(row.stage or "none")] = sums.get(str(row.stage or "none"), 0.0) + row.length_km
        if not self.scene.composite.parties or not sums:
            return ""
        words = self.texts.words["stage"]
        told = [
            self.texts(
                "amount", what=words[str(stage or "none")], amount=self._km(sums[str(stage or "none")])
            )
            for stage in STAGES
            if sums.get(str(stage or "none"))
        ]
        return self.texts("stages", list=self._list(told))

    def _unclear(self, day: date) -> str:
        """Tell of land that was not plainly one holder's."""
        composite = self.scene.composite
        snapshot = composite.at(day, basis=self.scene.basis)
        groups: dict[tuple[Status, str | None], list[str]] = {}
        for row in snapshot.rows:
            if row.status != Status.SOVEREIGN:
                groups.setdefault((row.status, row.holder), []).append(row.territory)
        told = []
        for (status, holder), lands in sorted(
            groups.items(), key=lambda item: (item[0][0], item[0][1] or "")
        ):
            size = sum(round(composite.territories[name].area_km2 * 100) for name in lands) / 100
            sigma = area_sigma(composite, set(lands), [snapshot], self.errors)
            who = self._named(holder, day)
            what = self.texts("holder_status", holder=who, status=self.texts.status(status))
            told.append(self.texts("amount", what=what, amount=numbers.area(self.texts, size, sigma)))
        return self.texts("unclear", list=self._list(told)) if told else ""

    def _holders(self) -> list[str]:
        day = self.scene.date
        return [holder_name(self.scene, h, day) for h in self.scene.areas(day) if h is not None]

    # --- a change

    @property
    def _change(self) -> "Comparison":
        if self.comparison is None:
            msg = "there is nothing to compare"
            raise TypeError(msg)
        return self.comparison

    def _of_change(self) -> list[str]:
        texts = self.texts
        if not self._change.ledger:
            return [texts("nothing_between", **self.dates), self._lengths()]
        return [
            *self._between(),
            self._acts(),
            self._net(),
            self._status_only(),
            self._redrawn(),
            self._lengths(),
            basis_line(self.scene, texts),
        ]

    def _between(self) -> list[str]:
        """Tell how much land changed hands and, pair by pair, from whom to whom."""
        texts, pairs, moved = self.texts, self._change.by_pair, self._moved()
        if not moved:
            return [texts("only_status")]
        if len(pairs) > 1:
            return [texts("between_pairs", **self.dates, what=moved, list=self._pairs())]
        return [texts("between", **self.dates, what=moved), *(self._pair(row, "all_") for row in pairs)]

    def _total(self) -> str:
        """Tell the sum of the land that changed hands, with the error of the sum."""
        moved = self._moved()
        return self.texts("moved_total", area=moved) if moved else self.texts("only_status")

    def _moved(self) -> str:
        change = self._change
        moved = [row for row in change.ledger if row.from_holder != row.to_holder]
        if not moved:
            return ""
        size = sum(round(row.area_km2 * 100) for row in moved) / 100
        share = {row.territory: 1.0 for row in moved}
        sigma = change.errors.area_sigma_km2(share, (change.before, change.after))
        return numbers.area(self.texts, size, sigma)

    def _pairs(self) -> str:
        rows = sorted(self._change.by_pair, key=lambda row: -row.area_km2)
        told = [self._pair(row) for row in rows[:SHOWN_PAIRS]]
        rest = rows[SHOWN_PAIRS:]
        if rest:
            size = numbers.area(self.texts, sum(row.area_km2 for row in rest), None)
            told.append(self.texts("and_more", count=len(rest), area=size))
        return self._list(told)

    def _pair(self, row: "PairRow", prefix: str = "") -> str:
        """Tell of land that passed; ``all_`` tells of all the land there is to tell of."""
        key = "from_nobody" if row.from_holder is None else "to_nobody" if row.to_holder is None else "passed"
        return self.texts(
            prefix + key,
            before=self._named(row.from_holder, self._change.before.date),
            after=self._named(row.to_holder, self._change.after.date),
            area=numbers.area(self.texts, row.area_km2, row.sigma_km2),
        )

    def _named(self, holder: str | None, day: date) -> str:
        """Return a holder's name as it stands inside a sentence."""
        if holder is None:
            return self.texts("nobody_amid")
        name = holder_name(self.scene, holder, day)
        return f"the {name}" if self.texts.lang == "en" and _DEFINITE.match(name) else name

    def _net(self) -> str:
        """Tell what each holder gained or lost on balance, where that is more than one passing says."""
        if len(self._change.by_pair) < 2:
            return ""
        told = []
        for row in sorted(self._change.by_holder, key=lambda row: -row.net_km2):
            if row.holder is not None:
                name = self._named(row.holder, self._change.after.date)
                size = numbers.area(self.texts, abs(row.net_km2), row.sigma_km2)
                told.append(self.texts("gained" if row.net_km2 > 0 else "lost", what=name, amount=size))
        return self.texts("net", list=self._list(told)) if told and len(told) <= SHOWN_PAIRS else ""

    def _status_only(self) -> str:
        same = [row for row in self._change.ledger if row.from_holder == row.to_holder]
        if not same or len(same) == len(self._change.ledger):
            return ""
        size = sum(round(row.area_km2 * 100) for row in same) / 100
        return self.texts("status_only", area=numbers.area(self.texts, size, None))

    def _redrawn(self) -> str:
        rows = [row for row in self._change.by_pair if row.change == Change.REDRAWN]
        return self.texts("redrawn", list=self._list([self._pair(row) for row in rows])) if rows else ""

    def _lengths(self) -> str:
        composite, basis = self.scene.composite, self.scene.basis
        both = [
            composite.frontier(s.date, basis=basis).length_km
            for s in (self._change.before, self._change.after)
        ]
        if not all(both):
            return ""
        return self.texts("lengths", before=self._km(both[0]), after=self._km(both[1]))

    def _acts(self) -> str:
        """Name the instruments with their articles and days, the Julian day beside one that was dated so."""
        told = [self._act(name, articles) for name, articles in self._articles().items()]
        return self.texts("acts", list=self._list(told)) if told else ""

    def _act(self, name: str, articles: Iterable[str]) -> str:
        known = self.scene.composite.instruments.get(name)
        title = instrument_name(self.scene, name)
        wanted = dict.fromkeys(found[0] for article in articles if (found := _NUMBER.match(article)))
        if wanted:
            listed = str(self.texts.words["list"]).join(wanted)
            title = self.texts("article", instrument=title, article=listed)
        if known is None or known.date is None:
            return title
        return self.texts("act", instrument=title, date=self._both_calendars(known.date))

    def _both_calendars(self, day: date) -> str:
        julian = old_style(day.isoformat())
        if julian is None or self.texts.lang == "zh" or julian.endswith("02-29"):
            return self.texts.date(day)
        return self.texts(
            "old_style", date=self.texts.date(day), julian=self.texts.date(date.fromisoformat(julian))
        )

    def _articles(self) -> Mapping[str, list[str]]:
        """Return the articles by which land of the ledger moved, by instrument, in order of time."""
        change = self._change
        first, last = sorted((change.before.date, change.after.date))
        moved = {row.territory for row in change.ledger}
        found: dict[str, list[str]] = {}
        for tenure in sorted(self.scene.composite.tenures, key=lambda t: (t.start, t.territory)):
            if tenure.basis != change.before.basis or not first < tenure.start <= last:
                continue
            if tenure.territory in moved and tenure.instrument:
                known = found.setdefault(tenure.instrument, [])
                if tenure.article and tenure.article not in known:
                    known.append(tenure.article)
        return {name: sorted(articles) for name, articles in found.items()}

    def _instruments(self) -> list[str]:
        if self.comparison is not None:
            return list(self._articles())
        current = self.scene.composite.instrument_in_force(self.scene.date)
        return [current.id] if current else []

    # --- how sentences are put together

    def _list(self, items: Iterable[str]) -> str:
        return str(self.texts.words["semicolon"]).join(items)

    def _joined(self, sentences: Iterable[str]) -> str:
        return str(self.texts.words["sentence"]).join(self._stop(s) for s in sentences if s)

    def _stop(self, sentence: str) -> str:
        stop = str(self.texts.words["stop"])
        return sentence if not sentence or sentence[-1] in ".。!?" else sentence + stop

    @property
    def paragraph(self) -> str:
        """The sentences as one paragraph."""
        return self._joined(self.sentences)


def _rank(source: "Source | None") -> int:
    """Return the place of a source in :data:`QUALITY`."""
    note = source.note if source is not None else ""
    return next((at for at, word in enumerate(QUALITY) if word and note.startswith(word)), QUALITY.index(""))


def _cited(key: str, source: "Source | None") -> tuple[str, str]:
    if source is None:
        return key, ""
    url = source.url or ""
    return source.title, url if _ADDRESS.fullmatch(url) else ""
