"""The sentences of a brief: what its numbers say, worded once for the data, the page, the text and the terminal.

Likelihood and confidence are kept apart (ICD 203). `finish` puts every sentence into a brief whose numbers are known.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from winset.base import words
from winset.base.plain import plain, when
from winset.language.formula import Near, parse_formula
from winset.study.brief_data import Brief, CertificateData, ClaimData, QuestionData, Sentence
from winset.study.telling_apart import on_agreeing, on_standing

NARROW = 0.01
"""A range of a probability narrower than this is not told."""
MORE = "more"
"""What the sentence on claims that fail and are not quoted is about."""
MOST_FAILED = 4
"""Claims that fail and are quoted in the bottom line; more are counted."""
_SMALL = 0.005
"""Movement of a headline probability on another grid up to which it counts as settled."""

Data = Mapping[str, Any]


def finish(brief: Brief) -> Brief:
    """Puts the sentences into a brief whose numbers are known: titles, values as people read them, reasons, grounds
    of confidence, the bottom line."""
    for question in brief["questions"]:
        question["title"] = title(question)
        question["meaning"] = words.capital(plain(question["formula"]))
        question["standing"], question["stands"] = on_standing(question, brief)
        question["shown"] = shown(question)
        question["span"] = span(question)
        question["scale"] = scale(question, brief)
        question["confidence"] = on_question_confidence(question, brief)
    for claim in brief["claims"]:
        claim["gap"] = gap(claim)
        claim["confidence"] = on_claim_confidence(claim, brief)
    for agreement in (brief["figures"]["bargaining"] or {"agreements": []})["agreements"]:
        agreement["told"] = on_agreeing(agreement)
    grounds = [one["confidence"] for one in (*headlines(brief), *brief["claims"]) if one["confidence"]]
    brief["confidence"] = max(grounds, key=grounds.count) if grounds else ""
    brief["bottom_line"] = bottom_line(brief)
    return brief


def headlines(brief: Data) -> list[QuestionData]:
    """The headline questions; where none is marked, the first five."""
    return [q for q in brief["questions"] if q["headline"]] or brief["questions"][:5]


def bottom_line(brief: Brief) -> list[Sentence]:
    """One sentence for each headline question, one for the claims, which of them are the weakest, who gains from
    delay; then one for each claim that fails, facts last, and how many more there are."""
    out = [Sentence(text=on_question(q), confidence=q["confidence"], about=q["name"]) for q in headlines(brief)]
    if brief["claims"]:
        out.append(Sentence(text=on_claims(brief["claims"]), confidence="", about=""))
    if weak := on_weakest(brief):
        out.append(Sentence(text=weak, confidence="", about=""))
    if brief["delay"] is not None:
        out.append(Sentence(text=brief["delay"]["told"], confidence="", about=""))
    failed = sorted((c for c in brief["claims"] if c["verdict"] == "fails"), key=lambda c: c["kind"] == "fact")
    out += [Sentence(text=on_claim(c), confidence="", about=c["id"]) for c in failed[:MOST_FAILED]]
    if len(failed) > MOST_FAILED:
        left = len(failed) - MOST_FAILED
        more = f"And {left} more {words.forms('fails', left)}: see the claims."
        out.append(Sentence(text=more, confidence="", about=MORE))
    return out


def title(question: Data) -> str:
    """A question's note; without one, its name and the date that its formula asks about."""
    name: str = words.heading(question["note"], question["name"])
    return name if question["note"] else name + when(question["formula"])


def shown(question: Data) -> str:
    """A question's value as people read it: `46 %`, `3.4 points`, `1.103`, `yes`; `undecided` where it has none."""
    value, unit = question["value"], question["unit"]
    if value is None:
        return "undecided"
    if words.is_difference(dict(question)):
        return words.points(value)
    return words.quantity(value, unit) if isinstance(value, str | bool) else words.signed(words.quantity(value, unit))


def span(question: Data) -> str:
    """A question's range as people read it; empty where it is narrow or both ends print alike."""
    low, high = question["low"], question["high"]
    if words.is_difference(dict(question)) and low is not None and high is not None:
        first, last = words.points(low), words.points(high)
        return "" if first == last else f"{first.removesuffix(' points')} to {last}"
    if question["unit"] == "probability" and low is not None and high is not None and high - low < NARROW:
        return ""
    return words.signed(words.band(low, high, question["unit"]))


