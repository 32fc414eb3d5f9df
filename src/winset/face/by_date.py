"""A brief's forecast by date, as rows: every event's probability with its word, every number's mean and bands."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from typing import Any

import winset
from winset.base import words
from winset.base.columns import columns, wrapped
from winset.base.diagnostics import Diagnostic
from winset.base.likelihood import word
from winset.base.plain import event, moment

Json = dict[str, Any]
DATES_SHOWN = 5
NAME_ROOM = 24
"""Columns kept for the name of an event."""
SHARES = ("50", "80", "95")


def rows(brief: Json, names: Sequence[str] = (), by: str = "") -> Json:
    """What is forecast, at every date or at one.

    Args:
        brief: a brief's data.
        names: names of questions or of numbers of the state; by default all.
        by: a date; by default every date.

    Returns:
        `dates`; `events` with `question`, `event`, `probability`, `words` and `confidence`; `numbers` with `name`,
        `mean` and `bands`; `others`: questions that have no curve by date, with `shown`, `word`, `span`, `confidence`;
        at one date only those that are named.

    Raises:
        ScenarioError: C493 there is no such question, number or date.
    """
    forecast = brief["forecast"]
    numeric = [v for v in forecast["variables"] if v["kind"] == "numbers"]
    known = [*(q["name"] for q in brief["questions"]), *(v["name"] for v in numeric)]
    for name in names:
        if name not in known:
            _absent(name, known, "question or number of the state")
    picked = [_index(forecast["dates"], by)] if by else list(range(len(forecast["dates"])))
    asked = {q["name"]: q for q in brief["questions"]}
    wanted = set(names or known)
    events = []
    for curve in forecast["curves"]:
        if not curve["variant"] and curve["question"] in wanted:
            values = [curve["probability"][i] for i in picked]
            events.append(
                {
                    "question": curve["question"],
                    "event": words.capital(event(curve["event"])),
                    "probability": values,
                    "words": [word(v) for v in values],
                    "confidence": asked.get(curve["question"], brief)["confidence"],
                }
            )
    curved = {e["question"] for e in events}
    return {
        "dates": [forecast["dates"][i] for i in picked],
        "events": events,
        "numbers": [_number(v, picked) for v in numeric if v["name"] in wanted],
        "others": [
            {key: q[key] for key in ("name", "title", "shown", "value", "word", "span", "confidence")}
            for q in brief["questions"]
            if q["name"] in wanted and q["name"] not in curved and (names or not by)
        ],
    }


def _number(variable: Json, picked: list[int]) -> Json:
    bands = {share: [[series[i] for i in picked] for series in variable["bands"][share]] for share in SHARES}
    return {"name": variable["name"], "mean": [variable["mean"][i] for i in picked], "bands": bands}


def _index(dates: list[str], by: str) -> int:
    """The round that a date names: its label, or a day within it."""
    for index, label in enumerate(dates):
        if by == label or by.startswith(f"{label}-"):
            return index
    return _absent(by, dates, "date or round" if dates and dates[0].isdigit() else "date", " in the forecast")


def _absent(name: str, known: Sequence[str], what: str, place: str = "") -> int:
    near = difflib.get_close_matches(name, known, 1)
    listed = ", ".join(known) if len(known) <= 12 else f"{known[0]}, {known[1]}, …, {known[-1]}"
    told = Diagnostic(
        code="C493", message=f"there is no {what} `{name}`{place}", why=winset.RULES["C493"].why,
        nearest=near[0] if near else "", fix=_fix(listed, near) if known else f"The scenario has no {what}.",
    )  # fmt: skip
    raise winset.ScenarioError([told])


def _fix(listed: str, near: Sequence[str]) -> str:
    return f"Write `{near[0]}`." if near else f"Use one of {listed}."


def lines(found: Json, width: int = 80) -> list[str]:
    """The rows as text: one date as a list, several as a table by date."""
    parts = [_at_one(found, width) if len(found["dates"]) == 1 else _by_date(found, width), _others(found, width)]
    grounds = dict.fromkeys(e["confidence"] for e in found["events"] + found["others"] if e["confidence"])
    if len(grounds) == 1:
        parts.append(wrapped(f"Confidence. {next(iter(grounds))}", width))
    out: list[str] = []
    for part in parts:
        out += [*([""] if out and part else []), *part]
    return out or ["nothing is forecast: the scenario asks no question by date and has no number in its state"]


def _at_one(found: Json, width: int) -> list[str]:
    if not found["events"] and not found["numbers"]:
        return []
    out = [f"By the end of {moment(found['dates'][0])}"]
    out += columns(
        [(words.percent(e["probability"][0]), e["words"][0], _named(e)) for e in found["events"]],
        width=width, wide=2, right=(0,),
    )  # fmt: skip
    for one in found["numbers"]:
        bands = [f"{share} % of histories in {_span(one['bands'][share], 0)}" for share in SHARES]
        text = f"{words.capital(words.human(one['name']))}: on average {_mean(one, 0)}; {', '.join(bands)}"
        out += wrapped(text, width, "  ", "    ")
    return out


def _named(one: Json) -> str:
    return f"{one['event']} ({one['question']})"


def _mean(one: Json, index: int) -> str:
    return words.figure(round(one["mean"][index], 2))


def _span(band: list[list[float]], index: int) -> str:
    low, high = (words.figure(series[index]) for series in band)
    return low if low == high else f"{low} to {high}"


def _by_date(found: Json, width: int) -> list[str]:
    if not found["events"] and not found["numbers"]:
        return []
    most = min(DATES_SHOWN, len(found["dates"]))
    for count in range(most, 1, -1):
        table = _table(found, count)
        room = max(len(cell) for row in table for cell in row[1:]) + 2
        if count * room + NAME_ROOM <= width or count == 2:
            break
    out = ["How likely by the end of each round, seen from the start"]
    out += columns(table, width=width, wide=0, right=tuple(range(1, len(table[0]))))
    if found["events"]:
        told = "; ".join(f"{one['question']} {one['words'][-1]}" for one in found["events"])
        out += wrapped(f"In words by the last of these dates: {told}.", width, "  ")
    return out


def _table(found: Json, count: int) -> list[tuple[str, ...]]:
    """Every event and number at so many of the dates, evenly spread, the first and the last among them."""
    dates = found["dates"]
    picked = sorted({round(i * (len(dates) - 1) / (count - 1)) for i in range(count)})
    table = [("", *(words.date_label(dates[i]) for i in picked))]
    for one in found["events"]:
        table.append((_named(one), *(words.percent(one["probability"][i]) for i in picked)))
    for one in found["numbers"]:
        table.append((f"{words.capital(words.human(one['name']))}, mean", *(_mean(one, i) for i in picked)))
        for share in SHARES:
            table.append((f"  {share} % in", *(_span(one["bands"][share], i) for i in picked)))
    return table


def _others(found: Json, width: int) -> list[str]:
    if not found["others"]:
        return []
    rows_ = [
        (
            one["shown"],
            one["title"] + (f": {tail}" if (tail := ", ".join(t for t in (one["word"], one["span"]) if t)) else ""),
        )
        for one in found["others"]
    ]
    return ["Without a curve by date", *columns(rows_, width=width, wide=1, right=(0,))]
