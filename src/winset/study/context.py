"""Where formulas are read: a variant, in one of its equilibria, after a history or from a stated state."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from winset.language.expr import Expr, Plays
from winset.language.formula import (
    After,
    Apply,
    Belief,
    Expectation,
    Formula,
    From,
    In,
    Near,
    Operation,
    Plain,
    Probability,
    Sign,
    StrategyOf,
    ValueOf,
)  # fmt: skip
from winset.language.rows import Rows
from winset.study.arithmetic import Quantity
from winset.study.wording import show_formula

Leaf = Probability | Expectation | Belief | ValueOf | StrategyOf | Rows

_NOTHING: Expr = Plays("", "")


@dataclass(frozen=True)
class Context:
    """Where a formula is read: a variant, the number of one of its equilibria, after a history, or from a state."""

    variant: str = ""
    equilibrium: int = 0
    after: tuple[Plays, ...] = ()
    start: From | None = None


@dataclass
class Part:
    """A leaf with the place where it was read and what it gave."""

    leaf: Leaf
    context: Context
    quantity: Quantity
    grid: int = 0
    """Inner belief nodes per dimension at which it was computed."""

    @property
    def formula(self) -> str:
        """The leaf as text, with its history or state."""
        tree: Formula = self.leaf
        if self.context.after:
            tree = After(tree, self.context.after)
        if self.context.start is not None:
            tree = replace(self.context.start, formula=tree)
        return show_formula(tree)


def bare(tree: From) -> From:
    """What a `from (...)` states, without the formula that is read there."""
    return replace(tree, formula=Plain(_NOTHING))


def leaves(tree: Any, context: Context, chosen: Mapping[str, int]) -> Iterator[tuple[Any, Context]]:
    """The leaves of a formula with the contexts in which they are read; `chosen`: equilibria by variant."""
    match tree:
        case In(formula=inner, variant=variant):
            there = replace(context, variant=variant, equilibrium=chosen.get(variant, 0))
            yield from leaves(inner, there, chosen)
        case After(formula=inner, observations=observations):
            yield from leaves(inner, replace(context, after=observations), chosen)
        case From(formula=inner):
            yield from leaves(inner, replace(context, start=bare(tree)), chosen)
        case Sign(operand=operand):
            yield from leaves(operand, context, chosen)
        case Near(left=left, right=right, tolerance=tolerance):
            for part in (left, right, tolerance):
                yield from leaves(part, context, chosen)
        case Apply(arguments=arguments):
            for part in arguments:
                yield from leaves(part, context, chosen)
        case Operation(left=left, right=right):
            yield from leaves(left, context, chosen)
            yield from leaves(right, context, chosen)
        case Plain() | Rows():
            return
        case _:
            yield tree, context
