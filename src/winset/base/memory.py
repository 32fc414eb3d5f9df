"""Memory given back to the system once something large has been let go, and looked through for it rarely."""

from __future__ import annotations

import ctypes
import gc
import sys
from contextlib import suppress


def give_back() -> None:
    """Asks the C library to return free memory; only glibc keeps so much that it matters, and only it is asked."""
    if sys.platform == "linux":
        with suppress(OSError, AttributeError):
            ctypes.CDLL("libc.so.6").malloc_trim(0)


def collect_rarely() -> None:
    """For a process of one command, which lives briefly and makes few circles of objects: they are sought seldom."""
    gc.set_threshold(50_000, 20, 50)
