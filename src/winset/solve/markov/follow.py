"""The logit path of a Markov game from λ = 0, followed point by point.

Each step moves one coordinate by a chosen amount and solves for the rest (Rheinboldt 1980): λ itself where the path
goes straight, the log-probability or value that changes most where it turns. Predictions are cubic, from the last two
points and the directions of the path there: in the coordinate itself or, far out, in 1/λ, in which β/λ, V and all that
a path leads to are smooth at 0. Of the two the one that has been nearer last is taken.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from winset.game.game import Floats
from winset.solve.markov.system import Move, Point, Row, System

AIM = 0.1
"""Distance of a prediction, in the measure of `Follower.size`, that the length of steps aims at,"""
MOST_AWAY = 0.5
"""and the largest that is taken;"""
MOST_TURN = 1.0
"""a step is refused as well where the direction turns by more,"""
MOST_NEWTON = 6
CONTRACTION = 0.8
"""or a Newton step is longer than this share of the one before."""
LEAN = 0.5
FIRST = 0.3
GROWTH, SHRINK = 3.0, 0.3
LEAST = 1e-10
RELATIVE = 10.0
ROUNDING = 2e-15
POINT_TOLERANCE = 1e-5


@dataclass(frozen=True, kw_only=True, eq=False)
class Mark:
    """A point, the direction of the path there, and how far the prediction was off."""

    point: Point
    ahead: Move
    newton: int = 0


class Follower:
    """Follows one path; `marks` yields its points in order, `exactly` solves at a λ near one of them."""

    def __init__(self, system: System) -> None:
        self.system = system
        self.count = {"newton": 0, "rejected": 0}
        start = system.start()
        here = system.at(start)
        away = np.abs(here.q - np.einsum("psa,psa->ps", here.response, here.q)[:, :, None])
        self.range = float(np.max(np.where(system.there, away, 0.0) * system.weights[:, None, None])) or 1.0
        spread = np.ptp(system.game.payoff, axis=(1, 2))
        self.unit = np.where(spread > 0.0, spread, 1.0)[:, None]
        _, ahead = system.linear(start, here).solve()
        self.first = Mark(point=Point(beta=start.beta, values=start.values, lam=0.0, residual=here.residual), ahead=ahead)

    def scales(self, point: Point) -> tuple[Floats, Floats, float]:
        """What one of each coordinate weighs: changes are relative where a log-probability, or λ, is large."""
        with np.errstate(invalid="ignore"):
            beta = np.where(self.system.there, RELATIVE / np.maximum(RELATIVE, -point.beta), 0.0)
        away = np.maximum(self.unit, np.abs(point.values) / RELATIVE)
        return beta, 1.0 / away, self.range * RELATIVE / max(RELATIVE, point.lam * self.range)

    def size(self, move: Move, scales: tuple[Floats, Floats, float]) -> float:
        """The largest change of a coordinate in a direction."""
        beta, values, lam = scales
        return float(max(np.max(beta * np.abs(move.beta)), np.max(values * np.abs(move.values)), lam * abs(move.lam)))

    def row(self, move: Move, scales: tuple[Floats, Floats, float]) -> Row | None:
        """The coordinate that moves most in a direction; None for λ."""
        beta, values, lam = scales
        in_beta, in_values = beta * np.abs(move.beta), values * np.abs(move.values)
        top = float(max(in_beta.max(), in_values.max()))
        if lam * abs(move.lam) >= LEAN * top:
            return None
        out = Row(beta=np.zeros_like(beta), values=np.zeros_like(values), lam=0.0)
        if in_beta.max() >= in_values.max():
            out.beta[np.unravel_index(int(np.argmax(in_beta)), beta.shape)] = 1.0
        else:
            out.values[np.unravel_index(int(np.argmax(in_values)), values.shape)] = 1.0
        return out

    def correct(self, point: Point, row: Row | None, wanted: float, limit: float) -> Mark | None:
        """Newton's method in the plane of the row through a point; None where it does not converge quickly."""
        scales, system, before = self.scales(point), self.system, limit / CONTRACTION
        ahead: Move | None = None
        for k in range(MOST_NEWTON + 1):
            point = system.normalized(point)
            here = system.at(point)
            if not np.isfinite(here.residual):
                return None
            if here.residual <= max(wanted, self.floor(point)) and ahead is not None:
                return Mark(point=Point(beta=point.beta, values=point.values, lam=point.lam, residual=here.residual), ahead=ahead, newton=k)
            if k == MOST_NEWTON:
                return None
            try:
                step, ahead = system.linear(point, here).solve(row)
            except np.linalg.LinAlgError:
                return None
            self.count["newton"] += 1
            length = self.size(step, scales)
            if not length <= CONTRACTION * before and k < 3:
                return None
            before = length
            point = Point(beta=point.beta + step.beta, values=point.values + step.values, lam=point.lam + step.lam)
        return None

    def floor(self, point: Point) -> float:
        """What rounding leaves of the equations: errors of values, times λ."""
        heavy = max(1.0, point.lam * float(self.system.weights.max()))
        return ROUNDING * heavy * max(1.0, float(np.abs(point.values).max()))

    def exactly(self, near: Point, lam: float, wanted: float = 1e-12) -> Mark | None:
        """The equilibrium at exactly this λ that Newton finds from a point."""
        return self.correct(Point(beta=near.beta, values=near.values, lam=lam), None, wanted, float("inf"))

    def marks(self, stops: Sequence[float] = ()) -> Iterator[Mark]:
        """The points after λ = 0, in order, without end; stops where no step succeeds any more.

        Args:
            stops: rising; the points at which the path first comes to these λ are among those yielded.
        """
        before, now, far, outer, waiting = None, self.first, FIRST, False, [x for x in stops if x > 0.0]
        while True:
            scales = self.scales(now.point)
            ahead = now.ahead.times(1.0 / self.size(now.ahead, scales))
            row = self.row(ahead, scales)
            by = far * (ahead.lam if row is None else row.of(ahead))
            if waiting and row is None and now.point.lam + by > waiting[0]:
                by = waiting[0] - now.point.lam
            taken = self._step(before, now, ahead, row, by, outer)
            hit = None
            if taken and waiting and taken[0].point.lam > waiting[0]:
                hit = self.exactly(_inside(now, taken[0], waiting[0]), waiting[0], POINT_TOLERANCE)
            if taken is None or (hit is None and waiting and taken[0].point.lam > waiting[0]):
                self.count["rejected"] += 1
                far *= SHRINK
                if far < LEAST:
                    return
                continue
            after, off, outer = taken
            far *= min(GROWTH, max(SHRINK, 0.9 * (AIM / max(off, 1e-9)) ** 0.25))
            before, now = now, after
            if hit is not None:
                yield hit
            yield now
            if waiting and now.point.lam >= waiting[0]:
                waiting.pop(0)

    def _step(
        self, before: Mark | None, now: Mark, ahead: Move, row: Row | None, by: float, outer: bool
    ) -> tuple[Mark, float, bool] | None:
        """The next point, how far its prediction was off, and which prediction was the nearer."""
        inner_guess, outer_guess = self._predicted(before, now, ahead, row, by)
        guess = outer_guess if outer and outer_guess is not None else inner_guess
        found = self.correct(guess, row, POINT_TOLERANCE, MOST_AWAY)
        if found is None or found.point.lam < 0.0:
            return None
        sign = 1.0 if by > 0.0 else -1.0
        after = Mark(point=found.point, ahead=found.ahead.times(sign), newton=found.newton)
        scales = self.scales(after.point)
        new = after.ahead.times(1.0 / self.size(after.ahead, scales))
        old = ahead.times(1.0 / self.size(ahead, scales))
        turn = self.size(_minus(new, old), scales)
        off = self.size(_between(guess, after.point), scales)
        if off > MOST_AWAY or turn > MOST_TURN:
            return None
        if outer_guess is not None:
            other = inner_guess if guess is outer_guess else outer_guess
            nearer = self.size(_between(other, after.point), scales) < off
            outer = (guess is outer_guess) != nearer
        return after, off, outer

    def _predicted(
        self, before: Mark | None, now: Mark, ahead: Move, row: Row | None, by: float
    ) -> tuple[Point, Point | None]:
        """Predictions at a change `by` of the coordinate: in the coordinate, and in 1/λ where that can be."""
        along = ahead.times(1.0 / (ahead.lam if row is None else row.of(ahead)))
        linear = _moved(now.point, along, by)
        if before is None:
            return linear, None
        step = _between(before.point, now.point)
        span = step.lam if row is None else row.of(step)
        rate = before.ahead.lam if row is None else row.of(before.ahead)
        if rate == 0.0 or span * by <= 0.0:
            return linear, None
        scales = self.scales(now.point)
        was = before.ahead.times(1.0 / rate)
        if self.size(was, scales) > 5.0 * self.size(along, scales):
            return linear, None
        cubic = _hermite(before.point, now.point, was, along, span, by)
        if row is not None or before.point.lam <= 0.0 or span <= 0.0:
            return cubic, None
        return cubic, _far(before.point, now.point, was, along, now.point.lam + by)


