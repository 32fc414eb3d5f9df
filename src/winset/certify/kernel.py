"""Evaluates a profile and the deviations from it at points (state, belief) of one stage.

At a point with strategies γ every mover's payoff of an action is computed by the definition, for three
continuations at once (the *kinds*): the solution's own values, the value to a type that may deviate once more at a
moment of its choice, and the value to a type that deviates for good by an optimal strategy. The public belief moves
by Bayes' rule from γ whatever a deviator does. Where an observable has probability zero the belief about its mover
stays as it was.

With shocks an action's payoff counts its EV1 shock: the best a type can do is (1/λ) log Σ exp(λQ) and the profile
gives Σ γ (Q - log(γ)/λ).
"""

from __future__ import annotations

from collections import namedtuple

import numpy as np

from winset.certify.arrays import Parts
from winset.certify.interpolant import evaluate
from winset.game.game import Floats, Ints
from winset.game.kernels import in_chunks, inner, kernel, maker

KINDS = 3
SOLVED, ONCE, ALWAYS = 0, 1, 2

Judged = namedtuple("Judged", ["values", "residual", "gain", "excess"])
"""values (N, 3, R) by kind; residual (N,) of the fixed point; gain (N, R) one-shot, 0 for who does not move;
excess (N,) largest gain beyond the entropy bound H(γ)/λ."""


def judge(
    stage: Parts, *, table: Floats, axis: Floats, states: Ints, beliefs: Floats, which: Ints, gamma: Floats
) -> Judged:
    """Evaluates N points.

    Args:
        stage: the stage.
        table: (S', G, 2^D, 3R) the next stage's values with slopes, kinds outermost, the two deviators' values as
            gains over the solution's; S' = 0 when nothing follows.
        axis: (n,) nodes of one belief coordinate.
        states: (N,) states of this stage.
        beliefs: (X, R) stacked beliefs.
        which: (N,) row of `beliefs` for each point.
        gamma: (N, M, K, A) strategies.
    """
    count, rows = states.size, beliefs.shape[1]
    out = Judged(
        values=np.full((count, KINDS, rows), np.nan),
        residual=np.full(count, np.nan),
        gain=np.full((count, rows), np.nan),
        excess=np.full(count, np.nan),
    )

    def work(begin: int, end: int) -> None:
        _chunk(stage, table, axis, states, beliefs, which, gamma, *out, begin, end)

    in_chunks(work, count, smallest=256)
    return out


@maker
def make_seen(st):
    """The most actions or observables of a mover, and work space for `observe`."""
    movers, wide = st.player.size, 1
    for j in range(movers):
        wide = max(wide, st.actions[j], st.observables[j])
    shape = (movers, wide, st.types.max())
    return wide, np.zeros((movers, wide)), np.zeros(shape), np.zeros(shape)


@kernel
def _chunk(st, table, axis, states, beliefs, which, gamma, values, residual, gain, excess, begin, end):
    rows = beliefs.shape[1]
    movers = st.player.size
    dimensions = rows - st.types.size
    most = st.types.max()
    wide, mass, seen, after = make_seen(st)
    q = np.zeros((movers, most, wide, KINDS))
    soft = np.zeros(wide)
    weights = np.zeros(rows)
    start = np.zeros(rows)
    moved = np.zeros(rows)
    coords = np.zeros(dimensions)
    base = np.zeros(dimensions, dtype=np.int64)
    basis = np.zeros((dimensions, 2, 2))
    value = np.zeros(KINDS * rows)
    now = np.zeros(rows)
    later = np.zeros((KINDS, rows))
    _judge_range(
        st, table, axis, states, beliefs, which, gamma, values, residual, gain, excess, begin, end,
        mass, seen, after, q, soft, weights, start, moved, coords, base, basis, value, now, later,
    )  # fmt: skip


@inner
def _judge_range(
    st, table, axis, states, beliefs, which, gamma, values, residual, gain, excess, begin, end,
    mass, seen, after, q, soft, weights, start, moved, coords, base, basis, value, now, later,
):  # fmt: skip
    """The loop of `_chunk`, apart from it so that it counts no references."""
    for n in range(begin, end):
        s, pi = states[n], beliefs[which[n]]
        observe(st, s, pi, gamma[n], mass, seen, after)
        _payoffs(
            st, table, axis, s, pi, mass, seen, after, weights, start, moved,
            coords, base, basis, value, now, later, q, values[n],
        )  # fmt: skip
        if st.action_reward.size:
            _hidden_pay(st, s, pi, gamma[n], q, values[n])
        residual[n], excess[n] = _close(st, s, gamma[n], q, values[n], gain[n], soft)


