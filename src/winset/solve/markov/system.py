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

import numpy as np

from winset.game.game import Floats, Ints
from winset.game.markov import MarkovGame, Rows


@dataclass(frozen=True, kw_only=True, eq=False)
class Point:
    """β (P, S, A), -inf where there is no action; V (P, S); λ; the tangent there, if known."""

    beta: Floats
    values: Floats
    lam: float
    residual: float = float("nan")


@dataclass(frozen=True, kw_only=True, eq=False)
class Move:
    """A direction: changes of β (P, S, A), of V (P, S) and of λ."""

    beta: Floats
    values: Floats
    lam: float

    def times(self, factor: float) -> Move:
        """The direction, longer or shorter."""
        return Move(beta=self.beta * factor, values=self.values * factor, lam=self.lam * factor)


@dataclass(frozen=True, kw_only=True, eq=False)
class Evaluated:
    """The equations at a point: `f` (P, S, A), `g` (P, S), and what they are made of.

    `sigma` (P, S, A), `others` (P, S, C) the probability of what the others do in c, `worth` (P, S, C), `q` (P, S, A),
    `response` (P, S, A) softmax(λ Q)."""

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
        return float(max(np.max(np.abs(self.f)), np.max(np.abs(self.g))))


class System:
    """The equations of one game; λ_i = λ · weight_i."""

    def __init__(self, game: MarkovGame, weights: Floats) -> None:
        self.game, self.weights = game, weights
        self.count, self.size, self.joint = len(game.players), len(game.states), game.own.shape[1]
        self.width = max(game.widths)
        self.there = game.available
        self.shut = np.where(self.there, 0.0, -np.inf)
        self.spread = np.stack([np.arange(self.width)[:, None] == own for own in game.own]).astype(float)
        self.fold = np.ascontiguousarray(self.spread.transpose(0, 2, 1))
        cells = {(i, j): a * self.width + b for i, a in enumerate(game.own) for j, b in enumerate(game.own) if i != j}
        self.pair = {key: (np.arange(self.width**2)[:, None] == cell).astype(float) for key, cell in cells.items()}
        self.rows = game.transition if isinstance(game.transition, Rows) else None

    def start(self) -> Point:
        """The equilibrium at λ = 0: everybody plays at random."""
        sigma = self.game.uniform()
        with np.errstate(divide="ignore"):
            beta = np.log(sigma)
        return Point(beta=beta, values=self.worth_of(sigma), lam=0.0)

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
        return self.game.transition if self.rows is None else self.rows.dense(self.size)

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
            return (weight[:, :, None, :] @ self.game.transition)[:, :, 0, :]
        cell = self.rows.row // self.joint * self.size + self.rows.target
        each = weight.reshape(len(weight), -1)[:, self.rows.row] * self.rows.probability
        return np.stack([np.bincount(cell, e, self.size**2) for e in each]).reshape(-1, self.size, self.size)

    def normalized(self, point: Point) -> Point:
        """The point with probabilities that sum to 1; values feel their sum times the worth of the whole game."""
        top = point.beta.max(axis=2, keepdims=True)
        total = np.log(np.sum(np.exp(point.beta - top), axis=2, keepdims=True))
        return Point(beta=point.beta - top - total, values=point.values, lam=point.lam)

    def at(self, point: Point) -> Evaluated:
        """The equations at a point."""
        lam = (point.lam * self.weights)[:, None, None]
        sigma = np.exp(point.beta)
        others = self.others(sigma)
        worth = self.game.payoff + self.game.discount[:, :, None] * self.game.expected(point.values)
        q = np.matmul(others * worth, self.fold)
        logit = lam * q + self.shut
        logit -= logit.max(axis=2, keepdims=True)
        response = np.exp(logit)
        total = response.sum(axis=2, keepdims=True)
        response /= total
        with np.errstate(invalid="ignore"):
            f = np.where(self.there, point.beta - logit + np.log(total), 0.0)
        g = point.values - np.einsum("psa,psa->ps", sigma, q)
        return Evaluated(f=f, g=g, sigma=sigma, others=others, worth=worth, q=q, response=response)

    def linear(self, point: Point, here: Evaluated) -> Linear:
        """The derivative at a point."""
        return Linear(self, point, here)


