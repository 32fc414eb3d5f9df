"""Facts answered from record files: what a formula about rows gives, and the rows it rests on. Nothing is solved.

Values are numbers, truth values, and days as their ordinal numbers. A formula that needs the first or last day of rows
that do not exist has no value: the fact is undecided.
"""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass

from winset.language.clock import parse_date
from winset.language.days import is_day, literal, rows_in
from winset.language.expr import Date
from winset.language.formula import After, Apply, Formula, From, In, Near, Operation, Plain, Sign
from winset.language.lexer import problem
from winset.language.plain import CLOSE, FUNCTIONS, OPERATIONS, Interpreter, NoValue
from winset.language.rows import Rows, show_rows
from winset.language.rules.names import gather
from winset.language.scenario import Scenario, Table
from winset.language.selecting import compared, day_of, fits, source_of, told, unchecked
from winset.study.answer import Answer
from winset.study.brief_data import PartData, RowData
from winset.study.telling import part_words

MOST_ROWS = 40
"""Rows that are listed with one formula; how many there are is always said."""


class NoRowError(Exception):
    """A formula asks for a day of rows, and no row fits."""


@dataclass(frozen=True)
class Found:
    """What one formula about rows selects.

    Attributes:
        rows: the rows' places in the table's sheet; of `first` and `last` those of that day.
        value: the number, or the day's ordinal; None where there is none.
    """

    tree: Rows
    table: Table
    rows: tuple[int, ...]
    value: float | None


@dataclass(frozen=True)
class Fact:
    """A fact's value and what it rests on.

    Attributes:
        value: a number, True or False; None where it has none.
        found: what each formula about rows in it selects, from left to right.
        why: the rows in one sentence: how many of which table, what was not checked, what absence proves.
        undecided: why there is no value; "" where there is one.
    """

    value: float | bool | None
    found: tuple[Found, ...]
    why: str
    undecided: str = ""

    @property
    def rows(self) -> list[RowData]:
        """The rows, each once, by day; at most `MOST_ROWS`."""
        listed = {(f.table.name, i): row_data(f.table, i) for f in self.found for i in f.rows}
        return sorted(listed.values(), key=lambda r: (r["date"], r["table"], r["line"]))[:MOST_ROWS]

    @property
    def parts(self) -> list[PartData]:
        """Each formula about rows with its number; days have none."""
        out: list[PartData] = []
        for f in self.found:
            value = None if is_day(f.tree) else f.value
            formula = show_rows(f.tree)
            meaning, shown = part_words(formula, "", value)
            item = PartData(
                formula=formula, variant="", value=value, low=value, high=value, grid=0, meaning=meaning, shown=shown
            )  # fmt: skip
            if item not in out:
                out.append(item)
        return out


class Records:
    """The tables of a scenario, asked by formulas; with `checked` alone, rows of unchecked sources are left out."""

    def __init__(self, scenario: Scenario, *, checked: bool = False) -> None:
        self.tables = {t.name: t for t in scenario.tables}
        self.interpreter = Interpreter(gather(scenario))
        self.checked = checked

    def found(self, tree: Rows) -> Found:
        """The rows that fit, and what was asked of them."""
        table = self.tables[tree.table]
        if not table.read:
            text = f"the table `{table.name}` was not read: the scenario has no file that it could stand beside"
            raise problem("E515", text, tree.where, severity="error")
        fit = fits(table.sheet, tree.condition)
        rows = tuple(
            i for i, row in enumerate(table.sheet.rows) if fit(row) and not (self.checked and unchecked(table, row))
        )
        value = _measured(tree.measure, table, rows)
        if is_day(tree) and value is not None:
            rows = tuple(i for i in rows if _ordinal_of(table, i) == value)
        return Found(tree, table, rows, value)

    def value(self, tree: Formula) -> float | bool:
        """The value of a formula that nothing has to be solved for.

        Raises:
            NoRowError: it asks for a day of rows that do not exist.
            NoValue: it divides by zero or the like.
        """
        match tree:
            case Rows():
                value = self.found(tree).value
                if value is None:
                    raise NoRowError(f"no row fits `{show_rows(tree)}`")
                return value
            case In(formula=inner) | After(formula=inner) | From(formula=inner):
                return self.value(inner)
            case Plain(value=expression):
                return _plain(self.interpreter.value(expression, {}))
            case Sign(op="not", operand=operand):
                return not self.value(operand)
            case Sign(operand=operand):
                return -self.value(operand)
            case Near(left=left, right=right, tolerance=tolerance):
                value, other = self.alike((left, right))
                return abs(value - other) <= self.value(tolerance) + CLOSE
            case Apply(function=function, arguments=arguments):
                return _applied(function, self.alike(arguments))
            case Operation():
                return self.operation(tree)
        raise TypeError(f"this formula has to be solved: {tree!r}")

    def alike(self, parts: tuple[Formula, ...]) -> list[float]:
        """The values of formulas that are compared with one another: a date among days is its first day."""
        dated = any(map(is_day, parts))
        return [_ordinal(p) if dated and literal(p) else float(self.value(p)) for p in parts]

    def operation(self, tree: Operation) -> float | bool:
        """Logic, a comparison of numbers or days, arithmetic."""
        if tree.op in ("and", "or"):
            return self.both(tree)
        for side, other, op in ((tree.left, tree.right, _MIRROR.get(tree.op, "")), (tree.right, tree.left, tree.op)):
            if literal(side) and is_day(other):
                return self.against(other, op, side) if op in _MIRROR else self.apart(tree)
        return _operated(tree.op, self.value(tree.left), self.value(tree.right))

    def both(self, tree: Operation) -> bool:
        """`and`, `or`: a side without a value does not matter where the other settles it."""
        settles = tree.op == "or"
        missing: NoRowError | None = None
        for side in (tree.left, tree.right):
            try:
                if bool(self.value(side)) == settles:
                    return settles
            except NoRowError as error:
                missing = missing or error
        if missing is not None:
            raise missing
        return not settles

    def against(self, day: Formula, op: str, side: Formula) -> bool:
        """A day compared with a date; a month stands for all its days."""
        first, last = (_ordinal(side, last=last) for last in (False, True))
        return compared(float(self.value(day)), op, first, last)

    def apart(self, tree: Operation) -> float:
        """Days between a day and a date; of a month its first day is taken."""
        left, right = (_ordinal(f) if literal(f) else float(self.value(f)) for f in (tree.left, tree.right))
        return left - right


