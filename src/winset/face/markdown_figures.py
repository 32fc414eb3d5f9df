"""What a page draws, as Markdown: what moves the answers, the bargaining space, the game, the strategy maps."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from winset.base import words
from winset.base.plain import event
from winset.face import why
from winset.face.html import bargain, form, mapped, moving
from winset.face.marks import table, text

Json = dict[str, Any]


def movers(brief: Json) -> Iterator[str]:
    """The variants that move each headline answer most, largest first."""
    for title, rows in moving.moved(brief):
        yield f"**{text(title)}**: {words.percent(rows[0][1])} in the base.\n"
        told = [
            [text(words.human(name)), words.percent(value), ("+" if value > base else "") + words.points(value - base)]
            for name, base, value in rows[: moving.MOST_BARS]
        ]
        yield from table(["variant", "there", "change"], told)
        if len(rows) > moving.MOST_BARS:
            yield f"{words.plural(len(rows) - moving.MOST_BARS, 'variant')} that move it less are left out.\n"


def space(brief: Json) -> Iterator[str]:
    """What each agreement is worth beyond walking away, and what is possible by pair of types."""
    found = bargain.space(brief)
    if found is None:
        return
    signed = f", signed {found['signed']}" if found["signed"] else ""
    yield f"Gains beyond walking away ({text(found['walk_away'])}), at the beliefs of the start{text(signed)}."
    yield ""
    rows = [[text(row["name"]), *(_gain(cell) for cell in row["cells"])] for row in found["rows"]]
    yield from table(["agreement", *map(text, found["columns"])], rows)
    rows = [[text(p["who"]), p["probability"], text(p["zone"]), text(p["nash"])] for p in found["pairs"]]
    yield from table(["if they are", "probability", "zone of agreement", "Nash"], rows)
    for name, told in found["agreeing"]:
        yield f"**{text(name)}.** {text(told)}"
    yield from (text(note) for note in found["notes"])


def _gain(cell: Json) -> str:
    return f"{cell['gain']} ({cell['note']})" if cell["note"] else str(cell["gain"])


def game(brief: Json) -> Iterator[str]:
    """The moves of a round in order: who, what, and what is seen of it."""
    given = brief["figures"]["shape"]
    for number, move in enumerate(given["moves"], 1):
        told = []
        for side in move["sides"]:
            seen = f" (unseen; all see {_names(side['seen'])})" if side["seen"] else ""
            told.append(f"{words.capital(words.human(side['player']))}: {_names(side['actions'])}{seen}")
        if move["outcomes"]:
            told.append(f"chance: {_names(move['outcomes'])}")
        if move["draws"]:
            told.append(f"then chance: {_names(move['draws'])}")
        when = f", if {event(move['condition'])}" if move["condition"] else ""
        yield f"{number}. **{text(words.human(move['name']))}**{text(when)}. {text('; '.join(told))}."
    yield f"\n{text(form.ending(given))}"


def _names(names: list[str]) -> str:
    return ", ".join(map(words.human, names))


def maps(brief: Json) -> Iterator[str]:
    """The strategy maps' averages over types, at a few beliefs."""
    for one in mapped.maps(brief, {}):
        yield (
            f"**{text(one['title'])}**, by the belief that {text(one['axis'])} (it stands at {one['base']}). At "
            f"{text(one['where'])}: of all places the one where the choice differs most, weighted by how likely it is "
            f"reached, here with {one['reached']}.\n"
        )
        several = one["panelled"] > 1
        rows = [[*([text(r["panel"])] if several else []), text(r["action"]), *r["cells"]] for r in one["table"]]
        head = [*([text(one["variable"])] if several else []), "action", *one["columns"]]
        yield from table(head, rows, left=2 if several else 1)


def turns_on(explanation: Json | None) -> Iterator[str]:
    """What an answer turns on, and a course of play."""
    told = why.shown(explanation)
    if told is None:
        return
    yield f"\nTurns on: {text(told['sentence'])}"
    yield from course(told)


def course(told: Json) -> Iterator[str]:
    """A course of play as a list of its moves."""
    if not told["course"]:
        return
    yield ""
    yield text(told["course"]) + (":" if told["steps"] else ".")
    yield ""
    yield from (f"- {date + ', ' if date else ''}{chance}: {text(said)}" for date, chance, said in told["steps"])
    if told["sure"]:
        yield ""
        yield told["sure"]
