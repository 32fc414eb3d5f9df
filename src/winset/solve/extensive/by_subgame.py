"""Agent logit equilibrium subgame by subgame: a path of its own for each piece of a tree.

What is played in a proper subgame depends on λ alone, so the equilibrium of a subgame at the wanted λ can be found
first, and the subgame be replaced by what it is worth. That makes many short paths of one long one. The path of the
whole tree has the folds of all its subgames and goes through every one of them (decision 12); here each path has its
own only, and a piece in which one node moves has no path but a formula.

Every answer is an agent logit equilibrium of the whole tree at λ. In a subgame without subgames it is also the one to
which the path of the whole tree comes first: that path, read in the subgame, runs along the subgame's own path, forth
and back. Above subgames it need not be: the path of the whole tree has the subgames play at the λ of each of its
points, here they play at the wanted λ from the start. Where what lies above has one equilibrium at λ the two agree.
"""

from __future__ import annotations

import time

import numpy as np

from winset.base.errors import SolveError
from winset.solve.extensive.logit import MOST_STEPS, reachable, solve_logit, targets
from winset.tree.ranges import payoff_range
from winset.tree.recall import with_perfect_recall
from winset.tree.solution import Progress, TreeSolution
from winset.tree.subgames import Pieces, actions_of, cut_out, pieces
from winset.tree.tree import CHANCE, Floats, Ints, Tree

METHOD = "agent logit equilibrium, subgame by subgame, path following from λ = 0"
EVEN = 1e-9
"""At λ = ∞, actions worth less than this share of the range of payoffs less than the best count as good as it."""


def solve_logit_by_subgame(
    tree: Tree, *, precision: float | None = None, most_steps: int = MOST_STEPS, progress: Progress | None = None
) -> TreeSolution:
    """The agent logit equilibrium that is on the principal branch in every subgame, those inside taken as they are.

    Args:
        tree: with perfect recall.
        precision: λ ≥ 0; None for the limit in each subgame, those inside played as in their limits.
        most_steps: steps after which a piece is given up.
        progress: called after every piece with (nodes done, nodes of the tree, what was done).

    Returns:
        The profile; `facts` count the pieces, those with a path, and their folds. There is no path of the whole.

    Raises:
        ScenarioError: a precision below 0, imperfect recall, or a set that chance never lets be reached.
        SolveError: the path of a piece did not come to the precision; the message says at which set the piece begins.
    """
    began = time.perf_counter()
    if precision is not None:
        targets(precision)
    with_perfect_recall(tree, "the logit path")
    reachable(tree)
    work = _Work(tree, precision, most_steps)
    parts = work.parts
    done = 0
    for rank in range(int(parts.rank.max(initial=-1)) + 1):
        here = np.flatnonzero(parts.rank == rank)
        single = here[parts.inner[here] == 1]
        work.single(parts.root[single])
        done += int(np.sum(np.diff(parts.starts)[single] - 1))  # an end is counted with what it is an end of
        for k in here[parts.inner[here] > 1]:
            work.piece(int(k))
            done += int(parts.starts[k + 1] - parts.starts[k]) - 1
            if progress:
                progress(done, tree.nodes, f"{work.paths:,} subgames")
    facts = {
        "precision": np.inf if precision is None else precision,
        "residual": work.residual,
        "pieces": len(parts.root),
        "pieces with a path": work.paths,
        "nodes that move in the largest": int(parts.inner.max(initial=0)),
        "steps": work.steps,
        "folds": work.folds,
        "seconds": time.perf_counter() - began,
    }
    if precision is None:
        facts.pop("residual")
        facts["limit moves by"] = work.moved
    stopped = "" if not work.unsettled else f"{work.unsettled:,} of {work.paths:,} subgames did not come to their limit"
    return TreeSolution(
        tree=tree,
        profile=work.profile,
        values=work.worth[0].copy(),
        method=METHOD,
        status=stopped or "solved",
        advice="ask for a precision, or allow more steps" if stopped else "",
        facts=facts,
    )


class _Work:
    """What has been found so far: the profile, and what nodes are worth."""

    def __init__(self, tree: Tree, precision: float | None, most_steps: int) -> None:
        self.tree, self.precision, self.most_steps = tree, precision, most_steps
        self.parts: Pieces = pieces(tree)
        self.profile = tree.uniform()
        self.worth = tree.node_payoff()  # of a root once its piece is solved, and of ends; else what the node pays
        self.range = payoff_range(tree)
        self.residual = self.moved = 0.0
        self.paths = self.steps = self.folds = self.unsettled = 0

    def single(self, roots: Ints) -> None:
        """Pieces in which only the root moves: softmax of what its actions are worth; at λ = ∞ the best, if several
        all alike."""
        tree = self.tree
        counts = tree.first[roots + 1] - tree.first[roots]
        for count in np.unique(counts):
            some = roots[counts == count]
            children = tree.first[some][:, None] + np.arange(count)
            actions = tree.set_first[tree.infoset[some]][:, None] + np.arange(count)
            mine = tree.player[some] > CHANCE
            if mine.any():
                own = (tree.player[some[mine]] - 1)[:, None]
                self.profile[actions[mine]] = self._choice(self.worth[children[mine], own])
            self.worth[some] += np.einsum("ka,kai->ki", self.profile[actions], self.worth[children])

    def _choice(self, worth: Floats) -> Floats:
        """(K, A) probabilities of actions worth so much."""
        below = worth - worth.max(axis=1, keepdims=True)
        weight = (
            (below >= -EVEN * self.range).astype(np.float64)
            if self.precision is None
            else np.exp(self.precision * below)
        )
        return np.asarray(weight / weight.sum(axis=1, keepdims=True))

    def piece(self, k: int) -> None:
        """A piece by its own path."""
        tree, nodes = self.tree, self.parts.of(k)
        small, sets = cut_out(tree, nodes, self.worth)
        try:
            found = solve_logit(small, precision=self.precision, keep=(), most_steps=self.most_steps)
        except SolveError as error:
            raise SolveError(f"in the subgame that begins at {self._where(k)}: {error}", error.result) from None
        profile = found.profile
        path = found.path
        assert path is not None
        if self.precision is None:
            profile = path.limit if path.limit is not None else profile
            self.moved = max(self.moved, float(np.nan_to_num(path.limit_error)))
            self.unsettled += found.status != "solved"
        self.profile[actions_of(tree, sets)] = profile
        self.worth[nodes[0]] = small.reach(profile) @ small.node_payoff()
        self.residual = max(self.residual, float(found.facts["residual"]))
        self.paths += 1
        self.steps += int(found.facts["steps"])
        self.folds += int(found.facts["folds"])

    def _where(self, k: int) -> str:
        node = int(self.parts.root[k])
        return f"{self.tree.path_name(node)}, {self.tree.set_name(int(self.tree.infoset[node]))}"
