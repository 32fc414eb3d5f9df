"""A cell with the closed form of `line`: one mover with two types, nobody's type changes.

`build_line` gathers what the cells of one belief axis share; `solve_line_cell` solves one of them.
"""

from __future__ import annotations

import numpy as np

from winset.game.kernels import inner
from winset.game.solution import DIRECT, FAILED, FORCED, TRACED, UNIQUE
from winset.solve.follow import follow, polish
from winset.solve.handing import fit_posteriors, raise_faint_pair
from winset.solve.hermite import basis, locate
from winset.solve.line import SURE, close, is_unique, newton, play, respond_hidden, set_observable, softmax

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
    if st.own.size:
        for r in range(line.pay.shape[2]):
            if r < st.row[mover] or r >= st.row[mover] + 2 or r == st.row[mover] + th:
                line.pay[count, th, r] += st.probability[b] * st.own[b, r]
        return
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
def _add_on_nodes(v, p, data, base, stride, bit):
    """Adds p times values and slopes along a grid line to v[n, 2, R]; `data` is (G, 2^D, R), one state's."""
    n, _, R = v.shape
    for k in range(n):
        g = base + k * stride
        for r in range(R):
            v[k, 0, r] += p * data[g, 0, r]
            v[k, 1, r] += p * data[g, bit, r]


@inner
def _add_between(v, p, data, base, step, stride, bit, w):
    """As `_add_on_nodes` with two dimensions, between nodes `base` and `base + step` of the other one.

    `w` is its basis (see `hermite.basis`). The sum of `_add_between_many`, written out so that it runs in vector
    instructions."""
    n, _, R = v.shape
    other = 3 ^ bit
    w0, s0, w1, s1 = p * w[0, 0], p * w[0, 1], p * w[1, 0], p * w[1, 1]
    for k in range(n):
        low, high = data[base + k * stride], data[base + step + k * stride]
        for r in range(R):
            v[k, 0, r] += w0 * low[0, r] + s0 * low[other, r] + w1 * high[0, r] + s1 * high[other, r]
            v[k, 1, r] += w0 * low[bit, r] + s0 * low[3, r] + w1 * high[bit, r] + s1 * high[3, r]


@inner
def _add_between_many(v, p, data, base, stride, bit, active, weights):
    """As `_add_on_nodes`, with any number of dimensions between nodes: those whose bit is set in `active`."""
    n, _, R = v.shape
    dims = weights.shape[0]
    for corner in range(1 << dims):
        if corner & ~active:
            continue
        g, step = base, 1
        for d in range(dims - 1, -1, -1):
            if corner & (1 << d):
                g += step
            step *= n
        for mask in range(1 << dims):
            if mask & ~(active | bit):
                continue
            weight = p
            for d in range(dims):
                if active & (1 << d):
                    weight *= weights[d, (corner >> d) & 1, (mask >> d) & 1]
            slope = 1 if mask & bit else 0
            for k in range(n):
                for r in range(R):
                    v[k, slope, r] += weight * data[g + k * stride, mask, r]


@inner
def build_line(st, s, pi, coords, x, data, dims, line, room):
    """Fills the line of the mover at state s, everyone else's belief as in pi and coords.

    Returns how many observables can occur.
    """
    n = x.size
    mover = st.player[0]
    axis = st.dim[mover]
    bit = 1 << axis
    base, active, stride, step = 0, 0, 1, 1
    for _ in range(1, dims):
        step *= n
    weights = room.weights
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
            v, p, there = line.v[count], st.probability[b], data[st.target[b]]
            if active == 0:
                _add_on_nodes(v, p, there, base, stride, bit)
            elif dims == 2:
                _add_between(v, p, there, base, 1 if axis == 0 else n, stride, bit, weights[1 - axis])
            else:
                _add_between_many(v, p, there, base, stride, bit, active, weights)
        for i in range(st.types.size):
            if st.discount[i] == 1.0:
                continue
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
        if how == UNIQUE and line.size[1] == 0:  # Newton has left q and the choice where it came to
            for th in range(2):
                for a in range(count):
                    seen[th, a] = choice[th, a]
        else:
            play(line, count, ell, 1.0, full, q, dq, choice, seen, f)
        if how == TRACED and line.size[1] == 0:
            fit_posteriors(count, ell, full, choice)
    for th in range(2):
        for a in range(actions):
            gamma[th, line.action[a]] = choice[th, a]
    if how != FORCED and line.size[1] == 0:
        raise_faint_pair(line, ell, full, q, choice, gamma)
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
