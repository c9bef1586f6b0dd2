"""What reads other people's bytes, each as a function of bytes that may end in the project's own errors only.

`run.py` drives them with a coverage-guided fuzzer, `test_targets.py` with kept and with random inputs. Loaded
by path (`runpy`): the tests are no package.
"""

import contextlib
import copy
import io
import json
import os
import re
import shutil
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import marchland
from marchland.cli import main as command_line
from marchland.cli import options
from marchland.compile.authored import read_authored
from marchland.compile.build import build_dataset
from marchland.composite import SpaceTimeComposite
from marchland.datasets import cache as kept
from marchland.datasets import package, spans
from marchland.dates import EdtfDate, parse_when
from marchland.errors import DateError, MarchlandError
from marchland.stamps import read_stamp

CASES = Path(__file__).parents[1] / "cases"
ENDINGS = (
    ".geojson", ".topojson", ".json", ".geojsonl", ".kml", ".gml", ".gpkg", ".fgb", ".shp", ".tab", ".mif",
    ".sqlite", ".parquet", ".zip", ".geojson.xz", ".topojson.gz", ".kml.gz", ".parquet.xz",
)  # fmt: skip


@contextlib.contextmanager
def scratch() -> Iterator[Path]:
    """Make a folder, in memory where the system has such a place, and go there."""
    shared = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=shared if shared.is_dir() else None) as name:
        before = Path.cwd()
        os.chdir(name)
        try:
            yield Path(name)
        finally:
            os.chdir(before)


@cache
def small() -> Path:
    """Return the folder of the small dataset, compiled once for the process."""
    home = Path(tempfile.mkdtemp()) / "small"
    shutil.copytree(CASES / "datasets" / "small", home)
    build_dataset(home)
    return home


@cache
def small_composite() -> SpaceTimeComposite:
    return marchland.load(small())


def spliced(original: bytes, data: bytes) -> bytes:
    """Put bytes into others: the first two say where, the third how much goes, the rest comes in."""
    where = int.from_bytes(data[:2]) * len(original) // 65_536
    gone = int.from_bytes(data[2:3])
    return original[:where] + data[3:] + original[where + gone :]


def ask(composite: SpaceTimeComposite) -> None:
    """Ask what every dataset must answer, or refuse in words."""
    with suppress(MarchlandError):
        days = composite.change_dates()
        for day in (*days[:3], *days[-2:]):
            composite.at(day)
            composite.frontier(day)
        marchland.compare(composite, composite.meta.first_date, composite.meta.as_of)
        marchland.series(composite)
        composite.history(place=(0.5, 0.5))
        marchland.page(composite, composite.meta.as_of).html()


# --- targets


def dates(data: bytes) -> None:
    text = data.decode("utf-8", "surrogateescape")
    with suppress(DateError):
        assert isinstance(parse_when(text), date)
    with suppress(DateError):
        found = EdtfDate(text)
        assert EdtfDate(str(found)).text == text
        assert not (found.earliest and found.latest and found.latest < found.earliest)
        assert hash(found) == hash(EdtfDate(text))
        with suppress(DateError):
            assert found == EdtfDate(text)
    with suppress(DateError):
        start = spans.read_start(text)
        assert start is None or isinstance(start, date)
    for rule in ("inclusive", "exclusive"):
        with suppress(DateError):
            end = spans.read_end(text, rule)  # type: ignore[arg-type]
            assert end is None or isinstance(end, date)


def boundaries(data: bytes) -> None:
    """A file of any kind; the first byte chooses what its name ends in."""
    ending = ENDINGS[data[0] % len(ENDINGS)] if data else ".geojson"
    with scratch() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        path = folder / f"land_1900{ending}"
        path.write_bytes(data[1:])
        with suppress(MarchlandError):
            ask(marchland.load(path))
        with suppress(MarchlandError):
            marchland.validate(path)
        assert [p.name for p in folder.iterdir()] == [path.name], "reading left files behind"


def collections(data: bytes) -> None:
    """A known collection with something else in the middle of it."""
    originals = sorted(p for p in (CASES / "versions").glob("*.geojson"))
    original = originals[data[0] % len(originals)] if data else originals[0]
    content = spliced(original.read_bytes(), data[1:])
    boundaries(bytes([ENDINGS.index(".geojson")]) + content)


