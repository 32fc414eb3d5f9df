"""The certificate's interpolant against the plain one of the oracles, and its defining properties."""

from __future__ import annotations

import numba
import numpy as np
import pytest

from oracles.slow_grid import interpolate, slopes
from winset.certify.interpolant import evaluate, with_slopes
from winset.game.grid import BeliefGrid


@numba.njit
def _evaluate(table, axis, point, base, basis, out):
    evaluate(table, axis, point, base, basis, out)


def at(values, grid, points):
    table = with_slopes(values.reshape(1, grid.nodes, -1), grid.axis, grid.dimensions)[0]
    out = np.full((len(points), table.shape[2]), np.nan)
    base, basis = np.zeros(grid.dimensions, dtype=np.int64), np.zeros((grid.dimensions, 2, 2))
    for n, point in enumerate(points):
        _evaluate(table, grid.axis, np.ascontiguousarray(point), base, basis, out[n])
    return out


@pytest.mark.parametrize("counts", [(1, 1), (2, 1), (2, 2), (3, 2), (3, 3)])
def test_same_as_the_plain_formula(counts):
    rng = np.random.default_rng(0)
    grid = BeliefGrid(counts, inner=4)
    values = rng.normal(size=(*grid.shape, 3))
    points = rng.random((40, grid.dimensions))
    assert at(values, grid, points) == pytest.approx(interpolate(grid.axis, values, points), abs=1e-12)


def test_goes_through_the_nodes():
    grid = BeliefGrid((2, 2), inner=3)
    values = np.random.default_rng(1).normal(size=(grid.nodes, 2))
    assert at(values, grid, grid.points()) == pytest.approx(values, abs=1e-14)


def test_stays_between_neighbours_on_one_axis():
    grid = BeliefGrid((2,), inner=6)
    values = np.array([0.0, 0.0, 1.0, 1.0, 0.2, 0.9, 0.9, 3.0])[:, None]
    points = np.linspace(0, 1, 400)[:, None]
    found = at(values, grid, points)[:, 0]
    low = np.clip(np.searchsorted(grid.axis, points[:, 0], side="right") - 1, 0, 6)
    assert np.all(found >= np.minimum(values[low, 0], values[low + 1, 0]) - 1e-12)
    assert np.all(found <= np.maximum(values[low, 0], values[low + 1, 0]) + 1e-12)


def test_slopes_of_a_line_and_at_a_turning_point():
    x = np.array([0.0, 0.1, 0.4, 0.6, 1.0])
    assert slopes(x, 3 * x) == pytest.approx(np.full(5, 3.0))
    assert slopes(x, np.array([0.0, 1.0, 2.0, 1.0, 0.0]))[2] == 0.0


def test_harmonic_mean_by_hand():
    x, y = np.array([0.0, 1.0, 3.0]), np.array([0.0, 1.0, 2.0])
    secants, steps = (1.0, 0.5), (1.0, 2.0)
    one, two = 2 * steps[1] + steps[0], steps[1] + 2 * steps[0]
    middle = (one + two) / (one / secants[0] + two / secants[1])
    assert slopes(x, y)[1] == pytest.approx(middle)
    assert slopes(x, y)[0] == pytest.approx(((2 * 1 + 2) * 1.0 - 1 * 0.5) / 3)
