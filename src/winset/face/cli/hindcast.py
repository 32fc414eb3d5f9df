"""`winset hindcast`: forecasts made at dates of the past, held against what happened."""

from __future__ import annotations

import argparse
from pathlib import Path

from winset.face.cli.kernels import prepared
from winset.face.cli.long_runs import add_run_arguments, kept
from winset.face.cli.screen import Screen, give

NAME = "hindcast"
SUMMARY = "forecast from dates of the past, and score it by what happened"
ABOUT = """\
On the first day of every round from one date to another, forecasts each event
of the scenario's `hindcast` up to each of its deadlines, from the record up to
the day before alone: draws of the uncertain parameters are solved, the record
is followed in each, and the draws are weighed by it. Prints what it got wrong
first and why, Brier and log scores, reliability, and skill against forecasts
from past dates alone, against the central values, and against public ones."""
EXAMPLES = """\
examples:
  winset hindcast talks.yaml                      every round of the calendar
  winset hindcast us-dprk-2019 --variant since_2018 --from 2018-03 --to 2020-12
                                                  prints the months named
  winset hindcast talks.yaml --draws 256 --renew  renews draws that wear out
  winset hindcast talks.yaml --public forecast_series.csv
                                                  sets it beside public ones
  winset hindcast talks.yaml --json hindcast.json writes the data too
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares what the verb takes."""
    parser.add_argument("file", metavar="NAME|FILE", help="a name of `winset list`, or a scenario file")
    parser.add_argument("--from", dest="start", metavar="DATE", default="", help="the first date, such as 2018-03")
    parser.add_argument("--to", dest="end", metavar="DATE", default="", help="the last date")
    parser.add_argument("--every", type=int, default=1, metavar="K", help="one date every K rounds; by default 1")
    parser.add_argument("--draws", type=int, metavar="N", help="of the uncertain parameters; by default 64")
    parser.add_argument("--renew", action="store_true", help="resample and move draws where few carry the weight")
    parser.add_argument("--seed", type=int, default=1, metavar="S", help="of the draws; by default 1")
    parser.add_argument("--public", metavar="FILE", default="", help="a CSV file of public forecasts")
    parser.add_argument("--no-unchecked", action="store_true", help="leave out rows that nobody has checked")
    parser.add_argument("--variant", metavar="NAME", default="", help="hindcast this variant")
    parser.add_argument("--grid", type=int, metavar="G", help="inner belief nodes; by default the scenario's")
    add_run_arguments(parser)


def run(arguments: argparse.Namespace, screen: Screen) -> int:
    """Forecasts the past of one scenario."""
    import winset
    from winset.face.hindcast import lines

    scenario = winset.read(arguments.file)
    given = {} if arguments.draws is None else {"draws": arguments.draws}
    with kept(screen), prepared(screen), screen.progress("Drawing") as step:
        found = winset.hindcast(
            scenario, **given, start=arguments.start, end=arguments.end, every=arguments.every, renew=arguments.renew,
            seed=arguments.seed, public=Path(arguments.public) if arguments.public else "",
            unchecked=not arguments.no_unchecked, variant=arguments.variant, grid=arguments.grid,
            workers=arguments.workers, on=arguments.on, store=arguments.store, progress=step,
        )  # fmt: skip
    if arguments.json != "-":
        for line in lines(dict(found), screen.width, screen.paint):
            screen.print(line)
    give(arguments.json, found, screen)
    return 0
