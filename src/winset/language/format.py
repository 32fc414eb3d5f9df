"""The canonical text of a scenario: keys in the order of the field table, expressions in one style, comments kept.

Brackets stay brackets where they fit the line, and become blocks where they do not; blocks stay blocks.
Formatting the formatted text changes nothing, and reading it gives an equal scenario.
"""

from __future__ import annotations

import json
import textwrap

from winset.base.errors import ScenarioError
from winset.language.comments import Comments, gather
from winset.language.document import Tree, compose
from winset.language.expr import Number
from winset.language.fields import SECTIONS, Field
from winset.language.parser import parse_expression
from winset.language.printing import show
from winset.language.reader import is_quantity

WIDTH = 120
_EXPRESSIONS = ("expression", "own:expressions", "own:probability", "own:pays", "own:then", "own:becomes", "own:start",
                "own:starts", "own:priors", "own:steps", "own:missed")  # fmt: skip


def format_text(text: str, *, file: str = "") -> str:
    """The canonical form of a scenario's text; `file` is the name that diagnostics give.

    Raises:
        ScenarioError: the text is not YAML of the language.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff")
    root = compose(text, file)
    comments = gather(text, root)
    ordered(root)
    formatted = written(root, comments)
    return formatted if _means(root, formatted) else text


def written(root: Tree, comments: Comments) -> str:
    """The text of a tree; sections are written in the order in which their keys stand."""
    lines = _Writer(comments).block(root, 0, top=True)
    lines += comments.last
    return "\n".join(line.rstrip() for line in lines).strip("\n") + "\n"


def ordered(root: Tree) -> None:
    """Puts the keys of a whole document in canonical order and its expressions in style."""
    if root.kind == "map":
        _section(root, "scenario")


def _means(root: Tree, formatted: str) -> bool:
    """True when a text says what a tree says; what cannot be laid out faithfully is better left alone."""
    try:
        return _content(compose(formatted, "")) == _content(root)
    except ScenarioError:
        return False


def _content(node: Tree) -> object:
    if node.empty:
        return None
    if node.kind == "scalar":
        return node.text.rstrip("\n")
    return [_content(item) for item in node.items] or [(key.text, _content(value)) for key, value in node.entries]


def _section(node: Tree, name: str) -> None:
    """Puts a section's keys in order and its expressions in style."""
    if node.kind != "map":
        if node.kind == "scalar" and node.empty and name in ("action", "outcome", "player"):
            node.kind, node.flow = "map", True
        return
    if name in ("action", "outcome") and not _belongs(node, name):
        for _, value in node.entries:
            _section(value, name)
        return
    table = {f.key: f for f in SECTIONS[name].fields}
    for key, _ in node.entries:
        if key.text not in table and key.text.replace("_", " ") in table:
            key.text = key.text.replace("_", " ")
    order = {key: i for i, key in enumerate(table)}
    node.entries.sort(key=lambda entry: order.get(entry[0].text, len(order)))
    for key, value in node.entries:
        if key.text in table:
            _field(value, table[key.text])


def _belongs(node: Tree, name: str) -> bool:
    """True for an action itself; False for the actions of a player at a joint move."""
    keys = SECTIONS[name].keys
    return not node.entries or all(key.text in keys for key, _ in node.entries)


def _field(node: Tree, field: Field) -> None:
    kind, _, rest = field.kind.partition(":")
    if kind == "one":
        _section(node, rest)
    elif kind == "list":
        for item in node.items:
            _section(item, "placement" if item.get("block") is not None else rest)
    elif kind == "map" or field.kind in ("own:actions", "own:signals"):
        inner = {"actions": "action", "signals": "outcome"}.get(rest, rest)
        for _, value in node.entries:
            if inner == "question" and value.kind == "scalar":
                continue
            _section(value, inner)
    elif field.kind == "own:hypotheses":
        _hypotheses(node)
    elif field.kind == "own:observed":
        _observed(node)
    elif field.kind in _EXPRESSIONS or (field.kind == "events" and node.kind == "map"):
        _expressions(node, shifts=field.kind == "own:then")


def _hypotheses(node: Tree) -> None:
    """Each set: the types of a player, or names with their variants."""
    for _, group in node.entries:
        for key, value in group.entries:
            if key.text == "types_of":
                key.text = "types of"
            if value.kind == "map":
                _section(value, "hypothesis")


def _observed(node: Tree) -> None:
    """Moves in their order, and what holds for all of them where it stands."""
    own = SECTIONS["observed"].keys
    for key, value in node.entries:
        if key.text.replace("_", " ") in own:
            key.text = key.text.replace("_", " ")
            _expressions(value)
        else:
            _section(value, "observed_move")


def _expressions(node: Tree, *, shifts: bool = False) -> None:
    """Every scalar below a node is an expression; a quantity keeps its own order."""
    if is_quantity(node):
        _section(node, "parameter")
        return
    for _, value in node.entries:
        _expressions(value, shifts=shifts)
    if node.kind != "scalar" or node.empty or node.text == "rest":
        return
    words = node.text.split(None, 1)
    lead = ""
    body = node.raw
    if shifts and len(words) == 2 and words[0] in ("up", "down"):
        lead, body = words[0] + " ", words[1]
    try:
        tree = parse_expression(body)
    except ScenarioError:
        return
    if isinstance(tree, Number) and not lead:
        return
    node.text = lead + show(tree)
    node.quoted, node.style = False, ""


