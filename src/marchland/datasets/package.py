"""A dataset folder (Data Package v2) to a composite.

Manifest and hash checked, one store read, geometry left until asked for.
"""

import hashlib
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from marchland.composite import Arc, DatasetMeta, Face, SpaceTimeComposite
from marchland.errors import DataError, NotFoundError
from marchland.model import (
    Claim,
    Event,
    Holder,
    Instrument,
    Place,
    Reading,
    Relation,
    Segment,
    Source,
    Tenure,
    Territory,
)
from marchland.pictures import Picture
from marchland.records import decode

MANIFEST = "datapackage.json"
STORE = "compiled/composite.json"
FACES = "compiled/faces.geojson"
ARCS = "compiled/arcs.geojson"
BACKDROP = "compiled/backdrop.geojson"
RELIEF = "base-relief"
BUILT_IN = "russia-china"

_PACKAGE = Path(__file__).resolve().parents[1]
_HOMES = (_PACKAGE / "data", _PACKAGE.parents[1] / "geodata")
"""Where a built-in dataset lies: inside the installed wheel, or beside the sources of a checkout."""


def find_dataset(name: str | Path) -> Path:
    """Return the folder of a dataset: a path that holds a manifest, or the name of a built-in one.

    Raises
    ------
    NotFoundError
        A bare name is that of no built-in dataset.
    DataError
        A path leads to no dataset.
    """
    given = Path(name)
    if (given / MANIFEST).is_file():
        return given
    for home in _HOMES:
        if str(name) == given.name and (home / given.name / MANIFEST).is_file():
            return home / given.name
    if given.exists() or str(name) != given.name:
        what = f"holds no {MANIFEST}" if given.exists() else "does not exist"
        msg = f"{name} {what}; give the folder of a dataset"
        raise DataError(msg)
    msg = f"no dataset {str(name)!r}; give {BUILT_IN!r} or the folder of a dataset"
    raise NotFoundError(msg, suggestions=(BUILT_IN,))


def load(name: str | Path = BUILT_IN) -> SpaceTimeComposite:
    """Load a dataset by name or path.

    Raises
    ------
    NotFoundError
        A bare name is that of no built-in dataset.
    DataError
        A path leads to no dataset, or a file of it is missing, corrupt, or not the one its manifest
        describes.
    """
    root = find_dataset(name)
    package = Package(root)
    meta = _meta(package)
    store = package.json(STORE)
    try:
        return _composite(package, meta, store)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        msg = (
            f"{root / STORE} is not a store of this version of marchland ({error}); run 'marchland"
            " build' or install it again"
        )
        raise DataError(msg) from error


