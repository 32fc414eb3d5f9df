"""Forecasts from past dates alone: closed forms, separated data, and nothing read from the future."""

from __future__ import annotations

import datetime as dt
import math
from itertools import pairwise

import numpy as np
import pytest

from winset.learn.baselines import (
    BASELINES,
    MONTH,
    EventRecord,
    base_rate,
    covariates,
    fit_hazard,
    hazard,
    months_between,
    persistence,
)

SINCE = dt.date(2010, 1, 1)
DAY = dt.date(2018, 1, 1)  # 96 months of MONTH days later, to the day


def every(months: int) -> EventRecord:
    days = [SINCE + dt.timedelta(days=round(10 + m * MONTH)) for m in range(0, 200, months)]
    return EventRecord(since=SINCE, days=tuple(days))


def test_months_are_counted_back_from_the_day() -> None:
    record = EventRecord(since=dt.date(2017, 10, 1), days=(dt.date(2017, 11, 15), dt.date(2017, 12, 31), DAY))
    assert list(record.months(DAY)) == [False, True, True]
    assert not record.before(DAY).happened(DAY, DAY)
    assert record.happened(DAY, DAY)


def test_base_rate_is_the_predictive_mean_under_jeffreys_prior() -> None:
    record = EventRecord(since=dt.date(2017, 10, 1), days=(dt.date(2017, 12, 31),))
    month = dt.date(2018, 1, 1) + dt.timedelta(days=round(MONTH) - 1)
    assert base_rate(record, DAY, month) == pytest.approx(1.5 / 4, abs=0.004)  # (k + ½) / (n + 1), k = 1 of n = 3
    # against the integral over p of 1 - (1 - p)^h under Beta(1.5, 2.5)
    p = (np.arange(400_000) + 0.5) / 400_000
    weight = p**0.5 * (1 - p) ** 1.5
    h = months_between(DAY, dt.date(2019, 3, 7))
    exact = 1 - float((weight * (1 - p) ** h).sum() / weight.sum())
    assert base_rate(record, DAY, dt.date(2019, 3, 7)) == pytest.approx(exact, abs=1e-6)


def test_without_a_record_the_prior_speaks() -> None:
    empty = EventRecord(since=DAY, days=())
    day = DAY + dt.timedelta(days=29)
    assert base_rate(empty, DAY, day) == pytest.approx(0.5, abs=0.01)
    assert 0.4 < hazard(empty, DAY, day) < 0.6
    assert persistence(empty, DAY, day) is None  # it does not look back so far
    assert not empty.months(DAY - dt.timedelta(days=400)).size


def test_persistence_looks_back_as_far_as_ahead() -> None:
    record = EventRecord(since=SINCE, days=(DAY - dt.timedelta(days=31),))
    assert persistence(record, DAY, DAY + dt.timedelta(days=30)) == 1.0
    assert persistence(record, DAY, DAY + dt.timedelta(days=29)) == 0.0


@pytest.mark.parametrize("name", BASELINES)
def test_no_time_no_event_and_more_time_no_less(name: str) -> None:
    record = every(5)
    assert BASELINES[name](record, DAY, DAY - dt.timedelta(days=1)) == 0.0
    said = [BASELINES[name](record, DAY, DAY + dt.timedelta(days=d)) for d in range(0, 1500, 50)]
    chances = [chance for chance in said if chance is not None]
    assert len(chances) == len(said) or name == "persistence"
    assert len(chances) > 5
    assert all(a <= b + 1e-12 for a, b in pairwise(chances)) and chances[-1] <= 1.0


@pytest.mark.parametrize("name", BASELINES)
def test_nothing_after_the_day_is_read(name: str) -> None:
    record, until = every(4), dt.date(2018, 3, 31)
    later = tuple(DAY + dt.timedelta(days=d) for d in (0, 3, 40, 41))
    before = BASELINES[name](record.before(DAY), DAY, until)
    assert BASELINES[name](EventRecord(since=SINCE, days=record.before(DAY).days + later), DAY, until) == before
    # and the day before does count
    earlier = EventRecord(since=SINCE, days=(*record.before(DAY).days, DAY - dt.timedelta(days=1)))
    assert BASELINES[name](earlier, DAY, until) != before or name == "persistence"


def test_covariates_by_hand() -> None:
    had = np.array([False, True, False, False, True])
    since = [0, 1, 0, 1, 2, 0]
    recent = [0, 0, 1, 1, 1, 2]
    assert covariates(had) == pytest.approx(np.log1p(np.array([since, recent]).T.astype(float)))


def test_the_fit_is_the_minimum_of_its_loss() -> None:
    rng = np.random.default_rng(2)
    had = rng.random(200) < 0.2
    model = fit_hazard(had)
    x = (covariates(had)[:-1] - model.centre) / model.scale
    design = np.column_stack([np.ones(len(x)), x])
    p = 1 / (1 + np.exp(-design @ model.coefficients))
    slope = design.T @ (p - had) + model.coefficients / np.array([10.0, 2.5, 2.5]) ** 2
    assert np.abs(slope).max() < 1e-8 and model.iterations < 20


def test_the_fit_finds_a_known_hazard() -> None:
    rng, had = np.random.default_rng(4), np.zeros(6000, dtype=bool)
    since = 0
    for m in range(6000):  # the longer nothing happened, the less likely it is
        had[m] = rng.random() < 1 / (1 + math.exp(1.0 + 0.8 * math.log1p(since)))
        since = 0 if had[m] else since + 1
    model = fit_hazard(had)
    slope = model.coefficients[1:] / model.scale
    constant = model.coefficients[0] - slope @ model.centre
    assert constant == pytest.approx(-1.0, abs=0.35)
    assert slope == pytest.approx([-0.8, 0.0], abs=0.25)


def test_separated_data_keep_the_fit_finite() -> None:
    for had in (np.zeros(120, dtype=bool), np.ones(120, dtype=bool), np.arange(120) % 6 == 0):
        model = fit_hazard(had)
        assert np.isfinite(model.coefficients).all() and np.abs(model.coefficients).max() < 60
    clock = every(6)
    soon = hazard(clock, DAY, DAY + dt.timedelta(days=30))
    late = hazard(clock, DAY + dt.timedelta(days=round(5 * MONTH)), DAY + dt.timedelta(days=round(5 * MONTH) + 40))
    assert soon != late  # the fit uses the time since the last event


def test_the_hazard_ahead_is_that_of_months_in_which_nothing_came() -> None:
    record = every(3)
    had = record.before(DAY).months(DAY)
    model = fit_hazard(had)
    none = 1.0
    for m in range(3):
        x = covariates(np.concatenate([had, np.zeros(m, dtype=bool)]))[-1:]
        none *= 1 - float(model.rate(x)[0])
    rate = float(model.rate(covariates(had)[-1:])[0])
    fortnight = DAY + dt.timedelta(days=13)
    assert hazard(record, DAY, fortnight) == pytest.approx(1 - (1 - rate) ** (14 / MONTH))
    assert hazard(record, DAY, DAY + dt.timedelta(days=round(3 * MONTH) - 1)) == pytest.approx(1 - none, abs=0.02)
