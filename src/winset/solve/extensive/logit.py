"""Agent logit equilibrium of a tree (McKelvey and Palfrey 1998): the principal branch, to a precision or to its limit.

The path of equilibria that begins in uniform play at λ = 0 is followed (`follow`); the answer at a λ is the point at
which the path first comes to it. Where the path folds before, that is the point behind the folds, as in Turocy
(2005, 2010) and in Gambit.
"""

from __future__ import annotations

import time
from collections.abc import Sequence

import numpy as np

from winset.base.diagnostics import Diagnostic
from winset.base.errors import ScenarioError, SolveError
from winset.solve.extensive.branching import parting
from winset.solve.extensive.follow import Follower, Point
from winset.tree.path import LogitPath
from winset.tree.recall import with_perfect_recall
from winset.tree.solution import Progress, TreeSolution
from winset.tree.tree import CHANCE, Floats, Tree

METHOD = "agent logit equilibrium, path following from λ = 0"
ROOM = 20_000_000
"""Numbers of a path that are kept; where all actions would be more, only the first are kept."""
FAR = 1e8
"""A path to the limit ends at this λ times the range of payoffs,"""
SETTLED = 1e-8
"""or where its estimate of the limit moves by less than this in any probability."""
MOST_STEPS = 5000


def solve_logit(
    tree: Tree,
    *,
    precision: float | Sequence[float] | None = None,
    keep: Sequence[int] | None = None,
    most_steps: int = MOST_STEPS,
    most_seconds: float = float("inf"),
    progress: Progress | None = None,
) -> TreeSolution:
    """The agent logit equilibrium on the principal branch.

    Args:
        tree: with perfect recall.
        precision: λ ≥ 0, or several in rising order, each a point of the path exactly; None follows the path to its
            limit.
        keep: actions whose probabilities the path keeps; by default all of the players', or as many as there is
            room for.
        most_steps: steps after which it gives up.
        most_seconds: time after which it gives up.
        progress: called after every step with (steps done, steps allowed, λ reached).

    Returns:
        The profile at the (last) precision; without one, at the last point of the path, with the estimate of the
        limit in `path.limit`.

    Raises:
        ScenarioError: a precision below 0 or out of order, imperfect recall, or a set that chance never lets be
            reached.
        SolveError: a precision was not reached; `result` holds the solution at the last point before.
    """
    began = time.perf_counter()
    wanted = targets(precision)
    with_perfect_recall(tree, "the logit path")
    reachable(tree)
    trail = _Trail(tree, keep)
    follower = trail.follower
    stopped = _followed(trail, wanted, most_steps, began + most_seconds, progress)
    last = trail.last
    exact = follower.at(last.lam, last.ell, 1e-13) or last
    path = trail.path(exact, limit=not wanted)
    facts = {
        "precision": exact.lam,
        "residual": exact.residual,
        "regret": path.regret,
        "steps": trail.steps,
        "rejected steps": follower.count["rejected"],
        "folds": len(path.folds),
        "Newton steps": follower.count["newton"],
        "passes": 2 * follower.count["products"],
        "seconds": time.perf_counter() - began,
    }
    if not wanted:
        facts["limit moves by"] = path.limit_error
    solution = TreeSolution(
        tree=tree,
        profile=np.where(tree.is_chance, tree.chance, np.exp(exact.ell)),
        values=follower.values(exact),
        method=METHOD,
        status=stopped or "solved",
        advice=_advice(stopped, exact.lam) or parting(follower, exact, trail.last.ahead),
        facts=facts,
        path=path,
    )
    if stopped and wanted:
        raise SolveError(f"the path stopped at λ = {exact.lam:g}, before {wanted[-1]:g}: {stopped}", solution)
    return solution


def _advice(stopped: str, lam: float) -> str:
    if not stopped:
        return ""
    return f"the path is exact up to λ = {lam:g}; ask for a precision up to there, or allow more steps or time"


def targets(precision: float | Sequence[float] | None) -> list[float]:
    """The precisions as a list; refuses what no path can be asked for."""
    if precision is None:
        return []
    wanted = [float(x) for x in (precision if isinstance(precision, Sequence) else [precision])]
    if any(not 0.0 <= x < np.inf for x in wanted) or wanted != sorted(wanted):
        raise ScenarioError([Diagnostic(
            code="X401", message=f"a path cannot be asked for the precisions {', '.join(f'{x:g}' for x in wanted)}",
            why="λ is 0 or more, and several are met in rising order", fix="write e.g. 0.5, 1, 2",
        )])  # fmt: skip
    return wanted