class Package:
    """A dataset folder whose files are checked against the manifest's hashes as they are read."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.manifest: dict[str, Any] = self._parsed(MANIFEST, self._bytes(MANIFEST))
        try:
            self._hashes = {item["path"]: item["hash"] for item in self.manifest["resources"]}
        except (KeyError, TypeError) as error:
            msg = (
                f"{root / MANIFEST} lists no resources with their hashes; run 'marchland build' or"
                " install it again"
            )
            raise DataError(msg) from error

    def json(self, path: str) -> Any:  # noqa: ANN401 - parsed JSON
        """Return a resource as parsed JSON.

        Raises :class:`DataError` if it is missing or is not what the manifest says.
        """
        return self._parsed(path, self._checked(path))

    def picture(self, name: str) -> Picture | None:
        """Return the picture that is the resource of that name, None if the dataset has none.

        Raises :class:`DataError` if it is missing, is not what the manifest says, or lies nowhere.
        """
        item = next((item for item in self.manifest["resources"] if item.get("name") == name), None)
        if item is None:
            return None
        try:
            west, south, east, north = (float(edge) for edge in item["spatial"]["bbox"])
            crs, mediatype = str(item["spatial"]["crs"]), str(item["mediatype"])
        except (KeyError, TypeError, ValueError) as error:
            msg = (
                f"{self.root / MANIFEST} does not say where {name} lies ({error}); it needs mediatype,"
                " spatial.crs and spatial.bbox"
            )
            raise DataError(msg) from error
        return Picture(self._checked(item["path"]), mediatype, crs, (west, south, east, north))

    def geometries(self, path: str, key: str) -> Callable[[], dict[str, Any]]:
        """Return a function that reads a GeoJSON resource as geometries by the property ``key``."""

        def read() -> dict[str, Any]:
            import shapely
            from shapely.geometry import shape

            features = self.json(path)["features"]
            found = {item["properties"][key]: shape(item["geometry"]) for item in features}
            shapely.prepare(list(found.values()))
            return found

        return read

    def _checked(self, path: str) -> bytes:
        content = self._bytes(path)
        if f"sha256:{hashlib.sha256(content).hexdigest()}" != self._hashes.get(path):
            msg = (
                f"{self.root / path} is not the file its manifest describes; run 'marchland build' or"
                " install it again"
            )
            raise DataError(msg)
        return content

    def _bytes(self, path: str) -> bytes:
        try:
            return (self.root / path).read_bytes()
        except OSError as error:
            msg = (
                f"cannot read {self.root / path}: {error.strerror}; run 'marchland build' or install it again"
            )
            raise DataError(msg) from error

    def _parsed(self, path: str, content: bytes) -> Any:  # noqa: ANN401 - parsed JSON
        try:
            return json.loads(content)
        except ValueError as error:
            msg = f"{self.root / path} is no JSON ({error}); run 'marchland build' or install it again"
            raise DataError(msg) from error


def _composite(package: Package, meta: DatasetMeta, store: dict[str, Any]) -> SpaceTimeComposite:
    return SpaceTimeComposite(
        meta=meta,
        holders={key: decode(Holder, item) for key, item in store["holders"].items()},
        territories={key: decode(Territory, item) for key, item in store["territories"].items()},
        instruments={key: decode(Instrument, item) for key, item in store["instruments"].items()},
        segments={key: decode(Segment, item) for key, item in store["segments"].items()},
        places={key: decode(Place, item) for key, item in store["places"].items()},
        tenures=tuple(decode(Tenure, item) for item in store["tenures"]),
        readings=tuple(decode(Reading, item) for item in store.get("readings", [])),
        events={key: decode(Event, item) for key, item in store.get("events", {}).items()},
        relations={key: decode(Relation, item) for key, item in store.get("relations", {}).items()},
        claims={key: decode(Claim, item) for key, item in store.get("claims", {}).items()},
        bibliography={key: decode(Source, item) for key, item in store.get("bibliography", {}).items()},
        faces=tuple(Face(*row) for row in store["faces"]),
        arcs=tuple(
            Arc(a, left, right, kind, tuple(segments), *numbers)
            for a, left, right, kind, segments, *numbers in store["arcs"]
        ),
        covariance={(one, other): value for one, other, value in store["covariance"]},
        load_faces=package.geometries(FACES, "face"),
        load_arcs=package.geometries(ARCS, "arc"),
        load_backdrop=lambda: package.json(BACKDROP)["features"],
        load_relief=lambda: package.picture(RELIEF),
    )


def _meta(package: Package) -> DatasetMeta:
    manifest = package.manifest
    digest = hashlib.sha256(json.dumps(manifest["resources"], sort_keys=True).encode()).hexdigest()
    try:
        return DatasetMeta(
            name=manifest["name"],
            title=manifest["title"],
            version=manifest["version"],
            hash=f"sha256:{digest}",
            first_date=date.fromisoformat(manifest["temporal"]["start"]),
            as_of=date.fromisoformat(manifest["temporal"]["as_of"]),
            licence=" / ".join(item["name"] for item in manifest["licenses"]),
            attribution=manifest["attribution"],
            citation=manifest["citation"],
            titles=dict(manifest.get("titles", {})),
        )
    except (KeyError, TypeError, ValueError) as error:
        msg = f"{package.root / MANIFEST} lacks or garbles what a dataset must say of itself: {error}"
        raise DataError(msg) from error
