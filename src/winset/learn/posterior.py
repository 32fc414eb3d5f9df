"""The posterior of uncertain parameters, given any log likelihood: importance weights, and sequential Monte Carlo.

A prior is given by its quantile function: points u of the unit cube, even on it, become parameter values. All moves are
made in the cube, so ranges are kept to by construction and every prior, however shaped, is flat there.

*Importance weights* reweigh draws from the prior by their likelihood. Whether that is good enough is decided by two
figures: the effective sample size (Σw)²/Σw² (Kong 1992), and the shape k of the generalised Pareto distribution fitted
to the largest weights (Vehtari, Simpson, Gelman, Yao and Gabry 2024), which has to be at most min(1 - 1/log₁₀ N, 0.7).

*Sequential Monte Carlo* (Del Moral, Doucet and Jasra 2006) goes from prior to posterior, or from the posterior of one
date to that of another, along a bridge: densities before^(1-φ) · after^φ with φ growing from 0 to 1. Each step goes as
far as leaves a stated share of effective draws (bisection), then come systematic resampling and random-walk
Metropolis-Hastings moves, reflected at the cube's walls. Their spread is that of the weighted draws before resampling,
drawn towards its diagonal; the step length follows the acceptance; they are repeated until draws are far from where
they began. The product of the steps' mean weights estimates the evidence.

How many of the draws are effective is judged by the families they descend from (`learn.kinship`).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from winset.learn.kinship import Floats, Kinship

LogLikelihood = Callable[[Floats], Floats]
"""(N, D) parameter values to (N,) log likelihoods; -inf where impossible, not a number where it cannot be computed."""

LEAST = 50.0
"""Effective draws below which importance weights are not relied on."""
KEPT = 0.5
"""Share of effective particles that a step of a bridge leaves."""
FAR = 1.0
"""Mean squared distance from where particles began, in variances, after which a step's moves end; 2 if independent."""
MOST_MOVES = 30
"""Moves per step after which they end anyway."""
TELLING = 21
"""Draws from which on the tail of their weights has the five that its shape is fitted to."""


@dataclass(frozen=True, kw_only=True)
class Prior:
    """A prior over D parameters.

    Attributes:
        names: of the parameters.
        quantile: (N, D) points of the unit cube to (N, D) parameter values.
    """

    names: tuple[str, ...]
    quantile: Callable[[Floats], Floats]

    def draw(self, count: int, *, seed: int) -> Floats:
        """(count, D) points of the unit cube, independent and even on it."""
        return np.random.default_rng(seed).random((count, len(self.names)))


def box(ranges: dict[str, tuple[float, float]]) -> Prior:
    """A flat prior over ranges."""
    low = np.array([a for a, _ in ranges.values()], dtype=float)
    high = np.array([b for _, b in ranges.values()], dtype=float)
    return Prior(names=tuple(ranges), quantile=lambda u: low + u * (high - low))


@dataclass(frozen=True, kw_only=True)
class Posterior:
    """Weighted draws of the parameters.

    Attributes:
        names: of the D parameters.
        values: (N, D) parameter values.
        weights: (N,) their weights, which add up to 1; 0 for a draw that failed.
        log_evidence: log of the probability of the data under the prior.
        method: *importance* or *sequential*.
        ess: effective number of draws; those of one family count together as far as moves have not parted them.
        pareto: shape k of the largest importance weights; not a number for sequential Monte Carlo.
        enough: whether the draws are good enough to be relied on.
        why: why they are not; "" where they are.
        failed: draws whose likelihood could not be computed; they are left out, never averaged in.
        evaluations: likelihoods computed.
        powers: of the likelihood, step by step; (0, 1) for importance weights.
        acceptance: share of accepted moves, step by step; empty for importance weights.
        distinct: different draws among those with weight.
    """

    names: tuple[str, ...]
    values: Floats
    weights: Floats
    log_evidence: float
    method: Literal["importance", "sequential"]
    ess: float
    pareto: float
    enough: bool
    why: str
    failed: int
    evaluations: int
    powers: tuple[float, ...] = (0.0, 1.0)
    acceptance: tuple[float, ...] = ()

    @cached_property
    def distinct(self) -> int:
        """Different draws among those with weight."""
        return len(np.unique(self.values[self.weights > 0], axis=0))

    def mean(self, name: str) -> float:
        """Posterior mean of a parameter."""
        kept = self.weights > 0  # so that draws without weight change nothing, not even a rounding
        return float(self.weights[kept] @ self.values[kept, self.names.index(name)])

    def quantile(self, name: str, share: float) -> float:
        """The value below which this share of the posterior of a parameter lies, between draws in a straight line."""
        return weighted_quantile(self.values[:, self.names.index(name)], self.weights, share)

    def interval(self, name: str, level: float) -> tuple[float, float]:
        """The interval of a parameter that leaves out the same share of the posterior on either side."""
        tail = (1.0 - level) / 2.0
        return self.quantile(name, tail), self.quantile(name, 1.0 - tail)


