"""Probability put where an edge of the public histories leads: the innermost loop of every forecast."""

from __future__ import annotations

from winset.game.kernels import kernel

OVER = -1
"""Child of an edge at which the game ends."""
CUT = -3
"""Child of an edge that goes on beyond the last layer."""


@kernel
def scatter(amount, new, child, onward, ended, cut):
    """Adds amount (X, Θ) to onward (M, Q, Θ) at the edge's child (X,) and its new memory.

    Where the child is OVER or CUT it goes to `ended` or `cut` (Q,) instead; on edges to dropped nodes it is lost.
    new: (X or 1, Θ or 1) memory after the edge."""
    edges, kinds = amount.shape
    for x in range(edges):
        to = child[x]
        row = x if new.shape[0] > 1 else 0
        for t in range(kinds):
            memory = new[row, t if new.shape[1] > 1 else 0]
            if to >= 0:
                onward[to, memory, t] += amount[x, t]
            elif to == OVER:
                ended[memory] += amount[x, t]
            elif to == CUT:
                cut[memory] += amount[x, t]
