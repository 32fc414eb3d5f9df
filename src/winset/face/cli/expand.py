"""`winset expand`: a scenario without its building blocks."""

from __future__ import annotations

import argparse

from winset.face.cli.screen import Screen, standard_input

NAME = "expand"
SUMMARY = "print the plain scenario that building blocks stand for"
ABOUT = """\
Prints the scenario with every building block (`blocks:`) replaced by the
variables, moves, effects and payoffs that it stands for, in canonical form.
What is printed solves to the same numbers: it is what winset itself reads."""
EXAMPLES = """\
examples:
  winset expand talks.yaml                 prints the plain scenario
  winset expand talks.yaml | winset check - checks it
  winset expand talks.yaml --json          the text as JSON: {"text": ...}
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares what the verb takes."""
    parser.add_argument("file", metavar="NAME|FILE", help="a scenario file, a name from `winset list`, or - for input")
    parser.add_argument("--json", action="store_true", help="print the text as JSON")


def run(arguments: argparse.Namespace, screen: Screen) -> int:
    """Expands one scenario."""
    import winset

    stdin = arguments.file == "-"
    source = standard_input() if stdin else str(winset.locate(arguments.file))
    name = "standard input" if stdin else str(source)
    done = winset.expand_text(winset.text_of(source, name=name), file=name)
    if arguments.json:
        screen.json({"text": done})
    else:
        screen.out.write(done)
    return 0
