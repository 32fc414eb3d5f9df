"""What decides what a move does: the variables that its expressions read, and whether the round matters."""

from __future__ import annotations

from winset.language.expr import Date, Expr, Name
from winset.language.rules.names import Names, nodes
from winset.language.scenario import Effect, Move, Outcome


def reads(trees: list[Expr], names: Names) -> set[str]:
    """The variables that expressions read; `now` where the round matters."""
    found: set[str] = set()
    for tree in trees:
        for node in nodes(tree, names):
            if isinstance(node, Name) and node.name in names.variables:
                found.add(node.name)
            elif isinstance(node, Date) or (
                isinstance(node, Name) and (node.name == "now" or node.name in names.dates)
            ):
                found.add("now")
    return found


def reads_of(move: Move, names: Names) -> tuple[str, ...]:
    """All that decides what a move does."""
    trees = [] if move.condition is None else [move.condition]
    found: set[str] = set()
    effects: list[Effect] = []
    for side in move.sides:
        for action in side.actions:
            trees += [] if action.condition is None else [action.condition]
            effects.append(action.effect)
        trees += _outcome_trees(side.signals, effects)
    trees += _outcome_trees(move.outcomes, effects)
    for case in move.cases:
        trees.append(case.condition)
        effects.append(case.effect)
    while effects:
        effect = effects.pop()
        trees += [p.amount for p in effect.pays] + [b.probability for b in effect.becomes]
        for change in effect.then:
            trees.append(change.value)
            if change.how != "set":
                found.add(change.variable)
        trees += _outcome_trees(effect.chance, effects)
    found |= reads(trees, names)
    return tuple(v.name for v in names.scenario.state if v.name in found) + (("now",) if "now" in found else ())


def _outcome_trees(outcomes: tuple[Outcome, ...], effects: list[Effect]) -> list[Expr]:
    found: list[Expr] = []
    for outcome in outcomes:
        found += [t for t in (outcome.probability, outcome.condition) if t is not None]
        effects.append(outcome.effect)
    return found