@inner
def observe(st, s, pi, gamma, mass, seen, after):
    """Probability of each mover's observables, and the belief after them before and after its own law."""
    for j in range(st.player.size):
        i = st.player[j]
        row, kinds = st.row[i], st.types[i]
        mass[j] = 0.0
        seen[j] = 0.0
        after[j] = 0.0
        for a in range(st.actions[j]):
            if st.available[j, s, a] == 0:
                continue
            law = st.law[j, s, a]
            for o in range(st.observables[j]):
                if st.hidden[j] == 0 and o != a:
                    continue
                for th in range(kinds):
                    p = pi[row + th] * gamma[j, th, a]
                    if st.hidden[j]:
                        p *= st.signal[j, s, a, th, o]
                    if p == 0.0:
                        continue
                    mass[j, o] += p
                    seen[j, o, th] += p
                    if law < 0:
                        after[j, o, th] += p
                    else:
                        for new in range(kinds):
                            after[j, o, new] += p * st.laws[law, th, new]
        for o in range(st.observables[j]):
            for th in range(kinds):
                if mass[j, o] > 0.0:
                    seen[j, o, th] /= mass[j, o]
                    after[j, o, th] /= mass[j, o]
                else:
                    seen[j, o, th] = pi[row + th]
                    after[j, o, th] = pi[row + th]


@inner
def _locate(st, belief, coords):
    """Stick-breaking coordinates of a stacked belief."""
    for i in range(st.types.size):
        left = 1.0
        for m in range(st.types[i] - 1):
            share = belief[st.row[i] + m]
            coords[st.dim[i] + m] = min(1.0, max(0.0, share / left)) if left > 0.0 else 0.5
            left = max(0.0, left - share)


@inner
def _branches(st, table, axis, s, jo, weights, after, moved, coords, base, basis, value, now, later):
    """Expected reward `now` (R,) and discounted continuation `later` (KINDS, R) after a joint observable.

    `weights` are the beliefs about the types that the rewards read; `after` those with which the branch begins."""
    rows = weights.size
    players = st.types.size
    joint = st.joint_observables.shape[0]
    now[:] = 0.0
    later[:] = 0.0
    at = s * joint + jo
    for t in range(st.joint_types.shape[0]):
        for i in range(players):
            w = st.reward[at, i, t]
            if w != 0.0:
                for k in range(players):
                    if k != i:
                        w *= weights[st.row[k] + st.joint_types[t, k]]
                now[st.row[i] + st.joint_types[t, i]] += w
    for b in range(st.first[at], st.first[at + 1]):
        p = st.probability[b]
        if st.target[b] < 0:
            continue
        for r in range(rows):
            moved[r] = after[r]
        for i in range(players):
            law = st.branch_law[b, i]
            if law >= 0:
                for new in range(st.types[i]):
                    total = 0.0
                    for th in range(st.types[i]):
                        total += after[st.row[i] + th] * st.laws[law, th, new]
                    moved[st.row[i] + new] = total
        _locate(st, moved, coords)
        evaluate(table[st.target[b]], axis, coords, base, basis, value)
        for r in range(rows):
            value[ONCE * rows + r] += value[r]
            value[ALWAYS * rows + r] += value[r]
        for i in range(players):
            law = st.branch_law[b, i]
            factor = p * st.discount[i]
            first, end = st.row[i], st.row[i] + st.types[i]
            for kind in range(KINDS):
                if law < 0:
                    for r in range(first, end):
                        later[kind, r] += factor * value[kind * rows + r]
                else:
                    for r in range(first, end):
                        for new in range(st.types[i]):
                            later[kind, r] += factor * st.laws[law, r - first, new] * value[kind * rows + first + new]


@inner
def _payoffs(
    st, table, axis, s, pi, mass, seen, after, weights, start, moved,
    coords, base, basis, value, now, later, q, values,
):  # fmt: skip
    """Fills q (M, K, A, KINDS) with the movers' payoffs and values (KINDS, R) with those of who does not move."""
    movers = st.player.size
    joint = st.joint_observables.shape[0]
    q[:] = 0.0
    values[:] = 0.0
    for jo in range(joint):
        if st.first[s * joint + jo] == st.first[s * joint + jo + 1]:
            continue
        empty = 0
        everyone = 1.0
        for r in range(pi.size):
            weights[r] = pi[r]
            start[r] = pi[r]
        for j in range(movers):
            o = st.joint_observables[jo, j]
            i = st.player[j]
            if mass[j, o] == 0.0:
                empty += 1
            everyone *= mass[j, o]
            for th in range(st.types[i]):
                weights[st.row[i] + th] = seen[j, o, th]
                start[st.row[i] + th] = after[j, o, th]
        if empty > 1:
            continue
        _branches(st, table, axis, s, jo, weights, start, moved, coords, base, basis, value, now, later)
        for i in range(st.types.size):
            j = st.mover[i]
            if j < 0:
                for r in range(st.row[i], st.row[i] + st.types[i]):
                    for kind in range(KINDS):
                        values[kind, r] += everyone * (now[r] + later[kind, r])
                continue
            others = 1.0
            for k in range(movers):
                if k != j:
                    others *= mass[k, st.joint_observables[jo, k]]
            if others > 0.0:
                _own(st, s, j, st.joint_observables[jo, j], others, now, later, q)


