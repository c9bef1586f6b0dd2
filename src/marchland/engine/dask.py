"""Tasks run by the workers of a Dask cluster. Imported only when that engine is asked for.

Workers need marchland and the same folder under the same path; a task is a few words, and what it reads and
writes are files there. A worker that is lost is Dask's to replace: its tasks run again elsewhere.
"""

import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Self

from marchland.engine.work import Report, Task, perform
from marchland.errors import DataError, MarchlandError, UsageError

try:
    from distributed import Client, as_completed
except ModuleNotFoundError as missing:
    MESSAGE = f"the engine 'dask' needs {missing.name}, which is not installed: pip install marchland[dask]"
    raise UsageError(MESSAGE) from missing

__all__ = ["Cluster"]

_PATIENCE = "60s"  # for a scheduler to answer; one of ours that nobody talks to ends as soon


class Cluster:
    """The workers at a scheduler's address, or so many started on this machine; a context manager.

    Raises :class:`UsageError` where nothing answers at the address.
    """

    def __init__(self, workers: int, scheduler: str | None = None) -> None:
        self._started: list[subprocess.Popen[bytes]] = []
        self._client = None
        self._folder = tempfile.TemporaryDirectory(prefix="marchland-dask-")
        try:
            where = {"address": scheduler} if scheduler else {"scheduler_file": self._start(workers)}
            self._client = Client(timeout=_PATIENCE if scheduler is None else "10s", **where)
            self._client.wait_for_workers(1 if scheduler else workers, timeout=_PATIENCE)
        except (OSError, ValueError) as error:
            self.__exit__()
            msg = f"no Dask workers at {scheduler or 'this machine'}: {error}; see 'dask scheduler --help'"
            raise UsageError(msg) from error
        self.dashboard = str(self._client.dashboard_link or "")
        self.workers = len(self._client.scheduler_info(n_workers=-1)["workers"])

    def _start(self, workers: int) -> str:
        """Start a scheduler and workers as programs of their own, and return where they note the address."""
        note = str(Path(self._folder.name) / "scheduler.json")
        shared = ["--scheduler-file", note]
        commands = (
            ["scheduler", "--host", "127.0.0.1", "--port", "0", "--dashboard-address", "127.0.0.1:0",
             "--idle-timeout", _PATIENCE],
            ["worker", "--nworkers", str(workers), "--nthreads", "1", "--memory-limit", "0", "--no-dashboard",
             "--host", "127.0.0.1", "--death-timeout", _PATIENCE, "--local-directory", self._folder.name],
        )  # fmt: skip
        for command in commands:
            self._started.append(
                subprocess.Popen(
                    [sys.executable, "-m", "dask", *command, *shared],
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                )
            )
        return note

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._client is not None:
            self._client.close()
        for process in reversed(self._started):
            process.terminate()
        for process in self._started:
            process.wait()
        self._folder.cleanup()

    def run(self, tasks: Sequence[Task]) -> Iterator[Report]:
        """Run tasks, each report as it comes; raises :class:`DataError` with what a task raised."""
        if self._client is None:
            return
        futures = self._client.map(perform, tasks, pure=False)
        try:
            for future in as_completed(futures):
                try:
                    yield Report(*future.result())
                except MarchlandError:
                    raise
                except Exception as error:  # whatever a worker died of
                    msg = f"a task failed on the cluster: {type(error).__name__}: {error}"
                    raise DataError(msg) from error
        finally:
            self._client.cancel(futures)
