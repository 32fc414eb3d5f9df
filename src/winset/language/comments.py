"""Where the comments and blank lines of a scenario's text belong, so that `format` can keep them."""

from __future__ import annotations

import bisect
from dataclasses import dataclass, field

from winset.language.document import Tree


@dataclass
class Remarks:
    """What belongs to one key or list item: comments above it, one beside it, a blank line before it."""

    above: list[str] = field(default_factory=list)
    beside: str = ""
    blank: bool = False


@dataclass
class Comments:
    """The remarks of every key and item, by the node's identity, and the comments after the last.

    Nodes with remarks are held: another node could else come to have the identity of one that was let go."""

    of: dict[int, Remarks]
    last: list[str]
    held: list[Tree] = field(default_factory=list)

    def get(self, node: Tree) -> Remarks:
        """The remarks of a key or an item."""
        if id(node) not in self.of:
            self.of[id(node)] = Remarks()
            self.held.append(node)
        return self.of[id(node)]

    def inside(self, node: Tree) -> bool:
        """True when something below a node has comments."""
        for part in _anchors(node):
            remarks = self.of.get(id(part))
            if remarks is not None and (remarks.above or remarks.beside):
                return True
        return False


def _anchors(root: Tree) -> list[Tree]:
    """The keys, and the items that are no mappings (a mapping's first key stands for it), in order."""
    found: list[Tree] = []
    todo = [root]
    while todo:
        node = todo.pop()
        for key, value in node.entries:
            found.append(key)
            todo.append(value)
        for item in node.items:
            if item.kind != "map" or not item.entries:
                found.append(item)
            todo.append(item)
    return sorted(found, key=lambda n: n.span)


def _scalars(root: Tree) -> list[Tree]:
    found, todo = [], [root]
    while todo:
        node = todo.pop()
        if node.kind == "scalar":
            found.append(node)
        for key, value in node.entries:
            todo += [key, value]
        todo += node.items
    return sorted(found, key=lambda n: n.span)


def gather(text: str, root: Tree) -> Comments:
    """Finds every comment of a text and what it belongs to."""
    anchors = _anchors(root)
    starts = [a.span[0] for a in anchors]
    comments = Comments({}, [])
    pending: list[str] = []
    blank = False
    was_blank = False
    at = 0
    scalars = _scalars(root)
    spans = [s.span for s in scalars]
    for line in text.splitlines(keepends=True):
        mark = _comment(text, at, line, scalars, spans)
        first = bisect.bisect_left(starts, at)
        here = anchors[first : bisect.bisect_left(starts, at + len(line))]
        bare = line[: mark - at].strip() if mark >= 0 else line.strip()
        if mark >= 0 and not bare:
            blank = blank or (was_blank and not pending)
            pending.append(line[mark - at :].rstrip())
        elif here:
            remarks = comments.get(here[0])
            remarks.above += pending
            remarks.blank = blank or (was_blank and not pending)
            pending, blank = [], False
        if mark >= 0 and bare:
            target = here[0] if here else anchors[first - 1] if first else None
            if target is not None:
                remarks = comments.get(target)
                said = line[mark - at :].rstrip()
                remarks.beside = f"{remarks.beside} {said.lstrip('# ')}" if remarks.beside else said
        was_blank = not line.strip()
        at += len(line)
    comments.last = pending
    return comments


def _comment(text: str, at: int, line: str, scalars: list[Tree], spans: list[tuple[int, int]]) -> int:
    """The offset of the line's comment, or -1."""
    for i, character in enumerate(line):
        if character != "#" or (i and line[i - 1] not in " \t"):
            continue
        offset = at + i
        number = bisect.bisect_right(spans, (offset, len(text) + 1)) - 1
        while number >= 0 and spans[number][0] == spans[number][1]:
            number -= 1
        if number >= 0 and spans[number][0] <= offset < spans[number][1]:
            block = scalars[number].style in ("|", ">")
            if not (block and "\n" not in text[spans[number][0] : offset]):
                continue
        return offset
    return -1
