"""The YAML events of a text, from ruamel.yaml with its most frequent steps shortened.

The classes do what those of ruamel.yaml do, event by event and mark by mark: text without a line break is passed,
and the words of an unquoted text are found, in one step instead of one for each character; and what is asked of the
loader, or of an empty table, for every token is not asked again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.parser import Parser
from ruamel.yaml.reader import Reader
from ruamel.yaml.scanner import Scanner
from ruamel.yaml.tokens import ScalarToken

_BREAK = re.compile("[\n\r\ufeff]")
"""What moves the place in a text otherwise than by one column."""

_GAP = r" \n\0\t\r\x85\u2028\u2029"
_WORD = r"(?!#)(?:[^:%s]+|:(?![%s]))+"
_IN_BLOCK = re.compile("{0}(?: +{0})*".format(_WORD % (_GAP, _GAP)))
_IN_FLOW = re.compile("{0}(?: +{0})*".format(_WORD % (_GAP + r",\[\]{}", _GAP)))
"""The words of an unquoted text that stand on one line, outside and inside brackets."""


def events(text: str) -> Iterator[Any]:
    """The YAML 1.2 events of a text, in order.

    Raises:
        YAMLError: the text is no YAML; of the kinds of ruamel.yaml, with its marks.
    """
    loader = YAML(typ="safe", pure=True)
    loader.version = (1, 2)
    loader.Reader, loader.Scanner, loader.Parser = _Reader, _Scanner, _Parser
    found: Iterator[Any] = loader.parse(text)
    return found


class _Reader(Reader):
    def forward(self, length: int = 1) -> None:
        end = self.pointer + length
        if end + 1 >= len(self.buffer) or _BREAK.search(self.buffer, self.pointer, end):
            super().forward(length)
        else:
            self.pointer = end
            self.index += length
            self.column += length


class _Scanner(Scanner):
    reader: Any = None  # a property there, which asks the loader

    def __init__(self, loader: Any = None) -> None:
        self.reader = loader.reader
        super().__init__(loader)

    def check_token(self, *choices: Any) -> bool:
        while self.need_more_tokens():
            self.fetch_more_tokens()
        return bool(self.tokens) and (not choices or isinstance(self.tokens[0], choices))

    def need_more_tokens(self) -> bool:
        if self.done or not self.tokens:
            return not self.done
        if not self.possible_simple_keys:
            return False
        self.stale_possible_simple_keys()
        return bool(self.next_possible_simple_key() == self.tokens_taken)

    def scan_plain(self) -> Any:
        if self.yaml_version is not None:  # YAML 1.1 reads a question mark otherwise
            return super().scan_plain()
        reader, words = self.reader, _IN_FLOW if self.flow_context else _IN_BLOCK
        start = end = reader.get_mark()
        indent = self.indent + 1
        chunks: list[str] = []
        spaces: list[str] | None = []
        while match := words.match(reader.buffer, reader.pointer):
            self.allow_simple_key = False
            chunks += (*(spaces or ()), match.group())
            reader.forward(len(match.group()))
            end = reader.get_mark()
            spaces = self.scan_plain_spaces(indent, start)
            if not spaces or (not self.flow_context and reader.column < indent):
                break
        return ScalarToken("".join(chunks), True, start, end)


class _Parser(Parser):
    scanner: Any = None  # a property there, which asks the loader

    def __init__(self, loader: Any) -> None:
        self.scanner = loader.scanner
        super().__init__(loader)
