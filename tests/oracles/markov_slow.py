"""Stationary logit equilibria in plain loops: the equations as written, derivatives by differences, small steps in λ.

Shares no code with the solver. For games with a handful of states whose path does not fold."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from typing import Any

import numpy as np

Array = np.ndarray
Spot = tuple[int, int, int]


class Slow:
    """A game as lists: payoffs[s] (P, A_1, …, A_P), transitions[s] (A_1, …, A_P, S), one discount for each player."""

    def __init__(self, payoffs: Sequence[Any], transitions: Sequence[Any], discount: Sequence[float]) -> None:
        self.payoffs = [np.asarray(u, float) for u in payoffs]
        self.transitions = [np.asarray(t, float) for t in transitions]
        self.discount = list(discount)
        self.players, self.states = len(self.discount), len(self.payoffs)
        self.spots: list[Spot] = [
            (i, s, a)
            for i in range(self.players)
            for s in range(self.states)
            for a in range(self.payoffs[s].shape[1 + i])
        ]
        self.place = {spot: k for k, spot in enumerate(self.spots)}

    def split(self, z: Array) -> tuple[dict[Spot, float], dict[tuple[int, int], float]]:
        """Log-probabilities and values of a vector."""
        n = len(self.spots)
        values = {(i, s): float(z[n + i * self.states + s]) for i in range(self.players) for s in range(self.states)}
        return {spot: float(z[k]) for spot, k in self.place.items()}, values

    def worth(self, beta: dict[Spot, float], values: dict[tuple[int, int], float], spot: Spot) -> float:
        """What an action is worth to its player."""
        i, s, a = spot
        total = 0.0
        for c in product(*(range(n) for n in self.payoffs[s].shape[1:])):
            if c[i] != a:
                continue
            weight = 1.0
            for j, b in enumerate(c):
                if j != i:
                    weight *= np.exp(beta[j, s, b])
            ahead = sum(self.transitions[s][(*c, t)] * values[i, t] for t in range(self.states))
            total += weight * (self.payoffs[s][(i, *c)] + self.discount[i] * ahead)
        return total

    def wrong(self, z: Array, lam: float) -> Array:
        """Errors of the equations: β_a - β_b = λ (Q_a - Q_b), probabilities sum to 1, V = mean of Q."""
        beta, values = self.split(z)
        out = []
        for i in range(self.players):
            for s in range(self.states):
                mine = [spot for spot in self.spots if spot[:2] == (i, s)]
                q = [self.worth(beta, values, spot) for spot in mine]
                out.append(sum(np.exp(beta[spot]) for spot in mine) - 1.0)
                out += [beta[spot] - beta[mine[0]] - lam * (x - q[0]) for spot, x in zip(mine[1:], q[1:], strict=True)]
                out.append(values[i, s] - sum(np.exp(beta[spot]) * x for spot, x in zip(mine, q, strict=True)))
        return np.array(out)

    def solve(self, lam: float, steps: int = 6) -> tuple[dict[Spot, float], dict[tuple[int, int], float]]:
        """Probabilities and values at λ, by Newton's method in so many steps from λ = 0."""
        z = np.zeros(len(self.spots) + self.players * self.states)
        for spot, k in self.place.items():
            z[k] = -np.log(self.payoffs[spot[1]].shape[1 + spot[0]])
        for step in range(steps + 1):
            at = lam * step / steps
            for _ in range(60):
                f = self.wrong(z, at)
                if np.max(np.abs(f)) < 1e-10:
                    break
                jacobian = np.empty((len(f), len(z)))
                for k in range(len(z)):
                    h = np.zeros(len(z))
                    h[k] = 1e-6
                    jacobian[:, k] = (self.wrong(z + h, at) - self.wrong(z - h, at)) / 2e-6
                z = z - np.linalg.solve(jacobian, f)
            else:
                raise AssertionError(f"no equilibrium found at λ = {at:g}")
        beta, values = self.split(z)
        return {spot: float(np.exp(b)) for spot, b in beta.items()}, values
