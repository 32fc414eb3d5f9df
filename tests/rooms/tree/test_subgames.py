"""Where subgames begin, and the tree cut up at them: against the definition, node by node."""

from __future__ import annotations

import numpy as np
import pytest

from oracles.logit_games import beer_quiche, trust
from winset.tree.checks import checked
from winset.tree.files import read_game
from winset.tree.from_table import tree_of_table
from winset.tree.nfg import parse_nfg
from winset.tree.random_trees import random_talks, random_tree
from winset.tree.subgames import actions_of, begins, cut_out, pieces
from winset.tree.tree import TERMINAL, Tree


def below(tree: Tree, node: int) -> set[int]:
    found = [node]
    for n in found:
        found += range(tree.first[n], tree.first[n + 1])
    return set(found)


def by_definition(tree: Tree) -> list[bool]:
    """No set of a player has nodes both among what follows a node and elsewhere."""
    out = []
    for n in range(tree.nodes):
        inside = below(tree, n)
        sets = {int(tree.infoset[m]) for m in inside if tree.player[m] > 0}
        whole = all(m in inside for m in range(tree.nodes) if tree.infoset[m] in sets and tree.player[m] > 0)
        out.append(whole and tree.player[n] != TERMINAL)
    return out


TREES = {
    **{f"random-{s}": lambda s=s: random_tree(s, nodes=60, together=2 + s % 3) for s in range(6)},
    "perfect": lambda: random_tree(1, nodes=60, together=1),
    "talks": lambda: random_talks(1, types=2, actions=2, rounds=3),
    "beer": lambda: beer_quiche("9/10"),
    "trust": trust,
}


@pytest.mark.parametrize("name", TREES)
def test_subgames_begin_where_the_definition_says(name: str) -> None:
    tree = TREES[name]()
    assert begins(tree).tolist() == by_definition(tree)


@pytest.mark.parametrize("name", TREES)
def test_pieces_make_up_the_tree(name: str) -> None:
    tree = TREES[name]()
    parts = pieces(tree)
    assert parts.root[0] == 0
    seen = np.zeros(tree.nodes, dtype=int)
    for k in range(len(parts.root)):
        nodes = parts.of(k)
        assert nodes[0] == parts.root[k] and np.all(np.diff(nodes) > 0)
        seen[nodes[1:]] += 1
        piece, sets = cut_out(tree, nodes, tree.node_payoff())
        checked(piece)
        assert int(np.sum(piece.player != TERMINAL)) == parts.inner[k]
        assert np.array_equal(piece.set_player, tree.set_player[sets])
        assert len(actions_of(tree, sets)) == piece.actions
        inside = [int(np.flatnonzero(parts.root == n)[0]) for n in nodes[1:] if n in set(parts.root.tolist())]
        assert parts.rank[k] == 1 + max((int(parts.rank[j]) for j in inside), default=-1)
    assert seen[0] == 0 and np.all(seen[1:] == 1)


def test_a_set_of_chance_holds_no_subgame_together() -> None:
    """Chance's nodes may share a set in a file: nobody has to guess at which of them chance is."""
    text = (
        'EFG 2 R "coins" { "A" "B" } p "" 1 1 "" { "x" "y" } 0 {coin} p "" 2 1 "" { "l" "r" } 0 t "" 1 "" { 1, 0 } '
        't "" 2 "" { 0, 1 } t "" 3 "" { 0, 0 } {coin} p "" 2 {set} "" { "l" "r" } 0 t "" 1 t "" 2 t "" 3'
    ).replace("{coin}", 'c "" 1 "" { "h" 1/2 "t" 1/2 } 0')
    for number, count in ((2, 5), (1, 1)):  # the second player's nodes in two sets, and in one
        tree = read_game(text.replace("{set}", str(number)))
        assert isinstance(tree, Tree)
        assert begins(tree).sum() == count and begins(tree).tolist() == by_definition(tree)


def test_a_table_as_a_tree_pays_the_same() -> None:
    form = parse_nfg('NFG 1 R "t" { "A" "B" "C" } { 2 3 2 } ' + " ".join(str(k) for k in range(36)), "t")
    tree = tree_of_table(form)
    ends = np.flatnonzero(tree.player == TERMINAL)
    assert tree.sets == 3 and len(ends) == 12 and len(begins(tree).nonzero()[0]) == 1
    for n in ends:
        cell = tuple(int(a - tree.set_first[tree.set_of[a]]) for a in tree.path(int(n)))
        assert np.array_equal(tree.payoff[tree.outcome[n]], form.payoff[(slice(None), *cell)])
        assert tree.exact_payoff is not None
        assert [float(x) for x in tree.exact_payoff[tree.outcome[n]]] == form.payoff[(slice(None), *cell)].tolist()
