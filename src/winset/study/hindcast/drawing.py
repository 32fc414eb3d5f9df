"""Draws of the parameters carried out and weighed, at each date by the record up to then alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from winset.base.errors import WinsetError
from winset.language.variants import apply
from winset.learn.posterior import Floats, Posterior
from winset.learn.sequential import assimilate
from winset.study import cache
from winset.study.hindcast.draws import prior_of, sobol
from winset.study.hindcast.pooling import Pooled, pooled
from winset.study.hindcast.work import Hindcasting, finite
from winset.study.runs.running import carry_out
from winset.study.runs.store import Store
from winset.study.runs.tasks import Executor, Job

Progress = Callable[[int, int, str], None]
MAKER = "winset.study.hindcast.work:Worker"
LEAST = 20.0
"""Effective draws below which a date's weights are not relied on; half of all where there are fewer than twice as many.
With so many the error of a forecast is about a fifth of the spread of the draws' forecasts."""


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """The draws, and those at the central values alone.

    Attributes:
        draws: all of them, weighed.
        central: the one draw at the central values; None where it failed.
        failed: how many draws failed, and `failures` why, each reason once.
        renewals: at which dates the draws were renewed.
    """

    draws: Pooled
    central: Pooled | None
    failed: int
    failures: tuple[str, ...]
    renewals: tuple[int, ...]


class Carrier:
    """Has draws carried out, each once, and keeps what came of them in order."""

    def __init__(self, shared: Hindcasting, at: Executor, store: Store, progress: Progress | None) -> None:
        parts = {
            "scenario": cache.scenario_hash(shared.scenario, None, shared.variant), "rounds": shared.rounds,
            "deadlines": [[d.isoformat() for d in days] for days in shared.deadlines], "unchecked": shared.unchecked,
            "grid": shared.grid, "spread": shared.walking.spread, "prune": shared.walking.prune,
        }  # fmt: skip
        self.job = Job(maker=MAKER, shared=shared, parts=parts)
        self.at, self.store, self.progress = at, store, progress
        self.dates = len(shared.rounds)
        self.results: list[dict[str, Any] | None] = []
        self.errors: list[str] = []

    def __call__(self, names: Sequence[str], values: Floats) -> Floats:
        """(n, T) log evidence at each date of (n, D) parameter values; not a number for draws that failed."""
        tasks = [self.job.task({"values": dict(zip(names, map(float, row), strict=True))}) for row in values]
        done = carry_out(self.job, tasks, store=self.store, at=self.at, progress=self.progress, label="draws")
        found = [done[task.key] for task in tasks]
        self.errors += [d.error for d in found if d.data is None]
        self.results += [d.data for d in found]
        lost = [np.nan] * self.dates
        return np.array([lost if d.data is None else finite(d.data["log_evidence"]) for d in found])


def draw(
    shared: Hindcasting, *, draws: int, seed: int, renew: bool, at: Executor, store: Store, progress: Progress | None
) -> Drawn:
    """Carries out the draws and weighs them.

    Raises:
        WinsetError: no draw could be solved.
    """
    prior = prior_of(apply(shared.scenario, shared.variant))
    alone, carrier = (Carrier(shared, at, store, progress) for _ in range(2))
    centre = np.zeros((1, 0))
    logs = alone((), centre)
    central = pooled((), centre, alone.results, _known(logs), np.ones(1)) if any(alone.results) else None
    if not prior.names:
        if central is None:
            raise WinsetError(f"the scenario could not be solved: {alone.errors[0]}")
        return Drawn(draws=central, central=central, failed=0, failures=(), renewals=())
    got = assimilate(
        prior, lambda v: carrier(prior.names, v), sobol(draws, len(prior.names), seed), least=min(LEAST, draws / 2),
        renew=renew, seed=seed,
    )  # fmt: skip
    failures = tuple(dict.fromkeys([*alone.errors, *carrier.errors]))
    if not any(carrier.results):
        raise WinsetError(f"no draw could be solved: {failures[0]}")
    return Drawn(
        draws=pooled(prior.names, got.values, carrier.results, got.posteriors, got.prior), central=central,
        failed=len(carrier.errors), failures=failures, renewals=got.renewals,
    )  # fmt: skip


def _known(logs: Floats) -> list[Posterior | None]:
    """Where nothing is uncertain: the one draw, at each date that it can have."""
    return [
        None
        if not np.isfinite(log)
        else Posterior(
            names=(), values=np.zeros((1, 0)), weights=np.ones(1), log_evidence=float(log), method="importance",
            ess=1.0, pareto=-np.inf, enough=True, why="", failed=0, evaluations=1,
        )
        for log in logs[0]
    ]  # fmt: skip


__all__ = ["LEAST", "Carrier", "Drawn", "draw"]
