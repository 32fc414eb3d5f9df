"""Courses that are typical and not flukes, and sentences whose parts a reader can add up."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

import winset
from rooms.study import hand
from winset.language.formula import parse_formula
from winset.study.events import Event
from winset.study.explanation_data import PartOf
from winset.study.gains import Gains, event_gains
from winset.study.solved import Study
from winset.study.usual import Occasion, typical
from winset.study.why_words import BAR, listed
from winset.study.witness import likeliest, witness


def event_of(formula: str) -> Event:
    """A condition as an event that may come about at any time."""
    tree = parse_formula(f"P({formula})")
    return Event(form="eventually", condition=tree.event.condition)  # type: ignore[union-attr]


def test_a_typical_course_comes_about_as_most_do_and_in_the_middle_of_its_rounds() -> None:
    """As most of the probability comes about in the first round or in the second, so does the course that is told."""
    solved = hand.solved()
    event = event_of("mood = war")
    gains = event_gains(solved.graph, solved.language, event)
    rounds = {n: v for (n, _), v in gains.steps.items()}
    late = Gains(start=0.0, steps={(n, s): v * (9 if n == 2 else 1) for (n, s), v in gains.steps.items()})
    assert rounds[1] > rounds[2]
    assert typical(gains) == Occasion(step="chance plays war", round=1, share=1.0)
    assert typical(late) == Occasion(step="chance plays war", round=2, share=1.0)
    found = witness(
        solved.graph, solved.language, hand.respond, event, formula="P(x)", variant="", gains=late
    )  # fmt: skip
    assert found is not None
    assert (found["step"], found["date"], found["share"]) == ("chance plays war", "2", 1.0)
    told = [(s["date"], s["text"]) for s in found["steps"]]
    assert told[-1] == ("2", "chance plays war")
    assert [t for t in told if t[1] == "chance plays war"] == [("2", "chance plays war")]


def test_each_move_of_a_typical_course_is_the_usual_one_and_not_the_short_cut() -> None:
    """Three in five go right, where there are four ways on; the one way on the left is the likeliest single course."""
    fork = {f"way_{i}": {"probability": 0.25} for i in range(4)}
    scenario = winset.build(
        scenario="fork",
        clock={"rounds": 1},
        players={"a": {}},
        state={"side": {"values": ["none", "left", "right"], "start": "none"}, "there": {"start": False}},
        round=[
            {"move": "turn", "by": "chance", "outcomes": {
                "goes_left": {"probability": 0.4, "then": {"side": "left"}},
                "goes_right": {"probability": "rest", "then": {"side": "right"}},
            }},
            {"move": "road", "by": "chance", "if": "side = right", "outcomes": fork},
            {"move": "arrive", "by": "a", "actions": {"enter": {"then": {"there": True}}, "wait": {}}},
        ],
        questions={"there": "P(there)"},
    )  # fmt: skip
    solved = Study(scenario=scenario).solved()
    event = event_of("there")
    short = likeliest(solved.graph, solved.language, event)
    found = witness(solved.graph, solved.language, solved.solution.respond, event, formula="P(there)", variant="")
    assert short is not None
    assert found is not None
    assert len(found["steps"]) == 3
    assert found["steps"][0]["text"] == "chance plays goes_right"
    assert found["steps"][0]["probability"] == pytest.approx(0.6)
    assert found["probability"] == pytest.approx(0.6 * 0.25 * found["steps"][2]["probability"])
    assert found["probability"] < 0.4 * found["steps"][2]["probability"]
    assert found["step"] == "a plays enter"


def test_what_always_held_or_is_undone_has_no_typical_course() -> None:
    assert typical(Gains(start=0.4, steps={(1, "a plays x"): 0.2})) is None
    assert typical(Gains(start=0.0, steps={(1, "a plays x"): 0.5, (2, "a plays y"): -0.2})) is None
    assert typical(Gains(start=0.0, steps={})) is None


amounts = st.lists(st.floats(-2, 2).filter(lambda v: abs(v) > 1e-6), min_size=1, max_size=8)


@given(amounts, st.booleans(), st.sampled_from([0.0, 0.5, -0.25]))
def test_the_parts_of_a_sentence_add_up_to_the_total_as_it_is_told(
    values: list[float], chance: bool, bar: float
) -> None:
    values = [v / 2 / len(values) for v in values] if chance else values
    parts = [PartOf(name=f"p{i}", value=v) for i, v in enumerate(sorted(values, key=lambda v: -abs(v)))]
    parts += [PartOf(name=BAR, value=bar)] if bar else []
    said = [t.replace("\N{MINUS SIGN}", "-") for t in re.findall(r"[+\u2212][\d.]+", listed(parts, chance=chance))]
    places = max((len(t.partition(".")[2]) for t in said), default=0)
    total = (100 if chance else 1) * sum(p["value"] for p in parts)
    assert sum(map(float, said)) == pytest.approx(round(total, places), abs=1e-9)
