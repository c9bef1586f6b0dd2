"""Composites kept on disk under the hash of what they were made of, so that a second question is instant.

The folder is ``$XDG_CACHE_HOME/marchland``, or ``~/.cache/marchland``; ``MARCHLAND_CACHE=off`` keeps nothing.
A file is written beside its place and renamed, so an interrupted write leaves none; one that cannot be read
is made again. Nothing in a file is run: it holds numbers and JSON.
"""

import hashlib
import io
import json
import os
import time
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from marchland.composite import SpaceTimeComposite
from marchland.errors import OutputError
from marchland.faces import Arc, Face
from marchland.files import write_atomic
from marchland.meta import DatasetMeta
from marchland.model import Basis, Holder, Issue, Sliver, Status, Tenure, Territory

__all__ = ["folder", "key", "through", "work_folder"]

FORMAT = 3
"""Raised whenever what is stored, or what it means, changes."""

_MOST_BYTES = 2 << 30
_MOST_FILES = 32
_STALE_S = 86_400  # a write takes seconds; a temporary file of yesterday is nobody's


def folder() -> Path | None:
    """Return the folder of the cache; None where it is switched off or has no home."""
    if os.environ.get("MARCHLAND_CACHE", "").casefold() in {"off", "0", "no"}:
        return None
    root = os.environ.get("XDG_CACHE_HOME", "")
    if root and Path(root).is_absolute():
        return Path(root) / "marchland"
    try:
        return Path.home() / ".cache" / "marchland"
    except RuntimeError:
        return None


def work_folder() -> Path | None:
    """Return the folder in which builds keep what they have done so far; None without a cache."""
    home = folder()
    return home / "work" if home is not None else None


