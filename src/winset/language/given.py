"""What is given from Python beside a scenario: parameter values and the grid, checked like what a file says."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from winset.base.errors import ScenarioError
from winset.language.lexer import problem, shown
from winset.language.reader import nearest
from winset.language.scenario import Scenario

FINEST = 1001
"""Inner belief nodes per dimension, at most."""


def given_values(scenario: Scenario, values: Mapping[str, float] | None) -> dict[str, float]:
    """Parameter values by name.

    Raises:
        ScenarioError: K822 no such parameter, U301 not a finite number; all problems at once.
    """
    if values is None:
        return {}
    if not isinstance(values, Mapping):
        raise problem("U301", f"values are given as a mapping of names to numbers, not as {_told(values)}")
    known = [p.name for p in scenario.parameters]
    found: list[ScenarioError] = []
    numbers: dict[str, float] = {}
    for name, value in values.items():
        if name not in known:
            text = f"there is no parameter `{shown(str(name))}`; there are: {', '.join(known) or 'none'}"
            found.append(problem("K822", text, nearest=nearest(str(name), known)))
            continue
        try:
            number = float(value)
        except (TypeError, ValueError, OverflowError):
            number = math.nan
        if math.isfinite(number):
            numbers[name] = number
        else:
            found.append(problem("U301", f"the value of `{name}` is no finite number: {_told(value)}"))
    if found:
        raise ScenarioError(d for error in found for d in error.diagnostics)
    return numbers


def given_grid(grid: int | None) -> None:
    """Makes sure that a grid can be made.

    Raises:
        ScenarioError: U302 not a whole number within bounds.
    """
    if grid is None:
        return
    if isinstance(grid, bool) or not isinstance(grid, int) or not 1 <= grid <= FINEST:
        raise problem("U302", f"`grid` is a whole number from 1 to {FINEST:,}, not {_told(grid)}")


def _told(value: Any) -> str:
    try:
        return f"`{shown(repr(value), 40)}`"
    except ValueError:  # a number of thousands of digits
        return f"a {type(value).__name__}"
