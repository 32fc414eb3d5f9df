"""The posterior of uncertain parameters, given any log likelihood: importance weights, and sequential Monte Carlo.

A prior is given by its quantile function: points u of the unit cube, even on it, become parameter values. All moves are
made in the cube, so ranges are kept to by construction and every prior, however shaped, is flat there.

*Importance weights* reweigh draws from the prior by their likelihood. Whether that is good enough is decided by two
figures: the effective sample size (Σw)²/Σw² (Kong 1992), and the shape k of the generalised Pareto distribution fitted
to the largest weights (Vehtari, Simpson, Gelman, Yao and Gabry 2024), which has to be at most min(1 - 1/log₁₀ N, 0.7).

*Sequential Monte Carlo* (Del Moral, Doucet and Jasra 2006) goes from prior to posterior by raising the likelihood to a
power that grows from 0 to 1: each step as far as leaves a stated share of effective draws (bisection), then systematic
resampling, then random-walk Metropolis-Hastings moves, reflected at the cube's walls, with the spread of the particles
themselves; the step length follows the acceptance, and moves are repeated until particles have moved often enough.
The product of the steps' mean weights estimates the evidence.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
LogLikelihood = Callable[[Floats], Floats]
"""(N, D) parameter values to (N,) log likelihoods; -inf where impossible, not a number where it cannot be computed."""

LEAST = 50.0
"""Effective draws below which importance weights are not relied on."""
KEPT = 0.5
"""Share of effective particles that a tempering step leaves."""
MOVES = 2.0
"""Accepted moves per particle, on average, after which a step's moves end."""
MOST_MOVES = 30
"""Moves per step after which they end anyway."""


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
        ess: effective number of draws.
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

    At most a fifth of the weights and 3 √N are looked at; infinite where fewer than five differ from zero there, and
    -infinity where all weights are equal. The fit is drawn towards ½ as by ten further weights (Vehtari et al. 2024).
    """
    known = np.sort(log_weights[np.isfinite(log_weights)])
    tail = math.ceil(min(0.2 * len(log_weights), 3.0 * math.sqrt(len(log_weights))))
    if tail < 5 or len(known) <= tail:
        return math.inf
    if known[-1] - known[0] < 1e-12:
        return -math.inf
    x = np.exp(known[-tail:] - known[-1]) - math.exp(known[-tail - 1] - known[-1])
    if x[tail // 4] <= 0:
        return math.inf
    n, count = len(x), 30 + int(math.sqrt(len(x)))
    grid = 1.0 / x[-1] + (1.0 - np.sqrt(count / (np.arange(1, count + 1) - 0.5))) / (3.0 * x[int(n / 4 + 0.5) - 1])
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
    most = most_pareto(int(known.sum()))
    why = ""
    if ess < least:
        why = f"{ess:.0f} effective draws of {known.sum()}; {least:.0f} are asked for"
    elif shape > most:
        why = f"the largest weights have a tail of shape {shape:.2f}; {most:.2f} is the most that averages bear"
    return Posterior(
        names=tuple(names), values=np.asarray(values, dtype=np.float64), weights=raw / raw.sum(),
        log_evidence=top + math.log(raw.sum() / known.sum()), method="importance", ess=ess, pareto=shape,
        enough=not why, why=why, failed=int((~known).sum()), evaluations=len(logs),
    )  # fmt: skip


def temper(
    prior: Prior, log_likelihood: LogLikelihood, *, particles: int = 500, kept: float = KEPT, moves: float = MOVES,
    seed: int = 0, start: tuple[Floats, Floats] | None = None,
) -> Posterior:  # fmt: skip
    """The posterior by sequential Monte Carlo.

    Args:
        prior: of the parameters.
        log_likelihood: of (N, D) parameter values; -inf where impossible or not to be computed.
        particles: how many.
        kept: share of effective particles that a step leaves.
        moves: accepted moves per particle, on average, at which a step ends.
        seed: of all random numbers; the same seed gives the same result.
        start: (N, D) points of the cube drawn from the prior and their (N,) log likelihoods, where known already.

    Raises:
        ValueError: no particle has a likelihood above zero.
    """
    rng = np.random.default_rng(seed)
    u = start[0].copy() if start is not None else rng.random((particles, len(prior.names)))
    logs = start[1].copy() if start is not None else np.asarray(log_likelihood(prior.quantile(u)), dtype=np.float64)
    evaluations, failed = len(u), int(np.isnan(logs).sum())
    logs = np.where(np.isnan(logs), -np.inf, logs)
    if not np.isfinite(logs).any():
        raise ValueError("no draw gives what was seen any probability")
    power, powers, evidence = 0.0, [0.0], math.log((len(u)) / (len(u) - failed))
    acceptance: list[float] = []
    scale = 2.38 / math.sqrt(u.shape[1])
    while power < 1.0:
        following = _next_power(logs, power, kept)
        weights = _tempered(logs, following - power)
        evidence += float(np.logaddexp.reduce(weights) - math.log(len(weights)))
        pick = systematic(np.exp(weights - np.logaddexp.reduce(weights)), rng)
        u, logs, power = u[pick], logs[pick], following
        powers.append(power)
        u, logs, rate, scale, used = moved(prior, log_likelihood, u, logs, power, scale, moves, rng)
        acceptance.append(rate)
        evaluations += used
    count = len(u)
    distinct = len(np.unique(u, axis=0))
    why = "" if distinct >= LEAST else f"{distinct} different particles are left of {count}"
    return Posterior(
        names=prior.names, values=prior.quantile(u), weights=np.full(count, 1.0 / count), log_evidence=evidence,
        method="sequential", ess=float(distinct), pareto=math.nan, enough=not why, why=why, failed=failed,
        evaluations=evaluations, powers=tuple(powers), acceptance=tuple(acceptance),
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


def moved(
    prior: Prior, log_likelihood: LogLikelihood, u: Floats, logs: Floats, power: float, scale: float, moves: float,
    rng: np.random.Generator,
) -> tuple[Floats, Floats, float, float, int]:  # fmt: skip
    """Particles after random-walk moves that leave prior × likelihood^power as it is; the step length for the next."""
    count, size = u.shape
    spread = np.atleast_2d(np.cov(u, rowvar=False)) + 1e-10 * np.eye(size)
    root = np.linalg.cholesky(spread)
    accepted, used, tried = 0, 0, 0
    while accepted < moves * count and tried < MOST_MOVES:
        proposed = _reflected(u + scale * rng.standard_normal((count, size)) @ root.T)
        new = np.asarray(log_likelihood(prior.quantile(proposed)), dtype=np.float64)
        new = np.where(np.isnan(new), -np.inf, new)
        with np.errstate(invalid="ignore"):
            gain = power * (new - logs)
        take = np.log(rng.random(count)) < np.where(np.isfinite(new), gain, -np.inf)
        u, logs = np.where(take[:, None], proposed, u), np.where(take, new, logs)
        accepted += int(take.sum())
        used, tried = used + count, tried + 1
        # the same for all particles of a step, and read off before the next: each move is Metropolis-Hastings' own
        scale = float(np.clip(scale * math.exp(take.mean() - 0.3), 1e-3, 10.0))
    return u, logs, accepted / max(used, 1), scale, used


def _reflected(u: Floats) -> Floats:
    """Points outside the unit cube folded back at its walls, which keeps the random walk symmetric."""
    folded = np.mod(u, 2.0)
    return np.asarray(np.where(folded > 1.0, 2.0 - folded, folded), dtype=np.float64)


__all__ = [
    "KEPT",
    "LEAST",
    "MOVES",
    "Posterior",
    "Prior",
    "box",
    "effective",
    "infer",
    "most_pareto",
    "moved",
    "pareto_shape",
    "systematic",
    "temper",
    "weigh",
    "weighted_quantile",
]
