"""The bargaining space: what each agreement is worth to both sides beyond walking away, by pair of types."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from markupsafe import Markup

from winset.base import words
from winset.face.html.svg import Canvas, Point, Scale, nice_ticks, text_width

WIDTH, HEIGHT = 360.0, 280.0
LEFT, RIGHT, TOP, BOTTOM = 50.0, 18.0, 28.0, 46.0
MOST = 6  # pairs of types that are drawn; the table has all
SIZE = 12.0
EMPTY = "The zone of agreement is empty: nothing is better for one and no worse for the other."

Json = dict[str, Any]
Box = tuple[float, float, float, float]


def space(brief: Json) -> Json | None:
    """The bargaining space as the page shows it; None where the scenario names no agreements."""
    given = brief["figures"]["bargaining"]
    if given is None:
        return None
    players = list(given["agreements"][0]["gain"])
    known = [a for a in given["agreements"] if _known(a)]
    pairs = given["pairs"]
    charts: list[Json] = []
    if len(players) == 2 and len(known) > 1:
        frame = _ticks(known, players)
        charts = [_pair(known, pair, players, frame) for pair in pairs[:MOST]]
    columns = [(p, kind) for p in players for kind in given["agreements"][0]["gain"][p]]
    many = {p: len(given["agreements"][0]["gain"][p]) > 1 for p in players}
    return {
        "charts": charts,
        "walk_away": words.human(given["agreements"][0]["name"]),
        "columns": [_who(p, kind, many[p]) for p, kind in columns],
        "rows": [_row(a, columns) for a in given["agreements"]],
        "pairs": [_told(pair, many) for pair in pairs],
        "left_out": max(len(pairs) - MOST, 0) if charts else 0,
        "notes": [f"{words.capital(words.human(a['name']))}: {a['why']}." for a in given["agreements"] if a["why"]],
        "agreeing": [(words.capital(words.human(a["name"])), a["told"]) for a in given["agreements"] if a["told"]],
        "signed": _signed(given["agreements"]),
        "paid": any(abs(v) > 1e-9 for a in given["agreements"] for own in a["paid"].values() for v in own.values()),
    }


def _known(agreement: Json) -> bool:
    return all(v is not None for own in agreement["gain"].values() for v in own.values())


def _who(player: str, kind: str, several: bool) -> str:
    name = words.capital(words.human(player))
    return f"{name} ({words.human(kind)})" if several else name


def _signed(agreements: Sequence[Json]) -> str:
    """Where the agreements are first signed, if it is one place."""
    spots = {(a["move"], a["round"]) for a in agreements if a["move"]}
    if len(spots) != 1:
        return ""
    move, label = spots.pop()
    return f"at {words.human(move)}, {words.round_label(label)}"


def _row(agreement: Json, columns: Sequence[tuple[str, str]]) -> Json:
    cells = []
    for player, kind in columns:
        gain = agreement["gain"][player][kind]
        paid = agreement["paid"].get(player, {}).get(kind, 0.0)
        cells.append({"gain": words.gain(gain), "note": _parts(gain, paid), "better": gain is not None and gain > 1e-9})
    state = ", ".join(f"{words.human(k)} {words.human(words.number(v))}" for k, v in agreement["state"].items())
    return {"name": words.human(agreement["name"]), "state": state, "cells": cells}


def _parts(gain: float | None, paid: float) -> str:
    """What of a gain signing itself pays, and the rest as it is left by the two as they are printed."""
    if gain is None or abs(paid) <= 1e-9:
        return ""
    return f"signing {words.gain(paid)}, then {words.gain(round(gain, 3) - round(paid, 3))}"


def _signed_figure(value: float | None) -> str:
    """A gain or loss with its sign: `+0.12`, `−0.05`, `0`."""
    if value is None:
        return words.UNKNOWN
    rounded = round(value, 3)
    if rounded == 0:
        return "0"
    return ("+" if rounded > 0 else "") + words.figure(rounded)


def _told(pair: Json, many: dict[str, bool]) -> Json:
    said = [_who(p, kind, several) for (p, kind), several in zip(pair["types"].items(), many.values(), strict=True)]
    return {
        "who": ", ".join(said),
        "probability": words.percent(pair["probability"]),
        "zone": words.listing([words.human(n) for n in pair["zone"]]) or "none",
        "nash": words.human(pair["nash"]) or words.UNKNOWN,
        "pareto": words.listing([words.human(n) for n in pair["pareto"]]),
    }


def _ticks(known: Sequence[Json], players: Sequence[str]) -> list[list[float]]:
    """One scale per player for all panels, so that they can be compared."""
    out = []
    for player in players:
        every = [v for a in known for v in a["gain"][player].values()] + [0.0]
        low, high = min(every), max(every)
        room = 0.08 * (high - low) or 0.5
        out.append(nice_ticks(low - room, high + room, 5))
    return out


def _pair(known: Sequence[Json], pair: Json, players: Sequence[str], frame: Sequence[Sequence[float]]) -> Json:
    types = [pair["types"][p] for p in players]
    points = [(a["name"], a["gain"][players[0]][types[0]], a["gain"][players[1]][types[1]]) for a in known]
    many = {p: len(known[0]["gain"][p]) > 1 for p in players}
    told = _told(pair, many)
    return {
        "title": told["who"],
        "probability": told["probability"],
        "told": f"In the zone of agreement: {told['zone']}." if pair["zone"] else EMPTY,
        "chart": _chart(points, pair, [_who(p, t, many[p]) for p, t in zip(players, types, strict=True)], frame),
    }


def _chart(
    points: Sequence[tuple[str, float, float]], pair: Json, names: Sequence[str], frame: Sequence[Sequence[float]]
) -> Markup:
    canvas = Canvas(width=WIDTH, height=HEIGHT)
    across, up = frame
    x = Scale(low=across[0], high=across[-1], start=LEFT, end=WIDTH - RIGHT)
    y = Scale(low=up[0], high=up[-1], start=HEIGHT - BOTTOM, end=TOP)
    canvas.rect(x(0), y.end, x.end - x(0), y(0) - y.end, "agreed")
    for tick in across:
        canvas.line(x(tick), y.start, x(tick), y.start + 4, "base")
        canvas.text(x(tick), y.start + 17, _signed_figure(tick), "t", anchor="middle")
    for tick in up:
        canvas.line(x.start - 4, y(tick), x.start, y(tick), "base")
        canvas.text(x.start - 7, y(tick) + 4, _signed_figure(tick), "t", anchor="end")
    canvas.line(x.start, y.start, x.end, y.start, "base")
    canvas.line(x.start, y.start, x.start, y.end, "base")
    canvas.line(x(0), y.start, x(0), y.end, "walk")
    canvas.line(x.start, y(0), x.end, y(0), "walk")
    canvas.text(x.end, HEIGHT - 8, f"{names[0]} gains →", "t axis", anchor="end")
    canvas.text(4, TOP - 15, f"↑ {names[1]} gains", "t axis")
    front = sorted((x(a), y(b)) for name, a, b in points if name in pair["pareto"])
    if len(front) > 1:
        canvas.path(front, "front")
    taken: list[Box] = [(x(a) - 6, y(b) - 6, x(a) + 6, y(b) + 6) for _, a, b in points]
    taken += [(x.start, y(0) - 1, x.end, y(0) + 1), (x(0) - 1, y.end, x(0) + 1, y.start)]
    inside = (x.start + 2, y.end, x.end, y.start)
    for i, (name, a, b) in enumerate(points):
        label = words.human(name)
        _dot(canvas, x(a), y(b), is_away=i == 0, efficient=name in pair["pareto"], best=name == pair["nash"])
        if name == pair["nash"]:
            label += " (Nash)"
        elif i == 0:
            label += " (walk-away)"
        spot, anchor = _place(x(a), y(b), label, taken, inside)
        style = "t name strong" if name in pair["pareto"] else "t name"
        canvas.text(spot[0], spot[1], label, style, anchor=anchor)
    gains = "; ".join(f"{words.human(n)}: {_signed_figure(a)} and {_signed_figure(b)}" for n, a, b in points)
    return canvas.markup(f"Gains of {names[0]} and of {names[1]} beyond walking away", gains)


def _dot(canvas: Canvas, x: float, y: float, *, is_away: bool, efficient: bool, best: bool) -> None:
    """A point: square for walking away, filled where nobody can improve on it, ringed at Nash's point."""
    if best:
        canvas.dot(x, y, 8.5, "ring")
    if is_away:
        canvas.rect(x - 4.5, y - 4.5, 9, 9, "dot c0" if efficient else "open")
    else:
        canvas.dot(x, y, 4.5, "dot c0" if efficient else "open")


