"""Differences between two scenarios: what is one, what is none, and what a changed assumption moved."""

from __future__ import annotations

import copy
import math
from typing import Any, cast

import pytest

import winset
from rooms.face.sample_brief import sample
from winset.language.reading import read_text
from winset.study.brief_data import Brief
from winset.study.diff import Diff, answer_changes, diff, input_changes, verdict_changes
from winset.study.inputs import inputs

TEXT = """\
winset: 1
scenario: Two sides
clock: {from: 2020-01, to: 2020-03, round: month, dates: {deadline: 2020-02-10}}
parameters:
  gain: {value: 1, range: [0, 2], status: assumed, note: a guess}
  cost: 0.25
players:
  a: {precision: 1, types: {bold: 0.3, shy: rest}}
  b: {precision: 2}
state:
  mood: {values: [calm, tense], start: calm}
  count: {range: [0, 3], start: 0}
define: {late: now > deadline}
ends when: count = 3
round:
  - move: first
    by: a
    actions:
      go: {if: mood = calm, pays: {a: gain, b: -cost}, then: {count: up 1}}
      stay: {}
  - move: second
    by: b
    actions:
      push: {then: {mood: tense}, pays: {b: if late then cost else 0}}
      pause: {}
payoffs:
  each round: {a: if a is bold then 0.1 else 0}
  at the end: {b: count}
record:
  - {date: 2020-01-05, player: a, action: go, source: S}
variants:
  dear: {parameters: {cost: 0.5}}
  later: {dates: {deadline: 2020-03-10}}
questions:
  going: {ask: P(a plays go by 2020-02), headline: true}
  counted: E(count at 2020-03)
claims:
  often: {quote: they go, by: x, kind: forecast, holds if: P(a plays go by 2020-02) > 0.5}
  dearer: {quote: cost matters, by: x, kind: cause, holds if: P(a plays go) > P(a plays go) in dear}
sources: {S: a source}
"""


def changed(old: str, new: str, text: str = TEXT) -> Any:
    assert old in text
    before, after = inputs(read_text(text)), inputs(read_text(text.replace(old, new)))
    return input_changes(before, after)


