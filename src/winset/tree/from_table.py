"""A table as a tree: one player chooses after the other, and none sees what those before chose."""

from __future__ import annotations

import numpy as np

from winset.tree.checks import checked
from winset.tree.tree import TERMINAL, NormalForm, Tree


def tree_of_table(form: NormalForm) -> Tree:
    """The tree of a game in strategic form, with one information set a player; numbers stay as exact as they are.

    Its equilibria are those of the table, and so are its agent logit equilibria: every player is one agent.
    """
    shape, players = form.shape, len(form.players)
    widths = np.concatenate([[1], np.cumprod(shape)]).astype(np.int64)
    level = np.concatenate([[0], np.cumsum(widths)]).astype(np.int64)
    last = int(widths[-1])
    depth_of = np.repeat(np.arange(players + 1), widths)
    counts = np.where(depth_of < players, np.array([*shape, 0])[depth_of], 0)
    cells = len(depth_of) - last
    exact = form.exact_payoff
    return checked(Tree(
        title=form.title,
        comment=form.comment,
        players=form.players,
        player=np.where(depth_of < players, depth_of + 1, TERMINAL).astype(np.int32),
        infoset=np.where(depth_of < players, depth_of, -1).astype(np.int32),
        parent=np.concatenate([[-1], np.repeat(np.arange(len(depth_of)), counts)]).astype(np.int32),
        first=(1 + np.concatenate([[0], np.cumsum(counts)])).astype(np.int64),
        level=level,
        outcome=np.concatenate([np.full(cells, -1), np.arange(last)]).astype(np.int32),
        set_player=np.arange(1, players + 1, dtype=np.int32),
        set_number=np.ones(players, dtype=np.int64),
        set_label=("",) * players,
        set_first=np.concatenate([[0], np.cumsum(shape)]).astype(np.int64),
        action_label=tuple(label for side in form.strategies for label in side),
        chance=np.full(int(np.sum(shape)), np.nan),
        payoff=form.payoff.reshape(players, -1).T.copy(),
        outcome_label=("",) * last,
        outcome_number=np.arange(1, last + 1, dtype=np.int64),
        exact_chance=None if exact is None else (None,) * int(np.sum(shape)),
        exact_payoff=None if exact is None else tuple(
            tuple(exact[i * last + k] for i in range(players)) for k in range(last)
        ),
    ))  # fmt: skip
