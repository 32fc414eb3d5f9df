"""How kernels are compiled and run: one decorator, one cache that never serves stale code, one way to use all cores.

numba keys its cache by the file of the compiled function alone, not by the files of the functions it calls; so the
cache folder here carries a hash of every numeric source file. It lies under `WINSET_CACHE`, or the user's
cache folder. `NUMBA_CACHE_DIR`, where set, is respected.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numba

_ROOMS = ("game", "solve", "certify")


def cache_root() -> Path:
    """The folder for everything winset keeps between runs."""
    root = os.environ.get("WINSET_CACHE") or os.environ.get("XDG_CACHE_HOME")
    if os.environ.get("WINSET_CACHE"):
        return Path(str(root))
    return Path(root) / "winset" if root else Path.home() / ".cache" / "winset"


def source_hash() -> str:
    """Hash of the numeric source files: what a stored result or a compiled kernel depends on."""
    digest = hashlib.sha256()
    package = Path(__file__).resolve().parent.parent
    for room in _ROOMS:
        for path in sorted((package / room).glob("*.py")):
            digest.update(path.name.encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def kernel_folder() -> Path:
    """Where compiled kernels of this very source are kept."""
    return cache_root() / f"kernels-{source_hash()}"


if not os.environ.get("NUMBA_CACHE_DIR"):
    numba.config.CACHE_DIR = str(kernel_folder())


def kernel(function: Callable[..., Any]) -> Any:
    """Compiles a kernel that Python calls, cached; it releases the interpreter so that `in_chunks` can use every core."""
    return numba.njit(cache=True, error_model="numpy", nogil=True)(function)


def inner(function: Callable[..., Any]) -> Any:
    """Compiles a function that only kernels call, and that allocates nothing.

    It gets no wrappers for Python and counts no references: for functions that take tuples of many arrays both
    cost more than the work itself, in compiling and in running."""
    return numba.njit(error_model="numpy", no_cpython_wrapper=True, no_cfunc_wrapper=True, _nrt=False)(function)


def maker(function: Callable[..., Any]) -> Any:
    """Compiles a function that only kernels call, and that allocates work space."""
    return numba.njit(error_model="numpy", no_cpython_wrapper=True, no_cfunc_wrapper=True)(function)


def threads() -> int:
    """How many threads kernels may use: `WINSET_THREADS`, or the number of cores."""
    return max(1, int(os.environ.get("WINSET_THREADS") or os.cpu_count() or 1))


def in_chunks(run: Callable[[int, int], None], total: int, *, smallest: int = 1) -> None:
    """Calls run(low, high) over consecutive parts of range(total), on all cores.

    On an interrupt the parts not yet begun are dropped and the interrupt goes on."""
    workers = threads()
    size = max(smallest, -(-total // (8 * workers)))
    parts = [(low, min(total, low + size)) for low in range(0, total, size)]
    if workers == 1 or len(parts) == 1:
        for low, high in parts:
            run(low, high)
        return
    pool = ThreadPoolExecutor(workers)
    try:
        for future in [pool.submit(run, low, high) for low, high in parts]:
            future.result()
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
