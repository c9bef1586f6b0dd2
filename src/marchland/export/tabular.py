"""Formats of tables with a geometry column: GeoPackage and GeoParquet, through geopandas."""

import io
import json
from typing import TYPE_CHECKING, Any

from marchland.errors import UsageError
from marchland.export.layers import Layer
from marchland.export.shapes import fit
from marchland.writers import rights

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

METADATA_KEY = b"marchland"
"""Key of the stamp, as JSON, among the metadata of a GeoParquet file."""

_EPOCH = "2000-01-01T00:00:00.000Z"
"""What a GeoPackage says of its last change: no clock is read, so that the same answer is the same file."""


def to_frame(layer: Layer, *, crs: str = "EPSG:4326") -> "GeoDataFrame":
    """Return a layer as a GeoDataFrame: an ``id``, its columns, and ``geometry`` in lon/lat.

    Text columns hold str or None (dates are ISO text), numbers are float64.
    """
    import geopandas
    import pandas as pd

    data: dict[str, Any] = {"id": pd.Series([f.id for f in layer.features], dtype=object)}
    for i, column in enumerate(layer.columns):
        kind = object if column.decimals is None else "float64"
        data[column.name] = pd.Series([f.cells[i] for f in layer.features], dtype=kind)
    shapes = [fit(feature.geometry, layer.geometry_type) for feature in layer.features]
    return geopandas.GeoDataFrame(data, geometry=geopandas.GeoSeries(shapes, crs=crs), crs=crs)


def to_geopackage(layer: Layer) -> bytes:
    """Return a layer as a GeoPackage with one table named by the layer's key.

    The stamp is the description of the table and, as JSON, metadata of the layer. EPSG:4326, x is longitude.
    """
    import pyogrio

    stream = io.BytesIO()
    before = pyogrio.get_gdal_config_option("OGR_CURRENT_DATE")
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": _EPOCH})
    try:
        pyogrio.write_dataframe(
            to_frame(layer),
            stream,
            driver="GPKG",
            layer=layer.key,
            geometry_type=layer.geometry_type,
            layer_metadata={key: _text(value) for key, value in layer.stamp.items() if value is not None},
            layer_options={"IDENTIFIER": layer.title, "DESCRIPTION": _credits(layer), "FID": "fid"},
        )
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": before})
    return stream.getvalue()


def to_geoparquet(layer: Layer) -> bytes:
    """Return a layer as GeoParquet 1.1: WKB, OGC:CRS84, a covering bounding box per row.

    The stamp is JSON under the key ``marchland`` of the file's metadata.

    Raises
    ------
    UsageError
        pyarrow is not installed.
    """
    try:
        from pyarrow import parquet
    except ModuleNotFoundError as error:
        msg = "GeoParquet needs pyarrow, which is not installed; install marchland[parquet]"
        raise UsageError(msg) from error
    plain = io.BytesIO()
    to_frame(layer, crs="OGC:CRS84").to_parquet(
        plain, index=False, schema_version="1.1.0", write_covering_bbox=True
    )
    table = parquet.read_table(io.BytesIO(plain.getvalue()))
    metadata = {**(table.schema.metadata or {}), METADATA_KEY: _text(dict(layer.stamp)).encode()}
    stream = io.BytesIO()
    parquet.write_table(table.replace_schema_metadata(metadata), stream, compression="zstd")
    return stream.getvalue()


def _text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True)


def _credits(layer: Layer) -> str:
    stamp = layer.stamp
    return f"{stamp['dataset']} {stamp['version']} ({stamp['hash']}). {rights(stamp)}"
