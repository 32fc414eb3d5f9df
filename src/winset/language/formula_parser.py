"""The parser of formulas: the expression parser with P, E, belief, value, strategy and their modifiers."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import Any

from winset.base.diagnostics import NOWHERE, Where
from winset.language.expr import Binary, Expr, Plays, Unary
from winset.language.formula import (
    After,
    Apply,
    Belief,
    Event,
    Expectation,
    Formula,
    From,
    In,
    Near,
    Operation,
    Plain,
    Probability,
    Sign,
    StrategyOf,
    ValueOf,
)  # fmt: skip
from winset.language.lexer import FUNCTIONS, Token, problem, shown
from winset.language.parser import BINDING, COMPARISONS, NOT, SIGN, check_count, constant
from winset.language.row_parser import RowParser
from winset.language.rows import MEASURES

HEADS = ("P", "E", "belief", "value", "strategy")


def parse(text: str, where: Where = NOWHERE) -> Formula:
    """The tree of a formula; see `formula.parse_formula`."""
    parser = FormulaParser(text, where)
    if parser.word.kind == "end":
        raise problem("C401", "the formula is empty", where)
    tree = parser.formula()
    parser.finish()
    parser.bound_depth(levels(tree))
    return tree


def parse_history(text: str, where: Where = NOWHERE) -> tuple[Plays, ...]:
    """The observations of a public history: `a plays x, chance plays y`.

    Raises:
        ScenarioError: it is none; the diagnostic gives the exact column.
    """
    parser = FormulaParser(text, where)
    found = parser.plays()
    if parser.word.kind != "end":
        raise parser.unexpected("a comma or the end is expected here")
    return found


def levels(tree: Formula) -> int:
    """Levels of a formula with the expressions inside it; counted without recursion."""
    deepest = 0
    todo: list[tuple[Any, int]] = [(tree, 1)]
    while todo:
        node, level = todo.pop()
        deepest = max(deepest, level)
        inner = level if isinstance(node, tuple) else level + 1
        held = node if isinstance(node, tuple) else [getattr(node, f.name) for f in fields(node) if f.name != "where"]
        todo.extend((part, inner) for part in held if isinstance(part, tuple) or is_dataclass(part))
    return deepest


class FormulaParser(RowParser):
    """Reads formulas; the events inside are read by the expression parser."""

    def formula(self, binding: int = 0) -> Formula:
        """A formula whose operators all bind tighter than `binding`."""
        self.enter()
        tree = self.modified(self.first())
        joined = 0
        while True:
            token = self.word
            if token.text == "within" and binding < 4:
                joined = self.joined(joined)
                tree = self.near(tree)
                continue
            power = BINDING.get(token.text, 0) if token.kind in ("op", "word") else 0
            if power <= binding:
                break
            joined = self.joined(joined)
            self.next()
            right = self.formula(power - 1 if token.text == "^" else power)
            if token.text == "^":
                self.bound_power(_constant(tree), _constant(right), token.where)
            if token.text in COMPARISONS and self.sees(*COMPARISONS):
                raise problem("S206", f"comparisons cannot be chained: {shown(self.text)}", self.word.where)
            tree = Operation(token.text, tree, right, where=token.where)
        self.depth -= 1
        return tree

    def near(self, left: Formula) -> Formula:
        """`X within T of Y`, from `within`."""
        start = self.next()
        tolerance = self.formula(4)
        if not (self.word.kind == "name" and self.take("of")):
            raise self.unexpected("`of` should follow `X within 0.001`")
        return Near(left, self.formula(4), tolerance, where=start.where)

    def first(self) -> Formula:
        """What a formula may begin with."""
        token = self.word
        if self.take("not"):
            return Sign("not", self.formula(NOT), where=token.where)
        if self.sees("-", "+"):
            self.next()
            operand = self.formula(SIGN)
            return operand if token.text == "+" else Sign("-", operand, where=token.where)
        if self.take("("):
            tree = self.formula()
            self.expect(")", "the bracket's content")
            return tree
        if token.kind == "name" and self.words[self.at + 1].text == "(":
            if token.text in HEADS:
                self.next()
                self.next()
                head: Formula = getattr(self, "head_" + token.text.lower())(token)
                self.expect(")", f"the content of `{token.text}(…`")
                return head
            if token.text in MEASURES:
                self.next()
                self.next()
                return self.rows(token)
            if token.text in FUNCTIONS:
                self.next()
                self.next()
                arguments = [self.formula()]
                while self.take(","):
                    arguments.append(self.formula())
                self.expect(")", "the arguments")
                check_count(token, len(arguments))
                return Apply(token.text, tuple(arguments), where=token.where)
            if token.text.casefold() in ("p", "e", "pr", "prob", "probability", "ev", "expect", "expectation"):
                raise problem("C402", f"`{token.text}(…)` is written `P(…)` or `E(…)`", token.where)
        if token.kind == "word" and token.text == "if":
            raise problem("C402", "`if` cannot stand in a formula outside P(…) and E(…)", token.where)
        return Plain(self.prefix(), where=token.where)

    def modified(self, tree: Formula) -> Formula:
        """The formula with the `in`, `after` and `from` that follow it."""
        while self.sees("in", "after", "from"):
            token = self.next()
            if token.text == "in":
                tree = In(tree, self.name("a variant").text, where=token.where)
            elif token.text == "after":
                tree = After(tree, self.observations(), where=token.where)
            else:
                tree = self.stated(tree, token)
        return tree

    def head_p(self, token: Token) -> Formula:
        """Inside `P(…)`."""
        event = self.event()
        given = self.event() if self.take("given") else None
        return Probability(event, given, where=token.where)

    def head_e(self, token: Token) -> Formula:
        """Inside `E(…)`."""
        value = self.expression()
        at = self.expression(4) if self.take("at") else None
        return Expectation(value, at, where=token.where)

    def head_belief(self, token: Token) -> Formula:
        """Inside `belief(…)`."""
        player = self.name("a player").text
        if not self.take("is"):
            raise self.unexpected("`is` and a type should follow the player in `belief(…)`")
        kind = self.name("a type").text
        at = self.expression(4) if self.take("at") else None
        return Belief(player, kind, at, where=token.where)

    def head_value(self, token: Token) -> Formula:
        """Inside `value(…)`."""
        player = self.name("a player").text
        return ValueOf(player, self.name("a type").text if self.take("is") else "", where=token.where)

    def head_strategy(self, token: Token) -> Formula:
        """Inside `strategy(…)`."""
        player = self.name("a player")
        if not self.take("plays"):
            raise self.unexpected("`plays` and an action should follow the player in `strategy(…)`")
        play = self.play(player)
        kind = self.name("a type").text if self.take("if") else ""
        return StrategyOf(play.player, play.action, kind, play.given, where=token.where)

    def event(self) -> Event:
        """A condition with at most one time form around it."""
        start = self.word.where
        if self.take("always"):
            condition = self.expression()
            by = self.expression(4) if self.take("by") else None
            return Event(condition, "always", by, stated=True, where=start)
        condition = self.expression()
        if self.take("eventually"):
            return Event(condition, stated=True, where=start)
        if self.take("by"):
            return Event(condition, by=self.expression(4), stated=True, where=start)
        if self.take("at"):
            return Event(condition, "at", self.expression(4), stated=True, where=start)
        if self.take("within"):
            count = self.expression(4)
            if not (self.take("rounds") or self.take("round")):
                raise self.unexpected("`rounds` should follow `within N`")
            return Event(condition, within=count, stated=True, where=start)
        if self.take("until"):
            goal = self.expression()
            by = self.expression(4) if self.take("by") else None
            return Event(condition, "until", by, goal=goal, stated=True, where=start)
        return Event(condition, where=start)

    def observations(self) -> tuple[Plays, ...]:
        """`(pyongyang plays wait, chance plays vote)`."""
        self.expect("(", "`after`")
        found = self.plays()
        self.expect(")", "the observations")
        return found

    def plays(self) -> tuple[Plays, ...]:
        """`pyongyang plays wait, chance plays vote`."""
        found: list[Plays] = []
        while True:
            player = self.name("a player, or `chance`")
            if not self.take("plays"):
                raise self.unexpected(f"`plays` should follow the player `{player.text}`")
            found.append(self.play(player))
            if not self.take(","):
                return tuple(found)

    def stated(self, tree: Formula, token: Token) -> Formula:
        """`(politics = calm, belief p is t = 0.3, round = 2020-03)` after `from`."""
        self.expect("(", "`from`")
        state: list[tuple[str, Expr]] = []
        beliefs: list[tuple[str, str, Expr]] = []
        start: Expr | None = None
        while True:
            name = self.name("a variable").text
            if name == "belief" and self.word.kind == "name":
                player = self.name("a player").text
                self.expect("is", "the player")
                kind = self.name("a type").text
                self.expect("=", "the type")
                beliefs.append((player, kind, self.expression(4)))
            else:
                self.expect("=", "the variable's name")
                value = self.expression(4)
                if name == "round":
                    start = value
                else:
                    state.append((name, value))
            if not self.take(","):
                break
        self.expect(")", "the stated state")
        return From(tree, tuple(state), tuple(beliefs), start, where=token.where)


def _constant(tree: Formula) -> float | None:
    """The value of a formula that asks nothing and names nothing, or None."""
    value = plain(tree)
    return None if value is None else constant(value)


def plain(tree: Formula) -> Expr | None:
    """The formula as an expression, where it asks nothing of the game."""
    if isinstance(tree, Plain):
        return tree.value
    if isinstance(tree, Sign):
        inner = plain(tree.operand)
        return None if inner is None else Unary(tree.op, inner, where=tree.where)
    if isinstance(tree, Operation):
        left, right = plain(tree.left), plain(tree.right)
        return None if left is None or right is None else Binary(tree.op, left, right, where=tree.where)
    return None


def conjuncts(tree: Expr | None) -> tuple[Expr, ...]:
    """The parts of a conjunction."""
    if tree is None:
        return ()
    if isinstance(tree, Binary) and tree.op == "and":
        return conjuncts(tree.left) + conjuncts(tree.right)
    return (tree,)
