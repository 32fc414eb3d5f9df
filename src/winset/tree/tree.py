"""A finite game in extensive form, as flat arrays ordered by depth.

The nodes stand in breadth-first order: the root is node 0, those of depth d are `level[d]` to `level[d + 1]`, and
the children of a node stand next to each other in the order of its actions. A pass from the last level to the first
is therefore a backward induction, one in the other direction carries probabilities forward, and neither recurses.

Chance moves at information sets of its own, whose actions have probabilities. Outcomes may stand at any node; what
a player gets is the sum of the outcomes on the path.

Axis letters: N nodes, D depths, H information sets, A actions of all of them, O outcomes, P players.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from winset.base.card import Card, Shown, Table

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Shorts = NDArray[np.int32]

TERMINAL = -1
"""`Tree.player` of a node where the game ends."""
CHANCE = 0
"""`Tree.player` of a node where chance moves; the players are 1 to P."""
SHOWN = 8
"""Actions of a path that a message lists."""


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Tree(Shown):
    """A game tree with information sets. `winset.tree.checks.checked` holds the arrays to what is said here.

    Attributes:
        title: one line.
        comment: of the file, may be empty.
        players: names, length P.
        player: (N,) int32, -1 at a terminal node, 0 chance, 1 to P a player.
        infoset: (N,) int32, index of the information set, chance's among them; -1 at a terminal node.
        parent: (N,) int32, -1 at the root.
        first: (N + 1,) int64, the children of n are nodes first[n] to first[n + 1].
        level: (D + 1,) int64, the nodes of depth d are level[d] to level[d + 1].
        outcome: (N,) int32, index of the outcome at the node, -1 none.
        node_label: N labels, or None where no node has one.
        set_player: (H,) int32, who moves at the set, 0 for chance.
        set_number: (H,) int64, number of the set among those of its player, as in a file.
        set_label: H labels.
        set_first: (H + 1,) int64, the actions of set h are actions set_first[h] to set_first[h + 1].
        action_label: A labels.
        chance: (A,) float64, probability of the actions of chance's sets, NaN elsewhere.
        payoff: (O, P) float64.
        outcome_label: O labels.
        outcome_number: (O,) int64, number of the outcome as in a file, from 1.
        exact_chance: A fractions, None at the actions of players; None as a whole where only floats are known.
        exact_payoff: O times P fractions; None where only floats are known.
    """

    title: str
    comment: str = ""
    players: tuple[str, ...]
    player: Shorts
    infoset: Shorts
    parent: Shorts
    first: Ints
    level: Ints
    outcome: Shorts
    node_label: tuple[str, ...] | None = None
    set_player: Shorts
    set_number: Ints
    set_label: tuple[str, ...]
    set_first: Ints
    action_label: tuple[str, ...]
    chance: Floats
    payoff: Floats
    outcome_label: tuple[str, ...]
    outcome_number: Ints
    exact_chance: tuple[Fraction | None, ...] | None = None
    exact_payoff: tuple[tuple[Fraction, ...], ...] | None = None

    @property
    def nodes(self) -> int:
        """N."""
        return len(self.player)

    @property
    def sets(self) -> int:
        """H, chance's sets included."""
        return len(self.set_player)

    @property
    def actions(self) -> int:
        """A, chance's actions included."""
        return len(self.action_label)

    @property
    def depth(self) -> int:
        """D, the number of nodes on the longest path."""
        return len(self.level) - 1

    @cached_property
    def arrived(self) -> Shorts:
        """(N,) int32, the action by which a node is reached; -1 at the root."""
        out = np.full(self.nodes, -1, dtype=np.int32)
        above = self.parent[1:]
        place = np.arange(1, self.nodes) - self.first[above]
        out[1:] = self.set_first[self.infoset[above]] + place
        return out

    @cached_property
    def set_of(self) -> Shorts:
        """(A,) int32, the information set of an action."""
        return np.repeat(np.arange(self.sets, dtype=np.int32), np.diff(self.set_first))

    @cached_property
    def members(self) -> tuple[Ints, Shorts]:
        """(H + 1,) and (decision nodes,): the nodes of set h are members[1][members[0][h] : members[0][h + 1]]."""
        inner = np.flatnonzero(self.infoset >= 0).astype(np.int32)
        order = np.argsort(self.infoset[inner], kind="stable")
        starts = np.zeros(self.sets + 1, dtype=np.int64)
        np.cumsum(np.bincount(self.infoset[inner], minlength=self.sets), out=starts[1:])
        return starts, inner[order]

    @cached_property
    def is_chance(self) -> NDArray[np.bool_]:
        """(A,) where an action is chance's."""
        return np.asarray(self.set_player[self.set_of] == CHANCE)

    def uniform(self) -> Floats:
        """(A,) the profile in which everybody plays every action of a set equally often; chance by its own law."""
        counts = np.diff(self.set_first)
        return np.where(self.is_chance, self.chance, np.repeat(1.0 / counts, counts))

    def reach(self, profile: Floats) -> Floats:
        """(N,) the probability with which a profile (A,) leads to each node."""
        out = np.ones(self.nodes)
        for d in range(1, self.depth):
            a, b = self.level[d], self.level[d + 1]
            out[a:b] = out[self.parent[a:b]] * profile[self.arrived[a:b]]
        return out

    def node_payoff(self) -> Floats:
        """(N, P) what is paid at each node itself, 0 where there is no outcome."""
        out = np.zeros((self.nodes, len(self.players)))
        paid = self.outcome >= 0
        out[paid] = self.payoff[self.outcome[paid]]
        return out

    def player_name(self, i: int) -> str:
        """Of player 1 to P, or of chance, 0; `player 2` where it has no name."""
        return "chance" if i == CHANCE else self.players[i - 1] or f"player {i}"

    def set_name(self, h: int) -> str:
        """`Alice's information set 3 “high”`, as an error or a report names it."""
        who = self.player_name(int(self.set_player[h]))
        label = f" “{self.set_label[h]}”" if self.set_label[h] else ""
        return f"{who}'s information set {self.set_number[h]}{label}"

    def path(self, node: int) -> tuple[int, ...]:
        """The actions that lead from the root to a node."""
        found = []
        while self.parent[node] >= 0:
            found.append(int(self.arrived[node]))
            node = int(self.parent[node])
        return tuple(reversed(found))

    def path_name(self, node: int) -> str:
        """The labels of the last actions that lead to a node: `“High, Bet”`; `the root`."""
        if not node:
            return "the root"
        path = self.path(node)
        labels = [self.action_label[a] or "?" for a in path[-SHOWN:]]
        return "“" + ("…, " if len(path) > SHOWN else "") + ", ".join(labels) + "”"

    def card(self) -> Card:
        """What it shows of itself: who moves and how large it is."""
        terminal = int(np.sum(self.player == TERMINAL))
        rows = tuple(
            (name, f"{int(np.sum(self.set_player == i)):,}", f"{int(np.sum(self.player == i)):,}")
            for i, name in enumerate(("chance", *self.players))
        )
        return Card(
            title=self.title or "a game without a title",
            lines=(f"{self.nodes:,} nodes, {terminal:,} of them terminal; at most {self.depth - 1:,} moves",),
            tables=(Table(columns=("moves", "information sets", "nodes"), rows=rows),),
        )


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class NormalForm(Shown):
    """A finite game as a table.

    Attributes:
        title: one line.
        comment: of the file, may be empty.
        players: names, length P.
        strategies: labels of each player's strategies.
        payoff: (P, S1, ..., SP) float64.
        exact_payoff: the same entries as fractions, flat, in row-major order of `payoff`; None where only floats
            are known.
        outcome: (S1, ..., SP) int64, number of the outcome of a cell, 0 none; None where the table names no outcomes.
        outcome_label: label of each outcome, by its number, from 1.
        outcome_payoff: P fractions of each outcome, used in some cell or not; None where the table names none.
    """

    title: str
    comment: str = ""
    players: tuple[str, ...]
    strategies: tuple[tuple[str, ...], ...]
    payoff: Floats
    exact_payoff: tuple[Fraction, ...] | None = None
    outcome: Ints | None = None
    outcome_label: tuple[str, ...] = ()
    outcome_payoff: tuple[tuple[Fraction, ...], ...] | None = None

    @property
    def shape(self) -> tuple[int, ...]:
        """(S1, ..., SP)."""
        return tuple(len(s) for s in self.strategies)

    def card(self) -> Card:
        """What it shows of itself: the players and their strategies."""
        rows = tuple((name, ", ".join(labels)) for name, labels in zip(self.players, self.strategies, strict=True))
        return Card(
            title=self.title or "a game without a title",
            lines=(" × ".join(f"{n:,}" for n in self.shape) + " strategies",),
            tables=(Table(columns=("player", "strategies"), rows=rows),),
        )
