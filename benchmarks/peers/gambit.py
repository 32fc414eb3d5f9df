"""Agent logit equilibria: winset against Gambit's tracing, on trees that grow until Gambit passes a time limit.

    python benchmarks/peers/gambit.py [--limit SECONDS] [--python INTERPRETER_WITH_PYGAMBIT] [--precision LAMBDA]
                                      [--short] [--write]

Both get the same .efg file and the same λ and return the point of the principal branch at it. Each of Gambit's runs is
a process of its own; what counts is `logit_solve_lambda` alone, without reading the file. winset's time is the median
of five calls of `solve_logit` after one that loads the kernels. Seconds are those of the processor, which other work on
the machine does not lengthen; both work on one thread. Then winset alone, on a tree of about a million nodes, with its
certificate (left out with --short). --write puts the table into docs/explain/peers.md.
"""

from __future__ import annotations

import argparse
import json
import signal
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

sys.path.insert(0, str(Path(__file__).resolve().parent))
from page import machine, markdown, most_memory, write_section

HERE = str(Path(__file__).resolve().parent)
SIZES = ((2, 3), (3, 3), (2, 4), (3, 4), (2, 5), (3, 5), (2, 6), (3, 6), (2, 7), (3, 7), (2, 8), (2, 9))
"""(types of a side, rounds) of talks with two actions; see `random_talks`."""
LARGE = {"types": 11, "actions": 3, "rounds": 8}

CHILD = """
import json, resource, sys, time
sys.path.insert(0, sys.argv[4])
import pygambit
from page import most_memory
game = pygambit.read_efg(sys.argv[1])
most = int(sys.argv[3]) + int(time.process_time()) + 1
resource.setrlimit(resource.RLIMIT_CPU, (most, most + 1))
began = time.process_time()
point = pygambit.qre.logit_solve_lambda(game, lam=[float(sys.argv[2])])[0]
seconds = time.process_time() - began
place = {a: i for i, a in enumerate(a for p in game.players for s in p.infosets for a in s.actions)}
rows, todo = [], [game.root]
for node in todo:
    if not node.is_terminal:
        rows.append([float(point[place[a]]) if a in place else None for a in node.infoset.actions])
    todo.extend(node.children)
print(json.dumps({"seconds": seconds, "lambda": point.lam, "rows": rows,
                  "megabytes": most_memory()}))
"""


def gambit(python: str, tree: Tree, lam: float, limit: float) -> dict[str, Any] | str:
    """Gambit's answer and what it took, or why there is none."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "game.efg"
        file.write_text(efg_text(tree), encoding="utf-8")
        try:
            done = subprocess.run(
                [python, "-c", CHILD, str(file), repr(lam), str(int(limit)), HERE],
                capture_output=True,
                text=True,
                check=False,
                timeout=60 * limit,
            )
        except subprocess.TimeoutExpired:
            return f"gave up after {limit:.0f} s"
    if done.returncode == -signal.SIGXCPU:
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
        began = time.process_time()
        solve_logit(tree, precision=lam)
        times.append(time.process_time() - began)
    return statistics.median(times), found


def compare(python: str, lam: float, limit: float) -> list[dict[str, Any]]:
    """One row for each tree that Gambit finishes, and one for the first that it does not."""
    rows: list[dict[str, Any]] = []
    for types, rounds in SIZES:
        tree = random_talks(1, types=types, actions=2, rounds=rounds)
        seconds, found = ours(tree, lam)
        theirs = gambit(python, tree, lam, limit)
        row = {"nodes": tree.nodes, "actions": int(np.sum(~tree.is_chance)), "folds": found.facts["folds"],
               "winset": seconds, "gambit": theirs}  # fmt: skip
        if not isinstance(theirs, str):
            row |= {"apart": differ(tree, found.profile, theirs["rows"])}
        rows.append(row)
        print(" ".join(line(row)), flush=True)
        if isinstance(theirs, str):
            break
    return rows


def line(row: dict[str, Any]) -> list[str]:
    """A row of the table."""
    cells = [f"{row['nodes']:,}", f"{row['actions']:,}", str(row["folds"]), f"{row['winset']:.3g}"]
    theirs = row["gambit"]
    if isinstance(theirs, str):
        return [*cells, theirs, "—", "—", "—"]
    return [*cells, f"{theirs['seconds']:.3g}", f"{theirs['seconds'] / row['winset']:,.0f}", f"{row['apart']:.0e}",
            f"{theirs['megabytes']:.0f}"]  # fmt: skip


def large(lam: float) -> str:
    """About a million nodes, alone."""
    tree = random_talks(1, **LARGE)
    began = time.process_time()
    found = solve_logit(tree, precision=lam)
    seconds = time.process_time() - began
    certificate = certify_tree(tree, found.profile, precision=lam)
    memory = most_memory()
    return (f"winset alone: {tree.nodes:,} nodes, {tree.sets:,} information sets, {tree.actions:,} actions, "
            f"λ = {lam:g}: {seconds:.1f} s, {found.facts['steps']} steps, {found.facts['folds']} folds, certified "
            f"residual {certificate.residual:.1e}, {memory:.0f} MB at most.")  # fmt: skip


def section(rows: list[dict[str, Any]], version: str, lam: float, limit: float, alone: str) -> str:
    """The section of the page."""
    heads = ["nodes", "actions", "folds", "winset, s", "Gambit, s", "times", "probabilities differ", "Gambit, MB"]
    parts = (
        f"Written by `python benchmarks/peers/gambit.py --write`: the agent logit equilibrium at λ = {lam:g} on the "
        f"principal branch, by Gambit {version} (`logit_solve_lambda`) and by winset's `solve_logit`, on random talks "
        "between two sides with private types, payoffs between 0 and 1. Seconds of the processor; the trees grow until "
        f"Gambit takes more than {limit:.0f}.",
        markdown(heads, [line(row) for row in rows]),
        alone,
        machine(),
    )
    return "\n\n".join(part for part in parts if part)


def main() -> None:
    """Runs the comparison."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--limit", type=float, default=600.0, help="seconds that Gambit may take for one tree")
    parser.add_argument("--python", default=sys.executable, help="an interpreter that has pygambit")
    parser.add_argument("--precision", type=float, default=20.0, help="λ; payoffs are between 0 and 1")
    parser.add_argument("--short", action="store_true", help="leave out the tree of a million nodes")
    parser.add_argument("--write", action="store_true", help="write the section of docs/explain/peers.md")
    arguments = parser.parse_args()
    ask = "import pygambit; print(pygambit.__version__)"
    has = subprocess.run([arguments.python, "-c", ask], capture_output=True, text=True, check=False)
    rows, version = [], has.stdout.strip()
    if has.returncode:
        print("pygambit is not installed there: winset alone")
    else:
        print(f"Gambit {version}, λ = {arguments.precision:g}, at most {arguments.limit:.0f} s a tree")
        rows = compare(arguments.python, arguments.precision, arguments.limit)
    alone = "" if arguments.short else large(arguments.precision)
    print(alone)
    if arguments.write and rows:
        write_section("Gambit", section(rows, version, arguments.precision, arguments.limit, alone))


if __name__ == "__main__":
    main()
