"""Solves one stage at many cells: all nodes of the belief grid, or any list of (state, belief).

A cell is solved the fastest way that is sure to be on the principal branch: nobody has a choice (FORCED);
no fixed point (DIRECT); a proof that only one equilibrium exists at any precision up to λ, then Newton
(UNIQUE); otherwise the path is followed (TRACED). A cell that misses the tolerance keeps its
best strategy and is marked FAILED.
"""

from __future__ import annotations

import numpy as np

from winset.game.kernels import inner, kernel, maker
from winset.game.solution import DIRECT, FAILED, FORCED, TRACED
from winset.solve.follow import Cell, evaluate, follow, make_trail, polish, stage_strategy
from winset.solve.handing import raise_faint
from winset.solve.line import make_line
from winset.solve.line_cell import NEWTON, build_line, solve_line_cell, uses_line
from winset.solve.passing import is_unmoved, passes, solve_passed_cell
from winset.solve.stage import make_room, to_belief


@maker
def make_cell(st, x, data, dims):
    """Work space for the general stage."""
    M = max(1, st.player.size)
    A, K = 1, st.types.max()
    for j in range(st.player.size):
        A = max(A, st.actions[j])
    R = st.row[st.types.size]
    return Cell(
        st, np.zeros(2, np.int64), np.zeros(R), x, data, dims, make_room(st, dims),
        np.zeros((M, K, A)), np.zeros((M, K, A)), np.zeros((M, K, A)), np.zeros(R), np.zeros((M * K * A, 3), np.int64),
    )  # fmt: skip


@inner
def _set_slots(st, s, cell):
    """Lists the unknowns of types with positive belief in cell.slots; returns whether they interact."""
    total, blocks = 0, 0
    for j in range(st.player.size):
        count = 0
        for a in range(st.actions[j]):
            count += st.available[s, j, a]
        if count < 2:
            continue
        for th in range(st.types[st.player[j]]):
            if cell.pi[st.row[st.player[j]] + th] <= 0.0:
                continue
            blocks += 1
            for a in range(st.actions[j]):
                if st.available[s, j, a]:
                    cell.slots[total, 0], cell.slots[total, 1], cell.slots[total, 2] = j, th, a
                    total += 1
    cell.at[0], cell.at[1] = s, total
    return blocks > 1 or (blocks == 1 and st.law.size > 0)


@inner
def copy_strategies(source, target):
    """target[M, K, A] = source."""
    for j in range(source.shape[0]):
        for th in range(source.shape[1]):
            for a in range(source.shape[2]):
                target[j, th, a] = source[j, th, a]


@inner
def _uniform(st, s, cell):
    """Uniform play over the available actions."""
    cell.gamma[:] = 0.0
    cell.logs[:] = -np.inf
    for j in range(st.player.size):
        count = 0
        for a in range(st.actions[j]):
            count += st.available[s, j, a]
        for th in range(st.types[st.player[j]]):
            for a in range(st.actions[j]):
                if st.available[s, j, a]:
                    cell.gamma[j, th, a] = 1.0 / count
                    cell.logs[j, th, a] = -np.log(count)


@inner
def _respond_all(st, s, cell):
    """Every type's logit response to the present action values; returns the largest change of a believed type."""
    worst = 0.0
    for j in range(st.player.size):
        for th in range(st.types[st.player[j]]):
            top, total = -np.inf, 0.0
            for a in range(st.actions[j]):
                if st.available[s, j, a]:
                    top = max(top, st.precision[j] * cell.Q[j, th, a])
            for a in range(st.actions[j]):
                if st.available[s, j, a]:
                    total += np.exp(st.precision[j] * cell.Q[j, th, a] - top)
            for a in range(st.actions[j]):
                if st.available[s, j, a]:
                    value = np.exp(st.precision[j] * cell.Q[j, th, a] - top) / total
                    if cell.pi[st.row[st.player[j]] + th] > 0.0:
                        worst = max(worst, abs(value - cell.gamma[j, th, a]))
                    cell.gamma[j, th, a] = value
                    cell.logs[j, th, a] = st.precision[j] * cell.Q[j, th, a] - top - np.log(total)
    return worst


