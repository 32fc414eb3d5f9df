"""Two-player zero-sum trees by the sequence-form linear programme (Koller, Megiddo and von Stengel 1996).

With perfect recall a player's plan is one number for each of its sequences: the probability that its own choices lead
there. What the first player expects is then linear in its plan for every plan of the second, and the plan that does
best against the best answer solves a linear programme as large as the tree. The answer is the dual solution. HiGHS
solves it (Huangfu and Hall 2018), through scipy.

Sequence 0 of a player is the empty one; the others are its actions, in the order of the tree.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import numpy as np

from winset.base.diagnostics import Diagnostic
from winset.base.errors import ScenarioError, SolveError, WinsetError
from winset.language.rules.catalogue import complete
from winset.tree.recall import with_perfect_recall
from winset.tree.solution import Progress, TreeSolution
from winset.tree.tree import CHANCE, TERMINAL, Floats, Ints, Tree

METHOD = "sequence-form linear programme (HiGHS)"
EVEN = 1e-9
"""Sums of payoffs that differ by less, relative to the largest payoff, count as equal."""


def solve_zero_sum(tree: Tree, *, tolerance: float = 1e-9, progress: Progress | None = None) -> TreeSolution:
    """An equilibrium of a tree in which one player gets what the other loses, up to a constant.

    A player whose own earlier choices rule a set out plays all its actions equally often there; so does one at a set
    to which nothing leads. The profile is a Nash equilibrium and need not be the best answer to mistakes there.

    Args:
        tree: two players of perfect recall whose payoffs add up to the same at every end.
        tolerance: largest sum of what both could still gain, relative to the largest difference between payoffs, for
            the status "solved".
        progress: called as each of the three steps begins.

    Returns:
        The profile; its `facts` hold the sum of the gains (`exploitability`, measured on the profile by best responses
        over sequences), iterations, sizes and seconds.

    Raises:
        ScenarioError: other than two players, payoffs that do not add up to a constant, or a player that forgets.
        WinsetError: scipy is not installed.
        SolveError: the linear programme could not be solved.
    """
    tell = progress or (lambda done, total, label: None)
    begin = time.perf_counter()
    tell(0, 3, "reading the tree")
    last, before = _accepted(tree)
    sides = tuple(_side(tree, i, before) for i in (1, 2))
    optimize, sparse = _scipy("optimize"), _scipy("sparse")
    matrix = _payoffs(tree, sides, last, sparse)
    tell(1, 3, "solving the linear programme")
    plans, steps = _programme(matrix, sides, optimize, sparse)
    tell(2, 3, "measuring what could be gained")
    profile = tree.uniform()
    for side, plan in zip(sides, plans, strict=True):
        _choices(side, plan, profile)
    real = tuple(_plan(side, profile) for side in sides)
    payoff = matrix[0]
    first = float(real[0] @ (payoff @ real[1]))
    gap = _best(sides[0], payoff @ real[1]) + _best(sides[1], -(payoff.T @ real[0]))
    spread = float(np.ptp(payoff.data)) if payoff.nnz else 0.0
    unit = max(spread, float(np.max(np.abs(tree.payoff[:, 0]), initial=0.0)), 1e-300)
    good = gap <= tolerance * unit
    return TreeSolution(
        tree=tree,
        profile=profile,
        values=np.array([first, float(real[0] @ (matrix[1] @ real[1]))]),
        method=METHOD,
        status="solved" if good else f"both could gain {gap:.2g} in sum",
        advice="" if good else "raise `tolerance`, or bring the payoffs nearer to each other in size",
        facts={
            "exploitability": gap,
            "iterations": steps,
            "sequences": sum(side.width for side in sides),
            "entries": int(payoff.nnz),
            "seconds": time.perf_counter() - begin,
        },
    )


@dataclass(frozen=True, kw_only=True)
class _Side:
    """A player's sequences and information sets.

    Attributes:
        actions: (W - 1,) the tree's number of the action that ends sequence 1, 2, …
        sequence: (A + 1,) the sequence that ends with action a, at a + 1; 0 for none.
        leads: (sets,) the sequence that leads to each of its sets.
        spans: (sets + 1,) the actions of the k-th set end sequences spans[k] to spans[k + 1].
        order: its sets, those before others first.
    """

    actions: Ints
    sequence: Ints
    leads: Ints
    spans: Ints
    order: Ints

    @property
    def width(self) -> int:
        """W, the empty sequence included."""
        return len(self.actions) + 1


def _side(tree: Tree, player: int, before: Ints) -> _Side:
    sets = np.flatnonzero(tree.set_player == player)
    actions = np.flatnonzero(tree.set_player[tree.set_of] == player)
    sequence = np.zeros(tree.actions + 1, dtype=np.int64)
    sequence[actions + 1] = np.arange(1, len(actions) + 1)
    leads = sequence[before[sets] + 1]
    spans = np.concatenate([[1], 1 + np.cumsum(np.diff(tree.set_first)[sets])]).astype(np.int64)
    owner = np.repeat(np.arange(len(sets)), np.diff(spans))
    children: list[list[int]] = [[] for _ in sets]
    order = []
    for k, s in enumerate(leads.tolist()):
        if s:
            children[owner[s - 1]].append(k)
        else:
            order.append(k)
    for k in order:  # grows while it is read: the sets right behind one follow it
        order += children[k]
    return _Side(actions=actions, sequence=sequence, leads=leads, spans=spans, order=np.array(order, dtype=np.int64))


def _accepted(tree: Tree) -> tuple[Ints, Ints]:
    """What the players remember, where the tree is one that the method solves."""
    if len(tree.players) != 2:
        raise ScenarioError([complete(Diagnostic(
            code="X411", message=f"the game has {len(tree.players)} players, and the method solves games of two",
        ))])  # fmt: skip
    total = tree.node_payoff().sum(axis=1)
    for d in range(1, tree.depth):
        rows = np.arange(tree.level[d], tree.level[d + 1])
        total[rows] += total[tree.parent[rows]]
    ends = np.flatnonzero(tree.player == TERMINAL)
    low, high = ends[np.argmin(total[ends])], ends[np.argmax(total[ends])]
    if total[high] - total[low] > EVEN * np.max(np.abs(tree.payoff), initial=1e-300):
        raise ScenarioError([complete(Diagnostic(
            code="X412", message="what both players get does not add up to the same everywhere",
            example={tree.path_name(int(n)): f"{total[n]:.10g} in sum" for n in (low, high)},
        ))])  # fmt: skip
    found = with_perfect_recall(tree, "the sequence form")
    return found.last.astype(np.int64), found.before.astype(np.int64)


def _scipy(part: str) -> Any:
    try:
        return import_module(f"scipy.{part}")
    except ImportError as error:
        raise WinsetError(
            "scipy is not installed\n    why: the linear programme is solved by HiGHS, which comes with scipy\n"
            '    fix: Install it with `pip install "winset[exact]"`.'
        ) from error


def _payoffs(tree: Tree, sides: tuple[_Side, ...], last: Ints, sparse: Any) -> tuple[Any, Any]:
    """For each player a (W1, W2) sparse matrix: what all nodes behind two sequences pay, by chance's probability."""
    weight = np.ones(tree.nodes)
    for d in range(1, tree.depth):
        rows = np.arange(tree.level[d], tree.level[d + 1])
        above = tree.parent[rows]
        here = np.where(tree.player[above] == CHANCE, tree.chance[tree.arrived[rows]], 1.0)
        weight[rows] = weight[above] * here
    nodes = np.flatnonzero((tree.outcome >= 0) & (weight > 0))
    at = tuple(side.sequence[last[nodes, i] + 1] for i, side in enumerate(sides))
    paid = weight[nodes, None] * tree.payoff[tree.outcome[nodes]]
    shape = (sides[0].width, sides[1].width)
    first, second = (sparse.coo_array((paid[:, i], at), shape=shape).tocsr() for i in (0, 1))
    return first, second


