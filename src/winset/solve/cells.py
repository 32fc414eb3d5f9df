"""Solves one stage at many cells: all nodes of the belief grid, or any list of (state, belief).

A cell is solved the fastest way that is sure to be on the principal branch: nobody has a choice (FORCED);
no fixed point (DIRECT); a proof that only one equilibrium exists at any precision up to λ, then Newton
(UNIQUE); otherwise the path is followed (TRACED). A cell that misses the tolerance keeps its
best strategy and is marked FAILED.
"""

from __future__ import annotations

import numpy as np

from winset.game.kernels import inner, kernel, maker
from winset.game.solution import DIRECT, FAILED, FORCED, TRACED, UNIQUE
from winset.solve.follow import Cell, evaluate, follow, make_trail, polish, stage_strategy
from winset.solve.hermite import basis, locate
from winset.solve.line import SURE, close, is_unique, make_line, newton, play, respond_hidden, set_observable, softmax
from winset.solve.passing import passes, solve_passed_cell
from winset.solve.stage import make_room, to_belief

# Newton works in log-odds, where 1e-10 leaves strategies exact to better than 1e-10.
NEWTON = 1e-10


@inner
def uses_line(st):
    """True when the stage has the closed form of `line`: one mover, two types, nobody's type changes."""
    if st.player.size != 1 or st.law.size or st.branch_law.size:
        return False
    return st.types[st.player[0]] == 2


@inner
def _expected_pay(st, b, pi, th, line, count, digit):
    """Adds branch b's reward to line.pay[count, th], others' types by pi."""
    mover = st.player[0]
    P = st.types.size
    for joint in range(st.reward.shape[2]):
        rest = joint
        for i in range(P - 1, -1, -1):
            digit[i] = rest % st.types[i]
            rest //= st.types[i]
        if digit[mover] != th:
            continue
        for i in range(P):
            pay = st.reward[b, i, joint]
            if pay == 0.0:
                continue
            weight = st.probability[b]
            for k in range(P):
                if k != i and k != mover:
                    weight *= pi[st.row[k] + digit[k]]
            line.pay[count, th, st.row[i] + digit[i]] += weight * pay


@inner
def _can_occur(st, s, o):
    if st.hidden[0] == 0:
        return st.available[s, 0, o] == 1
    for a in range(st.actions[0]):
        if st.available[s, 0, a] and (st.signal[s, 0, a, 0, o] > 0.0 or st.signal[s, 0, a, 1, o] > 0.0):
            return True
    return False


@inner
def _set_actions(st, s, pi, line, digit):
    """Fills the line's available actions and what a hidden one pays by itself, others' types by pi."""
    mover = st.player[0]
    P = st.types.size
    line.size[0], line.size[1] = 0, st.hidden[0]
    for a in range(st.actions[0]):
        if st.available[s, 0, a]:
            line.action[line.size[0]] = a
            line.size[0] += 1
    line.act[:] = 0.0
    line.base[:] = 0.0
    if st.action_reward.size == 0:
        return
    for number in range(line.size[0]):
        for joint in range(st.action_reward.shape[3]):
            rest = joint
            for i in range(P - 1, -1, -1):
                digit[i] = rest % st.types[i]
                rest //= st.types[i]
            for i in range(P):
                weight = 1.0
                for k in range(P):
                    if k != i and k != mover:
                        weight *= pi[st.row[k] + digit[k]]
                pay = st.action_reward[s, line.action[number], i, joint]
                line.act[digit[mover], number, st.row[i] + digit[i]] += weight * pay
        for th in range(2):
            line.base[th, number] = st.precision[0] * line.act[th, number, st.row[mover] + th]


