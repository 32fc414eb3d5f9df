"""Expressions of the scenario language, as data.

One tree serves conditions, payoffs, probabilities and formulas. Nothing here
evaluates: `game.lower` turns a tree into arrays, `language.rules` inspects it,
`language.printing` writes it back.

Names are resolved by whoever reads the tree: a `Name` may be a state variable,
a parameter, a definition, a named date, an action's parameter, or (beside an
enumerated variable) one of that variable's values.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from winset.base.diagnostics import NOWHERE, Where


@dataclass(frozen=True, kw_only=True)
class Node:
    """Common part: where the expression stands."""

    where: Where = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True)
class Number(Node):
    """A literal number. `0.25`, `30%`."""

    value: float


@dataclass(frozen=True)
class Truth(Node):
    """`true` or `false`."""

    value: bool


@dataclass(frozen=True)
class Date(Node):
    """A literal date: `2019`, is a number; `2019-12` or `2019-12-31` is a date.

    Its value is the number of the round that contains it (the first is 1)."""

    text: str


@dataclass(frozen=True)
class Name(Node):
    """A name to be resolved. `now` is the number of the current round, `rounds` how many there are."""

    name: str


@dataclass(frozen=True)
class Unary(Node):
    """`-x` or `not x`."""

    op: str
    operand: Expr


@dataclass(frozen=True)
class Binary(Node):
    """`+ - * / ^`, `and`, `or`; and the comparisons `= != < <= > >=`."""

    op: str
    left: Expr
    right: Expr


@dataclass(frozen=True)
class Among(Node):
    """`politics in {inquiry, impeached}`: true when the subject equals one of the items."""

    subject: Expr
    items: tuple[Expr, ...]


@dataclass(frozen=True)
class If(Node):
    """`if condition then yes else no`."""

    condition: Expr
    yes: Expr
    no: Expr


@dataclass(frozen=True)
class Call(Node):
    """`min max abs exp log sqrt floor ceil round` of one or more arguments."""

    function: str
    arguments: tuple[Expr, ...]


@dataclass(frozen=True)
class IsType(Node):
    """`pyongyang is staller`: true when that is the player's present type."""

    player: str
    type: str


@dataclass(frozen=True)
class Plays(Node):
    """`pyongyang plays cheat`: the choice made at this move; `chance plays accident` in formulas.

    `where_` restricts a parameterised action: `a plays demand(share >= 0.5)`."""

    player: str
    action: str
    given: Expr | None = None


Expr = Number | Truth | Date | Name | Unary | Binary | Among | If | Call | IsType | Plays


def parts(tree: Expr) -> tuple[Expr, ...]:
    """The expressions directly inside one."""
    if isinstance(tree, Unary):
        return (tree.operand,)
    if isinstance(tree, Binary):
        return (tree.left, tree.right)
    if isinstance(tree, Among):
        return (tree.subject, *tree.items)
    if isinstance(tree, If):
        return (tree.condition, tree.yes, tree.no)
    if isinstance(tree, Call):
        return tree.arguments
    if isinstance(tree, Plays) and tree.given is not None:
        return (tree.given,)
    return ()


def depth(tree: Expr) -> int:
    """Levels of an expression, itself the first; counted without recursion."""
    deepest, todo = 0, [(tree, 1)]
    while todo:
        node, level = todo.pop()
        deepest = max(deepest, level)
        todo.extend((part, level + 1) for part in parts(node))
    return deepest