def _place(x: float, y: float, label: str, taken: list[Box], inside: Box) -> tuple[Point, str]:
    """Where a label covers neither another nor a point: beside, above or below, then farther off. Its box is taken."""
    wide = text_width(label, SIZE)
    spots = []
    for far in range(8):
        step = 15.0 * far
        for side in (1, -1) if far else (0,):
            spots += [(x + 11, y + 4 + side * step, "start"), (x - 11, y + 4 + side * step, "end")]
            spots.append((x, y + (side or -1) * (14 + step) + 4, "middle"))
    best: tuple[float, Point, str, Box] | None = None
    for left, base, anchor in spots:
        start = {"start": left, "end": left - wide, "middle": left - wide / 2}[anchor]
        box = (start, base - SIZE + 2, start + wide, base + 3)
        cost = sum(_overlap(box, other) for other in taken)
        cost += 50 * (max(inside[0] - box[0], 0) + max(box[2] - inside[2], 0))
        cost += 50 * (max(inside[1] - box[1], 0) + max(box[3] - inside[3], 0))
        if best is None or cost < best[0] - 1e-9:
            best = (cost, (left, base), anchor, box)
        if cost == 0:
            break
    assert best is not None
    taken.append(best[3])
    return best[1], best[2]


def _overlap(one: Box, two: Box) -> float:
    wide = min(one[2], two[2]) - max(one[0], two[0])
    high = min(one[3], two[3]) - max(one[1], two[1])
    return wide * high if wide > 0 and high > 0 else 0.0
