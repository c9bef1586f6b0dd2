"""A dataset folder (Data Package v2) to a composite.

Manifest and hash checked, one store read, geometry left until asked for.
"""

import hashlib
import json
from collections.abc import Callable, Container, Iterable
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from marchland.composite import SpaceTimeComposite
from marchland.datasets.features import drawn, shapes
from marchland.errors import DataError, NotFoundError, list_ids
from marchland.faces import Arc, Face
from marchland.files import inside
from marchland.meta import DatasetMeta
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
    Wording,
)
from marchland.pictures import Picture
from marchland.records import decode, decode_row

Made = TypeVar("Made")
Record = TypeVar("Record", Claim, Event, Holder, Instrument, Place, Relation, Segment, Territory, Wording)

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


def is_dataset(name: str | Path) -> bool:
    """Whether a name is that of a built-in dataset, or a path leads to a dataset of ours."""
    try:
        return (find_dataset(name) / MANIFEST).is_file()
    except (NotFoundError, DataError):
        return False


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
        msg = f"{name} {what}; give the folder of a dataset, or a file or folder of boundaries"
        raise DataError(msg)
    msg = f"no file, folder or dataset {str(name)!r}; the built-in one is {BUILT_IN!r}"
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
        composite = _composite(package, meta, store)
        _check_links(composite)
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
        msg = (
            f"{root / STORE} is not a store of this version of marchland ({error}); run 'marchland"
            " build' or install it again"
        )
        raise DataError(msg) from error
    return composite


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

    def shapes(self, path: str, make: Callable[[Any], Made]) -> Callable[[], Made]:
        """Return a function that reads a GeoJSON resource, once geometry is asked for.

        What ``make`` finds wrong with it (ValueError) is told as :class:`DataError`.
        """

        def read() -> Made:
            content = self.json(path)
            try:
                return make(content)
            except ValueError as error:
                msg = (
                    f"{self.root / path} does not hold the shapes of the store ({error}); run 'marchland"
                    " build' or install it again"
                )
                raise DataError(msg) from error

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
            return inside(self.root, path).read_bytes()
        except OSError as error:
            msg = (
                f"cannot read {self.root / path}: {error.strerror}; run 'marchland build' or install it again"
            )
            raise DataError(msg) from error

    def _parsed(self, path: str, content: bytes) -> Any:  # noqa: ANN401 - parsed JSON
        try:
            return json.loads(content)
        except (ValueError, RecursionError) as error:
            msg = f"{self.root / path} is no JSON ({error}); run 'marchland build' or install it again"
            raise DataError(msg) from error


def _composite(package: Package, meta: DatasetMeta, store: dict[str, Any]) -> SpaceTimeComposite:
    faces = tuple(decode_row(Face, row) for row in store["faces"])
    arcs = tuple(decode_row(Arc, row) for row in store["arcs"])
    return SpaceTimeComposite(
        meta=meta,
        holders=_by_id(Holder, store["holders"]),
        territories=_by_id(Territory, store["territories"]),
        instruments=_by_id(Instrument, store["instruments"]),
        segments=_by_id(Segment, store["segments"]),
        places=_by_id(Place, store["places"]),
        tenures=tuple(decode(Tenure, item) for item in store["tenures"]),
        readings=tuple(decode(Reading, item) for item in store.get("readings", [])),
        wordings=_by_id(Wording, store.get("wordings", {})),
        load_relief=lambda: package.picture(RELIEF),
        events=_by_id(Event, store.get("events", {})),
        relations=_by_id(Relation, store.get("relations", {})),
        claims=_by_id(Claim, store.get("claims", {})),
        bibliography={k: decode(Source, item) for k, item in store.get("bibliography", {}).items()},
        faces=faces,
        arcs=arcs,
        covariance={(one, other): value + 0.0 for one, other, value in store["covariance"]},
        load_faces=package.shapes(FACES, lambda read: shapes(read, "face", "Polygon", {f.id for f in faces})),
        load_arcs=package.shapes(ARCS, lambda read: shapes(read, "arc", "LineString", {a.id for a in arcs})),
        load_backdrop=package.shapes(BACKDROP, drawn),
    )


def _by_id(kind: type[Record], items: dict[str, Any]) -> dict[str, Record]:
    found = {key: decode(kind, item) for key, item in items.items()}
    wrong = [key for key, record in found.items() if record.id != key]
    if wrong:
        msg = f"{kind.__name__} has another id than its key: {list_ids(wrong)}"
        raise ValueError(msg)
    return found


def _check_links(composite: SpaceTimeComposite) -> None:
    """Raise :class:`ValueError` where a record names another that the store does not hold."""
    faces, arcs = {face.id for face in composite.faces}, {arc.id for arc in composite.arcs}
    tenures = [*composite.tenures, *(t for reading in composite.readings for t in reading.tenures)]
    links: list[tuple[str, Iterable[str | None], Container[str]]] = [
        ("faces lie in territories", (face.territory for face in composite.faces), composite.territories),
        ("arcs bound faces", (f for arc in composite.arcs for f in (arc.left, arc.right)), faces),
        ("arcs follow segments", (s for arc in composite.arcs for s in arc.segments), composite.segments),
        ("segments belong to instruments", _instruments(composite), composite.instruments),
        ("tenures are of territories", (t.territory for t in tenures), composite.territories),
        ("covariances are of arcs", _swept(composite), arcs),
    ]
    for why, wanted, known in links:
        missing = sorted({one for one in wanted if one is not None and one not in known})
        if missing:
            msg = f"{why} that it does not hold: {list_ids(missing)}"
            raise ValueError(msg)


def _swept(composite: SpaceTimeComposite) -> Iterable[str]:
    """Return the arcs of the covariances, of whose keys some say ``@`` and a distance after the id."""
    return (key.partition("@")[0] for pair in composite.covariance for key in pair)


def _instruments(composite: SpaceTimeComposite) -> Iterable[str]:
    return (segment.instrument for segment in composite.segments.values())


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
