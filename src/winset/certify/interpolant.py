"""The documented interpolant over beliefs, written a second time so that the solver's can be checked against it.

A function on the product of D equal axes is extended to [0, 1]^D by tensor cubic Hermite polynomials. Slopes
along an axis are PCHIP's: inside, the weighted harmonic mean of the two secants (Fritsch and Butland 1984), zero
where they differ in sign or one is zero; at the ends the three-point formula, set to zero where it has another
sign than the first secant and cut at three times that secant where the secants differ in sign. A mixed derivative is
the mean, over the axes in it, of the slopes along that axis of the derivative along the others, so each node carries
2^D numbers; bit d of their index tells whether the slope along axis d was taken.
"""

from __future__ import annotations

from functools import partial

import numpy as np

from winset.game.game import Floats
from winset.game.kernels import in_chunks, inner, kernel


def with_slopes(values: Floats, axis: Floats, dimensions: int) -> Floats:
    """(S, G, 2^D, W) values and slopes at the nodes, of (S, G, W) values.

    Args:
        values: functions on the grid, nodes row-major over dimensions.
        axis: (n,) increasing nodes of one dimension, n >= 3.
        dimensions: D; n ** D = G.
    """
    states, nodes, width = values.shape
    out = np.zeros((states, nodes, 2**dimensions, width))
    out[:, :, 0] = values
    n = axis.size
    for to in range(1, 2**dimensions):
        along = [d for d in range(dimensions) if to & 2**d]
        for d in along:
            lines = out.reshape(-1, n, n ** (dimensions - 1 - d), 2**dimensions, width)
            in_chunks(partial(_slopes, lines, axis, to - 2**d, to, 1.0 / len(along)), lines.shape[0], smallest=8)
    return out


@kernel
def _slopes(lines, axis, m, to, share, begin, end):
    """Adds to derivative number `to` this share of the slopes of number m along the second axis."""
    _fill(lines, axis, m, to, share, begin, end)


@inner
def _fill(lines, axis, m, to, share, begin, end):
    """The loop of `_slopes`, apart from it so that it counts no references."""
    _, n, inner_nodes, _, width = lines.shape
    for line in range(begin, end):
        for k in range(inner_nodes):
            for i in range(1, n - 1):
                before = axis[i] - axis[i - 1]
                after = axis[i + 1] - axis[i]
                one = 2.0 * after + before
                two = after + 2.0 * before
                per_before, per_after = 1.0 / before, 1.0 / after  # a division costs more than all the rest
                for w in range(width):
                    left = (lines[line, i, k, m, w] - lines[line, i - 1, k, m, w]) * per_before
                    right = (lines[line, i + 1, k, m, w] - lines[line, i, k, m, w]) * per_after
                    mean = (one + two) * left * right / (one * right + two * left)
                    lines[line, i, k, to, w] += share * mean if left * right > 0.0 else 0.0
            for e in range(2):
                at, by, last = (0, 1, 2) if e == 0 else (n - 1, n - 2, n - 3)
                near, far = axis[by] - axis[at], axis[last] - axis[by]
                per_near, per_far, per_both = 1.0 / near, 1.0 / far, 1.0 / (near + far)
                for w in range(width):
                    first = (lines[line, by, k, m, w] - lines[line, at, k, m, w]) * per_near
                    second = (lines[line, last, k, m, w] - lines[line, by, k, m, w]) * per_far
                    slope = ((2.0 * near + far) * first - near * second) * per_both  # both steps have one sign
                    cut = 3.0 * first if abs(slope) > 3.0 * abs(first) and first * second <= 0.0 else slope
                    lines[line, at, k, to, w] += share * cut if slope * first > 0.0 else 0.0


@inner
def evaluate(table, axis, coords, base, basis, out):
    """Fills out (W,) with the interpolant at `coords` (D,).

    `table` is (G, 2^D, W), one state of `with_slopes`; `base` (D,) and `basis` (D, 2, 2) are work space."""
    dimensions = coords.size
    n = axis.size
    for d in range(dimensions):
        c = coords[d]
        low, high = 0, n - 2
        while low < high:
            middle = (low + high + 1) // 2
            if axis[middle] <= c:
                low = middle
            else:
                high = middle - 1
        base[d] = low
        step = axis[low + 1] - axis[low]
        t = (c - axis[low]) / step
        u = 1.0 - t
        basis[d, 0, 0] = (1.0 + 2.0 * t) * u * u
        basis[d, 0, 1] = step * t * u * u
        basis[d, 1, 0] = t * t * (3.0 - 2.0 * t)
        basis[d, 1, 1] = -step * t * t * u
    if dimensions == 2:
        _square(table, n, base, basis, out)
        return
    out[:] = 0.0
    for corner in range(1 << dimensions):
        node = 0
        for d in range(dimensions):
            node = node * n + base[d] + ((corner >> d) & 1)
        for m in range(1 << dimensions):
            weight = 1.0
            for d in range(dimensions):
                weight *= basis[d, (corner >> d) & 1, (m >> d) & 1]
            if weight != 0.0:
                for w in range(out.size):
                    out[w] += weight * table[node, m, w]


@inner
def _square(table, n, base, basis, out):
    """The sum of `evaluate` for two dimensions, written out so that it runs in vector instructions.

    On a grid line, where all but one basis function of a dimension are zero, only the others' terms are added."""
    w = np.int64(base[0]) * n + np.int64(base[1])
    first, second = basis[0], basis[1]
    p, q = table[w], table[w + n]
    r, s = table[w + 1], table[w + n + 1]
    if second[0, 0] == 1.0:
        _along(first, p, q, 1, out)
        return
    if second[1, 0] == 1.0:
        _along(first, r, s, 1, out)
        return
    if first[0, 0] == 1.0:
        _along(second, p, r, 2, out)
        return
    if first[1, 0] == 1.0:
        _along(second, q, s, 2, out)
        return
    for i in range(out.size):
        low = second[0, 0] * (
            first[0, 0] * p[0, i] + first[0, 1] * p[1, i] + first[1, 0] * q[0, i] + first[1, 1] * q[1, i]
        )
        low_slope = second[0, 1] * (
            first[0, 0] * p[2, i] + first[0, 1] * p[3, i] + first[1, 0] * q[2, i] + first[1, 1] * q[3, i]
        )
        high = second[1, 0] * (
            first[0, 0] * r[0, i] + first[0, 1] * r[1, i] + first[1, 0] * s[0, i] + first[1, 1] * s[1, i]
        )
        high_slope = second[1, 1] * (
            first[0, 0] * r[2, i] + first[0, 1] * r[3, i] + first[1, 0] * s[2, i] + first[1, 1] * s[3, i]
        )
        out[i] = low + low_slope + high + high_slope


@inner
def _along(basis, left, right, slope, out):
    """Fills out (W,) between two nodes of one grid line; `slope`: the number of the derivative along it."""
    for i in range(out.size):
        out[i] = (
            basis[0, 0] * left[0, i] + basis[0, 1] * left[slope, i]
            + basis[1, 0] * right[0, i] + basis[1, 1] * right[slope, i]
        )  # fmt: skip
