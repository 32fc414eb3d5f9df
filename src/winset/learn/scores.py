"""How good probability forecasts were: scores, their decomposition, reliability, and skill against a reference.

Both scores are losses: 0 is perfect, smaller is better. The Brier score is (p - y)² (Brier 1950), from 0 to 1. The log
score is -ln of the probability given to what came about (Good 1952), in nats; a forecast of exactly 0 or 1 that was
wrong scores infinity, and is shown so. Both are proper: nobody gains in expectation by stating what he does not believe
(Gneiting and Raftery 2007).

Forecasts of one outcome at successive dates are not independent: they share what happened. Whatever is said here of
uncertainty draws whole *clusters* of forecasts, as a rule all those about one outcome, never single ones.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

BINS = (0.0, 0.05, 0.2, 0.45, 0.55, 0.8, 0.95, 1.0)
"""Limits of the bins in which forecasts are put together: the bands of the words of likelihood (ICD 203)."""
FEW = 8
"""Clusters below which an interval drawn from them is too narrow, and said to be so."""


@dataclass(frozen=True, kw_only=True)
class DatedForecast:
    """A probability stated on a day for something to happen after it and up to a deadline.

    Attributes:
        outcome: what is foretold; forecasts of one outcome are one cluster.
        date, deadline: days as 2019-10-09.
        probability: from 0 to 1.
        happened: whether it came about; None where that is not known, which is never scored.
    """

    outcome: str
    date: str
    deadline: str
    probability: float
    happened: bool | None


@dataclass(frozen=True, kw_only=True)
class Decomposition:
    """Parts of a mean Brier score (Murphy 1973), with what is left within bins (Stephenson, Coelho, Jolliffe 2008).

    `brier` = `reliability` - `resolution` + `uncertainty` + `within`, exactly.

    Attributes:
        reliability: mean squared gap between what was said and how often it came about, by bin; 0 is best.
        resolution: how far the bins' frequencies lie from the overall one; larger is better.
        uncertainty: of the outcomes themselves, f (1 - f); nothing a forecaster can change.
        within: what the bins do not show: the variance of forecasts in a bin, less twice their covariance with what
            happened; 0 where each bin holds one value.
    """

    brier: float
    reliability: float
    resolution: float
    uncertainty: float
    within: float


@dataclass(frozen=True, kw_only=True)
class ReliabilityBin:
    """Forecasts said to be about equally likely.

    Attributes:
        low, high: limits of the bin; a forecast on a limit counts above it, 1 in the last bin.
        count, clusters: forecasts in it, and how many outcomes they are about.
        mean: mean forecast.
        frequency: how often it came about.
        expected_low, expected_high: where the frequency would lie with the stated probability if the forecasts were
            reliable (consistency interval, Bröcker and Smith 2007).
    """

    low: float
    high: float
    count: int
    clusters: int
    mean: float
    frequency: float
    expected_low: float
    expected_high: float

    @property
    def fits(self) -> bool:
        """Whether the frequency lies where reliable forecasts would put it."""
        return self.expected_low - 1e-12 <= self.frequency <= self.expected_high + 1e-12


@dataclass(frozen=True, kw_only=True)
class Skill:
    """How much of a reference's loss a forecaster saves, on the same forecasts.

    Attributes:
        value: 1 - own loss / reference's loss: 1 perfect, 0 no better, below 0 worse; None where the ratio has no value
            (the reference's loss is 0 or infinite, or one's own is infinite).
        low, high: limits of its interval; None where a share of the draws too large to leave out has no value.
        difference: own mean loss less the reference's; below 0 is better. None where both are infinite.
        difference_low, difference_high: limits of its interval.
        better: share of the draws in which the own loss is the smaller one.
        count, clusters: forecasts compared, and how many clusters they form.
        few: fewer clusters than `FEW`: the intervals are too narrow.
    """

    value: float | None
    low: float | None
    high: float | None
    difference: float | None
    difference_low: float | None
    difference_high: float | None
    better: float
    count: int
    clusters: int
    few: bool


def brier(probability: ArrayLike, happened: ArrayLike) -> Floats:
    """(N,) Brier score of each forecast, (p - y)².

    Raises:
        ValueError: a probability outside 0 to 1, or not as many outcomes.
    """
    p, y = _pairs(probability, happened)
    return (p - y) ** 2


def log_score(probability: ArrayLike, happened: ArrayLike) -> Floats:
    """(N,) log score of each forecast in nats: -ln p of what came about; infinite where that was said to be impossible.

    Raises:
        ValueError: a probability outside 0 to 1, or not as many outcomes.
    """
    p, y = _pairs(probability, happened)
    with np.errstate(divide="ignore"):
        return np.asarray(0.0 - np.log(np.where(y == 1.0, p, 1.0 - p)), dtype=np.float64)


def mean_score(scores: Floats) -> float:
    """The mean of scores; infinite if one of them is; not a number without any."""
    return float(np.mean(scores)) if len(scores) else float("nan")


def decompose(probability: ArrayLike, happened: ArrayLike, *, limits: Sequence[float] | None = None) -> Decomposition:
    """The parts of the mean Brier score.

    Args:
        probability, happened: (N,) forecasts, and whether each came about.
        limits: of the bins, from 0 to 1; None: every different value is a bin of its own, and `within` is 0.

    Raises:
        ValueError: no forecast, a probability outside 0 to 1, or not as many outcomes.
    """
    p, y = _pairs(probability, happened)
    if not len(p):
        raise ValueError("there is no forecast to take apart")
    group = np.unique(p, return_inverse=True)[1].reshape(-1) if limits is None else _bin(p, limits)
    count = np.bincount(group).astype(float)
    safe = np.maximum(count, 1.0)
    said, came = np.bincount(group, p) / safe, np.bincount(group, y) / safe
    rate = float(y.mean())
    share = count / len(p)
    apart = p - said[group]
    return Decomposition(
        brier=float(((p - y) ** 2).mean()), reliability=float(share @ (said - came) ** 2),
        resolution=float(share @ (came - rate) ** 2), uncertainty=rate * (1.0 - rate),
        within=float((apart**2).mean() - 2.0 * (apart * (y - came[group])).mean()),
    )  # fmt: skip


def reliability_curve(
    probability: ArrayLike, happened: ArrayLike, clusters: Sequence[object] | None = None, *,
    limits: Sequence[float] = BINS, level: float = 0.9, draws: int = 2000, seed: int = 0,
) -> tuple[ReliabilityBin, ...]:  # fmt: skip
    """The points of a reliability diagram, each with the interval in which a reliable forecaster's would lie.

    For the interval, outcomes are drawn as if every forecast were right: for each cluster one number u, even on 0 to
    1, and a forecast p of that cluster comes about where u < p. So each forecast comes about with its own
    probability, and those of a cluster together as far as that allows: the widest interval that they leave open.

    Args:
        probability, happened: (N,) forecasts, and whether each came about.
        clusters: (N,) what each is about; None: each forecast stands for itself.
        limits: of the bins, from 0 to 1.
        level: probability with which a reliable forecaster lies inside.
        draws, seed: how many times outcomes are drawn, and from which seed.

    Returns:
        The bins that hold a forecast, from low to high.

    Raises:
        ValueError: a probability outside 0 to 1, or not as many outcomes or clusters.
    """
    p, y = _pairs(probability, happened)
    member = _members(clusters, len(p))
    if not len(p):
        return ()
    group, rng = _bin(p, limits), np.random.default_rng(seed)
    u = rng.random((draws, int(member.max()) + 1))
    tail = (1.0 - level) / 2.0
    out = []
    for b in np.unique(group):
        rows = np.flatnonzero(group == b)
        drawn = (u[:, member[rows]] < p[rows]).mean(axis=1)
        low, high = np.quantile(drawn, [tail, 1.0 - tail], method="inverted_cdf")
        out.append(
            ReliabilityBin(
                low=float(limits[b]), high=float(limits[b + 1]), count=len(rows),
                clusters=len(np.unique(member[rows])), mean=float(p[rows].mean()), frequency=float(y[rows].mean()),
                expected_low=float(low), expected_high=float(high),
            )
        )  # fmt: skip
    return tuple(out)


def skill(
    own: ArrayLike, reference: ArrayLike, clusters: Sequence[object] | None = None, *,
    level: float = 0.9, draws: int = 4000, seed: int = 0,
) -> Skill:  # fmt: skip
    """Skill against a reference with an interval from a paired block bootstrap (Künsch 1989; Hamill 1999).

    Each draw takes as many clusters as there are, with replacement, each with all its forecasts and with both sides'
    scores of them, and computes the skill anew; the interval holds the middle `level` of the draws.

    Args:
        own, reference: (N,) losses on the same forecasts.
        clusters: (N,) what each forecast is about; None: each stands for itself.
        level: share of the draws that the intervals hold.
        draws, seed: how many draws, and from which seed.

    Raises:
        ValueError: no score, or not as many on both sides.
    """
    mine, theirs = np.asarray(own, dtype=np.float64), np.asarray(reference, dtype=np.float64)
    if mine.shape != theirs.shape or mine.ndim != 1 or not len(mine):
        raise ValueError(f"scores are compared one by one: there are {mine.shape} and {theirs.shape}")
    member = _members(clusters, len(mine))
    size = int(member.max()) + 1
    sums = [np.bincount(member, x) for x in (np.ones(len(mine)), mine, theirs)]
    pick = np.random.default_rng(seed).integers(size, size=(draws, size))
    number, a, b = (s[pick].sum(axis=1) for s in sums)
    tail = (1.0 - level) / 2.0
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio, apart = 1.0 - a / b, (a - b) / number
    return Skill(
        value=_ratio(float(mine.mean()), float(theirs.mean())), **_limits(ratio, tail),
        difference=_known(float(mine.mean()) - float(theirs.mean())) if not _both_infinite(mine, theirs) else None,
        **_limits(apart, tail, "difference_"), better=float((a < b).mean()), count=len(mine), clusters=size,
        few=size < FEW,
    )  # fmt: skip


def resolved(forecasts: Sequence[DatedForecast]) -> list[DatedForecast]:
    """Those whose outcome is known."""
    return [f for f in forecasts if f.happened is not None]


def _ratio(own: float, reference: float) -> float | None:
    return 1.0 - own / reference if np.isfinite(own) and np.isfinite(reference) and reference > 0 else None


def _known(value: float) -> float | None:
    return None if np.isnan(value) else value


def _both_infinite(own: Floats, reference: Floats) -> bool:
    return bool(np.isinf(own).any() and np.isinf(reference).any())


def _limits(drawn: Floats, tail: float, name: str = "") -> dict[str, Any]:
    """Limits of the middle of the draws; None where those without a value could hold a limit."""
    known = drawn[~np.isnan(drawn)]  # an infinite one is a loss like any other, only without a number
    if len(known) < (1.0 - tail / 2.0) * len(drawn):
        return {f"{name}low": None, f"{name}high": None}
    ends = np.quantile(known, [tail, 1.0 - tail], method="inverted_cdf")
    low, high = (float(end) if np.isfinite(end) else None for end in ends)
    return {f"{name}low": low, f"{name}high": high}


def _pairs(probability: ArrayLike, happened: ArrayLike) -> tuple[Floats, Floats]:
    p, y = np.asarray(probability, dtype=np.float64), np.asarray(happened, dtype=np.float64)
    if p.ndim != 1 or p.shape != y.shape:
        raise ValueError(f"each forecast has one outcome: there are {p.shape} forecasts and {y.shape} outcomes")
    if not ((p >= 0.0) & (p <= 1.0)).all():
        raise ValueError(f"a probability lies from 0 to 1, not at {p[~((p >= 0.0) & (p <= 1.0))][0]:g}")
    if not np.isin(y, (0.0, 1.0)).all():
        raise ValueError("an outcome is True or False; leave out what is not known")
    return p, y


def _bin(p: Floats, limits: Sequence[float]) -> NDArray[np.int64]:
    edges = np.asarray(limits, dtype=np.float64)
    if len(edges) < 2 or edges[0] != 0.0 or edges[-1] != 1.0 or not (np.diff(edges) > 0).all():
        raise ValueError("the limits of bins rise from 0 to 1")
    return np.asarray(np.clip(np.searchsorted(edges, p, side="right") - 1, 0, len(edges) - 2), dtype=np.int64)


def _members(clusters: Sequence[object] | None, count: int) -> NDArray[np.int64]:
    """(N,) number of each forecast's cluster, in order of first appearance."""
    if clusters is None:
        return np.arange(count)
    if len(clusters) != count:
        raise ValueError(f"each forecast belongs to a cluster: there are {count} and {len(clusters)}")
    numbers: dict[object, int] = {}
    return np.array([numbers.setdefault(c, len(numbers)) for c in clusters], dtype=np.int64)


__all__ = [
    "BINS",
    "FEW",
    "DatedForecast",
    "Decomposition",
    "ReliabilityBin",
    "Skill",
    "brier",
    "decompose",
    "log_score",
    "mean_score",
    "reliability_curve",
    "resolved",
    "skill",
]
