"""The draws put together: at each date every draw weighs what the record up to then gives it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from winset.learn.posterior import Floats, Posterior, weigh, weighted_quantile
from winset.study.hindcast.work import finite

MIDDLE = (0.1, 0.9)
"""Shares of the draws between which a forecast is told to lie."""


@dataclass(frozen=True, kw_only=True)
class Pooled:
    """What N draws say at each of T dates of each of E events up to its deadlines.

    Attributes:
        names: of the uncertain parameters.
        values: (N, D) their values.
        chances: by event (T, deadlines, N); nan where there is no forecast.
        log_evidence: (T, N) of the record up to the date; minus infinity where the draw cannot have it.
        beliefs: (T, N, R) of the record's reader about types.
        lost: (T, N) probability dropped.
        central: the same of the one draw at the central values (N = 1); None where it failed.
    """

    names: tuple[str, ...]
    values: Floats
    chances: tuple[Floats, ...]
    log_evidence: Floats
    beliefs: Floats
    lost: Floats
    central: Pooled | None = None

    def posterior(self, date: int) -> Posterior | None:
        """The draws weighed by the record up to a date; None where none of them can have it."""
        logs = self.log_evidence[date]
        return weigh(self.names, self.values, logs) if np.isfinite(logs).any() else None

    def chance(self, event: int, date: int, deadline: int, weights: Floats) -> tuple[float, float, float] | None:
        """Mean of the draws with these weights, and where their middle lies; None where there is no forecast."""
        told = self.chances[event][date, deadline]
        kept = (weights > 0) & ~np.isnan(told)
        if not kept.any():
            return None
        w, p = weights[kept] / weights[kept].sum(), told[kept]
        low, high = (weighted_quantile(p, w, share) for share in MIDDLE)
        return float(w @ p), low, high


def pooled(
    names: Sequence[str], values: Floats, results: Sequence[Mapping[str, Any]], central: Mapping[str, Any] | None
) -> Pooled:
    """Draws whose results are there, put together.

    Args:
        names, values: the parameters, and (N, D) their values in the draws.
        results: what `Worker` said of each of the N draws.
        central: what it said at the central values.
    """
    alone = None if central is None else pooled((), np.zeros((1, 0)), [central], None)
    events = len(results[0]["forecast"][0])
    chances = tuple(
        np.array([[date[e] for date in r["forecast"]] for r in results], dtype=np.float64).transpose(1, 2, 0)
        for e in range(events)
    )
    return Pooled(
        names=tuple(names), values=values, chances=chances,
        log_evidence=np.array([finite(r["log_evidence"]) for r in results]).T,
        beliefs=np.array([r["belief"] for r in results], dtype=np.float64).transpose(1, 0, 2),
        lost=np.array([r["lost"] for r in results], dtype=np.float64).T, central=alone,
    )  # fmt: skip


__all__ = ["MIDDLE", "Pooled", "pooled"]
