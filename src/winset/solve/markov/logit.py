"""Stationary logit equilibria of a Markov game: the principal branch, to a precision or to its limit.

The path begins in uniform play at λ = 0 (Eibelshäuser and Poensgen 2019; McKelvey and Palfrey 1998 for each state); the
answer at a λ is the point at which the path first comes to it, and its limit is a stationary Nash equilibrium.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

import numpy as np

from winset.base.diagnostics import Diagnostic
from winset.base.errors import ScenarioError, SolveError
from winset.game.game import Floats
from winset.game.markov import MarkovGame, MarkovPath, MarkovSolution
from winset.solve.markov.follow import Follower, Mark
from winset.solve.markov.limit import Limit, nash_near
from winset.solve.markov.system import System

METHOD = "stationary logit equilibrium, path following from λ = 0"
LIMIT = "stationary Nash equilibrium to which the logit path leads"
FAR = 1e8
"""A path to the limit ends at the latest at this λ, times the range of what actions are worth at λ = 0."""
FIRST_LOOK = 30.0
"""Limits are looked for from this λ on, in the same units, whenever λ has grown fourfold."""
PLAYED = 1e-4
"""What is played more often belongs to the support that the path points to."""
ROOM = 20_000_000
"""Numbers of a path that are kept; where all points would be more, only the last is."""
Progress = Callable[[int, int, str], None]


def solve_markov(
    game: MarkovGame,
    *,
    precision: float | Sequence[float] | None = None,
    weights: Sequence[float] | Floats | None = None,
    most_steps: int = 5000,
    most_seconds: float = float("inf"),
    progress: Progress | None = None,
) -> MarkovSolution:
    """The stationary logit equilibrium on the principal branch.

    Args:
        game: the Markov game.
        precision: λ ≥ 0, per unit of payoff, or several in rising order, each a point of the path exactly; None follows
            the path to its limit, a stationary Nash equilibrium.
        weights: (P,) positive; player i answers at λ times its weight. By default 1.
        most_steps: steps after which it gives up.
        most_seconds: time after which it gives up.
        progress: called after every step with (steps done, steps allowed, λ reached).

    Returns:
        The profile at the (last) precision, or in the limit. Where the limit could not be made out, the status says
        so, and the profile is that of the last point.

    Raises:
        ScenarioError: a precision below 0 or out of order, or weights that are not positive, one for each player.
        SolveError: a precision was not reached; `result` holds the solution at the last point before.
    """
    began = time.perf_counter()
    targets, share = _targets(precision), _weights(weights, len(game.players))
    trail = _Trail(game, share)
    stopped = _followed(trail, targets, most_steps, began + most_seconds, progress)
    last = trail.last
    exact = trail.follower.exactly(last.y, last.lam) or last
    limit = trail.limit if not targets else None
    profile = trail.system.sigma(exact.y) if limit is None else limit.sigma
    facts = {
        "precision": exact.lam,
        "residual": exact.residual if limit is None else limit.residual,
        "steps": trail.steps,
        "rejected steps": trail.follower.count["rejected"],
        "folds": len(trail.folds),
        "Newton steps": trail.follower.count["newton"],
        "seconds": time.perf_counter() - began,
    }
    if limit is not None:
        facts |= {"mixed states": int(np.sum((profile > 0.0).sum(axis=2).max(axis=0) > 1)), "margin": limit.margin}
    solution = MarkovSolution(
        game=game,
        profile=profile,
        values=trail.system.values(exact.y) if limit is None else limit.values,
        precision=exact.lam * share if limit is None else np.full(len(share), np.inf),
        method=METHOD if limit is None else LIMIT,
        status=stopped or "solved",
        advice=f"the path is exact up to λ = {exact.lam:g}; ask for a precision up to there" if stopped else "",
        path=trail.path(limit),
        facts=facts,
    )
    if stopped and targets:
        raise SolveError(f"the path stopped at λ = {exact.lam:g}, before {targets[-1]:g}: {stopped}", solution)
    return solution


def _targets(precision: float | Sequence[float] | None) -> list[float]:
    if precision is None:
        return []
    wanted = [float(x) for x in (precision if isinstance(precision, Sequence) else [precision])]
    if not wanted or any(not 0.0 <= x < np.inf for x in wanted) or wanted != sorted(wanted):
        raise ScenarioError([Diagnostic(
            code="M201", message=f"a path cannot be asked for the precisions {', '.join(f'{x:g}' for x in wanted)}",
            why="λ is 0 or more, and several are met in rising order", fix="write e.g. 0.5, 1, 2; None for the limit",
        )])  # fmt: skip
    return wanted


def _weights(weights: Sequence[float] | Floats | None, count: int) -> Floats:
    share = np.ones(count) if weights is None else np.asarray(weights, dtype=np.float64)
    if share.shape != (count,) or not np.all((share > 0.0) & np.isfinite(share)):
        raise ScenarioError([Diagnostic(
            code="M202", message=f"the weights {share.tolist()} do not fit the game",
            why=f"each of the {count} players answers at λ times its weight", fix="give one positive number for each",
        )])  # fmt: skip
    return share


class _Trail:
    """The points met, and the limit as far as it has been made out."""

    def __init__(self, game: MarkovGame, weights: Floats) -> None:
        self.system = System(game, weights)
        self.follower = Follower(self.system)
        self.last = self.follower.first
        self.steps = 0
        self.rows: list[tuple[float, Floats]] = [(0.0, self.system.sigma(self.last.y))]
        self.folds: list[float] = []
        self.limit: Limit | None = None
        self._looked = FIRST_LOOK / 4.0 / self.follower.range
        self._found: tuple[Limit, float] | None = None

    def add(self, mark: Mark) -> None:
        """Adds a point, and notes a fold since the last."""
        lam, was = mark.lam, self.last.lam
        if mark.rises != self.last.rises:
            self.folds.append(max(lam, was) if self.last.rises else min(lam, was))
        self.steps += 1
        self.last = mark
        sigma = self.system.sigma(mark.y)
        if (len(self.rows) + 1) * sigma.size > ROOM:
            self.rows.clear()
        self.rows.append((lam, sigma))

    def settle(self) -> bool:
        """Looks for the equilibrium that the path leads to; whether it is the one found before, and
        the path has come nearer to it."""
        mark = self.last
        if not mark.rises or mark.lam < 4.0 * self._looked:
            return False
        self._looked, sigma = mark.lam, self.system.sigma(mark.y)
        found = nash_near(self.system, sigma, self.system.values(mark.y), sigma > PLAYED)
        if found is None:
            self._found = None
            return False
        away = float(np.max(np.abs(found.sigma - sigma)))
        before, self._found = self._found, (found, away)
        if before is None or np.max(np.abs(found.sigma - before[0].sigma)) > 1e-6:
            return False
        if away > max(0.5 * before[1], 1e-9):
            return False
        self.limit = found
        return True

    def path(self, limit: Limit | None) -> MarkovPath:
        """The path as data."""
        moved = float("nan") if limit is None else float(np.max(np.abs(limit.sigma - self.system.sigma(self.last.y))))
        return MarkovPath(
            precision=np.array([lam for lam, _ in self.rows]),
            probability=np.array([sigma for _, sigma in self.rows]),
            folds=np.array(self.folds),
            limit=None if limit is None else limit.sigma,
            limit_moved=moved,
        )


def _followed(trail: _Trail, targets: list[float], most_steps: int, until: float, progress: Progress | None) -> str:
    """Follows the path over all targets, or to the limit; returns why it stopped before, or ""."""
    if targets and targets[-1] == 0.0:
        return ""
    for mark in trail.follower.marks(targets):
        trail.add(mark)
        if progress:
            progress(trail.steps, most_steps, f"λ {mark.lam:.4g}")
        if targets and mark.lam >= targets[-1]:
            return ""
        if not targets and trail.settle():
            return ""
        if not targets and mark.lam * trail.follower.range > FAR:
            return "the limit could not be made out"
        if trail.steps >= most_steps:
            return f"{most_steps:,} steps were not enough"
        if time.perf_counter() > until:
            return "the time allowed was not enough"
    return "no step succeeds any more"


__all__ = ["solve_markov"]
