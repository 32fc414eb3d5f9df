"""Which formulas are days of the calendar and which can be answered from record files alone.

`first(…)` and `last(…)` are days. A date that stands opposite a day means days of the calendar, not a round: a month
stands for all its days (`<= 2019-10` reaches to the last of them). Day less day is a number of days; day plus or less
a number is a day; `min` and `max` of days are days.
"""

from __future__ import annotations

from winset.language.expr import Date
from winset.language.formula import After, Apply, Formula, From, In, Near, Operation, Plain, Sign
from winset.language.rows import Rows


def is_day(tree: Formula) -> bool:
    """Whether a formula's value is a day."""
    if isinstance(tree, Rows):
        return tree.measure in ("first", "last")
    if isinstance(tree, Operation) and tree.op in "+-":
        left, right = is_day(tree.left), is_day(tree.right)
        if tree.op == "+":
            return left != right
        return left and not right and not literal(tree.right)
    if isinstance(tree, Apply) and tree.function in ("min", "max"):
        return any(map(is_day, tree.arguments)) and all(is_day(a) or literal(a) for a in tree.arguments)
    return isinstance(tree, In | After | From) and is_day(tree.formula)


def literal(tree: Formula) -> bool:
    """Whether a formula is a date written out."""
    return isinstance(tree, Plain) and isinstance(tree.value, Date)


def inside(tree: Formula) -> tuple[Formula, ...]:
    """The formulas directly inside one."""
    if isinstance(tree, In | After | From):
        return (tree.formula,)
    if isinstance(tree, Sign):
        return (tree.operand,)
    if isinstance(tree, Operation):
        return (tree.left, tree.right)
    if isinstance(tree, Near):
        return (tree.left, tree.right, tree.tolerance)
    return tree.arguments if isinstance(tree, Apply) else ()


def rows_in(tree: Formula) -> list[Rows]:
    """The formulas about rows that a formula is made of, from left to right."""
    if isinstance(tree, Rows):
        return [tree]
    return [rows for part in inside(tree) for rows in rows_in(part)]


def settled_by_rows(tree: Formula) -> bool:
    """Whether a formula asks about rows and about nothing that has to be solved."""
    return bool(rows_in(tree)) and _without_game(tree)


def _without_game(tree: Formula) -> bool:
    parts = inside(tree)
    return all(map(_without_game, parts)) if parts else isinstance(tree, Rows | Plain)
