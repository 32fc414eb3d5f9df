"""The same λ, the same branch: points of the logit path against Gambit's tracing, where pygambit is installed."""

from __future__ import annotations

import io

import numpy as np
import pytest

from oracles.logit_games import FOLDED, GAMES
from winset.solve.extensive.logit import solve_logit
from winset.tree.efg_write import efg_text
from winset.tree.ranges import payoff_range
from winset.tree.tree import Tree

gambit = pytest.importorskip("pygambit", reason="pygambit is not installed: nothing to compare with")
pytestmark = pytest.mark.oracle

SHARE = (2.0, 10.0, 50.0)
"""λ times the range of payoffs."""


def _order(tree: Tree, game: object) -> list[int]:
    """Where Gambit keeps each action of a tree; both trees are walked together."""
    places = {
        action: k
        for k, action in enumerate(a for p in game.players for s in p.infosets for a in s.actions)  # type: ignore[attr-defined]
    }
    out, todo = [-1] * tree.actions, [(0, game.root)]  # type: ignore[attr-defined]
    while todo:
        n, node = todo.pop()
        if tree.player[n] < 0:
            continue
        base = int(tree.set_first[tree.infoset[n]])
        for k, (action, child) in enumerate(zip(node.infoset.actions, node.children, strict=True)):
            out[base + k] = places.get(action, -1)
            todo.append((int(tree.first[n]) + k, child))
    return out


@pytest.mark.parametrize("name", GAMES | FOLDED)
def test_the_path_is_gambits(name: str) -> None:
    tree = (GAMES | FOLDED)[name]()
    game = gambit.read_efg(io.BytesIO(efg_text(tree).encode()))
    place = _order(tree, game)
    asked = [share / payoff_range(tree) for share in SHARE]
    path = solve_logit(tree, precision=asked).path
    assert path is not None
    for lam, theirs in zip(asked, gambit.qre.logit_solve_lambda(game, lam=asked), strict=True):
        ours = path.probability[int(np.flatnonzero(path.precision == lam)[0])]
        got = np.array([float(theirs[place[a]]) for a in path.kept])
        assert abs(theirs.lam - lam) < 1e-7
        assert np.max(np.abs(got - ours)) < 1e-6
    if name in FOLDED:
        assert len(path.folds) > 0


def test_there_are_enough_games() -> None:
    assert len(GAMES | FOLDED) >= 38
