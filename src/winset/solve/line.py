"""The common stage in closed coordinates: one mover of two types, and nobody's type changes.

Nothing but the mover's own belief moves, so after observable o everything depends on one number, the posterior
log-odds ℓ_o of type 0. With ℓ the prior log-odds, q_θ(o, ·) = λ (reward + δ V) after o, and σ(o | a, θ) the signal,

    ℓ_o = ℓ + ln L_0(o) - ln L_1(o),   L_θ(o) = Σ_a γ(a|θ) σ(o|a, θ),
    γ(·|θ) = softmax(t [base_θ(·) + Σ_o σ(o|·, θ) q_θ(o, ℓ_o)]),   t = 1,

as many equations as observables. Where the action itself is seen L = γ, base = 0, and the Jacobian is diagonal plus
rank one. A *line* holds q_θ(o, ·) along the mover's belief axis for one state and fixed beliefs about everyone
else; the cells of the axis share it.

Uniqueness. *Action seen.* Let d_a = dq_0/dℓ - dq_1/dℓ at action a. Along t in [0, 1] the determinant of the Jacobian is
Π(1 - t d_a) · (1 + Σ_a [γ(a|0) t q_0' - γ(a|1) t q_1'] / (1 - t d_a)), where both γ sum to one. Where d_a < 1 and
1 + min(0, inf Σ γ(a|0) q_0'/(1 - d)) - max(0, sup Σ γ(a|1) q_1'/(1 - d)) > 0 over all posteriors and strategies that
any t can produce, it never vanishes (t q / (1 - t d) is monotone in t); a sum is at least its least term, and at least
the sum of all terms with the greatest γ that there can be. *Hidden.* d ln L_θ(o) / dℓ_o' = t q_θ'(o') [E(σ(o') | o) -
E(σ(o'))], at most t |q_θ'(o')| times the spread of σ(o'|·, θ) over actions; where these sum to less than 1 over o' and
θ the map is a contraction. Either way the path from t = 0 has no fold and the equilibrium at t = 1 is the only one, so
any method that finds it has found the principal branch. The bounds are taken over the cubics themselves (their
Bernstein coefficients), interval by interval, not over samples; where whole intervals prove nothing, over the part of
them that the posteriors of this cell can reach.
"""

from __future__ import annotations

from collections import namedtuple

import numpy as np

from winset.game.kernels import inner, maker

SURE = 1000.0
"""Posterior log-odds after an observable that one of the types cannot cause: finite, and 0 or 1 as a probability."""

Line = namedtuple(
    "Line",
    [
        "x",  # (n,) nodes of the belief axis
        "logit",  # (n,) their log-odds, -inf and inf at the ends
        "per",  # (n - 1, 3) of each interval: 1 / its width, the least and the most of p (1 - p) on it
        "size",  # (2,) number of available actions; 1 where they are hidden
        "action",  # (A,) labels of the available actions
        "seen",  # (O,) labels of the observables that can occur, the first `count` are in use
        "q",  # (O, n, 4) λ times the payoff after o, of types 0 and 1, and its slopes in the belief, at the nodes
        "v",  # (O, n, 2, R) continuation value and slope of every value row, at the nodes
        "pay",  # (O, 2, R) expected reward of every row, given the mover's type
        "bound",  # (O, n - 1, 4) lower and upper bound of dq_0/dℓ, of dq_1/dℓ on each interval
        "shift",  # (O, 2) least and greatest ln L_0(o) - ln L_1(o) that any t can produce
        "steep",  # (6,) room for the bounds on one interval
        "share",  # (2, O) greatest γ(a|θ) that any t can produce, where the action is seen
        "signal",  # (2, A, O) σ(o | a, θ) where hidden
        "act",  # (2, A, R) expected reward of every row for the hidden action itself, given the mover's type
        "base",  # (2, A) λ times the mover's own row of `act`
        "pair",  # (5, 2, W) room for q, dq, γ, L and ranges of one cell, W = max(A, O)
        "row",  # (3, W) room for one cell
    ],
)


