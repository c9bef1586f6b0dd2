"""The stamp read back from any kind of answer, and what an answer and its rerun differ in."""

import json
import re
import sqlite3
import struct
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from marchland import marks
from marchland.errors import DataError, list_ids

__all__ = ["KIT", "contents", "differences", "read_stamp"]

KIT = "stamp.json"
"""The file of an article's folder that has its stamp."""

_SCRIPT = re.compile(r'<script type="application/json" id="marchland-data">(.*?)</script>', re.DOTALL)
_KML = "{http://www.opengis.net/kml/2.2}"
_MOST_BYTES = 1 << 30


def read_stamp(path: Path) -> dict[str, Any]:
    """Return the stamp of a page, an article's folder, a picture, a JSON or Markdown table, or an export.

    Raises
    ------
    DataError
        There is no such file, it cannot be read, or it carries no stamp with a request.
    """
    source = path / KIT if path.is_dir() else path
    try:
        if source.stat().st_size > _MOST_BYTES:
            msg = f"{path} is larger than any answer of marchland"
            raise DataError(msg)
        stamp: Any = _reader(source)(source)
    except OSError as error:
        msg = f"cannot read {source}: {(error.strerror or str(error)).lower()}"
        raise DataError(msg) from error
    except (
        ValueError,
        LookupError,
        TypeError,
        RecursionError,
        sqlite3.Error,
        struct.error,
        ET.ParseError,
    ) as error:
        if isinstance(error, DataError):
            raise
        stamp = None
    if not _is_stamp(stamp):
        raise DataError(_without(path))
    return dict(stamp)


def contents(path: Path) -> dict[str, bytes]:
    """Return a file's bytes under an empty name, those of a folder's files under theirs."""
    files = {one.name: one for one in sorted(path.iterdir())} if path.is_dir() else {"": path}
    try:
        return {name: one.read_bytes() for name, one in files.items() if one.is_file()}
    except OSError as error:
        msg = f"cannot read {path}: {(error.strerror or str(error)).lower()}"
        raise DataError(msg) from error


def differences(
    old: Mapping[str, bytes], new: Mapping[str, bytes], stamps: tuple[Mapping[str, Any], Mapping[str, Any]]
) -> list[str]:
    """Return what a file or folder and its rerun differ in, a sentence each; none if no byte differs.

    The dataset and the program come first, as they explain the rest.
    """
    parts = [(name, old.get(name), new.get(name)) for name in sorted({*old, *new})]
    parts = [part for part in parts if part[1] != part[2]]
    if not parts:
        return []
    was, now = stamps
    facts = [("dataset", "dataset"), ("dataset's version", "version"), ("dataset's hash", "hash")]
    pairs = [(label, was.get(key), now.get(key)) for label, key in facts]
    pairs.append(("second dataset's hash", _against(was), _against(now)))
    pairs.append(("program", was["request"].get("program"), now["request"].get("program")))
    told = [f"{label}: {one} in the file, {other} now" for label, one, other in pairs if one != other]
    for name, one, other in parts:
        told += _told(name, one, other)
    return told


def _against(stamp: Mapping[str, Any]) -> object:
    """Return the hash of the dataset that another one was held against."""
    other = stamp.get("against")
    return other.get("hash") if isinstance(other, dict) else None


def _told(name: str, old: bytes | None, new: bytes | None) -> Iterator[str]:
    what = f"{name}: " if name else ""
    if old is None or new is None:
        yield f"{what}{'missing from the folder' if old is None else 'not made by the rerun'}"
        return
    row = _first_row(old, new)
    if row:
        yield what + row
    at = next((n for n, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))
    yield f"{what}bytes: {len(old):,} in the file, {len(new):,} now; they part at byte {at:,}"


def _first_row(old: bytes, new: bytes) -> str | None:
    """Return in which row of which table two JSON documents first differ, None if in none of them."""
    try:
        one, other = json.loads(old), json.loads(new)
    except (ValueError, RecursionError):
        return None
    if not (isinstance(one, dict) and isinstance(other, dict)):
        return None
    for key, rows in other.items():
        if isinstance(rows, list) and isinstance(one.get(key), list):
            for number, (a, b) in enumerate(zip(one[key], rows, strict=False), 1):
                if a != b:
                    return f"{key}, row {number}: {_cells(a, b)}"
            if len(one[key]) != len(rows):
                return f"{key}: {len(one[key]):,} rows in the file, {len(rows):,} now"
    return None


