"""`winset diff`: what changed between two scenarios, in inputs and in answers."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from winset.face.cli.kernels import prepared
from winset.face.cli.screen import Screen

NAME = "diff"
SUMMARY = "compare two scenarios: what they put in, what they answer"
ABOUT = """\
Compares two scenarios, two versions of a file, or a scenario and one of its
variants (NAME:VARIANT): first what they put in, then the answer to each
question with its change, then the verdicts that changed. The order in which
things are declared is no difference. A change in brackets is within numerical
error. Questions that name another variant read it on top of VARIANT, as after
the same change in a file, or are not compared and say why."""
EXAMPLES = """\
examples:
  winset diff old.yaml new.yaml            prints what a change in a file moved
  winset diff us-dprk-2019 us-dprk-2019:no_inquiry
                                           compares with a variant
  winset diff old.yaml new.yaml --inputs   solves nothing
  winset diff old.yaml new.yaml --json     prints the same as data
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares what the verb takes."""
    for name, what in (("old", "the first: a name of `winset list` or a file, with `:VARIANT` for a variant"),
                       ("new", "the second, likewise")):  # fmt: skip
        parser.add_argument(name, metavar=name.upper(), help=what)
    parser.add_argument("--inputs", action="store_true", help="compare the inputs only; solve nothing")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--no-cache", action="store_true", help="compute everything anew")


def run(arguments: argparse.Namespace, screen: Screen) -> int:
    """Compares two scenarios."""
    import winset

    sides = [named(arguments.old), named(arguments.new)]
    read = {name: winset.read(name) for name in dict.fromkeys(name for name, _ in sides)}
    scenarios = [read[name] for name, _ in sides]
    settings: dict[str, Any] = {
        "variants": (sides[0][1], sides[1][1]), "inputs_only": arguments.inputs, "cache": not arguments.no_cache,
    }  # fmt: skip
    if arguments.inputs:
        found = winset.diff(*scenarios, **settings)
    else:
        with prepared(screen), screen.progress("Solving") as step:
            found = winset.diff(*scenarios, **settings, progress=step)
    if arguments.json:
        screen.json(found.as_dict())
    else:
        for line in found.lines(screen.width, screen.paint):
            screen.print(line)
    return 0


def named(text: str) -> tuple[str, str]:
    """A scenario and a variant, from `NAME:VARIANT`; a file whose name holds a colon is a file."""
    head, colon, tail = text.rpartition(":")
    if not colon or Path(text).exists() or "/" in tail or "\\" in tail:
        return text, ""
    return head, tail
