"""Sobol indices from the given points, by regression on orthonormal polynomials.

The Saltelli and Jansen designs take (d + 2) N solutions for d parameters; with sixty parameters that is out of reach. A
sparse polynomial chaos expansion (Sudret 2008; Blatman and Sudret 2011) takes the indices from the very draws that
the distributions come from: the answer is regressed on products of shifted Legendre polynomials of the points' places
in the unit cube, which are orthonormal there, so that the first-order and total indices are sums of squared
coefficients. Terms come in one by one, that which explains most of what is left first (orthogonal matching pursuit);
how many stay is decided by the extended Bayesian criterion (Chen and Chen 2008), which knows among how many they were
chosen. What the expansion leaves unexplained is told, not spread over the parameters.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Term = tuple[tuple[int, int], ...]
"""(axis, degree) of each factor of a product of polynomials; () is the constant."""
HIGHEST = 10
"""Highest degree tried."""
PAIRED = 12
"""Of more axes than these, only so many, those that explain most alone, are tried in pairs."""
PATIENCE = 8
"""Terms that may come in without the criterion falling before the search ends."""
REPEATS = 60
"""Resamplings of the draws for the intervals."""


@dataclass(frozen=True, kw_only=True)
class Indices:
    """Sobol indices of one answer.

    Attributes:
        first, total: (d,) share of the variance that a parameter explains alone, and with others.
        first_low, first_high, total_low, total_high: (d,) their 90 % intervals over resampled draws, given the terms
            selected: that other draws might select others is not in them, and below some 50 draws for each leading
            parameter they are too narrow.
        explained: share of the variance that the expansion explains of draws left out; what is missing to 1 is not
            attributed to any parameter.
        terms: how many terms it has.
        count: how many draws it rests on.
    """

    first: Floats
    total: Floats
    first_low: Floats
    first_high: Floats
    total_low: Floats
    total_high: Floats
    explained: float
    terms: int
    count: int


def indices(unit: Floats, values: Floats, *, seed: int = 0) -> Indices:
    """The indices of an answer.

    Args:
        unit: (n, d) points of the unit cube.
        values: (n,) the answer there.
        seed: of the resampling.
    """
    n, d = unit.shape
    spread = float(values.std()) if n else 0.0
    zero = np.zeros(d)
    if n < 8 or spread <= 1e-12 * max(1.0, float(np.abs(values).max(initial=0.0))):
        return Indices(first=zero, total=zero, first_low=zero, first_high=zero, total_low=zero, total_high=zero,
                       explained=0.0, terms=0, count=n)  # fmt: skip
    target = (values - values.mean()) / spread
    basis = legendre(unit, min(HIGHEST, max(2, n // (5 * d))))
    terms = _search(basis, target, _alone(basis))
    ranked = np.argsort(-_shares(terms, _fitted(_columns(basis, terms), target), d)[1], kind="stable")
    paired = sorted(ranked[:PAIRED].tolist())
    terms = _search(basis, target, _alone(basis) + _pairs(basis, paired))
    columns = _columns(basis, terms)
    weights = _fitted(columns, target)
    first, total = _shares(terms, weights, d)
    rng, firsts, totals = np.random.default_rng(seed), [], []
    with_one = np.column_stack([np.ones(n), columns])
    for _ in range(REPEATS):
        often = np.bincount(rng.integers(0, n, n), minlength=n).astype(float)
        mean = float(often @ target) / n
        scale = float(often @ (target - mean) ** 2) / n
        heavy = with_one * often[:, None]
        gram = with_one.T @ heavy
        gram[np.diag_indices_from(gram)] += 1e-9 * n
        a, b = _shares(terms, np.linalg.solve(gram, heavy.T @ (target - mean))[1:], d)
        firsts.append(a / max(scale, 1e-300))
        totals.append(b / max(scale, 1e-300))
    low, high = (np.quantile(firsts, q, axis=0) for q in (0.05, 0.95))
    tlow, thigh = (np.quantile(totals, q, axis=0) for q in (0.05, 0.95))
    return Indices(
        first=first, total=total, first_low=low, first_high=high, total_low=tlow, total_high=thigh,
        explained=max(0.0, 1.0 - _left_out(columns, target)), terms=len(terms), count=n,
    )  # fmt: skip


def legendre(unit: Floats, degree: int) -> Floats:
    """(n, d, degree + 1) shifted Legendre polynomials, orthonormal on the unit interval."""
    x = 2.0 * unit - 1.0
    out = np.ones((*unit.shape, degree + 1))
    if degree:
        out[..., 1] = x
    for k in range(1, degree):
        out[..., k + 1] = ((2 * k + 1) * x * out[..., k] - k * out[..., k - 1]) / (k + 1)
    return np.asarray(out * np.sqrt(2.0 * np.arange(degree + 1) + 1.0))


def _alone(basis: Floats) -> list[Term]:
    return [((i, k),) for i in range(basis.shape[1]) for k in range(1, basis.shape[2])]


def _pairs(basis: Floats, axes: Sequence[int]) -> list[Term]:
    top = basis.shape[2] - 1
    return [
        ((i, a), (j, b))
        for i, j in combinations(axes, 2)
        for a in range(1, top + 1)
        for b in range(1, max(top, 2) - a + 1)
    ]  # fmt: skip


def _columns(basis: Floats, terms: Sequence[Term]) -> Floats:
    """(n, terms) the products."""
    out = np.ones((basis.shape[0], len(terms)))
    for column, term in enumerate(terms):
        for axis, degree in term:
            out[:, column] *= basis[:, axis, degree]
    return out


def _fitted(columns: Floats, target: Floats) -> Floats:
    """(terms,) least squares, with a constant beside them."""
    if not columns.shape[1]:
        return np.zeros(0)
    with_one = np.column_stack([np.ones(len(columns)), columns])
    return np.asarray(np.linalg.lstsq(with_one, target, rcond=None)[0][1:])


def _left_out(columns: Floats, target: Floats) -> float:
    """Mean squared error of each draw predicted from the others, as a share of the variance."""
    n = len(target)
    q, _ = np.linalg.qr(np.column_stack([np.ones(n), columns]))
    off = target - q @ (q.T @ target)
    kept = np.clip(1.0 - (q**2).sum(axis=1), 1e-9, None)
    return float(np.mean((off / kept) ** 2) / max(float(target.var()), 1e-300))


def _search(basis: Floats, target: Floats, candidates: list[Term]) -> list[Term]:
    """The terms of the expansion, by orthogonal matching pursuit with the extended Bayesian criterion as the judge."""
    n = len(target)
    pool = _columns(basis, candidates)
    pool -= pool.mean(axis=0)
    norms = np.sqrt((pool**2).sum(axis=0))
    off = target - target.mean()
    chosen: list[int] = []
    ortho = np.zeros((n, 0))
    cost = np.log(n) + 2.0 * np.log(max(len(candidates), 1))  # of a term
    best, best_count = n * np.log(float((off**2).mean())), 0
    free = norms > 1e-9
    for _ in range(min(len(candidates), max(n // 3, 1))):
        gain = np.where(free, np.abs(pool.T @ off) / np.where(norms > 0, norms, 1.0), -1.0)
        pick = int(gain.argmax())
        if gain[pick] <= 0:
            break
        free[pick] = False
        column = pool[:, pick] - ortho @ (ortho.T @ pool[:, pick])
        column -= ortho @ (ortho.T @ column)
        length = float(np.sqrt((column**2).sum()))
        if length <= 1e-7 * norms[pick]:
            continue
        column /= length
        ortho = np.column_stack([ortho, column])
        chosen.append(pick)
        off = off - column * float(column @ off)
        judged = n * np.log(max(float((off**2).mean()), 1e-30)) + len(chosen) * cost
        if judged < best:
            best, best_count = judged, len(chosen)
        elif len(chosen) - best_count >= PATIENCE:
            break
    return [candidates[i] for i in chosen[:best_count]]


def _shares(terms: Sequence[Term], weights: Floats, d: int) -> tuple[Floats, Floats]:
    """First-order and total indices of an expansion of an answer with variance 1."""
    first, total = np.zeros(d), np.zeros(d)
    for term, weight in zip(terms, weights, strict=True):
        for axis, _ in term:
            total[axis] += weight**2
            if len(term) == 1:
                first[axis] += weight**2
    return first, total


__all__ = ["Indices", "indices", "legendre"]
