"""The logit path of a tree from λ = 0, followed in arclength.

Predictor and corrector (Allgower and Georg 1990; Turocy 2005, 2010 for the logit equations in logarithms). The
parameter is not Euclid's length, in which one set in a million that folds would turn the path within a millionth of
a step: lengths are measured by the largest change of one log-probability or of λ, and the row that fixes
a point is the gradient of the eighth-power mean at the tangent, which leans on the coordinates that move most: λ itself
on straight stretches, those of the folding set near a fold.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from winset.solve.extensive.corrector import CONVERGED, correct, direction, normalized
from winset.solve.extensive.krylov import Border, make_space
from winset.solve.extensive.passes import make_board, make_work, regret, residual
from winset.tree.ranges import payoff_range
from winset.tree.tree import Floats, Tree

POWER = 8
FIRST_STEP = 0.25
MOST_AWAY = 0.2
"""A step is taken only if the corrector moved the prediction by less than this share of it,"""
MOST_SHIFT = 0.25
"""and by less than this in any log-probability (less where it is far below zero),"""
MOST_TURN = 0.4
"""and the tangent turned by less than this, in the measure in which it has length 1."""
GROWTH = 2.5
LEAST_STEP = 1e-9
LINEAR = 1e-4
RELATIVE = 20.0
"""Changes are relative where a log-probability, or λ times the range of payoffs, is larger than this."""
VECTORS, FEW = 60, 400
"""Vectors that GMRES keeps between restarts: the first for large trees, at most the second for small ones."""
POINT_TOLERANCE = 1e-9


@dataclass(kw_only=True, eq=False)
class Point:
    """A point of the path: ℓ (A,), λ, residual; `ahead`: the sign of dλ along the path."""

    ell: Floats
    lam: float
    residual: float
    ahead: float = 1.0


class Follower:
    """Follows the path of one tree; `steps` yields its points in order, `at` solves at a λ near one of them."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self.board, self.work = make_board(tree), make_work(tree)
        self.paid = tree.node_payoff()
        a = tree.actions
        mine = int(np.sum(~tree.is_chance)) + 1
        self.restarts = 3 if mine > FEW else 1
        self.space = make_space(a, max(2, min(mine, FEW if a <= 20_000 else VECTORS)))
        self.room = np.zeros(a), np.zeros(a + 1), np.zeros(a + 1)
        self.range = payoff_range(tree)
        self.count = {"newton": 0, "products": 0, "rejected": 0}
        with np.errstate(divide="ignore"):
            self.start = np.log(tree.uniform())

    def tolerance(self, lam: float, wanted: float) -> float:
        """What of a tolerance rounding leaves at a λ."""
        return max(wanted, 1e-14 * (10.0 + lam * self.range))

    def residual(self, ell: Floats, lam: float) -> float:
        """The largest |ℓ - log softmax(λ U)|."""
        return float(residual(self.board, self.paid, ell, lam, self.work, self.room[0]))

    def regret(self, point: Point) -> float:
        """The most that one set gains by its best action, where it is reached."""
        self.residual(point.ell, point.lam)
        return float(regret(self.board, self.work))

    def values(self, point: Point) -> Floats:
        """(P,) expected payoffs."""
        self.residual(point.ell, point.lam)
        return self.work.v[0].copy()

    def _scale(self, ell: Floats, lam: float) -> Floats:
        out = np.zeros(len(ell) + 1)
        mine = ~self.tree.is_chance
        out[:-1][mine] = 1.0 / (1.0 + np.abs(ell[mine]) / RELATIVE)
        out[-1] = self.range / (1.0 + lam * self.range / RELATIVE)
        return out

    def _correct(
        self, ell: Floats, lam: float, level: float, border: Border, scale: Floats, wanted: float, reach: float
    ) -> tuple[Any, ...]:
        found = correct(
            self.board, self.paid, ell, lam, level, border, scale, self.tolerance(lam, wanted), LINEAR, self.restarts,
            reach, self.work, self.space, *self.room,
        )  # fmt: skip
        self.count["newton"] += found[3]
        self.count["products"] += found[4]
        return found

    def at(self, lam: float, ell: Floats, wanted: float = 1e-12, reach: float = 2.0) -> Point | None:
        """The equilibrium at exactly this λ that Newton finds from ℓ, or None."""
        ell = ell.copy()
        normalized(self.board, ell)
        border = Border(np.zeros(len(ell)), np.zeros(len(ell)), 1.0)
        status, _, left, *_ = self._correct(ell, lam, lam, border, self._scale(ell, lam), wanted, reach)
        return Point(ell=ell, lam=lam, residual=left) if status == CONVERGED else None

    def _tangent(self, ell: Floats, lam: float, border: Border) -> Floats | None:
        out = np.zeros(len(ell) + 1)
        used, left = direction(
            self.board, self.paid, ell, lam, border, LINEAR, self.restarts, self.work, self.space, *self.room[:2], out
        )
        self.count["products"] += used
        return out if left < 0.1 and np.all(np.isfinite(out)) else None

    def steps(self) -> Iterator[Point]:
        """The points after λ = 0, in order, without end; stops where no step succeeds any more."""
        a = self.tree.actions
        ell, lam, step = self.start.copy(), 0.0, FIRST_STEP
        border = Border(np.zeros(a), np.zeros(a), 1.0)
        tangent = self._tangent(ell, lam, border)
        bend = np.zeros(a + 1)
        while tangent is not None:
            scale = self._scale(ell, lam)
            length = float(np.max(scale * np.abs(tangent)))
            tangent, bend = tangent / length, bend / length**2
            row = _row(scale, tangent)
            taken = self._step(ell, lam, tangent, bend, row, scale, step)
            if taken is None:
                self.count["rejected"] += 1
                step /= 2.5
                if step < LEAST_STEP:
                    return
                continue
            point, new, share = taken
            bend = (new - tangent) / step
            yield point
            ell, lam, tangent = point.ell, point.lam, new
            step *= min(GROWTH, max(0.5, share))

    def _step(
        self, ell: Floats, lam: float, tangent: Floats, bend: Floats, row: Floats, scale: Floats, step: float
    ) -> tuple[Point, Floats, float] | None:
        """One step of a length: the point, its tangent, by how much the step may grow; None if it fails a test."""
        move = step * tangent + 0.5 * step * step * bend
        guess, at = ell + move[:-1], lam + move[-1]
        if at < 0.0:
            return None
        normalized(self.board, guess)
        level = float(_inner(row[:-1], guess) + row[-1] * at)
        border = Border(np.zeros(len(ell)), row[:-1], row[-1])
        reach = min(MOST_SHIFT, MOST_AWAY * step)
        status, at, left, _, _, first, worst = self._correct(guess, at, level, border, scale, POINT_TOLERANCE, reach)
        if status != CONVERGED or at < 0.0:
            return None
        new = self._tangent(guess, at, border)
        if new is None:
            return None
        length = float(np.max(scale * np.abs(new)))
        turn = float(np.max(scale * np.abs(new / length - tangent)))
        if turn > MOST_TURN:
            return None
        share = min(
            (0.3 * reach / max(first, 1e-12)) ** (1 / 3), 0.5 * MOST_TURN / max(turn, 1e-12), 0.2 / max(worst, 1e-12)
        )
        return Point(ell=guess, lam=at, residual=left, ahead=float(np.sign(new[-1]))), new, share


def _inner(row: Floats, ell: Floats) -> float:
    used = row != 0.0
    return float(np.dot(row[used], ell[used]))


def _row(scale: Floats, tangent: Floats) -> Floats:
    """The row whose product with the tangent is 1 and that leans on its largest entries."""
    size = scale * np.abs(tangent)
    weight = np.sign(tangent) * scale * size ** (POWER - 1)
    return np.asarray(weight / np.dot(weight, tangent))
