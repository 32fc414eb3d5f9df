"""Public events, all edges at once, against the same events followed layer by layer with the types."""

from __future__ import annotations

from functools import cache

import pytest

from winset.language.formula import parse_formula
from winset.language.reading import read_text
from winset.study.formulas import Asker
from winset.study.solved import Study

TALKS = """
winset: 1
scenario: moves that often do not happen
clock: {rounds: 3}
solution: {precision: 3, grid: 3}
players: {a: {types: {high: 0.3, low: 0.7}}, b: {types: {soft: 0.4, hard: 0.6}}}
state: {g: {range: [0, 2], start: 0}, heat: {start: false}}
round:
  - move: first
    by: a
    actions: {x: {pays: {a: if a is high then 0.4 else -0.1}, then: {g: up 1}}, y: {}}
  - move: second
    by: b
    if: g = 2
    actions: {calm: {}, push: {pays: {b: if b is soft then -0.2 else 0.3}, then: {heat: true}}}
  - move: third
    by: b
    if: heat
    actions: {stop: {then: {heat: false}}, go: {pays: {b: 0.1}}}
  - move: luck
    by: chance
    if: g > 0
    outcomes: {loss: {probability: 0.3, then: {g: down 1}}, none: {probability: rest}}
ends when: heat and g = 2 and now = 3
"""
SAME = "(a is high or a is low)"
CONDITIONS = (
    "g = 1 and not a plays x", "g = 2", "heat", "not heat", "g = 0 or a plays x", "b plays push", "not b plays go",
    "a plays y and g = 1", "chance plays loss", "heat and not chance plays loss", "now = 2 and g = 1",
)  # fmt: skip


@cache
def asker() -> Asker:
    return Asker(Study(scenario=read_text(TALKS)), grid_check=False)


@pytest.mark.parametrize("form", ["{}", "{} by 2", "{} at 2", "always {}", "always {} by 2", "g < 2 until {}"])
@pytest.mark.parametrize("condition", CONDITIONS)
def test_public_events_come_out_as_those_that_look_at_types(form: str, condition: str) -> None:
    plain = form.format(f"({condition})")
    typed = form.format(f"({condition} and {SAME})" if " or " not in condition else f"(({condition}) and {SAME})")
    one, two = (asker().ask(parse_formula(f"P({text})")).as_quantity().value for text in (plain, typed))
    assert one == pytest.approx(two, abs=1e-12)


def test_some_moves_are_passed_over() -> None:
    graph = asker().study.solved().graph
    assert len(graph.busy.node) < len(graph.flat.node) == sum(len(layer.node) for layer in graph.layers)
