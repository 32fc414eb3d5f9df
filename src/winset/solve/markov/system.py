"""The equations of a stationary logit equilibrium, and their derivative with the strategies eliminated state by state.

Unknowns are log-probabilities β_i(s, a) and values V_i(s). With σ = exp β, what a joint action is worth to player i,
w_i(s, c) = u_i(s, c) + δ_i(s) Σ P(s' | s, c) V_i(s'), and its mean Q_i(s, a) over what the others do,

    f = β_i(s, ·) - log softmax(λ_i Q_i(s, ·)) = 0,        g = V_i(s) - Σ_c σ(s, c) w_i(s, c) = 0:

the equations of Eibelshäuser and Poensgen (2019), with the first in a form that needs no action of reference. States
meet only in V. So a Newton step first solves for the changes of β in each state (blocks of some four unknowns), which
leaves one equation for each player and state: I - Σ_c G(s, c) P(s' | s, c), of the P S by P S numbers of which one
matrix product makes all.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from winset.game.game import Floats
from winset.game.markov import MarkovGame, Rows

TINY = 1e-150
"""Smaller probabilities count as 0, but for their logarithms: products of them would be slow, denormal numbers."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Evaluated:
    """The equations at a point: `f` (P, S, A), `g` (P, S), and what they are made of.

    `y` the point, its probabilities summing to 1; `sigma` (P, S, A) these; `others` (P, S, C) the probability of what
    the others do in c; `worth` (P, S, C); `q` (P, S, A); `response` (P, S, A) softmax(λ Q)."""

    y: Floats
    f: Floats
    g: Floats
    sigma: Floats
    others: Floats
    worth: Floats
    q: Floats
    response: Floats

    @property
    def residual(self) -> float:
        """The largest of the equations' errors, in log-probabilities and in units of the values."""
        return float(max(np.abs(self.f).max(), np.abs(self.g).max()))


class System:
    """The equations of one game; λ_i = λ · weight_i.

    A point is one vector y: β (P, S, A) row-major, 0 where there is no action; then V (P, S); then λ."""

    def __init__(self, game: MarkovGame, weights: Floats) -> None:
        self.game, self.weights = game, weights
        self.count, self.size, self.joint = len(game.players), len(game.states), game.own.shape[1]
        self.width = max(game.widths)
        self.shape = self.count, self.size, self.width
        self.cut = self.count * self.size * self.width
        self.there = game.available
        self.shut = None if self.there.all() else np.where(self.there, 0.0, -np.inf)
        self.spread = np.stack([np.arange(self.width)[:, None] == own for own in game.own]).astype(float)
        self.fold = np.ascontiguousarray(self.spread.transpose(0, 2, 1))
        cells = {(i, j): a * self.width + b for i, a in enumerate(game.own) for j, b in enumerate(game.own) if i != j}
        self.pair = {key: (np.arange(self.width**2) == cell[:, None]).astype(float) for key, cell in cells.items()}
        self.rows = game.transition if isinstance(game.transition, Rows) else None
        self.table: Any = None if self.rows else game.transition

    def beta(self, y: Floats) -> Floats:
        """(P, S, A) log-probabilities of a point, or changes of them, as a view."""
        return y[: self.cut].reshape(self.shape)

    def values(self, y: Floats) -> Floats:
        """(P, S) values of a point, or changes of them, as a view."""
        return y[self.cut : -1].reshape(self.shape[:2])

    def sigma(self, y: Floats) -> Floats:
        """(P, S, A) probabilities of a point."""
        return np.where(self.there, np.exp(self.beta(y)), 0.0)

    def start(self) -> Floats:
        """The equilibrium at λ = 0: everybody plays at random."""
        sigma = self.game.uniform()
        beta = np.log(np.where(self.there, sigma, 1.0))
        return np.concatenate([beta.ravel(), self.worth_of(sigma).ravel(), [0.0]])

    def worth_of(self, sigma: Floats) -> Floats:
        """(P, S) what a profile is worth: a linear system for each player."""
        sure = self.joint_probability(sigma)
        chain = self.mixed(sure[None])[0]
        paid = np.einsum("psc,sc->ps", self.game.payoff, sure)
        eye = np.eye(self.size)
        return np.stack(
            [np.linalg.solve(eye - d[:, None] * chain, u) for d, u in zip(self.game.discount, paid, strict=True)]
        )

    def dense_transition(self) -> Floats:
        """(S, C, S) the transition probabilities as one array."""
        return self.table if self.rows is None else self.rows.dense(self.size)

    def joint_probability(self, sigma: Floats, *, without: tuple[int, ...] = ()) -> Floats:
        """(S, C) probability of the joint action, the strategies of some players left out."""
        out = np.ones((self.size, self.joint))
        for i, own in enumerate(self.game.own):
            if i not in without:
                out *= sigma[i][:, own]
        return out

    def others(self, sigma: Floats) -> Floats:
        """(P, S, C) probability of what the others than each player do in a joint action."""
        if self.count == 2:
            return np.stack([sigma[1][:, self.game.own[1]], sigma[0][:, self.game.own[0]]])
        return np.stack([self.joint_probability(sigma, without=(i,)) for i in range(self.count)])

    def mixed(self, weight: Floats) -> Floats:
        """(k, S, S) Σ_c weight[k, s, c] P(s' | s, c)."""
        if self.rows is None:
            return (weight[:, :, None, :] @ self.table)[:, :, 0, :]
        cell = self.rows.row // self.joint * self.size + self.rows.target
        each = weight.reshape(len(weight), -1)[:, self.rows.row] * self.rows.probability
        out = np.stack([np.bincount(cell, e, self.size**2) for e in each])
        return np.asarray(out.reshape(-1, self.size, self.size), dtype=np.float64)

    def at(self, y: Floats) -> Evaluated:
        """The equations at a point, after its probabilities have been made to sum to 1: values would feel their sum
        times the worth of the whole game."""
        values = self.values(y)
        beta, sigma = self._softmax(self.beta(y))
        others = self.others(sigma)
        worth = self.game.payoff + self.game.discount[:, :, None] * self.game.expected(values)
        q = np.matmul(others * worth, self.fold)
        logit, response = self._softmax((y[-1] * self.weights)[:, None, None] * q)
        if self.shut is not None:
            beta, logit = np.where(self.there, beta, 0.0), np.where(self.there, logit, 0.0)
        return Evaluated(
            y=np.concatenate([beta.ravel(), y[self.cut :]]),
            f=beta - logit,
            g=values - (sigma * q).sum(axis=2),
            sigma=sigma,
            others=others,
            worth=worth,
            q=q,
            response=response,
        )

    def _softmax(self, logit: Floats) -> tuple[Floats, Floats]:
        """Logarithms and values of probabilities in proportion to exp(logit)."""
        out = logit if self.shut is None else logit + self.shut
        out = out - out.max(axis=2, keepdims=True)
        weight = np.exp(out)
        weight[weight < TINY] = 0.0
        total = weight.sum(axis=2, keepdims=True)
        weight /= total
        out -= np.log(total)
        return out, weight


