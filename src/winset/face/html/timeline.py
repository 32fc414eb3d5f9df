"""One time axis: the record's events, the public state and the beliefs, one under another, with the named dates.

Drawn twice, for wide and for narrow windows; the style sheet shows one of them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from markupsafe import Markup

from winset.base import words
from winset.face.html import charts, series
from winset.face.html.svg import Canvas, Scale, nice_ticks

WIDE, NARROW = 860.0, 360.0
LEFT, RIGHT = 42.0, 48.0
TITLE, GAP, PANEL, BELIEF, LANE, ROW = 20.0, 12.0, 104.0, 84.0, 38.0, 24.0
BOTTOM = 38.0
MOST_EVENTS = 40
MOST_PANELS = 4
SETTLED = 0.995

Json = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Event:
    """A row of the record on the axis: its number in the list, the round's index, who, and the lane of who."""

    number: int
    index: int
    by: str


def timeline(brief: Json, looks: dict[str, int]) -> Json | None:
    """The figure with its list of events; None where there is nothing to lay one under another."""
    variables = asked_about(brief)
    curves = _curves(brief)
    if len(brief["forecast"]["dates"]) < 3 or not variables:
        return None
    rows = brief["figures"]["record"][:MOST_EVENTS]
    dates = brief["forecast"]["dates"]
    events = [Event(number=i, index=dates.index(r["round"]), by=r["by"]) for i, r in enumerate(rows, 1)]
    return {
        "wide": draw(brief, looks, variables, curves, events, WIDE),
        "narrow": draw(brief, looks, variables, curves, events, NARROW),
        "events": [
            {
                "number": i,
                "date": row["date"],
                "by": words.capital(words.human(row["by"])),
                "action": words.human(row["action"]),
                "note": row["note"],
                "source": row["source"],
            }
            for i, row in enumerate(rows, 1)
        ],
        "left_out": len(brief["figures"]["record"]) - len(rows),
        "fans": any(_is_fan(v) for v in variables),
        "beliefs": bool(curves),
        "names": words.listing([words.human(v["name"]) for v in variables]),
    }


def asked_about(brief: Json) -> list[Json]:
    """The variables that headline questions read; those that move most where these read none or hold still."""
    heads = [q for q in brief["questions"] if q["headline"]] or brief["questions"][:3]
    read = {word for q in heads for word in re.findall(r"[A-Za-z_]\w*", q["formula"])}
    moving = [v for v in brief["forecast"]["variables"] if _moves(v)]
    asked = [v for v in moving if v["name"] in read]
    return (asked or moving)[:MOST_PANELS]


def _moves(variable: Json) -> bool:
    return all(min(shares, default=0.0) < SETTLED for shares in variable["probability"])


def _is_fan(variable: Json) -> bool:
    return variable["kind"] == "numbers" and bool(variable["median"]) and len(variable["values"]) > charts.MAX_SHADES


def _curves(brief: Json) -> list[Json]:
    """One belief curve per player: of its first type where it has two, else of the type that moves most."""
    out = []
    for _, group in groupby(brief["beliefs"], key=lambda b: b["player"]):
        every = list(group)
        if len(every) > 2:
            every.sort(key=lambda b: -max(high - low for low, high in zip(b["q10"], b["q90"], strict=True)))
        out.append(every[0])
    return out


