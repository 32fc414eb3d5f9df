"""All rules applied to one scenario."""

from __future__ import annotations

from winset.language.document import Tree
from winset.language.reader import Reader
from winset.language.rules.formulas import formulas
from winset.language.rules.names import gather
from winset.language.rules.states import dynamic
from winset.language.rules.structure import static, unused
from winset.language.rules.values import numbers
from winset.language.scenario import Scenario


def examine_scenario(scenario: Scenario, texts: dict[str, dict[str, Tree]], reader: Reader) -> None:
    """Applies every rule; what is found goes to the reader.

    Rules that compute values need names that resolve, so they wait until the others find nothing.
    """
    names = gather(scenario)
    static(scenario, names, reader)
    formulas(scenario, texts, names, reader)
    if not reader.found.errors:
        numbers(scenario, names, reader)
        unused(scenario, names, reader)
    if not reader.found.errors:
        dynamic(scenario, names, reader)
