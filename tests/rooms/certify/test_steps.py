"""Histories against the steps that lead to them: what a comparison state by state cannot see is seen."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from oracles.random_games import random_game
from winset.certify.histories import follow_layers
from winset.certify.steps import step_by_step
from winset.game.game import Game
from winset.game.solution import Response
from winset.learn.histories import start_nodes
from winset.study.graph import Graph, Walking, walk

SEEDS = range(30)
EXACT = Walking(merge=0.0, prune=0.0)


def uneven(game: Game):
    """A profile in which every type plays otherwise."""

    def respond(index, states, beliefs):
        stage, out = game.stages[index], []
        for mover in stage.movers:
            kinds = game.type_counts[mover.player]
            weight = 1.0 + np.arange(kinds)[None, :, None] * (1 + np.arange(len(mover.actions)))
            gamma = weight * mover.available[states][:, None, :]
            out.append(gamma / gamma.sum(axis=2, keepdims=True))
        zero = np.zeros(len(states))
        return Response(strategies=tuple(out), values=np.zeros((len(states), game.rows)), residual=zero,
                        folds=zero.astype(np.int64), how=zero.astype(np.int64))  # fmt: skip

    return respond


def walked(game: Game, **how) -> Graph:
    return walk(game, uneven(game), start_nodes(game), how=EXACT, **how)


def mean(layer) -> np.ndarray:
    """(S, R) probability-weighted beliefs by state."""
    out = np.zeros((layer.state.max() + 1, layer.belief.shape[1]))
    np.add.at(out, layer.state, layer.mass[:, None] * layer.belief)
    return out


@pytest.mark.parametrize("seed", SEEDS)
def test_the_walk_goes_by_the_rule(seed: int) -> None:
    game = random_game(seed)
    found = step_by_step(game, walked(game).layers)
    assert found is not None and found.moved < 1e-12 and found.spread < 1e-12
    followed = follow_layers(game, walked(game).layers)
    assert max(followed.mass_moved, followed.belief_moved) < 1e-12
    assert follow_layers(game, ()).mass_moved == 0.0
    layers = walked(game).layers
    half = replace(layers[0], mass=0.5 * layers[0].mass)
    less = follow_layers(game, (half, *layers[1:]))
    assert less.mass_moved == pytest.approx(0.25, abs=1e-12) and less.layer in (0, 1)
    assert less.belief_moved >= 0.5 * np.abs(mean(layers[0])).max() - 1e-12


def test_beliefs_put_together_are_measured() -> None:
    """One mover with two types and one state afterwards: the variance of what an action tells, by hand."""
    seen = 0
    for seed in SEEDS:
        game = random_game(seed)
        still = lambda stage, states, beliefs, strategies, point, observable, branch: beliefs[point]  # noqa: E731
        graph = walked(game, believe=still)
        found, right = step_by_step(game, graph.layers), walked(game)
        learnt = max(
            float((b.mass[:, None] * (b.belief - np.concatenate([p.prior for p in game.players])) ** 2).max(initial=0))
            for b in right.layers
        )
        if learnt > 1e-3:
            seen += 1
            assert found is not None and (found.spread > 1e-5 or found.moved > 1e-5)
    assert seen > 8


def test_learning_undone_in_another_history_of_the_state_is_seen() -> None:
    """Beliefs of two histories of one state exchanged by equal masses: sums by state stay, the steps tell."""
    hidden = 0
    for seed in SEEDS:
        game = random_game(seed)
        graph = walked(game)
        for n, layer in enumerate(graph.layers[1:], 1):
            for state in np.unique(layer.state):
                same = np.flatnonzero(layer.state == state)
                if len(same) < 2 or np.abs(np.ptp(layer.belief[same], axis=0)).max() < 0.01:
                    continue
                belief = layer.belief.copy()
                belief[same] = np.average(layer.belief[same], axis=0, weights=layer.mass[same])
                layers = (*graph.layers[:n], replace(layer, belief=belief))
                assert follow_layers(game, layers).belief_moved < 1e-12
                found = step_by_step(game, layers)
                assert found is not None and found.moved > 1e-6
                hidden += 1
    assert hidden > 10


def test_a_step_to_another_state_is_seen() -> None:
    for seed in SEEDS:
        graph = walked(random_game(seed))
        for n, layer in enumerate(graph.layers[1:], 1):
            if len(np.unique(layer.state)) > 1:
                wrong = replace(layer, state=layer.state[::-1].copy())
                found = step_by_step(graph.game, (*graph.layers[:n], wrong))
                assert found is not None
                if np.any(wrong.state != layer.state):
                    assert found.moved == 1.0
                    return
    raise AssertionError("no game has two states in one layer")


def test_layers_that_do_not_say_are_not_judged() -> None:
    assert step_by_step(random_game(1), ()) is None