def draw(
    brief: Json,
    looks: dict[str, int],
    variables: Sequence[Json],
    curves: Sequence[Json],
    events: Sequence[Event],
    width: float,
) -> Markup:
    """The figure at a width in pixels."""
    dates = brief["forecast"]["dates"]
    x = Scale(low=-1, high=max(len(dates) - 1, 1), start=LEFT, end=width - RIGHT)
    marks = charts.mark_rows(series.marks(brief), x)
    top = charts.MARK_ROW * (1 + max((row for _, row, _ in marks), default=-1)) + 4
    lanes = list(dict.fromkeys(e.by for e in events))
    spots = {by: _rowed([e for e in events if e.by == by], x) for by in lanes}
    where: dict[str, float] = {}
    y = top + TITLE
    for by in lanes:
        where[by] = y + 0.62 * LANE
        y += LANE + ROW * max(spot.row for spot in spots[by])
    y = y + GAP if lanes else top
    height = y + (TITLE + PANEL + GAP) * len(variables) + (TITLE + BELIEF + GAP) * len(curves) + BOTTOM
    canvas = Canvas(width=width, height=height)
    bottom = height - BOTTOM
    for mark, row, anchor in marks:
        base = top - 4 - charts.MARK_ROW * row
        canvas.line(x(mark.index), base, x(mark.index), bottom, "mark")
        canvas.text(
            x(mark.index) + (3 if anchor == "start" else -3), base, words.human(mark.name), "t mark-name", anchor=anchor
        )
    if lanes:
        canvas.text(x.start, top + 11, "What happened", "t head")
        _lanes(canvas, x, where, spots, looks)
    told = []
    for variable in variables:
        told.append(_variable(canvas, x, y, variable))
        y += TITLE + PANEL + GAP
    for curve in curves:
        told.append(_belief(canvas, x, y, curve, looks))
        y += TITLE + BELIEF + GAP
    _dates(canvas, x, bottom, dates)
    return canvas.markup("Events, state and beliefs on one time axis", "; ".join(told))


@dataclass(frozen=True, kw_only=True)
class Spot:
    """An event, or several of one round, on its lane: its middle, half its width, its number, and its row."""

    at: float
    half: float
    number: str
    row: int


def _rowed(events: Sequence[Event], x: Scale) -> list[Spot]:
    """The events of a lane, each at its round and in the first row where it covers no other."""
    step = (x.end - x.start) / max(x.high - x.low, 1)
    ends: list[float] = []
    out = []
    for index, group in groupby(events, key=lambda e: e.index):
        mine = list(group)
        # circles cannot be as wide as several numbers: each has its own
        parts = [[e] for e in mine] if mine[0].by == "chance" else [mine]
        for at, half, number in (spot for part in parts for spot in _spots(part, x(index), step)):
            row = next((r for r, end in enumerate(ends) if at - half > end + 3), len(ends))
            ends[row : row + 1] = [at + half]
            out.append(Spot(at=at, half=half, number=number, row=row))
    return out


def _lanes(
    canvas: Canvas, x: Scale, where: dict[str, float], spots: dict[str, list[Spot]], looks: dict[str, int]
) -> None:
    """One lane per actor; players' acts are boxes in their colour and dash, chance is round and open."""
    for by, base in where.items():
        look = 0 if by == "chance" else looks.get(by, 0)
        canvas.line(x.start, base, x.end, base, "grid")
        canvas.text(x.start, base - 13, words.capital(words.human(by)), f"t lane end c{look}")
        for spot in spots[by]:
            y = base + ROW * spot.row
            if by == "chance":
                canvas.dot(spot.at, y, spot.half + 1, "event open-line")
            else:
                canvas.rect(spot.at - spot.half, y - 8, 2 * spot.half, 16, f"event line c{look}")
            canvas.text(spot.at, y + 4, spot.number, "t number", anchor="middle")


def _spots(events: Sequence[Event], at: float, step: float) -> list[tuple[float, float, str]]:
    """Events of one round: (middle, half width, number) side by side, or as one where they do not fit."""
    count, wide = len(events), 17.0
    if count > 1 and wide * count > max(step, wide):
        first, last = events[0].number, events[-1].number
        told = f"{first}\N{EN DASH}{last}" if last - first == count - 1 else ",".join(str(e.number) for e in events)
        return [(at, 4.0 + 3.2 * len(told), told)]
    places = [at + wide * (i - (count - 1) / 2) for i in range(count)]
    numbers = [str(e.number) for e in events]
    return [(place, 4.0 + 3.2 * len(n), n) for place, n in zip(places, numbers, strict=True)]


