"""Formulas about record files, as data: what is counted, and which rows are meant.

`count(launches where missile_class = SRBM and date_kst >= 2019-05-04)` is a `Rows` whose `condition` is a tree of the
three dataclasses above it. A condition compares a column with values that are written out, never with another column.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from winset.base.diagnostics import NOWHERE, Where

MEASURES = ("count", "days", "first", "last")
"""What may be asked of rows: how many, on how many different days, the first day, the last day."""

ORDERED = ("<", "<=", ">", ">=")


@dataclass(frozen=True, kw_only=True)
class RowPart:
    """Common part: where it stands."""

    where: Where = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True)
class RowTest(RowPart):
    """`column = value`, `column in {a, b}`, `column contains "words"`.

    Attributes:
        op: `= != < <= > >=`, *in* or *contains*.
        values: as written: a name, a number, a date, or a quoted text without its quotes.
    """

    column: str
    op: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class RowNot(RowPart):
    """`not CONDITION`."""

    operand: RowCondition


@dataclass(frozen=True)
class RowJoin(RowPart):
    """`CONDITION and CONDITION`, `CONDITION or CONDITION`."""

    op: Literal["and", "or"]
    left: RowCondition
    right: RowCondition


RowCondition = RowTest | RowNot | RowJoin


@dataclass(frozen=True)
class Rows(RowPart):
    """`count(TABLE where CONDITION)`, or `days`, `first`, `last` in place of `count`; without a condition, every row.

    `count` and `days` are whole numbers; `first` and `last` are days, and have no value where no row fits.
    """

    measure: str
    table: str
    condition: RowCondition | None = None


def tests(condition: RowCondition | None) -> list[RowTest]:
    """Every comparison of a condition."""
    found: list[RowTest] = []
    todo = [condition]
    while todo:
        part = todo.pop()
        if isinstance(part, RowTest):
            found.append(part)
        elif isinstance(part, RowNot):
            todo.append(part.operand)
        elif part is not None:
            todo += [part.right, part.left]
    return found


def show_rows(tree: Rows) -> str:
    """A formula about rows as canonical text: parsing it gives an equal tree."""
    return f"{tree.measure}({show_selected(tree)})"


def show_selected(tree: Rows) -> str:
    """Which rows, as canonical text: `launches where missile_class = SRBM`."""
    return tree.table + (f" where {_show(tree.condition, 0)}" if tree.condition is not None else "")


def _show(condition: RowCondition, outer: int) -> str:
    if isinstance(condition, RowNot):
        return f"not {_show(condition.operand, 3)}"
    if isinstance(condition, RowJoin):
        binding = 1 if condition.op == "or" else 2
        text = f"{_show(condition.left, binding)} {condition.op} {_show(condition.right, binding + 1)}"
        return f"({text})" if binding < outer else text
    values = [f'"{v}"' if condition.op == "contains" else _value(v) for v in condition.values]
    return f"{condition.column} {condition.op} {'{' + ', '.join(values) + '}' if condition.op == 'in' else values[0]}"


def _value(value: str) -> str:
    from winset.language.lexer import RESERVED, plain_word

    return value if plain_word(value) and value not in RESERVED else f'"{value}"'
