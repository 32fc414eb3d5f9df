"""`winset forecast`: what happens by when, with words of likelihood, bands and confidence."""

from __future__ import annotations

import argparse

from winset.face.cli.kernels import prepared
from winset.face.cli.screen import Screen

NAME = "forecast"
SUMMARY = "say how likely each question's event is by each date"
ABOUT = """\
Solves the scenario and prints by date how likely each event is that a question
asks for, with its word of likelihood (ICD 203), and for each number of the
state its mean and the bands that hold 50, 80 and 95 % of histories. Confidence
stands apart from likelihood."""
EXAMPLES = """\
examples:
  winset forecast us-dprk-2019               prints every question by date
  winset forecast us-dprk-2019 --by 2020-06  prints the figures at one date
  winset forecast us-dprk-2019 deal arsenal  prints some only
  winset forecast us-dprk-2019 --json        prints every date as data
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares what the verb takes."""
    parser.add_argument("file", metavar="NAME|FILE", help="a name of `winset list`, or a scenario file")
    parser.add_argument(
        "questions", metavar="QUESTION", nargs="*", help="names of questions or of numbers of the state; by default all"
    )
    parser.add_argument("--by", metavar="DATE", default="", help="only at this date, or round")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--variant", metavar="NAME", default="", help="take this variant for the base")
    parser.add_argument("--no-cache", action="store_true", help="compute everything anew")


def run(arguments: argparse.Namespace, screen: Screen) -> int:
    """Prints the forecast of one scenario."""
    import winset
    from winset.face.by_date import lines, rows

    scenario = winset.read(arguments.file)
    with prepared(screen), screen.progress("Solving") as step:
        brief = winset.brief(scenario, variant=arguments.variant, cache=not arguments.no_cache, progress=step)
    found = rows(dict(brief), arguments.questions, arguments.by)
    if arguments.json:
        screen.json(found)
        return 0
    for line in lines(found, screen.width):
        screen.print(line)
    return 0
