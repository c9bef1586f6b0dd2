"""The formats by name, and files of them."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from marchland.errors import UsageError
from marchland.export.geojson import to_geojson
from marchland.export.kml import to_kml
from marchland.export.layers import Layer
from marchland.export.linked_places import to_linked_places
from marchland.export.tabular import to_geopackage, to_geoparquet
from marchland.export.topojson import to_topojson
from marchland.files import check_writable, write_atomic


@dataclass(frozen=True, slots=True)
class Format:
    """A format: the usual ending of its files and its writer."""

    ending: str
    writer: Callable[[Layer], str | bytes]


FORMATS: Mapping[str, Format] = MappingProxyType(
    {
        "geojson": Format(".geojson", to_geojson),
        "gpkg": Format(".gpkg", to_geopackage),
        "parquet": Format(".parquet", to_geoparquet),
        "topojson": Format(".topojson", to_topojson),
        "kml": Format(".kml", to_kml),
        "linked-places": Format(".jsonld", to_linked_places),
    }
)

_ENDINGS = {form.ending: name for name, form in FORMATS.items()} | {
    ".json": "geojson",
    ".geoparquet": "parquet",
}


def format_for(path: str | os.PathLike[str]) -> str:
    """Return the name of the format that a file's ending stands for.

    Raises
    ------
    UsageError
        It stands for none.
    """
    name = Path(path).name
    found = _ENDINGS.get(Path(name).suffix.lower())
    if found is None:
        msg = f"cannot tell a format from the name {name!r}; choose {', '.join(FORMATS)}"
        raise UsageError(msg)
    return found


def render(layer: Layer, how: str, *, beside: Layer | None = None) -> str | bytes:
    """Return a layer as text or bytes of a format.

    ``beside`` is written as a second object into TopoJSON, where it shares arcs; other formats leave it out.

    Raises
    ------
    UsageError
        There is no such format, or a library that it needs is not installed.
    """
    if how not in FORMATS:
        msg = f"no format {how!r}; choose {', '.join(FORMATS)}"
        raise UsageError(msg)
    if how == "topojson" and beside is not None:
        return to_topojson(layer, beside)
    return FORMATS[how].writer(layer)


def write_layer(layer: Layer, path: str | os.PathLike[str], *, how: str | None = None) -> Path:
    """Write a layer to a file, all of it or nothing, and return the path.

    Parameters
    ----------
    layer
        What to write.
    path
        File to write; its folder must exist.
    how
        Name of a format; None takes it from the file's ending.

    Raises
    ------
    OutputError
        The file cannot be written.
    UsageError
        As :func:`render` and :func:`format_for`.
    """
    check_writable(path)
    return write_atomic(path, render(layer, how or format_for(path)))