_MIRROR = {"=": "=", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}


def fact(scenario: Scenario, tree: Formula) -> Fact:
    """What the record files say to a formula.

    Raises:
        ScenarioError: E515 a table was not read; C490 it divides by zero or the like.
    """
    records = Records(scenario)
    found = tuple(records.found(rows) for rows in rows_in(tree))
    said = _told(found)
    try:
        value = records.value(tree)
    except NoRowError as error:
        return Fact(None, found, said, str(error))
    except NoValue:
        raise problem("C490", "the formula has no finite value", tree.where) from None
    if is_day(tree) and not 1 <= value <= dt.date.max.toordinal():
        raise problem("C490", "the formula's day lies outside the calendar", tree.where)
    return Fact(value, found, said + _without_unchecked(scenario, tree, value, found))


def answer(scenario: Scenario, tree: Formula, formula: str) -> Answer:
    """A fact as an answer."""
    got = fact(scenario, tree)
    value, day = got.value, is_day(tree)
    if value is None:
        text = f"undecided: {got.undecided}"
    elif isinstance(value, bool):
        text = f"{'true' if value else 'false'} ({got.why})"
    else:
        text = dt.date.fromordinal(int(value)).isoformat() if day else f"{value:.6g}"
    figure = None if value is None or isinstance(value, bool) else float(value)
    return Answer(
        formula=formula, value=value if figure is None else figure, low=figure, high=figure,
        unit="truth" if isinstance(value, bool) else "date" if day else "number", text=text, parts=got.parts,
        undecided=got.undecided, rows=got.rows, rows_say=got.why,
    )  # fmt: skip


def row_data(table: Table, index: int) -> RowData:
    """A row as data: its day, and what it is about."""
    row = table.sheet.rows[index]
    return RowData(
        table=table.name, file=table.file, line=table.sheet.lines[index],
        date=day_of(table, row), what=told(table, row),
        source=source_of(table, row), unchecked=unchecked(table, row),
    )  # fmt: skip


def _measured(measure: str, table: Table, rows: tuple[int, ...]) -> float | None:
    if measure == "count":
        return float(len(rows))
    days = [day for i in rows if (day := _ordinal_of(table, i))]
    if measure == "days":
        return float(len(set(days)))
    return None if not days else float(min(days) if measure == "first" else max(days))


def _ordinal_of(table: Table, index: int) -> int:
    """The day of a row; 0 where it is not known."""
    cell = table.sheet.rows[index][table.sheet.at[table.date]]
    return dt.date.fromisoformat(cell).toordinal() if cell else 0


def _ordinal(tree: Formula, *, last: bool = False) -> float:
    assert isinstance(tree, Plain) and isinstance(tree.value, Date)
    return float(parse_date(tree.value.text, last=last).toordinal())


def _plain(value: object) -> float | bool:
    if isinstance(value, bool):
        return value
    if not isinstance(value, (int, float)):
        raise NoValue
    return float(value)


def _applied(function: str, arguments: list[float]) -> float:
    try:
        if function in ("min", "max"):
            return float(FUNCTIONS[function](arguments))
        return float(FUNCTIONS[function](*arguments))
    except (ArithmeticError, ValueError):
        raise NoValue from None


def _operated(op: str, left: float, right: float) -> float | bool:
    try:
        value = OPERATIONS[op](left, right)
    except (ArithmeticError, ValueError):
        raise NoValue from None
    if not math.isfinite(value):
        raise NoValue
    return value if isinstance(value, bool) else float(value)


def _told(found: tuple[Found, ...]) -> str:
    """How many rows of which table, what was not checked, and what the absence of rows proves."""
    said = [f"{len(f.rows) or 'none'} of {len(f.table.sheet.rows)} rows of {f.table.name}" for f in found]
    rows = {(f.table.name, i): unchecked(f.table, f.table.sheet.rows[i]) for f in found for i in f.rows}
    marked = [why for why in rows.values() if why]
    words = ", ".join(dict.fromkeys(said))
    if marked:
        count = "all" if len(marked) == len(rows) else f"{len(marked)} of these"
        words += f"; {count} unchecked ({'; '.join(dict.fromkeys(marked))})"
    for scope in dict.fromkeys(f.table.scope for f in found if not f.rows and f.table.scope):
        words += f"; that no row fits proves no more than the file covers: {scope}"
    return words


def _without_unchecked(scenario: Scenario, tree: Formula, value: float | bool, found: tuple[Found, ...]) -> str:
    """Whether the verdict would be another without the rows that nobody has checked."""
    marked = [unchecked(f.table, f.table.sheet.rows[i]) for f in found for i in f.rows]
    if not isinstance(value, bool) or not any(marked):
        return ""
    try:
        other: object = Records(scenario, checked=True).value(tree)
    except (NoRowError, NoValue):
        other = None
    if other is value:
        return "; without the unchecked rows the verdict is the same"
    return (
        f"; without the unchecked rows it would {'be undecided' if other is None else 'hold' if other else 'not hold'}"
    )
