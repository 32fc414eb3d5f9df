"""`winset ask`: one formula, answered."""

from __future__ import annotations

import argparse
from typing import Any

from winset.base import words
from winset.base.errors import ScenarioError
from winset.face.cli.kernels import prepared
from winset.face.cli.screen import Screen, table

NAME = "ask"
SUMMARY = "answer one formula about a scenario"
ABOUT = """\
Solves the scenario and answers one formula: a probability, an expectation, a
belief, a value, a strategy, or a comparison of such. Prints the answer, its
band, each part of the formula with its number, and the certificate's verdict."""
ROWS_SHOWN = 12
EXAMPLES = """\
examples, on the scenario that `winset new talks.yaml` writes:
  winset ask talks.yaml 'P(crisis = war by 2)'
                             prints a probability and its band
  winset ask talks.yaml 'P(crisis = war) < P(crisis = war) in known_weak'
                             prints yes or no, and both numbers
  winset ask talks.yaml 'belief(defender is weak) after (challenger plays wait)'
  winset ask talks.yaml 'value(challenger)' --json
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares what the verb takes."""
    parser.add_argument("file", metavar="NAME|FILE", help="a name of `winset list`, or a scenario file")
    parser.add_argument("formula", metavar="FORMULA", help="in quotes, so that the shell leaves it alone")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--variant", metavar="NAME", default="", help="take this variant for the base")
    parser.add_argument("--no-cache", action="store_true", help="compute everything anew")


def run(arguments: argparse.Namespace, screen: Screen) -> int:
    """Answers one formula."""
    import winset

    scenario = winset.read(arguments.file)
    try:
        with prepared(screen), screen.progress("Solving") as step:
            answer = winset.ask(
                scenario,
                arguments.formula,
                variant=arguments.variant,
                cache=not arguments.no_cache,
                progress=step,
            )
    except ScenarioError as error:  # the scenario was read, so what is wrong is in the formula
        screen.diagnostics(error.diagnostics, as_json=arguments.json, texts={"": arguments.formula})
        return 2
    data = answer.as_dict()
    if arguments.json:
        screen.json(data)
        return 0
    for line in lines(data):
        screen.wrap(line, hang="    ") if len(line) > screen.width else screen.print(line)
    for warning in data["warnings"]:
        screen.say(f"note: {warning}")
    return 0


def lines(answer: dict[str, Any]) -> list[str]:
    """The answer as lines of text: the formula, its value, then its parts."""
    unit = answer.get("unit", "number")
    rows = [f"  {words.quantity(one['value'], unit)} in {one['origin']}" for one in answer.get("equilibria", [])]
    if answer.get("rows_say"):
        return _fact(answer)
    if answer.get("undecided"):
        return [f"undecided: {answer['undecided']}", *rows]
    span = words.band(answer.get("low"), answer.get("high"), unit)
    told = ", ".join(part for part in (answer.get("word", ""), span) if part)
    result = [words.quantity(answer["value"], unit) + (f"  ({told})" if told else ""), *rows]
    parts = answer.get("parts", [])
    if len(parts) > 1:
        leaves = [
            (part["formula"], f"in {part['variant']}" if part["variant"] else "", words.number(part["value"]))
            for part in parts
        ]
        result += ["  " + line for line in table(leaves)]
    return [*result, _certificate(answer["certificate"])] if answer.get("certificate") else result


def _fact(answer: dict[str, Any]) -> list[str]:
    """A fact: its value, what it rests on, and the rows."""
    value = "undecided" if answer["undecided"] else words.quantity(answer["value"], answer["unit"])
    told = f"{answer['undecided']}; {answer['rows_say']}" if answer["undecided"] else answer["rows_say"]
    shown = answer["rows"][:ROWS_SHOWN]
    left = len(answer["rows"]) - len(shown)
    rest = [f"  and {words.plural(left, 'row')} more; --json lists them"] if left else []
    return [f"{value}  ({told})", *("  " + words.row(row) for row in shown), *rest]


def _certificate(figures: dict[str, Any]) -> str:
    known = (("residual", "stage_residual"), ("one-shot gain", "one_shot_gain"), ("gain of errors", "logit_bound"))
    told = [f"{label} {words.small(figures[key])}" for label, key in known if figures.get(key) is not None]
    verdict = words.passing(figures.get("passes"), measured=figures.get("grid_error") is not None)
    return f"certificate: {verdict}" + (f" ({', '.join(told)})" if told else "")
