"""From a document with building blocks to one without: what the rest of winset reads.

First every block makes its parts, in order of the blocks' names; then the moves are placed, then draws are added,
then effects. So a block may name what another one makes, and the order of declaration changes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from winset.language.blocks import audience, capability, deadline, delegation, monitoring, rapport, ratification, tenure
from winset.language.blocks.making import Block, Injected, Made, scalar
from winset.language.blocks.merging import add_assignment, add_names, add_payment, inner
from winset.language.blocks.places import Places, Target
from winset.language.blocks.senses import judge
from winset.language.blocks.shaping import add_draw, add_outcome, ratify
from winset.language.blocks.table import KINDS
from winset.language.document import Tree
from winset.language.lexer import shown
from winset.language.reader import Reader, nearest

_MAKERS: dict[str, Callable[[Block], None]] = {
    "deadline": deadline.make, "tenure": tenure.make, "ratification": ratification.make,
    "delegation": delegation.make, "capability": capability.make, "monitoring": monitoring.make,
    "audience cost": audience.make, "rapport": rapport.make,
}  # fmt: skip
_WORD = re.compile(r"[^\W\d]\w*")


def expand(reader: Reader, root: Tree) -> None:
    """Expands the blocks of a document in place; problems are reported to the reader.

    Codes: B901 not one kind, B902 not placed, B903 placed without need, B904 no such block, B905 no such action,
    B906 a name that is taken, B907 two assignments, B908 a draw that has no place, B909 a field that does not fit,
    B910 a number that a field cannot mean, B911 an expression that grows too large.

    Raises:
        ScenarioError: S105 the blocks stand for more than a scenario may hold.
    """
    section = root.get("blocks")
    moves = root.get("round")
    items = moves.items if moves is not None and moves.kind == "list" else []
    if section is None and not any(item.get("block") is not None for item in items):
        return
    made = Made()
    blocks, broken = _blocks(reader, section, made)
    _players(reader, root.get("players"), blocks)
    root.entries = [(key, value) for key, value in root.entries if key.text != "blocks"]
    for block in blocks:
        _MAKERS[block.kind.text.replace("_", " ")](block)
    if moves is not None and moves.kind == "list":
        moves.items = _placed(reader, moves.items, blocks, broken, made)
        items = moves.items
    _unplaced(reader, items, blocks, made)
    for block, into, label, outcome in made.outcomes:
        add_outcome(reader, items, block, into, label, outcome)
    places = Places(reader, items)
    for block, event, chance in made.draws:
        add_draw(reader, places, block, event, chance)
    places = Places(reader, items)
    for block, event, chance in made.ratified:
        ratify(reader, places, block, event, chance)
    _inject(reader, Places(reader, items), made)
    _sections(reader, root, made)


def _blocks(reader: Reader, section: Tree | None, made: Made) -> tuple[list[Block], set[str]]:
    """The blocks in order of name, with their fields; and the names of those that cannot be read."""
    found: list[Block] = []
    broken: set[str] = set()
    for key, node in reader.entries(section, "blocks"):
        words = list(node.entries) if node.kind == "map" else []
        kinds = [(kind, value) for kind, value in words if kind.text.replace("_", " ") in KINDS]
        if len(kinds) != 1 or len(words) != 1:
            wrong = next((k.text for k, _ in words if k.text.replace("_", " ") not in KINDS), "")
            text = f"the block `{key.text}` has exactly one key, its kind: one of {', '.join(KINDS)}"
            if len(words) == 1:
                text = f"`{shown(wrong)}` is no kind of building block; there are {', '.join(KINDS)}"
            where = words[0][0].where if words else node.where
            reader.report("B901", text, where, nearest=nearest(wrong, KINDS) if wrong else "")
            broken.add(key.text)
            continue
        kind, value = kinds[0]
        before = len(reader.found.errors)
        got = reader.fields(value, kind.text.replace("_", " "), f"the block `{key.text}`")
        block = Block(reader, made, key, kind, value, got)
        judge(block)
        if len(reader.found.errors) > before:
            broken.add(key.text)
        else:
            found.append(block)
    return sorted(found, key=lambda block: block.name), broken


def _players(reader: Reader, players: Tree | None, blocks: list[Block]) -> None:
    """Every player that a block is about is declared."""
    known = [key.text for key, _ in players.entries] if players is not None else []
    for block in blocks:
        named = [node for key in ("of", "by", "between") if key in block.got for node in block.listed(key)]
        for node in named if known else []:
            if node.text not in known:
                text = f"the block `{block.name}` is about `{shown(node.text)}`, and there is no player of that name"
                reader.report("N105", text, node.where, nearest=nearest(node.text, known))


def _placed(reader: Reader, items: list[Tree], blocks: list[Block], broken: set[str], made: Made) -> list[Tree]:
    """The moves, with those of blocks in their places."""
    names = [block.name for block in blocks]
    first: dict[str, Tree] = {}
    found: list[Tree] = []
    for item in items:
        key = next((key for key, _ in item.entries if key.text == "block"), None)
        if key is None:
            found.append(item)
            continue
        got = reader.fields(item, "placement", "a block's place in `round`")
        name = got["block"][1].text if "block" in got else ""
        where = got["block"][1].where if "block" in got else item.where
        if name in broken:
            continue
        if name not in names:
            text = f"`round` places the block `{shown(name)}`, which `blocks` does not have"
            reader.report("B904", text, where, nearest=nearest(name, names))
        elif name in first:
            text = f"the block `{name}` is placed twice in `round`"
            reader.report("B903", text, where, conflicts_with=first[name].where)
        elif name not in made.moves:
            reader.report("B903", f"the block `{name}` makes no move and has no place in `round`", where)
        else:
            found.append(_move(made.moves[name], key, got, name))
        first.setdefault(name, item)
    return found


def _move(move: Tree, key: Tree, got: dict[str, tuple[Tree, Tree]], name: str) -> Tree:
    """A block's move at its place; it keeps the place's key, and with it the author's comments."""
    key.text = key.raw = "move"
    title = got["move"][1] if "move" in got else scalar(name, replace(got["block"][1].where, block=name))
    kept = [entry for entry in move.entries if entry[0].text != "note" or "note" not in got]
    move.entries = [(key, title), *kept, *([got["note"]] if "note" in got else [])]
    move.flow = False
    return move


