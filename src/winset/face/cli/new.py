"""`winset new`: a commented scenario to start from."""

from __future__ import annotations

import argparse
import os
from importlib.resources import files
from pathlib import Path

from winset.face.cli.screen import Screen, write

NAME = "new"
SUMMARY = "write a commented starter scenario to change"
ABOUT = """\
Writes a small scenario with a comment at every line that a beginner asks about:
a crisis between two sides, one of which keeps its resolve to itself. It checks
without a problem and solves in a moment; change it from there."""
EXAMPLES = """\
examples:
  winset new talks.yaml       writes talks.yaml and prints what to do next
  winset check talks.yaml     after each change
  winset brief talks.yaml     the answers
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares what the verb takes."""
    parser.add_argument("file", metavar="FILE", type=Path, help="the file to write")
    parser.add_argument("--force", action="store_true", help="overwrite an existing file")


def run(arguments: argparse.Namespace, screen: Screen) -> int:
    """Writes the starter."""
    path: Path = arguments.file
    if os.path.lexists(path) and not arguments.force:
        screen.error(f"{path} exists; choose another name, or add --force")
        return 2
    write(path, starter())
    screen.print(f"wrote {path}")
    screen.print(f"next: winset check {path}; winset brief {path}")
    return 0


def starter() -> str:
    """The text of the starter scenario."""
    return (files("winset.face.cli") / "templates" / "starter.yaml").read_text(encoding="utf-8")
