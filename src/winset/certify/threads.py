"""Runs a compiled function over the parts of a range in threads; the function releases the interpreter's lock.

Cheaper to compile than numba's own parallel loops, and with no threading layer to configure."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

ENOUGH = 256
"""Fewer items than this are not worth a second thread."""


def in_threads(work: Callable[[int, int], None], count: int) -> None:
    """Calls work(begin, end) over parts of range(count), and returns when all are done."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else (os.cpu_count() or 1)
    if count < ENOUGH or cores == 1:
        work(0, count)
        return
    pieces = 4 * cores
    edges = [count * p // pieces for p in range(pieces + 1)]
    with ThreadPoolExecutor(max_workers=cores) as pool:
        list(pool.map(work, edges[:-1], edges[1:]))
