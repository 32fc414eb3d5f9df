"""The words of a game file, one after the other, each with its place.

White space means nothing outside of quotes. In a quoted label a backslash before a quote makes the quote part of
the label, and every other backslash stands for itself.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, NoReturn

from winset.base.diagnostics import Diagnostic, Where
from winset.base.errors import ScenarioError
from winset.tree.numbers import parse_number

_LABEL = re.compile(r'"((?:[^"\\]++|\\"|\\(?!"))*+)"')
_TOKEN = re.compile(r'[\s]*+(?:([{},])|(")|([^\s{},"]++))?')
_SPACE = re.compile(r"\s*+")
_SHOWN = 40


@dataclass(frozen=True, slots=True)
class Token:
    """One word of a file: `kind` is "{", "}", ",", "label", "word" or "end"; `at` its offset in the text."""

    kind: str
    text: str
    at: int


def unescaped(raw: str) -> str:
    """A label from what stands between its quotes."""
    return raw.replace('\\"', '"') if "\\" in raw else raw


class Scanner:
    """Reads a text from left to right, one token ahead."""

    def __init__(self, text: str, file: str) -> None:
        self.text = text
        self.file = file
        self.end = 0
        """Offset behind the token ahead."""
        self.ahead: Token = Token("end", "", 0)
        self.jump(0)

    def jump(self, offset: int) -> None:
        """Goes on from an offset."""
        self.end = offset
        self.ahead = self._token()

    def _token(self) -> Token:
        found = _TOKEN.match(self.text, self.end)
        assert found is not None
        kind = found.lastindex
        self.end = found.end()
        if kind is None:
            return Token("end", "", self.end)
        at = found.start(kind)
        if kind == 1:
            return Token(found[1], found[1], at)
        if kind == 3:
            return Token("word", found[3], at)
        label = _LABEL.match(self.text, at)
        if label is None:
            self.fail("X104", "this label has no end", at, why="a label stands between two quotation marks",
                      example={"right": '"a label"'},
                      fix='close it with `"`; a quotation mark inside a label is written `\\"`, and no label can '
                          "end in a backslash")  # fmt: skip
        self.end = label.end()
        return Token("label", unescaped(label[1]), at)

    def take(self) -> Token:
        """The token ahead; the next one is then ahead."""
        token = self.ahead
        self.ahead = self._token()
        return token

    def want(self, kind: str, what: str, example: str) -> Token:
        """The token ahead if it is of this kind; otherwise an error that says what was expected."""
        if self.ahead.kind != kind:
            self.expected(what, example)
        return self.take()

    def labels(self, what: str, example: str) -> tuple[str, ...]:
        """Labels in braces, at least one."""
        self.want("{", f"`{{` before {what}", example)
        found = []
        while self.ahead.kind == "label":
            found.append(self.take().text)
        if not found:
            self.expected(f"one of {what} in quotes", example)
        self.want("}", f"one of {what} in quotes, or `}}` after the last one", example)
        return tuple(found)

    def expected(self, what: str, example: str) -> NoReturn:
        """An error: something else stands here than what must."""
        token = self.ahead
        if token.kind == "end":
            self.fail("X106", f"the file ends where {what} was expected", token.at, example={"complete": example},
                      why="what is missing cannot be guessed",
                      fix="add it, or look whether the file was cut off")  # fmt: skip
        self.fail("X103", f"expected {what}, found {shown(token)}", token.at, example={"right": example},
                  why="the format has one thing at each place",
                  fix="write it here, or remove what is too much")  # fmt: skip

    def whole(self, what: str, example: str, least: int = 0) -> tuple[int, int]:
        """A whole number ahead and its place."""
        token = self.want("word", what, example)
        if not (token.text.isascii() and token.text.isdigit()) or len(token.text) > 18 or int(token.text) < least:
            self.fail("X105", f"{what} is a whole number from {least}, not `{cut(token.text)}`", token.at,
                      example={"right": example}, why="players, information sets and outcomes are counted",
                      fix="correct the number, or add what is missing before it")  # fmt: skip
        return int(token.text), token.at

    def number(self, what: str, example: str) -> tuple[Fraction, int]:
        """A number ahead and its place."""
        token = self.want("word", what, example)
        try:
            return parse_number(token.text), token.at
        except ValueError as reason:
            self.fail("X105", f"{what}: `{cut(token.text)}` {reason}", token.at, example={"right": "3, -0.25, 1/3"},
                      why="payoffs and probabilities are finite numbers",
                      fix="write it as a whole number, a decimal or a fraction of whole numbers")  # fmt: skip

    def where(self, at: int) -> Where:
        """The place of an offset; white space there is passed over."""
        at += len(_SPACE.match(self.text, at)[0])  # type: ignore[index]
        line = self.text.count("\n", 0, at) + 1
        return Where(self.file, line, at - (self.text.rfind("\n", 0, at) + 1) + 1)

    def fail(self, code: str, message: str, at: int, *, other: int | None = None, **details: Any) -> NoReturn:
        """Raises the one error that a file is refused with."""
        conflict = None if other is None else self.where(other)
        raise ScenarioError(
            [Diagnostic(code=code, message=message, where=self.where(at), conflicts_with=conflict, **details)]
        )


def shown(token: Token) -> str:
    """A token as an error quotes it."""
    if token.kind == "label":
        return f'the label "{cut(token.text)}"'
    return f"`{cut(token.text)}`"


def cut(text: str) -> str:
    """A text short enough for a message, on one line."""
    text = " ".join(text.split()) if any(c.isspace() for c in text) else text
    text = "".join(c if c.isprintable() else "�" for c in text)
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


def text_of(source: str | bytes | Path, file: str = "") -> tuple[str, str]:
    """The text of a file and the name to call it by.

    Args:
        source: a path, or the text itself, or its bytes.
        file: name for errors, where the text itself is given.

    Raises:
        ScenarioError: the file cannot be read, or is no UTF-8 text.
    """
    if isinstance(source, Path):
        file = file or str(source)
        try:
            source = source.read_bytes()
        except OSError as reason:
            raise ScenarioError([Diagnostic(
                code="X101", message=f"the file cannot be read: {reason.strerror}", where=Where(file),
                why="nothing else says what the game is", fix="check its path and whether you may read it",
            )]) from None  # fmt: skip
    if isinstance(source, str):
        return source, file
    try:
        return source.decode("utf-8-sig"), file
    except UnicodeDecodeError as reason:
        before = source[: reason.start]
        place = Where(file, before.count(b"\n") + 1, len(before) - before.rfind(b"\n"))
        raise ScenarioError([Diagnostic(
            code="X101", message=f"the file is not UTF-8 text: byte {source[reason.start]:#04x} cannot stand here",
            where=place, why="labels are kept letter for letter, and another encoding would have to be guessed",
            fix="save it as UTF-8",
        )]) from None  # fmt: skip
