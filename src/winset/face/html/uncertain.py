"""Sections on what the author left uncertain and on how well the past was foreseen."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from winset.base import words
from winset.face import over
from winset.face.hindcast import manner
from winset.face.html import followed, ranges
from winset.face.html.environment import environment
from winset.face.html.svg import Canvas, Scale

Json = dict[str, Any]


def sections(brief: Json) -> Any:
    """What the page's template calls with its macro for headings: `robust(heading)` and `hindcast(heading)`."""
    made: Any = environment().get_template("uncertain.html.j2").module

    def robust(heading: Any) -> Any:
        found = brief.get("robust")
        return made.robust(heading, _robust(found)) if found else ""

    def hindcast(heading: Any) -> Any:
        found = brief.get("hindcast")
        return made.hindcast(heading, hindcast_context(found)) if found else ""

    return {"robust": robust, "hindcast": hindcast}


def _robust(found: Json) -> Json:
    return {
        "told": over.how(found),
        "failures": over.failed(found),
        "questions": [
            {
                "title": words.human(q["name"]),
                "formula": q["formula"],
                "central": over.figure(q["central"], q["unit"]),
                "cells": [over.figure(v, q["unit"]) for v in q["quantiles"]],
                "chart": histogram(q),
                "turns": over.leading(q),
            }
            for q in found["questions"]
            if q["count"]
        ],
        "claims": [
            {
                "name": c["name"],
                "quote": c["quote"] or words.human(c["name"]),
                "central": c["central"] or "no verdict",
                "sign": words.SIGNS.get(c["central"], ""),
                "share": words.percent(c["share"]),
                "band": f"{words.percent(c['low'])} to {words.percent(c['high'])}" if c["share"] is not None else "",
                "turns": over.turns(c),
            }
            for c in found["claims"]
        ],
        "tornadoes": [
            {"title": words.capital(words.human(q["name"])), "chart": _tornado(q)}
            for q in found["questions"]
            if q["headline"]
            and q["central"] is not None
            and any(b["at_low"] is not None and b["at_high"] is not None for b in q["bars"])
        ],
        "regions": [region(r, found) for r in found["regions"]],
        "quality": over.quality(found),
        "minority": over.minority(found),
    }


def histogram(question: Json) -> Markup:
    """Where the draws lie, with the central answer marked."""
    canvas = Canvas(width=160, height=34)
    edges, counts = question["edges"], question["counts"]
    if not counts or edges[-1] <= edges[0]:
        return canvas.markup(f"{words.human(question['name'])}: all draws alike", style="spark")
    x = Scale(low=edges[0], high=edges[-1], start=2, end=158)
    top = max(counts)
    for low, high, count in zip(edges, edges[1:], counts, strict=False):
        tall = 28 * count / top
        canvas.rect(x(low), 30 - tall, max(x(high) - x(low) - 0.6, 0.6), tall, "level")
    canvas.line(2, 30, 158, 30, "base")
    central = question["central"]
    if central is not None and edges[0] <= central <= edges[-1]:
        canvas.line(x(central), 0, x(central), 33, "walk")
    low, high = (over.figure(v, question["unit"]) for v in (edges[0], edges[-1]))
    return canvas.markup(f"{words.human(question['name'])} over the draws, from {low} to {high}", style="spark")


def _tornado(question: Json) -> Markup:
    bars = [b for b in question["bars"] if b["at_low"] is not None and b["at_high"] is not None]
    bars.sort(key=lambda b: -(max(b["at_low"], b["at_high"]) - min(b["at_low"], b["at_high"])))
    swings = [
        ranges.Swing(
            name=b["parameter"], ends=(words.figure(b["low"]), words.figure(b["high"])),
            values=(b["at_low"], b["at_high"]), flips=b["flips"],
        )
        for b in bars
    ]  # fmt: skip
    say = words.percent if question["unit"] == "probability" else words.figure
    title = f"{words.human(question['name'])}: one parameter at a time over its range"
    return ranges.tornado(title, question["central"], swings, threshold=question["threshold"], say=say)


