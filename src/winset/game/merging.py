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
from winset.game.kernels import inner, kernel
from winset.game.numbering import numbered

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
    first, _ = numbered(key)
    if not coordinates.shape[1] or not len(first):
        return first
    place = np.ascontiguousarray(np.log((coordinates + BEND) / (1.0 - coordinates + BEND)))
    group = np.empty(len(first), dtype=np.int64)
    bound = np.where(over, spread * OVER, spread)
    _split(np.argsort(first, kind="stable"), first, place, np.ascontiguousarray(mass, np.float64), bound, group)
    return group


@kernel
def _split(order, first, place, mass, bound, group):
    """Fills group (E,): runs of `order` equal in `first`, split at their means until none is too wide. Spoils order."""
    count, dimensions = place.shape
    centre, cost = np.zeros(dimensions), np.zeros(dimensions)
    stack = np.empty((count + DEPTH, 3), dtype=np.int64)
    fresh, begin = 0, 0
    while begin < count:
        end = begin + 1
        while end < count and first[order[end]] == first[order[begin]]:
            end += 1
        stack[0, 0], stack[0, 1], stack[0, 2] = begin, end, 0
        top = 1
        while top > 0:
            top -= 1
            low, high, depth = stack[top, 0], stack[top, 1], stack[top, 2]
            widest = _widest(order, low, high, place, mass, bound, centre, cost)
            middle = low
            if widest >= 0 and depth < DEPTH:
                for i in range(low, high):
                    e = order[i]
                    if place[e, widest] <= centre[widest]:
                        order[i], order[middle] = order[middle], e
                        middle += 1
            if middle in (low, high):
                for i in range(low, high):
                    group[order[i]] = fresh
                fresh += 1
                continue
            stack[top, 0], stack[top, 1], stack[top, 2] = low, middle, depth + 1
            stack[top + 1, 0], stack[top + 1, 1], stack[top + 1, 2] = middle, high, depth + 1
            top += 2
        begin = end


@inner
def _widest(order, low, high, place, mass, bound, centre, cost):
    """The coordinate along which order[low:high] is to be split, -1 where it may stay together; fills centre (D,)."""
    total = 0.0
    dimensions = centre.size
    for d in range(dimensions):
        centre[d], cost[d] = 0.0, 0.0
    for i in range(low, high):
        total += mass[order[i]]
        for d in range(dimensions):
            centre[d] += mass[order[i]] * place[order[i], d]
    if high - low < 2 or total <= 0.0:
        return -1
    for d in range(dimensions):
        centre[d] /= total
    for i in range(low, high):
        for d in range(dimensions):
            cost[d] += mass[order[i]] * (place[order[i], d] - centre[d]) ** 2
    widest, whole = 0, 0.0
    for d in range(dimensions):
        whole += cost[d]
        if cost[d] > cost[widest]:
            widest = d
    return widest if whole > bound[order[low]] and cost[widest] / total > _HAIR else -1