class Linear:
    """The derivative at a point: `solve` gives Newton's step and the direction of the path at once."""

    def __init__(self, system: System, here: Evaluated) -> None:
        self.system, self.here = system, here
        self.lam = here.y[-1] * system.weights
        there = 1.0 if system.shut is None else system.there
        self.heat = self.lam[:, None, None] * there
        self.ahead = here.q - (here.response * here.q).sum(axis=2, keepdims=True)
        """(P, S, A) -∂f/∂λ"""
        self.ahead *= system.weights[:, None, None] * there
        self.faded = system.game.discount[:, :, None] * here.others
        self.block = self._block()
        """(S, P A, P A) ∂f/∂β in each state"""
        self.inverse = np.linalg.inv(self.block)
        self.effect = self._value_row() @ self.inverse
        """(S, P, P A) what a change of -f does to the values, through the strategies of the state"""
        self.matrix = self._reduced()
        """(P S, P S) the equations that are left, rows by (player, state)"""

    def _block(self) -> Floats:
        """(S, P A, P A) ∂f/∂β in each state."""
        system, here = self.system, self.here
        P, S, A = system.shape
        out = np.zeros((S, P, A, P, A))
        out.reshape(S, -1)[:, :: P * A + 1] = 1.0
        for i, j in system.pair:
            inner = here.worth[i] if P == 2 else here.worth[i] * system.joint_probability(here.sigma, without=(i, j))
            mean = (inner @ system.pair[i, j]).reshape(S, A, A)
            mean -= here.response[i][:, None, :] @ mean
            mean *= here.sigma[j][:, None, :]
            mean *= -self.heat[i][:, :, None]
            out[:, i, :, j, :] = mean
        return out.reshape(S, P * A, P * A)

    def _value_row(self) -> Floats:
        """(S, P, P A) -∂g_i/∂β_j(b) = σ_j(b) E(w_i | j plays b)."""
        system, here = self.system, self.here
        P, S, A = system.shape
        out = np.empty((S, P, P, A))
        for j in range(P):
            mean = (here.others[j] * here.worth) @ system.fold[j]
            out[:, :, j, :] = (here.sigma[j] * mean).transpose(1, 0, 2)
        return out.reshape(S, P, P * A)

    def _reduced(self) -> Floats:
        system, here = self.system, self.here
        P, S, A = system.shape
        effect = np.ascontiguousarray(self.effect.reshape(S, P, P, A).transpose(1, 2, 0, 3))
        k = effect - here.response * effect.sum(axis=3, keepdims=True)
        k *= -self.lam[:, None, None]
        weight = np.empty((P, S, P, system.joint))
        for i in range(P):
            k[i, i] -= here.sigma[i]
        for j, own in enumerate(system.game.own):
            np.multiply(k[:, j][:, :, own], self.faded[j], out=weight[:, :, j])
        if system.rows is None:
            out = np.matmul(weight, system.table).reshape(P * S, P * S)
        else:
            mixed = system.mixed(weight.transpose(0, 2, 1, 3).reshape(P * P, S, -1))
            out = mixed.reshape(P, P, S, S).transpose(0, 2, 1, 3).reshape(P * S, P * S)
        out.reshape(-1)[:: P * S + 1] += 1.0
        return out

    def solve(self, held: int | None = None) -> Floats:
        """(2, n) Newton's step, and the direction of the path.

        Args:
            held: the coordinate that the step leaves as it is and that the direction moves by 1; None for λ."""
        system, here = self.system, self.here
        P, S, A = system.shape
        right: Any = np.empty((P, S, 2))
        both = np.stack([-here.f, self.ahead], axis=-1).transpose(1, 0, 2, 3).reshape(S, P * A, 2)
        right[:] = (self.effect @ both).transpose(1, 0, 2)
        right[:, :, 0] -= here.g
        right = right.reshape(P * S, 2)
        if held is None:
            found, lams = np.linalg.solve(self.matrix, right), np.array([0.0, 1.0])
        else:
            whole, known = self._bordered(held, right[:, 1])
            right[:, 1] = 0.0
            both_found = np.linalg.solve(whole, np.append(right, [[-known, 1.0]], 0))
            found, lams = both_found[:-1], both_found[-1]
        out = np.empty((2, len(here.y)))
        out[:, system.cut : -1], out[:, -1] = found.T, lams
        out[:, : system.cut] = self._back(both, out[:, system.cut : -1].reshape(2, P, S), lams)
        return out

    def orientation(self, held: int | None = None) -> float:
        """Sign of the determinant of all equations with the row that holds a coordinate: along a path it changes only
        together with the direction in which the coordinate moves."""
        matrix = self.matrix
        if held is not None:
            P, S, A = self.system.shape
            ahead = self.ahead.transpose(1, 0, 2).reshape(S, P * A, 1)
            matrix = self._bordered(held, (self.effect @ ahead)[:, :, 0].T.ravel())[0]
        return float(np.prod(np.linalg.slogdet(self.block)[0]) * np.linalg.slogdet(matrix)[0])

    def _bordered(self, held: int, by_lam: Floats) -> tuple[Floats, float]:
        """The matrix with λ as an unknown and the row of a coordinate; and what -f adds to that row."""
        size = len(self.matrix)
        out = np.empty((size + 1, size + 1))
        out[:size, :size], out[:size, size] = self.matrix, -by_lam
        out[size, :size], out[size, size], known = self._row(held)
        return out, known

    def _back(self, both: Floats, values: Floats, lams: Floats) -> Floats:
        """(2, P S A) changes of β, from changes of V (2, P, S) and of λ (2,), to the first of which -f is added."""
        system, here = self.system, self.here
        P, S, A = system.shape
        ahead = system.game.expected(values.reshape(2 * P, S)).reshape(2, P, S, -1)
        q = np.matmul(self.faded * ahead, system.fold)
        q -= (here.response * q).sum(axis=3, keepdims=True)
        q *= self.heat
        rest = q.transpose(2, 1, 3, 0).reshape(S, P * A, 2) + lams * both[:, :, 1:]
        rest[:, :, 0] += both[:, :, 0]
        return (self.inverse @ rest).reshape(S, P, A, 2).transpose(3, 1, 0, 2).reshape(2, -1)

    def _row(self, held: int) -> tuple[Floats, float, float]:
        """The coordinate as a form on V (P S,) and λ, β being eliminated; and what -f adds to it."""
        system, here = self.system, self.here
        P, S, A = system.shape
        over = np.zeros((P, S))
        if held >= system.cut:
            over.reshape(-1)[held - system.cut] = 1.0
            return over.ravel(), 0.0, 0.0
        i, s, a = np.unravel_index(held, system.shape)
        across = self.inverse[s, i * A + a].reshape(P, A)
        k = self.lam[:, None] * (across - here.response[:, s] * across.sum(axis=1, keepdims=True))
        for j, own in enumerate(system.game.own):
            weight = k[j, own] * self.faded[j, s]
            if system.rows is None:
                over[j] = weight @ system.table[s]
            else:
                part = slice(*system.rows.begin[[s * system.joint, (s + 1) * system.joint]])
                each = weight[system.rows.row[part] - s * system.joint] * system.rows.probability[part]
                over[j] = np.bincount(system.rows.target[part], each, S)
        return over.ravel(), float(np.sum(across * self.ahead[:, s])), -float(np.sum(across * here.f[:, s]))


__all__ = ["Evaluated", "Linear", "System"]
