"""Linear systems of the logit path without a matrix: GMRES (Saad and Schultz 1986) between two passes over the tree.

The system is that of the derivative I - B - L - R of `passes`, bordered by the slope in λ and by one row that fixes
where on the path the solution lies, so that it stays regular at folds. It is preconditioned by I - B on the right
and I - L on the left, and then one product needs just one pass up and one down (Eisenstat 1981): with y = (I - B)⁻¹ z,

    (I - L)⁻¹ (I - B - L - R) (I - B)⁻¹ z  =  y + (I - L)⁻¹ (z - y - R y) .

Where nothing depends on beliefs (perfect information) that is the identity, and where no set's nodes differ in depth
the values below a set are accounted for exactly whatever the depth of the tree.
"""

from __future__ import annotations

from collections import namedtuple

import numpy as np

from winset.game.kernels import inner
from winset.solve.extensive.passes import less_beliefs, sweep_up

# Room for GMRES: `basis` (K + 1, A + 1), the Hessenberg matrix, its rotations and right side; three vectors (A + 1).
Space = namedtuple("Space", ["basis", "hess", "turn", "side", "x", "y", "t"])

# The border: slope in λ (A,), weights of the row (A,) and of λ in it.
Border = namedtuple("Border", ["slope", "row", "corner"])


def make_space(actions: int, most: int) -> Space:
    """Room for GMRES with at most this many vectors between restarts."""
    return Space(
        np.zeros((most + 1, actions + 1)), np.zeros((most + 1, most)), np.zeros((2, most)), np.zeros(most + 1),
        np.zeros(actions + 1), np.zeros(actions + 1), np.zeros(actions + 1),
    )  # fmt: skip


@inner
def dot(x, y):
    """Σ x y, in four sums so that it runs in vector instructions."""
    n = x.size
    s0, s1, s2, s3 = 0.0, 0.0, 0.0, 0.0
    for i in range(0, n - 3, 4):
        s0 += x[i] * y[i]
        s1 += x[i + 1] * y[i + 1]
        s2 += x[i + 2] * y[i + 2]
        s3 += x[i + 3] * y[i + 3]
    for i in range(n - n % 4, n):
        s0 += x[i] * y[i]
    return (s0 + s1) + (s2 + s3)


@inner
def product(b, w, lam, border, z, s, out):
    """The preconditioned bordered system times z, into out; all have A + 1 entries, the last that of λ."""
    a = border.row.size
    step = z[a]
    sweep_up(b, lam, w, z, s.y)
    along = border.corner * step
    for i in range(a):
        out[i] = z[i] + step * border.slope[i]
        along += border.row[i] * s.y[i]
    less_beliefs(b, lam, w, s.y, out)
    out[a] = along


@inner
def _orthogonal(s, k):
    """Takes from vector k + 1 of the basis its parts along the vectors before (modified Gram-Schmidt), scales it."""
    new = s.basis[k + 1]
    for j in range(k + 1):
        old = s.basis[j]
        part = dot(old, new)
        s.hess[j, k] = part
        for i in range(new.size):
            new[i] -= part * old[i]
    size = np.sqrt(dot(new, new))
    s.hess[k + 1, k] = size
    if size > 0.0:
        for i in range(new.size):
            new[i] /= size


@inner
def _rotate(s, k):
    """Makes column k of the Hessenberg matrix triangular; returns the size of the residual that is left."""
    for j in range(k):
        above, below = s.hess[j, k], s.hess[j + 1, k]
        s.hess[j, k] = s.turn[0, j] * above + s.turn[1, j] * below
        s.hess[j + 1, k] = s.turn[0, j] * below - s.turn[1, j] * above
    size = np.hypot(s.hess[k, k], s.hess[k + 1, k])
    if size == 0.0:
        return np.inf
    s.turn[0, k], s.turn[1, k] = s.hess[k, k] / size, s.hess[k + 1, k] / size
    s.hess[k, k] = size
    s.side[k + 1] = -s.turn[1, k] * s.side[k]
    s.side[k] *= s.turn[0, k]
    return abs(s.side[k + 1])


@inner
def _collect(s, count):
    """Adds the combination of `count` basis vectors that GMRES found to x."""
    for k in range(count - 1, -1, -1):
        for j in range(k + 1, count):
            s.side[k] -= s.hess[k, j] * s.side[j]
        s.side[k] /= s.hess[k, k]
    for k in range(count):
        weight, vector = s.side[k], s.basis[k]
        for i in range(s.x.size):
            s.x[i] += weight * vector[i]


@inner
def solve_bordered(b, w, lam, border, right, tolerance, restarts, s, out):
    """[I - B - L - R, slope; row, corner] out = right, to a relative tolerance of the preconditioned residual.

    Returns (products used, relative residual). `right` and `out` have A + 1 entries.
    """
    a = border.row.size
    s.x[:] = 0.0
    start, left, used = 0.0, 1.0, 0
    for turn in range(restarts + 1):
        first = s.basis[0]
        if turn == 0:
            for i in range(a + 1):
                first[i] = right[i]
        else:
            product(b, w, lam, border, s.x, s, first)
            for i in range(a + 1):
                first[i] = right[i] - first[i]
            used += 1
        size = np.sqrt(dot(first, first))
        if turn == 0:
            start = size
        if start == 0.0 or size <= tolerance * start:
            left = 0.0 if start == 0.0 else size / start
            break
        for i in range(a + 1):
            first[i] /= size
        s.side[:] = 0.0
        s.side[0] = size
        count = 0
        for k in range(s.hess.shape[1]):
            product(b, w, lam, border, s.basis[k], s, s.basis[k + 1])
            used += 1
            _orthogonal(s, k)
            closed = s.hess[k + 1, k]
            remains = _rotate(s, k)
            if not np.isfinite(remains):
                break
            count = k + 1
            left = remains / start
            if left <= tolerance or closed == 0.0:
                break
        _collect(s, count)
        if left <= tolerance or count == 0:
            break
    sweep_up(b, lam, w, s.x, s.y)
    for i in range(a):
        out[i] = s.y[i]
    out[a] = s.x[a]
    return used, left
