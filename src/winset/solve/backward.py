"""Structured logit equilibrium by backward recursion over moves on a grid of beliefs.

For each stage, last to first, and each state and belief node, the stage's fixed point is solved with
continuation values interpolated between nodes (`hermite`), on the principal branch (`cells`). An infinite
game is swept until its values stop changing: the limit of finite games with nothing after
the end, when that limit exists. Sources: Fudenberg and Tirole 1991 ch. 8; McKelvey and Palfrey 1998; Vasal,
Sinha and Anastasopoulos 2019 for strategies that depend on the public belief.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from winset.base.diagnostics import Diagnostic
from winset.base.errors import SizeError
from winset.game.game import Game, Stage
from winset.game.grid import BeliefGrid
from winset.game.kernels import in_chunks, wake
from winset.game.matching import matching
from winset.game.numbering import distinct
from winset.game.solution import FAILED, FORCED, Response, Search, Solution, Strategies
from winset.solve.cells import solve_cells
from winset.solve.hermite import nodal
from winset.solve.pack import Packed, pack
from winset.solve.passing import pass_on, passing

Floats = NDArray[np.float64]
Progress = Callable[[int, int, str], None]
"""progress(done, total, label): called after each stage."""


def solve(
    game: Game,
    *,
    grid: BeliefGrid | None = None,
    memory: float = 1.5e9,
    progress: Progress | None = None,
    stationary: float = 1e-9,
    sweeps: int = 5000,
    start_values: float | Floats = 0.0,
    known: tuple[Solution, ...] = (),
) -> Solution:
    """Solves a game on a belief grid.

    Args:
        game: the compiled game.
        grid: belief nodes; by default those that the scenario's `solution:` section asks for.
        memory: bytes that values and strategies may take together; more raises SizeError before any work.
        progress: called after each stage with (done, total, label).
        stationary: an infinite game is done when no value changes by more than this between sweeps.
        sweeps: most sweeps of an infinite game.
        start_values: continuation value of everyone before the first sweep of an infinite game, or one by state of
            the first stage and value row, (S, R); others than the default 0 may lead to another stationary
            equilibrium.
        known: solutions on the same grid; states that continue as they do there are taken over (`game.matching`).

    Returns:
        The solution; cells that missed the tolerance are counted in `status` and marked in `how`.

    Raises:
        SizeError: when it would not fit in `memory`.
    """
    if grid is None:
        grid = BeliefGrid(game.type_counts, game.scenario.settings.grid, game.scenario.settings.span)
    _refuse_oversize(game, grid, memory)
    begun = time.perf_counter()
    wake()
    packed = [pack(game, stage) for stage in game.stages]
    joints = [passing(st) for st in packed]
    last = len(game.stages) - 1
    results: list[dict[str, Any]] = [{} for _ in game.stages]
    after = np.zeros((len(game.stages[0].states) if game.infinite else 1, grid.nodes, game.rows))
    if game.infinite:
        after += start_values if np.ndim(start_values) == 0 else np.asarray(start_values)[:, None, :]
    drift, done = 0.0, 0
    strategies = Strategies(game, grid.nodes)
    shared = _shared(game, grid, known)
    for done in range(1, sweeps + 1 if game.infinite else 2):
        values = after
        for k in range(last, -1, -1):
            stage = game.stages[k]
            results[k] = _solve_stage(game, stage, packed[k], joints[k], grid, values, shared[k])
            strategies.keep(k, results[k].pop("gamma"))
            values = results[k]["values"]
            if progress and not game.infinite:
                progress(last - k + 1, last + 1, game.stages[k].move or "settlement")
        if game.infinite:
            drift = float(np.max(np.abs(values - after)))
            after = values
            if progress:
                progress(done, sweeps, f"change {drift:.1e}")
            if drift < stationary:
                break
    seconds = time.perf_counter() - begun
    if game.infinite and shared[0]:  # known as a whole: found in as many sweeps as there
        same = shared[0][0].solution
        done, drift = same.sweeps, same.drift
    return _assemble(game, grid, packed, results, strategies, after, done, drift, stationary, seconds)


def _refuse_oversize(game: Game, grid: BeliefGrid, memory: float) -> None:
    K = max(game.type_counts)
    need = 0.0
    worst = (0.0, game.stages[0])
    for stage in game.stages:
        actions = max((len(m.actions) for m in stage.movers), default=0)
        chosen = int(stage.chooses.sum()) * len(stage.movers) * K * actions
        room = 8.0 * grid.nodes * (len(stage.states) * (game.rows + 2) + chosen)
        need += room
        worst = max(worst, (room, stage), key=lambda pair: pair[0])
    widest = max(len(stage.states) for stage in game.stages)
    need += 8.0 * widest * grid.nodes * game.rows * 2**grid.dimensions
    if need > memory:
        stage = worst[1]
        raise SizeError(
            [
                Diagnostic(
                    code="G901",
                    message=f"solving would take {need / 1e9:.1f} GB, more than the {memory / 1e9:.1f} GB allowed",
                    why=f"{len(game.stages)} stages of up to {widest} states x {grid.nodes} belief nodes "
                    f"({grid.inner + 2} in each of {grid.dimensions} dimensions); "
                    f"the largest is {stage.move or 'the settlement'!r} in round {stage.round}",
                    fix="shorten a variable's range, lower `solution: grid`, give fewer players private types, "
                    "or allow more memory",
                )
            ]
        )


def _cells(
    game: Game,
    stage: Stage,
    st: Packed,
    grid: BeliefGrid,
    data: Floats,
    *,
    states: NDArray[np.int64],
    coordinates: Floats,
    product: bool,
    guess: Floats | None = None,
    along: NDArray[np.int64] | None = None,
) -> dict[str, Any]:
    """Solves the stage where every state meets every coordinate row (`product`), or row by row."""
    cells = len(states) * len(coordinates) if product else len(states)
    M, A, K = len(stage.movers), st.available.shape[2], max(game.type_counts)
    axis = int(st.dim[st.player[0]]) if M == 1 and game.type_counts[st.player[0]] == 2 else -1
    order = np.arange(len(coordinates))
    if product and axis >= 0:
        order = np.ascontiguousarray(np.moveaxis(order.reshape(grid.shape), axis, -1)).ravel()
    # every cell writes all of its own
    gamma, values, residual = np.empty((cells, max(1, M), K, A)), np.empty((cells, game.rows)), np.empty(cells)
    folds, how = np.empty(cells, np.int64), np.empty(cells, np.int64)
    start = np.zeros((0, 0, 0, 0)) if guess is None else np.ascontiguousarray(guess, np.float64)
    way = np.zeros(cells, np.int64) if along is None else np.ascontiguousarray(along, np.int64)
    x, dims = grid.axis, grid.dimensions

    def run(low: int, high: int) -> None:
        solve_cells(
            st, x, data, dims, states, coordinates, order, product, start, way, low, high,
            gamma, values, residual, folds, how,
        )  # fmt: skip

    line = len(x) if product else 1
    in_chunks(run, cells, smallest=line * max(1, 256 // line))
    return {"gamma": gamma[:, :M], "values": values, "residual": residual, "folds": folds, "how": how}


class _Known(NamedTuple):
    """A stage of a solution known before, and which of its states each state at hand matches (-1: none)."""

    match: NDArray[np.int64]
    solution: Solution
    stage: int


def _shared(game: Game, grid: BeliefGrid, known: tuple[Solution, ...]) -> list[list[_Known]]:
    """Per stage what is known. An infinite game is solved whole or, where all of it is known, not at all."""
    out: list[list[_Known]] = [[] for _ in game.stages]
    for solution in known:
        if not np.array_equal(solution.grid.axis, grid.axis) or solution.grid.dimensions != grid.dimensions:
            continue
        found = matching(game, solution.game)
        if found is None or (game.infinite and min(int(f.min(initial=0)) for f in found) < 0):
            continue
        for k, match in enumerate(found):
            if (match >= 0).any():
                out[k].append(_Known(match, solution, k))
    return out


def _solve_stage(
    game: Game,
    stage: Stage,
    st: Packed,
    joints: NDArray[np.int64],
    grid: BeliefGrid,
    following: Floats,
    shared: list[_Known],
) -> dict[str, Any]:
    """The stage at every state and node, given the values at the next: what is known taken over, the rest solved.

    Strategies are returned of the states at which somebody chooses."""
    S, G, M, A, K = len(stage.states), grid.nodes, len(stage.movers), st.available.shape[2], max(game.type_counts)
    known_at = np.zeros(S, dtype=bool)
    chosen = np.flatnonzero(stage.chooses)
    out: dict[str, Any] = {
        "values": np.empty((S, G, game.rows)), "residual": np.zeros((S, G)), "folds": np.zeros((S, G), np.int16),
        "how": np.full((S, G), FORCED, np.int8), "gamma": (np.zeros if shared else np.empty)((len(chosen), G, M, K, A)),
    }  # fmt: skip
    for known in shared:
        fresh = np.flatnonzero((known.match >= 0) & ~known_at)
        there = known.match[fresh]
        for name in ("values", "residual", "folds", "how"):
            out[name][fresh] = getattr(known.solution, name)[known.stage][there]
        free = stage.chooses[fresh]
        for j, gamma in enumerate(known.solution.played(known.stage, there[free])):
            place = np.searchsorted(chosen, fresh[free])
            out["gamma"][place, :, j, : gamma.shape[2], : gamma.shape[3]] = gamma
        known_at[fresh] = True
    quiet, busy = np.flatnonzero(~known_at & (joints >= 0)), np.flatnonzero(~known_at & (joints < 0))
    if len(quiet):
        out["values"][quiet] = _passed(st, grid, following, quiet, joints[quiet])
    if len(busy):
        data = _node_data(stage, grid, following, busy)
        solved = _cells(game, stage, st, grid, data, states=busy, coordinates=grid.points(), product=True)
        gamma, free = solved.pop("gamma").reshape(len(busy), G, M, K, A), stage.chooses[busy]
        out["gamma"][np.searchsorted(chosen, busy[free])] = gamma if free.all() else gamma[free]
        for name, array in solved.items():
            out[name][busy] = array.reshape(len(busy), G, *array.shape[1:])
    return out


def _passed(
    st: Packed, grid: BeliefGrid, following: Floats, states: NDArray[np.int64], joints: NDArray[np.int64]
) -> Floats:
    """(N, G, R) values at the nodes of states through which they pass from the next stage."""
    out = np.empty((len(states), *following.shape[1:]))
    following, beliefs = np.ascontiguousarray(following), grid.beliefs(grid.points())

    def run(low: int, high: int) -> None:
        pass_on(st, following, beliefs, states, joints, low, high, out)

    in_chunks(run, len(states), smallest=64)
    return out


def _node_data(stage: Stage, grid: BeliefGrid, following: Floats, states: NDArray[np.int64]) -> Floats:
    """Node data of the next stage, filled in where these states lead."""
    if len(states) == len(stage.states):
        return nodal(grid, following)
    _, branch = stage.branches(states)
    reached = distinct(stage.target[branch] + 1)
    reached = reached[reached > 0] - 1
    out = np.empty((*following.shape[:2], 1 << grid.dimensions, following.shape[2]))
    out[reached] = nodal(grid, following[reached])
    return out


def _respond(game: Game, grid: BeliefGrid, packed: list[Packed], following: list[Floats]) -> Search:
    """The strategy at any belief: the stage solved there, with the interpolant of the next stage's values."""

    def respond(
        index: int,
        states: NDArray[np.int64],
        beliefs: Floats,
        guess: Floats | None = None,
        along: NDArray[np.int64] | None = None,
    ) -> Response:
        stage, states = game.stages[index], np.ascontiguousarray(states, np.int64)
        data = _node_data(stage, grid, following[index], distinct(states))
        out = _cells(
            game,
            stage,
            packed[index],
            grid,
            data,
            states=states,
            coordinates=np.ascontiguousarray(grid.coordinates(np.asarray(beliefs, np.float64))),
            product=False,
            guess=guess,
            along=along,
        )
        strategies = tuple(
            out["gamma"][:, j, : len(game.players[m.player].types), : len(m.actions)]
            for j, m in enumerate(stage.movers)
        )
        return Response(
            strategies=strategies,
            values=out["values"],
            residual=out["residual"],
            folds=out["folds"],
            how=out["how"],
        )

    return respond


