"""Where the path leads at λ = ∞: a stationary Nash equilibrium on the support that the path points to.

Given who plays which actions, an equilibrium solves polynomial equations: all actions that are played are worth the
same, V_i(s) = Q_i(s, a), and probabilities sum to 1. Newton's method takes the last point of the path to it; that the
others are worth no more is checked.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from winset.game.game import Bools, Floats, Ints
from winset.solve.markov.system import System

MOST_UNKNOWN = 6000
MOST_NEWTON = 12
TOLERANCE = 1e-12


@dataclass(frozen=True, kw_only=True, eq=False)
class Limit:
    """A stationary Nash equilibrium: strategies (P, S, A), values (P, S), the largest error of its equations, and by
    how much the nearest action that is not played is worth less (infinite where all are)."""

    sigma: Floats
    values: Floats
    residual: float
    margin: float


def nash_near(system: System, sigma: Floats, values: Floats, played: Bools) -> Limit | None:
    """The equilibrium with this support that Newton's method finds; None where it finds none, or it is none.

    Args:
        system: of the game.
        sigma: (P, S, A) to begin with.
        values: (P, S) likewise.
        played: (P, S, A) the support.
    """
    mixed = played & (played.sum(axis=2, keepdims=True) > 1)
    where = np.flatnonzero(mixed.ravel())
    count, size = values.shape
    if count * size + len(where) > MOST_UNKNOWN:
        return None
    sigma = np.where(played, sigma, 0.0)
    sigma /= sigma.sum(axis=2, keepdims=True)
    scale, before = max(1.0, float(np.abs(values).max())), np.inf
    for k in range(MOST_NEWTON + 1):
        here = _Nash(system, sigma, values)
        wrong = here.wrong(mixed)
        left = float(np.max(np.abs(wrong)))
        if left <= TOLERANCE * scale:
            break
        if k == MOST_NEWTON or not left < (10.0 * scale if k < 2 else 0.5 * before):
            return None
        before = left
        try:
            step = np.linalg.solve(here.derivative(where), -wrong)
        except np.linalg.LinAlgError:
            return None
        values = values + step[: count * size].reshape(count, size)
        sigma = sigma.copy()
        sigma.reshape(-1)[where] += step[count * size :]
    gain = np.where(system.there & ~played, values[:, :, None] - here.q, np.inf)
    margin = float(gain.min())
    if sigma.min() < 0.0 or margin < -TOLERANCE * scale:
        return None
    return Limit(sigma=sigma, values=values, residual=left, margin=margin)


class _Nash:
    """The equations at a profile and values: V = the mean worth of what is played; of a mixed player's actions each but
    the first is worth what the first is, and their probabilities sum to 1."""

    def __init__(self, system: System, sigma: Floats, values: Floats) -> None:
        self.system, self.sigma, self.values = system, sigma, values
        self.others = system.others(sigma)
        self.worth = system.game.payoff + system.game.discount[:, :, None] * system.game.expected(values)
        self.q = np.matmul(self.others * self.worth, system.fold)

    def wrong(self, mixed: Bools) -> Floats:
        """Errors: (P S) of the values, then one for each probability that is free."""
        first = np.argmax(mixed, axis=2)
        lead = np.take_along_axis(self.q, first[:, :, None], axis=2)
        error = lead - self.q
        np.put_along_axis(error, first[:, :, None], self.sigma.sum(axis=2, keepdims=True) - 1.0, axis=2)
        value = self.values - np.einsum("psa,psa->ps", self.sigma, self.q)
        return np.concatenate([value.ravel(), error[mixed]])

    def derivative(self, where: Ints) -> Floats:
        """The matrix of derivatives by values and by free probabilities; `where`: their places, flat."""
        system, sigma, game = self.system, self.sigma, self.system.game
        P, S, _ = sigma.shape
        n, m = P * S, len(where)
        out = np.zeros((n + m, n + m))
        sure = system.joint_probability(sigma)
        chain = system.mixed(sure[None])[0]
        for k in range(P):
            out[k * S : k * S + S, k * S : k * S + S] = np.eye(S) - game.discount[k][:, None] * chain
        if not m:
            return out
        i, s, a = (np.asarray(x) for x in np.unravel_index(where, sigma.shape))
        lead = np.append(True, (i[1:] != i[:-1]) | (s[1:] != s[:-1]))
        first = a[np.maximum.accumulate(np.where(lead, np.arange(m), 0))]
        spread = system.spread
        weight = self.others[i, s] * (spread[i, first] - spread[i, a]) * game.discount[i, s][:, None]
        block = np.zeros((m, P, S))
        block[np.arange(m), i] = (weight[:, None, :] @ system.dense_transition()[s])[:, 0]
        out[n:, :n] = np.where(lead[:, None], 0.0, block.reshape(m, n))
        cross = self._cross()
        row, column = np.nonzero(s[:, None] == s)
        same = i[row] == i[column]
        one, two = row[same & lead[row]], column[same & lead[row]]
        out[n + one, n + two] = 1.0
        one, two = row[~same & ~lead[row]], column[~same & ~lead[row]]
        at = (i[one], i[two], s[one])
        out[n + one, n + two] = cross[(*at, first[one], a[two])] - cross[(*at, a[one], a[two])]
        for j in range(P):
            mean = np.einsum("ma,ma->m", sigma[j, s], cross[j, i, s, :, a])
            out[j * S + s, n + np.arange(m)] = -np.where(i == j, self.q[i, s, a], mean)
        return out

    def _cross(self) -> Floats:
        """(P, P, S, A, A): what i expects where i plays a and j plays b."""
        system = self.system
        P, S, A = self.sigma.shape
        out = np.zeros((P, P, S, A, A))
        for i, j in system.pair:
            inner = self.worth[i] * system.joint_probability(self.sigma, without=(i, j))
            out[i, j] = (inner @ system.pair[i, j]).reshape(S, A, A)
        return out


__all__ = ["Limit", "nash_near"]
