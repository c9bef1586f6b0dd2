"""Tasks run by worker processes on this machine.

A worker that dies (killed, or out of memory) is replaced and its task given to another one, three times at
most.
"""

import json
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from typing import Self

from marchland.engine.work import Report, Task
from marchland.errors import DataError

__all__ = ["Pool"]

_TRIES = 3


class Pool:
    """A number of worker processes; a context manager that ends them all."""

    dashboard = ""

    def __init__(self, workers: int) -> None:
        self.workers = workers
        self._running: set[subprocess.Popen[str]] = set()
        self._idle: list[subprocess.Popen[str]] = []
        self._threads: list[threading.Thread] = []
        self._closing = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._closing = True
        for process in list(self._running):
            process.kill()
        for thread in self._threads:
            thread.join()
        for process in self._idle:
            self._end(process)

    def run(self, tasks: Sequence[Task]) -> Iterator[Report]:
        """Run tasks, each report as it comes.

        Raises :class:`DataError` with what a task raised, or when a task has lost three workers.
        """
        todo: queue.SimpleQueue[tuple[Task, int]] = queue.SimpleQueue()
        done: queue.SimpleQueue[Report | Exception] = queue.SimpleQueue()
        for task in tasks:
            todo.put((task, 1))
        for _ in range(min(self.workers, len(tasks))):
            self._threads.append(threading.Thread(target=self._serve, args=(todo, done), daemon=True))
            self._threads[-1].start()
        for _ in tasks:
            answer = done.get()
            if isinstance(answer, Exception):
                raise answer
            yield answer

    def _serve(
        self, todo: "queue.SimpleQueue[tuple[Task, int]]", done: "queue.SimpleQueue[Report | Exception]"
    ) -> None:
        """Feed one worker, and the one after it when it dies, until nothing is left to do."""
        worker = None
        while not self._closing:
            try:
                task, tries = todo.get_nowait()
            except queue.Empty:
                break
            if worker is None:
                worker = self._idle.pop() if self._idle else self._start()
            line = _ask(worker, task)
            if line:
                done.put(_answer(line))
                continue
            self._end(worker)
            worker = None
            if tries < _TRIES:
                todo.put((task, tries + 1))
            else:
                done.put(DataError(f"{_TRIES} workers died over {task.function} {task.number}; {_REMEDY}"))
        if worker is not None:
            self._idle.append(worker)  # for the next stage

    def _start(self) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-m", "marchland.engine.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
        )
        self._running.add(process)
        if self._closing:
            process.kill()
        return process

    def _end(self, process: subprocess.Popen[str]) -> None:
        process.kill()
        process.communicate()
        self._running.discard(process)


_REMEDY = "give them more memory, or take fewer at once; what is done is kept, so the next run goes on"


def _ask(worker: subprocess.Popen[str], task: Task) -> str:
    """Return the line a worker answers with, nothing where it died."""
    try:
        assert worker.stdin is not None
        assert worker.stdout is not None
        worker.stdin.write(json.dumps(task) + "\n")
        worker.stdin.flush()
        return worker.stdout.readline()
    except OSError:
        return ""


def _answer(line: str) -> Report | Exception:
    answer = json.loads(line)
    return Report(*answer["report"]) if "report" in answer else DataError(answer["error"])
