"""Whether a variant has somebody err about the game, which not every verb plays."""

from __future__ import annotations

from typing import Any


def errs(scenario: Any, name: str) -> bool:
    """Whether somebody errs about the game in a variant, or in one that it is based on."""
    known = {v.name: v for v in scenario.variants}
    while name:
        if known[name].perceives:
            return True
        name = known[name].based_on
    return False
