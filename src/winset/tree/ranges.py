"""How far payoffs of a tree lie apart: the unit in which a λ, or a gain, is large or small."""

from __future__ import annotations

import numpy as np

from winset.tree.tree import Tree


def payoff_range(tree: Tree) -> float:
    """The largest difference of what one player can get in a tree; 1 where nobody can get different amounts."""
    paid = tree.node_payoff()
    high, low = paid.copy(), paid.copy()
    for d in range(tree.depth - 2, -1, -1):
        begin, end = tree.first[tree.level[d]], tree.first[tree.level[d + 1]]
        if begin == end:
            continue
        nodes = np.arange(tree.level[d], tree.level[d + 1])
        some = nodes[tree.first[nodes + 1] > tree.first[nodes]]
        starts = tree.first[some] - begin
        high[some] += np.maximum.reduceat(high[begin:end], starts, axis=0)
        low[some] += np.minimum.reduceat(low[begin:end], starts, axis=0)
    return float(np.max(high[0] - low[0])) or 1.0
