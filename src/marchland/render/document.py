"""The page around the map: its skeleton, its words for the date it opens on, its policy."""

import json
import re
from typing import Any

from marchland.model import name_in
from marchland.render.controls import Controls
from marchland.render.controls import text as text
from marchland.render.credits import basis_line, credit_lines, projection_name, readings_line
from marchland.render.inline import asset, frontier_map
from marchland.render.opening import opening
from marchland.render.payload import STAGES, limits_on, payload, runs_on
from marchland.render.relief import Relief, relief_of
from marchland.render.scene import Scene
from marchland.render.svg import pattern_defs, stage_class, static_svg
from marchland.render.words import held_as, holder_name, in_force, instrument_name, year_note

SCRIPTS = (
    "data",
    "history",
    "geometry",
    "frontier",
    "ledger",
    "draw",
    "labels",
    "chart",
    "compare",
    "overlays",
    "panel",
    "tables",
    "ledgerview",
    "time",
    "options",
    "search",
    "unproject",
    "save",
    "address",
    "main",
)
"""The files of ``assets/js`` in the order in which they build upon each other."""

_COMMENT = re.compile(r"^ *(//.*|/\*\*.*\*/)?\n|^ +(?=\S)", re.MULTILINE)
"""Whole lines of comment and what lines are indented by: a tenth of the script's weight."""


def write_document(scene: Scene, *, relief: bool = False) -> str:
    """Return the whole page of a scene as HTML, with its relief as a layer to switch on if wanted."""
    return _Document(scene, relief_of(scene) if relief else None).html()


class _Document:
    """The pieces of one page."""

    def __init__(self, scene: Scene, relief: Relief | None) -> None:
        self.scene = scene
        self.relief = relief
        self.texts = scene.texts
        self.day = scene.texts.date(scene.date)
        self.controls = Controls(scene.texts)

    def html(self) -> str:
        holder, starter = frontier_map()
        styles = [asset("leaflet/leaflet.css"), asset("page.css")]
        scripts = [asset("leaflet/leaflet.js"), starter, page_script()]
        meta = self.scene.composite.meta
        heading, data = (
            self.texts("heading", date=self.day),
            script_json(payload(self.scene, relief=self.relief)),
        )
        title = f"{heading} – {meta.title_in(self.texts.lang)}"
        return "\n".join(
            [
                *opening(self.texts.lang, title, styles=styles, scripts=scripts),
                pattern_defs(self.scene),
                "<main>",
                self._header(heading),
                self._figure(holder),
                self._tables(),
                "</main>",
                f'<script type="application/json" id="marchland-data">{data}</script>',
                f"<!-- Leaflet 1.9.4\n{asset('leaflet/LICENSE')}-->",
                *(f"<script>{script}</script>" for script in scripts),
                "</body></html>",
                "",
            ]
        )

    def _header(self, heading: str) -> str:
        return (
            f'<header><p class="kicker">{text(self.scene.composite.meta.title_in(self.scene.texts.lang))}</p>'
            f'<h1 id="heading">{text(heading)}</h1>'
            f'<p class="force" id="force">{text(in_force(self.scene, self.scene.date))}</p>'
            f'<p class="note" id="note">{text(year_note(self.scene, self.scene.date))}</p></header>'
        )

    def _figure(self, holder: str) -> str:
        controls = self.controls
        return (
            f'<figure><div class="stage" id="stage">{holder}{static_svg(self.scene)}'
            f"{controls.over_map()}{controls.panel()}</div>"
            f"{controls.time()}{self._legend()}{self._caption()}</figure>"
        )

    def _legend(self) -> str:
        return (
            f'<div class="legend" role="group" aria-label="{text(self.texts("legend"))}">'
            f'<div><h2 id="legend-title">{text(self.texts("legend_land"))}</h2><ul id="legend-lands">'
            f"{self._land_entries()}"
            "</ul></div>"
            f'<div><h2>{text(self.texts("legend_line"))}</h2><ul id="legend-lines">{self._line_entries()}'
            "</ul></div></div>"
        )

    def _land_entries(self) -> str:
        scene = self.scene
        held = [scene.tenure(name, scene.date) for name in scene.histories]
        used = {scene.fill(tenure).key for tenure in held if tenure}
        fills = [fill for fill in scene.fills.in_order() if fill.key in used]
        entries = [_entry(_swatch(fill.paint, fill.tint), held_as(scene, fill, scene.date)) for fill in fills]
        if scene.shapes.get(None):
            entries.append(_entry(_swatch("none"), self.texts("legend_backdrop")))
        return "".join(entries)

    def _line_entries(self) -> str:
        shown = runs_on(self.scene, self.scene.date)
        words = self.texts.words["stage"]
        drawn = [stage for stage in STAGES if stage in shown]
        entries = [
            _entry(_stroke(f"frontier {stage_class(stage)}"), words[str(stage or "none")]) for stage in drawn
        ]
        if limits_on(self.scene, self.scene.date):
            entries.append(_entry(_stroke("limit"), self.texts("legend_limit")))
        return "".join(entries)

    def _caption(self) -> str:
        scene, texts = self.scene, self.texts
        first = texts("caption", title=scene.composite.meta.title_in(texts.lang), date=self.day)
        last = texts("library", projection=projection_name(scene, texts))
        rest = "".join(f"<p>{text(line)}</p>" for line in (*credit_lines(scene, texts), last))
        return (
            f'<figcaption><p id="caption-date">{text(first)}</p>'
            f'<p id="basis-line">{text(basis_line(scene, texts))}</p>'
            f'<p id="readings-line">{text(readings_line(scene, texts))}</p>{rest}</figcaption>'
        )

    def _tables(self) -> str:
        texts = self.texts
        areas = self.scene.areas(self.scene.date)
        total = sum(areas.values()) or 1.0
        rows = "".join(self._area_row(holder, area, total) for holder, area in areas.items())
        heads = "".join(
            f'<th scope="col"{kind}>{text(texts(key))}</th>'
            for key, kind in (("holder", ""), ("area", ' class="number"'), ("share", ' class="number"'))
        )
        lands = "".join(self._land_row(name) for name in self.scene.histories)
        return (
            '<section class="tables"><div class="scroll tall" role="region" tabindex="0" '
            f'aria-label="{text(texts("legend_land"))}"><table>'
            f'<caption id="areas-date">{text(texts("table_caption", date=self.day))}</caption>'
            f'<thead><tr>{heads}</tr></thead><tbody id="areas">{rows}</tbody></table></div>'
            f"{self.controls.more_tables(lands)}</section>"
        )

    def _area_row(self, holder: str | None, area: float, total: float) -> str:
        share = self.texts("percent", value=f"{100 * area / total:.1f}")
        return _row(
            holder_name(self.scene, holder, self.scene.date), [(self._area(area), True), (share, True)]
        )

    def _area(self, area: float) -> str:
        return f"{self.texts.number(area)} {self.texts('km2')}"

    def _land_row(self, name: str) -> str:
        scene, territory = self.scene, self.scene.composite.territories[name]
        tenure = scene.tenure(name, scene.date)
        shown = name_in(territory.names, self.texts.lang)
        if tenure is None:
            return _row(
                shown, [("", False), ("", False), (self._area(territory.area_km2), True), ("", False)]
            )
        by = instrument_name(scene, tenure.instrument) if tenure.instrument else ""
        status = self.texts.status(tenure.status)
        return _row(
            shown,
            [
                (holder_name(scene, tenure.holder, scene.date), False),
                (status, False),
                (self._area(territory.area_km2), True),
                (by, False),
            ],
        )


