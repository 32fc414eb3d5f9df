"""Posteriors of records drawn from a known profile are calibrated, and the model is seldom said not to fit them.

Whether a true type comes about as often as its posterior says is judged by the sum over ten bins of
(hits - expected)² / variance, which has about a chi-squared distribution with ten degrees of freedom when calibrated.
The seeds are fixed, so the tests pass or fail for good; over seeds, each would fail in 1 of 1,000 right programs.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import winset
from rooms.learn.drawn import records
from rooms.learn.records import Loose, sighting
from winset.language.reading import read_text
from winset.learn.filter import Step, follow_record
from winset.learn.standing import Filtering
from winset.learn.surprise import LEVEL, broken_from, fits, surprise

TALKS = """
winset: 1
scenario: talks with a slow change of mind
clock: {rounds: 3}
players:
  north: {types: {trader: 0.3, staller: 0.7}}
  south: {types: {dealer: 0.5, hawk: 0.5}}
state:
  ground: {range: [0, 1], start: 0}
  done: {start: false}
ends when: done
round:
  - move: approach
    by: north
    actions:
      wait: {}
      talk: {then: {ground: 1}}
      test: {becomes: {north: {staller: {trader: 0.1}}}, then: {ground: 0}}
  - move: answer
    by: south
    if: ground = 1
    actions:
      refuse: {}
      agree: {chance: {signed: {probability: 0.2, then: {done: true}}, unsigned: {probability: rest}}}
payoffs: {each round: {north: ground, south: ground}}
"""
COUNT, BINS = 500, 10
ROUGH = Filtering(spread=1e-5)
FAILS = 29.59  # the chi-squared distribution with ten degrees of freedom is above it with probability 0.001


@pytest.fixture(scope="module")
def game():
    return winset.compile_game(read_text(TALKS))


@pytest.fixture(scope="module")
def respond(game):
    return Loose(game, 5, 2.0)


@pytest.fixture(scope="module")
def drawn(game, respond):
    return list(records(game, respond, COUNT, 11))


@pytest.fixture(scope="module")
def followed(game, respond, drawn):
    return [follow_record(game, respond, seen, how=ROUGH) for _, seen in drawn]


def spoiled(seen):
    """The same record with every likelihood broken: each report is taken for that of the next act in the list."""
    return replace(seen, sightings=tuple(
        replace(s, likelihood=dict(zip(s.likelihood, [*list(s.likelihood.values())[1:], 0.5], strict=True)))
        for s in seen.sightings
    ))  # fmt: skip


def distance(game, followed, drawn, player):
    """How far posteriors of a player's first type are from being calibrated."""
    p = np.array([one.end[game.row_start[player]] for one in followed])
    hit = np.array([types[player] == 0 for types, _ in drawn], dtype=float)
    total = 0.0
    for part in np.array_split(np.argsort(p), BINS):
        total += (hit[part].sum() - p[part].sum()) ** 2 / max((p[part] * (1 - p[part])).sum(), 1e-9)
    return total


@pytest.mark.parametrize("player", [0, 1])
def test_true_types_are_as_frequent_as_their_posteriors_say(game, followed, drawn, player):
    assert distance(game, followed, drawn, player) < FAILS


def test_a_broken_likelihood_is_not_calibrated(game, respond, drawn):
    some = drawn[: COUNT // 4]
    wrong = [follow_record(game, respond, spoiled(seen), how=ROUGH) for _, seen in some]
    assert distance(game, wrong, some, 0) > FAILS


def test_the_model_is_seldom_said_not_to_fit_its_own_records(followed, drawn):
    rounds = drawn[0][1].last_round
    false = sum(broken_from(fits(one.steps, rounds)) is not None for one in followed)
    assert false <= COUNT * LEVEL + 3.1 * np.sqrt(COUNT * LEVEL * (1 - LEVEL))  # above it with probability 0.001


def test_the_bet_has_mean_one_at_every_sighting(followed, drawn):
    """Exactly so, given the record before: what it is worth is averaged over all that might have been reported."""
    rounds = drawn[0][1].last_round
    for one in followed[:20]:
        steps = [s for s in one.steps if s.sighting is not None]
        before = 1.0
        for n, step in enumerate(steps):
            mean = 0.0
            for says, p in step.reports.items():
                other = replace(step, sighting=replace(step.sighting, says=says), probability=max(p, 1e-300))
                mean += p * fits([*steps[:n], other], rounds)[-1].worth if p > 0 else 0.0
            assert mean == pytest.approx(before, rel=1e-9)
            before = fits(steps[: n + 1], rounds)[-1].worth


def test_where_a_record_leaves_the_model_is_found():
    """Ten sightings as the model expects them, then ten that it thinks improbable: it ceases to fit at the first."""
    seen = ["likely", "likely", "likely", "rare", "likely", *["likely"] * 5, *["rare", "rare", "likely", "rare"] * 2]
    chances = {"likely": 0.9, "rare": 0.1}
    steps = [
        Step(
            number=n, kind="event", round=n + 1, move="m", player="a", before=np.ones(1), after=np.ones(1),
            given=np.ones(1), against=np.ones(1), nodes=(1, 1), sighting=sighting(n + 1, "m", "a", {}, says=says),
            probability=chances[says], reports=chances,
        )
        for n, says in enumerate(seen)
    ]  # fmt: skip
    found = fits(steps, len(steps))
    assert broken_from(found[:10]) is None
    there = broken_from(found)
    assert there is not None and there.since == 10 and there.step > 11
    assert [f.p_value for f in found] == sorted((f.p_value for f in found), reverse=True)


def test_a_report_that_cannot_be_breaks_the_model_at_once():
    step = Step(
        number=0, kind="event", round=1, move="m", player="a", before=np.ones(1), after=np.ones(1), given=np.ones(1),
        against=np.ones(1), nodes=(1, 1), sighting=sighting(1, "m", "a", {}, says="x"), probability=0.0,
        reports={"y": 1.0},
    )  # fmt: skip
    assert surprise(step).bits == np.inf
    assert fits([step], 1)[0].p_value == 0.0


def test_surprise_is_measured_against_what_was_expected():
    step = Step(
        number=0, kind="event", round=1, move="m", player="a", before=np.ones(1), after=np.ones(1), given=np.ones(1),
        against=np.ones(1), nodes=(1, 1), sighting=sighting(1, "m", "a", {}, says="b"), probability=0.25,
        reports={"a": 0.5, "b": 0.25, "c": 0.25},
    )  # fmt: skip
    found = surprise(step)
    assert (found.bits, found.expected, found.spread, found.p_value) == (2.0, 1.5, 0.5, 0.5)
