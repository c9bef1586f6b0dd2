"""A worker of the process pool: runs the tasks it is sent until there are no more, ``python -m`` this module.

It is started as a program of its own, so that a script without ``if __name__ == "__main__"`` may use it, and
it ends when the program that started it does, as nothing more comes in.
"""

import json
import os
import signal
import sys
from contextlib import suppress

from marchland.engine.work import Task, perform
from marchland.errors import MarchlandError


def main() -> None:
    """Read tasks as lines of JSON, and answer each with a line: a report, or what went wrong."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the program, which then ends its workers
    answers = os.dup(1)
    os.dup2(2, 1)  # whatever a library prints is no answer
    with suppress(BrokenPipeError):  # nobody is left to hear it
        for line in sys.stdin:
            try:
                answer: dict[str, object] = {"report": perform(Task(*json.loads(line)))}
            except MarchlandError as error:
                answer = {"error": str(error)}
            os.write(answers, json.dumps(answer).encode() + b"\n")


if __name__ == "__main__":
    main()
