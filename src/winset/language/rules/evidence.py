"""The rules for record files, for the formulas about them, for mechanisms and for the numbers of claims."""

from __future__ import annotations

from winset.language.clock import parse_date
from winset.language.days import is_day, literal
from winset.language.declared import declared
from winset.language.formula import Operation
from winset.language.lexer import shown
from winset.language.reader import Reader, nearest
from winset.language.rows import ORDERED, Rows, RowTest, tests
from winset.language.scenario import Claim, Scenario, Table
from winset.language.tables import number


def evidence(scenario: Scenario, reader: Reader) -> None:
    """Applies the rules that need no formula."""
    known = declared(scenario)
    labels = [m.name for m in scenario.mechanisms]
    for mechanism in scenario.mechanisms:
        for carrier in mechanism.carried_by:
            if carrier.name not in known:
                text = (
                    f"the mechanism `{mechanism.name}` is carried by `{shown(carrier.name)}`, which is declared nowhere"
                )
                near = nearest(carrier.name, known)
                gone = f"take `{shown(carrier.name)}` out of `carried by`"
                fix = f"Write `{near}`, or {gone}." if near else f"{gone[0].upper()}{gone[1:]}, or declare it."
                reader.report("N131", text, carrier.where, nearest=near, fix=fix)
    for variant in scenario.variants if labels else ():
        for label in (*variant.switches_off, *variant.switches_on):
            if label not in labels:
                near = nearest(label, labels)
                text = f"the variant `{variant.name}` switches `{shown(label)}`, which is no mechanism"
                fix = "" if near else f"Name one of {shown(', '.join(labels), 200)}, or declare it under `mechanisms`."
                reader.report("N132", text, variant.where, nearest=near, fix=fix)
    keys = dict(scenario.sources)
    for table in scenario.tables:
        if table.source and keys and table.source not in keys and " " not in table.source:
            text = f"the table `{table.name}` cites `{shown(table.source)}`, which `sources` does not list"
            reader.report("E501", text, table.where, nearest=nearest(table.source, keys))
    seen: dict[int, Claim] = {}
    for claim in scenario.claims:
        if claim.number and claim.number in seen:
            other = seen[claim.number]
            text = f"the claims `{other.name}` and `{claim.name}` both have the number {claim.number}"
            reader.report("C437", text, claim.where, conflicts_with=other.where)
        seen.setdefault(claim.number, claim)


def rows(scenario: Scenario, tree: Rows, reader: Reader) -> None:
    """Checks a formula about rows: its table, its columns and the values it compares with."""
    known = {t.name: t for t in scenario.tables}
    table = known.get(tree.table)
    if table is None:
        near = nearest(tree.table, known)
        fix = "" if near else f"Name one of {', '.join(known)}." if known else "Declare it under `tables`."
        reader.report("C431", f"there is no table `{tree.table}`", tree.where, nearest=near, fix=fix)
        return
    if tree.measure != "count" and not table.date:
        text = f"`{tree.measure}` needs days, and the table `{table.name}` names no column of them"
        reader.report("C435", text, tree.where)
    if not table.read:
        return
    for test in tests(tree.condition):
        if test.column in table.sheet.at:
            _test(table, test, reader)
        else:
            near = nearest(test.column, table.sheet.columns)
            fix = "" if near else f"Name one of {shown(', '.join(table.sheet.columns), 200)}."
            text = f"the table `{table.name}` has no column `{test.column}`"
            reader.report("C432", text, test.where, nearest=near, fix=fix)


def _test(table: Table, test: RowTest, reader: Reader) -> None:
    """One comparison: its value is of the column's kind, and occurs."""
    kind = table.sheet.kinds[test.column]
    for value in test.values:
        wrong = ""
        if kind == "date" and test.op != "contains":
            wrong = "" if not value or _dated(value) else "holds days"
        elif test.op in ORDERED and kind != "number":
            wrong = "holds texts, which have no order"
        elif kind == "number" and test.op != "contains":
            wrong = "" if not value or number(value) is not None else "holds numbers"
        if wrong:
            text = f"the column `{test.column}` {wrong}, so `{test.op} {shown(value, 30)}` has no meaning"
            reader.report("C434", text, test.where, fix=_example(table, test.column))
        elif kind == "text" and not _occurs(table, test, value):
            cells = table.sheet.values(test.column)
            told = ", ".join(f"`{shown(c, 40)}`" for c in cells[:4] if c)
            text = f"no row of `{table.name}` has {'a' if test.op != 'contains' else 'the words'} "
            text += f"`{shown(value, 40)}` in `{test.column}`; it has {told}{', …' if len(cells) > 4 else ''}"
            reader.report("C433", text, test.where, nearest=nearest(value, cells) if test.op != "contains" else "")


def _occurs(table: Table, test: RowTest, value: str) -> bool:
    cells = table.sheet.values(test.column)
    if test.op == "contains":
        return any(value.casefold() in cell.casefold() for cell in cells)
    return value in cells


def _example(table: Table, column: str) -> str:
    cell = next((c for c in table.sheet.values(column) if c), "")
    return f"Write for example `{column} = {cell if ' ' not in cell else chr(34) + cell + chr(34)}`." if cell else ""


def _dated(value: str) -> bool:
    try:
        parse_date(value)
    except ValueError:
        return False
    return True


def days_joined(tree: Operation, reader: Reader) -> None:
    """A day is compared with days, and only days and numbers of days are added to it or taken from it."""
    left, right = is_day(tree.left), is_day(tree.right)
    if not (left or right):
        return
    other = tree.right if left else tree.left
    both = (left and right) or literal(other)
    fits = {"+": not both, "-": left or both}.get(tree.op, both if tree.op in ("=", "!=", *ORDERED) else False)
    if not fits:
        reader.report("C436", f"a day cannot stand on this side of `{tree.op}`", tree.where)
