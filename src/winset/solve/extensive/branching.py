"""Whether a logit path has gone straight through a point at which other branches part from it.

At λ = 0 the derivative of the equations in the log-probabilities has determinant 1. Along a path without branches its
sign is that of dλ, so behind any number of folds, where the path goes forward again, it is positive. Where it is not,
an odd number of branches has been passed (Allgower and Georg 1990): so it is with a symmetric game whose path stays
symmetric. An even number goes unnoticed.
"""

from __future__ import annotations

import numpy as np

from winset.solve.extensive.follow import Follower, Point

MOST = 150
"""Actions of players above which nothing is said: the derivative is made as a matrix."""
STEP = 1e-6


def orientation(follower: Follower, point: Point) -> int:
    """The sign of the determinant of the derivative in the log-probabilities, by central differences; 0: not known."""
    mine = np.flatnonzero(~follower.tree.is_chance)
    matrix = np.empty((len(mine), len(mine)))
    room = follower.room[0]
    for k, a in enumerate(mine):
        shifted = point.ell.copy()
        shifted[a] = point.ell[a] + STEP
        follower.residual(shifted, point.lam)
        above = room[mine].copy()
        shifted[a] = point.ell[a] - STEP
        follower.residual(shifted, point.lam)
        matrix[:, k] = (above - room[mine]) / (2.0 * STEP)
    return int(np.sign(np.linalg.det(matrix))) if np.all(np.isfinite(matrix)) else 0


def parting(follower: Follower, point: Point, ahead: float) -> str:
    """What has to be said of branches passed on the way to a point; "" where there is nothing to say."""
    if int(np.sum(~follower.tree.is_chance)) > MOST or orientation(follower, point) * ahead >= 0:
        return ""
    return (
        "other branches of equilibria part from the path on the way, as in symmetric games: it goes straight on, and "
        "there are other equilibria at this λ; payoffs that differ a little tell which branch is meant"
    )