def _unplaced(reader: Reader, items: list[Tree], blocks: list[Block], made: Made) -> None:
    for block in blocks:
        if block.name in made.moves and not any(item is made.moves[block.name] for item in items):
            text = f"the block `{block.name}` makes a move that has no place in `round`"
            fix = f"Add `- block: {block.name}` among the moves of `round`."
            reader.report("B902", text, block.key.where, fix=fix)


def _inject(reader: Reader, places: Places, made: Made) -> None:
    """Adds payments, then assignments, to the actions and outcomes that blocks name."""
    switches: dict[tuple[int, str], list[tuple[Target, Injected]]] = {}
    for item in made.injected:
        for target in places.find(item.event, item.block):
            for player, amount in item.pays:
                tree = scalar(amount, replace(item.where, block=item.block))
                pays = inner(target.node, "pays", tree)
                if pays is not None:
                    add_payment(reader, pays, player, item.block, tree)
            if item.variable:
                switches.setdefault((id(target.node), item.variable), []).append((target, item))
    for found in switches.values():
        _assign(reader, found)


def _assign(reader: Reader, found: list[tuple[Target, Injected]]) -> None:
    """One assignment from all that a block says of one variable in one effect: the first condition that holds."""
    target, first = found[0]
    where = replace(first.event.name.where, block=first.block)
    value = first.variable
    for i, (_, item) in reversed(list(enumerate(found))):
        if not item.event.condition and i < len(found) - 1:
            text = f"the block `{item.block}` says twice what {target.what} does to `{item.variable}`"
            other = found[i + 1][1].event.name.where
            reader.report("B907", text, other, conflicts_with=item.event.name.where)
        test = item.event.condition
        value = f"if {test} then {_whole(item.value)} else {value}" if test else item.value
    then = inner(target.node, "then", scalar("", where))
    if then is not None:
        add_assignment(reader, then, first.variable, scalar(value, where), target.what)


def _whole(value: str) -> str:
    return f"({value})" if value.startswith("if ") else value


def _sections(reader: Reader, root: Tree, made: Made) -> None:
    """Adds variables, definitions, dates, parameters and payoffs."""
    add_names(reader, root, "parameters", made.parameters, "parameter")
    add_names(reader, root, "state", made.variables, "variable")
    clock = root.get("clock")
    if clock is not None and clock.kind == "map":
        add_names(reader, clock, "dates", made.dates, "date", flow=True)
    for key, listed in (("each round", made.each_round), ("at the end", made.at_end)):
        for label, player, amount in listed:
            payoffs = inner(root, "payoffs", amount, flow=False)
            pays = inner(payoffs, key, amount, flow=False) if payoffs is not None else None
            if pays is not None:
                add_payment(reader, pays, player, label, amount)
    read = _words(root)
    add_names(reader, root, "define", {n: v for n, v in made.offered.items() if n in read}, "definition")


def _words(root: Tree) -> set[str]:
    """Every word of every text of a document."""
    found: set[str] = set()
    todo = [root]
    while todo:
        node = todo.pop()
        found.update(_WORD.findall(node.text) if node.kind == "scalar" else ())
        todo += [value for _, value in node.entries] + node.items
    return found
