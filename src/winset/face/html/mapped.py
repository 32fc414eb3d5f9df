"""Strategy maps: for each player, panels of what it does over belief, by circumstances and by type."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from markupsafe import Markup

from winset.base import words
from winset.face.html import charts
from winset.face.html.svg import Canvas, Scale

WIDTH, HEIGHT = 214.0, 152.0
LEFT, RIGHT, TOP, BOTTOM = 38.0, 10.0, 14.0, 40.0
RARE = 0.02  # an action never likelier than this in any panel is put into "others"
MOST = 6  # shades of the style sheet
HATCH = 5.0

Json = dict[str, Any]


def maps(brief: Json, looks: dict[str, int]) -> list[Json]:
    """One map per player as the page shows it: rows of panels, the mean first and then one row per type."""
    return [_map(given, f"c{looks.get(given['player'], 0)}") for given in brief["figures"]["maps"]]


def _map(given: Json, look: str) -> Json:
    labels, others = _labels(given["panels"])
    player = words.capital(words.human(given["player"]))
    rows = [{"name": "", "panels": [_panel(given, p, p["mean"], labels, others, look, "") for p in given["panels"]]}]
    kinds = list(given["panels"][0]["types"])
    for kind in kinds if len(kinds) > 1 else ():
        drawn = [_panel(given, p, p["types"][kind], labels, others, look, kind) for p in given["panels"]]
        rows.append({"name": words.human(kind), "panels": drawn})
    names = [words.human(label) for label in labels]
    if others:
        names.append(words.plural(len(others), "other action"))
    variable = words.human(given["variable"])
    axis = f"{words.capital(words.human(given['about']))} is {words.human(given['type'])}"
    return {
        "player": player,
        "title": f"{player}, {words.human(given['move'])}, {words.round_label(given['round'])}",
        "axis": axis,
        "variable": variable,
        "why": given["why"],
        "rows": rows,
        "legend": [(charts.shade(i, look), name) for i, name in enumerate(names)],
        "where": _where(given),
        "reached": words.percent(given["reached"]),
        "base": words.percent(given["base"]),
        "several": any(any(p["several"]) for p in given["panels"]),
        "columns": [words.percent(x) for x in TOLD],
        "table": _table(given, labels),
        "panelled": len(given["panels"]),
    }


def _where(given: Json) -> str:
    """The place in words, without the variable of the panels."""
    state = {k: v for k, v in given["state"].items() if k != given["variable"]}
    return ", ".join(f"{words.human(k)} {words.human(words.number(v))}" for k, v in state.items())


def _labels(panels: Sequence[Json]) -> tuple[list[str], list[str]]:
    """The actions that have an area of their own, in the scenario's order, and those that share one."""
    every = list(panels[0]["mean"])
    peak = {
        a: max(max(series[a]) for p in panels for series in (p["mean"], *p["types"].values())) for a in every
    }  # fmt: skip
    seen = [a for a in every if peak[a] >= RARE]
    if len(seen) > MOST or (len(seen) == MOST and len(seen) < len(every)):
        kept = sorted(seen, key=lambda a: -peak[a])[: MOST - 1]
        seen = [a for a in seen if a in kept]
    return seen, [a for a in every if a not in seen]


def _panel(
    given: Json, panel: Json, played: Json, labels: Sequence[str], others: Sequence[str], look: str, kind: str
) -> Json:
    belief = given["belief"]
    canvas = Canvas(width=WIDTH, height=HEIGHT)
    x = Scale(low=belief[0], high=belief[-1], start=LEFT, end=WIDTH - RIGHT)
    y = Scale(low=0, high=1, start=HEIGHT - BOTTOM, end=TOP)
    series = [played[label] for label in labels]
    names = list(labels)
    rest = [sum(played[a][i] for a in others) for i in range(len(belief))]
    if others and max(rest) > 0:
        series, names = [*series, rest], [*names, "others"]
    steps = Scale(low=0, high=len(belief) - 1, start=x.start, end=x.end)
    charts.draw_areas(charts.Frame(canvas=canvas, x=steps, y=y), names, series, look=look)
    for tick in (0.0, 0.5, 1.0):
        canvas.line(x.start - 3, y(tick), x.start, y(tick), "base")
        canvas.text(x.start - 5, y(tick) + 4, words.percent(tick), "t", anchor="end")
        canvas.line(x(tick), y.start, x(tick), y.start + 3, "base")
        anchor = "end" if tick == 1.0 else "middle"
        canvas.text(x(tick) + (4 if tick == 1.0 else 0), y.start + 16, words.percent(tick), "t", anchor=anchor)
    canvas.line(x.start, y.start, x.end, y.start, "base")
    canvas.text((x.start + x.end) / 2, HEIGHT - 6, f"belief: {words.human(given['type'])} →", "t axis", anchor="middle")
    for i, more in enumerate(panel["several"]):
        if more:
            canvas.line(steps(i) - HATCH / 2, y.end + HATCH, steps(i) + HATCH / 2, y.end - HATCH, "hatch")
    if panel["here"]:
        canvas.line(x(given["base"]), y.end - 4, x(given["base"]), y.start, "here")
        canvas.path(
            [(x(given["base"]) - 5, y.end - 10), (x(given["base"]) + 5, y.end - 10), (x(given["base"]), y.end - 2)],
            "dot c0", closed=True,
        )  # fmt: skip
    said = f"{words.human(given['variable'])} {words.human(panel['value'])}" if panel["value"] else ""
    return {"name": said, "here": panel["here"], "chart": _markup(canvas, given, said, kind, names, series)}


def _markup(
    canvas: Canvas, given: Json, said: str, kind: str, names: Sequence[str], series: Sequence[Sequence[float]]
) -> Markup:
    who = words.capital(words.human(given["player"]))
    title = f"{who} at {words.human(given['move'])}" + (f", if {words.human(kind)}" if kind else "")
    title += f", {said}" if said else ""
    about = f"{words.capital(words.human(given['about']))} is {words.human(given['type'])}"
    told = []
    for i, level in ((0, "0 %"), (len(given["belief"]) - 1, "100 %")):
        listed = ", ".join(
            f"{words.human(n)} {words.percent(min(s[i], 1.0))}"
            for n, s in sorted(zip(names, series, strict=True), key=lambda pair: -pair[1][i])[:3]
        )
        told.append(f"where the belief that {about} is {level}: {listed}")
    return canvas.markup(title, "; ".join(told), style="chart panel")


TOLD = (0.0, 0.25, 0.5, 0.75, 1.0)


def _table(given: Json, labels: Sequence[str]) -> list[Json]:
    """The mean over types at a few beliefs, as rows of words."""
    spots = [min(range(len(given["belief"])), key=lambda i: abs(given["belief"][i] - x)) for x in TOLD]
    return [
        {
            "panel": words.human(p["value"]),
            "action": words.human(label),
            "cells": [words.percent(min(p["mean"][label][i], 1.0)) for i in spots],
        }
        for p in given["panels"]
        for label in labels
    ]
