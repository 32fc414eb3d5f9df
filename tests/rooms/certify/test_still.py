"""States at which nothing happens are not evaluated by the kernel; what is found of them is what it would find."""

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


@cache
def solution(rounds: str = "3") -> Solution:
    return solve(compile_game(read_text(TALKS.replace("ROUNDS", rounds))))


@pytest.mark.parametrize("rounds", ["3", "infinite"])
def test_the_certificate_is_that_of_every_state_evaluated(rounds: str, monkeypatch: pytest.MonkeyPatch) -> None:
    good = solution(rounds)
    assert any(room._still(stage).any() for stage in good.game.stages)
    short = certify(good).as_dict()
    monkeypatch.setattr(room, "_still", lambda stage: np.zeros(len(stage.states), dtype=bool))
    whole = certify(good).as_dict()
    for found in (short, whole):
        found.pop("seconds")
    assert _close(short, whole)


def _close(one: object, two: object) -> bool:
    if isinstance(one, dict) and isinstance(two, dict):
        return one.keys() == two.keys() and all(_close(one[k], two[k]) for k in one)
    if isinstance(one, list | tuple) and isinstance(two, list | tuple):
        return len(one) == len(two) and all(map(_close, one, two))
    if isinstance(one, float) and isinstance(two, float):
        return one == two or abs(one - two) < 1e-12
    return one == two


def test_a_wrong_value_where_nothing_happens_is_caught() -> None:
    good = solution()
    k = next(i for i, stage in enumerate(good.game.stages) if room._still(stage).any())
    state = int(np.flatnonzero(room._still(good.game.stages[k]))[0])
    values = [v.copy() for v in good.values]
    values[k][state, 2, 1] += 1e-3
    found = certify(replace(good, values=tuple(values)))
    assert "value_residual" in found.failures
    assert found.value_residual.value >= 1e-3 * 0.999
