"""A brief as plain text within a given width: the terminal's summary of what the page shows in full."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Iterator
from typing import Any

from winset.base import words
from winset.base.words import SIGNS

Json = dict[str, Any]
Paint = Callable[[str, str], str]

STYLES = {"fails": "bad", "undecided": "bold", "holds": "good"}  # in the order in which claims are listed
OF_CERTIFICATE = {True: "the solution passes", False: "the solution does not pass", None: "no verdict"}
DATES_SHOWN = 5
ROWS_SHOWN = 2  # of a record file, under a fact
GLUE = "\N{NO-BREAK SPACE}"  # keeps a number and its unit on one line while text is wrapped
TITLE_ROOM = 22  # columns kept for the name of a curve


def summary(brief: Json, *, width: int = 80, paint: Paint = lambda text, style: text) -> list[str]:
    """The lines of the summary.

    Args:
        brief: a brief's data.
        width: columns to stay within.
        paint: colours a text in a style (`bold`, `dim`, `good`, `bad`); by default leaves it plain.
    """
    parts = (_title, _bottom_line, _judgements, _equilibria, _curves, _claims, _certificate)
    lines: list[str] = []
    for part in parts:
        found = list(part(brief, width, paint))
        if found:
            lines += [*([""] if lines else []), *found]
    return lines


def _wrap(text: str, width: int, first: str, later: str) -> list[str]:
    glued = re.sub(r"(?<=\d) (?=%|points\b)", GLUE, text)
    lines = textwrap.wrap(glued, width, initial_indent=first, subsequent_indent=later, break_on_hyphens=False)
    return [line.replace(GLUE, " ") for line in lines]


def _title(brief: Json, width: int, paint: Paint) -> Iterator[str]:
    name = brief["title"] + (f" (variant {brief['variant']})" if brief["variant"] else "")
    for line in _wrap(name, width, "", ""):
        yield paint(line, "bold")


def _bottom_line(brief: Json, width: int, paint: Paint) -> Iterator[str]:
    for sentence in brief["bottom_line"]:
        yield from _wrap(sentence["text"], width, "  ", "    ")
        if ground := words.apart(sentence["confidence"], brief["confidence"]):
            for line in _wrap(ground, width, "    ", "    "):
                yield paint(line, "dim")
    for line in _wrap(brief["confidence"], width, "  ", "  "):
        yield paint(line, "dim")


def _judgements(brief: Json, width: int, paint: Paint) -> Iterator[str]:
    if not brief["questions"]:
        return
    yield paint("Questions", "bold")
    answers = []
    for q in sorted(brief["questions"], key=lambda q: not q["headline"]):
        tail = ", ".join(t for t in (q["word"] or q["scale"], q["span"]) if t)
        if not q["note"] and q["meaning"]:
            tail = "; ".join(t for t in (tail, q["meaning"][:1].lower() + q["meaning"][1:]) if t)
        answers.append((words.heading(q["note"], q["name"]), q["shown"], tail))
    room = max(len(shown) for _, shown, _ in answers)
    for title, shown, tail in answers:
        first, *rest = _wrap(title, width - room - 4, "", "") or [""]
        yield f"  {shown:>{room}}  {first}"
        for line in rest:
            yield " " * (room + 4) + line
        for line in _wrap(tail, width, " " * (room + 4), " " * (room + 4)):
            yield paint(line, "dim")


def _equilibria(brief: Json, width: int, paint: Paint) -> Iterator[str]:
    """Where there are several, each with its headline answers."""
    several = brief["equilibria"]
    if len(several) < 2:
        return
    told = f"Equilibria: {words.several(len(several))}"
    first, *rest = _wrap(told, width, "", "  ")
    yield first.replace("Equilibria", paint("Equilibria", "bold"), 1)
    yield from rest
    heads = [q for q in brief["questions"] if q["headline"]] or brief["questions"]
    for one in several:
        shown = [(words.human(q["name"]), words.quantity(one["answers"].get(q["name"]), q["unit"])) for q in heads]
        yield from _wrap(one["origin"], width, "  ", "     ")
        for line in _wrap("; ".join(f"{name} {value}" for name, value in shown), width, "     ", "     "):
            yield paint(line, "dim")


def _curves(brief: Json, width: int, paint: Paint) -> Iterator[str]:
    forecast = brief["forecast"]
    heads = {q["name"] for q in brief["questions"] if q["headline"]} or {q["name"] for q in brief["questions"]}
    dates = forecast["dates"]
    curves = [c for c in forecast["curves"] if not c["variant"] and c["question"] in heads]
    if len(dates) < 3 or not curves:
        return
    count = min(DATES_SHOWN, len(dates), max(2, (width - TITLE_ROOM) // 9))
    picked = sorted({round(i * (len(dates) - 1) / (count - 1)) for i in range(count)})
    yield paint("By date", "bold")
    labels = [words.date_label(dates[i]) for i in picked]
    column = max(8, *(len(label) for label in labels))
    room = width - 2 - len(picked) * (column + 1)
    yield " " * (2 + room) + "".join(f" {label:>{column}}" for label in labels)
    notes = {q["name"]: q["note"] for q in brief["questions"]}
    for curve in curves:
        title = words.heading(notes.get(curve["question"], ""), curve["question"])
        first, *rest = _wrap(title, room, "", "") or [""]
        values = "".join(f" {words.percent(curve['probability'][i]):>{column}}" for i in picked)
        yield f"  {first:<{room}}{values}"
        for line in rest:
            yield f"  {line}"


def _claims(brief: Json, width: int, paint: Paint) -> Iterator[str]:
    claims = brief["claims"]
    if not claims:
        return
    yield f"{paint('Claims', 'bold')}: {words.counted([c['verdict'] for c in claims])}"
    for claim in sorted(claims, key=lambda c: list(STYLES).index(c["verdict"])):
        verdict = claim["verdict"]
        head = f"  {SIGNS[verdict]} {verdict:<10}"
        first, *rest = _wrap(f"“{claim['quote']}” ({claim['by']})", width, head, " " * len(head))
        yield first.replace(head, paint(head, STYLES[verdict]), 1)
        yield from rest
        for line in _told(claim, width, len(head)):
            yield paint(line, "dim")


def _told(claim: Json, width: int, indent: int) -> Iterator[str]:
    """How a claim was read and what the model gives: each number in words, or the reason where there is none."""
    hang = " " * indent
    if claim["note"]:
        yield from _wrap(f"read as: {claim['note']}", width, hang, hang)
    if claim["note"] or not claim["numbers"]:
        yield from _wrap(claim["why"], width, hang, hang)
        for row in claim["rows"][:ROWS_SHOWN]:
            yield from _wrap(words.row(row), width, hang, hang + "  ")
        if len(claim["rows"]) > ROWS_SHOWN:
            yield hang + f"and {words.plural(len(claim['rows']) - ROWS_SHOWN, 'row')} more"
        return
    for part in claim["numbers"]:
        yield from _wrap(f"{part['shown']}  {part['meaning']}", width, hang, hang + "  ")
    if claim["verdict"] == "undecided":
        yield from _wrap(words.capital(claim["reason"].rstrip(".")) + ".", width, hang, hang)


def _certificate(brief: Json, width: int, paint: Paint) -> Iterator[str]:
    c = brief["certificate"]
    missed = f"{c['missed']:,}" if c.get("missed") is not None else words.UNKNOWN
    cells = c.get("cells", brief["size"]["cells"])
    told = f"Certificate: {OF_CERTIFICATE[c.get('passes')]}; {cells:,} cells, {missed} beyond the tolerance"
    first, *rest = _wrap(told, width, "", "  ")
    yield first.replace("Certificate", paint("Certificate", "bold"), 1)
    yield from rest
    rows = (
        ("stage_residual", "largest fixed-point residual"),
        ("one_shot_gain", "most a type gains by one deviation"),
        ("full_gain", "most a type gains by another strategy"),
        ("ex_ante_gain", "the same before it knows its type"),
        ("logit_bound", f"what {_errors(brief)} account for"),
        ("grid_error", "how far the grid moves an answer"),
        ("mass_lost", "probability dropped"),
    )
    for key, meaning in rows:
        if c.get(key) is not None:
            yield from _wrap(meaning, width, f"  {key:<15} {words.small(c[key]):>8}  ", " " * 28)
    for warning in brief["warnings"]:
        yield from _wrap(warning, width, "  ! ", "    ")


def _errors(brief: Json) -> str:
    """The players' errors, with the precision (or the lowest and highest) at which they choose where it is known."""
    known = sorted(set(brief["stamp"]["settings"].get("precision", {}).values()))
    if not known:
        return "the players' errors"
    return f"errors at precision {' to '.join(words.number(v) for v in dict.fromkeys((known[0], known[-1])))}"
