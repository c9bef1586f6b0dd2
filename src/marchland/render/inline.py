"""A folium figure that is one self-contained page: nothing in it points anywhere else.

Folium's own page fetches ten files from four hosts. Here the map element that folium makes is kept, and the
libraries it asks for are either answered with the copy shipped in ``assets/leaflet`` or, where nothing on the
page uses them, left out; any other address is refused. No text of the user's goes through folium: its
templates do not escape.
"""

import re
from base64 import b64encode
from hashlib import sha256
from importlib.resources import files

import folium
from branca.element import CssLink, Figure, JavascriptLink

from marchland.errors import MarchlandError

MAP_ID = "frontier"

_VENDORED = re.compile(r"/leaflet@?[/@]?1\.9\.\d+/(dist/)?leaflet(\.min)?\.(js|css)$")
_UNUSED = re.compile(r"(jquery|bootstrap|awesome|glyphicons)", re.IGNORECASE)
_ADDRESS = re.compile(r"""(?:https?:)?//[^\s"'<>]+""")


class UnknownResourceError(MarchlandError):
    """Something on the page would be fetched from elsewhere."""


class InlineFigure(Figure):
    """A branca figure that hands out its parts and never a link."""

    def parts(self) -> tuple[str, str]:
        """Return the map's HTML element and its script.

        Raises
        ------
        UnknownResourceError
            A child of the figure asks for a file that is not shipped.
        """
        for child in self._children.values():
            child.render()
        for name, child in self.header._children.items():
            if isinstance(child, JavascriptLink | CssLink):
                _check_link(name, child.url)
        markup, script = self.html.render().strip(), self.script.render().strip()
        addresses = _ADDRESS.findall(markup + script)
        if addresses:
            msg = f"the page would load {addresses[0]}: only what is shipped with this package may be on it"
            raise UnknownResourceError(msg)
        return markup, script

    def render(self, **kwargs: object) -> str:
        """Refuse: a figure without its page would be the one with links."""
        del kwargs
        msg = "an InlineFigure has parts; the page around them is marchland.render.page's"
        raise TypeError(msg)


def _check_link(name: str, url: str) -> None:
    if not (_VENDORED.search(url) or _UNUSED.search(f"{name} {url}")):
        msg = f"the page would load {url} ({name}): only what is shipped with this package may be on it"
        raise UnknownResourceError(msg)


def frontier_map() -> tuple[str, str]:
    """Return the HTML element and the script of a bare folium map in metres, the same every time."""
    figure = InlineFigure()
    base = folium.Map(
        location=[0, 0],
        tiles=None,
        crs="Simple",
        zoom_start=-13,
        zoom_control=False,
        minZoom=-20,
        maxZoom=2,
        zoomSnap=0,
        zoomDelta=1,
        wheelPxPerZoomLevel=120,
        attributionControl=False,
        maxBoundsViscosity=0.8,
        bounceAtZoomLimits=False,
    )
    base._name, base._id = "map", MAP_ID
    base.add_to(figure)
    return figure.parts()


def asset(path: str) -> str:
    """Return a text shipped in ``assets``."""
    return files("marchland.render").joinpath("assets", *path.split("/")).read_text("utf-8")


def source_hash(text: str) -> str:
    """Return a source expression of the Content Security Policy for one inline script or style."""
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"
