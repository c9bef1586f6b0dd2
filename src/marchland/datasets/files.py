"""A file of boundaries to a table: whatever GDAL reads, also packed, and TopoJSON without it.

Archives are unpacked in memory only, and no further than a limit.
"""

import gzip
import io
import json
import lzma
import re
import warnings
import zipfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, BinaryIO

from marchland.datasets.kinds import HEAD, refuse_stranger
from marchland.errors import DataError, OpeningError, list_ids
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
_FOLDER = ".gdb"  # of these, the only one that is a folder
_XML = {".kml", ".gml"}  # of a path, GDAL would leave a .gfs beside it
_PARQUET = {".parquet", ".geoparquet"}
ENDINGS = frozenset(_JSON | _GDAL | _PARQUET | set(_PACKED) | {".zip"})
"""How the names of files end that are looked for in a folder."""

_WKT = ("wkt", "geometry", "geom", "the_geom", "wkt_geom", "shape")
"""Columns in which a table of text has its geometry, whatever their case."""

_NO_AREAS = re.compile("None|Point|LineString")


@dataclass(frozen=True)
class Pick:
    """Which of several layers is read: the one that is named, or the only one that may hold areas."""

    layer: str | None = None
    issues: list[Issue] = field(default_factory=list)

    def among(self, names: Iterable[str], areas: Sequence[str], where: object) -> str:
        """Return the layer to read.

        Raises
        ------
        OpeningError
            There are several with areas and none is named.
        DataError
            There is none of that name.
        """
        known = list(names)
        if self.layer is not None:
            if self.layer not in known:
                msg = f"{where} holds no layer {self.layer!r}: there are {list_ids(known, limit=12)}"
                raise DataError(msg)
            return self.layer
        if len(areas) > 1:
            msg = f"{where} holds several layers: {list_ids(areas, limit=12)}; name one of them"
            raise OpeningError(msg, option="layer", example=areas[0])
        chosen = areas[0] if areas else known[0]
        if len(known) > 1:
            told = f"holds {list_ids(known)}; {chosen} is read, the only one with areas"
            self.issues.append(Issue("layer", "info", chosen, told))
        return chosen

    def of_gdal(self, layers: Iterable[Sequence[str]], where: object) -> str:
        """Return which of GDAL's layers to read, each a name and a kind of geometry, as :meth:`among`."""
        kinds = {str(name): str(kind) for name, kind in layers}
        return self.among(kinds, [one for one, kind in kinds.items() if not _NO_AREAS.search(kind)], where)

    def none_in(self, where: object) -> None:
        """Refuse a name for a file of a kind that has no layers (:class:`DataError`)."""
        if self.layer is not None:
            msg = f"{where} has no layers: leave out the layer {self.layer!r}"
            raise DataError(msg)


def plain_stem(path: Path) -> str:
    """Return a file's name without its endings.

    >>> plain_stem(Path("world_1880.geojson.xz"))
    'world_1880'
    """
    name = path.name
    while Path(name).suffix.casefold() in ENDINGS:
        name = Path(name).stem
    return name


def read_table(path: Path, layer: str | None = None) -> tuple["GeoDataFrame", list[Issue]]:
    """Return a file's features, and what was chosen on the way.

    ``layer`` names one of a file's layers, an archive's files or a topology's objects.

    Raises
    ------
    DataError
        The file cannot be read, is truncated, holds no features with geometry, or unpacks to too much; it
        has several layers of areas and none is named, or none of that name.
    """
    issues: list[Issue] = []
    if path.is_file() and not path.stat().st_size:
        msg = f"{path} is empty; fetch it again"
        raise DataError(msg)
    try:
        frame = _read(path, Pick(layer, issues))
    except DataError:
        raise
    except (EOFError, lzma.LZMAError, zipfile.BadZipFile, gzip.BadGzipFile) as error:
        msg = f"{path} is damaged or cut short: {error}; fetch it again"
        raise DataError(msg) from error
    except Exception as error:
        # GDAL's drivers, pandas and pyarrow each raise kinds of their own
        msg = f"cannot read {path}: {_one_line(error)}"
        raise DataError(msg) from error
    frame = with_geometry(frame, path)
    if frame.empty:
        msg = f"{path} holds no features"
        raise DataError(msg)
    frame.index = range(1, len(frame) + 1)  # as people count rows
    return frame, issues


def with_geometry(frame: Any, path: Path) -> "GeoDataFrame":  # noqa: ANN401 - any table
    """Return a table with its geometry, which in one of text is a column of WKT.

    Raises
    ------
    DataError
        There is no such column, or what it has is no WKT.
    """
    import geopandas
    import pandas
    import shapely

    if isinstance(frame, geopandas.GeoDataFrame):
        return frame
    known = {str(name).casefold(): name for name in frame.columns}
    column = next((known[name] for name in _WKT if name in known), None)
    if column is None:
        there = list_ids(frame.columns, limit=12)
        msg = (
            f"{path} is a table without geometry ({there}); give polygons, here as WKT in a column named wkt"
        )
        raise DataError(msg)
    try:
        shapes = shapely.from_wkt([None if pandas.isna(cell) else str(cell) for cell in frame[column]])
    except shapely.errors.GEOSException as error:
        msg = f"{path}: what the column {column} has is no WKT: {_one_line(error)}"
        raise DataError(msg) from error
    return geopandas.GeoDataFrame(frame.drop(columns=column), geometry=shapes)


def _one_line(error: Exception) -> str:
    if "not recognized as being in a supported file format" in str(error):
        return "it is in no format that GDAL knows"
    return (" ".join(str(error).split()) or type(error).__name__)[:300]


