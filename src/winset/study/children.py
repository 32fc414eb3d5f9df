"""Processes that work for this one: ended whatever they are doing, and never left behind.

This module loads no numeric library, so that a process can be started, and load its own, before there is work for it.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from winset.base import places

_waiting: list[subprocess.Popen[bytes]] = []


def started() -> subprocess.Popen[bytes]:
    """A worker (`winset.study.workers`): the one that was started ahead, or a new one."""
    while _waiting:
        process = _waiting.pop()
        if process.poll() is None:
            return process
        put_down(process)
    package = Path(__file__).resolve().parents[2]
    path = os.pathsep.join(p for p in (str(package), os.environ.get("PYTHONPATH", "")) if p)
    return subprocess.Popen(
        [sys.executable, "-m", "winset.study.workers"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": path, "WINSET_THREADS": "1"},
    )  # fmt: skip


@contextmanager
def ahead(wanted: bool = True) -> Iterator[None]:
    """Starts a worker for a brief that is about to be made, while its scenario is still being read.

    Only where a second core is idle and kernels have been compiled. A worker that nobody took is ended."""
    if wanted and int(os.environ.get("WINSET_THREADS") or os.cpu_count() or 1) > 1 and places.compiled():
        with suppress(OSError):
            _waiting.append(started())
    try:
        yield
    finally:
        while _waiting:
            put_down(_waiting.pop())


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
