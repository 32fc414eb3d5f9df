"""What a solved cell hands on: strategies from which Bayes' rule can be read off in floating point.

What others learn from an action is the ratio of its probabilities between types. Two things would spoil it: an action
that every type takes with a probability too small for a number, and payoffs so steep in the posterior that
rounding shows.
"""

from __future__ import annotations

import numpy as np

from winset.game.kernels import inner

FAINT = 1e-290
"""Least probability of an action, over types, that is handed on: below it floating point would lose the ratio between
types, which is what others learn from the action."""


@inner
def fit_posteriors(count, ell, full, choice):
    """Makes the posteriors of the strategies choice[2, A] those of full[A] to the last digit.

    Where payoffs are steep in the posterior (a step of the strategies to come, times a high precision) rounding in
    the payoffs alone would move the posterior, and that the payoffs, visibly. Weights w = choice[1] are changed to
    w (1 + a + b e), e = exp(full - ell), so that w and w e both sum to one."""
    s0, s1, s2 = 0.0, 0.0, 0.0
    for o in range(count):
        e, w = np.exp(full[o] - ell), choice[1, o]
        s0, s1, s2 = s0 + w, s1 + w * e, s2 + w * e * e
    det = s0 * s2 - s1 * s1
    # where types hardly differ there is little to learn from, and little to mend
    if not (np.isfinite(det) and det > 1e-4 * s1 * s1):
        return
    r0, r1 = 1.0 - s0, 1.0 - s1
    a, b = (r0 * s2 - r1 * s1) / det, (s0 * r1 - s1 * r0) / det
    if not abs(a) < 1e-6:
        return
    for o in range(count):
        e = np.exp(full[o] - ell)
        choice[1, o] *= 1.0 + a + b * e
        choice[0, o] = choice[1, o] * e


@inner
def raise_faint_pair(line, ell, full, q, choice, gamma):
    """Raises what neither type of a line does with probability FAINT, keeping the ratio; fills gamma[K, A]."""
    for a in range(line.size[0]):
        if max(choice[0, a], choice[1, a]) < FAINT:
            shift = full[a] - ell if np.isfinite(ell) else q[0, a] - q[1, a]
            gamma[0, line.action[a]] = FAINT * np.exp(min(0.0, shift))
            gamma[1, line.action[a]] = FAINT * np.exp(min(0.0, -shift))


@inner
def raise_faint(st, s, cell, gamma):
    """Raises what no type does with probability FAINT, keeping its ratio between types."""
    for j in range(st.player.size):
        for a in range(st.actions[j]):
            if st.available[s, j, a] == 0:
                continue
            top = -np.inf
            for th in range(st.types[st.player[j]]):
                top = max(top, cell.logs[j, th, a])
            if top < np.log(FAINT):
                for th in range(st.types[st.player[j]]):
                    gamma[j, th, a] = FAINT * np.exp(cell.logs[j, th, a] - top)
