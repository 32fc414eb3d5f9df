"""The posterior of parameters at each of a row of dates, as a record grows: draws are kept, weighed anew, and renewed.

Draws from the prior are weighed by the probability that they give the record up to each date. Where too few of them
carry the weight (as `learn.posterior` judges), they can be *renewed*: resampled, and moved by Metropolis-Hastings steps
that leave the posterior at that date as it is (Chopin 2002). Nothing that is known later enters at an earlier date.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from winset.learn.posterior import MOVES, Floats, Posterior, Prior, moved, systematic, weigh

Ints = NDArray[np.int64]
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
    prior: Prior, evaluate: Evaluate, start: Floats, *, least: float, renew: bool, moves: float = MOVES, seed: int = 0
) -> Assimilated:
    """Weighs draws by a growing record.

    Args:
        prior: of the parameters.
        evaluate: the record's log probability up to each date.
        start: (N, D) points of the unit cube to begin with, even on it.
        least: effective draws below which weights are not relied on.
        renew: renew the draws at such a date.
        moves: accepted moves per draw at a renewal, on average.
        seed: of the renewals' random numbers.
    """
    run = _Run(prior, evaluate)
    points, at = start, run.evaluated(prior.quantile(start))
    known, rng = np.zeros(len(start)), np.random.default_rng(seed)
    even = np.isfinite(run.logs[:, 0]) | np.isneginf(run.logs[:, 0])
    told: list[tuple[Posterior, Ints] | None] = []
    renewals: list[int] = []
    base = 0.0
    for date in range(run.logs.shape[1]):
        own = run.logs[at, date] - known
        if not np.isfinite(own).any():
            told.append(None)
            continue
        found = weigh(prior.names, run.values[at], own, least=least)
        evidence = base + found.log_evidence
        if renew and not found.enough:
            pick = systematic(found.weights, rng)
            points = moved(
                prior, partial(run.at, date=date), points[pick], run.logs[at[pick], date], 1.0,
                2.38 / points.shape[1] ** 0.5, moves, rng,
            )[0]  # fmt: skip
            at = run.evaluated(prior.quantile(points))
            known, base = run.logs[at, date], evidence
            renewals.append(date)
            found = weigh(prior.names, run.values[at], np.zeros(len(at)), least=least)
        told.append((replace(found, log_evidence=evidence, method="sequential" if renewals else "importance"), at))
    return Assimilated(
        values=run.values, logs=run.logs, renewals=tuple(renewals),
        posteriors=tuple(None if one is None else _wide(*one, run.values, least) for one in told),
        prior=np.concatenate([even.astype(float), np.zeros(len(run.values) - len(even))]),
    )  # fmt: skip


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

    def at(self, values: Floats, *, date: int) -> Floats:
        """(n,) log probabilities of the record up to a date."""
        where = self.evaluated(values)
        return np.asarray(self.logs[where, date], dtype=np.float64)


def _wide(found: Posterior, at: Ints, values: Floats, least: float) -> Posterior:
    """A posterior over the draws in use, as one over all points; a draw in use twice weighs twice."""
    weights = np.bincount(at, found.weights, len(values)).astype(np.float64)
    ess = float(1.0 / (weights @ weights))
    why = found.why or (f"{ess:.0f} effective draws; {least:.0f} are asked for" if ess < least else "")
    return replace(found, values=values, weights=weights, ess=ess, enough=not why, why=why, evaluations=len(values))


__all__ = ["Assimilated", "Evaluate", "assimilate"]
