"""Corners of a best-response polytope, in whole numbers: the double description method (Motzkin et al. 1953).

The polytope of a player with m strategies is {x ≥ 0, B'x ≤ 1} for positive B (von Stengel 2002, "Computing equilibria
for two-person games"). It is the slice t = 1 of the cone {(x, t) ≥ 0, t - B'x ≥ 0}, whose extreme rays are found by
adding one inequality after another: rays that satisfy it stay, and every two neighbours on its two sides make a new
one between them. Two rays are neighbours if no third lies on all inequalities on which both lie. Nothing is rounded
and degenerate corners need no special care.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import gcd

Ray = tuple[int, ...]


@dataclass(frozen=True)
class Corner:
    """A corner other than 0.

    Attributes:
        weights: whole numbers, as the strategies' probabilities are to each other.
        scale: t, so that the corner is at weights / scale; without a common divisor with the weights.
        labels: bit i where strategy i is not played, bit m + j where inequality j holds with equality.
    """

    weights: Ray
    scale: int
    labels: int


def corners(rows: Sequence[Sequence[int]], count: int, spend: Callable[[int], None]) -> list[Corner]:
    """All corners of {x ≥ 0, rows · x ≤ 1} but 0, sorted by their weights.

    Args:
        rows: positive whole numbers, one row for each inequality.
        count: m, the length of x.
        spend: is told the steps about to be made, and may raise.
    """
    rays: list[tuple[Ray, int]] = []
    for k in range(count + 1):  # the rays of the orthant; bit m is t = 0 until the end
        rays.append((tuple(int(i == k) for i in range(count + 1)), ((1 << (count + 1)) - 1) ^ (1 << k)))
    for j, row in enumerate(rows):
        rays = _cut(rays, (*(-b for b in row), 1), 1 << (count + 1 + j), count + 1, spend)
    low = (1 << count) - 1
    found = [
        Corner(weights=ray[:-1], scale=ray[-1], labels=(tight & low) | (tight >> (count + 1) << count))
        for ray, tight in rays
        if any(ray[:-1])
    ]
    return sorted(found, key=lambda c: [Fraction(w, sum(c.weights)) for w in c.weights], reverse=True)


def _cut(
    rays: list[tuple[Ray, int]], normal: Ray, bit: int, dimension: int, spend: Callable[[int], None]
) -> list[tuple[Ray, int]]:
    """The rays of the part of a cone where normal · ray ≥ 0."""
    worth = [sum(a * b for a, b in zip(normal, ray, strict=True)) for ray, _ in rays]
    out = [(ray, tight | bit if not w else tight) for (ray, tight), w in zip(rays, worth, strict=True) if w >= 0]
    inside = [k for k, w in enumerate(worth) if w > 0]
    beyond = [k for k, w in enumerate(worth) if w < 0]
    for p in inside:
        spend(len(beyond))
        for q in beyond:
            common = rays[p][1] & rays[q][1]
            if common.bit_count() < dimension - 2 or not _neighbours(rays, p, q, common, spend):
                continue
            new = [worth[p] * b - worth[q] * a for a, b in zip(rays[p][0], rays[q][0], strict=True)]
            divisor = gcd(*new)
            out.append((tuple(x // divisor for x in new), common | bit))
    return out


def _neighbours(rays: list[tuple[Ray, int]], p: int, q: int, common: int, spend: Callable[[int], None]) -> bool:
    spend(len(rays))
    return not any(tight & common == common for k, (_, tight) in enumerate(rays) if k not in (p, q))
