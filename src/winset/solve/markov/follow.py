"""The logit path of a Markov game from λ = 0, followed point by point.

Each step moves one coordinate by a chosen amount and solves for the rest (Rheinboldt 1980): λ itself where the path
goes straight, the log-probability or value that changes most where it turns. Predictions are cubic, from the last two
points and the directions of the path there: in the coordinate itself or, far out, in 1/λ, in which β/λ, V and all that
a path leads to are smooth at 0. Of the two the one that has been nearer last is taken.

Where two branches come close, a prediction may land on the other one, and nothing looks odd there. But along one path
the sign of the determinant of the equations, bordered by the direction, never changes (Allgower and Georg 1990), and
the branch that passes by has the other sign. It is computed at every point; a step that fails is made shorter.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from winset.game.game import Floats
from winset.solve.markov.system import Linear, System

FIRST = 0.3
AIM = 0.1
"""Distance of a prediction, in the measure of `Follower.scale`, that the length of steps aims at,"""
MOST_AWAY = 0.5
"""and the largest that is taken;"""
MOST_TURN = 1.0
"""a step is refused as well where the direction turns by more,"""
CONTRACTION = 0.8
"""or a Newton step is longer than this share of the one before,"""
MOST_NEWTON = 6
"""or there were this many."""
LEAN = 0.5
"""λ is the coordinate that moves a step where it changes by this share of the most."""
SKEW = 5.0
"""Directions that differ in length by more are not put into one cubic."""
GROWTH, SHRINK = 5.0, 0.3
LEAST = 1e-10
PATIENCE = 3
"""Refusals in a row after which the point is solved more sharply."""
RELATIVE = 7.0
"""Changes are relative where a log-probability, or λ times the range of what actions are worth, is larger."""
ROUNDING = 2e-15
POINT_TOLERANCE = 1e-5
"""Points on the way are solved to this; those that are asked for, to rounding."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Mark:
    """A point y of the path, the direction of the path there, the largest error, the derivative computed last."""

    y: Floats
    ahead: Floats
    residual: float
    linear: Linear | None = None

    @property
    def lam(self) -> float:
        """λ."""
        return float(self.y[-1])

    @property
    def rises(self) -> bool:
        """Whether λ grows along the path here."""
        return bool(self.ahead[-1] > 0.0)


