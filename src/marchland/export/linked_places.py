"""Linked Places format (JSON-LD over GeoJSON), as gazetteers and historical atlases exchange it."""

from datetime import date, timedelta
from typing import Any
from urllib.parse import quote

from marchland.export.geojson import dumps, geometry_object
from marchland.export.layers import Feature, Layer
from marchland.export.shapes import fit

CONTEXT = (
    "https://raw.githubusercontent.com/LinkedPasts/linked-places/master/linkedplaces-context-v1.1.jsonld"
)
"""Where the terms are defined; nothing fetches it here."""

_TYPES = {"territories": "territory", "tenures": "territory", "faces": "face", "frontier": "boundary"}


def to_linked_places(layer: Layer) -> str:
    """Return a layer as Linked Places: one place a feature, named, dated, and related to its holder.

    ``when`` has ISO 8601 days, which are EDTF too, and the same as one EDTF interval with its last day
    (``1858-05-28/1860-11-13``; ``..`` where it lasts). ``@id`` is a URN of dataset, layer and feature.
    """
    stamp = dict(layer.stamp)
    head = {
        "type": "FeatureCollection",
        "@context": CONTEXT,
        "title": layer.title,
        "license": stamp["licence"],
        "citation": stamp["citation"],
        "stamp": stamp,
    }
    features = ",\n".join(dumps(_place(layer, feature)) for feature in layer.features)
    return f'{dumps(head)[:-1]},"features":[\n{features}\n]}}\n'


def _place(layer: Layer, feature: Feature) -> dict[str, Any]:
    when = _when(feature)
    place: dict[str, Any] = {
        "@id": _urn(layer, layer.key, feature.id),
        "type": "Feature",
        "properties": {"title": _title(layer, feature), **layer.properties(feature)},
        "when": when,
        "names": [{"toponym": name, "lang": lang} for lang, name in sorted(feature.names.items())]
        or [{"toponym": feature.id, "lang": "und"}],
        "types": [
            {"label": layer.key.removesuffix("ies") + "y" if layer.key == "territories" else layer.key}
        ],
        "geometry": geometry_object(fit(feature.geometry, layer.geometry_type)),
    }
    if feature.holder:
        place["relations"] = [
            {
                "relationType": "gvp:broaderPartitive",
                "relationTo": _urn(layer, "holder", holder),
                "label": layer.holder_names.get(holder, holder),
                "when": when,
            }
            for holder in feature.holder.split("+")
        ]
    return place


def _title(layer: Layer, feature: Feature) -> str:
    cells = layer.properties(feature)
    return str(cells.get("name") or feature.id)


def _when(feature: Feature) -> dict[str, Any]:
    """Return a ``when``; the end there is the last day it held, a tenure's the first it no longer did."""
    last = (date.fromisoformat(feature.end) - timedelta(days=1)).isoformat() if feature.end else None
    span: dict[str, Any] = {}
    if feature.start:
        span["start"] = {"in": feature.start}
    if last:
        span["end"] = {"in": last}
    return {"timespans": [span], "edtf": f"{feature.start or ''}/{last or '..'}"}


def _urn(layer: Layer, *words: str) -> str:
    parts = [str(layer.stamp["dataset"]), *words]
    return "urn:marchland:" + ":".join(quote(part, safe="/+:") for part in parts)
