"""What was ever so and what is so at a date: told apart by the form of the question, and by nothing else."""

from __future__ import annotations

from typing import Any, cast

import pytest

from rooms.face.sample_brief import question, sample
from winset.study import telling
from winset.study.brief_data import Brief
from winset.study.standing import standing

DATES = ["2020-01", "2020-02", "2020-03"]


def brief() -> dict[str, Any]:
    """Three dates: a deal is signed and collapses, a pledge goes, an arsenal grows."""
    return {
        "forecast": {
            "dates": DATES,
            "variables": [
                {"name": "deal", "kind": "names", "values": ["none", "half", "full"],
                 "probability": [[1.0, 0.5, 0.7], [0.0, 0.2, 0.1], [0.0, 0.3, 0.2]]},
                {"name": "pledge", "kind": "truth", "values": ["false", "true"],
                 "probability": [[0.1, 0.2, 0.4], [0.9, 0.8, 0.6]]},
                {"name": "arsenal", "kind": "numbers", "values": ["0", "1", "2"],
                 "probability": [[0.0, 0.0, 0.1], [1.0, 0.8, 0.5], [0.0, 0.2, 0.4]]},
            ],
        }
    }  # fmt: skip


@pytest.mark.parametrize(
    ("formula", "date", "chance"),
    [
        ("P(deal != none by 2020-02)", "2020-02", 0.5),
        ("P(deal != none by 2020-03)", "2020-03", 0.3),
        ("P(deal = full by 2020-03)", "2020-03", 0.2),
        ("P(deal in {half, full} by 2020-03)", "2020-03", 0.3),
        ("P(not pledge by 2020-03)", "2020-03", 0.4),
        ("P(pledge within 1 round)", "2020-01", 0.9),
        ("P(arsenal >= 1 by 2020-03)", "2020-03", 0.9),
        ("P(arsenal >= 1 and arsenal < 2 by 2020-03)", "2020-03", 0.5),
        ("P(deal = half or deal = full by 2020-02)", "2020-02", 0.5),
    ],
)
def test_what_stands_is_read_off_the_forecast(formula: str, date: str, chance: float) -> None:
    assert standing(formula, brief()) == (date, pytest.approx(chance))


@pytest.mark.parametrize(
    "formula",
    [
        "P(deal != none at 2020-02)",  # says itself what stands
        "P(a plays x by 2020-02)",  # is done, and does not stand
        "P(deal != none and pledge by 2020-02)",  # of two variables nothing is known together
        "P(deal != none by 2030-01)",  # beyond the forecast
        "P(deal != none)",
        "P(arsenal > most by 2020-02)",  # a parameter
        "P(always deal = none by 2020-02)",
        "E(arsenal at 2020-02)",
        "P(deal != none by 2020-02) - P(deal = half by 2020-02)",
    ],
)
def test_of_anything_else_nothing_is_said(formula: str) -> None:
    assert standing(formula, brief()) is None


def test_a_question_tells_both_figures() -> None:
    given = sample()
    given["questions"] = [question("deal", "P(deal != none by 2020-12)", "A deal", 0.5, "roughly even")]
    found = telling.finish(cast(Brief, given))
    asked = found["questions"][0]
    deal = next(v for v in given["forecast"]["variables"] if v["name"] == "deal")
    now = 1 - deal["probability"][deal["values"].index("none")][given["forecast"]["dates"].index("2020-12")]
    assert asked["stands"] == pytest.approx(now)
    when = "at the end of December 2020 it is so with"
    assert asked["standing"] == f"It counts once it is so, even if it ends again; {when} {100 * now:.0f} %."
    said = f"A deal: roughly even (50 %); still so at that date: {100 * now:.0f} %."
    assert found["bottom_line"][0]["text"] == said
