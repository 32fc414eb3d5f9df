"""What a solved scenario makes of the record in one number: for draws of parameters that are weighed by it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from winset.learn.filter import follow_record
from winset.learn.observe import observe
from winset.study.solved import Solved


def log_evidence(solved: Solved, facts: Mapping[str, Any] | None = None) -> dict[str, float]:
    """The natural logarithm of the record's probability under a solved scenario, at its own parameters.

    Args:
        solved: the scenario in one variant.
        facts: `until`, the last day whose record is known, and `unchecked`, whether rows count that nobody has checked.

    Returns:
        `log_evidence`, minus infinity where the model cannot have the record (draws keep that as None), and
        `mass_lost`: probability that was not carried on.

    Raises:
        ScenarioError: the record cannot be read as acts of the game.
    """
    said, game, course = facts or {}, solved.game, solved.course
    seen = observe(
        game.scenario, until=said.get("until"), unchecked=bool(said.get("unchecked", True)), values=game.values
    )
    found = follow_record(game, course.respond, seen, believe=course.believe, prior=course.prior({}))
    return {"log_evidence": found.log_evidence, "mass_lost": found.mass_lost}
