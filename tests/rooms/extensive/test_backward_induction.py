"""Backward induction: against a recursion in fractions, against all equilibria, and what it says of ties."""

from __future__ import annotations

import numpy as np
import pytest

from oracles.logit_games import beer_quiche, centipede
from winset.base.errors import ScenarioError
from winset.certify.extensive import certify_tree
from winset.solve.extensive.backward_induction import hidden_set, solve_backward
from winset.tree.build import build, move, pays
from winset.tree.random_trees import random_tree
from winset.tree.tree import Tree


def by_recursion(tree: Tree, node: int = 0) -> np.ndarray:
    """What everybody gets, one node after the other."""
    paid = tree.node_payoff()[node]
    if tree.player[node] < 0:
        return paid
    worth = [by_recursion(tree, c) for c in range(tree.first[node], tree.first[node + 1])]
    if tree.player[node] == 0:
        begin = tree.set_first[tree.infoset[node]]
        return paid + sum(tree.chance[begin + k] * w for k, w in enumerate(worth))
    return paid + max(worth, key=lambda w: w[tree.player[node] - 1])


@pytest.mark.parametrize("seed", range(6))
def test_a_recursion_agrees(seed: int) -> None:
    tree = random_tree(seed, nodes=400, players=2 + seed % 2, together=1, decimals=6)
    found = solve_backward(tree)
    assert found.facts["indifferent"] == 0
    assert np.allclose(found.values, by_recursion(tree), atol=1e-12)
    certificate = certify_tree(tree, found.profile)
    assert certificate.sound and np.allclose(certificate.payoffs, found.values, atol=1e-12)
    assert np.nanmax(certificate.agent_gain) <= 1e-12
    assert set(found.profile[~tree.is_chance].tolist()) <= {0.0, 1.0}
    # a single choice turned is noticed at its own set, on the path of play or off it
    h = int(np.flatnonzero((tree.set_player > 0) & (np.diff(tree.set_first) > 1))[-1])
    off = found.profile.copy()
    span = slice(tree.set_first[h], tree.set_first[h + 1])
    off[span] = np.roll(off[span], 1)
    assert certify_tree(tree, off).agent_gain[h] > 1e-6


def test_the_centipede_stops_at_once() -> None:
    tree = centipede(6)
    found = solve_backward(tree)
    assert found.values.tolist() == pytest.approx([0.4, 0.1])
    assert found.profile.tolist() == [1.0, 0.0] * 6


def test_ties_are_counted_and_the_first_is_taken() -> None:
    tree = build("tie", ["A", "B"], move("A", "a", l=move("B", "b", x=pays(1, 0), y=pays(2, 0)), r=pays(0, 5)))
    found = solve_backward(tree)
    assert found.facts["indifferent"] == 1
    assert found.values.tolist() == [1.0, 0.0]


def test_hidden_moves_are_refused() -> None:
    tree = beer_quiche("9/10")
    assert hidden_set(tree) >= 0 > hidden_set(centipede(4))
    with pytest.raises(ScenarioError, match="X414"):
        solve_backward(tree)
