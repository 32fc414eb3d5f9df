"""The posterior of parameters at each of a row of dates, as a record grows: draws are kept, weighed anew, and renewed.

Draws from the prior are weighed by the probability that they give the record up to each date. Where too few of them
carry the weight (as `learn.posterior` judges), they can be *renewed*: taken from the posterior of the date of the last
renewal, or from the prior, along a bridge to that of this date, by resampling and Metropolis-Hastings moves (Chopin
2002). Nothing that is known later enters at an earlier date.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from winset.learn.kinship import Floats, Ints, Kinship
from winset.learn.posterior import FAR, TELLING, Posterior, Prior, bridge, shortcoming, weigh

FEWEST = 4
"""Draws below which there is no renewal: their spread would be no guide to moves."""
Evaluate = Callable[[Floats], Floats]
"""(n, D) parameter values to (n, T) log probabilities of the record up to each date; not a number where it failed."""


@dataclass(frozen=True, kw_only=True)
class Assimilated:
    """What is known of the parameters at T dates.

    Attributes:
        values: (M, D) all points that were evaluated, in that order.
        logs: (M, T) their log probabilities of the record up to each date.
        posteriors: one a date, over all M points (weight 0 for those not in use then); None where no draw in use gives
            the record any probability.
        renewals: the dates at which draws were renewed.
        prior: (M,) 1 for the draws that the prior gave and that did not fail, else 0.
    """

    values: Floats
    logs: Floats
    posteriors: tuple[Posterior | None, ...]
    renewals: tuple[int, ...]
    prior: Floats


def assimilate(
    prior: Prior, evaluate: Evaluate, start: Floats, *, least: float, renew: bool, far: float = FAR, seed: int = 0
) -> Assimilated:
    """Weighs draws by a growing record.

    Args:
        prior: of the parameters.
        evaluate: the record's log probability up to each date.
        start: (N, D) points of the unit cube to begin with, even on it.
        least: effective draws below which weights are not relied on.
        renew: renew the draws at such a date, and where the tail of their weights is too heavy; never fewer than
            `FEWEST` draws.
        far: how far draws move in each step of a renewal: mean squared distance, in variances.
        seed: of the renewals' random numbers.
    """
    run = _Run(prior, evaluate)
    points, at, kinship = start, run.evaluated(prior.quantile(start)), Kinship.none(len(start))
    rng, since, base = np.random.default_rng(seed), -1, 0.0
    even = np.isfinite(run.logs[:, 0]) | np.isneginf(run.logs[:, 0])
    told: list[tuple[Posterior, Ints] | None] = []
    renewals: list[int] = []
    for date in range(run.logs.shape[1]):
        logs = run.ends(at, since, date)
        own = logs[:, 1] - logs[:, 0]
        if not np.isfinite(own).any():
            told.append(None)
            continue
        found = _judged(weigh(prior.names, run.values[at], own, least=least), kinship, points, least)
        evidence = base + found.log_evidence
        if renew and not found.enough:
            if len(points) < FEWEST:
                few = "1 draw is" if len(points) == 1 else f"{len(points)} draws are"
                found = replace(found, why=f"{found.why}; {few} too few to be renewed, {FEWEST} are needed")
            elif _worn(found, least):
                to = partial(run.between, since=since, date=date)
                got = bridge(prior, to, points, logs, kinship, rng=rng, far=far)
                points, kinship, evidence = got.points, got.kinship, base + got.log_evidence
                at, since, base = run.evaluated(prior.quantile(points)), date, evidence
                renewals.append(date)
                level = weigh(prior.names, run.values[at], np.zeros(len(at)), least=least)
                found = _judged(level, kinship, points, least)
        told.append((replace(found, log_evidence=evidence, method="sequential" if renewals else "importance"), at))
    return Assimilated(
        values=run.values, logs=run.logs, renewals=tuple(renewals),
        posteriors=tuple(None if one is None else _wide(*one, run.values) for one in told),
        prior=np.concatenate([even.astype(float), np.zeros(len(run.values) - len(even))]),
    )  # fmt: skip


def _judged(found: Posterior, kinship: Kinship, points: Floats, least: float) -> Posterior:
    """Weights judged with the draws' kinship."""
    ess = kinship.effective(found.weights, points)
    why = shortcoming(len(points) - found.failed, ess, found.pareto, least)
    return replace(found, ess=ess, enough=not why, why=why)


def _worn(found: Posterior, least: float) -> bool:
    """Whether draws that are not relied on are worn out, rather than too few to tell, which no renewal mends."""
    return found.ess < least or len(found.values) - found.failed >= TELLING


class _Run:
    """The points evaluated so far."""

    def __init__(self, prior: Prior, evaluate: Evaluate) -> None:
        self.prior, self.evaluate = prior, evaluate
        self.values = np.zeros((0, len(prior.names)))
        self.logs = np.zeros((0, 0))
        self.places: dict[bytes, int] = {}

    def evaluated(self, values: Floats) -> Ints:
        """The numbers of these parameter values among those evaluated; each is evaluated once."""
        keys = [row.tobytes() for row in np.ascontiguousarray(values)]
        new = {key: i for i, key in enumerate(keys) if key not in self.places}
        if new:
            rows = values[list(new.values())]
            logs = np.asarray(self.evaluate(rows), dtype=np.float64)
            self.places |= {key: len(self.values) + n for n, key in enumerate(new)}
            self.values = np.concatenate([self.values, rows])
            self.logs = np.concatenate([self.logs, logs]) if len(self.logs) else logs
        return np.array([self.places[key] for key in keys], dtype=np.int64)

    def ends(self, at: Ints, since: int, date: int) -> Floats:
        """(n, 2) log probabilities of the record up to two dates, the first of them -1 for none of it."""
        before = np.zeros(len(at)) if since < 0 else self.logs[at, since]
        return np.stack([before, self.logs[at, date]], axis=1)

    def between(self, values: Floats, *, since: int, date: int) -> Floats:
        """(n, 2) the same of parameter values."""
        return self.ends(self.evaluated(values), since, date)


def _wide(found: Posterior, at: Ints, values: Floats) -> Posterior:
    """A posterior over the draws in use, as one over all points; a draw in use twice weighs twice."""
    weights = np.bincount(at, found.weights, len(values)).astype(np.float64)
    return replace(found, values=values, weights=weights, evaluations=len(values))


__all__ = ["FEWEST", "Assimilated", "Evaluate", "assimilate"]
