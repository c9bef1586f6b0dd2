"""A toy dataset of two squares, and the command line run in this process or as one of its own."""

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import pytest
import shapely

from marchland.cli.main import main
from marchland.composite import SpaceTimeComposite
from marchland.faces import Arc, Face
from marchland.meta import DatasetMeta
from marchland.model import (
    Basis,
    Era,
    Holder,
    Instrument,
    Place,
    Rule,
    Segment,
    Stage,
    Status,
    Tenure,
    Territory,
)


@dataclass(frozen=True)
class Result:
    code: int
    out: str
    err: str


@pytest.fixture
def run(capfdbinary) -> Callable[..., Result]:
    """Run the command line in this process and return its exit code and what it wrote, read as UTF-8."""

    def call(*args: str) -> Result:
        capfdbinary.readouterr()
        code = main(list(args))
        written = capfdbinary.readouterr()
        return Result(code, written.out.decode("utf-8"), written.err.decode("utf-8"))

    return call


@pytest.fixture
def spawn() -> Callable[..., "subprocess.CompletedProcess[bytes]"]:
    """Run the command line as a process of its own."""

    def call(*args: str, **options: object) -> "subprocess.CompletedProcess[bytes]":
        command = [sys.executable, "-m", "marchland", *args]
        options.setdefault("capture_output", "stdout" not in options)
        return subprocess.run(command, check=False, timeout=60, env={**os.environ}, **options)  # type: ignore[call-overload]

    return call


@pytest.fixture
def toy(monkeypatch) -> SpaceTimeComposite:
    """West is Russian. East is Chinese, undelimited from 1700, Russian from 1860, and in fact from 1850."""
    composite = toy_composite()
    monkeypatch.setattr(
        "marchland.cli.options.load", lambda _data, readings=(), **_: composite.read(*readings)
    )
    return composite


def _tenure(land, holder, status, basis, start, end, instrument=None):
    days = [date.fromisoformat(day) if day else None for day in (start, end)]
    return Tenure(land, holder, status, basis, *days, instrument)


TENURES = (
    _tenure("west", "russia", Status.SOVEREIGN, Basis.DE_JURE, "1640-01-01", None),
    _tenure("west", "russia", Status.SOVEREIGN, Basis.DE_FACTO, "1640-01-01", None),
    _tenure("east", "china", Status.SOVEREIGN, Basis.DE_JURE, "1640-01-01", "1700-01-01", "nerchinsk-1689"),
    _tenure("east", None, Status.UNDELIMITED, Basis.DE_JURE, "1700-01-01", "1860-11-14"),
    _tenure("east", "russia", Status.SOVEREIGN, Basis.DE_JURE, "1860-11-14", None, "peking-1860"),
    _tenure("east", "china", Status.SOVEREIGN, Basis.DE_FACTO, "1640-01-01", "1850-01-01"),
    _tenure("east", "russia", Status.OCCUPIED, Basis.DE_FACTO, "1850-01-01", "1860-11-14"),
    _tenure("east", "russia", Status.SOVEREIGN, Basis.DE_FACTO, "1860-11-14", None, "peking-1860"),
)


def toy_composite() -> SpaceTimeComposite:
    faces = {"f1": shapely.box(100, 50, 101, 51), "f2": shapely.box(101, 50, 102, 51)}
    arcs = {
        "a1": shapely.LineString([(101, 50), (101, 50.5)]),
        "a2": shapely.LineString([(101, 50.5), (101, 51)]),
    }
    return SpaceTimeComposite(
        meta=DatasetMeta(
            name="toy",
            title="Two squares",
            version="1.0",
            hash="0123abcd",
            first_date=date(1640, 1, 1),
            as_of=date(2020, 6, 30),
            licence="CC0-1.0",
            attribution="nobody",
            citation="Anon. (2020)",
        ),
        holders={
            "china": Holder("china", {"en": "China"}, "#cc6677", (Era(date(1644, 1, 1), {"en": "Qing"}),)),
            "russia": Holder("russia", {"en": "Russia"}, "#117733"),
        },
        territories={
            "east": Territory("east", {"en": "East", "zh": "东"}, (101.5, 50.5), 7_900.25),
            "west": Territory("west", {"en": "West"}, (100.5, 50.5), 7_900.5),
        },
        instruments={
            "peking-1860": Instrument(
                "peking-1860",
                {"en": "Treaty of Peking", "ru": "Пекинский договор"},
                "treaty",
                date(1860, 11, 14),
                "in force",
                signed="1860-11-14",
                in_force="1860-11-14",
                aliases=("Beijing",),
            ),
            "nerchinsk-1689": Instrument(
                "nerchinsk-1689",
                {"en": "Treaty of Nerchinsk"},
                "treaty",
                date(1689, 9, 7),
                "superseded",
                signed="1689-09-07",
                until=date(1860, 11, 14),
            ),
            "livadia-1879": Instrument(
                "livadia-1879",
                {"en": "Treaty of Livadia"},
                "treaty",
                None,
                "never in force",
                signed="1879-10-02",
            ),
        },
        segments={
            "nerchinsk-1": Segment(
                "nerchinsk-1",
                "nerchinsk-1689",
                "1",
                Rule.RIVER,
                Stage.ALLOCATED,
                2.5,
                "south",
                "north",
                "Middle River",
                date(1689, 9, 7),
                None,
            )
        },
        places={
            "vladivostok": Place(
                "vladivostok", {"en": "Vladivostok", "ru": "Владивосток", "zh": "海参崴"}, 101.5, 50.5, 1.0
            ),
            "verkhne": Place(
                "verkhne", {"en": "Verkhne-Udinsk"}, 100.5, 50.5, 1.0, aliases=("Upper Udinsk",)
            ),
        },
        tenures=TENURES,
        faces=(Face("f1", "west", 7_900.5), Face("f2", "east", 7_900.25)),
        arcs=(
            Arc("a1", "f1", "f2", "line", ("nerchinsk-1",), 55.625, 2.5),
            Arc("a2", "f1", "f2", "line", ("nerchinsk-1",), 55.625, 2.5),
        ),
        covariance={("a1", "a1"): 4.0, ("a1", "a2"): 1.0, ("a2", "a2"): 4.0},
        load_faces=lambda: faces,
        load_arcs=lambda: arcs,
        load_backdrop=list,
    )
