"""How far a judgement is from turning: a number that is positive where it is true and moves with the parameters.

For a comparison it is the difference of its sides, for `within` the tolerance less the difference; `and` is the least,
`or` the greatest of its sides, `not` the negative. It is zero exactly where the judgement turns.
"""

from __future__ import annotations

from dataclasses import replace

from winset.language.expr import Number
from winset.language.formula import After, Formula, From, In, Near, Operation, Plain, Sign
from winset.study.context import Context, bare
from winset.study.formulas import Asker

LEAST = 1e-12
"""Margin of what is true while the difference of its sides is 0."""
_COMPARED = ("=", "!=", "<", "<=", ">", ">=")


def margin(asker: Asker, tree: Formula, context: Context) -> float:
    """The margin of a judgement.

    Raises:
        ScenarioError: a side has no value here.
        MeaninglessError: it is no judgement, or its arithmetic has no value.
    """
    match tree:
        case In(formula=inner, variant=variant):
            return margin(asker, inner, replace(context, variant=variant, equilibrium=0))
        case After(formula=inner, observations=observations):
            return margin(asker, inner, replace(context, after=observations))
        case From(formula=inner):
            return margin(asker, inner, replace(context, start=bare(tree)))
        case Sign(op="not", operand=operand):
            return -margin(asker, operand, context)
        case Near(left=left, right=right, tolerance=tolerance):
            a, b, t = (asker.value(part, context).as_quantity().value for part in (left, right, tolerance))
            return t - abs(a - b)
        case Operation(op="and", left=left, right=right):
            return min(margin(asker, left, context), margin(asker, right, context))
        case Operation(op="or", left=left, right=right):
            return max(margin(asker, left, context), margin(asker, right, context))
        case Operation(op=op, left=left, right=right) if op in _COMPARED:
            a, b = (asker.value(part, context).as_quantity().value for part in (left, right))
            if op in ("=", "!="):
                return abs(a - b) if op == "!=" else -abs(a - b)
            return a - b if op in (">", ">=") else b - a
    judged = asker.value(tree, context).as_judgement()
    return 1.0 if judged.value else -1.0


def effective(found: float, holds: bool | None) -> float:
    """A margin whose sign is the truth value where that is settled: `X = X` and `0.5 >= 0.5` are true at a margin of 0.

    Args:
        found: the margin.
        holds: the truth value; None: undecided, the margin decides.
    """
    if holds is None:
        return found
    return max(found, LEAST) if holds else min(found, 0.0)


def thin(tree: Formula) -> bool:
    """Whether a judgement can be true at single values only, as `X = Y` is of numbers that move."""
    match tree:
        case In(formula=inner) | After(formula=inner) | From(formula=inner):
            return thin(inner)
        case Sign(op="not", operand=Operation(op=op)):
            return op == "!="
        case Near(tolerance=Plain(value=Number(value=value))):
            return value == 0
        case Operation(op="and", left=left, right=right):
            return thin(left) or thin(right)
        case Operation(op="or", left=left, right=right):
            return thin(left) and thin(right)
    return isinstance(tree, Operation) and tree.op == "="


__all__ = ["effective", "margin", "thin"]
