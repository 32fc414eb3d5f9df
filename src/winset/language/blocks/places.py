"""Where the actions, outcomes and signals of a round stand, found by the names that blocks give."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from winset.language.blocks.making import Event
from winset.language.document import MOST, Tree
from winset.language.lexer import problem, shown
from winset.language.reader import Reader, nearest


@dataclass(frozen=True)
class Target:
    """An action, outcome or signal.

    Attributes:
        move, name: of the move it belongs to, and its own.
        kind: *action*, *outcome* or *signal*.
        node: its mapping of keys.
        draw: of an outcome or signal, the mapping in which it stands with the others.
    """

    move: str
    name: str
    kind: str
    node: Tree
    draw: Tree | None = None

    @property
    def what(self) -> str:
        """For messages."""
        return f"the {self.kind} `{self.name}` of the move `{self.move}`"


def targets(moves: list[Tree]) -> list[Target]:
    """Everything that may be named, in order."""
    return [target for item in moves if item.kind == "map" for target in _of_move(item)]


class Places:
    """What can be named in the moves as they stand, and how often it has been: expansion is bounded."""

    def __init__(self, reader: Reader, moves: list[Tree]) -> None:
        self.reader = reader
        self.by_name: dict[str, list[Target]] = {}
        self.met = 0
        for target in targets(moves):
            for name in (target.name, f"{target.move}.{target.name}"):
                self.by_name.setdefault(name, []).append(target)

    def find(self, event: Event, block: str) -> list[Target]:
        """What an event names (`name` or `move.name`, every one that fits); B905 where nothing does.

        Raises:
            ScenarioError: S105 blocks add to more than a scenario may hold.
        """
        name = event.name.text
        found = self.by_name.get(name, [])
        self.met += len(found)
        if self.met > MOST:
            raise problem("S105", f"blocks add to more than {MOST:,} actions and outcomes", event.name.where)
        if not found:
            known = [other for other in self.by_name if ("." in other) <= ("." in name)]
            text = f"the block `{block}` names `{shown(name)}`, and no action, outcome or signal is called so"
            near = nearest(name, known)
            fix = "" if near else f"Take `{shown(name)}` out of the block, or give the round an action of that name."
            self.reader.report("B905", text, event.name.where, nearest=near, fix=fix)
        return found


def _of_move(item: Tree) -> Iterator[Target]:
    named, by = item.get("move"), item.get("by")
    move = named.text if named is not None else ""
    keyed = by is not None and by.kind == "list"
    for part in _parts(item.get("actions"), keyed):
        for key, node in part.entries:
            yield Target(move, key.text, "action", node)
            yield from _of_draw(move, "outcome", node.get("chance"))
    for part in _parts(item.get("signals"), keyed):
        yield from _of_draw(move, "signal", part)
    yield from _of_draw(move, "outcome", item.get("outcomes"))
    cases = item.get("when")
    for case in cases.items if cases is not None else []:
        yield from _of_draw(move, "outcome", case.get("chance"))


def _parts(node: Tree | None, keyed: bool) -> list[Tree]:
    """The mappings of actions or signals, one for each player of a joint move."""
    if node is None or node.kind != "map":
        return []
    return [value for _, value in node.entries if value.kind == "map"] if keyed else [node]


def _of_draw(move: str, kind: str, draw: Tree | None) -> Iterator[Target]:
    for key, node in draw.entries if draw is not None else []:
        yield Target(move, key.text, kind, node, draw)
        yield from _of_draw(move, "outcome", node.get("chance"))
