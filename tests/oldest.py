"""Print the oldest versions that pyproject.toml allows as pins for pip: `make test-oldest`."""

import re
import tomllib
from pathlib import Path

EXTRAS = ("build", "dask", "notebooks", "parquet")


def pins() -> list[str]:
    """Return ``name==version`` for what is needed to run and for every extra the suite runs."""
    project = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text(encoding="utf-8"))[
        "project"
    ]
    needs = [
        *project["dependencies"],
        *(need for e in EXTRAS for need in project["optional-dependencies"][e]),
    ]
    found = [re.match(r"([A-Za-z0-9_.-]+)>=([0-9.]+)", need) for need in needs]
    return [f"{match[1]}=={match[2]}" for match in found if match]


if __name__ == "__main__":
    print("\n".join(pins()))
