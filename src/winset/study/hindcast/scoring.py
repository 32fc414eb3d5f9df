"""From pooled draws to scored forecasts: events, references, reliability."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from winset.language.formula import parse_formula
from winset.language.rows import show_selected
from winset.learn import scores
from winset.learn.baselines import BASELINES, EventRecord
from winset.study.hindcast.data import (
    BinData,
    DeadlineData,
    EventData,
    ForecastData,
    MatchData,
    ReferenceData,
    ScoreData,
    SkillData,
)
from winset.study.hindcast.drawing import Drawn
from winset.study.hindcast.pooling import Pooled
from winset.study.hindcast.settling import Settling
from winset.study.wording import show_formula

Rated = Sequence[tuple[str, ForecastData]]
"""Resolved forecasts, each with the name of its event."""
ABOUT = {
    "base rate": "the share of months with the event before the date (Jeffreys' prior)",
    "persistence": "as long again as before: what the last months brought, the next bring",
    "hazard": "a logistic hazard model fitted to the months before the date",
    "central values": "this scenario at the central values of its parameters, which learn nothing from the record",
    "public": "the mean of public forecasts of the same question in the same round, made later in it",
}


def event_data(drawn: Drawn, number: int, settling: Settling, days: Sequence[dt.date],
               deadlines: Sequence[dt.date]) -> EventData:  # fmt: skip
    """One event with all its forecasts.

    Args:
        drawn: the draws.
        number: of the event.
        settling: what happened.
        days: the dates.
        deadlines: all days up to which the draws forecast it; those that the author asks for are told.
    """
    event = settling.event
    told = [_deadline(drawn, number, settling, days, i, d) for i, d in enumerate(deadlines) if d in event.by]
    rated = [f for d in told for f in d["forecasts"] if f["happened"] is not None]
    return EventData(
        name=event.name, asks=show_formula(parse_formula(event.formula)), note=event.note, again=event.again,
        rows=[show_selected(r) for r in event.happened], covered_from=_iso(settling.covered_from),
        covered_to=_iso(settling.covered_to), days=[d.isoformat() for d in settling.days], deadlines=told,
        forecasts=len(rated), brier=_mean([f["brier"] for f in rated]), log=_mean([f["log"] for f in rated]),
    )  # fmt: skip


def _deadline(drawn: Drawn, number: int, settling: Settling, days: Sequence[dt.date], which: int,
              deadline: dt.date) -> DeadlineData:  # fmt: skip
    found = [f for t, day in enumerate(days) if (f := forecast_data(drawn, number, settling, t, day, which, deadline))]
    ends = [f["happened"] for f in found]
    rated = [f for f in found if f["happened"] is not None]
    on = next((d for d in settling.days if days and days[0] <= d <= deadline), None)
    return DeadlineData(
        deadline=deadline.isoformat(), happened=ends[0] if ends else None, on=_iso(on),
        why=_unscored(drawn.draws, number, settling, which, deadline, found), forecasts=found,
        brier=_mean([f["brier"] for f in rated]), log=_mean([f["log"] for f in rated]),
    )  # fmt: skip


def _unscored(pooled: Pooled, number: int, settling: Settling, which: int, deadline: dt.date,
              found: Sequence[ForecastData]) -> str:  # fmt: skip
    """Why a deadline has nothing to score; "" where it has."""
    if any(f["happened"] is not None for f in found):
        return ""
    if found:
        return _unknown(settling, dt.date.fromisoformat(found[0]["date"]), deadline)
    if settling.settled_on is not None and bool(np.isfinite(pooled.chances[number][:, which]).any()):
        return f"it had happened by the first date, on {settling.settled_on}"
    return "no date before it was forecast from"


def _unknown(settling: Settling, day: dt.date, deadline: dt.date) -> str:
    """Why what came of it is not known."""
    if settling.covers(day, deadline):
        return "only rows that nobody has checked say that it happened, and they are left out"
    if settling.covered_from is None:
        return "no row has a day"
    reach = f"the rows reach from {settling.covered_from} to {settling.covered_to}, not over the whole time"
    on = next((d for d in settling.days if day <= d <= deadline), None)
    return reach if on is None else f"{reach}; it happened on {on}, but then only events could have been scored"


def forecast_data(drawn: Drawn, number: int, settling: Settling, date: int, day: dt.date, which: int,
                  deadline: dt.date) -> ForecastData | None:  # fmt: skip
    """One forecast; None where there is nothing to forecast, or the draws say nothing."""
    posterior = drawn.draws.posteriors[date]
    if posterior is None or deadline < day or not settling.open_on(day):
        return None
    got = drawn.draws.chance(number, date, which, posterior.weights, posterior.ess)
    if got is None:
        return None
    happened, record = settling.happened(day, deadline), settling.record
    return ForecastData(
        date=day.isoformat(), probability=got.mean, low=got.low, high=got.high, error=got.error,
        central=_untaught(drawn.central, number, date, which), prior=_untaught(drawn.draws, number, date, which),
        baselines={} if record is None or record.since > day else _baselines(record, day, deadline),
        happened=happened, brier=_score(scores.brier, got.mean, happened),
        log=_score(scores.log_score, got.mean, happened),
    )  # fmt: skip


def _baselines(record: EventRecord, day: dt.date, deadline: dt.date) -> dict[str, float]:
    """What each baseline says, where it says anything."""
    said = {name: baseline(record, day, deadline) for name, baseline in BASELINES.items()}
    return {name: chance for name, chance in said.items() if chance is not None}


def _untaught(pooled: Pooled | None, number: int, date: int, which: int) -> float | None:
    """What the draws say if the record has taught nothing of the parameters."""
    got = None if pooled is None else pooled.chance(number, date, which, pooled.taught_nothing(date))
    return None if got is None else got.mean


def _score(score: Callable[[Any, Any], Any], probability: float, happened: bool | None) -> float | None:
    return None if happened is None else float(score([probability], [happened])[0])


def rated(events: Sequence[EventData]) -> list[tuple[str, ForecastData]]:
    """All forecasts whose outcome is known, with their events' names."""
    return [(e["name"], f) for e in events for d in e["deadlines"] for f in d["forecasts"] if f["happened"] is not None]