def _read(path: Path, pick: Pick) -> "GeoDataFrame":
    import geopandas

    ending = path.suffix.casefold()
    if ending in _PACKED:
        with _PACKED[ending](path, "rb") as stream:
            content = _bounded(stream, path)
        return _from_bytes(content, Path(path.stem).suffix.casefold(), path, pick)
    if ending == ".zip":
        return _from_zip(path, pick)
    if ending in _PARQUET:
        pick.none_in(path)
        return geopandas.read_parquet(path)
    if ending in _JSON | _XML:
        return _from_bytes(path.read_bytes(), ending, path, pick)
    if path.is_file():
        with path.open("rb") as stream:
            head = stream.read(HEAD)
        refuse_stranger(head, ending, path)
        if head.lstrip().startswith(b"<"):
            return _gdal(io.BytesIO(path.read_bytes()), path, pick)
    elif ending != _FOLDER:
        msg = f"{path} is no file"
        raise DataError(msg)
    return _gdal(path.resolve(), path, pick)


def _bounded(stream: BinaryIO | Any, path: Path) -> bytes:  # noqa: ANN401 - any binary stream
    most = min(MOST_BYTES, max(_SMALL, _MOST_RATIO * path.stat().st_size))
    content: bytes = stream.read(most + 1)
    if len(content) > most:
        msg = f"{path} unpacks to more than {most:,} bytes; unpack it yourself if you trust it"
        raise DataError(msg)
    return content


def _from_bytes(content: bytes, ending: str, name: object, pick: Pick) -> "GeoDataFrame":
    import geopandas

    if ending not in _JSON | _GDAL | _PARQUET:
        msg = f"{name} holds no file of boundaries that can be told by its name"
        raise DataError(msg)
    refuse_stranger(content[:HEAD], ending, name)

    if ending in _PARQUET:
        pick.none_in(name)
        return geopandas.read_parquet(io.BytesIO(content))
    if ending in _JSON:
        text = content[:4096].decode("utf-8", "replace")
        if '"Topology"' in text or ending == ".topojson":
            return read_topology(json.loads(content), pick)
    # a schema that GML names may be on the network
    options = {"DOWNLOAD_SCHEMA": "NO"} if ending == ".gml" else {}
    return _gdal(io.BytesIO(content), name, pick, **options)


def _gdal(source: Any, name: object, pick: Pick, **options: str) -> "GeoDataFrame":  # noqa: ANN401
    import geopandas
    import pyogrio

    layers = pyogrio.list_layers(source)
    if isinstance(source, io.BytesIO):
        source.seek(0)
    chosen = pick.of_gdal(layers, name)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", category=RuntimeWarning, module="pyogrio")
        return geopandas.read_file(source, **({"layer": chosen} if len(layers) > 1 else {}), **options)


def _from_zip(path: Path, pick: Pick) -> "GeoDataFrame":
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
        wanted = sorted({name for m in members for name in _boundaries(PurePosixPath(m.filename))})
        if not wanted:
            msg = f"{path} holds no file of boundaries; there are {list_ids(m.filename for m in members)}"
            raise DataError(msg)
        # the name may be that of a file in the archive, or of a layer in its only file
        member = pick.among(wanted, wanted, path) if len(wanted) > 1 else wanted[0]
        pick = pick if len(wanted) == 1 else Pick(None, pick.issues)
        ending = PurePosixPath(member).suffix.casefold()
        if ending == _FOLDER:
            return _gdal(f"/vsizip/{{{path.resolve()}}}/{member}", f"{member} in {path}", pick)
        if ending in _GDAL - _XML:
            with archive.open(member) as stream:
                refuse_stranger(stream.read(HEAD), ending, f"{member} in {path}")
            return _gdal(f"/vsizip/{{{path.resolve()}}}/{member}", f"{member} in {path}", pick)
        with archive.open(member) as stream:
            return _from_bytes(_bounded(stream, path), ending, f"{member} in {path}", pick)


def _boundaries(member: PurePosixPath) -> list[str]:
    """Return what of boundaries a member of an archive is, or is part of."""
    folders = [str(parent) for parent in member.parents if parent.suffix.casefold() == _FOLDER]
    return folders or ([str(member)] if member.suffix.casefold() in ENDINGS - {_FOLDER} else [])


def _leaves(name: str) -> bool:
    """Whether a member's name leads out of its archive, on any system."""
    parts = name.replace("\\", "/").split("/")
    return ".." in parts or not parts[0] or ":" in parts[0]


# --- TopoJSON


def read_topology(topology: Any, pick: Pick | None = None) -> "GeoDataFrame":  # noqa: ANN401 - parsed JSON
    """Return the polygons of an object of a TopoJSON topology, shared lines the same to the bit.

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
        areas = [name for name in names if _has_areas(topology["objects"][name])]
        top = topology["objects"][(pick or Pick()).among(names, areas, "the topology")]
        items = top["geometries"] if top["type"] == "GeometryCollection" else [top]
        geometries = [_topo_geometry(item, arcs) for item in items]
    except DataError:
        raise
    except (KeyError, IndexError, TypeError, ValueError) as error:
        msg = f"is no TopoJSON topology: {type(error).__name__} {_one_line(error)}"
        raise DataError(msg) from error
    properties = [item.get("properties") or {} for item in items]
    return geopandas.GeoDataFrame(properties, geometry=geometries)


def _has_areas(top: dict[str, Any]) -> bool:
    items = top["geometries"] if top["type"] == "GeometryCollection" else [top]
    return any(item.get("type") in {"Polygon", "MultiPolygon"} for item in items)


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
