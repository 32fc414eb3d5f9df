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
ROUGH = np.array([0.0, 0.01, 0.4, 0.99, 1.0])
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


def filled(line: ModuleType, curves: list[tuple[Curve, Curve]], nodes: np.ndarray = NODES) -> Any:
    """A line whose actions are seen and worth these curves to types 0 and 1."""
    out = line.make_line(nodes, len(curves), len(curves), 2)
    out.size[0] = len(curves)
    for a, both in enumerate(curves):
        for k, x in enumerate(nodes):
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


@pytest.mark.parametrize("sharp", [False, True])
def test_steepness_on_a_part_of_an_interval(line: ModuleType, sharp: bool) -> None:
    """It holds what the curves and their difference have there, and of a straight line's nothing more."""
    rng, out = np.random.default_rng(7), np.zeros(6)
    for seed in range(60):
        curves = drawn(np.random.default_rng(seed), 1)[0] if seed % 2 else (straight(rng.normal()), straight(2.0))
        made = filled(line, [curves], ROUGH if seed % 3 else NODES)
        low, high = sorted(rng.normal(0.0, 2.0, size=2))
        for k in range(len(made.x) - 1):
            if made.logit[k + 1] < low or made.logit[k] > high:
                continue
            line._steepness(made, 0, k, low, high, sharp, out)
            ends = (max(low, made.logit[k]), min(high, made.logit[k + 1])) if sharp else made.logit[k : k + 2]
            inside = np.linspace(odds(ends[0]), odds(ends[1]), 201)
            here = np.array([[curve(p)[1] * p * (1.0 - p) for p in inside] for curve in curves])
            seen = np.array([f for row in (*here, here[0] - here[1]) for f in (row.min(), row.max())])
            assert (out[::2] <= seen[::2] + 1e-12).all() and (out[1::2] >= seen[1::2] - 1e-12).all()
            if sharp and not seed % 2:
                assert np.allclose(out, seen, atol=1e-4)


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


def criterion(made: Any, slopes: list[tuple[float, float]], ell: float) -> float:
    """1 + the least that Σ γ(a|0) q_0'/(1 - d) can be, less the most that Σ γ(a|1) q_1'/(1 - d) can be; -inf where
    d = q_0' - q_1' can be 1.

    By the bounds of straight curves, on all log-odds that an action's posterior can have; each γ is at most its share.
    """
    each = np.zeros((2, len(slopes)))
    for a, both in enumerate(slopes):
        low, high = ell + made.shift[a]
        cuts = [odds(low), *(x for x in NODES if odds(low) < x < odds(high)), odds(high)]
        for p0, p1 in itertools.pairwise(cuts):
            ends = [p * (1.0 - p) for p in (p0, p1)]
            least, most = min(ends), 0.25 if p0 <= 0.5 <= p1 else max(ends)
            (l0, _), (l1, h1), (_, d) = (sorted((s * least, s * most)) for s in (*both, both[0] - both[1]))
            if d >= 1.0:
                return -np.inf
            each[0, a] = min(each[0, a], l0 / max(1.0 - d, 1.0 - l0 + l1))
            each[1, a] = max(each[1, a], h1 / max(1.0 - d, 1.0 - sorted((both[0] * least, both[0] * most))[1] + h1))
    whole = (made.share * each).sum(axis=1)
    return float(1.0 + max(each[0].min(), whole[0]) - min(each[1].max(), whole[1]))


def test_the_proof_is_the_criterion_at_the_corners_of_the_bounds(line: ModuleType) -> None:
    """Where no type's curve falls for the other faster than it may (the bounds are exact then)."""
    rng, said = np.random.default_rng(4), []
    for _ in range(300):
        actions = int(rng.integers(2, 4))
        falls, rises = -(10.0 ** rng.uniform(-1, 1.7, actions)), 10.0 ** rng.uniform(-1, 1.7, actions)
        slopes = [(float(falls[a]), float(rises[a] * rng.integers(0, 2))) for a in range(actions)]
        made, ell = filled(line, [(straight(f), straight(r)) for f, r in slopes]), float(rng.normal())
        value = criterion(made, slopes, ell)
        if abs(value) > 1e-6:
            said.append(value > 0.0)
            assert bool(line.is_unique(made, actions, ell)) == said[-1]
    assert min(said.count(True), said.count(False)) > 50


def least(worth: np.ndarray, most: np.ndarray) -> float:
    """The least that Σ γ worth can be, with shares γ of at most so much each."""
    out, left = 0.0, 1.0
    for a in np.argsort(worth):
        out, left = out + min(left, most[a]) * worth[a], left - min(left, most[a])
    return out


