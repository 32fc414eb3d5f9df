"""Scenarios of complete information as Markov games: the same equilibria as by the solver that sweeps rounds."""

from __future__ import annotations

import numpy as np
import pytest

import winset
from winset.base.errors import ScenarioError, SizeError
from winset.certify.markov import certify_markov
from winset.game import markov_form as forms
from winset.game.markov_form import MarkovForm, markov_form
from winset.language.reading import read_text
from winset.solve.markov.logit import solve_markov

DILEMMA = """
winset: 1
scenario: A dilemma with a memory
clock: {rounds: ROUNDS}
players:
  one: {discount: 0.8, precision: 2}
  two: {discount: 0.7, precision: 1}
state:
  mood: {values: [good, bad], start: good}
round:
  - move: dilemma
    by: [one, two]
    actions:
      one: {help_one: {}, harm_one: {}, threaten: {if: mood = bad}}
      two: {help_two: {}, harm_two: {}}
    when:
      - {if: one plays help_one and two plays help_two, pays: {one: 3, two: 3}, then: {mood: good}}
      - {if: one plays harm_one and two plays help_two, pays: {one: 4, two: 0}, then: {mood: bad}}
      - {if: one plays help_one and two plays harm_two, pays: {one: 0, two: 4}, then: {mood: bad}}
      - {if: one plays harm_one and two plays harm_two, pays: {one: 1, two: 1}, then: {mood: bad}}
      - {if: one plays threaten and two plays help_two, pays: {one: 2, two: 2}, then: {mood: good}}
      - {if: one plays threaten and two plays harm_two, pays: {one: -1, two: -1}}
  - move: weather
    by: chance
    outcomes:
      clears: {probability: 0.3, then: {mood: good}}
      stays: {probability: rest}
  - move: answer
    by: two
    if: mood = bad
    actions:
      repair: {pays: {two: -0.5}, then: {mood: good}}
      wait: {}
"""


def _both(game: winset.Game) -> tuple[MarkovForm, float, float]:
    """The Markov form, and how far strategies and values are from those of the solver that sweeps."""
    form = markov_form(game)
    found = solve_markov(form.game, precision=form.precision, weights=form.weights)
    assert certify_markov(form.game, found.profile, precision=found.precision).residual < 1e-10
    swept = winset.solve(game, stationary=1e-11)
    assert swept.status == "solved"
    strategies = [
        float(np.max(np.abs(mine - theirs[:, 0, 0, :])))
        for one, two in zip(form.strategies(found.profile), swept.strategies, strict=True)
        for mine, theirs in zip(one, two, strict=True)
    ]
    values = [
        float(np.max(np.abs(mine - theirs[:, 0, :])))
        for mine, theirs in zip(form.values(found.values), swept.values, strict=True)
    ]
    return form, max(strategies), max(values)


@pytest.mark.parametrize("variant", ["", "two_keeps", "just_patient", "just_impatient"])
def test_the_treaty(variant: str) -> None:
    _, strategies, values = _both(winset.compile_game(winset.read("treaty"), variant=variant))
    assert strategies < 1e-8 and values < 1e-8


@pytest.mark.parametrize("rounds", ["infinite", "4"])
def test_a_dilemma_with_a_memory(rounds: str) -> None:
    form, strategies, values = _both(winset.compile_game(read_text(DILEMMA.replace("ROUNDS", rounds))))
    assert strategies < 1e-8 and values < 1e-8
    assert form.precision == 2.0 and np.allclose(form.weights, [1.0, 0.5])
    assert form.game.action(0, 0, 0) == "help_one" and form.game.states[0] == "dilemma at mood = good"


def test_another_game_has_other_equilibria() -> None:
    """The comparison fails where it should."""
    form = markov_form(winset.compile_game(read_text(DILEMMA.replace("ROUNDS", "infinite"))))
    other = markov_form(winset.compile_game(read_text(DILEMMA.replace("ROUNDS", "infinite").replace("0.3", "0.31"))))
    one, two = (solve_markov(f.game, precision=f.precision, weights=f.weights).profile for f in (form, other))
    assert 1e-5 < np.max(np.abs(one - two)) < 0.1


@pytest.mark.parametrize("text", ["types: {hard: 0.5, soft: 0.5}, discount: 0.8", "discount: 0.8, precision: 0"])
def test_what_is_no_markov_game_is_refused(text: str) -> None:
    scenario = DILEMMA.replace("ROUNDS", "infinite").replace("discount: 0.8, precision: 2", text)
    with pytest.raises(ScenarioError, match="M401"):
        markov_form(winset.compile_game(read_text(scenario)))


def test_a_scenario_too_large_for_one_array_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    game = winset.compile_game(winset.read("treaty"))
    monkeypatch.setattr(forms, "MOST", 10)
    with pytest.raises(SizeError) as told:
        markov_form(game)
    assert told.value.diagnostics[0].code == "M402"
