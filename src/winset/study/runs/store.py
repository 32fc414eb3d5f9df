"""Results of tasks on disk, one small file each, named by the hash of all that the result depends on.

A result is written beside its place, brought to the disk and renamed, so at every moment a file is whole or not there;
one whose checksum is wrong counts as not there. Of two runs on one folder the first to make a *claim* file does a task.
A claim ends with its result, when its process on this machine is gone, or after `LEASE` seconds without a sign of life
(machines that share a folder cannot see each other's processes). Two runs may both take over a claim that has ended:
they then compute the same result twice, and whichever file comes last is the same. Nothing is ever unpickled.
"""

from __future__ import annotations

import hashlib
import json
import os
import socket
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from winset.base.places import user_cache

LEASE = 1800.0
"""Seconds after which a claim of a process that cannot be seen has ended."""


class Store:
    """Results in a folder.

    Args:
        folder: where they are kept; None: in the user's cache folder.
    """

    def __init__(self, folder: Path | str | None = None) -> None:
        self.folder = Path(folder) if folder is not None else user_cache() / "runs"

    def load(self, key: str) -> Any | None:
        """The result of a task, or None where there is none that can be trusted."""
        try:
            outer = json.loads(self._path(key).read_text(encoding="utf-8"))
            text = outer["payload"]
            if hashlib.sha256(f"{key}\n{text}".encode()).hexdigest() != outer["sha256"]:
                return None
            return json.loads(text)
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
            return None

    def keep(self, key: str, data: Any) -> None:
        """Keeps a result, and ends the claim on its task.

        Raises:
            OSError: it cannot be written.
            ValueError: it is no JSON data, or holds a number that is not finite.
        """
        text = json.dumps(data, allow_nan=False)
        outer = json.dumps({"sha256": hashlib.sha256(f"{key}\n{text}".encode()).hexdigest(), "payload": text})
        self._write(self._path(key), outer)
        self.release(key)

    def claim(self, key: str) -> bool:
        """Takes a task on: False where another process is at it."""
        path = self._path(key, "claim")
        said = json.dumps({"host": socket.gethostname(), "pid": os.getpid()})
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with open(path, "x", encoding="utf-8") as stream:
                stream.write(said)
            return True
        except FileExistsError:
            if not _ended(path):
                return False
        self._write(path, said)
        return True

    def release(self, key: str) -> None:
        """Ends a claim."""
        with suppress(OSError):
            self._path(key, "claim").unlink(missing_ok=True)

    def renew(self, key: str) -> None:
        """Gives a sign of life for a claim."""
        with suppress(OSError):
            os.utime(self._path(key, "claim"))

    def keys(self) -> Iterator[str]:
        """Keys of the results there are."""
        for path in self.folder.glob("??/*.json"):
            yield path.stem

    def tidy(self) -> None:
        """Removes what runs that were killed have left half-written, once nobody can be at it any more."""
        for path in self.folder.glob("??/part-*.tmp"):
            with suppress(OSError):
                if time.time() - path.stat().st_mtime > LEASE:
                    path.unlink(missing_ok=True)

    def clear(self) -> int:
        """Removes every result and what runs that were killed have left; returns how many results there were."""
        count = 0
        for path in [p for end in ("json", "claim", "tmp") for p in self.folder.glob(f"??/*.{end}")]:
            count += path.suffix == ".json"
            path.unlink(missing_ok=True)
        return count

    def _path(self, key: str, end: str = "json") -> Path:
        return self.folder / key[:2] / f"{key}.{end}"

    def _write(self, path: Path, text: str) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        part = None
        try:
            with tempfile.NamedTemporaryFile(
                "w", encoding="utf-8", dir=path.parent, prefix="part-", suffix=".tmp", delete=False
            ) as stream:
                part = stream.name
                stream.write(text)
                stream.flush()
                os.fsync(stream.fileno())
            os.replace(part, path)
            part = None
        finally:
            if part is not None:
                Path(part).unlink(missing_ok=True)


def _ended(path: Path) -> bool:
    """Whether a claim has ended without a result."""
    try:
        age = time.time() - path.stat().st_mtime
        said = json.loads(path.read_text(encoding="utf-8"))
        host, pid = str(said["host"]), int(said["pid"])
    except FileNotFoundError:
        return True  # released just now
    except (OSError, ValueError, KeyError, TypeError):
        return age > 10.0  # half-written: whoever made it was killed, or is still at it
    if age > LEASE:
        return True
    return host == socket.gethostname() and not _alive(pid)


def _alive(pid: int) -> bool:
    """Whether a process of this machine lives; True where that cannot be known."""
    if os.name == "nt":  # a signal 0 would end it
        return True
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


__all__ = ["LEASE", "Store"]
