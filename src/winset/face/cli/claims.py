"""`winset claims`: the verdicts on a scenario's claims."""

from __future__ import annotations

import argparse

from winset.face.cli.kernels import prepared
from winset.face.cli.screen import Screen

NAME = "claims"
SUMMARY = "judge the claims of a scenario: holds, fails or undecided"
ABOUT = """\
Solves the scenario and prints the verdict on each claim: its kind, its
speaker, the numbers on which it turns, and for a comparison the effect with
its sign beside the numerical error. Ends with 1 if one of them fails."""
EXAMPLES = """\
examples:
  winset claims us-dprk-2019               prints every verdict
  winset claims us-dprk-2019 --kind cause  prints those of one kind
  winset claims us-dprk-2019 debilitated   prints one, by its name
  winset claims talks.yaml --json          prints them as data
"""
KINDS = ("fact", "cause", "belief", "forecast", "result")
CLAIM_FAILS = 1


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares what the verb takes."""
    parser.add_argument("file", metavar="NAME|FILE", help="a name of `winset list`, or a scenario file")
    parser.add_argument("claims", metavar="CLAIM", nargs="*", help="names of claims; by default all")
    parser.add_argument("--kind", choices=KINDS, default="", help="only claims of this kind")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--variant", metavar="NAME", default="", help="take this variant for the base")
    parser.add_argument("--no-cache", action="store_true", help="compute everything anew")


def run(arguments: argparse.Namespace, screen: Screen) -> int:
    """Judges the claims of one scenario."""
    import winset

    scenario = winset.read(arguments.file)
    with prepared(screen), screen.progress("Solving") as step:
        found = winset.claims(
            scenario,
            arguments.claims,
            kind=arguments.kind,
            variant=arguments.variant,
            cache=not arguments.no_cache,
            progress=step,
        )
    if arguments.json:
        screen.json(list(found))
    else:
        for line in found.lines(screen.width, screen.paint):
            screen.print(line)
    return CLAIM_FAILS if any(claim["verdict"] == "fails" for claim in found) else 0
