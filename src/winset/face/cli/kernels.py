"""Where compiled kernels are kept, and whether they have been compiled on this machine.

Compiled once, the kernels are kept in the user's cache folder rather than beside the source: an installed
package may lie where the user cannot write. `NUMBA_CACHE_DIR`, if set, is respected.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from winset.base.errors import WinsetError
from winset.base.places import compiled_stamp, kernel_folder
from winset.face.cli.screen import Screen

ANNOUNCEMENT = (
    "Compiling the solver for this machine. This happens once and takes about two minutes; later runs start at once."
)


@contextmanager
def prepared(screen: Screen) -> Iterator[None]:
    """Names a writable place for compiled kernels before numba is loaded; says so when they have to be made.

    A stamp named by the sources that hold kernels tells later runs that the compiling is done.
    """
    if "NUMBA_CACHE_DIR" not in os.environ:
        os.environ["NUMBA_CACHE_DIR"] = str(kernel_folder())
    stamp = compiled_stamp()
    if not stamp.exists():
        screen.say(ANNOUNCEMENT)
    try:
        yield
    except Exception as error:
        if not _in_cache(error):
            raise
        for kernel in (*stamp.parent.rglob("*.nbi"), *stamp.parent.rglob("*.nbc")):
            with suppress(OSError):
                kernel.unlink()
        with suppress(OSError):
            stamp.unlink(missing_ok=True)
        told = "the compiled kernels were damaged and have been removed; run the same command again"
        raise WinsetError(told) from None
    with suppress(OSError):
        if stamp.parent.is_dir():
            stamp.touch()


def _in_cache(error: BaseException) -> bool:
    """Whether an error comes from numba reading compiled kernels back."""
    step = error.__traceback__
    while step is not None:
        if Path(step.tb_frame.f_code.co_filename).parts[-3:] == ("numba", "core", "caching.py"):
            return True
        step = step.tb_next
    return False
