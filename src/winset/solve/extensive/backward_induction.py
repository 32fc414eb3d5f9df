"""Games of perfect information, from the ends to the beginning (Kuhn 1953)."""

from __future__ import annotations

import time

import numpy as np

from winset.base.diagnostics import Diagnostic
from winset.base.errors import ScenarioError
from winset.language.rules.catalogue import complete
from winset.tree.solution import Progress, TreeSolution
from winset.tree.tree import CHANCE, Tree

METHOD = "backward induction"
EVEN = 1e-12
"""Payoffs that differ by less, relative to the largest one, count as equal."""


def hidden_set(tree: Tree) -> int:
    """The first information set of a player that has several nodes, or -1: perfect information."""
    counts = np.bincount(tree.infoset[tree.player > CHANCE], minlength=tree.sets)
    several = np.flatnonzero(counts > 1)
    return int(several[0]) if len(several) else -1


def solve_backward(tree: Tree, *, progress: Progress | None = None) -> TreeSolution:
    """A subgame-perfect equilibrium in pure strategies of a tree of perfect information.

    Where several actions are best the first of them is taken. `facts` count such nodes ("indifferent"): without any
    there is no other subgame-perfect equilibrium.

    Raises:
        ScenarioError: some information set of a player has several nodes.
    """
    began = time.perf_counter()
    unseen = hidden_set(tree)
    if unseen >= 0:
        raise ScenarioError([complete(Diagnostic(
            code="X414", message=f"{tree.set_name(unseen)} has several nodes, so its player does not know where it is",
        ))])  # fmt: skip
    worth = tree.node_payoff()
    profile = np.where(tree.is_chance, tree.chance, 0.0)
    tiny = EVEN * float(np.max(np.abs(tree.payoff), initial=1e-300))
    indifferent = 0
    for d in range(tree.depth - 2, -1, -1):
        nodes = np.arange(tree.level[d], tree.level[d + 1])
        nodes = nodes[tree.player[nodes] >= CHANCE]
        counts = tree.first[nodes + 1] - tree.first[nodes]
        for count in np.unique(counts):
            some = nodes[counts == count]
            children = tree.first[some][:, None] + np.arange(count)
            actions = tree.set_first[tree.infoset[some]][:, None] + np.arange(count)
            mine = tree.player[some] > CHANCE
            if mine.any():
                own = worth[children[mine], (tree.player[some[mine]] - 1)[:, None]]
                best = own >= own.max(axis=1, keepdims=True) - tiny
                indifferent += int(np.sum(best.sum(axis=1) > 1))
                profile[actions[mine][np.arange(len(best)), np.argmax(best, axis=1)]] = 1.0
            worth[some] += np.einsum("ka,kai->ki", profile[actions], worth[children])
        if progress:
            progress(tree.depth - 1 - d, tree.depth - 1, "backward")
    return TreeSolution(
        tree=tree,
        profile=profile,
        values=worth[0].copy(),
        method=METHOD,
        facts={"indifferent": indifferent, "seconds": time.perf_counter() - began},
    )