def key(content: str, *parameters: object) -> str:
    """Return the name under which the result of a content and its parameters is kept.

    Versions of the libraries that cut geometry are part of it.
    """
    import shapely

    from marchland import __version__

    libraries = [FORMAT, __version__, shapely.__version__, shapely.geos_version_string]
    text = json.dumps([content, libraries, *parameters], sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def through(name: str, make: Callable[[], SpaceTimeComposite]) -> SpaceTimeComposite:
    """Return the composite kept under a name, or make and keep it."""
    home = folder()
    if home is None:
        return make()
    path = home / f"{name}.npz"
    found = _read(path)
    if found is not None:
        return found
    composite = make()
    _write(path, composite)
    return composite


# --- disk


def _read(path: Path) -> SpaceTimeComposite | None:
    """Return what a file holds, None where there is none or it cannot be read."""
    import numpy as np

    try:
        content = path.read_bytes()
        with np.load(io.BytesIO(content), allow_pickle=False) as stored:
            arrays = {name: stored[name] for name in stored.files}
        path.touch()
        return _decoded(arrays)
    except (OSError, ValueError, KeyError, TypeError, IndexError, EOFError, zipfile.BadZipFile, zlib.error):
        return None


def _write(path: Path, composite: SpaceTimeComposite) -> None:
    """Keep a composite; where that cannot be done, nothing is kept."""
    import numpy as np

    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        stream = io.BytesIO()
        np.savez(stream, **_encoded(composite))
        write_atomic(path, stream.getvalue())
        _forget(path.parent)
    except (OSError, OutputError):
        return


def _forget(home: Path) -> None:
    """Remove the files unused for longest beyond a size and a number, and what a killed write left."""
    for file in home.glob(".*.npz.*.tmp"):
        if time.time() - file.stat().st_mtime > _STALE_S:
            file.unlink(missing_ok=True)
    files = sorted(home.glob("*.npz"), key=lambda file: file.stat().st_mtime, reverse=True)
    size = 0
    for number, file in enumerate(files):
        size += file.stat().st_size
        if number and (size > _MOST_BYTES or number >= _MOST_FILES):
            file.unlink(missing_ok=True)


# --- the store


def _encoded(composite: SpaceTimeComposite) -> dict[str, Any]:
    import numpy as np
    import shapely

    store = {
        "meta": asdict(composite.meta),
        "holders": [(h.id, dict(h.names), h.colour) for h in composite.holders.values()],
        "territories": [
            (t.id, dict(t.names), t.label, t.area_km2, t.note) for t in composite.territories.values()
        ],
        "tenures": [
            (t.territory, t.holder, t.status, t.start, t.end)
            for t in composite.tenures
            if t.basis == Basis.DE_JURE
        ],
        "faces": [(f.id, f.territory) for f in composite.faces],
        "arcs": [(a.id, a.left, a.right, a.kind) for a in composite.arcs],
        "report": [(i.code, i.severity, i.id, i.message) for i in composite.reading_report],
        "slivers": [list(asdict(s).values()) for s in composite.slivers],
    }
    text = json.dumps(store, ensure_ascii=False, default=_plain)
    out: dict[str, Any] = {
        "store": np.frombuffer(text.encode(), dtype=np.uint8),
        "areas": np.array([f.area_km2 for f in composite.faces]),
        "lengths": np.array([a.length_km for a in composite.arcs]),
        "sigmas": np.array([a.sigma_km for a in composite.arcs]),
    }
    for what, geometries in (("face", composite.face_geometries), ("arc", composite.arc_geometries)):
        _, coords, offsets = shapely.to_ragged_array(list(geometries.values()))
        out[f"{what}_coords"] = coords
        for level, offset in enumerate(offsets):
            out[f"{what}_offsets_{level}"] = offset
    return out


def _plain(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    msg = f"{type(value).__name__} cannot be stored"
    raise TypeError(msg)


def _decoded(arrays: dict[str, Any]) -> SpaceTimeComposite:
    store = json.loads(arrays["store"].tobytes())
    meta = store["meta"]
    days = {name: date.fromisoformat(meta[name]) for name in ("first_date", "as_of")}
    lengths, sigmas = arrays["lengths"].tolist(), arrays["sigmas"].tolist()
    faces = [key for key, _ in store["faces"]]
    arcs = [row[0] for row in store["arcs"]]
    return SpaceTimeComposite(
        meta=DatasetMeta(**{**meta, **days}),
        holders={key: Holder(key, names, colour) for key, names, colour in store["holders"]},
        territories={
            key: Territory(key, names, (label[0], label[1]), area, note)
            for key, names, label, area, note in store["territories"]
        },
        instruments={},
        segments={},
        places={},
        tenures=_tenures(store["tenures"]),
        faces=tuple(
            Face(key, territory, area)
            for (key, territory), area in zip(store["faces"], arrays["areas"].tolist(), strict=True)
        ),
        arcs=tuple(
            Arc(key, left, right, kind, (), km, sigma)
            for (key, left, right, kind), km, sigma in zip(store["arcs"], lengths, sigmas, strict=True)
        ),
        covariance={},
        load_faces=lambda: _geometries(arrays, "face", faces),
        load_arcs=lambda: _geometries(arrays, "arc", arcs),
        load_backdrop=list,
        parties=None,
        reading_report=tuple(Issue(*row) for row in store["report"]),
        slivers=tuple(Sliver(*row) for row in store["slivers"]),
    )


def _tenures(rows: list[Any]) -> tuple[Tenure, ...]:
    """Return the tenures of both bases in the order they were made: a territory's de jure ones first."""
    out: list[Tenure] = []
    grouped: dict[str, list[tuple[Any, ...]]] = {}
    for territory, holder, status, start, end in rows:
        span = (date.fromisoformat(start), date.fromisoformat(end) if end else None)
        grouped.setdefault(territory, []).append((holder, Status(status), *span))
    for territory, spans in grouped.items():
        for basis in Basis:
            out += [
                Tenure(territory, holder, status, basis, start, end, None)
                for holder, status, start, end in spans
            ]
    return tuple(out)


def _geometries(arrays: dict[str, Any], what: str, ids: list[str]) -> dict[str, Any]:
    import shapely

    levels = sorted(name for name in arrays if name.startswith(f"{what}_offsets_"))
    kind = shapely.GeometryType.POLYGON if what == "face" else shapely.GeometryType.LINESTRING
    found = shapely.from_ragged_array(kind, arrays[f"{what}_coords"], tuple(arrays[name] for name in levels))
    shapely.prepare(found)
    return dict(zip(ids, found.tolist(), strict=True))
