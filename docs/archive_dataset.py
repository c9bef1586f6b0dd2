"""Pack the dataset as it is deposited: a zip of the Data Package, the same to the last byte every time.

Usage: python docs/archive_dataset.py FOLDER
"""

import hashlib
import json
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1] / "geodata" / "russia-china"
EARLIEST = (1980, 1, 1, 0, 0, 0)
"""The day that zip counts from, so that no clock is in the archive."""


def archive(folder: Path) -> Path:
    """Write the archive of the manifest and of every file it lists, whose hashes are checked."""
    manifest = json.loads((ROOT / "datapackage.json").read_text(encoding="utf-8"))
    name = f"{manifest['name']}-{manifest['version']}"
    contents = {"datapackage.json": (ROOT / "datapackage.json").read_bytes()}
    for resource in manifest["resources"]:
        content = (ROOT / resource["path"]).read_bytes()
        found = f"sha256:{hashlib.sha256(content).hexdigest()}"
        if resource.get("hash") not in {None, found}:
            sys.exit(f"{resource['path']} is not what datapackage.json says: run make build")
        contents[resource["path"]] = content
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as target:
        for file in sorted(contents):
            info = zipfile.ZipInfo(f"{name}/{file}", EARLIEST)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            target.writestr(info, contents[file])
    return path


if __name__ == "__main__":
    print(archive(Path(sys.argv[1])))
