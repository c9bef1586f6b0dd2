"""How answers show themselves in a notebook, without knowing what draws them.

A notebook asks an object for ``_repr_mimebundle_``. The picture is made by :mod:`marchland.render`, which
stands above the core, so the core only keeps the name of the function and fetches it when a notebook asks:
nothing is imported before, and a core without a renderer still shows its text.
"""

from importlib import import_module
from typing import Any

from marchland.errors import MarchlandError

_PAINTERS: dict[str, str] = {}
"""``module:function`` by the name of a class; the function returns SVG."""


def announce(painters: dict[str, str]) -> None:
    """Say which function (``module:function``) draws objects of which class."""
    _PAINTERS.update(painters)


class Shown:
    """An answer with a picture; ``summary`` is what stands where no picture can."""

    @property
    def summary(self) -> str:
        """One line of text."""
        raise NotImplementedError

    def _repr_svg_(self) -> str | None:
        """Return the answer as SVG; None, and so text, where it cannot be drawn."""
        where = _PAINTERS.get(type(self).__name__)
        if where is None:
            return None
        module, _, function = where.partition(":")
        try:
            drawn: str = getattr(import_module(module), function)(self)
        except MarchlandError:
            return None
        return drawn

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:  # noqa: ANN401
        """Return SVG and text. No HTML: a notebook would prefer it, and an untrusted one strips it."""
        del include, exclude  # a notebook picks from what it is given
        drawn = self._repr_svg_()
        return {"text/plain": self.summary} | ({"image/svg+xml": drawn} if drawn else {})