def _assemble(
    game: Game,
    grid: BeliefGrid,
    packed: list[Packed],
    results: list[dict[str, Any]],
    strategies: Strategies,
    after: Floats,
    sweeps: int,
    drift: float,
    stationary: float,
    seconds: float,
) -> Solution:
    values = [r["values"] for r in results]
    following = [*values[1:], after]
    cells = sum(r["how"].size for r in results)
    counts = np.sum([np.bincount(r["how"].ravel(), minlength=5) for r in results], axis=0)
    failed = int(counts[FAILED])
    status, advice = "solved", ""
    if failed:
        status = "some cells failed"
        advice = "lower the precision or refine the grid where the certificate locates them"
    if game.infinite and drift >= stationary:
        status = "not stationary"
        advice = "values still change between sweeps: allow more sweeps, or the limit does not exist"
    return Solution(
        game=game,
        grid=grid,
        values=tuple(values),
        strategies=strategies,
        residual=tuple(r["residual"] for r in results),
        folds=tuple(r["folds"] for r in results),
        how=tuple(r["how"] for r in results),
        respond=_respond(game, grid, packed, following),
        status=status,
        advice=advice,
        sweeps=sweeps,
        drift=drift,
        facts={"seconds": seconds, "cells": cells, "how": counts.tolist()},
    )
