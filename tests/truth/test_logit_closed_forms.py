"""Logit equilibria of published games against their closed forms, computed from the definitions.

The targets of the canon (08A, 08B, 08C, 08E) are held by `test_canon.py`, on the scenarios.
"""

from __future__ import annotations

import math

import numpy as np
import pytest

from oracles.logit_games import asymmetric_matching_pennies, centipede, chain_store
from winset.solve.extensive.logit import solve_logit


def _logistic(x: float) -> float:
    return 1.0 / (1.0 + math.exp(-x))


@pytest.mark.parametrize("lam", [0.5, 3.0])
def test_the_centipede_in_closed_form(lam: float) -> None:
    """Backwards from the last move: take with the logistic of λ times the difference in own payoff."""
    take = []
    ahead = (0.4 * 2**6, 0.1 * 2**6)
    for k in reversed(range(6)):
        large, small = 0.4 * 2**k, 0.1 * 2**k
        now = (large, small) if k % 2 == 0 else (small, large)
        p = _logistic(lam * (now[k % 2] - ahead[k % 2]))
        take.append(p)
        ahead = (p * now[0] + (1 - p) * ahead[0], p * now[1] + (1 - p) * ahead[1])
    assert np.allclose(solve_logit(centipede(6), precision=lam).profile[::2], take[::-1], atol=1e-12, rtol=0)


@pytest.mark.parametrize(("x", "lam"), [(9, 1.0), (9, 20.0), (4, 2.0)])
def test_matching_pennies_by_bisection(x: int, lam: float) -> None:
    """P(U) = s(λ (x q - (1 - q))), q = P(L) = s(λ (1 - 2 P(U))): one equation that falls in P(U)."""
    low, high = 0.0, 1.0
    for _ in range(200):
        p = (low + high) / 2
        q = _logistic(lam * (1 - 2 * p))
        low, high = (p, high) if _logistic(lam * (x * q - (1 - q))) > p else (low, p)
    found = solve_logit(asymmetric_matching_pennies(x), precision=lam).profile
    assert found[0] == pytest.approx(p, abs=1e-12) and found[2] == pytest.approx(q, abs=1e-12)


@pytest.mark.parametrize("lam", [0.5, 1.0])
def test_the_chain_store_in_closed_form(lam: float) -> None:
    """Sequential: s(2 ...) at the incumbent's node; in the strategic form the stakes shrink with P(E)."""
    a = _logistic(lam)
    found = solve_logit(chain_store(True), precision=lam).profile
    assert found[3] == pytest.approx(a, abs=1e-12)
    assert found[1] == pytest.approx(_logistic(lam * (3 * a - 2)), abs=1e-12)
    e = 0.5
    for _ in range(500):
        b = _logistic(lam * e)
        e = 0.5 * e + 0.5 * _logistic(lam * (3 * b - 2))
    found = solve_logit(chain_store(False), precision=lam).profile
    assert found[1] == pytest.approx(e, abs=1e-12) and found[3] == pytest.approx(b, abs=1e-12)
