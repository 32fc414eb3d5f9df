"""The curves of questions have as many points as a forecast shows rounds."""

from __future__ import annotations

from dataclasses import replace

import pytest

import winset
from winset.study.forecast import curves, shown
from winset.study.solved import Study


@pytest.mark.parametrize(
    ("name", "formula", "rounds"),
    [("leader-punishment", "P(standing = shunned)", 60), ("inspections", "P(cheated)", 4)],
    ids=["for ever", "four rounds"],
)
def test_one_point_a_round(name: str, formula: str, rounds: int) -> None:
    scenario = winset.read(name)
    asked = replace(scenario.questions[0], formula=formula)
    solved = Study(scenario=scenario).solved()
    (curve,) = curves(solved, (asked,))
    assert len(curve["probability"]) == len(shown(solved)) == rounds
    assert curve["probability"] == sorted(curve["probability"])
