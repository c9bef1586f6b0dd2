"""The bill of materials names everything that is shipped or needed, and says the same every time."""

import json
import runpy
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
SCRIPT = ROOT / "docs" / "write_sbom.py"


def test_everything_needed_or_carried_is_in_the_bill():
    bill = runpy.run_path(str(SCRIPT))["bill"]()
    parts = {part["name"]: part for part in bill["components"]}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert {need.partition(">")[0] for need in project["dependencies"]} <= set(parts)
    manifest = json.loads(
        (ROOT / "geodata" / "russia-china" / "datapackage.json").read_text(encoding="utf-8")
    )
    assert {item["path"] for item in manifest["resources"]} <= set(parts)
    assert parts["leaflet"]["version"].count(".") == 2
    assert all(part["licenses"] and part["version"] for part in bill["components"])
    assert "not stated" not in json.dumps(bill)
    refs = [part["bom-ref"] for part in bill["components"]] + [bill["metadata"]["component"]["bom-ref"]]
    assert len(set(refs)) == len(refs)
    assert {one for node in bill["dependencies"] for one in (node["ref"], *node["dependsOn"])} == set(refs)


def test_every_dependency_is_explained():
    note = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"].values()
    needs = [*project["dependencies"], *(need for extra in extras for need in extra)]
    names = {need.partition(">")[0].partition("[")[0].strip() for need in needs} - {"marchland"}
    assert [name for name in sorted(names) if f"`{name}`" not in note] == []


def test_the_bill_is_the_same_twice(tmp_path):
    for name in ("one", "two"):
        command = [sys.executable, str(SCRIPT), str(tmp_path / name)]
        subprocess.run(command, check=True, capture_output=True)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()