SHUFFLED = [
    ("  gain: {value: 1, range: [0, 2], status: assumed, note: a guess}\n  cost: 0.25\n",
     "  cost: 0.25\n  gain: {value: 1, range: [0, 2], status: assumed, note: a guess}\n"),
    ("{bold: 0.3, shy: rest}", "{shy: rest, bold: 0.3}"),
    ("  mood: {values: [calm, tense], start: calm}\n  count: {range: [0, 3], start: 0}\n",
     "  count: {range: [0, 3], start: 0}\n  mood: {values: [calm, tense], start: calm}\n"),
    ("      push: {then: {mood: tense}, pays: {b: if late then cost else 0}}\n      pause: {}\n",
     "      pause: {}\n      push: {pays: {b: if late then cost else 0}, then: {mood: tense}}\n"),
    ("pays: {a: gain, b: -cost}", "pays: {b: -cost, a: gain}"),
    ("  dear: {parameters: {cost: 0.5}}\n  later: {dates: {deadline: 2020-03-10}}\n",
     "  later: {dates: {deadline: 2020-03-10}}\n  dear: {parameters: {cost: 0.5}}\n"),
    ("  going: {ask: P(a plays go by 2020-02), headline: true}\n  counted: E(count at 2020-03)\n",
     "  counted: E(count at 2020-03)\n  going: {ask: P(a plays go by 2020-02), headline: true}\n"),
    ("if: mood = calm", "if: (mood = calm)"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new"), SHUFFLED, ids=lambda text: text.strip()[:20])
def test_order_of_declaration_and_layout_are_no_difference(old: str, new: str) -> None:
    assert changed(old, new) == []


EDITS = [
    ("value: 1, range", "value: 1.5, range", "parameters", "gain", "1 (0 to 2)", "1.5 (0 to 2)"),
    ("range: [0, 2]", "range: [0, 3]", "parameters", "gain", "1 (0 to 2)", "1 (0 to 3)"),
    ("note: a guess", "note: measured", "parameters", "gain note", "a guess", "measured"),
    ("precision: 2", "precision: 3", "players", "b precision", "2", "3"),
    ("start: calm", "start: tense", "state", "mood start", "calm", "tense"),
    ("range: [0, 3]", "range: [0, 4]", "state", "count values", "0, 1, 2, 3", "0 to 4"),
    ("to: 2020-03", "to: 2020-04", "clock", "rounds", "3", "4"),
    ("deadline: 2020-02-10", "deadline: 2020-02-11", "clock", "dates deadline", "2020-02-10", "2020-02-11"),
    ("if: mood = calm", "if: mood = tense", "moves", "first a go if", "mood = calm", "mood = tense"),
    ("b: -cost", "b: -2 * cost", "moves", "first a go pays b", "-cost", "-2 * cost"),
    ("count: up 1", "count: up 2", "moves", "first a go count", "up 1", "up 2"),
    ("late: now > deadline", "late: now >= deadline", "define", "late value", "now > deadline", "now >= deadline"),
    ("ends when: count = 3", "ends when: count = 2", "ends_when", "ends when", "count = 3", "count = 2"),
    ("then 0.1 else", "then 0.2 else", "payoffs", "each round a", "if a is bold then 0.1 else 0",
     "if a is bold then 0.2 else 0"),
    ("{b: count}", "{b: 2 * count}", "payoffs", "at the end b", "count", "2 * count"),
    ("{parameters: {cost: 0.5}}", "{parameters: {cost: 0.6}}", "variants", "dear parameters cost", "0.5", "0.6"),
    ("2020-03-10", "2020-03-11", "variants", "later dates deadline", "2020-03-10", "2020-03-11"),
    ("E(count at 2020-03)", "E(count at 2020-02)", "questions", "counted formula", "E(count at 2020-03)",
     "E(count at 2020-02)"),
    ("> 0.5}", "> 0.6}", "claims", "often holds if", "P(a plays go by 2020-02) > 0.5",
     "P(a plays go by 2020-02) > 0.6"),
    ("quote: they go", "quote: they went", "claims", "often quote", "they go", "they went"),
    ("S: a source", "S: another", "sources", "S", "a source", "another"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "section", "name", "before", "after"), EDITS, ids=lambda text: text[:20])
def test_one_edit_is_one_difference(old: str, new: str, section: str, name: str, before: str, after: str) -> None:
    found = changed(old, new)
    assert [c.kind for c in found if c.section == section] == ["changed"]
    assert [(c.name, c.old, c.new) for c in found if c.section == section] == [(name, before, after)]


def test_a_changed_prior_is_told_of_each_type() -> None:
    found = changed("bold: 0.3, shy: rest", "bold: 0.5, shy: rest")
    assert [(c.section, c.name) for c in found] == [("players", "a bold prior"), ("players", "a shy prior")]
    assert (found[0].old, found[0].new) == ("0.3", "0.5")


def test_the_order_of_moves_is_a_difference() -> None:
    first, second = TEXT.index("  - move: first"), TEXT.index("  - move: second")
    end = TEXT.index("payoffs:")
    swapped = TEXT[:first] + TEXT[second:end] + TEXT[first:second] + TEXT[end:]
    found = input_changes(inputs(read_text(TEXT)), inputs(read_text(swapped)))
    assert [(c.name, c.old, c.new) for c in found] == [("order", "first, second", "second, first")]


def test_what_was_renamed_went_and_came_with_the_nearest_named() -> None:
    found = changed("cost", "price")
    pairs = {(c.kind, c.name): c.nearest for c in found if c.section == "parameters"}
    assert pairs == {("removed", "cost"): "price", ("added", "price"): "cost"}
    found = changed("often: {", "frequent: {")
    assert {(c.kind, c.name, c.nearest) for c in found} == {
        ("removed", "often", "frequent"),
        ("added", "frequent", "often"),
    }


def test_what_is_taken_away_is_told_once() -> None:
    found = changed("      pause: {}\n", "      pause: {}\n      wait: {pays: {b: 0.1}, then: {count: up 1}}\n")
    assert [(c.section, c.kind, c.name, c.new) for c in found] == [
        ("moves", "added", "second b wait", "pays b 0.1; count up 1")
    ]
    bare = changed("      pause: {}\n", "      pause: {}\n      wait: {}\n")
    assert [(c.kind, c.name) for c in bare] == [("added", "second b wait")]


def test_a_changed_assumption_shows_what_it_moved() -> None:
    """A single logit choice: 1 / (1 + exp(-gain))."""
    text = """\
winset: 1
scenario: One choice
clock: {rounds: 1}
parameters: {gain: 1}
players: {a: {precision: 1}}
round: [{move: choice, by: a, actions: {go: {pays: {a: gain}}, stay: {}}}]
questions: {going: {ask: P(a plays go), headline: true}, three: {ask: P(a plays go) + P(a plays stay)}}
claims: {sure: {quote: it is sure, by: x, kind: forecast, holds if: P(a plays go) > 0.8}}
"""
    found = diff(read_text(text), read_text(text.replace("gain: 1", "gain: 2")), cache=False)
    assert [(c.name, c.old, c.new) for c in found.inputs] == [("gain", "1", "2")]
    first, second = found.answers
    assert first.change == pytest.approx(1 / (1 + math.exp(-2)) - 1 / (1 + math.exp(-1)), abs=1e-9)
    assert (first.old, first.new, first.told) == ("73 %", "88 %", "+15.0 points")
    assert (first.old_word, first.new_word) == ("likely", "very likely")
    assert second.change == pytest.approx(0.0, abs=1e-12)
    assert [(v.name, v.old, v.new) for v in found.verdicts] == [("sure", "fails", "holds")]
    printed = str(found)
    assert max(map(len, printed.splitlines())) <= 80
    for part in ("gain: 1 → 2", "+15.0 points", "likely → very likely", "sure: fails → holds"):
        assert part in " ".join(printed.split())


def test_the_same_scenario_has_no_difference() -> None:
    scenario = winset.read("fearon-ultimatum")
    found = diff(scenario, scenario, inputs_only=True)
    assert found.inputs == ()
    assert "Inputs: no difference" in str(found)


def test_a_variant_is_compared_as_it_plays() -> None:
    scenario = read_text(TEXT)
    found = diff(scenario, scenario, variants=("", "dear"), inputs_only=True)
    assert [(c.name, c.old, c.new) for c in found.inputs] == [("cost", "0.25", "0.5")]
    with pytest.raises(winset.ScenarioError, match="N110"):
        diff(scenario, scenario, variants=("", "deer"), inputs_only=True)


def briefs() -> tuple[Any, Any]:
    return sample(), copy.deepcopy(sample())


def answers(one: Any, other: Any) -> dict[str, Any]:
    return {a.name: a for a in answer_changes(cast(Brief, one), cast(Brief, other))}


@pytest.mark.parametrize(("moved", "within"), [(0.01, True), (0.059, True), (0.061, False), (0.0, False)])
def test_a_difference_is_held_against_both_errors(moved: float, within: bool) -> None:
    """Each band of the invented brief reaches 0.03 above its value."""
    one, other = briefs()
    asked = next(q for q in other["questions"] if q["name"] == "deal")
    for key in ("value", "low", "high"):
        asked[key] += moved
    found = answers(one, other)["deal"]
    assert found.within_error is within
    assert (found.told == "same") == (moved == 0.0)


def test_headlines_lead_and_what_is_asked_in_one_only_is_told() -> None:
    one, other = briefs()
    one["questions"] = one["questions"][1:]
    other["questions"][1]["formula"] = "P(long_range_test by 2020-04)"
    found = answer_changes(cast(Brief, one), cast(Brief, other))
    assert [a.headline for a in found] == sorted((a.headline for a in found), reverse=True)
    named = {a.name: a.note for a in found}
    assert named["deal"] == "asked in the new one only"
    assert named["test"].startswith("asked differently: P(long_range_test by 2020-03)")


def test_only_verdicts_that_changed_are_told() -> None:
    one, other = briefs()
    assert verdict_changes(cast(Brief, one), cast(Brief, other)) == []
    other["claims"][0]["verdict"] = "fails"
    del other["claims"][1]
    found = {v.name: (v.old, v.new) for v in verdict_changes(cast(Brief, one), cast(Brief, other))}
    assert found == {"debilitated": ("holds", "fails"), "time": ("holds", "")}


def asked(value: float, shown: str, unit: str = "number", error: float = 0.0) -> dict[str, Any]:
    return {
        "name": "loss", "title": "Loss", "headline": True, "formula": "P(a) - P(b)", "value": value, "shown": shown,
        "unit": unit, "low": value - error, "high": value + error, "word": "", "undecided": "",
    }  # fmt: skip


def moved(old: dict[str, Any], new: dict[str, Any]) -> Any:
    return answer_changes(cast(Brief, {"questions": [old]}), cast(Brief, {"questions": [new]}))[0]


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (asked(0.0284, "2.8 points"), asked(0.0296, "3.0 points"), ("2.84 points", "2.96 points", "+0.12 points")),
        (asked(0.028469, "2.8 points"), asked(0.029525, "3.0 points"), ("2.85 points", "2.95 points", "+0.10 points")),
        (asked(0.028, "2.8 points"), asked(0.031, "3.1 points"), ("2.8 points", "3.1 points", "+0.3 points")),
        (asked(0.031, "3.1 points"), asked(-0.028, "−2.8 points"), ("3.1 points", "−2.8 points", "−5.9 points")),
        (asked(0.031, "3.1 points"), asked(0.0311, "3.1 points"), ("3.1 points", "3.1 points", "+<0.1 points")),
        (asked(0.0311, "3.1 points"), asked(0.031, "3.1 points"), ("3.1 points", "3.1 points", "−<0.1 points")),
        (asked(0.45, "45 %", "probability"), asked(0.481, "48 %", "probability"), ("45 %", "48 %", "+3.1 points")),
        (asked(1.5, "1.5"), asked(1.25, "1.25"), ("1.5", "1.25", "−0.25")),
    ],
)
def test_a_change_agrees_with_the_values_beside_it(
    before: dict[str, Any], after: dict[str, Any], told: tuple[str, str, str]
) -> None:
    found = moved(before, after)
    assert (found.old, found.new, found.told) == told


