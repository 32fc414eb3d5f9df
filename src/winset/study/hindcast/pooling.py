"""The draws put together: at each date every draw weighs what the record up to then gives it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from winset.learn.posterior import Floats, Posterior, weighted_quantile

MIDDLE = (0.1, 0.9)
"""Shares of the draws between which a forecast is told to lie."""


@dataclass(frozen=True, kw_only=True)
class Chance:
    """A forecast: the draws' mean, where their middle lies, and the standard error of the mean of so many draws."""

    mean: float
    low: float
    high: float
    error: float


@dataclass(frozen=True, kw_only=True)
class Pooled:
    """What M draws say at each of T dates of each of E events up to its deadlines.

    Attributes:
        names: of the D uncertain parameters.
        values: (M, D) their values.
        chances: by event (T, deadlines, M); nan where there is no forecast.
        posteriors: by date, the draws weighed by the record; None where none of those in use gives it any probability.
        prior: (M,) 1 for draws from the prior that did not fail, else 0.
        possible: (T, M) whether a draw gives the record up to a date any probability.
        beliefs: (T, M, R) of the record's reader about types.
        lost: (T, M) probability dropped.
    """

    names: tuple[str, ...]
    values: Floats
    chances: tuple[Floats, ...]
    posteriors: tuple[Posterior | None, ...]
    prior: Floats
    possible: Floats
    beliefs: Floats
    lost: Floats

    def chance(self, event: int, date: int, deadline: int, weights: Floats, ess: float | None = None) -> Chance | None:
        """The forecast of the draws with these weights; None where there is none.

        The error is that of independent draws, unless the effective number of draws is given: those that descend from
        one err alike, and the error is the larger by the root of how many fewer they are.
        """
        told = self.chances[event][date, deadline]
        kept = (weights > 0) & ~np.isnan(told)
        if not kept.any():
            return None
        w, p = weights[kept] / weights[kept].sum(), told[kept]
        low, high = (weighted_quantile(p, w, share) for share in MIDDLE)
        mean = float(w @ p)
        alike = 1.0 if ess is None else float(weights.sum() ** 2 / (weights @ weights)) / ess
        return Chance(mean=mean, low=low, high=high, error=float(np.sqrt(alike * (w**2 @ (p - mean) ** 2))))

    def taught_nothing(self, date: int) -> Floats:
        """(M,) weights of the prior's draws, all alike, that the record up to a date does not rule out."""
        return np.asarray(self.prior * self.possible[date], dtype=np.float64)


def pooled(
    names: Sequence[str], values: Floats, results: Sequence[Mapping[str, Any] | None],
    posteriors: Sequence[Posterior | None], prior: Floats,
) -> Pooled:  # fmt: skip
    """Draws put together; one that failed has no result, and no forecast.

    Raises:
        ValueError: no draw has a result.
    """
    good = [i for i, r in enumerate(results) if r is not None]
    if not good:
        raise ValueError("no draw has a result")
    known: list[Mapping[str, Any]] = [r for r in results if r is not None]

    def spread(table: Any) -> Floats:
        """(…, M) from the draws that have results."""
        found = np.array(table, dtype=np.float64)
        out = np.full((*found.shape[1:], len(results)), np.nan)
        out[..., good] = np.moveaxis(found, 0, -1)
        return out

    events = range(len(known[0]["forecast"][0]))
    return Pooled(
        names=tuple(names), values=values,
        chances=tuple(spread([[date[e] for date in r["forecast"]] for r in known]) for e in events),
        posteriors=tuple(posteriors), prior=prior,
        possible=np.nan_to_num(spread([[v is not None for v in r["log_evidence"]] for r in known])),
        beliefs=np.moveaxis(spread([r["belief"] for r in known]), 2, 1),
        lost=np.nan_to_num(spread([r["lost"] for r in known])),
    )  # fmt: skip


__all__ = ["MIDDLE", "Chance", "Pooled", "pooled"]
