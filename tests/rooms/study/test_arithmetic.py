"""Bands, and comparisons that stay undecided inside the numerical error."""

from __future__ import annotations

import pytest

from winset.base.likelihood import word, words
from winset.study.arithmetic import Judgement, MeaninglessError, Quantity, apply, combine, compare, joined, near

HALF = Quantity(0.5, 0.49, 0.52)


@pytest.mark.parametrize(
    ("op", "right", "expected"),
    [
        ("<", Quantity.exact(0.6), True),
        (">", Quantity.exact(0.6), False),
        ("<=", Quantity.exact(0.4), False),
        ("!=", Quantity.exact(0.6), True),
        ("<", Quantity.exact(0.51), None),
        ("=", Quantity.exact(0.5), None),
        (">", Quantity(0.6, 0.5, 0.7), None),
    ],
)
def test_comparison(op: str, right: Quantity, expected: bool | None) -> None:
    got = compare(op, HALF, right)
    assert got.value is expected
    assert bool(got.why) == (expected is None)


def test_exact_sides_are_always_decided() -> None:
    one = Quantity.exact(1.0)
    assert compare("=", one, one).value is True
    assert compare("<", one, one).value is False
    assert compare("<=", one, one).value is True


def test_bands_of_arithmetic_hold_the_corners() -> None:
    got = combine("-", HALF, Quantity(0.2, 0.1, 0.3))
    assert (got.value, got.low, got.high) == pytest.approx((0.3, 0.19, 0.42))
    assert combine("*", HALF, Quantity.exact(-2.0)).low == pytest.approx(-1.04)
    assert apply("abs", [Quantity(0.1, -0.2, 0.3)]).low == 0.0
    with pytest.raises(MeaninglessError, match="divisor"):
        combine("/", HALF, Quantity(0.1, -0.1, 0.2))
    with pytest.raises(MeaninglessError):
        apply("log", [Quantity.exact(-1.0)])


@pytest.mark.parametrize("function", ["min", "max"])
def test_the_least_of_one_number_is_that_number(function: str) -> None:
    assert apply(function, [HALF]) == HALF


def test_logic_with_an_undecided_side() -> None:
    yes, no, maybe = Judgement(True), Judgement(False), Judgement(None, "too close")
    assert joined("and", no, maybe).value is False
    assert joined("or", maybe, yes).value is True
    assert joined("and", yes, maybe).value is None
    assert joined("and", yes, maybe).why == "too close"
    assert maybe.negated().value is None


def test_near_judges_the_numbers_as_computed() -> None:
    assert near(Quantity(0.5, 0.4, 0.6), Quantity.exact(0.5005), Quantity.exact(0.001)).value is True
    assert near(HALF, Quantity.exact(0.503), Quantity.exact(0.001)).value is False


@pytest.mark.parametrize(
    ("probability", "expected"),
    [(0.03, "almost no chance"), (0.1, "very unlikely"), (0.31, "unlikely"), (0.5, "roughly even"), (0.6, "likely"),
     (0.9, "very likely"), (0.97, "almost certain")],
)  # fmt: skip
def test_words_of_likelihood(probability: float, expected: str) -> None:
    assert word(probability) == expected


def test_band_across_words_is_a_span() -> None:
    assert words(0.4, 0.5) == "unlikely to roughly even"
