"""`winset cite`: what a run rests on, for a list of references."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from winset.face.cli.screen import Screen
from winset.face.cli.solve_game import GAMES

NAME = "cite"
SUMMARY = "print the sources of the methods and of the scenario of a run"
ABOUT = """\
Prints the works that a run rests on: those of the methods by which the scenario
or the game file would be solved and certified, and those that the scenario
itself lists. Without a name, all works that winset's methods cite."""
EXAMPLES = """\
examples:
  winset cite                        the sources of all methods
  winset cite beer-quiche            of a scenario, and of how it is solved
  winset cite kuhn.efg               of the method that fits a game file
  winset cite kuhn.efg --bibtex      the same as entries for BibTeX
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares what the verb takes."""
    parser.add_argument("file", metavar="NAME|FILE", nargs="?", default="",
                        help="a name of `winset list`, a scenario file or a game file")  # fmt: skip
    parser.add_argument("--method", metavar="NAME", default="", help="of a game file: by this method")
    parser.add_argument("--bibtex", action="store_true", help="print entries for BibTeX")
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(arguments: argparse.Namespace, screen: Screen) -> int:
    """Prints the sources."""
    import winset

    told, keys, own = _of(arguments)
    rows = winset.cited(keys)
    if arguments.json:
        screen.json({"of": told, "methods": [{"key": s.key, "text": s.text()} for s in rows],
                     "scenario": [{"key": key, "text": text} for key, text in own]})  # fmt: skip
        return 0
    if arguments.bibtex:
        entries = [s.bibtex() for s in rows]
        entries += [f"@misc{{{key},\n  note = {{{_braced(text)}}}\n}}" for key, text in own]
        screen.print("\n\n".join(entries))
        return 0
    screen.wrap(told)
    for source in rows:
        screen.wrap(source.text(), indent="  ", hang="    ")
    if own:
        screen.print("Sources of the scenario")
    for key, text in own:
        screen.wrap(f"{key}: {text}", indent="  ", hang="    ")
    return 0


def _braced(text: str) -> str:
    return text.replace("{", "(").replace("}", ")")


def _of(arguments: argparse.Namespace) -> tuple[str, list[str], list[tuple[str, str]]]:
    """A heading, keys of the methods' sources, and the scenario's own sources."""
    import winset

    if not arguments.file:
        return "Sources of the methods of winset", list(winset.SOURCES), []
    if Path(arguments.file).suffix.lower() in GAMES:
        choice: Any = winset.choose_method(winset.read_game(Path(arguments.file)), method=arguments.method)
        return (f"Sources of the method, {choice.method.name}, and of its certificate",
                [*choice.method.sources, *winset.CERTIFICATE_SOURCES], [])  # fmt: skip
    scenario = winset.read(arguments.file)
    return f"Sources of how “{scenario.title}” is solved", list(winset.SCENARIO_SOURCES), list(scenario.sources)
