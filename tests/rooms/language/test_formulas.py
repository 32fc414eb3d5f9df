"""Formulas: what each form parses to, and that names are checked."""

# ruff: noqa: E501

from __future__ import annotations

import pytest

from winset.base.errors import ScenarioError
from winset.language.expr import Binary, Date, Name, Number, Plays
from winset.language.formula import (
    After,
    Belief,
    Event,
    Expectation,
    From,
    In,
    Near,
    Operation,
    Plain,
    Probability,
    StrategyOf,
    ValueOf,
    parse_formula,
)  # fmt: skip
from winset.language.reading import read_text
from winset.language.rules.formulas import resolve

DEAL = Binary("=", Name("groundwork"), Number(3.0))


@pytest.mark.parametrize(
    ("text", "event"),
    [
        ("groundwork = 3", Event(DEAL)),
        ("groundwork = 3 eventually", Event(DEAL, stated=True)),
        ("groundwork = 3 by 2020-12", Event(DEAL, by=Date("2020-12"), stated=True)),
        ("groundwork = 3 at 4", Event(DEAL, "at", Number(4.0), stated=True)),
        ("groundwork = 3 within 2 rounds", Event(DEAL, within=Number(2.0), stated=True)),
        ("always groundwork = 3", Event(DEAL, "always", stated=True)),
        ("always groundwork = 3 by 5", Event(DEAL, "always", Number(5.0), stated=True)),
        ("groundwork = 3 until weakened", Event(DEAL, "until", goal=Name("weakened"), stated=True)),
        ("groundwork = 3 until weakened by 5", Event(DEAL, "until", Number(5.0), goal=Name("weakened"), stated=True)),
    ],
)
def test_events(text: str, event: Event) -> None:
    assert parse_formula(f"P({text})") == Probability(event)
    assert parse_formula(f"P({text} given {text})") == Probability(event, event)


def test_other_forms() -> None:
    value = ValueOf("a")
    assert parse_formula("value(a)") == value
    assert parse_formula("value(a is x) in v") == In(ValueOf("a", "x"), "v")
    assert parse_formula("belief(a is x at 3)") == Belief("a", "x", Number(3.0))
    assert parse_formula("E(groundwork at 3)") == Expectation(Name("groundwork"), Number(3.0))
    restricted = Binary(">=", Name("share"), Number(0.5))
    assert parse_formula("strategy(a plays offer(share >= 0.5) if x)") == StrategyOf("a", "offer", "x", restricted)
    assert parse_formula("value(a) within 0.1 of 2") == Near(value, Plain(Number(2.0)), Plain(Number(0.1)))
    observed = (Plays("a", "wait"), Plays("chance", "vote"))
    assert parse_formula("value(a) after (a plays wait, chance plays vote)") == After(value, observed)
    stated = (("politics", Name("calm")),)
    tree = parse_formula("value(a) from (politics = calm, belief a is x = 0.3, round = 2020-03)")
    assert tree == From(value, stated, (("a", "x", Number(0.3)),), Date("2020-03"))


def test_modifiers_bind_tighter_than_comparisons() -> None:
    tree = parse_formula("value(a) < value(a) in v and value(b) > 1")
    assert isinstance(tree, Operation)
    assert tree.op == "and"
    assert tree.left == Operation("<", ValueOf("a"), In(ValueOf("a"), "v"))


@pytest.mark.parametrize(
    "text",
    ["P(groundwork = 3 by deadline) in no_inquiry", "strategy(pyongyang plays offer(share > 0.5) if trader)", "talk_cost + 1",
     "belief(pyongyang is staller) after (pyongyang plays test, chance plays success)", "value(washington) from (politics = calm, round = 3)"],
)  # fmt: skip
def test_formulas_that_resolve(text: str, example: str) -> None:
    assert resolve(read_text(example), text) == parse_formula(text)


@pytest.mark.parametrize(
    ("text", "code", "nearest"),
    [("P(groundwrok = 3)", "N102", "groundwork"), ("value(washingtn)", "N105", "washington"), ("value(pyongyang is stall)", "N106", "staller"),
     ("strategy(pyongyang plays tset)", "N107", "test"), ("P(weakened) in no_inqury", "N110", "no_inquiry"), ("P(politics = clam)", "N104", "calm"),
     ("P(weakened by 99)", "T712", ""), ("groundwork", "C406", ""), ("P(weakened) from (politic = calm)", "N119", "politics")],
)  # fmt: skip
def test_formulas_that_do_not(text: str, code: str, nearest: str, example: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        resolve(read_text(example), text)
    assert [(d.code, d.nearest) for d in caught.value.diagnostics] == [(code, nearest)]


@pytest.mark.parametrize(
    ("text", "code", "said"),
    [("P(test)", "N102", "Write `pyongyang plays test`."), ("P(staller)", "N102", "Write `pyongyang is staller`."),
     ("P(pyongyang)", "N102", "pyongyang is …"), ("P(chance plays wait)", "N107", "Write `pyongyang plays wait`."),
     ("P(groundwork = 7)", "U329", "never 7; it is 0, 1, 2, 3"), ("P(groundwork = 1.5)", "U329", "never 1.5"), ("P(groundwork in {2, 5})", "U329", "never 5"),
     ("value(pyongyang) from (groundwork = 9)", "U316", "no value of"),
     ("strategy(pyongyang plays offer(share > 2))", "U329", "share is 0, 0.1, …, 1"),
     ("P(pyongyang plays offer(share = 0.15))", "U329", "no `offer` has `share = 0.15`"),
     ("P(pyongyang plays offer(0.5))", "U319", "Write `share = 0.5`."),
     ("value(pyongyang) after (pyongyang plays cheat)", "C408", "`pyongyang plays caught` or `pyongyang plays quiet`")],
)  # fmt: skip
def test_formulas_that_cannot_be_meant_say_what_to_write(text: str, code: str, said: str, example: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        resolve(read_text(example), text)
    assert [d.code for d in caught.value.diagnostics] == [code]
    assert said in caught.value.diagnostics[0].message + caught.value.diagnostics[0].fix


def test_values_that_are_taken_pass(example: str) -> None:
    scenario = read_text(example)
    for text in (
        "P(groundwork = 3)",
        "P(pyongyang plays offer(share = 0.3))",
        "strategy(pyongyang plays offer(share > 0.9))",
    ):
        resolve(scenario, text)
