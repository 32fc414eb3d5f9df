"""The best and the worst that a player could get for ever, discounted, from each state of an infinite game.

As if whatever the public can see next were chosen in the player's favour, or against it, knowing everyone's types:
bounds on what any strategies give, by plain iteration over states. Changes of type are left out.
"""

from __future__ import annotations

import numpy as np

from winset.game.game import Floats, Game, Stage

_ROUNDS = 5000


def extremes(game: Game, *, best: bool, tolerance: float = 1e-9) -> Floats:
    """(S, R) the best, or else the worst, discounted payoff of each (player, type) from each state of stage 0.

    Args:
        game: an infinite game.
        best: which of the two.
        tolerance: change of any value at which the iteration ends.
    """
    rewards = [_rewards(game, stage, best) for stage in game.stages]
    after = np.zeros((len(game.stages[0].states), game.rows))
    for _ in range(_ROUNDS):
        before = after
        for stage, reward in zip(reversed(game.stages), reversed(rewards), strict=True):
            after = _before(game, stage, reward, after, best)
        if np.abs(after - before).max() < tolerance:
            break
    return after


def _rewards(game: Game, stage: Stage, best: bool) -> Floats:
    """(B, R) what each branch pays a type at the most, or least, over the others' types and hidden actions."""
    pick = np.max if best else np.min
    kinds = np.unravel_index(np.arange(int(np.prod(game.type_counts, dtype=np.int64))), game.type_counts)
    owner = np.repeat(np.arange(len(stage.first) - 1) // stage.joint_observables, np.diff(stage.first))
    out = np.zeros((len(stage.probability), game.rows))
    for i, row in enumerate(game.row_start):
        for k in range(game.type_counts[i]):
            own = kinds[i] == k
            out[:, row + k] = pick(stage.reward[:, i, own], axis=1)
            if stage.action_reward is not None:
                out[:, row + k] += pick(stage.action_reward[:, :, i, own], axis=(1, 2))[owner]
    return out


def _before(game: Game, stage: Stage, reward: Floats, after: Floats, best: bool) -> Floats:
    """(S, R) values before a stage."""
    discount = np.repeat(stage.discount, game.type_counts)
    later = np.where(stage.target[:, None] >= 0, after[stage.target] * discount, 0.0)
    pay = stage.probability[:, None] * (reward + later)
    total = np.zeros((len(stage.first) - 1, game.rows))
    np.add.at(total, np.repeat(np.arange(len(total)), np.diff(stage.first)), pay)
    total[np.diff(stage.first) == 0] = -np.inf if best else np.inf
    shaped = total.reshape(len(stage.states), stage.joint_observables, game.rows)
    return shaped.max(axis=1) if best else shaped.min(axis=1)