class _Writer:
    """Lays the tree out."""

    def __init__(self, comments: Comments) -> None:
        self.comments = comments

    def block(self, node: Tree, indent: int, *, top: bool = False) -> list[str]:
        """The lines of a mapping or list in block style."""
        lines: list[str] = []
        spaces = " " * indent
        parts = [(key, value) for key, value in node.entries] or [(item, item) for item in node.items]
        for number, (anchor, value) in enumerate(parts):
            if node.kind == "list" and value.kind == "map" and value.entries:
                anchor = min((key for key, _ in value.entries), key=lambda key: key.span)
            remarks = self.comments.get(anchor)
            above, beside, blank = remarks.above, remarks.beside, remarks.blank
            remarks.above, remarks.beside, remarks.blank = [], "", False
            entry = self.entry(anchor, value, indent) if node.kind == "map" else self.item(value, indent)
            if number and (blank or (top and (len(entry) > 1 or (lines and lines[-1].startswith((" ", "-")))))):
                lines.append("")
            lines += [spaces + text for text in above]
            if beside:
                entry[0] += "  " + beside
            lines += entry
        return lines

    def entry(self, key: Tree, value: Tree, indent: int) -> list[str]:
        """The lines of `key: value`."""
        head = " " * indent + _scalar(key, flow=False) + ":"
        line = self.line(value, indent + len(head.strip()) + 2)
        if line is not None:
            return [f"{head} {line}" if line else head]
        if value.kind == "scalar":
            return _folded(head, value, indent)
        if value.kind == "list":
            return [head, *self.block(value, indent + 2)]
        return [head, *self.block(value, indent + 2)]

    def item(self, value: Tree, indent: int) -> list[str]:
        """The lines of `- value`."""
        head = " " * indent + "-"
        line = self.line(value, indent + 2)
        if line is not None:
            return [f"{head} {line}"]
        if value.kind == "scalar":
            return _folded(head, value, indent)
        lines = self.block(value, indent + 2)
        while lines and not lines[0].strip():
            lines.pop(0)
        lead = [i for i, line in enumerate(lines) if not line.strip().startswith("#")][:1]
        if lead and lead[0] > 0:
            return [head, *lines]
        return [head + " " + lines[0][indent + 2 :], *lines[1:]]

    def line(self, node: Tree, used: int) -> str | None:
        """The node on one line, or None where it must be a block."""
        if node.kind == "scalar":
            if node.style in ("|", ">") and "\n" in node.text.strip("\n"):
                return None
            if node.style == "|":
                return None
            text = _scalar(node, flow=False)
            if used + len(text) > WIDTH >= used + len(node.text) and _plain(node.text, False):
                text = node.text  # fits without its quotes, and would be written so from a block
            return text if used + len(text) <= WIDTH or not _foldable(node) else None
        if not node.items and not node.entries:
            return "[]" if node.kind == "list" else "{}"
        if not node.flow or self.comments.inside(node):
            return None
        flat = _flow(node)
        return flat if flat is not None and used + len(flat) <= WIDTH else None


def _flow(node: Tree) -> str | None:
    """The node in brackets, or None where something in it needs lines of its own."""
    if node.kind == "scalar":
        return None if "\n" in node.text.strip("\n") else _scalar(node, flow=True)
    if node.kind == "list":
        items = [_flow(item) or (None if item.kind != "scalar" else "null") for item in node.items]
        return None if None in items else "[" + ", ".join(str(i) for i in items) + "]"
    parts = []
    for key, value in node.entries:
        inner = _flow(value)
        if inner is None:
            return None
        parts.append(f"{_scalar(key, flow=True)}: {inner or 'null'}")
    return "{" + ", ".join(parts) + "}"


def _foldable(node: Tree) -> bool:
    """True for a text that can be broken at its spaces without changing it."""
    return " " in node.text and node.text == " ".join(node.text.split())


def _folded(head: str, node: Tree, indent: int) -> list[str]:
    """A long or many-lined text as a block scalar."""
    spaces = " " * (indent + 2)
    if _foldable(node):
        wrapped = textwrap.wrap(node.text, WIDTH - indent - 2, break_long_words=False, break_on_hyphens=False)
        return [f"{head} >-", *(spaces + line for line in wrapped)]
    body = node.text
    if body != body.lstrip() or "\t" in body or (not body.isprintable() and not body.replace("\n", "").isprintable()):
        return [f"{head} {json.dumps(body, ensure_ascii=True)}"]
    keep = "" if body.endswith("\n") and not body.endswith("\n\n") else "+" if body.endswith("\n") else "-"
    inner = body.removesuffix("\n") if keep != "-" else body
    return [f"{head} |{keep}", *((spaces + line if line else "") for line in inner.split("\n"))]


def _scalar(node: Tree, *, flow: bool) -> str:
    """A scalar on one line."""
    text = node.text
    if text == "" and not node.quoted:
        return ""
    keep = node.style in ("'", '"') and (_plain_word(text) or " " in text)
    if keep or not _plain(text, flow):
        return json.dumps(text, ensure_ascii=not text.isprintable())
    return text


def _plain_word(text: str) -> bool:
    """True for a text that unquoted would mean something else."""
    if text in ("", "~", "null", "true", "false"):
        return True
    try:
        float(text)
    except ValueError:
        return False
    return True


def _plain(text: str, flow: bool) -> bool:
    """True for a text that needs no quotes."""
    if not text or text != text.strip() or not text.isprintable() or text.startswith(("---", "...")):
        return False
    if text[0] in "!&*%@`'\"|>#,[]{}" or (text[0] in "-?:" and (len(text) == 1 or text[1] in " ,[]{}")):
        return False
    if ": " in text or " #" in text or text.endswith(":"):
        return False
    return not (flow and any(c in ",[]{}:?" for c in text))
