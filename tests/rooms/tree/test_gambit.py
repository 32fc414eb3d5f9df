"""Gambit reads what is written, and finds in it the same game; it is not needed, and skipped where it is missing."""

from __future__ import annotations

import io
from fractions import Fraction
from typing import Any

import pytest

import winset
from oracles.random_games import random_game
from oracles.trees import CARD, absent_minded, card, forgetful, random_tree
from winset.tree.efg_read import parse_efg
from winset.tree.efg_write import efg_text
from winset.tree.from_game import unfold
from winset.tree.nfg import nfg_text, parse_nfg
from winset.tree.recall import recall
from winset.tree.tree import Tree

gambit = pytest.importorskip("pygambit", reason="needs the oracle pygambit")
pytestmark = pytest.mark.oracle

GAMES = {
    "card": lambda: parse_efg(CARD),
    "myerson": card,
    **{f"random {s}": lambda s=s: random_tree(s) for s in range(15)},
    **{name: lambda name=name: unfold(winset.compile_game(winset.read(name))).tree
       for name in ("beer-quiche", "spence", "centipede", "chain-store", "matching-pennies")},
    **{f"game {s}": lambda s=s: unfold(_net(s)).tree for s in range(6)},
}  # fmt: skip


def _net(seed: int) -> Any:
    from dataclasses import replace

    return replace(random_game(seed), shocks=False)


def _exact(number: Any) -> Fraction:
    return Fraction(str(number))


@pytest.mark.parametrize("name", list(GAMES))
def test_gambit_reads_the_same_game(name: str) -> None:
    tree = parse_efg(efg_text(GAMES[name]()))
    other = gambit.read_efg(io.StringIO(efg_text(tree)))
    assert (other.title, [p.label for p in other.players]) == (tree.title, list(tree.players))
    assert other.is_perfect_recall == recall(tree).perfect
    _compare(tree, other)


def _compare(tree: Tree, other: Any) -> None:
    """Node by node: who moves, at which set, by which actions, with what probabilities and payoffs."""
    sets: dict[Any, int] = {}
    waiting = [(0, other.root)]
    while waiting:
        n, node = waiting.pop()
        children = list(node.children)
        assert len(children) == tree.first[n + 1] - tree.first[n]
        assert tree.exact_payoff is not None
        if tree.outcome[n] >= 0:
            paid = [_exact(node.outcome[p]) for p in other.players]
            assert paid == list(tree.exact_payoff[tree.outcome[n]])
        else:
            assert not node.outcome  # none, or the empty one
        if children:
            h = int(tree.infoset[n])
            assert sets.setdefault(node.infoset, h) == h
            span = slice(int(tree.set_first[h]), int(tree.set_first[h + 1]))
            actions = list(node.infoset.actions)
            assert [a.label for a in actions] == list(tree.action_label[span])
            if tree.player[n] == 0:
                assert node.player.is_chance
                assert tree.exact_chance is not None
                assert [_exact(a.prob) for a in actions] == list(tree.exact_chance[span])
            else:
                assert node.player.label == tree.players[tree.player[n] - 1]
        waiting += [(int(tree.first[n]) + i, child) for i, child in enumerate(children)]


@pytest.mark.parametrize("make", [forgetful, absent_minded])
def test_gambit_finds_the_same_to_be_forgetful(make: Any) -> None:
    assert not gambit.read_efg(io.StringIO(efg_text(make()))).is_perfect_recall


def test_gambit_reads_the_same_tables() -> None:
    from winset.tree.tree import NormalForm

    texts = ['NFG 1 R "a" { "A" "B" } { 2 3 } 1 2 3 4 5 6 7 8 9 1/3 0.1 12',
             'NFG 1 R "b" { "A" "B" } { { "u" "d" } { "l" "r" } } { { "x" 1, 2 } { "y" 3, 4 } } 1 2 2 1']  # fmt: skip
    for text in texts:
        table = parse_nfg(text)
        assert isinstance(table, NormalForm)
        for written in (text, nfg_text(table)):
            other = gambit.read_nfg(io.StringIO(written))
            arrays = other.to_arrays(dtype=float)
            for mine, theirs in zip(table.payoff, arrays, strict=True):
                assert mine.tolist() == theirs.tolist()
