"""The principal branch: pseudo-arclength continuation from λ = 0.

At t = 0 the only equilibrium is uniform play; t scales every mover's precision, and at t = 1 it is
the one asked for. The path of solutions through t = 0 is followed in arclength, so it may fold; the
answer is where it first crosses t = 1 (McKelvey and Palfrey 1995, 1998; Turocy 2005 for the
numerical method). Folds are the sign changes of dt along the path. From an equilibrium at t = 1 its path may be
followed as well, to where it next crosses t = 1: at another equilibrium.

Two systems share the follower: the closed one of `line` (one unknown an action) and the general
one of `stage` (one unknown an action and type of every mover). The derivatives of the second are differences and cost
as many evaluations as there are unknowns, so its corrector keeps those of the point from which the step began.
"""

from __future__ import annotations

from collections import namedtuple

import numpy as np

from winset.game.kernels import inner, maker
from winset.solve.line import hidden_payoff, play
from winset.solve.stage import action_values

# What the general system needs. `at` holds the state and the number of unknowns in use; `slots` (N, 3) lists them as
# (mover, type, action).
Cell = namedtuple("Cell", ["st", "at", "pi", "x", "data", "dims", "room", "gamma", "logs", "Q", "values", "slots"])

# Room for the follower and Newton, for at most N unknowns.
Trail = namedtuple("Trail", ["vector", "jac", "big"])  # (16, N + 1), (N, N), (N + 1, N + 1)


@maker
def make_trail(unknowns):
    """Work space for at most this many unknowns."""
    n = max(2, unknowns)
    return Trail(np.zeros((16, n + 1)), np.zeros((n, n)), np.zeros((n + 1, n + 1)))


MAX_STEPS = 2000
PATH_TOLERANCE = 1e-8
# A step is taken only if the path turned by less than arccos(MIN_TURN) and the corrector moved the prediction by
# less than this share of the step: near a sharp fold anything looser comes back along the path it came by.
MIN_TURN = 0.96
MAX_AWAY = 0.2
# Of a path that begins at t = 1 no step may miss t by more than this share of it: unknowns are large beside t there,
# and without it a step may leap over the end of a fold onto another branch.
MAX_SHIFT = 0.01
# A path that has left t = 1 upwards is given up here.
CEILING = 2.0


@inner
def line_system(line, count, ell, z, t, f, jac, ft):
    """F(z, t), its Jacobian and its derivative in t for one cell of a line; z = posterior log-odds by observable.

    Where the action is seen the Jacobian is diag(jac[0]) + 1 jac[1]ᵀ, else the square jac."""
    q, dq, gamma, seen = line.pair[0], line.pair[1], line.pair[2], line.pair[3]
    play(line, count, ell, t, z, q, dq, gamma, seen, f)
    for a in range(count):
        ft[a] = 0.0
        for b in range(max(count, 2)):
            jac[b, a] = 0.0
    for th in range(2):
        side = 1.0 if th == 0 else -1.0
        if line.size[1] == 0:
            mean = 0.0
            for a in range(count):
                mean += gamma[th, a] * q[th, a]
            for a in range(count):
                ft[a] -= side * (q[th, a] - mean)
                jac[0, a] -= side * t * dq[th, a]
                jac[1, a] += side * t * gamma[th, a] * dq[th, a]
            continue
        mean, payoff = 0.0, line.row[0]
        for a in range(line.size[0]):
            payoff[a] = hidden_payoff(line, count, th, q[th], a)
            mean += gamma[th, a] * payoff[a]
        for o in range(count):
            if seen[0, o] <= 0.0 or seen[1, o] <= 0.0:
                continue  # the posterior is certain whatever is played
            for a in range(line.size[0]):
                share = gamma[th, a] * line.signal[th, a, o] / seen[th, o]
                ft[o] -= side * share * (payoff[a] - mean)
                for b in range(count):
                    jac[o, b] -= side * t * dq[th, b] * share * (line.signal[th, a, b] - seen[th, b])
    for a in range(count):
        jac[a if line.size[1] else 0, a] += 1.0


@inner
def stage_strategy(cell, z):
    """Writes softmax(z) of every block into cell.gamma; blocks are runs of equal (mover, type) in slots."""
    slots = cell.slots
    n = cell.at[1]
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


@inner
def evaluate(cell):
    """Action values of the cell at its present strategy."""
    action_values(
        cell.st,
        cell.at[0],
        cell.pi,
        cell.gamma,
        cell.logs,
        cell.x,
        cell.data,
        cell.dims,
        cell.room,
        cell.Q,
        cell.values,
    )


