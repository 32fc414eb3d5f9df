"""What the searches of a scenario and of its variants have in common, worked out once.

What a move does in a state is the same in two of them wherever three things are the same: the move, what it is given
(`Needs.given`: parameters, dates, rounds, precision) and the values of the variables that it reads. A variant changes
parameters, dates, priors and where the game starts, and takes actions away (`variants.apply`), which makes another
move of those that had them. It leaves as they are all else that a move can turn on: definitions, the values that
variables can take, the names of types, the payments of rounds and of the end, and `ends when`.

What goes wrong is never taken over: a step of which anything was reported is played again by each search, so that each
reports it. What a step costs is counted by each search as if it had played it, so that each stops where it would have
stopped alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from winset.language.expr import Expr
from winset.language.rules.names import Names, types_read
from winset.language.rules.reads import Needs, needs, needs_of
from winset.language.rules.sizes import measured
from winset.language.scenario import Move, Pay, Value

Change = tuple[tuple[int, Value], ...]
"""What is assigned: the variables by their place in the state, with their new values."""

Steps = dict[tuple[Any, ...], "Step"]
"""What is known of one part of a game, given what it is given: by the values of the variables that it reads."""

Part = Move | Pay | Expr
"""A move, a payment of a round or of the end, or the condition `ends when`."""


@dataclass(frozen=True, slots=True)
class Step:
    """What a part of a game comes to in a state.

    Attributes:
        changes: every change that can follow; none follows a payment or a condition.
        holds: a condition does.
        happened: the move's name where its condition holds.
        open: the actions that can be taken: move, player, action.
        cost: what it cost to find out, in parts of expressions.
        clean: nothing was reported.
    """

    changes: list[Change]
    holds: bool
    happened: set[str]
    open: set[tuple[str, str, str]]
    cost: int
    clean: bool


class Shared:
    """What has been worked out so far of the expressions and moves of a scenario and of its variants.

    All is kept by the identity of the expression, the move or the payments, which are held so that none is forgotten
    and its identity used again.
    """

    def __init__(self, names: Names) -> None:
        self._names = names
        self._weights: dict[int, int] = {}
        self._players: dict[int, tuple[str, ...]] = {}
        self._needs: dict[int, Needs] = {}
        self._steps: dict[tuple[Any, ...], Steps] = {}
        self._held: list[object] = []

    def weight(self, tree: Expr) -> int:
        """The parts of an expression, with those of the definitions that it uses."""
        if id(tree) not in self._weights:
            self._held.append(tree)
            self._weights[id(tree)] = measured(tree, self._names.sizes)[1]
        return self._weights[id(tree)]

    def players(self, tree: Expr) -> tuple[str, ...]:
        """The players whose types an expression reads."""
        if id(tree) not in self._players:
            self._held.append(tree)
            self._players[id(tree)] = tuple(sorted(types_read(tree, self._names)))
        return self._players[id(tree)]

    def needs(self, part: Part) -> Needs:
        """What a part of the game depends on."""
        if id(part) not in self._needs:
            self._held.append(part)
            self._needs[id(part)] = _needs(part, self._names)
        return self._needs[id(part)]

    def steps(self, part: Part, given: tuple[object, ...]) -> Steps:
        """What is known of a part where it is given this (`Needs.given`); whoever plays it adds to that."""
        self.needs(part)  # which holds it
        return self._steps.setdefault((id(part), given), {})


def _needs(part: Part, names: Names) -> Needs:
    if isinstance(part, Move):
        return needs_of(part, names)
    if isinstance(part, Pay):
        return needs([part.amount], names, paid=frozenset([part.player]))
    return needs([part], names)
