"""`winset robust`: what holds over everything that the author of a scenario left uncertain."""

from __future__ import annotations

import argparse

from winset.face.cli.kernels import prepared
from winset.face.cli.long_runs import add_run_arguments, kept
from winset.face.cli.screen import Screen, give

NAME = "robust"
SUMMARY = "answers and verdicts over the ranges of all parameters"
ABOUT = """\
Draws parameters from every range and distribution that the scenario states
(scrambled Sobol points), solves each draw, and prints each question as a
distribution and each claim as a share of the plausible cases: what it turns
on, and the value at which it turns, found by solving for it. Draws are kept
on disk: a run that was stopped goes on where it was, and a longer run begins
with what a shorter one has done. A draw that fails is counted and shown."""
EXAMPLES = """\
examples:
  winset robust fearon-ultimatum               prints shares and turning values
  winset robust talks.yaml --draws 1024 --workers 2
  winset robust talks.yaml --questions deal debilitated
                                               asks these alone
  winset robust talks.yaml --map debilitated --json robust.json
                                               writes the data, with a map
  winset robust talks.yaml --on dask://10.0.0.5:8786
                                               sends the draws to a Dask cluster
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares what the verb takes."""
    parser.add_argument("file", metavar="NAME|FILE", help="a name of `winset list`, or a scenario file")
    parser.add_argument("--draws", type=int, metavar="N", help="how many; powers of two are best; by default 256")
    parser.add_argument(
        "--compared", type=int, metavar="M", help="ask what reads variants in the first M draws only; by default in all"
    )
    parser.add_argument("--checks", type=int, metavar="N", help="draws solved on the finer grid too; by default 8")
    parser.add_argument(
        "--leading", type=int, metavar="N", help="parameters of each claim whose turning value is sought; by default 2"
    )
    parser.add_argument("--bars", type=int, metavar="N", help="bars of each tornado; by default 6")
    parser.add_argument("--seed", type=int, default=1, metavar="S", help="of the draws; by default 1")
    parser.add_argument("--questions", nargs="+", default=[], metavar="NAME", help="only these questions and claims")
    parser.add_argument("--map", nargs="+", default=[], metavar="NAME", help="two-way maps of these")
    parser.add_argument("--variant", metavar="NAME", default="", help="take this variant for the base")
    parser.add_argument("--grid", type=int, metavar="G", help="inner belief nodes of a draw; by default about half")
    parser.add_argument("--draws-too", action="store_true", help="put every draw into the data")
    add_run_arguments(parser)


def run(arguments: argparse.Namespace, screen: Screen) -> int:
    """Draws, solves, judges."""
    import winset

    scenario = winset.read(arguments.file)
    given = {
        key: value for key in ("draws", "checks", "leading", "bars") if (value := getattr(arguments, key)) is not None
    }
    with kept(screen), prepared(screen), screen.progress("Drawing") as step:
        found = winset.robust(
            scenario, **given, compared=arguments.compared, seed=arguments.seed, questions=arguments.questions,
            maps=arguments.map, variant=arguments.variant, grid=arguments.grid, workers=arguments.workers,
            on=arguments.on, store=arguments.store, progress=step,
        )  # fmt: skip
    if arguments.json != "-":
        for line in found.lines(screen.width):
            screen.print(line)
    give(arguments.json, found.as_dict(draws=arguments.draws_too), screen)
    return 0
