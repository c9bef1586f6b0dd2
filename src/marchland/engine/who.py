"""Who does the work of a build."""

import os
from dataclasses import dataclass
from importlib.util import find_spec

from marchland.errors import UsageError

__all__ = ["ENGINES", "LARGE", "Engine"]

ENGINES = ("serial", "processes", "dask")

LARGE = 3_000_000
"""Vertices from which several processes are worth their start (docs/scale.md)."""


@dataclass(frozen=True)
class Engine:
    """Who does the work of a build.

    Attributes
    ----------
    name
        ``serial``, ``processes`` (on this machine) or ``dask``; None takes processes for large sets where
        pyarrow is installed, else serial.
    workers
        How many; None for one a processor.
    scheduler
        Address of a Dask scheduler such as ``tcp://10.0.0.1:8786``; None starts one on this machine.

    Raises
    ------
    UsageError
        There is no such engine, or an option does not fit it.
    """

    name: str | None = None
    workers: int | None = None
    scheduler: str | None = None

    def __post_init__(self) -> None:
        if self.name not in (None, *ENGINES):
            msg = f"no engine {self.name!r}; there are {', '.join(ENGINES)}"
            raise UsageError(msg)
        if self.scheduler is not None and self.name != "dask":
            msg = "a scheduler's address goes with the engine dask"
            raise UsageError(msg)
        if self.workers is not None and self.workers < 1:
            msg = f"{self.workers} workers do no work; give 1 or more"
            raise UsageError(msg)

    @property
    def hands(self) -> int:
        """How many workers there are to be."""
        return self.workers or os.cpu_count() or 1

    def chosen(self, vertices: int) -> str:
        """Return the engine for a number of vertices."""
        if self.name is not None:
            return self.name
        large = vertices >= LARGE and self.hands > 1 and find_spec("pyarrow") is not None
        return "processes" if large else "serial"
