"""From a file, or from Python dictionaries, to one tree of nodes that know their place.

The YAML 1.2 events of ruamel.yaml are read one by one, so that the raw text of
every scalar and the line and column of every key survive, nothing is built by
tags, nesting is bounded without recursion, and anchors are refused before they
can multiply.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from winset.base.diagnostics import Where
from winset.language.lexer import problem, shown

LARGEST = 1_000_000
"""Bytes that a scenario may have."""

DEEPEST = 24
"""Levels of nesting of a scenario."""

MOST = 12_000
"""Nodes of a scenario."""


@dataclass(eq=False, kw_only=True)
class Tree:
    """A node: a scalar, a list or a mapping.

    Attributes:
        kind: *scalar*, *list* or *map*.
        where: the place of its first character.
        text: a scalar's value; `raw` is its text as written where that differs in line breaks only.
        quoted: a scalar written in quotes, or as a block.
        items: a list's items.
        entries: a mapping's (key, value) pairs; keys are scalars.
        style: how a scalar is quoted; `flow` is True for a list or mapping in brackets.
        span: offsets of its first character and of the one after its last, in the file's text.
    """

    kind: str
    where: Where
    text: str = ""
    raw: str = ""
    quoted: bool = False
    items: list[Tree] = field(default_factory=list)
    entries: list[tuple[Tree, Tree]] = field(default_factory=list)
    span: tuple[int, int] = (0, 0)
    style: str = ""
    flow: bool = False

    @property
    def empty(self) -> bool:
        """True for nothing at all: an absent value, `null`, `{}`, `[]`."""
        if self.kind == "scalar":
            return not self.quoted and self.text in ("", "~", "null")
        return not self.items and not self.entries

    def get(self, key: str) -> Tree | None:
        """The value of a key, if it is there."""
        for name, value in self.entries:
            if name.text == key:
                return value
        return None


def compose(text: str, file: str, *, most: int = MOST) -> Tree:
    """The tree of a YAML text of at most `most` nodes.

    Raises:
        ScenarioError: S101 too large, S102 not YAML, S103 anchors or tags, S104 a key twice, S105 nested too
            deeply or too many nodes, S106 a key that is no name, S107 empty or more than one document.
    """
    if len(text) > LARGEST or len(text.encode("utf-8", "surrogatepass")) > LARGEST:
        raise problem("S101", f"the file has more than {LARGEST:,} bytes", Where(file, 1, 1))
    _clean(text, file)
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    reader = YAML(typ="safe", pure=True)
    reader.version = (1, 2)
    try:
        return _gather(reader.parse(text), text, file, most)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        if error.context_mark is not None and re.search("end of stream|stream end", str(error.problem)):
            mark = error.context_mark  # what was never closed, not the end of the file
        where = Where(file, mark.line + 1, mark.column + 1) if mark is not None else Where(file, 1, 1)
        said = " ".join(str(part) for part in (error.context, error.problem) if part)
        raise problem("S102", f"this is not YAML: {shown(said, 120)}", where) from None
    except YAMLError as error:
        raise problem("S102", f"this is not YAML: {shown(str(error), 120)}", Where(file, 1, 1)) from None
    except (ValueError, IndexError, KeyError, AttributeError, TypeError, AssertionError, OverflowError) as error:
        raise problem("S102", f"this is not YAML: {shown(str(error), 120)}", Where(file, 1, 1)) from None


def _gather(events: Any, text: str, file: str, most: int) -> Tree:
    """Builds the tree without recursion."""
    root: Tree | None = None
    stack: list[Tree] = []
    keys: list[Tree | None] = []
    told: list[dict[str, Tree]] = []
    count = 0
    for event in events:
        kind = type(event).__name__
        if kind in ("StreamStartEvent", "StreamEndEvent", "DocumentEndEvent"):
            continue
        where = Where(file, event.start_mark.line + 1, event.start_mark.column + 1)
        if kind == "DocumentStartEvent":
            if root is not None:
                raise problem("S107", "a scenario is one YAML document; here a second one begins", where)
            continue
        if kind in ("SequenceEndEvent", "MappingEndEvent"):
            done = stack.pop()
            keys.pop()
            told.pop()
            done.span = (done.span[0], event.end_mark.index)
            continue
        if kind == "AliasEvent" or getattr(event, "anchor", None):
            raise problem("S103", "anchors (&) and aliases (*) are not part of the language", where)
        tag = getattr(event, "tag", None)
        if tag is not None and str(tag) not in ("", "!"):
            raise problem("S103", f"tags such as `{shown(str(tag), 30)}` are not part of the language", where)
        count += 1
        if count > most:
            raise problem("S105", f"the file has more than {most:,} nodes", where)
        node = _node(event, kind, where, text)
        if stack and (key := keys[-1]) is not None and node.kind == "scalar" and node.empty and not node.raw:
            node.where = key.where  # nothing stands there: the parser's place is that of what comes next
        if not stack:
            root = node
        elif stack[-1].kind == "list":
            stack[-1].items.append(node)
        elif keys[-1] is None:
            keys[-1] = _key(node, told[-1])
        else:
            stack[-1].entries.append((keys[-1], node))
            keys[-1] = None
        if node.kind != "scalar":
            if len(stack) >= DEEPEST:
                raise problem("S105", f"the file is nested more than {DEEPEST} levels deep", where)
            stack.append(node)
            keys.append(None)
            told.append({})
    if root is None:
        raise problem("S107", "the file is empty", Where(file, 1, 1))
    return root


_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]"
)
"""Characters that change what a terminal or a page shows without being seen themselves."""


def _clean(text: str, file: str) -> None:
    """Makes sure that every character of a file can be seen, and that lines end where an editor ends them.

    Raises:
        ScenarioError: S112 with the exact place; a mark of the byte order may lead.
    """
    found = _UNSEEN.search(text.replace("\r", "\n"), 1 if text.startswith("\ufeff") else 0)
    if found:
        at = found.start()
        where = Where(file, text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at))
        raise problem("S112", f"the file holds the invisible character U+{ord(found.group()):04X}", where)


def seen(text: str, where: Where) -> str:
    """The text, if every character of it can be seen.

    Raises:
        ScenarioError: S112 it holds a control character, or one that turns the direction of writing.
    """
    found = _UNSEEN.search(text)
    if found:
        number = ord(found.group())
        raise problem("S112", f"a text holds the invisible character U+{number:04X}", where)
    return text


def _node(event: Any, kind: str, where: Where, text: str) -> Tree:
    span = (event.start_mark.index, event.end_mark.index)
    if kind == "SequenceStartEvent":
        return Tree(kind="list", where=where, span=span, flow=bool(event.flow_style))
    if kind == "MappingStartEvent":
        return Tree(kind="map", where=where, span=span, flow=bool(event.flow_style))
    style = event.style or ""
    value = seen(str(event.value), where)
    written = text[span[0] : span[1]]
    raw = value
    if style == "" and "\n" in written:
        raw = written
    elif style in ("'", '"'):
        where = Where(where.file, where.line, where.column + 1)
        raw = written[1:-1] if "\n" in written and "\\" not in written else value
    elif style in ("|", ">"):
        where = Where(where.file, where.line + 1, 1)
        raw = written.split("\n", 1)[1] if "\n" in written else value
    return Tree(kind="scalar", where=where, text=value, raw=raw, quoted=style != "", span=span, style=style)


def _key(node: Tree, told: dict[str, Tree]) -> Tree:
    """A key of a mapping whose other keys so far are `told`."""
    if node.kind != "scalar":
        raise problem("S106", "a key must be a name, not a list or a mapping", node.where)
    if node.text == "<<":
        raise problem("S103", "merge keys (<<) are not part of the language", node.where)
    if node.text in told:
        text = f"the key `{shown(node.text)}` stands here twice"
        raise problem("S104", text, node.where, conflicts_with=told[node.text].where)
    told[node.text] = node
    return node


@dataclass
class _Met:
    """What has been met of Python sections so far."""

    nodes: int = 0
    characters: int = 0

    def one(self, text: str, where: Where) -> None:
        """Counts a node, and its text if it is a scalar."""
        self.nodes += 1
        self.characters += len(text)
        if self.nodes > MOST:
            raise problem("S105", f"the sections have more than {MOST:,} nodes", where)
        if self.characters > LARGEST:
            raise problem("S101", f"the sections have more than {LARGEST:,} characters", where)


def from_python(value: Any, path: str = "", depth: int = 0, met: _Met | None = None) -> Tree:
    """The tree of nested dictionaries, lists and plain values; the place of a node is its path.

    Raises:
        ScenarioError: S101 too large, S104 a key twice, S105 nested too deeply (or endlessly) or too many nodes,
            S108 a value of a kind that has no meaning here, S112 an invisible character.
    """
    where, met = Where(path), met if met is not None else _Met()
    if depth > DEEPEST:
        raise problem("S105", f"the sections are nested more than {DEEPEST} levels deep", where)
    if isinstance(value, (Mapping, Sequence)) and not isinstance(value, str):
        met.one("", where)
    if isinstance(value, Mapping):
        node = Tree(kind="map", where=where)
        told: set[str] = set()
        for key, inner in value.items():
            name = _python_text(key, where)
            met.one(name, where)
            below = f"{path}.{name}" if path else name
            if name in told:
                raise problem("S104", f"the key `{shown(name)}` stands here twice", Where(below))
            told.add(name)
            label = Tree(kind="scalar", where=Where(below), text=name, raw=name)
            node.entries.append((label, from_python(inner, below, depth + 1, met)))
        return node
    if isinstance(value, Sequence) and not isinstance(value, (str, bytes)):
        items = [from_python(inner, f"{path}[{i}]", depth + 1, met) for i, inner in enumerate(value)]
        return Tree(kind="list", where=where, items=items)
    text = _python_text(value, where)
    met.one(text, where)
    return Tree(kind="scalar", where=where, text=text, raw=text, quoted=isinstance(value, str))


def _python_text(value: Any, where: Where) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return seen(value, where)
    if isinstance(value, dt.date):
        return value.isoformat()[:10]
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        raise problem("S108", f"a {type(value).__name__} has no meaning in a scenario", where) from None
    if not math.isfinite(number):
        raise problem("S108", f"{number} is not a number that can be used", where)
    return str(int(number)) if number == int(number) and abs(number) < 1e15 else repr(number)
