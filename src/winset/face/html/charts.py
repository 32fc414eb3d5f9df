"""The charts of a brief: lines, fans, stacked areas, strips and sparks over the rounds of a scenario."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from markupsafe import Markup

from winset.base import words
from winset.face.html.svg import Canvas, Point, Scale, nice_ticks, spread, text_width

WIDTH, HEIGHT = 360.0, 226.0
LEFT, RIGHT, TOP, BOTTOM = 42.0, 42.0, 14.0, 40.0
MARK_ROW = 13.0  # height of one row of names of dates above the plot
LABEL_GAP = 13.0  # least distance of two labels at line ends
MAX_SHADES = 6  # fills that the style sheet defines


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line of a chart; `look` numbers its colour and its dash together."""

    name: str
    values: Sequence[float]
    look: int = 0
    low: Sequence[float] | None = None
    high: Sequence[float] | None = None


@dataclass(frozen=True, kw_only=True)
class Mark:
    """A named date: a vertical line at the round of that index."""

    name: str
    index: int


@dataclass(frozen=True, kw_only=True)
class Frame:
    """The axes of a chart: where index and value lie, and the canvas they are drawn on."""

    canvas: Canvas
    x: Scale
    y: Scale


def mark_rows(marks: Sequence[Mark], x: Scale) -> list[tuple[Mark, int, str]]:
    """Puts the names of dates in rows so that none covers another: (mark, row, anchor)."""
    ends: list[float] = []
    placed = []
    for mark in sorted(marks, key=lambda m: m.index):
        place, wide = x(mark.index), text_width(mark.name, 11)
        anchor = "start" if place < (x.start + x.end) / 2 else "end"
        left = place if anchor == "start" else place - wide
        row = next((r for r, end in enumerate(ends) if left > end + 6), len(ends))
        if row == len(ends):
            ends.append(0)
        ends[row] = left + wide
        placed.append((mark, row, anchor))
    return placed


def date_axis(canvas: Canvas, x: Scale, bottom: float, ticks: Sequence[tuple[int, str]]) -> None:
    """Labels of dates below an axis, those left out that would run into the one before."""
    free = x.start - 40
    for index, label in ticks:
        month, _, year = label.partition(" ")
        half = text_width(month, 12) / 2
        if x(index) - half < free:
            continue
        free = x(index) + half + 4
        canvas.line(x(index), bottom, x(index), bottom + 4, "base")
        canvas.text(x(index), bottom + 18, month, "t", anchor="middle")
        if year:
            canvas.text(x(index), bottom + 32, year, "t", anchor="middle")


def frame(
    dates: Sequence[str],
    ticks: Sequence[float],
    *,
    marks: Sequence[Mark] = (),
    first: int = 0,
    percent: bool = True,
) -> Frame:
    """Draws axes, grid and named dates. `first` is the lowest index shown (-1: the start, before the first round)."""
    x = Scale(low=first, high=max(len(dates) - 1, first + 1), start=LEFT, end=WIDTH - RIGHT)
    rows = mark_rows([m for m in marks if 0 <= m.index < len(dates)], x)
    extra = MARK_ROW * (1 + max((row for _, row, _ in rows), default=-1))
    canvas = Canvas(width=WIDTH, height=HEIGHT + extra)
    bottom = canvas.height - BOTTOM
    y = Scale(low=ticks[0], high=ticks[-1], start=bottom, end=TOP + extra)
    for tick in ticks:
        canvas.line(x.start, y(tick), x.end, y(tick), "base" if tick == ticks[0] else "grid")
        canvas.text(x.start - 7, y(tick) + 4, words.percent(tick) if percent else words.figure(tick), "t", anchor="end")
    date_axis(canvas, x, bottom, ([(first, "start")] if first < 0 else []) + words.date_ticks(dates, room=6))
    for mark, row, anchor in rows:
        top = TOP + extra - 4 - MARK_ROW * row
        canvas.line(x(mark.index), top, x(mark.index), bottom, "mark")
        canvas.text(
            x(mark.index) + (3 if anchor == "start" else -3), top, words.human(mark.name), "t mark-name", anchor=anchor
        )
    return Frame(canvas=canvas, x=x, y=y)


def _points(values: Sequence[float], at: Frame, first: int) -> list[Point]:
    return [(at.x(first + i), at.y(v)) for i, v in enumerate(values)]


