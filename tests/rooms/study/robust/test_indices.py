"""Sobol indices against closed forms: Ishigami and Homma (1990), the g-function of Sobol (1993)."""

import numpy as np
import pytest

from winset.study.robust.axes import points
from winset.study.robust.indices import indices, legendre


def ishigami(unit, a=7.0, b=0.1):
    x = np.pi * (2 * unit - 1)
    return np.sin(x[:, 0]) + a * np.sin(x[:, 1]) ** 2 + b * x[:, 2] ** 4 * np.sin(x[:, 0])


def ishigami_indices(a=7.0, b=0.1):
    v1, v2, v13 = (1 + b * np.pi**4 / 5) ** 2 / 2, a**2 / 8, b**2 * np.pi**8 * 8 / 225
    return np.array([v1, v2, 0]) / (v1 + v2 + v13), np.array([v1 + v13, v2, v13]) / (v1 + v2 + v13)


WEIGHTS = np.array([0, 1, 4.5, 9, 99, 99, 99, 99])


def g_function(unit):
    return np.prod((np.abs(4 * unit - 2) + WEIGHTS) / (1 + WEIGHTS), axis=1)


def g_indices():
    alone = 1 / 3 / (1 + WEIGHTS) ** 2
    whole = np.prod(1 + alone) - 1
    return alone / whole, alone * (whole + 1) / (1 + alone) / whole


CASES = {"ishigami": (ishigami, ishigami_indices, 3), "g": (g_function, g_indices, 8)}


@pytest.mark.parametrize("name", CASES)
def test_closed_forms_lie_in_the_intervals(name):
    function, exact, d = CASES[name]
    unit = points(512, d, 3)
    found, (first, total) = indices(unit, function(unit)), exact()
    assert found.first == pytest.approx(first, abs=0.02)
    assert found.total == pytest.approx(total, abs=0.02)
    for got, low, high in ((first, found.first_low, found.first_high), (total, found.total_low, found.total_high)):
        leading = got > 0.02
        assert ((low <= got) & (got <= high))[leading].all()
        assert (high - low)[leading].max() < 0.2
    assert found.explained > 0.98


def test_few_draws_of_many_parameters():
    """Sixty axes of which two count: as the flagship has them."""
    unit = points(256, 60, 1)
    found = indices(unit, unit[:, 7] + 2 * unit[:, 20] + 3 * unit[:, 7] * unit[:, 20])
    assert np.argsort(-found.total)[:2].tolist() == [20, 7]
    one, two, both = (2.5**2, 3.5**2, 9 / 12)  # slopes of the main effects; variance of the product, over 1/12
    whole = one + two + both
    assert found.first[[7, 20]] == pytest.approx([one / whole, two / whole], abs=0.03)
    assert found.total[[7, 20]] == pytest.approx([(one + both) / whole, (two + both) / whole], abs=0.03)
    assert np.delete(found.total, [7, 20]).max() < 0.01


def test_noise_is_attributed_to_nobody():
    """The negative control: answers that do not depend on the parameters."""
    unit = points(256, 60, 1)
    found = indices(unit, np.random.default_rng(1).normal(size=256))
    assert found.explained < 0.02 and found.total.max() < 0.02
    shuffled = np.random.default_rng(2).permutation(ishigami(unit[:, :3]))
    assert indices(unit[:, :3], shuffled).total.max() < 0.1


def test_a_part_that_nothing_explains_lowers_all_indices():
    unit = points(512, 4, 1)
    noise = np.random.default_rng(3).normal(size=512)
    clean = unit[:, 0]
    found = indices(unit, clean + noise * clean.std())
    assert found.first[0] == pytest.approx(0.5, abs=0.1)
    assert found.explained == pytest.approx(0.5, abs=0.1)


@pytest.mark.parametrize("values", [np.ones(64), np.arange(4.0)], ids=["constant", "few"])
def test_where_nothing_can_be_said(values):
    found = indices(points(len(values), 3, 1), values)
    assert found.total.tolist() == [0, 0, 0] and found.explained == 0 and found.count == len(values)


def test_polynomials_are_orthonormal():
    x, w = np.polynomial.legendre.leggauss(30)
    basis = legendre(((x + 1) / 2)[:, None], 10)[:, 0, :]
    assert basis.T @ (basis * (w / 2)[:, None]) == pytest.approx(np.eye(11), abs=1e-12)