def _variable(canvas: Canvas, x: Scale, top: float, variable: Json) -> str:
    """A panel of one variable: a fan for a number of many values, else the shares of its values."""
    name = words.capital(words.human(variable["name"]))
    at = charts.Frame(canvas=canvas, x=x, y=Scale(low=0, high=1, start=top + TITLE + PANEL, end=top + TITLE))
    if _is_fan(variable):
        spans = variable["bands"] or {}
        every = [v for pair in spans.values() for edge in pair for v in edge] + list(variable["median"])
        ticks = nice_ticks(min(every), max(every), 3)
        at = charts.Frame(canvas=canvas, x=x, y=Scale(low=ticks[0], high=ticks[-1], start=at.y.start, end=at.y.end))
        _ticks(at, ticks, percent=False)
        charts.draw_fan(at, variable["median"], spans)
        canvas.text(x.start, top + 12, f"{name}: median, 50, 80 and 95 % bands", "t head")
        first, last = (words.figure(round(variable["median"][i], 2)) for i in (0, -1))
        return f"{name}: median {first} at first, {last} at the end"
    values, shares = _bands(variable)
    _ticks(at, (0.0, 0.5, 1.0), percent=True)
    charts.draw_areas(at, values, shares)
    _ends(at, shares)
    canvas.text(x.start, top + 12, f"{name}: how it stands at each date", "t head")
    listed = ", ".join(
        f"{words.human(v)} {words.percent(s[0])} to {words.percent(s[-1])}" for v, s in zip(values, shares, strict=True)
    )
    return f"{name}: {listed}"


def _bands(variable: Json) -> tuple[list[str], list[list[float]]]:
    """Values and their series; those beyond the shades of the style sheet share the last band."""
    values, shares = list(variable["values"]), [list(s) for s in variable["probability"]]
    if variable["kind"] == "truth":
        values = ["yes" if v == "true" else "no" for v in values]
    if len(values) > charts.MAX_SHADES:
        order = sorted(range(len(values)), key=lambda i: -max(shares[i]))
        kept = sorted(order[: charts.MAX_SHADES - 1])
        rest = [sum(shares[i][t] for i in order[charts.MAX_SHADES - 1 :]) for t in range(len(shares[0]))]
        return [*(values[i] for i in kept), "others"], [*(shares[i] for i in kept), rest]
    return values, shares


def _ends(at: charts.Frame, shares: Sequence[Sequence[float]]) -> None:
    """The last shares, beside their bands where these are thick enough."""
    floor = 0.0
    for last in (s[-1] for s in shares):
        if abs(at.y(floor) - at.y(floor + last)) >= 11:
            at.canvas.text(at.x.end + 6, at.y(floor + last / 2) + 4, words.percent(last), "t end c0")
        floor += last


def _belief(canvas: Canvas, x: Scale, top: float, curve: Json, looks: dict[str, int]) -> str:
    player, look = words.capital(words.human(curve["player"])), looks.get(curve["player"], 0)
    at = charts.Frame(canvas=canvas, x=x, y=Scale(low=0, high=1, start=top + TITLE + BELIEF, end=top + TITLE))
    _ticks(at, (0.0, 0.5, 1.0), percent=True)
    mean = [curve["start"], *curve["mean"]]
    low, high = [curve["start"], *curve["q10"]], [curve["start"], *curve["q90"]]
    spots = [x(i - 1) for i in range(len(mean))]
    canvas.path(
        [*zip(spots, map(at.y, high), strict=True), *reversed(list(zip(spots, map(at.y, low), strict=True)))],
        f"band c{look}", closed=True,
    )  # fmt: skip
    canvas.path(list(zip(spots, map(at.y, mean), strict=True)), f"line c{look} d{look}")
    canvas.text(x.end + 6, at.y(mean[-1]) + 4, words.percent(mean[-1]), f"t end c{look}")
    title = f"Belief that {player} is {words.human(curve['type'])}"
    canvas.text(x.start, top + 12, title, "t head")
    return (
        f"{title}: {words.percent(curve['start'])} at the start, at the end {words.percent(mean[-1])}, "
        f"from {words.percent(low[-1])} to {words.percent(high[-1])}"
    )


def _ticks(at: charts.Frame, ticks: Sequence[float], *, percent: bool) -> None:
    for tick in ticks:
        at.canvas.line(at.x.start, at.y(tick), at.x.end, at.y(tick), "base" if tick == ticks[0] else "grid")
        label = words.percent(tick) if percent else words.figure(tick)
        at.canvas.text(at.x.start - 6, at.y(tick) + 4, label, "t", anchor="end")


def _dates(canvas: Canvas, x: Scale, bottom: float, dates: Sequence[str]) -> None:
    ticks = words.date_ticks(dates, room=6 if x.end < NARROW else 16)
    charts.date_axis(canvas, x, bottom, [(-1, "start"), *ticks])
