"""Cells without a fixed point: where nobody chooses and nothing is learnt values pass through from the next stage;
where the mover does not mind what is believed of it, its choice is a plain logit response."""

from __future__ import annotations

import numpy as np

from winset.game.kernels import inner, kernel, maker
from winset.game.solution import FORCED
from winset.solve.hermite import interpolate
from winset.solve.stage import add_rewards, make_room


@kernel
def passing(st):
    """(S,) the joint observable with which values pass through each state (see `passes`), or -1."""
    joints = np.empty(st.available.shape[0], np.int64)
    for s in range(joints.size):
        joints[s] = passes(st, s)
    return joints


@kernel
def pass_on(st, following, beliefs, states, joints, low, high, out):
    """Fills out (N, G, R), numbers low to high, with the values at the nodes of N states through which values pass.

    following: (S', G, R) values at the next stage; beliefs: (G, R) at the nodes; joints: (N,) see `passing`."""
    _pass_range(st, following, beliefs, states, joints, low, high, out, make_room(st, 0), _scales(st), _scales(st))


@maker
def _scales(st):
    """Room for a number of each value row."""
    return np.zeros(st.row[st.types.size])


@inner
def _pass_range(st, following, beliefs, states, joints, low, high, out, room, discount, scale):
    """The loop of `pass_on`, apart from it so that it counts no references."""
    _, G, R = out.shape
    for i in range(st.types.size):
        discount[st.row[i] : st.row[i + 1]] = st.discount[i]
    for number in range(low, high):
        at = states[number] * st.joint + joints[number]
        begin, end = st.first[at], st.first[at + 1]
        for g in range(G):
            if g == 0 or not st.own.size:  # else the same at all nodes
                for r in range(R):
                    room.belief[r] = beliefs[g, r]
                    out[number, g, r] = 0.0
                for b in range(begin, end):
                    add_rewards(st, room, b, out[number, g])
            else:
                for r in range(R):
                    out[number, g, r] = out[number, 0, r]
        for b in range(begin, end):
            target = st.target[b]
            if target < 0:
                continue
            for r in range(R):
                scale[r] = st.probability[b] * discount[r]
            for g in range(G):
                for r in range(R):
                    out[number, g, r] += scale[r] * following[target, g, r]


@inner
def passes(st, s):
    """The joint observable of a state at which nobody chooses and nothing is learnt or changed, or -1."""
    if st.branch_law.size or st.law.size or (st.action_reward.size and st.player.size != 1):
        return -1
    joint = 0
    for j in range(st.player.size):
        only = -1
        for a in range(st.actions[j]):
            if st.available[s, j, a]:
                if only >= 0:
                    return -1
                only = a
        if st.hidden[j]:
            action, only = only, -1
            for o in range(st.observables[j]):
                sure = True
                for th in range(st.types[st.player[j]]):
                    sure = sure and st.signal[s, j, action, th, o] == 1.0
                if sure:
                    only = o
            if only < 0:
                return -1
            if st.action_reward.size:
                for i in range(st.types.size):
                    for joined in range(st.action_reward.shape[3]):
                        if st.action_reward[s, action, i, joined] != 0.0:
                            return -1
        joint = joint * st.observables[j] + only
    return joint


@inner
def solve_passed_cell(st, s, joint, cell, values):
    """Fills values[R] of a cell at which beliefs stay as they are, at cell.room.coords.

    cell.pi is read where a reward depends on another player's type."""
    room = cell.room
    R = values.size
    values[:] = 0.0
    if not st.own.size:
        for r in range(R):
            room.belief[r] = cell.pi[r]
    for b in range(st.first[s * st.joint + joint], st.first[s * st.joint + joint + 1]):
        add_rewards(st, room, b, values)
        target = st.target[b]
        if target < 0:
            continue
        interpolate(cell.x, cell.data, target, room.coords, cell.dims, room.weights, room.value)
        for i in range(st.types.size):
            scale = st.probability[b] * st.discount[i]
            for r in range(st.row[i], st.row[i + 1]):
                values[r] += scale * room.value[r]
    return 0.0, 0, FORCED


@inner
def is_unmoved(st, s, x, data, dims):
    """True where the only mover's payoffs to come do not depend on what is believed of it: there is no fixed point.

    Both values and slopes are compared: a step between nodes has no slope at them."""
    if st.player.size != 1 or st.law.size or st.branch_law.size:
        return False
    i = st.player[0]
    own = ((1 << (st.types[i] - 1)) - 1) << st.dim[i]
    for b in range(st.first[s * st.joint], st.first[(s + 1) * st.joint]):
        if st.target[b] < 0:
            continue
        for g in range(data.shape[1]):
            same, step = g, 1  # `same`: the node with the mover's own coordinates at their first nodes
            for d in range(dims - 1, -1, -1):
                if own & (1 << d):
                    same -= (g // step) % x.size * step
                step *= x.size
            for r in range(st.row[i], st.row[i + 1]):
                if data[st.target[b], g, 0, r] != data[st.target[b], same, 0, r]:
                    return False
                for mask in range(1 << dims):
                    if mask & own and data[st.target[b], g, mask, r] != 0.0:
                        return False
    return True