def weighted_quantile(values: Floats, weights: Floats, share: float) -> float:
    """A quantile of weighted draws: each stands in the middle of its own weight, with straight lines between."""
    kept = weights > 0
    order = np.argsort(values[kept], kind="stable")
    v, w = values[kept][order], weights[kept][order]
    middle = np.cumsum(w) - w / 2.0
    return float(np.interp(share, middle / w.sum(), v))


def effective(log_weights: Floats) -> float:
    """The effective number of draws behind unnormalised log weights; 0 where all are zero."""
    top = float(np.max(log_weights, initial=-np.inf))
    if not np.isfinite(top):
        return 0.0
    w = np.exp(log_weights - top)
    return float(w.sum() ** 2 / (w @ w))


def pareto_shape(log_weights: Floats) -> float:
    """The shape k of a generalised Pareto distribution fitted to the largest weights (Zhang and Stephens 2009).

    At most a fifth of the weights and 3 √N are looked at. The fit is drawn towards ½ as by ten further weights (Vehtari
    et al. 2024). -infinity where several weights are all equal, or most of those looked at equal the next smaller one
    and over half of the draws are effective: there is no tail. Infinite where that leaves nothing to fit: a tail of
    fewer than five, or one of equals that others outweigh.
    """
    known = np.sort(log_weights[np.isfinite(log_weights)])
    if len(known) > 1 and known[-1] - known[0] < 1e-12:
        return -math.inf
    tail = math.ceil(min(0.2 * len(log_weights), 3.0 * math.sqrt(len(log_weights))))
    if tail < 5 or len(known) <= tail:
        return math.inf
    x = np.exp(known[-tail:] - known[-1]) - math.exp(known[-tail - 1] - known[-1])
    n, count = len(x), 30 + int(math.sqrt(len(x)))
    quarter = float(x[int(n / 4 + 0.5) - 1])
    if quarter <= 0.0:
        return -math.inf if effective(log_weights) > 0.5 * len(log_weights) else math.inf
    grid = 1.0 / x[-1] + (1.0 - np.sqrt(count / (np.arange(1, count + 1) - 0.5))) / (3.0 * quarter)
    shapes = np.array([-np.log1p(-theta * x).mean() for theta in grid])
    profile = n * (np.log(grid / shapes, where=grid / shapes > 0, out=np.full(count, -np.inf)) + shapes - 1.0)
    weight = np.exp(profile - profile.max())
    theta = float(grid @ weight / weight.sum())
    k = float(np.log1p(-theta * x).mean())
    return (n * k + 10.0 * 0.5) / (n + 10.0)


def most_pareto(count: int) -> float:
    """The largest shape at which importance weights of so many draws are relied on."""
    return min(1.0 - 1.0 / math.log10(count), 0.7) if count > 10 else -math.inf


