"""What has been read of an extensive-form file: sets, outcomes, and nodes in prefix order; and the tree of it."""

from __future__ import annotations

from array import array
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from winset.tree.checks import checked
from winset.tree.tree import Floats, Ints, Shorts, Tree


@dataclass(slots=True, kw_only=True)
class Described:
    """A described information set.

    `odds` is empty but for chance; `at` is where the node stands that describes it; `raw` its text if read at once."""

    label: str
    actions: tuple[str, ...]
    odds: tuple[Fraction | float, ...]
    at: int
    raw: str = ""
    index: int = -1

    def same(self, other: Described) -> bool:
        """Whether both describe alike."""
        return (self.label, self.actions, self.odds) == (other.label, other.actions, other.odds)

    def difference(self, other: Described) -> str:
        """Where the other departs from this one."""
        if self.label != other.label:
            return f'its label was "{self.label}"'
        if self.actions != other.actions:
            return "its actions were " + " ".join(f'"{a}"' for a in self.actions)
        return "its probabilities were " + ", ".join(str(p) for p in self.odds)


@dataclass(slots=True, kw_only=True)
class Paid:
    """A described outcome, `floats` its payoffs once more.

    `at` is where the node stands that describes it; `raw` its label and payoffs as text if read at once."""

    label: str
    payoffs: tuple[Fraction, ...]
    floats: tuple[float, ...]
    at: int
    raw: tuple[str, str] | None = None
    index: int = -1

    def difference(self, other: Paid) -> str:
        """Where the other departs from this one."""
        if self.label != other.label:
            return f'its label was "{self.label}"'
        return "its payoffs were " + ", ".join(str(p) for p in self.payoffs)


class Nodes:
    """The nodes in prefix order, with the sets and outcomes they name.

    Attributes:
        players: how many there are.
        sets: by player (0 chance) and number.
        outcomes: by number.
        open: children still to come, of the ancestors of the next node from the root on, and before the root itself.
    """

    def __init__(self, players: int) -> None:
        self.players = players
        self.sets: dict[tuple[int, int], Described] = {}
        self.outcomes: dict[int, Paid] = {}
        self.open: list[int] = [1]
        self.player = array("i")
        self.infoset = array("i")
        self.outcome = array("i")
        self.depth = array("i")
        self.label: list[str] = []

    @property
    def missing(self) -> bool:
        """Whether a node has still to come."""
        return bool(self.open)

    def describe(self, player: int, number: int, new: Described) -> Described:
        """Takes a set that appears for the first time."""
        new.index = len(self.sets)
        self.sets[player, number] = new
        return new

    def pay(self, number: int, new: Paid) -> Paid:
        """Takes an outcome that appears for the first time."""
        new.index = len(self.outcomes)
        self.outcomes[number] = new
        return new

    def add(self, player: int, infoset: int, outcome: int, label: str, children: int) -> None:
        """Takes the next node."""
        waiting = self.open
        self.depth.append(len(waiting) - 1)
        self.player.append(player)
        self.infoset.append(infoset)
        self.outcome.append(outcome)
        self.label.append(label)
        waiting[-1] -= 1
        if children:
            waiting.append(children)
        else:
            while waiting and not waiting[-1]:
                waiting.pop()


@dataclass(frozen=True, kw_only=True)
class Order:
    """The order of a tree's arrays: what has been read as number i stands at the place where the array holds i.

    Nodes stand breadth first; sets and outcomes as they first appear among these, every one appears.
    """

    nodes: Ints
    sets: Ints
    outcomes: Ints


def order_of(nodes: Nodes) -> Order:
    """How the parts of a tree are ordered."""
    breadth = np.argsort(np.frombuffer(nodes.depth, dtype=np.int32), kind="stable")  # of prefix order: breadth first
    return Order(
        nodes=breadth,
        sets=_appearing(np.frombuffer(nodes.infoset, dtype=np.int32)[breadth]),
        outcomes=_appearing(np.frombuffer(nodes.outcome, dtype=np.int32)[breadth]),
    )


def _appearing(indices: Shorts) -> Ints:
    """The indices from 0 in order of first appearance."""
    found, first = np.unique(indices[indices >= 0], return_index=True)
    return found[np.argsort(first)].astype(np.int64)


def tree_of(nodes: Nodes, title: str, comment: str, players: tuple[str, ...], *, exact: bool = True) -> Tree:
    """The tree of all that has been read; not `exact` where only floats are known."""
    order, depth = order_of(nodes), np.frombuffer(nodes.depth, dtype=np.int32)
    sets, outcomes = list(nodes.sets.items()), list(nodes.outcomes.items())
    sets, outcomes = [sets[i] for i in order.sets.tolist()], [outcomes[i] for i in order.outcomes.tolist()]
    infoset = _renumbered(nodes.infoset, order.sets, order.nodes)
    sizes = np.array([len(s.actions) for _, s in sets], dtype=np.int64)
    counts = np.where(infoset >= 0, np.append(sizes, 0)[infoset], 0)
    odds: tuple[Any, ...] = tuple(p for _, s in sets for p in (s.odds or (None,) * len(s.actions)))
    return checked(Tree(
        title=title,
        comment=comment,
        players=players,
        player=np.frombuffer(nodes.player, dtype=np.int32)[order.nodes],
        infoset=infoset,
        parent=np.concatenate([[-1], np.repeat(np.arange(len(counts)), counts)]).astype(np.int32),
        first=np.concatenate([[1], 1 + np.cumsum(counts)]),
        level=np.concatenate([[0], np.cumsum(np.bincount(depth))]),
        outcome=_renumbered(nodes.outcome, order.outcomes, order.nodes),
        node_label=tuple(nodes.label[i] for i in order.nodes.tolist()) if any(nodes.label) else None,
        set_player=np.array([player for (player, _), _ in sets], dtype=np.int32),
        set_number=np.array([number for (_, number), _ in sets], dtype=np.int64),
        set_label=tuple(s.label for _, s in sets),
        set_first=np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64),
        action_label=tuple(a for _, s in sets for a in s.actions),
        chance=floats(odds),
        payoff=np.array([o.floats for _, o in outcomes], dtype=np.float64).reshape(len(outcomes), len(players)),
        outcome_label=tuple(o.label for _, o in outcomes),
        outcome_number=np.array([number for number, _ in outcomes], dtype=np.int64),
        exact_chance=odds if exact else None,
        exact_payoff=tuple(o.payoffs for _, o in outcomes) if exact else None,
    ))  # fmt: skip


def _renumbered(indices: array[int], order: Ints, nodes: Ints) -> Shorts:
    """Indices in the new numbering, of the nodes in their order; -1 stays."""
    place = np.full(len(order) + 1, -1, dtype=np.int32)
    place[order] = np.arange(len(order))
    return place[np.frombuffer(indices, dtype=np.int32)[nodes]]


def floats(odds: tuple[Fraction | float | None, ...]) -> Floats:
    """The nearest floats, NaN where there is no number."""
    return np.array([np.nan if p is None else float(p) for p in odds], dtype=np.float64)
