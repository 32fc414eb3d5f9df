"""Scores of forecasts: by hand, by identities, and by what makes a score honest."""

from __future__ import annotations

import math

import numpy as np
import pytest

from winset.learn.scores import (
    BINS,
    DatedForecast,
    brier,
    decompose,
    log_score,
    mean_score,
    reliability_curve,
    resolved,
    skill,
)


def test_scores_by_hand() -> None:
    p, y = [0.8, 0.3, 0.0, 1.0], [True, False, False, True]
    assert brier(p, y) == pytest.approx([0.04, 0.09, 0.0, 0.0])
    assert log_score(p, y) == pytest.approx([-math.log(0.8), -math.log(0.7), 0.0, 0.0])
    assert mean_score(brier(p, y)) == pytest.approx(0.0325)


def test_certainty_that_was_wrong_is_infinite_in_logs_and_1_by_brier() -> None:
    assert list(log_score([0.0, 1.0], [True, False])) == [math.inf, math.inf]
    assert list(brier([0.0, 1.0], [True, False])) == [1.0, 1.0]
    assert mean_score(log_score([0.0, 0.5], [True, True])) == math.inf


@pytest.mark.parametrize("bad", [([1.2], [True]), ([0.5, 0.5], [True]), ([0.5], [0.3]), ([math.nan], [True])])
def test_what_is_no_forecast_is_refused(bad: tuple[list[float], list[float]]) -> None:
    with pytest.raises(ValueError):
        brier(*bad)


def test_nothing_unresolved_is_scored() -> None:
    rows = [
        DatedForecast(outcome="a", date="2019-01-01", deadline="2019-12-31", probability=0.1, happened=happened)
        for happened in (True, None, False)
    ]
    assert [f.happened for f in resolved(rows)] == [True, False]


def test_murphys_identity_holds_exactly_with_bins_and_without() -> None:
    rng = np.random.default_rng(5)
    p, y = rng.random(400).round(2), rng.random(400) < 0.3
    for limits in (None, BINS, (0.0, 0.5, 1.0)):
        d = decompose(p, y, limits=limits)
        assert d.brier == pytest.approx(d.reliability - d.resolution + d.uncertainty + d.within, abs=1e-14)
        assert d.brier == pytest.approx(mean_score(brier(p, y)), abs=1e-14)
    assert decompose(p, y).within == pytest.approx(0.0, abs=1e-14)
    assert abs(decompose(p, y, limits=(0.0, 0.5, 1.0)).within) > 1e-3


def test_decomposition_by_hand() -> None:
    # two forecasts of 0.25, one of which came about; two of 0.75, both came about; overall 3 of 4
    d = decompose([0.25, 0.25, 0.75, 0.75], [True, False, True, True])
    assert d.reliability == pytest.approx(0.5 * 0.25**2 + 0.5 * 0.25**2)
    assert d.resolution == pytest.approx(0.5 * 0.25**2 + 0.5 * 0.25**2)
    assert d.uncertainty == pytest.approx(0.75 * 0.25)


def expected(score: object, stated: float, believed: float) -> float:
    """What somebody expects to lose who states one probability and believes another."""
    both = score([stated, stated], [True, False])  # type: ignore[operator]
    return float(believed * both[0] + (1 - believed) * both[1])


def absolute(p: object, y: object) -> np.ndarray:
    """|p - y|: looks like a score, and is not proper."""
    return np.abs(np.asarray(p, float) - np.asarray(y, float))


def gains_by_lying(score: object) -> bool:
    grid = np.linspace(0.01, 0.99, 99)
    return any(
        min(expected(score, float(s), float(b)) for s in grid) < expected(score, float(b), float(b)) - 1e-12
        for b in grid[::7]
    )


def test_scores_are_proper_and_the_absolute_error_is_not() -> None:
    assert not gains_by_lying(brier)
    assert not gains_by_lying(log_score)
    assert gains_by_lying(absolute)


