"""`winset solve`: the size, the solution, the certificate."""

from __future__ import annotations

import argparse
import dataclasses
import time
from typing import Any

from winset.face.cli.kernels import prepare
from winset.face.cli.screen import Screen, table

NAME = "solve"
SUMMARY = "solve a scenario; print its size, status and certificate"
ABOUT = """\
Compiles and solves the scenario and certifies the solution. Prints how large
the game is, how it was solved, and the figures of the certificate, each with
what it tests."""
EXAMPLES = """\
examples:
  winset solve talks.yaml           prints size, solution and certificate
  winset solve talks.yaml --size    prints the size only, solves nothing
  winset solve talks.yaml --json    the same as data
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares what the verb takes."""
    parser.add_argument("file", metavar="NAME|FILE", help="a name of `winset list`, or a scenario file")
    parser.add_argument("--size", action="store_true", help="report the size and stop")
    parser.add_argument("--variant", metavar="NAME", default="", help="solve this variant")
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(arguments: argparse.Namespace, screen: Screen) -> int:
    """Solves one scenario."""
    import winset

    scenario = winset.read(arguments.file)
    prepare(screen)
    game = winset.compile_game(scenario, variant=arguments.variant)
    grid = winset.BeliefGrid(game.type_counts, scenario.settings.grid, scenario.settings.span)
    size = _data(winset.measure(game, grid))
    if not arguments.json:
        screen.print("Size")
        _rows(screen, size)
    if arguments.size:
        if arguments.json:
            screen.json({"size": size})
        return 0
    began = time.perf_counter()
    with screen.progress("Solving") as step:
        solution = winset.solve(game, grid=grid, progress=step)
    seconds = time.perf_counter() - began
    with screen.progress("Certifying"):
        certificate = winset.certify(solution)
    told = {
        "status": solution.status,
        "advice": solution.advice,
        "equilibrium": solution.origin,
        "sweeps": solution.sweeps,
        "seconds": round(seconds, 2),
    }
    if arguments.json:
        screen.json({"size": size, "solution": told, "certificate": _data(certificate)})
        return 0
    screen.print("Solution")
    _rows(screen, told)
    screen.print("Certificate")
    for line in certificate.lines():
        screen.wrap(line, indent="  ", hang="    ")
    return 0


def _data(thing: Any) -> dict[str, Any]:
    if hasattr(thing, "as_dict"):
        return dict(thing.as_dict())
    return dataclasses.asdict(thing)


def _rows(screen: Screen, data: dict[str, Any]) -> None:
    rows = [
        (key.replace("_", " "), f"{value:,}" if isinstance(value, int) else str(value)) for key, value in data.items()
    ]
    for line in table([row for row in rows if row[1]]):
        screen.print("  " + line)
