"""`winset format`: the canonical way to write a scenario."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from winset.face.cli.screen import Screen, standard_input, write

NAME = "format"
SUMMARY = "print a scenario in canonical form; comments stay"
ABOUT = """\
Prints the scenario in canonical form: the order of keys, indentation and
spacing that every winset scenario has. Comments stay where they are, meaning
does not change, and formatting twice changes nothing."""
EXAMPLES = """\
examples:
  winset format talks.yaml            prints the canonical text
  winset format talks.yaml --write    rewrites the file, and says so
  winset format talks.yaml --check    prints nothing; ends with 1 if it differs
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares what the verb takes."""
    parser.add_argument("file", metavar="FILE", help="a scenario file, or - for standard input")
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--write", action="store_true", help="rewrite the file in place")
    how.add_argument("--check", action="store_true", help="only tell, by the exit code, whether it is canonical")


def run(arguments: argparse.Namespace, screen: Screen) -> int:
    """Formats one file."""
    import winset

    stdin = arguments.file == "-"
    if not stdin and not os.path.lexists(arguments.file):
        winset.locate(arguments.file)  # says what is wrong where it is no scenario of ours either
        screen.error(
            f"`{arguments.file}` comes with winset and has no file of yours to format; copy it: "
            f"winset new mine.yaml --from {arguments.file}"
        )
        return 2
    name = "standard input" if stdin else arguments.file
    text = winset.text_of(standard_input() if stdin else arguments.file, name=name)
    done = winset.format_text(text, file=name)
    if arguments.check:
        if done != text:
            screen.say(
                f"{arguments.file} is not in canonical form; mend it with `winset format {arguments.file} --write`"
            )
        return 0 if done == text else 1
    if arguments.write and not stdin:
        if done != text:
            write(Path(arguments.file), done)
        screen.say(f"{arguments.file}: {'rewritten' if done != text else 'already canonical'}")
        return 0
    screen.out.write(done)
    return 0
