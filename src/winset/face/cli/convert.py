"""`winset convert`: a scenario as a game tree in a file that other programs read."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from winset.base.diagnostics import Diagnostic, Where
from winset.base.errors import ScenarioError
from winset.base.words import listing, plural
from winset.face.cli.errs import errs
from winset.face.cli.screen import Screen
from winset.face.cli.solve_game import GAMES

NAME = "convert"
SUMMARY = "write a scenario as a game tree (.efg) that Gambit and others read"
ABOUT = """\
Writes a finite scenario as a game tree in Gambit's format: types become a first
move of chance, moves made at once information sets, hidden actions signals.
Payoffs are discounted to the start. The size is counted before a tree is made.
A game file (.efg, .nfg) is written anew in the one form that winset writes."""
EXAMPLES = """\
examples:
  winset convert beer-quiche --to game.efg   writes the tree of a scenario
  winset convert talks.yaml --variant weak --to weak.efg
  winset convert talks.yaml --to talks.efg --limit 5000000
  winset convert other.efg --to tidy.efg     checks and tidies a game file
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares what the verb takes."""
    parser.add_argument("file", metavar="NAME|FILE", help="a name of `winset list`, a scenario file or a game file")
    parser.add_argument("--to", metavar="FILE", required=True, help="the file to write: .efg, or .nfg for a table")
    parser.add_argument("--variant", metavar="NAME", default="", help="convert this variant")
    parser.add_argument("--limit", metavar="N", type=int, default=2_000_000, help="most nodes to make (2000000)")
    parser.add_argument("--json", action="store_true", help="print what was written as JSON")


def run(arguments: argparse.Namespace, screen: Screen) -> int:
    """Converts one scenario, or one game file."""
    import winset

    target = Path(arguments.to)
    if target.suffix.lower() not in GAMES:
        raise ScenarioError([Diagnostic(
            code="X120", message=f"winset writes .efg and .nfg, not {target.suffix or 'a file without ending'}",
            where=Where(arguments.to), why="other programs go by the ending", fix="let the name end in .efg",
        )])  # fmt: skip
    notes: list[str] = []
    game: Any
    if Path(arguments.file).suffix.lower() in GAMES:
        game = winset.read_game(Path(arguments.file))
    else:
        scenario = winset.read(arguments.file)
        found = winset.unfold(winset.compile_game(scenario, variant=arguments.variant), limit_nodes=arguments.limit)
        game, notes = found.tree, _notes(found)
        if errs(scenario, arguments.variant):
            notes.insert(0, f"`{arguments.variant}` is written as if nobody erred: a tree holds the true "
                            "game alone. `ask` and `brief` play it with the error.")  # fmt: skip
    path = winset.write_game(game, target)
    if arguments.json:
        screen.json({"file": str(path), "notes": notes} | _facts(game))
        return 0
    facts = _facts(game)
    if "nodes" in facts:
        screen.print(f"{path}: {plural(facts['nodes'], 'node')}, {plural(facts['sets'], 'information set')}, "
                     f"players {listing(facts['players'])}")  # fmt: skip
    else:
        screen.print(f"{path}: a table of {' × '.join(map(str, facts['shape']))} strategies")
    for note in notes:
        screen.wrap(note)
    return 0


def _facts(game: Any) -> dict[str, Any]:
    if hasattr(game, "nodes"):
        return {"nodes": game.nodes, "sets": game.sets, "players": list(game.players)}
    return {"shape": list(game.shape), "players": list(game.players)}


def _notes(found: Any) -> list[str]:
    """What a reader of the file has to know about it."""
    notes = []
    if any(number for _, number in found.owner):
        notes.append("A player that does not care about later rounds is a player of its own in every round.")
    if found.discounted:
        notes.append("Payoffs are discounted to the start: at later sets the λ of a logit choice is that of the "
                     "scenario divided by the discount up to there.")  # fmt: skip
    return notes
