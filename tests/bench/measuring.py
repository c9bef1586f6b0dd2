"""Timing, memory, and the table the results are shown in."""

import multiprocessing
import platform
import resource
import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Result:
    """One line: what was done, how long ours and the other took, and what was checked on the way."""

    what: str
    other: str
    ours_s: float
    theirs_s: float
    note: str = ""

    def row(self) -> str:
        ratio = self.theirs_s / self.ours_s
        return (
            f"| {self.what} | {shown(self.ours_s)} | {self.other} | {shown(self.theirs_s)} | "
            f"{ratio:,.{0 if ratio >= 20 else 1}f} × | {self.note} |"
        )


HEADER = "| what | marchland | against | takes | ratio | checked |\n| --- | ---: | --- | ---: | ---: | --- |"


def shown(seconds: float) -> str:
    return f"{seconds:.2f} s" if seconds >= 0.1 else f"{seconds * 1000:.2f} ms"


def spent_s() -> float:
    """Processor seconds of this process and of its children that have ended: other work does not count."""
    below = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + below.ru_utime + below.ru_stime


def best(work: Callable[[], Any], *, times: int = 3) -> tuple[float, Any]:
    """Run a few times; return the shortest processor time in seconds and the last answer."""
    spent, answer = [], None
    for _ in range(times):
        start = spent_s()
        answer = work()
        spent.append(spent_s() - start)
    return min(spent), answer


def peak_mb() -> float:
    """Peak memory of this process, MB; `getrusage` would count that of the process it came from too."""
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


def _measure(
    pipe: Any, work: Callable[[Any], Any], prepare: Callable[..., Any], args: tuple[Any, ...]
) -> None:
    given = prepare(*args)
    before = peak_mb()
    start = spent_s()
    work(given)
    spent = spent_s() - start
    pipe.send((spent, peak_mb() - before))


def apart(work: Callable[[Any], Any], prepare: Callable[..., Any], *args: Any) -> tuple[float, float]:
    """Run once in a process of its own; return seconds, and the MB it peaked above what it was given."""
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe(duplex=False)
    process = context.Process(target=_measure, args=(there, work, prepare, args))
    process.start()
    there.close()
    try:
        answer: tuple[float, float] = here.recv()
    finally:
        process.join()
    return answer


def machine() -> str:
    names = ("numpy", "shapely", "geopandas", "pyproj")
    return f"Python {platform.python_version()}, " + ", ".join(f"{name} {version(name)}" for name in names)
