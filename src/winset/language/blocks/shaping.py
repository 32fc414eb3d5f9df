"""Draws that blocks add to a round: outcomes of chance moves, draws after actions, ratifications."""

from __future__ import annotations

from dataclasses import replace

from winset.base.diagnostics import Where
from winset.base.errors import ScenarioError
from winset.language.blocks.making import Block, Event, grouped, mapping, scalar
from winset.language.blocks.merging import opened
from winset.language.blocks.places import Places
from winset.language.document import MOST, Tree
from winset.language.lexer import LONGEST, problem
from winset.language.parser import parse_expression
from winset.language.reader import Reader, is_quantity, nearest

_EFFECT = ("pays", "then", "becomes")


def add_outcome(reader: Reader, moves: list[Tree], block: Block, into: Tree, label: str, outcome: Tree) -> None:
    """Adds an outcome to a chance move, before the one that takes the rest."""
    names = {named.text: item for item in moves if (named := item.get("move")) is not None}
    item = names.get(into.text)
    draw = item.get("outcomes") if item is not None else None
    if draw is None or draw.kind != "map":
        chance = [name for name, move in names.items() if move.get("outcomes") is not None]
        text = f"`{into.text}` is no chance move to which the block `{block.name}` could add an outcome"
        reader.report("B905", text, into.where, nearest=nearest(into.text, chance))
        return
    at = next((i for i, (_, node) in enumerate(draw.entries) if _is_rest(node.get("probability"))), len(draw.entries))
    draw.entries.insert(at, (scalar(label, block.where), outcome))


def add_draw(reader: Reader, places: Places, block: Block, event: Event, chance: str) -> None:
    """Adds to an action the draw whether it adds a level; B908 where it has a draw, or is no action."""
    where = replace(event.name.where, block=block.name)
    for target in places.find(event, block.name):
        if target.kind != "action" or target.node.get("chance") is not None:
            has = "has a draw already" if target.kind == "action" else "is itself the result of a draw"
            text = f"the block `{block.name}` adds a draw to {target.what}, which {has}"
            reader.report("B908", text, event.name.where)
        elif opened(target.node):
            raised = mapping(where, [(block.name, scalar("up 1", where))])
            rises = mapping(where, [("probability", scalar(chance, where)), ("then", raised)])
            stays = mapping(where, [("probability", scalar("rest", where))])
            draw = mapping(where, [(f"{block.name}_rises", rises), (f"{block.name}_stays", stays)])
            target.node.entries.append((scalar("chance", where), draw))


def ratify(reader: Reader, places: Places, block: Block, event: Event, chance: str) -> None:
    """Lets an agreement stand with a probability only; what follows from an action then follows if it is ratified."""
    where = replace(event.name.where, block=block.name)
    for target in places.find(event, block.name):
        draw = target.node.get("chance") if target.node.kind == "map" else None
        earlier = next((k for k, _ in draw.entries if k.text == f"{k.where.block}_ratified"), None) if draw else None
        if target.kind == "signal" or (draw is not None and earlier is None):
            has = "is a signal" if target.kind == "signal" else "has a draw already; name its outcomes"
            reader.report("B908", f"the block `{block.name}` ratifies {target.what}, which {has}", event.name.where)
        elif draw is not None and earlier is not None:
            _split(block, draw, earlier.text, chance, where)
        elif target.draw is not None:
            _split(block, target.draw, target.name, chance, where)
        elif opened(target.node):
            moved = [(key, value) for key, value in target.node.entries if key.text in _EFFECT]
            ratified = mapping(where, [("probability", scalar(chance, where))])
            ratified.entries += moved
            rest = _rejected(block, scalar("rest", where))
            draw = mapping(where, [(f"{block.name}_ratified", ratified), (f"{block.name}_rejected", rest)])
            kept = [entry for entry in target.node.entries if entry not in moved]
            target.node.entries = [*kept, (scalar("chance", where), draw)]


def _split(block: Block, draw: Tree, name: str, chance: str, where: Where) -> None:
    """Multiplies an outcome's probability by the chance; what is taken from it is a rejection."""
    if (id(draw), name) in block.made.full:
        return
    label = f"{block.name}_rejected"
    here = block.where
    node = next(value for key, value in draw.entries if key.text == name)
    rejected = draw.get(label)
    odds = node.get("probability")
    if odds is not None and len(odds.text) > LONGEST:  # reading it will say so
        return
    if _is_rest(odds):
        others = [_weight(value) for key, value in draw.entries if key.text != name]
        before = grouped(" - ".join(["1", *others]))
        left = "rest"
    else:
        before = _text(block, odds, name)
        condition = node.get("if")
        lost = f"{before} * (1 - {chance})"
        left = lost if condition is None else f"(if {_raw(condition)} then {lost} else 0)"
    kept = f"{before} * {chance}"
    if not _readable(block, kept, left, name, where):
        block.made.full.add((id(draw), name))
        return
    _replace(node, "probability", scalar(kept, here))
    if rejected is None:
        draw.entries.append((scalar(label, here), _rejected(block, scalar(left, here))))
        return
    had = rejected.get("probability")
    if had is not None and not _is_rest(had) and len(had.text) <= LONGEST:
        _replace(rejected, "probability", scalar(left if left == "rest" else f"{had.text} + {left}", here))


def _readable(block: Block, kept: str, left: str, name: str, where: Where) -> bool:
    """Whether the probabilities of a ratified outcome and of its rejection can still be read; else B911."""
    try:
        for text in (kept, left):
            if text != "rest":
                parse_expression(text)
    except ScenarioError as error:
        if error.diagnostics[0].code not in ("S201", "S205"):  # the author's own slip, said where it is read
            return True
        before = f"with the blocks before it, the block `{block.name}` makes the probability of `{name}` too large"
        block.reader.report("B911", f"{before} an expression", where)
        return False
    return True


def _weight(node: Tree) -> str:
    """The probability of an outcome where its condition may fail."""
    odds, condition = node.get("probability"), node.get("if")
    text = grouped(_raw(odds)) if odds is not None else "0"
    return text if condition is None else f"(if {_raw(condition)} then {text} else 0)"


def _text(block: Block, odds: Tree | None, name: str) -> str:
    """A probability that is multiplied; a quantity becomes a parameter."""
    if odds is None:
        return "0"
    return block.expression(odds, f"{name}_probability") if is_quantity(odds) else grouped(_raw(odds))


def _raw(node: Tree) -> str:
    return " ".join(node.raw.split())


def _rejected(block: Block, probability: Tree) -> Tree:
    got = block.part("rejected", "result") or {}
    return mapping(block.where, [
        ("probability", probability), ("pays", copied(block, block.value("pays", got))),
        ("then", copied(block, block.value("then", got))), ("note", block.value("note")),
    ])  # fmt: skip


def copied(block: Block, node: Tree | None) -> Tree | None:
    """The same tree again: what stands at several places must not be shared, since blocks add to it.

    Raises:
        ScenarioError: S105 the copies are more than a scenario may hold.
    """
    if node is None:
        return None
    block.made.copied += 1
    if block.made.copied > MOST:
        raise problem("S105", f"blocks repeat more than {MOST:,} nodes", node.where)
    return replace(
        node,
        items=[found for item in node.items if (found := copied(block, item)) is not None],
        entries=[(key, found) for key, value in node.entries if (found := copied(block, value)) is not None],
    )


def _replace(node: Tree, key: str, value: Tree) -> None:
    node.entries = [(name, value if name.text == key else old) for name, old in node.entries]


def _is_rest(node: Tree | None) -> bool:
    return node is not None and node.kind == "scalar" and node.text == "rest"
