"""Tasks carried out here, or by worker processes of this machine.

A worker is a fresh Python that runs `winset.study.runs.worker`: fresh rather than forked, so that it works on every
system, beside any threads, and from scripts without a `__main__` guard. It has one thread for kernels. A worker that
breaks down is replaced, and what it had in hand is tried `TRIES` times in all.
"""

from __future__ import annotations

import os
import pickle
import queue
import subprocess
import sys
from collections.abc import Generator, Iterator
from pathlib import Path
from threading import Thread
from typing import Any

from winset.base import places
from winset.study.children import put_down
from winset.study.runs.tasks import Done, Job, Task, Turns, attempt

TRIES = 2
"""How often a task is tried whose worker breaks down."""


class Serial:
    """Tasks carried out in this very process, one after the other."""

    def run(self, job: Job, tasks: Iterator[Task]) -> Generator[Done, None, None]:
        """What comes of the tasks; see `Executor`."""
        work = None
        for task in tasks:
            work = work or job.worker()
            yield attempt(work, task)

    def __enter__(self) -> Serial:
        return self

    def __exit__(self, *_: object) -> None:
        return None


class Member:
    """One worker process, started when it is first needed."""

    def __init__(self) -> None:
        self.process: subprocess.Popen[bytes] | None = None
        self._knows: set[str] = set()

    def carry_out(self, job: Job, task: Task) -> Done:
        """Has a task carried out.

        Raises:
            OSError, EOFError, pickle.UnpicklingError: the worker broke down.
        """
        if self.process is None:
            self._start()
        assert self.process is not None and self.process.stdin is not None and self.process.stdout is not None
        new = None if job.digest in self._knows else job
        pickle.dump((job.digest, new, task), self.process.stdin, protocol=pickle.HIGHEST_PROTOCOL)
        self.process.stdin.flush()
        self._knows.add(job.digest)
        done = pickle.load(self.process.stdout)
        assert isinstance(done, Done)
        return done

    def end(self) -> int | None:
        """Ends the process, whatever it is doing; returns its exit status."""
        process, self.process = self.process, None
        self._knows.clear()
        if process is None:
            return None
        before = process.poll()
        put_down(process)
        return process.returncode if before is None else before

    def _start(self) -> None:
        package = Path(__file__).resolve().parents[3]
        path = os.pathsep.join(p for p in (str(package), os.environ.get("PYTHONPATH", "")) if p)
        alone = {"WINSET_THREADS": "1", "NUMBA_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "winset.study.runs.worker"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            env={**os.environ, **alone, "PYTHONPATH": path},
        )  # fmt: skip


class Pool:
    """Tasks carried out by worker processes, which stay from run to run.

    Args:
        workers: how many.
    """

    def __init__(self, workers: int) -> None:
        self.members = [Member() for _ in range(workers)]

    def run(self, job: Job, tasks: Iterator[Task]) -> Generator[Done, None, None]:
        """What comes of the tasks; see `Executor`."""
        turns, out = Turns(tasks), queue.Queue[Any](maxsize=1)  # a worker waits until its result is taken
        tries: dict[str, int] = {}
        threads = [Thread(target=_feed, args=(m, job, turns, tries, out), daemon=True) for m in self.members]
        waiting = threads[1:] if not places.compiled() else []  # the first compiles the kernels, alone
        for thread in threads:
            if thread not in waiting:
                thread.start()
        busy = len(threads) - len(waiting)
        try:
            while busy:
                try:
                    got = out.get(timeout=0.5)  # so that an interrupt is seen on every system
                except queue.Empty:
                    continue
                if got is None:
                    busy -= 1
                elif isinstance(got, BaseException):
                    raise got
                else:
                    for thread in waiting:
                        thread.start()
                    busy += len(waiting)
                    waiting = []
                    yield got
        finally:
            turns.stop()

    def __enter__(self) -> Pool:
        return self

    def __exit__(self, *_: object) -> None:
        for member in self.members:
            member.end()


def _feed(member: Member, job: Job, turns: Turns, tries: dict[str, int], out: queue.Queue[Any]) -> None:
    """Hands tasks to one worker until none is left."""
    try:
        for task in turns:
            tries[task.key] = tries.get(task.key, 0) + 1
            try:
                done = member.carry_out(job, task)
            except (OSError, EOFError, pickle.UnpicklingError) as error:
                status = member.end()
                if tries[task.key] < TRIES:
                    turns.back(task)
                    continue
                told = f"exit status {status}" if status is not None else str(error)
                done = Done(key=task.key, error=f"its worker broke down {TRIES} times ({told})")
            _give(out, done, turns)
        _give(out, None, turns)
    except BaseException as error:  # of the iterator: the run cannot go on
        _give(out, error, turns)


def _give(out: queue.Queue[Any], what: Any, turns: Turns) -> None:
    """Hands on what has come, for as long as somebody takes it."""
    while not turns.stopped:
        try:
            out.put(what, timeout=0.5)
            return
        except queue.Full:
            continue


__all__ = ["TRIES", "Member", "Pool", "Serial"]
