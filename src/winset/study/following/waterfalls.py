"""Where the change of a belief or of a forecast comes from, step by step, so that the parts add up to the whole."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from winset.game.game import Game
from winset.learn.filter import Followed, Step
from winset.study.following.data import Entry, Part, Waterfall


@dataclass(frozen=True, kw_only=True)
class Checkpoint:
    """A forecast right after a step (None: before the first), and the figures by question."""

    step: int | None
    figures: dict[str, float | None]


def type_names(game: Game) -> dict[str, int]:
    """`pyongyang is staller` to its value row, for players whose type is in doubt."""
    return {
        f"{player.name} is {kind}": start + k
        for player, start in zip(game.players, game.row_start, strict=True)
        if len(player.types) > 1
        for k, kind in enumerate(player.types)
    }


def belief_waterfall(name: str, row: int, followed: Followed, entries: Sequence[Entry]) -> Waterfall:
    """One type's. A sighting's part in log-odds is the logarithm of its likelihood ratio, computed by itself."""
    parts: list[Part] = []
    for step, entry in zip(followed.steps, entries, strict=True):
        if step is followed.broken:
            continue
        added, odds = float(step.after[row] - step.before[row]), float(step.log_odds[row])
        parts.append(
            Part(
                steps=[step.number], kind=step.kind, date=entry.date, label=label(entry), added=added,
                log_odds=finite(odds),
            )
        )  # fmt: skip
    start, end = float(followed.start[row]), float(followed.end[row])
    return _closed(name, "", "probability", start, end, parts)


def forecast_waterfall(name: str, formula: str, unit: str, found: Sequence[Checkpoint], steps: Sequence[Step],
                       entries: Sequence[Entry]) -> Waterfall | None:  # fmt: skip
    """One question's; None where it has no figure at the start. What has none any more keeps its last."""
    at = found[0].figures.get(name)
    if at is None:
        return None
    start, last, parts, since = at, at, list[Part](), 0
    for point in found[1:]:
        assert point.step is not None
        now = point.figures.get(name)
        now = last if now is None else now
        own = steps[point.step]
        parts.append(
            Part(
                steps=list(range(since, point.step + 1)), kind="event" if own.kind == "event" else "silence",
                date=entries[point.step].date,
                label=label(entries[point.step]) if own.kind == "event" else _span(entries[since : point.step + 1]),
                added=now - last, log_odds=finite(_odds(now) - _odds(last)) if unit == "probability" else None,
            )
        )  # fmt: skip
        last, since = now, point.step + 1
    return _closed(name, formula, unit, start, last, parts)


def _closed(name: str, formula: str, unit: str, start: float, end: float, parts: list[Part]) -> Waterfall:
    return Waterfall(
        name=name, formula=formula, unit=unit, start=start, end=end, parts=parts,
        residual=end - start - math.fsum(part.added for part in parts),
    )  # fmt: skip


def label(entry: Entry) -> str:
    """What a step is, in the words of the scenario."""
    if entry.kind == "event":
        return f"{entry.player} plays {entry.says}" if entry.player != "chance" else f"chance: {entry.says}"
    if entry.kind == "silence":
        return f"nothing of {entry.player} at {entry.move}"
    return "types change by themselves" if entry.kind == "time" else "what was too improbable is dropped"


def _span(entries: Sequence[Entry]) -> str:
    first, last = entries[0].round, entries[-1].round
    return "nothing reported, " + (first if first == last else f"{first} to {last}")


def _odds(p: float) -> float:
    with np.errstate(divide="ignore"):
        return float(np.log(p) - np.log1p(-p)) if 0 <= p <= 1 else math.nan


def finite(value: float) -> float | None:
    """The number, or None where it is none."""
    return float(value) if math.isfinite(value) else None


def checkpoints(steps: Sequence[Step]) -> list[int]:
    """The steps after which a forecast is made: every event, the last one before it, and the last of each round."""
    sighted = [s for s in steps if s.sighting is not None and s.probability > 0]
    found: set[int] = set()
    for this, following in zip(sighted, [*sighted[1:], None], strict=False):  # none where nothing was sighted
        closes = following is None or following.round != this.round or following.kind == "event"
        if this.kind == "event" or closes:
            found.add(this.number)
    return sorted(found)
