"""`winset list`: the scenarios that come with winset."""

from __future__ import annotations

import argparse

from winset.face.cli.screen import Screen, table

NAME = "list"
SUMMARY = "list the scenarios that come with winset"
ABOUT = "Prints the name and the title of every scenario that comes with winset."
EXAMPLES = """\
examples:
  winset list           one line a scenario: name and title
  winset list --json    the same as data
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares what the verb takes."""
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(arguments: argparse.Namespace, screen: Screen) -> int:
    """Prints the shelf."""
    import winset

    entries = winset.list_scenarios()
    if arguments.json:
        screen.json([{"name": entry.name, "title": entry.title} for entry in entries])
        return 0
    lines = table([(entry.name, entry.title) for entry in entries])
    if max(map(len, lines), default=0) > screen.width:
        lines = [line for entry in entries for line in (entry.name, *screen.wrapped(entry.title, indent="    "))]
    for line in lines:
        screen.print(line)
    return 0
