"""A scenario as a tree: the same payoffs under the same profile, the same equilibrium, and a size told beforehand."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

import winset
from oracles.random_games import random_game
from winset.base.errors import ScenarioError, SizeError
from winset.certify.extensive import certify_tree
from winset.game.bayes import change_types, update
from winset.game.game import Game
from winset.solve.exact import _Recursion
from winset.tree.efg_read import parse_efg
from winset.tree.efg_write import efg_text
from winset.tree.from_game import Unfolded, profile_of, unfold
from winset.tree.recall import recall

FINITE = ["alternating-offers", "beer-quiche", "centipede", "chain-store", "fearon-ultimatum", "matching-pennies",
          "misperceived-ultimatum", "prisoners-dilemma", "spence"]  # fmt: skip
SOLVED = [pytest.param("beer-quiche", marks=pytest.mark.slow), "centipede", "fearon-ultimatum", "matching-pennies"]
RANDOM = range(24)
"""Seeds: between them hidden actions, moves of nature, several movers, types that change, early ends."""


def drawn(seed: int, **settings: Any) -> Game:
    """A random game whose payoffs are net of errors."""
    return replace(random_game(seed, **settings), shocks=False)


def anyhow(game: Game) -> Any:
    """Strategies that depend on everything they may depend on, and solve nothing."""

    def respond(k: int, states: Any, beliefs: Any) -> Any:
        out = []
        for j, mover in enumerate(game.stages[k].movers):
            types, actions = game.type_counts[mover.player], len(mover.actions)
            turn = 1.7 * k + 0.9 * states + beliefs @ np.arange(1, game.rows + 1) + 1.3 * j
            z = np.sin(turn[:, None, None] + 2.1 * np.arange(types)[:, None] + 3.7 * np.arange(actions))
            weight = np.exp(z) * mover.available[states][:, None, :]
            out.append(weight / weight.sum(axis=2, keepdims=True))
        return SimpleNamespace(strategies=tuple(out))

    return respond


def slowly(game: Game, respond: Any, k: int, s: int, types: tuple[int, ...], belief: Any) -> Any:
    """Expected discounted payoffs from a stage on, in plain loops over actions, signals, branches and types."""
    stage = game.stages[k]
    gamma = respond(k, np.array([s]), belief[None]).strategies if stage.movers else ()
    moved = update(game, stage, np.array([s]), belief[None], gamma)
    joint = np.ravel_multi_index(types, game.type_counts)
    total = np.zeros(len(game.players))
    for acts in product(*(range(len(m.actions)) for m in stage.movers)):
        chance = float(np.prod([g[0, types[m.player], a] for g, m, a in zip(gamma, stage.movers, acts, strict=True)]))
        if chance and stage.action_reward is not None:
            c = np.ravel_multi_index(acts, [len(m.actions) for m in stage.movers])
            total += chance * stage.action_reward[s, c, :, joint]
        for seen in product(*(range(len(m.observables)) for m in stage.movers)) if chance else ():
            shown = chance
            for m, a, o in zip(stage.movers, acts, seen, strict=True):
                shown *= float(a == o) if m.signal is None else m.signal[s, a, types[m.player], o]
            o = int(np.ravel_multi_index(seen, [len(m.observables) for m in stage.movers])) if seen else 0
            cell = s * stage.joint_observables + o
            for b in range(stage.first[cell], stage.first[cell + 1]) if shown else ():
                total += shown * stage.probability[b] * stage.reward[b, :, joint]
                if stage.target[b] < 0:
                    continue
                after = change_types(game, stage, np.array([b]), moved.posterior(np.array([0]), np.array([o])))[0]
                for new in product(*(range(n) for n in game.type_counts)):
                    p = shown * stage.probability[b] * _turned(game, k, s, b, acts, types, new)
                    if p:
                        behind = slowly(game, respond, k + 1, int(stage.target[b]), new, after)
                        total += p * stage.discount * behind
    return total


def _turned(game: Game, k: int, s: int, b: int, acts: Any, old: Any, new: Any) -> float:
    """Probability that types change so."""
    stage, out = game.stages[k], 1.0
    for i, count in enumerate(game.type_counts):
        row = np.eye(count)[old[i]]
        for m, a in zip(stage.movers, acts, strict=True):
            if m.player == i and m.law is not None and m.law[s, a] >= 0 and stage.laws is not None:
                row = row @ stage.laws[m.law[s, a]][:count, :count]
        if stage.branch_law is not None and stage.laws is not None and stage.branch_law[b, i] >= 0:
            row = row @ stage.laws[stage.branch_law[b, i]][:count, :count]
        out *= row[new[i]]
    return float(out)


def expected(game: Game, respond: Any) -> Any:
    prior = np.concatenate([p.prior for p in game.players])
    total = np.zeros(len(game.players))
    for s, p in game.start:
        for types in product(*(range(n) for n in game.type_counts)):
            q = p * float(np.prod([player.prior[t] for player, t in zip(game.players, types, strict=True)]))
            total += q * slowly(game, respond, 0, s, types, prior)
    return total


def first_owners(found: Unfolded) -> list[int]:
    """The tree player that stands for each player of the game at the start."""
    return [min(j for j, (i, _) in enumerate(found.owner) if i == p) for p in range(len(found.game.players))]


def textbook(name: str) -> Game:
    return winset.compile_game(winset.read(name))


@pytest.mark.parametrize("name", FINITE)
def test_payoffs_of_textbook_scenarios_are_those_of_their_trees(name: str) -> None:
    game = textbook(name)
    found = unfold(game)
    respond = anyhow(game)
    certificate = certify_tree(found.tree, profile_of(found, respond))
    assert certificate.sound and recall(found.tree).perfect
    assert certificate.payoffs[first_owners(found)] == pytest.approx(expected(game, respond), abs=1e-12)


@pytest.mark.parametrize("seed", RANDOM)
def test_payoffs_of_random_games_are_those_of_their_trees(seed: int) -> None:
    game = drawn(seed)
    found = unfold(game)
    respond = anyhow(game)
    certificate = certify_tree(found.tree, profile_of(found, respond))
    assert certificate.sound and recall(found.tree).perfect
    assert certificate.payoffs[first_owners(found)] == pytest.approx(expected(game, respond), abs=1e-12)


@pytest.mark.parametrize("game", [*SOLVED, *range(12)])
def test_the_equilibrium_is_that_of_the_tree(game: Any) -> None:
    """The exact solver's profile is an agent logit equilibrium of the tree, at each set's own precision."""
    game = textbook(game) if isinstance(game, str) else drawn(game, strategic=2)
    found = unfold(game)
    solver = _Recursion(game=game)
    certificate = certify_tree(found.tree, profile_of(found, solver.solve), precision=found.precision)
    prior = np.concatenate([p.prior for p in game.players])
    values = sum(p * solver.solve(0, np.array([s]), prior[None]).values[0] for s, p in game.start)
    parts = zip(game.row_start, game.type_counts, strict=True)
    wanted = [prior[a : a + n] @ values[a : a + n] for a, n in parts]
    assert certificate.payoffs[first_owners(found)] == pytest.approx(wanted, abs=1e-12)
    assert certificate.residual < 1e-8
    if np.nanmax(found.precision) < 100:
        wrong = certify_tree(found.tree, profile_of(found, anyhow(game)), precision=found.precision)
        assert wrong.residual > 1e-3


@pytest.mark.parametrize("game", [*FINITE, *range(8)])
def test_trees_of_scenarios_survive_their_file(game: Any) -> None:
    tree = unfold(textbook(game) if isinstance(game, str) else drawn(game)).tree
    text = efg_text(tree)
    back = parse_efg(text)
    assert efg_text(back) == text
    assert back.set_label == tree.set_label and back.action_label == tree.action_label
    assert np.array_equal(back.payoff, tree.payoff)
    labels = [(p, label) for p, label in zip(tree.set_player.tolist(), tree.set_label, strict=True)]
    assert len(set(labels)) == len(labels)


def test_beer_quiche_is_the_tree_of_the_textbook() -> None:
    tree = unfold(textbook("beer-quiche")).tree
    assert (tree.nodes, tree.sets, tree.depth) == (15, 5, 4)
    assert tree.set_label[0] == "type of stranger"
    assert sorted(np.diff(tree.members[0]).tolist()) == [1, 1, 1, 2, 2]  # the bully sees the meal, not the type


def test_who_lives_for_a_round_is_a_player_of_its_own_in_each() -> None:
    found = unfold(textbook("chain-store"))
    assert found.tree.players == ("store", "entrant (round 1)", "entrant (round 2)", "entrant (round 3)")
    assert np.all(found.weight[found.tree.set_player > 1] == 1.0)


def test_the_size_is_counted_before_anything_is_made() -> None:
    game = textbook("spence")
    nodes = unfold(game).tree.nodes
    assert unfold(game, limit_nodes=nodes).tree.nodes == nodes
    with pytest.raises(SizeError, match=f"{nodes:,} nodes") as caught:
        unfold(game, limit_nodes=nodes - 1)
    assert [d.code for d in caught.value.diagnostics] == ["X301"]
    long = winset.read("rubinstein")
    with pytest.raises(SizeError, match="public histories"):
        unfold(winset.compile_game(replace(long, clock=replace(long.clock, rounds=24))))


def test_what_has_no_finite_tree_is_refused() -> None:
    with pytest.raises(ScenarioError) as caught:
        unfold(textbook("treaty"))
    assert [d.code for d in caught.value.diagnostics] == ["X302"]
    with pytest.raises(ScenarioError) as caught:
        unfold(replace(textbook("spence"), shocks=True))
    assert [d.code for d in caught.value.diagnostics] == ["X303"]


def test_a_scenario_without_any_choice_is_a_single_node() -> None:
    scenario = winset.build(
        scenario="Fate", clock={"rounds": 1}, players={"one": {}},
        round=[{"move": "wait", "by": "one", "actions": {"wait": {"pays": {"one": 2}}}}],
    )  # fmt: skip
    found = unfold(winset.compile_game(scenario))
    assert (found.tree.nodes, found.tree.sets, found.discounted) == (1, 0, False)
    assert certify_tree(found.tree, np.zeros(0)).payoffs.tolist() == [2.0]
    assert efg_text(parse_efg(efg_text(found.tree))) == efg_text(found.tree)
