"""The parser of formulas about record files; `formula_parser` builds on it."""

from __future__ import annotations

from winset.base.diagnostics import NOWHERE, Where
from winset.language.lexer import Token, problem, shown
from winset.language.parser import COMPARISONS, Parser
from winset.language.rows import RowCondition, RowJoin, RowNot, Rows, RowTest

_VALUES = ("name", "number", "date", "text", "word")


class RowParser(Parser):
    """Reads `count(launches where missile_class = SRBM)`."""

    def rows(self, token: Token) -> Rows:
        """A formula about rows, after its measure and the opening bracket."""
        table, condition = self.selected()
        self.expect(")", f"the content of `{token.text}(…`")
        return Rows(token.text, table, condition, where=token.where)

    def selected(self) -> tuple[str, RowCondition | None]:
        """`TABLE where CONDITION`."""
        table = self.name("a table").text
        condition: RowCondition | None = None
        if self.word.kind == "name" and self.take("where"):
            condition = self.either()
        return table, condition

    def either(self) -> RowCondition:
        """Conditions joined by `or`."""
        self.enter()
        tree, joined = self.both(), 0
        while self.sees("or"):
            joined, start = self.joined(joined), self.next()
            tree = RowJoin("or", tree, self.both(), where=start.where)
        self.depth -= 1
        return tree

    def both(self) -> RowCondition:
        """Conditions joined by `and`."""
        tree, joined = self.single(), 0
        while self.sees("and"):
            joined, start = self.joined(joined), self.next()
            tree = RowJoin("and", tree, self.single(), where=start.where)
        return tree

    def single(self) -> RowCondition:
        """One comparison, a negation, or conditions in brackets."""
        token = self.word
        if self.take("not"):
            self.enter()
            inner = self.single()
            self.depth -= 1
            return RowNot(inner, where=token.where)
        if self.take("("):
            tree = self.either()
            self.expect(")", "the bracket's content")
            return tree
        column = self.name("a column").text
        sign = self.word
        if self.take("in"):
            self.expect("{", "`in`")
            values = [self.cell()]
            while self.take(","):
                values.append(self.cell())
            self.expect("}", "the values")
            return RowTest(column, "in", tuple(values), where=token.where)
        if sign.text in COMPARISONS or (sign.kind == "name" and sign.text == "contains"):
            self.next()
            return RowTest(column, sign.text, (self.cell(),), where=token.where)
        raise self.unexpected("a comparison, `in` or `contains` should follow a column")

    def cell(self) -> str:
        """A value to compare with: a name, a number, a date, or a text in quotes."""
        negative = self.take("-")
        token = self.word
        if token.kind not in (("number",) if negative else _VALUES):
            raise self.unexpected("a name, a number, a date or a text in quotes is expected here")
        if token.kind == "number":
            self.prefix()  # refuses what is no finite number
        else:
            self.next()
        if self.sees("-", "+", "*", "/", "(") or (self.word.kind in _VALUES and self.word.text not in _FOLLOWS):
            text = f"a value of more than one word stands in quotes: {shown(self.text)}"
            raise problem("S203", text, token.where, fix='Write it as `missile = "Hwasong-11B (KN-24)"`.')
        return f"-{token.text}" if negative else token.text.strip('"').strip()


_FOLLOWS = ("and", "or")


def parse_rows(text: str, where: Where = NOWHERE) -> Rows:
    """The rows that `TABLE where CONDITION` means, to be counted.

    Raises:
        ScenarioError: it is no such text; the diagnostic gives the exact column.
    """
    parser = RowParser(text, where)
    start = parser.word.where
    table, condition = parser.selected()
    parser.finish()
    return Rows("count", table, condition, where=start)
