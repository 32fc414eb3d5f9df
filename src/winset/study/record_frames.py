"""Rows of the tables of a record followed, of draws, and of a hindcast."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from winset.study.following.data import Following
from winset.study.robust.data import Robust, Share, Spread

Row = dict[str, Any]


def steps(found: Following) -> Iterator[Row]:
    """One row a step along the record."""
    keys = ("number", "date", "kind", "round", "move", "player", "says", "probability", "bits", "expected", "p_value",
            "fit")  # fmt: skip
    return ({key: getattr(e, key) for key in keys} for e in found.entries)


def beliefs(found: Following) -> Iterator[Row]:
    """One row a step and type: the belief before and after, and the likelihood ratio between them."""
    for entry in found.entries:
        for name, after in entry.after.items():
            yield {
                "number": entry.number, "type": name, "date": entry.date, "before": entry.before.get(name),
                "after": after, "ratio": entry.ratio.get(name),
            }  # fmt: skip


def seen_forecasts(found: Following) -> Iterator[Row]:
    """One row a step and headline question, where it was asked."""
    for entry in found.entries:
        for name, value in entry.questions.items():
            yield {"number": entry.number, "question": name, "date": entry.date, "value": value}


def parts(found: Following) -> Iterator[Row]:
    """One row a part of a waterfall: what it adds, as it is and in log-odds."""
    for fall in (*found.types, *found.questions):
        for k, part in enumerate(fall.parts, 1):
            yield {
                "of": fall.name, "part": k, "date": part.date, "kind": part.kind, "label": part.label,
                "added": part.added, "log_odds": part.log_odds,
            }  # fmt: skip


def matrix(found: Following) -> Iterator[Row]:
    """One row a sighting and hypothesis: its likelihood ratio against the others, and Heuer's symbol."""
    for one in found.matrices:
        for row in one.rows:
            for hypothesis, cell in zip(one.hypotheses, row.cells, strict=True):
                yield {
                    "matrix": one.name, "step": row.step, "hypothesis": hypothesis, "date": row.date,
                    "label": row.label, "ratio": cell.ratio, "symbol": cell.symbol,
                    "diagnosticity": row.diagnosticity,
                }  # fmt: skip


def seen_claims(found: Following) -> Iterator[Row]:
    """One row a claim: what the record made of it, or why it cannot say."""
    return ({"name": c.name, "verdict": c.verdict, "why": c.why} for c in found.claims)


def spreads(found: Robust) -> Iterator[Row]:
    """One row a question over the draws."""
    for q in found.questions:
        shown = q.quantiles if len(q.quantiles) == len(QUANTILES) else [None] * len(QUANTILES)
        yield {
            "name": q.name, "unit": q.unit, "count": q.count, "central": q.central, "mean": q.mean,
            "deviation": q.deviation, **dict(zip(QUANTILES, shown, strict=True)),
        }  # fmt: skip


def shares(found: Robust) -> Iterator[Row]:
    """One row a claim over the draws."""
    keys = ("name", "kind", "central", "margin", "holds", "fails", "undecided", "share", "low", "high", "reason")
    return ({key: getattr(c, key) for key in keys} for c in found.claims)


def _asked(found: Robust) -> list[Spread | Share]:
    return [*found.questions, *found.claims]


def influences(found: Robust) -> Iterator[Row]:
    """One row an answer and parameter: Sobol indices with 90 % intervals."""
    keys = ("parameter", "first", "first_low", "first_high", "total", "total_low", "total_high")
    for one in _asked(found):
        for i in one.influences:
            yield {"name": one.name, **{key: getattr(i, key) for key in keys}}


def boundaries(found: Robust) -> Iterator[Row]:
    """One row an answer and parameter: the value at which the answer turns, or why there is none."""
    keys = ("parameter", "low", "high", "central", "at", "above", "jumps", "reason")
    for one in _asked(found):
        for b in one.boundaries:
            yield {"name": one.name, **{key: getattr(b, key) for key in keys}}


