"""KML 2.2 (OGC 07-147), by the standard library's XML writer."""

import json
import re
import xml.etree.ElementTree as ET
from datetime import date, timedelta

from marchland.export.layers import Feature, Layer
from marchland.export.shapes import Position, Ring, coordinates, fit
from marchland.tables import Value
from marchland.writers import rights

NAMESPACE = "http://www.opengis.net/kml/2.2"
NOBODY = "#999999"
_SCHEMA = "columns"


def to_kml(layer: Layer) -> str:
    """Return a layer as one KML document: a Placemark a feature, with its TimeSpan and typed columns.

    Longitude, latitude in WGS 84 with 6 decimals. ``TimeSpan/end`` is the last day on which it held (KML's
    ends are included); the column ``end`` stays the first on which it did not. Holders have their colours.
    """
    root = ET.Element("kml", {"xmlns": NAMESPACE})
    document = ET.SubElement(root, "Document")
    _text(document, "name", layer.title)
    _text(document, "description", _credits(layer))
    _styles(document, layer)
    data = ET.SubElement(document, "ExtendedData")
    for key, value in layer.stamp.items():
        if value is not None:
            item = ET.SubElement(data, "Data", {"name": key})
            _text(item, "value", _said(value))
    _columns(document, layer)
    folder = ET.SubElement(document, "Folder")  # GDAL reads a folder as a layer, even one with nothing in it
    _text(folder, "name", layer.key)
    for feature in layer.features:
        _placemark(folder, layer, feature)
    ET.indent(root, " ")
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _said(value: object) -> str:
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False, sort_keys=True)
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _text(parent: ET.Element, tag: str, text: str) -> None:
    ET.SubElement(parent, tag).text = text


def _credits(layer: Layer) -> str:
    return rights(layer.stamp)


def _styles(document: ET.Element, layer: Layer) -> None:
    """One style for each holder and for several or none; KML's colours are aabbggrr."""
    for key, colour in {"nobody": NOBODY, **layer.colours}.items():
        style = ET.SubElement(document, "Style", {"id": _style_id(key)})
        line = ET.SubElement(style, "LineStyle")
        _text(line, "color", _abgr("ff", colour))
        _text(line, "width", "1.5")
        _text(ET.SubElement(style, "PolyStyle"), "color", _abgr("80", colour))


def _style_id(holder: str) -> str:
    return "holder-" + re.sub(r"[^A-Za-z0-9_.-]", lambda match: f"-{ord(match[0]):x}-", holder)


def _abgr(alpha: str, colour: str) -> str:
    found = re.fullmatch(r"#([0-9a-fA-F]{2})([0-9a-fA-F]{2})([0-9a-fA-F]{2})", colour)
    red, green, blue = found.groups() if found else ("99", "99", "99")
    return f"{alpha}{blue}{green}{red}".lower()


def _columns(document: ET.Element, layer: Layer) -> None:
    schema = ET.SubElement(document, "Schema", {"name": layer.key, "id": _SCHEMA})
    for column in layer.columns:
        kind = "string" if column.decimals is None else "double"
        ET.SubElement(schema, "SimpleField", {"type": kind, "name": column.name})


def _placemark(folder: ET.Element, layer: Layer, feature: Feature) -> None:
    placemark = ET.SubElement(folder, "Placemark")
    cells = layer.properties(feature)
    _text(placemark, "name", str(cells.get("name") or feature.id))
    _span(placemark, feature)
    known = feature.holder if feature.holder in layer.colours else "nobody"
    _text(placemark, "styleUrl", "#" + _style_id(known or "nobody"))
    data = ET.SubElement(ET.SubElement(placemark, "ExtendedData"), "SchemaData", {"schemaUrl": f"#{_SCHEMA}"})
    for column in layer.columns:
        value = cells[column.name]
        if value is not None:
            ET.SubElement(data, "SimpleData", {"name": column.name}).text = _plain(value, column.decimals)
    shape = fit(feature.geometry, layer.geometry_type)
    if shape is not None:
        _geometry(placemark, shape.geom_type, coordinates(shape))


def _plain(value: Value, decimals: int | None) -> str:
    if isinstance(value, tuple):
        return ";".join(value)
    return str(value) if decimals is None else f"{value:.{decimals}f}"


def _span(placemark: ET.Element, feature: Feature) -> None:
    if feature.start is None and feature.end is None:
        return
    span = ET.SubElement(placemark, "TimeSpan")
    if feature.start:
        _text(span, "begin", feature.start)
    if feature.end:
        _text(span, "end", (date.fromisoformat(feature.end) - timedelta(days=1)).isoformat())


# --- geometry


def _geometry(placemark: ET.Element, kind: str, parts: list[list[Ring]] | list[Ring]) -> None:
    parent = ET.SubElement(placemark, "MultiGeometry") if kind.startswith("Multi") else placemark
    for part in parts if kind.startswith("Multi") else [parts]:
        if "Polygon" in kind:
            _polygon(parent, part)  # type: ignore[arg-type]
        else:
            _line(parent, "LineString", part)  # type: ignore[arg-type]


def _polygon(parent: ET.Element, rings: list[Ring]) -> None:
    polygon = ET.SubElement(parent, "Polygon")
    for i, ring in enumerate(rings):
        border = ET.SubElement(polygon, "innerBoundaryIs" if i else "outerBoundaryIs")
        _line(border, "LinearRing", ring)


def _line(parent: ET.Element, tag: str, positions: list[Position]) -> None:
    line = ET.SubElement(parent, tag)
    _text(line, "coordinates", " ".join(f"{x:.6f},{y:.6f}" for x, y in positions))