@inner
def build_line(st, s, pi, coords, x, data, dims, line, room):
    """Fills the line of the mover at state s, everyone else's belief as in pi and coords.

    Returns how many observables can occur.
    """
    n, R = x.size, data.shape[3]
    mover = st.player[0]
    axis = st.dim[mover]
    bit = 1 << axis
    base, active, stride, first = 0, 0, 1, 1
    for _ in range(1, dims):
        first *= n
    weights = room.weights
    step = first
    for d in range(dims):
        if d == axis:
            stride = step
        else:
            k, share = locate(x, coords[d])
            base += k * step
            if share > 0.0:
                active |= 1 << d
                basis(share, x[k + 1] - x[k], weights[d])
        step //= n
    _set_actions(st, s, pi, line, room.theta)
    count = 0
    for o in range(st.observables[0]):
        if st.first[s * st.joint + o] == st.first[s * st.joint + o + 1] or not _can_occur(st, s, o):
            continue
        line.v[count] = 0.0
        line.pay[count] = 0.0
        if st.hidden[0]:
            for a in range(line.size[0]):
                for th in range(2):
                    line.signal[th, a, count] = st.signal[s, 0, line.action[a], th, o]
        for b in range(st.first[s * st.joint + o], st.first[s * st.joint + o + 1]):
            _expected_pay(st, b, pi, 0, line, count, room.theta)
            _expected_pay(st, b, pi, 1, line, count, room.theta)
            if st.target[b] < 0:
                continue
            for corner in range(1 << dims):
                if corner & ~active:
                    continue
                g = base
                step = first
                for d in range(dims):
                    if corner & (1 << d):
                        g += step
                    step //= n
                for mask in range(1 << dims):
                    if mask & ~(active | bit):
                        continue
                    weight = st.probability[b]
                    for d in range(dims):
                        if active & (1 << d):
                            weight *= weights[d, (corner >> d) & 1, (mask >> d) & 1]
                    slope = 1 if mask & bit else 0
                    for k in range(n):
                        for r in range(R):
                            line.v[count, k, slope, r] += weight * data[st.target[b], g + k * stride, mask, r]
        for i in range(st.types.size):
            for r in range(st.row[i], st.row[i + 1]):
                for k in range(n):
                    line.v[count, k, 0, r] *= st.discount[i]
                    line.v[count, k, 1, r] *= st.discount[i]
        line.seen[count] = o
        if line.size[0] > 1:
            set_observable(line, count, st.precision[0], st.row[mover])
        count += 1
    if line.size[0] > 1:
        close(line, count)
    return count


@inner
def _line_values(st, line, count, z, q, gamma, seen, prior, values):
    """values[R] of the cell; z posterior log-odds by observable, prior that of type 0."""
    mover = st.player[0]
    row = st.row[mover]
    R = values.size
    x = line.x
    values[:] = 0.0
    for o in range(count):
        e = np.exp(-abs(z[o]))
        p = 1.0 / (1.0 + e) if z[o] >= 0.0 else e / (1.0 + e)
        k, s = locate(x, p)
        mass = prior * seen[0, o] + (1.0 - prior) * seen[1, o]
        u, g0, g1 = 0.0, 0.0, 0.0
        if s > 0.0:
            h = x[k + 1] - x[k]
            u = s * s * (3.0 - 2.0 * s)
            g0, g1 = s * (1.0 - s) * (1.0 - s) * h, -s * s * (1.0 - s) * h
        for r in range(R):
            later = line.v[o, k, 0, r]
            if s > 0.0:
                later += u * (line.v[o, k + 1, 0, r] - later) + g0 * line.v[o, k, 1, r] + g1 * line.v[o, k + 1, 1, r]
            if row <= r < row + 2:
                values[r] += seen[r - row, o] * (line.pay[o, r - row, r] + later)
            else:
                values[r] += mass * (p * line.pay[o, 0, r] + (1.0 - p) * line.pay[o, 1, r] + later)
    for a in range(line.size[0] if line.size[1] else 0):
        for r in range(R):
            if row <= r < row + 2:
                values[r] += gamma[r - row, a] * line.act[r - row, a, r]
            else:
                values[r] += prior * gamma[0, a] * line.act[0, a, r] + (1.0 - prior) * gamma[1, a] * line.act[1, a, r]
    if st.shocks and line.size[0] > 1:
        for th in range(2):
            if line.size[1]:
                values[row + th] = respond_hidden(line, count, 1.0, th, q[th], gamma[th]) / st.precision[0]
            else:
                values[row + th] = softmax(count, 1.0, q[th], gamma[th]) / st.precision[0]


