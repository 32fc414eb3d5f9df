"""One stage as padded arrays of fixed rank, so that one compiled kernel serves every game.

Axis letters as in `winset.game.game`; M movers of the stage, D belief coordinates.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Sequence

import numpy as np

from winset.game.game import Floats, Game, Stage

Parts = namedtuple(
    "Parts",
    [
        "types",  # (P,) number of types
        "row",  # (P,) first value row
        "dim",  # (P,) first belief coordinate
        "mover",  # (P,) which mover the player is, or -1
        "precision",  # (P,)
        "discount",  # (P,)
        "player",  # (M,)
        "actions",  # (M,)
        "observables",  # (M,)
        "hidden",  # (M,) 1 where a signal is seen
        "available",  # (M, S, A)
        "signal",  # (M, S, A, K, O), or empty when nothing is hidden
        "law",  # (M, S, A), -1: no change
        "laws",  # (L, K, K)
        "branch_law",  # (B, P), -1: no change
        "first",  # (S * J + 1,)
        "probability",  # (B,)
        "target",  # (B,)
        "reward",  # (S * J, P, Θ) mean over the branches
        "action_reward",  # (S, C, P, Θ), or empty
        "joint_types",  # (Θ, P) type of each player
        "joint_observables",  # (J, M)
        "joint_actions",  # (C, M)
        "shocks",  # 1 when values include the EV1 shock
    ],
)


def parts(game: Game, index: int) -> Parts:
    """The stage with this index, as arrays."""
    stage, counts = game.stages[index], game.type_counts
    movers, states = stage.movers, len(stage.states)
    count, players, kinds = len(movers), len(counts), max(counts)
    most = max([len(m.actions) for m in movers], default=1)
    seen = max([len(m.observables) for m in movers], default=1)
    hidden = np.array([m.signal is not None for m in movers], dtype=np.int64)
    available = np.zeros((count, states, most), dtype=np.int64)
    law = np.full((count, states, most), -1, dtype=np.int64)
    signal = np.zeros((count, states, most, kinds, seen) if hidden.any() else (0, 0, 0, 0, 0))
    who = np.full(players, -1, dtype=np.int64)
    for j, m in enumerate(movers):
        who[m.player] = j
        available[j, :, : len(m.actions)] = m.available
        if m.law is not None:
            law[j, :, : len(m.actions)] = m.law
        if m.signal is not None:
            signal[j, :, : len(m.actions), : counts[m.player], : len(m.observables)] = m.signal
    no_law = np.full((len(stage.target), players), -1, dtype=np.int64)
    return Parts(
        types=_ints(counts),
        row=_ints(game.row_start),
        dim=_ints([sum(c - 1 for c in counts[:i]) for i in range(players)]),
        mover=who,
        precision=np.array([p.precision for p in game.players], dtype=np.float64),
        discount=np.ascontiguousarray(stage.discount, dtype=np.float64),
        player=_ints([m.player for m in movers]),
        actions=_ints([len(m.actions) for m in movers]),
        observables=_ints([len(m.observables) for m in movers]),
        hidden=hidden,
        available=available,
        signal=signal,
        law=law,
        laws=np.zeros((0, kinds, kinds)) if stage.laws is None else np.ascontiguousarray(stage.laws, dtype=np.float64),
        branch_law=no_law if stage.branch_law is None else _ints(stage.branch_law),
        first=_ints(stage.first),
        probability=np.ascontiguousarray(stage.probability, dtype=np.float64),
        target=_ints(stage.target),
        reward=_mean_reward(stage),
        action_reward=np.zeros((0, 0, 0, 0))
        if stage.action_reward is None
        else np.ascontiguousarray(stage.action_reward, dtype=np.float64),
        joint_types=digits(counts),
        joint_observables=digits([len(m.observables) for m in movers]),
        joint_actions=digits([len(m.actions) for m in movers]),
        shocks=int(game.shocks),
    )


def digits(sizes: Sequence[int]) -> np.ndarray:
    """(product of sizes, len(sizes)) the mixed-radix digits of 0, 1, 2, ..., row-major."""
    if not len(sizes):
        return np.zeros((1, 0), dtype=np.int64)
    return np.ascontiguousarray(np.indices(tuple(sizes)).reshape(len(sizes), -1).T.astype(np.int64))


def stacked(strategies: Sequence[Floats], kinds: int, states: int) -> Floats:
    """(N, M, K, A) one padded array of the movers' (..., K_j, A_j) strategies; N is `states` without movers."""
    if not strategies:
        return np.zeros((states, 0, 1, 1))
    flat = [g.reshape(-1, *g.shape[-2:]) for g in strategies]
    out = np.zeros((flat[0].shape[0], len(flat), kinds, max(g.shape[2] for g in flat)))
    for j, g in enumerate(flat):
        out[:, j, : g.shape[1], : g.shape[2]] = g
    return out


def _mean_reward(stage: Stage) -> Floats:
    """(S * J, P, Θ) expected reward of each joint observable; 0 where it cannot occur."""
    out = np.zeros((stage.first.size - 1, *stage.reward.shape[1:]))
    where = np.repeat(np.arange(stage.first.size - 1), np.diff(stage.first))
    np.add.at(out, where, stage.probability[:, None, None] * stage.reward)
    return out


def _ints(numbers) -> np.ndarray:
    return np.ascontiguousarray(numbers, dtype=np.int64)
