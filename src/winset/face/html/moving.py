"""Which variants move the answers most, and what waiting does to the worth of a deal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from markupsafe import Markup

from winset.base import words
from winset.face.html import charts, series
from winset.face.html.svg import Canvas, Scale, nice_ticks, spread, text_width

MOST_BARS = 8
WIDTH = 360.0
BAR = 20.0

Json = dict[str, Any]
Worth = tuple[str, str, Sequence[float | None]]
"""A player, one of its types, and what an agreement is worth to it by date."""


def moved(brief: Json) -> list[tuple[str, list[tuple[str, float, float]]]]:
    """For each headline answer its title, and each solved variant's name, the base's answer and its own, largest
    change first."""
    solved = [v for v in brief["variants"] if v["effects"]]
    titles = {q["name"]: words.heading(q["note"], q["name"]) for q in brief["questions"]}
    out = []
    for name in dict.fromkeys(e["question"] for v in solved for e in v["effects"]):
        rows = [(v["name"], e["base"], e["variant"]) for v in solved for e in v["effects"] if e["question"] == name]
        rows.sort(key=lambda r: -abs(r[2] - r[1]))
        out.append((titles.get(name, words.capital(words.human(name))), rows))
    return out


def movers(brief: Json) -> list[Json]:
    """For each headline answer a chart of the variants that move it most."""
    return [
        {
            "title": title,
            "chart": _bars(title, rows[:MOST_BARS]),
            "cut": _cut(rows[:MOST_BARS]),
            "left_out": max(len(rows) - MOST_BARS, 0),
        }
        for title, rows in moved(brief)
    ]


def _ticks(rows: Sequence[tuple[str, float, float]]) -> list[float]:
    """Round numbers that cover the base's answer and all others, inside 0 to 1."""
    ends = [rows[0][1], *(v for _, _, v in rows)]
    ticks = nice_ticks(max(min(ends) - 0.02, 0.0), min(max(ends) + 0.02, 1.0), 3)
    return [t for t in ticks if -1e-9 <= t <= 1 + 1e-9]


def _cut(rows: Sequence[tuple[str, float, float]]) -> str:
    """That an axis does not start at 0, where it does not."""
    first = _ticks(rows)[0]
    return f"the axis starts at {words.percent(first)}, not at 0" if first > 0 else ""


def _bars(title: str, rows: Sequence[tuple[str, float, float]]) -> Markup:
    """Bars from the base's answer to each variant's, the largest swing on top."""
    base = rows[0][1]
    name_room = min(max(text_width(words.human(n), 12) for n, _, _ in rows) + 10, 170.0)
    ticks = _ticks(rows)
    canvas = Canvas(width=WIDTH, height=30 + BAR * len(rows) + 24)
    x = Scale(low=ticks[0], high=ticks[-1], start=name_room, end=WIDTH - 44)
    bottom = 26 + BAR * len(rows)
    for tick in ticks:
        canvas.line(x(tick), 22, x(tick), bottom, "grid")
        canvas.text(x(tick), bottom + 16, words.percent(tick), "t", anchor="middle")
    if ticks[0] > 0:  # the mark of a broken axis
        canvas.path([(x.start - 8 + 4 * i, bottom + (3 if i % 2 else -3)) for i in range(5)], "base broken")
    for i, (name, _, value) in enumerate(rows):
        y = 26 + BAR * i
        canvas.text(name_room - 8, y + 13, words.human(name), "t name", anchor="end")
        left, right = sorted((x(base), x(value)))
        canvas.rect(left, y + 3, max(right - left, 1.0), BAR - 7, "swing up" if value > base else "swing down")
        points = round(100 * (value - base))
        said = f"{points:+d}".replace("-", words.MINUS) if points else "±0"
        at, anchor = (x(value) + 5, "start") if value >= base else (x(value) - 5, "end")
        if anchor == "end" and at - text_width(said, 12) < name_room - 4:
            at, anchor = x(base) + 5, "start"
        canvas.text(at, y + 13, said, "t end c0", anchor=anchor)
    canvas.line(x(base), 18, x(base), bottom, "walk")
    canvas.text(x(base), 13, f"base {words.percent(base)}", "t end c0", anchor="middle")
    told = "; ".join(f"{words.human(n)} {words.percent(v)}" for n, _, v in rows)
    cut = f"; {_cut(rows)}" if _cut(rows) else ""
    return canvas.markup(f"{title}: what moves it", f"base {words.percent(base)}; {told}{cut}")


