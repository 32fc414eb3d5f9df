"""`winset what-if-true`: the smallest change of parameters that makes a formula true."""

from __future__ import annotations

import argparse

from winset.base.errors import ScenarioError
from winset.face.cli.kernels import prepared
from winset.face.cli.long_runs import add_run_arguments, kept
from winset.face.cli.screen import Screen, give

NAME = "what-if-true"
SUMMARY = "what would have to be true for a formula to hold"
ABOUT = """\
Looks for the smallest change of parameters, each in units of its range, that
makes a formula true, and prints it as a condition that names few of them.
Where nothing inside the ranges makes it true, the closest is printed."""
EXAMPLES = """\
examples:
  winset what-if-true us-dprk-2019 'P(deal != none by 2020-12) > 0.5'
  winset what-if-true fearon-ultimatum 'P(b plays fight) < 0.05' --json
  winset what-if-true talks.yaml 'P(deal) > 0.5' --only rate cost
                                        moves these parameters alone
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares what the verb takes."""
    parser.add_argument("file", metavar="NAME|FILE", help="a name of `winset list`, or a scenario file")
    parser.add_argument("formula", metavar="FORMULA", help="true or false, in quotes")
    parser.add_argument("--only", nargs="+", default=[], metavar="PARAMETER", help="only these may change")
    parser.add_argument("--draws", type=int, default=64, metavar="N", help="to start from; by default 64")
    parser.add_argument("--seed", type=int, default=1, metavar="S", help="of the draws; by default 1")
    parser.add_argument("--variant", metavar="NAME", default="", help="take this variant for the base")
    parser.add_argument("--grid", type=int, metavar="G", help="inner belief nodes; by default about half")
    add_run_arguments(parser)


def run(arguments: argparse.Namespace, screen: Screen) -> int:
    """Looks for the change."""
    import winset

    scenario = winset.read(arguments.file)
    try:
        with kept(screen), prepared(screen), screen.progress("Solving") as step:
            found = winset.what_if_true(
                scenario, arguments.formula, parameters=arguments.only, draws=arguments.draws, seed=arguments.seed,
                variant=arguments.variant, grid=arguments.grid, workers=arguments.workers, on=arguments.on,
                store=arguments.store, progress=step,
            )  # fmt: skip
    except ScenarioError as error:  # the scenario was read, so what is wrong is in the formula
        screen.diagnostics(error.diagnostics, as_json=bool(arguments.json), texts={"": arguments.formula})
        return 2
    if arguments.json != "-":
        for line in found.lines(screen.width):
            screen.print(line)
    give(arguments.json, found.as_dict(), screen)
    return 0
