"""Small statistics of draws: quantiles, a histogram, the interval of a share."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95)
"""Quantiles that are told."""
BINS = 20
"""Bins of a histogram."""
NORMAL = 1.959963984540054
"""Quantile of the normal distribution at 97.5 %."""


def quantiles(values: Floats) -> list[float]:
    """The quantiles at `LEVELS`; none where there are no values."""
    return [float(q) for q in np.quantile(values, LEVELS)] if len(values) else []


def histogram(values: Floats, *, unit: str) -> tuple[list[float], list[int]]:
    """Edges and counts; of a probability over 0 to 1 where it covers much of that."""
    if not len(values):
        return [], []
    low, high = float(values.min()), float(values.max())
    if unit == "probability" and high - low > 0.25:
        low, high = 0.0, 1.0
    if high - low <= 1e-12 * max(1.0, abs(high)):
        return [low, high], [len(values)]
    counts, edges = np.histogram(values, bins=BINS, range=(low, high))
    return [float(e) for e in edges], [int(c) for c in counts]


def correlated(unit: Floats, values: Floats) -> list[int]:
    """Columns of the (n, d) points by the size of their correlation with (n,) values; none where nothing varies."""
    if len(values) < 3 or float(values.std()) <= 1e-12 * max(1.0, float(np.abs(values).max())):
        return []
    off = unit - unit.mean(axis=0)
    size = np.abs((values - values.mean()) @ off) / np.sqrt((off**2).sum(axis=0))
    return [int(i) for i in np.argsort(-size, kind="stable")]


def interval(hits: int, count: int) -> tuple[float | None, float | None]:
    """The 95 % interval of a share of independent draws (Wilson 1927)."""
    if not count:
        return None, None
    share, z2 = hits / count, NORMAL**2
    middle = (share + z2 / (2 * count)) / (1 + z2 / count)
    half = NORMAL / (1 + z2 / count) * math.sqrt(share * (1 - share) / count + z2 / (4 * count**2))
    return middle - half if hits else 0.0, middle + half if hits < count else 1.0  # there, but for rounding


__all__ = ["correlated", "histogram", "interval", "quantiles"]