def _cells(old: object, new: object) -> str:
    if not (isinstance(old, dict) and isinstance(new, dict)):
        return f"{_short(old)} in the file, {_short(new)} now"
    names = [name for name in {**new, **old} if old.get(name) != new.get(name)]
    return "; ".join(f"{n} {_short(old.get(n))} in the file, {_short(new.get(n))} now" for n in names[:3])


def _short(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 80 else text[:79] + "…"


# --- where each kind of file has it


def _reader(path: Path) -> Callable[[Path], Any]:
    with path.open("rb") as stream:
        head = stream.read(512).lstrip()
    if head.startswith(b"PAR1"):
        return _of_parquet
    if head.startswith(b"SQLite format 3\0"):
        return _of_geopackage
    if head.startswith((b"\x89PNG", b"%PDF")):
        return lambda picture: (marks.of_png if head[:1] == b"\x89" else marks.of_pdf)(picture.read_bytes())
    if b"<kml" in head:
        return _of_kml
    if b"<svg" in head and b"<html" not in head.lower():
        return lambda picture: marks.of_svg(picture.read_bytes())
    if head.startswith(b"<"):
        return _of_page
    return _of_json if head.startswith(b"{") else lambda table: marks.of_markdown(table.read_text("utf-8"))


def _of_json(path: Path) -> Any:  # noqa: ANN401 - parsed JSON
    document = json.loads(path.read_text("utf-8"))
    return document if path.name == KIT else _member(document)


def _of_page(path: Path) -> Any:  # noqa: ANN401 - parsed JSON
    found = _SCRIPT.search(path.read_text("utf-8"))
    return _member(json.loads(found.group(1))) if found else None


def _member(document: Any) -> Any:  # noqa: ANN401 - parsed JSON
    return document.get("stamp") if isinstance(document, dict) else None


def _of_kml(path: Path) -> Any:  # noqa: ANN401 - parsed JSON
    text = path.read_text("utf-8")
    if "<!DOCTYPE" in text:
        return None  # ours has none, and entities may be a bomb
    data = ET.fromstring(text).findall(f"{_KML}Document/{_KML}ExtendedData/{_KML}Data")
    return _unpacked({item.get("name", ""): item.findtext(f"{_KML}value", "") for item in data})


def _of_geopackage(path: Path) -> Any:  # noqa: ANN401 - parsed JSON
    import warnings

    import pyogrio

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # GDAL's doubts about what is no GeoPackage
        try:
            told = pyogrio.read_info(path.absolute())[
                "layer_metadata"
            ]  # a bare name may be an address to GDAL
        except pyogrio.errors.DataSourceError:
            return None
    return _unpacked(dict(told or {}))


def _of_parquet(path: Path) -> Any:  # noqa: ANN401 - parsed JSON
    from pyarrow import parquet

    return json.loads((parquet.read_schema(path).metadata or {})[b"marchland"])


def _unpacked(texts: dict[str, str]) -> dict[str, Any]:
    """Return a stamp kept as texts: what has members is JSON."""
    return {key: json.loads(text) if text.startswith("{") else text for key, text in texts.items()}


def _is_stamp(stamp: object) -> bool:
    asked = stamp.get("request") if isinstance(stamp, dict) else None
    words = asked.get("arguments") if isinstance(asked, dict) else None
    return isinstance(words, list) and bool(words) and all(isinstance(word, str) for word in words)


def _without(path: Path) -> str:
    if path.suffix.casefold() in {".csv", ".txt"}:
        why = f"files that end in {path.suffix} carry none; keep the answer with -f json beside it"
        return f"{path} has no stamp that says what was asked: {why}"
    kinds = ["pages of map and story", "folders and pictures of article", "charts of series"]
    kinds += ["answers with -f json or md", "exports"]
    return f"{path} has no stamp that says what was asked: it is in {list_ids(kinds)}, made by the command"
