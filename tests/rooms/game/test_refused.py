"""One scenario for each rule met on the way from a checked scenario to arrays.

`check` refuses most of these before; here a value, or a tree put in afterwards, brings them about all the same.
"""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from typing import Any

import numpy as np
import pytest

from winset.base.errors import ScenarioError, SizeError
from winset.game import effects
from winset.game.compile import compile_game
from winset.language.expr import Expr, Name
from winset.language.parser import parse_expression
from winset.language.reading import read_text
from winset.language.scenario import Assignment, Scenario

TALKS = """\
winset: 1
scenario: Talks
clock: {rounds: 3}
parameters: {q: 0.5}
players:
  a: {types: {x: 0.5, y: 0.5}, discount: 0.9, precision: 4}
  b: {types: {x: 0.5, y: 0.5}}
state:
  work: {range: [0, 3], start: 0}
  mood: {values: [calm, angry], start: calm}
round:
  - move: talk
    by: a
    if: work < 77
    actions:
      wait: {pays: {a: 11}}
      go: {if: work < 99, then: {work: up 1}, chance: {hit: {probability: 0.25}, miss: {probability: rest}}}
      turn: {then: {mood: angry}, becomes: {a: {x: {y: 0.125}}}}
  - move: both
    by: [a, b]
    actions: {a: {hold: {}, push: {then: {work: 2}}}, b: {hold: {}, push: {then: {mood: calm}}}}
  - move: hide
    by: b
    actions: {keep: {}, cheat: {pays: {b: 12}}}
    signals: {caught: {probability: 0.0625}, quiet: {probability: rest}}
  - move: luck
    by: chance
    outcomes: {good: {probability: 0.375}, bad: {probability: 0.625}}
payoffs: {each round: {a: q, b: 13}, at the end: {b: work}}
"""


def put(tree: Any, old: Any, new: Any) -> Any:
    """The tree with one part replaced wherever it stands."""
    if type(tree) is type(old) and tree == old:
        return new
    if isinstance(tree, tuple):
        return tuple(put(part, old, new) for part in tree)
    if is_dataclass(tree) and not isinstance(tree, type):
        return replace(tree, **{f.name: put(getattr(tree, f.name), old, new) for f in fields(tree)})
    return tree


def with_expression(old: str, new: str) -> Scenario:
    scenario = read_text(TALKS)
    changed: Scenario = put(scenario, parse_expression(old), parse_expression(new))
    assert changed != scenario
    return changed


def with_assignment(old: Assignment, new: Assignment) -> Scenario:
    scenario = read_text(TALKS)
    changed: Scenario = put(scenario, old, new)
    assert changed != scenario
    return changed


def test_the_scenario_compiles_as_it_stands() -> None:
    assert len(compile_game(read_text(TALKS)).states) > 4


@pytest.mark.parametrize(
    ("code", "old", "new"),
    [
        ("K801", "11", "1 / work"),
        ("K801", "13", "log(work - 5)"),
        ("K802", "11", "nowhere"),
        ("K803", "angry", "work"),
        ("K804", "2", "work + 9"),
        ("K805", "13", "if b plays hold then 1 else 0"),
        ("K806", "work < 77", "a is x"),
        ("K806", "work < 99", "a is x"),
        ("K810", "0.25", "2"),
        ("K811", "0.625", "0.5"),
        ("K813", "0.125", "3"),
        ("K814", "0.25", "if a is x then 0.25 else 0.5"),
        ("K815", "0.375", "if a is x and b is x then 0.375 else 0.375"),
        ("K818", "0.0625", "if a is x then 0.0625 else 0.5"),
        ("K823", "0.5", "0.4"),
        ("K824", "0.9", "1.5"),
        ("K825", "4", "-4"),
    ],
)
def test_a_rule_is_met(code: str, old: str, new: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        compile_game(with_expression(old, new))
    (found,) = caught.value.diagnostics
    assert found.code == code
    assert found.message


def test_nobody_can_move() -> None:
    scenario = with_expression("work < 99", "work > 99")
    talk = scenario.round[0]
    side = talk.sides[0]
    alone = replace(talk, sides=(replace(side, actions=side.actions[1:2]),))
    with pytest.raises(ScenarioError, match="K817"):
        compile_game(replace(scenario, round=(alone, *scenario.round[1:])))


def test_a_hidden_action_that_does_what_is_seen() -> None:
    scenario = read_text(TALKS)
    hide = scenario.round[2]
    side = hide.sides[0]
    seen = replace(side.actions[1], effect=scenario.round[0].sides[0].actions[1].effect)
    open_secret = replace(hide, sides=(replace(side, actions=(side.actions[0], seen)),))
    with pytest.raises(ScenarioError, match="K816"):
        compile_game(replace(scenario, round=(*scenario.round[:2], open_secret, *scenario.round[3:])))


def test_two_assignments_at_once() -> None:
    calm = Assignment(variable="mood", how="set", value=Name("calm"))
    with pytest.raises(ScenarioError, match="K819"):
        compile_game(with_assignment(calm, Assignment(variable="work", how="set", value=Name("q"))), values={"q": 1.0})


def test_steps_that_are_not_whole() -> None:
    with pytest.raises(ScenarioError, match="K812"):
        compile_game(with_assignment(_up("1"), _up("q")))


@pytest.mark.parametrize(("how", "steps", "wanted"), [("up", "9^60", 3), ("up", "-9^60", 0), ("down", "9^60", 0)])
def test_steps_beyond_every_number_stop_at_the_end_of_the_range(how: str, steps: str, wanted: int) -> None:
    game = compile_game(with_assignment(_up("1"), replace(_up(steps), how=how)))  # type: ignore[arg-type]
    stage = game.stages[0]
    chosen = stage.first[1]  # the first branch of `go` at the first state
    assert game.states[stage.landing[chosen], 0] == wanted


def _up(steps: str) -> Assignment:
    value: Expr = parse_expression(steps)
    return Assignment(variable="work", how="up", value=value)


def test_too_many_combinations_of_the_state() -> None:
    many = "".join(f"  c{i}: {{range: [0, 1999], start: 0}}\n" for i in range(30))
    with pytest.raises(ScenarioError, match="K820"):
        compile_game(read_text(TALKS.replace("state:\n", "state:\n" + many)))


def test_too_many_states() -> None:
    with pytest.raises(SizeError, match="K830"):
        compile_game(read_text(TALKS), max_states=3)


def draws(count: int, test: str) -> str:
    cases = "".join(
        f"      - {{if: {test.format(i)}, chance: {{u{i}: {{probability: 0.5}}, v{i}: {{probability: rest}}}}}}\n"
        for i in range(count)
    )
    return TALKS.replace("  - move: hide\n", "    when:\n" + cases + "  - move: hide\n")


def test_too_many_draws_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    scenario = read_text(draws(4, "b plays push"))
    compile_game(scenario)
    monkeypatch.setattr(effects, "DRAWS", 15)
    with pytest.raises(ScenarioError, match="K831"):
        compile_game(scenario)


def test_draws_that_exclude_each_other_do_not_multiply() -> None:
    """Sixteen cases of which one holds at a time: 3^16 combinations, of which 2 are possible in a state."""
    wide = draws(16, "b plays push and work = {}").replace("range: [0, 3]", "range: [0, 15]")
    game = compile_game(read_text(wide))
    for stage in game.stages:
        sums = np.add.reduceat(stage.probability, stage.first[:-1][np.diff(stage.first) > 0])
        assert np.allclose(sums, 1.0)
