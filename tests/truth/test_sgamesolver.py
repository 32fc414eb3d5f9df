"""The same λ, the same branch: stationary logit equilibria against sgamesolver, where an interpreter has it.

`WINSET_SGAMESOLVER` names an interpreter with sgamesolver (it needs numpy below 2; the recipe stands in
docs/explain/peers.md). Both draw the same random game from the same seed."""

from __future__ import annotations

import json
import os
import subprocess

import numpy as np
import pytest

from winset.game.markov_random import random_markov_game
from winset.solve.markov.logit import solve_markov

PYTHON = os.environ.get("WINSET_SGAMESOLVER", "")
pytestmark = [
    pytest.mark.oracle,
    pytest.mark.skipif(not PYTHON, reason="WINSET_SGAMESOLVER names no interpreter with sgamesolver"),
]
CHILD = """
import json, sys
import numpy as np
import sgamesolver
actions = json.loads(sys.argv[3])
actions = actions if isinstance(actions, int) else np.array(actions)
game = sgamesolver.SGame.random_game(int(sys.argv[1]), int(sys.argv[2]), actions, delta=0.95, seed=int(sys.argv[4]))
homotopy = sgamesolver.homotopy.QRE(game)
homotopy.solver_setup(target_lambda=float(sys.argv[5]))
homotopy.solver.verbose = 0
homotopy.solver.start()
found = homotopy.equilibrium
print(json.dumps({"lambda": found.homotopy_parameter, "sigma": np.nan_to_num(found.strategies).tolist(),
                  "values": found.values.tolist()}))
"""
GAMES = (
    (2, 2, 2, 1), (5, 2, 2, 2), (3, 3, 2, 3), (4, 2, [[2, 3], [3, 2], [1, 2], [2, 2]], 4), (10, 2, 3, 5), (20, 2, 3, 2),
)  # fmt: skip


@pytest.mark.parametrize("lam", [1.0, 20.0, float("inf")])
@pytest.mark.parametrize(("states", "players", "actions", "seed"), GAMES)
def test_the_path_is_sgamesolvers(states: int, players: int, actions: object, seed: int, lam: float) -> None:
    asked = json.dumps(actions)
    command = [PYTHON, "-c", CHILD, str(states), str(players), asked, str(seed), repr(lam)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    theirs = json.loads(done.stdout.splitlines()[-1])
    game = random_markov_game(seed, states=states, players=players, actions=actions)  # type: ignore[arg-type]
    found = solve_markov(game, precision=float(theirs["lambda"]))
    assert np.max(np.abs(found.profile - np.array(theirs["sigma"]).transpose(1, 0, 2))) < 1e-6
    assert np.max(np.abs(found.values - np.array(theirs["values"]).T)) < 1e-5
