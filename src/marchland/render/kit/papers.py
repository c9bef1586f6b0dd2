"""The files of a kit that are text: caption, alternative text, paragraph, snippet, data, stamp, README."""

import json
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from marchland.export import Feature, Layer, territories_layer, to_geojson
from marchland.export.layers import territory_shapes
from marchland.model import name_in
from marchland.render.document import text
from marchland.render.kit.folder import KIND, STAMP
from marchland.render.kit.prose import Prose
from marchland.request import request
from marchland.tables import LEDGER, Answer, comparison_answer, table
from marchland.writers import write

if TYPE_CHECKING:
    from marchland.comparison import Comparison
    from marchland.render.article import Article

SNIPPET_RATIO = "4 / 5"
"""Width by height of the frame until the page tells its height, or where no script runs."""

_SCRIPT = """\
(function () {
  var frame = document.currentScript.previousElementSibling;
  window.addEventListener("message", function (event) {
    if (event.source !== frame.contentWindow) return;
    if (event.origin !== "null" && event.origin !== new URL(frame.src, document.baseURI).origin) return;
    var told = event.data;
    if (!told || told.type !== "marchland:height" || !(told.height > 0 && told.height < 20000)) return;
    frame.style.aspectRatio = "auto";
    frame.style.height = Math.ceil(told.height) + "px";
  });
}());"""


def papers(article: "Article") -> dict[str, str]:
    """Return the text files of a kit by name."""
    prose = article.prose
    return {
        "embed.html": embed(prose),
        "caption.txt": prose.caption + "\n",
        "alt.txt": prose.alt + "\n",
        "paragraph.md": markdown(prose),
        "paragraph.html": html(prose),
        "data.csv": data_csv(article),
        "data.geojson": data_geojson(article),
        "README.txt": readme(article),
        STAMP: stamp(article),
    }


def encoded(words: str) -> bytes:
    """Return UTF-8; halves of surrogate pairs, which it cannot hold, become question marks."""
    return words.encode("utf-8", errors="replace")


def embed(prose: Prose) -> str:
    """Return the snippet that puts the page into a frame, and lets the frame grow with it."""
    return (
        f'<iframe src="map.html" title="{text(prose.title)}" loading="lazy" sandbox="allow-scripts"\n'
        f'  style="display:block;width:100%;aspect-ratio:{SNIPPET_RATIO};border:0"></iframe>\n'
        f"<script>\n{_SCRIPT}\n</script>\n"
    )


def markdown(prose: Prose) -> str:
    """Return heading, paragraph and sources as Markdown."""
    lines = [f"## {_plain(prose.title)}", "", _plain(prose.paragraph), ""]
    if prose.sources:
        lines += [f"### {_plain(prose.texts('sources_heading'))}", ""]
        lines += [f"- {_plain(title)}" + (f". <{url}>" if url else "") for title, url in prose.sources] + [""]
    return "\n".join([*lines, f"*{_plain(prose.caption)}*", ""])


def html(prose: Prose) -> str:
    """Return heading, paragraph and sources as HTML to paste into a page."""
    sources = "".join(
        f"<li>{text(f'{title}. {url}' if url else title)}</li>\n" for title, url in prose.sources
    )
    listed = f"<h3>{text(prose.texts('sources_heading'))}</h3>\n<ul>\n{sources}</ul>\n" if sources else ""
    return (
        f'<section lang="{prose.texts.lang}">\n<h2>{text(prose.title)}</h2>\n<p>{text(prose.paragraph)}</p>\n'
        f"{listed}<p><small>{text(prose.caption)}</small></p>\n</section>\n"
    )


def data_csv(article: "Article") -> str:
    """Return what is shown as rows: the territories of the date, or the ledger."""
    if article.comparison is not None:
        return write(comparison_answer(article.comparison), "csv")
    layer = territories_layer(article.composite.at(article.date, basis=article.basis), lang=article.lang)
    rows = table(layer.key, layer.title, layer.columns, [layer.properties(f) for f in layer.features])
    return write(Answer((rows,), layer.stamp), "csv")


def data_geojson(article: "Article") -> str:
    """Return what is shown as GeoJSON, with every vertex the dataset has."""
    if article.comparison is not None:
        return to_geojson(ledger_layer(article.comparison, article.lang))
    return to_geojson(
        territories_layer(article.composite.at(article.date, basis=article.basis), lang=article.lang)
    )


def ledger_layer(comparison: "Comparison", lang: str) -> Layer:
    """Return the land of a ledger as features under the ledger's columns."""
    composite = comparison.before.composite
    shapes = territory_shapes(composite)
    answer = comparison_answer(comparison).tables[0]
    features = tuple(
        Feature(
            id=row.territory,
            cells=cells,
            geometry=shapes.get(row.territory),
            names={lang: name_in(composite.territories[row.territory].names, lang)},
        )
        for row, cells in zip(comparison.ledger, answer.rows, strict=True)
    )
    return Layer("ledger", answer.title, LEDGER, features, "MultiPolygon", comparison.stamp)


def stamp(article: "Article") -> str:
    """Return where the kit comes from and how to make it again, as JSON."""
    return json.dumps(record(article), ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def record(article: "Article") -> dict[str, Any]:
    """Return the stamp of a kit: that of its dataset, the kit's language, and how to make it again."""
    days = [day for day in (article.before, article.date) if day is not None]
    again = request(
        "article",
        [day.isoformat() for day in days],
        basis=str(article.basis),
        correlation=article.errors.correlation_km,
        lang=article.lang,
        reading=article.composite.chosen,
        sigma=article.errors.sigma_km,
    )
    told: dict[str, Any] = article.composite.stamp(days, article.basis)
    return told | {"kind": KIND, "lang": article.lang, "request": again}


def readme(article: "Article") -> str:
    """Return the notes for editors in the kit's language."""
    home = files("marchland.render").joinpath("texts", "article")
    words = home.joinpath(f"README.{article.lang}.txt").read_text("utf-8")
    prose = article.prose
    blanks = {
        "title": prose.title,
        "alt": prose.alt,
        "snippet": embed(prose).rstrip(),
        "caption": prose.caption,
    }
    for key, value in blanks.items():
        words = words.replace(f"[[{key}]]", value)
    return words


def _plain(words: str) -> str:
    """Return words whose letters mean nothing in Markdown or HTML."""
    escaped = "".join(f"\\{char}" if char in "\\`*_[]<>#|&" else char for char in words)
    return " ".join(escaped.split())