def draws(found: Robust) -> Iterator[Row]:
    """One row a draw: its parameters, then the answers of questions and the margins of claims."""
    own = found.draws
    for k, point in enumerate(own.points):
        yield {
            "draw": k + 1, **dict(zip(own.parameters, point, strict=True)),
            **{name: values[k] for name, values in own.values.items()},
        }  # fmt: skip


def forecasts(found: Mapping[str, Any]) -> Iterator[Row]:
    """One row a forecast of the hindcast, beside the baselines of its day."""
    keys = ("probability", "low", "high", "error", "central", "prior", "happened", "brier", "log")
    for event in found["events"]:
        for deadline in event["deadlines"]:
            for one in deadline["forecasts"]:
                yield {
                    "event": event["name"], "deadline": deadline["deadline"], "date": one["date"],
                    **{key: one[key] for key in keys}, **one["baselines"],
                }  # fmt: skip


def references(found: Mapping[str, Any]) -> Iterator[Row]:
    """One row a reference and score: the skill against it with its 90 % interval."""
    for reference in found["references"]:
        for one in reference["skill"]:
            keys = ("score", "value", "low", "high", "better", "forecasts", "events")
            yield {"reference": reference["name"], **{key: one[key] for key in keys}}


def dates(found: Mapping[str, Any]) -> Iterator[Row]:
    """One row a date of the hindcast: how much the record says by then, and whether the draws carry it."""
    keys = ("date", "until", "sightings", "reports", "draws", "ess", "pareto", "enough", "log_evidence", "mass_lost")
    return ({key: one[key] for key in keys} for one in found["dates"])


QUANTILES = ("q05", "q25", "q50", "q75", "q95")
_CHANCE = "probability"
_OWN = "of the formula"
_PARAMETER = "of the parameter"
_VARIANCE = "share of the variance"

Spec = tuple[tuple[str, ...], dict[str, str], Callable[[Any], Iterator[Row]]]
"""The index of a table (empty: every column without a unit), the unit of each column of numbers, and its rows."""
FOLLOWING: dict[str, Spec] = {
    "steps": (
        ("number",),
        {"probability": _CHANCE, "bits": "bit", "expected": "bit", "p_value": _CHANCE, "fit": _CHANCE}, steps,
    ),
    "beliefs": (("number", "type"), {"before": _CHANCE, "after": _CHANCE, "ratio": "1"}, beliefs),
    "forecasts": (("number", "question"), {"value": _OWN}, seen_forecasts),
    "parts": (("of", "part"), {"added": _OWN, "log_odds": "log-odds"}, parts),
    "matrix": (("matrix", "step", "hypothesis"), {"ratio": "1", "diagnosticity": "bit"}, matrix),
    "claims": (("name",), {}, seen_claims),
}  # fmt: skip
ROBUST: dict[str, Spec] = {
    "questions": (
        ("name",), {"count": "draw", **dict.fromkeys(("central", "mean", "deviation", *QUANTILES), _OWN)}, spreads,
    ),
    "claims": (
        ("name",),
        {"margin": _OWN, **dict.fromkeys(("holds", "fails", "undecided"), "draw"),
         **dict.fromkeys(("share", "low", "high"), "share of the draws")}, shares,
    ),
    "influences": (
        ("name", "parameter"),
        dict.fromkeys(("first", "first_low", "first_high", "total", "total_low", "total_high"), _VARIANCE), influences,
    ),
    "boundaries": (
        ("name", "parameter"), dict.fromkeys(("low", "high", "central", "at"), _PARAMETER), boundaries,
    ),
    "draws": (("draw",), {}, draws),
}  # fmt: skip
HINDCAST: dict[str, Spec] = {
    "forecasts": (
        ("event", "deadline", "date"),
        {**dict.fromkeys(("probability", "low", "high", "error", "central", "prior"), _CHANCE), "brier": "1",
         "log": "nat"}, forecasts,
    ),
    "references": (
        ("reference", "score"),
        {**dict.fromkeys(("value", "low", "high"), "skill"), "better": "share of the resamples",
         "forecasts": "forecast", "events": "event"}, references,
    ),
    "dates": (("date",), {"ess": "draw", "log_evidence": "nat", "mass_lost": _CHANCE}, dates),
}  # fmt: skip
