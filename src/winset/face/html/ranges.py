"""Figures of what is not known and of what was foreseen: waterfalls, tornadoes, maps over two numbers, reliability.

Each takes plain numbers and words, so that a brief, a page of the record and a hindcast draw them alike.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from winset.base import words
from winset.face.html.svg import Canvas, Scale, nice_ticks, text_width

WIDTH = 560.0
ROW = 22.0
HEAD, FOOT = 26.0, 24.0
MOST_ROOM = 250.0  # pixels that names may take
SQUARE = 300.0  # side of a map

Say = Callable[[float], str]


@dataclass(frozen=True, kw_only=True)
class Change:
    """One bar of a waterfall: what it is called, by how much it moves the total."""

    name: str
    by: float
    quiet: bool = False
    """Silence, or time passing: drawn lighter."""


def waterfall(title: str, start: float, changes: Sequence[Change], *, say: Say = words.percent,
              look: int = 0, ends: tuple[str, str] = ("at first", "at the end")) -> Markup:  # fmt: skip
    """From a first to a last value, change by change, downwards.

    Args:
        title: what is moved, for the screen reader.
        start: the first value.
        changes: in order of time; their sum leads to the last value.
        say: a value in words.
        look: colour and dash of the actor it is about.
        ends: names of the first and the last value.
    """
    totals = [start]
    for change in changes:
        totals.append(totals[-1] + change.by)
    ticks = nice_ticks(min(totals), max(totals), 4)
    rows = len(changes) + 2
    room = min(max(text_width(words.human(name), 12) for name in (*ends, *(c.name for c in changes))) + 10, MOST_ROOM)
    canvas = Canvas(width=WIDTH, height=ROW * rows + FOOT + 6)
    x = Scale(low=ticks[0], high=ticks[-1], start=room, end=WIDTH - 48)
    bottom = ROW * rows + 4
    for tick in ticks:
        canvas.line(x(tick), 4, x(tick), bottom, "grid")
        canvas.text(x(tick), bottom + 16, say(tick), "t", anchor="middle")
    _end(canvas, x, 0, room, ends[0], start, say, look)
    for i, change in enumerate(changes):
        y = 4 + ROW * (i + 1)
        before, after = x(totals[i]), x(totals[i + 1])
        canvas.text(room - 8, y + 14, fitted(words.human(change.name), room - 10), "t name", anchor="end")
        kind = "swing up" if change.by >= 0 else "swing down"
        canvas.rect(min(before, after), y + 5, max(abs(after - before), 1.0), ROW - 10,
                    f"{kind} quiet" if change.quiet else kind)  # fmt: skip
        canvas.line(after, y + ROW - 5, after, y + ROW + 5, "base")
        left = change.by < 0 and min(before, after) - room > 44
        canvas.text(min(before, after) - 5 if left else max(before, after) + 5, y + 14,
                    _moved(change.by, say), "t end c0", anchor="end" if left else "start")  # fmt: skip
    _end(canvas, x, len(changes) + 1, room, ends[1], totals[-1], say, look)
    told = "; ".join(f"{words.human(c.name)} {_moved(c.by, say)}" for c in changes)
    return canvas.markup(title, f"{ends[0]} {say(start)}; {told}; {ends[1]} {say(totals[-1])}")


def _end(canvas: Canvas, x: Scale, row: int, room: float, name: str, value: float, say: Say, look: int) -> None:
    y = 4 + ROW * row
    canvas.text(room - 8, y + 14, name, "t head", anchor="end")
    canvas.dot(x(value), y + ROW / 2, 4.5, f"dot c{look}")
    canvas.text(x(value) + 9, y + 14, say(value), "t end c0")


def _moved(by: float, say: Say) -> str:
    if say is words.percent:
        points = round(100 * by)
        return "±0" if not points else f"{points:+d}".replace("-", words.MINUS)
    return f"{by:+.2f}".replace("-", words.MINUS)


def fitted(name: str, room: float) -> str:
    """A name cut to the room it has, with dots where it was cut."""
    if text_width(name, 12) <= room:
        return name
    keep = max(int(room / (0.54 * 12)) - 1, 1)
    return name[:keep].rstrip() + "…"


@dataclass(frozen=True, kw_only=True)
class Swing:
    """One bar of a tornado: an answer at the low and at the high end of one parameter, the others as they are.

    Attributes:
        name: the parameter.
        ends: its low and high end, in words.
        values: the answer there.
        flips: whether a verdict turns over inside the range.
    """

    name: str
    ends: tuple[str, str]
    values: tuple[float, float]
    flips: bool = False


def tornado(title: str, centre: float, swings: Sequence[Swing], *, threshold: float | None = None,
            say: Say = words.percent) -> Markup:  # fmt: skip
    """Which parameter moves an answer most over its range, the widest bar on top; a dark end is the high end.

    Args:
        title: the question, for the screen reader.
        centre: the answer at the central values.
        swings: in the order to draw them.
        threshold: where a verdict turns over.
        say: a value in words.
    """
    every = [centre, *(v for s in swings for v in s.values), *([threshold] if threshold is not None else [])]
    ticks = nice_ticks(min(every), max(every), 4)
    names = [f"{words.human(s.name)}{' *' if s.flips else ''}" for s in swings]
    room = min(max((text_width(n, 12) for n in names), default=60.0) + 10, MOST_ROOM)
    canvas = Canvas(width=WIDTH, height=HEAD + ROW * len(swings) + FOOT)
    x = Scale(low=ticks[0], high=ticks[-1], start=room + 40, end=WIDTH - 48)
    bottom = HEAD + ROW * len(swings)
    for tick in ticks:
        canvas.line(x(tick), HEAD - 4, x(tick), bottom, "grid")
        canvas.text(x(tick), bottom + 16, say(tick), "t", anchor="middle")
    told = []
    for i, (swing, name) in enumerate(zip(swings, names, strict=True)):
        y = HEAD + ROW * i
        canvas.text(
            room - 8, y + 14, fitted(name, room - 10), "t name strong" if swing.flips else "t name", anchor="end"
        )
        for value, style, label in zip(swing.values, ("swing down", "swing up"), swing.ends, strict=True):
            canvas.rect(min(x(centre), x(value)), y + 4, max(abs(x(value) - x(centre)), 1.0), ROW - 8, style)
            far = x(value) + (4 if value >= centre else -4)
            if abs(x(value) - x(centre)) > 8:
                canvas.text(far, y + 14, label, "t", anchor="start" if value >= centre else "end")
        told.append(f"{name}: {say(swing.values[0])} at {swing.ends[0]}, {say(swing.values[1])} at {swing.ends[1]}")
    canvas.line(x(centre), HEAD - 8, x(centre), bottom, "walk")
    canvas.text(x(centre), HEAD - 13, f"central {say(centre)}", "t end c0", anchor="middle")
    if threshold is not None:
        canvas.line(x(threshold), HEAD - 4, x(threshold), bottom, "here")
        told.append(f"the verdict turns over at {say(threshold)}")
    return canvas.markup(title, "; ".join(told))


def region(title: str, across: tuple[str, Sequence[float]], up: tuple[str, Sequence[float]],
           values: Sequence[Sequence[float | None]], *, threshold: float | None = None,
           hatched: Sequence[Sequence[bool]] = (), here: tuple[float, float] | None = None,
           low: float = 0.0, high: float = 1.0, say: Say = words.percent) -> Markup:  # fmt: skip
    """An answer over two parameters, as shaded cells; darker is more.

    Args:
        title: the question, for the screen reader.
        across, up: name and values of the two parameters, evenly spaced.
        values: answers, one row per value of `up`, the lowest first; None where nothing was solved.
        threshold: cells beyond it are marked by a line along the border between.
        hatched: cells where several equilibria exist.
        here: the central values.
        low, high: answers of the lightest and darkest shade.
        say: a value in words.
    """
    left, top = 64.0, 12.0
    canvas = Canvas(width=left + SQUARE + 16, height=top + SQUARE + 46)
    columns, rows = len(across[1]), len(up[1])
    wide, tall = SQUARE / columns, SQUARE / rows

    def spot(i: int, j: int) -> tuple[float, float]:
        return left + wide * i, top + SQUARE - tall * (j + 1)

    for j, line in enumerate(values):
        for i, value in enumerate(line):
            x, y = spot(i, j)
            if value is None:
                canvas.rect(x, y, wide, tall, "missing")
                continue
            level = min(max((value - low) / (high - low), 0.0), 1.0) if high > low else 0.5
            canvas.rect(x, y, wide, tall, f"area s{min(int(level * 6), 5)}")
            if hatched and hatched[j][i]:
                canvas.line(x + 3, y + tall - 3, x + wide - 3, y + 3, "hatch")
    if threshold is not None:
        _border(canvas, values, threshold, spot, wide, tall)
    if here is not None:
        place = [
            Scale(low=v[0] - (v[-1] - v[0]) / (2 * (len(v) - 1)), high=v[-1] + (v[-1] - v[0]) / (2 * (len(v) - 1)),
                  start=s, end=e)(h)
            for v, h, s, e in ((across[1], here[0], left, left + SQUARE), (up[1], here[1], top + SQUARE, top))
        ]  # fmt: skip
        canvas.dot(place[0], place[1], 6, "ring")
    for value, at in zip(across[1], range(columns), strict=True):
        if at in (0, columns // 2, columns - 1):
            canvas.text(left + wide * (at + 0.5), top + SQUARE + 16, words.figure(value), "t", anchor="middle")
    for value, at in zip(up[1], range(rows), strict=True):
        if at in (0, rows // 2, rows - 1):
            canvas.text(left - 6, top + SQUARE - tall * (at + 0.5) + 4, words.figure(value), "t", anchor="end")
    canvas.text(left + SQUARE / 2, top + SQUARE + 36, f"{words.human(across[0])} →", "t axis", anchor="middle")
    canvas.text(left, top - 2, f"↑ {words.human(up[0])}", "t axis")
    known = [v for line in values for v in line if v is not None]
    told = f"from {say(min(known))} to {say(max(known))}" if known else "nothing solved"
    return canvas.markup(title, f"{words.human(up[0])} upwards, {words.human(across[0])} across: {told}")


def _border(canvas: Canvas, values: Sequence[Sequence[float | None]], threshold: float,
            spot: Callable[[int, int], tuple[float, float]], wide: float, tall: float) -> None:  # fmt: skip
    """A strong line between cells on different sides of the threshold."""
    for j, line in enumerate(values):
        for i, value in enumerate(line):
            if value is None:
                continue
            x, y = spot(i, j)
            right = line[i + 1] if i + 1 < len(line) else None
            above = values[j + 1][i] if j + 1 < len(values) else None
            if right is not None and (value > threshold) != (right > threshold):
                canvas.line(x + wide, y, x + wide, y + tall, "walk")
            if above is not None and (value > threshold) != (above > threshold):
                canvas.line(x, y, x + wide, y, "walk")


@dataclass(frozen=True, kw_only=True)
class Bin:
    """Forecasts of like probability: their mean, how often it came about, how many, and the range to be expected."""

    forecast: float
    happened: float
    count: int
    low: float
    high: float


def reliability(title: str, bins: Sequence[Bin]) -> Markup:
    """How often what was forecast came about, by forecast; bars: what chance allows where the forecasts are right."""
    left, top = 56.0, 12.0
    canvas = Canvas(width=left + SQUARE + 16, height=top + SQUARE + 46)
    x = Scale(low=0, high=1, start=left, end=left + SQUARE)
    y = Scale(low=0, high=1, start=top + SQUARE, end=top)
    for tick in (0.0, 0.25, 0.5, 0.75, 1.0):
        canvas.line(x(0), y(tick), x(1), y(tick), "grid")
        canvas.text(x(0) - 6, y(tick) + 4, words.percent(tick), "t", anchor="end")
        canvas.text(x(tick), y(0) + 16, words.percent(tick), "t", anchor="middle" if tick else "start")
    canvas.path([(x(0), y(0)), (x(1), y(1))], "front")
    told = []
    for one in bins:
        canvas.line(x(one.forecast), y(one.low), x(one.forecast), y(one.high), "range c0")
        canvas.dot(x(one.forecast), y(one.happened), 3.0 + min(math.sqrt(one.count), 7.0) / 2, "dot c0")
        told.append(f"{words.percent(one.forecast)} forecast, {words.percent(one.happened)} came about ({one.count})")
    canvas.text(left + SQUARE / 2, top + SQUARE + 36, "forecast →", "t axis", anchor="middle")
    canvas.text(left, top - 2, "↑ came about", "t axis")
    return canvas.markup(title, "; ".join(told))
