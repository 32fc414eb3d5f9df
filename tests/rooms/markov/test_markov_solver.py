"""The logit path of Markov games: derivatives, a slow oracle, closed forms, invariance, and what goes wrong."""

from __future__ import annotations

import numpy as np
import pytest

from oracles.markov_slow import Slow
from rooms.markov.markov_games import big_match, sparse, static
from winset.base.errors import ScenarioError, SolveError
from winset.certify.markov import certify_markov
from winset.game.markov import MarkovGame, markov_game
from winset.game.markov_random import random_markov_game
from winset.solve.markov.follow import Follower
from winset.solve.markov.logit import solve_markov
from winset.solve.markov.system import Linear, System

SHAPES = (
    {"states": 2, "actions": [[2, 3], [2, 2]]},
    {"states": 2, "players": 3, "actions": [[2, 2, 1], [1, 2, 2]]},
    {"states": 3, "players": 1, "actions": 3},
)


def _errors(system: System, y: np.ndarray) -> np.ndarray:
    """The equations from their definition, at probabilities that need not sum to 1."""
    game, sigma, values = system.game, system.sigma(y), system.values(y)
    out = []
    ahead = np.einsum("sct,pt->psc", system.dense_transition(), values)
    worth = game.payoff + game.discount[:, :, None] * ahead
    for i in range(system.count):
        for s in range(system.size):
            q = np.zeros(game.counts[i, s])
            for c, own in enumerate(game.own.T):
                if own[i] < len(q):
                    q[own[i]] += worth[i, s, c] * np.prod([sigma[j, s, a] for j, a in enumerate(own) if j != i])
            logit = y[-1] * system.weights[i] * q
            out += list(system.beta(y)[i, s, : len(q)] - logit + np.log(np.sum(np.exp(logit))))
            out.append(values[i, s] - sigma[i, s, : len(q)] @ q)
    return np.array(out)


@pytest.mark.parametrize("kind", [lambda g: g, sparse], ids=["dense", "rows"])
@pytest.mark.parametrize("shape", SHAPES, ids=["two", "three", "one"])
def test_newtons_step_and_the_direction_solve_the_linear_equations(shape: dict, kind: object) -> None:
    game: MarkovGame = kind(random_markov_game(1, **shape))  # type: ignore[operator]
    system = System(game, np.linspace(1.0, 2.0, len(game.players)))
    rng = np.random.default_rng(0)
    y = system.start() + 0.3 * rng.standard_normal(len(system.start()))
    y[: system.cut] *= game.available.ravel()
    y[-1] = 1.3
    here = system.at(y)
    linear, y, h = Linear(system, here), here.y, 1e-6
    for held in (None, 0, system.cut + 1):
        step, ahead = linear.solve(held)
        at = -1 if held is None else held
        by_step = (_errors(system, y + h * step) - _errors(system, y - h * step)) / (2 * h)
        by_ahead = (_errors(system, y + h * ahead) - _errors(system, y - h * ahead)) / (2 * h)
        assert np.max(np.abs(by_step + _errors(system, y))) < 1e-7
        assert np.max(np.abs(by_ahead)) < 1e-7
        assert abs(step[at]) < 1e-12 and abs(ahead[at] - 1.0) < 1e-12


@pytest.mark.parametrize("shape", SHAPES, ids=["two", "three", "one"])
@pytest.mark.parametrize("lam", [4.0])
def test_the_point_is_that_of_a_slow_oracle(shape: dict, lam: float) -> None:
    game = random_markov_game(2, discount=0.8, **shape)
    shapes = [tuple(int(n) for n in game.counts[:, s]) for s in range(len(game.states))]
    wide = game.payoff.reshape(len(game.players), len(game.states), *game.widths)
    leads = np.asarray(game.transition).reshape(len(game.states), *game.widths, len(game.states))
    cut = [tuple(slice(0, n) for n in shape) for shape in shapes]
    slow = Slow(
        [wide[(slice(None), s, *cut[s])] for s in range(len(shapes))],
        [leads[(s, *cut[s])] for s in range(len(shapes))],
        [0.8] * len(game.players),
    )
    sigma, values = slow.solve(lam)
    found = solve_markov(game, precision=lam)
    assert max(abs(found.profile[spot] - p) for spot, p in sigma.items()) < 1e-8
    assert max(abs(found.values[spot] - v) for spot, v in values.items()) < 1e-8
    assert found.profile[~game.available].sum() == 0.0


