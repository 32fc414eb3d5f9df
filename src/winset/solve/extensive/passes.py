"""Passes over a tree: payoffs of actions, and products with the derivative of the logit equations.

The unknowns are the logarithms ℓ of the probabilities of actions. With μ_n the probability of node n given that its
information set h has been reached and V_i the expected payoff to the player who moves there,

    U_a = Σ_{n in h} μ_n V_i(child of n by a),      F_a(ℓ, λ) = ℓ_a - log softmax_h(λ U)_a .

The derivative of F in ℓ is I - B - L. B collects how the values below a set move (they depend on what is played
deeper), L how beliefs at it do (they depend on what was played before). Where all nodes of a set have the same depth,
B is triangular in one order of depths and L in the other, so one pass up the tree applies the inverse of I - B
and one pass down that of I - L, without any matrix. Sets whose nodes differ in depth keep their rows apart, in a
remainder R: the derivative is I - B - L - R.

In all kernels axis letters are those of `winset.tree.tree`. Chance's actions are carried along with a change of zero.
"""

from __future__ import annotations

from collections import namedtuple

import numpy as np

from winset.game.kernels import inner, kernel
from winset.tree.tree import CHANCE, Tree

# What never changes. `at_level` lists the sets whose nodes share a depth, `at_first[d]` where those of depth d begin;
# `spread` lists the players' other sets; `several[h]` says whether a player's set has more than one node.
Board = namedtuple(
    "Board",
    ["player", "infoset", "parent", "first", "level", "arrived", "set_first", "at_level", "at_first", "spread",
     "several", "moves"],
)  # fmt: skip

# What is computed: probabilities p and softmax(λU) `soft` (A,), beliefs `mu` (N,), values `v` (N, P), payoffs `u` (A,);
# and the changes of these in one direction: `dv` (N, P), `dr` (N,) of log reach, `du` (A,), `mean` (H,).
Work = namedtuple("Work", ["p", "soft", "mu", "v", "u", "dv", "dr", "du", "mean", "top"])


def make_board(tree: Tree) -> Board:
    """The arrays of a tree as the passes want them."""
    depth = np.repeat(np.arange(tree.depth, dtype=np.int32), np.diff(tree.level))
    inner_nodes = np.flatnonzero(tree.infoset >= 0)
    sets = tree.infoset[inner_nodes]
    low = np.full(tree.sets, tree.depth, dtype=np.int32)
    high = np.full(tree.sets, -1, dtype=np.int32)
    np.minimum.at(low, sets, depth[inner_nodes])
    np.maximum.at(high, sets, depth[inner_nodes])
    mine = tree.set_player != CHANCE
    even = np.flatnonzero(mine & (low == high))
    even = even[np.argsort(low[even], kind="stable")]
    at_first = np.searchsorted(low[even], np.arange(tree.depth + 1))
    counts = np.bincount(sets, minlength=tree.sets)
    return Board(
        tree.player, tree.infoset, tree.parent, tree.first, tree.level, tree.arrived, tree.set_first,
        even.astype(np.int64), at_first.astype(np.int64), np.flatnonzero(mine & (low != high)),
        mine & (counts > 1), mine,
    )  # fmt: skip


def make_work(tree: Tree) -> Work:
    """Room for the passes: linear in nodes."""
    n, a, h, players = tree.nodes, tree.actions, tree.sets, len(tree.players)
    return Work(
        np.where(tree.is_chance, tree.chance, 0.0), np.where(tree.is_chance, tree.chance, 0.0), np.zeros(n),
        tree.node_payoff(), np.zeros(a), np.zeros((n, players)), np.zeros(n), np.zeros(a), np.zeros(h), np.zeros(h),
    )  # fmt: skip


@inner
def _beliefs(b, ell, w):
    """Fills p and mu."""
    for h in range(b.moves.size):
        if b.moves[h]:
            for a in range(b.set_first[h], b.set_first[h + 1]):
                w.p[a] = np.exp(ell[a])
    w.dr[0] = 0.0
    for n in range(1, b.player.size):
        w.dr[n] = w.dr[b.parent[n]] + ell[b.arrived[n]]
    w.top[:] = -np.inf
    w.mean[:] = 0.0
    for n in range(b.player.size):
        if b.player[n] > 0 and b.several[b.infoset[n]]:
            w.top[b.infoset[n]] = max(w.top[b.infoset[n]], w.dr[n])
    for n in range(b.player.size):
        if b.player[n] > 0:
            h = b.infoset[n]
            if b.several[h]:
                w.mu[n] = np.exp(w.dr[n] - w.top[h]) if w.dr[n] > -np.inf else 0.0
                w.mean[h] += w.mu[n]
            else:
                w.mu[n] = 1.0
    for n in range(b.player.size):
        if b.player[n] > 0 and b.several[b.infoset[n]]:
            w.mu[n] /= w.mean[b.infoset[n]]


@inner
def _values(b, paid, w):
    """Fills v and u, from the last node to the first."""
    w.u[:] = 0.0
    players = w.v.shape[1]
    for n in range(b.player.size - 1, -1, -1):
        who = b.player[n]
        if who < 0:
            continue
        a0 = b.set_first[b.infoset[n]] - b.first[n]
        for i in range(players):
            w.v[n, i] = paid[n, i]
        for c in range(b.first[n], b.first[n + 1]):
            share = w.p[a0 + c]
            for i in range(players):
                w.v[n, i] += share * w.v[c, i]
            if who > 0:
                w.u[a0 + c] += w.mu[n] * w.v[c, who - 1]


