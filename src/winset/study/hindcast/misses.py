"""The forecasts that were furthest off, and what made them so."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from winset.learn.posterior import weighted_quantile
from winset.learn.sighting import Observations
from winset.study.hindcast.data import DeadlineData, EventData, ForecastData, MissData, MoveData, PushData
from winset.study.hindcast.pooling import Pooled

MOST = 8
"""Misses told, each of another event and deadline."""
WORST = 0.25
"""Brier score from which a forecast is a miss: it gave what happened less than one half."""
PUSHES = 3
"""Parameters told with a miss."""
SMALL = 0.005
"""Moves of a probability up to this are not told."""
APART = 0.05
"""Differences between the halves of the draws up to this are not told: so few draws differ by chance."""


@dataclass(frozen=True, kw_only=True)
class Grounds:
    """What an explanation may draw on: the draws, dates, and what the record said between one and the next."""

    pooled: Pooled
    days: tuple[dt.date, ...]
    known: tuple[Observations, ...]
    deadlines: Mapping[str, tuple[dt.date, ...]]


def misses(events: Sequence[EventData], grounds: Grounds) -> list[MissData]:
    """The worst forecast of each event and deadline that is a miss, the worst of all first."""
    found: list[MissData] = []
    for number, event in enumerate(events):
        for deadline in event["deadlines"]:
            rated = [f for f in deadline["forecasts"] if f["brier"] is not None]
            worst = max(rated, key=lambda f: f["brier"] or 0.0, default=None)
            if worst is not None and (worst["brier"] or 0.0) > WORST:
                found.append(_miss(number, event, deadline, worst, grounds))
    return sorted(found, key=lambda m: -m["brier"])[:MOST]


def _miss(number: int, event: EventData, deadline: DeadlineData, worst: ForecastData, grounds: Grounds) -> MissData:
    earlier = [f for f in deadline["forecasts"] if f["date"] <= worst["date"]]
    which = grounds.deadlines[event["name"]].index(dt.date.fromisoformat(deadline["deadline"]))
    date = [d.isoformat() for d in grounds.days].index(worst["date"])
    move = _move(earlier, bool(worst["happened"]), grounds)
    pushes = _pushes(number, date, which, grounds)
    learnt = None if worst["prior"] is None else worst["probability"] - worst["prior"]
    assert worst["happened"] is not None and worst["brier"] is not None
    out = MissData(
        event=event["name"], deadline=deadline["deadline"], date=worst["date"], probability=worst["probability"],
        happened=worst["happened"], brier=worst["brier"], path=[(f["date"], f["probability"]) for f in earlier],
        move=move, pushed_by=pushes, learnt=learnt, told=[],
    )  # fmt: skip
    out["told"] = told(out)
    return out


def _move(earlier: Sequence[ForecastData], happened: bool, grounds: Grounds) -> MoveData | None:
    """The largest move to the wrong side on the way there, with the rows that became known in between."""
    sign = -1.0 if happened else 1.0
    steps = [(sign * (b["probability"] - a["probability"]), a, b) for a, b in pairwise(earlier)]
    size, before, after = max(steps, key=lambda s: s[0], default=(0.0, None, None))
    if before is None or after is None or size <= SMALL:
        return None
    dates = [d.isoformat() for d in grounds.days]
    first, last = dates.index(before["date"]), dates.index(after["date"])
    return MoveData(
        start=before["date"], end=after["date"], before=before["probability"], after=after["probability"],
        record=between(grounds.known[first], grounds.known[last]),
    )  # fmt: skip


def between(before: Observations, after: Observations) -> list[str]:
    """What one state of the record says beyond another: rows, and silences, in words."""
    old = set(map(_said, before.sightings))
    new = [s for s in after.sightings if _said(s) not in old]
    rows = [f"{r.date} {r.text or r.act} ({r.player} {r.act})" for s in new for r in s.reports]
    silent = dict.fromkeys(f"{s.player} at {s.move}" for s in new if s.silent)
    return [*rows, *(f"no row of {who}" for who in silent)]


def _said(sighting: object) -> str:
    return repr(sighting)


def _pushes(number: int, date: int, which: int, grounds: Grounds) -> list[PushData]:
    """The parameters whose lower and upper halves of draws, by weight, forecast the most different."""
    pooled = grounds.pooled
    posterior = pooled.posteriors[date]
    if posterior is None or not pooled.names:
        return []
    told = pooled.chances[number][date, which]
    kept = (posterior.weights > 0) & ~np.isnan(told)
    w, p, found = posterior.weights[kept], told[kept], []
    for i, name in enumerate(pooled.names):
        values = pooled.values[kept, i]
        median = weighted_quantile(values, w, 0.5)
        low, high = values <= median, values > median
        if w[low].sum() > 0 and w[high].sum() > 0:
            below, above = (float(w[side] @ p[side] / w[side].sum()) for side in (low, high))
            found.append(PushData(name=name, median=median, below=below, above=above))
    found = [f for f in found if abs(f["above"] - f["below"]) > APART]
    return sorted(found, key=lambda f: -abs(f["above"] - f["below"]))[:PUSHES]


def told(miss: MissData) -> list[str]:
    """The explanation in sentences."""
    out: list[str] = []
    first = miss["path"][0]
    if miss["move"] is None:
        if len(miss["path"]) > 1:
            out.append(f"It was {_share(first[1])} on {first[0]}, and nothing in the record moved it further off.")
        else:
            out.append("It is the first forecast of this event.")
    else:
        move = miss["move"]
        said = "; ".join(move["record"][:4]) or "nothing: time alone moved it"
        more = f"; and {len(move['record']) - 4} more" if len(move["record"]) > 4 else ""
        out.append(
            f"The largest step there was from {_share(move['before'])} on {move['start']} to "
            f"{_share(move['after'])} on "
            f"{move['end']}; in between the record says {said}{more}."
        )
    for push in miss["pushed_by"]:
        out.append(
            f"{push['name']}: draws up to {push['median']:.3g} say {_share(push['below'])}, draws above it "
            f"{_share(push['above'])}."
        )
    if miss["learnt"] is not None and abs(miss["learnt"]) > SMALL:
        out.append(
            f"What the record taught of the parameters moved it by {100 * miss['learnt']:+.1f} points on that date."
        )
    return out


def _share(value: float) -> str:
    return f"{100 * value:.0f} %"


__all__ = ["MOST", "WORST", "Grounds", "between", "misses", "told"]
