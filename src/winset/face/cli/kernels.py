"""Where compiled kernels are kept, and whether they have been compiled on this machine.

Compiled once, the kernels are kept in the user's cache folder rather than beside the source: an installed
package may lie where the user cannot write. `NUMBA_CACHE_DIR`, if set, is respected.
"""

from __future__ import annotations

import hashlib
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.resources import files
from pathlib import Path

from winset.base.version import __version__
from winset.face.cli.screen import Screen

ANNOUNCEMENT = (
    "Compiling the solver for this machine. This happens once and takes up to a minute; later runs start at once."
)


def user_cache() -> Path:
    """The user's cache folder for winset: `WINSET_CACHE`, else by the custom of the system."""
    if named := os.environ.get("WINSET_CACHE"):
        return Path(named)
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA") or "~"
    elif sys.platform == "darwin":
        base = "~/Library/Caches"
    else:
        base = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    return Path(base).expanduser() / "winset"


@contextmanager
def prepared(screen: Screen) -> Iterator[None]:
    """Names a writable place for compiled kernels before numba is loaded; says so when they have to be made.

    A stamp named by the sources that hold kernels tells later runs that the compiling is done.
    """
    if "NUMBA_CACHE_DIR" not in os.environ:
        os.environ["NUMBA_CACHE_DIR"] = str(_writable(user_cache() / f"kernels-{__version__}"))
    stamp = Path(os.environ["NUMBA_CACHE_DIR"]) / f"compiled-{_sources()}"
    if not stamp.exists():
        screen.say(ANNOUNCEMENT)
    yield
    with suppress(OSError):
        if stamp.parent.is_dir():
            stamp.touch()


def _sources() -> str:
    """Short name of the state of the source files that hold kernels."""
    root = files("winset")
    digest = hashlib.sha256(sys.version.encode())
    for room in ("solve", "certify"):
        for item in sorted(root.joinpath(room).iterdir(), key=lambda f: f.name):
            if item.name.endswith(".py"):
                digest.update(item.read_bytes())
    return digest.hexdigest()[:16]


def _writable(folder: Path) -> Path:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if os.access(folder, os.W_OK):
            return folder
    except OSError:
        pass
    return Path(tempfile.gettempdir()) / f"winset-kernels-{os.getuid() if hasattr(os, 'getuid') else 'user'}"