@inner
def solve_line_cell(st, line, count, prior, z, gamma, values, cell, trail):
    """Solves one cell of a line at the mover's prior (probability of type 0).

    z[O] holds the neighbour's shifts in log-odds (or 0), and receives this cell's. Fills gamma[K, A]
    and values[R]; returns (residual, folds, how)."""
    actions = line.size[0]
    q, dq, choice, seen, f = line.pair[0], line.pair[1], line.pair[2], line.pair[3], line.row[1]
    gamma[:] = 0.0
    residual, folds, how = 0.0, 0, FORCED
    ell = -np.inf if prior <= 0.0 else (np.inf if prior >= 1.0 else np.log(prior / (1.0 - prior)))
    full = line.row[2][:count]
    full[:] = ell
    if actions > 1 and np.isfinite(ell):
        if is_unique(line, count, ell):
            how = UNIQUE
            for o in range(count):
                full[o] = ell + z[o]
            if line.size[1]:
                residual = polish(False, line, count, ell, cell, trail, full, NEWTON)
            else:
                residual = newton(line, count, ell, full, q, dq, choice, NEWTON)
        if how != UNIQUE or residual == np.inf:
            _uninformative(line, count, ell, full)
            residual, folds = follow(False, line, count, ell, cell, trail, full, NEWTON, 0.0, 1.0)
            how = TRACED if residual < 1e-8 else FAILED
        for o in range(count):
            z[o] = full[o] - ell
    elif actions > 1:
        how = DIRECT
    if how == FORCED:
        _uninformative(line, count, ell, full)
        for th in range(2):
            choice[th, 0] = 1.0
            for o in range(count):
                seen[th, o] = line.signal[th, 0, o] if line.size[1] else 1.0
    else:
        play(line, count, ell, 1.0, full, q, dq, choice, seen, f)
    for th in range(2):
        for a in range(actions):
            gamma[th, line.action[a]] = choice[th, a]
    _line_values(st, line, count, full, q, choice, seen, prior, values)
    return residual, folds, how


@inner
def _uninformative(line, count, ell, z):
    """Posterior log-odds z[O] under uniform play: what the signals alone say of the type."""
    z[:] = ell
    if line.size[1] == 0 or not np.isfinite(ell):
        return
    for o in range(count):
        total0, total1 = 0.0, 0.0
        for a in range(line.size[0]):
            total0 += line.signal[0, a, o]
            total1 += line.signal[1, a, o]
        if total0 <= 0.0 or total1 <= 0.0:
            z[o] = SURE if total0 > 0.0 else -SURE
        else:
            z[o] = ell + np.log(total0) - np.log(total1)


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
def solve_general_cell(cell, trail, line, st, s, guess, along, gamma, values):
    """Solves one cell of any stage at the belief cell.pi; fills gamma[M, K, A] and values[R].

    Returns (residual, folds, how). `guess`, where not empty, is a strategy from which Newton starts instead of the
    path: for showing other equilibria, never for the principal one. Where `along` is +1 or -1 the path through what
    Newton finds is then followed, with rising or falling precision, to the next equilibrium on it."""
    coupled = _set_slots(st, s, cell)
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
    pi = np.zeros(R)
    z = np.zeros(st.joint)
    none = np.zeros((0, 0, 0))
    here = np.zeros(dims)
    count, before, passed = 0, -1, -1
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
            before = s
            to_belief(st, coords[node], cell.pi)
            for d in range(dims):
                cell.room.coords[d] = coords[node, d]
            out_residual[at], out_folds[at], out_how[at] = solve_passed_cell(
                st, s, passed, cell, node if product else -1, out_values[at]
            )
            _uniform(st, s, cell)
            copy_strategies(cell.gamma, out_gamma[at])
            continue
        if not on_line:
            before = s
            to_belief(st, coords[node], cell.pi)
            out_residual[at], out_folds[at], out_how[at] = solve_general_cell(
                cell, trail, line, st, s, guess[at] if guess.size else none, along[at] if guess.size else 0,
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
