"""Formulas: what questions ask and what claims assert, as data.

A formula is a tree of the dataclasses below. Events inside it hold ordinary
expressions (`language.expr`) in which `plays` and `is` may stand. Nothing here
evaluates; `study` does.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, fields, is_dataclass
from functools import cache
from typing import Any, Literal

from winset.base.diagnostics import NOWHERE, Where
from winset.language.expr import Expr, Plays
from winset.language.rows import Rows


@dataclass(frozen=True, kw_only=True)
class Part:
    """Common part: where the formula stands."""

    where: Where = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True)
class Event(Part):
    """A condition with its time form.

    Attributes:
        condition: X; reads the state, `player plays action`, `chance plays outcome`, `player is type`.
        form: *eventually* (at some time), *at* (at the end of round `by`), *always*, *until*
            (`goal` comes about, and `condition` holds at every time before it).
        by: the last round looked at, a number or a date; None: to the end. For *at*, the round itself.
        within: the number of first rounds looked at (`X within N rounds`); None where not stated.
        goal: Y of `X until Y`.
        stated: True where the author wrote a time form; a bare `X` means *eventually*.
    """

    condition: Expr
    form: Literal["eventually", "at", "always", "until"] = "eventually"
    by: Expr | None = None
    within: Expr | None = None
    goal: Expr | None = None
    stated: bool = False


@dataclass(frozen=True)
class Probability(Part):
    """`P(EVENT)`, `P(EVENT given PREMISE)`."""

    event: Event
    given: Event | None = None


@dataclass(frozen=True)
class Expectation(Part):
    """`E(EXPR at D)`; `at` is None for the end of the game."""

    value: Expr
    at: Expr | None = None


@dataclass(frozen=True)
class Belief(Part):
    """`belief(player is type)`, with `at D` its mean at the end of round D."""

    player: str
    type: str
    at: Expr | None = None


@dataclass(frozen=True)
class ValueOf(Part):
    """`value(player)` (ex ante; `type` is empty) or `value(player is type)`."""

    player: str
    type: str = ""


@dataclass(frozen=True)
class StrategyOf(Part):
    """`strategy(player plays action if type)`; `type` is empty for the mean over the player's types.

    `given` restricts a parameterised action, as in `offer(share >= 0.5)`."""

    player: str
    action: str
    type: str = ""
    given: Expr | None = None


@dataclass(frozen=True)
class Plain(Part):
    """A number, truth value, date or parameter standing in a formula."""

    value: Expr


@dataclass(frozen=True)
class In(Part):
    """`F in VARIANT`."""

    formula: Formula
    variant: str


@dataclass(frozen=True)
class After(Part):
    """`F after (pyongyang plays wait, chance plays vote)`: public observations in order from the start.

    An observation of a parameterised action states its values: `a plays offer(share = 0.5)`; the
    `given` of such a `Plays` is a conjunction of equalities. For a hidden action the signal's name stands."""

    formula: Formula
    observations: tuple[Plays, ...]


@dataclass(frozen=True)
class From(Part):
    """`F from (politics = calm, belief pyongyang is staller = 0.3, round = 2020-03)`.

    Attributes:
        state: (variable, value) pairs; the value of an enumeration is a `Name`.
        beliefs: (player, type, probability).
        round: the round to start at; None: the first.
    """

    formula: Formula
    state: tuple[tuple[str, Expr], ...] = ()
    beliefs: tuple[tuple[str, str, Expr], ...] = ()
    round: Expr | None = None


@dataclass(frozen=True)
class Sign(Part):
    """`-F` or `not F`."""

    op: str
    operand: Formula


@dataclass(frozen=True)
class Operation(Part):
    """`+ - * / ^`, `= != < <= > >=`, `and`, `or` between formulas."""

    op: str
    left: Formula
    right: Formula


@dataclass(frozen=True)
class Apply(Part):
    """`min max abs exp log sqrt floor ceil round` of formulas."""

    function: str
    arguments: tuple[Formula, ...]


@dataclass(frozen=True)
class Near(Part):
    """`X within 0.001 of Y`: true when they differ by at most `tolerance`."""

    left: Formula
    right: Formula
    tolerance: Formula


Formula = (
    Probability
    | Expectation
    | Belief
    | ValueOf
    | StrategyOf
    | Rows
    | Plain
    | In
    | After
    | From
    | Sign
    | Operation
    | Apply
    | Near
)


@cache
def _parts(kind: type) -> tuple[str, ...] | None:
    """Names of the fields of a class of nodes, its place in the file left out, the last first; None: no node."""
    return tuple(item.name for item in reversed(fields(kind)) if item.name != "where") if is_dataclass(kind) else None


def walk(tree: Any) -> Iterator[Any]:
    """Every node of a tree (an expression, a formula, a move), the tree itself first."""
    left = [tree]
    while left:
        node = left.pop()
        if isinstance(node, tuple):
            left.extend(reversed(node))
            continue
        names = _parts(type(node))  # type: ignore[arg-type]  # every class can be hashed
        if names is not None:
            yield node
            left.extend(getattr(node, name) for name in names)


def parse_formula(text: str, where: Where = NOWHERE) -> Formula:
    """The tree of a formula's text.

    Raises:
        ScenarioError: the text is not a formula; `diagnostics` say where and why.
    """
    from winset.language.formula_parser import parse

    return parse(text, where)
