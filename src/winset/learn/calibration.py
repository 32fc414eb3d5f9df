"""Whether intervals hold what they should: coverage over many records drawn from known parameters.

Simulation-based calibration (Cook, Gelman and Rubin 2006; Talts, Betancourt, Simpson, Vehtari and Gelman 2018): draw
parameters from the prior, a record from these, the posterior from the record. If everything is right, the share of
records whose interval of level L holds the parameter is L, up to chance, which is binomial and therefore known.
"""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Coverage:
    """How often an interval held what it should.

    Attributes:
        level: how often it should have.
        hits, count: how often it did, of how many.
        low, high: fewest and most hits that are not suspicious.
        false_alarm: probability of fewer or more, if all is right; at most what was asked for.
    """

    level: float
    hits: int
    count: int
    low: int
    high: int
    false_alarm: float

    @property
    def fits(self) -> bool:
        """Whether the number of hits is not suspicious."""
        return self.low <= self.hits <= self.high


def coverage(level: float, hits: int, count: int, *, false_alarm: float = 0.001) -> Coverage:
    """Judges a number of hits by the exact binomial distribution, half of `false_alarm` on either side.

    Raises:
        ValueError: `level` or `false_alarm` is no probability between 0 and 1, or the hits are not among the count.
    """
    if not (0 < level < 1 and 0 < false_alarm < 1 and 0 <= hits <= count and count > 0):
        raise ValueError(f"{hits} hits of {count} at level {level:g} with {false_alarm:g} false alarms are no question")
    mass = [_binomial(k, count, level) for k in range(count + 1)]
    low, below = 0, 0.0
    while below + mass[low] <= false_alarm / 2:
        below += mass[low]
        low += 1
    high, above = count, 0.0
    while above + mass[high] <= false_alarm / 2:
        above += mass[high]
        high -= 1
    return Coverage(level=level, hits=hits, count=count, low=low, high=high, false_alarm=below + above)


def _binomial(k: int, n: int, p: float) -> float:
    logs = math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)
    return math.exp(logs + k * math.log(p) + (n - k) * math.log1p(-p))


__all__ = ["Coverage", "coverage"]
