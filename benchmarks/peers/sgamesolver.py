"""Stationary logit equilibria of random stochastic games: winset against sgamesolver, growing until it gives up.

    python benchmarks/peers/sgamesolver.py [--limit SECONDS] [--python INTERPRETER_WITH_SGAMESOLVER] [--write PAGE]

sgamesolver needs an interpreter of its own (numpy below 2, built with Cython; see docs/explain/peers.md); it runs its
compiled QRE homotopy. Both get the same game (its `random_game` with the seed given: payoffs uniform on [0, 1], two
players, dense transitions, δ = 0.95) and follow the same path from λ = 0: first to λ = 10, then until sgamesolver calls
it converged. winset's path is followed to the very λ where sgamesolver stopped, so that strategies can be compared, and
on its own to the limit, a stationary Nash equilibrium that is certified.

Times are processor seconds with one thread of linear algebra for both, each of sgamesolver's runs in a process of its
own; what counts is `solver.start()` alone, without building the game. winset's time is the median of three whole calls.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import signal
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

THREADS = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")
os.environ.update(THREADS)

import numpy as np  # noqa: E402

from winset.certify.markov import certify_markov  # noqa: E402
from winset.game.markov_random import random_markov_game  # noqa: E402
from winset.solve.markov.logit import solve_markov  # noqa: E402

GAMES = [(states, actions) for actions in (2, 3) for states in (2, 5, 10, 20, 50, 100, 200)]
SEED = 1
NEAR = 10.0

CHILD = """
import json, resource, sys, time
import numpy as np
import sgamesolver
from sgamesolver.homotopy import QRE
states, actions, seed, lam = int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4])
resource.setrlimit(resource.RLIMIT_CPU, (int(float(sys.argv[5])), resource.RLIM_INFINITY))
game = sgamesolver.SGame.random_game(states, 2, actions, delta=0.95, seed=seed)
homotopy = QRE(game, implementation="cython")
homotopy.solver_setup(target_lambda=lam)
homotopy.solver.verbose = 0
began, wall = time.process_time(), time.perf_counter()
homotopy.solver.start()
seconds, wall = time.process_time() - began, time.perf_counter() - wall
done = homotopy.equilibrium is not None
print(json.dumps({
    "seconds": seconds, "wall": wall, "done": done, "lambda": float(homotopy.solver.t), "steps": homotopy.solver.step,
    "sigma": np.nan_to_num(homotopy.equilibrium.strategies).tolist() if done else [],
    "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))
"""

ALONE = """
import resource, sys
from winset.game.markov_random import random_markov_game
from winset.solve.markov.logit import solve_markov
solve_markov(random_markov_game(int(sys.argv[3]), states=int(sys.argv[1]), actions=int(sys.argv[2])))
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""


def sgamesolver(python: str, states: int, actions: int, lam: float, limit: float) -> dict[str, Any] | str:
    """Its answer and what it took, or why there is none."""
    command = [python, "-c", CHILD, str(states), str(actions), str(SEED), repr(lam), str(limit)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode == -signal.SIGXCPU:
        return f"gave up after {limit:.0f} s"
    if done.returncode:
        return (done.stderr.strip().splitlines() or [f"ended with {done.returncode}"])[-1]
    found = dict(json.loads(done.stdout.splitlines()[-1]))
    return found if found["done"] else f"its continuation failed at λ = {found['lambda']:.4g}"


def ours(states: int, actions: int, lam: float | None) -> tuple[float, Any]:
    """Processor seconds, the median of three calls, and the solution."""
    game, times = random_markov_game(SEED, states=states, actions=actions), []
    for _ in range(3):
        began = time.process_time()
        found = solve_markov(game, precision=lam)
        times.append(time.process_time() - began)
        if times[-1] > 20.0:
            break
    return statistics.median(times), found


def memory(states: int, actions: int) -> float:
    """Megabytes at most of a process that solves one game to its limit."""
    command = [sys.executable, "-c", ALONE, str(states), str(actions), str(SEED)]
    return float(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def differ(found: Any, theirs: dict[str, Any]) -> float:
    """The largest difference of a probability."""
    return float(np.max(np.abs(found.profile - np.array(theirs["sigma"]).transpose(1, 0, 2))))


Row = dict[str, str]


def alone(states: int, actions: int) -> Row:
    """What winset does without the other: to the limit, with its certificate."""
    seconds, found = ours(states, actions, None)
    seen = certify_markov(found.game, found.profile, precision=found.precision)
    return {"states": f"{states}", "actions": f"{actions}", "folds": f"{len(found.path.folds)}",
            "limit s": f"{seconds:.3f}" + ("" if found.status == "solved" else f" ({found.status})"),
            "gain": f"{seen.full_gain.max():.0e}", "MB": f"{memory(states, actions):.0f}"}  # fmt: skip


def both(python: str, states: int, actions: int, lam: float, limit: float) -> Row:
    """The comparison at one λ, or where the other converges."""
    theirs = sgamesolver(python, states, actions, lam, limit)
    key = "near" if lam == NEAR else "far"
    if isinstance(theirs, str):
        return {f"{key} theirs": theirs} | ({"near s": f"{ours(states, actions, lam)[0]:.3f}"} if lam == NEAR else {})
    took, found = ours(states, actions, theirs["lambda"])
    return {
        f"{key} λ": f"{theirs['lambda']:,.0f}",
        f"{key} s": f"{took:.3f}",
        f"{key} theirs": f"{theirs['seconds']:.2f}",
        f"{key} times": f"{theirs['seconds'] / took:,.0f}",
        f"{key} differ": f"{differ(found, theirs):.0e}",
        "MB theirs": f"{theirs['megabytes']:.0f}",
    }


def compare(python: str, limit: float, page: Path | None, version: str) -> None:
    """Alone, then both at λ = 10, then to where sgamesolver converges; each figure is printed as it comes."""
    rows: dict[tuple[int, int], Row] = {}
    for game in GAMES:
        rows[game] = alone(*game)
        print(rows[game], flush=True)
    for lam in (NEAR, float("inf")):
        for game in sorted(GAMES):
            found = both(python, *game, lam, limit)
            print(f"{game}: {found}", flush=True)
            rows[game] |= found
            if page:
                write(page, list(rows.values()), version, limit)


TABLES = {
    "To λ = 10:": {
        "states": "states", "actions": "actions", "near s": "winset s", "near theirs": "sgamesolver s",
        "near times": "times", "near differ": "differ", "MB": "winset MB", "MB theirs": "sgamesolver MB",
    },
    "To where sgamesolver converges, and what winset takes to its own limit:": {
        "states": "states", "actions": "actions", "far λ": "λ", "far s": "winset s", "far theirs": "sgamesolver s",
        "far times": "times", "far differ": "differ", "folds": "folds to the limit", "limit s": "winset s to the limit",
        "gain": "certified gain there",
    },
}  # fmt: skip
BEGIN, END = "<!-- sgamesolver: begin, made by benchmarks/peers/sgamesolver.py -->", "<!-- sgamesolver: end -->"


def write(page: Path, rows: list[Row], version: str, limit: float) -> None:
    """Puts the table between the markers of a page."""
    text = page.read_text(encoding="utf-8")
    about = (
        f"{version}, winset with numpy {np.__version__}; at most {limit:,.0f} processor seconds a run of sgamesolver."
    )
    parts = [BEGIN, about]
    for title, columns in TABLES.items():
        lines = [list(columns.values()), ["---:"] * len(columns)]
        lines += [[row.get(key, "") for key in columns] for row in rows]
        parts += [title, "\n".join(f"| {' | '.join(cells)} |" for cells in lines)]
    made = "\n\n".join([*parts, END])
    page.write_text(
        re.sub(f"{re.escape(BEGIN)}.*?{re.escape(END)}", lambda _: made, text, flags=re.S), encoding="utf-8"
    )


def main() -> None:
    """Runs the comparison."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--limit", type=float, default=600.0, help="processor seconds for each of its runs")
    parser.add_argument("--python", default=sys.executable, help="an interpreter that has sgamesolver")
    parser.add_argument("--most", type=int, default=10**9, help="leave out games with more states")
    parser.add_argument("--write", type=Path, help="put the table into this page, between its markers")
    arguments = parser.parse_args()
    asked = (
        "import numpy, sgamesolver, importlib.metadata as m; "
        "print('sgamesolver', m.version('sgamesolver'), 'with numpy', numpy.__version__)"
    )
    has = subprocess.run([arguments.python, "-c", asked], capture_output=True, text=True, check=False)
    if has.returncode:
        print("sgamesolver is not installed there: nothing to compare with")
        return
    GAMES[:] = [game for game in GAMES if game[0] <= arguments.most]
    print(f"{has.stdout.strip()}; winset with numpy {np.__version__}", flush=True)
    compare(arguments.python, arguments.limit, arguments.write, has.stdout.strip())


if __name__ == "__main__":
    main()