class Linear:
    """The derivative at a point: `solve` gives Newton's step and the tangent at once."""

    def __init__(self, system: System, point: Point, here: Evaluated) -> None:
        self.system, self.here = system, here
        self.lam = point.lam * system.weights
        P, S, A = here.q.shape
        self.inverse = np.linalg.inv(self._block())
        """(S, P A, P A)"""
        self.answer = np.ascontiguousarray(here.response.transpose(1, 0, 2))
        self.faded = system.game.discount[:, :, None] * here.others
        self.heat = np.where(system.there, self.lam[:, None, None], 0.0)
        toward = here.q - np.einsum("psa,psa->ps", here.response, here.q)[:, :, None]
        self.ahead = np.where(system.there, system.weights[:, None, None] * toward, 0.0)
        """(P, S, A) -∂f/∂λ"""
        self.effect = np.ascontiguousarray((self._value_row() @ self.inverse).reshape(S, P, P, A).transpose(1, 0, 2, 3))
        """(P, S, P, A) what a change of -f does to the values, through the strategies of the state"""
        self.matrix = self._reduced()

    def _block(self) -> Floats:
        """(S, P A, P A) ∂f/∂β in each state."""
        system, here = self.system, self.here
        P, S, A = here.q.shape
        out = np.zeros((S, P, A, P, A))
        for i in range(P):
            for j in range(P):
                if i == j:
                    out[:, i, range(A), i, range(A)] = 1.0
                    continue
                inner = here.worth[i] if P == 2 else here.worth[i] * system.joint_probability(here.sigma, without=(i, j))
                mean = (inner @ system.pair[i, j].T).reshape(S, A, A)
                mean -= np.einsum("sa,sab->sb", here.response[i], mean)[:, None, :]
                mean *= -self.lam[i] * here.sigma[j][:, None, :]
                mean *= system.there[i][:, :, None]
                out[:, i, :, j, :] = mean
        return out.reshape(S, P * A, P * A)

    def _value_row(self) -> Floats:
        """(S, P, P A) -∂g_i/∂β_j(b) = σ_j(b) E(w_i | j plays b)."""
        system, here = self.system, self.here
        P, S, A = here.q.shape
        out = np.empty((S, P, P, A))
        for j in range(P):
            mean = (here.others[j] * here.worth) @ system.spread[j].T
            out[:, :, j, :] = (here.sigma[j] * mean).transpose(1, 0, 2)
        return out.reshape(S, P, P * A)

    def _coefficients(self, effect: Floats) -> Floats:
        """(k, S, P, C): what k combinations of -f at each state take from the values that follow, δ and λ included."""
        system = self.system
        k = self.lam[:, None] * (effect - self.answer * effect.sum(axis=3, keepdims=True))
        out = np.empty((*k.shape[:3], system.joint))
        for j, own in enumerate(system.game.own):
            np.multiply(k[:, :, j, own], self.faded[j], out=out[:, :, j])
        return out

    def _reduced(self) -> Floats:
        """(P S, P S) the equations that are left, rows by (player, state)."""
        system, here = self.system, self.here
        P, S, _ = here.q.shape
        weight = self._coefficients(-self.effect)
        for i, own in enumerate(system.game.own):
            weight[i, :, i, :] -= self.faded[i] * here.sigma[i][:, own]
        if system.rows is None:
            out = np.matmul(weight, system.game.transition).reshape(P * S, P * S)
        else:
            mixed = system.mixed(weight.transpose(0, 2, 1, 3).reshape(P * P, S, -1))
            out = mixed.reshape(P, P, S, S).transpose(0, 2, 1, 3).reshape(P * S, P * S)
        out.reshape(-1)[:: P * S + 1] += 1.0
        return out

    def _back(self, rest: Floats, values: Floats) -> Floats:
        """(2, P, S, A) two changes of β, each from a right side (P, S, A) and changes of V (P, S)."""
        system, here = self.system, self.here
        P, S, A = here.q.shape
        ahead = system.game.expected(values.reshape(2 * P, S)).reshape(2, P, S, -1)
        q = np.matmul(self.faded * ahead, system.fold)
        q -= np.einsum("psa,kpsa->kps", here.response, q)[..., None]
        q *= self.heat
        q += rest
        whole = q.transpose(2, 1, 3, 0).reshape(S, P * A, 2)
        return (self.inverse @ whole).reshape(S, P, A, 2).transpose(3, 1, 0, 2)

    def solve(self, row: Row | None = None, short: float = 0.0) -> tuple[Move, Move]:
        """Newton's step along a row (λ is held without one), and the direction of the path scaled to move the row by 1.

        `short`: what the row is to move by in Newton's step."""
        here = self.here
        P, S, _ = here.q.shape
        fixed = -here.g.ravel() - np.einsum("psja,jsa->ps", self.effect, here.f).ravel()
        moving = np.einsum("psja,jsa->ps", self.effect, self.ahead).ravel()
        lams = np.array([0.0, 1.0])
        if row is None:
            both = np.linalg.solve(self.matrix, np.stack([fixed, moving], axis=1))
        else:
            size = P * S
            whole, right = np.empty((size + 1, size + 1)), np.zeros((size + 1, 2))
            whole[:size, :size], whole[:size, size] = self.matrix, -moving
            whole[size, :size], whole[size, size], known = self._row(row)
            right[:size, 0], right[size] = fixed, (short - known, 1.0)
            both = np.linalg.solve(whole, right)
            both, lams = both[:size], both[size]
        values = np.ascontiguousarray(both.T).reshape(2, P, S)
        rest = lams[:, None, None, None] * self.ahead
        rest[0] -= here.f
        beta = self._back(rest, values)
        return tuple(Move(beta=beta[k], values=values[k], lam=float(lams[k])) for k in (0, 1))  # type: ignore[return-value]

    def _row(self, row: Row) -> tuple[Floats, float, float]:
        """A row over (β, V, λ) with β eliminated: over V (P S,), over λ, and what -f adds."""
        system, here = self.system, self.here
        P, S, A = here.q.shape
        across = (row.beta.transpose(1, 0, 2).reshape(S, 1, P * A) @ self.inverse).reshape(1, S, P, A)
        weight = self._coefficients(across)[0]
        if system.rows is None:
            flat = system.game.transition.reshape(S * system.joint, S)
            over = weight.transpose(1, 0, 2).reshape(P, -1) @ flat
        else:
            each = weight.transpose(1, 0, 2).reshape(P, -1)[:, system.rows.row] * system.rows.probability
            over = np.stack([np.bincount(system.rows.target, e, S) for e in each])
        plain = across[0].transpose(1, 0, 2)
        return (
            over.ravel() + row.values.ravel(),
            row.lam + float(np.sum(plain * self.ahead)),
            -float(np.sum(plain * here.f)),
        )


@dataclass(frozen=True, kw_only=True, eq=False)
class Row:
    """A linear form on (β, V, λ): what a step is measured by."""

    beta: Floats
    values: Floats
    lam: float

    def of(self, move: Move) -> float:
        """Its value on a direction."""
        return float(np.sum(self.beta * move.beta) + np.sum(self.values * move.values)) + self.lam * move.lam


__all__ = ["Evaluated", "Ints", "Linear", "Move", "Point", "Row", "System"]