class Follower:
    """Follows one path; `marks` yields its points in order, `exactly` solves at a λ near one of them."""

    def __init__(self, system: System) -> None:
        self.system = system
        self.count = {"newton": 0, "rejected": 0, "other branches": 0}
        here = system.at(system.start())
        away = np.abs(here.q - (here.response * here.q).sum(axis=2, keepdims=True)) * system.weights[:, None, None]
        self.range = float(np.max(np.where(system.there, away, 0.0))) or 1.0
        spread = np.ptp(system.game.payoff, axis=(1, 2))
        self.unit = np.repeat(np.where(spread > 0.0, spread, 1.0), system.size)
        self.first = Mark(y=here.y, ahead=Linear(system, here).solve()[1], residual=here.residual)

    def scale(self, y: Floats) -> Floats:
        """(n,) what a change of each coordinate by 1 counts; the length of a direction is the largest product."""
        cut, out = self.system.cut, np.empty_like(y)
        np.maximum(RELATIVE, -y[:cut], out=out[:cut])
        np.maximum(self.unit * RELATIVE, np.abs(y[cut:-1]), out=out[cut:-1])
        out[-1] = max(RELATIVE / self.range, abs(y[-1]))
        np.divide(RELATIVE, out, out=out)
        return out

    def floor(self, y: Floats) -> float:
        """What rounding leaves of the equations: errors of values, times λ."""
        heavy = max(1.0, float(y[-1] * self.system.weights.max()))
        return ROUNDING * heavy * max(1.0, float(np.abs(y[self.system.cut : -1]).max()))

    def correct(self, y: Floats, held: int | None, wanted: float, limit: float) -> Mark | None:
        """Newton's method with one coordinate held; None where it does not converge quickly.

        `limit`: the longest first step."""
        scale, before = self.scale(y), limit / CONTRACTION
        ahead: Floats | None = None
        linear: Linear | None = None
        wanted = max(wanted, self.floor(y))
        for k in range(MOST_NEWTON + 1):
            here = self.system.at(y)
            if not np.isfinite(here.residual):
                return None
            if ahead is not None and here.residual <= wanted:
                return Mark(y=here.y, ahead=ahead, residual=here.residual, linear=linear)
            if k == MOST_NEWTON:
                return None
            try:
                linear = Linear(self.system, here)
                step, ahead = linear.solve(held)
            except np.linalg.LinAlgError:
                return None
            self.count["newton"] += 1
            length = _length(step, scale)
            if not length <= CONTRACTION * before and k < 3:
                return None
            before, y = length, here.y + step
        return None

    def exactly(self, near: Floats, lam: float, wanted: float = 1e-12) -> Mark | None:
        """The equilibrium at exactly this λ that Newton finds from a point."""
        with np.errstate(all="ignore"):
            return self.correct(np.append(near[:-1], lam), None, wanted, np.inf)

    def marks(self, stops: Sequence[float] = ()) -> Iterator[Mark]:
        """The points after λ = 0, in order, without end; stops where no step succeeds any more.

        Args:
            stops: rising; the points at which the path first comes to these λ are among those yielded.
        """
        before, now, far, outer, waiting = None, self.first, FIRST, False, [x for x in stops if x > 0.0]
        failed = 0
        while True:
            with np.errstate(all="ignore"):
                taken = self._step(before, now, far, outer, waiting[0] if waiting else np.inf)
            hit = None
            if taken and waiting and taken[0].lam > waiting[0]:
                hit = self.exactly(_inside(now, taken[0], waiting[0]), waiting[0], POINT_TOLERANCE)
            if taken is None or (hit is None and waiting and taken[0].lam > waiting[0]):
                self.count["rejected"] += 1
                far, failed = far * SHRINK, failed + 1
                if far < LEAST:
                    return
                if failed % PATIENCE == 0:
                    now = self._sharper(now)
                continue
            (after, off, outer), failed = taken, 0
            far *= min(GROWTH, max(SHRINK, 0.9 * (AIM / max(off, 1e-9)) ** 0.25))
            before, now = now, after
            if hit is not None:
                yield hit
            yield now
            if waiting and now.lam >= waiting[0]:
                waiting.pop(0)

    def _sharper(self, mark: Mark) -> Mark:
        """The same point, solved to rounding: close to a fold a loose one has the wrong direction."""
        size = np.abs(mark.ahead * self.scale(mark.y))
        held = int(np.argmax(size))
        with np.errstate(all="ignore"):
            found = self.correct(mark.y, None if held == len(size) - 1 else held, 1e-12, MOST_AWAY)
        if found is None:
            return mark
        return Mark(y=found.y, ahead=found.ahead * np.sign(mark.ahead[held]), residual=found.residual)

    def _step(
        self, before: Mark | None, now: Mark, far: float, outer: bool, stop: float
    ) -> tuple[Mark, float, bool] | None:
        """The next point, how far its prediction was off, and whether that in 1/λ was the nearer."""
        scale = self.scale(now.y)
        size = np.abs(now.ahead * scale)
        length = float(size.max())
        held = int(np.argmax(size)) if size[-1] < LEAN * length else len(size) - 1
        by = far / length * now.ahead[held]
        if held == len(size) - 1 and now.y[-1] + by > stop:
            by = stop - now.y[-1]
        guess, other = self._predicted(before, now, held, by, scale)
        if outer and other is not None:
            guess, other = other, guess
        row = None if held == len(size) - 1 else held
        found = self.correct(guess, row, POINT_TOLERANCE, MOST_AWAY)
        if found is None or found.lam < 0.0:
            return None
        scale, ahead = self.scale(found.y), found.ahead if by > 0.0 else -found.ahead
        turn = _length(ahead / _length(ahead, scale) - now.ahead / _length(now.ahead, scale), scale)
        off = _length(found.y - guess, scale)
        if off > MOST_AWAY or turn > MOST_TURN:
            return None
        if found.linear is not None and found.linear.orientation(row) * by < 0.0:
            self.count["other branches"] += 1
            return None
        if other is not None and _length(found.y - other, scale) < off:
            outer = not outer
        return Mark(y=found.y, ahead=ahead, residual=found.residual), off, outer

    def _predicted(
        self, before: Mark | None, now: Mark, held: int, by: float, scale: Floats
    ) -> tuple[Floats, Floats | None]:
        """Predictions at a change `by` of a coordinate: in the coordinate, and in 1/λ where that can be."""
        along = now.ahead / now.ahead[held]
        if before is not None and before.ahead[held] != 0.0:
            span, was = now.y[held] - before.y[held], before.ahead / before.ahead[held]
            if span * by > 0.0 and _length(was, scale) <= SKEW * _length(along, scale):
                cubic = _cubic(before.y, now.y, was, along, span, by)
                far_out = held == len(now.y) - 1 and before.lam > 0.0 and span > 0.0
                return cubic, _far(before.y, now.y, was, along, now.lam + by) if far_out else None
        return now.y + by * along, None


def _length(move: Floats, scale: Floats) -> float:
    return float(np.abs(move * scale).max())


def _cubic(x: Floats, y: Floats, u: Floats, v: Floats, span: float, by: float) -> Floats:
    """The cubic through x and, `span` of the coordinate later, y with the directions u and v there, `by` beyond y."""
    chord = (y - x) / span
    bent = (v - chord) / span
    twisted = (u - 2.0 * chord + v) / span**2
    return y + by * (v + by * (bent + (by + span) * twisted))


def _far(x: Floats, y: Floats, u: Floats, v: Floats, lam: float) -> Floats:
    """The cubic in 1/λ through y/λ with their directions; these are per unit of λ."""
    first, last, there = 1.0 / x[-1], 1.0 / y[-1], 1.0 / lam
    out = lam * _cubic(x * first, y * last, x - x[-1] * u, y - y[-1] * v, last - first, there - last)
    out[-1] = lam
    return out


def _inside(a: Mark, b: Mark, lam: float) -> Floats:
    """A guess at λ between two points of the path."""
    span, by = b.lam - a.lam, lam - b.lam
    if not (a.rises and b.rises):
        return b.y + (b.y - a.y) * (by / span)
    return _cubic(a.y, b.y, a.ahead / a.ahead[-1], b.ahead / b.ahead[-1], span, by)


__all__ = ["Follower", "Mark"]
