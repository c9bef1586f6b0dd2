"""What was derived, in Markdown: lengths, areas and distances to independent check points."""

from __future__ import annotations

from pathlib import Path
from statistics import median

import numpy as np
import shapely

from .areas import Enclosed, enclosed_areas
from .divides import BasinCheck, load_config
from .geodesy import distances_to, length_km, sampled
from .layers import Feature

OFFICIAL_KM = {
    "cn-ru-east + cn-ru-west": 4209.3,
    "cn-ru-east": 4195.44,
    "cn-ru-west": 54.57,
    "cn-kz": 1782.75,
    "cn-kg": 1071.8,
    "cn-tj": 494.95,
    "mn-ru": 3485.0,
    "cn-mn": 4709.6,
}
# Divides that are a state border today, over the stretch in which they are.
BORDER_OF = {
    "altai": ("cn-ru-west", "cn-kz"),
    "tarbagatai": ("cn-kz",),
    "dzungarian-alatau": ("cn-kz",),
    "tian-shan": ("cn-kg",),
    "sarykol": ("cn-tj",),
}
SAMPLE_KM = 0.5


def table(header: list[str], rows: list[list[str]]) -> str:
    """Lay out a Markdown table."""
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(row) + " |" for row in lines)


def _layer_rows(layers: dict[str, list[Feature]], out: Path) -> list[list[str]]:
    rows = []
    for name, features in sorted(layers.items()):
        origins = sorted({(f.properties["source"], f.properties["licence"]) for f in features})
        size = (out / f"{name}.geojson").stat().st_size
        vertices = sum(len(shapely.get_coordinates(f.geometry)) for f in features)
        source = "; ".join(origin[0] for origin in origins)
        licence = "; ".join(sorted({origin[1] for origin in origins}))
        rows.append(
            [f"`{name}.geojson`", str(len(features)), str(vertices), f"{size / 1000:.0f} kB", source, licence]
        )
    return rows


def _length_rows(borders: list[Feature]) -> list[list[str]]:
    own = {feature.id: feature.properties["length_km"] for feature in borders}
    written = {feature.id: length_km(feature.geometry) for feature in borders}
    rows = []
    for name, official in OFFICIAL_KM.items():
        parts = name.split(" + ")
        full, file = (sum(lengths[part] for part in parts) for lengths in (own, written))
        rows.append(
            [
                name,
                f"{full:,.1f}",
                f"{file:,.1f}",
                f"{official:,.1f}",
                f"{100 * (file / official - 1):+.1f} %",
            ]
        )
    return rows


def _spread(distances: list[float]) -> str:
    return f"{median(distances):.1f} / {np.percentile(distances, 95):.1f} / {max(distances):.1f}"


def _divide_rows(divides: list[Feature], borders: list[Feature]) -> list[list[str]]:
    checks = {divide["id"]: divide.get("check", []) for divide in load_config()["divide"]}
    lines = {feature.id: feature.geometry for feature in borders}
    rows = []
    for feature in divides:
        points = [tuple(point) for point in checks[feature.id]]
        places = _spread(distances_to(feature.geometry, points)) if points else "-"
        today = "-"
        if feature.id in BORDER_OF:
            border = shapely.union_all([lines[name] for name in BORDER_OF[feature.id]])
            today = _spread(distances_to(border, sampled(feature.geometry, SAMPLE_KM)))
        properties = feature.properties
        rows.append(
            [
                feature.id,
                str(properties["length_km"]),
                str(properties["vertices"]),
                str(properties["sigma_km"]),
                places,
                today,
            ]
        )
    return rows


def _basin_rows(checks: list[BasinCheck]) -> list[list[str]]:
    return [
        [c.name, f"{c.computed_km2:,.0f}", f"{c.published_km2:,.0f} ± {c.tolerance_km2:,.0f}"] for c in checks
    ]


def _area_rows(areas: list[Enclosed]) -> list[list[str]]:
    return [[a.what, f"{a.computed_km2:,.0f}", a.expected, "yes" if a.within else "no"] for a in areas]


def markdown(layers: dict[str, list[Feature]], checks: list[BasinCheck], out: Path) -> str:
    """Write the report of one run."""
    historic = [
        [
            f.id,
            str(f.properties["length_km"]),
            str(f.properties["area_between_km2"]),
            f.properties["published_km2"],
            str(f.properties["sigma_km"]),
        ]
        for f in layers["historic"]
    ]
    parts = [
        "## Layers",
        table(["file", "features", "vertices", "size", "source", "licence"], _layer_rows(layers, out)),
        "## Lengths of borders, km",
        table(
            ["border", "source geometry", "as written", "official", "difference"],
            _length_rows(layers["borders"]),
        ),
        "## Divides",
        table(
            [
                "id",
                "length, km",
                "vertices",
                "sigma, km",
                "to check points (median / 95 % / max, km)",
                "to the border of today (same)",
            ],
            _divide_rows(layers["divides"], layers["borders"]),
        ),
        "## Basins, km²",
        table(["basin", "computed", "published"], _basin_rows(checks)),
        "## Enclosed areas, km²",
        table(["area", "computed", "expected", "within"], _area_rows(enclosed_areas(layers))),
        "## Replaced stretches",
        table(["id", "length, km", "area to the modern line, km²", "published", "sigma, km"], historic),
    ]
    return "\n\n".join(parts) + "\n"
