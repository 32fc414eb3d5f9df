"""A hidden move with more signals than actions: a formula about another of the player's moves can be answered."""

from __future__ import annotations

import pytest

import winset

TEXT = """winset: 1
scenario: Talks
clock: {rounds: 2}
players: {north: {}}
state: {work: {range: [0, 2], start: 0}}
round:
  - {move: approach, by: north, actions: {wait: {}, talk: {}}}
  - move: room
    by: north
    actions: {listen: {}, toil: {}}
    signals:
      progress: {probability: if north plays toil then 0.5 else 0.1, then: {work: up 1}}
      none: {probability: rest}
variants:
  diligent: {without: [listen]}
"""


def test_the_other_move_is_answered_where_one_hidden_action_is_left() -> None:
    scenario, _ = winset.check(TEXT)
    assert scenario is not None
    settings = {"certificate": False, "cache": False}
    talk = winset.ask(scenario, "P(north plays talk at 1) in diligent", **settings)  # type: ignore[arg-type]
    assert talk.value == pytest.approx(0.5, abs=1e-9)
    toil = winset.ask(scenario, "P(north plays toil at 1) in diligent", **settings)  # type: ignore[arg-type]
    assert toil.value == pytest.approx(1.0, abs=1e-9)
    seen = winset.ask(scenario, "P(north plays progress at 1) in diligent", **settings)  # type: ignore[arg-type]
    assert seen.value == pytest.approx(0.5, abs=1e-9)