def lines(
    title: str,
    dates: Sequence[str],
    shown: Sequence[Line],
    *,
    marks: Sequence[Mark] = (),
    first: int = 0,
    top: float | None = None,
) -> Markup:
    """Probabilities over the rounds, each line with its value at the end; bands where a line has them.

    Args:
        title: what the chart shows, for the screen reader.
        dates: labels of the rounds.
        shown: lines, the most important first.
        marks: named dates.
        first: index of the first value (-1 where the series begins before the first round).
        top: upper end of the axis; by default the next round number above the highest value.
    """
    highest = max([0.04, *(v for line in shown for v in (line.high or line.values))])
    ticks = nice_ticks(0.0, top if top is not None else min(1.0, highest), 4)
    at = frame(dates, [t for t in ticks if t <= 1.0001], marks=marks, first=first)
    for line in shown:
        if line.low is not None and line.high is not None:
            outline = _points(line.high, at, first) + _points(line.low, at, first)[::-1]
            at.canvas.path(outline, f"band c{line.look}", closed=True)
    for line in reversed(shown):
        at.canvas.path(_points(line.values, at, first), f"line c{line.look} d{line.look}")
    ends = spread([at.y(line.values[-1]) for line in shown], LABEL_GAP, at.y.end, at.y.start)
    for line, place in zip(shown, ends, strict=True):
        at.canvas.text(at.x.end + 6, place + 4, words.percent(line.values[-1]), f"t end c{line.look}")
    told = "; ".join(
        f"{line.name}: {words.percent(line.values[0])} at first, {words.percent(line.values[-1])} at the end"
        for line in shown
    )
    return at.canvas.markup(title, told)


def fan(
    title: str,
    dates: Sequence[str],
    middle: Sequence[float],
    bands: dict[str, list[list[float]]] | None,
    *,
    marks: Sequence[Mark] = (),
) -> Markup:
    """The median of a number over the rounds inside its 50, 80 and 95 % bands, widest first."""
    spans = bands or {}
    every = [v for pair in spans.values() for series in pair for v in series] + list(middle)
    at = frame(dates, nice_ticks(min(every), max(every), 4), marks=marks, percent=False)
    draw_fan(at, middle, spans)
    said = words.figure(round(middle[0], 2)), words.figure(round(middle[-1], 2))
    told = [f"median {said[0]} at first, {said[1]} at the end"]
    told += [
        f"{share} % of the probability at the end from {words.figure(low[-1])} to {words.figure(high[-1])}"
        for share, (low, high) in sorted(spans.items(), key=lambda item: float(item[0]))
    ]
    return at.canvas.markup(title, "; ".join(told))


def draw_fan(at: Frame, middle: Sequence[float], spans: dict[str, list[list[float]]]) -> None:
    """The median inside its bands, widest first, with its last value beside it."""
    for share in sorted(spans, key=float, reverse=True):
        low, high = spans[share]
        at.canvas.path(_points(high, at, 0) + _points(low, at, 0)[::-1], "fan", closed=True)
    at.canvas.path(_points(middle, at, 0), "line c0 d0")
    at.canvas.text(at.x.end + 6, at.y(middle[-1]) + 4, words.figure(round(middle[-1], 2)), "t end c0")


def stacked(
    title: str,
    dates: Sequence[str],
    names: Sequence[str],
    series: Sequence[Sequence[float]],
    *,
    marks: Sequence[Mark] = (),
) -> Markup:
    """Probabilities that sum to one as areas on each other, named inside where they are thick enough."""
    at = frame(dates, [0.0, 0.25, 0.5, 0.75, 1.0], marks=marks)
    draw_areas(at, names, series)
    told = "; ".join(
        f"{words.human(name)}: {words.percent(values[0])} at first, {words.percent(values[-1])} at the end"
        for name, values in zip(names, series, strict=True)
    )
    return at.canvas.markup(title, told)


def draw_areas(at: Frame, names: Sequence[str], series: Sequence[Sequence[float]], *, look: str = "") -> None:
    """Shares that sum to one as areas on each other, named where they fit; `look` is their colour's class."""
    floor = [0.0] * len(series[0])
    labels = []
    for index, (name, values) in enumerate(zip(names, series, strict=True)):
        roof = [f + v for f, v in zip(floor, values, strict=True)]
        style = f"area {look} s{index % MAX_SHADES}" if look else f"area s{index % MAX_SHADES}"
        at.canvas.path(_points(roof, at, 0) + _points(floor, at, 0)[::-1], style, closed=True)
        label = words.human(name)
        inside = _label_place(at, floor, values, label)
        if inside:
            labels.append((label, *inside))
        floor = roof
    for label, x, y in labels:
        at.canvas.text(x, y, label, "t inside", anchor="middle")


