"""``marchland build``: authored files and reference geometry in, compiled files out.

Or a list of what disagrees.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from marchland.compile.assemble import Compiled, assemble
from marchland.compile.authored import Authored, read_authored
from marchland.compile.checks import check_compiled
from marchland.compile.layers import Layers, read_layers
from marchland.compile.write import dataset_files, manifest
from marchland.errors import CompileError, OutputError, list_ids
from marchland.files import inside, write_atomic

Progress = Callable[[str, float], None]
"""Told each step, and the share of the whole that is done by then."""

MANIFEST = "datapackage.json"
WINDOW = (60.0, 34.0, 145.0, 63.0)


@dataclass(frozen=True)
class Template:
    """The manifest without its hashes.

    The record itself, the dates the dataset answers for, the resources' paths.
    """

    record: dict[str, Any]
    first_date: date
    as_of: date
    paths: tuple[str, ...]


@dataclass
class BuildReport:
    """What a build did.

    ``messages`` tell what a reader should know of it, ``drift`` the files that disagree with their sources.
    """

    messages: list[str] = field(default_factory=list)
    drift: list[str] = field(default_factory=list)


def build_dataset(root: Path, *, check: bool = False, progress: Progress | None = None) -> BuildReport:
    """Compile a dataset folder; with ``check`` write nothing and list the files that would change.

    ``progress`` is told each step and the share of the whole that is done.

    Raises
    ------
    CompileError
        Sources are missing, malformed or contradict each other.
    OutputError
        A compiled file cannot be written. Files are replaced one by one, the manifest last.
    """
    tell = progress or (lambda _what, _share: None)
    template = read_template(root)
    authored, layers, compiled = compile_dataset(root, template, progress=tell)
    tell("writing", 0.9)
    texts = dataset_files(compiled, layers)
    content = {path: text.encode() for path, text in texts.items()}
    content |= {path: _read(root, path) for path in template.paths if path not in content}
    texts[MANIFEST] = manifest(template.record, content)
    report = BuildReport(_messages(compiled, authored))
    report.drift = [] if not check else _drift(root, texts)
    if not check:
        _write(root, texts)
        report.messages.append(f"wrote {len(texts)} files")
    tell("done", 1.0)
    return report


def compile_dataset(
    root: Path, template: Template, *, progress: Progress = lambda _what, _share: None
) -> tuple[Authored, Layers, Compiled]:
    """Read the sources and compile them, with every check passed; raises :class:`CompileError`."""
    progress("reading sources", 0.0)
    authored = read_authored(root, first_date=template.first_date)
    layers = read_layers(root / "base")
    progress("executing clauses", 0.1)
    compiled = assemble(authored, layers, WINDOW)
    progress("checking", 0.7)
    problems = check_compiled(compiled, first_date=template.first_date, as_of=template.as_of)
    if problems:
        msg = f"the compiled dataset is wrong in {len(problems)} places: {'; '.join(problems[:5])}"
        raise CompileError(msg)
    return authored, layers, compiled


def read_template(root: Path) -> Template:
    """Read what datapackage.json says by hand; raises :class:`CompileError` if it is missing or malformed."""
    try:
        record: dict[str, Any] = json.loads((root / MANIFEST).read_text(encoding="utf-8"))
        start, as_of = (date.fromisoformat(record["temporal"][key]) for key in ("start", "as_of"))
        paths = tuple(resource["path"] for resource in record["resources"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        msg = (
            f"cannot read {MANIFEST} in {root}: {error}; it needs temporal.start, temporal.as_of and"
            " resources"
        )
        raise CompileError(msg) from error
    return Template(record, start, as_of, paths)


def _read(root: Path, path: str) -> bytes:
    try:
        return inside(root, path).read_bytes()
    except OSError as error:
        msg = f"{MANIFEST} lists {path}, which cannot be read: {error.strerror}"
        raise CompileError(msg) from error


def _drift(root: Path, texts: dict[str, str]) -> list[str]:
    found = []
    for path, text in sorted(texts.items()):
        target = root / path
        if not target.is_file():
            found.append(f"{path}: missing")
        elif target.read_bytes() != text.encode():
            found.append(f"{path}: differs from its sources")
    known = {root / path for path in texts}
    stale = [p for p in sorted((root / "compiled").rglob("*")) if p.is_file() and p not in known]
    return found + [f"{p.relative_to(root).as_posix()}: no source makes it" for p in stale]


def _write(root: Path, texts: dict[str, str]) -> None:
    try:
        (root / "compiled" / "versions").mkdir(parents=True, exist_ok=True)
        for stale in (root / "compiled" / "versions").glob("*.geojson"):
            if f"compiled/versions/{stale.name}" not in texts:
                stale.unlink()
    except OSError as error:
        msg = f"cannot write into {root}: {error.strerror}"
        raise OutputError(msg) from error
    for path, text in sorted(texts.items(), key=lambda item: item[0] == MANIFEST):
        write_atomic(root / path, text)


def _messages(compiled: Compiled, authored: Authored) -> list[str]:
    lines = [
        (
            f"{len(authored.instruments)} instruments, {len(authored.clauses)} segments,"
            f" {len(authored.territories)} territories"
        ),
        f"{len(compiled.faces)} faces, {len(compiled.arcs)} arcs",
    ]
    if compiled.links:
        lines.append(
            "joined over more than 1.5 km: "
            + list_ids(f"{x.place} to {x.feature} ({x.length_km:.1f} km)" for x in compiled.links)
        )
    if compiled.loose_ends:
        lines.append(
            "segments with ends that part nothing: "
            + list_ids(f"{key} ({km:g} km)" for key, km in compiled.loose_ends)
        )
    small = sum(area for _, _, area in compiled.leftovers)
    lines.append(
        f"{len(compiled.leftovers)} faces without a label went to their neighbours, {small:.0f}"
        " km² in all (islands and slivers)"
    )
    return lines
