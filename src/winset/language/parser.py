"""Expressions: a Pratt parser over the words of `lexer`.

Binding, loosest first: `if`, `or`, `and`, `not`, comparisons, `+ -`, `* /`, unary `-`, `^`.
"""

from __future__ import annotations

import math

from winset.base.diagnostics import NOWHERE, Where
from winset.base.errors import ScenarioError
from winset.language.expr import Among, Binary, Call, Date, Expr, If, IsType, Name, Number, Plays, Truth, Unary, depth
from winset.language.lexer import DEEPEST, FUNCTIONS, LEVELS, TIME_WORDS, Token, problem, shown, tokens

POWER = 64.0
"""Largest magnitude of a constant exponent."""

COMPARISONS = ("=", "!=", "<", "<=", ">", ">=")
BINDING = {"or": 1, "and": 2, "=": 4, "!=": 4, "<": 4, "<=": 4, ">": 4, ">=": 4, "+": 5, "-": 5, "*": 6, "/": 6, "^": 8}
NOT, SIGN = 3, 7


def parse_expression(text: str, where: Where = NOWHERE) -> Expr:
    """The tree of one expression.

    Args:
        text: the expression; it may run over several lines.
        where: the place of its first character.

    Raises:
        ScenarioError: it is not an expression; the diagnostic gives the exact column.
    """
    parser = Parser(text, where)
    tree = parser.expression()
    parser.finish()
    parser.bound_depth(depth(tree))
    return tree


class Parser:
    """State of one reading: the words and how far it has come. `formula_parser` extends it."""

    def __init__(self, text: str, where: Where) -> None:
        self.text = text
        self.words = tokens(text, where)
        self.at = 0
        self.depth = 0

    @property
    def word(self) -> Token:
        """The next word."""
        return self.words[self.at]

    def next(self) -> Token:
        """Takes the next word."""
        token = self.words[self.at]
        self.at = min(self.at + 1, len(self.words) - 1)
        return token

    def sees(self, *texts: str) -> bool:
        """True when the next word is one of these."""
        return self.word.text in texts and self.word.kind != "end"

    def take(self, text: str) -> bool:
        """Takes the next word if it is this one."""
        if self.sees(text):
            self.next()
            return True
        return False

    def expect(self, text: str, after: str) -> Token:
        """Takes the word that must come now."""
        if not self.sees(text):
            raise self.unexpected(f"`{text}` should follow {after}")
        return self.next()

    def unexpected(self, message: str) -> ScenarioError:
        """The diagnostic for a word that cannot stand here."""
        token = self.word
        found = f"`{token.text}`" if token.kind != "end" else "the end of the expression"
        code = "S204" if token.kind == "end" else "S203"
        return problem(code, f"{message}, not {found}: {shown(self.text)}", token.where)

    def finish(self) -> None:
        """Refuses words left over."""
        if self.word.kind != "end":
            raise self.unexpected("an operator or the end is expected here")

    def enter(self) -> None:
        """Counts one level of nesting."""
        self.depth += 1
        if self.depth > DEEPEST:
            raise problem("S205", f"this expression is nested more than {DEEPEST} levels deep", self.word.where)

    def joined(self, count: int) -> int:
        """Counts one more term of a chain."""
        if count >= LEVELS:
            raise problem("S205", f"more than {LEVELS} terms are joined in one chain", self.word.where)
        return count + 1

    def bound_depth(self, levels: int) -> None:
        """Refuses a tree that is deep by chains within chains."""
        if levels > LEVELS:
            text = f"this expression has {levels} levels; {LEVELS} are allowed: {shown(self.text)}"
            raise problem("S205", text, self.words[0].where)

    def name(self, what: str) -> Token:
        """Takes a name."""
        if self.word.kind != "name":
            raise self.unexpected(f"the name of {what} is expected here")
        return self.next()

    def expression(self, binding: int = 0) -> Expr:
        """An expression whose operators all bind tighter than `binding`."""
        self.enter()
        tree = self.prefix()
        joined = 0
        while True:
            token = self.word
            if token.text == "in" and binding < 4 and self.words[min(self.at + 1, len(self.words) - 1)].text == "{":
                joined = self.joined(joined)
                tree = self.among(tree)
                continue
            if token.kind == "name" and token.text == "is":
                break
            power = BINDING.get(token.text, 0) if token.kind in ("op", "word") else 0
            if power <= binding:
                break
            joined = self.joined(joined)
            tree = self.infix(tree, self.next(), power)
        self.depth -= 1
        return tree

    def infix(self, left: Expr, token: Token, power: int) -> Expr:
        """What an operator makes of the tree on its left and the one that follows."""
        if token.text == "^":
            right = self.expression(power - 1)
            self.bound_power(constant(left), constant(right), token.where)
            return Binary("^", left, right, where=token.where)
        right = self.expression(power)
        if token.text in COMPARISONS and self.sees(*COMPARISONS):
            raise problem("S206", f"comparisons cannot be chained: {shown(self.text)}", self.word.where)
        return Binary(token.text, left, right, where=token.where)

    def bound_power(self, of: float | None, size: float | None, where: Where) -> None:
        """Refuses powers that could only be an attempt to overflow; None stands for what is not constant."""
        if size is not None and not abs(size) <= POWER:
            raise problem("S207", f"the exponent {size:g} is larger than {POWER:g}", where)
        if of is not None and size is not None and abs(of) > 1 and size * math.log(abs(of)) > 300:
            raise problem("S207", "this power is too large a number", where)

    def among(self, subject: Expr) -> Expr:
        """`subject in {a, b}`."""
        start = self.next()
        self.expect("{", "`in`")
        items = [self.expression(4)]
        while self.take(","):
            items.append(self.expression(4))
        self.expect("}", "the values")
        return Among(subject, tuple(items), where=start.where)

    def prefix(self) -> Expr:
        """What an expression may begin with."""
        token = self.word
        if token.kind == "number":
            self.next()
            return _number(token)
        if token.kind == "date":
            self.next()
            return Date(token.text, where=token.where)
        if token.kind == "name":
            return self.named(self.next())
        if self.sees("true", "false"):
            return Truth(self.next().text == "true", where=token.where)
        if self.sees("-", "+"):
            self.next()
            operand = self.expression(SIGN)
            return operand if token.text == "+" else Unary("-", operand, where=token.where)
        if self.take("not"):
            return Unary("not", self.expression(NOT), where=token.where)
        if self.take("if"):
            return self.choice(token)
        if self.take("("):
            tree = self.expression()
            self.expect(")", "the bracket's content")
            return tree
        raise self.unexpected("a number, a name or `(` is expected here")

    def choice(self, token: Token) -> Expr:
        """`if c then x else y`, after its first word."""
        condition = self.expression()
        self.expect("then", "the condition of `if`")
        yes = self.expression()
        self.expect("else", "the value after `then`")
        return If(condition, yes, self.expression(), where=token.where)

    def named(self, token: Token) -> Expr:
        """A name, a function call, `player is type` or `player plays action`."""
        if self.sees("(") and token.text in FUNCTIONS:
            self.next()
            arguments = [self.expression()]
            while self.take(","):
                arguments.append(self.expression())
            self.expect(")", "the arguments")
            check_count(token, len(arguments))
            return Call(token.text, tuple(arguments), where=token.where)
        if self.sees("("):
            raise problem("S209", f"there is no function `{token.text}`", token.where)
        if self.take("is"):
            return IsType(token.text, self.name("a type").text, where=token.where)
        if self.take("plays"):
            return self.play(token)
        if token.text in TIME_WORDS:
            raise problem("S203", f"`{token.text}` cannot stand here: {shown(self.text)}", token.where)
        return Name(token.text, where=token.where)

    def play(self, player: Token) -> Plays:
        """`player plays action(condition)`, after its first two words."""
        action = self.name("an action or an outcome")
        given: Expr | None = None
        if self.take("("):
            given = self.expression()
            while self.take(","):
                given = Binary("and", given, self.expression(), where=self.word.where)
            self.expect(")", "the action's condition")
        return Plays(player.text, action.text, given, where=player.where)


