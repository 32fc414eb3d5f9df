"""The grid solver on small random games of every kind, against a slow solver that shares no code with it.

Seconds even without compiled kernels, so that thousands of small changes to the solver can be tried on it
(`benchmarks/mutation.py`).
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from types import SimpleNamespace

import numpy as np
import pytest

import winset
from oracles.random_games import random_game
from oracles.slow_grid import solve_slowly
from winset.base.errors import SizeError
from winset.certify.histories import follow_layers, paid_along
from winset.game.game import Game
from winset.game.grid import BeliefGrid
from winset.game.solution import FAILED, Solution
from winset.solve.backward import solve
from winset.solve.exact import solve_tree

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


@pytest.mark.parametrize("seed", ONE)
def test_the_exact_tree_is_a_tree(seed: int) -> None:
    """Its histories follow from one another by the certificate's own rule, and its values are its payments."""
    tree = solve_tree(game_of(seed))
    layers = []
    for k in range(len(tree.game.stages)):
        nodes = [n for n in tree.nodes if n.stage == k]
        if nodes:
            layers.append(SimpleNamespace(
                stage=k, state=np.array([n.state for n in nodes]), belief=np.array([n.belief for n in nodes]),
                mass=np.array([n.probability for n in nodes]),
                strategies=tuple(np.stack(g) for g in zip(*(n.strategies for n in nodes), strict=True)),
            ))  # fmt: skip
    followed = follow_layers(tree.game, layers)
    assert max(followed.mass_moved, followed.belief_moved, abs(followed.mass_missing)) < 1e-12
    prior = np.concatenate([p.prior for p in tree.game.players])
    start = sum(n.probability * n.values * prior for n in tree.nodes if n.stage == 0)
    assert paid_along(tree.game, layers) == pytest.approx(np.add.reduceat(start, tree.game.row_start), abs=1e-9)
    assert len({n.history for n in tree.nodes}) == len(tree.nodes)


def test_a_tree_that_is_lost_or_folds_says_so() -> None:
    tree = solve_tree(game_of(3))
    lost, folded = replace(tree.nodes[0], reached=False), replace(tree.nodes[0], folds=2)
    assert len(replace(tree, nodes=(tree.nodes[0], lost, folded)).folded) == 2 + bool(tree.nodes[0].folds)
    with pytest.raises(SizeError):
        solve_tree(game_of(3), limit_nodes=len(tree.nodes) - 1)


def signalling(first: bool) -> winset.Scenario:
    """A sender of unknown strength; `first`: chance draws what means nothing before."""
    draw = {
        "move": "weather",
        "by": "chance",
        "outcomes": {"rain": {"probability": 0.5}, "sun": {"probability": "rest"}},
    }
    return winset.build(
        winset=1, scenario="A draw that means nothing", clock={"rounds": 1}, solution={"precision": 3, "grid": 101},
        players={"sender": {"types": {"weak": 0.37, "strong": 0.63}}, "receiver": {}},
        round=[
            *([draw] if first else []),
            {"move": "sign", "by": "sender",
             "actions": {"show": {"pays": {"sender": "if sender is strong then 0.3 else -0.2"}}, "hide": {}}},
            {"move": "react", "by": "receiver",
             "actions": {"leave": {"pays": {"sender": 1}},
                         "attack": {"pays": {"receiver": "if sender is weak then 0.9 else -0.2"}}}},
        ],
    )  # fmt: skip


def test_a_draw_that_means_nothing_changes_no_value() -> None:
    """A stage of chance alone is solved at beliefs between the nodes too."""
    for formula in ("value(sender)", "value(receiver)", "value(sender is weak)"):
        one, two = (winset.ask(signalling(f), formula, cache=False, certificate=False).value for f in (True, False))
        assert one == pytest.approx(two, abs=1e-5) and abs(float(one or 0.0)) > 0.01
