"""Answers as geometry files.

A question becomes a :class:`Layer` (features with columns, and the stamp that says where they come from);
each writer turns any layer into the text or bytes of one format. ``to_`` functions touch no disk;
:func:`write_layer` writes a file, whole or not at all. The same layer gives the same bytes.

>>> import marchland as ml
>>> from marchland.export import territories_layer, write_layer
>>> layer = territories_layer(ml.load().at(1860))  # doctest: +SKIP
>>> write_layer(layer, "1860.gpkg")  # doctest: +SKIP
"""

from marchland.export.formats import FORMATS, format_for, render, write_layer
from marchland.export.geojson import frontier_geojson, to_geojson
from marchland.export.kml import to_kml
from marchland.export.layers import (
    Feature,
    Layer,
    faces_layer,
    frontier_layer,
    tenures_layer,
    territories_layer,
)
from marchland.export.linked_places import to_linked_places
from marchland.export.tabular import to_frame, to_geopackage, to_geoparquet
from marchland.export.topojson import to_topojson

__all__ = [
    "FORMATS",
    "Feature",
    "Layer",
    "faces_layer",
    "format_for",
    "frontier_geojson",
    "frontier_layer",
    "render",
    "tenures_layer",
    "territories_layer",
    "to_frame",
    "to_geojson",
    "to_geopackage",
    "to_geoparquet",
    "to_kml",
    "to_linked_places",
    "to_topojson",
    "write_layer",
]