def test_where_one_equilibrium_is_proved_the_determinant_is_positive(line: ModuleType) -> None:
    """At posteriors drawn from all that any t can produce, with the shares that make it smallest."""
    rng, proved = np.random.default_rng(3), 0
    for _ in range(500):
        actions, size = int(rng.integers(2, 4)), 10.0 ** rng.uniform(-0.3, 1.3)
        curves = [(straight(size * rng.normal()), straight(size * rng.normal())) for _ in range(actions)]
        made, ell = filled(line, curves, ROUGH), float(rng.normal(0.0, 3.0))
        if not line.is_unique(made, actions, ell):
            continue
        proved += 1
        for _ in range(50):
            p = odds(ell + made.shift[:, 0] + rng.uniform(size=actions) * (made.shift[:, 1] - made.shift[:, 0]))
            first, second = (np.array([pair[th](0.0)[1] for pair in curves]) * p * (1.0 - p) for th in range(2))
            t = 1.0 - rng.uniform() ** 3
            room = 1.0 - t * (first - second)
            assert room.min() > 0.0
            assert 1.0 + least(t * first / room, made.share[0]) + least(-t * second / room, made.share[1]) > 0.0
    assert 100 < proved < 400


def test_where_the_action_is_hidden_the_proof_is_a_contraction(line: ModuleType) -> None:
    """Σ (spread of a signal over actions) x (steepest that its curve gets) < 1, of straight curves exactly."""
    rng, said = np.random.default_rng(5), []
    for _ in range(200):
        made = line.make_line(NODES, 2, 3, 2)
        made.size[:] = 2, 1
        slopes = 10.0 ** rng.uniform(-0.5, 1.2) * rng.normal(size=(3, 2))
        for o, th in itertools.product(range(3), range(2)):
            made.v[o, :, 0, th], made.v[o, :, 1, th] = slopes[o, th] * NODES, slopes[o, th]
        made.signal[:] = rng.dirichlet(np.ones(3), size=(2, 2))
        for o in range(3):
            line.set_observable(made, o, 1.0, 0)
        line.close(made, 3)
        ell, total = float(rng.normal(0.0, 2.0)), 0.0
        for o in range(3):
            seen = made.signal[:, :, o]
            low, high = np.log(seen[0].min() / seen[1].max()), np.log(seen[0].max() / seen[1].min())
            p = odds(np.clip(0.0, ell + low, ell + high))
            total += float(((seen.max(axis=1) - seen.min(axis=1)) * np.abs(slopes[o]) * p * (1.0 - p)).sum())
        if abs(total - 1.0) > 1e-6:
            said.append(total < 1.0)
            assert bool(line.is_unique(made, 3, ell)) == said[-1]
    assert min(said.count(True), said.count(False)) > 50


def test_the_greatest_share_of_an_action(line: ModuleType) -> None:
    """1 / Σ min(1, e^Δ), with Δ what another action is worth more."""
    worth = np.array([[0.3, -0.7, 1.1], [-0.2, 0.9, 0.0]])
    made = filled(line, [(straight(0.0, worth[0, a]), straight(0.0, worth[1, a])) for a in range(3)])
    for a in range(3):
        assert np.allclose(made.share[:, a], 1.0 / np.exp(np.minimum(worth - worth[:, [a]], 0.0)).sum(axis=1))


def test_where_one_equilibrium_is_proved_no_start_leads_to_another(line: ModuleType) -> None:
    rng, several, sharpened = np.random.default_rng(11), 0, 0
    for _ in range(400):
        actions = int(rng.integers(2, 4))
        size = 10.0 ** rng.uniform(-0.3, 1.0)
        curves = [(cubic(size * rng.normal(size=4)), cubic(size * rng.normal(size=4))) for _ in range(actions)]
        made, ell = filled(line, curves, ROUGH), float(rng.normal(0.0, 3.0))
        proved = bool(line.is_unique(made, actions, ell))
        sharpened += proved and not line._turns_nowhere(made, actions, ell, False)
        found = set()
        for _ in range(12):
            z = ell + rng.normal(0.0, 4.0, actions)
            room = np.zeros((3, 2, actions))
            if line.newton(made, actions, ell, z, room[0], room[1], room[2], 1e-11) < 1e-11:
                found.add(tuple(np.round(z, 6) + 0.0))
        assert len(found) <= 1 or not proved
        several += len(found) > 1
    assert several > 20 and sharpened > 10


def test_a_small_slope_of_the_second_type_counts(line: ModuleType) -> None:
    """9 / 10 from the first type's action and 1 / 2 from the second's are more than 1, though each alone is less."""
    flat, falling = straight(0.0), straight(-36.0, 36.0)
    both = filled(line, [(falling, flat), (flat, straight(4.0))])
    assert not line.is_unique(both, 2, 0.0)
    assert line.is_unique(filled(line, [(falling, flat), (flat, flat)]), 2, 0.0)
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
