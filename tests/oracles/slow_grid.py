"""A slow grid solver: the exact solver's stage, with continuation values from a plain interpolant between nodes.

Shares the stage of `winset.solve.exact` but neither the kernels of the solver nor those of the certificate.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import combinations

import numpy as np

from winset.game.game import Game
from winset.game.grid import BeliefGrid
from winset.game.solution import TRACED, Response, Solution
from winset.solve.exact import _Recursion


def slopes(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """PCHIP slopes along the first axis of y."""
    h = np.diff(x).reshape(-1, *[1] * (y.ndim - 1))
    secant = np.diff(y, axis=0) / h
    out = np.zeros_like(y)
    for i in range(1, len(x) - 1):
        a, b = secant[i - 1], secant[i]
        v, w = 2 * h[i] + h[i - 1], h[i] + 2 * h[i - 1]
        with np.errstate(divide="ignore", invalid="ignore"):
            out[i] = np.where(a * b > 0, (v + w) / (v / a + w / b), 0.0)
    for end, near, far in ((0, 0, 1), (-1, -1, -2)):
        a, b, h0, h1 = secant[near], secant[far], h[near], h[far]
        d = ((2 * h0 + h1) * a - h0 * b) / (h0 + h1)
        d = np.where((np.sign(a) != np.sign(b)) & (np.abs(d) > 3 * np.abs(a)), 3 * a, d)
        out[end] = np.where(np.sign(d) != np.sign(a), 0.0, d)
    return out


def interpolate(axis: np.ndarray, values: np.ndarray, points: np.ndarray) -> np.ndarray:
    """(N, W) values at points (N, D) of a function given at the nodes (n, ..., n, W)."""
    dimensions = points.shape[1]
    stack: dict[tuple[int, ...], np.ndarray] = {(): values}
    for count in range(1, dimensions + 1):  # a mixed derivative is the mean over which axis is taken last
        for taken in combinations(range(dimensions), count):
            last = [(d, np.moveaxis(stack[tuple(e for e in taken if e != d)], d, 0)) for d in taken]
            stack[taken] = sum(np.moveaxis(slopes(axis, v), 0, d) for d, v in last) / count
    low = np.clip(np.searchsorted(axis, points, side="right") - 1, 0, len(axis) - 2)
    step = axis[low + 1] - axis[low]
    t = (points - axis[low]) / step
    basis = {
        (0, False): 1 - 3 * t**2 + 2 * t**3,
        (1, False): 3 * t**2 - 2 * t**3,
        (0, True): step * (t - 2 * t**2 + t**3),
        (1, True): step * (t**3 - t**2),
    }
    out = np.zeros((len(points), values.shape[-1]))
    for corner in np.ndindex(*([2] * dimensions)):
        at = tuple(low[:, d] + corner[d] for d in range(dimensions))
        for taken, v in stack.items():
            weight = np.ones(len(points))
            for d in range(dimensions):
                weight = weight * basis[corner[d], d in taken][:, d]
            out += weight[:, None] * (v[at] if dimensions else np.broadcast_to(v, out.shape))
    return out


@dataclass(kw_only=True)
class _OnGrid(_Recursion):
    grid: BeliefGrid
    values: dict[int, np.ndarray] = field(default_factory=dict)

    def ahead(self, stage, states, beliefs):
        coords = self.grid.coordinates(beliefs)
        out = np.full((len(states), self.game.rows), np.nan)
        for s in np.unique(states):
            rows = states == s
            nodes = self.values[stage][s].reshape(*self.grid.shape, self.game.rows)
            out[rows] = interpolate(self.grid.axis, nodes, coords[rows])
        return out


def solve_slowly(game: Game, grid: BeliefGrid, *, passes: int = 1) -> Solution:
    """The principal branch on a grid; in infinite games after so many backward passes from zero."""
    work = _OnGrid(game=game, grid=grid)
    beliefs = grid.beliefs(grid.points())
    if game.infinite:
        work.values[0] = np.zeros((len(game.stages[0].states), grid.nodes, game.rows))
    solved = {}
    for _ in range(passes):
        for k in range(len(game.stages) - 1, -1, -1):
            states = len(game.stages[k].states)
            found = work.solve(k, np.repeat(np.arange(states), grid.nodes), np.tile(beliefs, (states, 1)))
            solved[k] = (found, states)
            work.values[k] = found.values.reshape(states, grid.nodes, game.rows)

    def shaped(array, states):
        return array.reshape(states, grid.nodes, *array.shape[1:])

    def respond(stage, states, beliefs):
        found = work.solve(stage, np.asarray(states), np.asarray(beliefs))
        return Response(
            strategies=found.strategies,
            values=found.values,
            residual=found.residual,
            folds=found.folds,
            how=np.full(len(found.values), TRACED),
        )

    order = range(len(game.stages))
    return Solution(
        game=game,
        grid=grid,
        values=tuple(work.values[k] for k in order),
        strategies=tuple(tuple(shaped(g, solved[k][1]) for g in solved[k][0].strategies) for k in order),
        residual=tuple(shaped(solved[k][0].residual, solved[k][1]) for k in order),
        folds=tuple(shaped(solved[k][0].folds, solved[k][1]) for k in order),
        how=tuple(np.full((solved[k][1], grid.nodes), TRACED) for k in order),
        respond=respond,
    )