def page_script() -> str:
    """Return the page's own script: the files of ``assets/js`` in one scope."""
    source = "\n".join(asset(f"js/{name}.js") for name in SCRIPTS)
    return f'(function () {{\n"use strict";\n{_COMMENT.sub("", source)}}})();\n'


def script_json(value: dict[str, Any]) -> str:
    """Return JSON that can stand inside a script element: nothing in it ends the element or opens another."""
    plain = json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=False)
    for char in "<>&\u2028\u2029":
        plain = plain.replace(char, f"\\u{ord(char):04x}")
    return "".join(
        c if not "\ud800" <= c <= "\udfff" and not "\x7f" <= c <= "\x9f" else f"\\u{ord(c):04x}"
        for c in plain
    )


def _entry(mark: str, words: str) -> str:
    return f"<li>{mark}<span>{text(words)}</span></li>"


def _swatch(paint: str, tint: str = "tint") -> str:
    return (
        '<svg class="swatch" viewBox="0 0 34 18" aria-hidden="true"><rect class="ground" width="34" '
        'height="18"/>'
        f'<rect class="{tint}" width="34" height="18" fill="{paint}"/><rect class="edge" x=".5" '
        'y=".5" width="33" height="17"/></svg>'
    )


def _stroke(kind: str) -> str:
    casing = "" if kind == "limit" else '<path class="casing" d="M0 9h34"/>'
    line = f'<path class="{kind}" d="M0 9h34"/>'
    return f'<svg class="swatch" viewBox="0 0 34 18" aria-hidden="true">{casing}{line}</svg>'


def _row(head: str, cells: list[tuple[str, bool]]) -> str:
    data = "".join(_cell(cell, number=number) for cell, number in cells)
    return f'<tr><th scope="row">{text(head)}</th>{data}</tr>'


def _cell(words: str, *, number: bool) -> str:
    return f'<td class="number">{text(words)}</td>' if number else f"<td>{text(words)}</td>"
