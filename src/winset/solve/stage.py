"""Payoffs of the actions at one stage, one state and one belief, for any number of movers and types.

Given a strategy γ of every mover, `action_values` computes

    Q_j(θ, a) = E[ reward + δ V'(s', π'(o)) | θ_j = θ, a_j = a, others by γ and π ]

by the definition: likelihoods of each mover's observables, Bayes' rule for each, the sum over
joint observables and branches, continuation values by the C¹ interpolant. Where an observable has
probability zero under every type the belief about that mover stays as it was; under a logit
profile this happens only where no type can cause the observable at all.

Belief vectors are stacked by player, (R,); `room` is the work space made by `make_room`.
"""

from __future__ import annotations

from collections import namedtuple

import numpy as np

from winset.game.kernels import inner, maker
from winset.solve.hermite import interpolate

Room = namedtuple(
    "Room",
    [
        "mass",  # (M, Omax) probability of each observable
        "seen",  # (M, Omax, Kmax) posterior before types change
        "after",  # (M, Omax, Kmax) posterior after the mover's own law
        "now",  # (J, R) expected reward of each row, by joint observable
        "later",  # (J, R) continuation value of each row's type after the mover's law
        "belief",  # (R,)
        "coords",  # (D,)
        "weights",  # (D, 2, 2)
        "value",  # (R,)
        "digit",  # (M,) observable (or action) of each mover
        "theta",  # (P,) type of each player
        "mover",  # (P,) which mover each player is, -1 for none
    ],
)


@maker
def make_room(st, dims):
    """Work space for `action_values` at this stage."""
    M = max(1, st.player.size)
    O = 1
    for j in range(st.player.size):
        O = max(O, st.observables[j])
    P = st.types.size
    K = st.types.max()
    R = st.row[P]
    return Room(
        np.zeros((M, O)),
        np.zeros((M, O, K)),
        np.zeros((M, O, K)),
        np.zeros((st.joint, R)),
        np.zeros((st.joint, R)),
        np.zeros(R),
        np.zeros(max(1, dims)),
        np.zeros((max(1, dims), 2, 2)),
        np.zeros(R),
        np.zeros(M, np.int64),
        np.zeros(P, np.int64),
        np.full(P, -1),
    )


@inner
def to_coordinates(st, belief, coords):
    """Stick-breaking coordinates of a stacked belief (see game.grid)."""
    for i in range(st.types.size):
        rest = 1.0
        for m in range(st.types[i] - 1):
            share = belief[st.row[i] + m]
            c = 0.5
            if rest > 0.0:
                c = min(1.0, max(0.0, share / rest))
            coords[st.dim[i] + m] = c
            rest = max(0.0, rest - share)


@inner
def to_belief(st, coords, belief):
    """Stacked belief of stick-breaking coordinates (see game.grid)."""
    for i in range(st.types.size):
        rest = 1.0
        last = st.types[i] - 1
        for m in range(last):
            c = coords[st.dim[i] + m]
            belief[st.row[i] + m] = rest * c
            rest *= 1.0 - c
        belief[st.row[i] + last] = rest


@inner
def _signal(st, s, j, a, th, o):
    if st.hidden[j]:
        return st.signal[s, j, a, th, o]
    return 1.0 if a == o else 0.0


@inner
def _digits(count, sizes, index, digit):
    """digit[j] of a row-major joint index."""
    for j in range(count - 1, -1, -1):
        digit[j] = index % sizes[j]
        index //= sizes[j]


@inner
def _observe(st, s, pi, logs, room):
    """Fills room.mass, room.seen and room.after by Bayes' rule, from logarithms so that no posterior underflows."""
    for j in range(st.player.size):
        i = st.player[j]
        K, start = st.types[i], st.row[i]
        for o in range(st.observables[j]):
            total = 0.0
            top = -np.inf
            for th in range(K):
                room.seen[j, o, th] = 0.0
                room.after[j, o, th] = 0.0
                if pi[start + th] > 0.0:
                    for a in range(st.actions[j]):
                        if st.available[s, j, a] == 1 and _signal(st, s, j, a, th, o) > 0.0:
                            top = max(top, logs[j, th, a])
            for th in range(K):
                prior = pi[start + th]
                if prior == 0.0 or top == -np.inf:
                    continue
                for a in range(st.actions[j]):
                    if st.available[s, j, a] == 0:
                        continue
                    signal = _signal(st, s, j, a, th, o)
                    if signal == 0.0:
                        continue
                    weight = prior * np.exp(logs[j, th, a] - top) * signal
                    total += weight
                    room.seen[j, o, th] += weight
                    law = st.law[s, j, a] if st.law.size else -1
                    if law < 0:
                        room.after[j, o, th] += weight
                    else:
                        for new in range(K):
                            room.after[j, o, new] += weight * st.laws[law, th, new]
            room.mass[j, o] = total * np.exp(top) if total > 0.0 else 0.0
            for th in range(K):
                if total > 0.0:
                    room.seen[j, o, th] /= total
                    room.after[j, o, th] /= total
                else:
                    room.seen[j, o, th] = pi[start + th]
                    room.after[j, o, th] = pi[start + th]


@inner
def add_rewards(st, room, b, out):
    """out[row] += probability of branch b * E[its reward | own type], others' types by room.belief (before change)."""
    scale = st.probability[b]
    if st.own.size:
        for r in range(out.size):
            out[r] += scale * st.own[b, r]
        return
    P = st.types.size
    for joint in range(st.reward.shape[2]):
        _digits(P, st.types, joint, room.theta)
        for i in range(P):
            pay = st.reward[b, i, joint]
            if pay == 0.0:
                continue
            weight = scale
            for k in range(P):
                if k != i:
                    weight *= room.belief[st.row[k] + room.theta[k]]
            out[st.row[i] + room.theta[i]] += weight * pay