@inner
def solve_general_cell(cell, trail, line, st, s, unmoved, guess, along, gamma, values):
    """Solves one cell of any stage at the belief cell.pi; fills gamma[M, K, A] and values[R].

    Returns (residual, folds, how). `unmoved`: see `passing.is_unmoved`. `guess`, where not empty, is a strategy from
    which Newton starts instead of the path: for showing other equilibria, never for the principal one. Where `along`
    is +1 or -1 the path through what Newton finds is then followed, with rising or falling precision, to the next
    equilibrium on it."""
    coupled = _set_slots(st, s, cell) and not unmoved
    _uniform(st, s, cell)
    residual, folds, how = 0.0, 0, FORCED
    n = cell.at[1]
    if n > 0:
        how = DIRECT
        if coupled:
            z = trail.vector[2 if guess.size == 0 else 3][:n]
            for i in range(n):
                z[i] = 0.0
                if guess.size:
                    z[i] = np.log(max(1e-300, guess[cell.slots[i, 0], cell.slots[i, 1], cell.slots[i, 2]]))
            if guess.size:
                residual = polish(True, line, 0, 0.0, cell, trail, z, NEWTON)
                if along != 0 and residual < np.inf:
                    for i in range(n):  # the follower needs the room that Newton's result is in
                        trail.vector[2][i] = z[i]
                    z = trail.vector[2][:n]
                    residual, folds = follow(True, line, 0, 0.0, cell, trail, z, NEWTON, 1.0, float(along))
            else:
                residual, folds = follow(True, line, 0, 0.0, cell, trail, z, NEWTON, 0.0, 1.0)
            how = TRACED if residual < 1e-8 else FAILED
            stage_strategy(cell, z)
    evaluate(cell)
    change = _respond_all(st, s, cell)
    if how == DIRECT:
        evaluate(cell)
    if how in (TRACED, FAILED):
        residual = max(residual, change) if residual < np.inf else change
    copy_strategies(cell.gamma, gamma)
    raise_faint(st, s, cell, gamma)
    for r in range(values.size):
        values[r] = cell.values[r]
    for j in range(st.player.size):
        i = st.player[j]
        for th in range(st.types[i]):
            total, top = 0.0, -np.inf
            for a in range(st.actions[j]):
                if st.available[s, j, a]:
                    top = max(top, st.precision[j] * cell.Q[j, th, a])
                    total += cell.gamma[j, th, a] * cell.Q[j, th, a]
            if st.shocks:
                total = 0.0
                for a in range(st.actions[j]):
                    if st.available[s, j, a]:
                        total += np.exp(st.precision[j] * cell.Q[j, th, a] - top)
                total = (top + np.log(total)) / st.precision[j]
            values[st.row[i] + th] = total
    return residual, folds, how


@kernel
def solve_cells(
    st, x, data, dims, states, coords, order, product, guess, along, low, high,
    out_gamma, out_values, out_residual, out_folds, out_how,
):  # fmt: skip
    """Solves cells number low to high of a stage. data: (S', G, 2^D, R) node data of the next stage.

    With `product` every state meets every row of coords (N, D), visited in `order`, and results go to
    [state number, row]; else state i meets row i and results go to [i]. All results have one leading axis
    of cells: gamma (., M, K, A), values (., R), residual, folds, how (.). guess: (., M, K, A) strategies from
    which Newton starts, or empty for the principal branch; along (.): see `solve_general_cell`."""
    on_line = uses_line(st) and guess.size == 0
    R = st.row[st.types.size]
    cell = make_cell(st, x, data, dims)
    line = make_line(x, st.available.shape[2] if on_line else 0, st.joint if on_line else 0, R)
    trail = make_trail(max(st.joint if on_line else 0, cell.slots.shape[0]))
    _solve_range(
        on_line, cell, line, trail, np.zeros(R), np.zeros(st.joint), np.zeros((0, 0, 0)), np.zeros(dims),
        st, x, data, dims, states, coords, order, product, guess, along, low, high,
        out_gamma, out_values, out_residual, out_folds, out_how,
    )  # fmt: skip


@inner
def _solve_range(
    on_line, cell, line, trail, pi, z, none, here,
    st, x, data, dims, states, coords, order, product, guess, along, low, high,
    out_gamma, out_values, out_residual, out_folds, out_how,
):  # fmt: skip
    """The loop of `solve_cells`, apart from it so that it counts no references."""
    count, before, passed, unmoved = 0, -1, -1, False
    axis = st.dim[st.player[0]] if on_line else 0
    for i in range(low, high):
        if product:
            node = order[i % order.size]
            s, at = states[i // order.size], (i // order.size) * order.size + node
        else:
            node, s, at = i, states[i], i
        if s != before:
            passed = passes(st, s)
            if passed >= 0:
                _uniform(st, s, cell)
        if passed >= 0:
            before = s
            to_belief(st, coords[node], cell.pi)
            for d in range(dims):
                cell.room.coords[d] = coords[node, d]
            out_residual[at], out_folds[at], out_how[at] = solve_passed_cell(st, s, passed, cell, out_values[at])
            copy_strategies(cell.gamma, out_gamma[at])
            continue
        if not on_line:
            if s != before:
                unmoved = is_unmoved(st, s, x, data, dims)
            before = s
            to_belief(st, coords[node], cell.pi)
            out_residual[at], out_folds[at], out_how[at] = solve_general_cell(
                cell, trail, line, st, s, unmoved, guess[at] if guess.size else none, along[at] if guess.size else 0,
                out_gamma[at], out_values[at],
            )  # fmt: skip
            continue
        same = s == before
        for d in range(dims):
            if d != axis and here[d] != coords[node, d]:
                same = False
            here[d] = coords[node, d]
        if not same:
            to_belief(st, here, pi)
            count = build_line(st, s, pi, here, x, data, dims, line, cell.room)
            z[:] = 0.0
        before = s
        out_residual[at], out_folds[at], out_how[at] = solve_line_cell(
            st, line, count, here[axis], z, out_gamma[at, 0], out_values[at], cell, trail
        )
