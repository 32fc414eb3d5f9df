"""What a page says of answers, claims, variants, assumptions and the certificate."""

from __future__ import annotations

from typing import Any

from winset.base import words
from winset.face import why
from winset.face.html import charts

Json = dict[str, Any]

FIGURES = (
    ("stage_residual", "Is each decision a fixed point?", "largest residual of any cell"),
    ("missed", "Was every cell solved?", "cells beyond the tolerance"),
    ("one_shot_gain", "Could a player gain by one deviation?", "most any type gains, in payoff units"),
    ("full_gain", "Could a player gain by another strategy altogether?", "most any type gains, in payoff units"),
    ("ex_ante_gain", "And before it knows its own type?", "most any player gains at the start, in payoff units"),
    ("logit_bound", "How much of that gain do the players' errors account for?", "bound from the precision"),
    ("grid_error", "Does the grid of beliefs move the answers?", "largest movement of a headline answer"),
    ("mass_lost", "Was probability dropped on the way?", "mass dropped by pruning"),
)
OF_CERTIFICATE = {
    True: ("holds", "✓ The solution passes", "Every figure that has a limit is inside it."),
    False: ("fails", "✗ The solution does not pass", "Read every figure of this brief with that in mind."),
    None: ("undecided", "? No verdict", "Nothing fails, but not every figure could be measured."),
}


def judgement(question: Json, shared: str) -> Json:
    """A question as the page shows it: title, meaning, value, range and, for a probability, its strip.

    Args:
        shared: the ground of confidence that is told once for all.
    """
    value = question["value"]
    is_chance = question["unit"] == "probability" and value is not None and not isinstance(value, bool)
    title = words.heading(question["note"], question["name"]) if question["meaning"] else question["title"]
    strip = ""
    if is_chance:
        strip = charts.strip(f"{title}: {words.percent(value)}", value, question["low"], question["high"])
    shown, unit = question["shown"], ""
    if shown.endswith(" points"):
        shown, unit = shown.removesuffix(" points"), "points"
    return {
        **question,
        "title": title,
        "word": question["word"] or question["scale"],
        "shown": shown,
        "points": unit,
        "band": question["span"],
        "strip": strip,
        "turns_on": why.shown(question["explanation"]),
        "ground": words.apart(question["confidence"], shared),
    }


def claim(given: Json, shared: str) -> Json:
    """A claim as the page shows it: its verdict, how it was read, its numbers in words, the gap of its sides.

    Args:
        shared: the ground of confidence that is told once for all.
    """
    numbers = []
    for part in given["numbers"]:
        chance = words.is_chance(part["formula"])
        value = part["value"]
        drawn = chance and value is not None
        drawing = charts.gauge(f"{part['meaning']}: {part['shown']}", value) if drawn else ""
        numbers.append({**part, "gauge": drawing})
    return {
        **given,
        "numbers": numbers,
        "rows": [{**row, "said": words.row(row)} for row in given["rows"]],
        "reason": words.capital(given["reason"] if numbers else given["why"]),
        "sign": words.SIGNS[given["verdict"]],
        "says": words.forms(given["verdict"], 1),
        "turns_on": why.shown(given["explanation"]),
        "ground": words.apart(given["confidence"], shared),
    }


def tally(brief: Json) -> list[Json]:
    """The verdicts counted, for the bar at the top."""
    return [
        {"verdict": verdict, "count": count, "sign": words.SIGNS[verdict], "says": words.forms(verdict, count)}
        for verdict, count in words.tally([c["verdict"] for c in brief["claims"]])
        if count
    ]


def variants(brief: Json) -> Json:
    """The variants that were solved as rows of headline answers, and those that were not."""
    solved = [v for v in brief["variants"] if v["effects"]]
    asked = dict.fromkeys(e["question"] for v in solved for e in v["effects"])
    base = {e["question"]: e["base"] for v in solved for e in v["effects"]}
    titles = {q["name"]: words.heading(q["note"], q["name"]) for q in brief["questions"]}
    rows = []
    for variant in solved:
        effects = {e["question"]: e for e in variant["effects"]}
        cells = [effects.get(name) for name in asked]
        rows.append({**variant, "cells": [_cell(e) for e in cells]})
    return {
        "columns": [titles.get(name, words.capital(words.human(name))) for name in asked],
        "base": [words.percent(base[name]) for name in asked],
        "rows": rows,
        "others": [v for v in brief["variants"] if v["solved"] and not v["effects"]],
        "unsolved": [v for v in brief["variants"] if not v["solved"]],
    }


def _cell(effect: Json | None) -> Json:
    """An answer in a variant, and by how many points it differs from the base."""
    if effect is None:
        return {"shown": words.UNKNOWN, "change": ""}
    change = round(100 * (effect["variant"] - effect["base"]))
    told = f"{change:+d}".replace("-", words.MINUS) if change else "±0"
    return {"shown": words.percent(effect["variant"]), "change": told}


def assumption(given: Json) -> Json:
    """A parameter as the page shows it, with its value inside its range."""
    low, high = given["low"], given["high"]
    told = given["distribution"]
    drawing = ""
    if low is not None and high is not None:
        told = f"{words.figure(low)} to {words.figure(high)}"
        drawing = charts.extent(f"{words.figure(given['value'])} in {told}", given["value"], low, high)
    return {**given, "shown": words.figure(given["value"]), "range": told, "extent": drawing}


def certificate(brief: Json) -> Json:
    """The verdict on the solution and its figures, each beside its limit where it has one."""
    given = brief["certificate"]
    verdict, says, means = OF_CERTIFICATE[given.get("passes")]
    details = given.get("details", {})
    failures = [words.human(name) for name in details.get("failures", [])]
    if failures and given.get("passes") is False:
        means = f"Beyond the limit: {words.listing(failures)}. {means}"
    rows = []
    for key, tests, meaning in FIGURES:
        if key not in given:
            continue
        shown = words.power(words.small(given[key]))
        if key == "missed" and given[key] is not None:
            shown = f"{given[key]:,} of {given.get('cells', 0):,}"
        limit = _limit(key, given, details)
        rows.append({"tests": tests, "meaning": meaning, "name": key, "shown": shown, "limit": limit})
    return {"verdict": verdict, "says": says, "means": means, "rows": rows, "known": "passes" in given}


def _limit(key: str, given: Json, details: Json) -> str:
    """What a figure is held against: its own limit, or what errors account for."""
    found = details.get(key)
    if isinstance(found, dict) and found.get("limit") is not None:
        return words.power(words.small(found["limit"]))
    if isinstance(found, list):
        bounds = [row["interim_bound"] for row in found if row["interim"] == given[key]]
        if bounds:
            return words.power(words.small(bounds[0]))
    return ""


def equilibria(brief: Json) -> Json | None:
    """The answers of each equilibrium; None where there is only the principal one."""
    if len(brief["equilibria"]) < 2:
        return None
    rows = [
        {
            "origin": one["origin"],
            "answers": [words.quantity(one["answers"].get(q["name"]), q["unit"]) for q in brief["questions"]],
            "residual": words.small(one["check"].get("stage_residual")),
            "gain": words.small(one["check"].get("one_shot_gain")),
        }
        for one in brief["equilibria"]
    ]
    return {"names": [q["name"] for q in brief["questions"]], "rows": rows, "told": words.several(len(rows))}
