"""The rules for record files, for the formulas about them, for mechanisms and for the numbers of claims."""

from __future__ import annotations

from winset.language import codebook
from winset.language.clock import parse_date
from winset.language.days import is_day, literal
from winset.language.declared import declared
from winset.language.formula import Apply, Formula, Near, Operation, Plain, Sign
from winset.language.lexer import shown
from winset.language.parser import COMPARISONS, constant
from winset.language.reader import Reader, nearest
from winset.language.rows import ORDERED, Rows, RowTest, show_rows, tests
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
    if test.op != "contains" and test.column in table.sheet.coded:
        _codes(table, test, reader)
        return
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
            text += f"`{shown(value, 40)}` in `{test.column}`; "
            text += f"it has {told}{', …' if len(cells) > 4 else ''}" if told else "the file has no rows there"
            reader.report("C433", text, test.where, nearest=nearest(value, cells) if test.op != "contains" else "")


def _codes(table: Table, test: RowTest, reader: Reader) -> None:
    """A comparison with codes of events: they are in the vocabulary, and need not occur."""
    named = test.column in (table.plover, codebook.PLOVER)
    kind = "PLOVER event" if named else "CAMEO code"
    for value in test.values:
        known = codebook.event(value) if named else codebook.code(value)
        if value and not known:
            near = nearest(value.upper(), codebook.events()) if named else ""
            text = f"`{shown(value, 40)}` is no {kind}, and `{test.column}` of `{table.name}` holds those"
            reader.report("C438", text, test.where, nearest=near, fix="" if near else codebook.listed(kind))
    if test.op in ORDERED:
        text = f"the column `{test.column}` holds codes, which have no order"
        reader.report("C434", text, test.where, fix=f"Write for example `{test.column} in {{…}}`.")


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
        side = "left" if left else "right"
        text = f"a day stands {f'on the {side}' if left != right else 'on both sides'} of `{tree.op}`"
        if left != right:
            text += f", and {'no day' if tree.op in COMPARISONS else 'what does not fit it'} on the other"
        reader.report("C436", text, tree.where, fix=_dated_instead(tree, left, other))


def days_called(tree: Apply, reader: Reader) -> None:
    """Of days there is an earliest and a latest, and nothing else is computed from them by a function."""
    days = [a for a in tree.arguments if is_day(a)]
    if not days or is_day(tree):
        return
    if tree.function in ("min", "max"):
        text = f"`{tree.function}` compares a day with what is none"
        fix = f"Give days or dates only: `{tree.function}({_said(days[0])}, 2019-05-04)`."
    else:
        text = f"`{tree.function}` of a day is no number"
        fix = f"Take one day from another: `{tree.function}({_said(days[0])} - 2019-05-04)`."
    reader.report("C436", text, tree.where, fix=fix)


def days_signed(tree: Sign, reader: Reader) -> None:
    """A day has no sign."""
    if is_day(tree.operand):
        fix = f"Take one day from another: `{_said(tree.operand)} - 2019-05-04`."
        reader.report("C436", f"`{tree.op}` stands before a day", tree.where, fix=fix)


def days_near(tree: Near, reader: Reader) -> None:
    """Days are near to days, by a number of days."""
    sides = (tree.left, tree.right)
    if is_day(tree.tolerance):
        fix = "Write a number of days: `X within 3 of Y`."
        reader.report("C436", "a day stands after `within`", tree.where, fix=fix)
    elif any(map(is_day, sides)) and not all(is_day(s) or literal(s) for s in sides):
        day = next(s for s in sides if is_day(s))
        fix = f"Compare it with a date: `{_said(day)} within 3 of 2019-05-04`."
        reader.report("C436", "a day is compared with what is none", tree.where, fix=fix)


def _dated_instead(tree: Operation, left: bool, other: Formula) -> str:
    """What to write instead of a day compared with a number, most often a year; "" where nothing can be guessed."""
    day = _said(tree.left if left else tree.right)
    if tree.op not in COMPARISONS:
        return f"Compare it with a date, or count days: `{day} - 2019-05-04`."
    op = tree.op if left else {"<": ">", "<=": ">=", ">": "<", ">=": "<="}.get(tree.op, tree.op)
    year = constant(other.value) if isinstance(other, Plain) else None
    if year is None or year != int(year) or not 1000 <= year <= 9999:
        return f"Compare it with a date: `{day} {op} 2019-05-04`."
    first, last = f"{year:.0f}-01", f"{year:.0f}-12"
    if op in ("=", "!="):
        inside = f"{day} >= {first} and {day} <= {last}"
        return f"{year:.0f} alone is a number. Write `{inside if op == '=' else f'not ({inside})'}`."
    return f"{year:.0f} alone is a number. Write `{day} {op} {last if op in ('>', '<=') else first}`."


def _said(tree: Formula) -> str:
    return show_rows(tree) if isinstance(tree, Rows) else "first(TABLE)"
