"""Which histories of a layer become one node: those in the same state whose beliefs can be put together at little cost.

Putting histories together keeps their probability and their mean belief; what is lost is the spread of their beliefs,
and to second order an answer is off by (probability) x (variance of the beliefs put together) x (half its curvature).
So every group whose probability times variance exceeds a bound is split at its mean, along its widest coordinate,
until none does: likely histories stay apart, unlikely ones share a node, and no probability has to be dropped.
Variance is taken in log-odds, bent near certainty where little depends on the belief any more.
"""

from __future__ import annotations

import numpy as np

from winset.game.game import Bools, Floats, Ints

BEND = 0.005
"""Probability around which log-odds are bent into a bounded scale."""
OVER = 100.0
"""How much more spread is allowed where the game is over and nothing depends on beliefs any more."""
DEPTH = 40
_HAIR = 1e-18


def by_spread(key: Ints, coordinates: Floats, mass: Floats, over: Bools, spread: float) -> Ints:
    """Groups histories.

    Args:
        key: (E,) what may never be put together (the state).
        coordinates: (E, D) belief coordinates in [0, 1].
        mass: (E,) probability.
        over: (E,) where the game is over.
        spread: most probability times variance (of bent log-odds) of one group.

    Returns:
        (E,) a group number of each history, not yet dense.
    """
    _, group = np.unique(key, return_inverse=True)
    group = group.reshape(-1).astype(np.int64)
    if not coordinates.shape[1] or not len(group):
        return group
    place = np.log((coordinates + BEND) / (1.0 - coordinates + BEND))
    rank = np.arange(len(group))
    bound = np.where(over, spread * OVER, spread)
    fresh = int(group.max()) + 1
    active = rank
    for _ in range(DEPTH):
        _, part = np.unique(group[active], return_inverse=True)
        part = part.reshape(-1)
        here, weight = place[active], mass[active]
        size = int(part.max(initial=-1)) + 1
        total = np.maximum(np.bincount(part, weight, size), 1e-300)
        centre = np.stack([np.bincount(part, weight * c, size) / total for c in here.T], axis=1)
        away = here - centre[part]
        cost = np.stack([np.bincount(part, weight * c * c, size) for c in away.T], axis=1)
        limit = np.full(size, spread)
        limit[part] = bound[active]
        wide = cost.argmax(axis=1)
        open_ = (cost.sum(axis=1) > limit) & (cost.max(axis=1) / total > _HAIR)
        still = open_[part]
        if not still.any():
            break
        active, part = active[still], part[still]
        upper = away[still][np.arange(len(active)), wide[part]] > 0
        group[active[upper]] = fresh + part[upper]
        fresh += size
    return group
