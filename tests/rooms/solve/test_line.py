"""One mover of two types: the curves of a line, their bounds, and the proof that a cell has one equilibrium.

Everything is held against closed forms: curves that are cubics, or straight, or do not move. The kernels run here as
plain Python, so nothing is compiled.
"""

from __future__ import annotations

import importlib.util
import itertools
import os
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from winset.game import kernels

LOG_ODDS = np.linspace(-3.0, 3.0, 7)
NODES = np.concatenate([[0.0], 1.0 / (1.0 + np.exp(-LOG_ODDS)), [1.0]])
Curve = Callable[[float], tuple[float, float]]
"""A belief to a value and its slope."""


@pytest.fixture(scope="module")
def line() -> Iterator[ModuleType]:
    """`winset.solve.line` without a compiler."""
    found = importlib.util.find_spec("winset.solve.line")
    assert found is not None and found.origin is not None
    if os.environ.get("NUMBA_DISABLE_JIT") == "1":
        yield importlib.import_module("winset.solve.line")
        return
    with pytest.MonkeyPatch.context() as patch:
        for name in ("inner", "maker"):
            patch.setattr(kernels, name, lambda function: function)
        spec = importlib.util.spec_from_file_location("plain_line", found.origin)
        assert spec is not None and spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        yield module


def filled(line: ModuleType, curves: list[tuple[Curve, Curve]]) -> Any:
    """A line whose actions are seen and worth these curves to types 0 and 1."""
    out = line.make_line(NODES, len(curves), len(curves), 2)
    out.size[0] = len(curves)
    for a, both in enumerate(curves):
        for k, x in enumerate(NODES):
            for th, curve in enumerate(both):
                out.v[a, k, 0, th], out.v[a, k, 1, th] = curve(float(x))
        line.set_observable(out, a, 1.0, 0)
    line.close(out, len(curves))
    return out


def cubic(c: np.ndarray) -> Curve:
    return lambda x: (float(np.polyval(c, x)), float(np.polyval(np.polyder(c), x)))


def straight(slope: float, at: float = 0.0) -> Curve:
    return lambda x: (at + slope * x, slope)


def drawn(rng: np.random.Generator, actions: int) -> list[tuple[Curve, Curve]]:
    return [(cubic(rng.normal(size=4)), cubic(rng.normal(size=4))) for _ in range(actions)]


def odds(ell: float) -> float:
    return 1.0 / (1.0 + np.exp(-ell))


def test_between_nodes_a_cubic_is_itself(line: ModuleType) -> None:
    curves = drawn(np.random.default_rng(1), 3)
    made = filled(line, curves)
    q, dq = np.zeros((2, 3)), np.zeros((2, 3))
    for ell in np.linspace(-5.0, 5.0, 41):
        line.payoffs(made, 3, np.full(3, ell), q, dq)
        p = odds(ell)
        for a, th in itertools.product(range(3), range(2)):
            value, slope = curves[a][th](p)
            assert abs(q[th, a] - value) < 1e-12
            assert abs(dq[th, a] - slope * p * (1.0 - p)) < 1e-12


def test_slopes_lie_within_their_bounds(line: ModuleType) -> None:
    for seed in range(20):
        curves = drawn(np.random.default_rng(seed), 1)
        bound = filled(line, curves).bound[0]
        for k, th in itertools.product(range(len(NODES) - 1), range(2)):
            inside = np.linspace(NODES[k], NODES[k + 1], 50)
            slopes = [curves[0][th](p)[1] * p * (1.0 - p) for p in inside]
            assert bound[k, 2 * th] - 1e-12 <= min(slopes) and max(slopes) <= bound[k, 2 * th + 1] + 1e-12


@pytest.mark.parametrize("slopes", [(2.0, -3.0), (-1.0, 4.0), (0.5, 0.25)])
def test_the_bounds_of_a_straight_line_are_its_own_slopes(line: ModuleType, slopes: tuple[float, float]) -> None:
    bound = filled(line, [(straight(slopes[0]), straight(slopes[1]))]).bound[0]
    for k, th in itertools.product(range(len(NODES) - 1), range(2)):
        ends = [p * (1.0 - p) for p in (NODES[k], NODES[k + 1])]
        most = 0.25 if NODES[k] <= 0.5 <= NODES[k + 1] else max(ends)
        due = sorted([slopes[th] * min(ends), slopes[th] * most])
        assert np.allclose(bound[k, 2 * th : 2 * th + 2], due, rtol=0.0, atol=1e-12)


def test_what_can_be_learned_from_an_action_that_is_worth_the_same_at_every_belief(line: ModuleType) -> None:
    """Between playing at random and the logit answer: ln γ lies between -ln Σ max(1, e^Δ) and -ln Σ min(1, e^Δ)."""
    worth = np.array([[0.3, -0.7, 1.1], [-0.2, 0.9, 0.0]])
    made = filled(line, [(straight(0.0, worth[0, a]), straight(0.0, worth[1, a])) for a in range(3)])
    for a in range(3):
        ahead = worth - worth[:, [a]]
        low, high = (-np.log(np.exp(f(ahead, 0.0)).sum(axis=1)) for f in (np.maximum, np.minimum))
        assert np.allclose(made.shift[a], [low[0] - high[1], high[0] - low[1]], atol=1e-12)


