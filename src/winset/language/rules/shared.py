"""What the searches of a scenario and of its variants have in common, worked out once.

What a move does in a state is the same in two of them wherever three things are the same: the move, what it is given
(`Needs.given`: parameters, dates, rounds, precision) and the values of the variables that it reads. A variant changes
parameters, dates, priors and where the game starts, and takes actions away (`variants.apply`), which makes another
move of those that had them. It leaves as they are all else that a move can turn on: definitions, the values that
variables can take, the names of types and the payments of rounds and of the end.

What goes wrong is never taken over: a step of which anything was reported is played again by each search, so that each
reports it. What a step costs is counted by each search as if it had played it, so that each stops where it would have
stopped alone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from winset.language.expr import Expr
from winset.language.rules.names import Names, types_read
from winset.language.rules.reads import Needs, needs, needs_of
from winset.language.rules.sizes import measured
from winset.language.scenario import Move, Pay, Value

Change = tuple[tuple[int, Value], ...]
"""What is assigned: the variables by their place in the state, with their new values."""

Steps = dict[tuple[Any, ...], "Step"]
"""What is known of one move, given what it is given: by the values of the variables that it reads."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Step:
    """What a move does in a state.

    Attributes:
        changes: every change that can follow.
        happened: the move's name where its condition holds.
        open: the actions that can be taken: move, player, action.
        cost: what it cost to find out, in parts of expressions.
        clean: nothing was reported.
    """

    changes: list[Change]
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
        self._made: dict[tuple[str, int], Any] = {}
        self._held: list[object] = []
        self._steps: dict[tuple[Any, ...], Steps] = {}

    def weight(self, tree: Expr) -> int:
        """The parts of an expression, with those of the definitions that it uses."""
        return self._once("weight", tree, lambda: measured(tree, self._names.sizes)[1])

    def players(self, tree: Expr) -> tuple[str, ...]:
        """The players whose types an expression reads."""
        return self._once("players", tree, lambda: tuple(sorted(types_read(tree, self._names))))

    def needs(self, part: Move | tuple[Pay, ...]) -> Needs:
        """What a move, or payments, depend on."""
        if isinstance(part, Move):
            return self._once("needs", part, lambda: needs_of(part, self._names))
        amounts, paid = [p.amount for p in part], frozenset(p.player for p in part)
        return self._once("needs", part, lambda: needs(amounts, self._names, paid=paid))

    def steps(self, part: Move | tuple[Pay, ...], given: tuple[object, ...]) -> Steps:
        """What is known of a move, or of payments, where it is given this (`Needs.given`); the caller adds to it."""
        self.needs(part)  # holds it
        return self._steps.setdefault((id(part), given), {})

    def _once(self, kind: str, thing: object, make: Callable[[], T]) -> T:
        key = (kind, id(thing))
        if key not in self._made:
            self._made[key] = make()
            self._held.append(thing)
        made: T = self._made[key]
        return made
