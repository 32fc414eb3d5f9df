"""How kernels are compiled: one decorator each for serial and parallel ones, one cache that never serves stale code.

numba keys its cache by the file of the compiled function alone, not by the files of the functions it calls; so the
cache folder here carries a hash of every numeric source file. It lies under `WINSET_CACHE`, or the user's
cache folder. `NUMBA_CACHE_DIR`, where set, is respected.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
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
    """Compiles a serial kernel, cached."""
    return numba.njit(cache=True, error_model="numpy")(function)


def parallel_kernel(function: Callable[..., Any]) -> Any:
    """Compiles a kernel whose `prange` loops run on all cores, cached."""
    return numba.njit(cache=True, error_model="numpy", parallel=True)(function)
