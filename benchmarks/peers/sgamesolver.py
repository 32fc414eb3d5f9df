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
import resource
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

THREADS = {name: "1" for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")}
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
    command = [python, "-c", CHILD, str(states), str(actions), str(SEED), repr(lam)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=limit, check=False, env=os.environ)
    except subprocess.TimeoutExpired:
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
    return float(subprocess.run(command, capture_output=True, text=True, check=True, env=os.environ).stdout)


def differ(found: Any, theirs: dict[str, Any]) -> float:
    """The largest difference of a probability."""
    return float(np.max(np.abs(found.profile - np.array(theirs["sigma"]).transpose(1, 0, 2))))


def compare(python: str, limit: float) -> list[str]:
    """The table: rows as Markdown, printed as they come."""
    rows, gone = [], set()
    for states, actions in GAMES:
        mine = random_markov_game(SEED, states=states, actions=actions)
        seconds, limiting = ours(states, actions, None)
        best = certify_markov(mine, limiting.profile, precision=np.inf)
        row = [f"{states}", f"{actions}", f"{len(limiting.path.folds)}"]
        for lam in (NEAR, float("inf")):
            theirs = "gave up on a smaller one" if actions in gone else sgamesolver(python, states, actions, lam, limit)
            if isinstance(theirs, str):
                row += [f"{ours(states, actions, NEAR)[0]:.3f}" if lam == NEAR else "", theirs, "", ""]
                gone.add(actions)
                continue
            took, found = ours(states, actions, theirs["lambda"])
            row += [f"{took:.3f}", f"{theirs['seconds']:.2f}", f"{theirs['seconds'] / took:,.0f}",
                    f"{differ(found, theirs):.0e}"]  # fmt: skip
            if lam != NEAR:
                row[-4:-4] = [f"{theirs['lambda']:,.0f}"]
                peak = f"{theirs['megabytes']:.0f}"
        row += [""] * (12 - len(row)) + [f"{seconds:.3f}", f"{best.full_gain.max():.0e}", f"{memory(states, actions):.0f}"]
        row += [peak if actions not in gone else ""]
        rows.append("| " + " | ".join(row) + " |")
        print(rows[-1], flush=True)
    return rows


HEAD = """\
| states | actions | folds | λ = 10: winset s | sgamesolver s | times | differ | converged at λ | winset s | \
sgamesolver s | times | differ | to the limit: winset s | certified gain | winset MB | sgamesolver MB |
|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|"""
BEGIN, END = "<!-- sgamesolver: begin, made by benchmarks/peers/sgamesolver.py -->", "<!-- sgamesolver: end -->"


def write(page: Path, rows: list[str], python: str, limit: float) -> None:
    """Puts the table between the markers of a page."""
    text = page.read_text(encoding="utf-8")
    about = f"At most {limit:,.0f} s a run of sgamesolver; {python}; one thread each, processor seconds."
    made = f"{BEGIN}\n\n{about}\n\n{HEAD}\n" + "\n".join(rows) + f"\n\n{END}"
    page.write_text(re.sub(f"{re.escape(BEGIN)}.*?{re.escape(END)}", lambda _: made, text, flags=re.S), encoding="utf-8")


def main() -> None:
    """Runs the comparison."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--limit", type=float, default=600.0, help="seconds that one run of sgamesolver may take")
    parser.add_argument("--python", default=sys.executable, help="an interpreter that has sgamesolver")
    parser.add_argument("--most", type=int, default=10**9, help="leave out games with more states")
    parser.add_argument("--write", type=Path, help="put the table into this page, between its markers")
    arguments = parser.parse_args()
    asked = "import numpy, sgamesolver, importlib.metadata as m; print('sgamesolver', m.version('sgamesolver'), 'numpy', numpy.__version__)"
    has = subprocess.run([arguments.python, "-c", asked], capture_output=True, text=True, check=False)
    if has.returncode:
        print("sgamesolver is not installed there: nothing to compare with")
        return
    GAMES[:] = [game for game in GAMES if game[0] <= arguments.most]
    print(f"{has.stdout.strip()}; winset with numpy {np.__version__}\n{HEAD}")
    rows = compare(arguments.python, arguments.limit)
    if arguments.write:
        write(arguments.write, rows, has.stdout.strip(), arguments.limit)


if __name__ == "__main__":
    main()
