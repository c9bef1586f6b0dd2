"""The page of the article kit: one figure to put into a frame on somebody else's site."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

from marchland.model import name_in
from marchland.render.document import script_json, text
from marchland.render.inline import asset
from marchland.render.kit import numbers
from marchland.render.kit.pieces import foot_lines, kit_texts, legend, table
from marchland.render.light.drawing import LightMap
from marchland.render.light.fills import Pair
from marchland.render.light.frames import Framer, View
from marchland.render.opening import joined_script, opening
from marchland.render.scene import Scene
from marchland.render.texts import Texts
from marchland.render.words import holder_name, in_force, instrument_name, reason, year_note

if TYPE_CHECKING:
    from marchland.comparison import Comparison, LedgerRow

_ICONS = {"previous": "M13 3 6 8l7 5zM3 3h2v10H3z", "next": "M3 3l7 5-7 5zM11 3h2v10h-2z"}
MODES = ("before", "after", "change")


@dataclass(frozen=True)
class KitPage:
    """What the pages of a date and of a change have in common."""

    scene: Scene

    @cached_property
    def texts(self) -> Texts:
        """The words of the page."""
        return kit_texts(self.scene)

    @cached_property
    def title(self) -> str:
        """The dataset's title in the page's language."""
        return self.scene.composite.meta.title_in(self.texts.lang)

    def write(self, light: LightMap, data: dict[str, Any], parts: "Parts") -> str:
        """Return the whole page."""
        style = asset("light/light.css") + asset("light/kit.css")
        script = joined_script("light/light.js", "light/kit.js")
        title = f"{parts.heading} – {self.title}"
        return "\n".join(
            [
                *opening(self.texts.lang, title, styles=[style], scripts=[script]),
                light.pattern_defs(),
                "<main>",
                f'<header><h1 id="heading">{text(parts.heading)}</h1>',
                f'<p class="force" id="force">{text(parts.force)}</p>',
                f'<p class="note" id="note">{text(parts.note)}</p></header>',
                f'<figure><div class="sheet">{light.svg(parts.label)}</div>{parts.controls}',
                legend(self.texts, light, parts.lands_heading),
                self._caption(parts.caption),
                "</figure>",
                parts.tables,
                "</main>",
                f'<script type="application/json" id="marchland-data">{script_json(data)}</script>',
                f"<script>{script}</script>",
                "</body></html>",
                "",
            ]
        )

    def _caption(self, first: str) -> str:
        rest = "".join(f"<p>{text(line)}</p>" for line in foot_lines(self.scene, self.texts))
        return f'<figcaption><p id="caption">{text(first)}</p>{rest}</figcaption>'


@dataclass(frozen=True)
class Parts:
    """The words and pieces of a page that differ: all words plain, ``controls`` and ``tables`` as HTML."""

    heading: str
    force: str
    note: str
    label: str
    caption: str
    lands_heading: str
    controls: str
    tables: str


# --- a date


def date_page(scene: Scene) -> str:
    """Return the page of a date, with a slider over every date of change."""
    return _DatePage(scene).html()


class _DatePage(KitPage):
    @cached_property
    def days(self) -> tuple[date, ...]:
        return tuple(sorted({*self.scene.change_dates, self.scene.date}))

    def html(self) -> str:
        framer = Framer(self.scene)
        shown = self.days.index(self.scene.date)
        light = LightMap(framer, tuple(framer.on(day) for day in self.days), shown)
        data = light.data() | {
            "stops": [self.days.index(day) for day in self.scene.change_dates],
            "days": [self._day(day) for day in self.days],
            **self._areas(),
            "words": {key: self.texts.words[key] for key in ("thousands", "km2", "percent")},
        }
        return self.write(light, data, self._parts())

    def _parts(self) -> Parts:
        scene, day = self.scene, self.texts.date(self.scene.date)
        return Parts(
            heading=self.texts("heading", date=day),
            force=in_force(scene, scene.date),
            note=year_note(scene, scene.date),
            label=self.texts("static_label", date=day),
            caption=self.texts("kit_caption", title=self.title, date=day),
            lands_heading=self.texts("legend_land"),
            controls=self._controls(),
            tables=self._table(),
        )

    def _day(self, day: date) -> dict[str, str]:
        """Return what the page says of a date."""
        said = self.texts.date(day)
        return {
            "day": day.isoformat(),
            "heading": self.texts("heading", date=said),
            "title": f"{self.texts('heading', date=said)} – {self.title}",
            "force": in_force(self.scene, day),
            "note": year_note(self.scene, day),
            "label": self.texts("static_label", date=said),
            "caption": self.texts("kit_caption", title=self.title, date=said),
            "areas": self.texts("table_caption", date=said),
            "value": self._value(day),
        }

    def _value(self, day: date) -> str:
        """Say what the slider stands on: the last change, and the date shown if that is a later one."""
        stop = max(d for d in self.scene.change_dates if d <= day)
        said = f"{self.texts.date(stop)} – {reason(self.scene, stop)}"
        return said if stop == day else f"{self.texts.date(day)} ({said})"

    def _rows(self, day: date) -> list[tuple[str, int]]:
        found = self.scene.areas(day).items()
        return [(holder_name(self.scene, holder, day), round(km2)) for holder, km2 in found]

    def _areas(self) -> dict[str, Any]:
        rows = [self._rows(day) for day in self.days]
        names = {name: n for n, name in enumerate(dict.fromkeys(name for day in rows for name, _ in day))}
        return {"holders": list(names), "areas": [[[names[n], km2] for n, km2 in day] for day in rows]}

    def _controls(self) -> str:
        stops = self.scene.change_dates
        now = sum(day <= self.scene.date for day in stops) - 1
        value = text(self._value(self.scene.date))
        return (
            f'<div class="time">{self._button("previous")}'
            f'<input type="range" id="slider" min="0" max="{len(stops) - 1}" step="1" value="{now}" '
            f'aria-label="{text(self.texts("timeline"))}" aria-valuetext="{value}">{self._button("next")}'
            f'<p id="stop">{value}</p></div>'
        )

    def _button(self, name: str) -> str:
        label = text(self.texts(name))
        icon = f'<svg viewBox="0 0 16 16" aria-hidden="true"><path d="{_ICONS[name]}"/></svg>'
        return f'<button type="button" id="{name}" aria-label="{label}" title="{label}">{icon}</button>'

    def _table(self) -> str:
        texts, rows = self.texts, self._rows(self.scene.date)
        total = sum(km2 for _, km2 in rows) or 1
        body = "".join(
            f'<tr><th scope="row">{text(name)}</th><td>{texts.number(km2)} {text(texts("km2"))}</td>'
            f"<td>{text(texts('percent', value=f'{100 * km2 / total:.1f}'))}</td></tr>"
            for name, km2 in rows
        )
        heads = "".join(f'<th scope="col">{text(texts(key))}</th>' for key in ("holder", "area", "share"))
        caption = text(texts("table_caption", date=texts.date(self.scene.date)))
        return (
            f'<details id="details"><summary>{text(texts("areas_details"))}</summary>'
            f'<div class="scroll"><table><caption id="areas-caption">{caption}</caption>'
            f'<thead><tr>{heads}</tr></thead><tbody id="areas">{body}</tbody></table></div></details>'
        )


# --- a change


def change_map(scene: Scene, comparison: "Comparison", view: View | None = None) -> LightMap:
    """Return the map of a change: frames of before, after and change, the last one shown."""
    return _ChangePage(scene, comparison, view).light


def change_page(scene: Scene, comparison: "Comparison", view: View | None = None) -> str:
    """Return the page of what changed between two dates, with a switch between before, after and change.

    ``view`` is the part of the scene's sheet that matters.
    """
    return _ChangePage(scene, comparison, view).html()


@dataclass(frozen=True)
class _ChangePage(KitPage):
    comparison: "Comparison"
    view: View | None

    @cached_property
    def dates(self) -> dict[str, str]:
        both = (self.comparison.before, self.comparison.after)
        return {k: self.texts.date(s.date) for k, s in zip(("before", "after"), both, strict=True)}

    @cached_property
    def light(self) -> LightMap:
        framer = Framer(self.scene)
        frames = (
            framer.on(self.comparison.before.date, view=self.view),
            framer.on(self.comparison.after.date, view=self.view),
            framer.between(
                self.comparison,
                words=self._pair_words,
                former=self.texts("former"),
                status_only=self.texts("status_changed"),
                view=self.view,
            ),
        )
        return LightMap(framer, frames, MODES.index("change"), self.view)

    def html(self) -> str:
        data = self.light.data() | {"modes": [self._mode(mode) for mode in MODES]}
        return self.write(self.light, data, self._parts())

    def _parts(self) -> Parts:
        said = self._mode("change")
        return Parts(
            heading=self.texts("change_heading", **self.dates),
            force=self._summary(),
            note="",
            label=said["label"],
            caption=said["caption"],
            lands_heading=said["lands"],
            controls=self._controls(),
            tables=self._tables(),
        )

    def _mode(self, mode: str) -> dict[str, str]:
        """Return what the page says while a mode is on."""
        if mode == "change":
            return {
                "label": self.texts("change_label", **self.dates),
                "caption": self.texts("kit_change_caption", title=self.title, **self.dates),
                "lands": self.texts("moved_heading"),
            }
        day = self.dates[mode]
        return {
            "label": self.texts("static_label", date=day),
            "caption": self.texts("kit_caption", title=self.title, date=day),
            "lands": self.texts("legend_land"),
        }

    def _summary(self) -> str:
        if not self.comparison.ledger:
            return self.texts("nothing_moved")
        stated = any(row.sigma_km2 for row in self.comparison.ledger)
        return self.texts("sigma_note") if stated else ""

    def _name(self, holder: str | None, *, after: bool) -> str:
        day = (self.comparison.after if after else self.comparison.before).date
        return holder_name(self.scene, holder, day)

    def _pair_words(self, pair: Pair) -> str:
        row = next(row for row in self.comparison.by_pair if (row.from_holder, row.to_holder) == pair)
        return self.texts(
            "pair_area",
            before=self._name(pair[0], after=False),
            after=self._name(pair[1], after=True),
            area=numbers.area(self.texts, row.area_km2, row.sigma_km2),
        )

    def _controls(self) -> str:
        def choice(mode: str) -> str:
            checked = " checked" if mode == "change" else ""
            day = f"<small>{text(self.dates[mode])}</small>" if mode in self.dates else ""
            return (
                f'<label><input type="radio" name="mode" value="{mode}"{checked}>'
                f"<span>{text(self.texts(f'show_{mode}'))}{day}</span></label>"
            )

        return (
            f'<fieldset class="modes"><legend>{text(self.texts("show"))}</legend>'
            f"{''.join(map(choice, MODES))}</fieldset>"
        )

    def _tables(self) -> str:
        rows = [
            [
                self._name(row.from_holder, after=False),
                self._name(row.to_holder, after=True),
                numbers.area(self.texts, row.area_km2, row.sigma_km2),
            ]
            for row in self.comparison.by_pair
        ]
        keys = ("from_holder", "to_holder", "area")
        caption = self.texts("ledger_caption", **self.dates)
        first = table([self.texts(key) for key in keys], rows, caption) if rows else ""
        return f'<div class="scroll">{first}</div>{self._ledger()}' if self.comparison.ledger else ""

    def _ledger(self) -> str:
        texts = self.texts
        keys = ("territory", "from_holder", "to_holder", "area", "article_by")
        rows = [self._ledger_row(row) for row in self.comparison.ledger]
        title = texts("ledger_details")
        return (
            f'<details id="details"><summary>{text(title)}</summary><div class="scroll" role="region" '
            f'tabindex="0" aria-label="{text(title)}">{table([texts(key) for key in keys], rows, "")}'
            "</div></details>"
        )

    def _ledger_row(self, row: "LedgerRow") -> list[str]:
        scene = self.scene
        ends = []
        for holder, status, after in (
            (row.from_holder, row.status_from, False),
            (row.to_holder, row.status_to, True),
        ):
            name, word = self._name(holder, after=after), self.texts.status(status)
            ends.append(
                name if status == "sovereign" else self.texts("holder_status", holder=name, status=word)
            )
        return [
            name_in(scene.composite.territories[row.territory].names, self.texts.lang),
            *ends,
            numbers.area(self.texts, row.area_km2, row.sigma_km2),
            str(self.texts.words["list"]).join(instrument_name(scene, i) for i in row.instruments),
        ]
