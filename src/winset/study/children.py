"""Processes that work for this one: ended whatever they are doing, and never left behind."""

from __future__ import annotations

import os
import subprocess
import time
from contextlib import suppress


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