@inner
def _advantages(cell, z, out):
    """Fills out with λ (Q - mean Q of the block) at the strategy softmax(z)."""
    stage_strategy(cell, z)
    evaluate(cell)
    slots = cell.slots
    n = cell.at[1]
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


@inner
def stage_residual(cell, trail, z, t, f, ft):
    """F(z, t) for the general stage and its derivative in t; returns the largest residual."""
    n = z.size
    u = trail.vector[12][:n]
    _advantages(cell, z, u)
    worst = 0.0
    for a in range(n):
        f[a] = z[a] - t * u[a]
        ft[a] = -u[a]
        if not abs(f[a]) <= worst:
            worst = abs(f[a])
    return worst


@inner
def stage_system(cell, trail, z, t, f, jac, ft):
    """F(z, t) = z - t λ (Q - mean Q) for the general stage, and its derivatives (one-sided differences)."""
    n = z.size
    stage_residual(cell, trail, z, t, f, ft)
    trial, up = trail.vector[13][:n], trail.vector[14][:n]
    for b in range(n):
        trial[b] = z[b]
    for b in range(n):
        h = 1e-6 * max(1.0, abs(z[b]))
        trial[b] = z[b] + h
        _advantages(cell, trial, up)
        trial[b] = z[b]
        for a in range(n):
            jac[a, b] = -t * (up[a] + ft[a]) / h
        jac[b, b] += 1.0


@inner
def system(general, line, count, ell, cell, trail, z, t, f, jac, ft):
    """One of the two systems; returns the largest residual."""
    if general:
        stage_system(cell, trail, z, t, f, jac, ft)
    else:
        line_system(line, count, ell, z, t, f, jac, ft)
    worst = 0.0
    for a in range(z.size):
        if not abs(f[a]) <= worst:
            worst = abs(f[a])
    return worst


@inner
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


@inner
def bordered(general, line, jac, ft, row, right, n, big, out):
    """Solves [J ft; row] out = right (all of n + 1) in place of `right`; False when singular.

    Where the action is seen J = diag + 1 wᵀ, kept as jac[0] = diag and jac[1] = w: two unknowns are left, the
    scalar wᵀ out and the last one. Otherwise by elimination."""
    if general or line.size[1]:
        for i in range(n):
            for j in range(n):
                big[i, j] = jac[i, j]
            big[i, n] = ft[i]
        for j in range(n + 1):
            big[n, j] = row[j]
        for i in range(n + 1):
            out[i] = right[i]
        return eliminate(big, out, n + 1)
    # out_i = (right_i - c - ft_i τ) / diag_i with c = Σ w_i out_i and Σ row_i out_i + row_n τ = right_n
    w1, wr, wf, r1, rr, rf = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
    for i in range(n):
        g = 1.0 / jac[0, i]
        w1 += jac[1, i] * g
        wr += jac[1, i] * g * right[i]
        wf += jac[1, i] * g * ft[i]
        r1 += row[i] * g
        rr += row[i] * g * right[i]
        rf += row[i] * g * ft[i]
    a, b, c, d = 1.0 + w1, wf, -r1, row[n] - rf
    det = a * d - b * c
    if det == 0.0 or not np.isfinite(det):
        return False
    one, two = wr, right[n] - rr
    coupling = (one * d - b * two) / det
    last = (a * two - c * one) / det
    for i in range(n):
        out[i] = (right[i] - coupling - ft[i] * last) / jac[0, i]
    out[n] = last
    return True


@inner
def _tangent(general, line, jac, ft, n, last, unit, big, out):
    """Unit tangent of the path, on the side of the last one; False when it is not defined."""
    for i in range(n):
        unit[i] = 0.0
    unit[n] = 1.0
    if not bordered(general, line, jac, ft, last, unit, n, big, out):
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


@inner
def _newton_step(general, line, jac, f, n, out):
    """Fills out with J⁻¹ f; see `bordered` for the form of J. Spoils jac."""
    if general or line.size[1]:
        for i in range(n):
            out[i] = f[i]
        return eliminate(jac, out, n)
    top, bottom = 0.0, 1.0
    for i in range(n):
        top += jac[1, i] * f[i] / jac[0, i]
        bottom += jac[1, i] / jac[0, i]
    for i in range(n):
        out[i] = (f[i] - top / bottom) / jac[0, i]
    return True


