"""Pieces that several papers of the kit share: its words, credits, legend and tables."""

from collections.abc import Sequence
from dataclasses import replace

from marchland.render.document import text
from marchland.render.light.drawing import Entry, LightMap, stroke, swatch
from marchland.render.scene import Scene
from marchland.render.texts import Texts, load_texts


def kit_texts(scene: Scene) -> Texts:
    """Return the scene's words and those of the kit."""
    return replace(scene.texts, words={**load_texts(scene.texts.lang, "article").words, **scene.texts.words})


def credit_lines(scene: Scene, texts: Texts) -> list[str]:
    """Return the lines every figure carries: basis, readings, sources, citation, dataset, projection."""
    meta, chosen = scene.composite.meta, scene.composite.chosen
    return [
        texts("basis_line", basis=texts.words["basis"][str(scene.basis)]),
        *([texts("readings_line", readings=", ".join(chosen))] if chosen else []),
        texts("sources", attribution=meta.attribution),
        texts("citation", citation=meta.citation),
        texts(
            "kit_version",
            name=meta.name,
            version=meta.version,
            hash=meta.hash.removeprefix("sha256:")[:12],
            licence=meta.licence,
        ),
        texts("projection"),
    ]


def lines_heading(scene: Scene, texts: Texts) -> str:
    """Return what the lines of a map are called: the frontier of the two parties, or any holders' lines."""
    return texts("legend_line" if scene.composite.parties else "lines_any")


def legend(texts: Texts, light: LightMap, lands_heading: str) -> str:
    """Return the legend of the frame shown."""
    frame = light.frames[light.shown]
    lands = "".join(_item(swatch(entry), entry) for entry in frame.lands)
    strokes = "".join(_item(stroke(entry), entry) for entry in frame.strokes)
    return (
        f'<div class="legend" role="group" aria-label="{text(texts("legend"))}">'
        f'<div><h2 id="lands-heading">{text(lands_heading)}</h2><ul id="legend-lands">{lands}</ul></div>'
        f"<div><h2>{text(lines_heading(light.scene, texts))}</h2>"
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