def _dataset(folder: Path, changed: str, content: bytes) -> Path:
    """Copy the compiled small dataset with one file changed, and its hash in the manifest true."""
    home = folder / "small"
    shutil.copytree(small(), home)
    (home / changed).write_bytes(content)
    if changed != package.MANIFEST:
        manifest = json.loads((home / package.MANIFEST).read_bytes())
        for resource in manifest["resources"]:
            if resource["path"] == changed:
                resource["hash"] = f"sha256:{sha256(content).hexdigest()}"
        (home / package.MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")
    return home


def _loaded(changed: str, data: bytes) -> None:
    content = spliced((small() / changed).read_bytes(), data)
    with scratch() as folder, suppress(MarchlandError):
        ask(marchland.load(_dataset(folder, changed, content)))


def manifest(data: bytes) -> None:
    _loaded(package.MANIFEST, data)


def store(data: bytes) -> None:
    _loaded(package.STORE, data)


def shapes(data: bytes) -> None:
    """The faces or the arcs of a dataset, as the first byte says."""
    _loaded((package.FACES, package.ARCS, package.BACKDROP)[data[0] % 3 if data else 0], data[1:])


ODD = (
    None, True, 0, -1, 1e15, 1e308, float("nan"), 10**30, "", "x", "1800-01-01", "9999-12-31", "0000", [], {},
    [[]], {"en": ""}, ["a", "b"], "<script>", "china+russia", "\ud800", "\x00",
)  # fmt: skip


def records(data: bytes) -> None:
    """A file of a dataset of which some values are others: what bytes alone would hardly ever spell."""
    files = (package.STORE, package.MANIFEST, package.FACES, package.ARCS, package.BACKDROP)
    changed = files[data[0] % len(files)] if data else files[0]
    told = json.loads((small() / changed).read_bytes())
    for at in range(1, min(len(data) - 2, 9), 3):
        places = list(_places(told))
        if not places:
            break
        holder, key = places[int.from_bytes(data[at : at + 2]) * len(places) // 65_536]
        odd = data[at + 2]
        holder[key] = copy.deepcopy(ODD[odd % len(ODD)]) if odd < 200 else _at(places, odd)
    with scratch() as folder, suppress(MarchlandError):
        ask(marchland.load(_dataset(folder, changed, json.dumps(told).encode())))


def _places(value: object) -> Iterator[tuple[Any, Any]]:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in list(items):
        yield value, key
        yield from _places(item)


def _at(places: list[tuple[Any, Any]], number: int) -> object:
    holder, key = places[number * len(places) // 256]
    return json.loads(json.dumps(holder[key]))


def authored(data: bytes) -> None:
    """One authored file of a dataset, chosen by the first byte, with something else in the middle of it."""
    root = CASES / "datasets" / "small"
    files = sorted(p.relative_to(root) for p in root.rglob("*") if p.suffix in {".csv", ".toml", ".bib"})
    changed = files[data[0] % len(files)] if data else files[0]
    with scratch() as folder, suppress(MarchlandError):
        home = folder / "small"
        shutil.copytree(root, home)
        (home / changed).write_bytes(spliced((root / changed).read_bytes(), data[1:]))
        read_authored(home, first_date=date(1640, 1, 1))


def cached(data: bytes) -> None:
    """A file of the cache with something else in the middle of it: used whole, or not at all."""
    with scratch() as folder:
        path = folder / "x.npz"
        kept._write(path, _plain_composite())
        path.write_bytes(spliced(path.read_bytes(), data))
        found = kept._read(path)
        if found is not None:
            ask(found)


@cache
def _plain_composite() -> SpaceTimeComposite:
    return marchland.load(CASES / "versions" / "versions.geojson")


def stamps(data: bytes) -> None:
    """A file of any kind that says what was asked; the first byte chooses how it starts."""
    heads = (
        b"", b"{", b"<html>", b"<svg>", b'<kml xmlns="http://www.opengis.net/kml/2.2">', b"\x89PNG\r\n\x1a\n",
        b"%PDF-1.4 /Keywords (", b"PAR1", b"SQLite format 3\0", b"<!-- marchland {",
        b'{"stamp": {"dataset": "small", "request": {"arguments": ["versions"',
    )  # fmt: skip
    with scratch() as folder, suppress(MarchlandError):
        path = folder / "answer"
        path.write_bytes(heads[data[0] % len(heads)] + data[1:] if data else b"")
        assert read_stamp(path)["request"]["arguments"]


def words(data: bytes) -> None:
    """The words of a command line, one a line; none that leave the folder, and not `build`."""
    told = data.decode("utf-8", "surrogateescape").split("\n")[:12]
    if any("/" in word or ".." in word or "~" in word or word == "build" for word in told):
        return
    out = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
    err = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", errors="backslashreplace")  # as Python opens it
    with scratch(), contextlib.redirect_stdout(out), contextlib.redirect_stderr(err), _small_is_built_in():
        code = command_line.main(told)
    assert code in {0, 1, 2, 3, 4}
    err.flush()
    talk = err.buffer.getvalue().decode("utf-8", "replace")  # type: ignore[attr-defined]
    assert "Traceback" not in talk
    assert code in {0, 1} or re.search(r"^marchland: ", talk, re.M), "a failure without a word"


@contextlib.contextmanager
def _small_is_built_in() -> Iterator[None]:
    load = options.load

    def quick(data: str, readings: tuple[str, ...] = (), **how: Any) -> SpaceTimeComposite:
        return small_composite().read(*readings) if data == options.DATASET else load(data, readings, **how)

    options.load = quick
    try:
        yield
    finally:
        options.load = load


TARGETS: dict[str, Callable[[bytes], None]] = {
    target.__name__: target
    for target in (
        dates,
        boundaries,
        collections,
        manifest,
        store,
        shapes,
        records,
        authored,
        cached,
        stamps,
        words,
    )
}
