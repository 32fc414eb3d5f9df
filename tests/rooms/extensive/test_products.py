"""Products without a matrix are those with the matrix, which the dense oracle builds by complex steps."""

from __future__ import annotations

from collections.abc import Callable

import numba
import numpy as np
import pytest

from oracles.logit_games import kuhn, trust, who_moves_first
from oracles.tree_logit import jacobian
from winset.solve.extensive.follow import Follower
from winset.solve.extensive.krylov import Border, product, solve_bordered
from winset.solve.extensive.passes import residual
from winset.tree.random_trees import random_talks, random_tree
from winset.tree.tree import Tree


@numba.njit(error_model="numpy")
def _product(b, w, lam, border, z, s, out):  # type: ignore[no-untyped-def]
    product(b, w, lam, border, z, s, out)


@numba.njit(error_model="numpy")
def _solve(b, w, lam, border, right, s, out):  # type: ignore[no-untyped-def]
    return solve_bordered(b, w, lam, border, right, 1e-13, 2, s, out)


@pytest.mark.parametrize(
    "make",
    [
        lambda: random_tree(3, nodes=40, together=4),
        lambda: random_tree(8, nodes=60, players=3, together=3, chance=0.2),
        lambda: random_tree(1, nodes=40, together=1),
        lambda: random_talks(1, types=3, actions=2, rounds=3),
        kuhn,
        trust,
        who_moves_first,
    ],
)
def test_products_and_solutions_are_those_of_the_derivative(make: Callable[[], Tree]) -> None:
    tree, lam = make(), 3.0
    rng = np.random.default_rng(1)
    follower, mine = Follower(tree), np.flatnonzero(~tree.is_chance)
    ell = follower.start.copy()
    ell[mine] += rng.normal(size=len(mine))
    residual(follower.board, follower.paid, ell, lam, follower.work, follower.room[0])
    dense = jacobian(tree, np.append(ell[mine], lam))
    border = Border(np.zeros(len(ell)), np.zeros(len(ell)), 2.0)
    border.slope[mine], border.row[mine] = dense[:, -1], rng.normal(size=len(mine))
    z, out = np.zeros(len(ell) + 1), np.zeros(len(ell) + 1)
    z[mine], z[-1] = rng.normal(size=len(mine)), 0.7
    _product(follower.board, follower.work, lam, border, z, follower.space, out)
    y = follower.space.y[:-1]
    assert np.allclose(out[mine], dense[:, :-1] @ y[mine] + 0.7 * dense[:, -1], atol=1e-12, rtol=1e-12)
    assert out[-1] == pytest.approx(border.row @ y + 1.4, abs=1e-12)
    assert not np.any(np.delete(out[:-1], mine))
    if not np.any(follower.board.several):  # perfect information: the pass up the tree is the whole inverse
        assert np.allclose(out[mine] - 0.7 * dense[:, -1], z[mine], atol=1e-12)
    _solve(follower.board, follower.work, lam, border, z, follower.space, out)
    whole = np.vstack([dense, np.append(border.row[mine], 2.0)])
    assert np.allclose(whole @ out[np.append(mine, len(ell))], z[np.append(mine, len(ell))], atol=1e-9)
