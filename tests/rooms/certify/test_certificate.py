"""The certificate passes a good solution and catches planted errors, each by a named figure."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace

import numpy as np
import pytest

from oracles.random_games import random_game
from oracles.slow_grid import solve_slowly
from winset.certify.certificate import certify
from winset.certify.figures import Headline
from winset.certify.histories import paid_along
from winset.game.grid import BeliefGrid
from winset.solve.exact import solve_tree

SEEDS = (1, 5, 9, 14, 19, 22)
SAME = {"deal": Headline(value=0.3, other_grid=0.3001)}


@dataclass(frozen=True, kw_only=True)
class Layer:
    stage: int
    state: np.ndarray
    belief: np.ndarray
    mass: np.ndarray
    strategies: tuple[np.ndarray, ...]


@dataclass(frozen=True, kw_only=True)
class Layers:
    layers: tuple[Layer, ...]
    mass_lost: float = 0.0


def solved(seed, inner=5, **kinds):
    game = random_game(seed, **kinds)
    passes = 80 if game.infinite else 1
    return solve_slowly(game, BeliefGrid(game.type_counts, inner=inner), passes=passes)


def histories(solution):
    """The exact tree's histories, with the grid solution's strategies along them."""
    tree = solve_tree(solution.game)
    layers = []
    for k in range(len(solution.game.stages)):
        nodes = [n for n in tree.nodes if n.stage == k]
        if nodes:
            state, belief = np.array([n.state for n in nodes]), np.array([n.belief for n in nodes])
            layers.append(
                Layer(
                    stage=k,
                    state=state,
                    belief=belief,
                    mass=np.array([n.probability for n in nodes]),
                    strategies=tuple(np.stack(g) for g in zip(*(n.strategies for n in nodes), strict=True)),
                )
            )
    return Layers(layers=tuple(layers))


@pytest.mark.parametrize("seed", SEEDS)
def test_a_good_solution_holds(seed):
    found = certify(solved(seed), headlines=SAME, mass_lost=0.0)
    assert found.verdict == "holds", found.lines()
    assert found.stage_residual.value < 1e-9
    assert found.value_residual.value < 1e-12
    assert found.missed == 0 and found.cells > 0
    for gain in (*found.one_shot_gain, *found.full_gain):
        assert gain.ex_ante >= -1e-12 and gain.ex_ante <= gain.ex_ante_bound + 1e-9
        assert gain.interim <= gain.interim_bound + 1e-9
    for once, always in zip(found.one_shot_gain, found.full_gain, strict=True):
        assert once.ex_ante <= always.ex_ante + 1e-12


def test_as_dict_is_plain_data():
    found = certify(solved(5), headlines=SAME, mass_lost=0.0)
    data = json.loads(json.dumps(found.as_dict()))
    assert data["verdict"] == "holds" and data["stage_residual"]["passes"]
    assert any("one_shot_gain" in line for line in found.lines())


def test_an_infinite_game_says_what_is_left():
    found = certify(solved(0, infinite=True, dimensions=1), headlines=SAME, mass_lost=0.0)
    assert found.verdict == "holds", found.lines()
    assert found.passes_made > 3 and 0 <= found.remainder < 1e-6


def test_missing_figures_cannot_tell():
    assert certify(solved(9)).verdict == "cannot tell"


@pytest.mark.parametrize("seed", SEEDS)
def test_a_perturbed_strategy_is_caught_where_it_is(seed):
    good = solved(seed)
    stage = next(k for k, s in enumerate(good.strategies) if s and s[0].shape[3] > 1)
    strategies = [list(s) for s in good.strategies]
    changed = strategies[stage][0].copy()
    cell = changed[0, 3, 0]
    cell[:] = 0.98 * cell + 0.02 * np.roll(cell, 1)
    strategies[stage][0] = changed
    found = certify(replace(good, strategies=tuple(tuple(s) for s in strategies)), headlines=SAME, mass_lost=0.0)
    assert "stage_residual" in found.failures
    assert found.stage_residual.where.move == good.game.stages[stage].move


@pytest.mark.parametrize("seed", SEEDS)
def test_a_wrong_value_is_caught(seed):
    good = solved(seed)
    values = [v.copy() for v in good.values]
    values[0][0, 2, 1] += 1e-3
    found = certify(replace(good, values=tuple(values)), headlines=SAME, mass_lost=0.0)
    assert "value_residual" in found.failures
    assert found.value_residual.value == pytest.approx(1e-3, rel=1e-6)


def test_a_wrong_posterior_is_caught():
    """The solver believed that an observable tells nothing: its continuation beliefs stay at the prior."""
    game = random_game(14)
    game = replace(game, shocks=False)
    from winset.solve import exact_stage

    right = exact_stage.observe

    def wrong(here, beliefs, strategies):
        seen = right(here, beliefs, strategies)
        parts = [beliefs[:, r : r + k] for r, k in zip(game.row_start, game.type_counts, strict=True)]
        still = [np.broadcast_to(p[:, None], a.shape) for p, a in zip(parts, seen.after, strict=True)]
        return replace(seen, after=still)

    exact_stage.observe = wrong
    try:
        bad = solve_slowly(game, BeliefGrid(game.type_counts, inner=5))
    finally:
        exact_stage.observe = right
    found = certify(bad, headlines=SAME, mass_lost=0.0)
    assert "stage_residual" in found.failures


@pytest.mark.parametrize("seed", (5, 9, 22))
def test_a_lost_branch_is_caught(seed):
    """The solver worked on a game whose first branch has lost its probability."""
    game = random_game(seed)
    stage = next(k for k, s in enumerate(game.stages) if s.movers and s.move != "nature")
    lost = game.stages[stage].probability.copy()
    lost[0] = 0.0
    stages = list(game.stages)
    stages[stage] = replace(stages[stage], probability=lost)
    broken = replace(game, stages=tuple(stages))
    bad = solve_slowly(broken, BeliefGrid(game.type_counts, inner=5))
    assert "chance_residual" in certify(bad, headlines=SAME, mass_lost=0.0).failures
    found = certify(replace(bad, game=game), headlines=SAME, mass_lost=0.0)
    assert "stage_residual" in found.failures


@pytest.mark.parametrize("seed", (5, 9, 22))
def test_a_wrong_target_is_caught(seed):
    game = random_game(seed)
    stage = next(k for k, s in enumerate(game.stages) if s.movers and np.any(s.target >= 0))
    target = game.stages[stage].target.copy()
    target[np.flatnonzero(target >= 0)[0]] = -1
    stages = list(game.stages)
    stages[stage] = replace(stages[stage], target=target)
    bad = solve_slowly(replace(game, stages=tuple(stages)), BeliefGrid(game.type_counts, inner=5))
    found = certify(replace(bad, game=game), headlines=SAME, mass_lost=0.0)
    assert "value_residual" in found.failures or "stage_residual" in found.failures


def test_histories_that_follow_from_one_another_hold():
    solution = solved(22, inner=31)
    found = certify(solution, reach=histories(solution), headlines=SAME)
    assert found.bayes_residual.passes and found.mass_lost.passes
    assert all(g.visited for g in found.full_gain)


def test_lost_mass_is_caught_said_or_unsaid():
    solution = solved(22)
    whole = histories(solution)
    third = whole.layers[2]
    less = replace(whole.layers[2], mass=np.where(np.arange(third.mass.size) == 0, 0.0, third.mass))
    layers = (*whole.layers[:2], less, *whole.layers[3:])
    unsaid = certify(solution, reach=Layers(layers=layers), headlines=SAME)
    assert "bayes_residual" in unsaid.failures
    said = certify(solution, reach=Layers(layers=layers, mass_lost=float(third.mass[0])), headlines=SAME)
    assert "mass_lost" in said.failures


@pytest.mark.parametrize("seed", range(1, 40))
def test_payoffs_along_the_exact_histories_are_the_exact_values(seed):
    tree = solve_tree(random_game(seed, dimensions=1, strategic=2))
    layers = []
    for k in range(len(tree.game.stages)):
        nodes = [n for n in tree.nodes if n.stage == k]
        if nodes:
            plays = tuple(np.stack(g) for g in zip(*(n.strategies for n in nodes), strict=True))
            layers.append(
                Layer(
                    stage=k,
                    state=np.array([n.state for n in nodes]),
                    belief=np.array([n.belief for n in nodes]),
                    mass=np.array([n.probability for n in nodes]),
                    strategies=plays,
                )
            )
    prior = np.concatenate([p.prior for p in tree.game.players])
    start = sum(n.probability * n.values * prior for n in tree.nodes if n.stage == 0)
    exact = np.add.reduceat(start, tree.game.row_start)
    assert paid_along(tree.game, layers) == pytest.approx(exact, abs=1e-9)
    assert paid_along(tree.game, layers[:1]) != pytest.approx(exact, abs=1e-9)


def test_interpolation_shows_in_the_path_error():
    coarse, fine = (solved(9, inner=n) for n in (1, 9))
    errors = [certify(s, reach=histories(s), headlines=SAME).path_error.value for s in (coarse, fine)]
    assert errors[1] < 0.2 * errors[0] and errors[0] > 1e-6


def test_a_wrong_posterior_along_a_history_is_caught():
    solution = solved(22)
    whole = histories(solution)
    second = whole.layers[1]
    belief = second.belief.copy()
    rows = slice(0, solution.game.type_counts[0])
    belief[0, rows] = belief[0, rows][::-1]
    layers = (whole.layers[0], replace(second, belief=belief), *whole.layers[2:])
    assert "bayes_residual" in certify(solution, reach=Layers(layers=layers), headlines=SAME).failures


def test_a_moving_headline_is_caught():
    moved = {"deal": Headline(value=0.3, other_grid=0.31), "test": Headline(value=0.5)}
    found = certify(solved(9), headlines=moved, mass_lost=0.0)
    assert found.failures == ("grid_error",) and found.grid_error.name == "deal"


def test_shocks_leave_nothing_to_gain():
    game = replace(random_game(1), shocks=True)
    found = certify(solve_slowly(game, BeliefGrid(game.type_counts, inner=5)), headlines=SAME, mass_lost=0.0)
    assert found.verdict == "holds"
    assert max(g.interim for g in found.full_gain) < 1e-9
