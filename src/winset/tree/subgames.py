"""The proper subgames of a tree, and the tree cut up at them.

A subgame begins at a node if no information set of a player lies partly inside and partly outside of what follows
(Selten 1975). Chance's sets do not count: nobody has to guess at them. Where the nodes are numbered depth first, what
follows a node is an interval of numbers, and a pass up the tree finds the range of numbers that the sets met inside
stretch over; the node begins a subgame if that range does not leave the interval.

A piece is a subgame without the subgames inside of it: these are ends of the piece.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from winset.tree.tree import CHANCE, TERMINAL, Floats, Ints, Shorts, Tree


@dataclass(frozen=True, kw_only=True, eq=False)
class Pieces:
    """The pieces of a tree, numbered by their roots in breadth-first order, so that the whole game's is 0.

    Attributes:
        root: (K,) node at which each begins.
        rank: (K,) 0 where no other piece lies below, else one more than the largest rank below.
        inner: (K,) how many of its nodes are not terminal in it.
        starts, nodes: the nodes of piece k, in breadth-first order, its ends among them and its root first, are
            nodes[starts[k]] to nodes[starts[k + 1]].
    """

    root: Ints
    rank: Ints
    inner: Ints
    starts: Ints
    nodes: Ints

    def of(self, k: int) -> Ints:
        """The nodes of a piece."""
        return self.nodes[self.starts[k] : self.starts[k + 1]]


def begins(tree: Tree) -> NDArray[np.bool_]:
    """(N,) whether a subgame begins at a node; terminal nodes begin none."""
    n = tree.nodes
    size = np.ones(n, dtype=np.int64)
    for a, b in _levels(tree, up=True):
        np.add.at(size, tree.parent[a:b], size[a:b])
    before = np.zeros(n + 1, dtype=np.int64)
    np.cumsum(size, out=before[1:])
    number = np.zeros(n, dtype=np.int64)  # depth first
    for a, b in _levels(tree):
        above = tree.parent[a:b]
        number[a:b] = number[above] + 1 + before[a:b] - before[tree.first[above]]
    low, high = number.copy(), number.copy()
    mine = np.flatnonzero(tree.player > CHANCE)
    least, most = np.full(tree.sets, n, dtype=np.int64), np.full(tree.sets, -1, dtype=np.int64)
    np.minimum.at(least, tree.infoset[mine], number[mine])
    np.maximum.at(most, tree.infoset[mine], number[mine])
    low[mine], high[mine] = least[tree.infoset[mine]], most[tree.infoset[mine]]
    for a, b in _levels(tree, up=True):
        np.minimum.at(low, tree.parent[a:b], low[a:b])
        np.maximum.at(high, tree.parent[a:b], high[a:b])
    return np.asarray((low >= number) & (high < number + size) & (tree.player != TERMINAL))


def pieces(tree: Tree) -> Pieces:
    """A tree cut up at its proper subgames."""
    starts_one = begins(tree)
    root = np.flatnonzero(starts_one)
    owner = np.full(tree.nodes, -1, dtype=np.int64)  # piece in which a node is no end
    owner[root] = np.arange(len(root))
    within = np.zeros(tree.nodes, dtype=np.int64)  # piece in which a node, be it an end, follows its parent
    for a, b in _levels(tree):
        within[a:b] = owner[tree.parent[a:b]]
        inside = (tree.player[a:b] != TERMINAL) & ~starts_one[a:b]
        owner[a:b][inside] = within[a:b][inside]
    height = np.where(starts_one, 0, -1)
    for a, b in _levels(tree, up=True):
        passed = height[a:b] + np.where(starts_one[tree.parent[a:b]] & (height[a:b] >= 0), 1, 0)
        np.maximum.at(height, tree.parent[a:b], passed)
    follow = np.arange(1, tree.nodes)
    where, which = np.concatenate([owner[root], within[1:]]), np.concatenate([root, follow])
    order = np.lexsort([which, where])
    starts = np.zeros(len(root) + 1, dtype=np.int64)
    np.cumsum(np.bincount(where, minlength=len(root)), out=starts[1:])
    return Pieces(
        root=root.astype(np.int64),
        rank=height[root].astype(np.int64),
        inner=np.bincount(owner[owner >= 0], minlength=len(root)).astype(np.int64),
        starts=starts,
        nodes=which[order].astype(np.int64),
    )


def _levels(tree: Tree, *, up: bool = False) -> Sequence[tuple[int, int]]:
    """Nodes of each depth but the root's, from the first to the last or the other way."""
    found = [(int(tree.level[d]), int(tree.level[d + 1])) for d in range(1, tree.depth)]
    return found[::-1] if up else found


def cut_out(tree: Tree, nodes: Ints, worth: Floats) -> tuple[Tree, Shorts]:
    """A piece as a tree of its own, labels left out.

    Args:
        tree: the whole.
        nodes: of the piece, as `Pieces.of` gives them.
        worth: (N, P) what is paid at an inner node of the piece, and what an end is worth.

    Returns:
        The piece, whose sets and actions stand in the order of the whole, and the whole's number of each set of it.
    """
    up = np.searchsorted(nodes, tree.parent[nodes])
    up[0] = -1
    counts = np.bincount(up[1:], minlength=len(nodes))
    inside = counts > 0
    sets, renamed = np.unique(tree.infoset[nodes[inside]], return_inverse=True)
    infoset = np.full(len(nodes), -1, dtype=np.int32)
    infoset[inside] = renamed
    level = [0, 1]
    first = 1 + np.concatenate([[0], np.cumsum(counts)])
    while level[-1] < len(nodes):
        level.append(int(first[level[-1]]))
    sizes = np.diff(tree.set_first)[sets]
    actions = actions_of(tree, sets)
    return Tree(
        title=tree.title,
        players=tree.players,
        player=np.where(inside, tree.player[nodes], TERMINAL).astype(np.int32),
        infoset=infoset,
        parent=up.astype(np.int32),
        first=first.astype(np.int64),
        level=np.array(level, dtype=np.int64),
        outcome=np.arange(len(nodes), dtype=np.int32),
        set_player=tree.set_player[sets],
        set_number=tree.set_number[sets],
        set_label=("",) * len(sets),
        set_first=np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64),
        action_label=("",) * len(actions),
        chance=tree.chance[actions],
        payoff=worth[nodes],
        outcome_label=("",) * len(nodes),
        outcome_number=np.arange(1, len(nodes) + 1, dtype=np.int64),
    ), sets.astype(np.int32)


def actions_of(tree: Tree, sets: NDArray[np.integer]) -> Ints:
    """The actions of some sets, set by set."""
    if not len(sets):
        return np.zeros(0, dtype=np.int64)
    return np.concatenate([np.arange(tree.set_first[h], tree.set_first[h + 1]) for h in sets])
