"""Equilibria of a two-player table by trying every pair of supports of one size, in fractions. Slow and plain."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations

Rows = list[list[Fraction]]


def solved(rows: Rows, right: list[Fraction]) -> list[Fraction] | None:
    """The solution of a square linear system, None where it has none or many."""
    n = len(rows)
    work = [[*row, b] for row, b in zip(rows, right, strict=True)]
    for c in range(n):
        pivot = next((r for r in range(c, n) if work[r][c]), None)
        if pivot is None:
            return None
        work[c], work[pivot] = work[pivot], work[c]
        work[c] = [x / work[c][c] for x in work[c]]
        for r in range(n):
            if r != c and work[r][c]:
                work[r] = [x - work[r][c] * y for x, y in zip(work[r], work[c], strict=True)]
    return [row[n] for row in work]


def mixed(payoff: Rows, own: tuple[int, ...], other: tuple[int, ...], width: int) -> list[Fraction] | None:
    """What makes the player of the rows indifferent among `own`: weights of the columns in `other`, none below 0."""
    rows = [[*(payoff[i][j] for j in other), Fraction(-1)] for i in own]
    found = solved([*rows, [Fraction(1)] * len(other) + [Fraction(0)]], [Fraction(0)] * len(own) + [Fraction(1)])
    if found is None or min(found[:-1]) <= 0:
        return None
    out = [Fraction(0)] * width
    for j, p in zip(other, found, strict=False):
        out[j] = p
    best = max(sum(a * p for a, p in zip(row, out, strict=True)) for row in payoff)
    return out if best == found[-1] else None


def equilibria(one: Rows, two: Rows) -> set[tuple[tuple[Fraction, ...], tuple[Fraction, ...]]]:
    """All equilibria of a game that is not degenerate; `one` and `two` are (rows, columns)."""
    m, n = len(one), len(one[0])
    turned = [list(column) for column in zip(*two, strict=True)]
    found = set()
    for size in range(1, min(m, n) + 1):
        for s in combinations(range(m), size):
            for t in combinations(range(n), size):
                y, x = mixed(one, s, t, n), mixed(turned, t, s, m)
                if x is not None and y is not None:
                    found.add((tuple(x), tuple(y)))
    return found
