"""Posteriors against closed forms: conjugate pairs, exact evidence, and weights that degenerate."""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np
import pytest

from winset.learn.calibration import coverage
from winset.learn.posterior import (
    LogLikelihood,
    Prior,
    box,
    effective,
    infer,
    pareto_shape,
    systematic,
    temper,
    weigh,
    weighted_quantile,
)
from winset.learn.sequential import assimilate

NORMAL = NormalDist()


def normals(u: np.ndarray) -> np.ndarray:
    """Standard normal quantiles."""
    return np.vectorize(NORMAL.inv_cdf)(np.clip(u, 1e-15, 1 - 1e-15))


def mean_of_normals(data: np.ndarray, sd: float) -> LogLikelihood:
    def log_likelihood(theta: np.ndarray) -> np.ndarray:
        gaps = (data[None, :] - theta[:, :1]) / sd
        return -0.5 * (gaps**2).sum(axis=1) - len(data) * math.log(sd * math.sqrt(2 * math.pi))

    return log_likelihood


def normal_truth(data: np.ndarray, sd: float) -> tuple[NormalDist, float]:
    """Posterior of a mean with prior N(0, 1), and the log evidence."""
    n = len(data)
    precision = 1 + n / sd**2
    posterior = NormalDist(float(data.sum()) / sd**2 / precision, precision**-0.5)
    # evidence = likelihood × prior / posterior, at 0
    at = float(mean_of_normals(data, sd)(np.zeros((1, 1)))[0]) + math.log(NORMAL.pdf(0)) - math.log(posterior.pdf(0))
    return posterior, at


def successes(k: int, n: int) -> LogLikelihood:
    choose = math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)

    def log_likelihood(theta: np.ndarray) -> np.ndarray:
        with np.errstate(divide="ignore"):
            return choose + k * np.log(theta[:, 0]) + (n - k) * np.log1p(-theta[:, 0])

    return log_likelihood


def beta_quantile(a: float, b: float, share: float) -> float:
    x = (np.arange(200_000) + 0.5) / 200_000
    w = np.exp((a - 1) * np.log(x) + (b - 1) * np.log1p(-x))
    return float(np.interp(share, np.cumsum(w) / w.sum(), x))


@pytest.mark.parametrize("method", ["weigh", "temper"])
def test_a_normal_mean(method: str) -> None:
    data = np.random.default_rng(1).normal(0.7, 1.0, 12)
    truth, evidence = normal_truth(data, 1.0)
    prior = Prior(names=("mean",), quantile=normals)
    if method == "weigh":
        u = prior.draw(4000, seed=3)
        got = weigh(prior.names, normals(u), mean_of_normals(data, 1.0)(normals(u)))
    else:
        got = temper(prior, mean_of_normals(data, 1.0), particles=2000, seed=3)
    assert got.enough and got.method == ("importance" if method == "weigh" else "sequential")
    assert got.mean("mean") == pytest.approx(truth.mean, abs=0.03)
    for level in (0.5, 0.8, 0.95):
        low, high = got.interval("mean", level)
        assert low == pytest.approx(truth.inv_cdf((1 - level) / 2), abs=0.06)
        assert high == pytest.approx(truth.inv_cdf((1 + level) / 2), abs=0.06)
    assert got.log_evidence == pytest.approx(evidence, abs=0.15)


@pytest.mark.parametrize("method", ["weigh", "temper"])
def test_a_share_with_a_flat_prior(method: str) -> None:
    prior, k, n = box({"share": (0.0, 1.0)}), 7, 20
    u = prior.draw(3000, seed=2)
    known = (u, successes(k, n)(u))
    got = weigh(prior.names, *known) if method == "weigh" else temper(prior, successes(k, n), start=known, seed=9)
    assert got.log_evidence == pytest.approx(-math.log(n + 1), abs=0.1)  # 1 / (n + 1) whatever k is
    assert got.mean("share") == pytest.approx((k + 1) / (n + 2), abs=0.01)
    low, high = got.interval("share", 0.9)
    assert low == pytest.approx(beta_quantile(8, 14, 0.05), abs=0.02)
    assert high == pytest.approx(beta_quantile(8, 14, 0.95), abs=0.02)


