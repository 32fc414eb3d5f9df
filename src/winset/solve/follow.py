"""The principal branch: pseudo-arclength continuation from λ = 0.

At t = 0 the only equilibrium is uniform play; t scales every mover's precision, and at t = 1 it is
the one asked for. The path of solutions through t = 0 is followed in arclength, so it may fold; the
answer is where it first crosses t = 1 (McKelvey and Palfrey 1995, 1998; Turocy 2005 for the
numerical method). Folds are the sign changes of dt along the path.

Two systems share the follower: the closed one of `line` (one unknown an action) and the general
one of `stage` (one unknown an action and type of every mover; derivatives by central differences).
"""

from __future__ import annotations

from collections import namedtuple

import numpy as np

from winset.game.kernels import kernel
from winset.solve.line import hidden_payoff, play
from winset.solve.stage import action_values

# What the general system needs; `slots` lists the unknowns as (mover, type, action).
Cell = namedtuple("Cell", ["st", "s", "pi", "x", "data", "dims", "room", "gamma", "logs", "Q", "values", "slots"])

MAX_STEPS = 2000
PATH_TOLERANCE = 1e-8
# A step is taken only if the path turned by less than arccos(MIN_TURN) and the corrector moved the prediction by
# less than this share of the step: near a sharp fold anything looser comes back along the path it came by.
MIN_TURN = 0.96
MAX_AWAY = 0.2


@kernel
def line_system(line, count, ell, z, t, f, jac, ft):
    """F(z, t), its Jacobian and its derivative in t for one cell of a line; z = posterior log-odds by observable."""
    q, dq, seen = np.empty((2, count)), np.empty((2, count)), np.empty((2, count))
    gamma = np.empty((2, line.size[0]))
    play(line, count, ell, t, z, q, dq, gamma, seen, f)
    jac[:] = 0.0
    ft[:] = 0.0
    for th in range(2):
        side = 1.0 if th == 0 else -1.0
        if line.size[1] == 0:
            mean = 0.0
            for a in range(count):
                mean += gamma[th, a] * q[th, a]
            for a in range(count):
                ft[a] -= side * (q[th, a] - mean)
                for b in range(count):
                    jac[a, b] += side * t * gamma[th, b] * dq[th, b]
                jac[a, a] -= side * t * dq[th, a]
            continue
        mean = 0.0
        for a in range(line.size[0]):
            mean += gamma[th, a] * hidden_payoff(line, count, th, q[th], a)
        for o in range(count):
            for a in range(line.size[0]):
                share = gamma[th, a] * line.signal[th, a, o] / seen[th, o]
                ft[o] -= side * share * (hidden_payoff(line, count, th, q[th], a) - mean)
                for b in range(count):
                    jac[o, b] -= side * t * dq[th, b] * share * (line.signal[th, a, b] - seen[th, b])
    for a in range(count):
        jac[a, a] += 1.0


@kernel
def stage_strategy(cell, z):
    """Writes softmax(z) of every block into cell.gamma; blocks are runs of equal (mover, type) in slots."""
    slots = cell.slots
    n = slots.shape[0]
    i = 0
    while i < n:
        j, th = slots[i, 0], slots[i, 1]
        k = i
        top = -np.inf
        while k < n and slots[k, 0] == j and slots[k, 1] == th:
            top = max(top, z[k])
            k += 1
        total = 0.0
        for m in range(i, k):
            total += np.exp(z[m] - top)
        for m in range(i, k):
            cell.gamma[j, th, slots[m, 2]] = np.exp(z[m] - top) / total
            cell.logs[j, th, slots[m, 2]] = z[m] - top - np.log(total)
        i = k


@kernel
def evaluate(cell):
    """Action values of the cell at its present strategy."""
    action_values(
        cell.st, cell.s, cell.pi, cell.gamma, cell.logs, cell.x, cell.data, cell.dims, cell.room, cell.Q, cell.values
    )


@kernel
def _advantages(cell, z, out):
    """Fills out with λ (Q - mean Q of the block) at the strategy softmax(z)."""
    stage_strategy(cell, z)
    evaluate(cell)
    slots = cell.slots
    n = slots.shape[0]
    i = 0
    while i < n:
        j, th = slots[i, 0], slots[i, 1]
        k = i
        total = 0.0
        while k < n and slots[k, 0] == j and slots[k, 1] == th:
            total += cell.Q[j, th, slots[k, 2]]
            k += 1
        for m in range(i, k):
            out[m] = cell.st.precision[j] * (cell.Q[j, th, slots[m, 2]] - total / (k - i))
        i = k


@kernel
def stage_system(cell, z, t, f, jac, ft, want):
    """F(z, t) = z - t λ (Q - mean Q) for the general stage; derivatives where `want` is 1."""
    n = z.size
    u = np.empty(n)
    _advantages(cell, z, u)
    for a in range(n):
        f[a] = z[a] - t * u[a]
        ft[a] = -u[a]
    if want == 0:
        return
    trial = z.copy()
    up = np.empty(n)
    down = np.empty(n)
    for b in range(n):
        h = 1e-5 * max(1.0, abs(z[b]))
        trial[b] = z[b] + h
        _advantages(cell, trial, up)
        trial[b] = z[b] - h
        _advantages(cell, trial, down)
        trial[b] = z[b]
        for a in range(n):
            jac[a, b] = -t * (up[a] - down[a]) / (2.0 * h)
        jac[b, b] += 1.0


@kernel
def system(general, line, count, ell, cell, z, t, f, jac, ft):
    """One of the two systems."""
    if general:
        stage_system(cell, z, t, f, jac, ft, 1)
    else:
        line_system(line, count, ell, z, t, f, jac, ft)