@inner
def evaluate(b, paid, ell, lam, w, f):
    """F(ℓ, λ) into f; returns the largest of its entries without sign."""
    _beliefs(b, ell, w)
    _values(b, paid, w)
    worst = 0.0
    for h in range(b.moves.size):
        if not b.moves[h]:
            continue
        begin, end = b.set_first[h], b.set_first[h + 1]
        top = -np.inf
        for a in range(begin, end):
            top = max(top, lam * w.u[a])
        total = 0.0
        for a in range(begin, end):
            w.soft[a] = np.exp(lam * w.u[a] - top)
            total += w.soft[a]
        whole = top + np.log(total)
        for a in range(begin, end):
            w.soft[a] /= total
            f[a] = ell[a] - lam * w.u[a] + whole
            worst = max(worst, abs(f[a]))
            if np.isnan(f[a]):
                worst = np.inf
    return worst


@inner
def payoff_slope(b, w, out):
    """dF/dλ = -(U_a - Σ softmax U) into out."""
    for h in range(b.moves.size):
        if b.moves[h]:
            mean = 0.0
            for a in range(b.set_first[h], b.set_first[h + 1]):
                mean += w.soft[a] * w.u[a]
            for a in range(b.set_first[h], b.set_first[h + 1]):
                out[a] = mean - w.u[a]


@inner
def _respond(b, h, lam, w, r, out):
    """out_h = r_h + λ (dU_h less its mean under softmax)."""
    mean = 0.0
    for a in range(b.set_first[h], b.set_first[h + 1]):
        mean += w.soft[a] * w.du[a]
    for a in range(b.set_first[h], b.set_first[h + 1]):
        out[a] = r[a] + lam * (w.du[a] - mean)


@inner
def sweep_up(b, lam, w, r, out):
    """Out = (I - B)⁻¹ r; leaves the change of values along out in `dv`, and of payoffs by values in `du`."""
    w.du[:] = 0.0
    for h in b.spread:
        for a in range(b.set_first[h], b.set_first[h + 1]):
            out[a] = r[a]
    players = w.v.shape[1]
    for d in range(b.level.size - 2, -1, -1):
        for n in range(b.level[d], b.level[d + 1]):
            who = b.player[n]
            if who > 0:
                a0 = b.set_first[b.infoset[n]] - b.first[n]
                for c in range(b.first[n], b.first[n + 1]):
                    w.du[a0 + c] += w.mu[n] * w.dv[c, who - 1]
        for k in range(b.at_first[d], b.at_first[d + 1]):
            _respond(b, b.at_level[k], lam, w, r, out)
        for n in range(b.level[d], b.level[d + 1]):
            if b.player[n] < 0:
                continue
            a0 = b.set_first[b.infoset[n]] - b.first[n]
            for i in range(players):
                w.dv[n, i] = 0.0
            for c in range(b.first[n], b.first[n + 1]):
                share = w.p[a0 + c]
                moved = out[a0 + c]
                for i in range(players):
                    w.dv[n, i] += share * (moved * w.v[c, i] + w.dv[c, i])


@inner
def less_beliefs(b, lam, w, x, out):
    """Takes (L + R) x from out, right after `sweep_up` has left x."""
    for k in range(b.at_level.size):
        h = b.at_level[k]
        if b.several[h]:
            for a in range(b.set_first[h], b.set_first[h + 1]):
                w.du[a] = 0.0
    w.mean[:] = 0.0
    w.dr[0] = 0.0
    for n in range(b.player.size):
        who = b.player[n]
        if who < 0:
            continue
        if n > 0:
            w.dr[n] = w.dr[b.parent[n]] + x[b.arrived[n]]
        h = b.infoset[n]
        if who > 0 and b.several[h]:
            a0 = b.set_first[h] - b.first[n]
            moved = w.mu[n] * w.dr[n]
            w.mean[h] += moved
            for c in range(b.first[n], b.first[n + 1]):
                w.du[a0 + c] += moved * w.v[c, who - 1]
    for h in range(b.moves.size):
        if b.several[h]:
            mean = 0.0
            for a in range(b.set_first[h], b.set_first[h + 1]):
                w.du[a] -= w.mean[h] * w.u[a]
                mean += w.soft[a] * w.du[a]
            for a in range(b.set_first[h], b.set_first[h + 1]):
                out[a] -= lam * (w.du[a] - mean)


@inner
def normalize(b, ell):
    """Shifts ℓ at each player's set so that probabilities add up to one."""
    for h in range(b.moves.size):
        if b.moves[h]:
            begin, end = b.set_first[h], b.set_first[h + 1]
            top = -np.inf
            for a in range(begin, end):
                top = max(top, ell[a])
            total = 0.0
            for a in range(begin, end):
                total += np.exp(ell[a] - top)
            whole = top + np.log(total)
            for a in range(begin, end):
                ell[a] -= whole


@kernel
def regret(b, w):
    """The most that one set gains by its best action, where it is reached, after `evaluate`."""
    worst = 0.0
    for h in range(b.moves.size):
        if b.moves[h]:
            best, mean = -np.inf, 0.0
            for a in range(b.set_first[h], b.set_first[h + 1]):
                best = max(best, w.u[a])
                mean += w.p[a] * w.u[a]
            worst = max(worst, best - mean)
    return worst


@kernel
def residual(b, paid, ell, lam, w, f):
    """`evaluate` for Python."""
    return evaluate(b, paid, ell, lam, w, f)
