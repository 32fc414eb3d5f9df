"""Which rows of a record file fit a condition, what a row says of itself, and whether its source was checked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from winset.language.clock import parse_date
from winset.language.plain import CLOSE
from winset.language.rows import RowCondition, RowJoin, RowNot, RowTest
from winset.language.scenario import Table
from winset.language.tables import Sheet, number

Row = tuple[str, ...]
Fits = Callable[[Row], bool]


def fits(sheet: Sheet, condition: RowCondition | None) -> Fits:
    """The condition as a function of a row's cells."""
    match condition:
        case None:
            return lambda row: True
        case RowNot(operand=operand):
            inner = fits(sheet, operand)
            return lambda row: not inner(row)
        case RowJoin(op=op, left=left, right=right):
            one, two = fits(sheet, left), fits(sheet, right)
            return (lambda row: one(row) and two(row)) if op == "and" else (lambda row: one(row) or two(row))
    return _cell_test(sheet, condition)


def source_of(table: Table, row: Row) -> str:
    """The source key of a row."""
    return row[table.sheet.at[table.source_column]] if table.source_column in table.sheet.at else table.source


def unchecked(table: Table, row: Row) -> str:
    """Why nobody has checked a row; "" where its source was."""
    return dict(table.unchecked).get(source_of(table, row), "")


def day_of(table: Table, row: Row) -> str:
    """The day of a row as it stands there; "" where it is not known."""
    return row[table.sheet.at[table.date]] if table.date in table.sheet.at else ""


def told(table: Table, row: Row) -> str:
    """What a row is about: the columns that the table shows, by default all but its day and source."""
    sheet = table.sheet
    shown = table.shows or tuple(c for c in sheet.own if c not in (table.date, table.source_column))
    return ", ".join(row[sheet.at[c]] for c in shown if row[sheet.at[c]])


def _cell_test(sheet: Sheet, test: RowTest) -> Fits:
    """A test of one cell; an empty cell has no day and no number, so only `=` and `!=` with `""` can hold of it."""
    at, kind = sheet.at[test.column], sheet.kinds[test.column]
    if test.op == "contains":
        words = test.values[0].casefold()
        return lambda row: words in row[at].casefold()
    tests = [_one(kind, "=" if test.op in ("in", "!=") else test.op, value) for value in test.values]
    if test.op == "!=":
        return lambda row: not tests[0](row[at])
    return lambda row: any(one(row[at]) for one in tests)


def _one(kind: str, op: str, value: str) -> Callable[[str], bool]:
    if kind == "text" or not value:
        return lambda cell: cell == value
    if kind == "number":
        wanted = number(value) or 0.0
        return lambda cell: bool(cell) and compared(number(cell) or 0.0, op, wanted, wanted)
    first, last = (float(parse_date(value, last=end).toordinal()) for end in (False, True))
    return lambda cell: bool(cell) and compared(float(dt.date.fromisoformat(cell).toordinal()), op, first, last)


def compared(value: float, op: str, first: float, last: float) -> bool:
    """A value compared with all that lies from `first` to `last`."""
    among = first - CLOSE <= value <= last + CLOSE
    if op in ("=", "!="):
        return among == (op == "=")
    if op in ("<", ">="):
        return (value < first - CLOSE) == (op == "<")
    return (value > last + CLOSE) == (op == ">")
