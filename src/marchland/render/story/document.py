"""The page of a story: opening, chapters beside the map, and how the figures were made."""

import os
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from marchland.composite import SpaceTimeComposite
from marchland.files import write_atomic
from marchland.model import Source
from marchland.render.document import script_json, text
from marchland.render.inline import asset
from marchland.render.kit.pieces import foot_lines
from marchland.render.light.drawing import stroke, swatch
from marchland.render.opening import joined_script, opening
from marchland.render.relief import relief_of
from marchland.render.scene import Scene, build_scene
from marchland.render.story.chapters import MOST_SOURCES, WEAK, Chapter, Teller
from marchland.render.story.drawing import StoryMap
from marchland.render.story.plan import Plan, plan_of
from marchland.render.texts import load_texts
from marchland.request import request

_ICONS = {"previous": "M3 10l5-6 5 6z", "next": "M3 6l5 6 5-6z"}


@dataclass(frozen=True)
class Story:
    """One self-contained HTML page that tells how the frontier came about; the same bytes every time."""

    scene: Scene = field(repr=False)
    plan: Plan
    relief: bool = True

    def html(self) -> str:
        """Return the page as HTML."""
        return self._html

    @cached_property
    def _html(self) -> str:
        return _Document(self.scene, self.plan, relief=self.relief).html()

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the page, whole or not at all, and return its path.

        Raises
        ------
        OutputError
            The file cannot be written.
        """
        return write_atomic(path, self.html())


def story(composite: SpaceTimeComposite, *, lang: str = "en", relief: bool = True) -> Story:
    """Make the story of a dataset.

    The built-in dataset is told through its treaties and what lies between them; any other by the dates on
    which its land changed hands.

    Parameters
    ----------
    composite
        The dataset.
    lang
        Language of the page: ``en``, ``ru`` or ``zh``.
    relief
        Whether the map shows the land forms, where the dataset has them (about 170 KB more).

    Raises
    ------
    UsageError
        There are no texts in that language, or no story: land changes hands never, or too often to be told.
    """
    plan = plan_of(composite)
    scene = build_scene(composite, composite.meta.as_of, lang=lang)
    words = {**load_texts(lang, "article", "story").words, **scene.texts.words}
    return Story(replace(scene, texts=replace(scene.texts, words=words)), plan, relief)


class _Document:
    """The pieces of the page."""

    def __init__(self, scene: Scene, plan: Plan, *, relief: bool) -> None:
        self.scene, self.texts, self.plan, self.relief = scene, scene.texts, plan, relief
        teller = Teller(scene, plan)
        self.chapters = teller.chapters()
        frames = (teller.framer.on(scene.date), *(chapter.frame for chapter in self.chapters))
        self.map = StoryMap(
            teller.framer,
            frames,
            0,
            chapters=self.chapters,
            relief=relief_of(scene) if relief else None,
        )
        self.title = scene.composite.meta.title_in(self.texts.lang)
        self.heading = self.texts("story_heading") if plan.told else self.title

    def html(self) -> str:
        style = asset("light/light.css") + asset("story/story.css")
        script = joined_script("light/light.js", "story/story.js")
        title = f"{self.heading} – {self.title}"
        first = self.texts("static_label", date=self.texts.date(self.scene.date))
        data = self.map.story_data([first, *(self._label(chapter) for chapter in self.chapters)])
        data["stamp"] = self._stamp()
        chapters = self._chapters()
        return "\n".join(
            [
                *opening(self.texts.lang, title, styles=[style], scripts=[script]),
                f'<a class="skip" href="#chapters">{text(self.texts("story_skip"))}</a>',
                self.map.pattern_defs(),
                self._opening(),
                f'<main class="story" id="story">{self._stage(first)}',
                f'<div class="chapters" id="chapters" tabindex="-1">{chapters}</div></main>',
                self._closing(doubted="±" in chapters),
                f'<script type="application/json" id="marchland-data">{script_json(data)}</script>',
                f"<script>{script}</script>",
                "</body></html>",
                "",
            ]
        )

    def _stamp(self) -> dict[str, Any]:
        composite = self.scene.composite
        again = request(
            "story",
            lang=self.texts.lang,
            reading=composite.chosen,
            relief=self.relief,
            no_relief=not self.relief,
        )
        return composite.stamp([self.scene.date], self.scene.basis) | {"request": again}

    def _label(self, chapter: Chapter) -> str:
        return f"{chapter.seen} {chapter.title}"

    def _opening(self) -> str:
        deck = self.texts("story_deck") if self.plan.told else self.texts("story_deck_any")
        return (
            f'<header class="opening"><p class="kicker">{text(self.title)}</p><h1>{text(self.heading)}</h1>'
            f'<p class="deck">{text(deck)}</p></header>'
        )

    # --- the map

    def _stage(self, label: str) -> str:
        buttons = "".join(self._button(name) for name in _ICONS)
        return (
            f'<figure class="stage" id="stage"><div class="sheet">{self.map.svg(label)}'
            '<p class="readout" id="readout" aria-hidden="true"></p></div>'
            f'<div class="bar">{self._nav()}<div class="steps" id="steps" role="group" '
            f'aria-label="{text(self.texts("story_steps"))}">{buttons}</div></div>'
            f'<figcaption class="sr">{text(self.texts("story_caption"))}</figcaption></figure>'
        )

    def _button(self, name: str) -> str:
        label = text(self.texts(f"story_{name}"))
        icon = f'<svg viewBox="0 0 16 16" aria-hidden="true"><path d="{_ICONS[name]}"/></svg>'
        return f'<button type="button" id="{name}" aria-label="{label}" title="{label}">{icon}</button>'

    def _nav(self) -> str:
        links = "".join(
            f'<li><a href="#{text(c.stop.id)}" class="{"treaty" if c.stop.treaty else "year"}"'
            f' title="{text(c.title)}">{text(c.label)}<span class="sr"> {text(c.title)}</span></a></li>'
            for c in self.chapters
        )
        return f'<nav id="nav" aria-label="{text(self.texts("story_chapters_nav"))}"><ol>{links}</ol></nav>'

    # --- the chapters

    def _chapters(self) -> str:
        return "".join(self._chapter(number, chapter) for number, chapter in enumerate(self.chapters))

    def _chapter(self, number: int, chapter: Chapter) -> str:
        key = text(chapter.stop.id)
        kind = "chapter treaty" if chapter.stop.treaty else "chapter"
        kicker = f'<p class="kicker">{text(chapter.kicker)}</p>' if chapter.kicker else ""
        dateline = f'<p class="dateline">{text(chapter.dateline)}</p>' if chapter.dateline else ""
        told = "".join(f"<p>{text(paragraph)}</p>" for paragraph in chapter.paragraphs)
        return (
            f'<section class="{kind}" id="{key}" aria-labelledby="{key}-title"><div class="card">'
            f'{kicker}<h2 id="{key}-title" tabindex="-1">{text(chapter.title)}</h2>{dateline}'
            f"{self.map.still(number, self._label(chapter))}{told}{self._facts(chapter)}"
            f"{self._happenings(chapter)}{self._legend(chapter)}{self._sources(chapter)}</div></section>"
        )

    def _facts(self, chapter: Chapter) -> str:
        rows = "".join(
            f"<div><dt>{text(what)}</dt><dd>{text(much)}</dd></div>" for what, much in chapter.facts
        )
        return f'<dl class="facts">{rows}</dl>' if rows else ""

    def _happenings(self, chapter: Chapter) -> str:
        if not chapter.happenings:
            return ""
        rows = "".join(
            f'<li><span class="mark{" main" if h.main else ""}{"" if h.spot else " off"}" aria-hidden="true">'
            f"{n}</span><span><b>{text(h.when)}</b> {text(h.what)}</span></li>"
            for n, h in enumerate(chapter.happenings, start=1)
        )
        return f'<ol class="happenings" aria-label="{text(self.texts("story_events"))}">{rows}</ol>'

    def _legend(self, chapter: Chapter) -> str:
        frame = chapter.frame
        items = "".join(
            f"<li>{mark(entry)}<span>{text(entry.words)}</span></li>"
            for mark, entries in ((swatch, frame.lands), (stroke, frame.strokes))
            for entry in entries
        )
        return (
            f'<div class="key"><p>{text(chapter.seen)}</p>'
            f'<ul aria-label="{text(self.texts("legend"))}">{items}</ul></div>'
        )

    def _sources(self, chapter: Chapter) -> str:
        shown = [source.title for source in _best(chapter.sources)]
        if not shown:
            return ""
        return f'<p class="sources">{text(self.texts("story_sources", sources="; ".join(shown)))}</p>'

    # --- the end

    def _closing(self, *, doubted: bool) -> str:
        texts = self.texts
        notes = [texts("story_method") if self.plan.told else texts("story_method_any")]
        notes += [texts("sigma_note")] if doubted else []
        credited = foot_lines(self.scene, texts)
        return (
            f'<footer class="closing"><h2>{text(texts("story_closing"))}</h2>'
            + "".join(f"<p>{text(line)}</p>" for line in notes)
            + f"{self._bibliography()}"
            + '<div class="credits">'
            + "".join(f"<p>{text(line)}</p>" for line in credited)
            + "</div></footer>"
        )

    def _bibliography(self) -> str:
        every: dict[str, Source] = {s.key: s for chapter in self.chapters for s in chapter.sources}
        if not every:
            return ""
        rows = "".join(f"<li>{_reference(every[key])}</li>" for key in sorted(every))
        return (
            f'<details id="bibliography"><summary>{text(self.texts("story_bibliography"))}</summary>'
            f"<ol>{rows}</ol></details>"
        )


def _best(sources: Iterable[Source]) -> list[Source]:
    """Return the foremost sources: texts of the time first, then scholars, then the rest."""
    known = [source for source in sources if source.key not in WEAK]
    rank = {"primary": 0, "scholarly": 1}
    ordered = sorted(known, key=lambda source: rank.get(source.note.partition(" ")[0].rstrip(","), 2))
    return ordered[:MOST_SOURCES]


def _reference(source: Source) -> str:
    title = text(source.title)
    if source.url is None or not source.url.startswith(("https://", "http://")):
        return title
    return f'<a href="{text(source.url)}" rel="noopener noreferrer">{title}</a>'