def test_one_state_is_the_static_game_whatever_the_discount() -> None:
    """Asymmetric matching pennies (Ochs 1995): p and q solve two equations, found here by bisection."""
    lam, x = 1.5, 9.0
    one, two = np.array([[x, 0.0], [0.0, 1.0]]), np.array([[0.0, 1.0], [1.0, 0.0]])
    low, high = 0.0, 1.0
    for _ in range(200):  # of the probability of U
        p = 0.5 * (low + high)
        q = 1.0 / (1.0 + np.exp(lam * (2.0 * p - 1.0)))
        low, high = (p, high) if 1.0 / (1.0 + np.exp(-lam * ((x + 1.0) * q - 1.0))) > p else (low, p)
    for d in (0.0, 0.9):
        found = solve_markov(static(one, two, d), precision=lam)
        assert abs(found.profile[0, 0, 0] - p) < 1e-10 and abs(found.profile[1, 0, 0] - q) < 1e-10


def test_one_player_alone() -> None:
    """Two actions in one state: values to come are the same, so play is logit in payoffs; V = Σ σ u / (1 - d)."""
    u, d, lam = np.array([1.0, 0.3]), 0.9, 2.0
    found = solve_markov(markov_game([u[None]], [np.ones((2, 1))], discount=d), precision=lam)
    sigma = np.exp(lam * u) / np.exp(lam * u).sum()
    assert np.allclose(found.profile[0, 0], sigma, atol=1e-12)
    assert abs(found.values[0, 0] - sigma @ u / (1.0 - d)) < 1e-10


@pytest.mark.parametrize("d", [0.3, 0.9, 0.99])
def test_the_big_match(d: float) -> None:
    """Blackwell and Ferguson 1968: value 1/2, Top with (1 - d) / (2 - d), L with 1/2."""
    found = solve_markov(big_match(d))
    assert found.status == "solved"
    assert abs(found.values[0, 0] - 0.5) < 1e-9
    assert abs(found.profile[0, 0, 0] - (1.0 - d) / (2.0 - d)) < 1e-9 and abs(found.profile[1, 0, 0] - 0.5) < 1e-9


def test_a_symmetric_game_stays_symmetric() -> None:
    one = np.array([[3.0, 0.0], [4.0, 1.0]])
    found = solve_markov(static(one, one.T, 0.5), precision=2.0)
    assert np.allclose(found.profile[0], found.profile[1], atol=1e-12)


def test_a_path_that_folds() -> None:
    """Two equilibria in pure strategies, the risk-dominant one on the principal branch; other states fold the path."""
    game = random_markov_game(2, states=20, actions=3)
    found = solve_markov(game)
    assert found.facts["folds"] == 2 and found.status == "solved"
    seen = certify_markov(game, found.profile, precision=np.inf)
    assert seen.full_gain.max() < 1e-9 and seen.residual == 0.0


def test_without_the_sign_of_the_determinant_another_branch_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    """Near λ = 9.2 another branch passes by this game's path, which folds there; points beyond look as smooth."""
    game = random_markov_game(1, states=50, actions=3)

    def folds() -> tuple[list[float], int]:
        follower, out, last = Follower(System(game, np.ones(2))), [], True
        for mark in follower.marks([10.0]):
            if mark.rises != last:
                out.append(mark.lam)
            last = mark.rises
            if mark.lam >= 10.0:
                return out, follower.count["other branches"]
        raise AssertionError("the path ended")

    found, taken_back = folds()
    assert taken_back > 0
    assert len(found) == 2 and abs(found[0] - 9.2448) < 0.02 and abs(found[1] - 9.1038) < 0.02
    monkeypatch.setattr(Follower, "_belongs", lambda self, mark: True)
    assert folds() == ([], 0)


def test_names_and_units_do_not_matter() -> None:
    game = random_markov_game(4, states=4, actions=[[2, 3], [3, 2], [2, 2], [1, 3]])
    found = solve_markov(game, precision=5.0)
    wide = game.payoff.reshape(2, 4, *game.widths)
    leads = np.asarray(game.transition).reshape(4, *game.widths, 4)
    order = [2, 0, 3, 1]
    payoffs, transitions = [], []
    for s in order:  # states renamed, players exchanged, the second's actions turned around, payoffs times 3 less 7
        cut = tuple(slice(0, n) for n in game.counts[:, s])
        u = wide[(slice(None), s, *cut)][::-1].transpose(0, 2, 1)[:, ::-1]
        payoffs.append(3.0 * u - 7.0)
        transitions.append(leads[(s, *cut)].transpose(1, 0, 2)[::-1][:, :, order])
    other = solve_markov(markov_game(payoffs, transitions, discount=0.95), precision=5.0 / 3.0)
    for k, s in enumerate(order):
        n, m = game.counts[:, s]
        assert np.allclose(other.profile[1, k, :n], found.profile[0, s, :n], atol=1e-10)
        assert np.allclose(other.profile[0, k, :m][::-1], found.profile[1, s, :m], atol=1e-10)


