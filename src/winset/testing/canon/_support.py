"""Equilibria of two-player trees by guessing who plays what: a linear system, and the certificate as the judge.

In the sequence form (von Stengel 1996; Koller, Megiddo and von Stengel 1996) a player's plan holds for every action the
probability that its own choices lead to it. What an action is worth to the one is linear in the plan of the other, so
that given which actions are played, the plan that keeps the other indifferent between its own solves a linear system.
"""

from __future__ import annotations

from importlib import import_module

import numpy as np
from numpy.typing import NDArray

from winset.tree.recall import recall
from winset.tree.tree import Floats, Ints, Tree

Bools = NDArray[np.bool_]


class Sequences:
    """The sequence form of a tree of two players with perfect recall.

    Sequence 0 is the empty one, sequence a + 1 ends with action a.
    """

    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        memory = recall(tree)
        self.before = np.asarray(memory.before, dtype=np.int64) + 1
        weight = np.ones(tree.nodes)
        for d in range(1, tree.depth):
            a, b = tree.level[d], tree.level[d + 1]
            law = np.where(tree.is_chance, tree.chance, 1.0)[tree.arrived[a:b]]
            weight[a:b] = weight[tree.parent[a:b]] * law
        paid = np.flatnonzero(tree.outcome >= 0)
        last = np.asarray(memory.last, dtype=np.int64)[paid] + 1
        self.width = tree.actions + 1
        payoffs = weight[paid, None] * tree.node_payoff()[paid]
        sparse = import_module("scipy.sparse")
        self.worth = [
            sparse.csr_matrix((payoffs[:, i], (last[:, i], last[:, 1 - i])), shape=(self.width, self.width))
            for i in (0, 1)
        ]

    def plan(self, player: int, played: Bools) -> Floats:
        """(A + 1,) the plan of a player, 0 or 1, that keeps the other indifferent between the actions it plays.

        Args:
            player: whose plan.
            played: (A,) which actions of both are played, at least one at each set.

        Returns:
            The plan; NaN where there is none, or not only one.

        Raises:
            ValueError: the players do not mix equally many actions, so that the system is not square.
        """
        tree, sparse = self.tree, import_module("scipy.sparse")
        other = 1 - player
        choices = [
            int(played[(tree.set_player == i)[tree.set_of]].sum() - (tree.set_player == i).sum()) for i in (1, 2)
        ]
        if choices[0] != choices[1]:
            raise ValueError(
                f"the first player mixes {choices[0]} actions more than it has sets, the second {choices[1]}"
            )
        mine = np.flatnonzero(tree.set_player == player + 1)
        theirs = np.flatnonzero(tree.set_player == other + 1)
        whose = tree.set_player[tree.set_of] - 1
        rows, cols, data = [], [], []

        def put(row: Ints, col: Ints, entry: float) -> None:
            rows.append(row)
            cols.append(col)
            data.append(np.full(len(row), entry))

        kept = np.flatnonzero((whose == player) & played)
        free = 1 + np.flatnonzero(~((whose == player) & played))  # sequences that have probability 0
        place = np.full(tree.sets, -1)
        place[mine] = 1 + len(free) + np.arange(len(mine))
        put(np.arange(1 + len(free)), np.concatenate([[0], free]), 1.0)
        put(place[tree.set_of[kept]], kept + 1, 1.0)
        put(place[mine], self.before[mine], -1.0)
        value = np.full(tree.sets, -1)
        value[theirs] = self.width + 1 + np.arange(len(theirs))
        used = np.concatenate([[0], 1 + np.flatnonzero((whose == other) & played)])
        row_of = np.full(self.width, -1)
        row_of[used] = 1 + len(free) + len(mine) + np.arange(len(used))
        put(row_of[used[:1]], np.array([self.width]), 1.0)
        put(row_of[used[1:]], value[tree.set_of[used[1:] - 1]], 1.0)
        reached = theirs[row_of[self.before[theirs]] >= 0]
        put(row_of[self.before[reached]], value[reached], -1.0)
        worth = self.worth[other].tocoo()
        on = row_of[worth.row] >= 0
        rows.append(row_of[worth.row[on]])
        cols.append(worth.col[on])
        data.append(-worth.data[on])
        size = self.width + 1 + len(theirs)
        matrix = sparse.csc_matrix(
            (np.concatenate(data), (np.concatenate(rows), np.concatenate(cols))), shape=(size, size)
        )
        right = np.zeros(size)
        right[0] = 1.0
        try:
            return np.asarray(import_module("scipy.sparse.linalg").splu(matrix).solve(right)[: self.width])
        except RuntimeError:  # singular
            return np.full(self.width, np.nan)

    def profile(self, played: Bools) -> tuple[Floats, float]:
        """(A,) the profile in which both keep each other indifferent, and its least probability.

        Below 0, or NaN, it is none."""
        tree = self.tree
        many = np.add.reduceat(played, tree.set_first[:-1], dtype=np.int64)[tree.set_of]
        out = np.where(tree.is_chance, tree.chance, played / np.maximum(many, 1))
        least = 0.0
        for player in (0, 1):
            plan = self.plan(player, played)
            least = float(np.minimum(least, plan.min()))  # NaN stays
            a = np.flatnonzero((tree.set_player[tree.set_of] == player + 1) & (plan[self.before[tree.set_of]] > 1e-14))
            out[a] = plan[a + 1] / plan[self.before[tree.set_of[a]]]
        return out, least
