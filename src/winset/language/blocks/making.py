"""What a block makes, and the small trees that it is made of."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from winset.base.diagnostics import Where
from winset.language.document import Tree
from winset.language.reader import Reader, is_quantity

FAR = (1 << 40, 1 << 40)
"""The span of what stands in no text."""

_ATOM = re.compile(r"^[\w.]+$")
_NO_NAME = re.compile(r"\W+")
_LITERAL = re.compile(r"^[0-9]{4}-[0-9]{2}(-[0-9]{2})?$")
Got = dict[str, tuple[Tree, Tree]]


def scalar(text: str, where: Where) -> Tree:
    """A made scalar."""
    return Tree(kind="scalar", where=where, text=text, raw=text, span=FAR)


def mapping(where: Where, entries: Iterable[tuple[str, Tree | None]] = ()) -> Tree:
    """A made mapping in brackets; entries without a value are left out."""
    made = Tree(kind="map", where=where, flow=True, span=FAR)
    made.entries = [(scalar(key, where), value) for key, value in entries if value is not None]
    return made


def grouped(text: str) -> str:
    """An expression that may stand beside any operator."""
    return text if _ATOM.match(text) else f"({text})"


def both(*conditions: str) -> str:
    """Conditions joined by `and`; empty ones hold always."""
    return " and ".join(c for c in conditions if c)


def among(variable: str, values: Iterable[str]) -> str:
    """`variable = value`, or one of several values."""
    listed = list(values)
    return f"{variable} = {listed[0]}" if len(listed) == 1 else f"{variable} in {{{', '.join(listed)}}}"


@dataclass(frozen=True)
class Event:
    """An action, outcome or signal that a block names, and the condition under which it counts (empty: always)."""

    name: Tree
    condition: str = ""


@dataclass(frozen=True)
class Injected:
    """What a block adds to the effect of an action or outcome: payments to players, under the block's name.

    `switch` lists values that `variable` takes; of several for one target, the first whose condition holds counts.
    """

    block: str
    event: Event
    where: Where
    pays: tuple[tuple[str, str], ...] = ()
    variable: str = ""
    value: str = ""


@dataclass
class Made:
    """What all blocks have made so far; names to trees."""

    variables: dict[str, tuple[Tree, Tree]] = field(default_factory=dict)
    definitions: dict[str, tuple[Tree, Tree]] = field(default_factory=dict)
    dates: dict[str, tuple[Tree, Tree]] = field(default_factory=dict)
    parameters: dict[str, tuple[Tree, Tree]] = field(default_factory=dict)
    offered: dict[str, tuple[Tree, Tree]] = field(default_factory=dict)
    moves: dict[str, Tree] = field(default_factory=dict)
    each_round: list[tuple[str, str, Tree]] = field(default_factory=list)
    at_end: list[tuple[str, str, Tree]] = field(default_factory=list)
    injected: list[Injected] = field(default_factory=list)
    draws: list[tuple[Block, Event, str]] = field(default_factory=list)
    outcomes: list[tuple[Block, Tree, str, Tree]] = field(default_factory=list)
    ratified: list[tuple[Block, Event, str]] = field(default_factory=list)
    copied: int = 0
    full: set[tuple[int, str]] = field(default_factory=set)


class Block:
    """One block while it is expanded: its fields, and where it puts what it makes."""

    def __init__(self, reader: Reader, made: Made, key: Tree, kind: Tree, given: Tree, got: Got) -> None:
        self.reader, self.made, self.key, self.kind, self.given, self.got = reader, made, key, kind, given, got
        self.name = key.text
        self.where = replace(kind.where, block=self.name)

    def at(self, key: str, got: Got | None = None) -> Where:
        """The place of a field, as the block's."""
        fields = self.got if got is None else got
        return replace(fields[key][1].where, block=self.name) if key in fields else self.where

    def value(self, key: str, got: Got | None = None) -> Tree | None:
        """The tree of a field."""
        fields = self.got if got is None else got
        return fields[key][1] if key in fields and not fields[key][1].empty else None

    def word(self, key: str, default: str = "") -> str:
        """A field that is one word."""
        node = self.value(key)
        return node.text if node is not None and node.kind == "scalar" else default

    def player(self, key: str) -> str:
        """A field that names a player."""
        return self.word(key, "?")

    def part(self, key: str, section: str) -> Got | None:
        """The fields of a part, if it is there."""
        node = self.value(key)
        return None if node is None else self.reader.fields(node, section, f"`{key}` of the block `{self.name}`")

    def listed(self, key: str, got: Got | None = None) -> list[Tree]:
        """A list of words, or one."""
        return self.reader.names(self.value(key, got), f"`{key}` of the block `{self.name}`")

    def pairs(self, key: str) -> list[tuple[Tree, Tree]]:
        """The entries of a field that is a mapping; keys may be `move.action`."""
        return self.reader.entries(self.value(key), f"`{key}` of the block `{self.name}`", named=False)

    def text(self, key: str, default: str = "", got: Got | None = None, hint: str = "") -> str:
        """An expression that may stand beside any operator; a quantity becomes a parameter named after the block."""
        node = self.value(key, got)
        return default if node is None else self.expression(node, hint or key)

    def expression(self, node: Tree, hint: str) -> str:
        """As `text`, of a tree."""
        if is_quantity(node):
            name = f"{self.name}_{_NO_NAME.sub('_', hint)}"
            self.made.parameters[name] = (scalar(name, replace(node.where, block=self.name)), node)
            return name
        errors = len(self.reader.found.errors)
        self.reader.expression(node, hint, f"`{hint}` of the block `{self.name}`")
        return grouped(" ".join(node.raw.split())) if len(self.reader.found.errors) == errors else "0"

    def tree(self, key: str, got: Got | None = None, hint: str = "") -> Tree | None:
        """An expression as it stands; a quantity becomes a parameter named after the block."""
        node = self.value(key, got)
        if node is None or not is_quantity(node):
            return node
        return scalar(self.expression(node, hint or key), replace(node.where, block=self.name))

    def date(self, key: str, name: str, got: Got | None = None) -> str:
        """A date: a literal one is given a name; a name or the number of a round stands for itself."""
        node = self.value(key, got)
        if node is None:
            return "0"
        if node.kind == "scalar" and _LITERAL.match(node.text):
            self.made.dates[name] = (scalar(name, self.at(key, got)), node)
            return name
        return self.expression(node, key)

    def events(self, key: str) -> list[Event]:
        """The actions and outcomes that a field names, each with its condition."""
        node = self.value(key)
        if node is None or node.kind != "map":
            return [Event(name) for name in self.listed(key)]
        found = [(name, self.expression(test, f"{key}_{name.text}")) for name, test in self.pairs(key)]
        return [Event(name, "" if test == "true" else test) for name, test in found]

    def variable(self, name: str, entries: Iterable[tuple[str, Tree | None]], at: str = "") -> None:
        """Makes a state variable."""
        what = f"{self.kind.text.replace('_', ' ')} {self.whose()}"
        note = self.value("note") or scalar(what, self.where)
        where = self.at(at) if at else self.where
        key = self.key if name == self.name else scalar(name, where)
        self.made.variables[name] = (key, mapping(where, [*entries, ("note", note)]))

    def whose(self) -> str:
        """`of pyongyang`, `between pyongyang and washington`."""
        if "between" in self.got:
            return "between " + " and ".join(node.text for node in self.listed("between"))
        return f"of {self.word('of') or self.word('by')}"

    def move(self, entries: Iterable[tuple[str, Tree | None]]) -> None:
        """Makes the block's move; its name comes from its place in the round."""
        self.made.moves[self.name] = mapping(self.where, [*entries, ("note", self.value("note"))])

    def pay(self, event: Event, player: str, amount: str, where: Where) -> None:
        """Adds a payment to an action or outcome."""
        if event.condition:
            amount = f"if {event.condition} then {amount} else 0"
        self.made.injected.append(Injected(self.name, event, where, pays=((player, amount),)))

    def switch(self, variable: str, groups: Iterable[tuple[str, str]]) -> None:
        """For each (field of events, value): the events give the variable that value."""
        for key, value in groups:
            self.made.injected += [
                Injected(self.name, event, self.at(key), variable=variable, value=value) for event in self.events(key)
            ]

    def each_round(self, player: str, amount: str, where: Where) -> None:
        """Adds a payment at the end of every round."""
        self.made.each_round.append((self.name, player, scalar(amount, where)))

    def at_end(self, player: str, amount: str, where: Where) -> None:
        """Adds a payment at the end of the game."""
        self.made.at_end.append((self.name, player, scalar(amount, where)))
