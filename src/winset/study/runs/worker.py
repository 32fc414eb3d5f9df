"""A worker's life: `python -m winset.study.runs.worker` reads pickled tasks from its input and answers on its output.

It ends when its input is closed or its parent is gone, and leaves the interrupt of a terminal to its parent.
"""

from __future__ import annotations

import os
import pickle
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from threading import Thread
from typing import Any

from winset.study.children import end_with
from winset.study.runs.tasks import Done, attempt


def main() -> None:
    """Tasks until the pipe is closed; the worker of each job is made once."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the interrupt of a terminal goes to all; the parent ends us
    Thread(target=end_with, args=(os.getppid(),), daemon=True).start()
    tasks, answers = sys.stdin.buffer, os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # so that nothing printed comes between the answers
    made: dict[str, Callable[[Any], Any]] = {}
    with suppress(EOFError, BrokenPipeError):
        while True:
            digest, job, task = pickle.load(tasks)
            try:
                if digest not in made:
                    made[digest] = job.worker()
                done = attempt(made[digest], task)
            except Exception as error:
                done = Done(key=task.key, error=f"{type(error).__name__}: {error}")
            pickle.dump(done, answers, protocol=pickle.HIGHEST_PROTOCOL)
            answers.flush()


if __name__ == "__main__":
    main()
