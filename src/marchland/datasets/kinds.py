"""What a file says it is: refused where it starts as another kind than its name tells.

GDAL goes by content, and knows kinds that stand for other files or for a service on the network (virtual
layers, pipelines, descriptions of WFS servers). Nothing of that sort is boundaries, so none is read, whatever
its name.
"""

import re

from marchland.errors import DataError

__all__ = ["HEAD", "refuse_stranger"]

HEAD = 1 << 16
"""Bytes of the start that are looked at: more than GDAL does to tell a kind."""

_POINTERS = re.compile(rb"<\s*(ogr\w*datasource|ogrvrt|vrtdataset|gdal_\w+)|gdal_streamed_alg", re.IGNORECASE)
_XML = rb"\s*(?:<\?.*?\?>\s*|<!--.*?-->\s*|<!DOCTYPE[^>\[]*>\s*)*"
_JSON = re.compile(rb"(?:\xef\xbb\xbf)?[\s\x1e]*[{\[]")
_SQLITE = re.compile(rb"SQLite format 3\x00")

_STARTS = {
    ".json": _JSON,
    ".geojson": _JSON,
    ".topojson": _JSON,
    ".geojsonl": _JSON,
    ".geojsons": _JSON,
    ".shp": re.compile(rb"\x00\x00\x27\x0a"),
    ".gpkg": _SQLITE,
    ".sqlite": _SQLITE,
    ".fgb": re.compile(rb"fgb"),
    ".kml": re.compile(rb"(?:\xef\xbb\xbf)?" + _XML + rb"<(?:\w+:)?kml\b", re.DOTALL),
    ".gml": re.compile(rb"(?:\xef\xbb\xbf)?" + _XML + rb"<[\w.-]+[\s:>]", re.DOTALL),
    ".tab": re.compile(rb"\s*!table", re.IGNORECASE),
    ".mif": re.compile(rb"\s*version", re.IGNORECASE),
}


def refuse_stranger(head: bytes, ending: str, name: object) -> None:
    """Raise :class:`DataError` where a file stands for others, or its start is not that of its kind.

    Parameters
    ----------
    head
        The first bytes; what lies beyond :data:`HEAD` is not looked at.
    ending
        What the file's name ends in, in lower case; of one that is not known any start will do.
    name
        What an error calls the file.
    """
    if _POINTERS.search(head[:HEAD]):
        msg = f"{name} stands for other files or a service, which are not read; give the boundaries"
        raise DataError(msg)
    start = _STARTS.get(ending)
    if start is None or start.match(head[:HEAD]):
        return
    why = f"it does not start as a {ending.removeprefix('.')} file does" if head.strip() else "it is empty"
    msg = f"cannot read {name}: {why}; name it by what it is, or fetch it again"
    raise DataError(msg)
