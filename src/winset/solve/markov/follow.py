"""The logit path of a Markov game from λ = 0, followed point by point.

Each step moves one coordinate by a chosen amount and solves for the rest (Rheinboldt 1980): λ itself where the path
goes straight, the log-probability or value that changes most where it turns. Predictions are cubic, from the last two
points and the directions of the path there: in the coordinate itself or, far out, in 1/λ, in which β/λ, V and all that
a path leads to are smooth at 0. Of the two the one that has been nearer last is taken.

Where two branches come close, a prediction may land on the other one, and nothing looks odd there. But along one path
the sign of the determinant of the equations, bordered by the direction, never changes (Allgower and Georg 1990), and
the branch that passes by has the other sign. It is computed after every few points; where it is the wrong one, all
since the last time are taken back, and shorter steps made. A step that fails is made shorter, and its end solved more
sharply: where branches nearly meet, a loose point has no good direction.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

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
CONTRACTION = 1.0
"""or a Newton step is longer than this share of the one before,"""
MOST_NEWTON = 6
"""or there were this many."""
LEAN = 0.3
"""λ is the coordinate that moves a step where it changes by this share of the most."""
SKEW = 5.0
"""Directions that differ in length by more are not put into one cubic."""
GROWTH, SHRINK = 3.0, 0.3
"""Steps grow by at most the first at once, and by the second where they fail;"""
CAUTIOUS = 1.3
"""so long as points are solved more sharply than need be, they grow by this."""
LEAST = 1e-10
PATIENCE = 3
"""Refusals in a row after which the point is solved more sharply."""
MOST_LOOSE = 8
"""So many points at most are taken before the last of them is asked whether it belongs to the path."""
RELATIVE = 7.0
"""Changes are relative where a log-probability, or λ times the range of what actions are worth, is larger."""
ROUNDING = 2e-15
POINT_TOLERANCE = 1e-4
"""Points on the way are solved to this,"""
SHARPER = 0.1
"""after each refusal to this share of it, until as many steps have succeeded twice over;"""
ASKED_TOLERANCE = 1e-8
"""points that are asked for to this, and at the very end to rounding."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Mark:
    """A point y of the path, the direction of the path there, the largest error of the equations."""

    y: Floats
    ahead: Floats
    residual: float

    @property
    def lam(self) -> float:
        """λ."""
        return float(self.y[-1])

    @property
    def rises(self) -> bool:
        """Whether λ grows along the path here."""
        return bool(self.ahead[-1] > 0.0)


@dataclass(frozen=True, kw_only=True, eq=False)
class _Place:
    """Two points in a row, how far the next step goes, whether the prediction in 1/λ was the nearer one last, and to
    what the next point is solved."""

    before: Mark | None
    now: Mark
    far: float
    outer: bool
    wanted: float

    def shorter(self) -> _Place:
        """The same, to try a shorter step, and solve for its end more sharply."""
        return replace(self, far=self.far * SHRINK, wanted=self.wanted * SHARPER)


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
        wanted = max(wanted, self.floor(y))
        for k in range(MOST_NEWTON + 1):
            here = self.system.at(y)
            if not np.isfinite(here.residual):
                return None
            if ahead is not None and here.residual <= wanted:
                return Mark(y=here.y, ahead=ahead, residual=here.residual)
            if k == MOST_NEWTON:
                return None
            try:
                step, ahead = Linear(self.system, here).solve(held)
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
        now = checked = _Place(before=None, now=self.first, far=FIRST, outer=False, wanted=POINT_TOLERANCE)
        waiting, loose, most, failed = [x for x in stops if x > 0.0], list[Mark](), 1, 0
        while True:
            stop = waiting[0] if waiting else np.inf
            with np.errstate(all="ignore"):
                taken, hit = self._step(now, stop), None
                if taken and taken.now.lam > stop:
                    hit = self.exactly(_inside(now.now, taken.now, stop), stop, ASKED_TOLERANCE)
                    taken = taken if hit else None
            if taken:
                now, failed = taken, 0
                loose += [hit, now.now] if hit else [now.now]
                if len(loose) < most and now.now.lam < stop:
                    continue
            else:
                self.count["rejected"] += 1
                now, failed = now.shorter(), failed + 1
                if failed % PATIENCE == 0:
                    now = replace(now, now=self._sharper(now.now))
                if now.far >= LEAST:
                    continue
            if self._belongs(now.now):
                yield from loose
                if not taken:
                    return
                checked, most = now, min(2 * most, MOST_LOOSE)
                if now.now.lam >= stop:
                    waiting.pop(0)
            else:
                self.count["other branches"] += 1
                now = checked = checked.shorter()
                most, failed = 1, 0
                if now.far < LEAST:
                    return
            loose.clear()

    def _belongs(self, mark: Mark) -> bool:
        """Whether a point is on the path, and not on a branch that passes by it."""
        held = self._held(mark)
        with np.errstate(all="ignore"):
            sign = Linear(self.system, self.system.at(mark.y)).orientation(held)
        return bool(sign * mark.ahead[-1 if held is None else held] > 0.0)

    def _held(self, mark: Mark) -> int | None:
        """The coordinate that moves the next step; None for λ."""
        size = np.abs(mark.ahead * self.scale(mark.y))
        return int(np.argmax(size)) if size[-1] < LEAN * size.max() else None

    def _sharper(self, mark: Mark) -> Mark:
        """The same point, solved to rounding: close to a fold a loose one has the wrong direction."""
        size = np.abs(mark.ahead * self.scale(mark.y))
        held = int(np.argmax(size))
        with np.errstate(all="ignore"):
            found = self.correct(mark.y, None if held == len(size) - 1 else held, 1e-12, MOST_AWAY)
        if found is None:
            return mark
        return Mark(y=found.y, ahead=found.ahead * np.sign(mark.ahead[held]), residual=found.residual)

    def _step(self, place: _Place, stop: float) -> _Place | None:
        """The next point; None where the step is refused."""
        now, row = place.now, self._held(place.now)
        scale = self.scale(now.y)
        held = len(scale) - 1 if row is None else row
        by = place.far / _length(now.ahead, scale) * now.ahead[held]
        if row is None and now.lam + by > stop:
            by = stop - now.lam
        guess, other = self._predicted(place.before, now, held, by, scale)
        if place.outer and other is not None:
            guess, other = other, guess
        found = self.correct(guess, row, place.wanted, MOST_AWAY)
        if found is None or found.lam < 0.0:
            return None
        scale, ahead = self.scale(found.y), found.ahead if by > 0.0 else -found.ahead
        turn = _length(ahead / _length(ahead, scale) - now.ahead / _length(now.ahead, scale), scale)
        off = _length(found.y - guess, scale)
        if off > MOST_AWAY or turn > MOST_TURN:
            return None
        most = CAUTIOUS if place.wanted < POINT_TOLERANCE else GROWTH
        return _Place(
            before=now,
            now=Mark(y=found.y, ahead=ahead, residual=found.residual),
            far=place.far * min(most, max(SHRINK, 0.9 * (AIM / max(off, 1e-9)) ** 0.25)),
            outer=place.outer != (other is not None and _length(found.y - other, scale) < off),
            wanted=min(place.wanted / SHARPER**0.5, POINT_TOLERANCE),
        )

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
