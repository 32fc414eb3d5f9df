"""Random game trees with perfect recall, of any size, for tests and benchmarks; equal seeds give equal trees."""

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


def random_talks(seed: int, *, types: int, actions: int, rounds: int) -> Tree:
    """Two sides with private types take turns in public; payoffs between 0 and 1 depend on types and history.

    Chance draws both types, all pairs equally likely; then one and two move in turn, each knowing its own type and all
    that was done. There are types² · (1 + actions + … + actions^rounds) + 1 nodes and no subgame below the root:
    what anyone does bears on what all others believe.

    Args:
        seed: of the payoffs: a term of each player's own type and the history, and a fifth as large one of both types.
        types: of each side.
        actions: at every move.
        rounds: moves after chance's.
    """
    rng = np.random.default_rng(seed)
    pairs = types * types
    widths = actions ** np.arange(rounds + 1)
    level = np.concatenate([[0, 1], 1 + pairs * np.cumsum(widths)])
    mover = np.concatenate([[CHANCE], *(np.full(pairs * w, 1 + t % 2) for t, w in enumerate(widths[:-1])),
                            np.full(pairs * widths[-1], TERMINAL)])  # fmt: skip
    own = np.arange(pairs) // types, np.arange(pairs) % types
    sets, owner, known = [np.zeros(1, dtype=np.int64)], [np.zeros(1, dtype=np.int64)], 1
    for t, w in enumerate(widths[:-1]):
        sets.append(known + np.add.outer(own[t % 2] * w, np.arange(w)).ravel())
        owner.append(np.full(types * w, 1 + t % 2))
        known += types * w
    sets.append(np.full(pairs * widths[-1], -1))
    who, last = np.concatenate(owner), widths[-1]
    counts = np.where(mover == TERMINAL, 0, actions)
    counts[0] = pairs
    paid = np.empty((pairs, last, 2))
    for i in range(2):
        paid[:, :, i] = 0.8 * rng.random((types, last))[own[i]] + 0.2 * rng.random((pairs, last))
    sizes = np.full(len(who), actions)
    sizes[0] = pairs
    return checked(_tree(
        rng, 2, mover, np.concatenate(sets), counts, level, who, sizes,
        f"talks {seed} of {rounds} rounds, {types} types a side", 3, paid.reshape(-1, 2), even=True,
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


def _odds(rng: np.random.Generator, owner: Ints, sizes: Ints, even: bool) -> Floats:
    """Probabilities of chance's actions, equal or random; NaN elsewhere."""
    which = np.repeat(np.arange(len(owner)), sizes)
    weight = np.ones(len(which)) if even else rng.integers(1, 10, len(which)).astype(float)
    share = weight / np.bincount(which, weight, minlength=len(owner))[which]
    return np.where(owner[which] == CHANCE, share, np.nan)


def _tree(
    rng: np.random.Generator, players: int, mover: Ints, infoset: Ints, counts: Ints, level: Ints, owner: Ints,
    sizes: Ints, title: str, decimals: int, paid: Floats | None = None, *, even: bool = False,
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
        chance=_odds(rng, owner, sizes, even),
        payoff=np.round(rng.random((len(ends), players)) if paid is None else paid, decimals),
        outcome_label=("",) * len(ends),
        outcome_number=np.arange(1, len(ends) + 1, dtype=np.int64),
    )
