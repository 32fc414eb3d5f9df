"""`winset explain`: what an answer turns on."""

from __future__ import annotations

import argparse
import re

from winset.base import words
from winset.base.errors import ScenarioError
from winset.face import why
from winset.face.cli.kernels import prepared
from winset.face.cli.screen import Screen
from winset.face.text import GLUE

NAME = "explain"
SUMMARY = "say what a claim, a forecast, a belief or a strategy turns on"
ABOUT = """\
Answers a claim, a question or a formula and says in one sentence what the
answer turns on, with the numbers behind it: a payoff difference by the labels
of the payments, a belief by what was seen, a probability by the steps and dates
through which it comes about, a verdict by where its two sides differ. Then the
likeliest course of play on which the event comes about, one line per move."""
EXAMPLES = """\
examples, on the scenario that `winset new talks.yaml` writes:
  winset explain talks.yaml 'P(crisis = war)'
                             the steps that lead to war, and the likeliest way
  winset explain talks.yaml 'strategy(challenger plays demand)'
                             what it pays more than the next best action
  winset explain talks.yaml 'belief(defender is weak)' \\
      --after 'challenger plays demand, defender plays resist'
  winset explain us-dprk-2019 debilitated --json
  winset explain us-dprk-2019 'when the person in question'
                             a claim by the beginning of its quote
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares what the verb takes."""
    parser.add_argument("file", metavar="NAME|FILE", help="a name of `winset list`, or a scenario file")
    parser.add_argument(
        "what",
        metavar="CLAIM|QUESTION|FORMULA",
        help="a name in the scenario, a title, the beginning of a quote, or a formula",
    )
    parser.add_argument("--after", metavar="HISTORY", default="", help="what was seen, such as `a plays x, b plays y`")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--variant", metavar="NAME", default="", help="take this variant for the base")
    parser.add_argument("--no-cache", action="store_true", help="compute everything anew")


def run(arguments: argparse.Namespace, screen: Screen) -> int:
    """Explains one answer."""
    import winset

    scenario = winset.read(arguments.file)
    try:
        with prepared(screen), screen.progress("Solving") as step:
            found = winset.explain(
                scenario,
                arguments.what,
                after=arguments.after,
                variant=arguments.variant,
                cache=not arguments.no_cache,
                progress=step,
            )
    except ScenarioError as error:  # the scenario was read, so what is wrong is in what was asked
        named = {f"`{claim.name}`": claim.holds_if for claim in scenario.claims}
        named |= {f"`{question.name}`": question.formula for question in scenario.questions}
        texts = {"": arguments.what, "after": arguments.after, **named}
        screen.diagnostics(error.diagnostics, as_json=arguments.json, texts=texts)
        return 2
    if arguments.json:
        screen.json(found.as_dict())
        return 0
    _print(found.as_dict(), screen)
    return 0


def _print(found: dict[str, object], screen: Screen) -> None:
    data = found["data"]
    if found["quote"]:
        screen.wrap(f"“{found['quote']}”" if _is_claim(found) else str(found["quote"]))
    if found["formula"]:
        screen.wrap(str(found["formula"]), indent="  ", hang="    ")
    if not isinstance(data, dict):
        screen.wrap(f"{found['text']}: {found['reason']}" if found["reason"] else str(found["text"]))
        return
    for line in _wrapped(words.capital(data["sentence"]) + ".", 0, screen):
        screen.print(line)
    screen.wrap(f"Of {data['equilibrium']}.")
    if found["confidence"]:
        screen.wrap(str(found["confidence"]))
    for text, style, hang in why.lines(data):
        for line in _wrapped(text, hang, screen):
            screen.print(screen.paint(line, style) if style else line)


def _wrapped(text: str, hang: int, screen: Screen) -> list[str]:
    """Lines of a row; a number and its unit stay together, and columns where they stand."""
    if not text.strip():
        return [""]
    margin = len(text) - len(text.lstrip())
    glued = re.sub(r"(?<=\d) (?=%|points\b)", GLUE, text.lstrip())
    columns = glued.replace("  ", GLUE * 2)
    found = screen.wrapped(columns, indent=" " * margin, hang=" " * hang)
    return [line.replace(GLUE, " ") for line in found]


def _is_claim(found: dict[str, object]) -> bool:
    return isinstance(found["value"], bool) or found["value"] is None
