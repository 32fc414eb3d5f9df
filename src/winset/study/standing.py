"""What has ever been so, and what is so at a date: the second figure beside the first, from the forecast of the state.

`P(deal != none by 2020-12)` counts a deal that was signed and has collapsed since, `P(deal != none at 2020-12)` does
not.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from winset.language.expr import Among, Binary, Date, Expr, Name, Number, Truth, Unary
from winset.language.formula import Probability, parse_formula, walk
from winset.language.printing import show

Data = Mapping[str, Any]
_COMPARED = {
    "=": lambda a, b: a == b, "!=": lambda a, b: a != b, "<": lambda a, b: a < b, "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b, ">=": lambda a, b: a >= b,
}  # fmt: skip


def standing(formula: str, brief: Data) -> tuple[str, float] | None:
    """The date up to which a question asks whether something of the state was ever so, and how likely it is so then.

    Args:
        formula: the question's formula, as canonical text.
        brief: with the forecast of the state's variables by date.

    Returns:
        None where the formula is not of the form `P(X by D)` with a condition X on one variable of the state, or the
        forecast does not reach D.
    """
    tree = parse_formula(formula)
    if not isinstance(tree, Probability) or tree.given is not None or tree.event.form != "eventually":
        return None
    names = {node.name for node in walk(tree.event.condition) if isinstance(node, Name)}
    found = [v for v in brief["forecast"]["variables"] if v["name"] in names]
    date = _until(tree, brief["forecast"]["dates"])
    if len(found) != 1 or date is None:
        return None
    variable, held = found[0], []
    for value, shares in zip(variable["values"], variable["probability"], strict=True):
        holds = _holds(tree.event.condition, variable, value)
        if holds is None:
            return None
        held += [shares[date]] if holds else []
    return str(brief["forecast"]["dates"][date]), float(sum(held))


def _until(tree: Probability, dates: list[str]) -> int | None:
    """The index of the last date that counts."""
    event = tree.event
    if event.within is not None:
        count = event.within.value if isinstance(event.within, Number) else 0
        return int(count) - 1 if 1 <= count <= len(dates) else None
    if event.by is None:
        return None
    label = event.by.text if isinstance(event.by, Date) else show(event.by)
    return dates.index(label) if label in dates else None


def _holds(tree: Expr, variable: Data, value: str) -> Any:
    """What an expression is where the variable has a value; None where it says more than this can read."""
    match tree:
        case Name(name=name):
            if name != variable["name"]:
                return name if name in variable["values"] else None  # a value's own name, or something else
            return {"truth": value == "true", "numbers": _number(value)}.get(variable["kind"], value)
        case Number(value=number):
            return number
        case Truth(value=truth):
            return truth
        case Unary(op="not", operand=operand):
            inner = _holds(operand, variable, value)
            return not inner if isinstance(inner, bool) else None
        case Among(subject=subject, items=items):
            inner, every = _holds(subject, variable, value), [_holds(item, variable, value) for item in items]
            return None if inner is None or None in every else inner in every
        case Binary(op=op, left=left, right=right):
            first, second = _holds(left, variable, value), _holds(right, variable, value)
            if op in ("and", "or"):
                both = isinstance(first, bool) and isinstance(second, bool)
                return (first and second if op == "and" else first or second) if both else None
            known = op in _COMPARED and first is not None and type(first) is type(second)
            return _COMPARED[op](first, second) if known else None
    return None


def _number(value: str) -> float | None:
    try:
        return float(value)
    except ValueError:
        return None


__all__ = ["standing"]
