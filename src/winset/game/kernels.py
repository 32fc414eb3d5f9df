"""How kernels are compiled and run: one decorator, one cache, one way to use all cores.

Compiled kernels are kept in `winset.base.places.kernel_folder`; `NUMBA_CACHE_DIR`, where set, is respected.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager
from functools import cache, lru_cache
from typing import Any

import numba

from winset.base.places import kernel_folder
from winset.base.process import is_ours

if not os.environ.get("NUMBA_CACHE_DIR"):
    numba.config.CACHE_DIR = str(kernel_folder())


def kernel(function: Callable[..., Any]) -> Any:
    """Compiles a kernel that Python calls, cached; it releases the lock so that `in_chunks` can use every core."""
    return numba.njit(cache=True, error_model="numpy", nogil=True)(function)


def inner(function: Callable[..., Any]) -> Any:
    """Compiles a function that only kernels call, and that allocates nothing.

    It gets no wrappers for Python and counts no references: for functions that take tuples of many arrays both
    cost more than the work itself, in compiling and in running."""
    return numba.njit(error_model="numpy", no_cpython_wrapper=True, no_cfunc_wrapper=True, _nrt=False)(function)


def maker(function: Callable[..., Any]) -> Any:
    """Compiles a function that only kernels call, and that allocates work space."""
    return numba.njit(error_model="numpy", no_cpython_wrapper=True, no_cfunc_wrapper=True)(function)


@kernel
def _nothing():
    """Does nothing."""


@cache
def wake() -> None:
    """Has numba load its own parts, which it does at the first call of any kernel.

    It then looks for `scipy.linalg`, so that kernels may multiply matrices, and to import that takes as long as all
    the rest. No kernel of ours does; so in a process of our own numba is told that there is none."""
    hidden = "scipy.linalg"
    if not is_ours() or hidden in sys.modules:
        return
    sys.modules[hidden] = None  # type: ignore[assignment]  # what makes an import fail
    try:
        _nothing()
    finally:
        del sys.modules[hidden]


_lent = 0


def threads() -> int:
    """How many threads kernels may use: `WINSET_THREADS`, or the number of cores; less those `lending`."""
    return max(1, int(os.environ.get("WINSET_THREADS") or os.cpu_count() or 1) - _lent)


@contextmanager
def lending(cores: int) -> Iterator[None]:
    """Leaves cores to other processes meanwhile: threads that wait for the same core cost all of them time."""
    global _lent
    before, _lent = _lent, _lent + cores
    try:
        yield
    finally:
        _lent = before


def in_chunks(run: Callable[[int, int], None], total: int, *, smallest: int = 1) -> None:
    """Calls run(low, high) over consecutive parts of range(total), on all cores.

    On an interrupt the parts not yet begun are dropped and the interrupt goes on; one thread alone takes parts for
    that reason only, and larger ones. smallest: what is worth the call of a kernel."""
    workers = threads()
    size = max(smallest * (1 if workers > 1 else ALONE), -(-total // (PARTS * workers)))
    parts = [(low, min(total, low + size)) for low in range(0, total, size)]
    if workers == 1 or len(parts) == 1:
        for low, high in parts:
            run(low, high)
        return
    tasks = [_pool(workers).submit(run, low, high) for low, high in parts]
    try:
        for task in tasks:
            task.result()
    finally:
        for task in tasks:
            task.cancel()
        wait(tasks)


PARTS = 8
"""Parts a thread gets: cells differ in cost, so more parts than threads."""
ALONE = 64
"""How many of the smallest parts one thread alone takes at once: some ten milliseconds."""


@lru_cache(maxsize=1)
def _pool(workers: int) -> ThreadPoolExecutor:
    """The threads, kept from call to call: to start them takes longer than a small stage."""
    return ThreadPoolExecutor(workers)


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_pool.cache_clear)  # threads do not come along
