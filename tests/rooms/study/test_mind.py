"""What would change an answer, and which verdicts are the weakest: against logit probabilities worked out on paper."""

from __future__ import annotations

import math
from typing import Any

import pytest

import winset
from winset.language.reading import read_text
from winset.study.arithmetic import Judgement, Quantity, compare, joined, near

TEXT = """\
winset: 1
scenario: One choice
clock: {rounds: 1}
parameters: {gain: {value: 1, range: [-2, 3]}}
players: {a: {precision: 1}}
round:
  - move: choice
    by: a
    actions:
      go: {pays: {a: gain}}
      stay: {}
variants:
  low: {parameters: {gain: -1}}
  high: {parameters: {gain: 2}}
  unread: {parameters: {gain: 3}}
questions:
  going: {ask: P(a plays go), headline: true}
claims:
  likely: {quote: it is likely, by: x, kind: forecast, holds if: P(a plays go) > 0.5}
  sure: {quote: it is more than that, by: x, kind: forecast, holds if: P(a plays go) > 0.73}
  both: {quote: both, by: x, kind: forecast, holds if: P(a plays go) > 0.5 and P(a plays stay) > 0.25}
  drop: {quote: it drops, by: x, kind: cause, holds if: P(a plays go) > P(a plays go) in low}
  rise: {quote: it rises, by: x, kind: cause, holds if: P(a plays go) > P(a plays go) in high}
  vague: {quote: who knows, by: x, kind: belief, reason: no variable for it}
"""


def logit(gain: float) -> float:
    return 1 / (1 + math.exp(-gain))


@pytest.fixture(scope="module")
def brief() -> Any:
    return winset.brief(read_text(TEXT), cache=False)


def of(brief: Any, about: str) -> Any:
    return next(t for t in brief["turning"] if t["about"] == about)


def test_a_probability_is_held_against_the_next_word(brief: Any) -> None:
    found = of(brief, "going")
    assert found["edge"] == 0.8
    assert found["distance"] == pytest.approx(0.8 - logit(1), abs=1e-9)
    assert found["told"] == "73 %: 6.9 points below the 80 % from which it is very likely."
    assert [(f["variant"], f["before"], f["after"]) for f in found["flips"]] == [
        ("low", "likely", "unlikely"), ("high", "likely", "very likely"),
    ]  # fmt: skip
    assert found["flips"][0]["value"] == pytest.approx(logit(-1), abs=1e-9)
    assert found["tried"] == ["low", "high"]  # nobody reads the third, so it is not solved


def test_a_claim_is_tried_in_the_variants_that_were_solved(brief: Any) -> None:
    assert [(f["variant"], f["after"]) for f in of(brief, "likely")["flips"]] == [("low", "fails")]
    assert of(brief, "drop")["tried"] == []  # it compares variants itself
    assert of(brief, "likely")["distance"] == pytest.approx(logit(1) - 0.5, abs=1e-9)


def test_the_weakest_come_first(brief: Any) -> None:
    slack = {
        "sure": 1 - 0.73 / logit(1),
        "both": 1 - 0.25 / (1 - logit(1)),
        "rise": 1 - logit(1) / logit(2),
        "likely": 1 - 0.5 / logit(1),
        "drop": 1 - logit(-1) / logit(1),
    }
    assert [w["claim"] for w in brief["weakest"]] == sorted(slack, key=lambda name: slack[name])
    for found in brief["weakest"]:
        assert found["slack"] == pytest.approx(slack[found["claim"]], abs=1e-9)
    assert "It fails in the variant “low”." in brief["weakest"][3]["why"]
    said = [line["text"] for line in brief["bottom_line"]]
    assert any("“it is more than that”, “both” and “it rises”" in text for text in said)


def test_confidence_says_the_same_of_questions_and_claims(brief: Any) -> None:
    told = {c["id"]: c["confidence"] for c in brief["claims"]}
    assert told["vague"] == ""
    assert told["likely"] == brief["confidence"].replace("the figure", "the verdict")
    assert "1 assumed value" in told["likely"]


@pytest.mark.parametrize(
    ("op", "left", "right", "slack"),
    [("<", 0.2, 0.5, 0.6), (">", 0.5, 0.2, 0.6), ("<", -1.0, 1.0, 2.0), ("=", 0.0, 0.0, 0.0)],
)
def test_slack_is_a_share_of_the_greater_side(op: str, left: float, right: float, slack: float) -> None:
    assert compare(op, Quantity.exact(left), Quantity.exact(right)).slack == pytest.approx(slack)


def test_slack_of_a_tolerance() -> None:
    half = Quantity.exact(0.5)
    assert near(half, Quantity.exact(0.501), Quantity.exact(0.004)).slack == pytest.approx(0.75)
    assert near(half, Quantity.exact(0.508), Quantity.exact(0.004)).slack == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("op", "one", "other", "slack"),
    [
        ("and", True, True, 0.1),  # the nearer turns it
        ("and", False, True, 0.1),  # the false one has to turn
        ("and", False, False, 0.4),  # both have to
        ("or", False, False, 0.1),
        ("or", True, True, 0.4),
        ("or", False, True, 0.4),
    ],
)
def test_slack_of_joined_judgements(op: str, one: bool, other: bool, slack: float) -> None:
    assert joined(op, Judgement(one, slack=0.1), Judgement(other, slack=0.4)).slack == slack
