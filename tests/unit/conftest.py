"""The toy frontier, and a dataset of a made-up island written by hand and compiled."""

import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

import marchland
from marchland.compile.build import BuildReport, build_dataset
from marchland.composite import SpaceTimeComposite

TESTS = Path(__file__).parents[1]


@dataclass(frozen=True)
class Small:
    """The small dataset, compiled: its folder, what the build said, and the composite."""

    root: Path
    report: BuildReport
    composite: SpaceTimeComposite


@pytest.fixture(scope="session")
def toy(composite) -> SpaceTimeComposite:
    return composite


@pytest.fixture(scope="session")
def small_sources() -> Path:
    """Its authored files and reference geometry, as ``tests/cases/datasets/small/README.md`` describes."""
    return TESTS / "cases" / "datasets" / "small"


@pytest.fixture(scope="session")
def small(small_sources, tmp_path_factory) -> Small:
    """Read only: whoever writes takes ``small_copy``."""
    root = tmp_path_factory.mktemp("compiled") / "small"
    shutil.copytree(small_sources, root)
    report = build_dataset(root)
    return Small(root, report, marchland.load(root))


@pytest.fixture
def small_copy(small, tmp_path) -> Path:
    return Path(shutil.copytree(small.root, tmp_path / "small"))
