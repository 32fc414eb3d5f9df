"""`winset solve`: the size, the solution, the certificate; game files are `solve_game`'s."""

from __future__ import annotations

import argparse
import dataclasses
import re
import time
from typing import Any

from winset.base import words
from winset.face.cli import solve_game
from winset.face.cli.errs import errs
from winset.face.cli.kernels import prepared
from winset.face.cli.screen import Screen, table

NAME = "solve"
SUMMARY = "solve a scenario or a game file; print the certificate"
ABOUT = """\
Compiles and solves the scenario and certifies the solution. Prints how large
the game is, how it was solved, and the figures of the certificate, each with
what it tests.

A game file (.efg, .nfg) is solved by the method that fits it: backward
induction, a linear programme, all equilibria in fractions, or the logit path.
Prints the method, why it was taken and why not the others, the equilibria and
the certificate."""
EXAMPLES = """\
examples:
  winset solve talks.yaml           prints size, solution and certificate
  winset solve talks.yaml --size    prints the size only, solves nothing
  winset solve talks.yaml --json    the same as data
  winset solve kuhn.efg             the equilibrium of a game file, and why so
  winset solve game.efg --lambda 2  its agent logit equilibrium at λ = 2
  winset solve game.nfg --path path.csv --plot path.svg
                                    the logit path from λ = 0 to its limit
  winset solve beer-quiche --as-tree --method all-equilibria
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares what the verb takes."""
    parser.add_argument("file", metavar="NAME|FILE", help="a name of `winset list`, a scenario file, or a game file")
    parser.add_argument("--size", action="store_true", help="report the size and stop")
    parser.add_argument("--variant", metavar="NAME", default="", help="solve this variant")
    parser.add_argument("--json", action="store_true", help="print JSON")
    solve_game.add_arguments(parser)


def run(arguments: argparse.Namespace, screen: Screen) -> int:
    """Solves one scenario."""
    import winset

    if solve_game.asked(arguments):
        return solve_game.run(arguments, screen)
    solve_game.refuse(arguments)
    scenario = winset.read(arguments.file)
    game = winset.compile_game(scenario, variant=arguments.variant)
    grid = winset.BeliefGrid(game.type_counts, scenario.settings.grid, scenario.settings.span)
    if errs(scenario, arguments.variant):
        screen.say(f"`{arguments.variant}` is solved as if nobody erred; `ask` and `brief` play it with the error")
    found = {"size": _data(winset.measure(game, grid))}
    if not arguments.size:
        with prepared(screen):
            found |= _solved(game, grid, screen)
    if arguments.json:
        screen.json(found)
        return 0
    for part, data in found.items():
        screen.print(part.capitalize())
        if "lines" in data:
            for line in data["lines"]:
                screen.wrap(line, indent="  ", hang="    ")
        else:
            _rows(screen, data)
    return 0


def _solved(game: Any, grid: Any, screen: Screen) -> dict[str, dict[str, Any]]:
    """Solves and certifies: the facts of the solution, and the certificate's lines and figures."""
    import winset

    began = time.perf_counter()
    with screen.progress("Solving") as step:
        solution = winset.solve(game, grid=grid, progress=step)
    told = {
        "status": solution.status,
        "advice": solution.advice,
        "equilibrium": solution.origin,
        "sweeps": solution.sweeps,
        "seconds": round(time.perf_counter() - began, 2),
    }
    certificate = winset.certify(solution)
    first, *rest = certificate.lines()
    lines = [_verdict(certificate, first), *rest]
    return {"solution": told, "certificate": {"lines": lines, "figures": _data(certificate)}}


def _verdict(certificate: Any, line: str) -> str:
    """The certificate's first line in the words of `ask` and `brief`."""
    told = words.passing(
        {"holds": True, "fails": False}.get(certificate.verdict), measured=certificate.grid_error is not None
    )
    if certificate.verdict == "cannot tell" and certificate.grid_error is None:
        told += ": `winset brief` measures it on the answers"
    return re.sub(r"^verdict: (holds|fails|cannot tell)", f"verdict: {told}", line)


def _data(thing: Any) -> dict[str, Any]:
    if hasattr(thing, "as_dict"):
        return dict(thing.as_dict())
    return dataclasses.asdict(thing)


def _rows(screen: Screen, data: dict[str, Any]) -> None:
    rows = [(key.replace("_", " "), _shown(value)) for key, value in data.items()]
    for line in table([row for row in rows if row[1]]):
        screen.print("  " + line)


def _shown(value: Any) -> str:
    """A count, a text, or pairs of a move and its cells."""
    if isinstance(value, (tuple, list)):
        return ", ".join(f"{name} {_shown(count)}" for name, count in value if count)
    return f"{value:,}" if isinstance(value, int) else str(value)
