"""The grid solver on small random games of every kind, against a slow solver that shares no code with it.

Seconds even without compiled kernels, so that thousands of small changes to the solver can be tried on it
(`benchmarks/mutation.py`).
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import numpy as np
import pytest

from oracles.random_games import random_game
from oracles.slow_grid import solve_slowly
from winset.certify.certificate import certify
from winset.game.game import Game
from winset.game.grid import BeliefGrid
from winset.game.solution import FAILED, Solution
from winset.solve.backward import solve

ONE = [3, 5, 7, 9, 10, 12, 14, 18, 22, 31]
TWO = [1, 8]


@lru_cache
def game_of(seed: int, dimensions: int = 1, strength: float = 1.0) -> Game:
    return random_game(seed, dimensions=dimensions, strategic=2, strength=strength)


@lru_cache
def both(seed: int, dimensions: int = 1, strength: float = 1.0) -> tuple[Solution, Solution]:
    game = game_of(seed, dimensions, strength)
    grid = BeliefGrid(game.type_counts, inner=3 if dimensions == 1 else 2)
    return solve(game, grid=grid), solve_slowly(game, grid)


GAMES = [*((s, 1, 1.0) for s in ONE), *((s, 2, 1.0) for s in TWO), *((s, 1, 4.0) for s in ONE[:3])]


@pytest.mark.parametrize(("seed", "dimensions", "strength"), GAMES)
def test_the_slow_solver_agrees(seed: int, dimensions: int, strength: float) -> None:
    fast, slow = both(seed, dimensions, strength)
    assert fast.status == "solved" and all(np.all(h != FAILED) for h in fast.how)
    for k in range(len(fast.game.stages)):
        assert np.abs(fast.values[k] - slow.values[k]).max(initial=0.0) < 1e-7
        for mine, theirs in zip(fast.strategies[k], slow.strategies[k], strict=True):
            assert np.abs(mine - theirs).max(initial=0.0) < 1e-7


@pytest.mark.parametrize(("seed", "dimensions", "strength"), GAMES)
def test_off_the_grid_too(seed: int, dimensions: int, strength: float) -> None:
    fast, slow = both(seed, dimensions, strength)
    rng = np.random.default_rng(seed)
    for k, stage in enumerate(fast.game.stages):
        states = np.arange(len(stage.states)).repeat(2)
        parts = [rng.dirichlet(np.ones(n), size=len(states)) for n in fast.game.type_counts]
        beliefs = np.concatenate(parts, axis=1)
        mine, theirs = fast.respond(k, states, beliefs), slow.respond(k, states, beliefs)
        assert np.abs(mine.values - theirs.values).max(initial=0.0) < 1e-7
        for one, two in zip(mine.strategies, theirs.strategies, strict=True):
            assert np.abs(one - two).max(initial=0.0) < 1e-7
