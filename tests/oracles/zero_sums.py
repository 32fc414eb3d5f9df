"""Random zero-sum trees, and how many pure strategies a tree has."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from oracles import trees
from winset.tree.tree import Tree


def strategies(tree: Tree) -> int:
    """Pure strategies of both, as many as the oracle tries."""
    sizes = np.diff(tree.set_first)
    return sum(math.prod(sizes[tree.set_player == i].tolist()) for i in (1, 2))


def zero_sum(seed: int, depth: int = 4) -> Tree:
    """A random tree whose second player gets what the first loses."""
    tree = trees.random_tree(seed, depth=depth)
    assert tree.exact_payoff is not None
    rows = tuple((row[0], -row[0]) for row in tree.exact_payoff)
    payoff = np.array([[float(x) for x in row] for row in rows]).reshape(-1, 2)
    return replace(tree, payoff=payoff, exact_payoff=rows)
