"""Expressions back to text, in one canonical way: parsing the text gives an equal tree."""

from __future__ import annotations

from collections.abc import Sequence

from winset.language.expr import Among, Binary, Call, Date, Expr, If, IsType, Name, Number, Plays, Truth, Unary
from winset.language.parser import BINDING, NOT, SIGN

_TIGHT = 9


def number(value: float) -> str:
    """A number without trailing zeros: `2`, `0.25`, `1e-09`."""
    if value == int(value) and abs(value) < 1e15:
        return str(int(value))
    return repr(value)


def span(values: Sequence[float | bool | str]) -> str:
    """The values of a variable or parameter in a few words: `0 to 3`, `0.04, 0.09, …, 0.99`, `calm, inquiry`."""
    shown = [v if isinstance(v, str) else "true" if v is True else "false" if v is False else number(v) for v in values]
    if len(shown) > 4 and not isinstance(values[0], str):
        whole = all(float(v) == values[0] + i for i, v in enumerate(values))
        return f"{shown[0]} to {shown[-1]}" if whole else f"{shown[0]}, {shown[1]}, …, {shown[-1]}"
    return ", ".join(shown)


def show(tree: Expr) -> str:
    """The expression as canonical text."""
    return _show(tree, 0)


def _show(tree: Expr, outer: int) -> str:
    text, binding = _plain(tree)
    return f"({text})" if binding < outer else text


def _plain(tree: Expr) -> tuple[str, int]:
    """The text and how tightly it holds together."""
    if isinstance(tree, Number):
        return number(tree.value), _TIGHT if tree.value >= 0 else SIGN
    if isinstance(tree, Truth):
        return ("true" if tree.value else "false"), _TIGHT
    if isinstance(tree, Date):
        return tree.text, _TIGHT
    if isinstance(tree, Name):
        return tree.name, _TIGHT
    if isinstance(tree, IsType):
        return f"{tree.player} is {tree.type}", _TIGHT
    if isinstance(tree, Plays):
        given = f"({_show(tree.given, 0)})" if tree.given is not None else ""
        return f"{tree.player} plays {tree.action}{given}", _TIGHT
    if isinstance(tree, Call):
        return f"{tree.function}({', '.join(_show(a, 0) for a in tree.arguments)})", _TIGHT
    if isinstance(tree, Among):
        items = ", ".join(_show(i, 5) for i in tree.items)
        return f"{_show(tree.subject, 5)} in {{{items}}}", 4
    if isinstance(tree, If):
        return f"if {_show(tree.condition, 0)} then {_show(tree.yes, 0)} else {_show(tree.no, 0)}", 0
    if isinstance(tree, Unary):
        if tree.op == "not":
            return f"not {_show(tree.operand, NOT)}", NOT
        return f"-{_show(tree.operand, SIGN + 1)}", SIGN
    return _binary(tree)


def _binary(tree: Binary) -> tuple[str, int]:
    power = BINDING[tree.op]
    if tree.op == "^":
        return f"{_show(tree.left, power + 1)}^{_show(tree.right, power)}", power
    left = power + 1 if power == 4 else power
    return f"{_show(tree.left, left)} {tree.op} {_show(tree.right, power + 1)}", power
