"""Expressions to arrays: one pass of numpy over all states (and joint types, where types are read).

`evaluate` gives an array that broadcasts to (S, Θ): (1, 1) for a constant, (S, 1) where the state is read,
(1, Θ) or (S, Θ) where types are. A `mask` says where the value matters: the branch of an `if` that is not
taken, and the right side of an `and` already decided, may not fail. Where it matters, a result that is no
finite number is an error with the state as example; nothing undefined enters an array.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from winset.base.errors import ScenarioError
from winset.game.game import Bools, Floats, Ints
from winset.game.model import Model, View, problem
from winset.language import clock
from winset.language.expr import Among, Binary, Call, Date, Expr, If, IsType, Name, Number, Plays, Truth, Unary
from winset.language.scenario import Value

NEAR = 1e-9
"""Two numbers closer than this are the same value of a domain, and compare as equal."""


@dataclass(frozen=True, kw_only=True)
class Choice:
    """What a player is seen, or known, to do at this move: an action with its parameters, and a signal."""

    action: str = ""
    parameters: dict[str, float] = field(default_factory=dict)
    signal: str = ""


@dataclass(frozen=True, kw_only=True)
class Context:
    """Where an expression is evaluated.

    Attributes:
        view: the states.
        now: number of the round; None in an infinite game.
        parameters: values of the parameters of the action in hand.
        plays: what each player chooses at this move, where that is known.
    """

    view: View
    now: int | None = None
    parameters: dict[str, float] = field(default_factory=dict)
    plays: dict[str, Choice] = field(default_factory=dict)

    @property
    def model(self) -> Model:
        """The scenario at its values."""
        return self.view.model

    def at(self, view: View, parameters: dict[str, float] | None = None) -> Context:
        """The same place at other states, or with other parameters."""
        return replace(self, view=view, parameters=self.parameters if parameters is None else parameters)


_ONE = np.ones((1, 1), dtype=bool)


def evaluate(tree: Expr, context: Context, mask: Bools = _ONE) -> Floats:
    """The value, broadcasting to (S, Θ); truth values are 1 and 0.

    Raises:
        ScenarioError: K801 to K805, with an example state.
    """
    with np.errstate(all="ignore"):
        return _value(tree, context, mask)


def holds(tree: Expr | None, context: Context) -> Bools:
    """(S,) where a condition on the state is true; no condition is true everywhere."""
    if tree is None:
        return np.ones(len(context.view), dtype=bool)
    found = evaluate(tree, context)
    if found.shape[1] > 1:
        raise problem(
            "K806", "this condition reads a player's type", tree.where, why="only what is public may decide here"
        )
    return np.broadcast_to(found[:, 0] != 0, (len(context.view),)).copy()


def constant(tree: Expr, model: Model) -> float:
    """The value of an expression that reads neither state, types nor time (a prior, a discount)."""
    view = View(model, np.zeros((1, len(model.variables)), dtype=np.int64))
    return float(evaluate(tree, Context(view=view))[0, 0])


def code_of(tree: Expr, variable: int, context: Context) -> Ints:
    """(S,) code of the value that an expression gives to a variable.

    Raises:
        ScenarioError: K804 where the value is not in the variable's domain.
    """
    model = context.model
    spec = model.variables[variable]
    with np.errstate(all="ignore"):
        if spec.kind == "names":
            found = _coded(tree, spec.values, context, _ONE)
            bad = found < 0
            codes = found
        else:
            value = _value(tree, context, _ONE)
            domain = model.domains[variable]
            codes = np.abs(value[..., None] - domain).argmin(axis=-1)
            bad = np.abs(domain[codes.astype(int)] - value) > NEAR
            found = value
    if bad.any():
        place = _first(bad, context)
        shown = "" if spec.kind == "names" else f" {float(np.broadcast_to(found, bad.shape)[bad][0]):g}"
        raise problem(
            "K804",
            f"`{spec.name}` would get a value{shown} that it cannot have",
            tree.where,
            example=place,
            fix="widen the range, use `up` or `down`, or add a condition",
        )
    if codes.shape[1] > 1:
        raise problem("K806", "an assignment may not read a player's type", tree.where)
    return np.broadcast_to(codes[:, 0], (len(context.view),)).astype(np.int64)


def _first(bad: Bools, context: Context) -> dict[str, Any]:
    """The first state in which something is wrong, with types and parameters where they matter."""
    model = context.model
    full = np.broadcast_to(bad, (len(context.view), bad.shape[1]))
    row, col = (int(i) for i in np.argwhere(full)[0])
    example: dict[str, Any] = dict(model.describe(context.view.codes[row]))
    if bad.shape[1] > 1:
        for p, player in enumerate(model.scenario.players):
            if model.counts[p] > 1:
                example[f"type of {player.name}"] = player.types[int(model.joint[p, col])].name
    example.update(context.parameters)
    if context.now is not None:
        example["now"] = context.now
    return example


def _checked(result: Floats, tree: Expr, context: Context, mask: Bools, says: str, why: str) -> Floats:
    wrong = ~np.isfinite(result)
    if not wrong.any():
        return result
    bad = wrong & mask
    if bad.any():
        raise problem(
            "K801", says, tree.where, why=why, example=_first(bad, context), fix="guard it with `if … then … else …`"
        )
    return np.where(wrong, 0.0, result)


def _scalar(value: float) -> Floats:
    return np.array([[value]], dtype=float)


def _value(tree: Expr, context: Context, mask: Bools) -> Floats:
    found: Floats = _KINDS[type(tree)](tree, context, mask)
    return found


def _date(tree: Date, context: Context, mask: Bools) -> Floats:
    return _scalar(clock.round_of_text(context.model.scenario.clock, tree.text))


def _name(tree: Name, context: Context, mask: Bools) -> Floats:
    name, model = tree.name, context.model
    if name in context.parameters:
        return _scalar(context.parameters[name])
    if name in model.index:
        return context.view.column(model.index[name])
    if name in model.definitions:
        return _value(model.definitions[name], context.at(context.view, {}), mask)
    if name in model.values:
        return _scalar(model.values[name])
    if name in model.dates:
        return _scalar(model.dates[name])
    if name == "now" and context.now is not None:
        return _scalar(context.now)
    if name == "rounds" and model.scenario.clock.rounds is not None:
        return _scalar(model.scenario.clock.rounds)
    raise problem("K802", f"`{name}` has no value here", tree.where)


def _unary(tree: Unary, context: Context, mask: Bools) -> Floats:
    value = _value(tree.operand, context, mask)
    return np.asarray(value == 0, dtype=float) if tree.op == "not" else -value


def _binary(tree: Binary, context: Context, mask: Bools) -> Floats:
    if tree.op in ("and", "or"):
        left = _value(tree.left, context, mask) != 0
        right = _value(tree.right, context, mask & (left if tree.op == "and" else ~left)) != 0
        return np.asarray(left & right if tree.op == "and" else left | right, dtype=float)
    if tree.op in _COMPARE:
        return _COMPARE[tree.op](*_both(tree.left, tree.right, context, mask)).astype(float)
    left = _value(tree.left, context, mask)
    right = _value(tree.right, context, mask)
    if tree.op == "/":
        return _checked(left / right, tree, context, mask, "division by zero", "the result would be no number")
    if tree.op == "^":
        return _checked(
            np.power(left, right), tree, context, mask, "this power has no finite value", "it is too large or undefined"
        )
    result = left + right if tree.op == "+" else left - right if tree.op == "-" else left * right
    return _checked(result, tree, context, mask, "this number is too large", "it exceeds what a computer holds")


_COMPARE: dict[str, Callable[[Floats, Floats], Bools]] = {
    "=": lambda a, b: np.abs(a - b) <= NEAR,
    "!=": lambda a, b: np.abs(a - b) > NEAR,
    "<": lambda a, b: a < b - NEAR,
    "<=": lambda a, b: a <= b + NEAR,
    ">": lambda a, b: a > b + NEAR,
    ">=": lambda a, b: a >= b - NEAR,
}


def _both(left: Expr, right: Expr, context: Context, mask: Bools) -> tuple[Floats, Floats]:
    """The two sides of a comparison, as codes where one of them is enumerated."""
    domain = _domain(left, context.model) or _domain(right, context.model)
    if domain is None:
        return _value(left, context, mask), _value(right, context, mask)
    return _coded(left, domain, context, mask), _coded(right, domain, context, mask)


def _among(tree: Among, context: Context, mask: Bools) -> Floats:
    found: Bools = np.zeros((1, 1), dtype=bool)
    for item in tree.items:
        left, right = _both(tree.subject, item, context, mask)
        found = found | (np.abs(left - right) <= NEAR)
    return found.astype(float)


def _if(tree: If, context: Context, mask: Bools) -> Floats:
    condition = _value(tree.condition, context, mask) != 0
    return np.where(condition, _value(tree.yes, context, mask & condition), _value(tree.no, context, mask & ~condition))


def _call(tree: Call, context: Context, mask: Bools) -> Floats:
    arguments = [_value(a, context, mask) for a in tree.arguments]
    if tree.function in ("min", "max"):
        pick = np.minimum if tree.function == "min" else np.maximum
        result = arguments[0]
        for other in arguments[1:]:
            result = pick(result, other)
        return result
    result = _FUNCTIONS[tree.function](arguments[0])
    return _checked(
        result, tree, context, mask, f"`{tree.function}` has no finite value", "its argument is out of its domain"
    )


def _round(value: Floats) -> Floats:
    return np.floor(value + 0.5)


_FUNCTIONS: dict[str, Callable[[Floats], Floats]] = {
    "abs": np.abs, "exp": np.exp, "log": np.log, "sqrt": np.sqrt, "floor": np.floor, "ceil": np.ceil, "round": _round,
}  # fmt: skip


def _is_type(tree: IsType, context: Context, mask: Bools) -> Floats:
    model = context.model
    own = model.joint[model.players[tree.player]][None, :]
    return np.asarray(own == model.type_index(tree.player, tree.type), dtype=float)


def _plays(tree: Plays, context: Context, mask: Bools) -> Floats:
    choice = context.plays.get(tree.player)
    if choice is None:
        raise problem("K805", f"what `{tree.player}` plays is not known here", tree.where)
    if tree.action not in (choice.action, choice.signal):
        return _scalar(0.0)
    if tree.given is None:
        return _scalar(1.0)
    given = _value(tree.given, context.at(context.view, choice.parameters), mask)
    return np.asarray(given != 0, dtype=float)


def _domain(tree: Expr, model: Model) -> tuple[Value, ...] | None:
    """The values of the enumerated variable that an expression is about; None where it is a number."""
    if isinstance(tree, Name):
        if tree.name in model.index:
            spec = model.variables[model.index[tree.name]]
            return spec.values if spec.kind == "names" else None
        if tree.name in model.definitions:
            return _domain(model.definitions[tree.name], model)
    if isinstance(tree, If):
        return _domain(tree.yes, model) or _domain(tree.no, model)
    return None


def _coded(tree: Expr, domain: tuple[Value, ...], context: Context, mask: Bools) -> Floats:
    """Codes in `domain` of an enumerated expression; -1 for a value that is not in it."""
    model = context.model
    if isinstance(tree, Name):
        if tree.name in domain and tree.name not in context.parameters:
            return _scalar(domain.index(tree.name))
        if tree.name in model.index:
            spec = model.variables[model.index[tree.name]]
            codes = context.view.column(model.index[tree.name])
            if spec.values == domain:
                return codes
            if spec.kind == "names":
                to = np.array([domain.index(v) if v in domain else -1 for v in spec.values], dtype=float)
                return np.asarray(to[codes.astype(int)], dtype=float)
        if tree.name in model.definitions:
            return _coded(model.definitions[tree.name], domain, context.at(context.view, {}), mask)
    if isinstance(tree, If):
        condition = _value(tree.condition, context, mask) != 0
        return np.where(condition, _coded(tree.yes, domain, context, mask), _coded(tree.no, domain, context, mask))
    raise problem("K803", f"this is none of {', '.join(str(v) for v in domain)}", tree.where)


_KINDS: dict[type, Callable[[Any, Context, Bools], Floats]] = {
    Number: lambda tree, context, mask: _scalar(tree.value),
    Truth: lambda tree, context, mask: _scalar(float(tree.value)),
    Date: _date,
    Name: _name,
    Unary: _unary,
    Binary: _binary,
    Among: _among,
    If: _if,
    Call: _call,
    IsType: _is_type,
    Plays: _plays,
}

__all__ = ["NEAR", "Choice", "Context", "ScenarioError", "code_of", "constant", "evaluate", "holds"]
