"""The shelf: the scenarios that come with winset, by name.

A library scenario is a file `winset/library/**/NAME.yaml`; its name is the path below the library without
the ending (`textbook/beer-quiche`). The last part alone will do where only one scenario has it.
"""

from __future__ import annotations

import difflib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import as_file, files
from importlib.resources.abc import Traversable
from pathlib import Path

from winset.base.diagnostics import Where
from winset.language.lexer import problem, shown
from winset.language.scenario import Scenario

_HEAD = 4096
"""Characters read of each file to find its title."""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A scenario on the shelf: its `name` for `winset.read` and its `title`."""

    name: str
    title: str


def _walk(folder: Traversable, prefix: str) -> Iterator[tuple[str, Traversable]]:
    for item in sorted(folder.iterdir(), key=lambda t: t.name):
        if item.is_dir():
            if not item.name.startswith(("_", ".")):
                yield from _walk(item, f"{prefix}{item.name}/")
        elif item.name.endswith(".yaml"):
            yield prefix + item.name.removesuffix(".yaml"), item


def _library() -> dict[str, Traversable]:
    root = files("winset").joinpath("library")
    return dict(_walk(root, "")) if root.is_dir() else {}


def _title(item: Traversable) -> str:
    with item.open("r", encoding="utf-8") as stream:
        for line in stream.read(_HEAD).splitlines():
            if line.startswith("scenario:"):
                return line.removeprefix("scenario:").strip().strip("\"'")
    return ""


def list_scenarios() -> tuple[Entry, ...]:
    """The scenarios that come with winset, in order of name."""
    return tuple(Entry(name=name, title=_title(item)) for name, item in sorted(_library().items()))


def locate(name_or_path: str | Path) -> Path | Traversable:
    """The file meant by a path or a library name.

    Raises:
        ScenarioError: S001 neither a file nor a library scenario; says the nearest name. S002 both, of one name.
    """
    path = Path(name_or_path)
    if _is_file(path):
        _refuse_both(name_or_path)
        return path
    library = _library()
    wanted = str(name_or_path).replace("\\", "/").removesuffix(".yaml")
    if wanted in library:
        return library[wanted]
    same_end = [name for name in library if name.rsplit("/", 1)[-1] == wanted]
    if len(same_end) == 1:
        return library[same_end[0]]
    if str(name_or_path) and os.path.lexists(path):
        return path  # a folder, a pipe, a broken link: reading says what is wrong with it
    candidates = [*library, *(name.rsplit("/", 1)[-1] for name in library)]
    near = difflib.get_close_matches(wanted, candidates, n=1) or [
        c for c in candidates if len(wanted) >= 3 and wanted in c
    ]
    if same_end:
        message, fix = f"'{wanted}' names several library scenarios", f"write one of {', '.join(same_end)}"
    else:
        message = f"there is no file and no library scenario '{shown(str(name_or_path))}'"
        fix = "give a path that exists, or a name from `winset list`"
        if wanted == "-":
            fix = "standard input is read by `check`, `expand` and `format`; for other verbs write it to a file first"
    place = Where(shown(str(name_or_path)) or "''")
    raise problem("S001", message, place, fix=fix, nearest=near[0] if near else "")


def _refuse_both(given: str | Path) -> None:
    """Refuses a bare name that means a scenario of the library and a file, rather than take one in silence."""
    library = _library()
    if isinstance(given, str) and (given in library or any(given == name.rsplit("/", 1)[-1] for name in library)):
        raise problem(
            "S002", f"`{given}` is a scenario that comes with winset, and a file in this folder too", Where(given),
            fix=f"Write `./{given}` for the file; rename the file to read the scenario that comes with winset.",
        )  # fmt: skip


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):  # a name that is too long, or no name at all
        return False


def read(name_or_path: str | Path) -> Scenario:
    """Reads and checks a scenario file, or a library scenario by name.

    Args:
        name_or_path: a path, or a name such as `us-dprk-2019` or `textbook/beer-quiche`.

    Raises:
        ScenarioError: no such file, or the scenario has problems; all of them are in `diagnostics`.
    """
    from winset.language import reading

    found = locate(name_or_path)
    if isinstance(found, Path):
        return reading.read(found)
    with as_file(found) as path:
        return reading.read(path)
