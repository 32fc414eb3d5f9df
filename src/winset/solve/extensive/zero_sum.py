"""Two-player zero-sum trees by the sequence-form linear programme (Koller, Megiddo and von Stengel 1996).

What the first player expects is linear in its plan over sequences for every plan of the second, and the plan that does
best against the best answer solves a linear programme as large as the tree. The answer is the dual solution. HiGHS
solves it (Huangfu and Hall 2018), through scipy.
"""

from __future__ import annotations

import time
from importlib import import_module
from typing import Any

import numpy as np

from winset.base.errors import SolveError, WinsetError
from winset.solve.extensive.sequences import Side, best_worth, choices, paid_at, plan_of, zero_sum_sides
from winset.tree.solution import Progress, TreeSolution
from winset.tree.tree import Floats, Ints, Tree

METHOD = "sequence-form linear programme (HiGHS)"
NOISE = 1e-14
"""A weight of a plan below this is an error of the arithmetic, and stands for none."""


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
    sides, last = zero_sum_sides(tree)
    optimize, sparse = _scipy("optimize"), _scipy("sparse")
    matrix = _payoffs(tree, sides, last, sparse)
    tell(1, 3, "solving the linear programme")
    plans, steps = _programme(matrix, sides, optimize, sparse)
    tell(2, 3, "measuring what could be gained")
    profile = tree.uniform()
    for side, plan in zip(sides, plans, strict=True):
        choices(side, plan, profile, noise=NOISE)
    real = tuple(plan_of(side, profile) for side in sides)
    payoff = matrix[0]
    first = float(real[0] @ (payoff @ real[1]))
    gap = best_worth(sides[0], payoff @ real[1]) + best_worth(sides[1], -(payoff.T @ real[0]))
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


def _scipy(part: str) -> Any:
    try:
        return import_module(f"scipy.{part}")
    except ImportError as error:
        raise WinsetError(
            "scipy is not installed\n    why: the linear programme is solved by HiGHS, which comes with scipy\n"
            '    fix: Install it with `pip install "winset[exact]"`.'
        ) from error


def _payoffs(tree: Tree, sides: tuple[Side, Side], last: Ints, sparse: Any) -> tuple[Any, Any]:
    """For each player a (W1, W2) sparse matrix: what all nodes behind two sequences pay, by chance's probability."""
    at, paid = paid_at(tree, sides, last)
    shape = (sides[0].width, sides[1].width)
    first, second = (sparse.coo_array((paid[:, i], at), shape=shape).tocsr() for i in (0, 1))
    return first, second


def _constraints(side: Side, sparse: Any) -> Any:
    """(1 + sets, W): the empty sequence has weight 1, those of a set's actions add up to that which leads there."""
    count = len(side.leads)
    rows = np.concatenate([[0], 1 + np.arange(count), 1 + np.repeat(np.arange(count), np.diff(side.spans))])
    columns = np.concatenate([[0], side.leads, np.arange(1, side.width)])
    entries = np.concatenate([[1.0], np.full(count, -1.0), np.ones(side.width - 1)])
    return sparse.coo_array((entries, (rows, columns)), shape=(1 + count, side.width)).tocsr()


def _programme(
    matrix: tuple[Any, Any], sides: tuple[Side, Side], optimize: Any, sparse: Any
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