def weigh(names: Sequence[str], values: Floats, log_likelihood: Floats, *, least: float = LEAST) -> Posterior:
    """The posterior by importance weights of draws from the prior.

    Args:
        names: of the D parameters.
        values: (N, D) independent or low-discrepancy draws from the prior.
        log_likelihood: (N,) log likelihood of each; not a number where it could not be computed.
        least: effective draws below which the result is not relied on.

    Raises:
        ValueError: no draw has a likelihood above zero.
    """
    known = ~np.isnan(log_likelihood)
    logs = np.where(known, log_likelihood, -np.inf)
    top = float(np.max(logs, initial=-np.inf))
    if not np.isfinite(top):
        raise ValueError("no draw gives what was seen any probability" if known.any() else "no draw could be computed")
    raw = np.exp(logs - top)
    ess, shape = effective(logs), pareto_shape(logs[known])
    why = shortcoming(int(known.sum()), ess, shape, least)
    return Posterior(
        names=tuple(names), values=np.asarray(values, dtype=np.float64), weights=raw / raw.sum(),
        log_evidence=top + math.log(raw.sum() / known.sum()), method="importance", ess=ess, pareto=shape,
        enough=not why, why=why, failed=int((~known).sum()), evaluations=len(logs),
    )  # fmt: skip


def shortcoming(count: int, ess: float, shape: float, least: float) -> str:
    """Why the weights of so many draws cannot be relied on; "" where they can.

    Args:
        count: of draws.
        ess: how many of them are effective.
        shape: of the largest weights.
        least: effective draws that are asked for.
    """
    most = most_pareto(count)
    if ess < least:
        return f"{ess:.0f} effective draws of {count}; {least:.0f} are asked for"
    if shape <= most:  # not so where it is not a number
        return ""
    if count < TELLING:
        draws = "1 draw is" if count == 1 else f"{count} draws are"
        return f"{draws} too few to tell whether a few of them carry the rest; {TELLING} are needed"
    if not math.isfinite(shape):
        return f"too few of the {count} weights differ to tell whether a few draws carry the rest"
    return f"the largest weights have a tail of shape {shape:.2f}; {most:.2f} is the most that averages bear"


@dataclass(frozen=True, kw_only=True)
class Bridged:
    """N draws of the density at a bridge's end, all of the same weight.

    Attributes:
        points: (N, D) of the unit cube.
        kinship: of the draws.
        log_evidence: log of the integral at the end over that at the beginning.
        failed: draws at the beginning that could not be computed; they are left out.
        powers: φ, step by step, from 0 to 1.
        acceptance: share of accepted moves, step by step.
        evaluations: of the likelihood.
    """

    points: Floats
    kinship: Kinship
    log_evidence: float
    failed: int
    powers: tuple[float, ...]
    acceptance: tuple[float, ...]
    evaluations: int


def temper(
    prior: Prior, log_likelihood: LogLikelihood, *, particles: int = 500, kept: float = KEPT, far: float = FAR,
    seed: int = 0, start: tuple[Floats, Floats] | None = None,
) -> Posterior:  # fmt: skip
    """The posterior by sequential Monte Carlo.

    Args:
        prior: of the parameters.
        log_likelihood: of (N, D) parameter values; -inf where impossible or not to be computed.
        particles: how many.
        kept: share of effective particles that a step leaves.
        far: mean squared distance from where particles began, in variances, at which a step ends.
        seed: of all random numbers; the same seed gives the same result.
        start: (N, D) points of the cube drawn from the prior and their (N,) log likelihoods, where known already.

    Raises:
        ValueError: no particle has a likelihood above zero.
    """

    def ends(values: Floats) -> Floats:
        logs = np.asarray(log_likelihood(values), dtype=np.float64)
        return np.stack([np.zeros(len(logs)), logs], axis=1)

    rng = np.random.default_rng(seed)
    points = start[0] if start is not None else rng.random((particles, len(prior.names)))
    logs = ends(prior.quantile(points)) if start is None else np.stack([np.zeros(len(points)), start[1]], axis=1)
    got = bridge(prior, ends, points, logs, Kinship.none(len(points)), rng=rng, kept=kept, far=far)
    count = len(points)
    weights = np.full(count, 1.0 / count)
    ess = got.kinship.effective(weights, got.points)
    why = shortcoming(count, ess, -math.inf, LEAST)
    return Posterior(
        names=prior.names, values=prior.quantile(got.points), weights=weights, log_evidence=got.log_evidence,
        method="sequential", ess=ess, pareto=math.nan, enough=not why, why=why, failed=got.failed,
        evaluations=count + got.evaluations, powers=got.powers, acceptance=got.acceptance,
    )  # fmt: skip


