"""A stage as one tuple of arrays of fixed types, so that the kernels compile once for every scenario."""

from __future__ import annotations

from collections import namedtuple

import numpy as np

from winset.game.game import Game, Stage

Packed = namedtuple(
    "Packed",
    [
        "player",  # (M,) player of each mover
        "actions",  # (M,) number of actions
        "observables",  # (M,) number of observables
        "hidden",  # (M,) 1 where the action is seen only through a signal
        "available",  # (S, M, Amax) 1 where the action can be taken
        "signal",  # (S, M, Amax, Kmax, Omax), or empty
        "law",  # (S, M, Amax) index into laws, -1 none; or empty
        "laws",  # (L, Kmax, Kmax)
        "first",  # (S*J + 1,)
        "probability",  # (B,)
        "target",  # (B,)
        "reward",  # (B, P, T)
        "own",  # (B, R) the same by value row, where nobody's reward depends on another's type; else empty
        "branch_law",  # (B, P), or empty
        "action_reward",  # (S, C, P, T), or empty
        "discount",  # (P,)
        "precision",  # (M,)
        "types",  # (P,) number of types
        "row",  # (P + 1,) first value row of each player
        "dim",  # (P,) first belief coordinate of each player
        "shocks",  # 1 when values include the expected EV1 shock
        "joint",  # J
    ],
)


def pack(game: Game, stage: Stage) -> Packed:
    """The stage's arrays, padded to common widths; absent parts are empty arrays."""
    S, movers = len(stage.states), stage.movers
    M = len(movers)
    A = max((len(m.actions) for m in movers), default=1)
    observables = max((len(m.observables) for m in movers), default=1)
    K = max(game.type_counts)
    P = len(game.players)
    available = np.zeros((S, M, A), np.int64)
    any_signal = any(m.signal is not None for m in movers)
    any_law = any(m.law is not None for m in movers)
    signal = np.zeros((S, M, A, K, observables) if any_signal else (0, 0, 0, 0, 0))
    law = np.full((S, M, A) if any_law else (0, 0, 0), -1, np.int64)
    for j, m in enumerate(movers):
        a = len(m.actions)
        available[:, j, :a] = m.available
        if m.signal is not None:
            k = m.signal.shape[2]
            signal[:, j, :a, :k, : len(m.observables)] = m.signal
        if m.law is not None:
            law[:, j, :a] = m.law
    types = np.array(game.type_counts, np.int64)
    row = np.concatenate([[0], np.cumsum(types)]).astype(np.int64)
    dim = np.concatenate([[0], np.cumsum(types - 1)[:-1]]).astype(np.int64)
    return Packed(
        player=np.array([m.player for m in movers], np.int64),
        actions=np.array([len(m.actions) for m in movers], np.int64),
        observables=np.array([len(m.observables) for m in movers], np.int64),
        hidden=np.array([m.signal is not None for m in movers], np.int64),
        available=available,
        signal=signal,
        law=law,
        laws=np.zeros((0, K, K)) if stage.laws is None else np.ascontiguousarray(stage.laws, np.float64),
        first=np.ascontiguousarray(stage.first, np.int64),
        probability=np.ascontiguousarray(stage.probability, np.float64),
        target=np.ascontiguousarray(stage.target, np.int64),
        reward=np.ascontiguousarray(stage.reward, np.float64),
        own=_own_rewards(game, stage),
        branch_law=np.zeros((0, P), np.int64)
        if stage.branch_law is None
        else np.ascontiguousarray(stage.branch_law, np.int64),
        action_reward=np.zeros((0, 0, 0, 0))
        if stage.action_reward is None
        else np.ascontiguousarray(stage.action_reward, np.float64),
        discount=np.ascontiguousarray(stage.discount, np.float64),
        precision=np.array([game.players[m.player].precision for m in movers], np.float64),
        types=types,
        row=row,
        dim=dim,
        shocks=np.int64(game.shocks),
        joint=np.int64(stage.joint_observables),
    )


def _own_rewards(game: Game, stage: Stage) -> np.ndarray:
    """(B, R) rewards by value row, or (0, R) where some reward depends on another player's type."""
    counts, branches = game.type_counts, len(stage.reward)
    out = np.empty((branches, game.rows))
    for i, (row, kinds) in enumerate(zip(game.row_start, counts, strict=True)):
        table = np.moveaxis(stage.reward[:, i].reshape(branches, *counts), 1 + i, 1).reshape(branches, kinds, -1)
        if np.any(table != table[:, :, :1]):
            return np.empty((0, game.rows))
        out[:, row : row + kinds] = table[:, :, 0]
    return out