def _constraints(side: _Side, sparse: Any) -> Any:
    """(1 + sets, W): the empty sequence has weight 1, those of a set's actions add up to that which leads there."""
    count = len(side.leads)
    rows = np.concatenate([[0], 1 + np.arange(count), 1 + np.repeat(np.arange(count), np.diff(side.spans))])
    columns = np.concatenate([[0], side.leads, np.arange(1, side.width)])
    entries = np.concatenate([[1.0], np.full(count, -1.0), np.ones(side.width - 1)])
    return sparse.coo_array((entries, (rows, columns)), shape=(1 + count, side.width)).tocsr()


def _programme(
    matrix: tuple[Any, Any], sides: tuple[_Side, ...], optimize: Any, sparse: Any
) -> tuple[tuple[Floats, Floats], int]:
    """Plans of both, and the number of iterations.

    Maximises q0 over plans x of the first and worths q of the second's sets, where the worth of a set is at most what
    any of its actions leaves the first: F'q <= A'x, Ex = e. The second's plan is the dual of the inequalities.
    """
    own, other = (_constraints(side, sparse) for side in sides)
    size = float(np.max(np.abs(matrix[0].data), initial=0.0)) or 1.0
    above = sparse.hstack([-matrix[0].T / size, other.T]).tocsr()
    equal = sparse.hstack([own, sparse.coo_array((own.shape[0], other.shape[0]))]).tocsr()
    cost = np.zeros(sides[0].width + other.shape[0])
    cost[sides[0].width] = -1.0
    start = np.zeros(own.shape[0])
    start[0] = 1.0
    bounds = np.full((len(cost), 2), (-np.inf, np.inf))
    bounds[: sides[0].width, 0] = 0.0
    found = optimize.linprog(
        cost, A_ub=above, b_ub=np.zeros(sides[1].width), A_eq=equal, b_eq=start, bounds=bounds, method="highs",
        options={"primal_feasibility_tolerance": 1e-10, "dual_feasibility_tolerance": 1e-10},
    )  # fmt: skip
    if found.status != 0:
        raise SolveError(f"HiGHS could not solve the linear programme: {found.message}", found)
    return (found.x[: sides[0].width], -found.ineqlin.marginals), int(found.nit)


def _choices(side: _Side, plan: Floats, profile: Floats) -> None:
    """Writes the choices that a plan makes at each set; all alike where it never comes to a set."""
    for k in range(len(side.leads)):
        weights = np.maximum(plan[side.spans[k] : side.spans[k + 1]], 0.0)
        weights[weights < 1e-14] = 0.0
        actions = side.actions[side.spans[k] - 1 : side.spans[k + 1] - 1]
        total = weights.sum()
        profile[actions] = weights / total if total > 1e-12 else 1.0 / len(actions)


def _plan(side: _Side, profile: Floats) -> Floats:
    """(W,) the plan that a profile's choices make."""
    out = np.ones(side.width)
    for k in side.order:
        span = slice(side.spans[k], side.spans[k + 1])
        out[span] = out[side.leads[k]] * profile[side.actions[span.start - 1 : span.stop - 1]]
    return out


def _best(side: _Side, worth: Floats) -> float:
    """The most that a plan gets where each sequence is worth this much by itself."""
    total = worth.copy()
    for k in side.order[::-1]:
        total[side.leads[k]] += total[side.spans[k] : side.spans[k + 1]].max()
    return float(total[0])