def infer(
    prior: Prior, log_likelihood: LogLikelihood, *, draws: int = 500, least: float = LEAST, seed: int = 0
) -> Posterior:
    """The posterior by importance weights; by sequential Monte Carlo, from the same draws, where these degenerate.

    Raises:
        ValueError: no draw has a likelihood above zero.
    """
    u = prior.draw(draws, seed=seed)
    logs = np.asarray(log_likelihood(prior.quantile(u)), dtype=np.float64)
    found = weigh(prior.names, prior.quantile(u), logs, least=least)
    return found if found.enough else temper(prior, log_likelihood, seed=seed + 1, start=(u, logs))


def systematic(weights: Floats, rng: np.random.Generator) -> NDArray[np.int64]:
    """(N,) which draws are kept: one even grid with a random start, laid over their N weights (which add up to 1)."""
    count = len(weights)
    places = (rng.random() + np.arange(count)) / count
    return np.asarray(np.minimum(np.searchsorted(np.cumsum(weights), places), count - 1), dtype=np.int64)


def bridge(
    prior: Prior, ends: Callable[[Floats], Floats], points: Floats, logs: Floats, kinship: Kinship, *,
    rng: np.random.Generator, kept: float = KEPT, far: float = FAR,
) -> Bridged:  # fmt: skip
    """Draws of one density taken to another, step by step.

    Args:
        prior: of the parameters.
        ends: (n, D) parameter values to (n, 2) log densities over the prior's at the beginning and at the end; -inf
            where impossible, not a number where it cannot be computed, which counts as impossible.
        points: (N, D) points of the unit cube drawn from the density at the beginning.
        logs: (N, 2) their log densities.
        kinship: of these points.
        rng: random numbers.
        kept: share of effective draws that a step leaves.
        far: mean squared distance from where draws began, in variances, at which a step ends.

    Raises:
        ValueError: no draw is possible at the end.
    """
    failed = np.isnan(logs[:, 0] + logs[:, 1])
    logs = np.where(failed[:, None], -np.inf, logs)
    if not np.isfinite(_between(logs, 0.0, 1.0)).any():
        raise ValueError("no draw gives what was seen any probability")
    count, power, scale, used = len(points), 0.0, 2.38 / math.sqrt(points.shape[1]), 0
    powers, acceptance, evidence = [0.0], [], math.log(count / (count - failed.sum()))
    while power < 1.0:
        gains = _between(logs, -1.0, 1.0)
        following = _next_power(gains, power, kept)
        raw = _tempered(gains, following - power)
        total = float(np.logaddexp.reduce(raw))
        weights = np.exp(raw - total)
        evidence += total - math.log(count)
        parents, spread = kinship.effective(weights, points), _spread(points, weights)
        pick, power = systematic(weights, rng), following
        points, logs, kinship = points[pick], logs[pick], kinship.resampled(pick)
        got = _moved(prior, ends, points, logs, power, spread, parents, scale, far, rng)
        points, logs, scale, kinship = got.points, got.logs, got.scale, kinship.moved(got.alike)
        powers.append(power)
        acceptance.append(got.accepted / got.tried)
        used += got.tried
    return Bridged(
        points=points, kinship=kinship, log_evidence=evidence, failed=int(failed.sum()), powers=tuple(powers),
        acceptance=tuple(acceptance), evaluations=used,
    )  # fmt: skip


def _between(logs: Floats, first: float, second: float) -> Floats:
    """(N,) a weighted sum of both ends' log densities; -inf where either is impossible."""
    known = np.isfinite(logs)
    both = np.where(known, logs, 0.0) @ np.array([first, second])
    return np.where(known[:, 0] & known[:, 1], both, -np.inf)


def _tempered(logs: Floats, step: float) -> Floats:
    """Log weights of a step; an impossible draw has none, however small the step."""
    return np.where(np.isfinite(logs), step * np.where(np.isfinite(logs), logs, 0.0), -np.inf)


