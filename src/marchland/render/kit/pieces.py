"""Pieces that several papers of the kit share: its words, credits, legend and tables."""

from collections.abc import Sequence
from dataclasses import replace

from marchland.render.credits import basis_line, credit_lines, projection_name, readings_line
from marchland.render.document import text
from marchland.render.light.drawing import Entry, LightMap, stroke, swatch
from marchland.render.scene import Scene
from marchland.render.texts import Texts, load_texts


def kit_texts(scene: Scene) -> Texts:
    """Return the scene's words and those of the kit."""
    own = load_texts(scene.texts.lang, "article")
    if scene.composite.parties is None:
        own = own.of_any_land()
    return replace(scene.texts, words={**own.words, **scene.texts.words})


def foot_lines(scene: Scene, texts: Texts) -> list[str]:
    """Return the lines every figure carries at its foot: basis, readings, credits, projection."""
    lines = [
        basis_line(scene, texts),
        readings_line(scene, texts),
        *credit_lines(scene, texts),
        texts("projection", projection=projection_name(scene, texts)),
    ]
    return [line for line in lines if line]


def legend(texts: Texts, light: LightMap, lands_heading: str) -> str:
    """Return the legend of the frame shown."""
    frame = light.frames[light.shown]
    lands = "".join(_item(swatch(entry), entry) for entry in frame.lands)
    strokes = "".join(_item(stroke(entry), entry) for entry in frame.strokes)
    return (
        f'<div class="legend" role="group" aria-label="{text(texts("legend"))}">'
        f'<div><h2 id="lands-heading">{text(lands_heading)}</h2><ul id="legend-lands">{lands}</ul></div>'
        f"<div><h2>{text(texts('legend_line'))}</h2>"
        f'<ul id="legend-strokes">{strokes}</ul></div></div>'
    )


def _item(mark: str, entry: Entry) -> str:
    return f"<li>{mark}<span>{text(entry.words)}</span></li>"


def table(heads: Sequence[str], rows: Sequence[Sequence[str]], caption: str) -> str:
    """Return a table whose first column heads its rows."""
    head = "".join(f'<th scope="col">{text(word)}</th>' for word in heads)
    body = "".join(
        f'<tr><th scope="row">{text(first)}</th>{"".join(f"<td>{text(cell)}</td>" for cell in rest)}</tr>'
        for first, *rest in rows
    )
    title = f"<caption>{text(caption)}</caption>" if caption else ""
    return f"<table>{title}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
