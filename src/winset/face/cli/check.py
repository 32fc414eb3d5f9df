"""`winset check`: every problem of a scenario, at once."""

from __future__ import annotations

import argparse
from dataclasses import asdict

from winset.base.words import plural
from winset.face.cli.screen import Screen, standard_input

NAME = "check"
SUMMARY = "report every problem of a scenario, with its place and the fix"
ABOUT = """\
Reads a scenario and prints every problem at once: file, line and column, what
is wrong, why, an example, the nearest name and the fix. Where the scenario has
a record, says how many of its rows are read as acts of the game. Computes
nothing, so it takes a moment only. Ends with 0 if there is no error, else
with 2."""
EXAMPLES = """\
examples:
  winset check talks.yaml           prints every problem, or that there is none
  winset check talks.yaml --json    the same as data, for an editor
  winset check talks.yaml --rows    lists the rows that stand for nothing
  cat talks.yaml | winset check -   reads standard input
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares what the verb takes."""
    parser.add_argument("file", metavar="FILE", help="a scenario file, a name of `winset list`, or - for stdin")
    parser.add_argument("--rows", action="store_true", help="list the rows of the record that stand for nothing")
    parser.add_argument("--json", action="store_true", help="print the problems as JSON")


def run(arguments: argparse.Namespace, screen: Screen) -> int:
    """Checks one file."""
    import winset

    texts: dict[str, str] = {}
    if arguments.file == "-":
        text = winset.text_of(standard_input(), name="standard input")
        texts[""] = text
        scenario, found = winset.check(text if "\n" in text else text + "\n")
    else:
        scenario, found = winset.check(str(winset.locate(arguments.file)))
    covered = winset.coverage(scenario) if scenario is not None else None
    if arguments.json:
        screen.diagnostics(found, as_json=True, more={"record": asdict(covered)} if covered else None)
    else:
        screen.diagnostics(found, texts=texts)
        screen.print(_summary(arguments.file, [d.severity for d in found]))
        for line in covered.lines(screen.width, rows=arguments.rows) if covered else ():
            screen.print(line)
    return 0 if scenario is not None else 2


def _summary(file: str, severities: list[str]) -> str:
    counts = [(severities.count(kind), kind) for kind in ("error", "warning", "note")]
    told = ", ".join(plural(count, kind) for count, kind in counts if count)
    return f"{'standard input' if file == '-' else file}: {told or 'no problems'}"
