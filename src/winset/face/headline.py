"""The sentences at the top of a brief, as the terminal and the page print them: what an analyst would quote."""

from __future__ import annotations

import re
from typing import Any

from winset.face import words
from winset.face.plain import plain, when

Json = dict[str, Any]

NARROW = 0.01  # a range of a probability narrower than this is not told
SIGNS = {"holds": "✓", "fails": "✗", "undecided": "?"}


def bottom_line(brief: Json) -> list[Json]:
    """The bottom line: for each sentence `text`, `about` and `confidence`.

    A sentence about a question says its date; any other is the brief's own. After them comes one for each claim that
    fails: how it was read and what came out.
    """
    questions = {q["name"]: q for q in brief["questions"]}
    claims = {c["id"]: c for c in brief["claims"]}
    lines = []
    for line in brief["bottom_line"]:
        about, text = line["about"], line["text"]
        if about in questions and not questions[about]["undecided"]:
            text = on_question(questions[about], brief)
        elif about in claims:
            continue
        lines.append({"text": text, "about": about, "confidence": line["confidence"]})
    failed = (c for c in brief["claims"] if c["verdict"] == "fails")
    return [*lines, *({"text": on_claim(c), "about": c["id"], "confidence": ""} for c in failed)]


def confidence(brief: Json) -> list[str]:
    """The grounds of confidence: one where every figure shares it, else none (each then stands with its figure)."""
    told = list(dict.fromkeys(line["confidence"] for line in brief["bottom_line"] if line["confidence"]))
    return told if len(told) == 1 else []


def title(question: Json) -> str:
    """A question's note; without one, its name and the date that its formula asks about."""
    name: str = words.heading(question["note"], question["name"])
    return name if question["note"] else name + when(question["formula"])


def shown(question: Json) -> str:
    """A question's value as people read it: `46 %`, `3.4 points`, `1.103`."""
    if words.is_difference(question):
        return words.points(question["value"])
    value, unit = question["value"], question["unit"]
    return words.quantity(value, unit) if isinstance(value, str | bool) else words.signed(words.quantity(value, unit))


def band(question: Json) -> str:
    """A question's range as people read it; empty where it is narrow or both ends print alike."""
    if words.is_difference(question) and question["low"] is not None and question["high"] is not None:
        low, high = words.points(question["low"]), words.points(question["high"])
        return "" if low == high else f"{low.removesuffix(' points')} to {high}"
    low, high = question["low"], question["high"]
    if question["unit"] == "probability" and low is not None and high is not None and high - low < NARROW:
        return ""
    return words.signed(words.band(low, high, question["unit"]))


def on_question(question: Json, brief: Json) -> str:
    """`Deal by the end of December 2020: roughly even (46 %).`"""
    value = shown(question)
    if ends := scale(question, brief):
        return f"{title(question)}: on average {words.figure(round(question['value'], 2))} {ends}."
    told = f"{question['word']} ({value})" if question["word"] else value
    return f"{title(question)}: {told}."


def scale(question: Json, brief: Json) -> str:
    """The ends of a number of the state whose expectation is asked: `on a scale from 0 to 2`; or ""."""
    found = re.match(r"E\((\w+) at [\w-]+\)$", question["formula"])
    for variable in brief["forecast"]["variables"] if found and question["value"] is not None else []:
        if found and variable["name"] == found[1] and variable["kind"] == "numbers":
            return f"on a scale from {variable['values'][0]} to {variable['values'][-1]}"
    return ""


def on_claim(claim: Json) -> str:
    """`“…” fails. Read as: … The model gives 39 %.`"""
    said = f"“{claim['quote']}” {forms(claim['verdict'], 1)}."
    if claim["note"]:
        said += f" Read as: {claim['note'].rstrip('.')}."
    return f"{said} {came_out(claim)}"


def forms(verdict: str, count: int) -> str:
    """A verdict as a verb for that many claims: `holds`, `hold`, `undecided`."""
    verbs = {"holds": "hold", "fails": "fail"}
    if verdict == "undecided":
        return "is undecided" if count == 1 else "are undecided"
    return verdict if count == 1 else verbs[verdict]


def came_out(claim: Json) -> str:
    """What the model gives for a claim, in one sentence; its own reason where there are no numbers."""
    if not claim["numbers"] or (claim["verdict"] == "undecided" and claim["effect"] is None):
        return f"{words.capital(claim['why'].rstrip('.'))}."
    values = [part_value(part) + _where(part, claim) for part in claim["numbers"]]
    told = f"The model gives {words.listing(values)}."
    if claim["verdict"] == "undecided":
        told += f" {because(claim)}"
    return told


def because(claim: Json) -> str:
    """Why a claim with numbers is undecided: its sides are too close, or the reason that it gives itself."""
    return gap(claim) if within_error(claim) else f"{words.capital(claim['why'].rstrip('.'))}."


def within_error(claim: Json) -> bool:
    """Whether the two sides of a claim differ by no more than numerical error, which then says why it is undecided."""
    return claim["effect"] is not None and claim["margin"] is not None and abs(claim["effect"]) <= claim["margin"]


def _where(part: Json, claim: Json) -> str:
    """The variant of a number, said where the claim compares variants."""
    variants = {p["variant"] for p in claim["numbers"]}
    if len(variants) < 2:
        return ""
    return f" in the variant “{words.human(part['variant'])}”" if part["variant"] else " in the base"


def part_value(part: Json) -> str:
    """A number of a claim: probabilities as such, others with their sign."""
    if words.is_chance(part["formula"]):
        return words.fine(part["value"])
    return words.figure(part["value"])


def gap(claim: Json) -> str:
    """By how much the two sides of a claim differ, and the numerical error beside it; "" where it is no comparison."""
    if claim["effect"] is None:
        return ""
    chances = all(words.is_chance(part["formula"]) for part in claim["numbers"])
    unit = words.points if chances else _figure
    error = unit(claim["margin"]) if claim["margin"] else ""
    error = f"; numerical error {'below ' if error.startswith('<') else 'up to '}{error.lstrip('<')}" if error else ""
    return f"The left side less the right side is {unit(claim['effect'])}{error}."


def _figure(value: float) -> str:
    """A difference of numbers; what is no more than rounding is 0."""
    return words.figure(round(value, 10))


def meaning(part: Json) -> str:
    """A number of a claim in words; its formula where it has none."""
    return words.capital(plain(part["formula"], part["variant"])) or part["formula"]


def tally(brief: Json) -> list[tuple[str, int]]:
    """How many claims hold, fail and are undecided, in that order."""
    return [(v, sum(c["verdict"] == v for c in brief["claims"])) for v in SIGNS]
