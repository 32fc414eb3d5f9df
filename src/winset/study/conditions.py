"""Expressions over public states, evaluated for many states at once.

The conditions of events and what `E(...)` averages are evaluated on the table of all states of a game (rows of
`Game.states`); `player is type` adds the axis of joint types Θ, and each `plays` atom is given from outside.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from winset.base.errors import ScenarioError
from winset.game.game import Game
from winset.language.expr import Among, Binary, Call, Date, Expr, If, IsType, Name, Number, Plays, Truth, Unary
from winset.language.formula import walk
from winset.language.lexer import problem
from winset.language.printing import show

Array = Any
"""A numpy array (of numbers, truth values or names) or one such value; broadcasts to (N, Θ)."""

_FUNCTIONS: dict[str, Callable[..., Array]] = {
    "abs": np.abs, "exp": np.exp, "log": np.log, "sqrt": np.sqrt, "floor": np.floor, "ceil": np.ceil,
    "round": lambda x: np.floor(np.asarray(x, dtype=float) + 0.5),
}  # fmt: skip

_OPERATORS: dict[str, Callable[[Array, Array], Array]] = {
    "+": lambda a, b: _real(a) + _real(b),
    "-": lambda a, b: _real(a) - _real(b),
    "*": lambda a, b: _real(a) * _real(b),
    "/": lambda a, b: _real(a) / _real(b),
    "^": lambda a, b: _real(a) ** _real(b),
    "=": lambda a, b: _equal(a, b),
    "!=": lambda a, b: ~_equal(a, b),
    "<": lambda a, b: _real(a) < _real(b) - _HAIR,
    "<=": lambda a, b: _real(a) <= _real(b) + _HAIR,
    ">": lambda a, b: _real(a) > _real(b) + _HAIR,
    ">=": lambda a, b: _real(a) >= _real(b) - _HAIR,
    "and": lambda a, b: _truth(a) & _truth(b),
    "or": lambda a, b: _truth(a) | _truth(b),
}

_HAIR = 1e-9
"""Numbers of a range that differ by less are the same step of it."""


def _real(x: Array) -> Array:
    return np.asarray(x, dtype=float)


def _truth(x: Array) -> Array:
    return np.asarray(x, dtype=bool)


def _equal(a: Array, b: Array) -> Array:
    a, b = np.asarray(a), np.asarray(b)
    if a.dtype.kind == "U" or b.dtype.kind == "U":
        return a == b if a.dtype.kind == b.dtype.kind else np.zeros(np.broadcast(a, b).shape, dtype=bool)
    return np.abs(a.astype(float) - b.astype(float)) <= _HAIR


@dataclass(frozen=True, kw_only=True)
class Scope:
    """What names mean.

    Attributes:
        columns: (N, 1) values of each state variable on the states looked at.
        numbers: parameters, named dates and, where it is known, `now` and `rounds`.
        definitions: the scenario's own names for expressions.
        types: per player name, the (1, Θ) names of its type in each joint type; empty where types may not be read.
        plays: truth of each `plays` atom, any shape that broadcasts.
        round_of: the number of the round that contains a date, given as text.
    """

    columns: dict[str, Array]
    numbers: dict[str, float]
    definitions: dict[str, Expr]
    types: dict[str, Array]
    plays: dict[Plays, Array]
    round_of: Callable[[str], int]


def evaluate(tree: Expr, scope: Scope, live: Array = True) -> Array:
    """The value of an expression; broadcasts to (N, Θ).

    Args:
        tree: the expression.
        scope: what its names mean.
        live: where its value matters; what an `if`, `and` or `or` passes over does not.

    Raises:
        ScenarioError: it reads something that is not known here, such as a choice outside an event, or has no
            finite value in a state where it matters.
    """
    match tree:
        case Number(value=value) | Truth(value=value):
            return value
        case Date(text=text):
            return float(scope.round_of(text))
        case Name(name=name):
            return _named(name, scope, live)
        case Unary(op=op, operand=operand):
            value = evaluate(operand, scope, live)
            return ~_truth(value) if op == "not" else -_real(value)
        case Binary(op="and" | "or" as op, left=left, right=right):
            first = _truth(evaluate(left, scope, live))
            return _OPERATORS[op](first, evaluate(right, scope, live & (first if op == "and" else ~first)))
        case Binary(op=op, left=left, right=right):
            sides = evaluate(left, scope, live), evaluate(right, scope, live)
            return _finite(_OPERATORS[op], sides, tree, live)
        case Among(subject=subject, items=items):
            value = evaluate(subject, scope, live)
            hits = [_equal(value, evaluate(item, scope, live)) for item in items]
            return np.logical_or.reduce(np.broadcast_arrays(*hits)) if hits else np.asarray(False)
        case If(condition=condition, yes=yes, no=no):
            test = _truth(evaluate(condition, scope, live))
            return np.where(test, evaluate(yes, scope, live & test), evaluate(no, scope, live & ~test))
        case Call(function=function, arguments=arguments):
            values = [_real(evaluate(a, scope, live)) for a in arguments]
            if function in ("min", "max"):
                return (np.minimum if function == "min" else np.maximum).reduce(np.broadcast_arrays(*values))
            return _finite(_FUNCTIONS[function], values, tree, live)
        case IsType(player=player, type=kind):
            if player not in scope.types:
                raise unanswerable(f"`{player} is {kind}` cannot be read here", tree)
            return scope.types[player] == kind
        case Plays():
            if tree not in scope.plays:
                raise unanswerable(f"`{tree.player} plays {tree.action}` can only stand in an event", tree)
            return scope.plays[tree]
    raise unanswerable(f"a {type(tree).__name__} cannot be evaluated", tree)


def _finite(work: Callable[..., Array], sides: Sequence[Array], tree: Expr, live: Array) -> Array:
    """What the work makes of the sides; numbers are finite wherever they matter."""
    with np.errstate(all="ignore"):
        value = np.asarray(work(*sides))
    if value.dtype.kind == "f" and (~np.isfinite(value) & live).any():
        raise unanswerable(f"`{show(tree)}` has no finite value in a state that the game can reach", tree)
    return value


def _named(name: str, scope: Scope, live: Array) -> Array:
    if name in scope.columns:
        return scope.columns[name]
    if name in scope.definitions:
        return evaluate(scope.definitions[name], scope, live)
    return scope.numbers.get(name, name)


def unanswerable(message: str, tree: Any) -> ScenarioError:
    """A problem with a question, at its place."""
    return problem("C490", message, tree.where)


def columns(game: Game) -> dict[str, Array]:
    """(N, 1) values of every state variable on all states of the game."""
    out: dict[str, Array] = {}
    for v, (name, domain) in enumerate(game.variables):
        values = np.array(domain) if not isinstance(domain[0], str) else np.array(domain, dtype=str)
        out[name] = values[game.states[:, v]][:, None]
    return out


def joint_types(game: Game) -> dict[str, Array]:
    """(1, Θ) type names of each player in each joint type, row-major over players."""
    counts = game.type_counts
    index = np.unravel_index(np.arange(int(np.prod(counts, dtype=np.int64))), counts)
    return {p.name: np.array(p.types, dtype=str)[index[i]][None, :] for i, p in enumerate(game.players)}


def substituted(tree: Expr, definitions: dict[str, Expr]) -> Iterator[Any]:
    """Every node of an expression with the definitions it uses looked into."""
    for node in walk(tree):
        yield node
        if isinstance(node, Name) and node.name in definitions:
            yield from substituted(definitions[node.name], definitions)
