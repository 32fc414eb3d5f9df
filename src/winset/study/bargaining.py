"""Bargaining over a finite menu: what nobody can improve on, what everyone prefers to walking away, and Nash's point.

All of it from one table of gains, (A, P): what each agreement is worth to each player beyond walking away.
"""

from __future__ import annotations

import numpy as np

from winset.game.game import Floats

TIE = 1e-9
"""Values closer than this count as equal."""


def pareto(worth: Floats) -> list[bool]:
    """Which agreements are Pareto efficient: no other is at least as good for all and better for one.

    Args:
        worth: (A, P) what each agreement is worth to each player; a constant per player changes nothing.
    """
    difference = worth[:, None, :] - worth[None, :, :]
    better = np.any(difference > TIE, axis=2, keepdims=True)[:, :, 0]  # [a, b]: a is better than b for someone
    worse = np.any(difference < -TIE, axis=2, keepdims=True)[:, :, 0]
    return [not bool((better[:, b] & ~worse[:, b]).any()) for b in range(len(worth))]


def zone(gains: Floats) -> list[int]:
    """The zone of possible agreement: the agreements that leave nobody worse off than walking away.

    Args:
        gains: (A, P) beyond walking away. Walking away itself, and what equals it for all, is not in the zone.
    """
    fits = (gains >= -TIE).all(axis=1) & (gains > TIE).any(axis=1)
    return [int(a) for a in np.nonzero(fits)[0]]


def nash(gains: Floats) -> int | None:
    """The agreement with the largest product of gains (Nash 1950), over the menu and without lotteries.

    Args:
        gains: (A, P) beyond walking away.

    Returns:
        Its index; None where none leaves everyone strictly better off. The first of equals.
    """
    fits = np.nonzero((gains > TIE).all(axis=1))[0]
    if not len(fits):
        return None
    products = np.prod(gains[fits], axis=1)
    return int(fits[int(np.argmax(products > products.max() * (1 - TIE)))])
