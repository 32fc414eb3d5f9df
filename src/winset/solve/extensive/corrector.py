"""Newton on the logit equations of a tree, and the direction of their path: compiled, without a matrix."""

from __future__ import annotations

import numpy as np

from winset.game.kernels import inner, kernel
from winset.solve.extensive.krylov import solve_bordered
from winset.solve.extensive.passes import evaluate, normalize, payoff_slope

MOST_NEWTON = 12
DIVERGED, CONVERGED = 0, 1
LEAST_CONTRACTION = 0.5
"""A corrector whose steps shrink by less than this is given up,"""
WORTH_TESTING = 1e-4
"""as long as they are larger than this: below, linear systems solved roughly and rounding set the rate."""


@inner
def _largest(z, scale, count):
    worst = 0.0
    for i in range(count):
        worst = max(worst, scale[i] * abs(z[i]))
    return worst


@kernel
def correct(b, paid, ell, lam, level, border, scale, tolerance, linear, restarts, reach, w, s, f, right, step):
    """Newton from (ell, lam) onto the equilibria whose row of the border has the value `level`.

    Args:
        b, paid, w, s: `Board`, payoffs at nodes, `Work`, `Space`.
        ell: (A,) log-probabilities, changed in place.
        lam: λ at first.
        level: value of row · ℓ + corner λ to keep.
        border: `Border`; its slope is filled here.
        scale: (A + 1,) weights with which changes are measured.
        tolerance: of the largest residual.
        linear: relative tolerance of linear systems.
        restarts: of GMRES.
        reach: the first change may be at most this, in the weights of `scale`.
        f, right, step: room, (A,) and twice (A + 1,).

    Returns:
        CONVERGED or DIVERGED, λ, residual, Newton steps, products, size of the first change, worst contraction.
    """
    a = ell.size
    used, first, before, worst = 0, 0.0, np.inf, 0.0
    found = evaluate(b, paid, ell, lam, w, f)
    for k in range(MOST_NEWTON):
        if found <= tolerance:
            return CONVERGED, lam, found, k, used, first, worst
        if not np.isfinite(found):
            break
        payoff_slope(b, w, border.slope)
        kept = level - border.corner * lam
        for i in range(a):
            kept -= border.row[i] * ell[i] if border.row[i] != 0.0 else 0.0
            right[i] = -f[i]
        right[a] = kept
        products, left = solve_bordered(b, w, lam, border, right, linear, restarts, s, step)
        used += products
        size = _largest(step, scale, a + 1)
        if k == 0:
            first = size
        if not (size <= reach) or left > 0.1:
            break
        if k > 0 and before > WORTH_TESTING:
            worst = max(worst, size / before)
            if size > LEAST_CONTRACTION * before:
                break
        before = size
        for i in range(a):
            ell[i] += step[i]
        lam += step[a]
        normalize(b, ell)
        was = found
        found = evaluate(b, paid, ell, lam, w, f)
        if k > 3 and found > 0.5 * was and found <= 1e3 * tolerance:
            return CONVERGED, lam, found, k + 1, used, first, worst  # as far as rounding lets it
    return DIVERGED, lam, found, MOST_NEWTON, used, first, worst


@kernel
def direction(b, paid, ell, lam, border, linear, restarts, w, s, f, right, out):
    """The tangent at (ell, lam) whose product with the border's row is 1, into out (A + 1,).

    Returns (products used, relative residual)."""
    evaluate(b, paid, ell, lam, w, f)
    payoff_slope(b, w, border.slope)
    right[:] = 0.0
    right[ell.size] = 1.0
    return solve_bordered(b, w, lam, border, right, linear, restarts, s, out)


@kernel
def normalized(b, ell):
    """`normalize` for Python."""
    normalize(b, ell)