def _hermite(a: Point, b: Point, at_a: Move, at_b: Move, span: float, by: float) -> Point:
    """The cubic through a and b with their directions, continued `by` beyond b; all per unit of the coordinate."""
    beta, values, lam = (
        _cubic(x, y, u, v, span, by)
        for x, y, u, v in (
            (a.beta, b.beta, at_a.beta, at_b.beta),
            (a.values, b.values, at_a.values, at_b.values),
            (a.lam, b.lam, at_a.lam, at_b.lam),
        )
    )
    return Point(beta=beta, values=values, lam=float(lam))


def _cubic(x: Floats, y: Floats, u: Floats, v: Floats, span: float, by: float) -> Floats:
    with np.errstate(invalid="ignore"):
        chord = (y - x) / span
        bent = (v - chord) / span
        twisted = (u - 2.0 * chord + v) / span**2
        # Newton's form with the nodes b, b, a, a
        out = y + by * (v + by * (bent + (by + span) * twisted))
    return np.where(np.isneginf(y), y, out)


def _far(a: Point, b: Point, at_a: Move, at_b: Move, lam: float) -> Point:
    """The cubic in 1/λ through β/λ and V/λ, with their directions."""
    first, last, there = 1.0 / a.lam, 1.0 / b.lam, 1.0 / lam
    beta, values = (
        lam * _cubic(x * first, y * last, x - a.lam * u, y - b.lam * v, last - first, there - last)
        for x, y, u, v in ((a.beta, b.beta, at_a.beta, at_b.beta), (a.values, b.values, at_a.values, at_b.values))
    )
    return Point(beta=beta, values=values, lam=lam)


def _inside(a: Mark, b: Mark, lam: float) -> Point:
    """A guess at λ between two points of the path."""
    span, by = b.point.lam - a.point.lam, lam - b.point.lam
    if min(a.ahead.lam, b.ahead.lam) <= 0.0:
        return _moved(b.point, _between(a.point, b.point), by / span)
    at_a, at_b = a.ahead.times(1.0 / a.ahead.lam), b.ahead.times(1.0 / b.ahead.lam)
    return _hermite(a.point, b.point, at_a, at_b, span, by)


def _moved(point: Point, move: Move, by: float) -> Point:
    return Point(beta=point.beta + by * move.beta, values=point.values + by * move.values, lam=point.lam + by * move.lam)


def _between(a: Point, b: Point) -> Move:
    with np.errstate(invalid="ignore"):
        change = np.where(np.isneginf(b.beta), 0.0, b.beta - a.beta)
    return Move(beta=change, values=b.values - a.values, lam=b.lam - a.lam)


def _minus(a: Move, b: Move) -> Move:
    return Move(beta=a.beta - b.beta, values=a.values - b.values, lam=a.lam - b.lam)


__all__ = ["Follower", "Mark"]
