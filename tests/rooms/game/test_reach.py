"""Bayes' rule, forward layers and random play, held against each other and against the martingale of beliefs."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from rooms.game.sample_games import EVERYTHING, random_text
from winset.game.bayes import update
from winset.game.compile import compile_game
from winset.game.play import play
from winset.game.reach import Nodes, reach
from winset.game.solution import Response
from winset.language.reading import read_text

PLAIN = """
winset: 1
scenario: no type ever changes
clock: {rounds: 3}
players:
  a: {types: {high: 0.3, low: 0.7}}
  b: {types: {one: 0.2, two: 0.3, three: 0.5}}
state: {x: {range: [0, 3], start: 0}}
round:
  - {move: first, by: a, actions: {stay: {}, go: {then: {x: up 1}}}}
  - move: second
    by: b
    actions: {keep: {}, cheat: {pays: {b: 1}}}
    signals:
      alarm: {probability: if b plays cheat then 0.6 else if b is one then 0.2 else 0.1}
      quiet: {probability: rest}
  - move: luck
    by: chance
    outcomes: {l: {probability: if a is high then 0.5 else 0.25, then: {x: down 1}}, r: {probability: rest}}
ends when: x = 3
payoffs: {each round: {a: x}}
"""


@cache
def plain_game():
    return compile_game(read_text(PLAIN))


def profile(game, seed=0, scale=1.0):
    """Some strategies that depend on type, state and belief, as a solver's `respond`."""
    rng = np.random.default_rng(seed)
    weights = [
        [rng.normal(size=(game.type_counts[m.player], len(m.actions), game.rows)) * scale for m in stage.movers]
        for stage in game.stages
    ]

    def respond(k, states, beliefs):
        found = []
        for mover, weight in zip(game.stages[k].movers, weights[k], strict=True):
            raw = np.exp(np.einsum("kar,nr->nka", weight, beliefs)) * mover.available[states][:, None, :]
            found.append(raw / raw.sum(axis=2, keepdims=True))
        n = len(states)
        none = np.zeros(n, dtype=np.int64)
        values = np.zeros((n, game.rows))
        return Response(strategies=tuple(found), values=values, residual=np.zeros(n), folds=none, how=none)

    return respond


def slow_bayes(game, stage, s, belief, strategies):
    """{observables: (mass, stacked posterior before and after changes)} in loops over joint types and actions."""
    import itertools

    counts, found = game.type_counts, {}
    starts = game.row_start
    for theta in itertools.product(*(range(k) for k in counts)):
        p = np.prod([belief[starts[i] + t] for i, t in enumerate(theta)])
        for acts in itertools.product(*(range(len(m.actions)) for m in stage.movers)):
            for seen in itertools.product(*(range(len(m.observables)) for m in stage.movers)):
                q, after = p, {i: np.eye(counts[i])[t] for i, t in enumerate(theta)}
                for m, gamma, a, o in zip(stage.movers, strategies, acts, seen, strict=True):
                    q *= gamma[theta[m.player], a] * (
                        a == o if m.signal is None else m.signal[s, a, theta[m.player], o]
                    )
                    if m.law is not None and m.law[s, a] >= 0:
                        after[m.player] = (
                            after[m.player] @ stage.laws[m.law[s, a]][: counts[m.player], : counts[m.player]]
                        )
                mass, before, later = found.setdefault(seen, [0.0, np.zeros(game.rows), np.zeros(game.rows)])
                found[seen][0] = mass + q
                for i, t in enumerate(theta):
                    before[starts[i] + t] += q
                    later[starts[i] : starts[i] + counts[i]] += q * after[i]
    return found


@pytest.mark.parametrize("source", ["plain", 1, 4, 7])
def test_bayes_is_counting(source):
    game = plain_game() if source == "plain" else compile_game(read_text(random_text(source)))
    respond, rng = profile(game, seed=3), np.random.default_rng(5)
    for k, stage in enumerate(game.stages):
        states = np.arange(min(len(stage.states), 3))
        belief = np.concatenate([rng.dirichlet(np.ones(c), size=len(states)) for c in game.type_counts], axis=1)
        strategies = respond(k, states, belief).strategies
        mass, before, after = update(game, stage, states, belief, strategies).joint()
        for i, s in enumerate(states):
            told = slow_bayes(game, stage, s, belief[i], [g[i] for g in strategies])
            for j, (p, old, new) in enumerate(told.values()):
                assert np.isclose(mass[i, j], p, atol=1e-12)
                if p > 1e-12:
                    assert np.allclose(before[i, j], old / p, atol=1e-10)
                    assert np.allclose(after[i, j], new / p, atol=1e-10)


@pytest.mark.parametrize("seed", [1, 4])
def test_edges_are_all_that_may_follow(seed):
    game = compile_game(read_text(random_text(seed)))
    for stage in game.stages:
        states = np.arange(len(stage.states))[::-2]
        joints = stage.joint_observables
        told = [
            (n, o, b)
            for n, s in enumerate(states)
            for o in range(joints)
            for b in range(stage.first[s * joints + o], stage.first[s * joints + o + 1])
        ]
        assert list(zip(*(part.tolist() for part in stage.edges(states)), strict=True)) == told


def test_an_impossible_observable_has_mass_zero_and_no_posterior():
    game = plain_game()
    belief = np.array([[0.3, 0.7, 0.2, 0.3, 0.5]])
    never = np.zeros((1, 2, 2))
    never[:, :, 0] = 1
    mass, _, after = update(game, game.stages[0], np.zeros(1, dtype=np.int64), belief, (never,)).joint()
    assert mass.tolist() == [[1.0, 0.0]]
    assert np.array_equal(after[0, 1], belief[0])


