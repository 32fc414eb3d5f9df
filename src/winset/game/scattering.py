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


@kernel
def flow_along(node, child, probability, after, told, flow, ended, cut, layer):
    """Lets flow (N, Q) run along edges given in order of time, which read only nodes that are complete.

    node, child, probability, layer: (E,) nodes counted through all layers; OVER and CUT as in `scatter`, whose `ended`
    and `cut` are (L, Q) here, by the edge's layer. told: (E,) what an edge tells; after: (U, Q) the memory after that,
    by memory before it."""
    edges, memories = len(node), after.shape[1]
    for x in range(edges):
        to = child[x]
        for q in range(memories):
            amount = flow[node[x], q] * probability[x]
            if amount == 0.0:
                continue
            if to >= 0:
                flow[to, after[told[x], q]] += amount
            elif to == OVER:
                ended[layer[x], after[told[x], q]] += amount
            elif to == CUT:
                cut[layer[x], after[told[x], q]] += amount
