"""Where winset keeps things between runs: one folder of the user, and in it one for compiled kernels.

numba keys its cache by the file of the compiled function alone, not by the files of the functions it calls; so the
folder of kernels carries a hash of every numeric source file, and stale code is never served.
"""

from __future__ import annotations

import hashlib
import os
import sys
import tempfile
from pathlib import Path

NUMERIC = ("game", "tree", "solve", "certify")
"""The rooms that hold kernels, or arrays that kernels read."""


def user_cache() -> Path:
    """The user's cache folder for winset: `WINSET_CACHE`, else by the custom of the system."""
    if stated := os.environ.get("WINSET_CACHE"):
        return Path(stated)
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA") or "~/AppData/Local"
    elif sys.platform == "darwin":
        base = "~/Library/Caches"
    else:
        base = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    return Path(base).expanduser() / "winset"


def source_hash() -> str:
    """Hash of the numeric source files and of the Python that runs them."""
    digest = hashlib.sha256(sys.version.encode())
    package = Path(__file__).resolve().parent.parent
    for room in NUMERIC:
        for path in sorted((package / room).rglob("*.py")):
            digest.update(f"{path.relative_to(package).as_posix()}\n".encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def kernel_folder() -> Path:
    """Where the compiled kernels of this very source are kept; made if need be.

    Where the user's cache folder cannot be written, a folder of the system for temporary files stands in.
    """
    folder = user_cache() / f"kernels-{source_hash()}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if os.access(folder, os.W_OK):
            return folder
    except OSError:
        pass
    return Path(tempfile.gettempdir()) / f"winset-kernels-{os.getuid() if hasattr(os, 'getuid') else 'user'}"


def compiled_stamp(part: str = "") -> Path:
    """The file that tells that the kernels of this very source have been compiled on this machine, all or a part."""
    name = "-".join(["compiled", *([part] if part else []), source_hash()])
    return Path(os.environ.get("NUMBA_CACHE_DIR") or kernel_folder()) / name


def compiled() -> bool:
    """Whether the kernels have been compiled, so that another process need not compile them once more."""
    return compiled_stamp().exists()
