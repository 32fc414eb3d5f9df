"""The C¹ interpolant of values over beliefs.

Values at the nodes of a belief grid are extended to all beliefs by a tensor cubic
Hermite polynomial in the grid's coordinates. The slopes are those of PCHIP (Fritsch and
Carlson 1980; Fritsch and Butland 1984: the weighted harmonic mean, zero where the secants
change sign; at the two ends the three-point formula made shape-preserving). With D axes a
node carries 2^D numbers per value row; number `mask` is the derivative along every axis whose
bit is set in it. These slopes are not linear in the values, so a mixed derivative depends on
which axis is taken last: it is the mean over all of them, so that no axis comes before another
and the order in which players are declared has no effect.

The interpolant is continuously differentiable, reproduces values linear in the belief and, along
a grid line, never leaves the range of its two nodes.
"""

from __future__ import annotations

import numpy as np

from winset.game.grid import BeliefGrid
from winset.game.kernels import in_chunks, inner, kernel


@inner
def _slopes(x, v, base, step, mask, bit, rows, share):
    """Adds `share` of the PCHIP slopes of v[base + node*step, mask, :rows] along its line to v[.., mask | bit, ..].

    The loops over rows have neither branches nor avoidable divisions, so that they run in vector instructions."""
    n = x.size
    out = mask | bit
    if n == 2:
        for r in range(rows):
            slope = (v[base + step, mask, r] - v[base, mask, r]) / (x[1] - x[0])
            v[base, out, r] += share * slope
            v[base + step, out, r] += share * slope
        return
    for end in range(2):
        k = 0 if end == 0 else n - 1
        way = 1 if end == 0 else -1
        h0, h1 = abs(x[k + way] - x[k]), abs(x[k + 2 * way] - x[k + way])
        at, near, far = base + k * step, base + (k + way) * step, base + (k + 2 * way) * step
        i0, i1, w0, w1 = way / h0, way / h1, (2.0 * h0 + h1) / (h0 + h1), h0 / (h0 + h1)
        for r in range(rows):
            d0 = (v[near, mask, r] - v[at, mask, r]) * i0
            d1 = (v[far, mask, r] - v[near, mask, r]) * i1
            slope = w0 * d0 - w1 * d1
            slope = slope if slope * d0 > 0.0 else 0.0
            slope = 3.0 * d0 if d0 * d1 <= 0.0 and abs(slope) > 3.0 * abs(d0) else slope
            v[at, out, r] += share * slope
    for k in range(1, n - 1):
        h0, h1 = x[k] - x[k - 1], x[k + 1] - x[k]
        i0, i1, w0, w1 = 1.0 / h0, 1.0 / h1, 2.0 * h1 + h0, h1 + 2.0 * h0
        at = base + k * step
        for r in range(rows):
            d0 = (v[at, mask, r] - v[at - step, mask, r]) * i0
            d1 = (v[at + step, mask, r] - v[at, mask, r]) * i1
            both = d0 * d1
            mean = (w0 + w1) * both / (w0 * d1 + w1 * d0)
            v[at, out, r] += share * mean if both > 0.0 else 0.0


@inner
def _fill(x, values, dims, low, high, out):
    """The loop of `_nodal`, apart from it so that it counts no references."""
    _, G, R = values.shape
    n = x.size
    for s in range(low, high):
        for g in range(G):
            for r in range(R):
                out[s, g, 0, r] = values[s, g, r]
            for mask in range(1, 1 << dims):
                for r in range(R):
                    out[s, g, mask, r] = 0.0
        for mask in range(1, 1 << dims):
            bits = 0
            for axis in range(dims):
                bits += (mask >> axis) & 1
            step = 1
            for axis in range(dims - 1, -1, -1):
                bit = 1 << axis
                if mask & bit:
                    for line in range(G // n):
                        base = (line // step) * step * n + line % step
                        _slopes(x, out[s], base, step, mask ^ bit, bit, R, 1.0 / bits)
                step *= n


@kernel
def _nodal(x, values, dims, low, high, out):
    """Fills out (S, G, 2^D, R) with values and mixed slopes at the nodes, states low to high."""
    _fill(x, values, dims, low, high, out)


def nodal(grid: BeliefGrid, values: np.ndarray) -> np.ndarray:
    """(S, G, 2^D, R) node data of the interpolant of (S, G, R) values; see the module's text."""
    values, axis = np.ascontiguousarray(values), grid.axis
    out = np.empty((*values.shape[:2], 1 << grid.dimensions, values.shape[2]))
    in_chunks(lambda low, high: _nodal(axis, values, grid.dimensions, low, high, out), len(values), smallest=8)
    return out


@inner
def locate(x, c):
    """(k, s): interval of the coordinate c and the fraction within it, s = 0 exactly on a node."""
    n = x.size
    lo, hi = 0, n - 1
    if c <= x[0]:
        return 0, 0.0
    if c >= x[n - 1]:
        return n - 1, 0.0
    while hi - lo > 1:
        mid = (lo + hi) // 2
        if c >= x[mid]:
            lo = mid
        else:
            hi = mid
    return lo, (c - x[lo]) / (x[lo + 1] - x[lo])


@inner
def basis(s, h, w):
    """w[corner, derivative] of the cubic Hermite basis at fraction s of an interval of width h."""
    s2 = s * s
    s3 = s2 * s
    w[0, 0] = 2.0 * s3 - 3.0 * s2 + 1.0
    w[1, 0] = 3.0 * s2 - 2.0 * s3
    w[0, 1] = (s3 - 2.0 * s2 + s) * h
    w[1, 1] = (s3 - s2) * h


@inner
def interpolate(x, data, state, coords, dims, w, out):
    """out[R] = the interpolant of `data` for one state at the belief coordinates; w is (D, 2, 2) room to work."""
    n = x.size
    R = data.shape[3]
    for r in range(R):
        out[r] = 0.0
    base = 0
    step = 1
    for _ in range(1, dims):
        step *= n
    first_step = step
    active = 0  # bit set where the coordinate lies between nodes
    for d in range(dims):
        k, s = locate(x, coords[d])
        base += k * step
        if s > 0.0:
            active |= 1 << d
            basis(s, x[k + 1] - x[k], w[d])
        step //= n
    for corner in range(1 << dims):
        if corner & ~active:
            continue
        g = base
        step = first_step
        for d in range(dims):
            if corner & (1 << d):
                g += step
            step //= n
        for mask in range(1 << dims):
            if mask & ~active:
                continue
            weight = 1.0
            for d in range(dims):
                if active & (1 << d):
                    weight *= w[d, (corner >> d) & 1, (mask >> d) & 1]
            for r in range(R):
                out[r] += weight * data[state, g, mask, r]
