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


def by_spread(key: Ints, coordinates: Floats, mass: Floats, over: Bools, spread: float) -> tuple[Ints, int]:
    """Groups histories.

    Args:
        key: (E,) what may never be put together (the state), a number not below 0.
        coordinates: (E, D) belief coordinates in [0, 1].
        mass: (E,) probability.
        over: (E,) where the game is over.
        spread: most probability times variance (of bent log-odds) of one group.

    Returns:
        (E,) the group of each history, and how many groups there are; they are in the order of their keys.
    """
    if not coordinates.shape[1] or not len(key):
        return numbered(key)
    columns = np.ascontiguousarray(coordinates.T)
    place = np.log((columns + BEND) / (1.0 - columns + BEND))
    bound = np.where(over, spread * OVER, spread)
    group = np.empty(len(key), dtype=np.int64)
    return group, _split(key, place, np.ascontiguousarray(mass, np.float64), bound, group)


@kernel
def pooled(group, count, mass, belief):
    """What becomes of each of `count` groups of histories.

    Args:
        group: (E,) the group of each history, every one of which has a member.
        mass, belief: (E,) and (E, R).

    Returns:
        (N,) mass; (N, R) mean belief, by mass (of one that stands alone its own, which rounding would move; undefined
        where no mass is); (N,) a member.
    """
    width = belief.shape[1]
    total, mean = np.zeros(count), np.zeros((count, width))
    member, size = np.empty(count, dtype=np.int64), np.zeros(count, dtype=np.int64)
    for e in range(group.size):
        g = group[e]
        total[g] += mass[e]
        for r in range(width):
            mean[g, r] += mass[e] * belief[e, r]
        member[g] = e
        size[g] += 1
    for g in range(count):
        for r in range(width):
            mean[g, r] = mean[g, r] / total[g] if size[g] > 1 else belief[member[g], r]
    return total, mean, member


@kernel
def _split(key, place, mass, bound, group):
    """Fills group (E,): those equal in key, split at their means until none is too wide; returns how many there are.

    place: (D, E)."""
    count = key.size
    order, ahead = np.empty(count, dtype=np.int64), np.zeros(key.max() + 2, dtype=np.int64)
    for e in range(count):
        ahead[key[e] + 1] += 1
    for k in range(1, ahead.size):
        ahead[k] += ahead[k - 1]
    for e in range(count):
        order[ahead[key[e]]] = e
        ahead[key[e]] += 1  # in the end, where the next key begins
    stack = np.empty((count + DEPTH, 3), dtype=np.int64)
    fresh, begin = 0, 0
    for k in range(ahead.size - 1):
        stack[0, 0], stack[0, 1], stack[0, 2] = begin, ahead[k], 0
        top = int(begin < ahead[k])
        begin = ahead[k]
        while top > 0:
            top -= 1
            low, high, depth = stack[top, 0], stack[top, 1], stack[top, 2]
            widest, centre = _widest(order, low, high, place, mass, bound)
            middle = low
            if widest >= 0 and depth < DEPTH:
                for i in range(low, high):
                    e = order[i]
                    if place[widest, e] <= centre:
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
    return fresh


@inner
def _widest(order, low, high, place, mass, bound):
    """The coordinate along which order[low:high] is to be split, and its mean; -1 where they may stay together."""
    widest, centre, most, whole, total = -1, 0.0, 0.0, 0.0, 0.0
    if high - low < 2:
        return widest, centre
    for d in range(place.shape[0]):
        mean, total = 0.0, 0.0
        for i in range(low, high):
            total += mass[order[i]]  # anew for each d: one loop takes less than two
            mean += mass[order[i]] * place[d, order[i]]
        mean /= total  # without any mass no number, and nothing is split
        cost = 0.0
        for i in range(low, high):
            cost += mass[order[i]] * (place[d, order[i]] - mean) ** 2
        whole += cost
        if cost > most:
            widest, most, centre = d, cost, mean
    return (widest, centre) if whole > bound[order[low]] and most / total > _HAIR else (-1, 0.0)