def score_data(events: Sequence[EventData]) -> ScoreData:
    """The scores of all forecasts together, the parts of the Brier score, and the reliability diagram."""
    known, every = rated(events), sum(len(d["forecasts"]) for e in events for d in e["deadlines"])
    p, y = np.array([f["probability"] for _, f in known]), np.array([f["happened"] for _, f in known], dtype=bool)
    names = [name for name, _ in known]
    parts = scores.decompose(p, y, limits=scores.BINS) if known else None
    return ScoreData(
        forecasts=every, resolved=len(known), unresolved=every - len(known), events=len(set(names)),
        brier=_mean([f["brier"] for _, f in known]), log=_mean([f["log"] for _, f in known]),
        reliability=parts.reliability if parts else None, resolution=parts.resolution if parts else None,
        uncertainty=parts.uncertainty if parts else None, within=parts.within if parts else None,
        bins=[
            BinData(
                low=b.low, high=b.high, forecasts=b.count, events=b.clusters, mean=b.mean, frequency=b.frequency,
                expected_low=b.expected_low, expected_high=b.expected_high, fits=b.fits,
            )
            for b in scores.reliability_curve(p, y, names)
        ],
    )  # fmt: skip


def references(events: Sequence[EventData], matches: Sequence[MatchData], seed: int) -> list[ReferenceData]:
    """The scenario against each baseline, its own central values, and public forecasts, on what both answer."""
    known = rated(events)
    out = []
    for name in (*BASELINES, "central values"):
        both = [
            (e, f["probability"], other, f["happened"])
            for e, f in known
            if (other := f["central"] if name == "central values" else f["baselines"].get(name)) is not None
        ]
        out.append(_reference(name, both, seed))
    public = [(m["event"], m["own"], m["public"], m["happened"]) for m in matches if m["happened"] is not None]
    return [*out, _reference("public", public, seed)] if matches else out


def _reference(name: str, both: Sequence[tuple[str, float, float, bool | None]], seed: int) -> ReferenceData:
    """Scores and skill on forecasts (event, own, reference's, happened)."""
    about = ABOUT[name]
    if not both:
        return ReferenceData(
            name=name, about=about, forecasts=0, brier=None, log=None, own_brier=None, own_log=None, skill=[]
        )
    clusters = [e for e, *_ in both]
    y = np.array([h for *_, h in both], dtype=bool)
    losses = {
        score: tuple(rule(np.array([b[side] for b in both], dtype=float), y) for side in (1, 2))
        for score, rule in (("brier", scores.brier), ("log", scores.log_score))
    }
    return ReferenceData(
        name=name, about=about, forecasts=len(both), brier=scores.mean_score(losses["brier"][1]),
        log=scores.mean_score(losses["log"][1]), own_brier=scores.mean_score(losses["brier"][0]),
        own_log=scores.mean_score(losses["log"][0]),
        skill=[_skill(score, scores.skill(own, other, clusters, seed=seed)) for score, (own, other) in losses.items()],
    )  # fmt: skip


def _skill(score: str, got: scores.Skill) -> SkillData:
    known = got.value is not None
    return SkillData(
        score=score, value=got.value, low=got.low if known else None, high=got.high if known else None,
        better=got.better, forecasts=got.count, events=got.clusters, few=got.few,
    )  # fmt: skip


def _mean(values: Sequence[float | None]) -> float | None:
    known = [v for v in values if v is not None]
    return float(np.mean(known)) if known else None


def _iso(day: dt.date | None) -> str:
    return "" if day is None else day.isoformat()


__all__ = ["event_data", "forecast_data", "rated", "references", "score_data"]
