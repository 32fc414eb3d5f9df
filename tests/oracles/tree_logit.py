"""Agent logit equilibria of small trees by other means: dense matrices, plain recursion, tiny steps.

Payoffs of actions are taken from the definition, node by node; derivatives by complex steps; the path by Euclidean
pseudo-arclength with a singular value decomposition at every point. Slow, and shares no code with the package.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from winset.tree.tree import CHANCE, Tree

Array = NDArray[np.float64]


def payoffs(tree: Tree, p: Array) -> Array:
    """(A,) what each action is worth at its set under the probabilities p (complex ones for derivatives)."""
    paid = tree.node_payoff()

    def below(n: int) -> Array:
        out = paid[n].astype(p.dtype)
        for c in range(tree.first[n], tree.first[n + 1]):
            out = out + p[tree.arrived[c]] * below(c)
        return out

    reach = np.ones(tree.nodes, dtype=p.dtype)
    for n in range(1, tree.nodes):
        reach[n] = reach[tree.parent[n]] * p[tree.arrived[n]]
    out = np.zeros(tree.actions, dtype=p.dtype)
    for h in range(tree.sets):
        nodes = np.flatnonzero(tree.infoset == h)
        if tree.set_player[h] == CHANCE:
            continue
        for n in nodes:
            for c in range(tree.first[n], tree.first[n + 1]):
                share = reach[n] / sum(reach[m] for m in nodes)
                out[tree.arrived[c]] += share * below(c)[tree.set_player[h] - 1]
    return out


def equations(tree: Tree, z: Array) -> Array:
    """The logit equations at z = (ℓ of the players' actions, λ)."""
    mine = np.flatnonzero(~tree.is_chance)
    p = np.where(tree.is_chance, tree.chance, 0).astype(z.dtype)
    p[mine] = np.exp(z[:-1])
    u = z[-1] * payoffs(tree, p)
    out = np.zeros(tree.actions, dtype=z.dtype)
    for h in range(tree.sets):
        span = slice(tree.set_first[h], tree.set_first[h + 1])
        top = u[span].real.max()
        out[span] = -u[span] + top + np.log(np.sum(np.exp(u[span] - top)))
    return z[:-1] + out[mine]


def jacobian(tree: Tree, z: Array) -> Array:
    """Its derivative, by complex steps."""
    columns = []
    for i in range(len(z)):
        moved = z.astype(complex)
        moved[i] += 1e-30j
        columns.append(equations(tree, moved).imag / 1e-30)
    return np.array(columns).T


def newton(tree: Tree, z: Array, row: Array, level: float) -> Array:
    """The solution with row · z = level near z."""
    for _ in range(30):
        right = np.append(-equations(tree, z), level - row @ z)
        step = np.linalg.solve(np.vstack([jacobian(tree, z), row]), right)
        z = z + step
        if np.max(np.abs(step)) < 1e-13:
            break
    return z


def path(tree: Tree, lam: float, step: float = 0.1) -> tuple[Array, int]:
    """The point of the principal branch that first has this λ: ℓ of the players' actions; and the folds before it."""
    mine = np.flatnonzero(~tree.is_chance)
    z = np.append(np.log(tree.uniform()[mine]), 0.0)
    tangent = np.linalg.svd(jacobian(tree, z))[2][-1]
    tangent *= np.sign(tangent[-1])
    folds = 0
    while True:
        new = newton(tree, z + step * tangent, tangent, float(tangent @ z) + step)
        if new[-1] >= lam:
            last = np.zeros(len(z))
            last[-1] = 1.0
            share = (lam - z[-1]) / (new[-1] - z[-1])
            return newton(tree, z + share * (new - z), last, lam)[:-1], folds
        turned = np.linalg.svd(jacobian(tree, new))[2][-1]
        turned *= np.sign(turned @ tangent)
        folds += int(turned[-1] * tangent[-1] < 0)
        z, tangent = new, turned
