"""The curves of questions have as many points as a forecast shows rounds."""

from __future__ import annotations

from dataclasses import replace

import pytest

import winset
from winset.study.forecast import curves, shown
from winset.study.solved import Study


@pytest.mark.parametrize(
    ("name", "formula"), [("leader-punishment", "P(standing = shunned)"), ("shifting-power", "P(power = late)")]
)
def test_one_point_a_round(name: str, formula: str) -> None:
    scenario = winset.read(name)
    asked = replace(scenario.questions[0], formula=formula)
    solved = Study(scenario=scenario).solved()
    (curve,) = curves(solved, (asked,))
    assert len(curve["probability"]) == len(shown(solved))
    assert solved.game.infinite == (len(solved.ends) - 1 > len(shown(solved)))
    assert curve["probability"] == sorted(curve["probability"])