@kernel
def eliminate(m, b, n):
    """Solves m x = b in place by Gaussian elimination with partial pivoting; False when singular."""
    for k in range(n):
        best = k
        for i in range(k + 1, n):
            if abs(m[i, k]) > abs(m[best, k]):
                best = i
        if abs(m[best, k]) < 1e-300 or not np.isfinite(m[best, k]):
            return False
        if best != k:
            for j in range(k, n):
                m[k, j], m[best, j] = m[best, j], m[k, j]
            b[k], b[best] = b[best], b[k]
        for i in range(k + 1, n):
            factor = m[i, k] / m[k, k]
            if factor != 0.0:
                for j in range(k + 1, n):
                    m[i, j] -= factor * m[k, j]
                b[i] -= factor * b[k]
    for k in range(n - 1, -1, -1):
        total = b[k]
        for j in range(k + 1, n):
            total -= m[k, j] * b[j]
        b[k] = total / m[k, k]
    return True


@kernel
def _tangent(jac, ft, n, last, big, out):
    """Unit tangent of the path, on the side of the last one; False when it is not defined."""
    for i in range(n):
        for j in range(n):
            big[i, j] = jac[i, j]
        big[i, n] = ft[i]
        out[i] = 0.0
    for j in range(n + 1):
        big[n, j] = last[j]
    out[n] = 1.0
    if not eliminate(big, out, n + 1):
        return False
    length = 0.0
    for i in range(n + 1):
        length += out[i] * out[i]
    length = np.sqrt(length)
    if not np.isfinite(length) or length == 0.0:
        return False
    for i in range(n + 1):
        out[i] /= length
    return True


@kernel
def polish(general, line, count, ell, cell, z, tolerance):
    """Newton at t = 1 from z in place; returns the residual, or inf when it does not converge."""
    n = z.size
    f, ft, step = np.empty(n), np.empty(n), np.empty(n)
    jac = np.empty((n, n))
    worst = np.inf
    for _ in range(15):
        system(general, line, count, ell, cell, z, 1.0, f, jac, ft)
        worst = np.max(np.abs(f))
        if worst < tolerance:
            return worst
        step[:] = f
        if not eliminate(jac, step, n):
            return np.inf
        if not np.all(np.isfinite(step)):
            return np.inf
        z -= step
    return worst if worst < 100.0 * tolerance else np.inf


@kernel
def follow(general, line, count, ell, cell, z, tolerance):
    """Follows the path from t = 0 (z holds its start) to its first crossing of t = 1.

    Returns (residual at t = 1 or inf, number of folds); z holds the solution."""
    n = z.size
    f, ft = np.empty(n), np.empty(n)
    jac, big = np.empty((n, n)), np.empty((n + 1, n + 1))
    here, trial, delta = np.empty(n + 1), np.empty(n + 1), np.empty(n + 1)
    last, tangent = np.zeros(n + 1), np.empty(n + 1)
    final = np.empty(n)
    here[:n] = z
    here[n] = 0.0
    last[n] = 1.0
    system(general, line, count, ell, cell, here[:n], 0.0, f, jac, ft)
    if not _tangent(jac, ft, n, last, big, tangent):
        return np.inf, 0
    step, folds = 0.5, 0
    for _ in range(MAX_STEPS):
        for i in range(n + 1):
            trial[i] = here[i] + step * tangent[i]
        if trial[n] >= 1.0:
            # aim at t = 1 exactly, along the tangent
            share = (1.0 - here[n]) / (trial[n] - here[n])
            for i in range(n):
                final[i] = here[i] + share * step * tangent[i]
            residual = polish(general, line, count, ell, cell, final, tolerance)
            if residual < np.inf:
                far = 0.0
                for i in range(n):
                    far = max(far, abs(final[i] - here[i] - share * step * tangent[i]))
                if far <= 0.35 * share * step + 1e-6 or step < 1e-5:
                    z[:] = final
                    return residual, folds
            step *= 0.4
            if step < 1e-9:
                return np.inf, folds
            continue
        ok = False
        used = 0
        for used in range(6):  # noqa: B007
            system(general, line, count, ell, cell, trial[:n], trial[n], f, jac, ft)
            worst = np.max(np.abs(f))
            if not np.isfinite(worst):
                break
            if worst < PATH_TOLERANCE:
                ok = True
                break
            along = 0.0
            for i in range(n):
                for j in range(n):
                    big[i, j] = jac[i, j]
                big[i, n] = ft[i]
                delta[i] = -f[i]
            for j in range(n + 1):
                big[n, j] = tangent[j]
                along += tangent[j] * (trial[j] - here[j])
            delta[n] = step - along
            if not eliminate(big, delta, n + 1):
                break
            for i in range(n + 1):
                trial[i] += delta[i]
        turn = 0.0
        if ok:
            last[:] = tangent
            ok = _tangent(jac, ft, n, last, big, tangent)
            away = 0.0
            for i in range(n + 1):
                turn += tangent[i] * last[i]
                away += (trial[i] - here[i] - step * last[i]) ** 2
            if not ok or turn < MIN_TURN or away > (MAX_AWAY * step) ** 2:
                tangent[:] = last
                ok = False
            elif trial[n] < -1e-6:
                return np.inf, folds
        if not ok:
            step *= 0.4
            if step < 1e-9:
                return np.inf, folds
            continue
        if tangent[n] * last[n] < 0.0:
            folds += 1
        here[:] = trial
        if used <= 3 and turn > 0.99:
            step = min(step * 2.0, 4.0)
        elif used >= 5 or turn < 0.975:
            step *= 0.7
    return np.inf, folds
