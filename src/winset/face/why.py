"""An explanation as text: the numbers behind its sentence, and its course of play as one line per move."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from winset.base import words
from winset.base.plain import moment, prose

Json = dict[str, Any]

MOST = 8
"""Most parts listed; the others are added up."""


def in_points(data: Json) -> bool:
    """Whether the parts are parts of a probability, told in points: for payoffs and numbers they are not."""
    told: str = data["about"]
    if data["kind"] == "comparison":
        return data["witness"] is not None
    return data["kind"] == "forecast" and words.is_chance(told)


def share(value: float, points: bool) -> str:
    """A part, with its sign: `+3.4 points`, `−0.30`."""
    sign = "+" if value > 0 else words.MINUS if value < 0 else ""
    size = f"{100 * abs(value):.1f} points" if points else f"{abs(value):.3g}"
    return f"{sign}{size}"


def parts(data: Json) -> list[tuple[str, str]]:
    """(amount, name) of each part, the largest first, and their sum."""
    if data["total"] is None or not data["parts"]:
        return []
    points = in_points(data)
    shown = data["parts"] if len(data["parts"]) <= MOST else data["parts"][: MOST - 1]
    rows = [(share(p["value"], points), p["name"]) for p in shown]
    if len(shown) < len(data["parts"]):
        rest = sum(p["value"] for p in data["parts"][len(shown) :])
        rows.append((share(rest, points), f"{len(data['parts']) - len(shown)} smaller parts together"))
    return [*rows, (share(data["total"], points), f"in all: {data['about']}")]


def evidence(data: Json) -> list[tuple[str, str, str]]:
    """(what was seen, belief before and after, likelihood ratio) of each observation."""
    return [
        (
            f"{words.round_label(e['date'])}: {e['text']}",
            f"{words.percent(e['before'])} to {words.percent(e['after'])}",
            "never seen of another type" if e["ratio"] is None else f"likelihood ratio {words.small(e['ratio'])}",
        )
        for e in data["evidence"]
    ]


ALL_BUT_SURE = 0.9
"""A move at least this likely that shifts no belief is not told on a page."""


def course(told: Json) -> str:
    """The heading of a witness: of what it is a course, how typical it is, and how likely the whole of it."""
    where = f" in the variant “{words.human(told['variant'])}”" if told["variant"] else ""
    types = words.listing([f"{words.capital(words.human(w))} is {words.human(k)}" for w, k in told["types"].items()])
    given = f", where {types}" if types else ""
    chance = words.fine(told["probability"])
    if not told["step"]:
        return f"The likeliest course{where}{given}: it has {chance}"
    by, share = prose(told["step"]), told["share"]
    part = words.percent(share) if share < 0.995 else "nearly all" if share < 1 - 1e-9 else "all"
    return (
        f"A typical course{where}{given}: {by} in {moment(told['date'])}. So comes about {part} of the probability, "
        f"half of that by then; this very course has {chance}"
    )


def steps(told: Json) -> list[tuple[str, str, str]]:
    """(date, probability, move with the beliefs that it shifts) of each move; a date only where it is new."""
    rows, last = [], ""
    for step in told["steps"]:
        moved = "; ".join(_moved(b) for b in step["beliefs"])
        date = step["date"] if step["date"] != last else ""
        last = step["date"]
        text = step["text"] + (f" (belief that {moved})" if moved else "")
        rows.append((words.date_label(date), words.percent(step["probability"]), text))
    return rows


def _moved(belief: Json) -> str:
    change = f"{words.percent(belief['before'])} to {words.percent(belief['after'])}"
    return f"{belief['player']} is {belief['type']}: {change}"


def shown(data: Json | None) -> Json | None:
    """An explanation as a page shows it: its sentence, and the witness as a heading with rows; None without one."""
    if data is None or data["kind"] == "none":
        return None
    told = data["witness"]
    listed = told["steps"] if told else []
    kept = [s for s in listed if s["probability"] < ALL_BUT_SURE or s["beliefs"] or s is listed[-1]]
    return {
        "sentence": words.capital(prose(data["sentence"])) + ".",
        "course": course(told) if told else "",
        "steps": [(date, chance, prose(text)) for date, chance, text in steps({"steps": kept})],
        "sure": f"{words.plural(n, 'move')} that were all but sure left out." if (n := len(listed) - len(kept)) else "",
    }


def lines(data: Json) -> Iterator[tuple[str, str, int]]:
    """Rows of text as (text, style, indent of what is wrapped) below the sentence."""
    rows = parts(data)
    if rows:
        room = max(len(amount) for amount, _ in rows)
        yield from ((f"  {amount:>{room}}  {name}", "", room + 4) for amount, name in rows)
    for seen, change, ratio in evidence(data):
        yield f"  {seen}", "", 4
        yield f"    {change}, {ratio}", "dim", 4
    told = data["witness"]
    if told is None:
        return
    yield "", "", 0
    yield course(told), "bold", 2
    listed = steps(told)
    first, room = (max((len(row[i]) for row in listed), default=0) for i in (0, 1))
    for date, chance, text in listed:
        yield f"  {date:<{first}}  {chance:>{room}}  {text}", "", first + room + 6
    if not listed:
        yield "  nothing has to happen: it is so from the start", "", 2


__all__ = ["course", "evidence", "lines", "parts", "shown", "steps"]
