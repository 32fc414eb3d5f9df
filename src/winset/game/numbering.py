"""Small whole numbers listed and numbered anew: what `np.unique` does by sorting, in one pass.

Room is taken up to the largest, so not for ids of states, which are numbered by their values (`Model.ids`).
"""

from __future__ import annotations

import numpy as np

from winset.game.game import Ints


def distinct(numbers: Ints) -> Ints:
    """Those of these numbers, none negative, that occur, ascending."""
    return np.flatnonzero(np.bincount(numbers))


def numbered(keys: Ints) -> tuple[Ints, int]:
    """Keys, none negative, numbered anew without gaps and in their order; and how many there are."""
    met = np.bincount(keys) > 0
    return (np.cumsum(met) - 1)[keys], int(met.sum())
