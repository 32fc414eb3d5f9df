"""Memory given back to the system once something large has been let go."""

from __future__ import annotations

import ctypes
import sys
from contextlib import suppress


def give_back() -> None:
    """Asks the C library to return free memory; only glibc keeps so much that it matters, and only it is asked."""
    if sys.platform == "linux":
        with suppress(OSError, AttributeError):
            ctypes.CDLL("libc.so.6").malloc_trim(0)
