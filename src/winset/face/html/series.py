"""What a page shows by date: the questions' curves, the public state, the beliefs."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from markupsafe import Markup

from winset.base import words
from winset.base.plain import event, is_play, moment
from winset.face.html import charts

MAX_VARIANT_LINES = 3  # more lines than these beside the base cannot be told apart in one small chart
VARIANT_LOOK, VARIANT_LOOKS = 6, 5  # looks from here on are of variants; those before are of actors
MAX_AREAS = 6  # shades of the style sheet
SEEN = 0.005  # a value never likelier than this has no place in a legend or a table

Json = dict[str, Any]


def marks(brief: Json) -> list[charts.Mark]:
    """The named dates that lie inside the forecast."""
    dates = brief["forecast"]["dates"]
    return [
        charts.Mark(name=mark["name"], index=dates.index(mark["date"]))
        for mark in brief["forecast"].get("marks", [])
        if mark["date"] in dates
    ]


def curves(brief: Json) -> list[Json]:
    """One chart per question: the base, and the variants that the argument turns on, each with its look throughout."""
    dates, result = brief["forecast"]["dates"], []
    order = _rivals(brief)
    asked = {q["name"]: q for q in brief["questions"]}
    heads = {q["name"] for q in brief["questions"] if q["headline"]} or set(asked)
    for question in dict.fromkeys(c["question"] for c in brief["forecast"]["curves"] if c["question"] in heads):
        every = [c for c in brief["forecast"]["curves"] if c["question"] == question]
        base = next((c for c in every if not c["variant"]), None)
        if base is None:
            continue
        rivals = sorted((c for c in every if c["variant"]), key=lambda c: order.index(c["variant"]))
        shown = [charts.Line(name="base", values=base["probability"])] + [
            charts.Line(name=words.human(c["variant"]), values=c["probability"], look=_look(order, c["variant"]))
            for c in rivals[:MAX_VARIANT_LINES]
        ]
        note = asked[question]["note"] if question in asked else ""
        title = words.heading(note, question)
        result.append(
            {
                "title": title,
                "told": up_to(base["event"]),
                "chart": charts.lines(f"{title}, by date", dates, shown, marks=marks(brief)),
                "legend": [(charts.swatch(line.look), line.name) for line in shown] if len(shown) > 1 else [],
                "left_out": len(rivals) - MAX_VARIANT_LINES,
            }
        )
    return result


def up_to(text: str) -> str:
    """What a curve of an event shows: for what is so and may end, that it counts once it was so."""
    if is_play(text):
        return f"probability that it has happened up to each date: “{event(text)}”"
    return f"probability that it was so at some time up to each date, even if it ended again: “{event(text)}”"


def sparks(brief: Json) -> dict[str, Markup]:
    """For each question with a curve its base by date, small, on the scale from 0 to 1."""
    drawn = {}
    for curve in brief["forecast"]["curves"]:
        if not curve["variant"]:
            first, last = (words.percent(curve["probability"][i]) for i in (0, -1))
            title = f"{words.capital(words.human(curve['question']))} by date: from {first} to {last}"
            drawn[curve["question"]] = charts.spark(title, curve["probability"], 0)
    return drawn


def _rivals(brief: Json) -> list[str]:
    """The variants with curves: first those that most questions and claims read, then those that move most."""
    used = {v["name"]: len(v["used_by"]) for v in brief["variants"]}
    ends = {(c["question"], c["variant"]): c["probability"][-1] for c in brief["forecast"]["curves"]}
    moves = {
        name: max(abs(end - ends.get((q, ""), end)) for (q, v), end in ends.items() if v == name)
        for name in dict.fromkeys(v for _, v in ends if v)
    }
    return sorted(moves, key=lambda name: (-used.get(name, 0), -moves[name]))


def _look(order: Sequence[str], variant: str) -> int:
    return VARIANT_LOOK + order.index(variant) % VARIANT_LOOKS


def variables(brief: Json) -> tuple[list[Json], list[str]]:
    """A chart for every variable of the public state that moves, and a sentence on each that does not."""
    drawn, still = [], []
    for variable in brief["forecast"]["variables"]:
        value = _constant(variable)
        if value is None:
            drawn.append(_variable(brief, variable))
        else:
            still.append(f"{words.human(variable['name'])} ({words.human(value)})")
    return drawn, still


def _constant(variable: Json) -> str | None:
    """The value that a variable all but surely has at the end of every round, if there is one."""
    for value, series in zip(variable["values"], variable["probability"], strict=True):
        if min(series, default=0) > 1 - SEEN:
            return str(value)
    return None


def _variable(brief: Json, variable: Json) -> Json:
    dates, name = brief["forecast"]["dates"], words.human(variable["name"])
    title, legend = f"{name} by date", []
    few = len(variable["values"]) <= MAX_AREAS
    if variable["kind"] == "numbers" and variable["median"] and not few:
        drawing = charts.fan(title, dates, variable["median"], variable["bands"], marks=marks(brief))
        kind = "median, with 50, 80 and 95 % bands" if variable["bands"] else "median"
    elif variable["kind"] != "truth" and few and len(variable["values"]) > 2:
        drawing = charts.stacked(title, dates, variable["values"], variable["probability"], marks=marks(brief))
        kind = "probability of each value"
        if variable["mean"]:
            first, last = (words.figure(round(variable["mean"][i], 2)) for i in (0, -1))
            kind = f"probability of each level; mean {first} at first, {last} at the end"
        legend = [
            (charts.shade(i), words.human(v))
            for i, v in enumerate(variable["values"])
            if max(variable["probability"][i]) >= SEEN
        ]
    else:
        shown = _likeliest(variable)
        drawing = charts.lines(title, dates, shown, marks=marks(brief))
        names = words.listing([line.name for line in shown])
        kind = "probability that it is so" if variable["kind"] == "truth" else f"probability of {names}"
        legend = [(charts.swatch(line.look), line.name) for line in shown] if len(shown) > 1 else []
    return {"title": words.capital(name), "kind": kind, "chart": drawing, "legend": legend}


def _likeliest(variable: Json) -> list[charts.Line]:
    """A line for each of the likeliest values; of two values the second says nothing the first does not."""
    pairs = list(zip(variable["values"], variable["probability"], strict=True))
    if len(pairs) == 2:
        pairs = [pair for pair in pairs if pair[0] in ("true", "yes", "True")] or pairs[1:]
    most = sorted(pairs, key=lambda pair: -max(pair[1]))[: MAX_VARIANT_LINES + 1]
    looks = [0, *range(VARIANT_LOOK, VARIANT_LOOK + MAX_VARIANT_LINES)]
    return [charts.Line(name=words.human(v), values=s, look=looks[i]) for i, (v, s) in enumerate(most)]


def short_table(brief: Json) -> list[Json]:
    """With one or two rounds a table says more than a curve: one group per variable, without what hardly happens."""
    groups = []
    for variable in brief["forecast"]["variables"]:
        pairs = list(zip(variable["values"], variable["probability"], strict=True))
        seen = [(words.human(v), s) for v, s in pairs if max(s, default=0) >= SEEN]
        groups.append({"name": words.human(variable["name"]), "rows": seen, "left_out": len(pairs) - len(seen)})
    return groups


def beliefs(brief: Json, looks: dict[str, int]) -> list[Json]:
    """One chart per type in doubt; of two types of a player the second says nothing the first does not."""
    dates, result = brief["forecast"]["dates"], []
    for player, group in groupby(brief["beliefs"], key=lambda b: b["player"]):
        every = list(group)
        for curve in every[:1] if len(every) == 2 else every:
            name, kind = words.capital(words.human(player)), words.human(curve["type"])
            line = charts.Line(
                name="mean",
                values=[curve["start"], *curve["mean"]],
                low=[curve["start"], *curve["q10"]],
                high=[curve["start"], *curve["q90"]],
                look=looks[player],
            )
            title = f"Belief that {name} is {kind}"
            result.append(
                {
                    "title": title,
                    "other": words.human(every[1]["type"]) if len(every) == 2 else "",
                    "chart": charts.lines(title, dates, [line], marks=marks(brief), first=-1, top=1.0),
                    "told": _told(curve, dates),
                }
            )
    return result


def _told(curve: Json, dates: Sequence[str]) -> str:
    """What the band means at the end, as a sentence."""
    low, high = curve["q10"][-1], curve["q90"][-1]
    if max(abs(low - curve["start"]), abs(high - curve["start"])) < 0.02:
        return "Hardly anything is learned: in nearly every history the belief stays where it began."
    when = moment(dates[-1])
    return (
        f"At the end of {when} one history in ten has it at {words.percent(low)} or less, and one in ten at "
        f"{words.percent(high)} or more."
    )
