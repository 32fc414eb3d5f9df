"""From the text of an expression to its words, each with its exact place."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from winset.base.diagnostics import NOWHERE, Diagnostic, Where
from winset.base.errors import ScenarioError
from winset.language.rules.catalogue import complete

LONGEST = 4000
"""Characters that one expression may have."""

DEEPEST = 60
"""Levels to which brackets, conditions and signs may be nested."""

LEVELS = 100
"""Levels that the whole tree of an expression may have; a chain of terms has as many as terms."""

FUNCTIONS = ("min", "max", "abs", "exp", "log", "sqrt", "floor", "ceil", "round")
WORDS = ("if", "then", "else", "and", "or", "not", "in", "is", "plays", "true", "false")
TIME_WORDS = ("at", "by", "given", "until", "always", "eventually", "within", "after", "from")
RESERVED = frozenset(WORDS + TIME_WORDS + FUNCTIONS + ("now", "rounds", "rest", "chance"))

_PATTERN = re.compile(
    r"""(?P<date>[0-9]{4}-[0-9]{2}(?:-[0-9]{2})?(?![\w.]))
      | (?P<number>(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?%?)
      | (?P<name>[^\W\d]\w*(?:\.[^\W\d]\w*)*)
      | (?P<text>"[^"]*")
      | (?P<op>==|!=|<=|>=|\*\*|&&|\|\||[-+*/^=<>(){},])
      | (?P<space>\s+)""",
    re.VERBOSE,
)


@dataclass(frozen=True)
class Token:
    """A word: its kind (`number date name word text op end`), its text and its place; a `text` keeps its quotes."""

    kind: str
    text: str
    where: Where


def problem(code: str, message: str, where: Where = NOWHERE, **details: Any) -> ScenarioError:
    """One diagnostic as an exception."""
    return ScenarioError([complete(Diagnostic(code=code, message=message, where=where, **details))])


def shown(text: str, width: int = 60) -> str:
    """Text for a message: one line, cut when long; a character that cannot be seen stands as a question mark."""
    flat = "".join(c if c.isprintable() else "?" for c in " ".join(text.split()))
    return flat if len(flat) <= width else flat[: width - 1] + "…"


def place(text: str, start: Where, offset: int) -> Where:
    """Where the character `offset` of a text stands that begins at `start`; what a block made has one place only."""
    if not start.line or start.block:
        return start
    before = text[:offset]
    lines = before.count("\n")
    if lines:
        return Where(start.file, start.line + lines, offset - before.rfind("\n"))
    return Where(start.file, start.line, start.column + offset)


def tokens(text: str, where: Where = NOWHERE) -> list[Token]:
    """The words of an expression, closed by a token of kind `end`.

    Raises:
        ScenarioError: S201 too long, S202 a character that belongs to nothing, S208 not a number or a date.
    """
    if len(text) > LONGEST:
        raise problem("S201", f"this expression has {len(text)} characters; {LONGEST} are allowed", where)
    found: list[Token] = []
    at = 0
    while at < len(text):
        match = _PATTERN.match(text, at)
        here = place(text, where, at)
        if match is None and text[at].isdigit():
            fix = "Write numbers in the digits 0 to 9."
            raise problem("S208", f"{text[at]!r} is a digit of another script", here, fix=fix)
        if match is None:
            raise problem("S202", f"the character {text[at]!r} has no meaning in an expression", here)
        kind, word = str(match.lastgroup), match.group()
        at = match.end()
        if kind == "space":
            continue
        if kind in ("number", "date") and at < len(text) and (text[at].isalnum() or text[at] in "_."):
            whole = re.match(r"[\w.]*", text[match.start() :])
            said = whole.group() if whole is not None else word
            raise problem("S208", f"`{shown(said)}` is neither a number nor a name", here)
        if kind == "date":
            _check_date(word, here)
        if kind == "text":
            word = " ".join(word.split())
        if kind == "op":
            word = {"==": "=", "**": "^", "&&": "and", "||": "or"}.get(word, word)
        if (kind == "name" and word in WORDS) or word in ("and", "or"):
            kind = "word"
        found.append(Token(kind, word, here))
    found.append(Token("end", "", place(text, where, len(text))))
    return found


def plain_word(text: str) -> bool:
    """Whether a text is a single name, number or date."""
    match = _PATTERN.fullmatch(text)
    return match is not None and match.lastgroup in ("date", "number", "name")


def _check_date(word: str, here: Where) -> None:
    import datetime as dt

    try:
        dt.date.fromisoformat(word if len(word) == 10 else word + "-01")
    except ValueError:
        raise problem("S208", f"`{word}` looks like a date, but there is no such day", here) from None
