"""What decides what a move does: the variables that its expressions read, the round, and what a variant may change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from winset.language.expr import Date, Expr, Name
from winset.language.rules.names import Names, nodes
from winset.language.scenario import Effect, Move, Outcome, Pay


@dataclass(frozen=True, kw_only=True)
class Needs:
    """All that the values of expressions depend on, beside types, choices and the definitions that they use.

    Attributes:
        variables: of the state, in its order, then `now` where the round matters.
        parameters: by name.
        dates: named ones and literal ones, as written.
        rounds: whether the number of rounds is read.
        paid: the players that are paid; how large a payment may be depends on a player's precision.
    """

    variables: tuple[str, ...]
    parameters: tuple[str, ...]
    dates: tuple[str, ...]
    rounds: bool
    paid: tuple[str, ...]

    def given(self, names: Names, precision: Mapping[str, float]) -> tuple[object, ...]:
        """The present values of all but the variables: where they are equal, so are those of the expressions.

        Args:
            names: those of the scenario, or of one of its variants.
            precision: of every player.
        """
        clock = names.scenario.clock
        days = dict(clock.dates)
        return (
            tuple(names.parameters[name] for name in self.parameters),
            (clock.start, clock.unit, tuple(days.get(text) for text in self.dates)) if self.dates else (),
            clock.rounds if self.rounds else 0,
            tuple(precision[player] for player in self.paid),
        )


def reads(trees: list[Expr], names: Names) -> set[str]:
    """The variables that expressions read; `now` where the round matters."""
    return set(needs(trees, names).variables)


def needs(
    trees: list[Expr], names: Names, *, stepped: frozenset[str] = frozenset(), paid: frozenset[str] = frozenset()
) -> Needs:
    """What expressions depend on, the definitions that they use included.

    Args:
        trees: the expressions.
        names: those of the scenario.
        stepped: variables that move up or down, and so depend on where they were.
        paid: the players that some of the expressions pay.
    """
    read: set[str] = set(stepped)
    dates: set[str] = set()
    for tree in trees:
        for node in nodes(tree, names):
            if isinstance(node, Name):
                read.add(node.name)
            elif isinstance(node, Date):
                dates.add(node.text)
    dates |= read & names.dates
    return Needs(
        variables=tuple(v for v in names.variables if v in read) + (("now",) if dates or "now" in read else ()),
        parameters=tuple(sorted(read & names.parameters.keys())),
        dates=tuple(sorted(dates)),
        rounds="rounds" in read,
        paid=tuple(sorted(paid)),
    )


def needs_of(move: Move, names: Names) -> Needs:
    """All that decides what a move does."""
    trees = [] if move.condition is None else [move.condition]
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
    stepped: set[str] = set()
    pays: list[Pay] = []
    while effects:
        effect = effects.pop()
        pays += effect.pays
        trees += [b.probability for b in effect.becomes]
        for change in effect.then:
            trees.append(change.value)
            if change.how != "set":
                stepped.add(change.variable)
        trees += _outcome_trees(effect.chance, effects)
    trees += [p.amount for p in pays]
    return needs(trees, names, stepped=frozenset(stepped), paid=frozenset(p.player for p in pays))


def _outcome_trees(outcomes: tuple[Outcome, ...], effects: list[Effect]) -> list[Expr]:
    found: list[Expr] = []
    for outcome in outcomes:
        found += [t for t in (outcome.probability, outcome.condition) if t is not None]
        effects.append(outcome.effect)
    return found
