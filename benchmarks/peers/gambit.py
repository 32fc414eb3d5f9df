"""Agent logit equilibria: winset against Gambit's tracing, on trees that grow until Gambit passes a time limit.

    python benchmarks/peers/gambit.py [--limit SECONDS] [--python INTERPRETER_WITH_PYGAMBIT] [--precision LAMBDA]

Both get the same .efg file and the same λ and return the point of the principal branch at it. Each of Gambit's runs is
a process of its own; what counts is the time of `logit_solve_lambda` alone, without reading the file. winset's
time is the median of five calls of `solve_logit` after one that loads the kernels. Then winset alone, on a tree of
about a million nodes, with its certificate (left out with --short).
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

from winset.certify.extensive import certify_tree
from winset.solve.extensive.logit import solve_logit
from winset.tree.efg_write import efg_text
from winset.tree.random_trees import random_talks
from winset.tree.tree import Tree

SIZES = ((2, 3), (3, 3), (2, 4), (3, 4), (2, 5), (3, 5), (2, 6), (3, 6), (2, 7), (3, 7), (2, 8), (2, 9))
"""(types of a side, rounds) of talks with two actions; see `random_talks`."""
LARGE = {"types": 10, "actions": 3, "rounds": 8}

CHILD = """
import json, resource, sys, time
import pygambit
game = pygambit.read_efg(sys.argv[1])
began = time.perf_counter()
point = pygambit.qre.logit_solve_lambda(game, lam=[float(sys.argv[2])])[0]
seconds = time.perf_counter() - began
place = {a: i for i, a in enumerate(a for p in game.players for s in p.infosets for a in s.actions)}
rows, todo = [], [game.root]
for node in todo:
    if not node.is_terminal:
        rows.append([float(point[place[a]]) if a in place else None for a in node.infoset.actions])
    todo.extend(node.children)
print(json.dumps({"seconds": seconds, "lambda": point.lam, "rows": rows,
                  "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))
"""


def gambit(python: str, tree: Tree, lam: float, limit: float) -> dict[str, Any] | str:
    """Gambit's answer and what it took, or why there is none."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "game.efg"
        file.write_text(efg_text(tree), encoding="utf-8")
        try:
            done = subprocess.run(
                [python, "-c", CHILD, str(file), repr(lam)], capture_output=True, text=True, timeout=limit, check=False
            )
        except subprocess.TimeoutExpired:
            return f"gave up after {limit:.0f} s"
    if done.returncode:
        return (done.stderr.strip().splitlines() or [f"ended with {done.returncode}"])[-1]
    return dict(json.loads(done.stdout))


def differ(tree: Tree, profile: np.ndarray, rows: list[list[float | None]]) -> float:
    """The largest difference of a probability; Gambit's are listed for every node that moves, by depth."""
    worst = 0.0
    for n, row in zip(np.flatnonzero(tree.player >= 0), rows, strict=True):
        begin = int(tree.set_first[tree.infoset[n]])
        for k, theirs in enumerate(row):
            if theirs is not None:
                worst = max(worst, abs(theirs - float(profile[begin + k])))
    return worst


def ours(tree: Tree, lam: float) -> tuple[float, Any]:
    """Seconds, the median of five, and the solution."""
    found = solve_logit(tree, precision=lam)
    times = []
    for _ in range(5):
        began = time.perf_counter()
        solve_logit(tree, precision=lam)
        times.append(time.perf_counter() - began)
    return statistics.median(times), found


def compare(python: str, lam: float, limit: float) -> None:
    """The table of both."""
    print(f"{'nodes':>8} {'actions':>8} {'folds':>5} {'winset s':>9} {'Gambit s':>9} {'times':>8} {'differ':>8}  MB")
    for types, rounds in SIZES:
        tree = random_talks(1, types=types, actions=2, rounds=rounds)
        seconds, found = ours(tree, lam)
        theirs = gambit(python, tree, lam, limit)
        size = f"{tree.nodes:>8,} {int(np.sum(~tree.is_chance)):>8,} {found.facts['folds']:>5} {seconds:>9.4f}"
        if isinstance(theirs, str):
            print(f"{size}  Gambit: {theirs}", flush=True)
            return
        apart, times = differ(tree, found.profile, theirs["rows"]), theirs["seconds"] / seconds
        print(f"{size} {theirs['seconds']:>9.2f} {times:>8,.0f} {apart:>8.1e}  {theirs['megabytes']:.0f}", flush=True)


def large(lam: float) -> None:
    """About a million nodes, alone."""
    tree = random_talks(1, **LARGE)
    began = time.perf_counter()
    found = solve_logit(tree, precision=lam)
    seconds = time.perf_counter() - began
    certificate = certify_tree(tree, found.profile, precision=lam)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{tree.nodes:,} nodes, {tree.sets:,} information sets, {tree.actions:,} actions, λ = {lam:g}: "
          f"{seconds:.1f} s, {found.facts['steps']} steps, {found.facts['folds']} folds, certified residual "
          f"{certificate.residual:.1e}, {memory:.0f} MB at most")  # fmt: skip


def main() -> None:
    """Runs the comparison."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--limit", type=float, default=600.0, help="seconds that Gambit may take for one tree")
    parser.add_argument("--python", default=sys.executable, help="an interpreter that has pygambit")
    parser.add_argument("--precision", type=float, default=20.0, help="λ; payoffs are between 0 and 1")
    parser.add_argument("--short", action="store_true", help="leave out the tree of a million nodes")
    arguments = parser.parse_args()
    has = subprocess.run(
        [arguments.python, "-c", "import pygambit; print(pygambit.__version__)"], capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    if has.returncode:
        print("pygambit is not installed there: winset alone")
    else:
        print(f"Gambit {has.stdout.strip()}, λ = {arguments.precision:g}, at most {arguments.limit:.0f} s a tree")
        compare(arguments.python, arguments.precision, arguments.limit)
    if not arguments.short:
        large(arguments.precision)


if __name__ == "__main__":
    main()
