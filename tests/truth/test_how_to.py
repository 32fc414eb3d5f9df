"""What the how-to says comes out: the textbook's numbers from the file on the page; its variations are sound."""

from __future__ import annotations

import copy
import re
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

import winset

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "how-to" / "write-a-scenario.md").read_text(encoding="utf-8")
WHOLE, *VARIATIONS = re.findall(r"```yaml\n(.*?)```", PAGE.split("## The whole file")[1], re.DOTALL)
REPLACED = ("clock", "round", "questions", "claims")
ODDS, COST, LOW, HIGH = 0.5, 0.1, 0.05, 0.25
SHORT = 0.01  # by how much the grid stops short of the demands that leave a type indifferent


def load(text: str) -> Any:
    return YAML(typ="safe").load(text)


def test_every_step_stands_in_the_whole_file() -> None:
    steps = re.findall(r"```yaml\n(.*?)```", PAGE.split("## 4.")[1].split("## The whole file")[0], re.DOTALL)
    lines = {line.strip() for line in WHOLE.splitlines()}
    assert [line for step in steps for line in step.splitlines() if line.strip() and line.strip() not in lines] == []


@pytest.mark.slow
@pytest.mark.parametrize(("share", "risky"), [(0.2, True), (0.55, True), (0.62, False), (0.9, False)])
def test_the_textbook_comes_out_on_both_sides_of_the_threshold(share: float, risky: bool) -> None:
    assert (share < (HIGH - LOW) / (HIGH + COST)) == risky
    scenario, found = winset.check(WHOLE)
    assert scenario is not None
    assert found == ()
    demand = ODDS + (HIGH if risky else LOW) - SHORT
    war = share if risky else 0.0
    expected = {
        "E(demand)": demand,
        "P(defender plays fight)": war,
        "value(claimant)": (1 - war) * demand + war * (ODDS - COST),
    }
    for formula, number in expected.items():
        answer = winset.ask(scenario, formula, values={"resolute_share": share}, certificate=False, cache=False)
        assert answer.value == pytest.approx(number, abs=2e-4)


@pytest.mark.slow
def test_the_claims_of_the_page_hold() -> None:
    brief = winset.brief(winset.check(WHOLE)[0], cache=False)  # type: ignore[arg-type]
    assert {c["id"]: c["verdict"] for c in brief["claims"]} == {"risk": "holds", "caution": "holds", "return": "holds"}


@pytest.mark.parametrize("text", VARIATIONS, ids=lambda text: text.split("\n")[1].strip()[:30])
def test_variations_are_sound(text: str) -> None:
    sections, change = copy.deepcopy(load(WHOLE)), load(text)
    for name, part in change.items():
        if name in REPLACED or not isinstance(part, dict):
            sections[name] = part
        else:
            sections[name] = {**sections.get(name, {}), **part}
    scenario = winset.build(**{name.replace(" ", "_"): part for name, part in sections.items()})
    assert {d.code for d in scenario.warnings} <= {"N124"}


@pytest.mark.slow
def test_three_types_by_hand() -> None:
    """Of the demands 0.54, 0.64 and 0.74 the middle one pays most, and only the resolute fight it."""
    sections, change = load(WHOLE), load(VARIATIONS[0])
    for name, part in change.items():
        sections[name] = {**sections[name], **part}
    scenario = winset.build(**sections)
    payoffs = {0.54: 0.54, 0.64: 0.8 * 0.64 + 0.2 * 0.4, 0.74: 0.5 * 0.74 + 0.5 * 0.4}
    best = max(payoffs, key=lambda demand: payoffs[demand])
    for formula, number in {
        "E(demand)": best,
        "P(defender plays fight)": 0.2,
        "value(claimant)": payoffs[best],
    }.items():
        answer = winset.ask(scenario, formula, certificate=False, cache=False)
        assert answer.value == pytest.approx(number, abs=2e-4)
