"""Sections on the record: what happened, what it did to beliefs and forecasts, and which reading it favours."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from markupsafe import Markup

from winset.base import words
from winset.face.html import charts, ranges
from winset.face.html.environment import environment
from winset.face.html.svg import Canvas, Scale, spread, text_width

WIDE, NARROW = 860.0, 360.0
LEFT, RIGHT = 42.0, 52.0
TITLE, PANEL, GAP, LANE, FOOT = 20.0, 110.0, 14.0, 30.0, 38.0
SMALL = 0.0005
"""A move of a probability below which a table leaves it out."""
MOST_BARS = 14
MOST_PANELS = 4
MOST_ROWS = 12
"""Sightings of a matrix on the page, the most diagnostic; the data hold all."""

Json = dict[str, Any]


def sections(found: Json | None, looks: dict[str, int]) -> Any:
    """What the page's template calls with its macro for headings: `record(heading)` and `matrices(heading)`.

    Args:
        found: a record followed, as `Following.as_dict` gives it; None where there is none.
        looks: colour and dash of each player.
    """
    made: Any = environment().get_template("record.html.j2").module

    def record(heading: Any) -> Any:
        return made.record(heading, _context(found, looks)) if found else ""

    def matrices(heading: Any) -> Any:
        shown = [matrix(m) for m in found["matrices"]] if found else []
        return made.matrices(heading, shown) if shown else ""

    return {"record": record, "matrices": matrices}


def _context(found: Json, looks: dict[str, int]) -> Json:
    events = [e for e in found["entries"] if e["kind"] == "event"]
    numbers = {e["number"]: i for i, e in enumerate(events, 1)}
    return {
        "until": words.date_label(found["until"]) if found["until"] else "its end",
        "variant": found["variant"],
        "wide": axis(found, looks, numbers, WIDE),
        "narrow": axis(found, looks, numbers, NARROW),
        "legend": [(charts.swatch(t.look), t.name) for t in (*_beliefs(found, looks), *_forecasts(found))],
        "events": [event(e, found, numbers[e["number"]]) for e in events],
        "misfit": found["misfit"],
        "falls": [fall(f, looks) for f in falls(found)],
        "unused": unused(found["unused"]),
        "unused_count": len(found["unused"]),
        "left_out": [f"{words.human(name)}: {why}" for name, why in found["left_out"].items()],
        "warnings": found["warnings"],
        "unchecked": any(not row["checked"] for e in events for row in e["rows"]),
        "shuffled": [e["date"] for e in events] != sorted(e["date"] for e in events),
    }


def falls(found: Json) -> list[Json]:
    """The waterfalls that a page shows: beliefs, one of each pair, and forecasts that are probabilities."""
    every = (*mains(found["types"]), *found["questions"])
    return [f for f in every if f["parts"] and f["unit"] == "probability"]


def mains(types: Sequence[Json]) -> list[Json]:
    """One belief per player: of its first type where it has two, else all."""
    out = []
    for _, group in groupby(types, key=lambda t: t["name"].rsplit(" is ", 1)[0]):
        every = list(group)
        out += every[:1] if len(every) == 2 else every
    return out


def event(entry: Json, found: Json, number: int) -> Json:
    """One row of the table of events."""
    ratios = []
    for name, ratio in entry["ratio"].items():
        before, after = entry["before"][name], entry["after"][name]
        if (after > before if ratio is None else ratio > 1) and abs(after - before) >= SMALL:
            told = "×∞" if ratio is None else f"×{ratio:.2f}"
            ratios.append(f"{words.human(name)} {told}, {words.fine(before)} → {words.fine(after)}")
    rows = [{"text": r["text"], "source": r["source"], "checked": r["checked"]} for r in entry["rows"]]
    return {
        "number": number,
        "date": day(entry["date"]),
        "who": words.capital(words.human(entry["player"])),
        "says": words.human(entry["says"]),
        "rows": rows[:2],
        "more": len(rows) - 2,
        "chance": words.percent(entry["probability"]),
        "bits": bits(entry),
        "expected": f"{entry['expected']:.1f}" if entry["expected"] and entry["expected"] > 0.05 else "",
        "rare": entry["p_value"] is not None and entry["p_value"] < 0.05,
        "beliefs": ratios,
        "moves": list(_moves(entry, found)),
    }


def bits(entry: Json) -> str:
    """The surprise of a report, in words where it is no number or nothing else could have been reported."""
    if entry["bits"] is None:
        return "impossible"
    return f"{entry['bits']:.1f}" if entry["bits"] > 0.05 or entry["expected"] > 0.05 else "none"


def _moves(entry: Json, found: Json) -> Any:
    for one in found["questions"]:
        part = next((p for p in one["parts"] if entry["number"] in p["steps"] and p["kind"] == "event"), None)
        now = entry["questions"].get(one["name"])
        if part is None or now is None or one["unit"] != "probability" or abs(part["added"]) < 0.005:
            continue
        sign = "+" if part["added"] > 0 else ""
        yield f"{words.human(one['name'])} {sign}{words.points(part['added'])} to {words.percent(now)}"


def fall(given: Json, looks: dict[str, int]) -> Json:
    """A waterfall as the page shows it, the smallest parts put together."""
    title = words.capital(words.human(given["name"]))
    look = looks.get(given["name"].rsplit(" is ", 1)[0], 0)
    return {
        "title": title,
        "told": f"from {words.percent(given['start'])} to {words.percent(given['end'])}",
        "chart": ranges.waterfall(
            f"{title}: where the change comes from", given["start"], changes(given["parts"]), look=look
        ),
    }


def changes(given: Sequence[Json]) -> list[ranges.Change]:
    """The bars of a waterfall: each event, each stretch without one, the smallest put together."""
    parts = gathered(given)
    order = sorted(range(len(parts)), key=lambda i: -abs(parts[i].by))
    kept = {i for i in order[:MOST_BARS] if abs(parts[i].by) >= SMALL}
    out = [part for i, part in enumerate(parts) if i in kept]
    rest = [part.by for i, part in enumerate(parts) if i not in kept]
    if rest:
        out.append(ranges.Change(name=f"{words.plural(len(rest), 'smaller part')}", by=sum(rest), quiet=True))
    return out


def gathered(parts: Sequence[Json]) -> list[ranges.Change]:
    """The parts of a waterfall, each stretch without an event put together."""
    out: list[ranges.Change] = []
    for is_event, group in groupby(parts, key=lambda p: p["kind"] == "event"):
        run = list(group)
        if is_event:
            out += [ranges.Change(name=f"{day(p['date'])}: {words.human(p['label'])}", by=p["added"]) for p in run]
            continue
        first, last = run[0]["date"], run[-1]["date"]
        span = words.date_label(first) if first == last else f"{words.date_label(first)} to {words.date_label(last)}"
        told = {"silence": "silence", "time": "time passing", "dropped": "what was dropped"}
        kinds = dict.fromkeys(p["kind"] for p in run)
        kind = "silence" if "silence" in kinds else told[next(iter(kinds))]
        out.append(ranges.Change(name=f"{span}: {kind}", by=sum(p["added"] for p in run), quiet=True))
    return out


def day(date: str) -> str:
    """A day as `5 Oct 2019`; a label of a round as it is written elsewhere."""
    month, _, number = date.rpartition("-")
    if date.count("-") == 2 and number.isdigit():
        return f"{int(number)} {words.date_label(month)}"
    return words.date_label(date)


def unused(rows: Sequence[Json]) -> list[Json]:
    """Rows of the record that nothing rests on, counted by table and reason."""
    counts: dict[tuple[str, str], int] = {}
    for row in rows:
        counts[row["table"], row["why"]] = counts.get((row["table"], row["why"]), 0) + 1
    return [
        {"table": words.human(table) if table else "the scenario's own record", "why": why, "count": count}
        for (table, why), count in sorted(counts.items(), key=lambda item: -item[1])
    ]


@dataclass(frozen=True, kw_only=True)
class Track:
    """A line over the record: where each value stands on the axis of rounds, and what it is."""

    name: str
    points: list[tuple[float, float]]
    look: int


def places(entries: Sequence[Json]) -> tuple[list[str], dict[int, float]]:
    """Labels of the rounds, and where each step lies: spread evenly inside its round."""
    rounds = list(dict.fromkeys(e["round"] for e in entries))
    spot: dict[int, float] = {}
    for index, (_, group) in enumerate(groupby(entries, key=lambda e: e["round"])):
        mine = list(group)
        for k, entry in enumerate(mine, 1):
            spot[entry["number"]] = index + k / (len(mine) + 1)
    return rounds, spot


def axis(found: Json, looks: dict[str, int], numbers: dict[int, int], width: float) -> Markup:
    """Events, beliefs and forecasts on one time axis, at a width in pixels."""
    entries = found["entries"]
    rounds, spot = places(entries)
    x = Scale(low=0, high=max(len(rounds), 1), start=LEFT, end=width - RIGHT)
    actors = list(dict.fromkeys(e["player"] for e in entries if e["kind"] == "event"))
    beliefs, forecasts = _beliefs(found, looks), _forecasts(found)
    lanes, top = _lanes(entries, actors, numbers, spot, x)
    panels = [t for t in (beliefs, forecasts) if t]
    canvas = Canvas(width=width, height=top + (TITLE + PANEL + GAP) * len(panels) + FOOT)
    _draw_lanes(canvas, x, lanes, looks)
    told, y = [f"{len(numbers)} events"], top
    for tracks, title in zip(panels, ["Beliefs"] * bool(beliefs) + ["Forecasts"] * bool(forecasts), strict=True):
        told.append(_panel(canvas, x, y, title, tracks))
        y += TITLE + PANEL + GAP
    ticks = words.date_ticks(rounds, room=6 if width <= NARROW else 16)
    shifted = Scale(low=-0.5, high=max(len(rounds), 1) - 0.5, start=x.start, end=x.end)
    charts.date_axis(canvas, shifted, canvas.height - FOOT, ticks)
    return canvas.markup("What happened, what is believed and what is forecast, on one time axis", "; ".join(told))


def _beliefs(found: Json, looks: dict[str, int]) -> list[Track]:
    spot = places(found["entries"])[1]
    return [_belief(found, b, spot, looks) for b in mains(found["types"]) if b["parts"]]


def _forecasts(found: Json) -> list[Track]:
    spot = places(found["entries"])[1]
    asked = [q for q in found["questions"] if q["unit"] == "probability" and q["parts"]][:MOST_PANELS]
    return [_forecast(found, q, spot, i) for i, q in enumerate(asked)]


def _belief(found: Json, given: Json, spot: dict[int, float], looks: dict[str, int]) -> Track:
    name, look = given["name"], looks.get(given["name"].rsplit(" is ", 1)[0], 0)
    points = [(0.0, given["start"])]
    points += [(spot[e["number"]], e["after"][name]) for e in found["entries"] if e["after"].get(name) is not None]
    return Track(name=words.human(name), points=points, look=look)


def _forecast(found: Json, given: Json, spot: dict[int, float], index: int) -> Track:
    name = given["name"]
    points = [(0.0, given["start"])]
    points += [(spot[e["number"]], e["questions"][name]) for e in found["entries"] if name in e["questions"]]
    return Track(name=words.human(name), points=[p for p in points if p[1] is not None], look=6 + index % 5)


Mark = tuple[float, str, float]
"""Middle, what stands in it, half its width."""


def _lanes(entries: Sequence[Json], actors: Sequence[str], numbers: dict[int, int], spot: dict[int, float],
           x: Scale) -> tuple[list[tuple[str, float, list[tuple[Mark, int]]]], float]:  # fmt: skip
    """Per actor its line and its marks with the row of each; and where the lanes end."""
    out, y = [], TITLE
    for actor in actors:
        ends: list[float] = []
        marks: list[tuple[Mark, int]] = []
        for entry in entries:
            if entry["kind"] != "event" or entry["player"] != actor:
                continue
            said = str(numbers[entry["number"]])
            half = text_width(said, 11) / 2 + 4
            at = x(spot[entry["number"]])
            row = next((r for r, end in enumerate(ends) if at - half > end + 2), len(ends))
            ends[row : row + 1] = [at + half]
            marks.append(((at, said, half), row))
        out.append((actor, y + 14, marks))
        y += LANE + 20.0 * max(len(ends) - 1, 0) + 14
    return out, y + GAP


def _draw_lanes(canvas: Canvas, x: Scale, lanes: Sequence[tuple[str, float, list[tuple[Mark, int]]]],
                looks: dict[str, int]) -> None:  # fmt: skip
    canvas.text(x.start, 10, "What happened (numbers: the table below)", "t head")
    for actor, base, marks in lanes:
        look = 0 if actor == "chance" else looks.get(actor, 0)
        canvas.text(x.start, base + 2, words.capital(words.human(actor)), f"t lane end c{look}")
        for (at, said, half), row in marks:
            y = base + 17 + 20.0 * row
            if actor == "chance":
                canvas.dot(at, y, half + 1, "event open-line")
            else:
                canvas.rect(at - half, y - 8, 2 * half, 16, f"event line c{look}")
            canvas.text(at, y + 4, said, "t number", anchor="middle")


def _panel(canvas: Canvas, x: Scale, top: float, title: str, tracks: Sequence[Track]) -> str:
    y = Scale(low=0, high=1, start=top + TITLE + PANEL, end=top + TITLE)
    canvas.text(x.start, top + 12, title, "t head")
    for tick in (0.0, 0.5, 1.0):
        canvas.line(x.start, y(tick), x.end, y(tick), "grid" if tick else "base")
        canvas.text(x.start - 6, y(tick) + 4, words.percent(tick), "t", anchor="end")
    ends = spread([y(t.points[-1][1]) for t in tracks], charts.LABEL_GAP, y.end, y.start)
    for track, place in zip(tracks, ends, strict=True):
        steps = [(x(track.points[0][0]), y(track.points[0][1]))]
        for at, value in track.points[1:]:
            steps += [(x(at), steps[-1][1]), (x(at), y(value))]
        steps.append((x.end, steps[-1][1]))
        canvas.path(steps, f"line c{track.look} d{track.look}")
        canvas.text(x.end + 6, place + 4, words.percent(track.points[-1][1]), f"t end c{track.look}")
    _names(canvas, x, y, top, title, tracks)
    return f"{title}: " + ", ".join(
        f"{t.name} {words.percent(t.points[0][1])} to {words.percent(t.points[-1][1])}" for t in tracks
    )


def _names(canvas: Canvas, x: Scale, y: Scale, top: float, title: str, tracks: Sequence[Track]) -> None:
    """The names of the lines, each in its colour, beside the title where they fit, else left to the legend."""
    at = x.start + text_width(title, 13) + 18
    for track in tracks:
        wide = text_width(track.name, 12) + 40
        if at + wide > x.end:
            return
        canvas.line(at, top + 8, at + 22, top + 8, f"line c{track.look} d{track.look}")
        canvas.text(at + 27, top + 12, track.name, "t")
        at += wide


def matrix(given: Json) -> Json:
    """A matrix of competing hypotheses as the page shows it."""
    count = len(given["hypotheses"])
    return {
        "title": words.capital(words.human(given["name"])),
        "text": named(given["text"], given["hypotheses"]),
        "columns": [words.capital(words.human(h)) for h in given["hypotheses"]],
        "means": [(words.human(h), told) for h, told in zip(given["hypotheses"], given["means"], strict=True) if told],
        "prior": [words.percent(p) for p in given["prior"]],
        "posterior": [words.percent(p) for p in given["posterior"]],
        "evidence": [odds(given["log_evidence"][i], given["log_evidence"]) for i in range(count)],
        "rows": [
            {
                "date": row["date"],
                "label": words.human(row["label"]),
                "cells": [
                    (cell["symbol"], "∞" if cell["ratio"] is None else f"{cell['ratio']:.2f}") for cell in row["cells"]
                ],
                "power": "∞" if row["diagnosticity"] is None else f"{row['diagnosticity']:.1f}",
            }
            for row in given["rows"][:MOST_ROWS]
        ],
        "fewer": max(len(given["rows"]) - MOST_ROWS, 0),
        "neutral": given["neutral"],
        "inseparable": [words.human(h) for h in given["not_separated"]],
        "best": words.human(given["best"]),
        "band": f"{given['band']:g}",
    }


def named(text: str, hypotheses: Sequence[str]) -> str:
    """A sentence on hypotheses with their names as quoted words, so that `neither` is not taken for a word of it."""
    found = "|".join(re.escape(h) for h in sorted(hypotheses, key=len, reverse=True))
    return re.sub(rf"(?<![\w“])({found})(?!\w)", lambda m: f"“{words.human(m[1])}”", text)


def odds(log_evidence: float | None, every: Sequence[float | None]) -> str:
    """The Bayes factor of a hypothesis against the best one, in words."""
    known = [v for v in every if v is not None]
    if log_evidence is None or not known:
        return "impossible"
    factor = math.exp(max(known) - log_evidence)
    return "1" if factor < 1.005 else f"1 : {factor:.3g}"