@pytest.mark.parametrize("merge", [0.0, 0.02, 0.5])
def test_the_mean_of_beliefs_is_the_prior(merge):
    game = plain_game()
    found = reach(game, profile(game), merge=merge, prune=0.0)
    prior = np.concatenate([p.prior for p in game.players])
    for layer in found.layers:
        assert np.isclose(layer.mass.sum(), 1, atol=1e-12)
        assert np.allclose(layer.mass @ layer.belief, prior, atol=1e-12)
    assert found.mass_lost == 0


def test_the_mean_of_beliefs_is_not_the_prior_under_a_wrong_update():
    """Negative control: beliefs moved by another profile than the one that plays drift from the prior."""
    game = plain_game()
    plays = play(game, profile(game, seed=0, scale=3), count=4000, seed=1)
    wrong = reach(game, profile(game, seed=9, scale=3), merge=0.0, prune=0.0)
    layer = wrong.layers[1]
    step = plays.steps[0]
    share = np.bincount(step.row, minlength=len(game.states)) / len(step.row)
    moved = sum(share[row] * layer.belief[layer.row == row].mean(axis=0) for row in np.flatnonzero(share))
    assert abs(moved - np.array([0.3, 0.7, 0.2, 0.3, 0.5])).max() > 0.02


def test_dropped_mass_is_counted_not_hidden():
    game = plain_game()
    found = reach(game, profile(game), merge=0.0, prune=1e-3)
    assert found.mass_lost > 0
    assert np.isclose(found.layers[-1].mass.sum() + found.mass_lost, 1.0, atol=1e-12)
    assert np.isclose(found.mass_lost, sum(layer.lost for layer in found.layers))


@pytest.mark.parametrize("text", [PLAIN, EVERYTHING], ids=["plain", "everything"])
def test_random_play_agrees_with_reach(text):
    """20,000 plays; every state's share within 5 standard errors: false alarms below 1 in 10,000 a test."""
    game = compile_game(read_text(text))
    respond, n = profile(game), 20_000
    found = reach(game, respond, merge=0.02, prune=1e-9)
    plays = play(game, respond, count=n, seed=11)
    for layer, step in zip(found.layers[1:], plays.steps, strict=True):
        exact = np.bincount(layer.row, weights=layer.mass, minlength=len(game.states))
        share = np.bincount(step.row, minlength=len(game.states)) / n
        assert (abs(share - exact) <= 5 * np.sqrt(exact * (1 - exact) / n) + found.mass_lost + 2e-4).all()
        for i, (at, k) in enumerate(zip(game.row_start, game.type_counts, strict=True)):
            held = layer.mass @ layer.belief[:, at : at + k]
            true = np.bincount(step.types[:, i], minlength=k) / n
            assert np.allclose(held, true, atol=0.02)
            assert np.allclose(step.belief[:, at : at + k].mean(axis=0), true, atol=0.02)


def test_events_from_every_node_agree_with_plays():
    game = plain_game()
    respond, n = profile(game), 20_000
    found = reach(game, respond, merge=0.0, prune=0.0)
    x = game.states[:, 0]
    top = found.eventually(lambda k, layer: x[layer.row] >= 2)
    plays = play(game, respond, count=n, seed=2)
    hit = np.zeros(n, dtype=bool)
    for step in plays.steps:
        hit |= x[step.row] >= 2
    assert abs(found.from_start(top) - hit.mean()) < 0.02
    alarm = found.eventually(
        along=lambda k, layer: (layer.edges.observable == 0) & (game.stages[layer.stage].move == "second")
    )
    rang = np.zeros(n, dtype=bool)
    for step in plays.steps:
        if game.stages[step.stage].move == "second":
            rang |= step.observable == 0
    assert abs(found.from_start(alarm) - rang.mean()) < 0.02
    ones = found.backward(np.ones(len(found.layers[-1].mass)))
    assert all(np.allclose(v, 1) for v in ones)


def test_starting_elsewhere_and_the_end_of_rounds():
    game = plain_game()
    belief = np.array([[0.9, 0.1, 0.1, 0.1, 0.8]])
    start = Nodes(stage=4, state=np.array([0]), belief=belief, mass=np.ones(1))
    found = reach(game, profile(game), start=start, merge=0.0, prune=0.0)
    assert found.layers[0].round == 2
    assert found.at_end_of(2).round == 3
    assert np.isclose(found.states_at_end_of(3).sum(), 1)
    assert np.allclose(found.layers[-1].mass @ found.layers[-1].belief, belief[0])


def test_an_infinite_game_runs_for_so_many_rounds():
    game = compile_game(
        read_text(
            PLAIN.replace("rounds: 3", "rounds: infinite")
            .replace("0.7}}", "0.7}, discount: 0.9}")
            .replace("0.5}}\nstate", "0.5}, discount: 0.9}\nstate")
        )
    )
    with pytest.raises(ValueError, match="how many rounds"):
        reach(game, profile(game))
    found = reach(game, profile(game), rounds=4)
    assert [layer.round for layer in found.layers] == [1] * 4 + [2] * 4 + [3] * 4 + [4] * 4 + [5]
    assert np.isclose(found.layers[-1].mass.sum() + found.mass_lost, 1)
