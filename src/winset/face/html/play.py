"""Who does what: the opening moves by private type, and each action by date."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from winset.base import words
from winset.face.html import charts
from winset.face.html.svg import nice_ticks

QUIET = 0.02  # an action never likelier than this in any round is left out of the table of actions
SEEN = 0.005  # an action that no type plays with more than this is left out of the opening moves
REACHED = 0.05  # later moves on a history less likely than this are left out

Json = dict[str, Any]


def looks(brief: Json) -> dict[str, int]:
    """One number per actor, for its colour and its dash; chance comes last."""
    actors = dict.fromkeys(
        [curve["player"] for curve in brief["beliefs"]]
        + [row["player"] for row in brief["strategies"]]
        + [action["by"] for action in brief["forecast"]["actions"] if action["by"] != "chance"]
        + ["chance"]
    )
    return {name: 1 + index % 5 for index, name in enumerate(actors)}


def openings(brief: Json) -> tuple[list[Json], int]:
    """One table per opening move, its types as columns; and how many moves on unlikely histories are left out."""
    result: list[Json] = []
    left_out, before = 0, dict[str, Any]()
    keyed = groupby(brief["strategies"], key=lambda r: (r["round"], r["move"], r["player"]))
    opening = brief["strategies"][0]["round"] if brief["strategies"] else ""
    for (round_label, move, player), group in keyed:
        rows = list(group)
        if round_label != opening and rows[0]["reached"] < REACHED:
            left_out += 1
            continue
        labels = list(dict.fromkeys(label for row in rows for label in row["actions"]))
        played = [label for label in labels if max(row["actions"].get(label) or 0 for row in rows) >= SEEN]
        state = rows[0]["state"]
        result.append(
            {
                "round": words.round_label(round_label),
                "move": words.human(move),
                "player": player,
                "types": [row["type"] for row in rows],
                "reached": rows[0]["reached"],
                "state": _state({k: v for k, v in state.items() if not result or before.get(k) != v}),
                "first": not result,
                "rows": [(label, [row["actions"].get(label) for row in rows]) for label in played],
                "left_out": len(labels) - len(played),
            }
        )
        before = state
    return result, left_out


def _state(values: Json) -> str:
    return ", ".join(f"{words.human(k)} {words.human(words.number(v))}" for k, v in values.items())


def actions(brief: Json, look: dict[str, int]) -> list[Json]:
    """Actions by actor, each with its spark and its likeliest round; what is hardly ever played is counted only."""
    dates, result = brief["forecast"]["dates"], []
    actors = dict.fromkeys(a["by"] for a in brief["forecast"]["actions"])
    for actor in sorted(actors, key=lambda name: name == "chance"):
        mine = [a for a in brief["forecast"]["actions"] if a["by"] == actor]
        kept = [a for a in mine if max(a["probability"], default=0) >= QUIET]
        if not kept:
            continue
        top = min(1.0, nice_ticks(0.0, max(max(a["probability"]) for a in kept), 4)[-1])
        rows = []
        for action in kept:
            series = action["probability"]
            peak = max(range(len(series)), key=series.__getitem__)
            title = (
                f"{actor}, {action['move']}: {action['action']}, from {words.percent(series[0])} to "
                f"{words.percent(series[-1])}"
            )
            rows.append(
                {
                    "move": action["move"],
                    "action": action["action"],
                    "spark": charts.spark(title, series, look[actor], top=top),
                    "first": series[0],
                    "peak": series[peak],
                    "when": dates[peak],
                }
            )
        result.append(
            {"actor": actor, "look": look[actor], "rows": rows, "left_out": len(mine) - len(kept), "top": top}
        )
    return result
