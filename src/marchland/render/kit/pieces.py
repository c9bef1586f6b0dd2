"""Pieces that several papers of the kit share: its words, credits, legend and tables."""

from collections.abc import Sequence
from dataclasses import replace

from marchland.model import NOT_STATED, Basis
from marchland.render.document import text
from marchland.render.light.drawing import Entry, LightMap, stroke, swatch
from marchland.render.scene import Scene
from marchland.render.texts import Texts, load_texts


def kit_texts(scene: Scene) -> Texts:
    """Return the scene's words and those of the kit."""
    return replace(scene.texts, words={**load_texts(scene.texts.lang, "article").words, **scene.texts.words})


def credit_lines(scene: Scene, texts: Texts) -> list[str]:
    """Return the lines every figure carries: basis, readings, sources, citation, dataset, projection.

    What says nothing is left out: the basis of data that know only one, a citation that is the source, and a
    version that is the hash.
    """
    meta, chosen = scene.composite.meta, scene.composite.chosen
    digest = meta.hash.removeprefix("sha256:")
    source = texts("author_unknown", name=meta.name) if NOT_STATED in meta.attribution else meta.attribution
    return [
        *basis_lines(scene, texts),
        *([texts("readings_line", readings=", ".join(chosen))] if chosen else []),
        texts("sources", attribution=source),
        *([texts("citation", citation=meta.citation)] if meta.citation != meta.attribution else []),
        texts(
            "kit_version",
            name=meta.name if digest.startswith(meta.version) else f"{meta.name} {meta.version}",
            hash=digest[:12],
            licence=texts("licence_unknown") if meta.licence == NOT_STATED else meta.licence,
        ),
        texts("projection"),
    ]


def basis_lines(scene: Scene, texts: Texts) -> list[str]:
    """Return the line that tells whether land is shown by right or in fact, where data know both."""
    held: dict[Basis, set[tuple[object, ...]]] = {basis: set() for basis in Basis}
    for tenure in scene.composite.tenures:
        held[tenure.basis].add((tenure.territory, tenure.holder, tenure.status, tenure.start, tenure.end))
    if held[Basis.DE_JURE] == held[Basis.DE_FACTO]:
        return []
    return [texts("basis_line", basis=texts.words["basis"][str(scene.basis)])]


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
