"""A file of boundaries to a table: whatever GDAL reads, also packed, and TopoJSON without it.

Archives are unpacked in memory only, and no further than a limit.
"""

import gzip
import io
import json
import lzma
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, BinaryIO

from marchland.datasets.kinds import HEAD, refuse_stranger
from marchland.errors import DataError, list_ids
from marchland.model import Issue

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

__all__ = ["ENDINGS", "MOST_BYTES", "plain_stem", "read_table"]

MOST_BYTES = 2 << 30
"""Archives that unpack to more are refused."""

_SMALL = 64 << 20  # bytes that are unpacked whatever they were packed to
_MOST_RATIO = 1000  # what text packs to; the classic bombs are far beyond
_PACKED: dict[str, Callable[..., Any]] = {".xz": lzma.open, ".gz": gzip.open}
_JSON = {".json", ".geojson", ".topojson", ".geojsonl", ".geojsons"}
_GDAL = {".shp", ".gpkg", ".fgb", ".kml", ".gml", ".gdb", ".tab", ".mif", ".sqlite"}
_XML = {".kml", ".gml"}  # of a path, GDAL would leave a .gfs beside it
_PARQUET = {".parquet", ".geoparquet"}
ENDINGS = frozenset(_JSON | _GDAL | _PARQUET | set(_PACKED) | {".zip"})
"""How the names of files end that are looked for in a folder."""


def plain_stem(path: Path) -> str:
    """Return a file's name without its endings.

    >>> plain_stem(Path("world_1880.geojson.xz"))
    'world_1880'
    """
    name = path.name
    while Path(name).suffix.casefold() in ENDINGS:
        name = Path(name).stem
    return name


def read_table(path: Path) -> tuple["GeoDataFrame", list[Issue]]:
    """Return a file's features, and what was chosen on the way.

    Raises
    ------
    DataError
        The file cannot be read, is truncated, holds no features with geometry, or unpacks to too much.
    """
    issues: list[Issue] = []
    try:
        frame = _read(path, issues)
    except DataError:
        raise
    except (EOFError, lzma.LZMAError, zipfile.BadZipFile, gzip.BadGzipFile) as error:
        msg = f"{path} is damaged or cut short: {error}; fetch it again"
        raise DataError(msg) from error
    except Exception as error:
        # GDAL's drivers, pandas and pyarrow each raise kinds of their own
        msg = f"cannot read {path}: {_one_line(error)}"
        raise DataError(msg) from error
    if not hasattr(frame, "geometry") or frame.empty:
        msg = f"{path} holds no features with a geometry"
        raise DataError(msg)
    return frame.reset_index(drop=True), issues


def _one_line(error: Exception) -> str:
    return (" ".join(str(error).split()) or type(error).__name__)[:300]


def _read(path: Path, issues: list[Issue]) -> "GeoDataFrame":
    import geopandas

    ending = path.suffix.casefold()
    if ending in _PACKED:
        with _PACKED[ending](path, "rb") as stream:
            content = _bounded(stream, path)
        return _from_bytes(content, Path(path.stem).suffix.casefold(), path, issues)
    if ending == ".zip":
        return _from_zip(path, issues)
    if ending in _PARQUET:
        return geopandas.read_parquet(path)
    if ending in _JSON | _XML:
        return _from_bytes(path.read_bytes(), ending, path, issues)
    if path.is_file():
        with path.open("rb") as stream:
            head = stream.read(HEAD)
        refuse_stranger(head, ending, path)
        if head.lstrip().startswith(b"<"):
            return _gdal(io.BytesIO(path.read_bytes()), issues)
    elif ending != ".gdb":
        msg = f"{path} is no file"
        raise DataError(msg)
    return _gdal(path.resolve(), issues)


def _bounded(stream: BinaryIO | Any, path: Path) -> bytes:  # noqa: ANN401 - any binary stream
    most = min(MOST_BYTES, max(_SMALL, _MOST_RATIO * path.stat().st_size))
    content: bytes = stream.read(most + 1)
    if len(content) > most:
        msg = f"{path} unpacks to more than {most:,} bytes; unpack it yourself if you trust it"
        raise DataError(msg)
    return content


def _from_bytes(content: bytes, ending: str, name: object, issues: list[Issue]) -> "GeoDataFrame":
    import geopandas

    if ending not in _JSON | _GDAL | _PARQUET:
        msg = f"{name} holds no file of boundaries that can be told by its name"
        raise DataError(msg)
    refuse_stranger(content[:HEAD], ending, name)

    if ending in _PARQUET:
        return geopandas.read_parquet(io.BytesIO(content))
    if ending in _JSON:
        text = content[:4096].decode("utf-8", "replace")
        if '"Topology"' in text or ending == ".topojson":
            return read_topology(json.loads(content), issues)
    # a schema that GML names may be on the network
    options = {"DOWNLOAD_SCHEMA": "NO"} if ending == ".gml" else {}
    return _gdal(io.BytesIO(content), issues, **options)


