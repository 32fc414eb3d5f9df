"""States at which nobody chooses and nothing is learnt: there values pass from the next stage as they are.

Beliefs stay where they are, so at the nodes of the grid no interpolation and no Bayes' rule is needed, and nobody can
deviate: what a type expects is the mean of what is paid and of its value at the same node of the next stage. Two
thirds of the cells of a large game are of this kind.
"""

from __future__ import annotations

import numpy as np

from winset.certify.arrays import digits
from winset.game.game import Bools, Floats, Game, Ints, Stage

_AT_ONCE = 1_000_000
"""Numbers gathered at once: more would not stay near the processor."""


def passing(stage: Stage) -> Ints:
    """(S,) the joint observable that is sure to follow where nobody chooses and nothing is learnt; elsewhere -1."""
    states = len(stage.states)
    joint = np.zeros(states, dtype=np.int64)
    if stage.branch_law is not None or any(m.law is not None for m in stage.movers):
        return joint - 1
    plain: Bools = np.ones(states, dtype=bool)
    for mover in stage.movers:
        only = np.argmax(mover.available, axis=1)
        plain &= mover.available.sum(axis=1) == 1
        if mover.signal is not None:  # (S, A, K, O): one observable is sure whatever the type
            sure = (mover.signal[np.arange(states), only] == 1).all(axis=1)
            plain &= sure.any(axis=1)
            only = np.argmax(sure, axis=1)
        joint = joint * len(mover.observables) + only
    return np.where(plain, joint, -1)


def leads(stage: Stage, states: Ints) -> Bools:
    """(S',) the states of the next stage that some of these states may lead to."""
    target = stage.target[stage.edges(states)[2]]
    out = np.zeros(int(stage.target.max(initial=-1)) + 1, dtype=bool)
    out[target[target >= 0]] = True
    return out


def passed(game: Game, index: int, states: Ints, joint: Ints, levels: Floats, beliefs: Floats) -> Floats:
    """(N, G, W, R) what passes through N states of a stage at the nodes, in W kinds.

    Args:
        joint: (N,) the observable of each, see `passing`.
        levels: (S', G, W, R) the same at the next stage: the first kind is a value, the others gains over it, which
            nothing is paid for.
        beliefs: (G, R) at the nodes.
    """
    at = np.stack([states, states * game.stages[index].joint_observables + joint], axis=1)
    out = np.empty((len(states), *levels.shape[1:]))
    step = max(1, _AT_ONCE // max(1, int(np.prod(levels.shape[1:]))))
    for begin in range(0, len(states), step):
        part = slice(begin, begin + step)
        out[part] = _passed(game, index, at[part], levels, beliefs)
    return out


def _passed(game: Game, index: int, at: Ints, levels: Floats, beliefs: Floats) -> Floats:
    """`passed` for some states; at: (N, 2) each state, and where `Stage.first` has its branches."""
    stage, (states, at) = game.stages[index], at.T
    branch, owner = _branches(stage.first[at], stage.first[at + 1])
    out = np.zeros((len(at), *levels.shape[1:]))
    going = np.flatnonzero(stage.target[branch] >= 0)
    if len(going):
        discount = np.repeat(stage.discount, game.type_counts)
        here, source = branch[going], owner[going]
        share = levels[stage.target[here]]
        share *= stage.probability[here][:, None, None, None] * discount
        begins = np.flatnonzero(np.append(True, source[1:] != source[:-1]))
        out[source[begins]] = share if len(begins) == len(share) else np.add.reduceat(share, begins, axis=0)
    if stage.reward.any() or stage.action_reward is not None:
        paid = np.zeros((len(at), *stage.reward.shape[1:]))
        np.add.at(paid, owner, stage.probability[branch][:, None, None] * stage.reward[branch])
        if stage.action_reward is not None:
            paid += stage.action_reward[states, _only(stage, states)]
        out[:, :, 0] += _expected(game, paid, beliefs)
    return out


def _only(stage: Stage, states: Ints) -> Ints:
    """(N,) the joint action that alone is possible at some states."""
    out = np.zeros(len(states), dtype=np.int64)
    for mover in stage.movers:
        out = out * len(mover.actions) + np.argmax(mover.available[states], axis=1)
    return out


def _branches(begin: Ints, end: Ints) -> tuple[Ints, Ints]:
    """The branches of N ranges one after the other, and the number of the range of each."""
    size = end - begin
    owner = np.repeat(np.arange(len(size)), size)
    return np.arange(size.sum()) + np.repeat(begin - (np.cumsum(size) - size), size), owner


def _expected(game: Game, paid: Floats, beliefs: Floats) -> Floats:
    """(N, G, R) what each type expects of (N, P, Θ) payments by joint type, the others' types by (G, R) beliefs."""
    kinds = digits(game.type_counts)
    rows = np.asarray(game.row_start) + kinds
    out = np.zeros((len(paid), len(beliefs), game.rows))
    for i in range(len(game.players)):
        others = np.prod(np.delete(beliefs[:, rows], i, axis=2), axis=2)
        for joint, row in enumerate(rows[:, i]):
            out[:, :, row] += paid[:, i, joint, None] * others[:, joint]
    return out