@maker
def make_line(x, actions, observables, rows):
    """An empty line for at most so many actions, observables and value rows."""
    n = x.size
    logit = np.empty(n)
    for k in range(n):
        logit[k] = -np.inf if x[k] <= 0.0 else (np.inf if x[k] >= 1.0 else np.log(x[k] / (1.0 - x[k])))
    per = np.empty((n - 1, 3))
    for k in range(n - 1):
        p0, p1 = x[k], x[k + 1]
        per[k, 0] = 1.0 / (p1 - p0)
        per[k, 1] = min(p0 * (1.0 - p0), p1 * (1.0 - p1))
        per[k, 2] = 0.25 if p0 <= 0.5 <= p1 else max(p0 * (1.0 - p0), p1 * (1.0 - p1))
    return Line(
        x,
        logit,
        per,
        np.zeros(2, np.int64),
        np.zeros(actions, np.int64),
        np.zeros(observables, np.int64),
        np.zeros((observables, n, 4)),
        np.zeros((observables, n, 2, rows)),
        np.zeros((observables, 2, rows)),
        np.zeros((observables, n - 1, 4)),
        np.zeros((observables, 2)),
        np.zeros(6),
        np.zeros((2, observables)),
        np.zeros((2, actions, observables)),
        np.zeros((2, actions, rows)),
        np.zeros((2, actions)),
        np.zeros((5, 2, max(actions, observables))),
        np.zeros((3, max(actions, observables))),
    )


@inner
def set_observable(line, count, lam, row0):
    """Closes observable number `count` of the line once v and pay are filled: q and its bounds."""
    n = line.x.size
    for k in range(n):
        line.q[count, k, 0] = lam * (line.pay[count, 0, row0] + line.v[count, k, 0, row0])
        line.q[count, k, 1] = lam * (line.pay[count, 1, row0 + 1] + line.v[count, k, 0, row0 + 1])
        line.q[count, k, 2] = lam * line.v[count, k, 1, row0]
        line.q[count, k, 3] = lam * line.v[count, k, 1, row0 + 1]
    for k in range(n - 1):
        least, most = line.per[k, 1], line.per[k, 2]
        for th in range(2):
            s0, s1 = line.q[count, k, 2 + th], line.q[count, k + 1, 2 + th]
            middle = 3.0 * (line.q[count, k + 1, th] - line.q[count, k, th]) * line.per[k, 0] - s0 - s1
            low, high = min(s0, s1, middle), max(s0, s1, middle)
            line.bound[count, k, 2 * th] = low * (most if low < 0.0 else least)
            line.bound[count, k, 2 * th + 1] = high * (most if high > 0.0 else least)


@inner
def _range(line, a, th):
    low, high = np.inf, -np.inf
    for k in range(line.x.size - 1):
        h = (line.x[k + 1] - line.x[k]) / 3.0
        v0, v1 = line.q[a, k, th], line.q[a, k + 1, th]
        c0, c1 = v0 + h * line.q[a, k, 2 + th], v1 - h * line.q[a, k + 1, 2 + th]
        low = min(low, v0, v1, c0, c1)
        high = max(high, v0, v1, c0, c1)
    return low, high


@inner
def close(line, count):
    """Fills line.shift once all `count` observables are set."""
    if line.size[1]:
        for o in range(count):
            least0, most0, least1, most1 = np.inf, 0.0, np.inf, 0.0
            for a in range(line.size[0]):
                least0, most0 = min(least0, line.signal[0, a, o]), max(most0, line.signal[0, a, o])
                least1, most1 = min(least1, line.signal[1, a, o]), max(most1, line.signal[1, a, o])
            line.shift[o, 0] = np.log(least0 / most1)
            line.shift[o, 1] = np.log(most0 / least1)
        return
    for a in range(count):
        line.shift[a, 0] = 0.0
        line.shift[a, 1] = 0.0
    lows, highs = line.pair[3], line.pair[4]
    for a in range(count):
        for th in range(2):
            lows[th, a], highs[th, a] = _range(line, a, th)
    for a in range(count):
        for th in range(2):
            least, most = 1.0, 1.0
            for b in range(count):
                if b != a:
                    most += max(1.0, np.exp(min(500.0, highs[th, b] - lows[th, a])))
                    least += min(1.0, np.exp(lows[th, b] - highs[th, a]))
            low, high = -np.log(most), -np.log(least)
            line.share[th, a] = 1.0 / least
            if th == 0:
                line.shift[a, 0] += low
                line.shift[a, 1] += high
            else:
                line.shift[a, 0] -= high
                line.shift[a, 1] -= low