def region(given: Json, found: Json) -> Json:
    """A map over two parameters; of a claim it is its margin, which turns at 0."""
    one: Json = next((q for q in found["questions"] if q["name"] == given["name"]), {})
    claim = next((c for c in found["claims"] if c["name"] == given["name"]), None)
    chance = one.get("unit") == "probability"
    known = [v for row in given["values"] for v in row if v is not None]
    low, high = (0.0, 1.0) if chance else (min(known, default=0.0), max(known, default=1.0))
    axes = found["draws"]
    central = dict(zip(axes["parameters"], axes["central"], strict=True))
    here = central[given["across"]], central[given["up"]]
    inside = all(min(v) <= at <= max(v) for v, at in zip((given["x"], given["y"]), here, strict=True))
    title = words.human(given["name"])
    return {
        "title": words.capital(title),
        "what": "margin of the claim: it holds where it is positive" if claim else "the answer",
        "chart": ranges.region(
            title, (given["across"], given["x"]), (given["up"], given["y"]), given["values"],
            threshold=0.0 if claim else one.get("threshold"), hatched=given["several"],
            here=here if inside else None, low=low, high=high,
            say=words.percent if chance else words.figure,
        ),
        "several": any(any(row) for row in given["several"]),
    }  # fmt: skip


def hindcast_context(found: Json) -> Json:
    """A hindcast in the words of pages."""
    bins = [
        ranges.Bin(forecast=b["mean"], happened=b["frequency"], count=b["forecasts"], low=b["expected_low"],
                   high=b["expected_high"])
        for b in found["scores"]["bins"]
        if b["forecasts"]
    ]  # fmt: skip
    return {
        "misses": [
            {
                "event": words.human(m["event"]),
                "deadline": followed.day(m["deadline"]),
                "said": words.percent(m["probability"]),
                "date": followed.day(m["date"]),
                "came": "it happened" if m["happened"] else "it did not happen",
                "told": " ".join(m["told"]),
            }
            for m in found["misses"]
        ],
        "scores": _scores(found["scores"]),
        "references": [_reference(r) for r in found["references"] if r["forecasts"]],
        "reliability": ranges.reliability("Forecasts and how often they came about", bins) if bins else "",
        "events": [_deadline(e, d) for e in found["events"] for d in e["deadlines"]],
        "warnings": found["warnings"],
        "how": manner(found),
        "variant": found["stamp"]["variant"],
    }


def _scores(score: Json) -> str:
    if not score["resolved"]:
        return f"None of {words.plural(score['forecasts'], 'forecast')} can be scored."
    log = "infinite" if score["log"] is None else f"{score['log']:.3f}"
    told = (
        f"{words.plural(score['resolved'], 'forecast')} of {words.plural(score['events'], 'event')}: Brier score "
        f"{score['brier']:.3f}, log score {log} nats."
    )
    if score["unresolved"]:
        told += f" {words.plural(score['unresolved'], 'forecast')} more have no known outcome."
    return told


def _reference(given: Json) -> Json:
    skill = next((s for s in given["skill"] if s["score"] == "brier" and s["value"] is not None), None)
    band = "" if skill is None or skill["low"] is None else f"({skill['low']:+.2f} to {skill['high']:+.2f})"
    return {
        "name": words.capital(words.human(given["name"])),
        "about": given["about"],
        "forecasts": given["forecasts"],
        "brier": _number(given["brier"]),
        "own": _number(given["own_brier"]),
        "skill": words.UNKNOWN if skill is None else words.signed(f"{skill['value']:+.2f}"),
        "band": words.signed(band),
    }


def _number(value: float | None) -> str:
    return words.UNKNOWN if value is None else f"{value:.3f}"


def _deadline(event: Json, deadline: Json) -> Json:
    told = deadline["forecasts"]
    happened = {True: deadline["on"], False: "no", None: deadline["why"] or "not known"}[deadline["happened"]]
    return {
        "name": words.capital(words.human(event["name"])),
        "by": followed.day(deadline["deadline"]),
        "happened": followed.day(happened) if deadline["happened"] else happened,
        "count": len(told),
        "first": words.percent(told[0]["probability"]) if told else "",
        "last": words.percent(told[-1]["probability"]) if told else "",
        "brier": _number(deadline["brier"]) if deadline["brier"] is not None else "",
    }
