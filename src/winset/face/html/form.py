"""The game's shape: the moves of a round down the page, one lane per actor, with what is done and what is seen.

Decisions are boxes in the actor's colour and dash, chance is an open circle, what is hidden is a box with a
dashed cord to the open circle that the public sees; moves at once stand in one row, tied by a dotted cord. Payments are
diamonds, as in influence diagrams (Howard and Matheson).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from winset.base import words
from winset.base.plain import event
from winset.face.html.svg import Canvas, text_width

WIDE, NARROW = 860.0, 360.0
LINE, GAP, SIZE = 16.0, 14.0, 12.0
HALF = 9.0
MOST = 14  # names in one list; more are counted

Json = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Row:
    """One row: its title, lines of text, and which lanes have which mark (box, chance, seen, pay)."""

    title: str
    lines: tuple[str, ...]
    marks: tuple[tuple[str, str], ...]


def form(brief: Json, looks: dict[str, int]) -> Json:
    """The figure, with the players and the end of the game as sentences."""
    given = brief["figures"]["shape"]
    rows = [_move(move) for move in given["moves"]]
    if given["paid"]:
        rows.append(_paid("end of the round", given["paid"]))
    if given["last"]:
        rows.append(_paid("end of the game", given["last"]))
    lanes = [p["name"] for p in given["players"]]
    if any(kind in ("chance", "seen") for row in rows for _, kind in row.marks):
        lanes.append("chance")
    return {
        "wide": _draw(rows, lanes, looks, WIDE),
        "narrow": _draw(rows, lanes, looks, NARROW),
        "players": [_player(p, looks) for p in given["players"]],
        "ends": ending(given),
        "hidden": any(side["seen"] for move in given["moves"] for side in move["sides"]),
    }


def _player(player: Json, looks: dict[str, int]) -> Json:
    kinds = player["types"]
    told = "no private type"
    if len(kinds) > 1:
        told = words.listing([f"{words.human(k)} ({words.percent(v)})" for k, v in kinds.items()])
        told = f"privately {' or '.join(told.rsplit(' and ', 1))}"
    return {
        "name": words.capital(words.human(player["name"])),
        "look": looks.get(player["name"], 0),
        "about": player["about"],
        "types": told,
    }


def ending(given: Json) -> str:
    """When the game is over, as a sentence."""
    parts = []
    if given["ends"]:
        parts.append(f"once {event(given['ends'])}")
    if given["rounds"] is not None:
        unit = f"{given['unit']}s" if given["unit"] else "rounds"
        count = f"{given['rounds']} {unit if given['rounds'] != 1 else unit[:-1]}"
        span = f", {words.round_label(given['first'])} to {words.round_label(given['final'])}" if given["unit"] else ""
        parts.append(f"after {count}{span}")
    return f"Over {' or '.join(parts)}." if parts else "It goes on without end."


def _names(names: Sequence[str]) -> str:
    left = [f"{len(names) - MOST} more"] if len(names) > MOST else []
    return ", ".join([*(words.human(n) for n in names[:MOST]), *left])


def _move(move: Json) -> Row:
    lines = [f"if {event(move['condition'])}"] if move["condition"] else []
    marks: list[tuple[str, str]] = []
    sides = move["sides"]
    for side in sides:
        who = words.capital(words.human(side["player"]))
        if side["seen"]:
            lines.append(f"{who}, unseen: {_names(side['actions'])}")
            lines.append(f"all see only: {_names(side['seen'])}")
            marks += [(side["player"], "box"), ("chance", "seen")]
        else:
            lines.append(f"{who}: {_names(side['actions'])}; seen by all")
            marks.append((side["player"], "box"))
    if len(sides) > 1:
        lines.insert(1 if move["condition"] else 0, "at once, none seeing the other's choice")
    if move["outcomes"]:
        lines.append(f"Chance: {_names(move['outcomes'])}; seen by all")
        marks.append(("chance", "chance"))
    if move["draws"]:
        lines.append(f"then chance: {_names(move['draws'])}; seen by all")
        marks.append(("chance", "chance"))
    return Row(title=words.human(move["name"]), lines=tuple(lines), marks=tuple(dict.fromkeys(marks)))


def _paid(title: str, paid: dict[str, list[str]]) -> Row:
    lines = []
    for player, parts in paid.items():
        said = f": {_names(parts)}" if parts else ""
        lines.append(f"paid to {words.capital(words.human(player))}{said}")
    return Row(title=title, lines=tuple(lines), marks=tuple((player, "pay") for player in paid))


def wrapped(text: str, room: float) -> list[str]:
    """The text in lines no wider than the room, broken between words."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if text_width(longer, SIZE) > room and lines[-1]:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def _draw(rows: Sequence[Row], lanes: Sequence[str], looks: dict[str, int], width: float) -> Markup:
    pitch = 84.0 if width > NARROW else 28.0
    place = {lane: 14.0 + pitch * i + (20.0 if width > NARROW else 0.0) for i, lane in enumerate(lanes)}
    left = max(place.values()) + HALF + (28.0 if width > NARROW else 14.0)
    body = [[line for text in row.lines for line in wrapped(text, width - left - 4)] for row in rows]
    head = 14.0 * (len(lanes) if width <= NARROW else 1) + 12
    tops, y = [], head
    for lines in body:
        tops.append(y)
        y += LINE * (1 + len(lines)) + GAP
    canvas = Canvas(width=width, height=y)
    for i, (lane, x) in enumerate(place.items()):
        base = 12.0 + (14.0 * i if width <= NARROW else 0)
        name, look = words.capital(words.human(lane)), 0 if lane == "chance" else looks.get(lane, 0)
        if width > NARROW:
            canvas.text(x, base, name, f"t end c{look}", anchor="middle")
        else:
            canvas.text(x - 6, base, name, f"t end c{look}")
        canvas.line(x, base + 5, x, y - GAP, "grid")
    for row, lines, top in zip(rows, body, tops, strict=True):
        canvas.line(left - 8, top - 3, width, top - 3, "grid")
        _marks(canvas, row, place, looks, top + HALF + 3)
        canvas.text(left, top + 12, row.title, "t head")
        for i, line in enumerate(lines):
            canvas.text(left, top + 12 + LINE * (i + 1), line, "t name")
    told = "; ".join(f"{row.title}: {' '.join(row.lines)}" for row in rows)
    return canvas.markup("The moves of a round, in order", told)


def _marks(canvas: Canvas, row: Row, place: dict[str, float], looks: dict[str, int], y: float) -> None:
    boxes = [place[lane] for lane, kind in row.marks if kind == "box"]
    if len(boxes) > 1:
        canvas.line(min(boxes) + HALF, y, max(boxes) - HALF, y, "cord")
    kinds = [kind for _, kind in row.marks]
    if boxes and ("seen" in kinds or "chance" in kinds):
        style = "cord hidden" if "seen" in kinds else "base"
        canvas.line(max(boxes) + HALF, y, place["chance"] - HALF, y, style)
    for lane, kind in row.marks:
        x, look = place[lane], looks.get(lane, 0)
        if kind == "box":
            canvas.rect(x - HALF, y - HALF, 2 * HALF, 2 * HALF, f"node line c{look} d{look}")
        elif kind == "pay":
            rim = [(x, y - HALF), (x + HALF, y), (x, y + HALF), (x - HALF, y)]
            canvas.path(rim, f"node line c{look}", closed=True)
        else:
            canvas.dot(x, y, HALF, "node open-line")
