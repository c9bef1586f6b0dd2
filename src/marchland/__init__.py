"""marchland: who held what along a frontier, what changed, how much, and what it looks like.

The names below are the whole public face of the package. They are looked up on first use, so that
``import marchland`` costs next to nothing and no command pays for libraries it does not need.

>>> import marchland as ml
>>> ds = ml.load("russia-china")              # doctest: +SKIP
>>> ml.compare(ds, "1857", "1859").ledger     # doctest: +SKIP
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from marchland import display as _display

if TYPE_CHECKING:
    from marchland.answers import Frontier as Frontier
    from marchland.answers import Snapshot as Snapshot
    from marchland.comparison import Comparison as Comparison
    from marchland.comparison import compare as compare
    from marchland.composite import SpaceTimeComposite as SpaceTimeComposite
    from marchland.datasets import load as load
    from marchland.datasets.snapshots import from_snapshots as from_snapshots
    from marchland.datasets.versions import from_versions as from_versions
    from marchland.errors import DataError as DataError
    from marchland.errors import DateError as DateError
    from marchland.errors import MarchlandError as MarchlandError
    from marchland.errors import NotFoundError as NotFoundError
    from marchland.errors import OutputError as OutputError
    from marchland.errors import UsageError as UsageError
    from marchland.model import Tenure as Tenure
    from marchland.render.article import article as article
    from marchland.render.page import page as page
    from marchland.timeseries import matrix as matrix
    from marchland.timeseries import series as series
    from marchland.validation import validate as validate

__version__ = "0.1.0"

_HOMES = {
    "Comparison": "marchland.comparison",
    "DataError": "marchland.errors",
    "DateError": "marchland.errors",
    "Frontier": "marchland.answers",
    "MarchlandError": "marchland.errors",
    "NotFoundError": "marchland.errors",
    "OutputError": "marchland.errors",
    "Snapshot": "marchland.answers",
    "SpaceTimeComposite": "marchland.composite",
    "Tenure": "marchland.model",
    "UsageError": "marchland.errors",
    "article": "marchland.render.article",
    "compare": "marchland.comparison",
    "from_snapshots": "marchland.datasets.snapshots",
    "from_versions": "marchland.datasets.versions",
    "load": "marchland.datasets",
    "matrix": "marchland.timeseries",
    "page": "marchland.render.page",
    "series": "marchland.timeseries",
    "validate": "marchland.validation",
}

_display.announce(
    {
        "Comparison": "marchland.render.notebook:comparison_svg",
        "Series": "marchland.render.notebook:series_svg",
        "Snapshot": "marchland.render.notebook:snapshot_svg",
    }
)

__all__ = [
    "Comparison",
    "DataError",
    "DateError",
    "Frontier",
    "MarchlandError",
    "NotFoundError",
    "OutputError",
    "Snapshot",
    "SpaceTimeComposite",
    "Tenure",
    "UsageError",
    "article",
    "compare",
    "from_snapshots",
    "from_versions",
    "load",
    "matrix",
    "page",
    "series",
    "validate",
]


def __getattr__(name: str) -> Any:  # noqa: ANN401 - whatever the name is bound to
    """Import the module that a public name lives in, and keep the name for the next time."""
    home = _HOMES.get(name)
    if home is None:
        msg = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(msg)
    value = getattr(import_module(home), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
