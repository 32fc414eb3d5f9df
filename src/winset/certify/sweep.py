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
from winset.certify.passing import leads, passed, passing
from winset.game.game import Floats, Game, Ints
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
            after, bound, _, _ = _stage(solution, k, after, bound, residual)
        drift = float(np.max(np.abs(after - before))) if after is not None and before is not None else 0.0
    grid, visited = [], []
    for k in range(last, -1, -1):
        here = [layer for layer in layers if layer.stage == k and len(layer.mass)]
        after, bound, points, table = _stage(solution, k, after, bound, residual, here)
        grid.append(points)
        visited += [_visited(solution, k, table, layer, points, residual) for layer in here]
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


def _levels(solution: Solution, index: int, after: Floats | None) -> Floats:
    """(S', G, 3, R) the next stage's values at the nodes, the deviators' as gains over the profile's.

    S' = 0 after the last stage."""
    following = solution.game.next_stage(index)
    if following is None or after is None:
        return np.zeros((0, solution.grid.nodes, KINDS, solution.game.rows))
    levels = after.copy()
    levels[:, :, [ONCE, ALWAYS]] -= after[:, :, [SOLVED]]
    levels[:, :, SOLVED] = solution.values[following]
    return levels


def _table(solution: Solution, index: int, levels: Floats, read: Ints) -> Floats:
    """(S', G, 2^D, 3R) `_levels` with slopes, filled in where the states `read` lead."""
    dimensions = solution.grid.dimensions
    flat = levels.reshape(*levels.shape[:2], KINDS * solution.game.rows)
    out = np.empty((*flat.shape[:2], 2**dimensions, flat.shape[2]))
    to = np.flatnonzero(leads(solution.game.stages[index], read))
    out[to] = with_slopes(flat[to], solution.grid.axis, dimensions)
    return out


def _stage(
    solution: Solution, index: int, after: Floats | None, bound: Floats | None, residual: float,
    layers: Sequence[Histories] = (),
) -> tuple[Floats, Floats, Points, Floats]:  # fmt: skip
    """Values (S, G, 3, R) and bounds (S, P) before this stage, what was found at its cells, and the table that was
    read, which serves the histories of `layers` and what precedes the first stage too."""
    game, grid = solution.game, solution.grid
    states, nodes, rows = len(game.stages[index].states), grid.nodes, game.rows
    beliefs = grid.beliefs(grid.points())
    where = np.repeat(np.arange(states), nodes)
    joint = np.where(solution.forced(index), passing(game.stages[index]), -1)
    quiet, busy = np.flatnonzero(joint >= 0), np.flatnonzero(joint < 0)
    levels = _levels(solution, index, after)
    read = np.concatenate([busy, *(layer.state for layer in layers), [s for s, _ in game.start] if index == 0 else []])
    table = _table(solution, index, levels, np.unique(read.astype(np.int64)))
    found = judge(
        parts(game, index),
        table=table,
        axis=grid.axis,
        states=np.repeat(busy, nodes),
        beliefs=beliefs,
        which=np.tile(np.arange(nodes), len(busy)),
        gamma=stacked(solution.played(index, busy), max(game.type_counts), len(busy) * nodes),
    )
    if len(quiet):
        found = _with_passed(found, quiet, busy, passed(game, index, quiet, joint[quiet], levels, beliefs))
    values = found.values.reshape(states, nodes, KINDS, rows)
    missed = np.max(np.abs(values[:, :, SOLVED] - solution.values[index]), axis=2).ravel()
    one, ahead = _bounds(game, index, bound)
    return values, ahead, _points(index, where, beliefs, found, missed, one, ahead, residual), table


def _with_passed(found: Judged, quiet: Ints, busy: Ints, through: Floats) -> Judged:
    """What was found at the busy states, in the order of all states, with what passes through the others."""
    states, nodes, rows = len(quiet) + len(busy), through.shape[1], through.shape[3]
    values = np.empty((states, nodes, KINDS, rows))
    values[busy] = found.values.reshape(-1, nodes, KINDS, rows)
    values[quiet] = through[:, :, [SOLVED]]
    values[quiet, :, 1:] += through[:, :, 1:]
    out = [values.reshape(-1, KINDS, rows)]
    for array in (found.residual, found.gain, found.excess):
        whole = np.zeros((states, nodes, *array.shape[1:]))
        whole[busy] = array.reshape(-1, nodes, *array.shape[1:])
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
