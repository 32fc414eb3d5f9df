"""What anybody could have said without a model: forecasts from the dates of past events alone.

Each baseline gives the probability that an event happens from a day on and up to a deadline, from an `EventRecord` cut
off at that day: nothing later is looked at. Time is counted in months of `MONTH` days backwards from the day, so that
the month before the day is always a whole one.

*Base rate*: k of the n whole months before the day had the event. With Jeffreys' prior Beta(½, ½) on the monthly
probability p (Jeffreys 1946), the probability of no event in h further months is
E (1 - p)^h = B(k + ½, n - k + ½ + h) / B(k + ½, n - k + ½); a flat prior would give Laplace's rule of succession,
(k + 1) / (n + 2) for an event within one month.

*Persistence*: what the last h months brought, the next h bring: 0 or 1; nothing where the record does not reach back so
far. The usual reference forecast in verification; its log score is infinite as soon as it errs.

*Hazard*: a logistic regression of each past month's event on the time since the last event and on how many months of
the year before had one (a discrete-time hazard model, Allison 1982; Beck, Katz and Tucker 1998), fitted by Newton's
method with Gaussian priors on the coefficients (Gelman, Jakulin, Pittau and Su 2008 argue for weak ones), which keep
the fit finite where the data are separated. The probability of no event in h months is the product of the months' own,
each with the covariates that it has if nothing has happened by then (at most the largest of the fit): no simulation is
needed.
"""

from __future__ import annotations

import datetime as dt
import math
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

MONTH = 365.25 / 12
"""Days of a month."""
SPREAD = (10.0, 2.5, 2.5)
"""Standard deviations of the priors of the hazard model's coefficients: the constant's, and those of the covariates,
which are standardised."""