def test_weights_are_precisions() -> None:
    """λ twice as large for one player is payoffs twice as large for it."""
    game = random_markov_game(5, states=3, actions=2)
    one = solve_markov(game, precision=3.0, weights=[1.0, 2.0])
    wide = game.payoff.reshape(2, 3, 2, 2) * np.array([1.0, 2.0])[:, None, None, None]
    leads = list(np.asarray(game.transition).reshape(3, 2, 2, 3))
    two = solve_markov(markov_game(list(wide.transpose(1, 0, 2, 3)), leads, discount=0.95), precision=3.0)
    assert np.allclose(one.profile, two.profile, atol=1e-10)
    assert np.allclose(one.precision, [3.0, 6.0])


def test_rows_and_arrays_are_the_same_game() -> None:
    game = random_markov_game(6, states=5, actions=2)
    assert np.allclose(solve_markov(game).profile, solve_markov(sparse(game)).profile, atol=1e-10)


def test_the_points_asked_for_are_on_the_path() -> None:
    game = random_markov_game(2, states=20, actions=3)
    asked = [0.0, 0.5, 3.0, 50.0]
    path = solve_markov(game, precision=asked).path
    for lam in asked:
        at = int(np.flatnonzero(path.precision == lam)[0])
        assert certify_markov(game, path.probability[at], precision=lam).residual < 1e-5
    assert certify_markov(game, solve_markov(game, precision=50.0).profile, precision=50.0).residual < 1e-11


def test_play_at_random_at_the_start() -> None:
    game = random_markov_game(4, states=2, actions=[[2, 3], [1, 2]])
    assert np.array_equal(solve_markov(game, precision=0.0).profile, game.uniform())


def test_what_was_not_reached_is_said() -> None:
    game = random_markov_game(2, states=5, actions=2)
    with pytest.raises(SolveError, match="3 steps were not enough") as stopped:
        solve_markov(game, precision=1e4, most_steps=3)
    assert 0.0 < stopped.value.result.facts["precision"] < 1e4
    assert solve_markov(game, most_steps=3).status == "3 steps were not enough"


def test_a_limit_that_is_not_isolated_is_not_invented() -> None:
    """A player for whom two actions are always worth the same plays both equally at every λ."""
    one = np.ones((2, 2))
    found = solve_markov(static(one, one, 0.5), most_steps=60)
    assert np.allclose(found.profile, 0.5)


@pytest.mark.parametrize(
    ("code", "change"),
    [
        ("M101", {"payoffs": [np.ones((2, 2))]}),
        ("M102", {"transitions": [np.ones((2, 2, 2))]}),
        ("M102", {"transitions": []}),
        ("M103", {"discount": [0.5, 0.5, 0.5]}),
        ("M104", {"payoffs": [np.full((2, 2, 2), np.nan)]}),
        ("M105", {"transitions": [np.full((2, 2, 1), 1.1)]}),
        ("M105", {"transitions": [np.full((2, 2, 1), -0.1)]}),
        ("M106", {"discount": 1.5}),
        ("M107", {"discount": 1.0}),
    ],
)
def test_what_is_no_game_is_refused(code: str, change: dict) -> None:
    good = {"payoffs": [np.ones((2, 2, 2))], "transitions": [np.ones((2, 2, 1))], "discount": 0.5}
    markov_game(good["payoffs"], good["transitions"], discount=good["discount"])  # type: ignore[arg-type]
    bad = good | change
    with pytest.raises(ScenarioError) as refused:
        markov_game(bad["payoffs"], bad["transitions"], discount=bad["discount"])  # type: ignore[arg-type]
    (only,) = refused.value.diagnostics
    assert only.code == code and only.why and only.fix


@pytest.mark.parametrize("precision", [-1.0, [2.0, 1.0], float("inf"), []])
def test_precisions_that_are_none_are_refused(precision: object) -> None:
    with pytest.raises(ScenarioError, match="M201"):
        solve_markov(random_markov_game(1, states=2, actions=2), precision=precision)  # type: ignore[arg-type]


@pytest.mark.parametrize("weights", [[1.0], [1.0, 0.0], [1.0, np.nan]])
def test_weights_that_are_none_are_refused(weights: list[float]) -> None:
    with pytest.raises(ScenarioError, match="M202"):
        solve_markov(random_markov_game(1, states=2, actions=2), precision=1.0, weights=weights)


def test_a_full_discount_is_accepted_where_the_game_ends() -> None:
    game = markov_game([np.ones((1, 1))], [np.full((1, 1), 0.5)], discount=1.0)
    assert abs(solve_markov(game, precision=1.0).values[0, 0] - 2.0) < 1e-12