def _next_power(logs: Floats, power: float, kept: float) -> float:
    """The largest power up to 1 at which the share `kept` of the draws that are possible is effective."""
    wanted = kept * int(np.isfinite(logs).sum())
    if effective(_tempered(logs, 1.0 - power)) >= wanted:
        return 1.0
    low, high = power, 1.0
    for _ in range(60):
        middle = (low + high) / 2.0
        if effective(_tempered(logs, middle - power)) >= wanted:
            low = middle
        else:
            high = middle
    return low if low > power else high


@dataclass(frozen=True, kw_only=True)
class _Moves:
    """What a step's moves came to: the particles, the step length, and the correlation of two that began together."""

    points: Floats
    logs: Floats
    scale: float
    alike: float
    accepted: int
    tried: int


def _spread(points: Floats, weights: Floats) -> Floats:
    """(D, D) covariance of weighted draws, a fifth of it its diagonal.

    It is taken as if one further draw lay as far off as the draws did before they were weighed, so that it is none of a
    single point where only one draw has weight.
    """
    own = np.atleast_2d(np.cov(points, rowvar=False, aweights=weights, ddof=0))
    before = np.atleast_2d(np.cov(points, rowvar=False, ddof=0))
    ess = 1.0 / float(weights @ weights)
    mixed = (ess * own + before) / (ess + 1.0)
    return np.asarray(0.8 * mixed + np.diag(0.2 * np.diag(mixed) + 1e-12), dtype=np.float64)


def _moved(
    prior: Prior, ends: Callable[[Floats], Floats], points: Floats, logs: Floats, power: float, spread: Floats,
    parents: float, scale: float, far: float, rng: np.random.Generator,
) -> _Moves:  # fmt: skip
    """Random-walk moves that leave a bridge's density at φ = power as it is.

    How far particles went is measured in the larger of two variances, that of the `spread` and their own by now, and
    this is taken 1 + 2 / `parents` times as large, for the effective draws that it was estimated from.
    """
    count, size = points.shape
    root, start = np.linalg.cholesky(spread), points
    doubt = 1.0 + 2.0 / parents
    here, accepted, tried = _between(logs, 1.0 - power, power), 0, 0
    gone = np.zeros(size)
    while gone.mean() < far and tried < MOST_MOVES * count:
        proposed = _reflected(points + scale * rng.standard_normal((count, size)) @ root.T)
        found = np.asarray(ends(prior.quantile(proposed)), dtype=np.float64)
        there = _between(found, 1.0 - power, power)
        take = np.log(rng.random(count)) < there - here
        points, here = np.where(take[:, None], proposed, points), np.where(take, there, here)
        logs = np.where(take[:, None], found, logs)
        accepted, tried = accepted + int(take.sum()), tried + count
        # the same for all particles of a step, and read off before the next: each move is Metropolis-Hastings' own
        scale = float(np.clip(scale * math.exp(take.mean() - 0.3), 1e-3, 10.0))
        variance = np.maximum(np.diag(spread), points.var(axis=0))
        gone = ((points - start) ** 2).mean(axis=0) / (variance * doubt)
    alike = float((np.maximum(1.0 - gone / 2.0, 0.0) ** 2).mean())
    return _Moves(points=points, logs=logs, scale=scale, alike=alike, accepted=accepted, tried=tried)


def _reflected(u: Floats) -> Floats:
    """Points outside the unit cube folded back at its walls, which keeps the random walk symmetric."""
    folded = np.mod(u, 2.0)
    return np.asarray(np.where(folded > 1.0, 2.0 - folded, folded), dtype=np.float64)


__all__ = [
    "FAR",
    "KEPT",
    "LEAST",
    "TELLING",
    "Bridged",
    "Floats",
    "Posterior",
    "Prior",
    "box",
    "bridge",
    "effective",
    "infer",
    "most_pareto",
    "pareto_shape",
    "shortcoming",
    "systematic",
    "temper",
    "weigh",
    "weighted_quantile",
]
