"""Putting what a block makes beside what stands there already; nothing is ever overwritten."""

from __future__ import annotations

from winset.language.blocks.making import FAR, mapping, scalar
from winset.language.document import Tree
from winset.language.reader import Reader, is_quantity

OWN = "own"
"""The label that an unlabelled payment gets when a block adds its own beside it."""


def child(node: Tree, key: str) -> Tree | None:
    """The value of a keyword; built in Python, a keyword may have underscores for its spaces."""
    return next((value for name, value in node.entries if key in (name.text, name.text.replace("_", " "))), None)


def opened(node: Tree) -> bool:
    """True for a mapping; what is empty becomes one."""
    if node.kind == "scalar" and node.empty:
        node.kind, node.flow, node.text, node.raw = "map", True, "", ""
    return node.kind == "map"


def inner(node: Tree, key: str, made: Tree, *, flow: bool = True) -> Tree | None:
    """The mapping under a key, which is added where it lacks; None where something else stands there."""
    if not opened(node):
        return None
    found = child(node, key)
    if found is None:
        found = mapping(made.where)
        found.flow = flow
        node.entries.append((scalar(key, made.where), found))
    return found if opened(found) else None


def add_payment(reader: Reader, pays: Tree, player: str, label: str, amount: Tree) -> None:
    """Adds a labelled payment to what a player is paid; B906 where the label is taken."""
    now = pays.get(player)
    if now is None:
        part = mapping(amount.where, [(label, amount)])
        pays.entries.append((scalar(player, amount.where), part))
        return
    if now.kind == "scalar" or is_quantity(now):
        old = Tree(**vars(now))
        now.kind, now.text, now.raw, now.flow, now.items = "map", "", "", True, []
        now.quoted, now.style = False, ""
        now.entries = [(Tree(kind="scalar", where=old.where, text=OWN, raw=OWN, span=FAR), old)]
    other = next((key for key, _ in now.entries if key.text == label), None)
    if other is not None:
        text = f"the block `{label}` pays `{player}` under its name, and a payment of that name stands there"
        reader.report("B906", text, amount.where, conflicts_with=other.where)
        return
    now.entries.append((scalar(label, amount.where), amount))


def add_assignment(reader: Reader, then: Tree, variable: str, value: Tree, what: str) -> None:
    """Adds an assignment to an effect; B907 where the variable is assigned already."""
    other = next((key for key, _ in then.entries if key.text == variable), None)
    if other is not None:
        text = f"the block `{value.where.block}` assigns `{variable}` in {what}, which assigns it already"
        reader.report("B907", text, value.where, conflicts_with=other.where)
        return
    then.entries.append((scalar(variable, value.where), value))


def add_names(
    reader: Reader, root: Tree, key: str, entries: dict[str, tuple[Tree, Tree]], sort: str, *, flow: bool = False
) -> None:
    """Adds named elements to a section, in order of name; B906 where a name is taken."""
    if not entries:
        return
    section = inner(root, key, next(iter(entries.values()))[0], flow=flow)
    if section is None:
        return
    for name, (label, value) in sorted(entries.items()):
        other = next((k for k, _ in section.entries if k.text == name), None)
        if other is not None:
            text = f"the block makes the {sort} `{name}`, and there is one already"
            reader.report("B906", text, label.where, conflicts_with=other.where)
        else:
            section.entries.append((label, value))
