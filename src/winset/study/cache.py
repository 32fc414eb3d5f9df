"""Answers kept on disk by content, so that the same question of the same scenario is answered at once.

An entry is one JSON file named by a hash of everything that the answer depends on: the scenario's content (not its
comments), the values and settings, the versions of winset, numpy, numba and Python, and the numeric source files.
Nothing is ever unpickled. Files are written beside their place and renamed, so that an interrupted run leaves nothing
half-written; an entry that cannot be read, or whose checksum is wrong, is ignored and written anew.

The folder is $WINSET_CACHE, else the user's cache folder; what was used least lately is removed above a size.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import tempfile
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from winset.base.places import user_cache
from winset.base.version import __version__
from winset.language.scenario import Scenario

MOST_BYTES = 200_000_000
"""Size above which the entries used least lately are removed."""

_ROOMS = ("base", "language", "game", "tree", "solve", "certify", "learn", "study")


def folder() -> Path:
    """Where entries are kept: $WINSET_CACHE, or the user's cache folder."""
    return user_cache()


@lru_cache(maxsize=1)
def sources_hash() -> str:
    """Hash of the source files that an answer depends on."""
    digest = hashlib.sha256()
    root = Path(__file__).resolve().parent.parent
    for room in _ROOMS:
        for path in sorted((root / room).rglob("*.py")):
            digest.update(f"{path.relative_to(root).as_posix()}\n".encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()


@lru_cache(maxsize=1)
def versions() -> dict[str, str]:
    """Versions of what computes, without importing it."""
    out = {"winset": __version__, "python": platform.python_version()}
    for name in ("numpy", "numba", "scipy"):
        try:
            out[name] = version(name)
        except PackageNotFoundError:
            out[name] = "absent"
    return out


def scenario_hash(scenario: Scenario, values: dict[str, float] | None = None, variant: str = "") -> str:
    """Hash of what a scenario says: of its content, not of its comments, layout or place."""
    said = repr((scenario.content(), sorted((values or {}).items()), variant))
    return hashlib.sha256(said.encode()).hexdigest()


def key(kind: str, parts: dict[str, Any]) -> str:
    """Name of an entry of some kind that depends on these parts, the versions and the sources."""
    whole = {"kind": kind, "parts": parts, "versions": versions(), "sources": sources_hash()}
    return hashlib.sha256(json.dumps(whole, sort_keys=True, default=str).encode()).hexdigest()


def load(name: str) -> Any | None:
    """The entry of this name, or None where there is none that can be trusted."""
    path = folder() / f"{name}.json"
    try:
        if not path.is_file():
            return None
        outer = json.loads(path.read_text(encoding="utf-8"))
        text = outer["payload"]
        if hashlib.sha256(text.encode()).hexdigest() != outer["sha256"]:
            return None
        data = json.loads(text)
        os.utime(path)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    return data


def store(name: str, data: Any) -> None:
    """Keeps an entry. A folder that cannot be written to is not an error: the next run computes again."""
    text = json.dumps(data, allow_nan=False)
    outer = json.dumps({"sha256": hashlib.sha256(text.encode()).hexdigest(), "payload": text})
    place = folder()
    temporary = None
    try:
        place.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(
            "w", encoding="utf-8", dir=place, prefix="part-", suffix=".tmp", delete=False
        ) as stream:
            temporary = stream.name
            stream.write(outer)
        os.replace(temporary, place / f"{name}.json")
        temporary = None
        tidy()
    except OSError:
        return
    finally:
        if temporary is not None:
            Path(temporary).unlink(missing_ok=True)


def tidy(most: int | None = None) -> int:
    """Removes the entries used least lately until the folder is below `most` bytes; returns how many went."""
    limit = MOST_BYTES if most is None else most
    entries = []
    for path in folder().glob("*.json"):
        try:
            facts = path.stat()
        except OSError:
            continue
        entries.append((facts.st_mtime, facts.st_size, path))
    total = sum(size for _, size, _ in entries)
    gone = 0
    for _, size, path in sorted(entries):
        if total <= limit:
            break
        path.unlink(missing_ok=True)
        total -= size
        gone += 1
    return gone


def clear() -> int:
    """Removes every entry; returns how many there were."""
    return tidy(most=-1)