def scale(question: Data, brief: Data) -> str:
    """The ends of a number of the state whose expectation is asked: `on a scale from 0 to 2`; or ""."""
    found = re.match(r"E\((\w+) at [\w-]+\)$", question["formula"])
    for variable in brief["forecast"]["variables"] if found and question["value"] is not None else []:
        if found and variable["name"] == found[1] and variable["kind"] == "numbers":
            return f"on a scale from {variable['values'][0]} to {variable['values'][-1]}"
    return ""


def on_question(question: QuestionData) -> str:
    """`Deal by the end of December 2020: roughly even (46 %).`"""
    name, value = question["title"], question["value"]
    if value is None:
        return f"{name}: undecided, {question['undecided'].rstrip('.')}."
    if question["scale"]:
        return f"{name}: on average {words.figure(round(float(value), 2))} {question['scale']}."
    told = f"{question['word']} ({question['shown']})" if question["word"] else question["shown"]
    if question.get("stands") is not None and words.percent(question["stands"]) != question["shown"]:
        told += f"; still so at that date: {words.percent(question['stands'])}"
    return f"{name}: {told}."


def on_claims(claims: Sequence[ClaimData]) -> str:
    """`Of 19 claims, 11 hold, 4 fail, 4 are undecided at the central values.`"""
    parts = [f"{n} {words.forms(verdict, n)}" for verdict, n in words.tally([c["verdict"] for c in claims])]
    return f"Of {words.plural(len(claims), 'claim')}, {', '.join(parts)} at the central values."


def on_claim(claim: ClaimData) -> str:
    """`“…” fails. Read as: … The model gives 39 %.`"""
    said = f"“{claim['quote']}” {words.forms(claim['verdict'], 1)}."
    if claim["note"]:
        said += f" Read as: {claim['note'].rstrip('.')}."
    return f"{said} {claim['why']}"


def on_weakest(brief: Data) -> str:
    """Which three claims are the weakest, in a sentence; "" where there are fewer than two to tell apart."""
    quotes = {c["id"]: c["quote"] for c in brief["claims"]}
    weak = [f"“{quotes[w['claim']]}”" for w in brief["weakest"][:3]]
    return f"The weakest verdicts are those on {words.listing(weak)}." if len(brief["weakest"]) > 1 else ""


def came_out(claim: ClaimData, reason: str) -> str:
    """What the model gives for a claim, in one or two sentences; its reason alone where there are no numbers."""
    if not claim["numbers"]:
        return sentence(reason)
    told = f"The model gives {_values(claim)}."
    if claim["verdict"] == "undecided":
        told += f" {gap(claim) if within_error(claim) else sentence(reason)}"
    elif claim["effect"] and len({part["shown"] for part in claim["numbers"]}) < len(claim["numbers"]):
        told += f" {gap(claim)}"  # else 60 % would seem to be less than 60 %
    return told


def _values(claim: ClaimData) -> str:
    """The numbers of a claim with the variants they were read in, and with what they are where that differs."""
    groups: dict[str, list[str]] = {}
    for part in claim["numbers"]:
        groups.setdefault(plain(part["formula"]), []).append(part["shown"] + _where(part, claim))
    if len(groups) == 1 or any(not what or re.search(r"[(){}<>=]", what) for what in groups):
        return words.listing([value for values in groups.values() for value in values])
    said = [f"for {'' if what.startswith('how ') else 'the '}{what}: {words.listing(v)}" for what, v in groups.items()]
    return "; ".join(said)


def within_error(claim: Data) -> bool:
    """Whether the two sides of a claim differ by no more than numerical error, which then says why it is undecided."""
    known = claim["effect"] is not None and claim["margin"] is not None
    return known and abs(claim["effect"]) <= claim["margin"] and not is_near(claim)


def sentence(text: str) -> str:
    """A reason as a sentence of its own."""
    return f"{words.capital(text.rstrip('.'))}." if text else ""


def _where(part: Data, claim: Data) -> str:
    """The variant of a number, said where the claim compares variants."""
    if len({p["variant"] for p in claim["numbers"]}) < 2:
        return ""
    return f" in the variant “{words.human(part['variant'])}”" if part["variant"] else " in the base"


