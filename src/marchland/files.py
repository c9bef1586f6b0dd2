"""Writing files whole or not at all."""

import os
import secrets
import stat
from pathlib import Path

from marchland.errors import DataError, OutputError


def write_atomic(path: str | os.PathLike[str], content: str | bytes) -> Path:
    """Write a file so that a reader sees the old content or the new, never a part.

    The content goes to a temporary file in the same folder, which then takes the file's name. Permissions are
    those the umask gives a new file, or those of the file replaced. A link is followed; a device or a pipe is
    written to directly.

    Parameters
    ----------
    path
        File to write. Its folder must exist.
    content
        Text, written as UTF-8 with its line ends unchanged, or bytes.

    Returns
    -------
    The path as it was given.

    Raises
    ------
    OutputError
        The file cannot be written; nothing has changed, and no temporary file is left.
    """
    given = Path(path)
    check_writable(given)
    data = content.encode("utf-8") if isinstance(content, str) else content
    target = given.resolve()
    try:
        if target.exists() and not target.is_file():
            target.write_bytes(data)
        else:
            _replace(target, data)
    except OSError as error:
        raise OutputError(_reason(given, error)) from error
    return given


def check_writable(path: str | os.PathLike[str]) -> None:
    """Refuse a file that cannot be written, before any time is spent on its content.

    Parameters
    ----------
    path
        File that is to be written. It need not exist, but its folder must.

    Raises
    ------
    OutputError
        The path is a folder, its folder is missing or may not be written to, or the file is read-only.
    """
    given = Path(path)
    try:
        problem = _problem(given)
    except (OSError, ValueError) as error:  # a name too long, a loop of links, a null character
        raise OutputError(_reason(given, error)) from error
    if problem:
        msg = f"cannot write {given}: {problem}"
        raise OutputError(msg)


def inside(folder: Path, name: str) -> Path:
    """Return the path of a file that a record names, which must lie in a folder.

    Raises
    ------
    DataError
        The name is absolute, goes up, or is written for another system: parts are divided by ``/``.
    """
    if (
        not name
        or name.startswith("/")
        or any(mark in name for mark in ("\\", ":", "\0"))
        or ".." in name.split("/")
    ):
        msg = f"{folder!s} names the file {name!r}, which is no path within it; parts are divided by /"
        raise DataError(msg)
    return folder / name


def _problem(given: Path) -> str | None:
    """Say what stands in the way of writing a file, or None."""
    target = given.resolve()
    folder = target.parent
    if target.is_dir():
        return "it is a folder; name a file in it"
    if not folder.is_dir():
        return f"the folder {given.parent} does not exist; create it first"
    if target.exists():
        return None if os.access(target, os.W_OK) else "the file is read-only"
    return None if os.access(folder, os.W_OK | os.X_OK) else f"the folder {given.parent} is read-only"


def _replace(target: Path, data: bytes) -> None:
    """Write a temporary file beside the target and rename it; the system applies the umask."""
    temporary = target.with_name(f".{target.name[:100]}.{secrets.token_hex(4)}.tmp")
    try:
        handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
        if target.exists():
            temporary.chmod(stat.S_IMODE(target.stat().st_mode))
        temporary.replace(target)
    except BaseException:  # an interrupt must not leave the temporary file either
        temporary.unlink(missing_ok=True)
        raise


def _reason(path: Path, error: OSError | ValueError) -> str:
    """State the operating system's reason without its repetition of a path the user never typed."""
    why = (error.strerror if isinstance(error, OSError) else None) or str(error)
    return f"cannot write {path}: {why[:1].lower()}{why[1:]}"
