"""All rules applied to one scenario."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from winset.language.document import Tree
from winset.language.expr import Expr
from winset.language.meant import Meant
from winset.language.reader import Reader
from winset.language.rules.amounts import amounts, waiting
from winset.language.rules.bounds import bounds
from winset.language.rules.evidence import evidence
from winset.language.rules.formulas import formulas
from winset.language.rules.hindcast import hindcast
from winset.language.rules.hypotheses import hypotheses
from winset.language.rules.names import Names, gather
from winset.language.rules.observed import chances_hold, observed
from winset.language.rules.perceived import perceived
from winset.language.rules.shared import Shared
from winset.language.rules.states import EFFORT, dynamic
from winset.language.rules.structure import static, unused
from winset.language.rules.values import numbers
from winset.language.scenario import Scenario, Variant
from winset.language.variants import apply


def examine_scenario(scenario: Scenario, texts: dict[str, dict[str, Tree]], reader: Reader) -> None:
    """Applies every rule; what is found goes to the reader.

    Rules that compute values need names that resolve, so they wait until the others find nothing.
    """
    names = gather(scenario)
    shared = Shared(names)
    meant = waiting(scenario, reader.meant)
    bounds(scenario, reader)
    static(scenario, names, reader)
    evidence(scenario, reader)
    observed(scenario, names, reader)
    hypotheses(scenario, reader)
    perceived(scenario, names, reader)
    formulas(scenario, texts, names, reader)
    hindcast(scenario, reader)
    if not reader.found.errors:
        numbers(scenario, names, reader)
        chances_hold(scenario, names, reader)
        amounts(names, meant, reader, shared)
        unused(scenario, names, reader)
    if not reader.found.errors:
        dynamic(names, reader, shared)
    if not reader.found.errors:
        for variant in scenario.variants:
            varied(names, variant, meant, reader, shared)


def varied(base: Names, variant: Variant, meant: Sequence[tuple[Meant, Expr]], reader: Reader, shared: Shared) -> None:
    """What goes wrong only where a variant is in force; warnings are those of the scenario itself.

    Args:
        base: the names of the scenario, in which nothing is wrong.
        variant: the variant.
        meant: the numbers to which their field gives a sense, each with its expression.
        reader: what is found goes to it.
        shared: what is known from the scenario and the variants before.
    """
    scenario = base.scenario
    changed = apply(scenario, variant.name)
    inner = Reader()
    names = gather(changed, base)
    numbers(changed, names, inner)
    if changed.parameters != scenario.parameters or changed.clock.start != scenario.clock.start:
        amounts(names, meant, inner, shared, base=scenario)
        chances_hold(changed, names, inner)
    if not inner.found.errors:
        dynamic(names, inner, shared, effort=EFFORT // (8 * len(scenario.variants)))
    for found in inner.found.errors:
        said = replace(found, message=f"in the variant `{variant.name}`: {found.message}")
        reader.found.extend([replace(said, conflicts_with=said.conflicts_with or variant.where)])
