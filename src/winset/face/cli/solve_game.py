"""`winset solve` of a game file: the method and why, the equilibria, the certificate, the logit path as a file."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import Any

from winset.base.diagnostics import Diagnostic, Where
from winset.base.errors import ScenarioError
from winset.base.words import listing, plural
from winset.face.cli.errs import errs
from winset.face.cli.kernels import prepared
from winset.face.cli.screen import Screen, table, visible, write

GAMES = (".efg", ".nfg")
MOST_SETS, MOST_LISTED, MOST_FULL = 24, 20, 3
"""Information sets of one equilibrium, equilibria in a list, and equilibria whose strategies are shown."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares what a game file may be asked for."""
    group = parser.add_argument_group("game files and trees")
    group.add_argument("--as-tree", action="store_true", help="solve the game tree of a scenario like a game file")
    group.add_argument("--method", metavar="NAME", default="",
                       help="backward, zero-sum, regret, all-equilibria, logit or logit-by-subgame")  # fmt: skip
    group.add_argument("--lambda", "--precision", dest="precision", metavar="X", type=float,
                       help="the agent logit equilibrium at this λ")  # fmt: skip
    group.add_argument("--path", metavar="FILE", default="", help="write the logit path as CSV: λ, then probabilities")
    group.add_argument("--plot", metavar="FILE", default="", help="draw the logit path: .svg or .html")


def asked(arguments: argparse.Namespace) -> bool:
    """Whether a game file is meant, or the tree of a scenario."""
    return arguments.as_tree or Path(arguments.file).suffix.lower() in GAMES


def refuse(arguments: argparse.Namespace) -> None:
    """Refuses what only game files can be asked for.

    Raises:
        ScenarioError: something of that kind was asked of a scenario.
    """
    for name in ("method", "path", "plot"):
        if getattr(arguments, name):
            raise _wrong(f"`--{name}` is for game files and trees", "add `--as-tree`, or leave it out")
    if arguments.precision is not None:
        raise _wrong("`--lambda` is for game files and trees", "a scenario states the precision of its players; "
                     "add `--as-tree` for one λ of them all")  # fmt: skip


def run(arguments: argparse.Namespace, screen: Screen) -> int:
    """Solves one game file, or the tree of one scenario."""
    import winset

    targets = [Path(name) for name in (arguments.path, arguments.plot) if name]
    if arguments.plot and Path(arguments.plot).suffix.lower() not in (".svg", ".html", ".htm"):
        raise _wrong("the picture of a path is an .svg or an .html file", "let the name end in .svg", arguments.plot)
    game, notes = _game(arguments)
    if arguments.size:
        return _size(game, screen, as_json=arguments.json)
    choice = winset.choose_method(game, method=arguments.method, precision=arguments.precision, path=bool(targets))
    with prepared(screen, "trees", needed=choice.method.compiled), screen.progress("Solving") as step:
        found = winset.solve_game(
            game, method=arguments.method, precision=arguments.precision, path=bool(targets), progress=step
        )
    for target, text in zip(targets, _files(arguments, found), strict=True):
        write(target, text)
    if arguments.json:
        screen.json(_data(found) | {"notes": notes, "files": [str(t) for t in targets]})
        return 0
    _print(found, notes, screen)
    path: Any = found.path
    for target in targets:
        points = plural(len(path.precision), "point")
        screen.wrap(f"{target}: the logit path, {points} from λ = 0 to {path.precision[-1]:.6g}")
    return 0


def _many(count: int, noun: str) -> str:
    return plural(count, noun).replace(str(count), f"{count:,}", 1)


def _wrong(message: str, fix: str, file: str = "") -> ScenarioError:
    return ScenarioError([Diagnostic(code="X415", message=message, where=Where(file), fix=fix,
                                     why="each method answers one question about one kind of game")])  # fmt: skip


def _game(arguments: argparse.Namespace) -> tuple[Any, list[str]]:
    """What is to be solved, and what a reader has to know about it."""
    import winset

    if Path(arguments.file).suffix.lower() in GAMES:
        return winset.read_game(Path(arguments.file)), []
    scenario = winset.read(arguments.file)
    unfolded = winset.unfold(winset.compile_game(scenario, variant=arguments.variant))
    notes = ["The tree of the scenario, its players without the precision that the scenario gives them."]
    if errs(scenario, arguments.variant):
        notes.append(f"`{arguments.variant}` is solved as if nobody erred about the game.")
    return unfolded.tree, notes


def _size(game: Any, screen: Screen, *, as_json: bool) -> int:
    facts: dict[str, Any] = {"players": list(game.players)}
    if hasattr(game, "nodes"):
        facts |= {"nodes": game.nodes, "information sets": game.sets, "actions": game.actions, "levels": game.depth}
    else:
        facts |= {"strategies": list(game.shape)}
    if as_json:
        screen.json({"size": facts})
        return 0
    screen.print("Size")
    for line in table([(k, ", ".join(map(str, v)) if isinstance(v, list) else f"{v:,}") for k, v in facts.items()]):
        screen.print("  " + line)
    return 0