@dataclass(frozen=True, kw_only=True)
class EventRecord:
    """The days on which something is known to have happened.

    Attributes:
        since: the first day that the record covers.
        days: the days of the events, in order, none before `since`; several on one day count once.
    """

    since: dt.date
    days: tuple[dt.date, ...]

    def before(self, day: dt.date) -> EventRecord:
        """What lies before a day: all that a forecast made at its beginning may use."""
        days = sorted({d for d in self.days if self.since <= d < day})
        return EventRecord(since=self.since, days=tuple(days))

    def happened(self, after: dt.date, until: dt.date) -> bool:
        """Whether there is an event from one day on (itself included) up to another (itself included)."""
        days = sorted(self.days)
        return bisect_left(days, after) < bisect_right(days, until)

    def months(self, day: dt.date) -> NDArray[np.bool_]:
        """(n,) whether each whole month before a day had the event, the earliest first."""
        count = max(int((day - self.since).days // MONTH), 0)
        back = np.array([(day - d).days for d in self.days if d < day], dtype=float)
        place = np.floor((back - 1e-9) / MONTH).astype(np.int64)  # 0: the month right before the day
        had = np.zeros(count, dtype=bool)
        had[place[place < count]] = True
        return had[::-1]


def months_between(day: dt.date, deadline: dt.date) -> float:
    """Months from the beginning of a day to the end of the deadline's; 0 where it has passed."""
    return max((deadline - day).days + 1, 0) / MONTH


def base_rate(record: EventRecord, day: dt.date, deadline: dt.date) -> float:
    """P(event from the day to the deadline) from the share of months with the event before the day."""
    had = record.before(day).months(day)
    k, n, h = int(had.sum()), len(had), months_between(day, deadline)
    a, b = k + 0.5, n - k + 0.5
    return -math.expm1(math.lgamma(b + h) - math.lgamma(b) - math.lgamma(a + b + h) + math.lgamma(a + b))


def persistence(record: EventRecord, day: dt.date, deadline: dt.date) -> float | None:
    """1 if the time before the day that is as long as that to the deadline had an event, else 0.

    None where the record does not cover all of that time: what can only come out one way is no forecast."""
    span = (deadline - day).days + 1
    if span <= 0:
        return 0.0
    known = record.before(day)
    first = day.toordinal() - span
    if first < record.since.toordinal():
        return None
    return float(any(d.toordinal() >= first for d in known.days))


@dataclass(frozen=True, kw_only=True)
class Hazard:
    """A fitted hazard model.

    Attributes:
        coefficients: of the constant and of the standardised covariates.
        centre, scale: what the covariates were standardised by.
        low, high: of the covariates in the months of the fit; beyond them it does not go on.
        iterations: Newton steps taken.
    """

    coefficients: Floats
    centre: Floats
    scale: Floats
    low: Floats
    high: Floats
    iterations: int

    def rate(self, covariates: Floats) -> Floats:
        """(N,) probability of the event in a month with these (N, 2) covariates."""
        return _logistic(_design(np.clip(covariates, self.low, self.high), self.centre, self.scale) @ self.coefficients)


def covariates(had: NDArray[np.bool_]) -> Floats:
    """(n + 1, 2) covariates at the beginning of each month and of the one after the last.

    Logarithms of 1 + the months since the last event (since the record's first day where there was none), and of
    1 + how many of the twelve months before had one.
    """
    n = len(had)
    since, recent = np.zeros(n + 1), np.zeros(n + 1)
    for m in range(1, n + 1):
        since[m] = 0.0 if had[m - 1] else since[m - 1] + 1.0
        recent[m] = float(had[max(m - 12, 0) : m].sum())
    return np.log1p(np.stack([since, recent], axis=1))


def fit_hazard(had: NDArray[np.bool_]) -> Hazard:
    """The hazard model fitted to months with and without the event, by penalised maximum likelihood.

    Args:
        had: (n,) whether each month had the event, the earliest first; n may be 0, then the priors' modes stand.
    """
    x = covariates(had)[:-1]
    centre = x.mean(axis=0) if len(x) else np.zeros(2)
    spread = x.std(axis=0) if len(x) else np.ones(2)
    scale = np.where(spread > 1e-9, spread, 1.0)
    design, y = _design(x, centre, scale), had.astype(float)
    ridge = 1.0 / np.array(SPREAD) ** 2
    beta, loss = np.zeros(3), _loss(design, y, np.zeros(3), ridge)
    iterations = 0
    while iterations < 100:
        iterations += 1
        p = _logistic(design @ beta)
        slope = design.T @ (p - y) + ridge * beta
        curve = (design * (p * (1.0 - p))[:, None]).T @ design + np.diag(ridge)
        step, length = np.linalg.solve(curve, slope), 1.0
        while (new := _loss(design, y, beta - length * step, ridge)) > loss and length > 1e-8:
            length /= 2.0
        beta, loss = beta - length * step, min(new, loss)
        if float(np.abs(slope).max()) < 1e-8:
            break
    low, high = (x.min(axis=0), x.max(axis=0)) if len(x) else (np.zeros(2), np.zeros(2))
    return Hazard(coefficients=beta, centre=centre, scale=scale, low=low, high=high, iterations=iterations)


def hazard(record: EventRecord, day: dt.date, deadline: dt.date) -> float:
    """P(event from the day to the deadline) by the hazard model fitted to the months before the day."""
    had = record.before(day).months(day)
    span = months_between(day, deadline)
    if span <= 0:
        return 0.0
    model, whole = fit_hazard(had), math.ceil(span)
    ahead = covariates(np.concatenate([had, np.zeros(whole, dtype=bool)]))[len(had) : len(had) + whole]
    none = np.log1p(-model.rate(ahead))
    none[-1] *= span - (whole - 1)  # the last month counts as far as it lies before the deadline
    return float(-np.expm1(none.sum()))


BASELINES: Mapping[str, Callable[[EventRecord, dt.date, dt.date], float | None]] = MappingProxyType(
    {"base rate": base_rate, "persistence": persistence, "hazard": hazard}
)
"""The baselines by name; None where one has nothing to say."""


def _design(x: Floats, centre: Floats, scale: Floats) -> Floats:
    return np.column_stack([np.ones(len(x)), (x - centre) / scale])


def _logistic(z: Floats) -> Floats:
    return np.asarray(np.exp(-np.logaddexp(0.0, -z)), dtype=np.float64)


def _loss(design: Floats, y: Floats, beta: Floats, ridge: Floats) -> float:
    z = design @ beta
    return float((np.logaddexp(0.0, z) - y * z).sum() + 0.5 * (ridge * beta**2).sum())


__all__ = [
    "BASELINES",
    "MONTH",
    "EventRecord",
    "Hazard",
    "base_rate",
    "covariates",
    "fit_hazard",
    "hazard",
    "months_between",
    "persistence",
]