def criterion(made: Any, ell: float) -> float:
    """1 + min(0, inf q_0'/(1 - d)) - max(0, sup q_1'/(1 - d)) over the corners of each interval's bounds; -inf where
    d = q_0' - q_1' can be 1."""
    least, most, logit = 0.0, 0.0, made.logit
    for a in range(made.size[0]):
        low, high = ell + made.shift[a]
        for k, (l0, h0, l1, h1) in enumerate(made.bound[a]):
            if logit[k + 1] < low or logit[k] > high:
                continue
            if h0 - l1 >= 1.0:
                return -np.inf
            for one, two in itertools.product((l0, h0), (l1, h1)):
                least = min(least, one / (1.0 - one + two))
                most = max(most, two / (1.0 - one + two))
    return 1.0 + least - most


def test_the_proof_is_the_criterion_at_the_corners_of_the_bounds(line: ModuleType) -> None:
    """Where no type's curve falls for the other faster than it may (the bounds are exact then)."""
    rng, said = np.random.default_rng(4), []
    for _ in range(300):
        actions = int(rng.integers(2, 4))
        falls, rises = -(10.0 ** rng.uniform(-1, 1.5, actions)), 10.0 ** rng.uniform(-1, 1.5, actions)
        curves = [(straight(falls[a]), straight(rises[a] * rng.integers(0, 2))) for a in range(actions)]
        made, ell = filled(line, curves), float(rng.normal())
        value = criterion(made, ell)
        if abs(value) > 1e-6:
            said.append(value > 0.0)
            assert bool(line.is_unique(made, actions, ell)) == said[-1]
    assert min(said.count(True), said.count(False)) > 50


def test_a_small_slope_of_the_second_type_counts(line: ModuleType) -> None:
    """9 / 10 from the first type's action and 1 / 2 from the second's are more than 1, though each alone is less."""
    flat = straight(0.0)
    both = filled(line, [(straight(-36.0), flat), (flat, straight(4.0))])
    assert not line.is_unique(both, 2, 0.0)
    assert line.is_unique(filled(line, [(straight(-36.0), flat), (flat, flat)]), 2, 0.0)
    assert line.is_unique(filled(line, [(flat, flat), (flat, straight(4.0))]), 2, 0.0)


def equilibria(slope: float) -> int:
    """How many: type 0's second action is worth `slope` (p - 1/2), all else 0; so x = γ(1|0) solves one equation."""
    x = np.linspace(1e-6, 1.0 - 1e-6, 200001)
    wrong = x - 1.0 / (1.0 + np.exp(-slope * (x / (x + 0.5) - 0.5)))
    return int(np.sum(np.sign(wrong[1:]) != np.sign(wrong[:-1])))


@pytest.mark.parametrize("slope", [0.5, 2.0, 3.9, 5.0, 7.0, 8.1, 9.0, 12.0, 20.0, 40.0])
def test_there_is_no_proof_where_there_are_several_equilibria(line: ModuleType, slope: float) -> None:
    """x = 1/2 is one of them, where the two sides have the same slope at 8; the bounds allow slopes below 4."""
    flat = straight(0.0)
    made = filled(line, [(flat, flat), (straight(slope, -0.5 * slope), flat)])
    proved = bool(line.is_unique(made, 2, 0.0))
    assert proved == (slope < 4.0)
    assert equilibria(slope) == 1 or not proved
    assert (equilibria(slope) > 1) == (slope > 8.0) or 4.0 < slope < 8.0


def test_newtons_method_ends_at_the_equilibrium(line: ModuleType) -> None:
    """Straight curves, gentle enough for one equilibrium: the posteriors are Bayes' rule of the logit answers."""
    for seed in range(5):
        rng = np.random.default_rng(seed)
        curves = [(straight(*rng.normal(size=2)), straight(*rng.normal(size=2))) for _ in range(3)]
        made, ell = filled(line, curves), float(rng.normal())
        z, q, dq, gamma = np.full(3, ell), np.zeros((2, 3)), np.zeros((2, 3)), np.zeros((2, 3))
        assert line.newton(made, 3, ell, z, q, dq, gamma, 1e-12) < 1e-12
        worth = np.array([[curves[a][th](odds(z[a]))[0] for a in range(3)] for th in range(2)])
        play = np.exp(worth) / np.exp(worth).sum(axis=1, keepdims=True)
        assert np.allclose(z, ell + np.log(play[0] / play[1]), atol=1e-11)
        assert np.allclose(gamma, play, atol=1e-11)
