"""`winset new`: a scenario of one's own to start from: a commented starter, or a copy of one that is there."""

from __future__ import annotations

import argparse
import os
from importlib.resources import files
from pathlib import Path
from typing import Any

from winset.base.errors import ScenarioError
from winset.base.words import listing, plural
from winset.face.cli.screen import Screen, write

NAME = "new"
SUMMARY = "write a commented starter scenario, or a copy of one, to change"
ABOUT = """\
Writes a small scenario with a comment at every line that a beginner asks about:
a crisis between two sides, one of which keeps its resolve to itself. It checks
without a problem and solves in a moment; change it from there. With --from it
copies a scenario instead, as it is written, with the record files that it
reads, so that the copy checks at once."""
EXAMPLES = """\
examples:
  winset new talks.yaml       writes talks.yaml and prints what to do next
  winset new mine.yaml --from us-dprk-2019
                              copies a scenario that comes with winset
  winset diff us-dprk-2019 mine.yaml
                              after a change: what it moved
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares what the verb takes."""
    parser.add_argument("file", metavar="FILE", type=Path, help="the file to write")
    parser.add_argument(
        "--from", dest="source", metavar="NAME|FILE", default="", help="copy this: a name of `winset list`, or a file"
    )
    parser.add_argument("--force", action="store_true", help="overwrite existing files")


def run(arguments: argparse.Namespace, screen: Screen) -> int:
    """Writes the starter, or the copy with its record files."""
    import winset

    path: Path = arguments.file
    if (name := _library_name(str(path))) and not arguments.force:
        screen.error(
            f"`{path}` is the name of a scenario that comes with winset, and a file of that name would hide it: choose "
            f"another name, such as {path.name}.yaml; to copy that scenario: winset new mine.yaml --from {name}"
        )
        return 2
    texts = {path: starter()}
    if arguments.source:
        origin = str(winset.locate(arguments.source))
        texts = {path: winset.text_of(origin), **_records(winset.read(arguments.source), Path(origin), path)}
    there = [p for p, text in texts.items() if os.path.lexists(p) and (p == path or _differs(p, text))]
    if there and not arguments.force:
        screen.error(f"{listing([str(p) for p in there])} {_exist(len(there))}; choose another name, or add --force")
        return 2
    for place, text in texts.items():
        write(place, text)
    screen.print(f"wrote {path}")
    if len(texts) > 1:
        screen.print(f"and {plural(len(texts) - 1, 'record file')} beside it: {', '.join(map(str, list(texts)[1:]))}")
    compare = f"; winset diff {arguments.source} {path}" if arguments.source else ""
    for line in screen.wrapped(f"next: winset check {path}; winset brief {path}{compare}", hang="  "):
        screen.print(line)
    return 0


def _library_name(given: str) -> str:
    """The library's name of what is called so too; "" where nothing is."""
    import winset

    names = [entry.name for entry in winset.list_scenarios()]
    return next((n for n in names if given in (n, n.rsplit("/", 1)[-1])), "")


def _records(scenario: Any, origin: Path, path: Path) -> dict[Path, str]:
    """The record files that a scenario reads, by where they belong beside its copy."""
    import winset

    same = os.path.realpath(origin.parent) == os.path.realpath(path.parent)
    names = [] if same else [table.file for table in scenario.tables]
    return {path.parent / name: winset.text_of(origin.parent / name) for name in names}


def _differs(path: Path, text: str) -> bool:
    """Whether something else stands there."""
    import winset

    try:
        return winset.text_of(path) != text
    except ScenarioError:
        return True


def _exist(count: int) -> str:
    return "exists" if count == 1 else "exist"


def starter() -> str:
    """The text of the starter scenario."""
    return (files("winset.face.cli") / "templates" / "starter.yaml").read_text(encoding="utf-8")
