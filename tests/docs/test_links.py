"""Links inside the documents lead somewhere; `make site` looks at the built pages too."""

import re
from pathlib import Path
from urllib.parse import unquote

import pytest

from .conftest import DOCUMENTS, ROOT

LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")


def links(text: str) -> list[str]:
    """Return where a document points to, outside of code."""
    return LINK.findall(re.sub(r"^```.*?^```$|`[^`\n]*`", "", text, flags=re.M | re.S))


def anchors(path: Path) -> set[str]:
    """Return the places of a document that a link may name, as GitHub makes them of headings."""
    headings = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), re.M)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("document", DOCUMENTS)
def test_links_lead_somewhere(document):
    path = ROOT / document
    for link in links(path.read_text(encoding="utf-8")):
        if re.match(r"[a-z]+:", link):
            assert link.startswith("https://"), link
            continue
        name, _, place = unquote(link).partition("#")
        target = (path.parent / name).resolve() if name else path
        if document.startswith("docs/") and "notebooks" in target.parts:
            target = ROOT / "notebooks" / target.name  # the site puts them beside the documents
        assert target.exists(), f"{document} points to {link}"
        if place:
            assert place in anchors(target), f"{document} points to {link}"


def test_a_link_is_seen():
    assert links("see [x](a.md#b), ![y](z.png) and `[no](no.md)`") == ["a.md#b", "z.png"]