def test_bins_of_reliability_by_hand() -> None:
    curve = reliability_curve([0.1, 0.1, 0.1, 0.1, 0.9, 1.0], [0, 0, 0, 1, 1, 1], draws=4000)
    assert [(b.low, b.high, b.count, b.frequency) for b in curve] == [
        (0.05, 0.2, 4, 0.25), (0.8, 0.95, 1, 1.0), (0.95, 1.0, 1, 1.0),
    ]  # fmt: skip
    # of Binomial(4, 0.1): P(0) = 0.656, P(<= 1) = 0.948, P(<= 2) = 0.996
    assert (curve[0].expected_low, curve[0].expected_high) == (0.0, 0.5)
    assert curve[0].fits


def test_the_consistency_interval_holds_reliable_forecasts_and_not_others() -> None:
    rng = np.random.default_rng(1)
    hits = {0.0: 0, 0.25: 0}
    for _ in range(200):
        p = rng.uniform(0.2, 0.45, 60)
        for shift in hits:
            (b,) = reliability_curve(p, rng.random(60) < p + shift, draws=400)
            hits[shift] += b.fits
    assert hits[0.0] >= 165  # 90 % of 200, less five standard deviations
    assert hits[0.25] < 60


def test_forecasts_of_one_outcome_widen_the_interval() -> None:
    p, y = [0.3] * 40, [True] * 40
    (apart,) = reliability_curve(p, y)
    (joined,) = reliability_curve(p, y, ["one"] * 40)
    assert apart.expected_high < 0.5 < joined.expected_high == 1.0
    assert (apart.clusters, joined.clusters) == (40, 1)
    assert not apart.fits and joined.fits


def test_clusters_are_drawn_whole_whatever_their_size() -> None:
    """Of 40 forecasts of 0.3, 30 about one thing: the frequency is 0, 1/4, 3/4 or 1, with 0.49, 0.21, 0.21, 0.09."""
    (got,) = reliability_curve([0.3] * 40, [False] * 40, ["a"] * 30 + ["b"] * 10, level=0.6)
    assert (got.expected_low, got.expected_high) == (0.0, 0.75)


def test_skill_by_hand() -> None:
    got = skill([0.1, 0.3], [0.2, 0.6], ["a", "b"])
    assert got.value == pytest.approx(0.5)
    assert (got.low, got.high) == (pytest.approx(0.5), pytest.approx(0.5))
    assert got.difference == pytest.approx(-0.2)
    assert got.better == 1.0 and got.few and (got.count, got.clusters) == (2, 2)


def test_skill_without_a_value() -> None:
    assert skill([0.1], [0.0]).value is None
    assert skill([0.1, 0.1], [math.inf, 0.2]).value is None
    assert skill([math.inf], [math.inf]).difference is None
    got = skill([math.inf, 0.1], [0.2, 0.2])
    assert got.value is None and got.difference == math.inf and got.low is None


def covered(cluster: bool, rng: np.random.Generator) -> int:
    """How often the interval of a difference whose true mean is 0 holds 0; ten equal forecasts a cluster."""
    hits = 0
    for seed in range(150):
        shared = np.repeat(rng.normal(0.0, 0.05, 25), 10)
        own = 0.2 + shared
        got = skill(own, np.full(250, 0.2), np.repeat(np.arange(25), 10) if cluster else None, draws=300, seed=seed)
        assert got.difference_low is not None and got.difference_high is not None
        hits += got.difference_low <= 0.0 <= got.difference_high
    return hits


def test_the_block_bootstrap_covers_and_one_that_forgets_the_blocks_does_not() -> None:
    rng = np.random.default_rng(3)
    assert covered(True, rng) > 120  # 90 % of 150 is 135
    assert covered(False, rng) < 90


def test_an_infinite_loss_counts_at_the_end_of_the_interval() -> None:
    """Of five events one was given no chance: whoever draws it loses without end, and that is the lower limit."""
    own, other = np.array([np.inf, 0.1, 0.2, 0.3, 0.4]), np.full(5, 0.7)
    found = skill(own, other, list("abcde"), seed=1)
    assert found.low is None
    assert found.high is not None and found.high < 1.0
    finite = skill(np.array([9.0, 0.1, 0.2, 0.3, 0.4]), other, list("abcde"), seed=1)
    assert finite.low is not None and finite.low < -5
