"""Random game trees with perfect recall, of any size: for tests, benchmarks and experiments; equal seeds, equal trees."""

from __future__ import annotations

import numpy as np

from winset.tree.checks import checked
from winset.tree.tree import CHANCE, TERMINAL, Floats, Ints, Tree


def random_tree(
    seed: int,
    *,
    nodes: int,
    players: int = 2,
    actions: tuple[int, int] = (2, 3),
    chance: float = 0.15,
    terminal: float = 0.1,
    together: int = 3,
    decimals: int = 2,
) -> Tree:
    """A tree grown level by level until it has about this many nodes.

    At every node somebody is drawn to move. Nodes of a player go into one information set where the player has the
    same memory at them, the sets and own actions passed so far, and as many actions: perfect recall by construction.

    Args:
        seed: of the generator.
        nodes: growth stops where the next level would pass this number; the last level is terminal.
        players: how many.
        actions: fewest and most at a node.
        chance: share of the nodes at which chance moves.
        terminal: share of the nodes, not among the first four levels, at which the game ends early.
        together: nodes of a set are at most this many; 1 for perfect information.
        decimals: of the payoffs, drawn between 0 and 1.
    """
    rng = np.random.default_rng(seed)
    memory = np.zeros((1, players), dtype=np.int64)
    mover, sets, sizes, counts, level = [], [], [], [], [0, 1]
    owner: list[Ints] = []
    remembered, known = 1, 0
    while True:
        here = level[-1] - level[-2]
        who = rng.integers(1, players + 1, here)
        who[rng.random(here) < chance] = CHANCE
        size = rng.integers(actions[0], actions[1] + 1, here)
        if len(level) > 5:
            size[rng.random(here) < terminal] = 0
        if level[-1] + size.sum() > nodes or not size.sum():
            size[:] = 0
        who[size == 0] = TERMINAL
        group = _sets(rng, who, size, memory, together)
        new = int(group.max(initial=-1)) + 1
        _, places = np.unique(group[group >= 0], return_index=True)
        lead = np.flatnonzero(group >= 0)[places]
        owner.append(who[lead])
        sizes.append(size[lead])
        mover.append(who)
        sets.append(np.where(group >= 0, group + known, -1))
        counts.append(size)
        known += new
        if not size.sum():
            break
        parent = np.repeat(np.arange(here), size)
        place = np.arange(len(parent)) - np.repeat(np.cumsum(size) - size, size)
        memory = memory[parent]
        mine = np.flatnonzero(who[parent] > 0)
        keys = group[parent[mine]] * actions[1] + place[mine]
        memory[mine, who[parent[mine]] - 1] = remembered + keys
        remembered += new * actions[1]
        level.append(level[-1] + len(parent))
    return checked(_tree(
        rng, players, np.concatenate(mover), np.concatenate(sets), np.concatenate(counts), np.array(level),
        np.concatenate(owner), np.concatenate(sizes), f"random tree {seed}, {nodes} nodes", decimals,
    ))  # fmt: skip


def _sets(rng: np.random.Generator, who: Ints, size: Ints, memory: Ints, together: int) -> Ints:
    """The information set of each node of a level, from 0 in order of appearance; -1 at terminal nodes."""
    group = np.full(len(who), -1, dtype=np.int64)
    alone = np.flatnonzero(who == CHANCE)
    mine = np.flatnonzero(who > 0)
    order = mine[rng.permutation(len(mine))]
    keys = np.stack([who[order], size[order], memory[order, who[order] - 1]])
    order = order[np.lexsort(keys)]
    keys = np.stack([who[order], size[order], memory[order, who[order] - 1]])
    run = np.ones(len(order), dtype=bool)
    run[1:] = np.any(keys[:, 1:] != keys[:, :-1], axis=0)
    starts = np.flatnonzero(run)
    place = np.arange(len(order)) - np.repeat(starts, np.diff(np.append(starts, len(order))))
    group[order] = np.cumsum(run | (place % together == 0)) - 1
    group[alone] = group.max(initial=-1) + 1 + np.arange(len(alone))
    inner = group >= 0
    _, first, inverse = np.unique(group[inner], return_index=True, return_inverse=True)
    rank = np.empty(len(first), dtype=np.int64)
    rank[np.argsort(first)] = np.arange(len(first))
    group[inner] = rank[inverse]
    return group


def _odds(rng: np.random.Generator, owner: Ints, sizes: Ints) -> Floats:
    """Probabilities of chance's actions in hundredths or so, NaN elsewhere."""
    which = np.repeat(np.arange(len(owner)), sizes)
    weight = rng.integers(1, 10, len(which)).astype(float)
    share = weight / np.bincount(which, weight, minlength=len(owner))[which]
    return np.where(owner[which] == CHANCE, share, np.nan)


def _tree(
    rng: np.random.Generator, players: int, mover: Ints, infoset: Ints, counts: Ints, level: Ints, owner: Ints,
    sizes: Ints, title: str, decimals: int,
) -> Tree:  # fmt: skip
    ends = np.flatnonzero(mover == TERMINAL)
    outcome = np.full(len(mover), -1, dtype=np.int32)
    outcome[ends] = np.arange(len(ends))
    number = np.zeros(len(owner), dtype=np.int64)
    for i in range(players + 1):
        number[owner == i] = np.arange(1, np.sum(owner == i) + 1)
    labels = [str(k + 1) for k in range(int(sizes.max(initial=1)))]
    return Tree(
        title=title,
        players=tuple(f"Player {i + 1}" for i in range(players)),
        player=mover.astype(np.int32),
        infoset=infoset.astype(np.int32),
        parent=np.concatenate([[-1], np.repeat(np.arange(len(mover)), counts)]).astype(np.int32),
        first=1 + np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
        level=level.astype(np.int64),
        outcome=outcome,
        set_player=owner.astype(np.int32),
        set_number=number,
        set_label=("",) * len(owner),
        set_first=np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64),
        action_label=tuple(label for n in sizes for label in labels[:n]),
        chance=_odds(rng, owner, sizes),
        payoff=np.round(rng.random((len(ends), players)), decimals),
        outcome_label=("",) * len(ends),
        outcome_number=np.arange(1, len(ends) + 1, dtype=np.int64),
    )
