"""A small interpreter of expressions over plain values, for checking; the solver has its own.

An environment is a dictionary: state variables and action parameters by name, `now`, ("is", player) for a type
and ("plays", player) for a set of (label, arguments) pairs: the action, and the signal where one was seen.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from typing import Any

from winset.language.clock import round_of_text
from winset.language.expr import Among, Binary, Call, Date, Expr, If, IsType, Name, Number, Plays, Truth, Unary
from winset.language.rules.names import Names

Env = dict[Any, Any]
Run = Callable[[Env], Any]
CLOSE = 1e-9


class NoValue(Exception):
    """The expression has no finite value there."""


def same(left: Any, right: Any) -> bool:
    """Equality as the language means it: numbers up to rounding, truth values as 1 and 0."""
    if isinstance(left, str) or isinstance(right, str):
        return bool(left == right)
    return bool(abs(left - right) <= CLOSE)


def _power(base: float, exponent: float) -> float:
    value = base**exponent
    if isinstance(value, complex):
        raise NoValue
    return float(value)


OPERATIONS: dict[str, Callable[[Any, Any], Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "^": _power,
    "=": same,
    "!=": lambda a, b: not same(a, b),
    "<": lambda a, b: a < b - CLOSE,
    "<=": lambda a, b: a <= b + CLOSE,
    ">": lambda a, b: a > b + CLOSE,
    ">=": lambda a, b: a >= b - CLOSE,
}
FUNCTIONS: dict[str, Callable[..., Any]] = {
    "min": min, "max": max, "abs": abs, "exp": math.exp, "log": math.log, "sqrt": math.sqrt,
    "floor": math.floor, "ceil": math.ceil, "round": lambda x: math.floor(x + 0.5),
}  # fmt: skip


class Interpreter:
    """Turns expressions of one scenario into functions of an environment; parameters have their central values."""

    def __init__(self, names: Names) -> None:
        self.names = names
        self._made: dict[tuple[int, tuple[str, ...]], Run] = {}
        self._kept: list[Expr] = []

    def value(self, tree: Expr, env: Env, local: tuple[str, ...] = ()) -> Any:
        """The value of an expression.

        Raises:
            NoValue: it divides by zero, overflows, or is not a number.
        """
        key = (id(tree), local)
        run = self._made.get(key)
        if run is None:
            run = self._made[key] = self.function(tree, local)
            self._kept.append(tree)
        try:
            value = run(env)
        except (ArithmeticError, ValueError, TypeError, KeyError):
            raise NoValue from None
        if isinstance(value, (int, float)) and not math.isfinite(value):
            raise NoValue
        return value

    def function(self, tree: Expr, local: tuple[str, ...] = ()) -> Run:
        """The expression as a function."""
        if isinstance(tree, (Number, Truth)):
            constant = tree.value
            return lambda env: constant
        if isinstance(tree, Date):
            number = float(round_of_text(self.names.scenario.clock, tree.text))
            return lambda env: number
        if isinstance(tree, Name):
            return self._name(tree.name, local)
        if isinstance(tree, IsType):
            key, kind = ("is", tree.player), tree.type
            return lambda env: env[key] == kind
        if isinstance(tree, Plays):
            return self._plays(tree, local)
        if isinstance(tree, Unary):
            inner = self.function(tree.operand, local)
            return (lambda env: not inner(env)) if tree.op == "not" else (lambda env: -inner(env))
        if isinstance(tree, If):
            test, yes, no = (self.function(t, local) for t in (tree.condition, tree.yes, tree.no))
            return lambda env: yes(env) if test(env) else no(env)
        if isinstance(tree, Call):
            call, arguments = FUNCTIONS[tree.function], [self.function(a, local) for a in tree.arguments]
            return lambda env: (
                call([a(env) for a in arguments]) if len(arguments) > 1 else _one(call, arguments[0](env))
            )
        if isinstance(tree, Among):
            subject, items = self.function(tree.subject, local), [self.function(i, local) for i in tree.items]
            return lambda env: any(same(subject(env), item(env)) for item in items)
        return self._binary(tree, local)

    def _binary(self, tree: Binary, local: tuple[str, ...]) -> Run:
        left, right = self.function(tree.left, local), self.function(tree.right, local)
        if tree.op == "and":
            return lambda env: bool(left(env)) and bool(right(env))
        if tree.op == "or":
            return lambda env: bool(left(env)) or bool(right(env))
        operation = OPERATIONS[tree.op]
        return lambda env: operation(left(env), right(env))

    def _name(self, name: str, local: tuple[str, ...]) -> Run:
        names = self.names
        if name in local or name in names.variables or name == "now":
            return operator.itemgetter(name)
        if name == "rounds":
            count = float(names.scenario.clock.rounds or 0)
            return lambda env: count
        if name in names.parameters:
            value = names.parameters[name]
            return lambda env: value
        if name in names.dates:
            number = float(round_of_text(names.scenario.clock, name))
            return lambda env: number
        if name in names.definitions:
            return self.function(names.definitions[name])
        return lambda env: name

    def _plays(self, tree: Plays, local: tuple[str, ...]) -> Run:
        key, action, given = ("plays", tree.player), tree.action, tree.given
        if given is None:
            return lambda env: any(label == action for label, _ in env.get(key, ()))
        inside = {name for o in self.names.options if o.name == action for name, _ in o.parameters}
        test = self.function(given, (*local, *sorted(inside)))
        return lambda env: any(label == action and test({**env, **dict(args)}) for label, args in env.get(key, ()))


def _one(call: Callable[..., Any], value: Any) -> Any:
    return value if call in (min, max) else call(value)