def test_where_weights_degenerate_they_say_so_and_tempering_takes_over() -> None:
    """Six parameters known to 1 % of their ranges: hardly a draw from the prior lies there."""
    centre = np.array([0.31, 0.62, 0.18, 0.77, 0.5, 0.4])

    def log_likelihood(theta: np.ndarray) -> np.ndarray:
        return -0.5 * (((theta - centre) / 0.01) ** 2).sum(axis=1)

    prior = box({f"p{i}": (0.0, 1.0) for i in range(6)})
    u = prior.draw(500, seed=4)
    poor = weigh(prior.names, u, log_likelihood(u))
    assert not poor.enough and poor.ess < 5 and "effective draws" in poor.why
    got = infer(prior, log_likelihood, draws=500, seed=4)
    assert got.method == "sequential" and got.enough and len(got.powers) > 6
    assert all(a < b for a, b in zip(got.powers, got.powers[1:], strict=False)) and got.powers[-1] == 1.0
    exact = 6 * math.log(0.01 * math.sqrt(2 * math.pi))
    assert got.log_evidence == pytest.approx(exact, abs=1.0)
    assert abs(poor.log_evidence - exact) > 5.0  # what trusting the weights would have said
    for i, name in enumerate(prior.names):
        assert got.mean(name) == pytest.approx(centre[i], abs=0.003)
        low, high = got.interval(name, 0.8)
        assert high - low == pytest.approx(2 * 1.2816 * 0.01, rel=0.25)


def test_a_posterior_at_the_wall_of_a_range() -> None:
    """A decreasing likelihood: all the mass at the lower end, where proposals are folded back."""
    every = [
        temper(box({"x": (2.0, 3.0)}), lambda v: -40.0 * (v[:, 0] - 2.0), particles=1500, seed=s) for s in range(5, 10)
    ]
    got = every[0]
    assert got.values.min() >= 2.0
    assert got.mean("x") == pytest.approx(2.0 + 1 / 40, abs=0.003)  # exponential, cut off at e^-40
    assert got.quantile("x", 0.5) == pytest.approx(2.0 + math.log(2) / 40, abs=0.002)
    # one estimate is off by 0.06 or so
    assert np.mean([one.log_evidence for one in every]) == pytest.approx(-math.log(40), abs=0.09)


def test_a_shaped_prior_is_not_forgotten() -> None:
    """Nothing learnt: the posterior is the prior, which is not flat."""
    prior = Prior(names=("x",), quantile=normals)
    got = temper(prior, lambda v: np.where(v[:, 0] > 0, 0.0, -np.inf), particles=2000, seed=1)
    assert got.log_evidence == pytest.approx(math.log(0.5), abs=0.1)
    assert got.mean("x") == pytest.approx(math.sqrt(2 / math.pi), abs=0.05)  # of the half normal


def test_draws_that_failed_are_counted_and_left_out() -> None:
    prior = box({"share": (0.0, 1.0)})
    u = prior.draw(1000, seed=1)
    logs = successes(7, 20)(u)
    logs[:300] = np.nan
    got = weigh(prior.names, u, logs)
    assert got.failed == 300 and (got.weights[:300] == 0).all()
    assert got.log_evidence == pytest.approx(-math.log(21), abs=0.1)
    assert got.mean("share") == pytest.approx(8 / 22, abs=0.02)
    with pytest.raises(ValueError, match="no draw"):
        weigh(prior.names, u, np.full(1000, -np.inf))
    with pytest.raises(ValueError, match="computed"):
        weigh(prior.names, u, np.full(1000, np.nan))


def test_the_same_seed_gives_the_same_posterior() -> None:
    prior = box({"share": (0.0, 1.0)})
    one, two, other = (temper(prior, successes(3, 40), particles=200, seed=s) for s in (7, 7, 8))
    assert (one.values == two.values).all() and one.log_evidence == two.log_evidence
    assert not (one.values == other.values).all()


def test_systematic_resampling_keeps_each_draw_as_often_as_its_weight_says_up_to_one() -> None:
    rng = np.random.default_rng(0)
    weights = rng.dirichlet(np.ones(50))
    for _ in range(20):
        kept = np.bincount(systematic(weights, rng), minlength=50)
        assert (np.abs(kept - 50 * weights) < 1).all()


def test_effective_draws_by_hand() -> None:
    assert effective(np.log([1.0, 1.0, 1.0, 1.0])) == pytest.approx(4.0)
    assert effective(np.log([3.0, 1.0])) == pytest.approx(16 / 10)
    assert effective(np.array([-np.inf, 0.0])) == 1.0
    assert effective(np.array([-np.inf])) == 0.0


def test_the_tails_shape_is_found() -> None:
    rng = np.random.default_rng(6)
    for k in (0.2, 0.9):
        found = [pareto_shape(-k * np.log(rng.random(20_000))) for _ in range(20)]  # each off by (1 + k) / √424
        assert float(np.mean(found)) == pytest.approx(k, abs=0.08)
    assert pareto_shape(np.zeros(1000)) == -math.inf


