"""The backward pass of the certificate: every grid cell judged, stage by stage, and the visited points with them.

In a finite game one pass from the last stage is exact. In an infinite game passes repeat until the values of the
deviators move less than the tolerance from one to the next; what the rest could still add is
at most drift · δ / (1 - δ), δ the largest discount of a whole round, and is reported.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from winset.certify.arrays import parts, stacked
from winset.certify.interpolant import with_slopes
from winset.certify.kernel import ALWAYS, KINDS, ONCE, SOLVED, Judged, judge
from winset.game.game import Bools, Floats, Game, Ints, Stage
from winset.game.solution import Solution


class Histories(Protocol):
    """A layer of public histories: `stage`, and for its M nodes `state`, `belief` (M, R), `mass`, `strategies`."""

    @property
    def stage(self) -> int: ...  # noqa: D102
    @property
    def state(self) -> Ints: ...  # noqa: D102
    @property
    def belief(self) -> Floats: ...  # noqa: D102
    @property
    def mass(self) -> Floats: ...  # noqa: D102
    @property
    def strategies(self) -> tuple[Floats, ...]: ...  # noqa: D102


@dataclass(frozen=True, kw_only=True)
class Points:
    """What was found at points of one stage, kept where it is most: N of them.

    Attributes:
        stage: index.
        cells: how many points were judged; `missed`: how many of them miss the fixed point by more than is tolerated.
        states: (N,); beliefs: (N, R).
        residual: (N,) largest |γ - softmax(λQ(γ))|.
        value_residual: (N,) largest |V - V recomputed from γ|; zero off the grid, where no V is stored, and where the
            fixed point is missed.
        one_shot, full: (N, R) gains, at least 0 up to interpolation.
        excess: (N,) one-shot gain beyond the entropy bound; -inf where the fixed point is missed.
        bound_one_shot, bound_full: (S, P) logit bounds.
    """

    stage: int
    cells: int
    missed: int
    states: Ints
    beliefs: Floats
    residual: Floats
    value_residual: Floats
    one_shot: Floats
    full: Floats
    excess: Floats
    bound_one_shot: Floats
    bound_full: Floats


@dataclass(frozen=True, kw_only=True)
class Swept:
    """The whole pass; `start_*` are (P,) ex ante gains, `remainder` what further passes could add."""

    grid: tuple[Points, ...]
    visited: tuple[Points, ...]
    start_once: Floats
    start_full: Floats
    start_bound: Floats
    passes: int
    remainder: float


def sweep(
    solution: Solution,
    *,
    layers: Sequence[Histories] = (),
    residual: float = 1e-8,
    tolerance: float = 1e-9,
    most_passes: int = 2000,
) -> Swept:
    """Judges every cell of the solution's grid, and the nodes of `layers`, against the continuation computed here.

    Args:
        residual: up to which miss of the fixed point a cell counts as solved.
        tolerance, most_passes: when an infinite game has been gone through often enough.
    """
    game, last = solution.game, len(solution.game.stages) - 1
    after = _opening(solution) if game.infinite else None
    bound = _for_ever(game, most_passes) if game.infinite else None
    passes, drift = 0, np.inf
    while game.infinite and passes < most_passes and drift > tolerance:
        before, passes = after, passes + 1
        for k in range(last, -1, -1):
            after, bound, _ = _stage(solution, k, _table(solution, k, after), after, bound, residual)
        drift = float(np.max(np.abs(after - before))) if after is not None and before is not None else 0.0
    grid, visited = [], []
    for k in range(last, -1, -1):
        table = _table(solution, k, after)
        after, bound, points = _stage(solution, k, table, after, bound, residual)
        grid.append(points)
        for layer in layers:
            if layer.stage == k and len(layer.mass):
                visited.append(_visited(solution, k, table, layer, points, residual))
    once, full, most = _start(solution, table, bound)
    delta = float(np.max(np.prod([s.discount for s in game.stages], axis=0))) if game.infinite else 0.0
    remainder = 0.0 if not game.infinite else (drift * delta / (1 - delta) if delta < 1 else np.inf)
    return Swept(
        grid=tuple(grid[::-1]),
        visited=tuple(visited[::-1]),
        start_once=once,
        start_full=full,
        start_bound=most,
        passes=max(passes, 1),
        remainder=remainder,
    )


def _opening(solution: Solution) -> Floats:
    """(S, G, 3, R) first guess of the values of stage 0: the solution's own, nobody gains."""
    own = solution.values[0]
    return np.stack([own, own, own], axis=2)