@inner
def _steepness(line, o, k, low, high, sharp, out):
    """out[:6] = lower and upper bounds of dq_0/dℓ, of dq_1/dℓ and of their difference after o, on interval k.

    They hold for all log-odds from low to high where `sharp`, else for the whole interval."""
    b = line.bound[o, k]
    if not sharp:
        for i in range(4):
            out[i] = b[i]
        out[4], out[5] = b[0] - b[3], b[1] - b[2]
        return
    x0, x1 = line.x[k], line.x[k + 1]
    p0 = x0 if low <= line.logit[k] else max(x0, 1.0 / (1.0 + np.exp(-low)))
    p1 = x1 if high >= line.logit[k + 1] else min(x1, 1.0 / (1.0 + np.exp(-high)))
    least, most = min(p0 * (1.0 - p0), p1 * (1.0 - p1)), max(p0 * (1.0 - p0), p1 * (1.0 - p1))
    if p0 <= 0.5 <= p1:
        most = 0.25
    u, v = (p0 - x0) * line.per[k, 0], (p1 - x0) * line.per[k, 0]
    both = u * (1.0 - v) + v * (1.0 - u)
    q0, q1 = line.q[o, k], line.q[o, k + 1]
    for i in range(3):
        if i < 2:
            s0, s1, rise = q0[2 + i], q1[2 + i], q1[i] - q0[i]
        else:
            s0, s1, rise = q0[2] - q0[3], q1[2] - q1[3], q1[0] - q0[0] - q1[1] + q0[1]
        middle = 3.0 * rise * line.per[k, 0] - s0 - s1
        c0 = (1.0 - u) * (1.0 - u) * s0 + 2.0 * u * (1.0 - u) * middle + u * u * s1
        c1 = (1.0 - u) * (1.0 - v) * s0 + both * middle + u * v * s1
        c2 = (1.0 - v) * (1.0 - v) * s0 + 2.0 * v * (1.0 - v) * middle + v * v * s1
        lowest, highest = min(c0, c1, c2), max(c0, c1, c2)
        out[2 * i] = lowest * (most if lowest < 0.0 else least)
        out[2 * i + 1] = highest * (most if highest > 0.0 else least)


@inner
def _contracts(line, count, ell, sharp):
    b = line.steep
    total = 0.0
    for o in range(count):
        low, high = ell + line.shift[o, 0], ell + line.shift[o, 1]
        if not (np.isfinite(low) and np.isfinite(high)):
            low, high = -np.inf, np.inf
        steep0, steep1 = 0.0, 0.0
        for k in range(line.x.size - 1):
            if line.logit[k + 1] >= low and line.logit[k] <= high:
                _steepness(line, o, k, low, high, sharp, b)
                steep0, steep1 = max(steep0, -b[0], b[1]), max(steep1, -b[2], b[3])
        for th in range(2):
            least, most = 1.0, 0.0
            for a in range(line.size[0]):
                least = min(least, line.signal[th, a, o])
                most = max(most, line.signal[th, a, o])
            total += (most - least) * (steep0 if th == 0 else steep1)
    return total < 1.0 - 1e-9


@inner
def _turns_nowhere(line, count, ell, sharp):
    """Whether the bounds prove that the determinant vanishes nowhere (action seen)."""
    b = line.steep
    least0, most1, sum0, sum1 = 0.0, 0.0, 0.0, 0.0
    for a in range(count):
        low, high = ell + line.shift[a, 0], ell + line.shift[a, 1]
        own0, own1 = 0.0, 0.0
        for k in range(line.x.size - 1):
            if line.logit[k + 1] < low or line.logit[k] > high:
                continue
            _steepness(line, a, k, low, high, sharp, b)
            room = 1.0 - b[5]
            if room <= 0.0:
                return False
            if b[0] < 0.0:
                own0 = min(own0, b[0] / max(room, 1.0 - b[0] + b[2] if b[2] > -1.0 else 0.0))
            if b[3] > 0.0:
                own1 = max(own1, b[3] / max(room, 1.0 - b[1] + b[3] if b[1] < 1.0 else 0.0))
        least0, most1 = min(least0, own0), max(most1, own1)
        sum0 += line.share[0, a] * own0
        sum1 += line.share[1, a] * own1
    return 1.0 + max(least0, sum0) - min(most1, sum1) > 1e-9


@inner
def is_unique(line, count, ell):
    """True when the bounds prove that the cell at prior log-odds ell has one equilibrium for every t in [0, 1].

    Bounds on whole intervals, which the cells of a line share, are tried first."""
    if line.size[1]:
        return _contracts(line, count, ell, False) or _contracts(line, count, ell, True)
    return _turns_nowhere(line, count, ell, False) or _turns_nowhere(line, count, ell, True)


@inner
def _interval(line, ell):
    n = line.x.size
    if ell <= line.logit[1]:
        return 0
    if ell >= line.logit[n - 2]:
        return n - 2
    lo, hi = 1, n - 2
    step = line.logit[2] - line.logit[1]
    k = 1 + int((ell - line.logit[1]) / step)
    k = min(max(k, lo), hi - 1)
    if ell < line.logit[k]:
        k -= 1
    elif ell >= line.logit[k + 1]:
        k += 1
    return min(max(k, 0), n - 2)