@inner
def polish(general, line, count, ell, cell, trail, z, tolerance):
    """Newton at t = 1 from z in place; returns the residual, or inf when it does not converge."""
    n = z.size
    f, ft, step, jac = trail.vector[0], trail.vector[1], trail.vector[2], trail.jac
    worst, before = np.inf, np.inf
    for _ in range(15):
        worst = system(general, line, count, ell, cell, trail, z, 1.0, f, jac, ft)
        # on a line a steep payoff magnifies what is left of the posterior: one step more, to the last digits
        if worst < tolerance and (general or before < tolerance or worst < 1e-14):
            return worst
        before = worst
        if not _newton_step(general, line, jac, f, n, step):
            return np.inf
        for i in range(n):
            if not np.isfinite(step[i]):
                return np.inf
            z[i] -= step[i]
    return worst if worst < 100.0 * tolerance else np.inf


@inner
def follow(general, line, count, ell, cell, trail, z, tolerance, start, direction):
    """Follows the path from t = `start` (z holds the solution there) to its first crossing of t = 1 after that.

    `direction` is +1 or -1 as t shall rise or fall at first: 0 and +1 for the principal branch, 1 and either for the
    path through an equilibrium. Returns (residual at t = 1 or inf, number of folds); z holds the solution."""
    limit, easy, hard = (10, 6, 9) if general else (6, 3, 5)
    fresh = True  # jac and ft are those of `here`
    n = z.size
    room, jac, big = trail.vector, trail.jac, trail.big
    f, ft, here, trial, delta = room[3], room[4], room[5], room[6], room[7]
    last, tangent, final, change = room[8], room[9], room[10][:n], room[11]
    for i in range(n):
        here[i] = z[i]
        last[i] = 0.0
    here[n] = start
    last[n] = direction
    system(general, line, count, ell, cell, trail, here[:n], start, f, jac, ft)
    if not _tangent(general, line, jac, ft, n, last, delta, big, tangent):
        return np.inf, 0
    below = start < 1.0 or direction < 0.0
    step, folds = 0.5, 0
    for _ in range(MAX_STEPS):
        for i in range(n + 1):
            trial[i] = here[i] + step * tangent[i]
        if (below and trial[n] >= 1.0) or (not below and trial[n] <= 1.0):
            # aim at t = 1 exactly, along the tangent
            share = (1.0 - here[n]) / (trial[n] - here[n])
            for i in range(n):
                final[i] = here[i] + share * step * tangent[i]
            residual = polish(general, line, count, ell, cell, trail, final, tolerance)
            if residual < np.inf:
                far = 0.0
                for i in range(n):
                    far = max(far, abs(final[i] - here[i] - share * step * tangent[i]))
                if far <= 0.35 * share * step + 1e-6 or step < 1e-5:
                    for i in range(n):
                        z[i] = final[i]
                    return residual, folds
            step *= 0.4
            fresh = False
            if step < 1e-9:
                return np.inf, folds
            continue
        if general and not fresh:
            stage_system(cell, trail, here[:n], here[n], f, jac, ft)
            fresh = True
        ok = False
        used = 0
        for used in range(limit):  # noqa: B007
            if general:
                worst = stage_residual(cell, trail, trial[:n], trial[n], f, room[15])
            else:
                worst = system(general, line, count, ell, cell, trail, trial[:n], trial[n], f, jac, ft)
            if not np.isfinite(worst):
                break
            if worst < PATH_TOLERANCE:
                ok = True
                break
            along = 0.0
            for i in range(n):
                delta[i] = -f[i]
            for j in range(n + 1):
                along += tangent[j] * (trial[j] - here[j])
            delta[n] = step - along
            if not bordered(general, line, jac, ft, tangent, delta, n, big, change):
                break
            for i in range(n + 1):
                trial[i] += change[i]
        turn = 0.0
        if ok:
            for i in range(n + 1):
                last[i] = tangent[i]
            if general:
                stage_system(cell, trail, trial[:n], trial[n], f, jac, ft)
            ok = _tangent(general, line, jac, ft, n, last, delta, big, tangent)
            away = 0.0
            for i in range(n + 1):
                turn += tangent[i] * last[i]
                away += (trial[i] - here[i] - step * last[i]) ** 2
            shift = abs(trial[n] - here[n] - step * last[n]) if start > 0.0 else 0.0
            if not ok or turn < MIN_TURN or away > (MAX_AWAY * step) ** 2 or shift > MAX_SHIFT * here[n]:
                for i in range(n + 1):
                    tangent[i] = last[i]
                ok, fresh = False, False
            elif trial[n] < -1e-6 or trial[n] > CEILING:
                return np.inf, folds
        if not ok:
            step *= 0.4
            if step < 1e-9:
                return np.inf, folds
            continue
        if tangent[n] * last[n] < 0.0:
            folds += 1
        for i in range(n + 1):
            here[i] = trial[i]
        if used <= easy and turn > 0.99:
            step = min(step * 2.0, 4.0)
        elif used >= hard or turn < 0.975:
            step *= 0.7
    return np.inf, folds
