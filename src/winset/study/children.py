"""Processes that work for this one: ended whatever they are doing, and never left behind.

This module loads no numeric library, so that a process can be started, and load its own, before there is work for it.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Thread
from typing import IO, Any

from winset.base import places
from winset.language.scenario import Scenario


@dataclass(frozen=True, kw_only=True)
class Setup:
    """What a worker makes its study of; see `winset.study.solved.Study`.

    Attributes:
        scenario: without its questions and claims: what is asked comes with the orders.
        values, grid, memory: as of `winset.brief`.
        base: the variant that counts as the base.
    """

    scenario: Scenario
    values: Mapping[str, float] | None
    grid: int | None
    memory: float
    base: str

    @classmethod
    def of(
        cls, scenario: Scenario, *, values: Mapping[str, float] | None, grid: int | None, memory: float, base: str
    ) -> Setup:
        """The setup for a brief of a scenario."""
        bare = replace(scenario, questions=(), claims=())
        return cls(scenario=bare, values=values, grid=grid, memory=memory, base=base)


@dataclass(kw_only=True)
class Worker:
    """A process that carries out orders (`winset.study.workers`).

    Attributes:
        process: it.
        given: what it makes its study of, once it has been told; it begins to solve the base at once.
    """

    process: subprocess.Popen[bytes]
    given: Setup | None = None
    _telling: Thread | None = None

    def tell(self, setup: Setup) -> None:
        """Tells what to make a study of; what is sent is read only when the process has loaded its libraries."""
        self.given = setup
        self._telling = Thread(target=self._send, args=(setup,), daemon=True)
        self._telling.start()

    def send(self, message: Any) -> None:
        """Sends a message, after all that was sent before.

        Raises:
            OSError: the process has ended.
        """
        if self._telling is not None:
            self._telling.join()
        assert self.process.stdin is not None
        send(self.process.stdin, message)

    def _send(self, setup: Setup) -> None:
        assert self.process.stdin is not None
        with suppress(OSError, ValueError):  # it has ended: whoever sends an order notices
            send(self.process.stdin, setup)


def send(pipe: IO[bytes], message: Any) -> None:
    """Writes a message to a pipe."""
    pickle.dump(message, pipe, protocol=pickle.HIGHEST_PROTOCOL)
    pipe.flush()


_waiting: list[Worker] = []


def started(setup: Setup) -> Worker:
    """A worker that has been told this setup: the one that was started ahead, or a new one."""
    while _waiting:
        worker = _waiting.pop()
        if worker.process.poll() is None and worker.given in (None, setup):
            break
        put_down(worker.process)
    else:
        worker = Worker(process=_new())
    if worker.given is None:
        worker.tell(setup)
    return worker


def _new() -> subprocess.Popen[bytes]:
    package = Path(__file__).resolve().parents[2]
    path = os.pathsep.join(p for p in (str(package), os.environ.get("PYTHONPATH", "")) if p)
    return subprocess.Popen(
        [sys.executable, "-m", "winset.study.workers"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": path, "WINSET_THREADS": "1"},
        process_group=0,  # the interrupt of a terminal is the parent's to answer, also while this one is being loaded
    )  # fmt: skip


@contextmanager
def ahead() -> Iterator[None]:
    """Starts a worker for a brief that is about to be made, while its scenario is still being read.

    Only where there is a second core and kernels have been compiled. A worker that nobody took is ended."""
    if int(os.environ.get("WINSET_THREADS") or os.cpu_count() or 1) > 1 and places.compiled():
        with suppress(OSError):
            _waiting.append(Worker(process=_new()))
    try:
        yield
    finally:
        while _waiting:
            put_down(_waiting.pop().process)


def tell_ahead(setup: Setup) -> None:
    """Tells the worker that was started ahead, if any, what will be asked for, before numeric libraries are loaded."""
    for worker in _waiting:
        worker.tell(setup)


def put_down(process: subprocess.Popen[bytes]) -> None:
    """Ends a process, whatever it is doing, and closes what it was spoken to through."""
    with suppress(OSError):
        process.kill()
    process.wait()
    for pipe in (process.stdin, process.stdout):
        with suppress(OSError):
            if pipe is not None:
                pipe.close()


def end_with(parent: int) -> None:
    """Ends this process when its parent is gone, however that was ended; to be run in a thread of its own."""
    while os.getppid() == parent:
        time.sleep(0.5)
    os._exit(1)
