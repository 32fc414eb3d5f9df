"""States through which values pass are not judged by the kernel; what is found of them is what it would find."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from winset.certify import sweep as room
from winset.certify.certificate import certify
from winset.game.compile import compile_game
from winset.game.solution import Solution
from winset.language.reading import read_text
from winset.solve.backward import solve

TALKS = """
winset: 1
scenario: moves that often do not happen
clock: {rounds: ROUNDS}
solution: {precision: 3, grid: 3}
players:
  a: {types: {high: 0.3, low: 0.7}, discount: 0.9}
  b: {types: {soft: 0.4, hard: 0.6}, discount: 0.9}
state: {g: {range: [0, 2], start: 0}}
round:
  - {move: first, by: a, actions: {x: {pays: {a: if a is high then 0.4 else -0.1}, then: {g: up 1}}, y: {}}}
  - move: second
    by: b
    if: g = 2
    actions: {calm: {}, push: {pays: {b: if b is soft then -0.2 else 0.3}, then: {g: 0}}}
payoffs: {each round: {b: 0.1 * g}}
"""


SECRETS = """
winset: 1
scenario: hidden moves at which there may be nothing to choose, payments that read another's type, and chance
clock: {rounds: ROUNDS}
solution: {precision: 3, grid: 3}
players:
  a: {types: {high: 0.3, low: 0.7}, discount: 0.9}
  b: {types: {soft: 0.4, hard: 0.6}, discount: 0.8}
state: {g: {range: [0, 2], start: 0}}
round:
  - move: build
    by: a
    actions:
      stop: {pays: {a: if b is soft then 0.2 else -0.1, b: if a is high then 0.05 else 0}}
      go: {if: g < 1, pays: {a: if a is high then 0.5 else 0.1}}
    signals:
      seen: {probability: if a plays go then 0.5 else 0, then: {g: up 1}}
      quiet: {probability: rest}
  - move: answer
    by: b
    if: g = 1
    actions: {calm: {pays: {a: if b is hard then 0.3 else 0}}, push: {then: {g: up 1}}}
  - move: weather
    by: chance
    outcomes: {rain: {probability: 0.3, pays: {a: if b is soft then 1 else 0}, then: {g: 0}}, sun: {probability: rest}}
payoffs: {each round: {b: 0.1 * g}, at the end: {a: if b is hard then g else 0}}
"""


@cache
def solution(rounds: str = "3", text: str = TALKS) -> Solution:
    return solve(compile_game(read_text(text.replace("ROUNDS", rounds))))


@pytest.mark.parametrize("text", [TALKS, SECRETS], ids=["talks", "secrets"])
@pytest.mark.parametrize("rounds", ["3", "infinite"])
def test_the_certificate_is_that_of_every_state_evaluated(
    rounds: str, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    good = solution(rounds, text)
    assert any((room.passing(stage) >= 0).any() for stage in good.game.stages)
    short = certify(good).as_dict()
    monkeypatch.setattr(room, "passing", lambda stage: np.full(len(stage.states), -1))
    whole = certify(good).as_dict()
    for found in (short, whole):
        found.pop("seconds")
    assert _close(short, whole)


def test_values_pass_where_a_hidden_move_leaves_no_choice() -> None:
    stages = solution("3", SECRETS).game.stages
    assert any((room.passing(s) >= 0).any() for s in stages if s.action_reward is not None)
    assert all((room.passing(s) >= 0).all() for s in stages if s.move == "weather")


def _close(one: object, two: object) -> bool:
    """Alike up to rounding; of places that are equally bad either may be named."""
    if isinstance(one, dict) and isinstance(two, dict):
        return one.keys() == two.keys() and all(k == "where" or _close(one[k], two[k]) for k in one)
    if isinstance(one, list | tuple) and isinstance(two, list | tuple):
        return len(one) == len(two) and all(map(_close, one, two))
    if isinstance(one, float) and isinstance(two, float):
        return one == two or abs(one - two) < 1e-12
    return one == two


def test_a_wrong_value_where_nothing_happens_is_caught() -> None:
    good = solution()
    k = next(i for i, stage in enumerate(good.game.stages) if (room.passing(stage) >= 0).any())
    state = int(np.flatnonzero(room.passing(good.game.stages[k]) >= 0)[0])
    values = [v.copy() for v in good.values]
    values[k][state, 2, 1] += 1e-3
    found = certify(replace(good, values=tuple(values)))
    assert "value_residual" in found.failures
    assert found.value_residual.value >= 1e-3 * 0.999


def test_strategies_that_leave_what_has_to_be_done_are_not_passed_over() -> None:
    good = solution()
    k = next(i for i, stage in enumerate(good.game.stages) if stage.movers and (~stage.chooses).any())
    stage, (gamma,) = good.game.stages[k], good.strategies[k]
    state = int(np.flatnonzero(~stage.chooses)[0])
    gamma[state, 2] = 0.5
    wrong = [tuple(g) for g in good.strategies]
    wrong[k] = (gamma,)
    found = certify(replace(good, strategies=tuple(wrong)))
    assert "stage_residual" in found.failures
