"""Formulas on games worked out by hand, and against plays drawn by plain loops."""

from __future__ import annotations

import numpy as np
import pytest

from rooms.study import hand
from winset.base.errors import ScenarioError
from winset.language.formula import parse_formula
from winset.language.reading import read_text
from winset.study.arithmetic import Judgement, Quantity
from winset.study.formulas import Asker
from winset.study.graph import Walking
from winset.study.solved import Study

FIGHT = 0.3 * 0.9 + 0.7 * 0.2


def value(text: str, **how: object) -> float | bool | None:
    got = Asker(hand.study(**how), grid_check=False).ask(parse_formula(text))
    if isinstance(got, Quantity):
        assert got.low <= got.value <= got.high
    return got.value


def twice(strong: float, weak: float) -> float:
    """Over the types."""
    return 0.3 * strong + 0.7 * weak


WAR_TWICE = twice(1 - (1 - 0.36) ** 2, 1 - (1 - 0.08) ** 2)

CASES = [
    ("P(A plays fight by 1)", FIGHT),
    ("P(A plays fight at 1)", FIGHT),
    ("P(mood = war by 1)", FIGHT * 0.4),
    ("P(mood = war)", WAR_TWICE),
    ("P(mood = war by 2)", WAR_TWICE),
    ("P(mood = war within 1 rounds)", FIGHT * 0.4),
    ("P(mood = war by 0)", 0.0),
    ("P(mood = calm by 0)", 1.0),
    ("P(chance plays war)", WAR_TWICE),
    ("P(chance plays nothing at 1)", FIGHT * 0.6),
    ("P(mood = war given A is strong)", 1 - (1 - 0.36) ** 2),
    ("P(A is strong given mood = war by 1)", 0.3 * 0.9 / FIGHT),
    ("P(always mood = calm)", twice(0.1**2, 0.8**2)),
    ("P(always mood != war by 1)", 1 - FIGHT * 0.4),
    ("P(mood = tense at 1)", FIGHT * 0.6),
    ("P(mood = war at 2)", WAR_TWICE),
    ("P(mood = war at 1)", FIGHT * 0.4),
    ("P(mood = calm until mood = war)", 0.0),
    ("P(mood != war until A plays yield)", twice(0.1 + 0.9 * 0.6 * 0.1, 0.8 + 0.2 * 0.6 * 0.8)),
    ("P(mood != war until A plays yield by 1)", twice(0.1, 0.8)),
    ("P(A plays fight and mood = tense at 1)", FIGHT * 0.6),
    ("P(A plays fight at 2)", twice(0.9 * (1 - 0.36), 0.2 * (1 - 0.08))),
    ("E(mood = war at 1)", FIGHT * 0.4),
    ("E(2 * (mood = war) + (mood = tense) at 1)", FIGHT * 1.4),
    ("E(mood = war)", WAR_TWICE),
    ("belief(A is strong)", 0.3),
    ("belief(A is strong at 2)", 0.3),
    ("belief(A is strong) after (A plays fight)", 0.27 / FIGHT),
    ("belief(A is strong) after (A plays fight, chance plays nothing, A plays yield)",
     0.27 * 0.1 / (0.27 * 0.1 + 0.14 * 0.8)),
    ("P(mood = war) after (A plays fight)", None),
    ("P(mood = war) after (A plays fight, chance plays war)", 1.0),
    ("P(mood = war) after (A plays yield)", (0.03 * 0.36 + 0.56 * 0.08) / 0.59),
    ("P(A plays fight by 1) after (A plays fight)", 1.0),
    ("P(A plays fight by 1) after (A plays yield)", 0.0),
    ("P(mood = war by 1) from (belief A is strong = 1)", 0.36),
    ("P(mood = war) from (mood = tense, round = 2, belief A is strong = 0.5)", 0.5 * 0.36 + 0.5 * 0.08),
    ("strategy(A plays fight)", FIGHT),
    ("strategy(A plays fight if weak)", 0.2),
    ("strategy(A plays yield if strong) after (A plays fight)", 0.1),
    ("value(A)", 0.3 * 10 + 0.7 * 20),
    ("value(A is weak)", 20.0),
    ("value(A) from (belief A is weak = 0.25)", 12.5),
    ("P(mood = war by 1) / P(A plays fight by 1)", 0.4),
    ("half + 2 * 3 ^ 2 - 1", 17.5),
    ("max(P(mood = war by 1), 0.9)", 0.9),
    ("P(mood = war by 1) < P(mood = war) in other", True),
    ("P(mood = war by 1) > P(mood = war) in other", False),
    ("not P(mood = war by 1) > 0.5 and P(mood = war) > 0.1", True),
    ("P(mood = war by 1) within 0.001 of 0.164", True),
    ("P(mood = war by 1) within 0.001 of 0.166", False),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_formula_by_hand(text: str, expected: float | bool | None) -> None:
    if expected is None:
        later = (0.27 * 0.36 + 0.14 * 0.08) / FIGHT
        expected = 0.4 + 0.6 * later
    got = value(text)
    assert got is expected if isinstance(expected, bool) else got == pytest.approx(expected, abs=1e-12)


def test_hidden_action_is_inferred_through_the_signal() -> None:
    strong, weak = 0.9 * 0.8 + 0.1 * 0.1, 0.2 * 0.8 + 0.8 * 0.1
    smoke = twice(strong, weak)
    assert value("P(A plays fight by 1)", hidden=True) == pytest.approx(FIGHT, abs=1e-12)
    assert value("P(mood = tense by 1)", hidden=True) == pytest.approx(smoke, abs=1e-12)
    assert value("belief(A is strong) after (A plays smoke)", hidden=True) == pytest.approx(0.3 * strong / smoke)
    assert value("P(A plays fight by 1) after (A plays smoke)", hidden=True) == pytest.approx(FIGHT * 0.8 / smoke)
    assert value("P(A plays fight by 1 given mood = war by 1)", hidden=True) == pytest.approx(FIGHT * 0.8 / smoke)


def test_changing_type_moves_belief_and_conditional_probability() -> None:
    assert value("belief(A is strong at 1)", turning=True) == pytest.approx(0.3 + 0.7 * 0.2 * 0.5)
    assert value("belief(A is strong) after (A plays fight)", turning=True) == pytest.approx((0.27 + 0.07) / FIGHT)
    assert value("P(A is strong at 1)", turning=True) == pytest.approx(0.37)
    assert value("P(A is strong)", turning=True) > 0.37


@pytest.mark.parametrize("how", [{"hidden": True}, {"turning": True}, {"hidden": True, "turning": True}])
def test_against_simulated_plays(how: dict[str, bool]) -> None:
    """Fixed seed; each check is four standard errors wide (false alarm about 1 in 16,000)."""
    plays = hand.simulate(20000, 7, **how)
    checks = {
        "P(mood = war)": [p["war"] > 0 for p in plays],
        "P(A plays fight at 2)": [len(p["acts"]) > 1 and p["acts"][1] == "fight" for p in plays],
        "P(A is strong at 1)": [p["kinds"][0] == "strong" for p in plays],
        "P(A plays fight given mood = war)": [("fight" in p["acts"]) for p in plays if p["war"]],
        "P(always A is weak)": [p["first"] == "weak" and "strong" not in p["kinds"] for p in plays],
    }
    for text, hits in checks.items():
        mean = float(np.mean(hits))
        error = 4 * np.sqrt(max(mean * (1 - mean), 1e-4) / len(hits))
        assert value(text, **how) == pytest.approx(mean, abs=error), text


def test_simulation_check_can_fail() -> None:
    plays = hand.simulate(20000, 7)
    weak = float(np.mean([p["first"] == "weak" and "strong" not in p["kinds"] for p in plays]))
    assert abs(weak - value("P(always A is weak)", turning=True)) > 0.02


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("P(mood = war) after (A plays dance)", "dance"),
        ("P(mood = war) after (chance plays war)", "does not say what A does"),
        ("P(mood = war) after (A plays fight, chance plays war, A plays fight)", "over"),
        ("belief(B is strong)", "no player"),
        ("belief(A is bold)", "no type"),
        ("P(mood = war given mood = war by 0)", "probability zero"),
        ("E(mood at 1)", "expectation of a name"),
        ("P(mood = war) from (mood = war, round = 2)", "never comes"),
        ("strategy(A plays sing)", "offers"),
    ],
)
def test_questions_without_an_answer_say_why(text: str, word: str) -> None:
    with pytest.raises(ScenarioError, match=word):
        value(text)