@inner
def _branches(st, s, pi, x, data, dims, room):
    """Fills room.now and room.later for every joint observable that can occur."""
    M, P = st.player.size, st.types.size
    R = st.row[P]
    for jo in range(st.joint):
        lo, hi = st.first[s * st.joint + jo], st.first[s * st.joint + jo + 1]
        for r in range(R):
            room.now[jo, r] = 0.0
            room.later[jo, r] = 0.0
        if lo == hi:
            continue
        _digits(M, st.observables, jo, room.digit)
        for r in range(R):
            room.belief[r] = pi[r]
        for j in range(M):
            for th in range(st.types[st.player[j]]):
                room.belief[st.row[st.player[j]] + th] = room.seen[j, room.digit[j], th]
        for b in range(lo, hi):
            add_rewards(st, room, b, room.now[jo])
        for j in range(M):
            for th in range(st.types[st.player[j]]):
                room.belief[st.row[st.player[j]] + th] = room.after[j, room.digit[j], th]
        for b in range(lo, hi):
            if st.target[b] >= 0:
                _continue(st, b, x, data, dims, room, room.later[jo])


@inner
def _continue(st, b, x, data, dims, room, out):
    """out[row] += probability * discount * continuation of that row's type along branch b."""
    P = st.types.size
    moved = room.value  # reused as room for the belief after the branch's law
    for i in range(P):
        law = st.branch_law[b, i] if st.branch_law.size else -1
        for new in range(st.types[i]):
            if law < 0:
                moved[st.row[i] + new] = room.belief[st.row[i] + new]
            else:
                total = 0.0
                for old in range(st.types[i]):
                    total += room.belief[st.row[i] + old] * st.laws[law, old, new]
                moved[st.row[i] + new] = total
    to_coordinates(st, moved, room.coords)
    interpolate(x, data, st.target[b], room.coords, dims, room.weights, room.value)
    for i in range(P):
        law = st.branch_law[b, i] if st.branch_law.size else -1
        scale = st.probability[b] * st.discount[i]
        for old in range(st.types[i]):
            if law < 0:
                out[st.row[i] + old] += scale * room.value[st.row[i] + old]
            else:
                for new in range(st.types[i]):
                    out[st.row[i] + old] += scale * st.laws[law, old, new] * room.value[st.row[i] + new]


@inner
def _hidden_rewards(st, s, pi, gamma, room, Q, values):
    """Adds what joint actions pay where some action is hidden: to Q of the movers, to values of the others."""
    M, P = st.player.size, st.types.size
    mover = room.mover
    C, T = st.action_reward.shape[1], st.action_reward.shape[3]
    for c in range(C):
        _digits(M, st.actions, c, room.digit)
        ok = True
        for j in range(M):
            ok = ok and st.available[s, j, room.digit[j]] == 1
        if not ok:
            continue
        for joint in range(T):
            _digits(P, st.types, joint, room.theta)
            for i in range(P):
                pay = st.action_reward[s, c, i, joint]
                if pay == 0.0:
                    continue
                weight = 1.0
                for k in range(P):
                    if k == i:
                        continue
                    weight *= pi[st.row[k] + room.theta[k]]
                    if mover[k] >= 0:
                        weight *= gamma[mover[k], room.theta[k], room.digit[mover[k]]]
                if mover[i] >= 0:
                    Q[mover[i], room.theta[i], room.digit[mover[i]]] += weight * pay
                else:
                    values[st.row[i] + room.theta[i]] += weight * pay


@inner
def action_values(st, s, pi, gamma, logs, x, data, dims, room, Q, values):
    """Q[M, K, A] of every mover and values[R] of the players who do not move (movers' rows are left at 0).

    gamma[M, K, A] are the strategies, logs[M, K, A] their logarithms."""
    M, P = st.player.size, st.types.size
    _observe(st, s, pi, logs, room)
    _branches(st, s, pi, x, data, dims, room)
    Q[:] = 0.0
    values[:] = 0.0
    for i in range(P):
        room.mover[i] = -1
    for j in range(M):
        room.mover[st.player[j]] = j
    for jo in range(st.joint):
        if st.first[s * st.joint + jo] == st.first[s * st.joint + jo + 1]:
            continue
        _digits(M, st.observables, jo, room.digit)
        everyone = 1.0
        for j in range(M):
            everyone *= room.mass[j, room.digit[j]]
        for i in range(P):
            if room.mover[i] < 0 and everyone > 0.0:
                for th in range(st.types[i]):
                    r = st.row[i] + th
                    values[r] += everyone * (room.now[jo, r] + room.later[jo, r])
        for j in range(M):
            others = 1.0
            for k in range(M):
                if k != j:
                    others *= room.mass[k, room.digit[k]]
            if others == 0.0:
                continue
            o, start, K = room.digit[j], st.row[st.player[j]], st.types[st.player[j]]
            for a in range(st.actions[j]):
                if st.available[s, j, a] == 0:
                    continue
                law = st.law[s, j, a] if st.law.size else -1
                for th in range(K):
                    weight = others * _signal(st, s, j, a, th, o)
                    if weight == 0.0:
                        continue
                    later = 0.0
                    if law < 0:
                        later = room.later[jo, start + th]
                    else:
                        for new in range(K):
                            later += st.laws[law, th, new] * room.later[jo, start + new]
                    Q[j, th, a] += weight * (room.now[jo, start + th] + later)
    if st.action_reward.size:
        _hidden_rewards(st, s, pi, gamma, room, Q, values)