@inner
def _own(st, s, j, o, others, now, later, q):
    """Adds to mover j's payoffs what follows its observable o, times the probability of the others'."""
    i = st.player[j]
    row = st.row[i]
    for a in range(st.actions[j]):
        if st.available[j, s, a] == 0 or (st.hidden[j] == 0 and a != o):
            continue
        law = st.law[j, s, a]
        for th in range(st.types[i]):
            p = others
            if st.hidden[j]:
                p *= st.signal[j, s, a, th, o]
            for kind in range(KINDS):
                then = 0.0
                if law < 0:
                    then = later[kind, row + th]
                else:
                    for new in range(st.types[i]):
                        then += st.laws[law, th, new] * later[kind, row + new]
                q[j, th, a, kind] += p * (now[row + th] + then)


@inner
def _hidden_pay(st, s, pi, gamma, q, values):
    """Adds what is paid for the joint action itself."""
    movers, players = st.player.size, st.types.size
    for c in range(st.joint_actions.shape[0]):
        possible = True
        for j in range(movers):
            possible = possible and st.available[j, s, st.joint_actions[c, j]] != 0
        if not possible:
            continue
        for t in range(st.joint_types.shape[0]):
            for i in range(players):
                w = 1.0
                for k in range(players):
                    th = st.joint_types[t, k]
                    if k != i:
                        w *= pi[st.row[k] + th]
                        if st.mover[k] >= 0:
                            w *= gamma[st.mover[k], th, st.joint_actions[c, st.mover[k]]]
                w *= st.action_reward[s, c, i, t]
                j = st.mover[i]
                for kind in range(KINDS):
                    if j < 0:
                        values[kind, st.row[i] + st.joint_types[t, i]] += w
                    else:
                        q[j, st.joint_types[t, i], st.joint_actions[c, j], kind] += w


@inner
def _close(st, s, gamma, q, values, gain, soft):
    """Movers' values and gains from their payoffs; returns the residual and the excess over the entropy bound."""
    residual, excess = 0.0, -np.inf
    gain[:] = 0.0
    for j in range(st.player.size):
        i = st.player[j]
        lam = st.precision[i]
        shocks = st.shocks == 1 and lam > 0.0
        for th in range(st.types[i]):
            r = st.row[i] + th
            top = -np.inf
            for a in range(st.actions[j]):
                if st.available[j, s, a]:
                    top = max(top, q[j, th, a, SOLVED])
            total = 0.0
            for a in range(st.actions[j]):
                if st.available[j, s, a]:
                    soft[a] = np.exp(lam * (q[j, th, a, SOLVED] - top))
                    total += soft[a]
            entropy = 0.0
            for a in range(st.actions[j]):
                g = gamma[j, th, a]
                right = 0.0
                if st.available[j, s, a]:
                    right = soft[a] / total
                residual = max(residual, abs(g - right))
                if not (abs(g - right) >= 0.0):
                    residual = np.inf
                if g > 0.0:
                    entropy -= g * np.log(g)
                    for kind in range(KINDS):
                        values[kind, r] += g * q[j, th, a, kind]
            slack = entropy / lam if lam > 0.0 else np.inf
            if shocks:
                for kind in range(KINDS):
                    values[kind, r] += slack
            best = always = -np.inf
            for a in range(st.actions[j]):
                if st.available[j, s, a]:
                    best = max(best, q[j, th, a, SOLVED])
                    always = max(always, q[j, th, a, ALWAYS])
            if shocks:
                sum_best = sum_always = 0.0
                for a in range(st.actions[j]):
                    if st.available[j, s, a]:
                        sum_best += np.exp(lam * (q[j, th, a, SOLVED] - best))
                        sum_always += np.exp(lam * (q[j, th, a, ALWAYS] - always))
                best += np.log(sum_best) / lam
                always += np.log(sum_always) / lam
                slack = 0.0
            gain[r] = best - values[SOLVED, r]
            excess = max(excess, gain[r] - slack)
            values[ONCE, r] = max(values[ONCE, r], best)
            values[ALWAYS, r] = always
    return residual, excess
