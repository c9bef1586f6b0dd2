"""Write a software bill of materials (CycloneDX 1.6): `make sbom`.

It lists marchland, what it needs to run as it is installed beside this interpreter, the code inlined into its
pages and the data it carries, each with its licence. Nothing in it is of the moment: the same installation
gives the same bytes.
"""

import json
import re
import sys
from collections.abc import Iterator
from hashlib import sha256
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
ASSETS = ROOT / "src" / "marchland" / "render" / "assets"
DATASET = ROOT / "geodata" / "russia-china"


def main() -> None:
    """Write the bill to the path given, else to build/."""
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "build" / "sbom.cdx.json"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(bill(), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(target)


def bill() -> dict[str, Any]:
    """Return the bill as a CycloneDX document."""
    found = closure("marchland")
    edges = {name: sorted(set(needs(dist)) & set(found)) for name, dist in found.items()}
    parts = [library(name, found[name]) for name in sorted(found) if name != "marchland"]
    parts += [leaflet(), *data()]
    own = library("marchland", found["marchland"])
    carried = [part["bom-ref"] for part in parts if not part["bom-ref"].startswith("pkg:pypi/")]
    refs = {name: reference(name, dist) for name, dist in found.items()}
    graph = [{"ref": refs[name], "dependsOn": [refs[one] for one in edges[name]]} for name in sorted(found)]
    for node in graph:
        if node["ref"] == own["bom-ref"]:
            node["dependsOn"] = [*node["dependsOn"], *carried]
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": own},
        "components": parts,
        "dependencies": graph,
    }


def needs(dist: Distribution) -> Iterator[str]:
    """Yield the names of what a distribution needs here, without its extras."""
    for text in dist.requires or ():
        requirement = Requirement(text)
        if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
            yield canonicalize_name(requirement.name)


def closure(start: str) -> dict[str, Distribution]:
    """Return a distribution and everything it needs, directly or not, by name."""
    found: dict[str, Distribution] = {}
    waiting = [start]
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        try:
            found[name] = distribution(name)
        except PackageNotFoundError:
            sys.exit(f"{name} is not installed; run make test first")
        waiting += needs(found[name])
    return found


def reference(name: str, dist: Distribution) -> str:
    """Return the package URL of a distribution."""
    return f"pkg:pypi/{name}@{dist.version}"


def library(name: str, dist: Distribution) -> dict[str, Any]:
    """Return a distribution as a component."""
    told = {"type": "application" if name == "marchland" else "library", "bom-ref": reference(name, dist)}
    return {
        **told,
        "name": name,
        "version": dist.version,
        "licenses": licences(dist),
        "purl": told["bom-ref"],
    }


def licences(dist: Distribution) -> list[dict[str, Any]]:
    """Return what a distribution says of its licence: an SPDX expression, else its own words."""
    expression = dist.metadata.get("License-Expression")
    if expression:
        return [{"expression": expression}]
    marks = [
        c.rpartition(" :: ")[2] for c in dist.metadata.get_all("Classifier", []) if c.startswith("License ::")
    ]
    words = (dist.metadata.get("License") or "").strip().splitlines()
    names = sorted(set(marks)) or [line[:80] for line in words[:1]] or ["not stated"]
    return [{"license": {"name": name}} for name in names]


def leaflet() -> dict[str, Any]:
    """Return the one library whose code is inlined into pages."""
    content = (ASSETS / "leaflet" / "leaflet.js").read_bytes()
    found = re.search(rb"Leaflet (\d+\.\d+\.\d+)", content)
    version = found[1].decode() if found else "unknown"
    return {
        "type": "library",
        "bom-ref": f"pkg:npm/leaflet@{version}",
        "name": "leaflet",
        "version": version,
        "hashes": [{"alg": "SHA-256", "content": sha256(content).hexdigest()}],
        "licenses": [{"license": {"id": "BSD-2-Clause"}}],
        "purl": f"pkg:npm/leaflet@{version}",
    }


def data() -> Iterator[dict[str, Any]]:
    """Yield the resources of the built-in dataset."""
    manifest = json.loads((DATASET / "datapackage.json").read_text(encoding="utf-8"))
    for resource in sorted(manifest["resources"], key=lambda item: item["path"]):
        yield {
            "type": "data",
            "bom-ref": f"russia-china/{resource['path']}",
            "name": resource["path"],
            "version": manifest["version"],
            "hashes": [{"alg": "SHA-256", "content": resource["hash"].removeprefix("sha256:")}],
            "licenses": [{"license": {"name": one["name"]}} for one in resource["licenses"]],
        }


if __name__ == "__main__":
    main()
