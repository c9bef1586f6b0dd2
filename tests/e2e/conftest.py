"""Pages in a real browser: the toy frontier of ``tests/toy.py``, and the built-in dataset."""

import runpy
from collections.abc import Callable
from pathlib import Path

import pytest

import marchland
from marchland.composite import SpaceTimeComposite

_TOY = runpy.run_path(str(Path(__file__).parents[1] / "toy.py"))["toy"]


@pytest.fixture(scope="session")
def make_toy() -> Callable[..., SpaceTimeComposite]:
    return _TOY


@pytest.fixture(scope="session")
def composite() -> SpaceTimeComposite:
    return _TOY()


@pytest.fixture(scope="session")
def built_in() -> SpaceTimeComposite:
    return marchland.load("russia-china")