def _gdal(source: Any, issues: list[Issue], **options: str) -> "GeoDataFrame":  # noqa: ANN401
    import geopandas
    import pyogrio

    layers = [str(name) for name, _ in pyogrio.list_layers(source)]
    if isinstance(source, io.BytesIO):
        source.seek(0)
    if len(layers) > 1:
        text = f"holds layers {list_ids(layers)}; the first is read"
        issues.append(Issue("layer", "warning", layers[0], text))
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", category=RuntimeWarning, module="pyogrio")
        return geopandas.read_file(source, **({"layer": layers[0]} if len(layers) > 1 else {}), **options)


def _from_zip(path: Path, issues: list[Issue]) -> "GeoDataFrame":
    with zipfile.ZipFile(path) as archive:
        members = archive.infolist()
        size = sum(member.file_size for member in members)
        packed = max(path.stat().st_size, 1)
        if size > MOST_BYTES or size > _MOST_RATIO * packed:
            msg = f"{path} unpacks to {size:,} bytes from {packed:,}; unpack it yourself if you trust it"
            raise DataError(msg)
        strange = [m.filename for m in members if _leaves(m.filename)]
        if strange:
            msg = f"{path} holds files that would lie outside of it: {list_ids(strange)}; it is not read"
            raise DataError(msg)
        wanted = sorted(m.filename for m in members if PurePosixPath(m.filename).suffix.casefold() in ENDINGS)
        if not wanted:
            msg = f"{path} holds no file of boundaries; there are {list_ids(m.filename for m in members)}"
            raise DataError(msg)
        if len(wanted) > 1:
            issues.append(
                Issue("layer", "warning", wanted[0], f"holds {list_ids(wanted)}; the first is read")
            )
        ending = PurePosixPath(wanted[0]).suffix.casefold()
        if ending in _GDAL - _XML:
            with archive.open(wanted[0]) as stream:
                refuse_stranger(stream.read(HEAD), ending, f"{wanted[0]} in {path}")
            return _gdal(f"/vsizip/{{{path.resolve()}}}/{wanted[0]}", issues)
        with archive.open(wanted[0]) as stream:
            return _from_bytes(_bounded(stream, path), ending, f"{wanted[0]} in {path}", issues)


def _leaves(name: str) -> bool:
    """Whether a member's name leads out of its archive, on any system."""
    parts = name.replace("\\", "/").split("/")
    return ".." in parts or not parts[0] or ":" in parts[0]


# --- TopoJSON


def read_topology(topology: Any, issues: list[Issue]) -> "GeoDataFrame":  # noqa: ANN401 - parsed JSON
    """Return the polygons of the first object of a TopoJSON topology, shared lines the same to the bit.

    Raises :class:`DataError` for what is no topology or refers to arcs it has not.
    """
    import geopandas
    import numpy as np

    try:
        arcs = [np.asarray(arc, dtype=np.float64)[:, :2] for arc in topology["arcs"]]
        if "transform" in topology:
            scale, translate = (np.asarray(topology["transform"][key]) for key in ("scale", "translate"))
            arcs = [np.cumsum(arc, axis=0) * scale + translate for arc in arcs]
        names = list(topology["objects"])
        top = topology["objects"][names[0]]
        items = top["geometries"] if top["type"] == "GeometryCollection" else [top]
        geometries = [_topo_geometry(item, arcs) for item in items]
    except (KeyError, IndexError, TypeError, ValueError) as error:
        msg = f"is no TopoJSON topology: {type(error).__name__} {_one_line(error)}"
        raise DataError(msg) from error
    if len(names) > 1:
        issues.append(
            Issue("layer", "warning", names[0], f"holds objects {list_ids(names)}; the first is read")
        )
    properties = [item.get("properties") or {} for item in items]
    return geopandas.GeoDataFrame(properties, geometry=geometries)


def _topo_geometry(item: dict[str, Any], arcs: list[Any]) -> Any:  # noqa: ANN401 - a geometry or None
    import numpy as np
    import shapely

    def ring(parts: list[int]) -> Any:  # noqa: ANN401 - array
        lines = [arcs[i] if i >= 0 else arcs[~i][::-1] for i in parts]
        return np.concatenate([lines[0], *(line[1:] for line in lines[1:])])

    if item.get("type") not in {"Polygon", "MultiPolygon"}:
        return None
    polygons = [item["arcs"]] if item["type"] == "Polygon" else item["arcs"]
    built = [shapely.Polygon(ring(p[0]), [ring(hole) for hole in p[1:]]) for p in polygons if p]
    return built[0] if item["type"] == "Polygon" and built else shapely.MultiPolygon(built)