def reachable(tree: Tree) -> None:
    """Refuses a tree in which beliefs at a set are undefined whatever is played."""
    if not np.any(tree.chance[tree.is_chance] == 0.0):
        return
    alive = np.ones(tree.nodes, dtype=bool)
    for d in range(1, tree.depth):
        nodes = np.arange(tree.level[d], tree.level[d + 1])
        alive[nodes] = alive[tree.parent[nodes]] & ~(tree.chance[tree.arrived[nodes]] == 0.0)
    reached = np.zeros(tree.sets, dtype=bool)
    inner = tree.infoset >= 0
    reached[tree.infoset[inner & alive]] = True
    dead = np.flatnonzero(~reached & (tree.set_player != CHANCE))
    if len(dead):
        raise ScenarioError([Diagnostic(
            code="X402", message=f"chance never lets {tree.set_name(int(dead[0]))} be reached",
            why="what is believed there, and so what is best, is undefined",
            fix="leave branches of probability 0 out, or give them a small one",
        )])  # fmt: skip


class _Trail:
    """The points met, as far as they are kept."""

    def __init__(self, tree: Tree, keep: Sequence[int] | None) -> None:
        self.follower = Follower(tree)
        mine = np.flatnonzero(~tree.is_chance)
        most = ROOM // 2000
        self.kept = mine[:most] if keep is None else np.asarray(keep, dtype=np.int64)
        ell = self.follower.start
        self.last = Point(ell=ell, lam=0.0, residual=self.follower.residual(ell, 0.0))
        self.steps = 0
        self.rows: list[tuple[float, float, Floats]] = []
        self.folds: list[float] = []
        self.limits: list[tuple[float, Floats, Floats]] = []
        self.limit_error = float("nan")
        self.keep(self.last)

    def keep(self, point: Point) -> None:
        """Adds a row."""
        self.rows.append((point.lam, point.residual, np.exp(point.ell[self.kept])))

    def add(self, point: Point) -> None:
        """Adds a point of the path, and notes a fold since the last."""
        if point.ahead * self.last.ahead < 0:
            self.folds.append(max(point.lam, self.last.lam) if point.ahead < 0 else min(point.lam, self.last.lam))
        self.steps += 1
        self.last = point
        self.keep(point)

    def settle(self) -> bool:
        """Extrapolates to λ = ∞ along 1/λ; whether that has come to rest.

        Estimates are taken where λ has doubled. Probabilities near a limit go like p + c/λ where the limit is mixed and
        like exp(-cλ) where not, so the first order in 1/λ serves for both."""
        tree, point = self.follower.tree, self.last
        if point.lam * self.follower.range < 10.0 or point.ahead < 0:
            self.limits.clear()
            return False
        if self.limits and point.lam < 2.0 * self.limits[-1][0]:
            return False
        p = np.exp(point.ell)
        estimate = p
        if self.limits:
            before, was, old = self.limits[-1]
            estimate = np.clip(p + (p - was) * (before / (point.lam - before)), 0.0, 1.0)
            sums = np.add.reduceat(estimate, tree.set_first[:-1])
            estimate = np.where(tree.is_chance, tree.chance, estimate / sums[tree.set_of])
            self.limit_error = float(np.max(np.abs(estimate - old)))
        self.limits = [(point.lam, p, estimate)]
        return self.limit_error < SETTLED and point.lam * self.follower.range > 1e4

    def path(self, end: Point, *, limit: bool) -> LogitPath:
        """The path as data."""
        found = self.limits[-1][2] if limit and self.limits else None
        return LogitPath(
            tree=self.follower.tree,
            precision=np.array([r[0] for r in self.rows]),
            kept=self.kept,
            probability=np.array([r[2] for r in self.rows]).reshape(len(self.rows), len(self.kept)),
            residual=np.array([r[1] for r in self.rows]),
            folds=np.array(self.folds),
            limit=found,
            limit_error=self.limit_error if limit else float("nan"),
            regret=self.follower.regret(end),
        )


def _followed(trail: _Trail, wanted: list[float], most_steps: int, until: float, progress: Progress | None) -> str:
    """Follows the path over all targets, or to the limit; returns why it stopped before, or ""."""
    follower, waiting = trail.follower, [x for x in wanted if x > 0.0]
    if wanted and not waiting:
        return ""
    for point in follower.steps():
        while waiting and point.lam >= waiting[0]:
            hit = _hit(follower, trail.last, point, waiting[0])
            if hit is None:
                break
            trail.keep(hit)
            waiting.pop(0)
            if not waiting and wanted:
                trail.last = hit
                return ""
        trail.add(point)
        if progress:
            progress(trail.steps, most_steps, f"λ {point.lam:.4g}")
        if not wanted and (trail.settle() or point.lam * follower.range > FAR):
            return ""
        if trail.steps >= most_steps:
            return f"{most_steps:,} steps were not enough"
        if time.perf_counter() > until:
            return "the time allowed was not enough"
    return "no step succeeds any more"


def _hit(follower: Follower, before: Point, after: Point, lam: float) -> Point | None:
    """The equilibrium at exactly λ between two points of the path."""
    span = after.lam - before.lam
    share = (lam - before.lam) / span if span else 1.0
    near = after if share > 0.5 else before
    between = near.ell.copy()
    mine = ~follower.tree.is_chance
    between[mine] = (1.0 - share) * before.ell[mine] + share * after.ell[mine]
    return follower.at(lam, between) or follower.at(lam, near.ell)