def part_words(formula: str, variant: str, value: float | None) -> tuple[str, str]:
    """What a leaf of a formula is, in words (the formula itself where it has none), and its value as people read it."""
    meaning = words.capital(plain(formula, variant)) or formula
    return meaning, words.fine(value) if words.is_chance(formula) else words.figure(value)


def gap(claim: Data) -> str:
    """By how much the two sides of a claim differ, and the numerical error beside it; "" where it is no comparison."""
    if claim["effect"] is None:
        return ""
    unit = unit_of_gap(claim)
    if is_near(claim):
        return f"The left side less the right side is {unit(claim['effect'])}; {unit(claim['margin'])} is allowed."
    error = unit(claim["margin"]) if claim["margin"] else ""
    error = f"; numerical error {'below ' if error.startswith('<') else 'up to '}{error.lstrip('<')}" if error else ""
    return f"The left side less the right side is {unit(claim['effect'])}{error}."


def unit_of_gap(claim: Data) -> Any:
    """How a difference of a claim's sides is written: in points where both are probabilities."""
    return words.points if all(words.is_chance(part["formula"]) for part in claim["numbers"]) else _figure


def is_near(claim: Data) -> bool:
    """Whether a claim is of the form `X within T of Y`, whose margin is the tolerance T."""
    return bool(claim["formula"]) and isinstance(parse_formula(claim["formula"]), Near)


def _figure(value: float) -> str:
    """A difference of numbers; what is no more than rounding is 0."""
    return words.figure(round(value, 10))


def on_question_confidence(question: QuestionData, brief: Data) -> str:
    """How well a question's number is computed, and what it rests on; never how likely anything is."""
    if question["value"] is None:
        return ""
    several = [v for e in brief["equilibria"] if isinstance(v := e["answers"].get(question["name"]), float)]
    said = over_equilibria(several, question["unit"])
    moved = question["grid_error"] if question["unit"] == "probability" else None
    measured = question["grid_error"] is not None
    return confidence(brief["certificate"], assumed(brief), moved=moved, measured=measured, equilibria=said)


def over_equilibria(several: Sequence[float], unit: str) -> str:
    """From where to where a figure goes in the equilibria found; "" where that makes no difference to it."""
    show = words.percent if unit == "probability" else words.number
    ends = {show(min(several)): None, show(max(several)): None} if several else {}
    return f"in {len(several)} equilibria it goes from {' to '.join(ends)}" if len(ends) > 1 else ""


def assumed(brief: Data) -> int:
    """How many values of a scenario are assumed or left open."""
    return sum(a["status"] in ("assumed", "open") for a in brief["assumptions"])


def on_claim_confidence(claim: ClaimData, brief: Data) -> str:
    """How well a claim's verdict is computed, and what it rests on; "" where no number was computed for it."""
    if not claim["numbers"]:
        return ""
    count, said = claim["equilibria"], ""
    if count > 1:
        differ = claim["verdict"] == "undecided" and not within_error(claim)
        said = f"{count} equilibria disagree" if differ else f"it is so in {count} equilibria"
    return confidence(brief["certificate"], assumed(brief), equilibria=said)


def confidence(
    certificate: CertificateData,
    assumptions: int,
    *,
    moved: float | None = None,
    measured: bool = True,
    equilibria: str = "",
) -> str:
    """The ground of confidence in one sentence: the computation, the equilibria, the values that are only assumed.

    Args:
        assumptions: how many values are assumed or left open.
        moved: how far a probability moved on another belief grid.
        measured: whether the numerical error is known.
        equilibria: what several equilibria do to it; "".
    """
    if certificate.get("passes") is False or (certificate.get("missed") or 0) > 0:
        level = "The computation is in doubt; see the certificate"
    elif moved is not None and moved > _SMALL:
        level = f"The figure moves by {words.points(moved)} on another belief grid"
    else:
        level = "The computation is sound" if measured else "The grid error was not measured"
    rests = f"the numbers rest on {words.plural(assumptions, 'assumed value')}" if assumptions else ""
    return "; ".join(part for part in (level, equilibria, rests) if part) + "."
