"""Check the built site: every link inside it leads somewhere, and nothing is fetched from elsewhere.

Usage: python docs/check_site.py FOLDER
"""

import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

FETCHED = {("link", "href"), ("script", "src"), ("img", "src"), ("iframe", "src"), ("source", "src")}
QUIET_LINKS = {"canonical", "search", "index", "next", "prev"}


class Page(HTMLParser):
    """The anchors of a page, its links, and what a browser fetches for it."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.anchors: set[str] = set()
        self.links: list[str] = []
        self.fetched: list[str] = []
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what an element names and what it points to."""
        values = {name: value or "" for name, value in attrs}
        self.anchors.update(values[name] for name in ("id", "name") if name in values)
        if tag == "a" and "href" in values:
            self.links.append(values["href"])
        for name, value in values.items():
            if (tag, name) in FETCHED and values.get("rel") not in QUIET_LINKS:
                self.fetched.append(value)


def problems(site: Path) -> Iterator[str]:
    """Tell every link that leads nowhere and everything fetched from another place."""
    pages = {path.resolve(): Page(path) for path in sorted(site.rglob("*.html"))}
    for path, page in pages.items():
        name = path.relative_to(site.resolve())
        for url in page.fetched:
            if urlsplit(url).netloc:
                yield f"{name}: fetches {url}"
            elif not url.startswith("data:") and not _target(path, url).is_file():
                yield f"{name}: fetches {url}, which is not there"
        for url in page.links:
            parts = urlsplit(url)
            if parts.scheme or parts.netloc:
                continue
            target = _target(path, url)
            if not target.is_file():
                yield f"{name}: {url} leads nowhere"
            elif parts.fragment and target in pages and unquote(parts.fragment) not in pages[target].anchors:
                yield f"{name}: {url} has no such place"


def _target(path: Path, url: str) -> Path:
    """Return the file that a relative address means on a page."""
    relative = unquote(urlsplit(url).path)
    return (path.parent / relative).resolve() if relative else path


if __name__ == "__main__":
    found = list(problems(Path(sys.argv[1])))
    print("\n".join(found) or "every link inside the site leads somewhere; nothing is fetched from elsewhere")
    sys.exit(bool(found))
