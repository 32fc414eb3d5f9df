"""`python -m winset` is the command line, and so is the script `winset`."""

from __future__ import annotations

import atexit
import os
import sys
from contextlib import suppress
from typing import NoReturn


def start() -> NoReturn:
    """Runs the command line and ends the process with its exit code."""
    _leave(run())


def run() -> int:
    """Runs the command line; Ctrl-C while it is still being loaded ends it in one line too."""
    try:
        from winset.base.process import claim
        from winset.face.cli.main import main

        claim()
        return main()
    except KeyboardInterrupt:
        sys.stderr.write("winset: stopped; nothing was written\n")
        return 130


def _leave(code: int) -> NoReturn:
    """Ends the process at once: to take a solved game apart piece by piece takes longer than to write its page."""
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):  # nobody listens any more
            stream.flush()
    os._exit(code)


if __name__ == "__main__":
    start()