@inner
def payoffs(line, count, ell, q, dq):
    """q[2, A] = λ·Q at posterior log-odds ell[A], and dq[2, A] its derivative in ell."""
    for a in range(count):
        e = np.exp(-abs(ell[a]))
        p = 1.0 / (1.0 + e) if ell[a] >= 0.0 else e / (1.0 + e)
        k = _interval(line, ell[a])
        h = line.x[k + 1] - line.x[k]
        s = (p - line.x[k]) / h
        u = s * s * (3.0 - 2.0 * s)
        w0 = s * (1.0 - s) * (1.0 - s) * h
        w1 = -s * s * (1.0 - s) * h
        du = 6.0 * s * (1.0 - s) / h
        g0 = (1.0 - s) * (1.0 - 3.0 * s)
        g1 = s * (3.0 * s - 2.0)
        odds = e / ((1.0 + e) * (1.0 + e))
        for th in range(2):
            v0, v1 = line.q[a, k, th], line.q[a, k + 1, th]
            s0, s1 = line.q[a, k, 2 + th], line.q[a, k + 1, 2 + th]
            q[th, a] = v0 + u * (v1 - v0) + w0 * s0 + w1 * s1
            dq[th, a] = (du * (v1 - v0) + g0 * s0 + g1 * s1) * odds


@inner
def softmax(count, t, q, gamma):
    """Fills gamma (A,) by logit response to t q; returns the log of the sum of exp(t q)."""
    top = -np.inf
    for a in range(count):
        top = max(top, t * q[a])
    total = 0.0
    for a in range(count):
        gamma[a] = np.exp(t * q[a] - top)
        total += gamma[a]
    for a in range(count):
        gamma[a] /= total
    return top + np.log(total)


@inner
def play(line, count, ell, t, z, q, dq, gamma, seen, f):
    """The strategies gamma[2, A] at posteriors z[O], the likelihoods seen[2, O] and the residual f[O] in log-odds.

    Also fills q[2, O] and dq[2, O], see `payoffs`."""
    payoffs(line, count, z, q, dq)
    if line.size[1] == 0:
        l0 = softmax(count, t, q[0], gamma[0])
        l1 = softmax(count, t, q[1], gamma[1])
        for a in range(count):
            seen[0, a], seen[1, a] = gamma[0, a], gamma[1, a]
            f[a] = z[a] - ell - (t * q[0, a] - l0) + (t * q[1, a] - l1)
        return
    for th in range(2):
        respond_hidden(line, count, t, th, q[th], gamma[th])
        for o in range(count):
            total = 0.0
            for a in range(line.size[0]):
                total += gamma[th, a] * line.signal[th, a, o]
            seen[th, o] = total
    for o in range(count):
        if seen[0, o] <= 0.0 or seen[1, o] <= 0.0:
            f[o] = z[o] - (SURE if seen[0, o] > 0.0 else -SURE)
        else:
            f[o] = z[o] - ell - np.log(seen[0, o]) + np.log(seen[1, o])


@inner
def hidden_payoff(line, count, th, q, a):
    """λ times the payoff of the hidden action a to type th."""
    total = line.base[th, a]
    for o in range(count):
        total += line.signal[th, a, o] * q[o]
    return total


@inner
def respond_hidden(line, count, t, th, q, gamma):
    """gamma[A] of type th where the action is hidden; returns log Σ exp."""
    u = line.row[0]
    for a in range(line.size[0]):
        u[a] = hidden_payoff(line, count, th, q, a)
    return softmax(line.size[0], t, u, gamma)


@inner
def newton(line, count, ell, z, q, dq, gamma, tolerance):
    """Solves a cell whose action is seen at t = 1 from z[A] in place; returns the residual in ℓ, inf where it fails.

    The Jacobian is diagonal plus rank one: J = diag(1 - d) + 1 wᵀ."""
    worst = np.inf
    f = line.row[1]
    before = np.inf
    for _ in range(30):
        payoffs(line, count, z, q, dq)
        l0 = softmax(count, 1.0, q[0], gamma[0])
        l1 = softmax(count, 1.0, q[1], gamma[1])
        worst = 0.0
        for a in range(count):
            f[a] = z[a] - ell - (q[0, a] - l0) + (q[1, a] - l1)
            worst = max(worst, abs(f[a]))
        if worst < tolerance:
            return worst
        top, bottom = 0.0, 1.0
        for a in range(count):
            w = gamma[0, a] * dq[0, a] - gamma[1, a] * dq[1, a]
            g = 1.0 / (1.0 - dq[0, a] + dq[1, a])
            top += w * f[a] * g
            bottom += w * g
        shift = top / bottom
        scale = 1.0 if worst < 2.0 * before else 0.5
        before = worst
        for a in range(count):
            step = (f[a] - shift) / (1.0 - dq[0, a] + dq[1, a])
            z[a] -= scale * max(-4.0, min(4.0, step))
    return np.inf