def _table(solution: Solution, index: int, after: Floats | None) -> Floats:
    """The next stage's node values with slopes; the deviators' as gains over the profile's."""
    following, rows = solution.game.next_stage(index), solution.game.rows
    dimensions = solution.grid.dimensions
    if following is None or after is None:
        return np.zeros((0, solution.grid.nodes, 2**dimensions, KINDS * rows))
    levels = after.copy()
    levels[:, :, [ONCE, ALWAYS]] -= after[:, :, [SOLVED]]
    levels[:, :, SOLVED] = solution.values[following]
    return with_slopes(levels.reshape(*levels.shape[:2], -1), solution.grid.axis, dimensions)


def _stage(
    solution: Solution, index: int, table: Floats, after: Floats | None, bound: Floats | None, residual: float
) -> tuple[Floats, Floats, Points]:
    """Values (S, G, 3, R) and bounds (S, P) before this stage, and what was found at its cells."""
    game, grid = solution.game, solution.grid
    states, nodes, rows = len(game.stages[index].states), grid.nodes, game.rows
    beliefs = grid.beliefs(grid.points())
    where = np.repeat(np.arange(states), nodes)
    still = _still(game.stages[index]) if after is not None else np.zeros(states, dtype=bool)
    busy = np.flatnonzero(~still)
    found = judge(
        parts(game, index),
        table=table,
        axis=grid.axis,
        states=np.repeat(busy, nodes),
        beliefs=beliefs,
        which=np.tile(np.arange(nodes), len(busy)),
        gamma=stacked([g[busy] for g in solution.strategies[index]], max(game.type_counts), len(busy) * nodes),
    )
    found = _with_still(solution, index, found, still, after)
    levels = found.values.reshape(states, nodes, KINDS, rows)
    missed = np.max(np.abs(levels[:, :, SOLVED] - solution.values[index]), axis=2).ravel()
    one, ahead = _bounds(game, index, bound)
    return levels, ahead, _points(index, where, beliefs, found, missed, one, ahead, residual)


def _still(stage: Stage) -> Bools:
    """(S,) where nobody moves, nothing is drawn or paid and no round ends: all that was so stays so."""
    states = np.arange(len(stage.states))
    first = stage.first[states * stage.joint_observables]
    count = stage.first[(states + 1) * stage.joint_observables] - first
    out = (count == 1) & bool((stage.discount == 1).all())
    for mover in stage.movers:
        out &= ~mover.happens
    if not stage.movers or stage.action_reward is not None or stage.branch_law is not None:
        return np.zeros(len(states), dtype=bool)
    spot = np.minimum(first, len(stage.probability) - 1)
    plain = (stage.probability[spot] == 1) & (stage.target[spot] >= 0)
    return np.asarray(out & plain & (stage.reward[spot] == 0).all(axis=(1, 2)), dtype=bool)


def _with_still(solution: Solution, index: int, found: Judged, still: Bools, after: Floats | None) -> Judged:
    """What was found, in the order of all states: where all stays as it was, the next stage's values at the nodes."""
    following, stage, nodes = solution.game.next_stage(index), solution.game.stages[index], solution.grid.nodes
    if not still.any() or after is None or following is None:
        return found
    rows, quiet = found.values.shape[2], np.flatnonzero(still)
    target = stage.target[stage.first[quiet * stage.joint_observables]]
    values = np.empty((len(still), nodes, KINDS, rows))
    values[~still] = found.values.reshape(-1, nodes, KINDS, rows)
    values[quiet] = after[target] + (solution.values[following][target] - after[target][:, :, SOLVED])[:, :, None]
    out = [values.reshape(-1, KINDS, rows)]
    for array in (found.residual, found.gain, found.excess):
        whole = np.zeros((len(still), nodes, *array.shape[1:]))
        whole[~still] = array.reshape(-1, nodes, *array.shape[1:])
        out.append(whole.reshape(-1, *array.shape[1:]))
    return Judged(*out)


