"""A folder written whole or not at all."""

import json
import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from marchland.errors import OutputError
from marchland.files import write_atomic

STAMP = "stamp.json"
KIND = "marchland article"


def write_folder(path: str | os.PathLike[str], contents: Mapping[str, bytes], *, force: bool = False) -> Path:
    """Write files into a folder, all of them or none, and return the folder.

    They are written beside the folder first and come into their place by renaming. A folder that is there
    already is replaced if it is empty or a kit with nothing else in it; with ``force`` files of other names
    stay and only the kit's are replaced, one by one.

    Raises
    ------
    OutputError
        There is something else in its place, or it cannot be written.
    """
    target = Path(path).resolve()
    foreign = foreign_files(target, contents)
    if foreign and not force:
        names = ", ".join(foreign[:5]) + (f" and {len(foreign) - 5} more" if len(foreign) > 5 else "")
        msg = (
            f"{target} holds what is no article kit ({names}): choose another folder, or say --force to write"
            " into it"
        )
        raise OutputError(msg)
    try:
        if foreign:
            for name, content in contents.items():
                write_atomic(target / name, content)
        else:
            _swap(target, contents)
    except OSError as error:
        msg = f"cannot write {target}: {(error.strerror or str(error)).lower()}"
        raise OutputError(msg) from error
    return Path(path)


def check_folder(path: str | os.PathLike[str], *, force: bool = False) -> None:
    """Refuse a folder that :func:`write_folder` would refuse, before the work is done."""
    target = Path(path)
    if target.exists() and not target.is_dir():
        msg = f"{target} is a file: an article kit is a folder, choose another name"
        raise OutputError(msg)
    if not target.parent.is_dir():
        msg = f"cannot write {target}: there is no folder {target.parent}"
        raise OutputError(msg)
    foreign = foreign_files(target, {})
    if foreign and not force and not _is_kit(target):
        msg = (
            f"{target} is not empty and no article kit: choose another folder, or say --force to write into"
            " it"
        )
        raise OutputError(msg)


def foreign_files(target: Path, contents: Mapping[str, bytes]) -> list[str]:
    """Return the names in a folder that a kit would not replace; a file in its place counts too."""
    if not target.exists():
        return []
    if not target.is_dir():
        msg = f"{target} is a file: an article kit is a folder, choose another name"
        raise OutputError(msg)
    names = sorted(entry.name for entry in target.iterdir())
    return [name for name in names if name not in contents] if _is_kit(target) else names


def _is_kit(folder: Path) -> bool:
    try:
        stamp = json.loads((folder / STAMP).read_text("utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(stamp, dict) and stamp.get("kind") == KIND


def _swap(target: Path, contents: Mapping[str, bytes]) -> None:
    """Make the folder under another name, then exchange it for the old one."""
    target.parent.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    try:
        for name, content in contents.items():
            (made / name).write_bytes(content)
        made.chmod(0o777 & ~_umask())
        if target.exists():
            old = made.with_name(made.name + "-old")
            target.rename(old)
            try:
                made.rename(target)
            except OSError:
                old.rename(target)
                raise
            shutil.rmtree(old)
        else:
            made.rename(target)
    finally:
        shutil.rmtree(made, ignore_errors=True)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
