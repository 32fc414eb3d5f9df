"""A hindcast from beginning to end: dates, draws, forecasts, scores."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import cast

from winset.base.errors import WinsetError
from winset.base.version import __version__
from winset.language.clock import first_day, label, parse_date, round_of
from winset.language.lexer import problem
from winset.language.scenario import Clock, Scenario
from winset.language.variants import apply
from winset.learn.posterior import Posterior, weighted_quantile
from winset.learn.sighting import Observations
from winset.study import cache
from winset.study.certificate_data import plain
from winset.study.hindcast.data import DateData, Hindcast, HindcastStamp, MatchData, ParameterData
from winset.study.hindcast.drawing import Drawn, draw
from winset.study.hindcast.misses import Grounds, misses
from winset.study.hindcast.pooling import MIDDLE, Pooled
from winset.study.hindcast.public import Matched, Stated, deadlines, matched, read_public
from winset.study.hindcast.scoring import event_data, forecast_data, references, score_data
from winset.study.hindcast.settling import Settling, settlings
from winset.study.hindcast.work import Hindcasting, known_at
from winset.study.runs.running import executor
from winset.study.runs.store import Store

Progress = Callable[[int, int, str], None]
DRAWS = 64
"""Draws of the parameters, where nothing else is said."""


def hindcast(
    scenario: Scenario,
    *,
    start: str = "",
    end: str = "",
    every: int = 1,
    draws: int = DRAWS,
    renew: bool = False,
    seed: int = 1,
    variant: str = "",
    grid: int | None = None,
    unchecked: bool = True,
    public: str | Path = "",
    on: str = "",
    workers: int | None = None,
    store: str | Path | None = None,
    progress: Progress | None = None,
) -> Hindcast:
    """Forecasts made at dates of the past from the record up to then alone, held against what happened.

    On the first day of every round from `start` to `end` each event of the scenario's `hindcast` is forecast up to each
    of its deadlines: draws of the uncertain parameters are solved, the record up to the day before is followed in
    each, and the draws are weighed by the probability that they give it. Beside it stand forecasts from past dates
    alone, those at the central values, and public ones.

    Args:
        scenario: read from a file, with record files.
        start, end: the first and the last date, such as 2018-03; "": the first and the last round of the calendar.
        every: forecast on the first day of every so many rounds only.
        draws: of the uncertain parameters (a scrambled Sobol sequence).
        renew: where too few draws carry the weight, resample and move them (sequential Monte Carlo): many more points
            are then solved.
        seed: of the draws, and of the intervals of skill.
        variant: which variant; "" for the base.
        grid: inner belief nodes per dimension; None: what the scenario asks for.
        unchecked: count rows that nobody has checked.
        public: a CSV file of public forecasts (`question_id`, `time_utc`, `probability_of_the_statement`).
        on, workers, store: who solves the draws, and where results are kept; see `winset.study.runs`.
        progress: progress(done, total, label).

    Returns:
        Plain JSON data; see `Hindcast`.

    Raises:
        ScenarioError: the scenario names no events, or no round lies between the dates; the file of public forecasts
            cannot be used.
        WinsetError: no draw could be solved.
    """
    for what, number in (("draws", draws), ("rounds from one date to the next", every)):
        if number < 1:
            raise WinsetError(f"the number of {what} is at least 1, not {number}")
    settled = settlings(scenario, variant=variant, unchecked=unchecked)
    rounds = dated(apply(scenario, variant).clock, start, end)[::every]
    stated = read_public(public) if public else []
    shared = Hindcasting(
        scenario=scenario, variant=variant, rounds=rounds, deadlines=tuple(deadlines(e) for e in scenario.hindcast),
        unchecked=unchecked, grid=grid,
    )  # fmt: skip
    with executor(on, workers) as at:
        drawn = draw(shared, draws=draws, seed=seed, renew=renew, at=at, store=Store(store), progress=progress)
    return _told(shared, settled, drawn, stated, count=draws, seed=seed)


def dated(clock: Clock, start: str, end: str) -> tuple[int, ...]:
    """The numbers of the rounds on whose first days forecasts are made.

    Raises:
        ScenarioError: C498 a date cannot be read, or no round of the calendar lies between them.
    """
    first, last = 1, clock.rounds or 0
    for text, which in ((start, "first"), (end, "last")):
        if text:
            try:
                number = round_of(clock, parse_date(text, last=which == "last"))
            except ValueError:
                raise problem("C498", f"`{text}` is no date such as 2018-03") from None
            first, last = (max(number, 1), last) if which == "first" else (first, min(number, last or number))
    if first > last:
        ends = f"{label(clock, 1)} to {label(clock, clock.rounds) if clock.rounds else 'no end'}"
        raise problem("C498", f"no round lies between `{start}` and `{end}`; the calendar runs from {ends}")
    return tuple(range(first, last + 1))


def _told(shared: Hindcasting, settled: Sequence[Settling], drawn: Drawn, stated: Sequence[Stated], *,
          count: int, seed: int) -> Hindcast:  # fmt: skip
    """The report."""
    scenario, clock = shared.scenario, shared.clock
    days = tuple(first_day(clock, r) for r in shared.rounds)
    known = tuple(known_at(scenario, r, variant=shared.variant, unchecked=shared.unchecked) for r in shared.rounds)
    events = [event_data(drawn, i, s, days, shared.deadlines[i]) for i, s in enumerate(settled)]
    pairs = [
        m for one in matched(scenario, clock, stated, shared.rounds)
        if (m := _matched(drawn, shared, settled, days, one)) is not None
    ]  # fmt: skip
    grounds = Grounds(
        pooled=drawn.draws, days=days, known=known,
        deadlines={e.name: d for e, d in zip(scenario.hindcast, shared.deadlines, strict=True)},
    )  # fmt: skip
    out = Hindcast(
        winset=1,
        title=scenario.title,
        stamp=HindcastStamp(
            scenario=cache.scenario_hash(scenario, None, shared.variant), version=__version__, variant=shared.variant,
            start=days[0].isoformat(), end=days[-1].isoformat(), draws=count if drawn.draws.names else 1,
            solved=len(drawn.draws.values), failed=drawn.failed,
            renewed=[days[t].isoformat() for t in drawn.renewals], seed=seed, grid=shared.grid,
            unchecked=shared.unchecked,
        ),
        misses=misses(events, grounds),
        scores=score_data(events),
        references=references(events, pairs, seed),
        public=pairs,
        events=events,
        dates=[_date(shared, drawn.draws, known, t) for t in range(len(days))],
        failures=list(drawn.failures),
        warnings=[],
    )  # fmt: skip
    out["warnings"] = _warnings(out)
    return cast(Hindcast, plain(out))


def _matched(drawn: Drawn, shared: Hindcasting, settled: Sequence[Settling], days: Sequence[dt.date],
             one: Matched) -> MatchData | None:  # fmt: skip
    """A public forecast beside the scenario's own of the same round's first day."""
    settling, date = settled[one.event], shared.rounds.index(one.round)
    which = shared.deadlines[one.event].index(one.asked.deadline)
    own = forecast_data(drawn, one.event, settling, date, days[date], which, one.asked.deadline)
    if own is None:
        return None
    return MatchData(
        event=settling.event.name, question=one.asked.question, deadline=one.asked.deadline.isoformat(),
        date=days[date].isoformat(), first=one.first.isoformat(), last=one.last.isoformat(), count=one.count,
        public=one.probability, own=own["probability"], happened=own["happened"],
    )  # fmt: skip


def _date(shared: Hindcasting, kept: Pooled, known: Sequence[Observations], date: int) -> DateData:
    """One date: what is known then, and how well the draws bear it."""
    number, posterior, seen = shared.rounds[date], kept.posteriors[date], known[date]
    return DateData(
        date=first_day(shared.clock, number).isoformat(), label=label(shared.clock, number), until=seen.until,
        sightings=len(seen.sightings), reports=sum(len(s.reports) for s in seen.sightings),
        draws=int((posterior.weights > 0).sum()) if posterior else 0, ess=posterior.ess if posterior else 0.0,
        pareto=posterior.pareto if posterior and math.isfinite(posterior.pareto) else None,
        enough=posterior is not None and posterior.enough,
        why=posterior.why if posterior else "no draw gives the record any probability",
        log_evidence=posterior.log_evidence if posterior else None, beliefs=_beliefs(shared, kept, posterior, date),
        parameters=_parameters(kept, posterior), mass_lost=float(kept.lost[date].max()),
    )  # fmt: skip


def _beliefs(shared: Hindcasting, kept: Pooled, posterior: Posterior | None, date: int) -> dict[str, float]:
    if posterior is None:
        return {}
    used = posterior.weights > 0
    mean = posterior.weights[used] @ kept.beliefs[date][used]
    named = [(p.name, t.name, len(p.types)) for p in shared.scenario.players for t in p.types]
    return {f"{p} is {t}": float(b) for (p, t, n), b in zip(named, mean, strict=True) if n > 1}


def _parameters(kept: Pooled, posterior: Posterior | None) -> list[ParameterData]:
    if posterior is None:
        return []
    out, even = [], kept.prior / max(kept.prior.sum(), 1.0)
    for i, name in enumerate(kept.names):
        low, high = (posterior.quantile(name, share) for share in MIDDLE)
        first, last = (weighted_quantile(kept.values[:, i], even, share) for share in MIDDLE)
        out.append(
            ParameterData(
                name=name, mean=posterior.mean(name), low=low, high=high, prior_mean=float(even @ kept.values[:, i]),
                prior_low=first, prior_high=last,
            )
        )  # fmt: skip
    return out


def _warnings(out: Hindcast) -> list[str]:
    """What a reader has to know before believing a figure."""
    found: list[str] = []
    weak = [d for d in out["dates"] if not d["enough"]]
    if weak:
        said = ", ".join(d["label"] for d in weak[:6]) + (f" and {len(weak) - 6} more" if len(weak) > 6 else "")
        told = f"the draws' weights cannot be relied on at {len(weak)} of {len(out['dates'])} dates"
        found.append(f"{told} ({weak[0]['why']}): {said}")
    if out["stamp"]["failed"]:
        found.append(f"{out['stamp']['failed']} of {out['stamp']['solved']} draws failed and are left out")
    if any(s["few"] for r in out["references"] for s in r["skill"]):
        found.append("there are few events, so the intervals of skill are too narrow")
    for event in out["events"]:
        said_of = [f["probability"] for deadline in event["deadlines"] for f in deadline["forecasts"]]
        if said_of and max(said_of) <= 0.0:
            found.append(
                f"{event['name']} has no chance at all at any date: `{event['asks']}` may be something that this game "
                "cannot come to"
            )
        for deadline in event["deadlines"]:
            if deadline["why"]:
                found.append(f"{event['name']} by {deadline['deadline']} is not scored: {deadline['why']}")
    return found


__all__ = ["DRAWS", "hindcast"]
