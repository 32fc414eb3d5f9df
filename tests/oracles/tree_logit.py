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
    children = [range(tree.first[n], tree.first[n + 1]) for n in range(tree.nodes)]
    below = list(tree.node_payoff().astype(p.dtype))
    for n in reversed(range(tree.nodes)):
        for c in children[n]:
            below[n] = below[n] + p[tree.arrived[c]] * below[c]
    reach = np.ones(tree.nodes, dtype=p.dtype)
    for n in range(1, tree.nodes):
        reach[n] = reach[tree.parent[n]] * p[tree.arrived[n]]
    out = np.zeros(tree.actions, dtype=p.dtype)
    for n in np.flatnonzero(tree.player > CHANCE):
        share = reach[n] / np.sum(reach[tree.infoset == tree.infoset[n]])
        for c in children[n]:
            out[tree.arrived[c]] += share * below[c][tree.player[n] - 1]
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


def newton(tree: Tree, z: Array, row: Array, level: float) -> Array | None:
    """The solution with row · z = level near z, or None."""
    for _ in range(12):
        right = np.append(-equations(tree, z), level - row @ z)
        step = np.linalg.solve(np.vstack([jacobian(tree, z), row]), right)
        if np.max(np.abs(step)) > 0.5:
            return None
        z = z + step
        if np.max(np.abs(step)) < 1e-12:
            return z
    return None


def path(tree: Tree, lam: float, most: float = 0.25) -> tuple[Array, int]:
    """The point of the principal branch that first has this λ: ℓ of the players' actions; and the folds before it."""
    mine = np.flatnonzero(~tree.is_chance)
    z = np.append(np.log(tree.uniform()[mine]), 0.0)
    tangent = np.linalg.svd(jacobian(tree, z))[2][-1]
    tangent *= np.sign(tangent[-1])
    folds, step = 0, most
    while True:
        assert step > 1e-6
        new = newton(tree, z + step * tangent, tangent, float(tangent @ z) + step)
        if new is None:
            step /= 2
            continue
        turned = np.linalg.svd(jacobian(tree, new))[2][-1]
        turned *= np.sign(turned @ tangent)
        if turned @ tangent < 0.98:
            step /= 2
            continue
        if new[-1] >= lam:
            last = np.zeros(len(z))
            last[-1] = 1.0
            end = newton(tree, z + (lam - z[-1]) / (new[-1] - z[-1]) * (new - z), last, lam)
            assert end is not None
            return end[:-1], folds
        folds += int(turned[-1] * tangent[-1] < 0)
        z, tangent, step = new, turned, min(most, 1.5 * step)
