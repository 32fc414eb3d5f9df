from __future__ import annotations

import copy
from typing import Any, cast

import pytest

from rooms.face.sample_brief import part, question, sample
from winset.base.plain import plain, when
from winset.study import telling
from winset.study.brief_data import Brief


@pytest.mark.parametrize(
    ("formula", "told"),
    [
        ("P(deal != none by 2020-12)",
         "probability that there is some deal at some time up to the end of December 2020"),
        ("P(deal in {partial, full} at 3)", "probability that deal is partial or full at the end of round 3"),
        ("P(not pledge)", "probability that pledge is off at some time"),
        ("P(a plays long_range or a plays nuclear)", "probability that A plays long range or nuclear"),
        ("P(a plays x given b is weak)", "probability that A plays x, given that b is weak"),
        ("P(deal = full within 2 rounds)", "probability that deal is full at some time within 2 rounds"),
        ("P(deal = full within 1 round)", "probability that deal is full at some time within one round"),
        ("P(a plays x by 2020-12)", "probability that A plays x by the end of December 2020"),
        ("P(deal != none at 2021-01)", "probability that there is some deal at the end of January 2021"),
        ("P(always deal = none by 3)", "probability that always there is no deal by the end of round 3"),
        ("P(entrant plays enter at 2)", "probability that Entrant plays enter in round 2"),
        ("E(arsenal at 2020-12)", "average arsenal at the end of December 2020"),
        ("belief(b is weak) after (a plays x, chance plays vote)",
         "public belief that B is weak once A plays x and chance brings vote"),
        ("P(deal = full) from (politics = trial, round = 2020-01)",
         "probability that deal is full at some time from January 2020 on, starting where politics is trial"),
        ("value(b is weak)", "expected payoff of B if weak"),
        ("strategy(b plays agree if weak) in calm", "how often B plays agree if it is weak, in the variant “calm”"),
    ],
)  # fmt: skip
def test_a_figure_in_words(formula: str, told: str) -> None:
    assert plain(formula) == told


@pytest.mark.parametrize("formula", ["P(x) - P(y)", "1 - P(x)", "P(x", "P(x) < 0.5", "lambda", ""])
def test_nothing_is_said_of_what_is_no_single_figure(formula: str) -> None:
    assert plain(formula) == ""
    assert when(formula) == ""


def finished(asked: dict[str, Any]) -> Any:
    """A question with its sentences, in the invented brief."""
    brief = sample()
    brief["questions"] = [asked]
    return telling.finish(cast(Brief, brief))["questions"][0]


def test_a_title_says_the_date_that_the_name_leaves_out() -> None:
    asked = finished(question("full_deal", "P(deal = full by 2020-12)", "", 0.234, "unlikely"))
    assert telling.on_question(asked) == "Full deal by the end of December 2020: unlikely (23 %)."


def test_an_average_is_told_with_its_scale() -> None:
    asked = finished(question("arsenal", "E(arsenal at 2020-12)", "", 42.7, ""))
    assert telling.on_question(asked).endswith("on average 42.7 on a scale from 30 to 60.")


def test_a_difference_of_probabilities_is_told_in_points() -> None:
    asked = question("cost", "P(x) in calm - P(x)", "lost to the inquiry", 0.034, "")
    asked |= {"unit": "number", "parts": [part("P(x)", "calm", 0.504), part("P(x)", "", 0.47)]}
    assert finished(asked)["shown"] == "3.4 points"
    asked |= {"formula": "value(a) - P(x)", "parts": [part("value(a)", "", 0.504), part("P(x)", "", 0.47)]}
    assert finished(asked)["shown"] == "0.034"


def test_a_claim_says_what_came_out() -> None:
    claims = {c["id"]: c for c in sample()["claims"]}
    assert telling.on_claim(claims["deadline"]).endswith(
        "fails. The model gives 41 % in the base and 24 % in the variant “no deadline”."
    )
    assert claims["deadline"]["gap"] == (
        "The left side less the right side is 17.0 points; numerical error up to 0.4 points."
    )
    assert "not a variable of this model" in claims["miscalculation"]["why"]


def test_sides_that_are_shown_alike_are_told_apart() -> None:
    """60 % holds against 60 %: by how much, has to be said."""
    claim = copy.deepcopy(next(c for c in sample()["claims"] if c["id"] == "deadline"))
    for side, value in zip(claim["numbers"], (0.601, 0.604), strict=True):
        side |= {"value": value, "shown": "60 %"}
    claim["effect"], claim["margin"] = -0.003, 0.0001
    told = "The left side less the right side is −0.3 points; numerical error below 0.1 points."
    assert telling.came_out(claim, "").endswith(f"60 % in the variant “no deadline”. {told}")
