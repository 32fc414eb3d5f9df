"""The rules of the language: what a scenario must fulfil beyond being readable."""

from __future__ import annotations

from typing import TYPE_CHECKING

from winset.language.document import Tree
from winset.language.scenario import Scenario

if TYPE_CHECKING:
    from winset.language.reader import Reader


def examine_scenario(scenario: Scenario, formulas: dict[str, dict[str, Tree]], reader: Reader) -> None:
    """Applies every rule; what is found goes to the reader."""
