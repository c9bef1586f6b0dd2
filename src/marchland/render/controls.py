"""The controls of the page as HTML: what stands around the map and is worked by the script."""

from html import escape

from marchland.render.texts import Texts

_ICONS = {
    "previous": "M13 3 6 8l7 5zM3 3h2v10H3z",
    "next": "M3 3l7 5-7 5zM11 3h2v10h-2z",
    "play": "M4 2.5 13 8l-9 5.5z",
    "zoom-in": "M7 2h2v5h5v2H9v5H7V9H2V7h5z",
    "zoom-out": "M2 7h12v2H2z",
    "whole": "M1 3h14v10H1zm2 2v6h10V5zm2 2h2v2H5z",
    "full": "M1 1h5v2H3v3H1zm9 0h5v5h-2V3h-3zM1 10h2v3h3v2H1zm12 0h2v5h-5v-2h3z",
}
FILES = ("svg", "png", "geojson", "csv")


def text(value: object) -> str:
    """Return a value as HTML text or attribute; characters no HTML may hold are left out."""
    return escape(
        "".join(
            c
            for c in str(value)
            if c in "\n\t" or (c >= " " and not "\x7f" <= c <= "\x9f" and not "\ud800" <= c <= "\udfff")
        )
    )


class Controls:
    """The controls in one language."""

    def __init__(self, texts: Texts) -> None:
        self.texts = texts

    def say(self, key: str) -> str:
        """Return a text, escaped."""
        return text(self.texts(key))

    def icon(self, name: str, key: str) -> str:
        """Return a button that is only an icon, named by a text."""
        label = self.say(key)
        mark = f'<svg viewBox="0 0 16 16" aria-hidden="true"><path d="{_ICONS[name]}"/></svg>'
        return f'<button type="button" id="{name}" aria-label="{label}" title="{label}">{mark}</button>'

    def toggle(self, name: str, key: str) -> str:
        """Return a button that is on or off."""
        return f'<button type="button" id="{name}" aria-pressed="false">{self.say(key)}</button>'

    def bar(self, name: str, key: str, inside: str) -> str:
        """Return a toolbar."""
        head = f'<div class="{name}" id="{name}" role="toolbar" aria-label="{self.say(key)}">'
        return f"{head}{inside}</div>"

    def over_map(self) -> str:
        """Return what lies over the map: its buttons, the divider and the dates to its sides."""
        keys = {"zoom-in": "zoom_in", "zoom-out": "zoom_out", "whole": "whole", "full": "full"}
        buttons = "".join(self.icon(name, key) for name, key in keys.items())
        bar = self.bar("map-buttons", "map_buttons", buttons)
        return (
            f'{bar}<div class="divider" id="divider" role="slider" tabindex="0" hidden '
            f'aria-label="{self.say("divider")}" aria-valuemin="0" aria-valuemax="100" '
            'aria-valuenow="50"></div>'
            '<div class="badge" id="badge-early"></div><div class="badge" id="badge-late"></div>'
            '<div class="readout" id="readout"></div>'
            '<div class="locator" id="locator" aria-hidden="true" hidden><svg class="map"></svg></div>'
        )

    def time(self) -> str:
        """Return the controls of time, the ways to compare, the search and the drawer."""
        icons = "".join(self.icon(name, name) for name in ("previous", "play", "next"))
        words = self.toggle("compare", "compare") + (
            f'<button type="button" id="options" aria-expanded="false" aria-controls="drawer">'
            f"{self.say('options')}</button>"
        )
        modes = "".join(
            self.toggle(f"mode-{mode}", f"mode_{mode}") for mode in ("change", "swipe", "flicker")
        )
        return (
            f'<div class="controls">{self.bar("time-buttons", "timeline", icons + words)}{self.search()}'
            f"{self.drawer()}"
            f'<div class="track">{self._slider("slider", "timeline")}'
            '<div class="ticks" id="ticks" aria-hidden="true"></div></div><p class="stop" id="stop"></p>'
            f'<div class="comparing" id="comparing" hidden>{self.bar("modes", "modes", modes)}'
            f'<div class="track">{self._slider("slider-other", "other")}</div>'
            '<p class="stop" id="stop-other"></p></div></div>'
        )

    def _slider(self, name: str, key: str) -> str:
        return (
            f'<input type="range" id="{name}" min="0" max="0" step="1" value="0" '
            f'aria-label="{self.say(key)}">'
        )

    def search(self) -> str:
        """Return the field that finds places and land."""
        label = self.say("search")
        return (
            f'<div class="search"><input type="text" id="search" role="combobox" aria-expanded="false" '
            f'aria-autocomplete="list" aria-controls="search-list" aria-label="{label}" '
            f'placeholder="{label}" autocomplete="off" spellcheck="false">'
            f'<ul class="found" id="search-list" role="listbox" aria-label="{label}" hidden></ul>'
            '<p class="sr" id="search-status" role="status"></p></div>'
        )

    def drawer(self) -> str:
        """Return the drawer of basis, readings, layers and files."""
        groups = "".join(
            f'<fieldset id="{name}-group"><legend>{self.say(key)}</legend><div id="{name}"></div></fieldset>'
            for name, key in (("bases", "bases"), ("readings", "readings"), ("layers", "layers"))
        )
        buttons = "".join(
            f'<button type="button" id="save-{kind}">{self.say("save_" + kind)}</button>' for kind in FILES
        )
        return (
            f'<div class="drawer" id="drawer" role="group" aria-label="{self.say("options")}" hidden>{groups}'
            f'<fieldset><legend>{self.say("files")}</legend><div id="files">{buttons}</div>'
            '<p class="note" id="files-note"></p></fieldset></div>'
        )

    def panel(self) -> str:
        """Return the panel beside the map: a record of what is picked, or the ledger."""
        close = self.say("panel_close")
        return (
            '<section class="panel" id="panel" aria-labelledby="panel-title" hidden>'
            '<div id="record"><h2 id="panel-title" tabindex="-1"></h2><p class="meta" id="panel-meta"></p>'
            f'<button type="button" class="close" id="panel-close" aria-label="{close}" title="{close}">×'
            '</button><ol id="panel-rows"></ol></div>'
            f'<div id="ledger" hidden>{self._ledger()}</div></section>'
        )

    def _ledger(self) -> str:
        heads = self._heads(("ledger_land", False), ("km2", True), ("ledger_sigma", True))
        sums = self._heads(("gained", True), ("lost", True), ("net", True), ("ledger_sigma", True))
        return (
            f'<h2 id="ledger-title"></h2><p id="ledger-none" hidden>{self.say("ledger_none")}</p>'
            f'<table id="ledger-table"><thead><tr>{heads}</tr></thead>'
            '<tbody id="ledger-rows"></tbody></table>'
            f'<div id="ledger-sums"><h3>{self.say("ledger_holders")}</h3>'
            f"<table><thead><tr>{sums}</tr></thead>"
            '<tbody id="ledger-holders"></tbody></table></div><p class="doubt" id="ledger-note"></p>'
        )

    def _heads(self, *keys: tuple[str, bool]) -> str:
        kinds = {True: ' class="number"', False: ""}
        return "".join(f'<th scope="col"{kinds[number]}>{self.say(key)}</th>' for key, number in keys)

    def more_tables(self, lands: str) -> str:
        """Return the two long tables, closed: every territory (rows given), and the line by clauses."""
        keys = ("territory", "holder", "status_word", "area", "by")
        lines = ("line_clause", "line_ends", "line_rule", "line_stage", "line_length", "line_sigma")
        return self._details("lands", "details", keys, lands) + self._details(
            "lines", "details_lines", lines, ""
        )

    def _details(self, name: str, key: str, columns: tuple[str, ...], rows: str) -> str:
        heads = "".join(f'<th scope="col">{self.say(column)}</th>' for column in columns)
        hidden = "" if rows else " hidden"
        return (
            f'<details id="{name}-details"{hidden}><summary>{self.say(key)}</summary>'
            f'<div class="scroll" role="region" tabindex="0" aria-label="{self.say(key)}"><table>'
            f'<thead><tr>{heads}</tr></thead><tbody id="{name}">{rows}</tbody></table></div></details>'
        )
