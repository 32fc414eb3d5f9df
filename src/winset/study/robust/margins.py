"""How far a judgement is from turning: a number that is positive where it is true and moves with the parameters.

For a comparison it is the difference of its sides, for `within` the tolerance less the difference; `and` is the least,
`or` the greatest of its sides, `not` the negative. It is zero exactly where the judgement turns.
"""

from __future__ import annotations

from dataclasses import replace

from winset.language.formula import After, Formula, From, In, Near, Operation, Sign
from winset.study.context import Context, bare
from winset.study.formulas import Asker

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


__all__ = ["margin"]