def waiting(brief: Json, looks: dict[str, int]) -> list[Json]:
    """For each agreement that can be signed in several rounds, what signing is worth by date of signing."""
    given = brief["figures"]["bargaining"]
    if given is None or len(brief["forecast"]["dates"]) < 3:
        return []
    drawn = []
    shown = [a for a in given["agreements"] if a["by_date"]]
    for agreement in shown:
        lines = [
            (player, kind, values)
            for player, own in agreement["by_date"].items()
            for kind, values in own.items()
            if any(v is not None for v in values)
        ]
        if lines and max(abs(v) for _, _, s in lines for v in s if v is not None) >= _SMALL:
            name = words.capital(words.human(agreement["name"]))
            drawn.append(
                {
                    "title": name,
                    "chart": _worth(name, brief, lines, looks),
                    "told": _change(lines),
                    "legend": [
                        (charts.swatch(looks.get(p, 0), style), _type(p, k)) for (p, k, _), style in _styled(lines)
                    ],
                }
            )
    return drawn


_SMALL = 0.02
"""An agreement that is never worth more than this to anyone is not followed over time."""


def _change(lines: Sequence[Worth]) -> str:
    """Who would gain and who would lose by signing at the last date rather than the first, in words."""
    up: list[str] = []
    down: list[str] = []
    for player, kind, values in lines:
        known = [v for v in values if v is not None]
        who = _type(player, kind)
        if abs(known[-1] - known[0]) >= 0.05 * max(abs(v) for v in known):
            (up if known[-1] > known[0] else down).append(who)
    parts = [f"more to {words.listing(up)}"] if up else []
    parts += [f"less to {words.listing(down)}"] if down else []
    if not parts:
        return "Its worth hardly changes with the date."
    return f"Signed at the last of these dates rather than the first it is worth {', and '.join(parts)}."


def _type(player: str, kind: str) -> str:
    return words.capital(words.human(player)) + ("" if kind == "only" else f" ({words.human(kind)})")


def _styled(lines: Sequence[Worth]) -> list[tuple[Worth, str]]:
    """The lines with their style: a player's second and further types are thin."""
    first = {player: kind for player, kind, _ in reversed(lines)}
    return [(line, "" if first[line[0]] == line[1] else "thin") for line in lines]


def _worth(title: str, brief: Json, lines: Sequence[Worth], looks: dict[str, int]) -> Markup:
    """Gains by date of signing, over the dates at which it can be signed."""
    every = [v for _, _, worth in lines for v in worth if v is not None] + [0.0]
    last = max(i for _, _, worth in lines for i, v in enumerate(worth) if v is not None)
    dates = brief["forecast"]["dates"][: last + 1]
    marks = [mark for mark in series.marks(brief) if mark.index <= last]
    at = charts.frame(dates, nice_ticks(min(every), max(every), 4), marks=marks, percent=False)
    at.canvas.line(at.x.start, at.y(0), at.x.end, at.y(0), "walk")
    ends, told = [], []
    for (player, kind, worth), style in _styled(lines):
        look = looks.get(player, 0)
        spots = [(at.x(i), at.y(v)) for i, v in enumerate(worth) if v is not None]
        at.canvas.path(spots, f"line c{look} d{look} {style}".strip())
        known = [v for v in worth if v is not None]
        ends.append((spots[-1], known[-1], look))
        told.append(f"{_type(player, kind)}: {_two(known[0])} to {_two(known[-1])}")
    lifted = spread([spot[1] for spot, _, _ in ends], charts.LABEL_GAP, at.y.end, at.y.start)
    for (_, value, look), y in zip(ends, lifted, strict=True):
        at.canvas.text(at.x.end + 6, y + 4, _two(value), f"t end c{look}")
    return at.canvas.markup(f"{title}: gain beyond walking away, by date of signing", "; ".join(told))


def _two(value: float) -> str:
    return words.figure(round(value, 2) + 0.0)