def test_the_error_stands_beside_a_change_where_there_is_room() -> None:
    old, new = (asked(v, f"{v:.0%}".replace("%", " %"), "probability", 0.001) for v in (0.45, 0.467))
    found = Diff(old="a", new="b", inputs=(), answers=(moved(old, new),))
    assert (found.answers[0].told, found.answers[0].error_told) == ("+1.7 points", "0.2 points")
    wide, narrow = ("\n".join(found.lines(width)) for width in (80, 60))
    assert "change ± error" in wide
    assert "+1.7 ±0.2 points  Loss" in wide
    assert "+1.7 points  Loss" in narrow
    assert "error" not in narrow
    payoffs = moved(asked(1.5, "1.5", error=0.004), asked(1.25, "1.25"))
    assert (payoffs.told, payoffs.error_told) == ("−0.25", "0.004")
    assert "−0.25 ±0.004  Loss" in "\n".join(Diff(old="a", new="b", inputs=(), answers=(payoffs,)).lines())
    sure = moved(asked(1.5, "1.5", error=1e-16), asked(1.25, "1.25"))
    assert sure.error_told == ""


def test_a_reason_stands_beside_what_has_no_number_any_more() -> None:
    gone = {**asked(0.0, "undecided"), "value": None, "low": None, "high": None, "undecided": "the premise never comes"}
    found = moved(asked(0.031, "3.1 points"), gone)
    assert (found.told, found.note) == ("changed", "the premise never comes")
