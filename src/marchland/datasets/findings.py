"""What a build from files finds in their rows: things put right, and rows that repeat others."""

import hashlib
import json
from bisect import bisect_right
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from marchland.datasets.territories import Version
from marchland.engine import parquet, work
from marchland.engine.store import is_whole, read_arrays, write_arrays
from marchland.files import write_atomic
from marchland.model import Issue

__all__ = ["SAID", "find_duplicates", "note", "row_keys", "write_issues"]

SAID = ("holder", "unit", "start", "end")
"""What a version says, beside its polygon."""


def note(folder: Path, number: int, issues: list[Issue]) -> None:
    """Write down what was found in a file, if anything."""
    if issues:
        path = folder / "issues" / f"{number:05d}.json"
        path.parent.mkdir(exist_ok=True)
        write_atomic(path, json.dumps([asdict(issue) for issue in issues], ensure_ascii=False))


def row_keys(versions: list[Version], polygons: NDArray[np.object_]) -> NDArray[np.void]:
    """(n,) 16 bytes that only rows which say and draw the same have in common."""
    drawn = shapely.to_wkb(shapely.normalize(polygons))
    said = [json.dumps([str(getattr(version, name)) for name in SAID]).encode() for version in versions]
    digests = [hashlib.sha256(a + b).digest()[:16] for a, b in zip(said, drawn, strict=True)]
    return np.frombuffer(b"".join(digests), dtype="V16")


def find_duplicates(folder: Path, files: int) -> None:
    """Write which rows of all files say and draw what a row before them does; faces leave them out."""
    path = work.path_of(folder, "duplicates", 0)
    if is_whole(path):
        return
    columns: dict[str, list[Any]] = {"number": [], "key": []}
    for one in range(files):
        with read_arrays(work.path_of(folder, "keys", one)) as arrays:
            for name, parts in columns.items():
                parts.append(arrays[name])
    numbers, keys = (np.concatenate(parts) for parts in columns.values())
    _, first, which = np.unique(keys, return_index=True, return_inverse=True)
    again = np.flatnonzero(first[which] != np.arange(len(keys)))
    write_arrays(path, {"number": numbers[again], "same": numbers[first[which[again]]]})


def write_issues(folder: Path, files: list[Path], first: list[int]) -> int:
    """Write what was found in all files, and take duplicates out of the versions; return how many issues.

    ``first`` is the number of the first row of each file.
    """
    lines = []
    with read_arrays(work.path_of(folder, "duplicates", 0)) as arrays:
        again, same = arrays["number"], arrays["same"].tolist()

    def row_of(number: int) -> tuple[str, int]:
        one = bisect_right(first, number) - 1
        return files[one].name, number - first[one]

    of = np.searchsorted(first, again, side="right") - 1
    for number, file in enumerate(files):
        noted = folder / "issues" / f"{number:05d}.json"
        found = json.loads(noted.read_text(encoding="utf-8")) if noted.exists() else []
        mine = np.flatnonzero(of == number)
        for at in mine.tolist():
            (_, row), (like, where) = row_of(int(again[at])), row_of(same[at])
            text = f"is the same as row {where} of {like}; left out"
            found.append(asdict(Issue("duplicate", "warning", f"row {row}", text)))
        lines += [json.dumps({"file": file.name, **issue}, ensure_ascii=False) for issue in found]
        if len(mine):
            parquet.drop_rows(work.result_path(folder, "versions", number), "number", again[mine])
    write_atomic(folder / "result" / "issues.jsonl", "".join(f"{line}\n" for line in lines))
    return len(lines)
