"""Formulas that mean nothing in their scenario are refused before anything is solved, at their place."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

import winset
from rooms.study import hand
from winset.base.errors import ScenarioError, SizeError
from winset.game.compile import compile_game
from winset.language.formula import parse_formula
from winset.language.parser import parse_expression
from winset.language.scenario import Scenario
from winset.study.arithmetic import MeaninglessError, Quantity, apply
from winset.study.conditions import Scope, evaluate
from winset.study.formulas import Asker


@pytest.fixture(scope="module")
def talks() -> Scenario:
    return winset.build(
        scenario="Talks",
        clock={"rounds": 3},
        players={"a": {"types": {"x": 0.5, "y": 0.5}}, "b": {}},
        state={"work": {"range": [0, 3], "start": 0}, "mood": {"values": ["calm", "angry"], "start": "calm"}},
        round=[
            {"move": "talk", "by": "a", "actions": {"wait": {}, "go": {"then": {"work": "up 1"}}}},
            {"move": "reply", "by": "b", "actions": {"yes": {}, "no": {"pays": {"a": 1}}}},
        ],
        ends_when="work = 3",
        payoffs={"at_the_end": {"b": "work", "a": "if mood = calm then 1 else 2"}},
    )


@pytest.mark.parametrize(
    ("formula", "code", "column"),
    [
        ("P(wrok = 3)", "N102", 3),
        ("P(a plays og)", "N107", 3),
        ("P(a plays yes)", "N107", 3),
        ("P(chance plays go)", "N107", 3),
        ("P(c plays go)", "N105", 3),
        ("P(a is z)", "N106", 3),
        ("value(c)", "N105", 1),
        ("P(work = 3) in nowhere", "N110", 13),
        ("P(work = 3) from (work = 9)", "U316", 26),
        ("P(work = 3) from (work = mood)", "U316", 26),
        ("P(work = 3) from (mood = clam)", "N104", 26),
        ("P(work = 3) from (belief a is x = work)", "C414", 35),
        ("P(work = 3) from (belief a is x = 0.4, belief a is y = 0.4)", "C414", 13),
        ("P(work = 3) from (round = 0)", "T712", 27),
        ("P(work = 3 by 9)", "T712", 15),
        ("P(work = 3 by now)", "C415", 15),
        ("E(work at 1/0)", "C415", 12),
        ("now", "C406", 1),
        ("P(0.5)", "U319", 3),
        ("E(mood)", "U317", 3),
        ("P(mood = 1)", "U320", 8),
        ("P(work = 3) > calm", "N102", 15),
        ("9^9^9^9", "S207", 4),
        ("", "C401", 1),
    ],
)
def test_a_formula_is_held_against_its_scenario(talks: Scenario, formula: str, code: str, column: int) -> None:
    with pytest.raises(ScenarioError) as caught:
        winset.ask(talks, formula)
    found = caught.value.diagnostics
    assert code in {d.code for d in found}, [str(d) for d in found]
    assert column in {d.where.column for d in found if d.code == code}
    assert all(d.message and d.why and d.fix for d in found)


def test_all_problems_of_a_formula_at_once(talks: Scenario) -> None:
    with pytest.raises(ScenarioError) as caught:
        winset.ask(talks, "P(wrok = 3) + P(a plays goo) + value(c)")
    assert [(d.code, d.nearest) for d in caught.value.diagnostics] == [("N102", "work"), ("N107", "go"), ("N105", "")]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("1 / work > 1", None),
        ("log(work)", None),
        ("exp(1000 * work)", None),
        ("(work - 1)^0.5", None),
        ("if work > 0 then 1 / work else 7", [7, 1, 0.5]),
        ("work > 0 and 1 / work > 0.7", [False, True, False]),
        ("work = 0 or 1 / work > 0.7", [True, True, False]),
    ],
)
def test_what_has_no_value_is_said_and_not_compared(text: str, wanted: list[object] | None) -> None:
    scope = Scope(
        columns={"work": np.array([[0.0], [1.0], [2.0]])}, numbers={}, definitions={}, types={}, plays={},
        round_of=lambda text: 0,
    )  # fmt: skip
    if wanted is None:
        with pytest.raises(ScenarioError) as caught:
            evaluate(parse_expression(text), scope)
        assert [d.code for d in caught.value.diagnostics] == ["C490"]
    else:
        assert evaluate(parse_expression(text), scope).reshape(-1).tolist() == wanted


def test_the_least_of_many_bands_is_found_at_once() -> None:
    bands = [Quantity(0.5, 0.4, 0.6) for _ in range(50)]
    assert apply("min", [*bands, Quantity(0.3, 0.1, 0.7)]) == Quantity(0.3, 0.1, 0.6)
    assert apply("max", [*bands, Quantity(0.3, 0.1, 0.7)]) == Quantity(0.5, 0.4, 0.7)


@pytest.mark.parametrize(("function", "value"), [("log", 0.0), ("sqrt", -1.0), ("exp", 1000.0)])
def test_arithmetic_without_a_value_is_said_in_words(function: str, value: float) -> None:
    with pytest.raises(MeaninglessError, match=r"^the arithmetic has no value here: [a-z ]+$"):
        apply(function, [Quantity.exact(value)])


@pytest.mark.parametrize(
    ("formula", "code"),
    [
        ("P(mood = war) after (chance plays war)", "C491"),
        ("P(mood = war) after (A plays yield, A plays yield, A plays yield)", "C491"),
        ("P(mood = war given mood = war and mood = calm at 1)", "C490"),
    ],
)
def test_a_question_without_an_answer(formula: str, code: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        Asker(hand.study(), grid_check=False).ask(parse_formula(formula))
    assert [d.code for d in caught.value.diagnostics] == [code]


def test_what_would_not_fit_is_refused_before_it_is_solved(talks: Scenario) -> None:
    with pytest.raises(SizeError, match="G900") as caught:
        winset.ask(talks, "P(work = 3)", cache=False, memory=100.0)
    assert [d.code for d in caught.value.diagnostics] == ["G900"]
    with pytest.raises(SizeError) as caught:
        winset.solve(compile_game(talks), memory=100.0)
    assert [d.code for d in caught.value.diagnostics] == ["G901"]


def test_trees_that_are_not_walked(talks: Scenario) -> None:
    from winset.solve.exact import solve_tree

    game = compile_game(talks)
    with pytest.raises(SizeError) as caught:
        solve_tree(game, limit_nodes=3)
    assert [d.code for d in caught.value.diagnostics] == ["G903"]
    with pytest.raises(SizeError) as caught:
        solve_tree(replace(game, infinite=True))
    assert [d.code for d in caught.value.diagnostics] == ["G902"]


@pytest.mark.parametrize(
    ("how", "codes"),
    [
        ({"values": {"q": None, "r": 1.0}}, ["U301", "K822"]),
        ({"values": {"q": float("nan")}}, ["U301"]),
        ({"values": {"q": 10**400}}, ["U301"]),
        ({"values": [("q", 1)]}, ["U301"]),
        ({"grid": 0}, ["U302"]),
        ({"grid": -1}, ["U302"]),
        ({"grid": 1.5}, ["U302"]),
        ({"grid": "5"}, ["U302"]),
        ({"grid": 10**6}, ["U302"]),
        ({"variant": "nowhere"}, ["N110"]),
    ],
)
def test_what_is_given_from_python_is_checked(how: dict[str, Any], codes: list[str]) -> None:
    scenario = winset.build(
        scenario="T", clock={"rounds": 1}, players={"a": {}}, parameters={"q": 1},
        round=[{"move": "m", "by": "a", "actions": {"w": {"pays": {"a": "q"}}}}],
    )  # fmt: skip
    for work in (lambda: winset.ask(scenario, "value(a)", cache=False, **how), lambda: winset.brief(scenario, **how)):
        with pytest.raises(ScenarioError) as caught:
            work()
        assert [d.code for d in caught.value.diagnostics] == codes