def _number(token: Token) -> Number:
    percent = token.text.endswith("%")
    value = float(token.text.rstrip("%"))
    if percent:
        value = float(repr(value / 100)) if value / 100 * 100 == value else round(value / 100, 15)
    if not math.isfinite(value):
        raise problem("S208", f"the number {shown(token.text)} is too large", token.where)
    return Number(value, where=token.where)


def check_count(token: Token, count: int) -> None:
    """Refuses a number of arguments that the function does not take."""
    least, most = (1, 50) if token.text in ("min", "max") else (1, 1)
    if not least <= count <= most:
        wanted = "one argument" if most == 1 else f"1 to {most} arguments"
        raise problem("S210", f"`{token.text}` takes {wanted}, not {count}", token.where)


def constant(tree: Expr) -> float | None:
    """The value of an expression that names nothing, or None; powers are bounded by the parser."""
    if isinstance(tree, Number):
        return tree.value
    if isinstance(tree, Unary) and tree.op == "-":
        inner = constant(tree.operand)
        return None if inner is None else -inner
    if isinstance(tree, Binary):
        left, right = constant(tree.left), constant(tree.right)
        if left is None or right is None:
            return None
        try:
            value = {
                "+": lambda: left + right, "-": lambda: left - right, "*": lambda: left * right,
                "/": lambda: left / right, "^": lambda: float(left**right),
            }[tree.op]()  # fmt: skip
        except (KeyError, ZeroDivisionError, OverflowError, TypeError):
            return None
        return value if isinstance(value, float) and math.isfinite(value) else None
    return None