def _files(arguments: argparse.Namespace, found: Any) -> Iterator[str]:
    if arguments.path:
        yield found.path.csv()
    if arguments.plot:
        from winset.face.html.lambda_path import path_svg

        path = found.path
        lines = [(name, path.probability[:, k].tolist()) for k, name in enumerate(path.names())]
        limit = None if path.limit is None else path.limit[path.kept].tolist()
        title = found.tree.title or "a game without a title"
        svg = path_svg(title, path.precision.tolist(), lines, folds=path.folds.tolist(), limit=limit)
        if Path(arguments.plot).suffix.lower() != ".svg":
            head = '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="color-scheme" '
            svg = f'{head}content="light dark"><title>{escape(title)}</title></head><body>{svg}</body></html>\n'
        yield svg


def _print(found: Any, notes: list[str], screen: Screen) -> None:
    """The whole report."""
    tree = found.tree
    kind = f"{_many(tree.nodes, 'node')}, {_many(tree.sets, 'information set')}"
    if found.game is not tree:
        kind = " × ".join(map(str, found.game.shape)) + " strategies"
    screen.wrap(visible(f"{tree.title or 'A game without a title'}: {kind}"), hang="  ")
    for note in notes:
        screen.wrap(note, indent="  ", hang="    ")
    screen.print("Method")
    screen.wrap(f"{found.name}: {found.why}", indent="  ", hang="    ")
    for why in dict.fromkeys(why for _, why in found.others):
        keys = listing([key for key, reason in found.others if reason == why]).replace(" and ", " or ")
        screen.wrap(f"not {keys}: {visible(why)}", indent="  ", hang="    ")
    if found.every is None:
        screen.print(f"Equilibrium ({found.origin})")
        _strategies(found, found.equilibria[0], screen, values=True)
    else:
        _all(found, screen)
    _certificate(found, screen)


def _all(found: Any, screen: Screen) -> None:
    """All equilibria: a list of what they are worth, then the strategies of the first."""
    count, parts = len(found.equilibria), len(found.every.components)
    noun = "equilibrium" if count == 1 else "equilibria"
    screen.print("Equilibria")
    told = f"{count} {noun} in all; there is no other"
    if not found.every.finite:
        told = f"{count} extreme {noun} in {plural(parts, 'component')}; {found.advice}"
    screen.wrap(told, indent="  ", hang="    ")
    rows = [("", *(found.tree.player_name(i) for i in range(1, len(found.tree.players) + 1)))]
    rows += [(str(k), *found.values(e)) for k, e in enumerate(found.equilibria[:MOST_LISTED], 1)]
    for line in table([[visible(c) for c in row] for row in rows], gap="   "):
        screen.print(f"  {line}"[: screen.width])
    if count > MOST_LISTED:
        screen.print(f"  and {count - MOST_LISTED:,} more; `--json` has them all")
    for k, each in enumerate(found.equilibria[:MOST_FULL], 1):
        screen.print(f"Equilibrium {k}")
        _strategies(found, each, screen, values=False)
    if count > MOST_FULL:
        screen.print(f"The strategies of {count - MOST_FULL:,} more: `--json`")


def _strategies(found: Any, each: Any, screen: Screen, *, values: bool) -> None:
    """What everybody does at each information set, player by player, as far as it is worth a look."""
    tree, shown = found.tree, 0
    expects = found.values(each)
    chosen = found.choices(each, most=MOST_SETS)
    for i in range(1, len(tree.players) + 1):
        told = f"  {visible(tree.player_name(i))}" + (f" expects {expects[i - 1]}" if values else "")
        own = chosen.get(i, [])
        shown += len(own)
        if len(own) == 1 and not own[0][0]:  # a table: one choice, without a name
            screen.wrap(f"{told}: " + ", ".join(map(visible, own[0][1])), hang=" " * 6)
            continue
        screen.wrap(told + ("" if own else " (has no choice)"), hang=" " * 6)
        for name, words, never in own:
            said = ", ".join(map(visible, words)) + ("  (never reached)" if never else "")
            screen.wrap(f"    {visible(name)}: {said}", hang=" " * 8)
    left = len(found.sets) - shown
    if left > 0:
        screen.print(f"  and {_many(left, 'information set')} more; `--json` has them all")


def _certificate(found: Any, screen: Screen) -> None:
    """The verdict and the figures behind it; of several equilibria the worst of each."""
    good = found.holds and found.status == "solved"
    screen.print("Certificate")
    for line in screen.wrapped(found.verdict(), indent="  ", hang="    "):
        screen.print(screen.paint(line, "good" if found.holds else "bad"))
    for line in table(found.figures()):
        screen.print("  " + line[: screen.width - 2])
    if not good and found.status != "solved":
        screen.wrap(f"{found.status}; {found.advice}".rstrip("; "), indent="  ! ", hang="    ")
    elif found.advice and found.every is None:
        screen.wrap(found.advice, indent="  ", hang="    ")


def _data(found: Any) -> dict[str, Any]:
    """Everything as data."""
    tree = found.tree
    return {
        "game": {"title": tree.title, "players": list(tree.players), "nodes": tree.nodes, "sets": tree.sets},
        "method": {"key": found.method, "name": found.name, "why": found.why,
                   "not_taken": [{"method": key, "why": why} for key, why in found.others]},
        "concept": found.concept, "lambda": found.precision, "status": found.status, "advice": found.advice,
        "equilibria": [found.as_dict(e) for e in found.equilibria],
        "certificate": {"holds": found.holds, "verdict": found.verdict(), "figures": dict(found.figures())},
        "facts": {key: value.item() if hasattr(value, "item") else value for key, value in found.facts.items()},
    }  # fmt: skip