def test_a_heavy_tail_is_not_relied_on_however_many_draws_are_effective() -> None:
    values = np.random.default_rng(2).random((20_000, 1))
    got = weigh(("x",), values, -0.8 * np.log(values[:, 0]))
    assert got.ess > 50 and got.pareto > 0.7 and not got.enough and "tail" in got.why


def test_weighted_quantiles_by_hand() -> None:
    values, weights = np.array([3.0, 1.0, 2.0, 9.0]), np.array([0.25, 0.5, 0.25, 0.0])
    assert weighted_quantile(values, weights, 0.25) == 1.0  # the middle of the first half
    assert weighted_quantile(values, weights, 0.625) == 2.0
    assert weighted_quantile(values, weights, 1.0) == 3.0


def test_coverage_is_judged_by_the_binomial_distribution() -> None:
    got = coverage(0.5, 5, 10, false_alarm=0.05)
    assert (got.low, got.high) == (2, 8)  # P(0 or 1) = 11 / 1024 on either side
    assert got.false_alarm == pytest.approx(22 / 1024)
    assert (coverage(0.5, 5, 10, false_alarm=0.2).low, coverage(0.5, 5, 10, false_alarm=0.2).high) == (3, 7)
    assert got.fits and not coverage(0.5, 9, 10, false_alarm=0.05).fits


@pytest.mark.parametrize(("broken", "fits"), [(1.0, True), (0.5, False)])
def test_simulated_records_are_covered_unless_the_likelihood_is_broken(broken: float, fits: bool) -> None:
    """A share drawn from its prior, a record from the share; `broken` weakens what the record is taken to say."""
    rng, prior, held = np.random.default_rng(8), box({"share": (0.0, 1.0)}), {0.5: 0, 0.8: 0, 0.95: 0}
    u = prior.draw(1500, seed=11)
    for _ in range(300):
        truth = float(rng.random())
        k = int(rng.binomial(30, truth))
        got = weigh(prior.names, u, broken * successes(k, 30)(u))
        for level in held:
            low, high = got.interval("share", level)
            held[level] += low <= truth <= high
    judged = [coverage(level, hits, 300, false_alarm=0.001) for level, hits in held.items()]
    assert all(c.fits for c in judged) == fits


def growing(trials: list[bool]) -> LogLikelihood:
    """Log probability of the first t trials, for every t."""

    def evaluate(theta: np.ndarray) -> np.ndarray:
        with np.errstate(divide="ignore"):
            each = np.where(np.array(trials), np.log(theta[:, :1]), np.log1p(-theta[:, :1]))
        return np.cumsum(each, axis=1)

    return evaluate


@pytest.mark.parametrize("renew", [False, True])
def test_a_share_as_trials_come_in(renew: bool) -> None:
    trials = [True, False, False, True, False] * 40
    prior = box({"share": (0.0, 1.0)})
    got = assimilate(prior, growing(trials), prior.draw(200, seed=2), least=80, renew=renew, seed=4)
    assert len(got.posteriors) == 200 and bool(got.renewals) == renew
    assert got.prior.sum() == 200 and (got.prior[:200] == 1).all()
    for t in (0, 20, 199):
        found, k = got.posteriors[t], sum(trials[: t + 1])
        assert found is not None
        a, b = k + 1, t + 1 - k + 1
        exact = math.lgamma(a) + math.lgamma(b) - math.lgamma(a + b)
        assert found.mean("share") == pytest.approx(a / (a + b), abs=0.02)
        assert found.log_evidence == pytest.approx(exact, abs=0.35)
        assert found.weights.sum() == pytest.approx(1.0)
    last = got.posteriors[-1]
    assert last is not None and last.enough == renew and (last.method == "sequential") == renew
    low, high = last.interval("share", 0.8)
    if renew:
        assert high - low == pytest.approx(beta_quantile(81, 121, 0.9) - beta_quantile(81, 121, 0.1), rel=0.2)


def test_what_is_known_later_changes_nothing_before() -> None:
    trials, prior = [True, False, False, True, False] * 20, box({"share": (0.0, 1.0)})
    start = prior.draw(100, seed=2)
    one = assimilate(prior, growing(trials), start, least=40, renew=True, seed=4)
    two = assimilate(prior, growing(trials[:60] + [True] * 40), start, least=40, renew=True, seed=4)
    assert one.renewals and one.renewals[0] < 60
    for t in range(60):
        a, b = one.posteriors[t], two.posteriors[t]
        assert a is not None and b is not None
        assert a.mean("share") == b.mean("share") and a.log_evidence == b.log_evidence
    assert one.posteriors[99].mean("share") != two.posteriors[99].mean("share")  # type: ignore[union-attr]