def test_dropped_histories_widen_the_band() -> None:
    rough = Asker(hand.study(walking=Walking(merge=0.0, prune=0.15)), grid_check=False)
    got = rough.ask(parse_formula("P(mood = war)"))
    assert isinstance(got, Quantity)
    assert got.high - got.low > 0.01
    assert got.low <= WAR_TWICE <= got.high
    judged = rough.ask(parse_formula(f"P(mood = war) < {WAR_TWICE + 0.001}"))
    assert isinstance(judged, Judgement)
    assert judged.value is None
    assert "numerical error" in judged.why


STEPS = """
winset: 1
scenario: a step at a time
clock: {rounds: 2}
players: {a: {}}
state: {level: {range: [0, 3], start: 0}}
round:
  - move: choose
    by: a
    actions: {rise: {then: {level: up 1}}, stay: {}}
payoffs: {at the end: {a: level}}
"""


def test_what_was_solved_from_another_start_can_be_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    """The base stays, and so do the numbers."""
    asker = Asker(Study(scenario=read_text(STEPS)), grid_check=False)
    study, there, here = asker.study, parse_formula("value(a) from (level = 2)"), parse_formula("value(a)")
    found, base = asker.ask(there), asker.ask(here)
    assert found.value > base.value + 1
    places = len(asker._places)
    assert len(study._solved) == 2 and study.holds("")
    asker.forget("")
    assert len(study._solved) == 1 and study.holds("") and len(asker._places) == places - 1
    monkeypatch.setattr(study, "_solve", None)
    assert (asker.ask(there), asker.ask(here)) == (found, base)


def test_what_a_variant_makes_of_a_parameter_needs_no_solution(monkeypatch: pytest.MonkeyPatch) -> None:
    text = STEPS.replace("payoffs:", "parameters: {worth: 2}\nvariants: {dear: {parameters: {worth: 3}}}\npayoffs:")
    study = Study(scenario=read_text(text.replace("{a: level}", "{a: worth * level}")))
    asker = Asker(study, grid_check=False)
    monkeypatch.setattr(study, "_solve", None)
    assert asker.ask(parse_formula("worth * worth in dear")).value == 6
    assert asker.ask(parse_formula("worth")).value == 2
    other = study.on_grid(1)
    monkeypatch.setattr(other, "_timed", None)  # nothing is compiled twice
    assert other.size().states == study.size().states
