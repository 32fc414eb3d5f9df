"""The certificate of stationary profiles: closed forms, and errors planted on purpose."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from rooms.markov.markov_games import sparse, static, treaty
from winset.base.errors import SizeError
from winset.certify import markov as certificate
from winset.certify.markov import certify_markov
from winset.game.markov import MarkovGame
from winset.game.markov_random import random_markov_game
from winset.solve.markov.logit import solve_markov


@pytest.mark.parametrize("eps", [0.0, 0.1])
@pytest.mark.parametrize("rho", [0.0, 0.3])
def test_keeping_the_treaty_is_an_equilibrium_from_the_critical_discount_on(eps: float, rho: float) -> None:
    """d* = (t - r) / ((1 - eps)(r - p) + (t - r)(1 - eps - rho))."""
    critical = 1.0 / ((1.0 - eps) * 2.0 + (1.0 - eps - rho))
    keep = np.array([[[1.0, 0.0], [1.0, 0.0]]] * 2)
    for d, gains in ((critical - 1e-6, True), (critical + 1e-6, False)):
        seen = certify_markov(treaty(d, eps=eps, rho=rho), keep, precision=np.inf)
        assert (seen.full_gain.max() > 1e-8) == gains
        assert (seen.residual > 0.5) == gains
    d = 0.9
    seen = certify_markov(treaty(d, eps=0.0, rho=rho), keep)
    assert abs(seen.values[0, 0] - 3.0 / (1.0 - d)) < 1e-10


def test_gains_by_hand() -> None:
    """Prisoner's dilemma, both cooperating for ever: one breach is worth 1 and nothing follows from it."""
    one, d = np.array([[3.0, 0.0], [4.0, 1.0]]), 0.5
    seen = certify_markov(static(one, one.T, d), np.array([[[1.0, 0.0]]] * 2), precision=2.0)
    assert np.allclose(seen.values, 6.0) and np.allclose(seen.one_shot_gain, 1.0) and np.allclose(seen.full_gain, 2.0)
    assert np.allclose(seen.one_shot_bound, np.log(2.0) / 2.0) and np.allclose(seen.full_bound, np.log(2.0))
    assert abs(seen.residual - 1.0 / (1.0 + np.exp(-2.0))) < 1e-12


@pytest.mark.parametrize("lam", [0.7, 5.0, 80.0])
def test_a_logit_equilibrium_gains_no_more_than_its_errors_explain(lam: float) -> None:
    game = random_markov_game(3, states=4, actions=[[1, 2], [3, 2], [2, 2], [2, 3]])
    found = solve_markov(game, precision=lam)
    seen = certify_markov(game, found.profile, precision=lam)
    assert seen.sound and seen.residual < 1e-11
    assert np.max(np.abs(seen.values - found.values)) < 1e-10
    assert np.all(seen.one_shot_gain <= seen.one_shot_bound + 1e-12)
    assert np.all(seen.full_gain <= seen.full_bound + 1e-12)
    assert np.all(seen.full_gain >= seen.one_shot_gain - 1e-12)


def _wrong_pay(game: MarkovGame) -> MarkovGame:
    payoff = game.payoff.copy()
    payoff[0, 0, 0] += 0.1
    return replace(game, payoff=payoff)


def _wrong_leads(game: MarkovGame) -> MarkovGame:
    transition = np.array(game.transition)
    transition[0, 0] = np.roll(transition[0, 0], 1)
    return replace(game, transition=transition)


def _wrong_discount(game: MarkovGame) -> MarkovGame:
    return replace(game, discount=game.discount - 0.01)


@pytest.mark.parametrize("planted", [_wrong_pay, _wrong_leads, _wrong_discount])
def test_the_equilibrium_of_another_game_is_caught(planted: object) -> None:
    game = random_markov_game(8, states=3, actions=2)
    found = solve_markov(game, precision=4.0)
    assert certify_markov(game, found.profile, precision=4.0).residual < 1e-11
    assert certify_markov(planted(game), found.profile, precision=4.0).residual > 1e-4  # type: ignore[operator]


def test_a_strategy_moved_a_little_is_caught() -> None:
    game = random_markov_game(8, states=3, actions=2)
    found = solve_markov(game, precision=4.0)
    profile = found.profile.copy()
    profile[1, 2] += [1e-4, -1e-4]
    assert certify_markov(game, profile, precision=4.0).residual > 1e-5
    assert certify_markov(game, found.profile, precision=4.01).residual > 1e-5
    limit = solve_markov(game).profile.copy()
    assert certify_markov(game, limit, precision=np.inf).full_gain.max() < 1e-9
    limit[0, 0] = limit[0, 0] * 0.99 + 0.01 / 2
    assert certify_markov(game, limit, precision=np.inf).full_gain.max() > 1e-4


def test_what_is_no_profile_is_said() -> None:
    game = random_markov_game(3, states=4, actions=[[1, 2], [3, 2], [2, 2], [2, 3]])
    profile = game.uniform()
    assert certify_markov(game, profile).sound
    for place, change in (((0, 1, 0), 0.1), ((0, 1, 0), -0.5)):
        wrong = profile.copy()
        wrong[place] += change
        assert not certify_markov(game, wrong).sound
    beyond = profile.copy()
    beyond[0, 0, 1] = 0.2
    assert not certify_markov(game, beyond).sound
    with pytest.raises(ValueError, match="shape"):
        certify_markov(game, profile[:1])


def test_rows_are_read_as_arrays_are() -> None:
    game = random_markov_game(9, states=4, actions=3)
    profile = solve_markov(game, precision=3.0).profile
    one, two = (certify_markov(g, profile, precision=3.0) for g in (game, sparse(game)))
    assert np.allclose(one.best, two.best) and np.allclose(one.values, two.values)


def test_more_states_than_can_be_certified_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    game = random_markov_game(1, states=3, actions=2)
    monkeypatch.setattr(certificate, "MOST_STATES", 2)
    with pytest.raises(SizeError) as told:
        certify_markov(game, game.uniform())
    assert told.value.diagnostics[0].code == "M301"
