"""`winset follow`: a record followed through a solved scenario."""

from __future__ import annotations

import argparse

from winset.face.cli.kernels import prepared
from winset.face.cli.screen import Screen, give

NAME = "follow"
SUMMARY = "follow the record event by event: beliefs, surprise, forecasts"
ABOUT = """\
Solves the scenario and follows its record: at each event what the model thought
of it, how it moves beliefs about types and each headline forecast; what silence
says; where the whole change comes from; whether the model still fits; and which
of the competing hypotheses the record tells apart."""
EXAMPLES = """\
examples:
  winset follow us-dprk-2019                     follows the whole record
  winset follow us-dprk-2019 --until 2019-12      only what was known then
  winset follow us-dprk-2019 --no-unchecked       without rows nobody checked
  winset follow talks.yaml --no-forecasts         beliefs and fit only: quicker
  winset follow talks.yaml --json record.json     writes the data too
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares what the verb takes."""
    parser.add_argument("file", metavar="NAME|FILE", help="a name of `winset list`, or a scenario file")
    parser.add_argument("--until", metavar="DATE", default=None, help="the last day whose record is known")
    parser.add_argument("--variant", metavar="NAME", default="", help="follow it through this variant")
    parser.add_argument("--no-unchecked", action="store_true", help="leave out rows that nobody has checked")
    parser.add_argument("--no-forecasts", action="store_true", help="do not forecast anew along the record")
    parser.add_argument("--no-hypotheses", action="store_true", help="do not weigh competing hypotheses")
    parser.add_argument("--json", metavar="FILE", nargs="?", const="-", help="write the data; without FILE, print them")
    parser.add_argument("--no-cache", action="store_true", help="compute everything anew")


def run(arguments: argparse.Namespace, screen: Screen) -> int:
    """Follows the record of one scenario."""
    import winset

    scenario = winset.read(arguments.file)
    with prepared(screen), screen.progress("Solving") as step:
        found = winset.follow(
            scenario,
            until=arguments.until,
            variant=arguments.variant,
            unchecked=not arguments.no_unchecked,
            forecasts=not arguments.no_forecasts,
            hypotheses=not arguments.no_hypotheses,
            cache=not arguments.no_cache,
            progress=step,
        )
    if arguments.json != "-":
        for line in found.lines(screen.width):
            screen.print(line)
    give(arguments.json, found.as_dict(), screen)
    return 0
