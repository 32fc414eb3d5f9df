"""A variant as the base: what it says is what the same change says in a file, or it is not said."""

from __future__ import annotations

import pytest

import winset
from winset.language.formula import parse_formula
from winset.language.reading import read_text
from winset.language.stacked import taken, variants_read

GO = "P(a plays go at 2020-01)"
TEXT = f"""\
winset: 1
scenario: Two sides
clock: {{from: 2020-01, to: 2020-02, round: month}}
parameters: {{gain: 1, cost: 0.25, push: 0.5}}
players:
  a: {{precision: 1}}
  b: {{precision: 2}}
state:
  mood: {{values: [calm, tense], start: calm}}
round:
  - move: first
    by: a
    actions:
      go: {{pays: {{a: gain}}}}
      stay: {{pays: {{a: (if mood = tense then 0.75 else 0) + cost}}}}
      wait: {{}}
  - move: second
    by: b
    actions:
      push: {{then: {{mood: tense}}, pays: {{b: push}}}}
      pause: {{}}
variants:
  dear: {{parameters: {{cost: 0.5}}}}
  cheap: {{parameters: {{cost: 0}}}}
  poor: {{parameters: {{gain: 0.5}}}}
  both: {{based on: poor, parameters: {{cost: 0.5}}}}
  hasty: {{without: [wait]}}
  misread: {{perceives: {{b: poor}}}}
  misread_dear: {{based on: misread, parameters: {{cost: 0.5}}}}
questions:
  loss: {{ask: {GO} - {GO} in dear, headline: true}}
  going: {{ask: {GO}}}
claims:
  dearer: {{quote: cost matters, by: x, kind: cause, holds if: {GO} > {GO} in dear}}
  poorer: {{quote: gain matters, by: x, kind: cause, holds if: {GO} in both < {GO} in dear}}
  erring: {{quote: errors matter, by: x, kind: cause, holds if: {GO} in misread_dear < {GO}}}
"""
SCENARIO = read_text(TEXT)


def made(old: str, new: str) -> winset.Scenario:
    assert old in TEXT
    return read_text(TEXT.replace(old, new, 1))


IN_FILE = [
    ("poor", "gain: 1,", "gain: 0.5,"),
    ("hasty", "      wait: {}\n", ""),
]


@pytest.mark.parametrize(("variant", "old", "new"), IN_FILE)
def test_a_variant_says_what_the_same_change_says_in_a_file(variant: str, old: str, new: str) -> None:
    brief = winset.brief(SCENARIO, variant=variant, cache=False)
    text = TEXT.replace("  hasty: {without: [wait]}\n", "") if variant == "hasty" else TEXT
    there = winset.brief(read_text(text.replace(old, new, 1)), cache=False)
    base = winset.brief(SCENARIO, cache=False)
    values = [q["value"] for q in brief["questions"]]
    assert values == pytest.approx([q["value"] for q in there["questions"]], abs=1e-12)
    assert abs(values[0] - base["questions"][0]["value"]) > 1e-3
    assert brief["variant"] == variant
    assert any("on top of it" in line for line in brief["warnings"])


def test_a_question_alone_is_read_in_the_same_way() -> None:
    formula = f"{GO} - {GO} in dear"
    got = winset.ask(SCENARIO, formula, variant="poor", cache=False, certificate=False)
    there = winset.ask(made("gain: 1,", "gain: 0.5,"), formula, cache=False, certificate=False)
    assert got.value == pytest.approx(there.value, abs=1e-12)
    assert any("on top of it" in line for line in got.warnings)
    why = winset.explain(SCENARIO, "loss", variant="poor", cache=False)
    assert why.value == pytest.approx(there.value, abs=1e-12)


REFUSED = [
    ("dear", f"{GO} > {GO} in dear", "it would compare `dear` with itself"),
    ("poor", f"{GO} in both < {GO} in dear", "`both` and `dear` are the same on top of `poor`"),
    ("both", f"{GO} > {GO} in dear", "`dear` changes nothing on top of `both`"),
    ("cheap", f"{GO} - {GO} in dear", "it reads `dear`, and `cheap` sets `cost` otherwise"),
    ("misread", f"{GO} in dear", "in `misread` somebody errs about the game, and `dear` is not based on it"),
]
ANSWERED = [
    ("dear", f"{GO} in dear > 0.5"),
    ("poor", f"{GO} in both < {GO}"),
    ("poor", GO),
    ("misread", f"{GO} in misread_dear < {GO}"),
    ("", f"{GO} > {GO} in dear"),
]


@pytest.mark.parametrize(("variant", "formula", "why"), REFUSED)
def test_what_has_no_one_meaning_is_not_compared(variant: str, formula: str, why: str) -> None:
    assert taken(SCENARIO, variant).refuses(parse_formula(formula)) == f"not compared: {why}"
    with pytest.raises(winset.ScenarioError, match="C494"):
        winset.ask(SCENARIO, formula, variant=variant, cache=False)


@pytest.mark.parametrize(("variant", "formula"), ANSWERED)
def test_what_has_one_meaning_is_answered(variant: str, formula: str) -> None:
    assert taken(SCENARIO, variant).refuses(parse_formula(formula)) == ""


def test_the_variants_that_a_formula_reads() -> None:
    tree = parse_formula(f"not ({GO} in dear - max(2, E(mood at 2020-02) in poor) > value(a) + 1) or cost in both > 1")
    assert sorted(variants_read(tree)) == ["", "dear", "poor"]


def test_a_brief_says_what_it_did_not_compare() -> None:
    brief = winset.brief(SCENARIO, variant="dear", cache=False)
    assert [q["name"] for q in brief["questions"]] == ["loss", "going"]
    loss, dearer = brief["questions"][0], brief["claims"][0]
    assert (loss["value"], loss["undecided"]) == (None, "not compared: it would compare `dear` with itself")
    assert dearer["verdict"] == "undecided"
    assert (dearer["formula"], dearer["reason"]) == (f"{GO} > {GO} in dear", loss["undecided"])
    assert "dearer" in brief["against"]
    assert loss["undecided"] in brief["bottom_line"][0]["text"]
    erring = winset.brief(SCENARIO, variant="misread", cache=False)
    verdicts = {c["id"]: c["verdict"] for c in erring["claims"]}
    assert verdicts["erring"] != "undecided"
    assert verdicts["dearer"] == "undecided"


def test_a_comparison_says_what_it_did_not_compare() -> None:
    found = winset.diff(SCENARIO, SCENARIO, variants=("", "poor"), cache=False)
    there = winset.diff(SCENARIO, made("gain: 1,", "gain: 0.5,"), cache=False)
    changes = [a.change for a in found.answers]
    assert changes == pytest.approx([a.change for a in there.answers], abs=1e-12)
    assert [(c.name, c.why) for c in found.not_compared] == [
        ("poorer", "`both` and `dear` are the same on top of `poor`")
    ]
    assert "poorer" not in [v.name for v in found.verdicts]
    assert found.stacked == ("poor",)
    itself = winset.diff(SCENARIO, SCENARIO, variants=("", "dear"), cache=False)
    loss = next(a for a in itself.answers if a.name == "loss")
    assert (loss.told, loss.change, loss.note) == ("not compared", None, "it would compare `dear` with itself")
    printed = " ".join(str(itself).split())
    assert "1 not compared" in printed
    assert "dearer: not compared “cost matters” it would compare `dear` with itself" in printed
    errs = winset.diff(SCENARIO, SCENARIO, variants=("", "misread"), inputs_only=True)
    assert [(c.section, c.name, c.new) for c in errs.inputs] == [("perceives", "b", "takes `poor` for the game")]
