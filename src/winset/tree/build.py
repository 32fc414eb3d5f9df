"""A tree from nested Python data: for tests, benchmarks and games written by hand.

    from winset.tree.build import chance, build, move, pays

    build("one card", ["Alice", "Bob"],
          chance({"high": "1/2", "low": "1/2"},
                 high=move("Alice", "high", fold=pays(-1, 1), bet=move("Bob", "bet", ...)), ...))

The nodes of one information set name the same player and the same set. Nothing here recurses, so a tree may be
as deep as memory allows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np

from winset.base.diagnostics import Diagnostic
from winset.base.errors import ScenarioError
from winset.tree.checks import checked
from winset.tree.numbers import exact
from winset.tree.tree import CHANCE, TERMINAL, Tree

Number = int | float | str | Fraction


@dataclass(kw_only=True, eq=False)
class Branching:
    """A node under construction; made by `pays`, `move` and `chance`.

    Attributes:
        who: player, "" at a terminal node, "chance".
        at: the name of the information set; None: a set of its own.
        children: subtrees by action label, in order.
        odds: probabilities by action label, of chance.
        paid: what each player gets at the node, or None.
        outcome: label of what is paid.
        label: of the node.
    """

    who: str = ""
    at: str | None = None
    children: Mapping[str, Branching] = field(default_factory=dict)
    odds: Mapping[str, Number] = field(default_factory=dict)
    paid: tuple[Number, ...] | None = None
    outcome: str = ""
    label: str = ""

    def paying(self, *payoffs: Number, outcome: str = "") -> Branching:
        """The same node with an outcome at it; what comes after adds to it."""
        self.paid, self.outcome = payoffs, outcome
        return self

    def named(self, label: str) -> Branching:
        """The same node with a label."""
        self.label = label
        return self


def pays(*payoffs: Number, outcome: str = "") -> Branching:
    """A terminal node: what each player gets, in order."""
    return Branching(paid=payoffs, outcome=outcome)


def ends() -> Branching:
    """A terminal node without an outcome."""
    return Branching()


def move(
    who: str, at: str | None = None, children: Mapping[str, Branching] | None = None, /, **more: Branching
) -> Branching:
    """A player's node.

    Args:
        who: the player's name.
        at: the name of the information set, its label too; None for a set of its own.
        children: subtrees by action label; as keywords where the labels are Python names.
    """
    return Branching(who=who, at=at, children={**(children or {}), **more})


def chance(
    odds: Mapping[str, Number],
    children: Mapping[str, Branching] | None = None,
    /,
    *,
    at: str | None = None,
    **more: Branching,
) -> Branching:
    """A chance node: probabilities and subtrees by action label."""
    return Branching(who="chance", at=at, children={**(children or {}), **more}, odds=odds)


def build(title: str, players: Sequence[str], root: Branching, *, comment: str = "") -> Tree:
    """The tree with this root.

    Numbers given as int, `Fraction` or text ("1/3", "0.25") are kept as fractions; a tree with a float among its
    numbers keeps floats only.

    Raises:
        ScenarioError: the data make no tree: a player unknown, an information set whose nodes differ in their
            actions, probabilities that do not add up, a child without a probability, a number that is none.
    """
    nodes, parent, level = _breadth_first(root)
    sets, work = _Sets(players), _Outcomes(len(players))
    infoset = np.array([sets.number_of(n) for n in nodes], dtype=np.int32)
    outcome = np.array([work.number_of(n) for n in nodes], dtype=np.int32)
    counts = np.array([len(n.children) for n in nodes], dtype=np.int64)
    order = {name: i for i, name in enumerate(players, 1)} | {"chance": CHANCE, "": TERMINAL}
    labels = tuple(n.label for n in nodes)
    exact = sets.exact and work.exact
    tree = Tree(
        title=title,
        comment=comment,
        players=tuple(players),
        player=np.array([order.get(n.who, len(players) + 1) for n in nodes], dtype=np.int32),
        infoset=infoset,
        parent=parent,
        first=1 + np.concatenate([[0], np.cumsum(counts)]),
        level=level,
        outcome=outcome,
        node_label=labels if any(labels) else None,
        set_player=np.array([order.get(who, len(players) + 1) for who, _ in sets.of.values()], dtype=np.int32),
        set_number=np.array([number for _, number in sets.of.values()], dtype=np.int64),
        set_label=tuple(sets.label),
        set_first=np.concatenate([[0], np.cumsum([len(a) for a in sets.actions], dtype=np.int64)]).astype(np.int64),
        action_label=tuple(a for labels in sets.actions for a in labels),
        chance=np.array([np.nan if p is None else float(p) for p in sets.odds]),
        payoff=np.array([[float(x) for x in row] for row in work.rows]).reshape(-1, len(players)),
        outcome_label=tuple(work.label),
        outcome_number=np.arange(1, len(work.rows) + 1, dtype=np.int64),
        exact_chance=tuple(sets.odds) if exact else None,
        exact_payoff=tuple(work.rows) if exact else None,
    )
    return checked(tree)


def _breadth_first(root: Branching) -> tuple[list[Branching], np.ndarray, np.ndarray]:
    nodes, parent, level = [root], [-1], [0]
    while len(nodes) > level[-1]:
        begin, end = level[-1], len(nodes)
        level.append(end)
        for n in range(begin, end):
            children = list(nodes[n].children.values())
            nodes += children
            parent += [n] * len(children)
    return nodes, np.array(parent, dtype=np.int32), np.array(level, dtype=np.int64)


def _exact(number: Number) -> Fraction:
    try:
        return exact(number)
    except ValueError as reason:
        raise _problem("X105", f"`{number}` {reason}", "payoffs and probabilities are finite numbers",
                       "write it as an int, a float, a Fraction or a text such as '1/3'") from None  # fmt: skip


def _problem(code: str, message: str, why: str, fix: str) -> ScenarioError:
    return ScenarioError([Diagnostic(code=code, message=message, why=why, fix=fix)])


class _Sets:
    """Information sets in order of appearance."""

    def __init__(self, players: Sequence[str]) -> None:
        self.of: dict[object, tuple[str, int]] = {}
        self.place: dict[object, int] = {}
        self.label: list[str] = []
        self.actions: list[tuple[str, ...]] = []
        self.odds: list[Fraction | None] = []
        self.exact = True
        self._counts: dict[str, int] = dict.fromkeys([*players, "chance"], 0)

    def number_of(self, node: Branching) -> int:
        if not node.who:
            return -1
        key: object = (node.who, node.at) if node.at is not None else node
        labels = tuple(node.children)
        if key not in self.place:
            self._counts[node.who] = self._counts.get(node.who, 0) + 1
            self.place[key] = len(self.of)
            self.of[key] = (node.who, self._counts[node.who])
            self.label.append(node.at or "")
            self.actions.append(labels)
            self.odds += self._odds(node)
        elif self.actions[self.place[key]] != labels:
            raise _problem(
                "X905",
                f"the nodes of {node.who}'s information set “{node.at}” differ in their actions: "
                f"{', '.join(self.actions[self.place[key]])} and {', '.join(labels)}",
                "who cannot tell nodes apart has the same actions at all of them",
                "part the set, or give its nodes the same actions in the same order",
            )
        return self.place[key]

    def _odds(self, node: Branching) -> Iterator[Fraction | None]:
        if node.who != "chance":
            return iter([None] * len(node.children))
        if set(node.odds) != set(node.children):
            raise _problem(
                "X909",
                f"chance has odds for {', '.join(node.odds)} and children {', '.join(node.children)}",
                "every branch of chance has a probability",
                "give both the same labels",
            )
        self.exact &= not any(isinstance(p, float) for p in node.odds.values())
        return iter([_exact(node.odds[a]) for a in node.children])


class _Outcomes:
    """What is paid at nodes, one outcome for each node that pays."""

    def __init__(self, players: int) -> None:
        self.players = players
        self.rows: list[tuple[Fraction, ...]] = []
        self.label: list[str] = []
        self.exact = True

    def number_of(self, node: Branching) -> int:
        if node.paid is None:
            return -1
        if len(node.paid) != self.players:
            raise _problem(
                "X115",
                f"{len(node.paid)} payoffs for {self.players} players: {node.paid}",
                "every player gets something, be it 0",
                "give one payoff for each player, in order",
            )
        self.exact &= not any(isinstance(x, float) for x in node.paid)
        self.rows.append(tuple(_exact(x) for x in node.paid))
        self.label.append(node.outcome)
        return len(self.rows) - 1