def _for_ever(game: Game, most_passes: int) -> Floats:
    """(S, P) bound of the full gain before stage 0 of an infinite game."""
    after = np.zeros((len(game.stages[0].states), len(game.players)))
    for _ in range(most_passes):
        before = after
        for k in range(len(game.stages) - 1, -1, -1):
            after = _bounds(game, k, after)[1]
        if not np.any(after - before > 1e-9):
            break
    return after


def _points(
    index: int, states: Ints, beliefs: Floats, found: Judged, missed: Floats, one: Floats, full: Floats, residual: float
) -> Points:
    """What was found, where it is most. beliefs: (N, R), or (G, R) on a grid of N = S * G points."""
    solved = found.residual <= residual
    gains = found.values[:, ALWAYS] - found.values[:, SOLVED]
    values, excess = np.where(solved, missed, 0.0), np.where(solved, found.excess, -np.inf)
    most = [np.argmax(np.where(np.isnan(a), np.inf, a), axis=0) for a in (found.residual, values) if len(states)]
    most += [np.argmax(a, axis=0) for a in (found.gain, gains, excess) if len(states)]
    at = np.unique(np.concatenate([np.atleast_1d(a) for a in most])) if most else np.zeros(0, dtype=np.int64)
    return Points(
        stage=index,
        cells=len(states),
        missed=int(np.sum(~solved)),
        states=states[at],
        beliefs=beliefs[at % len(beliefs)],
        residual=found.residual[at],
        value_residual=values[at],
        one_shot=found.gain[at],
        full=gains[at],
        excess=excess[at],
        bound_one_shot=one,
        bound_full=full,
    )


def _visited(
    solution: Solution, index: int, table: Floats, layer: Histories, on_grid: Points, residual: float
) -> Points:
    game = solution.game
    states = np.ascontiguousarray(layer.state, dtype=np.int64)
    beliefs = np.ascontiguousarray(layer.belief, dtype=np.float64)
    found = judge(
        parts(game, index),
        table=table,
        axis=solution.grid.axis,
        states=states,
        beliefs=beliefs,
        which=np.arange(states.size),
        gamma=stacked(layer.strategies, max(game.type_counts), states.size),
    )
    found.gain[beliefs <= 0] = 0.0
    found.values[:, ALWAYS][beliefs <= 0] = found.values[:, SOLVED][beliefs <= 0]
    zeros = np.zeros(states.size)
    return _points(index, states, beliefs, found, zeros, on_grid.bound_one_shot, on_grid.bound_full, residual)


def _start(solution: Solution, table: Floats, bound: Floats | None) -> tuple[Floats, Floats, Floats]:
    """(P,) ex ante gains of deviating once and for good, and the bound of the latter."""
    game = solution.game
    states = np.array([s for s, _ in game.start], dtype=np.int64)
    chance = np.array([p for _, p in game.start])
    prior = np.concatenate([p.prior for p in game.players])
    response = solution.respond(0, states, np.tile(prior, (states.size, 1)))
    found = judge(
        parts(game, 0),
        table=table,
        axis=solution.grid.axis,
        states=states,
        beliefs=prior[None],
        which=np.zeros(states.size, dtype=np.int64),
        gamma=stacked(response.strategies, max(game.type_counts), states.size),
    )
    once = chance @ (found.values[:, ONCE] - found.values[:, SOLVED]) * prior
    full = chance @ (found.values[:, ALWAYS] - found.values[:, SOLVED]) * prior
    most = chance @ bound[states] if bound is not None else np.zeros(len(game.players))
    return np.add.reduceat(once, game.row_start), np.add.reduceat(full, game.row_start), most


def _bounds(game: Game, index: int, after: Floats | None) -> tuple[Floats, Floats]:
    """(S, P) the most that logit errors explain: at this move ln|A|/λ, and discounted over all moves to come."""
    stage = game.stages[index]
    states = len(stage.states)
    one = np.zeros((states, len(game.players)))
    if not game.shocks:
        for m in stage.movers:
            precision = game.players[m.player].precision
            choices = np.log(m.available.sum(axis=1))
            one[:, m.player] = np.where(choices > 0, choices / precision if precision > 0 else np.inf, 0.0)
    if after is None or not len(after):
        return one, one.copy()
    later = np.where(stage.target[:, None] >= 0, after[stage.target], 0.0)
    per_state = np.maximum.reduceat(later, stage.first[:-1].reshape(states, -1)[:, 0], axis=0)
    return one, one + stage.discount * per_state
