"""The page around the map: its skeleton, its words for the date it opens on, its policy."""

import json
from html import escape
from typing import Any

from marchland import __version__
from marchland.model import name_in
from marchland.render.inline import asset, frontier_map, source_hash
from marchland.render.payload import STAGES, limits_on, payload, runs_on
from marchland.render.scene import Scene
from marchland.render.svg import pattern_defs, stage_class, static_svg
from marchland.render.words import held_as, holder_name, in_force, instrument_name, year_note

SCRIPTS = ("data", "draw", "labels", "chart", "panel", "tables", "time", "main")
_ICONS = {
    "previous": "M13 3 6 8l7 5zM3 3h2v10H3z",
    "next": "M3 3l7 5-7 5zM11 3h2v10h-2z",
    "play": "M4 2.5 13 8l-9 5.5z",
}


def write_document(scene: Scene) -> str:
    """Return the whole page of a scene as HTML."""
    return _Document(scene).html()


class _Document:
    """The pieces of one page."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.texts = scene.texts
        self.day = scene.texts.date(scene.date)

    def html(self) -> str:
        holder, starter = frontier_map()
        styles = [asset("leaflet/leaflet.css"), asset("page.css")]
        scripts = [asset("leaflet/leaflet.js"), starter, page_script()]
        policy = (
            f"default-src 'none'; script-src {' '.join(map(source_hash, scripts))}; "
            f"style-src {' '.join(map(source_hash, styles))}; "
            "img-src data:; base-uri 'none'; form-action 'none'"
        )
        meta = self.scene.composite.meta
        heading, data = self.texts("heading", date=self.day), script_json(payload(self.scene))
        return "\n".join(
            [
                "<!DOCTYPE html>",
                f'<html lang="{self.texts.lang}">',
                '<head><meta charset="utf-8">',
                f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
                '<meta name="viewport" content="width=device-width, initial-scale=1">',
                f'<meta name="generator" content="marchland {__version__}">',
                f"<title>{text(heading)} – {text(meta.title_in(self.scene.texts.lang))}</title>",
                *(f"<style>{style}</style>" for style in styles),
                "</head>",
                "<body>",
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
        return (
            f'<figure><div class="stage" id="stage">{holder}{static_svg(self.scene)}'
            f'<div class="readout" id="readout"></div>{self._panel()}</div>'
            f"{self._time()}{self._choose()}{self._legend()}{self._caption()}</figure>"
        )

    def _panel(self) -> str:
        close = text(self.texts("panel_close"))
        return (
            '<section class="panel" id="panel" aria-labelledby="panel-title" hidden>'
            '<h2 id="panel-title" tabindex="-1"></h2><p class="meta" id="panel-meta"></p>'
            f'<button type="button" class="close" id="panel-close" aria-label="{close}" title="{close}">×'
            "</button>"
            '<ol id="panel-rows"></ol></section>'
        )

    def _time(self) -> str:
        buttons = "".join(self._button(name) for name in ("previous", "play", "next"))
        stops = len(self.scene.change_dates) - 1
        return (
            '<div class="time"><div class="time-buttons" id="time-buttons" '
            f'role="toolbar" aria-label="{text(self.texts("timeline"))}">{buttons}</div><div class="track">'
            f'<input type="range" id="slider" min="0" max="{stops}" step="1" '
            f'value="0" aria-label="{text(self.texts("timeline"))}">'
            '<div class="ticks" id="ticks" aria-hidden="true"></div></div><p class="stop" id="stop"></p>'
            "</div>"
        )

    def _button(self, name: str) -> str:
        label = text(self.texts(name))
        icon = f'<svg viewBox="0 0 16 16" aria-hidden="true"><path d="{_ICONS[name]}"/></svg>'
        rove = "" if name == "play" else ' tabindex="-1"'
        return f'<button type="button" id="{name}"{rove} aria-label="{label}" title="{label}">{icon}</button>'

    def _choose(self) -> str:
        scene = self.scene
        shown = [name_in(scene.composite.territories[t].names, self.texts.lang) for t in scene.histories]
        options = "".join(
            f'<option value="{i}">{text(name)}</option>'
            for i, name in sorted(enumerate(shown), key=lambda pair: pair[1])
        )
        return (
            f'<div class="choose"><label for="choose">{text(self.texts("choose"))}</label>'
            f'<select id="choose"><option value="">{text(self.texts("choose_none"))}</option>{options}'
            "</select></div>"
        )

    def _legend(self) -> str:
        return (
            f'<div class="legend" role="group" aria-label="{text(self.texts("legend"))}">'
            f'<div><h3>{text(self.texts("legend_land"))}</h3><ul id="legend-lands">{self._land_entries()}'
            "</ul></div>"
            f'<div><h3>{text(self.texts("legend_line"))}</h3><ul id="legend-lines">{self._line_entries()}'
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
        meta, texts, chosen = self.scene.composite.meta, self.texts, self.scene.composite.chosen
        lines = [
            texts("basis_line", basis=texts.words["basis"][str(self.scene.basis)]),
            *([texts("readings_line", readings=", ".join(chosen))] if chosen else []),
            texts("sources", attribution=meta.attribution),
            texts("citation", citation=meta.citation),
            texts(
                "version",
                name=meta.name,
                version=meta.version,
                hash=meta.hash.removeprefix("sha256:")[:12],
                licence=meta.licence,
            ),
        ]
        first = texts("caption", title=meta.title_in(texts.lang), date=self.day)
        rest = "".join(f"<p>{text(line)}</p>" for line in lines)
        return f'<figcaption><p id="caption-date">{text(first)}</p>{rest}</figcaption>'

    def _tables(self) -> str:
        texts = self.texts
        areas = self.scene.areas(self.scene.date)
        total = sum(areas.values()) or 1.0
        rows = "".join(self._area_row(holder, area, total) for holder, area in areas.items())
        heads = "".join(f'<th scope="col">{text(texts(key))}</th>' for key in ("holder", "area", "share"))
        lands = "".join(self._land_row(name) for name in self.scene.histories)
        keys = ("territory", "holder", "status_word", "area", "by")
        columns = "".join(f'<th scope="col">{text(texts(key))}</th>' for key in keys)
        return (
            '<section class="tables"><table>'
            f'<caption id="areas-date">{text(texts("table_caption", date=self.day))}</caption>'
            f'<thead><tr>{heads}</tr></thead><tbody id="areas">{rows}</tbody></table>'
            f'<details id="lands-details"><summary>{text(texts("details"))}</summary>'
            f'<div class="scroll" role="region" tabindex="0" aria-label="{text(texts("details"))}"><table>'
            f'<thead><tr>{columns}</tr></thead><tbody id="lands">{lands}</tbody></table></div></details>'
            "</section>"
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
    return (
        '(function () {\n"use strict";\n'
        + "\n".join(asset(f"js/{name}.js") for name in SCRIPTS)
        + "\n})();\n"
    )


def text(value: object) -> str:
    """Return a value as HTML text or attribute; characters no HTML may hold are left out."""
    return escape(
        "".join(
            c
            for c in str(value)
            if c in "\n\t" or (c >= " " and not "\x7f" <= c <= "\x9f" and not "\ud800" <= c <= "\udfff")
        )
    )


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
