"""From a brief's data to the page: picks what each section shows, draws its charts, fills the template."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import files
from itertools import groupby
from typing import Any

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from winset.face import words
from winset.face.html import charts

MAX_VARIANT_LINES = 3  # more lines than these beside the base cannot be told apart in one small chart
MAX_AREAS = 6  # shades of the style sheet
SEEN = 0.005  # a value of the state never likelier than this has no place in a legend
QUIET = 0.02  # an action never likelier than this in any round is left out of the table of actions

Json = dict[str, Any]


def render(brief: Json) -> str:
    """One self-contained page: no script, no request, readable offline, in light and dark and on paper.

    Args:
        brief: a brief's data, as `winset.brief` returns it.

    Returns:
        The text of an HTML document.
    """
    here = files("winset.face.html") / "templates"
    environment = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=StrictUndefined)
    environment.filters.update(
        percent=words.percent,
        number=words.number,
        small=words.small,
        human=words.human,
        capital=words.capital,
        date=words.date_label,
        round_name=words.round_label,
        listing=words.listing,
        plural=words.plural,
    )
    template = environment.from_string((here / "page.html.j2").read_text(encoding="utf-8"))
    style = (here / "page.css").read_text(encoding="utf-8")
    return template.render(style=Markup(style), **_context(brief))


def _context(brief: Json) -> Json:
    dates = brief["forecast"]["dates"]
    looks = _looks(brief)
    marks = _marks(brief)
    return {
        "brief": brief,
        "looks": looks,
        "words": words,
        "judgements": [_judgement(q) for q in _headlines(brief)],
        "others": [_judgement(q) for q in brief["questions"] if not q["headline"] and _headlines(brief) != [q]],
        "curves": _curves(brief, marks) if len(dates) > 2 else [],
        "variables": _variables(brief, marks) if len(dates) > 2 else [],
        "table": _short_table(brief) if len(dates) <= 2 else [],
        "actions": _actions(brief, looks) if len(dates) > 2 else [],
        "beliefs": _beliefs(brief, looks, marks) if len(dates) > 2 else [],
        "strategies": _strategies(brief),
        "claims": [_claim(c) for c in brief["claims"]],
        "verdicts": {v: sum(c["verdict"] == v for c in brief["claims"]) for v in ("holds", "fails", "undecided")},
        "against": [c for c in brief["claims"] if c["id"] in brief["against"]],
        "certificate": _certificate(brief),
        "equilibria": _equilibria(brief),
        "titles": {q["name"]: words.heading(q["note"], q["name"]) for q in brief["questions"]},
    }


def _looks(brief: Json) -> dict[str, int]:
    """One number per actor, for its colour and its dash; chance comes last."""
    actors = dict.fromkeys(
        [curve["player"] for curve in brief["beliefs"]]
        + [row["player"] for row in brief["strategies"]]
        + [action["by"] for action in brief["forecast"]["actions"] if action["by"] != "chance"]
        + ["chance"]
    )
    return {name: 1 + index % 5 for index, name in enumerate(actors)}


def _marks(brief: Json) -> list[charts.Mark]:
    dates = brief["forecast"]["dates"]
    return [
        charts.Mark(name=mark["name"], index=dates.index(mark["date"]))
        for mark in brief["forecast"].get("marks", [])
        if mark["date"] in dates
    ]


def _headlines(brief: Json) -> list[Json]:
    return [q for q in brief["questions"] if q["headline"]] or brief["questions"][:3]


def _judgement(question: Json) -> Json:
    value, unit = question["value"], question["unit"]
    is_chance = unit == "probability" and value is not None and not isinstance(value, bool)
    title = words.heading(question["note"], question["name"])
    return {
        **question,
        "title": title,
        "shown": words.quantity(value, unit),
        "band": words.band(question["low"], question["high"], unit),
        "strip": charts.strip(f"{title}: {words.percent(value)}", value, question["low"], question["high"])
        if is_chance
        else "",
    }


def _curves(brief: Json, marks: Sequence[charts.Mark]) -> list[Json]:
    """One chart per question: the base, and the variants that end furthest from it."""
    dates = brief["forecast"]["dates"]
    result = []
    for question, group in groupby(brief["forecast"]["curves"], key=lambda c: c["question"]):
        every = list(group)
        base = [c for c in every if not c["variant"]]
        if not base:
            continue
        end = base[0]["probability"][-1]
        rivals = sorted((c for c in every if c["variant"]), key=lambda c: -abs(c["probability"][-1] - end))
        shown = [
            charts.Line(name=words.human(c["variant"]) or "base", values=c["probability"], look=look)
            for look, c in enumerate([base[0], *rivals[:MAX_VARIANT_LINES]])
        ]
        note = next((q["note"] for q in brief["questions"] if q["name"] == question), "")
        title = words.heading(note, question)
        result.append(
            {
                "title": title,
                "event": base[0]["event"],
                "chart": charts.lines(f"{title}, by date", dates, shown, marks=marks),
                "legend": [(charts.swatch(line.look), line.name) for line in shown] if len(shown) > 1 else [],
                "left_out": len(rivals) - MAX_VARIANT_LINES,
            }
        )
    return result


def _variables(brief: Json, marks: Sequence[charts.Mark]) -> list[Json]:
    dates = brief["forecast"]["dates"]
    result = []
    for variable in brief["forecast"]["variables"]:
        name = words.human(variable["name"])
        legend: list[tuple[Markup, str]] = []
        if variable["kind"] == "numbers" and variable["mean"]:
            drawing = charts.fan(f"{name} by date", dates, variable["mean"], variable["bands"], marks=marks)
            kind = "mean, with 50, 80 and 95 % bands" if variable["bands"] else "mean"
        elif variable["kind"] == "names" and 2 < len(variable["values"]) <= MAX_AREAS:
            drawing = charts.stacked(f"{name} by date", dates, variable["values"], variable["probability"], marks=marks)
            kind = "probability of each value"
            seen = [max(series) >= SEEN for series in variable["probability"]]
            legend = [(charts.shade(i), words.human(v)) for i, v in enumerate(variable["values"]) if seen[i]]
        else:
            pairs = list(zip(variable["values"], variable["probability"], strict=True))
            if len(pairs) == 2:
                pairs = [pair for pair in pairs if pair[0] in ("true", "yes", "True")] or pairs[1:]
            most = sorted(pairs, key=lambda pair: -max(pair[1]))[: MAX_VARIANT_LINES + 1]
            shown = [charts.Line(name=words.human(v), values=s, look=i) for i, (v, s) in enumerate(most)]
            drawing = charts.lines(f"{name} by date", dates, shown, marks=marks)
            one = variable["kind"] == "truth"
            kind = "probability that it is so" if one else "probability of " + words.listing([s.name for s in shown])
            legend = [(charts.swatch(s.look), s.name) for s in shown] if len(shown) > 1 else []
        result.append({"title": words.capital(name), "kind": kind, "chart": drawing, "legend": legend})
    return result


def _short_table(brief: Json) -> list[Json]:
    """With one or two rounds a table says more than a curve."""
    rows = []
    for variable in brief["forecast"]["variables"]:
        for value, series in zip(variable["values"], variable["probability"], strict=True):
            rows.append({"name": f"{words.human(variable['name'])} = {words.human(value)}", "series": series})
    return rows


def _actions(brief: Json, looks: dict[str, int]) -> list[Json]:
    """Actions by actor, each with its spark and its likeliest round; what is hardly ever played is counted only."""
    dates, result = brief["forecast"]["dates"], []
    for actor in dict.fromkeys(a["by"] for a in brief["forecast"]["actions"]):
        mine = [a for a in brief["forecast"]["actions"] if a["by"] == actor]
        rows = []
        for action in (a for a in mine if max(a["probability"], default=0) >= QUIET):
            series = action["probability"]
            peak = max(range(len(series)), key=series.__getitem__)
            title = f"{actor}, {action['move']}: {action['action']}, from {words.percent(series[0])}"
            rows.append(
                {
                    "move": action["move"],
                    "action": action["action"],
                    "spark": charts.spark(title, series, looks[actor]),
                    "first": series[0],
                    "peak": series[peak],
                    "when": dates[peak],
                }
            )
        result.append({"actor": actor, "look": looks[actor], "rows": rows, "left_out": len(mine) - len(rows)})
    return [group for group in result if group["rows"]]


def _beliefs(brief: Json, looks: dict[str, int], marks: Sequence[charts.Mark]) -> list[Json]:
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
            other = words.human(every[1]["type"]) if len(every) == 2 else ""
            title = f"Belief that {name} is {kind}"
            result.append(
                {
                    "title": title,
                    "other": other,
                    "chart": charts.lines(title, dates, [line], marks=marks, first=-1, top=1.0),
                }
            )
    return result


def _strategies(brief: Json) -> list[Json]:
    """The first moves: one table per move of a player, its types as columns."""
    result = []
    keyed = groupby(brief["strategies"], key=lambda r: (r["round"], r["move"], r["player"]))
    for (round_label, move, player), group in keyed:
        rows = list(group)
        labels = list(dict.fromkeys(label for row in rows for label in row["actions"]))
        result.append(
            {
                "round": words.round_label(round_label),
                "move": words.human(move),
                "player": player,
                "types": [row["type"] for row in rows],
                "reached": rows[0]["reached"],
                "state": ", ".join(
                    f"{words.human(k)} {words.human(words.number(v))}" for k, v in rows[0]["state"].items()
                ),
                "rows": [(label, [row["actions"].get(label) for row in rows]) for label in labels],
            }
        )
    return result


def _claim(claim: Json) -> Json:
    chances = [n for n in claim["numbers"] if n["formula"].startswith(("P(", "belief(", "strategy("))]
    drawing: Markup | str = ""
    if len(claim["numbers"]) == len(chances) == 2 and None not in (chances[0]["value"], chances[1]["value"]):
        left, right = chances[0]["value"], chances[1]["value"]
        drawing = charts.pair(f"{words.percent(left)} against {words.percent(right)}", left, right)
    numbers = [
        {
            **part,
            "shown": words.percent(part["value"]) if part in chances else words.number(part["value"]),
            "band": words.band(part["low"], part["high"], "probability" if part in chances else "number"),
        }
        for part in claim["numbers"]
    ]
    return {**claim, "numbers": numbers, "drawing": drawing, "sign": SIGNS[claim["verdict"]]}


SIGNS = {"holds": "✓", "fails": "✗", "undecided": "?"}


def _equilibria(brief: Json) -> Json | None:
    """The answers of each equilibrium; None where there is only the principal one."""
    if len(brief["equilibria"]) < 2:
        return None
    rows = [
        {
            "origin": one["origin"],
            "answers": [words.quantity(one["answers"].get(q["name"]), q["unit"]) for q in brief["questions"]],
            "residual": one["check"].get("stage_residual"),
            "gain": one["check"].get("one_shot_gain"),
        }
        for one in brief["equilibria"]
    ]
    return {"names": [q["name"] for q in brief["questions"]], "rows": rows, "told": words.several(len(rows))}


FIGURES = (
    ("stage_residual", "Is each decision a fixed point?", "largest residual of any cell"),
    ("missed", "Was every cell solved?", "cells beyond the tolerance"),
    ("one_shot_gain", "Could a player gain by one deviation?", "most any type gains, in payoff units"),
    ("full_gain", "Could a player gain by another strategy altogether?", "most any type gains, in payoff units"),
    ("logit_bound", "How much of that gain do the players' errors account for?", "bound from the precision"),
    ("grid_error", "Does the grid of beliefs move the answers?", "largest movement of a headline answer"),
    ("mass_lost", "Was probability dropped on the way?", "mass dropped by pruning"),
)


def _certificate(brief: Json) -> list[Json]:
    certificate = brief["certificate"]
    rows = []
    for key, tests, meaning in FIGURES:
        if key in certificate:
            shown = words.small(certificate[key])
            if key == "missed" and certificate[key] is not None:
                shown = f"{certificate[key]:,} of {certificate.get('cells', 0):,}"
            rows.append({"tests": tests, "meaning": meaning, "name": key, "shown": shown})
    return rows