def _label_place(at: Frame, floor: Sequence[float], values: Sequence[float], label: str) -> Point | None:
    """Where a band is thickest, if its name fits there without leaving the plot."""
    half = text_width(label, 12) / 2
    fits = [i for i in range(len(values)) if at.x(0) + half <= at.x(i) <= at.x.end - half]
    if not fits:
        return None
    best = max(fits, key=lambda i: values[i])
    if at.y(0) - at.y(values[best]) < 14:
        return None
    return at.x(best), at.y(floor[best] + values[best] / 2) + 4


EDGES = (0.0, 0.05, 0.2, 0.45, 0.55, 0.8, 0.95, 1.0)
"""Where the words of likelihood change (ICD 203)."""


def strip(title: str, value: float, low: float | None, high: float | None) -> Markup:
    """A probability as a dot with its range on a line from 0 to 1, cut where the words of likelihood change.

    The stretch that shares the value's word is drawn thick.
    """
    canvas = Canvas(width=220, height=22)
    x = Scale(low=0, high=1, start=6, end=214)
    canvas.line(x(0), 11, x(1), 11, "base")
    for first, last in pairwise(EDGES):
        if first <= value < last or value == last == 1:
            canvas.line(x(first), 11, x(last), 11, "zone")
    for edge in EDGES:
        canvas.line(x(edge), 7, x(edge), 15, "base")
    if low is not None and high is not None:
        canvas.line(x(low), 11, x(high), 11, "range c0")
    canvas.dot(x(value), 11, 5, "dot c0")
    return canvas.markup(title, style="strip")


def gauge(title: str, value: float) -> Markup:
    """A probability as a bar on a line from 0 to 1, to stand under others like it."""
    canvas = Canvas(width=120, height=12)
    x = Scale(low=0, high=1, start=1, end=119)
    canvas.rect(x(0), 2, x(value) - x(0), 8, "level")
    canvas.line(x(0), 10, x(1), 10, "base")
    for edge in (0.0, 0.5, 1.0):
        canvas.line(x(edge), 7, x(edge), 10, "base")
    return canvas.markup(title, style="gauge")


def extent(title: str, value: float, low: float, high: float) -> Markup:
    """A number inside its plausible range, whose ends are the ends of the line."""
    canvas = Canvas(width=90, height=12)
    x = Scale(low=low, high=high, start=4, end=86)
    canvas.line(x.start, 6, x.end, 6, "base")
    for end in (x.start, x.end):
        canvas.line(end, 3, end, 9, "base")
    canvas.dot(min(max(x(value), x.start), x.end), 6, 3.5, "dot c0")
    return canvas.markup(title, style="extent")


def spark(title: str, values: Sequence[float], look: int, *, top: float = 1.0) -> Markup:
    """A series between two lines that stand for 0 and `top`, with a dot at its end."""
    canvas = Canvas(width=152, height=26)
    x = Scale(low=0, high=max(len(values) - 1, 1), start=2, end=148)
    y = Scale(low=0, high=top, start=24, end=2)
    canvas.line(2, 24, 148, 24, "base")
    canvas.line(2, 2, 148, 2, "grid")
    canvas.path([(x(i), y(v)) for i, v in enumerate(values)], f"line c{look}")
    canvas.dot(x(len(values) - 1), y(values[-1]), 2.6, f"dot c{look}")
    return canvas.markup(title, style="spark")


def swatch(look: int, style: str = "") -> Markup:
    """The colour and dash of a line, for a legend; `style` is a further class of it."""
    return Markup('<svg class="swatch" viewBox="0 0 30 10" aria-hidden="true">{}</svg>').format(
        Markup('<path d="M1 5L29 5" class="{}"/>').format(f"line c{look} d{look} {style}".strip())
    )


def shade(index: int, look: str = "") -> Markup:
    """The fill of an area, for a legend; `look` is its colour's class."""
    style = f"area {look} s{index % MAX_SHADES}" if look else f"area s{index % MAX_SHADES}"
    return Markup('<svg class="swatch" viewBox="0 0 30 10" aria-hidden="true">{}</svg>').format(
        Markup('<rect x="1" y="0" width="28" height="10" class="{}"/>').format(style)
    )
